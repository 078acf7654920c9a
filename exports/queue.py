"""Exports for a web server: checked here, drawn by one worker process behind a bounded queue, kept on disk by hash."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from components.desk import Desk
from components.exporting import NOT_HERE, Answer, refusal
from exports.files.kept import Home


class PictureQueue:
    """Answers for views, pages and packs; several web processes share its workers and one folder of kept files.

    Without a `home` there are no pages and packs.
    """

    def __init__(self, folder: Path, home: Home | None = None) -> None:
        self._folder = folder
        self._home = home

    def answer(self, desk: Desk, view_id: str, fmt: str, raw: Mapping[str, str]) -> Answer:
        """Return a view as a file, or why there is none."""
        from exports.pictures import serving  # noqa: PLC0415 - a server that never exports need not load what draws

        return serving.answer(desk, view_id, fmt, raw, self._folder)

    def page(self, desk: Desk, slug: str, fmt: str, raw: Mapping[str, str]) -> Answer:
        """Return a page under its parameters as one file made like a report."""
        asked = {name: entry for name, entry in raw.items() if name not in ("mark", "theme")}
        return self._pack(desk, {"fmt": fmt, "page": slug, "views": [], "raw": asked})

    def pack(self, desk: Desk, views: Sequence[str], fmt: str, raw: Mapping[str, str]) -> Answer:
        """Return views, each with its parameters, in their order as one file."""
        from exports.papers import packing  # noqa: PLC0415 - as above

        return self._pack(desk, {"fmt": fmt, "page": "", "views": packing.read_views(views), "raw": raw})

    def _pack(self, desk: Desk, plain: Mapping[str, Any]) -> Answer:
        from exports.papers import packing  # noqa: PLC0415 - as above

        if self._home is None:
            return refusal(503, NOT_HERE)
        return packing.answer(packing.read_order(plain), desk, self._home, self._folder)

    def problem(self) -> str:
        """Return one sentence when this server cannot draw pictures, else nothing."""
        from exports.pictures.browser import NoBrowser, find_browser  # noqa: PLC0415 - as above

        try:
            find_browser()
        except NoBrowser as error:
            return str(error)
        return ""
