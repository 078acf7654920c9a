"""One quantity over time: lines keep their seams and stops, marks stay unjoined, promises look like promises."""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import Any

from components import labels, theme
from components.charts import base
from components.charts.base import Row
from components.labels import Scale

DASHES = ("solid", "dot", "dash")
CLASS_NAMES = {
    "research": "Quoted, research",
    "press": "Quoted, press",
    "official": "Quoted, office",
    "company": "Quoted, company",
    "advocacy": "Quoted, advocacy",
}
MARGIN = 92
ABOVE_EVENTS = 9  # pixels a name stands over the marks of events
STEP = 13  # pixels from the names of one seam to those of the next
EXPECTATION = "Expectation"
COMPUTED = "Computed"
Rows = Sequence[Row]


def timeline(
    marks: base.Rows,
    events: Rows = (),
    *,
    axis: str,
    log: bool = False,
    words: labels.Words = labels.NO_WORDS,
) -> base.Figure:
    """Return the chart of rows whose `mark` is line, estimate, point, band, target, undated or path.

    `colour_of` is the area whose colour a mark has, `note` the text beside it (of a line, or where `is_end`: at the
    end), `part_name` the publisher a chain's part is known by. `axis` names quantity and prices; the unit is added.
    """
    rows = base.records(marks)
    scale = labels.scale_for(str(rows[0]["unit_measure"]), (row["obs_value"] for row in rows))
    kinds = base.by(rows, itemgetter("mark"))
    lines = base.by(kinds.get("line", ()), itemgetter("line_id"))
    window = _window(rows)
    data = [*_lines(lines, scale, words), *_printed(kinds, scale, words), *_promises(kinds, scale, words)]
    has_margin = "undated" in kinds
    named = [row for row in rows if isinstance(row["note"], str)]
    notes = [
        *_ends([row for row in named if _is_end(row)], window, scale, log=log),
        *_tags([row for row in named if row["mark"] == "point" and not _is_end(row)], scale, log=log),
        *(_band_name(row, scale, log=log) for row in kinds.get("band", ())),
    ]
    layout: dict[str, Any] = {
        "xaxis": base.time_axis(range=list(window), domain=[0, 0.88] if has_margin else [0, 1]),
        "yaxis": base.value_axis(axis, scale.unit, log=log),
        "showlegend": any(trace.get("showlegend", True) for trace in data),
        "annotations": notes,
        "margin": {"l": 8, "r": MARGIN if any(note.get("xref") == "paper" for note in notes) else 16, "t": 16, "b": 8},
    }
    if has_margin:
        data.append(_margin(kinds["undated"], scale, words))
        layout["xaxis9"] = {"domain": [0.9, 1], "range": [0, 1], "anchor": "y", "visible": False, "fixedrange": True}
    seams = _seams(lines)
    if names := seams["layout"]["annotations"]:
        layout["margin"] = {**layout["margin"], "t": 16 + ABOVE_EVENTS + max(name["yshift"] for name in names)}
    rules = [base.event_rules(_inside(events, window))] if events else []
    return base.figure(data, layout, parts=[seams, *rules])


def _window(rows: Rows) -> tuple[str, str]:
    """Return the first and last day shown: all dated marks and half a year on either side."""
    periods = set(map(itemgetter("time_period"), rows))
    spans = [base.extent(period) for period in periods if isinstance(period, str) and period]
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    return f"{int(first[:4]) - 1}-07-01", f"{int(last[:4]) + 1}-08-01"


def _inside(events: Rows, window: tuple[str, str]) -> list[Row]:
    return [event for event in events if window[0] <= base.position(str(event["date"])) <= window[1]]


def _lines(lines: Mapping[str, Rows], scale: Scale, words: labels.Words) -> Iterator[base.Trace]:
    """Yield each line in its area's colour; a reporter's further lines are dotted and thinner."""
    drawn: dict[str, int] = {}
    for line in lines.values():
        area = str(line[0]["colour_of"])
        rank = drawn[area] = drawn.get(area, -1) + 1
        dash = DASHES[min(rank, len(DASHES) - 1)]
        name, colour = str(line[0]["title"]), theme.area_colour(area)
        trace = base.line_trace(line, name=name, colour=colour, scale=scale, dash=dash, words=words)
        yield {**trace, "showlegend": False, "line": {**trace["line"], "width": 2.5 if rank == 0 else 1.6}}
        flagged = [row for row in line if row.get("is_flagged") is True]
        if 0 < len(flagged) < len(line):
            yield {**_flags(flagged, scale, colour), "showlegend": len(drawn) == 1 and rank == 0}


