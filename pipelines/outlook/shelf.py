"""Results kept in memory and on disk under a key of data and parameters; a broken shelf is never an error."""

import fcntl
import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

Payload = dict[str, Any]
Result = TypeVar("Result")
KEPT_IN_MEMORY = 256
KEPT_ON_DISK = 2_000


@dataclass(frozen=True)
class Codec(Generic[Result]):
    """How a result becomes plain JSON and how it is made of it again, to the last digit."""

    write: Callable[[Result], Payload]
    read: Callable[[Payload], Result]


class Shelf:
    """Keeps payloads by key: the newest in memory, all of them in `folder` when there is one.

    Whatever goes wrong on disk (no folder, no right to write, a damaged file) only means that a result is computed.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._memory: dict[str, Payload] = {}
        self._lock = threading.Lock()
        self._turns: dict[str, tuple[threading.Lock, int]] = {}

    def recall(self, key: str, compute: Callable[[], Result], codec: Codec[Result]) -> Result:
        """Return what is kept under the key, or compute and keep it; both ways give the same result.

        Whoever asks for the same key meanwhile, in this process or in another one on the same folder, waits for that
        one computation; other keys do not wait.
        """
        kept = self._find(key, codec)
        if kept is not None:
            return kept
        with self._alone(key):
            kept = self._find(key, codec)
            if kept is not None:
                return kept
            payload = codec.write(compute())
            self._remember(key, payload)
            self._write(key, payload)
            return codec.read(payload)

    def _find(self, key: str, codec: Codec[Result]) -> Result | None:
        payload = self._memory.get(key) or self._read(key)
        if payload is None:
            return None
        try:
            result = codec.read(payload)
        except (KeyError, TypeError, ValueError, IndexError):
            return None
        self._remember(key, payload)
        return result

    @contextmanager
    def _alone(self, key: str) -> Iterator[None]:
        """Let one thread at a time pass with this key, and one process where there is a folder to agree in."""
        with self._lock:
            turn, waiting = self._turns.get(key, (threading.Lock(), 0))
            self._turns[key] = (turn, waiting + 1)
        try:
            with turn, self._alone_in_folder(key):
                yield
        finally:
            with self._lock:
                turn, waiting = self._turns.pop(key)
                if waiting > 1:
                    self._turns[key] = (turn, waiting - 1)

    @contextmanager
    def _alone_in_folder(self, key: str) -> Iterator[None]:
        try:
            if self.folder is None:
                raise OSError
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.folder / f".turn-{key}"
            file = path.open("w")
        except OSError:
            yield
            return
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                path.unlink(missing_ok=True)

    def _remember(self, key: str, payload: Payload) -> None:
        with self._lock:
            self._memory.pop(key, None)
            self._memory[key] = payload
            while len(self._memory) > KEPT_IN_MEMORY:
                self._memory.pop(next(iter(self._memory)))

    def _read(self, key: str) -> Payload | None:
        if self.folder is None:
            return None
        try:
            digest, _, text = (self.folder / f"{key}.json").read_text(encoding="ascii").partition("\n")
        except (OSError, ValueError):
            return None
        return dict(json.loads(text)) if digest == _sha256(text) else None

    def _write(self, key: str, payload: Payload) -> None:
        if self.folder is None:
            return
        text = json.dumps(payload, sort_keys=True)
        temporary = self.folder / f".tmp-{key}-{os.getpid()}-{threading.get_ident()}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            temporary.write_text(f"{_sha256(text)}\n{text}", encoding="ascii")
            temporary.replace(self.folder / f"{key}.json")
            self._forget_oldest()
        except OSError:
            return

    def _forget_oldest(self) -> None:
        assert self.folder is not None  # noqa: S101 - only called after a write
        files = sorted(self.folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for path in files[:-KEPT_ON_DISK]:
            path.unlink(missing_ok=True)


SHELF = Shelf()
"""The shelf of this process; the doors give it a folder with `keep_in`."""


def keep_in(folder: Path) -> None:
    """Let the shelf of this process keep its results in a folder, which need not exist yet."""
    SHELF.folder = folder


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()
