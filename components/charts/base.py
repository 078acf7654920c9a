"""The marks every chart is made of: traces and parts of a layout as plain dicts, each mark carrying its observation."""

import datetime as dt
import html
import re
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache, wraps
from itertools import pairwise
from operator import itemgetter
from typing import Any, TypeVar

import pandas as pd

from components import labels, theme
from components.labels import Scale
from pipelines.errors import DataError

Row = Mapping[str, Any]
Rows = pd.DataFrame | Sequence[Row]
Trace = dict[str, Any]
Part = dict[str, Any]
Figure = dict[str, Any]
Told = TypeVar("Told")

COMPARABLE = (
    "line_id",
    "indicator",
    "commodity",
    "ref_area",
    "unit_measure",
    "measure_type",
    "price_basis",
    "role",
    "freq",
)
TOLD = (
    "obs_value", "unit_measure", "bound", "counted", "time_period", "label", "measures", "title", "said_by",
    "publisher", "vintage", "role", "source_class", "provenance", "obs_status",
)  # fmt: skip
PROMISED = ("target", "plan", "pledge", "contract", "capacity", "estimate", "condition")
ONE = Scale(1, "")
NA = pd.NA
LOG_TICKS = [digit * 10.0**power for power in range(-3, 7) for digit in (1, 2, 5)]
BREAKS = re.compile(r"[^\S\u00a0]+")


@lru_cache(maxsize=4096)
def position(time_period: str) -> str:
    """Return the date a period is drawn at: its middle, or the day itself.

    >>> position("2014"), position("2014-03"), position("2013-12-31"), position("1990/1999")
    ('2014-07-02', '2014-03-16', '2013-12-31', '1995-01-01')
    """
    start, end = extent(time_period)
    first, last = dt.date.fromisoformat(start), dt.date.fromisoformat(end)
    return (first + (last - first + dt.timedelta(days=1)) // 2).isoformat() if first != last else start


@lru_cache(maxsize=4096)
def extent(time_period: str) -> tuple[str, str]:
    """Return the first and the last day of a period; an undated one is refused, for it has no place on a time axis.

    >>> extent("2020-01/2020-08")
    ('2020-01-01', '2020-08-31')
    """
    start, _, end = time_period.partition("/")
    try:
        return _first_day(start).isoformat(), _last_day(end or start).isoformat()
    except ValueError:
        raise DataError(f"period {time_period!r} has no place on a time axis; show it beside the axis.") from None


def _first_day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"{text}-01-01"[:10] if len(text) == 4 else f"{text}-01"[:10])


