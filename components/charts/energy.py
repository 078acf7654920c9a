"""How gas is drawn: deliveries against contracts, suppliers, roles of a pipeline's numbers, scope of a total."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from components import theme
from components.charts.base import (
    Figure,
    Part,
    Trace,
    bar_trace,
    figure,
    point_trace,
    position,
    time_axis,
    value_axis,
)
from components.charts.panels import (
    Panel,
    across,
    columns,
    note,
    series_of,
    short_values,
    stack_panels,
    undated_trace,
    year_rule,
)
from components.charts.segments import segment_rows

UNEXPLAINED = 0.15
PROMISE = theme.ROLE_COLOUR["target"]
CAPACITY = theme.ROLE_COLOUR["capacity"]
REVIEW = theme.area_colour("CHN")


def power_of_siberia(marks: pd.DataFrame) -> Figure:
    """Return deliveries as columns, the review's dots, and the contracted level in the margin.

    `series` of the marks: delivered, review, contract, otherwise (figures that disagree).
    """
    return stack_panels([_siberia_panel(marks)], margin=0.16)


def kazakh_gas(marks: pd.DataFrame) -> Figure:
    """Return Kazakh gas as columns, its target over the contract's years, target and implied base in the margin.

    `series` of the marks: imported, target, base.
    """
    return stack_panels([_kazakh_panel(marks)], margin=0.24)


def gas_to_china(siberia: pd.DataFrame, kazakh: pd.DataFrame) -> Figure:
    """Return both deliveries to China in panels of their own scale."""
    return stack_panels(
        [
            _siberia_panel(siberia, "Russia: Power of Siberia"),
            _kazakh_panel(kazakh, "Kazakhstan"),
        ],
        margin=0.2,
        gap=0.2,
    )


def _siberia_panel(marks: pd.DataFrame, title: str = "") -> Panel:
    delivered, review, contract = (series_of(marks, name) for name in ("delivered", "review", "contract"))
    bars = bar_trace(
        delivered,
        x=[position(p) for p in delivered["time_period"]],
        name="Gazprom (company)",
        marker=theme.bar_marker(theme.area_colour("RUS")),
    )
    bars["insidetextanchor"] = "start"  # the sign of a finding at the foot, clear of the dots
    dots = point_trace(review, name=f"Statistical Review (official){until(review)}", colour=REVIEW)
    otherwise = series_of(marks, "otherwise")
    said = point_trace(otherwise, name="printed otherwise", colour=theme.NEUTRAL)
    margin = undated_trace(contract, place="undated", colour=CAPACITY, texts=_words(contract, "contracted"))
    top = max([0.0, *contract["obs_value"], *delivered["obs_value"]])
    return Panel(
        [columns(bars), dots, *([said] if len(otherwise) else [])],
        time_axis(),
        value_axis("", "bcm (20 °C; dots 15 °C)", range=[0, top * 1.18]),
        title,
        [margin] if len(contract) else [],
        [*(across(level, CAPACITY) for level in contract["obs_value"]), *_disputes(delivered, review)],
    )


def _words(rows: pd.DataFrame, what: str) -> list[str]:
    """The value of each mark and what it is, one above the other."""
    return [f"{short}<br>{what}" for short in short_values(rows)]


def _disputes(delivered: pd.DataFrame, review: pd.DataFrame) -> list[Part]:
    """Name the years in which the two counts lie further apart than reference conditions can explain."""
    known = dict(zip(review["time_period"], review["obs_value"], strict=True))
    counts = zip(delivered["time_period"], delivered["obs_value"], strict=True)
    both = [(year, value, known[year]) for year, value in counts if year in known]
    room = {"showarrow": True, "arrowhead": 0, "ax": 0, "ay": -44}
    return [
        note(f"unexplained:<br>{value:g} or<br>{counted:g}", position(year), value, **room)
        for year, value, counted in both
        if abs(counted / value - 1) > UNEXPLAINED
    ]


def until(rows: pd.DataFrame) -> str:
    """Say where the statistics at hand stop, to be put behind a name."""
    return f", extract ends {rows['time_period'].max()}" if len(rows) else ""


def _kazakh_panel(marks: pd.DataFrame, title: str = "") -> Panel:
    imported, target, base = (series_of(marks, name) for name in ("imported", "target", "base"))
    bars = bar_trace(
        imported,
        x=[position(p) for p in imported["time_period"]],
        name=f"Kazakh gas (Review, official){until(imported)}",
        marker=theme.bar_marker(theme.area_colour("KAZ")),
    )
    margin = [
        undated_trace(target, place="no year", colour=PROMISE, texts=_words(target, "aimed at")),
        undated_trace(base, place="no year", colour=theme.NEUTRAL, texts=_words(base, "implied base")),
    ]
    return Panel(
        [columns(bars)],
        time_axis(),
        value_axis(
            "", "bcm (15 °C, 40 MJ/m³)", range=[0, 1.2 * max([1.0, *target["obs_value"], *imported["obs_value"]])]
        ),
        title,
        [trace for trace in margin if trace["x"]],
        _windows(target),
    )


def _windows(target: pd.DataFrame) -> list[Part]:
    """Draw a target over the years of its contract, for it names no year of its own."""
    ends = target["time_period"].astype(object).fillna("").str.split("/")
    return [
        year_rule(f"{years[0]}-01-01", f"{years[1]}-12-31", value, PROMISE)
        for years, value in zip(ends, target["obs_value"], strict=True)
        if len(years) == 2
    ]


def pipelines_by_role(marks: pd.DataFrame, levels: Sequence[float] = ()) -> Figure:
    """Return capacities, plans, targets and flows of each pipeline as bars whose fill tells the role."""
    top = max([*(marks["start"].fillna(0) + marks["obs_value"]), *levels])
    return segment_rows(
        marks, value_axis("", "bcm a year (Gazprom 20 °C, Review 15 °C)", range=[0, 1.06 * top]), levels=levels
    )


def gas_by_supplier(marks: pd.DataFrame, *, unit: str) -> Figure:
    """Return imports of each year as a column stacked by supplier, in the order of `series`, each in its `colour`.

    Marks of the series "total" stand unjoined over the columns; a seam is drawn where one edition's table ends.
    """
    total = series_of(marks, "total")
    suppliers = marks[marks["series"] != "total"]
    data = [_supplier(rows) for _, rows in suppliers.groupby("series", sort=False)]
    if len(total):
        dash = point_trace(total, name=str(total["label"].iloc[0]), colour=theme.area_colour("CHN"))
        size = 22 if len(total) < 10 else 6
        symbol = {"symbol": "line-ew", "size": size, "line": {"color": theme.area_colour("CHN"), "width": 3}}
        data.append({**dash, "mode": "markers", "marker": {**dash["marker"], **symbol}})
    parts = _long_table(suppliers)
    highest = suppliers.groupby("time_period")["obs_value"].sum().max()
    whole: dict[str, Any] = {"tickvals": [0, 20, 40, 60, 80, 100]} if unit.startswith("%") else {}
    layout = {
        "barmode": "stack",
        "xaxis": time_axis(f"each year by the edition after it{until(suppliers)}"),
        "yaxis": value_axis("", unit, range=[0, (1.2 if parts else 1.06) * highest], **whole),
        "margin": {"l": 8, "r": 12, "t": 16, "b": 8},
    }
    return figure(data, layout, parts=parts)


def _supplier(rows: pd.DataFrame) -> Trace:
    x = [position(str(period)) for period in rows["time_period"]]
    marker = theme.bar_marker(str(rows["colour"].iloc[0]))
    return columns(bar_trace(rows, x=x, name=str(rows["label"].iloc[0]), marker=marker), 0.74)


def _long_table(rows: pd.DataFrame) -> list[Part]:
    """Mark where the long table of one edition ends and one edition a year begins."""
    first = rows[rows["part"] == 1]
    ends = first.groupby("series")["time_period"].agg(["size", "max"])
    long = ends.loc[ends["size"] > 1, "max"]
    if long.empty or rows["time_period"].max() == long.max():
        return []
    start = f"{int(str(long.max())[:4]) + 1}-01-01"
    rule = {
        "type": "line",
        "x0": start,
        "x1": start,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"width": 1, "dash": "dot"},
    }
    at_top = {"yref": "paper", "yanchor": "top", "font": {"size": 10.5}}
    edition = str(first["edition"].iloc[-1]).removeprefix("ei").removeprefix("bp")
    return [
        {"layout": {"shapes": [rule]}},
        note(f"{edition}<br>edition", start, 1, xanchor="right", xshift=-3, **at_top),
        note("one edition<br>a year", start, 1, xanchor="left", xshift=3, **at_top),
    ]


def gas_scope(marks: pd.DataFrame, level: float) -> Figure:
    """Return the quoted total beside three official scopes, each a row of segments, with the quoted level across."""
    ends = marks["start"].fillna(0) + marks["obs_value"]
    return segment_rows(
        marks, value_axis("Gas imported in 2017", "bcm (15 °C, 40 MJ/m³)", range=[0, 1.06 * ends.max()]), levels=[level]
    )
