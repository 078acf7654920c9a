"""How Kazakhstan is drawn between Russia and China: its partners, what the EU sells it, Chinese money, projects."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from components import labels, theme
from components.charts.base import (
    ONE,
    Figure,
    Part,
    Trace,
    bar_trace,
    keys,
    line_trace,
    position,
    time_axis,
    value_axis,
    wrap,
)
from components.charts.panels import (
    Panel,
    note,
    quoted_bar,
    seam_rules,
    series_of,
    short_editions,
    short_values,
    stack_panels,
)
from components.charts.rows import Panel as RowPanel
from components.charts.rows import Row, place, stack
from components.labels import Scale

BILLION = Scale(1e9, "bn")
NAMES_WIDTH = 50


def partners(marks: pd.DataFrame) -> Figure:
    """Return one line of shares for each partner (`series` is its area code), with the seams of their editions."""
    panel = Panel(
        _lines(marks),
        time_axis(),
        value_axis("Share of Kazakh-reported trade", "%", range=[0, 1.2 * marks["obs_value"].max()]),
        parts=[*seam_rules(marks, short_editions(marks)), *_names_at_end(marks, "%"), _ends(marks)],
    )
    drawn = stack_panels([panel])
    drawn["layout"] |= {"showlegend": False, "margin": {**drawn["layout"]["margin"], "r": 92}}
    return drawn


def _ends(marks: pd.DataFrame) -> Part:
    """Say at the foot of the last year where the statistics at hand stop."""
    last = str(marks["time_period"].max())
    return note(f"extract ends {last}", position(last), 0, xanchor="right", yanchor="bottom", xshift=8)


def _lines(marks: pd.DataFrame, scale: Scale = ONE) -> list[Trace]:
    return [
        line_trace(rows, name=str(rows["label"].iloc[0]), colour=theme.area_colour(str(area)), scale=scale)
        for area, rows in marks.groupby("series", sort=False)
    ]


def _names_at_end(marks: pd.DataFrame, unit: str, scale: Scale = ONE) -> list[Part]:
    """Name each line behind its last point."""
    return [
        note(
            f"{rows['label'].iloc[-1]} {labels.number(rows['obs_value'].iloc[-1] / scale.factor)}{labels.NBSP}{unit}",
            1,
            rows["obs_value"].iloc[-1] / scale.factor,
            xref="paper",
            xanchor="left",
            font={"size": 12, "color": theme.area_colour(str(area))},
        )
        for area, rows in marks.groupby("series", sort=False)
    ]


def eu_exports(marks: pd.DataFrame, *, unit: str = "€ bn", scale: Scale = BILLION) -> Figure:
    """Return one panel for each destination (`series` is its area code), each on its own scale from zero."""
    panels = [
        Panel(
            _lines(rows, scale),
            time_axis(),
            value_axis("", unit, range=[0, 1.25 * rows["obs_value"].max() / scale.factor]),
            f"to {rows['label'].iloc[0]}",
            parts=_stop(rows, scale),
        )
        for _, rows in marks.groupby("series", sort=False)
    ]
    drawn = stack_panels(panels, gap=0.2)
    drawn["layout"]["showlegend"] = False
    return drawn


def _stop(rows: pd.DataFrame, scale: Scale) -> list[Part]:
    """Write the last value beside its point, on the side the line does not come from."""
    values = (rows["obs_value"] / scale.factor).tolist()
    falling = len(values) > 1 and values[-2] > values[-1]
    last = str(rows["time_period"].iloc[-1])
    side = {"yanchor": "top", "yshift": -6} if falling else {"yanchor": "bottom", "yshift": 6}
    text = f"{labels.number(values[-1])}, extract ends {last}"
    return [note(text, position(last), values[-1], xanchor="right", xshift=8, **side)]


def chinese_money(marks: pd.DataFrame) -> Figure:
    """Return stocks as lines and the quoted sums as bars off the time axis, all in US$ bn.

    `series` of a stock is the area code of its holder; the other series are cumulative and plan, whose bars stand at
    their `place`.
    """
    stocks = marks[marks["series"].isin(list(theme.AREA_COLOUR))]
    colour = theme.area_colour("CHN")
    bars = [
        _placed_bar(series_of(marks, "cumulative"), quoted_bar(colour)),
        _placed_bar(series_of(marks, "plan"), theme.bar_marker(colour, "plan")),
    ]
    panel = Panel(
        _lines(stocks, BILLION),
        time_axis(),
        value_axis("Investment in Kazakhstan", "US$ bn", range=[0, 1.2 * marks["obs_value"].max() / BILLION.factor]),
        margin=[trace for trace in bars if trace["x"]],
        parts=_stock_words(stocks),
    )
    drawn = stack_panels([panel], margin=0.52)
    drawn["layout"] |= {"showlegend": len(stocks["series"].unique()) > 1}
    return drawn


def _placed_bar(rows: pd.DataFrame, marker: Mapping[str, Any]) -> Trace:
    trace = bar_trace(rows, x=list(rows["place"]), name="", marker=marker, scale=BILLION)
    return {
        **trace,
        "text": short_values(rows, BILLION),
        "textposition": "outside",
        "textangle": 0,
        "constraintext": "none",
        "cliponaxis": False,
        "width": 0.62,
        "showlegend": False,
    }


def _stock_words(stocks: pd.DataFrame) -> list[Part]:
    """Name a single stock above its highest point, and say where the extract ends; several stocks have a legend."""
    stop = _ends(stocks)
    if len(stocks["series"].unique()) > 1:
        return [stop]
    high = stocks.iloc[int(stocks["obs_value"].to_numpy().argmax())]
    place = (position(str(high["time_period"])), high["obs_value"] / BILLION.factor)
    return [stop, note(str(high["label"]), *place, yshift=14, font={"color": theme.area_colour("CHN"), "size": 11})]


def project_states(projects: pd.DataFrame) -> Figure:
    """Return a row for each status with one mark for each project and their names below; `short` is the name shown."""
    groups = [(status, projects[projects["status"] == status]) for status in theme.STATUS_COLOUR]
    held = [(status, rows) for status, rows in groups if len(rows)]
    placed = place([Row(f"{status} ({len(rows)})".capitalize(), _named(rows)) for status, rows in held])
    data = [_project_marks(rows, status, y) for (status, rows), y in zip(held, placed.y, strict=True)]
    longest = max(len(rows) for _, rows in held)
    return stack([RowPanel(placed, {"range": [0.2, max(12, longest) + 0.8], "visible": False}, data)])


def _named(rows: pd.DataFrame) -> tuple[str, ...]:
    """The names in lines of their own, for a longer note would be cut."""
    lines = [""]
    for name in rows["short"]:
        joined = f"{lines[-1]} · {name}" if lines[-1] else str(name)
        if len(joined) > NAMES_WIDTH:
            lines.append(str(name))
        else:
            lines[-1] = joined
    return tuple(lines)


def _project_marks(rows: pd.DataFrame, status: str, y: float) -> Trace:
    colour = theme.STATUS_COLOUR[status]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": status,
        "x": list(range(1, len(rows) + 1)),
        "y": [y] * len(rows),
        "customdata": keys(rows),
        "hovertext": [
            f"<b>{wrap(label, 48)}</b><br>{kind} · {status}, as of {labels.period(since)}<br>{wrap(note)}"
            for label, kind, since, note in rows[["label", "kind", "time_period", "measures"]].astype(str).to_numpy()
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {
            "symbol": theme.STATUS_SYMBOL[status],
            "color": colour,
            "size": 13,
            "line": {"color": colour, "width": 2},
        },
        "cliponaxis": False,
    }
