"""How the register of projects is drawn: as units by kind, as terms in time, as places, as sizes on a log axis."""

import html
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import count
from operator import itemgetter
from typing import Any

from components import labels, theme
from components.charts import base
from components.charts.base import Row
from components.labels import Scale

Rows = Sequence[Row]

STATUSES = tuple(theme.STATUS_COLOUR)
DETAILS = ("capacity", "cost")
HOVER = (
    "label", "kind", "status", "status_as_of", "area_names", "length_km", *DETAILS, "term", "questioned", "said_by",
    "source_class",
)  # fmt: skip
ROW_TEXT = 11.5
ROW_LETTERS = 50
LINK_STEPS = 16
LONG_AXIS = 4
ROOM = "\u2002"  # between a mark and its words, for the ring of a finding
HALO: Mapping[str, tuple[int, str]] = {
    "site": (0, "dot: the site"),
    "city": (15, "halo: near a town"),
    "region": (26, "wider: in a region"),
    "country": (40, "widest: the country"),
}
REGIONS: Mapping[str, tuple[tuple[float, float], tuple[float, float]]] = {
    "all": ((1, 178), (8, 78)),
    "far_east": ((108, 147), (37, 58)),
    "central_asia": ((45, 96), (33, 57)),
    "europe": ((8, 62), (33, 64)),
}


def unit_chart(projects: base.Rows) -> base.Figure:
    """Return one mark an entry, in a row for its kind, sorted by status; `projects` come in the order of kinds."""
    entries = base.records(projects)
    kinds = Counter(row["kind"] for row in entries)
    places = {kind: count(1) for kind in kinds}
    traces = [
        {
            **_marks(rows, status),
            "x": [next(places[row["kind"]]) for row in rows],
            "y": [row["kind"] for row in rows],
            "cliponaxis": False,
        }
        for status, rows in _by_status(entries)
    ]
    longest = max(4, max(kinds.values()) + 1)
    layout = {
        "height": 180 + 21 * len(kinds),
        "xaxis": base.value_axis("entries of the register", "number", dtick=2, range=[0, longest]),
        "yaxis": {
            "type": "category",
            "categoryorder": "array",
            "categoryarray": list(kinds),
            "autorange": "reversed",
        },
        "showlegend": True,
    }
    return base.figure(traces, layout)


def _by_status(entries: Rows) -> Iterator[tuple[str, Rows]]:
    groups = base.by(entries, itemgetter("status"))
    return ((status, groups[status]) for status in STATUSES if status in groups)


def _marks(rows: Rows, status: str, *, size: int = 11) -> base.Trace:
    colour = theme.STATUS_COLOUR[status]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": status,
        "legendgroup": status,
        "customdata": base.keys(rows),
        "hovertext": hover_texts(rows),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {
            "symbol": theme.STATUS_SYMBOL[status],
            "color": colour,
            "size": size,
            "line": {"color": colour, "width": 2},
        },
    }


def hover_texts(projects: base.Rows) -> list[str]:
    """Return for each entry: name, kind, status with its date, areas, what is said of its size, who says so."""
    return [_hover(itemgetter(*HOVER)(row)) for row in base.records(projects)]


@lru_cache(maxsize=4096)
def _hover(cells: tuple[Any, ...]) -> str:
    """Return the text of cells in the order of `HOVER`; the same cells are put in words once."""
    return "<br>".join(_hover_lines(dict(zip(HOVER, cells, strict=True))))


def _hover_lines(row: Row) -> Iterator[str]:
    yield f"<b>{base.wrap(str(row['label']), 48)}</b>"
    yield html.escape(f"{row['kind']} · {row['status']}, as of {labels.period(str(row['status_as_of']))}")
    if row["area_names"]:
        yield base.wrap(str(row["area_names"]))
    if not math.isnan(row["length_km"]):
        yield f"length {html.escape(labels.value(float(row['length_km']), 'KM'))}"
    yield from (base.wrap(f"{name}: {row[name]}") for name in DETAILS if row[name])
    if row["term"]:
        yield base.wrap(f"term: {row['term']}")
    if row["questioned"]:
        yield f"<b>findings about its figures</b>: {html.escape(str(row['questioned']))}"
    yield base.wrap(f"said by {row['said_by']} · {row['source_class']} source")


def term_chart(projects: base.Rows) -> base.Figure:
    """Return one row an entry: a box from start to end, its outline dashed where the end is derived.

    Needs `start` and `end` as days; an entry with one of the two is a single mark, for nothing is known of the rest.
    """
    placed = [{**row, "_row": place} for place, row in enumerate(base.records(projects))]
    both = [row for row in placed if row["start"] and row["end"]]
    bases = sorted({row["date_basis"] for row in both})
    boxes = [
        _boxes(rows, status, basis)
        for status, of_status in _by_status(both)
        for basis in bases
        if (rows := [row for row in of_status if row["date_basis"] == basis])
    ]
    marks = [{**_marks(rows, s), **_term_places(rows), "cliponaxis": False} for s, rows in _by_status(placed)]
    single = len(both) < len(placed)
    layout = {
        "height": 170 + 30 * len(placed),
        "xaxis": base.time_axis(range=_span(placed), fixedrange=False),
        "yaxis": {"range": [len(placed) - 0.4, -0.7], "visible": False, "fixedrange": True},
        "annotations": list(row_names([shorten(str(row["label"])) for row in placed])),
        "showlegend": True,
    }
    return base.figure([*boxes, *marks, *_basis_legend(bases[::-1], single)], layout)


