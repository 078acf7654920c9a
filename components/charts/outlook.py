"""The years ahead: graded bands that widen, odds by year, past forecasts beside what came, scores."""

import html
import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from components import labels, theme
from components.charts import base
from components.labels import Scale

AHEAD = theme.ROLE_COLOUR["plan"]
CAME = theme.ROLE_COLOUR["actual"]
GOAL = theme.ROLE_COLOUR["target"]
NEEDED = theme.READER
BAND_OPACITY = 0.17
SHOWN_YEARS = 20
NOTE_WIDTH = 44
LINE_LOOK: Mapping[str, tuple[str, str, float]] = {
    "naive": (theme.NEUTRAL, "dot", 1.5),
    "required": (GOAL, "dashdot", 1.6),
    "growth": (theme.WARNING, "longdash", 2.0),
    "member": (theme.NEUTRAL, "solid", 0.9),
}
RULE = {"type": "line", "line": {"color": theme.NEUTRAL, "width": 1, "dash": "dot"}}


def fan(marks: pd.DataFrame, *, log: bool = False, note: str = "") -> base.Figure:
    """Return history, graded bands, median, naive and required lines and targets; a note stands in the chart's place.

    `marks` carry in `series` what they are: history, outside, quoted, band (with `level`), median, naive, required,
    growth, member, target, asked.
    """
    scale = _scale(marks)
    traces = [
        *_bands(marks, scale),
        *(_thin(part, str(label), scale) for (_, label), part in _lines(marks)),
        *_history(marks, scale),
        *_median(marks, scale),
        *_goals(marks, scale),
    ]
    unit, lines = scale.unit, _note(note)
    layout: dict[str, Any] = {
        "xaxis": base.time_axis("", nticks=8, **_recent(marks)),
        "yaxis": base.value_axis(_quantity(marks), unit, log=log),
        "annotations": [*_band_labels(marks, scale, log=log), *_noted(lines)],
        "margin": {"l": 8, "r": 42, "t": 16 + 17 * len(lines), "b": 40},
        "showlegend": True,
    }
    return base.figure(traces, layout)


def _recent(marks: pd.DataFrame) -> dict[str, Any]:
    """Return the axis range of the last twenty years and those ahead; older years are there when zoomed out."""
    medians, history = _of(marks, "median"), _of(marks, "history")
    if medians.empty or history.empty:
        return {}
    years = history["time_period"].str[:4].astype(int)
    first = max(years.min(), years.max() - SHOWN_YEARS)
    last = str(marks["time_period"].max())[:4]
    return {"range": [f"{first}-01-01", f"{last}-12-31"]}


def _scale(marks: pd.DataFrame) -> Scale:
    unit = str(marks["unit_measure"].dropna().iloc[0]) if marks["unit_measure"].notna().any() else ""
    return labels.scale_for(unit, marks["obs_value"].dropna().tolist())


def _quantity(marks: pd.DataFrame) -> str:
    return str(marks["quantity"].iloc[0]) if "quantity" in marks and len(marks) else ""


def _of(marks: pd.DataFrame, series: str) -> pd.DataFrame:
    return marks[marks["series"] == series]


def _lines(marks: pd.DataFrame) -> list[tuple[tuple[str, str], pd.DataFrame]]:
    chosen = marks[marks["series"].isin(list(LINE_LOOK))]
    return [((str(s), str(n)), part) for (s, n), part in chosen.groupby(["series", "label"], sort=False)]


def _thin(part: pd.DataFrame, label: str, scale: Scale) -> base.Trace:
    series = str(part["series"].iloc[0])
    colour, dash, width = LINE_LOOK[series]
    return {
        "type": "scatter", "mode": "lines", "name": label,
        "x": [base.position(str(p)) for p in part["time_period"]],
        "y": [v / scale.factor for v in part["obs_value"].tolist()],
        "line": {"color": colour, "dash": dash, "width": width},
        "customdata": base.keys(part), "text": _texts(part), "hovertemplate": "%{text}<extra></extra>",
        "showlegend": series != "member",
    }  # fmt: skip


def _texts(part: pd.DataFrame) -> list[str]:
    """Return the hover of computed marks: value, year, what it is, and what more `words` say."""
    rows = part.to_dict("records")
    return ["<br>".join(filter(None, (_head(row), base.wrap(str(row["label"])), _more(row)))) for row in rows]


