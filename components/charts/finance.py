"""Money put in, promised or lent: bars, dots and cards that are never added up."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from components import labels, theme
from components.charts import base, rows
from components.charts.panels import stop_words
from components.charts.rows import Panel, Row
from components.labels import Scale

BILLIONS = Scale(1e9, "US$ bn")
NOT_CREATED = "dropped"
LEGEND_ROOM = 56
BLANK: Mapping[str, Any] = {"visible": False, "range": [0, 1]}
CARD = "card"


def amounts(marks: base.Rows, *, what: str) -> base.Figure:
    """Return amounts of money as bars from zero in the order given, and below them figures that stand alone as cards.

    The colour is that of the area in column `colour_area`, the fill that of the role; `note` stands below each bar.
    Those that stand alone have the series "card".
    """
    drawn = base.records(marks)
    beside = [mark for mark in drawn if mark["series"] != CARD]
    apart = [mark for mark in drawn if mark["series"] == CARD]
    scale = labels.scale_for("USD", map(itemgetter("obs_value"), beside))
    placed = rows.place([*map(_row, beside)])
    bars = [
        rows.bars(
            [mark],
            [y],
            name=str(mark["label"]),
            marker=theme.bar_marker(theme.area_colour(str(mark["colour_area"])), str(mark["role"])),
            scale=scale,
        )
        for mark, y in zip(beside, placed.y, strict=True)
    ]
    panel = Panel(placed, base.value_axis(what, scale.unit), bars)
    return rows.stack([panel, *([_cards_panel(apart)] if apart else [])])


def _row(mark: Mapping[Any, Any]) -> Row:
    return Row(_sentence(f"{_shown(mark)}: {mark['label']}"), (_said(mark["note"]),))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _card(mark: Mapping[Any, Any]) -> Row:
    return Row(str(mark["label"]), (_said(mark["note"]),), mark=38)


def _shown(mark: Mapping[Any, Any]) -> str:
    counted = _said(mark.get("counted"))
    return labels.bounded(float(mark["obs_value"]), str(mark["unit_measure"]), str(mark["bound"]), counted=counted)


def _said(cell: object) -> str:
    return cell if isinstance(cell, str) else ""


def _text_marks(cards: Sequence[base.Row], y: Sequence[float]) -> base.Trace:
    trace = rows.dots([{**card, "obs_value": 0.0} for card in cards], y, name="cards", colour=theme.NEUTRAL)
    return {
        **{key: entry for key, entry in trace.items() if key != "error_x"},
        "mode": "markers+text",
        "text": [f"  {_shown(card)}" for card in cards],
        "textposition": "middle right",
        "textfont": {"size": 24},
        "hovertext": base.hover_texts(cards),
    }


def cards(marks: base.Rows) -> base.Figure:
    """Return figures that stand alone as large numbers with their words; nothing is compared, so there is no axis."""
    figure = rows.stack([_cards_panel(base.records(marks))])
    figure["layout"]["hoverdistance"] = -1
    return figure


def _cards_panel(marks: Sequence[base.Row]) -> Panel:
    placed = rows.place([_card(mark) for mark in marks])
    return Panel(placed, BLANK, [_text_marks(marks, placed.y)])


def envelopes(marks: base.Rows) -> base.Figure:
    """Return one dot per speaker on a logarithmic axis; each role has its own symbol, nothing is stacked or summed."""
    drawn = base.records(marks)
    placed = rows.place([_row(mark) for mark in drawn])
    dots = [
        rows.dots(part, y, name=role, colour=theme.ROLE_COLOUR[role], scale=BILLIONS)
        for role, part, y in _groups(drawn, placed.y, "role")
    ]
    axis = base.value_axis("Logarithmic scale", BILLIONS.unit, log=True, range=[0.9, 3.8], showgrid=True)
    figure = rows.stack([Panel(placed, axis, dots)])
    named = {"showlegend": True, "height": figure["layout"]["height"] + LEGEND_ROOM}
    return {**figure, "layout": {**figure["layout"], **named}}


def _groups(
    drawn: Sequence[base.Row], heights: Sequence[float], column: str
) -> list[tuple[str, list[base.Row], list[float]]]:
    """Return each code of a column with its marks and their heights, in order of appearance."""
    places = {id(mark): y for mark, y in zip(drawn, heights, strict=True)}
    groups = base.by(drawn, itemgetter(column))
    return [(code, part, [places[id(mark)] for mark in part]) for code, part in groups.items()]


def funds(marks: base.Rows) -> base.Figure:
    """Return the stated capital of funds and banks as ordered bars with their parts.

    `part` says what a mark is: `whole`, `inset` (inside the whole before it), `extension` (what a plan adds to it) or
    `dropped` (proposed and never created, an outline only). Parts lie on the bar of their project.
    """
    drawn = base.records(marks)
    bars = [mark for mark in drawn if mark["part_of"] in ("whole", NOT_CREATED)]
    placed = rows.place([_row(mark) for mark in bars])
    places = {bar["project_id"]: y for bar, y in zip(bars, placed.y, strict=True)}
    wholes = {bar["project_id"]: float(bar["obs_value"]) for bar in bars}
    traces = [_fund_bar(mark, places[mark["project_id"]], wholes[mark["project_id"]]) for mark in drawn]
    return rows.stack([Panel(placed, base.value_axis("Stated capital or volume", BILLIONS.unit), traces)])


def _fund_bar(mark: base.Row, y: float, whole: float) -> base.Trace:
    part, role = str(mark["part_of"]), str(mark["role"])
    look = {"inset": "actual", NOT_CREATED: "target"}.get(part, role)
    colour = theme.area_colour("CHN") if part == "inset" else theme.ROLE_COLOUR[role]
    trace = rows.bars(
        [mark],
        [y],
        name=part,
        marker=theme.bar_marker(colour, look),
        scale=BILLIONS,
        width=rows.BAR / 2 if part == "inset" else rows.BAR,
    )
    if part != "extension":
        return trace
    return {**trace, "base": [whole / BILLIONS.factor], "x": [trace["x"][0] - whole / BILLIONS.factor]}


def deals(marks: base.Rows) -> base.Figure:
    """Return packages of deals in three panels: how many, of which value, and the mean size computed from both.

    `series` of the marks: number, value, mean size.
    """
    axes = {
        "number": (base.value_axis("Deals", "number"), base.ONE),
        "value": (base.value_axis("Combined value", BILLIONS.unit), BILLIONS),
        "mean size": (base.value_axis("Mean size, computed", BILLIONS.unit), BILLIONS),
    }
    parts = base.by(base.records(marks), itemgetter("series"))
    return rows.stack([_deal_panel(parts[series], *axes[series]) for series in axes if series in parts])


def _deal_panel(part: Sequence[base.Row], axis: Mapping[str, Any], scale: Scale) -> Panel:
    placed = rows.place([_row(mark) for mark in part])
    role = str(part[0]["role"])
    marker = theme.bar_marker(theme.ROLE_COLOUR[role], role)
    return Panel(placed, axis, [rows.bars(part, placed.y, name=str(part[0]["series"]), marker=marker, scale=scale)])


def side_by_side(marks: base.Rows) -> base.Figure:
    """Return announced and realised as bars one below the other, a panel for values and one for counts.

    Nothing is laid over anything and nothing is divided; `warning` is printed in the colour of warnings.
    """
    units = base.by(base.records(marks), itemgetter("unit_measure"))
    return rows.stack([_pair_panel(part, unit) for unit, part in units.items()])


def _pair_panel(part: Sequence[base.Row], unit: str) -> Panel:
    scale = labels.scale_for(unit, map(itemgetter("obs_value"), part))
    placed = rows.place(
        [Row(_sentence(f"{_shown(r)}: {r['label']}"), (_said(r["warning"]),), theme.WARNING) for r in part]
    )
    traces = [
        rows.bars(
            side,
            y,
            name=series,
            marker=theme.bar_marker(theme.ROLE_COLOUR[str(side[0]["role"])], str(side[0]["role"])),
            scale=scale,
        )
        for series, side, y in _groups(part, placed.y, "series")
    ]
    what = "Projects" if unit == "COUNT" else "Value"
    return Panel(placed, base.value_axis(what, scale.unit), traces)


def claims(marks: base.Rows) -> base.Figure:
    """Return what was claimed as open circles and what was called realised as filled squares, unjoined, over time.

    The number stands beside its mark with the sign of its wording and whoever said it; over a square stands of which
    territory or list it speaks (`territory`). `series` of the marks: announced, realised.
    """
    sides = base.by(base.records(marks), itemgetter("series"))
    claimed, realised = sides.get("announced", []), sides.get("realised", [])
    traces = [
        *([_claimed(claimed)] if claimed else []),
        *([_realised(realised)] if realised else []),
    ]
    layout = {
        "xaxis": base.time_axis("", range=["2014-01-01", "2027-03-31"], dtick="M24", tick0="2015-01-01"),
        "yaxis": base.value_axis("Value as stated", BILLIONS.unit, range=[0, 245]),
        "annotations": [*_speakers(claimed), *_territories(realised)],
        "margin": {"l": 8, "r": 16, "t": 16, "b": 44},
    }
    return base.figure(traces, layout)


def _claimed(marks: Sequence[base.Row]) -> base.Trace:
    trace = base.point_trace(marks, name="claimed", colour=theme.ROLE_COLOUR["plan"], scale=BILLIONS)
    sides = _sides(trace["x"], trace["y"])
    told = [_beside(_stated(r), side) for r, side in zip(marks, sides, strict=True)]
    return _unjoined(trace, "circle-open") | {"text": told, "textposition": sides, "textfont": {"size": 11}}


def _realised(marks: Sequence[base.Row]) -> base.Trace:
    trace = base.point_trace(marks, name="called realised", colour=theme.ROLE_COLOUR["actual"], scale=BILLIONS)
    return _unjoined(trace, "square") | {"mode": "markers", "text": None}


def _unjoined(trace: base.Trace, symbol: str) -> base.Trace:
    kept = {key: entry for key, entry in trace.items() if key != "error_y"}
    return {**kept, "marker": {**trace["marker"], "symbol": symbol, "size": 12}}


def _stated(row: Mapping[Any, Any]) -> str:
    """Return a number with the sign of what its wording allows."""
    sign = labels.BOUND_SYMBOL.get(str(row["bound"]), "")
    space = labels.NBSP if sign[-1:].isalpha() else ""
    return f"{sign}{space}{labels.number(float(row['obs_value']) / BILLIONS.factor)}"


def _beside(text: str, side: str) -> str:
    """Return words with room between them and their mark, so that a ring around it leaves them free."""
    room = labels.NBSP * 2
    return {"middle left": f"{text}{room}", "middle right": f"{room}{text}"}.get(side, text)


def _sides(days: Sequence[str], heights: Sequence[float]) -> list[str]:
    """Return where each number stands: beside its mark where a mark of about the same height is near, else above."""
    sides = ["top center"] * len(days)
    for i in range(len(days) - 1):
        if int(days[i + 1][:4]) - int(days[i][:4]) <= 1 and abs(heights[i] - heights[i + 1]) < 30:
            sides[i], sides[i + 1] = "middle left", "middle right"
    return sides


def _speakers(claimed: Sequence[base.Row]) -> list[dict[str, Any]]:
    """Return who said each amount, or where nobody is named who printed it, in turn above and below their marks."""
    return [
        {
            "x": base.position(str(row["time_period"])), "y": float(row["obs_value"]) / BILLIONS.factor,
            "text": _short(_said(row.get("said_by")) or str(row["publisher"])), "showarrow": False,
            "font": {"size": 10.5}, **({"yanchor": "bottom", "yshift": 11} if number and number % 2 == 0
                                       else {"yanchor": "top", "yshift": -11}),
        }
        for number, row in enumerate(claimed)
    ]  # fmt: skip


def _short(speaker: str) -> str:
    """Return the name of a speaker in lines short enough for a telephone.

    >>> _short("Russia-China Investment Fund"), _short("news.goalfore.com"), _short("Government of Russia")
    ('Investment<br>Fund', 'goalfore.com', 'Government')
    """
    plain = speaker.partition("(")[0].removeprefix("news.").partition(" of ")[0]
    if plain.startswith("Intergovernmental"):
        return "commission"
    words = [word for word in plain.split() if "-" not in word] or plain.split()
    return base.wrap(" ".join(words[:2]), 12)


def _territories(realised: Sequence[base.Row]) -> list[dict[str, Any]]:
    """Return number and territory over each square; beside a near one they stand higher and a stroke leads to them."""
    notes: list[dict[str, Any]] = []
    raised, last = False, -9
    for row in realised:
        year = int(str(row["time_period"])[:4])
        raised = year - last < 4 and not raised
        lines = [_stated(row), base.wrap(_said(row.get("territory")), 12)]
        stroke = {"showarrow": True, "arrowhead": 0, "arrowwidth": 1, "standoff": 11, "ax": 0, "ay": -60}
        notes.append({
            "x": base.position(str(row["time_period"])), "y": float(row["obs_value"]) / BILLIONS.factor,
            "text": "<br>".join(filter(None, lines)), "font": {"size": 11}, "yanchor": "bottom",
            **(stroke if raised else {"showarrow": False, "yshift": 11}),
        })  # fmt: skip
        last = year
    return notes


def settlement(marks: base.Rows) -> base.Figure:
    """Return one bar of a whole: the stated share, what nobody named, and the aim as a tick without a date.

    `series` of the marks: stated, not named, aim.
    """
    parts = base.by(base.records(marks), itemgetter("series"))
    share, rest, aim = (parts.get(series, []) for series in ("stated", "not named", "aim"))
    placed = rows.place([Row(f"{_shown(r)}: {r['label']}", (_said(r["note"]),)) for r in share])
    colour = theme.AREA_COLOUR["RUS"]
    traces = [rows.bars(share, placed.y, name="stated", marker=theme.bar_marker(colour))]
    if rest:
        trace = rows.bars(rest, placed.y, name="not named", marker=theme.bar_marker(theme.REMAINDER, "condition"))
        traces.append({**trace, "base": [mark["obs_value"] for mark in share]})
    if aim:
        tick = rows.tick(aim, placed.y[0], colour=theme.ROLE_COLOUR["target"])
        texts = [f"{_shown(r)} aimed at" for r in aim]
        traces.append({**tick, "mode": "markers+text", "text": texts, "textposition": "middle right"})
    axis = base.value_axis("Share of the pair's trade", "%", range=[0, 100])
    return rows.stack([Panel(placed, axis, traces)])


def stock_lines(marks: base.Rows) -> base.Figure:
    """Return stocks by the investor's country as lines named beside them, with a stop where they end."""
    drawn = base.records(marks)
    lines = base.by(drawn, itemgetter("counterpart_area"))
    scale = labels.scale_for("USD", map(itemgetter("obs_value"), drawn))
    traces = [
        base.line_trace(line, name=str(line[0]["series"]), colour=theme.area_colour(area), scale=scale)
        for area, line in lines.items()
    ]
    years = [int(row["time_period"]) for row in drawn]
    layout = {
        "xaxis": base.time_axis("", range=[f"{min(years) - 1}-07-01", f"{max(years) + 1}-12-31"]),
        "yaxis": base.value_axis("Stock at year's end", scale.unit),
        "annotations": [*_names(lines, scale), _stop(lines, max(years), scale)],
        "showlegend": False,
        "margin": {"l": 8, "r": 20, "t": 16, "b": 24},
    }
    return base.figure(traces, layout)


