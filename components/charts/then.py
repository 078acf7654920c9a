"""The past looked back on: forecasts of that time beside what came, and the odds targets had when they were set."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from components import theme
from components.charts import base
from components.charts.outlook import (
    AHEAD,
    RULE,
    bands,
    line_colour,
    median,
    panel_head,
    part_of,
    scale_of,
    target_sides,
)
from components.labels import Scale

OUTCOME_COLOUR: Mapping[str, str] = {"met": theme.STATUS_COLOUR["under construction"], "missed": theme.WARNING}
ODDS_LOOK: Mapping[str, tuple[str, str, float]] = {
    "end": ("circle", "values to the end of the year it was set", 13),
    "before": ("circle-open", "values to the year before", 11),
    "likely": ("diamond-wide-open", "undated: no odds, first likely year", 11),
}
GAP = 0.045
PANELS_FROM = 0.37
HEAD = 0.125
NARROW_HEIGHT = 1280
STRIP_TOP = 0.21


def then_and_now(marks: pd.DataFrame, heads: Sequence[str], strip_head: str) -> base.Figure:
    """Return a panel for each past origin side by side, and below them the odds each target had when it was set.

    `marks` carry the panel in `origin`; those of `series` strip have `position`, `state`, `short` and the lines under
    them in `tick` and `tick_narrow`. On a narrow screen the panels stand below each other (`layout.meta.narrow`).
    """
    origins = list(dict.fromkeys(str(origin) for origin in marks["origin"].dropna()))
    strip = part_of(marks, "strip")
    scale = scale_of(marks[marks["series"] != "strip"])
    top = float(marks["value_high"].fillna(marks["obs_value"]).max()) / scale.factor * 1.04
    traces: list[base.Trace] = []
    layout: dict[str, Any] = {"annotations": [], "shapes": [], "margin": {"l": 8, "r": 26, "t": 8, "b": 62}}
    for place, (origin, head) in enumerate(zip(origins, heads, strict=True)):
        number = "" if place == 0 else str(place + 1)
        part = marks[marks["origin"] == origin]
        panel = _panel(part, scale, {"xaxis": f"x{number}", "yaxis": f"y{number}"})
        traces += [trace | {"showlegend": _is_new(trace, traces)} for trace in panel]
        layout[f"xaxis{number}"] = base.time_axis("", anchor=f"y{number}", nticks=6, range=_span(part))
        layout[f"yaxis{number}"] = base.value_axis(
            "", "" if place else scale.unit, anchor=f"x{number}", range=[0, top], nticks=6
        )
        layout["annotations"].append(panel_head(head, number))
    if len(strip):
        traces.append(_strip(strip, layout, str(len(origins) + 1), strip_head))
    wide, narrow = _places(len(origins), has_strip=bool(len(strip)))
    for name, axis in wide.items():
        layout[name] |= axis
    if len(strip):
        narrow[f"xaxis{len(origins) + 1}"]["ticktext"] = strip["tick_narrow"].tolist()
    meta = {"narrow": {"height": NARROW_HEIGHT, **narrow}}
    return base.figure(traces, {**layout, "showlegend": True, "meta": meta})


def _is_new(trace: base.Trace, earlier: Sequence[base.Trace]) -> bool:
    """Say whether a trace needs a line in the legend: bands have none, other kinds one for all panels."""
    return "fill" not in trace and trace["name"] not in [one["name"] for one in earlier]


def _places(count: int, *, has_strip: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the domains of the axes side by side, and below each other."""
    floor, width = PANELS_FROM if has_strip else 0.0, (1 + GAP) / count
    below = 0.15 if has_strip else 0.0
    step = (1 - below) / count
    wide: dict[str, Any] = {}
    narrow: dict[str, Any] = {}
    for place in range(count):
        number = "" if place == 0 else str(place + 1)
        wide[f"xaxis{number}"] = {"domain": [place * width, (place + 1) * width - GAP]}
        wide[f"yaxis{number}"] = {"domain": [floor, 1 - HEAD]}
        narrow[f"xaxis{number}"] = {"domain": [0, 1]}
        narrow[f"yaxis{number}"] = {"domain": [1 - (place + 1) * step + 0.055, 1 - place * step - 0.05]}
    if has_strip:
        wide[f"xaxis{count + 1}"] = narrow[f"xaxis{count + 1}"] = {"domain": [0, 1]}
        wide[f"yaxis{count + 1}"] = {"domain": [0, STRIP_TOP]}
        narrow[f"yaxis{count + 1}"] = {"domain": [0, 0.12]}
    return wide, {name: dict(axis) for name, axis in narrow.items()}


