"""Promises beside what came of them: diamonds over a line, blocks of rows, moved dates, unit squares."""

import html
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count, pairwise
from operator import itemgetter
from typing import Any

from components import labels, theme
from components.charts import base, rows
from components.charts.rows import Panel, Row
from components.labels import Scale

Marks = Sequence[base.Row]

BILLIONS = Scale(1e9, "US$ bn")
EXPECTED = theme.ROLE_COLOUR["estimate"]
AGREED = theme.ROLE_COLOUR["target"]
LINE = theme.area_colour("CHN")
LOG_FROM = 30.0
UNIT: Mapping[str, str] = {"BCM_YR": "BCM"}  # units that share an axis with another
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
    line, dated, undated, quoted, brent = map(base.records, (line, dated, undated, quoted, brent))
    traces = [
        *_line(line),
        *(_diamonds(part, series, line) for series, part in base.by(dated, itemgetter("series")).items()),
        *([_margin(undated)] if undated else []),
        *([_quoted(quoted)] if quoted else []),
        *([_strip(brent)] if brent else []),
    ]
    has_strip, has_margin = bool(brent), bool(undated)
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


def _line(line: Marks) -> list[base.Trace]:
    return [base.line_trace(line, name="China reporting", colour=LINE, scale=BILLIONS)] if line else []


def _diamonds(part: Marks, series: str, line: Marks) -> base.Trace:
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


def _side(row: base.Row, previous: base.Row | None, reported: Mapping[str, float]) -> str:
    """Return where a diamond's words stand: off the line, off the axis, off the words of the diamond before."""
    if reported.get(row["time_period"], 0.0) >= float(row["obs_value"]):
        return "bottom right"
    near = previous is not None and int(row["time_period"]) - int(previous["time_period"]) < 6
    close = previous is not None and float(row["obs_value"]) - float(previous["obs_value"]) < 5e10
    return "top center" if near and close else "top left"


def _reach_rules(dated: Marks) -> list[dict[str, Any]]:
    """Return for each target a rule at its height from the promised year to the year it was first met."""
    return [rule for row in dated if isinstance(row["year_reached"], str) for rule in _reach_rule(row)]


def _reach_rule(row: base.Row) -> list[dict[str, Any]]:
    height = float(row["obs_value"]) / BILLIONS.factor
    start, end = base.position(str(row["time_period"])), base.position(str(row["year_reached"]))
    look = {"type": "line", "xref": "x", "yref": "y", "line": {"color": AGREED, "width": 1.5, "dash": "dot"}}
    stroke = {**look, "line": {"color": AGREED, "width": 2}}
    return [
        {**look, "x0": start, "x1": end, "y0": height, "y1": height},
        {**stroke, "x0": end, "x1": end, "y0": height - 7, "y1": height + 7},
    ]


def _margin(undated: Marks) -> base.Trace:
    trace = base.target_trace(
        [{**row, "time_period": "2000"} for row in undated], name="target without a year", scale=BILLIONS
    )
    texts = [labels.number(float(row["obs_value"]) / BILLIONS.factor) for row in undated]
    return {
        **{key: entry for key, entry in trace.items() if key != "error_y"},
        "x": [0.5] * len(undated),
        "xaxis": "x2",
        "customdata": base.keys(undated),
        "hovertext": base.hover_texts(undated),
        "marker": {**trace["marker"], "symbol": "diamond-wide", "size": 14},
        "text": texts,
        "textposition": "top center",
        "textfont": {"color": AGREED, "size": 11},
    }


def _margin_axis() -> dict[str, Any]:
    return {"xaxis2": {"domain": [0.9, 1], "range": [0, 1], "visible": False, "fixedrange": True, "anchor": "y"}}


def _margin_title(undated: Marks) -> list[dict[str, Any]]:
    if not undated:
        return []
    return [
        {
            "text": "no<br>year", "xref": "paper", "x": 0.95, "yref": "y domain", "y": 0, "yanchor": "bottom",
            "xanchor": "center", "showarrow": False, "font": {"size": 11},
        }
    ]  # fmt: skip


def _quoted(quoted: Marks) -> base.Trace:
    trace = base.point_trace(quoted, name="quoted in the documents", colour=theme.NEUTRAL, scale=BILLIONS)
    kept = {key: entry for key, entry in trace.items() if key != "error_y"}
    return {**kept, "mode": "markers", "marker": {**trace["marker"], "symbol": "circle-open", "size": 13}}


