"""Promises beside what came of them: diamonds over a line, blocks of rows, moved dates, unit squares."""

import html
from collections.abc import Mapping, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import Any

import pandas as pd

from components import labels, theme
from components.charts import base, rows
from components.charts.rows import Panel, Row
from components.labels import Scale

BILLIONS = Scale(1e9, "US$ bn")
EXPECTED = theme.ROLE_COLOUR["estimate"]
AGREED = theme.ROLE_COLOUR["target"]
LINE = theme.area_colour("CHN")
LOG_FROM = 30.0
CELLS, CELL = 10, 26  # commitments on a line of the register, and the height of one in pixels
EVENT_SYMBOL: Mapping[str, str] = {
    "issued": "circle",
    "repeated": "circle-open",
    "re-dated": "triangle-right",
    "raised": "triangle-up",
    "dropped": "x-thin-open",
}
GRADE_COLOUR: Mapping[str, str] = {
    "A": theme.ROLE_COLOUR["actual"],
    "B": theme.ROLE_COLOUR["estimate"],
    "C": theme.ROLE_COLOUR["plan"],
    "N": theme.NEUTRAL,
}


def trade_and_targets(
    line: base.Rows, dated: base.Rows, undated: base.Rows, quoted: base.Rows, brent: base.Rows
) -> base.Figure:
    """Return one reporter's line with its seam, dated targets as diamonds with a rule to the year first met.

    Levels without a year stand in a margin beside the time axis; the oil price is a strip below with its own axis.
    """
    line, dated, undated, quoted = map(base.records, (line, dated, undated, quoted))
    traces = [
        *_line(line),
        *(_diamonds(part, series, line) for series, part in base.by(dated, itemgetter("series")).items()),
        *([_margin(undated)] if len(undated) else []),
        *([_quoted(quoted)] if len(quoted) else []),
        *([_strip(brent)] if len(brent) else []),
    ]
    has_strip, has_margin = bool(len(brent)), bool(len(undated))
    layout = {
        "xaxis": base.time_axis(
            "",
            range=["2003-07-01", "2031-12-31"],
            domain=[0, 0.88 if has_margin else 1],
            anchor="y2" if has_strip else "y",
        ),
        "yaxis": base.value_axis("Goods turnover", BILLIONS.unit, domain=[0.3 if has_strip else 0, 1], range=[0, 345]),
        **(_margin_axis() if has_margin else {}),
        **({"yaxis2": base.value_axis("Brent", "US$ a barrel", domain=[0, 0.22], nticks=3)} if has_strip else {}),
        "annotations": [*_seam_notes(line), *_tags(quoted), *_margin_title(undated)],
        "shapes": [*_seam_rules(line), *_reach_rules(dated)],
        "showlegend": False,
        "margin": {"l": 8, "r": 8, "t": 24, "b": 24},
    }
    return base.figure(traces, layout)


def _line(line: Sequence[base.Row]) -> list[base.Trace]:
    return [base.line_trace(line, name="China reporting", colour=LINE, scale=BILLIONS)] if line else []


def _diamonds(part: Sequence[base.Row], series: str, line: Sequence[base.Row]) -> base.Trace:
    expected = series == "expectation"
    colour = EXPECTED if expected else AGREED
    trace = base.target_trace(part, name="expectation" if expected else "targets", scale=BILLIONS, colour=colour)
    reported = {row["time_period"]: row["obs_value"] for row in line}
    sides = [_side(r, previous, reported) for r, previous in zip(part, [None, *part], strict=False)]
    texts = [
        f"{labels.number(float(r['obs_value']) / BILLIONS.factor)}<br>{str(r['state']).replace(' ', '<br>')}"
        for r in part
    ]
    return {
        **{key: entry for key, entry in trace.items() if key != "error_y"},
        "text": texts,
        "textposition": ["middle left"] * len(part) if expected else sides,
        "textfont": {"color": colour, "size": 10.5},
    }


def _side(row: Mapping[Any, Any], previous: Mapping[Any, Any] | None, reported: Mapping[str, float]) -> str:
    """Return where a diamond's words stand: off the line, off the axis, off the words of the diamond before."""
    if reported.get(row["time_period"], 0.0) >= float(row["obs_value"]):
        return "bottom right"
    near = previous is not None and int(row["time_period"]) - int(previous["time_period"]) < 6
    close = previous is not None and float(row["obs_value"]) - float(previous["obs_value"]) < 5e10
    return "top center" if near and close else "top left"


