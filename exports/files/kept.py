"""The folder where drawn files are kept by hash, and where those who draw find the data."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import DataError

ROOM = 200_000_000
"""Bytes of pictures kept on disk; the oldest go first."""
CODE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Home:
    """Where the worker that makes packs finds the data: the store, kept forecasts, the archive of forecasts."""

    store: str
    forecasts: str
    archive: str


def working_folder(owner: str) -> Path:
    """Return the folder of the worker's socket and the kept pictures, for this user, store and version of the code.

    It lies among the temporary files, for the path of a socket must be short. One that is not ours is refused.
    """
    newest = max(path.stat().st_mtime_ns for path in CODE.rglob("*") if path.suffix in (".py", ".js"))
    key = hashlib.sha256(f"{owner}|{newest}|{os.getuid()}".encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"bilateral-{key}"
    folder.mkdir(mode=0o700, exist_ok=True)
    state = folder.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.getuid() or state.st_mode & 0o077:
        raise DataError(f"{folder} belongs to somebody else; remove it, or set TMPDIR to a folder of your own.")
    return folder


def keep(folder: Path, name: str, body: bytes) -> None:
    """Keep a picture under its hash; the oldest give way when there is no room."""
    handle, temporary = tempfile.mkstemp(prefix=".tmp-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        Path(temporary).replace(folder / name)
    finally:
        Path(temporary).unlink(missing_ok=True)
    _make_room(folder)


def kept(folder: Path, name: str) -> bytes | None:
    """Return a kept picture, or None; it counts as new again."""
    path = folder / name
    try:
        body = path.read_bytes()
        os.utime(path)
    except FileNotFoundError:
        return None
    return body


def _make_room(folder: Path) -> None:
    files = [(path.stat(), path) for path in folder.glob("*.*") if not path.name.startswith(".tmp-")]
    taken = sum(state.st_size for state, _ in files)
    for state, path in sorted(files, key=lambda entry: entry[0].st_mtime_ns):
        if taken <= ROOM:
            return
        path.unlink(missing_ok=True)
        taken -= state.st_size