def _tags(quoted: Marks) -> list[dict[str, Any]]:
    return [
        {
            "x": base.position(str(row["time_period"])), "y": float(row["obs_value"]) / BILLIONS.factor, "xref": "x",
            "yref": "y", "text": base.wrap(str(row["tag"]), 24), "showarrow": False, "xanchor": "left", "align": "left",
            "yanchor": "top", "xshift": 2, "yshift": -8, "font": {"color": theme.WARNING, "size": 11},
        }
        for row in quoted
        if row["tag"]
    ]  # fmt: skip


def _seam_rules(line: Marks) -> list[dict[str, Any]]:
    return [
        {
            "type": "line", "xref": "x", "yref": "y domain", "x0": start, "x1": start, "y0": 0, "y1": 1,
            "line": {"width": 1, "dash": "dot"},
        }
        for start, _, _ in _seams(line)
    ]  # fmt: skip


def _seam_notes(line: Marks) -> list[dict[str, Any]]:
    look = {"xref": "x", "yref": "y domain", "y": 1, "yanchor": "bottom", "showarrow": False, "font": {"size": 10.5}}
    return [
        note
        for start, left, right in _seams(line)
        for note in (
            {**look, "x": start, "text": f"{html.escape(left)} ◂", "xanchor": "right", "xshift": -2},
            {**look, "x": start, "text": f"▸ {html.escape(right)}", "xanchor": "left", "xshift": 2},
        )
    ]


def _seams(line: Marks) -> list[tuple[str, str, str]]:
    """Return for each seam its day and the short names of the parts before and after it."""
    return [
        (
            base.extent(str(later["time_period"]))[0],
            short_publisher(earlier["publisher"]),
            short_publisher(later["publisher"]),
        )
        for earlier, later in pairwise(sorted(line, key=itemgetter("time_period")))
        if later["is_seam"] is True
    ]


def short_publisher(name: str) -> str:
    """Return the short name of a publisher for a label beside a seam.

    >>> short_publisher("International Monetary Fund")
    'IMF'
    """
    known = {"International Monetary Fund": "IMF", "General Administration of Customs of China": "customs"}
    return next((short for long, short in known.items() if name.startswith(long)), name)


def _strip(brent: Marks) -> base.Trace:
    trace = base.line_trace(brent, name="Brent", colour=theme.NEUTRAL)
    return {**trace, "yaxis": "y2"}


def promise_blocks(marks: base.Rows) -> base.Figure:
    """Return commitments as dumbbells, a panel per unit: diamonds what was promised, dots what came of it.

    `mark` is `promise`, `outcome` or `beside`; `_head` and `_notes` stand on the promise's row. Promise and outcome are
    joined only where the grade allows a rate (A, B); for C they stand side by side, for N the promise stands alone.
    """
    told = ({**row, "unit_measure": UNIT.get(row["unit_measure"], row["unit_measure"])} for row in base.records(marks))
    units = base.by(list(told), itemgetter("unit_measure"))
    figure = rows.stack([_unit_panel(part, unit) for unit, part in units.items()])
    names = [trace["name"] for trace in figure["data"]]
    shown = [name not in names[:place] for place, name in enumerate(names)]
    traces = [{**trace, "showlegend": first} for trace, first in zip(figure["data"], shown, strict=True)]
    return {**figure, "data": traces}


def _unit_panel(part: Marks, unit: str) -> Panel:
    promises = [row for row in part if row["mark"] == "promise"]
    placed = rows.place([Row(str(row["_head"]), tuple(row["_notes"])) for row in promises])
    places = {row["commitment_id"]: y for row, y in zip(promises, placed.y, strict=True)}
    values = [float(row["obs_value"]) for row in part]
    scale = labels.scale_for(unit, values)
    wide = max(values) > LOG_FROM * min(values)
    axis = base.value_axis("◆ promised, ● came", scale.unit, log=wide)
    kinds = base.by(part, lambda row: f"{row['mark']}, {row['role']}")
    traces = [
        rows.dots(
            group,
            [places[row["commitment_id"]] for row in group],
            name=name,
            colour=theme.ROLE_COLOUR[group[0]["role"]],
            scale=scale,
            filled=name == "outcome, actual",
        )
        for name, group in kinds.items()
    ]
    return Panel(placed, {**axis, **({"dtick": 1} if wide else {})}, traces, _links(part, places, scale))


