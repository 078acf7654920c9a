"""A framed exhibit: the figure of the screen on a sheet of a named size, with the words that make it stand alone."""

import json
import platform
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.metadata import version
from typing import Any

import pandas as pd

from components import labels, theme
from components.desk import GLOBAL_NAMES, LOG, Desk, as_known, parameter_names
from components.views import WIDE, Exhibit, Page, View, figure_hash, narrowed, select
from exports.pictures import fonts
from pipelines.errors import DataError, nearest
from pipelines.tables import AsKnown, Tables
from pipelines.wording import MONEY

PAD = 24
GAP = 10
NARROW = 640
VALUE_COLUMNS = ("observation_id", "label", "time_period", "obs_value", "unit_measure", "bound", "source_id")
Figure = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """A named size: `width` in pixels, `height` fixed or as tall as the figure needs, `scale` of its PNG.

    A figure taller than `height` or `tallest` is drawn on a larger sheet of the same shape and made smaller, at most
    `shrink` times; beyond that its words could not be read and the size is refused.
    """

    name: str
    width: int
    height: int | None
    scale: float
    tallest: int = 100_000
    shrink: float = 2.5


SIZES: Mapping[str, Size] = {
    size.name: size
    for size in (
        Size("screen", 960, None, 2),
        Size("slide", 1280, 720, 1.5),
        Size("column", 520, None, 2.5, tallest=1200),
        Size("page", 760, None, 2.5, tallest=1075),
        Size("social", 1200, 675, 4 / 3),
    )
}


@dataclass(frozen=True)
class Line:
    """One line of words on the sheet: its baseline, size, weight and colour."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    bold: bool = False


@dataclass(frozen=True)
class Request:
    """What was asked for: the view, its checked parameters, the state of knowledge, the size."""

    view_id: str
    parameters: Mapping[str, str]
    as_known: AsKnown
    size: str


@dataclass(frozen=True)
class Sheet:
    """All the engine needs to draw a picture: the figure, where it stands, and the lines around it.

    `shown` is how wide and tall it is shown: a sheet that had to be larger than its named size is made smaller again;
    `png_scale` is the pixels of a PNG for each pixel shown.
    """

    name: str
    title: str
    figure: Figure
    width: int
    height: int
    top: int = 0
    left: int = 0
    shown: tuple[float, float] = (0, 0)
    png_scale: float = 2.0
    lines: tuple[Line, ...] = ()

    @property
    def plot_width(self) -> int:
        """Width of the figure on the sheet."""
        return int(self.figure["layout"]["width"])

    @property
    def plot_height(self) -> int:
        """Height of the figure on the sheet."""
        return int(self.figure["layout"]["height"])

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of a PNG."""
        return round(self.shown[0] * self.png_scale), round(self.shown[1] * self.png_scale)


@dataclass(frozen=True)
class Framed:
    """An exhibit on its sheet; `record` is what its file carries, `figure_hash` equals that of the screen."""

    request: Request
    exhibit: Exhibit
    sheet: Sheet
    figure_hash: str
    record: Mapping[str, Any] = field(repr=False)

    @property
    def figure(self) -> Figure:
        """The very figure of the screen in its light dress, without the lines around it."""
        return self.sheet.figure

    @property
    def width(self) -> int:
        """Width of the sheet in pixels, before the scale of a PNG."""
        return self.sheet.width

    @property
    def height(self) -> int:
        """Height of the sheet in pixels, before the scale of a PNG."""
        return self.sheet.height


def frame_exhibit(desk: Desk, view_id: str, raw: Mapping[str, str], size: str = "screen") -> Framed:
    """Build a view under the parameters of a URL and put it on a sheet of a named size.

    Refuses, all at once, an unknown size, parameter or value; and a view with nothing to draw, with the reason.
    """
    request = check_request(desk, view_id, raw, size)
    exhibit = _build(desk, request.view_id, raw)
    if exhibit.empty:
        raise DataError(f"{request.view_id} has nothing to draw: {exhibit.empty}")
    tables = desk.tables(raw)
    sheet = lay_out(exhibit, desk.view(request.view_id), tables, SIZES[size])
    screen, drawn = figure_hash(exhibit.figure), figure_hash(sheet.figure)
    if screen != drawn:
        raise DataError(
            f"{view_id}: the figure on the sheet is not the one on screen. See exports/pictures/exhibits.py."
        )
    return Framed(request, exhibit, sheet, screen, record_of(request, exhibit, tables))