def _span(marks: pd.DataFrame) -> list[str]:
    years = [int(str(period)[:4]) for period in marks["time_period"].dropna()]
    return [f"{min(years)}-01-01", f"{max(years) + 1}-09-01"]


def _panel(marks: pd.DataFrame, scale: Scale, axes: Mapping[str, str]) -> list[base.Trace]:
    middle = [trace | {"name": "median of that time"} for trace in median(marks, scale, axes)]
    traces = [*bands(marks, scale, axes), *middle]
    for series, name, opacity in (("history", "known then", 0.5), ("came", "what came", 1.0)):
        part = part_of(marks, series)
        if len(part):
            rows = part.drop(columns=["is_seam", "line_id"], errors="ignore")
            trace = base.line_trace(rows, name=name, colour=line_colour(part), scale=scale)
            traces.append(trace | {"opacity": opacity} | dict(axes))
    goals = part_of(marks, "target")
    if len(goals):
        texts = [str(odds) for odds in goals["short"]]
        trace = base.target_trace(goals, name="targets, with their odds", scale=scale, texts=texts)
        traces.append(trace | {"error_y": {}, "textposition": target_sides(goals, part_of(marks, "came"))} | dict(axes))
    return traces


def _strip(strip: pd.DataFrame, layout: dict[str, Any], number: str, head: str) -> base.Trace:
    """Return one mark for each target at the odds it had; its axes, stems and head are put into the layout."""
    places = list(range(len(strip)))
    axes = {"xref": f"x{number}", "yref": f"y{number}"}
    colours = [OUTCOME_COLOUR.get(str(state), AHEAD) for state in strip["state"]]
    layout[f"xaxis{number}"] = {
        "anchor": f"y{number}", "range": [-0.5, len(strip) - 0.5], "tickvals": places, "showgrid": False,
        "zeroline": False, "ticktext": strip["tick"].tolist(), "tickangle": 0, "tickfont": {"size": 11.5},
        "fixedrange": True,
    }  # fmt: skip
    layout[f"yaxis{number}"] = {
        "anchor": f"x{number}", "range": [0, 112], "tickvals": [0, 50, 100], "ticktext": ["0 %", "50 %", "100 %"],
        "fixedrange": True,
    }  # fmt: skip
    layout["annotations"].append(panel_head(head, number))
    layout["shapes"] += [
        {"type": "line", **axes, "x0": x, "x1": x, "y0": 0, "y1": y, "line": {"width": 2, "color": colour}}
        for x, y, colour, series in zip(places, strip["position"], colours, strip["symbol"], strict=True)
        if series == "end"
    ]
    layout["shapes"].append({**RULE, **axes, "xref": f"x{number} domain", "x0": 0, "x1": 1, "y0": 50, "y1": 50})
    return {
        "type": "scatter", "mode": "markers+text", "name": "odds when set", "showlegend": False, "xaxis": f"x{number}",
        "yaxis": f"y{number}", "x": places, "y": strip["position"].tolist(), "text": strip["short"].tolist(),
        "textposition": "top center", "textfont": {"size": 12, "color": colours}, "cliponaxis": False,
        "marker": {
            "symbol": [ODDS_LOOK[str(series)][0] for series in strip["symbol"]], "size": 13, "color": colours,
            "line": {"width": 2, "color": colours},
        },
        "customdata": base.keys(strip), "hovertext": [base.wrap(str(words)) for words in strip["words"]],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }  # fmt: skip


def odds_then(marks: pd.DataFrame) -> base.Figure:
    """Return one row for each target: the odds when it was set, read to two dates, and in words what came of it."""
    rows = list(dict.fromkeys(str(row) for row in marks["row"]))
    height = {row: float(len(rows) - index) for index, row in enumerate(rows)}
    traces = [_dots(part, str(series), height) for series, part in marks.groupby("series", sort=False)]
    heads = marks.drop_duplicates("row")
    notes = [_row_words(str(r["head"]), height[str(r["row"])], 0.27) for r in heads.to_dict("records")]
    rules = [
        {"type": "line", "x0": 0, "x1": 100, "y0": y, "y1": y, "layer": "below", "line": {"width": 0.6}}
        for y in height.values()
    ]
    layout = {
        "xaxis": {"range": [-4, 112], "tickvals": [0, 25, 50, 75, 100], "title": {"text": "Odds, %"}},
        "yaxis": {"visible": False, "range": [0.5, len(rows) + 0.85]},
        "annotations": notes,
        "shapes": [*rules, {**RULE, "x0": 50, "x1": 50, "yref": "paper", "y0": 0, "y1": 1}],
        "showlegend": True,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 44},
    }
    return base.figure(traces, layout)


