"""The same months in each year, side by side and never stretched to a year."""

from collections.abc import Mapping, Sequence
from typing import Any

from components import labels, theme
from components.charts import base


def same_months(
    marks: base.Rows, names: Mapping[str, str], *, axis: str, words: labels.Words = labels.NO_WORDS
) -> base.Figure:
    """Return grouped bars by year, one group for each key of `names` in the column `series`.

    Sums of official months are filled, figures as printed are outlined; years without a figure stay empty. The
    latest year's bars carry their value.
    """
    rows = base.records(marks)
    scale = labels.scale_for(str(rows[0]["unit_measure"]), [row["obs_value"] for row in rows])
    years = [int(str(row["time_period"])[:4]) for row in rows]
    groups = base.by(rows, lambda row: str(row["series"]))
    traces = [_bars(groups[key], name, scale, words) for key, name in names.items()]
    layout = {
        "barmode": "group",
        "xaxis": {"title": {"text": ""}, "tickformat": "d", "range": _range(years), **_ticks(years)},
        "yaxis": base.value_axis(axis, scale.unit),
        "bargap": 0.2,
        "showlegend": True,
    }
    return base.figure(traces, layout)


def _range(years: list[int]) -> list[float]:
    """Return the years shown, five at least, so that a lone bar is no wall."""
    spare = max(0.0, (4 - (max(years) - min(years))) / 2)
    return [min(years) - 0.6 - spare, max(years) + 0.6 + spare]


def _ticks(years: list[int]) -> dict[str, Any]:
    """Return one tick a year where there are few years, so that no half years are labelled."""
    return {"dtick": 1} if max(years) - min(years) < 6 else {"nticks": 8}


def _bars(drawn: Sequence[base.Row], name: str, scale: labels.Scale, words: labels.Words) -> base.Trace:
    colour = theme.area_colour(str(drawn[0]["colour_of"]))
    years = [int(str(row["time_period"])[:4]) for row in drawn]
    is_counted = [row["provenance"] == "statistic" for row in drawn]
    marker = {
        "color": [colour if counted else theme.translucent(colour, 0.16) for counted in is_counted],
        "line": {"color": colour, "width": [0 if counted else 2 for counted in is_counted]},
    }
    trace = base.bar_trace(drawn, x=years, name=name, marker=marker, scale=scale)
    values = [labels.number(row["obs_value"] / scale.factor) for row in drawn]
    return {
        **trace,
        "hovertext": base.hover_texts(drawn, words),
        "text": [text if year == max(years) else "" for text, year in zip(values, years, strict=True)],
        "textposition": "outside",
        "textangle": 0,
        "textfont": {"size": 11},
        "constraintext": "none",
        "cliponaxis": False,
    }
