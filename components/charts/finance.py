"""Money put in, promised or lent: bars, dots and cards that are never added up."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from components import labels, theme
from components.charts import base, rows
from components.charts.rows import Panel, Row
from components.labels import Scale

BILLIONS = Scale(1e9, "US$ bn")
NOT_CREATED = "dropped"
LEGEND_ROOM = 56
BLANK: Mapping[str, Any] = {"visible": False, "range": [0, 1]}


def amounts(marks: pd.DataFrame, *, what: str, cards: pd.DataFrame | None = None) -> base.Figure:
    """Return amounts of money as bars from zero in the order given, and below them figures that stand alone as cards.

    The colour is that of the area in column `colour_area`, the fill that of the role; `note` stands below each bar.
    """
    scale = labels.scale_for("USD", marks["obs_value"])
    placed = rows.place([*map(_row, marks.to_dict("records"))])
    bars = [
        rows.bars(
            marks.iloc[[i]],
            [placed.y[i]],
            name=str(mark["label"]),
            marker=theme.bar_marker(theme.area_colour(str(mark["colour_area"])), str(mark["role"])),
            scale=scale,
        )
        for i, mark in enumerate(marks.to_dict("records"))
    ]
    apart = [_cards_panel(cards)] if cards is not None and len(cards) else []
    return rows.stack([Panel(placed, base.value_axis(what, scale.unit), bars), *apart])


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


def _text_marks(cards: pd.DataFrame, y: Sequence[float]) -> base.Trace:
    trace = rows.dots(cards.assign(obs_value=0.0), y, name="cards", colour=theme.NEUTRAL)
    return {
        **{key: entry for key, entry in trace.items() if key != "error_x"},
        "mode": "markers+text",
        "text": [f"  {_shown(card)}" for card in cards.to_dict("records")],
        "textposition": "middle right",
        "textfont": {"size": 24},
        "hovertext": base.hover_texts(cards),
    }


def cards(marks: pd.DataFrame) -> base.Figure:
    """Return figures that stand alone as large numbers with their words; nothing is compared, so there is no axis."""
    figure = rows.stack([_cards_panel(marks)])
    figure["layout"]["hoverdistance"] = -1
    return figure


def _cards_panel(marks: pd.DataFrame) -> Panel:
    placed = rows.place([_card(mark) for mark in marks.to_dict("records")])
    return Panel(placed, BLANK, [_text_marks(marks, placed.y)])


def envelopes(marks: pd.DataFrame) -> base.Figure:
    """Return one dot per speaker on a logarithmic axis; each role has its own symbol, nothing is stacked or summed."""
    placed = rows.place([_row(mark) for mark in marks.to_dict("records")])
    dots = [
        rows.dots(
            part, [placed.y[i] for i in part.index], name=str(role), colour=theme.ROLE_COLOUR[str(role)], scale=BILLIONS
        )
        for role, part in marks.reset_index(drop=True).groupby("role", sort=False)
    ]
    axis = base.value_axis("Logarithmic scale", BILLIONS.unit, log=True, range=[0.9, 3.8], showgrid=True)
    figure = rows.stack([Panel(placed, axis, dots)])
    named = {"showlegend": True, "height": figure["layout"]["height"] + LEGEND_ROOM}
    return {**figure, "layout": {**figure["layout"], **named}}


def funds(marks: pd.DataFrame) -> base.Figure:
    """Return the stated capital of funds and banks as ordered bars with their parts.

    `part` says what a mark is: `whole`, `inset` (inside the whole before it), `extension` (what a plan adds to it) or
    `dropped` (proposed and never created, an outline only). Parts lie on the bar of their project.
    """
    bars = marks[marks["part_of"].isin(["whole", NOT_CREATED])].reset_index(drop=True)
    placed = rows.place([_row(mark) for mark in bars.to_dict("records")])
    places = dict(zip(bars["project_id"], placed.y, strict=True))
    wholes = bars.set_index("project_id")["obs_value"].to_dict()
    traces = [
        _fund_bar(marks.iloc[[i]], places[mark["project_id"]], wholes[mark["project_id"]])
        for i, mark in enumerate(marks.to_dict("records"))
    ]
    return rows.stack([Panel(placed, base.value_axis("Stated capital or volume", BILLIONS.unit), traces)])


def _fund_bar(mark: pd.DataFrame, y: float, whole: float) -> base.Trace:
    part, role = str(mark["part_of"].iloc[0]), str(mark["role"].iloc[0])
    look = {"inset": "actual", NOT_CREATED: "target"}.get(part, role)
    colour = theme.area_colour("CHN") if part == "inset" else theme.ROLE_COLOUR[role]
    trace = rows.bars(
        mark,
        [y],
        name=part,
        marker=theme.bar_marker(colour, look),
        scale=BILLIONS,
        width=rows.BAR / 2 if part == "inset" else rows.BAR,
    )
    if part != "extension":
        return trace
    return {**trace, "base": [whole / BILLIONS.factor], "x": [trace["x"][0] - whole / BILLIONS.factor]}


def deals(counts: pd.DataFrame, values: pd.DataFrame, means: pd.DataFrame) -> base.Figure:
    """Return packages of deals in three panels: how many, of which value, and the mean size computed from both."""
    panels = [
        (counts, base.value_axis("Deals", "number"), base.ONE),
        (values, base.value_axis("Combined value", BILLIONS.unit), BILLIONS),
        (means, base.value_axis("Mean size, computed", BILLIONS.unit), BILLIONS),
    ]
    return rows.stack([_deal_panel(part, axis, scale) for part, axis, scale in panels if len(part)])


def _deal_panel(part: pd.DataFrame, axis: Mapping[str, Any], scale: Scale) -> Panel:
    placed = rows.place([_row(mark) for mark in part.to_dict("records")])
    role = str(part["role"].iloc[0])
    marker = theme.bar_marker(theme.ROLE_COLOUR[role], role)
    return Panel(
        placed, axis, [rows.bars(part, placed.y, name=str(part["series"].iloc[0]), marker=marker, scale=scale)]
    )


def side_by_side(marks: pd.DataFrame) -> base.Figure:
    """Return announced and realised as bars one below the other, a panel for values and one for counts.

    Nothing is laid over anything and nothing is divided; `warning` is printed in the colour of warnings.
    """
    panels = [
        _pair_panel(part.reset_index(drop=True), str(unit)) for unit, part in marks.groupby("unit_measure", sort=False)
    ]
    return rows.stack(panels)


def _pair_panel(part: pd.DataFrame, unit: str) -> Panel:
    scale = labels.scale_for(unit, part["obs_value"])
    records = part.to_dict("records")
    placed = rows.place(
        [Row(_sentence(f"{_shown(r)}: {r['label']}"), (_said(r["warning"]),), theme.WARNING) for r in records]
    )
    traces = [
        rows.bars(
            side,
            [placed.y[i] for i in side.index],
            name=str(series),
            marker=theme.bar_marker(theme.ROLE_COLOUR[str(side["role"].iloc[0])], str(side["role"].iloc[0])),
            scale=scale,
        )
        for series, side in part.groupby("series", sort=False)
    ]
    what = "Projects" if unit == "COUNT" else "Value"
    return Panel(placed, base.value_axis(what, scale.unit), traces)


def claims(claimed: pd.DataFrame, realised: pd.DataFrame) -> base.Figure:
    """Return what was claimed as open circles and what was called realised as filled squares, unjoined, over time.

    The number stands beside its mark with the sign of its wording and whoever said it; over a square stands of which
    territory or list it speaks (`territory`).
    """
    traces = [
        *([_claimed(claimed)] if len(claimed) else []),
        *([_realised(realised)] if len(realised) else []),
    ]
    layout = {
        "xaxis": base.time_axis("", range=["2014-01-01", "2027-03-31"], dtick="M24", tick0="2015-01-01"),
        "yaxis": base.value_axis("Value as stated", BILLIONS.unit, range=[0, 245]),
        "annotations": [*_speakers(claimed), *_territories(realised)],
        "margin": {"l": 8, "r": 16, "t": 16, "b": 44},
    }
    return base.figure(traces, layout)


def _claimed(marks: pd.DataFrame) -> base.Trace:
    trace = base.point_trace(marks, name="claimed", colour=theme.ROLE_COLOUR["plan"], scale=BILLIONS)
    sides = _sides(trace["x"], trace["y"])
    told = [_beside(_stated(r), side) for r, side in zip(marks.to_dict("records"), sides, strict=True)]
    return _unjoined(trace, "circle-open") | {"text": told, "textposition": sides, "textfont": {"size": 11}}


def _realised(marks: pd.DataFrame) -> base.Trace:
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


def _speakers(claimed: pd.DataFrame) -> list[dict[str, Any]]:
    """Return who said each amount, or where nobody is named who printed it, in turn above and below their marks."""
    return [
        {
            "x": base.position(str(row["time_period"])), "y": float(row["obs_value"]) / BILLIONS.factor,
            "text": _short(_said(row.get("said_by")) or str(row["publisher"])), "showarrow": False,
            "font": {"size": 10.5}, **({"yanchor": "bottom", "yshift": 11} if number and number % 2 == 0
                                       else {"yanchor": "top", "yshift": -11}),
        }
        for number, row in enumerate(claimed.to_dict("records"))
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


def _territories(realised: pd.DataFrame) -> list[dict[str, Any]]:
    """Return number and territory over each square; beside a near one they stand higher and a stroke leads to them."""
    notes: list[dict[str, Any]] = []
    raised, last = False, -9
    for row in realised.to_dict("records"):
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


def settlement(share: pd.DataFrame, rest: pd.DataFrame, aim: pd.DataFrame) -> base.Figure:
    """Return one bar of a whole: the stated share, what nobody named, and the aim as a tick without a date."""
    marks = [Row(f"{_shown(r)}: {r['label']}", (_said(r["note"]),)) for r in share.to_dict("records")]
    placed = rows.place(marks)
    colour = theme.AREA_COLOUR["RUS"]
    traces = [rows.bars(share, placed.y, name="stated", marker=theme.bar_marker(colour))]
    if len(rest):
        trace = rows.bars(rest, placed.y, name="not named", marker=theme.bar_marker(theme.REMAINDER, "condition"))
        traces.append({**trace, "base": share["obs_value"].tolist()})
    if len(aim):
        tick = rows.tick(aim, placed.y[0], colour=theme.ROLE_COLOUR["target"])
        texts = [f"{_shown(r)} aimed at" for r in aim.to_dict("records")]
        traces.append({**tick, "mode": "markers+text", "text": texts, "textposition": "middle right"})
    axis = base.value_axis("Share of the pair's trade", "%", range=[0, 100])
    return rows.stack([Panel(placed, axis, traces)])


def stock_lines(lines: Mapping[str, pd.DataFrame]) -> base.Figure:
    """Return stocks by the investor's country as lines named beside them, with a stop where they end."""
    scale = labels.scale_for("USD", [v for marks in lines.values() for v in marks["obs_value"]])
    traces = [
        base.line_trace(marks, name=str(marks["series"].iloc[0]), colour=theme.area_colour(area), scale=scale)
        for area, marks in lines.items()
    ]
    years = [int(year) for marks in lines.values() for year in marks["time_period"]]
    layout = {
        "xaxis": base.time_axis("", range=[f"{min(years) - 1}-07-01", f"{max(years) + 1}-12-31"]),
        "yaxis": base.value_axis("Stock at year's end", scale.unit),
        "annotations": [*_names(lines, scale), _stop(lines, max(years), scale)],
        "showlegend": False,
        "margin": {"l": 8, "r": 20, "t": 16, "b": 24},
    }
    return base.figure(traces, layout)


