"""How gas is drawn: deliveries against contracts, suppliers, roles of a pipeline's numbers, scope of a total."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from components import theme
from components.charts.base import (
    Figure,
    Part,
    Row,
    Rows,
    Trace,
    bar_trace,
    by,
    figure,
    point_trace,
    position,
    records,
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
    stop_words,
    undated_trace,
    year_rule,
)
from components.charts.segments import ends_of, segment_rows

UNEXPLAINED = 0.15
PROMISE = theme.ROLE_COLOUR["target"]
CAPACITY = theme.ROLE_COLOUR["capacity"]
REVIEW = theme.area_colour("CHN")


def power_of_siberia(marks: Rows) -> Figure:
    """Return deliveries as columns, the review's dots, and the contracted level in the margin.

    `series` of the marks: delivered, review, contract, otherwise (figures that disagree).
    """
    return stack_panels([_siberia_panel(marks)], margin=0.16)


def kazakh_gas(marks: Rows) -> Figure:
    """Return Kazakh gas as columns, its target over the contract's years, target and implied base in the margin.

    `series` of the marks: imported, target, base.
    """
    return stack_panels([_kazakh_panel(marks)], margin=0.24)


def gas_to_china(marks: Rows) -> Figure:
    """Return both deliveries to China, their marks told apart by `series`, in panels of their own scale."""
    return stack_panels(
        [
            _siberia_panel(marks, "Russia: Power of Siberia"),
            _kazakh_panel(marks, "Kazakhstan"),
        ],
        margin=0.2,
        gap=0.2,
    )


def _siberia_panel(marks: Rows, title: str = "") -> Panel:
    delivered, review, contract = (series_of(marks, name) for name in ("delivered", "review", "contract"))
    bars = bar_trace(
        delivered,
        x=_places(delivered),
        name="Gazprom (company)",
        marker=theme.bar_marker(theme.area_colour("RUS")),
    )
    bars["insidetextanchor"] = "start"  # the sign of a finding at the foot, clear of the dots
    dots = point_trace(review, name=f"Statistical Review (official){until(review)}", colour=REVIEW)
    otherwise = series_of(marks, "otherwise")
    said = point_trace(otherwise, name="printed otherwise", colour=theme.NEUTRAL)
    margin = undated_trace(contract, place="undated", colour=CAPACITY, texts=_words(contract, "contracted"))
    levels = _values(contract)
    top = max([0.0, *levels, *_values(delivered)])
    return Panel(
        [columns(bars), dots, *([said] if otherwise else [])],
        time_axis(),
        value_axis("", "bcm (20 °C; dots 15 °C)", range=[0, top * 1.18]),
        title,
        [_named(margin, "Contracted, level dashed")] if contract else [],
        [*(across(level, CAPACITY) for level in levels), *_disputes(delivered, review)],
    )


def _named(trace: Trace, name: str) -> Trace:
    """Return marks of a margin with an entry of their own in the legend."""
    return {**trace, "name": name, "showlegend": True}


def _places(rows: Sequence[Row]) -> list[str]:
    return [position(str(row["time_period"])) for row in rows]


def _values(rows: Sequence[Row]) -> list[float]:
    return [float(row["obs_value"]) for row in rows]


def _words(rows: Sequence[Row], what: str) -> list[str]:
    """The value of each mark and what it is, one above the other."""
    return [f"{short}<br>{what}" for short in short_values(rows)]


def _disputes(delivered: Sequence[Row], review: Sequence[Row]) -> list[Part]:
    """Name the years in which the two counts lie further apart than reference conditions can explain."""
    known = dict(zip(_places(review), _values(review), strict=True))
    counts = zip(_places(delivered), _values(delivered), strict=True)
    both = [(place, value, known[place]) for place, value in counts if place in known]
    room = {"showarrow": True, "arrowhead": 0, "ax": 0, "ay": -44}
    return [
        note(f"unexplained:<br>{value:g} or<br>{counted:g}", place, value, **room)
        for place, value, counted in both
        if abs(counted / value - 1) > UNEXPLAINED
    ]


def until(marks: Rows) -> str:
    """Say where the statistics at hand stop, to be put behind a name."""
    rows = records(marks)
    return f", {stop_words(rows)}" if rows else ""


def _kazakh_panel(marks: Rows, title: str = "") -> Panel:
    imported, target, base = (series_of(marks, name) for name in ("imported", "target", "base"))
    bars = bar_trace(
        imported,
        x=_places(imported),
        name=f"Kazakh gas (Review, official){until(imported)}",
        marker=theme.bar_marker(theme.area_colour("KAZ")),
    )
    names = ("Aimed at in the contract, level dashed", "Base implied by “double”")
    margin = [
        undated_trace(target, place="no year", colour=PROMISE, texts=_words(target, "aimed at")),
        undated_trace(base, place="no year", colour=theme.NEUTRAL, texts=_words(base, "implied base")),
    ]
    return Panel(
        [columns(bars)],
        time_axis(),
        value_axis("", "bcm (15 °C, 40 MJ/m³)", range=[0, 1.2 * max([1.0, *_values(target), *_values(imported)])]),
        title,
        [_named(trace, name) for trace, name in zip(margin, names, strict=True) if trace["x"]],
        _windows(target),
    )


def _windows(target: Sequence[Row]) -> list[Part]:
    """Draw a target over the years of its contract, for it names no year of its own."""
    ends = [str(row["time_period"]).split("/") for row in target]
    return [
        year_rule(f"{years[0]}-01-01", f"{years[1]}-12-31", value, PROMISE)
        for years, value in zip(ends, _values(target), strict=True)
        if len(years) == 2
    ]


def pipelines_by_role(marks: Rows) -> Figure:
    """Return capacities, plans, targets and flows of each pipeline as bars whose fill tells the role.

    A mark of the series "implied" is also a level across all rows.
    """
    rows = records(marks)
    axis = value_axis("", "bcm a year (Gazprom 20 °C, Review 15 °C)", range=[0, 1.06 * max(ends_of(rows))])
    return segment_rows(rows, axis, levels=_values(series_of(rows, "implied")))


def gas_by_supplier(marks: Rows) -> Figure:
    """Return imports of each year as a column stacked by supplier, in the order of `series`, each in its `colour`.

    Marks of the series "total" stand unjoined over the columns; a seam is drawn where one edition's table ends. The
    unit of the axis is bcm, or the share where the marks are in percent.
    """
    rows = records(marks)
    kinds = by(rows, itemgetter("series"))
    total = kinds.pop("total", [])
    data = [_supplier(own) for own in kinds.values()]
    if total:
        dash = point_trace(total, name=str(total[0]["label"]), colour=theme.area_colour("CHN"))
        size = 22 if len(total) < 10 else 6
        symbol = {"symbol": "line-ew", "size": size, "line": {"color": theme.area_colour("CHN"), "width": 3}}
        data.append({**dash, "mode": "markers", "marker": {**dash["marker"], **symbol}})
    suppliers = [row for row in rows if row["series"] != "total"]
    highest = max(sum(_values(own)) for own in by(suppliers, itemgetter("time_period")).values())
    parts = _long_table(suppliers)
    is_share = rows[0]["unit_measure"] == "PERCENT"
    unit = "% of all gas imported" if is_share else "bcm (15 °C, 40 MJ/m³)"
    whole: dict[str, Any] = {"tickvals": [0, 20, 40, 60, 80, 100]} if is_share else {}
    layout = {
        "barmode": "stack",
        "xaxis": time_axis(f"each year by the edition after it{until(suppliers)}"),
        "yaxis": value_axis("", unit, range=[0, (1.2 if parts else 1.06) * highest], **whole),
        "margin": {"l": 8, "r": 12, "t": 16, "b": 8},
    }
    return figure(data, layout, parts=parts)


def _supplier(rows: Sequence[Row]) -> Trace:
    marker = theme.bar_marker(str(rows[0]["colour"]))
    return columns(bar_trace(rows, x=_places(rows), name=str(rows[0]["label"]), marker=marker), 0.74)


def _long_table(rows: Sequence[Row]) -> list[Part]:
    """Mark where the long table of one edition ends and one edition a year begins."""
    first = [row for row in rows if row["part"] == 1]
    long = [row["time_period"] for own in by(first, itemgetter("series")).values() if len(own) > 1 for row in own]
    if not long or max(row["time_period"] for row in rows) == max(long):
        return []
    start = f"{int(max(long)[:4]) + 1}-01-01"
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
    edition = str(first[-1]["edition"]).removeprefix("ei").removeprefix("bp")
    return [
        {"layout": {"shapes": [rule]}},
        note(f"{edition}<br>edition", start, 1, xanchor="right", xshift=-3, **at_top),
        note("one edition<br>a year", start, 1, xanchor="left", xshift=3, **at_top),
    ]


def gas_scope(marks: Rows) -> Figure:
    """Return the quoted total in the first row of segments beside three official scopes, with its level across."""
    rows = records(marks)
    ends = ends_of(rows)
    axis = value_axis("Gas imported in 2017", "bcm (15 °C, 40 MJ/m³)", range=[0, 1.06 * max(ends)])
    quoted = [end for row, end in zip(rows, ends, strict=True) if row["row"] == rows[0]["row"]]
    return segment_rows(rows, axis, levels=[max(quoted)])
