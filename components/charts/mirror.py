"""Two reports of one flow: how far apart they are each year, and pairs of printed figures side by side."""

from collections.abc import Sequence

import pandas as pd

from components import labels, theme
from components.charts import base
from components.charts.timeline import records


def asymmetry(marks: pd.DataFrame, *, axis: str, words: labels.Words | None = None) -> base.Figure:
    """Return one bar a year for the gap over the mean of both reports, in percent, above or below zero."""
    trace = base.bar_trace(
        marks,
        x=[base.position(str(period)) for period in marks["time_period"]],
        name=axis,
        marker=theme.bar_marker(theme.NEUTRAL),
    )
    layout = {
        "xaxis": base.time_axis(),
        "yaxis": {"title": {"text": f"{axis}, %"}, "zeroline": True},
        "showlegend": False,
        "bargap": 0.25,
    }
    return base.figure([{**trace, "hovertext": base.hover_texts(marks, words)}], layout)


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
