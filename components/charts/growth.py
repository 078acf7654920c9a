"""Rates of growth set side by side: as quoted beside as counted, and one average beside its possible windows."""

from collections.abc import Sequence
from typing import Any

from components import labels, theme
from components.charts import base

QUOTED = theme.SOURCE_CLASS_COLOUR["research"]


def compared(marks: base.Rows, *, axis: str, counted: str, words: labels.Words = labels.NO_WORDS) -> base.Figure:
    """Return horizontal bars from zero, quoted above counted in each `category`; `is_document` marks the quoted."""
    every = base.records(marks)
    categories = list(dict.fromkeys(row["category"] for row in every))
    kinds = ((counted, False, theme.area_colour("CHN")), ("As quoted", True, QUOTED))
    groups = [(name, colour, [row for row in every if _is_quoted(row) is quoted]) for name, quoted, colour in kinds]
    traces = [_bars(rows, name, colour, words) for name, colour, rows in groups if rows]
    layout = {
        "barmode": "group",
        "bargap": 0.35,
        "xaxis": {"title": {"text": f"{axis}, %"}, "zeroline": True, "range": _range(every)},
        "yaxis": {"categoryorder": "array", "categoryarray": categories[::-1], "title": {"text": ""}},
        "legend": {"traceorder": "reversed", "orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom"},
    }
    return base.figure(traces, layout)


def _is_quoted(row: base.Row) -> bool:
    return row["is_document"] is True


def _bars(rows: Sequence[base.Row], name: str, colour: str, words: labels.Words) -> base.Trace:
    """Return the bars of one kind with their values written at the end: quoted ones are outlined, not filled."""
    marker: dict[str, Any] = (
        {"color": theme.translucent(colour, 0.12), "line": {"color": colour, "width": 2}}
        if name == "As quoted"
        else theme.bar_marker(colour)
    )
    trace = base.bar_trace(rows, x=[row["category"] for row in rows], name=name, marker=marker, horizontal=True)
    shown = [labels.value(round(row["obs_value"], 1), "PERCENT") for row in rows]
    return {
        **trace,
        "hovertext": base.hover_texts(rows, words),
        "text": shown,
        "textposition": "outside",
        "cliponaxis": False,
    }


def _range(rows: Sequence[base.Row]) -> list[float]:
    """Return a range with room for the values written beside the bars."""
    values = [float(row["obs_value"]) for row in rows]
    low, high = min(0.0, *values), max(0.0, *values)
    room = 0.45 * (high - low)
    return [low - room if low < 0 else 0.0, high + room if high > 0 else 0.04 * room]


def windows(marks: base.Rows, *, axis: str, words: labels.Words = labels.NO_WORDS) -> base.Figure:
    """Return one mark for each `category`: an open one with its interval where quoted, a filled one where computed."""
    rows = base.records(marks)
    colours = [theme.area_colour(row["colour_of"]) if row["colour_of"] else QUOTED for row in rows]
    values = [float(row["obs_value"]) for row in rows]
    is_quoted = [row["mark"] == "point" for row in rows]
    trace = {
        "type": "scatter",
        "mode": "markers+text",
        "name": axis,
        "x": values,
        "y": [row["category"] for row in rows],
        "customdata": base.keys(rows),
        "hovertext": base.hover_texts(rows, words),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "text": [labels.bounded(round(v, 1), "PERCENT", str(r["bound"])) for v, r in zip(values, rows, strict=True)],
        "textposition": "top center",
        "cliponaxis": False,
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [float(r["value_high"]) - v if q else 0 for r, v, q in zip(rows, values, is_quoted, strict=True)],
            "arrayminus": [
                v - float(r["value_low"]) if q else 0 for r, v, q in zip(rows, values, is_quoted, strict=True)
            ],
            "thickness": 1.4,
            "color": QUOTED,
        },
        "marker": {
            "symbol": ["circle-open" if quoted else "circle" for quoted in is_quoted],
            "color": colours,
            "size": 13,
            "line": {"width": 2, "color": colours},
        },
    }
    layout = {
        "xaxis": {"title": {"text": f"{axis}, %"}, "rangemode": "tozero"},
        "yaxis": {
            "categoryorder": "array",
            "categoryarray": [row["category"] for row in rows][::-1],
            "ticktext": [base.wrap(row["category"], 16) for row in rows],
            "tickvals": [row["category"] for row in rows],
            "range": [-0.5, len(rows) - 0.3],
        },
        "showlegend": False,
    }
    return base.figure([trace], layout)
