"""Turns sheets into PNG, SVG and PDF with one engine that stays open: its page is not loaded anew for each figure."""

import base64
import re
import threading
from dataclasses import asdict
from types import TracebackType
from typing import Any, Self, get_args

from exports.pictures import fonts
from exports.pictures.browser import BrowserGone, NoBrowser, OpenBrowser, find_browser
from exports.pictures.exhibits import Figure, Framed, Sheet, dress
from exports.pictures.proof import Drawn, Format, inspect_picture
from pipelines.errors import DataError

__all__ = ["FORMATS", "Drawn", "Engine", "Format", "NoBrowser", "RenderFailed"]

FORMATS: tuple[Format, ...] = get_args(Format)
TIME_LIMIT = 30.0
_PDF_DATE = re.compile(rb"(/(?:Creation|Mod)Date \(D:)\d{14}")
_NO_DAY = b"19800101000000"


class RenderFailed(DataError):  # noqa: N818 - said as it happened
    """A picture could not be drawn; the message names it."""


class Engine:
    """One open browser with one page: `with Engine() as engine: engine.image(framed, "png")`.

    The browser starts with the first picture. When it dies it is started once more for the picture at hand; when it
    dies again, that picture fails by name and the next one gets a new browser.
    """

    def __init__(self, *, limit: float = TIME_LIMIT) -> None:
        self._limit = limit
        self._browser: OpenBrowser | None = None
        self._one_at_a_time = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the browser and all it started."""
        browser, self._browser = self._browser, None
        if browser is not None:
            browser.close()

    @property
    def browser_pid(self) -> int | None:
        """The process of the open browser, or None."""
        return self._browser.pid if self._browser else None

    def image(
        self,
        what: Framed | Sheet | Figure,
        fmt: Format = "png",
        *,
        width: int = 960,
        height: int = 540,
        scale: float = 2.0,
    ) -> bytes:
        """Return the checked picture of a framed exhibit, a sheet, or a bare figure; the options are for the latter.

        Raises `NoBrowser`, or `RenderFailed` with the name of the view and what is wrong with its picture.
        """
        sheet = sheet_of(what, width, height, scale)
        drawn = self.draw(sheet, fmt)
        problems = inspect_picture(drawn, sheet)
        if problems:
            raise RenderFailed(f"{sheet.name}: the {fmt.upper()} is not right: {'; '.join(problems)}.")
        return drawn.body

    def draw(self, sheet: Sheet, fmt: Format) -> Drawn:
        """Return the picture of a sheet with the number of traces drawn, not yet checked."""
        if fmt not in FORMATS:
            raise RenderFailed(f"{sheet.name}: there is no format {fmt!r}; choose one of {', '.join(FORMATS)}.")
        fonts.check_glyphs([*fonts.texts_of(sheet.figure), *(line.text for line in sheet.lines)])
        with self._one_at_a_time:
            answer = self._answer(sheet, fmt)
        if "error" in answer:
            raise RenderFailed(f"{sheet.name} could not be drawn: {answer['error']}")
        body = answer["body"].encode() if fmt == "svg" else base64.b64decode(answer["body"])
        return Drawn(undated(body) if fmt == "pdf" else body, fmt, int(answer["traces"]))

    def _answer(self, sheet: Sheet, fmt: Format) -> dict[str, Any]:
        order = order_of(sheet, fmt)
        try:
            return self._ask(order)
        except BrowserGone:
            self.close()
        try:
            return self._ask(order)
        except BrowserGone as error:
            self.close()
            raise RenderFailed(f"{sheet.name}: the browser {error}, and once more after a new start.") from error

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        if self._browser is None:
            self._browser = OpenBrowser(find_browser(), self._limit)
        return self._browser.draw(order)


def sheet_of(what: Framed | Sheet | Figure, width: int, height: int, scale: float) -> Sheet:
    """Return the sheet of whatever can be drawn; a bare figure gets one of its own size without words around it."""
    if isinstance(what, Framed):
        return what.sheet
    if isinstance(what, Sheet):
        return what
    return Sheet("figure", "", dress(what, width, height, width), width, height, shown=(width, height), png_scale=scale)


def undated(body: bytes) -> bytes:
    """Return a PDF with its dates of making set to one day, in place, so that the same figure gives the same bytes."""
    return _PDF_DATE.sub(lambda found: found.group(1) + _NO_DAY, body)


def order_of(sheet: Sheet, fmt: Format) -> dict[str, Any]:
    """Return what the page is told to draw."""
    return {
        "format": fmt,
        "title": sheet.title,
        "figure": sheet.figure,
        "width": sheet.width,
        "height": sheet.height,
        "shown_width": sheet.shown[0],
        "shown_height": sheet.shown[1],
        "pixel_width": sheet.pixels[0],
        "pixel_height": sheet.pixels[1],
        "left": sheet.left,
        "top": sheet.top,
        "plot_width": sheet.plot_width,
        "plot_height": sheet.plot_height,
        "font": fonts.STACK,
        "lines": [asdict(line) for line in sheet.lines],
    }