def _reach_rules(dated: Sequence[base.Row]) -> list[dict[str, Any]]:
    """Return for each target a rule at its height from the promised year to the year it was first met."""
    return [rule for row in dated if isinstance(row["year_reached"], str) for rule in _reach_rule(row)]


def _reach_rule(row: Mapping[Any, Any]) -> list[dict[str, Any]]:
    height = float(row["obs_value"]) / BILLIONS.factor
    start, end = base.position(str(row["time_period"])), base.position(str(row["year_reached"]))
    look = {"type": "line", "xref": "x", "yref": "y", "line": {"color": AGREED, "width": 1.5, "dash": "dot"}}
    stroke = {**look, "line": {"color": AGREED, "width": 2}}
    return [
        {**look, "x0": start, "x1": end, "y0": height, "y1": height},
        {**stroke, "x0": end, "x1": end, "y0": height - 7, "y1": height + 7},
    ]


def _margin(undated: Sequence[base.Row]) -> base.Trace:
    trace = base.target_trace([{**row, "time_period": "2000"} for row in undated], name="no year", scale=BILLIONS)
    texts = [labels.number(float(row["obs_value"]) / BILLIONS.factor) for row in undated]
    return {
        **{key: entry for key, entry in trace.items() if key != "error_y"},
        "x": [0.5] * len(undated),
        "xaxis": "x2",
        "customdata": base.keys(undated),
        "hovertext": base.hover_texts(undated),
        "text": texts,
        "textposition": "top center",
        "textfont": {"color": AGREED, "size": 11},
    }


def _margin_axis() -> dict[str, Any]:
    return {"xaxis2": {"domain": [0.9, 1], "range": [0, 1], "visible": False, "fixedrange": True, "anchor": "y"}}


def _margin_title(undated: Sequence[base.Row]) -> list[dict[str, Any]]:
    if not undated:
        return []
    return [
        {
            "text": "no<br>year", "xref": "paper", "x": 0.95, "yref": "y domain", "y": 0, "yanchor": "bottom",
            "xanchor": "center", "showarrow": False, "font": {"size": 11},
        }
    ]  # fmt: skip


def _quoted(quoted: Sequence[base.Row]) -> base.Trace:
    trace = base.point_trace(quoted, name="quoted in the documents", colour=theme.NEUTRAL, scale=BILLIONS)
    kept = {key: entry for key, entry in trace.items() if key != "error_y"}
    return {**kept, "mode": "markers", "marker": {**trace["marker"], "symbol": "circle-open", "size": 13}}


def _tags(quoted: Sequence[base.Row]) -> list[dict[str, Any]]:
    return [
        {
            "x": base.position(str(row["time_period"])), "y": float(row["obs_value"]) / BILLIONS.factor, "xref": "x",
            "yref": "y", "text": base.wrap(str(row["tag"]), 24), "showarrow": False, "xanchor": "left", "align": "left",
            "yanchor": "top", "xshift": 2, "yshift": -8, "font": {"color": theme.WARNING, "size": 11},
        }
        for row in quoted
        if row["tag"]
    ]  # fmt: skip


def _seam_rules(line: Sequence[base.Row]) -> list[dict[str, Any]]:
    return [
        {
            "type": "line", "xref": "x", "yref": "y domain", "x0": start, "x1": start, "y0": 0, "y1": 1,
            "line": {"width": 1, "dash": "dot"},
        }
        for start, _, _ in _seams(line)
    ]  # fmt: skip


def _seam_notes(line: Sequence[base.Row]) -> list[dict[str, Any]]:
    look = {"xref": "x", "yref": "y domain", "y": 1, "yanchor": "bottom", "showarrow": False, "font": {"size": 10.5}}
    return [
        note
        for start, left, right in _seams(line)
        for note in (
            {**look, "x": start, "text": f"{html.escape(left)} ◂", "xanchor": "right", "xshift": -2},
            {**look, "x": start, "text": f"▸ {html.escape(right)}", "xanchor": "left", "xshift": 2},
        )
    ]