def _build(desk: Desk, view_id: str, raw: Mapping[str, str]) -> Exhibit:
    try:
        return desk.exhibit(view_id, raw)
    except DataError:
        raise
    except Exception as error:
        LOG.exception("view %s could not be drawn", view_id)
        raise DataError(f"{view_id} could not be drawn: {type(error).__name__}: {error}") from error


def check_request(desk: Desk, view_id: str, raw: Mapping[str, str], size: str = "screen") -> Request:
    """Return what is asked for with every parameter checked; every problem is said at once."""
    problems = [] if size in SIZES else [f"There is no size {size[:40]!r}{nearest(size, SIZES)}: {', '.join(SIZES)}."]
    try:
        page, view = find_view(desk, view_id)
    except DataError as error:
        raise DataError("\n".join([str(error), *problems])) from None
    problems += unknown_parameters(page, view, raw)
    chosen: dict[str, str] = {}
    known = AsKnown()
    try:
        chosen = select(tuple(dict.fromkeys((*page.parameters, *view.parameters))), raw)
    except DataError as error:
        problems.append(str(error))
    try:
        known = desk.as_known(raw) if view.dated else as_known(raw)
    except DataError as error:
        problems.append(str(error))
    if problems:
        raise DataError("\n".join(problems))
    return Request(view.view_id, chosen, known, size)


def unknown_parameters(page: Page, view: View, raw: Mapping[str, str]) -> list[str]:
    """Return one sentence for each parameter the page of a view does not have."""
    known = [*(parameter.name for parameter in page.all_parameters()), *GLOBAL_NAMES]
    offered = ", ".join(parameter_names(page, view))
    return [
        f"{name[:40]!r} is no parameter of {view.view_id}{nearest(name, known)}. It takes: {offered}."
        for name in raw
        if name not in known
    ]


def find_view(desk: Desk, name: str) -> tuple[Page, View]:
    """Return a view by its id, or the first view of a page by the page's name."""
    names = page_names(desk)
    wanted = names.get(name, name)
    for page in desk.pages:
        for view in page.views:
            if view.view_id == wanted:
                return page, view
    everything = [*names, *(view.view_id for page in desk.pages for view in page.views)]
    raise DataError(
        f"There is no view {name[:60]!r}{nearest(name, everything)}. `bilateral export --list` names every view."
    )


def page_names(desk: Desk) -> dict[str, str]:
    """Return the first view of every page by the page's name: `trade` is the first view of the page Trade."""
    return {page.path.strip("/") or "today": page.views[0].view_id for page in desk.pages if page.views}


def list_views(desk: Desk) -> list[dict[str, Any]]:
    """Return every view in reading order: its page, its title, and its parameters with default and choices."""
    shared = [parameter for parameter in GLOBAL_NAMES if parameter in ("mode", "as_of")]
    aliases = {view_id: name for name, view_id in page_names(desk).items()}
    return [
        {
            "view": view.view_id,
            "also": aliases.get(view.view_id, ""),
            "page": page.path,
            "title": view.title,
            "parameters": [
                {"name": p.name, "default": p.default, "values": [choice.value for choice in p.choices] or p.kind}
                for p in dict.fromkeys((*page.parameters, *view.parameters))
            ]
            + [
                {"name": name, "default": "latest" if name == "mode" else "", "values": _known(name)} for name in shared
            ],
        }
        for page in desk.pages
        for view in page.views
    ]


def _known(name: str) -> Any:
    return ["latest", "published", "cut"] if name == "mode" else "date"


def lay_out(exhibit: Exhibit, view: View, tables: Tables, size: Size) -> Sheet:
    """Return the sheet: title and units above, the figure, below it caveats, sources, state of knowledge, citation."""
    figure = narrowed(exhibit.figure) if size.width < NARROW else exhibit.figure
    natural = int(figure["layout"].get("height") or view.height)
    factor = 1.0
    while factor <= size.shrink:
        width = size.width if factor == 1 else 16 * round(size.width * factor / 16)
        room = round((size.height or size.tallest) * width / size.width)
        above, below = _above(exhibit, width), _below(exhibit, tables, width)
        needed = above.height + natural + below.height
        if needed <= room:
            height = room if size.height or factor > 1 else needed
            plot = dress(figure, width - 2 * (PAD - 8), height - above.height - below.height, width)
            lines = (*above.lines, *(replace(line, y=line.y + height - below.height) for line in below.lines))
            shown = (size.width, size.height or round(height * size.width / width, 2))
            left, scale = PAD - 8, size.scale
            return Sheet(view.view_id, exhibit.title, plot, width, height, above.height, left, shown, scale, lines)
        factor += 0.04
    raise DataError(
        f"{view.view_id} is {natural} pixels tall: at size {size.name} its words would be too small to read. "
        "Choose the size screen, or narrow the view by its parameters."
    )


