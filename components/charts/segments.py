"""How stated pieces of an amount stand in one bar, each row of bars with its own words and its own whole."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from components import theme
from components.charts.base import ONE, Figure, Trace
from components.charts.panels import quoted_bar
from components.charts.rows import MARK, Panel, Placed, Row, bars, place, stack
from components.labels import Scale

REST = "rest"


def segment_panel(marks: pd.DataFrame, xaxis: Mapping[str, Any], *, scale: Scale = ONE) -> Panel:
    """Return one row of segments for each `row` of the marks, in their order, with its `words` below.

    A segment begins at `start` (zero where missing). Its `look` is a role, or "counted" by an office, "quoted" by a
    document or the press, or "rest" for what nobody described; `colour` is that of its area.
    """
    names = list(dict.fromkeys(marks["row"]))
    placed = place([Row(str(name), _words(marks, name)) for name in names])
    heights = dict(zip(names, placed.y, strict=True))
    traces = [
        _segments(rows, [heights[name] for name in rows["row"]], str(look), str(colour), scale)
        for (look, colour), rows in marks.groupby(["look", "colour"], sort=False)
    ]
    return Panel(placed, xaxis, traces)


def segment_rows(
    marks: pd.DataFrame, xaxis: Mapping[str, Any], *, scale: Scale = ONE, levels: Sequence[float] = ()
) -> Figure:
    """Return rows of segments on one axis, with a level marked at each of them."""
    panel = segment_panel(marks, xaxis, scale=scale)
    return stack(
        [Panel(panel.placed, panel.xaxis, panel.data, [tick for x in levels for tick in _ticks(x, panel.placed)])]
    )


def hundred_bars(marks: pd.DataFrame, title: str = "% of its own total") -> Figure:
    """Return one bar of 100 % for each `row`; the rows have nothing in common but the axis."""
    axis = {
        "range": [0, 100],
        "title": {"text": title},
        "ticksuffix": " %",
        "dtick": 25,
        "rangemode": "normal",
        "ticklabeloverflow": "allow",
    }
    return segment_rows(marks, axis)


def _words(marks: pd.DataFrame, name: str) -> tuple[str, ...]:
    return (" · ".join(word for word in marks.loc[marks["row"] == name, "words"] if word),)


def _segments(rows: pd.DataFrame, y: Sequence[float], look: str, colour: str, scale: Scale) -> Trace:
    trace = bars(rows, y, name=look, marker=_look(look, colour), scale=scale)
    return {**trace, "base": (rows["start"].fillna(0.0) / scale.factor).tolist()}


def _look(look: str, colour: str) -> dict[str, Any]:
    if look == REST:
        return {"color": theme.translucent(theme.REMAINDER, 0.16), "line": {"color": theme.REMAINDER, "width": 1}}
    if look == "quoted":
        return quoted_bar(colour)
    return theme.bar_marker(colour, "actual" if look == "counted" else look)


def _ticks(x: float, placed: Placed) -> list[dict[str, Any]]:
    """A level as a short dash at each row, so that it crosses no words."""
    line = {"color": theme.NEUTRAL, "width": 1.6, "dash": "dot"}
    reach = MARK / 2 + 1
    return [{"type": "line", "x0": x, "x1": x, "y0": y - reach, "y1": y + reach, "line": line} for y in placed.y]