def _names(lines: Mapping[str, pd.DataFrame], scale: Scale) -> list[dict[str, Any]]:
    """Return the names of lines in the year they lie farthest apart: above the highest, below the others."""
    known = {area: dict(zip(m["time_period"], m["obs_value"].astype(float), strict=True)) for area, m in lines.items()}
    years = set.intersection(*(set(values) for values in known.values()))
    widest = {year: [values[year] for values in known.values()] for year in sorted(years)}
    year = max(widest, key=lambda y: max(widest[y]) - min(widest[y]), default="")
    return [
        {
            "x": base.position(year), "y": known[area][year] / scale.factor, "showarrow": False,
            "text": str(marks["series"].iloc[0]), "font": {"color": theme.area_colour(area), "size": 12},
            "yshift": 14 if known[area][year] == max(widest[year]) else -14,
        }
        for area, marks in lines.items()
        if year
    ]  # fmt: skip


def _stop(lines: Mapping[str, pd.DataFrame], year: int, scale: Scale) -> dict[str, Any]:
    lowest = min(float(marks["obs_value"].iloc[-1]) for marks in lines.values())
    note: dict[str, Any] = base.stop_label(str(year), lowest / scale.factor, f"ends {year}")
    return {**note["layout"]["annotations"][0], "x": base.position(str(year)), "ay": 60}