def _seams(line: Sequence[base.Row]) -> list[tuple[str, str, str]]:
    """Return for each seam its day and the short names of the parts before and after it."""
    points = sorted(line, key=itemgetter("time_period"))
    return [
        (
            base.extent(str(later["time_period"]))[0],
            short_publisher(earlier["publisher"]),
            short_publisher(later["publisher"]),
        )
        for earlier, later in pairwise(points)
        if later["is_seam"] is True
    ]


def short_publisher(name: str) -> str:
    """Return the short name of a publisher for a label beside a seam.

    >>> short_publisher("International Monetary Fund")
    'IMF'
    """
    known = {"International Monetary Fund": "IMF", "General Administration of Customs of China": "customs"}
    return next((short for long, short in known.items() if name.startswith(long)), name)


def _strip(brent: base.Rows) -> base.Trace:
    trace = base.line_trace(brent, name="Brent", colour=theme.NEUTRAL)
    return {**trace, "yaxis": "y2"}


def promise_blocks(marks: pd.DataFrame) -> base.Figure:
    """Return commitments as dumbbells, a panel per unit: hollow what was promised, filled or open what came of it.

    `mark` is `promise`, `outcome` or `beside`; head and notes stand on the promise's row. Promise and outcome are
    joined only where the grade allows a rate (A, B); for C they stand side by side, for N the promise stands alone.
    """
    figure = rows.stack([_unit_panel(part, str(unit)) for unit, part in marks.groupby("unit_measure", sort=False)])
    names = [trace["name"] for trace in figure["data"]]
    shown = [name not in names[:place] for place, name in enumerate(names)]
    traces = [{**trace, "showlegend": first} for trace, first in zip(figure["data"], shown, strict=True)]
    return {**figure, "data": traces}


def _unit_panel(part: pd.DataFrame, unit: str) -> Panel:
    promises = part[part["mark"] == "promise"]
    records = promises.to_dict("records")
    placed = rows.place([Row(str(r["head"]), tuple(r["notes"])) for r in records])
    places = dict(zip(promises["commitment_id"], placed.y, strict=True))
    scale = labels.scale_for(unit, part["obs_value"])
    wide = float(part["obs_value"].max()) > LOG_FROM * float(part["obs_value"].min())
    axis = base.value_axis("◇ promised, ● came", scale.unit, log=wide)
    traces = []
    for (mark, role), group in part.groupby(["mark", "role"], sort=False):
        filled = mark == "outcome" and role == "actual"
        places_y = [places[commitment] for commitment in group["commitment_id"]]
        colour = theme.ROLE_COLOUR[str(role)]
        traces.append(rows.dots(group, places_y, name=f"{mark}, {role}", colour=colour, scale=scale, filled=filled))
    return Panel(placed, {**axis, **({"dtick": 1} if wide else {})}, traces, _links(part, places, scale))


def _links(part: pd.DataFrame, places: Mapping[Any, float], scale: Scale) -> list[dict[str, Any]]:
    comparable = part[part["grade"].isin(["A", "B"])]
    ends = comparable[comparable["mark"] == "promise"].merge(
        comparable[comparable["mark"] == "outcome"], on="commitment_id", suffixes=("", "_came"), validate="one_to_one"
    )
    return [
        {
            "type": "line", "x0": r["obs_value"] / scale.factor, "x1": r["obs_value_came"] / scale.factor,
            "y0": places[r["commitment_id"]], "y1": places[r["commitment_id"]], "layer": "below",
            "line": {"color": theme.ROLE_COLOUR[r["role"]], "width": 3},
        }
        for r in ends.to_dict("records")
    ]  # fmt: skip


def promise_timeline(issues: pd.DataFrame) -> base.Figure:
    """Return the issues of one promise, each a row from the day it was said to the year it names.

    What nobody dated has no mark on the axis: its row says so in words. The year the level was first reached is a
    filled circle. The dotted span of a row is the time allowed and no series.
    """
    records = issues.to_dict("records")
    placed = rows.place([Row(str(r["head"]), (str(r["note"]),) if r["note"] else (), mark=22) for r in records])
    spots = issues.assign(y=list(placed.y))
    said = spots[spots["said_on"].notna()]
    due = spots[spots["time_period"].notna()]
    reached = spots[spots["year_reached"].notna()]
    traces = [
        *(_event_marks(part, str(event)) for event, part in said.groupby("event", sort=False)),
        *([_due_marks(due)] if len(due) else []),
        *([_reached_marks(reached)] if len(reached) else []),
    ]
    figure = rows.stack([Panel(placed, {"type": "date", "tickformat": "%Y"}, traces, _spans(spots))])
    figure["layout"]["xaxis"] |= {**base.time_axis(""), "rangemode": "normal", "nticks": 8}
    return figure


