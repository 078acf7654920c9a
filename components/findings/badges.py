"""Signs on the marks a finding is about: a frame around points, a sign on bars, words where one hovers."""

import html
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from components import theme
from components.charts.base import keys
from components.findings.reading import Concerned, Finding

Trace = dict[str, Any]
# Shape and sign tell conflict from caution for whoever sees no colours.
FRAME: Mapping[str, str] = {"conflict": "square-open", "caution": "circle-open"}
SIGN: Mapping[str, str] = {"conflict": "!", "caution": "?"}
COLOUR: Mapping[str, str] = {"conflict": theme.CONFLICT, "caution": theme.WARNING}
# Upright and as large as its letters, however narrow the bar.
SIGN_PLACE: Mapping[str, Any] = {
    "textposition": "auto", "cliponaxis": False, "constraintext": "none", "textangle": 0,
}  # fmt: skip
SAID: Mapping[str, str] = {
    "conflict": "“!” marks a figure in conflict with others",
    "caution": "“?” marks a figure to be used with caution",
}
TITLES = 2
LEGEND_LINE = 28
OUTLINE = 2.5


def findings_of(key: object, concerned: Concerned) -> tuple[Finding, ...]:
    """Return the findings a mark is about, by what it carries."""
    if isinstance(key, str):
        return concerned.by_mark[key]
    return findings_of(key[0], concerned) if isinstance(key, list | tuple) and key else ()


def badged(figure: dict[str, Any], concerned: Concerned) -> dict[str, Any]:
    """Return the figure with signs on the marks concerned; without any it is the very same figure."""
    data: list[Trace] = figure.get("data", [])
    found = [_found(trace, concerned) for trace in data] if concerned else []
    if not any(found):
        return figure
    traces = [_signed(trace, findings) if findings else trace for trace, findings in zip(data, found, strict=True)]
    rings = _rings(list(zip(data, found, strict=True)))
    layout = {**figure.get("layout", {}), **(_with_legend(figure.get("layout", {})) if rings else {})}
    return {**figure, "data": [*traces, *rings], "layout": layout}


def _with_legend(layout: Mapping[str, Any]) -> dict[str, Any]:
    """Return a layout that shows its legend; a figure of its own height grows by a line, so that nothing is pressed."""
    grows = "height" in layout and not layout.get("showlegend")
    return {"showlegend": True, **({"height": layout["height"] + LEGEND_LINE} if grows else {})}


def _found(trace: Trace, concerned: Concerned) -> dict[int, tuple[Finding, ...]]:
    marks = trace.get("customdata")
    if not isinstance(marks, list):
        return {}
    return {place: findings for place, mark in enumerate(marks) if (findings := findings_of(mark, concerned))}


def word_of(findings: Sequence[Finding]) -> str:
    """Return the graver of the findings' words."""
    return "conflict" if any(finding.word == "conflict" for finding in findings) else "caution"


def _signed(trace: Trace, found: Mapping[int, Sequence[Finding]]) -> Trace:
    """Return a trace whose hover boxes name the findings; a bar carries the sign itself."""
    told = _hovered(trace)
    words = {told: _told(trace.get(told), len(trace["customdata"]), found)} if told else {}
    changed = {**trace, **words}
    return _signed_bars(changed, found) if trace.get("type") == "bar" else changed


def _hovered(trace: Trace) -> str:
    """Return where a trace keeps the words of its hover boxes: its text, unless that is drawn beside the marks."""
    if "hovertext" in trace:
        return "hovertext"
    return "" if trace.get("type") == "bar" or "text" in str(trace.get("mode", "")) else "text"


def _told(texts: Any, count: int, found: Mapping[int, Sequence[Finding]]) -> list[Any]:
    lines = _spread(texts, count)
    for place, findings in found.items():
        said = [f"<b>{finding.word}</b>: {_short(finding.title)}" for finding in findings[:TITLES]]
        more = [f"and {len(findings) - TITLES} more, see the panel"] if len(findings) > TITLES else []
        lines[place] = "<br>".join(filter(None, (lines[place], *said, *more)))
    return lines


def _short(title: str, most: int = 70) -> str:
    return html.escape(title if len(title) <= most else f"{title[: most - 1]}…")