def _flags(rows: Rows, scale: Scale, colour: str) -> base.Trace:
    """Return rings around points whose price index is incomplete."""
    return {
        "type": "scatter", "mode": "markers", "name": "11-month index", "hoverinfo": "skip",
        "x": [base.position(str(row["time_period"])) for row in rows],
        "y": [row["obs_value"] / scale.factor for row in rows],
        "marker": {"symbol": "circle-open", "size": 13, "color": colour, "line": {"width": 2}},
    }  # fmt: skip


def _printed(kinds: Mapping[str, Rows], scale: Scale, words: labels.Words) -> Iterator[base.Trace]:
    for row in kinds.get("band", ()):
        field, mark = base.band_traces(row, name=str(row["label"]), colour=_colour(row), scale=scale)
        yield field
        yield _unseen(mark)
    named: set[str] = set()
    for kind in ("point", "estimate"):
        groups = base.by(kinds.get(kind, ()), lambda row: f"{_kind_of_point(row)}\t{_colour(row)}")
        for key, points in groups.items():
            name, _, colour = key.partition("\t")
            trace = base.point_trace(_hollow(points, kind), name=name, colour=colour, scale=scale, words=words)
            if name == COMPUTED:
                trace["marker"] = {**trace["marker"], "symbol": [theme.COMPUTED_SYMBOL] * len(points)}
            yield {**trace, "legendgroup": name, "showlegend": name not in named}
            named.add(name)


def _kind_of_point(row: Row) -> str:
    """Return what the legend calls a point: estimated, computed, an estimate somebody printed, or quoted by whom."""
    if row["mark"] == "estimate":
        return "Estimated"
    if row["observation_ids"] and not row["observation_id"] and row["provenance"] == "derived":
        return COMPUTED
    if row["role"] == "estimate":
        return "Estimate, quoted"
    return CLASS_NAMES.get(str(row["source_class"]), str(row["source_class"]))


def _hollow(rows: Rows, kind: str) -> Rows:
    """Return the rows so that an estimate is drawn hollow and never as the report of an office."""
    return [{**row, "role": "estimate", "provenance": "estimated"} for row in rows] if kind == "estimate" else rows


def _unseen(mark: base.Trace) -> base.Trace:
    """Return the click target of a band without a mark: a range has no point."""
    trace = {key: entry for key, entry in mark.items() if key not in ("text", "textposition", "textfont", "error_y")}
    return {**trace, "mode": "markers", "showlegend": False, "marker": {**mark["marker"], "size": 22, "opacity": 0}}


def _colour(row: Row) -> str:
    """Return the colour of a printed mark: of the area that reports, or of its source class where no one is said to."""
    if row["colour_of"] in theme.AREA_COLOUR:
        return theme.area_colour(str(row["colour_of"]))
    return theme.SOURCE_CLASS_COLOUR.get(str(row["source_class"]), theme.NEUTRAL)


def _promises(kinds: Mapping[str, Rows], scale: Scale, words: labels.Words) -> Iterator[base.Trace]:
    groups = base.by(kinds.get("target", ()), _name_of_promise)
    for name, rows in sorted(groups.items(), reverse=True):
        texts = [_promised(row, scale) for row in rows]
        colour = theme.ROLE_COLOUR["estimate" if name == EXPECTATION else "target"]
        trace = base.target_trace(rows, name=name, scale=scale, colour=colour, texts=texts)
        places = ["middle left" if _is_range(row) else "top center" for row in rows]
        yield {**trace, "textposition": places, "hovertext": base.hover_texts(rows, words)}
    if "path" in kinds:
        colour = theme.ROLE_COLOUR["target"]
        trace = base.line_trace(kinds["path"], name="Growth needed", colour=colour, scale=scale, dash="dash")
        yield {**trace, "mode": "lines", "line": {**trace["line"], "width": 1.2}}


def _name_of_promise(row: Row) -> str:
    return EXPECTATION if row["role"] == "estimate" else "Target"


def _is_range(row: Row) -> bool:
    return (
        isinstance(row["value_low"], float)
        and not math.isnan(row["value_low"])
        and row["value_high"] > row["value_low"]
    )


def _promised(row: Row, scale: Scale) -> str:
    low = labels.number(row["obs_value"] / scale.factor)
    return f"{low}–{labels.number(row['value_high'] / scale.factor)} " if _is_range(row) else low


