"""Rates of growth set side by side: as quoted beside as counted, and one average beside its possible windows."""

from typing import Any

import pandas as pd

from components import labels, theme
from components.charts import base
from components.charts.timeline import records

QUOTED = theme.SOURCE_CLASS_COLOUR["research"]


def compared(marks: pd.DataFrame, *, axis: str, counted: str, words: labels.Words | None = None) -> base.Figure:
    """Return horizontal bars from zero, quoted above counted in each `category`; `is_document` marks the quoted."""
    is_quoted = marks["is_document"].eq(True)
    categories = list(dict.fromkeys(marks["category"]))
    traces = []
    for name, rows, colour in (
        (counted, marks[~is_quoted], theme.area_colour("CHN")),
        ("As quoted", marks[is_quoted], QUOTED),
    ):
        if len(rows):
            traces.append(_bars(rows, name, colour, words))
    layout = {
        "barmode": "group",
        "bargap": 0.35,
        "xaxis": {"title": {"text": f"{axis}, %"}, "zeroline": True, "range": _range(marks)},
        "yaxis": {"categoryorder": "array", "categoryarray": categories[::-1], "title": {"text": ""}},
        "legend": {"traceorder": "reversed", "orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom"},
    }
    return base.figure(traces, layout)


def _bars(rows: pd.DataFrame, name: str, colour: str, words: labels.Words | None) -> base.Trace:
    """Return the bars of one kind with their values written at the end: quoted ones are outlined, not filled."""
    marker: dict[str, Any] = (
        {"color": theme.translucent(colour, 0.12), "line": {"color": colour, "width": 2}}
        if name == "As quoted"
        else theme.bar_marker(colour)
    )
    trace = base.bar_trace(rows, x=rows["category"].tolist(), name=name, marker=marker, horizontal=True)
    shown = [labels.value(round(value, 1), "PERCENT") for value in rows["obs_value"]]
    return {
        **trace,
        "hovertext": base.hover_texts(rows, words),
        "text": shown,
        "textposition": "outside",
        "cliponaxis": False,
    }


def _range(marks: pd.DataFrame) -> list[float]:
    """Return a range with room for the values written beside the bars."""
    values = marks["obs_value"].tolist()
    low, high = min(0.0, *values), max(0.0, *values)
    room = 0.3 * (high - low)
    return [low - room if low < 0 else 0.0, high + room if high > 0 else 0.04 * room]


def windows(marks: pd.DataFrame, *, axis: str, words: labels.Words | None = None) -> base.Figure:
    """Return one mark for each `category`: an open one with its interval where quoted, a filled one where computed."""
    rows = records(marks)
    colours = [theme.area_colour(row["colour_of"]) if row["colour_of"] else QUOTED for row in rows]
    values = [float(row["obs_value"]) for row in rows]
    is_quoted = [row["mark"] == "point" for row in rows]
    trace = {
        "type": "scatter",
        "mode": "markers+text",
        "name": axis,
        "x": values,
        "y": [row["category"] for row in rows],
        "customdata": base.keys(marks),
        "hovertext": base.hover_texts(marks, words),
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
