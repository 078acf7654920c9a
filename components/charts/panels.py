"""How several panels share one figure, each with a margin beside its time axis for what has no date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import pandas as pd

from components import labels, theme
from components.charts.base import (
    ONE,
    Figure,
    Part,
    Row,
    Rows,
    Trace,
    by,
    figure,
    hover_texts,
    keys,
    records,
    scaled,
    symbols,
)
from components.labels import Scale

YEAR_MS = 365.25 * 24 * 3600 * 1000
_OWN = ("x", "x2", "y")


@dataclass(frozen=True)
class Panel:
    """One panel: traces on its own axes `x` and `y`, and traces of the margin, which has the axis `x2`.

    The shapes and annotations of `parts` name the same axes (`x` and `y` where they name none).
    """

    traces: Sequence[Trace]
    xaxis: Mapping[str, Any]
    yaxis: Mapping[str, Any]
    title: str = ""
    margin: Sequence[Trace] = ()
    parts: Sequence[Part] = field(default=())


def stack_panels(panels: Sequence[Panel], *, margin: float = 0.0, gap: float = 0.16) -> Figure:
    """Return the panels one above the other; `margin` is the share of the width kept for what has no date."""
    height = (1 - gap * (len(panels) - 1)) / len(panels)
    data: list[Trace] = []
    layout: dict[str, Any] = {"annotations": [], "shapes": [], "barmode": "overlay"}
    for number, panel in enumerate(panels):
        top = 1 - number * (height + gap)
        names = _axis_names(number)
        data += [_on_axes(trace, names["x"], names["y"]) for trace in panel.traces]
        data += [_on_axes(trace, names["x2"], names["y"]) for trace in panel.margin]
        layout |= _axes(panel, names, (top - height, top), margin)
        layout["annotations"] += _titles(panel, top) + _renamed(panel.parts, "annotations", names)
        layout["shapes"] += _renamed(panel.parts, "shapes", names)
    layout["margin"] = {"l": 8, "r": 12, "t": 28 if any(panel.title for panel in panels) else 16, "b": 8}
    return figure(data, layout)


def _axis_names(number: int) -> dict[str, str]:
    """Return the names of the axes of a panel; the first panel keeps `x` and `y`, so that a reader's data find them."""
    first = 2 * number + 1
    end = "" if first == 1 else str(first)
    return {"x": f"x{end}", "x2": f"x{first + 1}", "y": f"y{end}"}


def _on_axes(trace: Trace, x: str, y: str) -> Trace:
    return {**trace, "xaxis": x, "yaxis": y}


def _axes(panel: Panel, names: Mapping[str, str], rows: tuple[float, float], margin: float) -> dict[str, Any]:
    main = [0, 1 - margin] if panel.margin else [0, 1]
    axes: dict[str, Any] = {
        _key(names["x"]): {**panel.xaxis, "domain": main, "anchor": names["y"]},
        _key(names["y"]): {**panel.yaxis, "domain": [max(0.0, rows[0]), min(1.0, rows[1])], "anchor": names["x"]},
    }
    if panel.margin:
        axes[_key(names["x2"])] = {
            "type": "category",
            "domain": [1 - margin + 0.02, 1],
            "anchor": names["y"],
            "tickangle": 0,
            "fixedrange": True,
        }
    return axes


def _key(name: str) -> str:
    return f"{name[0]}axis{name[1:]}"


def _titles(panel: Panel, top: float) -> list[dict[str, Any]]:
    if not panel.title:
        return []
    place = {"xref": "paper", "yref": "paper", "x": 0, "y": top, "xanchor": "left", "yanchor": "bottom", "yshift": 6}
    return [{**place, "text": f"<b>{panel.title}</b>", "showarrow": False, "font": {"size": 12.5}}]


def _renamed(parts: Sequence[Part], kind: str, names: Mapping[str, str]) -> list[dict[str, Any]]:
    entries = [entry for part in parts for entry in part.get("layout", {}).get(kind, [])]
    return [{**entry, "xref": _own(entry, "xref", names), "yref": _own(entry, "yref", names)} for entry in entries]


def _own(entry: Mapping[str, Any], ref: str, names: Mapping[str, str]) -> str:
    name, _, rest = str(entry.get(ref, ref[0])).partition(" ")
    if name == "paper":
        return "paper" if ref == "xref" else f"{names['y']} domain"
    return f"{names[name] if name in _OWN else name} {rest}".strip()


def series_of(marks: Rows, *names: str) -> list[Row]:
    """Return the marks of the named series, in their order."""
    return [row for row in records(marks) if row["series"] in names]