def _dots(part: pd.DataFrame, series: str, height: Mapping[str, float]) -> base.Trace:
    symbol, name, size = ODDS_LOOK[series]
    main = series == "end"
    colours = [OUTCOME_COLOUR.get(str(state), AHEAD) for state in part["state"]]
    return {
        "type": "scatter", "mode": "markers+text", "name": name,
        "x": part["position"].tolist(), "y": [height[str(row)] for row in part["row"]],
        "text": part["short"].tolist(), "textposition": [str(side) for side in part["side"]],
        "textfont": {"size": 12 if main else 10.5, "color": colours},
        "marker": {"symbol": symbol, "size": size, "color": colours, "line": {"width": 2, "color": colours}},
        "customdata": base.keys(part), "hovertext": [base.wrap(str(words)) for words in part["words"]],
        "hovertemplate": "%{hovertext}<extra></extra>", "cliponaxis": False,
    }  # fmt: skip


def _row_words(text: str, y: float, lift: float) -> dict[str, Any]:
    return {
        "text": text, "showarrow": False, "xref": "paper", "x": 0, "xanchor": "left", "y": y + lift,
        "yanchor": "bottom" if lift > 0.3 else "middle", "align": "left", "font": {"size": 11.5},
    }  # fmt: skip


def scorecard(scores: Sequence[Mapping[str, Any]], *, hits: Mapping[float, tuple[int, int]]) -> base.Figure:
    """Return one bar for each `score` (Brier, 0 to 1) with its `count`, and below the share each archived band held.

    What has nothing to score yet has its name, no bar, and says so.
    """
    names = [str(score["name"]) for score in scores]
    values = [score["score"] for score in scores]
    texts = [f"{s['score']:.2f} of {s['count']}" if s["score"] is not None else "none due yet" for s in scores]
    colours = [theme.ROLE_COLOUR["target"], AHEAD, AHEAD]
    levels = sorted(hits) or [80.0, 95.0]
    shares = [100 * hits[level][0] / hits[level][1] if level in hits else None for level in levels]
    told = [f"{hits[level][0]} of {hits[level][1]}" if level in hits else "none due yet" for level in levels]
    layout: dict[str, Any] = {
        "xaxis": {"range": [0, 1], "dtick": 0.25, "domain": [0, 1], "anchor": "y"},
        "yaxis": _rows(names, [0.5, 0.93], "x"),
        "xaxis2": {"range": [0, 100], "dtick": 25, "anchor": "y2", "domain": [0, 1]},
        "yaxis2": _rows([f"{level:g} % bands" for level in levels], [0.0, 0.26], "x2"),
        "annotations": [
            panel_head("<b>Brier score</b> (dotted: a coin)", "") | {"xref": "paper"},
            panel_head("<b>Bands held, %</b> (dotted: promised)", "2") | {"xref": "paper"},
        ],
        "shapes": [_upright("", 0.25, -0.5, len(names) - 0.5)]
        + [_upright("2", level, place - 0.5, place + 0.5) for place, level in enumerate(levels)],
        "margin": {"l": 8, "r": 16, "t": 8, "b": 28},
        "showlegend": False,
    }
    bars = [_bars(values, texts, colours, ""), _bars(shares, told, [AHEAD] * len(levels), "2")]
    return base.figure(bars, layout)


def _rows(names: Sequence[str], domain: Sequence[float], anchor: str) -> dict[str, Any]:
    return {
        "tickvals": list(range(len(names))), "ticktext": list(names),
        "range": [len(names) - 0.5, -0.5], "domain": list(domain), "anchor": anchor, "showgrid": False,
        "zeroline": False,
    }  # fmt: skip


def _upright(number: str, x: float, low: float, high: float) -> dict[str, Any]:
    return {**RULE, "xref": f"x{number}", "yref": f"y{number}", "x0": x, "x1": x, "y0": low, "y1": high}


def _bars(values: Sequence[float | None], texts: Sequence[str], colours: Sequence[str], number: str) -> base.Trace:
    full = 100 if number else 1
    return {
        "type": "bar", "orientation": "h", "name": "scores", "xaxis": f"x{number}", "yaxis": f"y{number}",
        "x": [0 if value is None else value for value in values], "y": list(range(len(values))), "width": 0.56,
        "marker": {"color": list(colours)}, "text": list(texts),
        "textposition": ["inside" if value and value > 0.6 * full else "outside" for value in values],
        "insidetextfont": {"color": "#ffffff"}, "cliponaxis": False,
        "hoverinfo": "skip",
    }  # fmt: skip