def _head(row: Mapping[Any, Any]) -> str:
    shown = labels.value(float(row["obs_value"]), str(row["unit_measure"]))
    return f"<b>{shown}</b> · {labels.period(str(row['time_period']))}"


def _more(row: Mapping[Any, Any]) -> str:
    words = row.get("words")
    return str(words) if isinstance(words, str) else ""


def _bands(marks: pd.DataFrame, scale: Scale, axes: Mapping[str, str] | None = None) -> list[base.Trace]:
    bands = _of(marks, "band")
    levels = sorted(bands["level"].dropna().unique(), reverse=True) if len(bands) else []
    return [_band(bands[bands["level"] == level], float(level), scale, axes or {}) for level in levels]


def _band(part: pd.DataFrame, level: float, scale: Scale, axes: Mapping[str, str]) -> base.Trace:
    years = [base.position(str(period)) for period in part["time_period"]]
    low = [value / scale.factor for value in part["value_low"].tolist()]
    high = [value / scale.factor for value in part["value_high"].tolist()]
    return {
        "type": "scatter", "mode": "lines", "name": f"{level:g} % band", "fill": "toself",
        "x": [*years, *reversed(years)], "y": [*high, *reversed(low)],
        "fillcolor": theme.translucent(AHEAD, BAND_OPACITY), "line": {"width": 0}, "hoverinfo": "skip",
        "showlegend": False, **axes,
    }  # fmt: skip


def _band_labels(marks: pd.DataFrame, scale: Scale, *, log: bool = False) -> list[dict[str, Any]]:
    bands = _of(marks, "band")
    last = bands.groupby("level", sort=True).tail(1) if len(bands) else bands
    return [
        {
            "x": base.position(str(row["time_period"])),
            "y": _height(row["value_high"] / scale.factor, log=log),
            "text": f"{row['level']:g} %", "showarrow": False, "xanchor": "left", "xshift": 4,
            "font": {"color": AHEAD, "size": 11},
        }
        for row in last.to_dict("records")
    ]  # fmt: skip


def _height(value: float, *, log: bool) -> float:
    return math.log10(value) if log and value > 0 else value


def _history(marks: pd.DataFrame, scale: Scale) -> list[base.Trace]:
    traces = []
    for series, name, opacity in (("outside", "left out by choice", 0.45), ("history", "official line", 1.0)):
        part = _of(marks, series)
        if len(part):
            rows = part.drop(columns=["is_seam", "line_id"], errors="ignore")
            trace = base.line_trace(rows, name=name, colour=_colour(part), scale=scale)
            traces.append(trace | {"opacity": opacity})
    quoted = _of(marks, "quoted")
    if len(quoted):
        traces.append(base.point_trace(quoted, name="quoted in documents", colour=_colour(quoted), scale=scale))
    return traces


def _colour(part: pd.DataFrame) -> str:
    return theme.area_colour(str(part["ref_area"].iloc[0]))


def _median(marks: pd.DataFrame, scale: Scale, axes: Mapping[str, str] | None = None) -> list[base.Trace]:
    part = _of(marks, "median")
    if part.empty:
        return []
    trace = _thin(part.assign(series="required"), str(part["label"].iloc[0]), scale)
    look = {"line": {"color": AHEAD, "width": 2.5, "dash": "dash"}, "mode": "lines+markers"}
    marker = {"color": AHEAD, "size": 7, "symbol": "circle-open", "line": {"width": 1.5}}
    return [trace | look | {"marker": marker, "showlegend": True} | dict(axes or {})]


def _goals(marks: pd.DataFrame, scale: Scale) -> list[base.Trace]:
    traces = []
    official = _of(marks, "target")
    if len(official):
        texts = [labels.number(value / scale.factor) for value in official["obs_value"].tolist()]
        trace = base.target_trace(official, name="targets set by others", scale=scale, texts=texts)
        traces.append(trace | {"textposition": _sides(official, marks), "error_y": {}})
    asked = _of(marks, "asked")
    if len(asked):
        trace = _thin(asked.assign(series="required"), str(asked["label"].iloc[0]), scale)
        marker = {"symbol": "star-diamond-open", "size": 15, "color": theme.WARNING, "line": {"width": 2}}
        traces.append(trace | {"mode": "markers", "marker": marker, "cliponaxis": False, "showlegend": True})
    return traces


