"""Who reports what: what is held of each pair and year, both sides' values, and the gap between them."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

import pandas as pd

from components import labels, theme
from components.charts.base import (
    Figure,
    Row,
    Rows,
    Trace,
    by,
    hover_texts,
    keys,
    line_trace,
    point_trace,
    records,
    time_axis,
    value_axis,
    wrap,
)
from components.charts.energy import until
from components.charts.panels import Panel, seam_rules, series_of, short_editions, stack_panels
from components.charts.rows import Panel as RowPanel
from components.charts.rows import Placed, bars, dots, place, stack
from components.charts.rows import Row as Named
from components.labels import Scale

BILLION = Scale(1e9, "bn")
LEGEND_ROOM = 30
STATES: Mapping[str, tuple[str, str, str]] = {
    "official": ("square", theme.SOURCE_CLASS_COLOUR["official"], "official"),
    "estimate": ("diamond-open", theme.ROLE_COLOUR["estimate"], "estimated"),
    "press": ("triangle-up-open", theme.SOURCE_CLASS_COLOUR["press"], "press"),
    "quoted": ("circle-open", theme.SOURCE_CLASS_COLOUR["research"], "document"),
    "none": ("x-thin", theme.NEUTRAL, "nothing"),
}
FLAGS: Mapping[str, str] = {
    "official": "", "estimate": "<sup>e</sup>", "press": "<sup>p</sup>", "quoted": "<sup>q</sup>", "none": "",
}  # fmt: skip


def coverage_rows(marks: Rows) -> Figure:
    """Return a row for each pair and reporter with one mark a year, whose shape tells what there is.

    `row` names pair and reporter, `state` what is held; the hover of an empty cell says why it is empty.
    """
    rows = records(marks)
    placed, heights = _rows_placed(rows)
    data = [_state_marks(own, heights, state) for state, own in by(rows, itemgetter("state")).items()]
    drawn = stack([RowPanel(placed, _year_axis(rows), data)])
    return _with_legend(drawn)


def _with_legend(drawn: Figure) -> Figure:
    """Make room for a legend below rows that have their own height."""
    layout = drawn["layout"]
    room = {**layout["margin"], "b": layout["margin"]["b"] + LEGEND_ROOM}
    taller = {"showlegend": True, "height": layout["height"] + LEGEND_ROOM, "margin": room}
    return {**drawn, "layout": {**layout, **taller}}


def _rows_placed(rows: Sequence[Row]) -> tuple[Placed, dict[str, float]]:
    """Return the places of all rows, the `note` of each below it, and the height of each by its name."""
    notes = {row["row"]: row.get("note", "") for row in reversed(rows)}
    names = list(dict.fromkeys(row["row"] for row in rows))
    placed = place([Named(name, (notes[name],)) for name in names])
    return placed, dict(zip(names, placed.y, strict=True))


def _years(rows: Sequence[Row]) -> list[int]:
    return [int(row["time_period"]) for row in rows]


def _year_axis(rows: Sequence[Row]) -> dict[str, Any]:
    years = _years(rows)
    return {"range": [min(years) - 0.8, max(years) + 0.8], "rangemode": "normal", "tickformat": "d"}


def _state_marks(rows: Sequence[Row], heights: Mapping[str, float], state: str) -> Trace:
    symbol, colour, name = STATES[state]
    size = 5 if state == "none" else 9
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": _years(rows),
        "y": [heights[row["row"]] for row in rows],
        "customdata": keys(rows),
        "hovertext": _told(rows),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {"symbol": symbol, "color": colour, "size": size, "line": {"color": colour, "width": 1.6}},
        "cliponaxis": False,
    }


def _told(rows: Sequence[Row]) -> list[str]:
    """The hover of a value, and of an empty cell its year and reason."""
    return [
        f"<b>{row['time_period']}</b><br>{wrap(str(row['label']))}" if pd.isna(row["obs_value"]) else text
        for row, text in zip(rows, hover_texts(rows), strict=True)
    ]


def value_rows(marks: Rows) -> Figure:
    """Return the same rows with the values themselves in US$ bn; an empty cell is a dash."""
    rows = records(marks)
    placed, heights = _rows_placed(rows)
    words = [
        "–" if pd.isna(value) else f"{labels.number(value / BILLION.factor)}{FLAGS[state]}"
        for value, state in map(itemgetter("obs_value", "state"), rows)
    ]
    text = {
        "type": "scatter",
        "mode": "text",
        "name": "value",
        "showlegend": False,
        "x": _years(rows),
        "y": [heights[row["row"]] for row in rows],
        "text": words,
        "textfont": {"size": 11},
        "customdata": keys(rows),
        "hovertext": _told(rows),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
    }
    return stack([RowPanel(placed, {**_year_axis(rows), "dtick": 1, "title": {"text": "US$ bn"}}, [text])])


def both_reporters(marks: Rows) -> Figure:
    """Return for each `row` what either side reports as a dot of its colour, and the gap as a pale bar between them.

    `series` is the area code of the reporter, or gap; `note` is said below the row.
    """
    rows = records(marks)
    placed, heights = _rows_placed(rows)
    sides = by(rows, itemgetter("series"))
    gaps = sides.pop("gap")
    marker = {"color": theme.translucent(theme.NEUTRAL, 0.25), "line": {"width": 0}}
    width = bars(gaps, [heights[gap["row"]] for gap in gaps], name="gap", marker=marker, scale=BILLION, width=8)
    reported = [
        dots(
            own,
            [heights[row["row"]] for row in own],
            name=str(own[0]["label"]),
            colour=theme.area_colour(area),
            scale=BILLION,
        )
        for area, own in sides.items()
    ]
    data = [{**width, "base": [gap["start"] / BILLION.factor for gap in gaps], "showlegend": False}, *reported]
    top = max(row["obs_value"] for row in rows) / BILLION.factor
    return _with_legend(stack([RowPanel(placed, value_axis("Goods trade", "US$ bn", range=[0, 1.08 * top]), data)]))


def reporters_over_time(marks: Rows) -> Figure:
    """Return one side's line with its seams, and the other side's figures as unjoined marks; both in US$ bn.

    `series` of the marks: line, own (printed for years the line lacks), points.
    """
    rows = records(marks)
    line, own, points = series_of(rows, "line"), series_of(rows, "own"), series_of(rows, "points")
    area = str(rows[0]["ref_area"])
    traces = [
        *(
            [line_trace(line, name=f"{line[0]['label']}{until(line)}", colour=theme.area_colour(area), scale=BILLION)]
            if line
            else []
        ),
        *([point_trace(own, name=str(own[0]["label"]), colour=theme.area_colour(area), scale=BILLION)] if own else []),
        *(
            [point_trace(points, name="China reports", colour=theme.area_colour("CHN"), scale=BILLION)]
            if points
            else []
        ),
    ]
    top = max(row["obs_value"] for row in rows) / BILLION.factor
    axis = value_axis("Goods trade", "US$ bn", range=[0, 1.25 * top])
    drawn = stack_panels([Panel(traces, time_axis(), axis, parts=seam_rules(line, short_editions(line), upright=True))])
    drawn["layout"]["showlegend"] = True
    return drawn
