"""Two reports of one flow: how far apart they are each year, and pairs of printed figures side by side."""

from collections.abc import Sequence

import pandas as pd

from components import labels, theme
from components.charts import base
from components.charts.timeline import records


def asymmetry(marks: pd.DataFrame, *, axis: str, band: str = "", words: labels.Words | None = None) -> base.Figure:
    """Return one bar a year for the gap over the mean of both reports, in percent, above or below zero.

    `band` names the shaded range from `allowed_low` to `allowed_high` of each year, drawn where it is given.
    """
    x = [base.position(str(period)) for period in marks["time_period"]]
    trace = base.bar_trace(marks, x=x, name=axis, marker=theme.bar_marker(theme.NEUTRAL))
    fields = [_band(marks, x, band)] if band else []
    layout = {
        "xaxis": base.time_axis(),
        "yaxis": {"title": {"text": f"{axis}, %"}, "zeroline": True},
        "showlegend": bool(fields),
        "barmode": "overlay",
        "bargap": 0.25,
    }
    return base.figure([*fields, {**trace, "hovertext": base.hover_texts(marks, words)}], layout)


def _band(marks: pd.DataFrame, x: Sequence[str], name: str) -> base.Trace:
    """Return the range each year's gap may have as a hatched field as wide as the year."""
    low, high = (marks[end].tolist() for end in ("allowed_low", "allowed_high"))
    return {
        "type": "bar", "name": name, "x": list(x), "base": low, "hoverinfo": "skip",
        "y": [upper - lower for lower, upper in zip(low, high, strict=True)], "width": 365 * 24 * 3600 * 1000,
        "marker": {"color": theme.translucent(theme.WARNING, 0.28), "line": {"width": 0}},
    }  # fmt: skip


def remainders(
    marks: pd.DataFrame, *, axis: str, by_name: bool = False, words: labels.Words | None = None
) -> base.Figure:
    """Return one bar for what remains of each gap; a ring on zero where nothing does.

    By year, or `by_name` of their `category`, in the order given, where periods of several kinds stand side by side.
    """
    scale = labels.scale_for(str(marks["unit_measure"].iloc[0]), marks["obs_value"].tolist())
    names = [base.wrap(name, 14) for name in marks["category"]]
    x = names if by_name else [base.position(str(period)) for period in marks["time_period"]]
    trace = base.bar_trace(marks, x=x, name=axis, marker=theme.bar_marker(theme.WARNING), scale=scale)
    nothing = [position for position, amount in enumerate(marks["obs_value"]) if amount == 0]
    rings = {
        "type": "scatter", "mode": "markers", "name": "within the margin", "x": [x[i] for i in nothing],
        "y": [0.0] * len(nothing), "customdata": [trace["customdata"][i] for i in nothing],
        "hovertext": [trace["hovertext"][i] for i in nothing], "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {"symbol": "circle-open", "size": 9, "color": theme.NEUTRAL, "line": {"width": 2}},
    }  # fmt: skip
    layout = {
        "xaxis": {"type": "category"} if by_name else base.time_axis(),
        "yaxis": {"title": {"text": f"{axis}, {scale.unit}"}, "zeroline": True},
        "showlegend": bool(nothing),
        "bargap": 0.3,
    }
    bars = {**trace, "hovertext": base.hover_texts(marks, words), "showlegend": False}
    return base.figure([bars, rings] if nothing else [bars], layout)


def side_by_side(marks: pd.DataFrame, names: Sequence[str], *, words: labels.Words | None = None) -> base.Figure:
    """Return one row for each `category` with the marks of both reporters, which no line joins.

    `names` are the reporters in the order of `colour_of`'s appearance.
    """
    scale = labels.scale_for(str(marks["unit_measure"].iloc[0]), marks["obs_value"].tolist())
    categories = list(dict.fromkeys(marks["category"].tolist()))
    traces = []
    for area, name in zip(dict.fromkeys(marks["colour_of"]), names, strict=True):
        rows = marks[marks["colour_of"] == area]
        trace = base.point_trace(rows, name=name, colour=theme.area_colour(str(area)), scale=scale, words=words)
        shown = [labels.number(row["obs_value"] / scale.factor) for row in records(rows)]
        trace = {key: entry for key, entry in trace.items() if key != "error_y"}
        traces.append(
            {
                **trace,
                "x": trace["y"],
                "y": rows["category"].tolist(),
                "text": shown,
                "textposition": "top center",
                "textfont": {"size": 11},
            }
        )
    layout = {
        "xaxis": {"title": {"text": scale.unit}, "rangemode": "tozero"},
        "yaxis": {
            "categoryorder": "array",
            "categoryarray": categories[::-1],
            "tickvals": categories,
            "ticktext": [base.wrap(category, 18) for category in categories],
            "range": [-0.6, len(categories) - 0.3],
            "showgrid": True,
        },
        "showlegend": True,
    }
    return base.figure(traces, layout)