def _signed_bars(trace: Trace, found: Mapping[int, Sequence[Finding]]) -> Trace:
    """Return bars with the sign beside what they say; where the words stand inside, a short one and an outline."""
    marks = trace["customdata"]
    count = len(marks)
    # Bars of one figure, such as the squares of a list, are signed once.
    words = {place: word_of(findings) for place, findings in found.items() if marks[place] not in marks[:place]}
    is_inside = trace.get("textposition") == "inside"
    shown = _spread(trace.get("text") or "", count)
    for place, word in words.items():
        shown[place] = f"{shown[place]}{SIGN[word]}" if is_inside else f"{shown[place]} <b>({SIGN[word]})</b>".strip()
    if is_inside:
        return {**trace, "text": shown, "marker": _outlined(trace.get("marker", {}), count, words)}
    placed = {} if "textposition" in trace else {**SIGN_PLACE, **_sign_colours(trace, count, words)}
    return {**trace, "text": shown, **placed}


def _sign_colours(trace: Trace, count: int, words: Mapping[int, str]) -> dict[str, Any]:
    """Return the colour of signs on pale bars: what plotly picks for white paper cannot be read on dark paper."""
    fills = _spread(trace.get("marker", {}).get("color", ""), count)
    if trace.get("text") or not all(str(fill).startswith("rgba(") for fill in fills):
        return {}
    return {
        "insidetextfont": {
            "color": [COLOUR[words[place]] if place in words else theme.NEUTRAL for place in range(count)]
        }
    }


def sign_words(figure: Mapping[str, Any], concerned: Concerned) -> tuple[str, ...]:
    """Return what the signs on bars mean, since no legend says it; nothing where no bar has one."""
    bars = [trace for trace in figure.get("data", []) if trace.get("type") == "bar"] if concerned else []
    words = {word_of(findings) for trace in bars for findings in _found(trace, concerned).values()}
    told = [said for word, said in SAID.items() if word in words]
    return (f"{'; '.join(told)}: click it to see why.",) if told else ()


def _outlined(marker: Trace, count: int, words: Mapping[int, str]) -> Trace:
    line = marker.get("line", {})
    colours, widths = _spread(line.get("color", theme.NEUTRAL), count), _spread(line.get("width", 0), count)
    for place, word in words.items():
        colours[place], widths[place] = COLOUR[word], OUTLINE
    return {**marker, "line": {**line, "color": colours, "width": widths}}


def _spread(cell: Any, count: int) -> list[Any]:
    """Return what holds for every mark as a list, one for each."""
    return list(cell) if isinstance(cell, list | tuple) else [cell] * count


def _rings(found: Sequence[tuple[Trace, Mapping[int, Sequence[Finding]]]]) -> list[Trace]:
    """Return the rings around points, by trace and word; they neither answer to hovering nor take clicks away."""
    rings: list[Trace] = []
    for trace, findings in found:
        if trace.get("type") == "scatter":
            words = {place: word_of(several) for place, several in findings.items() if trace["y"][place] is not None}
            rings += [
                _ring(trace, [p for p, w in words.items() if w == word], word) for word in dict.fromkeys(words.values())
            ]
    named = [ring["name"] for ring in rings]
    return [{**ring, "showlegend": ring["name"] not in named[:place]} for place, ring in enumerate(rings)]


def _ring(trace: Trace, places: Sequence[int], word: str) -> Trace:
    axes: Trace = {name: trace[name] for name in ("xaxis", "yaxis") if name in trace}
    return {
        "type": "scatter", "mode": "markers", "name": f"{word}, see Findings", "legendgroup": word, "legendrank": 3000,
        "x": [trace["x"][place] for place in places], "y": [trace["y"][place] for place in places], **axes,
        "hoverinfo": "skip", "cliponaxis": False,
        "marker": {"symbol": FRAME[word], "size": 19, "color": COLOUR[word], "line": {"width": 1.6}},
    }  # fmt: skip


def told_of(rows: pd.DataFrame, concerned: Concerned) -> list[str]:
    """Return for each row drawn the findings it is about in words, "" where there is none."""
    return [
        "; ".join(f"{finding.word}: {finding.title}" for finding in findings_of(key, concerned)) for key in keys(rows)
    ]


def with_findings(rows: pd.DataFrame, concerned: Concerned) -> pd.DataFrame:
    """Return the rows drawn with a column `findings` where at least one of them is about a finding."""
    told = told_of(rows, concerned) if concerned else []
    return rows.assign(findings=pd.Series(told, index=rows.index, dtype=object)) if any(told) else rows