def _margin(drawn: Rows, scale: Scale, words: labels.Words) -> base.Trace:
    """Return what nobody dated as hollow marks in the right margin, beside the time axis and never on it."""
    colours = [theme.ROLE_COLOUR["target"] if row["role"] == "target" else _colour(row) for row in drawn]
    return {
        "type": "scatter", "mode": "markers+text", "name": "No year named", "xaxis": "x9", "showlegend": False,
        "x": [0.5] * len(drawn), "y": [row["obs_value"] / scale.factor for row in drawn],
        "text": [f"{labels.BOUND_SYMBOL.get(str(row['bound']), '')}{labels.number(row['obs_value'] / scale.factor)}"
                 "<br>no year" for row in drawn],
        "textposition": "top center", "textfont": {"size": 11, "color": colours},
        "customdata": base.keys(drawn), "hovertext": base.hover_texts(drawn, words),
        "hovertemplate": "%{hovertext}<extra></extra>", "cliponaxis": False,
        "marker": {"symbol": [theme.symbol(str(row["role"]), str(row["source_class"]), "quoted") for row in drawn],
                   "size": 12, "color": colours, "line": {"width": 2, "color": colours}},
    }  # fmt: skip


def _seams(lines: Mapping[str, Rows]) -> base.Part:
    """Return the seams of all chains, each once, with the names of the parts above the plot, clear of what it shows."""
    found: dict[tuple[str, str, str], set[str]] = {}
    for line in lines.values():
        for left, right in pairwise(line):
            if right["is_seam"] is True:
                named = (str(right["time_period"]), str(left["part_name"]), str(right["part_name"]))
                found.setdefault(named, set()).add(str(line[0]["colour_of"]))
    parts = [(base.seam(*named)["layout"], areas) for named, areas in sorted(found.items())]
    notes = [note for place, (part, areas) in enumerate(parts) for note in _names(part, areas, place, len(parts))]
    return {"layout": {"shapes": [shape for part, _ in parts for shape in part["shapes"]], "annotations": notes}}


def _names(part: Row, areas: Collection[str], place: int, count: int) -> Iterator[dict[str, Any]]:
    """Yield the names of a seam, a step below those of the seam before; what came before all is named at the first."""
    colour = {"color": theme.area_colour(next(iter(areas)))} if count > 1 == len(areas) else {}
    for note in part["annotations"] if place == 0 else part["annotations"][1:]:
        height = ABOVE_EVENTS + STEP * (count - 1 - place)
        yield {**note, "y": 1, "yshift": height, "font": {**note["font"], **colour}}


def _is_end(row: Row) -> bool:
    """Say whether a named row is the end of a line, or of points that stand for one direction."""
    return row["mark"] == "line" or row.get("is_end") is True


def _ends(ends: Rows, window: tuple[str, str], scale: Scale, *, log: bool) -> Iterator[dict[str, Any]]:
    """Yield the name at the end of each line: in the right margin where it ends late, else beside its last point."""
    heights = sorted(row["obs_value"] for row in ends)
    for row in ends:
        is_late = int(window[1][:4]) - int(str(row["time_period"])[:4]) < 4
        is_top = row["obs_value"] == heights[-1]
        y = _height(row, scale, log=log)
        width = 14 if is_late else 9 if is_top and ";" not in row["note"] else 16
        note = {"y": y, "text": base.wrap(row["note"], width), "align": "left", "showarrow": False}
        font = {"font": {"size": 11, "color": theme.area_colour(str(row["colour_of"]))}}
        if is_late:
            anchor = "middle" if len(ends) == 1 else "bottom" if is_top else "top"
            yield {**note, **font, "xref": "paper", "x": 1, "xanchor": "left", "yanchor": anchor, "xshift": 4}
        else:
            place = {"yanchor": "middle", "xshift": 8} if is_top else {"yanchor": "top", "yshift": -7}
            yield {**note, **font, "x": base.position(str(row["time_period"])), "xanchor": "left", **place}


def _tags(rows: Rows, scale: Scale, *, log: bool) -> Iterator[dict[str, Any]]:
    """Yield the text beside each named point, below it and to the right."""
    for row in rows:
        yield {
            "x": base.position(str(row["time_period"])), "y": _height(row, scale, log=log), "showarrow": True,
            "text": base.wrap(row["note"], 16), "align": "left", "xanchor": "left", "yanchor": "top",
            "arrowhead": 0, "ax": 18, "ay": 3, "font": {"size": 10.5, "color": _colour(row)},
        }  # fmt: skip


def _band_name(row: Row, scale: Scale, *, log: bool) -> dict[str, Any]:
    low, high = (labels.number(row[name] / scale.factor) for name in ("value_low", "value_high"))
    return {
        "x": base.extent(str(row["time_period"]))[0], "y": _height({"obs_value": row["value_high"]}, scale, log=log),
        "text": f"{low}–{high} a year<br>as quoted", "align": "left", "xanchor": "left", "yanchor": "bottom",
        "yshift": 6, "showarrow": False, "font": {"size": 10.5, "color": _colour(row)},
    }  # fmt: skip


def _height(row: Row, scale: Scale, *, log: bool) -> float:
    y = float(row["obs_value"]) / scale.factor
    return math.log10(y) if log and y > 0 else y
