"""How crude oil is drawn: tonnes and shares, what a contract or a pipeline carries, price beside volume."""

from collections.abc import Mapping, Sequence
from typing import Any

from components import theme
from components.charts.base import (
    ONE,
    Figure,
    Row,
    Rows,
    Trace,
    bar_trace,
    by,
    figure,
    line_trace,
    point_trace,
    position,
    records,
    time_axis,
    value_axis,
)
from components.charts.energy import until
from components.charts.panels import Panel, columns, series_of, stack_panels
from components.charts.segments import segment_rows
from components.charts.timeline import CLASS_NAMES
from components.labels import Scale

RUSSIA = theme.area_colour("RUS")
MILLION = Scale(1e6, "Mt")
DOLLARS = Scale(1e9, "US$ bn")


def crude_in_tonnes(marks: Rows) -> Figure:
    """Return Russian crude before all crude imported, in Mt, and its computed share below.

    `series` of the marks: total, russia, printed (by the press), share.
    """
    rows = records(marks)
    total, russia, printed, share = (series_of(rows, name) for name in ("total", "russia", "printed", "share"))
    volumes = Panel(
        [
            *([_volume(total, "all crude imports", quoted_look=True)] if total else []),
            *([_volume(russia, f"from Russia{until(russia)}")] if russia else []),
            *([point_trace(printed, name="from Russia, press", colour=RUSSIA, scale=MILLION)] if printed else []),
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
    return stack_panels([volumes, *([shares] if share else [])], gap=0.22)


def _volume(rows: Sequence[Row], name: str, *, quoted_look: bool = False) -> Trace:
    marker = theme.bar_marker(RUSSIA)
    if quoted_look:
        marker = {"color": theme.translucent(theme.NEUTRAL, 0.3), "line": {"color": theme.NEUTRAL, "width": 1}}
    return _columns_of(rows, name, marker, scale=MILLION, share=0.82 if quoted_look else 0.6)


def _columns_of(
    rows: Sequence[Row], name: str, marker: Mapping[str, Any], *, scale: Scale = ONE, share: float = 0.6
) -> Trace:
    x = [position(str(row["time_period"])) for row in rows]
    return columns(bar_trace(rows, x=x, name=name, marker=marker, scale=scale), share)


def crude_by_role(marks: Rows) -> Figure:
    """Return imports, a contract's mean and a pipeline's flow in Mt a year as rows that share only the unit."""
    rows = records(marks)
    top = max(row["obs_value"] for row in rows) / MILLION.factor
    return segment_rows(rows, value_axis("Crude oil", "Mt a year", range=[0, 1.06 * top]), scale=MILLION)


def price_and_volume(marks: Rows) -> Figure:
    """Return volume, price and what they imply as three panels over the same years.

    `series` of the marks: volume, price, implied, stated (customs values as printed).
    """
    rows = records(marks)
    volume, price, implied, stated = (series_of(rows, name) for name in ("volume", "price", "implied", "stated"))
    computed = _columns_of(implied, "volume × Brent, computed", theme.bar_marker(RUSSIA, "estimate"), scale=DOLLARS)
    printed = [
        point_trace(
            part,
            name=f"customs value, {CLASS_NAMES[kind].lower()}",
            colour=theme.SOURCE_CLASS_COLOUR[kind],
            scale=DOLLARS,
        )
        for kind, part in by(stated, lambda row: str(row["source_class"])).items()
    ]
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
        Panel([computed, *printed], below, value_axis("", "US$ bn"), "What they imply"),
    ]
    return stack_panels(panels, gap=0.13)


def _quiet(trace: Trace) -> Trace:
    """Leave a trace out of the legend, for the title of its panel names it."""
    return {**trace, "showlegend": False}


def price_and_volume_index(marks: Rows) -> Figure:
    """Return volume and price as lines of percent of the first year, and the implied value as unjoined marks."""
    rows = records(marks)
    volume, price, implied = (series_of(rows, name) for name in ("volume", "price", "implied"))
    data = [
        line_trace(volume, name=f"volume{until(volume)}", colour=RUSSIA),
        line_trace(price, name="Brent", colour=theme.NEUTRAL),
        point_trace(implied, name="volume × Brent (computed)", colour=theme.ROLE_COLOUR["estimate"]),
    ]
    first = str(volume[0]["time_period"])
    return figure(data, {"xaxis": time_axis(), "yaxis": value_axis("Compared with " + first, f"% ({first} = 100)")})
