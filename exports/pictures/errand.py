"""Asks the process that draws for a web server, and starts it when there is none."""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from multiprocessing.connection import Client, Connection
from pathlib import Path
from typing import Any

import orjson
from filelock import FileLock, Timeout

from exports.pictures.exhibits import Framed

LIMIT = 25.0
"""Seconds a reader waits for a picture."""
START = 30.0
"""Seconds a worker may take to start, and waits for its first client."""
ROOT = Path(__file__).resolve().parents[2]
HELD: dict[Path, Connection] = {}
"""Connections this process holds to its workers for as long as it lives."""


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
