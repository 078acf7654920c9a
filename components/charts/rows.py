"""Horizontal rows whose words stand above and below their mark, so that a narrow screen loses no width to labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.charts import base
from components.labels import Scale

HEAD_WIDTH = 42
NOTE_WIDTH = 52
VISIBLE = 0.015
HEAD_LINE = 16
NOTE_LINE = 14
MARK = 24
BAR = 18
GAP = 12
AXIS_ROOM = 52
TOP = 6
BOTTOM = 4


@dataclass(frozen=True)
class Row:
    """The words of one row: `head` above its mark, `notes` below it, each wrapped; `mark` is the mark's own height."""

    head: str
    notes: tuple[str, ...] = ()
    colour: str = ""
    mark: int = MARK


@dataclass(frozen=True)
class Placed:
    """Where rows came to stand: the middle of each mark counted downwards in pixels, the words, the height of all."""

    y: tuple[float, ...]
    annotations: tuple[dict[str, Any], ...]
    height: float

    def axis(self, **options: Any) -> dict[str, Any]:
        """Return the hidden axis the rows stand on; its numbers are pixels while the figure has its own height."""
        return {"range": [self.height, 0], "visible": False, "fixedrange": True, **options}


def place(rows: Sequence[Row]) -> Placed:
    """Return the places of rows, one below the other."""
    top, middles, notes = 0.0, [], []
    for row in rows:
        head = base.wrap(row.head, HEAD_WIDTH) if row.head else ""
        if head:
            notes.append(_words(f"<b>{head}</b>", top, 12))
            top += HEAD_LINE * (head.count("<br>") + 1)
        middles.append(top + row.mark / 2)
        top += row.mark
        below = "<br>".join(base.wrap(note, NOTE_WIDTH) for note in row.notes if note)
        if below:
            notes.append(_words(below, top, 11, row.colour))
            top += NOTE_LINE * (below.count("<br>") + 1)
        top += GAP
    return Placed(tuple(middles), tuple(notes), top)


def _words(text: str, y: float, size: float, colour: str = "") -> dict[str, Any]:
    font: dict[str, Any] = {"size": size, **({"color": colour} if colour else {})}
    return {
        "text": text, "xref": "paper", "x": 0, "xanchor": "left", "align": "left", "yref": "y", "y": y,
        "yanchor": "top", "showarrow": False, "font": font, "borderpad": 0,
    }  # fmt: skip


@dataclass(frozen=True)
class Panel:
    """Rows on one value axis of their own, with what is drawn on them."""

    placed: Placed
    xaxis: Mapping[str, Any]
    data: Sequence[base.Trace]
    shapes: Sequence[Mapping[str, Any]] = ()


def stack(panels: Sequence[Panel]) -> base.Figure:
    """Return the figure of panels one below the other, each with its own value axis, as high as its rows need."""
    rooms = [0 if panel.xaxis.get("visible") is False else AXIS_ROOM for panel in panels]
    total = sum(panel.placed.height + room for panel, room in zip(panels, rooms, strict=True))
    layout: dict[str, Any] = {
        "height": round(total) + TOP + BOTTOM,
        "margin": {"l": 8, "r": 16, "t": TOP, "b": BOTTOM},
        "annotations": [],
        "shapes": [],
        "showlegend": False,
        "barmode": "overlay",
    }
    data: list[base.Trace] = []
    top = 0.0
    for number, (panel, room) in enumerate(zip(panels, rooms, strict=True), start=1):
        key = "" if number == 1 else str(number)
        span = [1 - (top + panel.placed.height) / total, 1 - top / total]
        layout[f"xaxis{key}"] = {"fixedrange": True, "rangemode": "tozero", **panel.xaxis, "anchor": f"y{key}"}
        layout[f"yaxis{key}"] = {**panel.placed.axis(), "domain": span, "anchor": f"x{key}"}
        data += [{**trace, "xaxis": f"x{key}", "yaxis": f"y{key}"} for trace in panel.data]
        layout["annotations"] += [{**note, "yref": f"y{key}"} for note in panel.placed.annotations]
        layout["shapes"] += [{**shape, "xref": f"x{key}", "yref": f"y{key}"} for shape in panel.shapes]
        top += panel.placed.height + room
    return base.figure(data, layout)


def bars(
    rows: base.Rows,
    y: Sequence[float],
    *,
    name: str,
    marker: Mapping[str, Any],
    scale: Scale = base.ONE,
    width: float = BAR,
) -> base.Trace:
    """Return horizontal bars from zero at the places of their rows."""
    trace = base.bar_trace(rows, x=list(y), name=name, marker=marker, scale=scale, horizontal=True)
    return {**trace, "width": [width] * len(rows)}


def dots(
    rows: base.Rows, y: Sequence[float], *, name: str, colour: str, scale: Scale = base.ONE, filled: bool = False
) -> base.Trace:
    """Return dots with the interval their wording allows; shape by role or class, open unless official or `filled`."""
    drawn = base.records(rows)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": base.scaled(drawn, scale),
        "y": list(y),
        "customdata": base.keys(drawn),
        "hovertext": base.hover_texts(drawn),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "error_x": _intervals(drawn, colour, scale),
        "marker": {
            "symbol": [symbol.removesuffix("-open") if filled else symbol for symbol in base.symbols(drawn)],
            "color": colour,
            "size": 13,
            "line": {"color": colour, "width": 2},
        },
        "cliponaxis": False,
    }


def _intervals(rows: Sequence[base.Row], colour: str, scale: Scale) -> dict[str, Any]:
    """Return error bars of the intervals wide enough to be seen outside their mark."""
    found = base.value_bars(rows, colour, scale)
    least = VISIBLE * max((abs(value) for value in base.scaled(rows, scale) if value is not None), default=0.0)
    ends = {
        side: [reach if reach and reach > least else None for reach in found[side]] for side in ("array", "arrayminus")
    }
    return {**found, **ends, "width": 0}


def tick(rows: base.Rows, y: float, *, colour: str) -> base.Trace:
    """Return targets as upright ticks across a horizontal bar."""
    trace = dots(rows, [y] * len(rows), name="target", colour=colour)
    marker = {"symbol": "line-ns", "color": colour, "size": 20, "line": {"color": colour, "width": 4}}
    return {**{key: entry for key, entry in trace.items() if key != "error_x"}, "marker": marker}
