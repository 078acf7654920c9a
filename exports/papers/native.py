"""Which figures an Office chart can draw without saying anything else, and the series it draws them from."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

YEARLY = re.compile(r"(\d{4})(?:-07-0[12])?")
TAG = re.compile(r"<[^<>]*>")
MOST_POINTS = 120
Kind = Literal["line", "bar", "stacked"]


@dataclass(frozen=True)
class Series:
    """One series: a value for each category, None where there is none; `joined` says whether a line joins them."""

    name: str
    values: tuple[float | None, ...]
    colour: str
    joined: bool


@dataclass(frozen=True)
class Native:
    """A figure as an Office chart: its kind, categories in order, series, the title of the value axis."""

    kind: Kind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    axis: str
    sideways: bool = False


def as_native(figure: Mapping[str, Any]) -> Native | None:
    """Return the figure as an Office chart, or None where one would leave out or change what is drawn.

    Only bars alone, or lines and points of years, on one pair of axes; no hatching, error bars, fills, bases, nor
    values beside the axis, no seams between editions. Years between first and last without a value become gaps.
    """
    traces = [trace for trace in figure.get("data", []) if trace.get("visible", True) is True and _size(trace)]
    if not traces or _has_seams(figure) or any(not _is_plain(trace) for trace in traces):
        return None
    if all(trace["type"] == "bar" for trace in traces):
        return _bars(traces, figure)
    if all(trace["type"] == "scatter" for trace in traces):
        return _lines(traces, figure)
    return None


def _has_seams(figure: Mapping[str, Any]) -> bool:
    """Say whether lines stand at places of the axes: where an edition ends, what is aimed at."""
    return bool(figure["layout"].get("shapes"))


def _size(trace: Mapping[str, Any]) -> int:
    return len(trace.get("x") or trace.get("y") or ())


def _is_plain(trace: Mapping[str, Any]) -> bool:
    strange = [
        name for name in ("error_y", "error_x", "fill", "base", "stackgroup", "xaxis", "yaxis") if _said(trace, name)
    ]
    marker = trace.get("marker", {})
    one_colour = isinstance(marker.get("color", ""), str)
    return not strange and one_colour and not marker.get("pattern") and trace.get("mode", "lines") != "text"


def _said(trace: Mapping[str, Any], name: str) -> bool:
    entry = trace.get(name)
    return entry not in (None, "none", "x", "y") and entry != {}


def _lines(traces: Sequence[Mapping[str, Any]], figure: Mapping[str, Any]) -> Native | None:
    years = [[YEARLY.fullmatch(str(x)) for x in trace["x"] if x is not None] for trace in traces]
    if any(match is None for matches in years for match in matches):
        return None
    numbers = [int(match.group(1)) for matches in years for match in matches if match]
    categories = tuple(str(year) for year in range(min(numbers), max(numbers) + 1))
    series = tuple(_series(trace, categories, trace["x"], trace["y"], cut=True) for trace in traces)
    if len(categories) > MOST_POINTS or any(s is None for s in series):
        return None
    return Native("line", categories, tuple(s for s in series if s), _axis(figure, "yaxis"))


def _bars(traces: Sequence[Mapping[str, Any]], figure: Mapping[str, Any]) -> Native | None:
    sideways = any(trace.get("orientation") == "h" for trace in traces)
    at, of = ("y", "x") if sideways else ("x", "y")
    categories = tuple(dict.fromkeys(_words(entry) for trace in traces for entry in trace[at]))
    if any(
        trace.get("offset") is not None
        or (trace.get("width") is not None and not isinstance(trace["width"], int | float))
        for trace in traces
    ):
        return None
    series = tuple(_series(trace, categories, trace[at], trace[of], cut=False) for trace in traces)
    if len(categories) > MOST_POINTS or any(s is None for s in series):
        return None
    kind: Kind = "stacked" if figure["layout"].get("barmode") in ("stack", "relative") else "bar"
    return Native(
        kind, categories, tuple(s for s in series if s), _axis(figure, "xaxis" if sideways else "yaxis"), sideways
    )


def _series(
    trace: Mapping[str, Any], categories: tuple[str, ...], at: Sequence[Any], of: Sequence[Any], *, cut: bool
) -> Series | None:
    """Return the values by category; two values for one category cannot be drawn."""
    points: dict[str, float | None] = {}
    for place, value in zip(at, of, strict=True):
        if place is None:
            continue
        key = str(place)[:4] if cut else _words(place)
        if key in points:
            return None
        points[key] = None if value is None else float(value)
    colour = (trace.get("line") or {}).get("color") or trace.get("marker", {}).get("color") or ""
    joined = "lines" in str(trace.get("mode", "lines")) if trace["type"] == "scatter" else False
    return Series(_words(trace.get("name", "")), tuple(points.get(name) for name in categories), _hex(colour), joined)


def _hex(colour: object) -> str:
    return str(colour)[1:7] if re.fullmatch(r"#[0-9a-fA-F]{6}", str(colour)) else "2B7BBA"


def _words(text: object) -> str:
    return " ".join(TAG.sub(" ", str(text)).split())


def _axis(figure: Mapping[str, Any], name: str) -> str:
    return _words((figure["layout"].get(name, {}).get("title") or {}).get("text", ""))