def dress(figure: Mapping[str, Any], width: int, height: int, sheet_width: int) -> Figure:
    """Return the figure in its light dress at a size; on a narrow sheet without what is meant for wide screens."""
    layout = {**figure.get("layout", {}), "template": theme.template("light", fonts.STACK)}
    if sheet_width < NARROW and layout.get("annotations"):
        layout["annotations"] = [mark for mark in layout["annotations"] if mark.get("name") != WIDE]
    return {"data": figure.get("data", []), "layout": {**layout, "width": width, "height": height, "autosize": False}}


@dataclass
class _Block:
    """Lines one under the other."""

    width: int
    height: int = 0
    lines: tuple[Line, ...] = ()

    def add(self, text: str, size: float, colour: str, *, bold: bool = False, space: int = 0) -> None:
        self.height += space
        for part in fonts.wrap(text, size, self.width - 2 * PAD, bold=bold):
            self.height += round(size * 1.3)
            self.lines += (Line(PAD, self.height - round(size * 0.3), part, size, colour, bold),)


def _above(exhibit: Exhibit, width: int) -> _Block:
    block = _Block(width, height=PAD - 6)
    block.add(exhibit.title, 18, theme.INK["light"], bold=True)
    block.add(exhibit.summary, 13, theme.INK["light"], space=3)
    block.add(units_line(exhibit.frame), 11.5, theme.MUTED["light"], space=3)
    block.height += GAP
    return block


def _below(exhibit: Exhibit, tables: Tables, width: int) -> _Block:
    block = _Block(width, height=GAP)
    for text in footer(exhibit, tables):
        block.add(text, 10.5, theme.MUTED["light"], space=2)
    block.height += PAD - 6
    return block


def units_line(frame: pd.DataFrame) -> str:
    """Return the units of what is drawn: 'Units: US$, bcm a year.'; nothing where no row has one."""
    if "unit_measure" not in frame:
        return ""
    units = [str(unit) for unit in dict.fromkeys(frame["unit_measure"].dropna().tolist()) if unit]
    words = [MONEY.get(unit) or labels.scale_for(unit, []).unit for unit in units]
    return f"Units: {', '.join(dict.fromkeys(words))}." if words else ""


def footer(exhibit: Exhibit, tables: Tables) -> Iterator[str]:
    """Yield what stands under a picture: caveats, sources, the date it is known on, and how to cite it."""
    if exhibit.caveats:
        yield "Note: " + " ".join(exhibit.caveats)
    sources = labels.by_id(tables.sources)
    if exhibit.source_ids:
        yield f"Source: {labels.source_line(sources, exhibit.source_ids, most=8)}."
    date = known_on(tables)
    on = "on" if re.match(r"[0-9]{1,2} ", date) else "in"
    yield f"As known {on} {date}. Cite as: Bilateral, “{exhibit.title}”, data {tables.digest[:12]}."


def known_on(tables: Tables) -> str:
    """Return the date of the state of knowledge: as asked for, or that of the newest source."""
    known = tables.as_known
    if known.mode == "published":
        return labels.period(known.date)
    newest = max((str(date) for date in tables.sources["published"].dropna().tolist() if date), default="")
    return f"{labels.period(newest)}, cut at the end of {known.date}" if known.mode == "cut" else labels.period(newest)


def record_of(request: Request, exhibit: Exhibit, tables: Tables) -> dict[str, Any]:
    """Return what a file says of itself: what was asked, of which data, and every value drawn.

    A dated view also says on which day it was looked at, so that it can be drawn again.
    """
    day = request.as_known.today
    seen = {"today": day.isoformat()} if day else {}
    return {
        "view": request.view_id,
        "parameters": dict(request.parameters),
        "size": request.size,
        "title": exhibit.title,
        "figure_hash": figure_hash(exhibit.figure),
        "data_digest": tables.digest,
        "as_known": {"mode": request.as_known.mode, "date": request.as_known.date, "on": known_on(tables), **seen},
        "versions": versions(),
        "sources": list(exhibit.source_ids),
        "values": values_drawn(exhibit.frame),
    }


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Return the versions a picture depends on."""
    return {"bilateral": version("bilateral"), "plotly": version("plotly"), "python": platform.python_version()}


def values_drawn(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows drawn, one a mark, with the columns that say what stands in the picture; empty cells left out."""
    rows = frame[[column for column in VALUE_COLUMNS if column in frame]]
    listed: list[dict[str, Any]] = json.loads(rows.to_json(orient="records", date_format="iso", double_precision=15))
    return [{name: cell for name, cell in row.items() if cell not in (None, "")} for row in listed]
