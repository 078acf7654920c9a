"""What trade is made of: parts of a whole with what nobody described, slopes between two years, single shares."""

from collections.abc import Mapping, Sequence
from typing import Any

from components import labels, theme
from components.charts import base
from components.charts.base import Row, records
from components.charts.timeline import CLASS_NAMES

# One colour for each family of goods: 4.5:1 under white figures and at least 3:1 on both papers.
PRODUCT_COLOUR: Mapping[str, str] = {
    "FUELS": "#9c6718",
    "MINERAL_PRODUCTS": "#9c6718",
    "METALS_MACHINERY": "#4674a3",
    "MACHINERY_EQUIPMENT_TRANSPORT": "#4674a3",
    "HIGH_VALUE_ADDED": "#4674a3",
    "METALS_METALWARE": "#6c729b",
    "TIMBER_PULP_PAPER": "#4d7d3c",
    "CHEMICALS": "#257c77",
    "TEXTILES_FOOTWEAR": "#a3538d",
    "OTHER_GROUPS": "#7f6d9c",
    "NOT_DESCRIBED": theme.REMAINDER,
}
ROOM_BELOW = 9  # percentage points the name of a share near zero reaches below it
LAST = ("OTHER_GROUPS", "NOT_DESCRIBED")
MISSING = "no numbers in the source"
ROOM = 3  # percentage points a written character needs on the narrowest screen; one point more lets a finding's sign in


def stacked(
    marks: base.Rows, bars: Sequence[str], *, missing: Sequence[str] = (), words: labels.Words = labels.NO_WORDS
) -> base.Figure:
    """Return one bar of 100 % for each of `bars`, its parts in the order of rows; what nobody described is grey.

    `missing` names bars whose source states no numbers: their place is kept and says so.
    """
    parts = base.by(records(marks), lambda row: str(row["commodity"]))
    order = [*(code for code in parts if code not in LAST), *(code for code in LAST if code in parts)]
    traces = [_part(parts[code], code, words) for code in order]
    layout: dict[str, Any] = {
        "barmode": "stack",
        "bargap": 0.35,
        "xaxis": {"title": {"text": "Share, %"}, "range": [0, 100]},
        "yaxis": {
            "type": "category", "categoryorder": "array", "categoryarray": list(bars)[::-1],
            "range": [-0.5, len(bars) - 0.5], "tickvals": list(bars), "ticktext": [base.wrap(bar, 14) for bar in bars],
            "ticklabelstandoff": 5,
        },
        "annotations": [
            {"x": 50, "y": list(bars)[::-1].index(bar), "text": MISSING, "showarrow": False, "font": {"size": 12}}
            for bar in missing
        ],
        "showlegend": True,
        "legend": {"traceorder": "normal", "orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom"},
    }  # fmt: skip
    return base.figure(traces, layout)


def _part(rows: Sequence[Row], code: str, words: labels.Words) -> base.Trace:
    colour = PRODUCT_COLOUR.get(code, theme.NEUTRAL)
    marker = {"color": colour, "line": {"width": 0}}
    trace = base.bar_trace(
        rows, x=[row["category"] for row in rows], name=str(rows[0]["label"]), marker=marker, horizontal=True
    )
    values = [row["obs_value"] for row in rows]
    shown = [labels.number(round(value, 1)) for value in values]
    return {
        **trace,
        "hovertext": base.hover_texts(rows, words),
        "text": [text if value > ROOM * len(text) else "" for text, value in zip(shown, values, strict=True)],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "constraintext": "none",
        "textangle": 0,
        "textfont": {"size": 11, "color": theme.INK["light"] if code == "NOT_DESCRIBED" else theme.PAPER["light"]},
    }


