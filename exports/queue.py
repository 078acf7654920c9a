"""Exports for a web server: checked here, drawn by one worker process behind a bounded queue, kept on disk by hash."""

import hashlib
import os
import stat
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.desk import Desk
from components.exporting import NOT_HERE, Answer, refusal
from pipelines.errors import DataError

ROOM = 200_000_000
"""Bytes of pictures kept on disk; the oldest go first."""
CODE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Home:
    """Where the worker that makes packs finds the data: the store, kept forecasts, the archive of forecasts."""

    store: str
    forecasts: str
    archive: str


class PictureQueue:
    """Answers for views, pages and packs; several web processes share its workers and one folder of kept files.

    Without a `home` there are no pages and packs.
    """

    def __init__(self, folder: Path, home: Home | None = None) -> None:
        self._folder = folder
        self._home = home

    def answer(self, desk: Desk, view_id: str, fmt: str, raw: Mapping[str, str]) -> Answer:
        """Return a view as a file, or why there is none."""
        from exports import serving  # noqa: PLC0415 - a server that never exports need not load what draws

        return serving.answer(desk, view_id, fmt, raw, self._folder)

    def page(self, desk: Desk, slug: str, fmt: str, raw: Mapping[str, str]) -> Answer:
        """Return a page under its parameters as one file made like a report."""
        asked = {name: entry for name, entry in raw.items() if name not in ("mark", "theme")}
        return self._pack(desk, {"fmt": fmt, "page": slug, "views": [], "raw": asked})

    def pack(self, desk: Desk, views: Sequence[str], fmt: str, raw: Mapping[str, str]) -> Answer:
        """Return views, each with its parameters, in their order as one file."""
        from exports import packing  # noqa: PLC0415 - as above

        return self._pack(desk, {"fmt": fmt, "page": "", "views": packing.read_views(views), "raw": raw})

    def _pack(self, desk: Desk, plain: Mapping[str, Any]) -> Answer:
        from exports import packing  # noqa: PLC0415 - as above

        if self._home is None:
            return refusal(503, NOT_HERE)
        return packing.answer(packing.read_order(plain), desk, self._home, self._folder)

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