def _boxes(rows: Rows, status: str, basis: str) -> base.Trace:
    colour = theme.STATUS_COLOUR[status]
    across: list[Any] = []
    along: list[Any] = []
    for row in rows:
        top, bottom = row["_row"] - 0.04, row["_row"] + 0.34
        across += [row["start"], row["end"], row["end"], row["start"], row["start"], None]
        along += [top, top, bottom, bottom, top, None]
    return {
        "type": "scatter", "mode": "lines", "name": f"{status}, end {basis}", "x": across[:-1], "y": along[:-1],
        "fill": "toself", "fillcolor": theme.translucent(colour, 0.16), "hoverinfo": "skip", "showlegend": False,
        "line": {"color": colour, "width": 1.6, "dash": _dash(basis)}, "legendgroup": status,
    }  # fmt: skip


def _dash(basis: str) -> str:
    return "dash" if basis == "derived" else "solid"


def _term_places(rows: Rows) -> dict[str, Any]:
    ends = ((row["start"], row["end"]) for row in rows)
    return {
        "x": [base.position(f"{start}/{end}") if start and end else start or end for start, end in ends],
        "y": [row["_row"] + 0.15 for row in rows],
    }


def _span(placed: Rows) -> list[str]:
    days = sorted(row[end] for row in placed for end in ("start", "end") if row[end])
    return [f"{int(days[0][:4]) - 1}-07-01", f"{int(days[-1][:4]) + 1}-07-01"]


def _basis_legend(bases: Sequence[str], single: bool) -> Iterator[base.Trace]:
    for basis in bases:
        yield {
            "type": "scatter", "mode": "lines", "name": f"end {basis}", "x": [None], "y": [None],
            "line": {"color": theme.NEUTRAL, "width": 2, "dash": _dash(basis)}, "hoverinfo": "skip",
        }  # fmt: skip
    if single:
        yield {
            "type": "scatter", "mode": "markers", "name": "no box: one date known", "x": [None], "y": [None],
            "marker": {"symbol": "circle-open", "color": theme.NEUTRAL, "size": 9}, "hoverinfo": "skip",
        }  # fmt: skip