def _names(lines: Mapping[str, Sequence[base.Row]], scale: Scale) -> list[dict[str, Any]]:
    """Return the names of lines in the year they lie farthest apart: above the highest, below the others."""
    known = {area: {r["time_period"]: float(r["obs_value"]) for r in line} for area, line in lines.items()}
    years = set.intersection(*(set(values) for values in known.values()))
    widest = {year: [values[year] for values in known.values()] for year in sorted(years)}
    year = max(widest, key=lambda y: max(widest[y]) - min(widest[y]), default="")
    return [
        {
            "x": base.position(year), "y": known[area][year] / scale.factor, "showarrow": False,
            "text": str(line[0]["series"]), "font": {"color": theme.area_colour(area), "size": 12},
            "yshift": 14 if known[area][year] == max(widest[year]) else -14,
        }
        for area, line in lines.items()
        if year
    ]  # fmt: skip


def _stop(lines: Mapping[str, Sequence[base.Row]], year: int, scale: Scale) -> dict[str, Any]:
    lowest = min(float(line[-1]["obs_value"]) for line in lines.values())
    words = stop_words([row for line in lines.values() for row in line]).removeprefix("extract ")
    note: dict[str, Any] = base.stop_label(str(year), lowest / scale.factor, words)
    return {**note["layout"]["annotations"][0], "x": base.position(str(year)), "ay": 60}