def _sides(official: pd.DataFrame, marks: pd.DataFrame) -> list[str]:
    """Place the words of a target below it where the line runs above it, else above."""
    history = _of(marks, "history")
    came = dict(zip(history["time_period"], history["obs_value"], strict=True))
    rows = official.to_dict("records")
    return ["bottom center" if came.get(row["time_period"], 0.0) >= row["obs_value"] else "top center" for row in rows]


def _note(note: str) -> list[str]:
    """Return the lines of a refusal, narrow enough for a telephone."""
    return [html.escape(line, quote=False) for line in textwrap.wrap(note, NOTE_WIDTH)]


def _noted(lines: Sequence[str]) -> list[dict[str, Any]]:
    if not lines:
        return []
    return [
        {
            "text": "<br>".join(lines), "showarrow": False, "xref": "paper", "yref": "paper", "x": 0, "y": 1,
            "xanchor": "left", "yanchor": "bottom", "align": "left", "font": {"size": 12, "color": theme.WARNING},
        }
    ]  # fmt: skip


def odds_by_year(marks: pd.DataFrame, *, deadline: str) -> base.Figure:
    """Return one bar for each year with the odds in steps of five points; the deadline's bar is solid."""
    colours = [AHEAD if str(period) == deadline else theme.translucent(AHEAD, 0.3) for period in marks["time_period"]]
    trace = {
        "type": "bar", "name": "odds", "x": marks["time_period"].astype(str).tolist(), "y": marks["obs_value"].tolist(),
        "marker": {"color": colours, "line": {"color": AHEAD, "width": 1}}, "text": marks["rounded"].tolist(),
        "textposition": "outside", "cliponaxis": False, "customdata": base.keys(marks),
        "hovertext": [base.wrap(str(words)) for words in marks["words"]],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }  # fmt: skip
    half = {**RULE, "xref": "paper", "x0": 0, "x1": 1, "y0": 50, "y1": 50}
    layout = {
        "xaxis": {"type": "category", "title": {"text": ""}},
        "yaxis": base.value_axis("Odds of at least the target in the year", "%", range=[0, 104], dtick=25),
        "shapes": [half],
        "showlegend": False,
        "margin": {"l": 8, "r": 8, "t": 16, "b": 8},
    }
    return base.figure([trace], layout)


PANEL_GAP = 0.075


def then_and_now(marks: pd.DataFrame, heads: Sequence[str]) -> base.Figure:
    """Return one panel for each past origin (`origin`): what was known, the fan of that time, and what came."""
    origins = list(dict.fromkeys(int(origin) for origin in marks["origin"].dropna()))
    scale = _scale(marks)
    top = float(marks["value_high"].fillna(marks["obs_value"]).max()) / scale.factor * 1.04
    height = (1 - PANEL_GAP * len(origins)) / max(1, len(origins))
    traces: list[base.Trace] = []
    layout: dict[str, Any] = {"annotations": [], "showlegend": False, "margin": {"l": 8, "r": 30, "t": 6, "b": 8}}
    for index, (origin, head) in enumerate(zip(origins, heads, strict=True)):
        ceiling = 1 - index * (height + PANEL_GAP) - PANEL_GAP * 0.8
        number = "" if index == 0 else str(index + 1)
        traces += _panel(marks[marks["origin"] == origin], scale, {"xaxis": "x", "yaxis": f"y{number}"})
        axis = base.value_axis("", scale.unit, domain=[max(0.0, ceiling - height), ceiling], range=[0, top], nticks=5)
        layout[f"yaxis{number}"] = axis
        layout["annotations"].append(_panel_head(head, ceiling))
    anchor = "y" if len(origins) < 2 else f"y{len(origins)}"
    layout["xaxis"] = base.time_axis("", anchor=anchor, nticks=7, range=_span(marks))
    return base.figure(traces, layout)


def _span(marks: pd.DataFrame) -> list[str]:
    years = [int(str(period)[:4]) for period in marks["time_period"].dropna()]
    return [f"{min(years)}-01-01", f"{max(years) + 1}-03-01"]


def _panel_head(head: str, ceiling: float) -> dict[str, Any]:
    return {
        "text": head, "showarrow": False, "xref": "paper", "yref": "paper", "x": 0, "y": ceiling,
        "xanchor": "left", "yanchor": "bottom", "align": "left", "font": {"size": 12},
    }  # fmt: skip


