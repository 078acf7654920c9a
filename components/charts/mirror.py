"""Two reports of one flow: how far apart they are each year, and pairs of printed figures side by side."""

from collections.abc import Sequence

from components import labels, theme
from components.charts import base


def asymmetry(marks: base.Rows, *, axis: str, band: str = "", words: labels.Words = labels.NO_WORDS) -> base.Figure:
    """Return one bar a year for the gap over the mean of both reports, in percent, above or below zero.

    `band` names the shaded range from `allowed_low` to `allowed_high` of each year, drawn where it is given.
    """
    rows = base.records(marks)
    x = [base.position(str(row["time_period"])) for row in rows]
    trace = base.bar_trace(rows, x=x, name=axis, marker=theme.bar_marker(theme.NEUTRAL))
    fields = [_band(rows, x, band)] if band else []
    layout = {
        "xaxis": base.time_axis(),
        "yaxis": {"title": {"text": f"{axis}, %"}, "zeroline": True},
        "showlegend": bool(fields),
        "barmode": "overlay",
        "bargap": 0.25,
    }
    return base.figure([*fields, {**trace, "hovertext": base.hover_texts(rows, words)}], layout)


def _band(rows: Sequence[base.Row], x: Sequence[str], name: str) -> base.Trace:
    """Return the range each year's gap may have as a hatched field as wide as the year."""
    low, high = ([row[end] for row in rows] for end in ("allowed_low", "allowed_high"))
    return {
        "type": "bar", "name": name, "x": list(x), "base": low, "hoverinfo": "skip",
        "y": [upper - lower for lower, upper in zip(low, high, strict=True)], "width": 365 * 24 * 3600 * 1000,
        "marker": {"color": theme.translucent(theme.WARNING, 0.28), "line": {"width": 0}},
    }  # fmt: skip


def remainders(
    marks: base.Rows, *, axis: str, by_name: bool = False, words: labels.Words = labels.NO_WORDS
) -> base.Figure:
    """Return one bar for what remains of each gap; a ring on zero where nothing does.

    By year, or `by_name` of their `category`, in the order given, where periods of several kinds stand side by side.
    """
    rows = base.records(marks)
    scale = labels.scale_for(str(rows[0]["unit_measure"]), [row["obs_value"] for row in rows])
    names = [base.wrap(row["category"], 14) for row in rows]
    x = names if by_name else [base.position(str(row["time_period"])) for row in rows]
    trace = base.bar_trace(rows, x=x, name=axis, marker=theme.bar_marker(theme.WARNING), scale=scale)
    nothing = [position for position, row in enumerate(rows) if row["obs_value"] == 0]
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
    bars = {**trace, "hovertext": base.hover_texts(rows, words), "showlegend": False}
    return base.figure([bars, rings] if nothing else [bars], layout)


def side_by_side(marks: base.Rows, names: Sequence[str], *, words: labels.Words = labels.NO_WORDS) -> base.Figure:
    """Return one row for each `category` with the marks of both reporters, which no line joins.

    `names` are the reporters in the order of `colour_of`'s appearance.
    """
    every = base.records(marks)
    scale = labels.scale_for(str(every[0]["unit_measure"]), [row["obs_value"] for row in every])
    categories = list(dict.fromkeys(row["category"] for row in every))
    traces = []
    for (area, rows), name in zip(base.by(every, lambda row: str(row["colour_of"])).items(), names, strict=True):
        trace = base.point_trace(rows, name=name, colour=theme.area_colour(area), scale=scale, words=words)
        shown = [labels.number(row["obs_value"] / scale.factor) for row in rows]
        trace = {key: entry for key, entry in trace.items() if key != "error_y"}
        traces.append(
            {
                **trace,
                "x": trace["y"],
                "y": [row["category"] for row in rows],
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
