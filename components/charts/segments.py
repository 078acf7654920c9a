"""How stated pieces of an amount stand in one bar, each row of bars with its own words and its own whole."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

import pandas as pd

from components import theme
from components.charts import base
from components.charts.base import ONE, Figure, Rows, Trace, hover_texts, keys, records
from components.charts.panels import quoted_bar
from components.charts.rows import BAR, MARK, Panel, Placed, Row, place, stack
from components.labels import Scale

REST = "rest"
Segment = tuple[float, float, float, str, str]


def segment_panel(marks: Rows, xaxis: Mapping[str, Any], *, scale: Scale = ONE) -> Panel:
    """Return one row of segments for each `row` of the marks, in their order, with its `words` below.

    A segment begins at `start` (zero where missing). Its `look` is a role, or "counted" by an office, "quoted" by a
    document or the press, or "rest" for what nobody described; `colour` is that of its area.
    """
    rows = records(marks)
    bars = base.by(rows, itemgetter("row"))
    placed = place(
        [Row(name, (" · ".join(row["words"] for row in own if row["words"]),)) for name, own in bars.items()]
    )
    heights = dict(zip(bars, placed.y, strict=True))
    groups: dict[tuple[str, str], list[Segment]] = {}
    for row, key, hover in zip(rows, keys(rows), hover_texts(rows), strict=True):
        span = (float(row["obs_value"]) / scale.factor, _start(row) / scale.factor)
        segment = (*span, heights[row["row"]], key, hover)
        groups.setdefault((row["look"], row["colour"]), []).append(segment)
    traces = [_segments(segments, look, colour) for (look, colour), segments in groups.items()]
    return Panel(placed, xaxis, traces)


def _start(row: base.Row) -> float:
    return 0.0 if pd.isna(row["start"]) else float(row["start"])


def ends_of(rows: Sequence[base.Row]) -> list[float]:
    """Return where each segment ends."""
    return [_start(row) + float(row["obs_value"]) for row in rows]


def segment_rows(marks: Rows, xaxis: Mapping[str, Any], *, scale: Scale = ONE, levels: Sequence[float] = ()) -> Figure:
    """Return rows of segments on one axis, with a level marked at each of them."""
    panel = segment_panel(marks, xaxis, scale=scale)
    return stack(
        [Panel(panel.placed, panel.xaxis, panel.data, [tick for x in levels for tick in _ticks(x, panel.placed)])]
    )


def hundred_bars(marks: Rows, title: str = "% of its own total") -> Figure:
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


def _segments(segments: Sequence[Segment], look: str, colour: str) -> Trace:
    widths, starts, heights, ids, hovers = (list(cells) for cells in zip(*segments, strict=True))
    return {
        "type": "bar",
        "name": look,
        "orientation": "h",
        "x": widths,
        "base": starts,
        "y": heights,
        "width": [BAR] * len(widths),
        "customdata": ids,
        "hovertext": hovers,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": _look(look, colour),
    }


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