def stop_words(marks: Rows) -> str:
    """Return why marks stop at their last year: a reader cut them there, or the extract at hand ends."""
    rows = records(marks)
    last = max(str(row["time_period"]) for row in rows)
    return f"cut at {last}" if any(row.get("_cut") == last for row in rows) else f"extract ends {last}"


def short_values(rows: Rows, scale: Scale = ONE) -> list[str]:
    """Return the number of each mark without its unit, with the sign its wording puts before it."""
    shown = [(labels.BOUND_SYMBOL.get(str(row["bound"]), ""), row["obs_value"]) for row in records(rows)]
    return [f"{sign}{labels.number(value / scale.factor)}" for sign, value in shown]


def undated_trace(rows: Rows, *, place: str, colour: str, texts: Sequence[str], scale: Scale = ONE) -> Trace:
    """Return marks without a date at one place of a margin, their words beside them; shape by role."""
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": place,
        "x": [place] * len(rows),
        "y": scaled(rows, scale),
        "customdata": keys(rows),
        "hovertext": hover_texts(rows),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "text": list(texts),
        "textposition": "top center",
        "textfont": {"size": 11},
        "marker": {"symbol": symbols(rows), "color": colour, "size": 11, "line": {"color": colour, "width": 2}},
        "showlegend": False,
        "cliponaxis": False,
    }


def quoted_bar(colour: str) -> dict[str, Any]:
    """Return the marker of a bar that was quoted and not counted by an office: pale with an outline, never hatched."""
    return {"color": theme.translucent(colour, 0.38), "line": {"color": colour, "width": 1.5}}


def columns(trace: Trace, share: float = 0.7) -> Trace:
    """Return bars on a date axis as columns that take that share of their year."""
    return {**trace, "width": [YEAR_MS * share] * len(trace["x"])}


def year_rule(first: str, last: str, y: float, colour: str) -> Part:
    """Return a dashed level that holds from the first to the last day only."""
    line = {"color": colour, "width": 1.4, "dash": "dash"}
    rule = {"type": "line", "x0": first, "x1": last, "y0": y, "y1": y, "line": line}
    return {"layout": {"shapes": [rule]}}


def across(y: float, colour: str) -> Part:
    """Return a dashed level without a date, from the time axis through the margin."""
    rule = {
        "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y,
        "line": {"color": colour, "width": 1.4, "dash": "dash"},
    }  # fmt: skip
    return {"layout": {"shapes": [rule]}}


def note(text: str, x: Any, y: float, **options: Any) -> Part:
    """Return a remark at a place of the panel."""
    remark = {"x": x, "y": y, "text": text, "showarrow": False, "font": {"size": 11}, **options}
    return {"layout": {"annotations": [remark]}}


def seam_rules(rows: Rows, names: Mapping[str, str], *, upright: bool = False) -> list[Part]:
    """Return a thin rule at each seam of a composed series and the name of each part on top; one part has none.

    `upright` turns the names where the parts are narrow.
    """
    held = [row for row in records(rows) if not pd.isna(row["part"])]
    firsts = {row["time_period"]: row for row in reversed(held)}
    parts = by([firsts[period] for period in sorted(firsts)], itemgetter("part"))
    if len(parts) < 2:
        return []
    found: list[Part] = []
    for number in sorted(parts):
        own = parts[number]
        first, last = (int(str(row["time_period"])[:4]) for row in (own[0], own[-1]))
        text = names.get(str(own[0]["edition"]), str(own[0]["edition"]))
        middle = f"{(first + last + 1) / 2:.1f}"
        found.append(_part_name(text, float(middle), upright=upright))
        if first > int(min(firsts)[:4]):
            found.append(_seam_rule(first))
    return found


def _part_name(text: str, middle: float, *, upright: bool) -> Part:
    year, months = int(middle), round((middle % 1) * 12)
    turned = {"textangle": -90, "text": text.replace("<br>", " ")} if upright else {"text": text}
    place = {"x": f"{year}-{months + 1:02d}-01", "y": 1, "yref": "paper", "yanchor": "top", "showarrow": False}
    return {"layout": {"annotations": [{**place, **turned, "font": {"size": 10.5}}]}}


def _seam_rule(year: int) -> Part:
    rule = {
        "type": "line", "x0": f"{year}-01-01", "x1": f"{year}-01-01", "yref": "paper", "y0": 0, "y1": 1,
        "line": {"width": 1, "dash": "dot"},
    }  # fmt: skip
    return {"layout": {"shapes": [rule]}}


def short_editions(marks: Rows) -> dict[str, str]:
    """Name a workbook by its year alone."""
    editions = {row["edition"] for row in records(marks) if isinstance(row["edition"], str)}
    return {edition: edition.replace(" workbook", "<br>edition") for edition in editions}
