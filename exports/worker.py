"""The process that draws for a web server: one browser behind a bounded queue; it ends when its last client does."""

import contextlib
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Any

import orjson

from exports.files.record import embed
from exports.pictures.errand import LIMIT, START
from exports.pictures.exhibits import Line, Sheet
from exports.pictures.render import Engine
from pipelines.errors import DataError

WAITING = 4
"""So many pictures may wait; more are told to come again."""
IDLE = 120.0
"""Seconds without work after which the browser is closed."""
GRACE = 3.0
"""Seconds without a client after which the worker ends."""


@dataclass(frozen=True)
class Job:
    """One file asked for: when it is no longer wanted, and where its answer goes."""

    order: Mapping[str, Any]
    until: float
    answer: "queue.Queue[tuple[int, bytes]]" = field(default_factory=lambda: queue.Queue(1))


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
        from exports.papers import packing  # noqa: PLC0415 - who draws single pictures need not load what packs need

        return packing.fulfil(order["pack"], engine)
    asked = order["picture"]
    return embed(engine.image(read_sheet(asked["sheet"]), asked["fmt"]), asked["fmt"], asked["record"])


if __name__ == "__main__":
    os.umask(0o077)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    Worker(Path(sys.argv[1])).run()
