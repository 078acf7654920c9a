"""How near one official value comes to a quoted figure, as its words allow."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isinf

from pipelines.checks.facts import Figure
from pipelines.checks.publishers import Statement
from pipelines.checks.scopes import Scope

ROUNDS_SHARE = 0.01
ROUNDS_POINTS = 1.0
RATES = ("growth", "share", "ratio")
_BEST = {"agrees": 0, "rounds": 1, "differs": 2}
_RANGE = re.compile(r"\d\s*[–-]\s*\$?\d")


@dataclass(frozen=True)
class Comparison:
    """What the official record says of one figure.

    `statements` are those compared, `deviation` is percent (points for shares and rates) of the figure from the
    nearest of them, 0 within the words.
    """

    verdict: str
    statements: Sequence[Statement] = ()
    lines: Sequence[str] = ()
    explanation: str = ""
    deviation: float = 0.0
    scope: Scope | None = None


def grade(figure: Figure, official: float) -> str:
    """Return agrees, rounds or differs for one official value.

    rounds: it lies outside the words by no more than 1 % of the official value, as much as editions of one count
    differ; a share or a rate by no more than one unit of the last digit said, and one point.
    """
    outside = beyond(figure, official)
    if outside == 0:
        return "agrees"
    is_rate = figure.measure_type in RATES
    most = min(step_of(figure), ROUNDS_POINTS) if is_rate else ROUNDS_SHARE * abs(official)
    return "rounds" if outside <= most * (1 + 1e-9) else "differs"


def best_grade(figure: Figure, statements: Iterable[Statement]) -> str:
    """Return the grade of the statement that fits best."""
    return min((grade(figure, one.value) for one in statements), key=_BEST.__getitem__)


def fits(figure: Figure, official: float) -> bool:
    """Whether a value of another scope lies within the words, or off by one unit of the last digit and 1 % at most."""
    return beyond(figure, official) <= min(step_of(figure), ROUNDS_SHARE * abs(official)) * (1 + 1e-9)


def beyond(figure: Figure, official: float) -> float:
    """Return by how much an official value lies outside what the words allow."""
    allowed = figure.interval
    return 0.0 if allowed.holds(official) else max(allowed.low - official, official - allowed.high)


def deviation_of(figure: Figure, official: float) -> float:
    """Return percent of the official value, percentage points for shares and rates; 0 within the words."""
    if figure.interval.holds(official):
        return 0.0
    if figure.measure_type in RATES:
        return figure.value - official
    return (figure.value / official - 1) * 100 if official else 100.0


def nearest_deviation(figure: Figure, statements: Iterable[Statement]) -> float:
    """Return the smallest deviation from any of the statements."""
    return min((deviation_of(figure, one.value) for one in statements), key=abs)


def step_of(figure: Figure) -> float:
    """Return one unit of the last digit said; 0 for ranges and open ends."""
    width = figure.interval.high - figure.interval.low
    return 0.0 if isinf(width) or _RANGE.search(figure.as_written) else width