def _last_day(text: str) -> dt.date:
    first = _first_day(text)
    if len(text) == 4:
        return dt.date(first.year, 12, 31)
    if len(text) == 7:
        return (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    return first


def plottable(observations: pd.DataFrame, *, hidden: bool = False) -> pd.DataFrame:
    """Return the rows that may stand on a time axis: dated, meant to be drawn, each fact once."""
    keep = observations["is_plottable"] & (observations["time_period"].fillna("") != "")
    keep &= observations["duplicate_of"].fillna("") == ""
    return observations[keep if hidden else keep & ~observations["is_hidden"]]


def records(rows: Rows) -> Sequence[Row]:
    """Return rows as mappings; mappings pass as they are, which saves most of the time a trace of a frame takes."""
    if not isinstance(rows, pd.DataFrame):
        return rows
    names = rows.columns.tolist()
    return [dict(zip(names, cells, strict=True)) for cells in rows.to_numpy(dtype=object).tolist()]


def _filled(cell: Any) -> Any:
    return "" if cell is None or cell is NA or cell != cell else cell  # noqa: PLR0124 - NaN is not itself


def _cell(row: Row, name: str) -> Any:
    return _filled(row.get(name))


def by(rows: Sequence[Row], key: Callable[[Row], str]) -> dict[str, list[Row]]:
    """Return the rows of each key in order of appearance; rows with an empty key are left out."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    found.pop("", None)
    return found


def mark_key(row: Row) -> str:
    """Return what a mark carries as customdata: its observation, the inputs it is computed from, or `=label@period`."""
    named = _cell(row, "observation_id") or _cell(row, "observation_ids")
    return str(named or f"={_cell(row, 'label')}@{_cell(row, 'time_period')}")


def line_trace(
    rows: Rows,
    *,
    name: str,
    colour: str,
    scale: Scale = ONE,
    dash: str = "solid",
    words: labels.Words = labels.NO_WORDS,
) -> Trace:
    """Return one series as a line that breaks at missing years or months; fewer than two points are markers only.

    Rows that are not comparable (two units, reporters, valuations, roles) are refused.
    """
    ordered = sorted(records(rows), key=itemgetter("time_period"))
    return {
        "type": "scatter",
        "mode": "lines+markers" if len(ordered) > 1 else "markers",
        "name": name,
        **_line_marks(tuple(ordered), name, scale, words),
        "connectgaps": False,
        "line": {"color": colour, "width": 2.5, "dash": dash},
        "marker": {"color": colour, "size": 5, "symbol": "circle"},
        "hovertemplate": "%{text}<extra></extra>",
    }


def of_row(find: Callable[..., Told]) -> Callable[..., Told]:
    """Return a function that works out only once what it makes of a row nobody can change."""
    find_once = lru_cache(maxsize=16384)(find)

    @wraps(find)
    def found(row: Row, *how: Hashable) -> Told:
        return find_once(row, *how) if row.__hash__ is not None else find(row, *how)

    return found


def _of_held(find: Callable[..., Trace]) -> Callable[..., Trace]:
    """Return a function that works out only once what it makes of rows nobody can change; nobody may change that."""
    find_once = lru_cache(maxsize=1024)(find)

    @wraps(find)
    def found(rows: tuple[Row, ...], *how: Hashable) -> Trace:
        try:
            hash(rows)
        except TypeError:
            return find(rows, *how)
        return find_once(rows, *how)

    return found


@_of_held
def _line_marks(rows: tuple[Row, ...], name: str, scale: Scale, words: labels.Words) -> Trace:
    """Return places, keys and texts of one line in the order of time, None where a year or month is missing."""
    _refuse_mixture(rows, name)
    marks = _marks(rows, words, scale)
    for index in reversed(_gaps([str(row["time_period"]) for row in rows])):
        marks = {key: [*values[:index], None, *values[index:]] for key, values in marks.items()}
    return marks


def _refuse_mixture(rows: tuple[Row, ...], name: str) -> None:
    kinds = {tuple(map(row.get, COMPARABLE)) for row in rows}
    columns = [set(map(_filled, cells)) - {""} for cells in zip(*kinds, strict=True)] if len(kinds) > 1 else []
    mixed = [
        f"{column}: {', '.join(sorted(map(str, found)))}"
        for column, found in zip(COMPARABLE, columns, strict=False)
        if len(found) > 1
    ]
    if mixed:
        raise DataError(f"'{name}' cannot be one line, its rows differ in {'; '.join(mixed)}.")
    counts = Counter(str(row["time_period"]) for row in rows)
    doubled = [period for period, count in counts.items() if count > 1]
    if doubled:
        raise DataError(f"'{name}' has two values for {', '.join(doubled[:5])}; choose one per period.")


def _gaps(periods: Sequence[str]) -> list[int]:
    """Return the positions before which at least one year or month is missing."""
    ordinals = list(map(_ordinal, periods))
    return [i for i, (before, after) in enumerate(pairwise(ordinals), start=1) if after - before > 1]


@lru_cache(maxsize=4096)
def _ordinal(time_period: str) -> int:
    start = time_period.partition("/")[0]
    return int(start[:4]) if len(start) != 7 else int(start[:4]) * 12 + int(start[5:7])


def _marks(rows: Sequence[Row], words: labels.Words, scale: Scale) -> dict[str, list[Any]]:
    """Return places, keys and texts of rows."""
    marks = [_mark(row, words) for row in rows]
    places, named, texts = map(list, zip(*marks, strict=True)) if marks else ([], [], [])
    return {"x": places, "y": scaled(rows, scale), "customdata": named, "text": texts}


@of_row
def _mark(row: Row, words: labels.Words) -> tuple[str, str, str]:
    return position(str(row["time_period"])), mark_key(row), _hover(tuple(map(row.get, TOLD)), words)


def scaled(rows: Rows, scale: Scale = ONE) -> list[float | None]:
    """Return the values of rows in the unit of the scale, None where there is none."""
    values = (_cell(row, "obs_value") for row in records(rows))
    return [None if value == "" else float(value) / scale.factor for value in values]


def keys(rows: Rows) -> list[str]:
    """Return the customdata of rows, in their order."""
    return [mark_key(row) for row in records(rows)]


def hover_texts(rows: Rows, words: labels.Words = labels.NO_WORDS) -> list[str]:
    """Return for each row: value with bound, period, what it measures, who said it and when, role and class."""
    return [_hover(tuple(map(row.get, TOLD)), words) for row in records(rows)]


@lru_cache(maxsize=16384)
def _hover(cells: tuple[Any, ...], words: labels.Words) -> str:
    """Return the text of cells in the order of `TOLD`; the same cells are put in words once."""
    amount, *texts = map(_filled, cells)
    unit, bound, counted, *rest = map(str, texts)
    shown = labels.bounded(None if amount == "" else float(amount), unit, bound, counted=counted)
    return f"<b>{html.escape(shown)}</b> · {_hover_rest(tuple(rest), words)}"


@lru_cache(maxsize=4096)
def _hover_rest(cells: tuple[str, ...], words: labels.Words) -> str:
    """Return what a hover text says after the value; values of many price bases share it."""
    time_period, label, measures, title, said_by, publisher, vintage, role, source_class, provenance, status = cells
    lines = (
        html.escape(labels.period(time_period)),
        wrap(label or measures or title),
        _said(said_by, publisher, vintage),
        _kind(words.role(role), words.source_class(source_class), provenance, status),
    )
    return "<br>".join(line for line in lines if line)


def _said(said_by: str, publisher: str, vintage: str) -> str:
    speaker = " · ".join(filter(None, dict.fromkeys((said_by, publisher))))
    return wrap(f"said by {speaker}, {vintage}" if vintage else f"said by {speaker}") if speaker else ""


def _kind(role: str, source_class: str, provenance: str, status: str) -> str:
    said = {"E": "estimated", "P": "provisional", "D": "computed"}.get(status, "")
    return html.escape(" · ".join(filter(None, (role, source_class, provenance, said))))


@lru_cache(maxsize=4096)
def wrap(text: str, width: int = 56) -> str:
    """Return a text as escaped lines of a hover box or annotation, four at most; a number keeps its unit.

    >>> wrap("one two <three>", 8)
    'one two<br>&lt;three&gt;'
    """
    lines: list[str] = [""]
    for word in BREAKS.split(labels.glued(text.strip())):
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    shown = (html.escape(line, quote=False) for line in lines[:4])
    return "<br>".join(shown) + ("…" if len(lines) > 4 else "")


def point_trace(
    rows: Rows, *, name: str, colour: str, scale: Scale = ONE, words: labels.Words = labels.NO_WORDS
) -> Trace:
    """Return unjoined marks: shape by role or source class, open when quoted, bars and carets for what is not exact."""
    return dict(_points(tuple(records(rows)), name, colour, scale, words))


@_of_held
def _points(drawn: tuple[Row, ...], name: str, colour: str, scale: Scale, words: labels.Words) -> Trace:
    carets = [caret(str(_cell(row, "bound"))) for row in drawn]
    marks = _marks(drawn, words, scale)
    hover = marks.pop("text")
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": name,
        **marks,
        "hovertext": hover,
        "text": carets,
        "textposition": ["bottom center" if shown == "▼" else "top center" for shown in carets],
        "textfont": {"color": colour, "size": 9},
        "error_y": value_bars(drawn, colour, scale),
        "marker": {
            "symbol": symbols(drawn),
            "color": colour,
            "size": 11,
            "line": {"color": colour, "width": 2},
        },
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
    }


def symbols(rows: Rows) -> list[str]:
    """Return the shape of each mark: by its role, or for an actual one by the class of its source."""
    looks = ([str(_cell(row, part)) for part in ("role", "source_class", "provenance")] for row in records(rows))
    return [theme.symbol(role or "actual", kind, origin) for role, kind, origin in looks]


def caret(bound: str) -> str:
    """Return the caret of an open bound: up for "at least" and "more than", down for "at most"."""
    return {">": "▲", ">=": "▲", "<": "▼", "<=": "▼"}.get(bound, "")


def value_bars(rows: Rows, colour: str, scale: Scale = ONE) -> dict[str, Any]:
    """Return error bars from the value to both ends of its interval; an open end has none, its caret says so."""
    ends = [tuple(_cell(row, name) for name in ("value_low", "obs_value", "value_high")) for row in records(rows)]
    return {
        "type": "data",
        "symmetric": False,
        "array": [_reach(high, value, scale) for _, value, high in ends],
        "arrayminus": [_reach(value, low, scale) for low, value, _ in ends],
        "color": colour,
        "thickness": 1.2,
        "width": 4,
    }


def _reach(upper: Any, lower: Any, scale: Scale) -> float | None:
    width = 0.0 if "" in (upper, lower) else (float(upper) - float(lower)) / scale.factor
    return width if width > 0 else None


def target_trace(
    rows: Rows,
    *,
    name: str,
    scale: Scale = ONE,
    colour: str = theme.ROLE_COLOUR["target"],
    texts: Sequence[str] = (),
) -> Trace:
    """Return dated targets as diamonds larger than any actual, expectations hollow; `texts` are drawn beside them."""
    trace = point_trace(rows, name=name, colour=colour, scale=scale)
    trace["marker"] = {**trace["marker"], "size": 13}
    if texts:
        trace["text"] = list(texts)
        trace["textposition"] = "middle left"
        trace["textfont"] = {"color": colour, "size": 11}
    return trace


def bar_trace(
    rows: Rows,
    *,
    x: Sequence[Any],
    name: str,
    marker: Mapping[str, Any],
    scale: Scale = ONE,
    horizontal: bool = False,
) -> Trace:
    """Return bars with the marker `theme.bar_marker` gives their role; `x` are the categories in the order of rows."""
    drawn = records(rows)
    across, along = ("y", "x") if horizontal else ("x", "y")
    return {
        "type": "bar",
        "name": name,
        across: list(x),
        along: scaled(drawn, scale),
        "orientation": "h" if horizontal else "v",
        "customdata": keys(drawn),
        "hovertext": hover_texts(drawn),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": dict(marker),
    }


def band_traces(row: Row, *, name: str, colour: str, scale: Scale = ONE) -> list[Trace]:
    """Return a quoted range over a window of years: a shaded field, and in its middle the mark that can be clicked."""
    start, end = extent(str(row["time_period"]))
    low, high = float(row["value_low"]) / scale.factor, float(row["value_high"]) / scale.factor
    field = {
        "type": "scatter", "mode": "lines", "name": name, "fill": "toself", "hoverinfo": "skip", "showlegend": False,
        "x": [start, end, end, start, start], "y": [low, low, high, high, low],
        "fillcolor": theme.translucent(colour, 0.22), "line": {"color": colour, "width": 1},
    }  # fmt: skip
    mark = point_trace([row], name=name, colour=colour, scale=scale)
    return [field, mark]


def stop_label(time_period: str, y: float, text: str) -> Part:
    """Return the label at the end of a series that stops early, such as "publication ceased 2022"."""
    note = {
        "x": extent(time_period)[1], "y": y, "text": html.escape(text), "showarrow": True, "arrowhead": 0,
        "ax": 0, "ay": 26, "xanchor": "center", "font": {"size": 11},
    }  # fmt: skip
    return {"layout": {"annotations": [note]}}


def seam(time_period: str, left: str, right: str) -> Part:
    """Return the seam of a composed series at the start of its later part, with the names of both parts."""
    at = extent(time_period)[0]
    rule = {"type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1, "line": {"width": 1, "dash": "dot"}}
    common = {"x": at, "yref": "paper", "y": 0.01, "yanchor": "bottom", "showarrow": False, "font": {"size": 10.5}}
    notes = [
        {**common, "text": f"{html.escape(left)} ◂", "xanchor": "right", "xshift": -3},
        {**common, "text": f"▸ {html.escape(right)}", "xanchor": "left", "xshift": 3},
    ]
    return {"layout": {"shapes": [rule], "annotations": notes}}


def event_rules(events: Rows) -> Part:
    """Return dated events as thin rules with a small mark on top that says what happened: no text to collide."""
    said = [(str(event["date"]), str(event["title"])) for event in records(events)]
    days = [position(date) for date, _ in said]
    rules = [
        {
            "type": "line",
            "x0": day,
            "x1": day,
            "yref": "paper",
            "y0": 0,
            "y1": 1,
            "layer": "below",
            "line": {"width": 0.7, "dash": "dot"},
        }
        for day in days
    ]
    marks = {
        "type": "scatter", "mode": "markers", "name": "event", "legendrank": 2000,
        "x": days, "y": [1.0] * len(days), "yaxis": "y9",
        "hovertext": [f"<b>{labels.period(date)}</b><br>{wrap(title)}" for date, title in said],
        "hovertemplate": "%{hovertext}<extra></extra>", "cliponaxis": False,
        "marker": {"symbol": "triangle-down", "size": 9, "color": theme.NEUTRAL},
    }  # fmt: skip
    axis = {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True}
    return {"data": [marks], "layout": {"shapes": rules, "yaxis9": axis}}


def time_axis(title: str = "", **options: Any) -> dict[str, Any]:
    """Return a date axis whose labels stand in the middle of their year."""
    return {"type": "date", "ticklabelmode": "period", "tickformat": "%Y", "title": {"text": title}, **options}


def value_axis(what: str, unit: str, *, log: bool = False, **options: Any) -> dict[str, Any]:
    """Return a value axis whose title names the quantity and its unit; from zero unless logarithmic."""
    title = f"{what}, {unit}" if what and unit else what or unit
    axis: dict[str, Any] = {
        "title": {"text": title},
        **({"type": "log", "tickvals": LOG_TICKS} if log else {"rangemode": "tozero"}),
    }
    return {**axis, **options}


def figure(data: Sequence[Trace], layout: Mapping[str, Any] | None = None, *, parts: Sequence[Part] = ()) -> Figure:
    """Return a figure: the traces, the parts' traces behind them, annotations and shapes joined, the legend below."""
    merged: dict[str, Any] = {
        "margin": {"l": 8, "r": 16, "t": 16, "b": 8},
        "legend": {"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0, "xanchor": "left"},
        "hovermode": "closest",
        "showlegend": len(data) > 1,
        **(layout or {}),
    }
    for part in parts:
        for key, entry in part.get("layout", {}).items():
            merged[key] = [*merged.get(key, []), *entry] if isinstance(entry, list) else entry
    return {"data": [*(t for p in parts for t in p.get("data", [])), *data], "layout": merged}


def empty_figure(reason: str) -> Figure:
    """Return a figure without traces that says why nothing is drawn."""
    note = {
        "text": wrap(reason, 48), "showarrow": False, "xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5,
        "font": {"size": 13},
    }  # fmt: skip
    return {"data": [], "layout": {"xaxis": {"visible": False}, "yaxis": {"visible": False}, "annotations": [note]}}