def _panel(marks: pd.DataFrame, scale: Scale, axes: Mapping[str, str]) -> list[base.Trace]:
    known, came = _of(marks, "history"), _of(marks, "came")
    traces = [*_bands(marks, scale, axes), *_median(marks, scale, axes)]
    for part, name, opacity in ((known, "known then", 0.55), (came, "came", 1.0)):
        if len(part):
            rows = part.drop(columns=["is_seam", "line_id"], errors="ignore")
            trace = base.line_trace(rows, name=name, colour=_colour(part), scale=scale)
            traces.append(trace | {"opacity": opacity} | dict(axes))
    goals = _of(marks, "target")
    if len(goals):
        texts = [str(words) for words in goals["words"]]
        trace = base.target_trace(goals, name="targets", scale=scale, texts=texts)
        last = goals["time_period"].max()
        sides = ["middle right" if period == last else "top left" for period in goals["time_period"]]
        traces.append(trace | {"error_y": {}, "textposition": sides} | dict(axes))
    return traces


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
        "xaxis": {"range": [-4, 112], "tickvals": [0, 25, 50, 75, 100], "ticksuffix": " %", "title": {"text": "Odds"}},
        "yaxis": {"visible": False, "range": [0.5, len(rows) + 0.85]},
        "annotations": notes,
        "shapes": [*rules, {**RULE, "x0": 50, "x1": 50, "yref": "paper", "y0": 0, "y1": 1}],
        "showlegend": True,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 44},
    }
    return base.figure(traces, layout)


OUTCOME_COLOUR: Mapping[str, str] = {"met": theme.STATUS_COLOUR["under construction"], "missed": theme.WARNING}
ODDS_LOOK: Mapping[str, tuple[str, str, float]] = {
    "end": ("circle", "values to the end of the year it was set", 13),
    "before": ("circle-open", "values to the year before", 11),
    "likely": ("diamond-wide-open", "undated: no odds, first likely year", 11),
}


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


def record(marks: pd.DataFrame) -> base.Figure:
    """Return four small panels of bars: each score (`measure`) for each model; the rule is what a band promises."""
    measures = list(dict.fromkeys(str(name) for name in marks["measure"]))
    layout: dict[str, Any] = {
        "annotations": [],
        "shapes": [],
        "showlegend": False,
        "margin": {"l": 8, "r": 16, "t": 8, "b": 8},
    }
    traces = []
    for index, measure in enumerate(measures):
        number = "" if index == 0 else str(index + 1)
        row, column = divmod(index, 2)
        across = [0.0, 0.46] if column == 0 else [0.54, 1.0]
        up = [0.55, 0.93] if row == 0 else [0.0, 0.38]
        part = marks[marks["measure"] == measure]
        traces.append(_scores(part, number))
        layout[f"xaxis{number}"] = {"domain": across, "anchor": f"y{number}", "rangemode": "tozero", "nticks": 4}
        layout[f"yaxis{number}"] = {"domain": up, "anchor": f"x{number}", "autorange": "reversed", "type": "category"}
        layout[f"yaxis{number}"]["showticklabels"] = column == 0
        layout["annotations"].append(_panel_head(str(part["title"].iloc[0]), up[1]) | {"x": across[0]})
        promised = part["promised"].iloc[0]
        if promised == promised:  # noqa: PLR0124 - NaN is not itself
            axes = {"xref": f"x{number}", "yref": f"y{number} domain", "y0": 0, "y1": 1}
            layout["shapes"].append({**RULE, **axes, "x0": promised, "x1": promised})
    return base.figure(traces, layout)


def _scores(part: pd.DataFrame, number: str) -> base.Trace:
    strong = [AHEAD if shown else theme.NEUTRAL for shown in part["is_shown"]]
    return {
        "type": "bar", "orientation": "h", "name": str(part["measure"].iloc[0]),
        "x": part["obs_value"].tolist(), "y": part["short"].tolist(), "xaxis": f"x{number}", "yaxis": f"y{number}",
        "marker": {"color": strong}, "text": [labels.number(value) for value in part["obs_value"].tolist()],
        "textposition": "inside", "insidetextfont": {"color": "#ffffff"},
        "customdata": base.keys(part), "hovertext": [base.wrap(str(w)) for w in part["words"]],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }  # fmt: skip