def slopes(marks: base.Rows, years: tuple[str, str], *, words: labels.Words = labels.NO_WORDS) -> base.Figure:
    """Return for each product group its share in two years of one source, joined, with name and value at the ends."""
    traces = []
    for code, group in base.by(records(marks), lambda row: str(row["commodity"])).items():
        rows = sorted(group, key=lambda row: str(row["time_period"]))
        if {row["time_period"] for row in rows} == set(years):
            traces.append(_slope(rows, PRODUCT_COLOUR.get(code, theme.NEUTRAL), words))
    top = max((value for trace in traces for value in trace["y"]), default=100.0)
    layout = {
        "xaxis": {"type": "category", "categoryarray": list(years), "range": [-0.5, 1.95], "showgrid": True},
        "yaxis": base.value_axis("Share", "%", range=[-ROOM_BELOW, top + ROOM_BELOW], zeroline=True),
        "showlegend": False,
    }
    return base.figure(traces, layout)


def _slope(rows: Sequence[Row], colour: str, words: labels.Words) -> base.Trace:
    values = [row["obs_value"] for row in rows]
    name = base.wrap(str(rows[0]["label"]), 14).replace("<br>", "<br>  ")
    return {
        "type": "scatter", "mode": "lines+markers+text", "name": str(rows[0]["label"]),
        "x": [row["time_period"] for row in rows], "y": values,
        "text": [f"{labels.number(values[0])} %  ", f"  {labels.number(values[1])} %<br>  {name}"],
        "textposition": ["middle left", "middle right"], "textfont": {"color": colour, "size": 11.5},
        "customdata": base.keys(rows), "hovertext": base.hover_texts(rows, words),
        "hovertemplate": "%{hovertext}<extra></extra>", "cliponaxis": False,
        "line": {"color": colour, "width": 2.5},
        "marker": {"color": colour, "size": 10, "symbol": "circle-open", "line": {"width": 2}},
    }  # fmt: skip


def single_shares(marks: base.Rows, *, words: labels.Words = labels.NO_WORDS) -> base.Figure:
    """Return one row for each stated share, newest below, named by its period and scope; nothing joins them.

    Shape and colour tell the class of the source, which the legend names.
    """
    rows = records(marks)
    ticks = {id(row): f"{position}" for position, row in enumerate(rows)}
    kinds = base.by(rows, lambda row: str(row["source_class"]))
    traces = [_shares_of(kind, part, [ticks[id(row)] for row in part], words) for kind, part in kinds.items()]
    layout = {
        "xaxis": {"title": {"text": "Share, %"}, "range": [0, 100], "side": "top"},
        "yaxis": {
            "type": "category", "categoryorder": "array", "categoryarray": list(ticks.values())[::-1],
            "tickvals": list(ticks.values()), "ticktext": [_scope_text(row) for row in rows], "showgrid": True,
            "range": [-0.7, len(rows) - 0.3], "tickfont": {"size": 10.5},
        },
        "showlegend": True,
    }  # fmt: skip
    return base.figure(traces, layout)


def _shares_of(kind: str, rows: Sequence[Row], ticks: Sequence[str], words: labels.Words) -> base.Trace:
    colour = theme.SOURCE_CLASS_COLOUR.get(kind, theme.NEUTRAL)
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": CLASS_NAMES.get(kind, kind),
        "x": [float(row["obs_value"]) for row in rows],
        "y": list(ticks),
        "customdata": base.keys(rows),
        "hovertext": base.hover_texts(rows, words),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "text": [_share_text(row) for row in rows],
        "textposition": ["middle left" if row["obs_value"] > 60 else "middle right" for row in rows],
        "textfont": {"size": 11},
        "cliponaxis": False,
        "marker": {
            "symbol": [theme.symbol(str(row["role"]), str(row["source_class"]), "quoted") for row in rows],
            "color": colour,
            "size": 10,
            "line": {"width": 2, "color": colour},
        },
    }


def _share_text(row: Row) -> str:
    return f"  {labels.bounded(round(float(row['obs_value']), 1), 'PERCENT', str(row['bound']))}  "


def _scope_text(row: Row) -> str:
    """Return period and product group in at most two short lines."""
    lines = base.wrap(f"{labels.period(str(row['time_period']))}: {row['scope']}", 26).split("<br>")
    return "<br>".join(lines[:2]) + ("…" if len(lines) > 2 else "")
