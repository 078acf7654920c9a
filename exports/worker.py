"""The process that draws for a web server: one browser behind a bounded queue; it ends when its last client does."""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any

import orjson
from filelock import FileLock, Timeout

from exports.exhibits import Framed, Line, Sheet
from exports.record import embed
from exports.render import Engine
from pipelines.errors import DataError

WAITING = 4
"""So many pictures may wait; more are told to come again."""
LIMIT = 25.0
"""Seconds a reader waits for a picture."""
IDLE = 120.0
"""Seconds without work after which the browser is closed."""
GRACE = 3.0
"""Seconds without a client after which the worker ends."""
START = 30.0
ROOT = Path(__file__).resolve().parents[1]
HELD: dict[Path, Connection] = {}
"""Connections this process holds to its workers for as long as it lives."""


@dataclass(frozen=True)
class Job:
    """One file asked for: when it is no longer wanted, and where its answer goes."""

    order: Mapping[str, Any]
    until: float
    answer: "queue.Queue[tuple[int, bytes]]" = field(default_factory=lambda: queue.Queue(1))


def ask(folder: Path, framed: Framed, fmt: str) -> tuple[int, bytes]:
    """Return status and body of a picture from the worker of a folder, which is started when there is none."""
    sheet = {"sheet": asdict(framed.sheet), "fmt": fmt, "record": framed.record}
    return send(folder, {"name": framed.request.view_id, "limit": LIMIT, "picture": sheet})


def send(folder: Path, order: Mapping[str, Any]) -> tuple[int, bytes]:
    """Return status and body of what is ordered: its `name`, its time `limit`, and a `picture` or a `pack`."""
    message = orjson.dumps(order, option=orjson.OPT_SERIALIZE_NUMPY)
    for _ in range(2):
        try:
            with _connect(folder) as connection:
                connection.send_bytes(message)
                status = int(connection.recv_bytes())
                return status, connection.recv_bytes()
        except (EOFError, OSError):
            HELD.pop(folder, None)
    return 503, b"The worker that draws pictures ended while it was asked; try again."


def _connect(folder: Path) -> Connection:
    address = str(folder / "socket")
    try:
        connection = Client(address, "AF_UNIX")
    except OSError:
        start(folder)
        connection = Client(address, "AF_UNIX")
    if folder not in HELD:
        HELD[folder] = Client(address, "AF_UNIX")
    return connection


def start(folder: Path) -> None:
    """Start the worker of a folder, unless another process does or did."""
    address = folder / "socket"
    try:
        with FileLock(folder / ".lock", timeout=START):
            with contextlib.suppress(OSError):
                Client(str(address), "AF_UNIX").close()
                return
            address.unlink(missing_ok=True)
            command = [sys.executable, "-m", "exports.worker", str(address)]
            quiet = subprocess.DEVNULL
            process = subprocess.Popen(command, cwd=ROOT, stdin=quiet, stdout=quiet, start_new_session=True)  # noqa: S603
            threading.Thread(target=process.wait, name="reap", daemon=True).start()
            _await(address, process)
    except Timeout:
        raise OSError("another process did not start the worker in time") from None


def _await(address: Path, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            Client(str(address), "AF_UNIX").close()
            return
        time.sleep(0.05)
    raise OSError("the worker did not start")


class Worker:
    """Listens on a socket, queues what comes, and draws one picture after the other."""

    def __init__(self, address: Path) -> None:
        self._listener = Listener(str(address), "AF_UNIX", backlog=64)
        self._jobs: queue.Queue[Job] = queue.Queue(WAITING)
        self._clients = 0
        self._count = threading.Lock()
        self._alone_since = time.monotonic() + START

    def run(self) -> None:
        """Draw until no client is left."""
        threading.Thread(target=self._accept, daemon=True).start()
        with Engine(limit=LIMIT) as engine:
            busy = time.monotonic()
            while self._clients or time.monotonic() - self._alone_since < GRACE:
                try:
                    job = self._jobs.get(timeout=0.5)
                except queue.Empty:
                    if time.monotonic() - busy > IDLE:
                        engine.close()
                    continue
                if time.monotonic() < job.until:
                    job.answer.put(draw(engine, job))
                busy = time.monotonic()

    def _accept(self) -> None:
        while True:
            connection = self._listener.accept()
            with self._count:
                self._clients += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: Connection) -> None:
        try:
            with connection, contextlib.suppress(EOFError, OSError):
                while True:
                    status, body = self._answer(connection.recv_bytes())
                    connection.send_bytes(str(status).encode())
                    connection.send_bytes(body)
        finally:
            with self._count:
                self._clients -= 1
                self._alone_since = time.monotonic()

    def _answer(self, message: bytes) -> tuple[int, bytes]:
        order = orjson.loads(message)
        limit = float(order["limit"])
        job = Job(order, time.monotonic() + limit)
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            return 429, f"{WAITING} files are waiting already; try again in a moment.".encode()
        try:
            return job.answer.get(timeout=limit)
        except queue.Empty:
            return 503, f"{order['name']} was not made within {limit:g} seconds; try again.".encode()


def read_sheet(parts: Mapping[str, Any]) -> Sheet:
    """Return a sheet as it was before it became JSON."""
    lines = tuple(Line(**line) for line in parts["lines"])
    return Sheet(**{**parts, "lines": lines, "shown": tuple(parts["shown"])})


def draw(engine: Engine, job: Job) -> tuple[int, bytes]:
    """Return the checked picture with its record, or the pack; or why there is none."""
    try:
        return 200, _made(engine, job.order)
    except DataError as error:
        return 503, str(error).encode()
    except Exception as error:
        return 500, f"{job.order['name']} could not be made: {type(error).__name__}: {error}".encode()


def _made(engine: Engine, order: Mapping[str, Any]) -> bytes:
    if "pack" in order:
        from exports import packing  # noqa: PLC0415 - who draws single pictures need not load what packs need

        return packing.fulfil(order["pack"], engine)
    asked = order["picture"]
    return embed(engine.image(read_sheet(asked["sheet"]), asked["fmt"]), asked["fmt"], asked["record"])


if __name__ == "__main__":
    os.umask(0o077)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    Worker(Path(sys.argv[1])).run()