def _links(part: Marks, places: Mapping[str, float], scale: Scale) -> list[dict[str, Any]]:
    came = {row["commitment_id"]: row["obs_value"] for row in part if row["mark"] == "outcome"}
    joined = [row for row in part if row["mark"] == "promise" and row["grade"] in ("A", "B")]
    return [
        {
            "type": "line", "x0": row["obs_value"] / scale.factor, "x1": came[row["commitment_id"]] / scale.factor,
            "y0": places[row["commitment_id"]], "y1": places[row["commitment_id"]], "layer": "below",
            "line": {"color": theme.ROLE_COLOUR[row["role"]], "width": 3},
        }
        for row in joined
        if row["commitment_id"] in came
    ]  # fmt: skip


def promise_timeline(issues: base.Rows) -> base.Figure:
    """Return the issues of one promise, each a row from the day it was said to the year it names.

    What nobody dated has no mark on the axis: its row says so in words. The year the level, or either end of a range,
    was first reached is a filled circle. The dotted span of a row is the time allowed and no series.
    """
    told = base.records(issues)
    placed = rows.place([Row(str(r["_head"]), (str(r["_note"]),) if r["_note"] else (), mark=22) for r in told])
    spots = [{**row, "y": y} for row, y in zip(told, placed.y, strict=True)]
    upper = [{**row, "year_reached": row.get("year_reached_high")} for row in spots]
    ends = ((spots, "said_on"), (spots, "time_period"), ([*spots, *upper], "year_reached"))
    said, due, reached = ([row for row in part if isinstance(row[name], str)] for part, name in ends)
    traces = [
        *(_event_marks(part, event) for event, part in base.by(said, itemgetter("event")).items()),
        *([_due_marks(due)] if due else []),
        *([_reached_marks(reached)] if reached else []),
    ]
    figure = rows.stack([Panel(placed, {"type": "date", "tickformat": "%Y"}, traces, _spans(spots))])
    figure["layout"]["xaxis"] |= {**base.time_axis(""), "rangemode": "normal", "nticks": 8}
    return figure


def _event_marks(part: Marks, event: str) -> base.Trace:
    hover = [
        f"<b>{html.escape(event)}</b> · {html.escape(labels.period(str(r['said_on'])))}<br>{base.wrap(str(r['_head']))}"
        f"<br>{base.wrap('by ' + str(r['said_by']))}"
        for r in part
    ]
    days = [base.position(row["said_on"]) for row in part]
    return _timeline_marks(part, days, event, EVENT_SYMBOL.get(event, "circle-open"), theme.NEUTRAL, hover)


def _due_marks(part: Marks) -> base.Trace:
    days = [base.position(row["time_period"]) for row in part]
    return _timeline_marks(part, days, "deadline", base.symbols(part), AGREED, base.hover_texts(part))


def _reached_marks(part: Marks) -> base.Trace:
    days = [base.position(row["year_reached"]) for row in part]
    hover = [f"<b>first reached in {row['year_reached']}</b><br>{base.wrap(str(row['_head']))}" for row in part]
    return _timeline_marks(part, days, "first reached", "circle", theme.ROLE_COLOUR["actual"], hover)


def _timeline_marks(
    part: Marks, days: Sequence[str], name: str, symbol: str | Sequence[str], colour: str, hover: Sequence[str]
) -> base.Trace:
    return {
        "type": "scatter", "mode": "markers", "name": name, "x": list(days), "y": [row["y"] for row in part],
        "customdata": base.keys(part), "hovertext": list(hover), "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {"symbol": symbol, "color": colour, "size": 12, "line": {"color": colour, "width": 2}},
        "cliponaxis": False,
    }  # fmt: skip


def _spans(spots: Marks) -> list[dict[str, Any]]:
    both = [row for row in spots if isinstance(row["said_on"], str) and isinstance(row["time_period"], str)]
    return [
        {
            "type": "line", "x0": base.position(row["said_on"]), "x1": base.position(row["time_period"]),
            "y0": row["y"], "y1": row["y"], "layer": "below", "line": {"color": AGREED, "width": 1.5, "dash": "dot"},
        }
        for row in both
    ]  # fmt: skip