def row_names(names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Return the names of rows as annotations above their marks, so that a narrow screen keeps its width."""
    for index, name in enumerate(names):
        yield {
            "xref": "paper", "x": 0, "xanchor": "left", "y": index - 0.08, "yanchor": "bottom", "showarrow": False,
            "text": html.escape(name), "font": {"size": ROW_TEXT}, "align": "left",
        }  # fmt: skip


def shorten(text: str, letters: int = ROW_LETTERS) -> str:
    """Return a text that fits above a row of a narrow screen; the hover has the whole of it.

    >>> shorten("one two three", 9)
    'one two …'
    """
    return text if len(text) <= letters else f"{text[: letters - 1].rsplit(' ', 1)[0]} …"


def map_chart(projects: base.Rows, region: str = "all") -> base.Figure:
    """Return places and, between two ends, straight links; halos say how precisely a place is known."""
    entries = base.records(projects)
    linked = [row for row in entries if is_placed(row, "end")]
    links = [_links(rows, status) for status, rows in _by_status(linked)]
    ends = [_end(row, "start") for row in entries] + [_end(row, "end") for row in linked]
    halos = [_halo([row for row in ends if row["place_precision"] == name], *HALO[name]) for name in HALO]
    marks = [{**_marks(rows, s, size=9), "type": "scattergeo", **_coordinates(rows)} for s, rows in _by_status(ends)]
    across, along = REGIONS[region]
    layout = {
        "geo": {
            "scope": "world",
            "resolution": 110,
            "projection": {"type": "mercator"},
            "lonaxis": {"range": list(across)},
            "lataxis": {"range": list(along)},
            "showland": True,
            "showcountries": True,
            "showcoastlines": False,
            "showframe": False,
            "countrywidth": 0.6,
        },
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "showlegend": True,
    }
    return base.figure([*(h for h in halos if h), *links, *marks], layout)


def is_placed(row: Row, end: str) -> bool:
    """Return whether the coordinates of one end, `start` or `end`, are known."""
    return not math.isnan(row[f"{end}_lat"])


def _end(row: Row, end: str) -> Row:
    return {**row, "lat": row[f"{end}_lat"], "lon": row[f"{end}_lon"]}


def _coordinates(rows: Rows) -> dict[str, Any]:
    return {name: [row[name] for row in rows] for name in ("lat", "lon")}


def _halo(rows: Rows, size: int, text: str) -> base.Trace:
    if not rows:
        return {}
    return {
        "type": "scattergeo", "mode": "markers", "name": text, **_coordinates(rows), "hoverinfo": "skip",
        "marker": {
            "symbol": "circle", "size": size or 3, "color": theme.translucent(theme.NEUTRAL, 0.17 if size else 1),
            "line": {"color": theme.translucent(theme.NEUTRAL, 0.5), "width": 0.6},
        },
    }  # fmt: skip


def _links(rows: Rows, status: str) -> base.Trace:
    pairs = map(itemgetter("start_lat", "start_lon", "end_lat", "end_lon"), rows)
    points = [point for pair in pairs for point in (*_straight(*pair), (None, None))][:-1]
    return {
        "type": "scattergeo", "mode": "lines", "name": status, "legendgroup": status, "showlegend": False,
        "lat": [lat for lat, _ in points], "lon": [lon for _, lon in points], "hoverinfo": "skip",
        "line": {
            "color": theme.STATUS_COLOUR[status], "width": 1.6, "dash": "solid" if status == "operating" else "dot",
        },
    }  # fmt: skip


@lru_cache(maxsize=1024)
def _straight(lat: float, lon: float, end_lat: float, end_lon: float) -> tuple[tuple[float, float], ...]:
    """Return points of a link that is straight on a Mercator map; left alone, it would bend along a great circle."""
    first, last = (math.asinh(math.tan(math.radians(angle))) for angle in (lat, end_lat))
    parts = [step / LINK_STEPS for step in range(LINK_STEPS + 1)]
    heights = (math.degrees(math.atan(math.sinh(first + (last - first) * part))) for part in parts)
    return tuple((height, lon + (end_lon - lon) * part) for height, part in zip(heights, parts, strict=True))


def size_chart(figures: base.Rows, what: str, scale: Scale, words: labels.Words) -> base.Figure:
    """Return quoted sizes on a log axis, a row a project (`row_name`), a trace a role; `texts` stand beside marks."""
    drawn = base.records(figures)
    names = list(dict.fromkeys(row["row_name"] for row in drawn))
    span = _log_range([row["obs_value"] / scale.factor for row in drawn])
    roles = base.by([{**row, "_row": names.index(row["row_name"])} for row in drawn], itemgetter("role"))
    traces = [_sizes(rows, span, scale, words) for rows in roles.values()]
    layout = {
        "height": 130 + 36 * len(names),
        "xaxis": base.value_axis(what, scale.unit, log=True, range=span) | _decades(span),
        "yaxis": {"range": [len(names) - 0.4, -0.7], "visible": False, "fixedrange": True},
        "annotations": list(row_names(names)),
        "showlegend": True,
    }
    return base.figure(traces, layout)


def _sizes(rows: Rows, span: Sequence[float], scale: Scale, words: labels.Words) -> base.Trace:
    colour = theme.ROLE_COLOUR[rows[0]["role"]]
    values = [row["obs_value"] / scale.factor for row in rows]
    texts, sides = zip(*(_words_beside(row, value, span) for row, value in zip(rows, values, strict=True)), strict=True)
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": words.role(rows[0]["role"]).lower(),
        "x": values,
        "y": [row["_row"] + 0.16 for row in rows],
        "customdata": base.keys(rows),
        "hovertext": base.hover_texts(rows, words),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "text": list(texts),
        "textfont": {"size": ROW_TEXT},
        "error_x": base.value_bars(rows, colour, scale),
        "marker": {
            "symbol": base.symbols(rows),
            "color": colour,
            "size": 11,
            "line": {"color": colour, "width": 2},
        },
        "cliponaxis": False,
        "textposition": list(sides),
    }


def _words_beside(row: Row, value: float, span: Sequence[float]) -> tuple[str, str]:
    """Return what stands beside a mark and where: its number, or, in a row of several, the arrow of an open bound."""
    side = "middle left" if math.log10(value) > (span[0] + span[1]) / 2 else "middle right"
    if row["texts"]:
        return (f"{ROOM}{row['texts']}" if side.endswith("right") else f"{row['texts']}{ROOM}"), side
    arrow = {"▲": ("▸", "middle right"), "▼": ("◂", "middle left")}
    return arrow.get(base.caret(str(row["bound"])), ("", side))


def _decades(span: Sequence[float]) -> dict[str, Any]:
    """Return the ticks of a long log axis: whole powers of ten, for more of them would turn on a narrow screen."""
    if span[1] - span[0] < LONG_AXIS:
        return {}
    return {"tickvals": [10.0**power for power in range(math.ceil(span[0]), math.ceil(span[1]))], "tickformat": ",d"}


def _log_range(values: Sequence[float]) -> list[float]:
    """Return the whole decades around the values, in powers of ten."""
    return [math.floor(math.log10(min(values))) - 0.1, math.ceil(math.log10(max(values))) + 0.1]
