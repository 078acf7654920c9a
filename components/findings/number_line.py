"""The small picture of a finding: what each figure allows, as ranges over one number line."""

from collections.abc import Iterator, Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from components import labels
from components.elements import aria
from components.findings.reading import Interval

# Kind of a line and what its shape means: a ring, a diamond, a disc.
KINDS: Mapping[str, str] = {"quoted": "quoted", "computed": "computed", "official": "official"}
ROOM = 0.08


def number_line(picture: Sequence[Interval], unit: str) -> Component | None:
    """Return the ranges of a finding one below the other on one scale; an open end is an arrow. None without any."""
    lines = [line for line in picture if _ends(line)]
    if not lines:
        return None
    low, high = window(lines)
    kinds = [html.Span([html.I(className=f"dot is-{kind}"), KINDS[kind]]) for kind in KINDS if _has(lines, kind)]
    scale = labels.scale_for(unit, [end for line in lines for end in _ends(line)])
    return html.Figure(
        [
            html.Div(
                [part for line in lines for part in _row(line, (low, high), scale)],
                className="number-line",
                role="img",
                **aria(label=said(lines, unit)),
            ),
            html.Figcaption([html.Span(scale.unit), *kinds], className="quiet"),
        ],
        className="finding-picture",
    )


def _has(lines: Sequence[Interval], kind: str) -> bool:
    return any(line.kind == kind for line in lines)


def _ends(line: Interval) -> list[float]:
    """Return the numbers of a line that are known."""
    return [end for end in (line.low, line.value, line.high) if end is not None]


def window(lines: Sequence[Interval]) -> tuple[float, float]:
    """Return the ends of the scale: every known number, with some room on both sides.

    >>> window([Interval("a", 90, 100, 95, "quoted"), Interval("b", 110, None, 110, "quoted")])
    (88.4, 111.6)
    """
    known = [end for line in lines for end in _ends(line)]
    low, high = min(known), max(known)
    room = ROOM * ((high - low) or abs(high) or 1.0)
    return low - room, high + room


def said(lines: Sequence[Interval], unit: str) -> str:
    """Return the picture in words, for whoever hears it."""
    return "; ".join(f"{line.label}: {labels.interval(line.low, line.high, unit)} ({line.kind})" for line in lines)


def _row(line: Interval, ends: tuple[float, float], scale: labels.Scale) -> Iterator[Component]:
    low, high = ends
    start, end = (low if line.low is None else line.low), (high if line.high is None else line.high)
    left, right = _percent(start, ends), _percent(end, ends)
    opened = f"{' opens-left' if line.low is None else ''}{' opens-right' if line.high is None else ''}"
    style = {"left": f"{left:.2f}%", "width": f"{right - left:.2f}%"}
    parts: list[Component] = [html.Span(className=f"range is-{line.kind}{opened}", style=style)]
    if line.value is not None:
        parts.append(html.Span(className=f"dot is-{line.kind}", style={"left": f"{_percent(line.value, ends):.2f}%"}))
    yield html.Span(line.label, className="number-line-label")
    yield html.Span(parts, className="number-line-track")
    yield html.Span(_amount(line, scale), className="number-line-amount")


def _percent(number: float, ends: tuple[float, float]) -> float:
    low, high = ends
    return 100 * (number - low) / (high - low)


def _amount(line: Interval, scale: labels.Scale) -> str:
    """Return the range as it is read beside the line."""
    ends = (line.low, line.high)
    low, high = ("" if end is None else labels.number(end / scale.factor, fine=True) for end in ends)
    if low and high:
        return low if low == high else f"{low} to {high}"
    return f"{low} or more" if low else f"{high} or less" if high else "open"