def _event_marks(part: pd.DataFrame, event: str) -> base.Trace:
    hover = [
        f"<b>{html.escape(event)}</b> · {html.escape(labels.period(str(r['said_on'])))}<br>{base.wrap(str(r['head']))}"
        f"<br>{base.wrap('by ' + str(r['said_by']))}"
        for r in part.to_dict("records")
    ]
    days = [base.position(str(day)) for day in part["said_on"]]
    return _timeline_marks(part, days, event, EVENT_SYMBOL.get(event, "circle-open"), theme.NEUTRAL, hover)


def _due_marks(part: pd.DataFrame) -> base.Trace:
    days = [base.position(str(day)) for day in part["time_period"]]
    return _timeline_marks(part, days, "deadline", "diamond-open-dot", AGREED, base.hover_texts(part))


def _reached_marks(part: pd.DataFrame) -> base.Trace:
    days = [base.position(str(year)) for year in part["year_reached"]]
    hover = [
        f"<b>first reached in {r['year_reached']}</b><br>{base.wrap(str(r['head']))}" for r in part.to_dict("records")
    ]
    return _timeline_marks(part, days, "first reached", "circle", theme.ROLE_COLOUR["actual"], hover)


def _timeline_marks(
    part: pd.DataFrame, days: Sequence[str], name: str, symbol: str, colour: str, hover: Sequence[str]
) -> base.Trace:
    return {
        "type": "scatter", "mode": "markers", "name": name, "x": list(days), "y": part["y"].tolist(),
        "customdata": base.keys(part), "hovertext": list(hover), "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {"symbol": symbol, "color": colour, "size": 12, "line": {"color": colour, "width": 2}},
        "cliponaxis": False,
    }  # fmt: skip


def _spans(spots: pd.DataFrame) -> list[dict[str, Any]]:
    both = spots[spots["said_on"].notna() & spots["time_period"].notna()]
    return [
        {
            "type": "line", "x0": base.position(str(r["said_on"])), "x1": base.position(str(r["time_period"])),
            "y0": r["y"], "y1": r["y"], "layer": "below", "line": {"color": AGREED, "width": 1.5, "dash": "dot"},
        }
        for r in both.to_dict("records")
    ]  # fmt: skip


