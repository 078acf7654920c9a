"""How a rule writes figures and arithmetic: as a person would on paper."""

import math
import re

from pipelines import wording
from pipelines.checks.facts import Figure
from pipelines.checks.intervals import Interval

_SCALED = re.compile(r"(?P<before>[^\d−]*)(?P<number>−?[\d,.]+)(?P<after>.*)")


def amount(number: float, unit: str, *, counted: str = "", fine: bool = False) -> str:
    """Return an amount with its unit, with plain spaces; `fine` keeps two decimals.

    >>> amount(68.4e9, "USD")
    'US$68.4 bn'
    """
    return wording.value(number, unit, counted=counted, fine=fine).replace(wording.NBSP, " ")


def said(figure: Figure) -> str:
    """Return the figure's own words, or its number where only a number is printed; falls keep their sign."""
    if figure.sentence < 0 or figure.measure_type == "growth":
        sign = wording.BOUND_SYMBOL[figure.bound]
        return f"{sign}{amount(figure.value, figure.unit, counted=figure.counted, fine=True)}"
    return re.sub(r"\s+", " ", figure.as_written)


def span(interval: Interval, unit: str, *, fine: bool = False) -> str:
    """Return an interval with its unit said once.

    >>> span(Interval(67.57e9, 69.24e9), "USD"), span(Interval(94e9, math.inf), "USD")
    ('US$67.6–69.2 bn', 'US$94 bn or more')
    """
    low, high = (amount(end, unit, fine=fine) for end in (interval.low, interval.high))
    if math.isinf(interval.low) or math.isinf(interval.high):
        if math.isinf(interval.low) and math.isinf(interval.high):
            return "any amount"
        return f"{high} or less" if math.isinf(interval.low) else f"{low} or more"
    if low == high:
        return low
    first, last = _SCALED.fullmatch(low), _SCALED.fullmatch(high)
    if first and last and first["before"] == last["before"] and first["after"] == last["after"]:
        joint = " to " if "−" in first["number"] + last["number"] else "–"
        return f"{first['before']}{first['number']}{joint}{last['number']}{last['after']}"
    return f"{low} to {high}"


def change(percent: float) -> str:
    """Return a growth rate as it is written in a product.

    >>> change(-28), change(5.5)
    ('(1 − 28 %)', '(1 + 5.5 %)')
    """
    return f"(1 {'−' if percent < 0 else '+'} {amount(abs(percent), 'PERCENT')})"


def percent(part: float, whole: float) -> str:
    """Return a part in percent of its whole.

    >>> percent(5, 115)
    '4.35 %'
    """
    return amount(part / whole * 100, "PERCENT")


def when(figure: Figure) -> str:
    """Return the period of a figure in words."""
    return wording.period(figure.time_period)


def times(ratio: float) -> str:
    """Return how many times one amount is another.

    >>> times(5.0), times(1.11)
    ('5 times', '1.1 times')
    """
    return (f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}".removesuffix(".0")) + " times"


def distinct(first: float, second: float, unit: str) -> tuple[str, str]:
    """Return two amounts with as many digits as tell them apart.

    >>> distinct(1390e9, 1393.9e9, "USD")
    ('US$1,390 bn', 'US$1,393.9 bn')
    """
    shown = amount(first, unit), amount(second, unit)
    if shown[0] != shown[1] or first == second:
        return shown
    scale, word = (1e9, " bn") if unit in wording.MONEY and abs(first) >= 1e9 else (1.0, f" {unit}")
    symbol = wording.MONEY.get(unit, "")
    one, other = (f"{symbol}{number / scale:,.3f}".rstrip("0").rstrip(".") + word for number in (first, second))
    return one, other
