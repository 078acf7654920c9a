"""How crude oil is drawn: tonnes and shares, what a contract or a pipeline carries, price beside volume."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from components import theme
from components.charts.base import (
    ONE,
    Figure,
    Trace,
    bar_trace,
    figure,
    line_trace,
    point_trace,
    position,
    time_axis,
    value_axis,
)
from components.charts.energy import until
from components.charts.panels import Panel, columns, series_of, stack_panels
from components.charts.segments import segment_rows
from components.labels import Scale

RUSSIA = theme.area_colour("RUS")
MILLION = Scale(1e6, "Mt")
DOLLARS = Scale(1e9, "US$ bn")


def crude_in_tonnes(marks: pd.DataFrame) -> Figure:
    """Return Russian crude before all crude imported, in Mt, and its computed share below.

    `series` of the marks: total, russia, printed (by the press), share.
    """
    total, russia, printed, share = (series_of(marks, name) for name in ("total", "russia", "printed", "share"))
    volumes = Panel(
        [
            *([_volume(total, "all crude imports", quoted_look=True)] if len(total) else []),
            *([_volume(russia, f"from Russia{until(russia)}")] if len(russia) else []),
            *([point_trace(printed, name="from Russia, press", colour=RUSSIA, scale=MILLION)] if len(printed) else []),
        ],
        time_axis(),
        value_axis("", "Mt a year"),
        "Crude oil imported by China",
    )
    shares = Panel(
        [{**_columns_of(share, "Russia's share", theme.bar_marker(RUSSIA, "estimate")), "showlegend": False}],
        time_axis(matches="x"),
        value_axis("", "% of the weight"),
        "Russia's share, computed",
    )
    return stack_panels([volumes, *([shares] if len(share) else [])], gap=0.22)


def _volume(rows: pd.DataFrame, name: str, *, quoted_look: bool = False) -> Trace:
    marker = theme.bar_marker(RUSSIA)
    if quoted_look:
        marker = {"color": theme.translucent(theme.NEUTRAL, 0.3), "line": {"color": theme.NEUTRAL, "width": 1}}
    return _columns_of(rows, name, marker, scale=MILLION, share=0.82 if quoted_look else 0.6)


def _columns_of(
    rows: pd.DataFrame, name: str, marker: Mapping[str, Any], *, scale: Scale = ONE, share: float = 0.6
) -> Trace:
    x = [position(str(period)) for period in rows["time_period"]]
    return columns(bar_trace(rows, x=x, name=name, marker=marker, scale=scale), share)


def crude_by_role(marks: pd.DataFrame) -> Figure:
    """Return imports, a contract's mean and a pipeline's flow in Mt a year as rows that share only the unit."""
    top = marks["obs_value"].max() / MILLION.factor
    return segment_rows(marks, value_axis("Crude oil", "Mt a year", range=[0, 1.06 * top]), scale=MILLION)


def price_and_volume(marks: pd.DataFrame) -> Figure:
    """Return volume, price and what they imply as three panels over the same years.

    `series` of the marks: volume, price, implied, stated (customs values as printed).
    """
    volume, price, implied, stated = (series_of(marks, name) for name in ("volume", "price", "implied", "stated"))
    computed = _columns_of(implied, "volume × Brent, computed", theme.bar_marker(RUSSIA, "estimate"), scale=DOLLARS)
    printed = point_trace(stated, name="customs value, as printed", colour=theme.WARNING, scale=DOLLARS)
    weight = _columns_of(volume, "volume", theme.bar_marker(RUSSIA), scale=MILLION)
    years = time_axis()
    below = {**years, "matches": "x"}
    panels = [
        Panel([_quiet(weight)], years, value_axis("", "Mt"), f"Crude from Russia{until(volume)}"),
        Panel(
            [_quiet(line_trace(price, name="Brent", colour=theme.NEUTRAL))],
            below,
            value_axis("", "US$ a barrel"),
            "Brent, mean of the year",
        ),
        Panel([computed, *([printed] if len(stated) else [])], below, value_axis("", "US$ bn"), "What they imply"),
    ]
    return stack_panels(panels, gap=0.13)


def _quiet(trace: Trace) -> Trace:
    """Leave a trace out of the legend, for the title of its panel names it."""
    return {**trace, "showlegend": False}


def price_and_volume_index(marks: pd.DataFrame) -> Figure:
    """Return volume and price as lines of percent of the first year, and the implied value as unjoined marks."""
    volume, price, implied = (series_of(marks, name) for name in ("volume", "price", "implied"))
    data = [
        line_trace(volume, name=f"volume{until(volume)}", colour=RUSSIA),
        line_trace(price, name="Brent", colour=theme.NEUTRAL),
        point_trace(implied, name="volume × Brent (computed)", colour=theme.WARNING),
    ]
    first = str(volume["time_period"].iloc[0])
    return figure(data, {"xaxis": time_axis(), "yaxis": value_axis("Compared with " + first, f"% ({first} = 100)")})