def unit_squares(planned: base.Rows, started: base.Rows, *, columns: int = 13, note: str = "") -> base.Figure:
    """Return one square for each project of a list, the started ones filled; each square carries its figure."""
    listed, begun = base.records(planned), base.records(started)
    total, done = (int(part[0]["obs_value"]) if part else 0 for part in (listed, begun))
    spots = [(i % columns, -(i // columns)) for i in range(total)]
    role = theme.ROLE_COLOUR
    traces = [
        _squares(spots[:done], begun, theme.bar_marker(role["actual"]), note),
        _squares(spots[done:], listed, theme.bar_marker(role["plan"], "target"), ""),
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


def _squares(spots: Sequence[tuple[int, int]], mark: Marks, marker: Mapping[str, Any], note: str) -> base.Trace:
    key, hover = (base.keys(mark)[0], base.hover_texts(mark)[0]) if mark else ("", "")
    told = f"{hover}<br>{base.wrap(note)}" if note else hover
    return {
        "type": "bar", "name": str(mark[0]["series"]) if mark else "", "x": [x for x, _ in spots],
        "base": [y - 0.42 for _, y in spots], "y": [0.84] * len(spots), "width": [0.84] * len(spots),
        "customdata": [key] * len(spots), "hovertext": [told] * len(spots),
        "hovertemplate": "%{hovertext}<extra></extra>", "marker": dict(marker),
    }  # fmt: skip


def share_bullet(came: base.Rows, aim: base.Rows) -> base.Figure:
    """Return a share of a whole as a bar against its aim as an upright tick, both named in words."""
    both = [*base.records(came), *base.records(aim)]
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


def growth_needed(needed: base.Rows, came: base.Rows) -> base.Figure:
    """Return the yearly growth a dated promise asked for as a diamond and what came as a dot, a row per promise."""
    asked, grown = base.records(needed), base.records(came)
    placed = rows.place([Row(str(row["_head"]), (str(row["_note"]),)) for row in asked])
    places = {row["commitment_id"]: y for row, y in zip(asked, placed.y, strict=True)}
    traces = [rows.dots(asked, placed.y, name="needed", colour=AGREED)]
    if grown:
        spots = [places[row["commitment_id"]] for row in grown]
        traces.append(rows.dots(grown, spots, name="came", colour=theme.ROLE_COLOUR["actual"], filled=True))
    axis = base.value_axis("◆ needed, ● came: growth a year", "%", zeroline=True)
    return rows.stack([Panel(placed, axis, traces)])


def verdict_board(marks: base.Rows) -> base.Figure:
    """Return one cell for each commitment below the name of its verdict, filled by grade, its grade written inside.

    A line holds `CELLS` of them, so that grade and sign have room on a telephone; the heading counts them.
    """
    told = base.records(marks)
    counts = Counter(row["verdict"] for row in told)
    lines = [-(-number // CELLS) for number in counts.values()]
    placed = rows.place(
        [Row(f"{name}: {number}", mark=CELL * n) for (name, number), n in zip(counts.items(), lines, strict=True)]
    )
    tops = {name: y - CELL * (n - 1) / 2 for name, y, n in zip(counts, placed.y, lines, strict=True)}
    places = {name: count() for name in counts}
    cells = [_seated(row, tops[row["verdict"]], next(places[row["verdict"]])) for row in told]
    traces = [_cells(part, grade) for grade, part in sorted(base.by(cells, itemgetter("grade")).items())]
    blank = {"visible": False, "range": [0, CELLS]}
    figure = rows.stack([Panel(placed, blank, traces)])
    figure["layout"]["barmode"] = "overlay"
    return figure


def _seated(row: base.Row, top: float, place: int) -> base.Row:
    return {**row, "y": top + CELL * (place // CELLS), "x": place % CELLS}


def _cells(part: Marks, grade: str) -> base.Trace:
    colour = GRADE_COLOUR.get(grade, theme.NEUTRAL)
    return {
        "type": "bar", "orientation": "h", "name": grade, "base": [row["x"] + 0.06 for row in part],
        "x": [0.88] * len(part), "y": [row["y"] for row in part], "width": [CELL - 4] * len(part),
        "customdata": base.keys(part), "hovertext": [row["_told"] for row in part],
        "hovertemplate": "%{hovertext}<extra></extra>", "text": [grade] * len(part), "textposition": "inside",
        "insidetextfont": {"color": theme.PAPER["light"] if grade == "A" else colour, "size": 12},
        "insidetextanchor": "middle", "textangle": 0, "constraintext": "none", "cliponaxis": False,
        "marker": theme.bar_marker(colour, "actual" if grade == "A" else "target"),
    }  # fmt: skip