def unit_squares(planned: base.Rows, started: base.Rows, *, columns: int = 13, note: str = "") -> base.Figure:
    """Return one square for each project of a list, the started ones filled; each square carries its figure."""
    planned, started = base.records(planned), base.records(started)
    total, done = (int(float(part[0]["obs_value"])) if part else 0 for part in (planned, started))
    spots = [(i % columns, -(i // columns)) for i in range(total)]
    role = theme.ROLE_COLOUR
    traces = [
        _squares(spots[:done], started, theme.bar_marker(role["actual"]), note),
        _squares(spots[done:], planned, theme.bar_marker(role["plan"], "target"), ""),
    ]
    axis = {"visible": False, "fixedrange": True}
    lines = -(-total // columns)
    layout = {
        "xaxis": {**axis, "range": [-0.6, columns - 0.4], "constrain": "domain", "constraintoward": "left"},
        "yaxis": {
            **axis,
            "range": [0.4 - lines, 0.6],
            "scaleanchor": "x",
            "constrain": "domain",
            "constraintoward": "top",
        },
        "showlegend": False,
        "bargap": 0,
        "barmode": "overlay",
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
    }
    return base.figure([trace for trace in traces if trace["x"]], layout)


def _squares(
    spots: Sequence[tuple[int, int]], mark: Sequence[base.Row], marker: Mapping[str, Any], note: str
) -> base.Trace:
    key, hover = (base.keys(mark)[0], base.hover_texts(mark)[0]) if mark else ("", "")
    told = f"{hover}<br>{base.wrap(note)}" if note else hover
    return {
        "type": "bar", "name": str(mark[0]["series"]) if mark else "", "x": [x for x, _ in spots],
        "base": [y - 0.42 for _, y in spots], "y": [0.84] * len(spots), "width": [0.84] * len(spots),
        "customdata": [key] * len(spots), "hovertext": [told] * len(spots),
        "hovertemplate": "%{hovertext}<extra></extra>", "marker": dict(marker),
    }  # fmt: skip


def share_bullet(came: pd.DataFrame, aim: pd.DataFrame) -> base.Figure:
    """Return a share of a whole as a bar against its aim as an upright tick, both named in words."""
    both = [*came.to_dict("records"), *aim.to_dict("records")]
    told = "; ".join(f"{labels.bounded(float(r['obs_value']), 'PERCENT', str(r['bound']))} {r['short']}" for r in both)
    placed = rows.place([Row(told)])
    traces = [
        *(
            [rows.bars(came, placed.y, name="stated", marker=theme.bar_marker(theme.ROLE_COLOUR["actual"]))]
            if len(came)
            else []
        ),
        *([rows.tick(aim, placed.y[0], colour=AGREED)] if len(aim) else []),
    ]
    return rows.stack([Panel(placed, base.value_axis("Share of the pair's trade", "%", range=[0, 100]), traces)])


def growth_needed(needed: pd.DataFrame, came: pd.DataFrame) -> base.Figure:
    """Return the yearly growth a dated promise asked for as a diamond and what came as a dot, a row per promise."""
    placed = rows.place([Row(str(r["head"]), (str(r["note"]),)) for r in needed.to_dict("records")])
    places = dict(zip(needed["commitment_id"], placed.y, strict=True))
    traces = [rows.dots(needed, placed.y, name="needed", colour=AGREED)]
    if len(came):
        spots = [places[commitment] for commitment in came["commitment_id"]]
        traces.append(rows.dots(came, spots, name="came", colour=theme.ROLE_COLOUR["actual"], filled=True))
    axis = base.value_axis("◇ needed, ● came: growth a year", "%", zeroline=True)
    return rows.stack([Panel(placed, axis, traces)])


def verdict_board(marks: pd.DataFrame) -> base.Figure:
    """Return one cell for each commitment below the name of its verdict, filled by grade, its grade written inside.

    A line holds `CELLS` of them, so that grade and sign have room on a telephone; the heading counts them.
    """
    counts = marks.groupby("verdict", sort=False).size()
    lines = [-(-count // CELLS) for count in counts]
    placed = rows.place(
        [Row(f"{name}: {count}", mark=CELL * n) for (name, count), n in zip(counts.items(), lines, strict=True)]
    )
    tops = {name: y - CELL * (n - 1) / 2 for name, y, n in zip(counts.index, placed.y, lines, strict=True)}
    place = marks.groupby("verdict", sort=False).cumcount()
    cells = marks.assign(y=marks["verdict"].map(tops) + CELL * (place // CELLS), x=(place % CELLS).to_numpy())
    traces = [_cells(part, str(grade)) for grade, part in cells.groupby("grade", sort=True)]
    blank = {"visible": False, "range": [0, CELLS]}
    figure = rows.stack([Panel(placed, blank, traces)])
    figure["layout"]["barmode"] = "overlay"
    return figure


def _cells(part: pd.DataFrame, grade: str) -> base.Trace:
    colour = GRADE_COLOUR.get(grade, theme.NEUTRAL)
    return {
        "type": "bar", "orientation": "h", "name": grade, "base": [x + 0.06 for x in part["x"]],
        "x": [0.88] * len(part), "y": part["y"].tolist(), "width": [CELL - 4] * len(part),
        "customdata": base.keys(part), "hovertext": part["told"].tolist(),
        "hovertemplate": "%{hovertext}<extra></extra>", "text": [grade] * len(part), "textposition": "inside",
        "insidetextfont": {"color": theme.PAPER["light"] if grade == "A" else colour, "size": 12},
        "insidetextanchor": "middle", "textangle": 0, "constraintext": "none", "cliponaxis": False,
        "marker": theme.bar_marker(colour, "actual" if grade == "A" else "target"),
    }  # fmt: skip
