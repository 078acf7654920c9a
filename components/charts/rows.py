"""Horizontal rows whose words stand above and below their mark, so that a narrow screen loses no width to labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.charts import base

HEAD_WIDTH = 48
NOTE_WIDTH = 58
HEAD_LINE = 16
NOTE_LINE = 14
MARK = 24
GAP = 12
AXIS_ROOM = 52
TOP = 6


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
        """Return the hidden value axis the rows stand on; its numbers are pixels while the figure has its own height."""
        return {"range": [self.height, 0], "visible": False, "fixedrange": True, **options}


def place(rows: Sequence[Row], *, yref: str = "y", start: float = 0.0) -> Placed:
    """Return the places of rows, one below the other from `start`."""
    top, middles, notes = start, [], []
    for row in rows:
        head = base.wrap(row.head, HEAD_WIDTH) if row.head else ""
        if head:
            notes.append(_words(f"<b>{head}</b>", top, yref, 12))
            top += HEAD_LINE * (head.count("<br>") + 1)
        middles.append(top + row.mark / 2)
        top += row.mark
        below = "<br>".join(base.wrap(note, NOTE_WIDTH) for note in row.notes if note)
        if below:
            notes.append(_words(below, top, yref, 11, row.colour))
            top += NOTE_LINE * (below.count("<br>") + 1)
        top += GAP
    return Placed(tuple(middles), tuple(notes), top)


def _words(text: str, y: float, yref: str, size: float, colour: str = "") -> dict[str, Any]:
    font: dict[str, Any] = {"size": size, **({"color": colour} if colour else {})}
    return {
        "text": text, "xref": "paper", "x": 0, "xanchor": "left", "align": "left", "yref": yref, "y": y,
        "yanchor": "top", "showarrow": False, "font": font, "borderpad": 0,
    }  # fmt: skip


def height_of(placed: Placed) -> int:
    """Return the height in pixels of a figure that holds the rows and one axis below them."""
    return round(placed.height) + AXIS_ROOM + TOP


def stacked(
    data: Sequence[base.Trace], placed: Placed, xaxis: Mapping[str, Any], *, shapes: Sequence[Mapping[str, Any]] = ()
) -> base.Figure:
    """Return the figure of rows on one value axis."""
    layout = {
        "height": height_of(placed),
        "margin": {"l": 8, "r": 16, "t": TOP, "b": 8},
        "xaxis": {"fixedrange": True, "rangemode": "tozero", **xaxis},
        "yaxis": placed.axis(),
        "annotations": list(placed.annotations),
        "shapes": [dict(shape) for shape in shapes],
        "showlegend": False,
        "bargap": 0,
    }
    return base.figure(list(data), layout)


def bar(
    records: Sequence[Mapping[str, Any]], y: Sequence[float], widths: Sequence[float], *, name: str, **look: Any
) -> base.Trace:
    """Return horizontal bars: each record has `length`, `key`, `hover` and optionally `base` and `text`."""
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "x": [record["length"] for record in records],
        "base": [record.get("base", 0) for record in records],
        "y": list(y),
        "width": list(widths),
        "customdata": [record["key"] for record in records],
        "hovertext": [record["hover"] for record in records],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "text": [record.get("text", "") for record in records],
        "textposition": "outside",
        "cliponaxis": False,
        "constraintext": "none",
        **look,
    }


def dot(
    records: Sequence[Mapping[str, Any]], y: Sequence[float], *, name: str, colour: str, symbols: Sequence[str]
) -> base.Trace:
    """Return horizontal dots with their interval: each record has `value`, `key`, `hover`, `plus`, `minus`, `text`."""
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": name,
        "x": [record["value"] for record in records],
        "y": list(y),
        "customdata": [record["key"] for record in records],
        "hovertext": [record["hover"] for record in records],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "text": [record.get("text", "") for record in records],
        "textposition": [record.get("side", "middle right") for record in records],
        "textfont": {"size": 11.5},
        "cliponaxis": False,
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [record.get("plus", 0) for record in records],
            "arrayminus": [record.get("minus", 0) for record in records],
            "color": colour,
            "thickness": 1.2,
            "width": 4,
        },
        "marker": {"symbol": list(symbols), "color": colour, "size": 12, "line": {"color": colour, "width": 2}},
    }
