"""Who reports what: what is held of each pair and year, both sides' values, and the gap between them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from components import labels, theme
from components.charts.base import (
    Figure,
    Trace,
    hover_texts,
    keys,
    line_trace,
    point_trace,
    time_axis,
    value_axis,
    wrap,
)
from components.charts.energy import until
from components.charts.panels import Panel, seam_rules, series_of, short_editions, stack_panels
from components.charts.rows import Panel as RowPanel
from components.charts.rows import Placed, Row, bars, dots, place, stack
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


def coverage_rows(marks: pd.DataFrame) -> Figure:
    """Return a row for each pair and reporter with one mark a year, whose shape tells what there is.

    `row` names pair and reporter, `state` what is held; the hover of an empty cell says why it is empty.
    """
    placed = place([Row(str(name)) for name in dict.fromkeys(marks["row"])])
    data = [
        _state_marks(rows, _heights(marks, placed), str(state)) for state, rows in marks.groupby("state", sort=False)
    ]
    drawn = stack([RowPanel(placed, _year_axis(marks), data)])
    return _with_legend(drawn)


def _with_legend(drawn: Figure) -> Figure:
    """Make room for a legend below rows that have their own height."""
    layout = drawn["layout"]
    room = {**layout["margin"], "b": layout["margin"]["b"] + LEGEND_ROOM}
    taller = {"showlegend": True, "height": layout["height"] + LEGEND_ROOM, "margin": room}
    return {**drawn, "layout": {**layout, **taller}}


def _heights(marks: pd.DataFrame, placed: Placed) -> dict[str, float]:
    return dict(zip(dict.fromkeys(marks["row"]), placed.y, strict=True))


def _year_axis(marks: pd.DataFrame) -> dict[str, Any]:
    years = marks["time_period"].astype(int)
    return {"range": [years.min() - 0.8, years.max() + 0.8], "rangemode": "normal", "tickformat": "d"}


def _state_marks(rows: pd.DataFrame, heights: Mapping[str, float], state: str) -> Trace:
    symbol, colour, name = STATES[state]
    size = 5 if state == "none" else 9
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": rows["time_period"].astype(int).tolist(),
        "y": [heights[row] for row in rows["row"]],
        "customdata": keys(rows),
        "hovertext": _told(rows),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {"symbol": symbol, "color": colour, "size": size, "line": {"color": colour, "width": 1.6}},
        "cliponaxis": False,
    }


def _told(rows: pd.DataFrame) -> list[str]:
    """The hover of a value, and of an empty cell its year and reason."""
    reasons = [f"<b>{year}</b><br>{wrap(str(label))}" for year, label in rows[["time_period", "label"]].to_numpy()]
    held = rows["obs_value"].notna()
    return [text if has else why for text, has, why in zip(hover_texts(rows), held, reasons, strict=True)]


def value_rows(marks: pd.DataFrame) -> Figure:
    """Return the same rows with the values themselves in US$ bn; an empty cell is a dash."""
    placed = place([Row(str(name)) for name in dict.fromkeys(marks["row"])])
    heights = _heights(marks, placed)
    words = [
        "–" if pd.isna(value) else f"{labels.number(value / BILLION.factor)}{FLAGS[state]}"
        for value, state in marks[["obs_value", "state"]].to_numpy()
    ]
    text = {
        "type": "scatter",
        "mode": "text",
        "x": marks["time_period"].astype(int).tolist(),
        "y": [heights[row] for row in marks["row"]],
        "text": words,
        "textfont": {"size": 11},
        "customdata": keys(marks),
        "hovertext": _told(marks),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
    }
    return stack([RowPanel(placed, {**_year_axis(marks), "dtick": 1, "title": {"text": "US$ bn"}}, [text])])


def both_reporters(marks: pd.DataFrame) -> Figure:
    """Return for each `row` what either side reports as a dot of its colour, and the gap as a pale bar between them.

    `series` is the area code of the reporter, or gap; `note` is said below the row.
    """
    first = marks.drop_duplicates("row")
    placed = place([Row(str(row), (str(note),)) for row, note in first[["row", "note"]].to_numpy()])
    heights = _heights(marks, placed)
    gaps = series_of(marks, "gap")
    marker = {"color": theme.translucent(theme.NEUTRAL, 0.25), "line": {"width": 0}}
    width = bars(gaps, [heights[row] for row in gaps["row"]], name="gap", marker=marker, scale=BILLION, width=8)
    sides = [
        dots(
            rows,
            [heights[row] for row in rows["row"]],
            name=str(rows["label"].iloc[0]),
            colour=theme.area_colour(str(area)),
            scale=BILLION,
        )
        for area, rows in marks[marks["series"] != "gap"].groupby("series", sort=False)
    ]
    data = [{**width, "base": (gaps["start"] / BILLION.factor).tolist(), "showlegend": False}, *sides]
    top = marks["obs_value"].max() / BILLION.factor
    return _with_legend(stack([RowPanel(placed, value_axis("Goods trade", "US$ bn", range=[0, 1.08 * top]), data)]))


def reporters_over_time(marks: pd.DataFrame) -> Figure:
    """Return one side's line with its seams, and the other side's figures as unjoined marks; both in US$ bn.

    `series` of the marks: line, points.
    """
    line, points = series_of(marks, "line"), series_of(marks, "points")
    area = str(marks["ref_area"].iloc[0])
    traces = [
        *(
            [
                line_trace(
                    line, name=f"{line['label'].iloc[0]}{until(line)}", colour=theme.area_colour(area), scale=BILLION
                )
            ]
            if len(line)
            else []
        ),
        *(
            [point_trace(points, name="China reports", colour=theme.area_colour("CHN"), scale=BILLION)]
            if len(points)
            else []
        ),
    ]
    top = marks["obs_value"].max() / BILLION.factor
    axis = value_axis("Goods trade", "US$ bn", range=[0, 1.25 * top])
    drawn = stack_panels([Panel(traces, time_axis(), axis, parts=seam_rules(line, short_editions(line), upright=True))])
    drawn["layout"]["showlegend"] = True
    return drawn
