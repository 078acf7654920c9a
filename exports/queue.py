"""Exports for a web server: checked here, drawn by one worker process behind a bounded queue, kept on disk by hash."""

import hashlib
import os
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from components.desk import Desk
from components.exporting import Answer
from pipelines.errors import DataError

ROOM = 200_000_000
"""Bytes of pictures kept on disk; the oldest go first."""
CODE = Path(__file__).resolve().parent


class PictureQueue:
    """Answers for single views; several web processes share one worker and one folder of kept pictures."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def answer(self, desk: Desk, view_id: str, fmt: str, raw: Mapping[str, str]) -> Answer:
        """Return a view as a file, or why there is none."""
        from exports import serving  # noqa: PLC0415 - a server that never exports need not load what draws

        return serving.answer(desk, view_id, fmt, raw, self._folder)

    def problem(self) -> str:
        """Return one sentence when this server cannot draw pictures, else nothing."""
        from exports.browser import NoBrowser, find_browser  # noqa: PLC0415 - as above

        try:
            find_browser()
        except NoBrowser as error:
            return str(error)
        return ""


def working_folder(owner: str) -> Path:
    """Return the folder of the worker's socket and the kept pictures, for this user, store and version of the code.

    It lies among the temporary files, for the path of a socket must be short. One that is not ours is refused.
    """
    newest = max(path.stat().st_mtime_ns for path in CODE.iterdir() if path.suffix in (".py", ".js"))
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
