"""The years ahead: graded bands that widen, odds by year, scores."""

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


def fan(
    marks: pd.DataFrame, *, log: bool = False, note: str = "", breaks: Sequence[tuple[str, str]] = ()
) -> base.Figure:
    """Return history, graded bands, median, naive and required lines and targets; a note stands in the chart's place.

    `breaks` are periods with words at which a thin rule stands.

    `marks` carry in `series` what they are: history, outside, quoted, band (with `level`), median, naive, required,
    growth, member, target, asked.
    """
    scale = scale_of(marks)
    traces = [
        *bands(marks, scale),
        *(_thin(part, str(label), scale) for (_, label), part in _lines(marks)),
        *_history(marks, scale),
        *median(marks, scale),
        *_goals(marks, scale),
    ]
    unit, lines = scale.unit, _note(note)
    layout: dict[str, Any] = {
        "xaxis": base.time_axis("", nticks=8, **_recent(marks)),
        "yaxis": base.value_axis(_quantity(marks), unit, log=log),
        "annotations": [*_band_labels(marks, scale, log=log), *_noted(lines), *map(_break_words, breaks)],
        "shapes": [_break_rule(period) for period, _ in breaks],
        "margin": {"l": 8, "r": 42, "t": 16 + 17 * len(lines), "b": 40},
        "showlegend": True,
    }
    return base.figure(traces, layout)


def _break_rule(period: str) -> dict[str, Any]:
    day = base.position(period)
    return {**RULE, "x0": day, "x1": day, "yref": "paper", "y0": 0, "y1": 1, "layer": "below"}


def _break_words(told: tuple[str, str]) -> dict[str, Any]:
    return {
        "x": base.position(told[0]), "yref": "paper", "y": 1, "text": told[1], "showarrow": False, "xanchor": "right",
        "yanchor": "top", "xshift": -3, "font": {"size": 10.5, "color": theme.NEUTRAL}, "name": "wide",
    }  # fmt: skip


def _recent(marks: pd.DataFrame) -> dict[str, Any]:
    """Return the axis range of the last twenty years and those ahead; older years are there when zoomed out."""
    medians, history = part_of(marks, "median"), part_of(marks, "history")
    if medians.empty or history.empty:
        return {}
    years = history["time_period"].str[:4].astype(int)
    first = max(years.min(), years.max() - SHOWN_YEARS)
    last = str(marks["time_period"].max())[:4]
    return {"range": [f"{first}-01-01", f"{last}-12-31"]}


def scale_of(marks: pd.DataFrame) -> Scale:
    """Return the scale of an axis that shows all marks."""
    unit = str(marks["unit_measure"].dropna().iloc[0]) if marks["unit_measure"].notna().any() else ""
    return labels.scale_for(unit, marks["obs_value"].dropna().tolist())


def _quantity(marks: pd.DataFrame) -> str:
    return str(marks["quantity"].iloc[0]) if "quantity" in marks and len(marks) else ""


def part_of(marks: pd.DataFrame, series: str) -> pd.DataFrame:
    """Return the marks of one kind."""
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


def bands(marks: pd.DataFrame, scale: Scale, axes: Mapping[str, str] | None = None) -> list[base.Trace]:
    """Return one filled area for each level, the widest first; `axes` name a panel."""
    rows = part_of(marks, "band")
    levels = sorted(rows["level"].dropna().unique(), reverse=True) if len(rows) else []
    return [_band(rows[rows["level"] == level], float(level), scale, axes or {}) for level in levels]


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
    rows = part_of(marks, "band")
    last = rows.groupby("level", sort=True).tail(1) if len(rows) else rows
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
        part = part_of(marks, series)
        if len(part):
            rows = part.drop(columns=["is_seam", "line_id"], errors="ignore")
            trace = base.line_trace(rows, name=name, colour=line_colour(part), scale=scale)
            traces.append(trace | {"opacity": opacity})
    quoted = part_of(marks, "quoted")
    if len(quoted):
        traces.append(base.point_trace(quoted, name="quoted in documents", colour=line_colour(quoted), scale=scale))
    return traces


def line_colour(part: pd.DataFrame) -> str:
    """Return the colour of the reporter."""
    return theme.area_colour(str(part["ref_area"].iloc[0]))


def median(marks: pd.DataFrame, scale: Scale, axes: Mapping[str, str] | None = None) -> list[base.Trace]:
    """Return the dashed line of medians, nothing where there is none; `axes` name a panel."""
    part = part_of(marks, "median")
    if part.empty:
        return []
    trace = _thin(part.assign(series="required"), str(part["label"].iloc[0]), scale)
    look = {"line": {"color": AHEAD, "width": 2.5, "dash": "dash"}, "mode": "lines+markers"}
    marker = {"color": AHEAD, "size": 7, "symbol": "circle-open", "line": {"width": 1.5}}
    return [trace | look | {"marker": marker, "showlegend": True} | dict(axes or {})]


def _goals(marks: pd.DataFrame, scale: Scale) -> list[base.Trace]:
    traces = []
    official = part_of(marks, "target")
    if len(official):
        texts = [labels.number(value / scale.factor) for value in official["obs_value"].tolist()]
        trace = base.target_trace(official, name="targets set by others", scale=scale, texts=texts)
        traces.append(trace | {"textposition": target_sides(official, part_of(marks, "history")), "error_y": {}})
    asked = part_of(marks, "asked")
    if len(asked):
        trace = _thin(asked.assign(series="required"), str(asked["label"].iloc[0]), scale)
        marker = {"symbol": "star-diamond-open", "size": 15, "color": theme.WARNING, "line": {"width": 2}}
        traces.append(trace | {"mode": "markers", "marker": marker, "cliponaxis": False, "showlegend": True})
    return traces


def target_sides(goals: pd.DataFrame, line: pd.DataFrame) -> list[str]:
    """Place the words of a target below it where the line runs above it, else above."""
    came = dict(zip(line["time_period"], line["obs_value"], strict=True))
    rows = goals.to_dict("records")
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
        layout["annotations"].append(panel_head(str(part["title"].iloc[0]), number))
        promised = part["promised"].iloc[0]
        if promised == promised:  # noqa: PLR0124 - NaN is not itself
            axes = {"xref": f"x{number}", "yref": f"y{number} domain", "y0": 0, "y1": 1}
            layout["shapes"].append({**RULE, **axes, "x0": promised, "x1": promised})
    return base.figure(traces, layout)


def panel_head(text: str, number: str) -> dict[str, Any]:
    """Return the head of the panel whose axes carry that number ("" for the first); it moves with them."""
    return {
        "text": text, "showarrow": False, "xref": f"x{number} domain", "yref": f"y{number} domain", "x": 0, "y": 1,
        "xanchor": "left", "yanchor": "bottom", "align": "left", "yshift": 3, "font": {"size": 12},
    }  # fmt: skip


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
