"""Interval arithmetic: what a hedge or a rounding allows is carried through every sum, product and quotient."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

INFINITE = math.inf


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from `low` to `high`, both ends included; an open end is infinite.

    >>> Interval(94.5, 95.5) * (1 + Interval(-28.5, -27.5) / 100)
    Interval(low=67.5675, high=69.2375)
    """

    low: float
    high: float

    def __add__(self, other: "Interval | float") -> "Interval":
        more = _interval(other)
        return Interval(self.low + more.low, self.high + more.high)

    __radd__ = __add__

    def __neg__(self) -> "Interval":
        return Interval(-self.high, -self.low)

    def __sub__(self, other: "Interval | float") -> "Interval":
        return self + -_interval(other)

    def __rsub__(self, other: float) -> "Interval":
        return -self + other

    def __mul__(self, other: "Interval | float") -> "Interval":
        more = _interval(other)
        products = [_times(a, b) for a in (self.low, self.high) for b in (more.low, more.high)]
        return Interval(min(products), max(products))

    __rmul__ = __mul__

    def __truediv__(self, other: "Interval | float") -> "Interval":
        by = _interval(other)
        if by.low <= 0 <= by.high:
            return Interval(-INFINITE, INFINITE)
        return self * Interval(_inverse(by.high), _inverse(by.low))

    def __rtruediv__(self, other: float) -> "Interval":
        return Interval(other, other) / self

    def meets(self, other: "Interval") -> bool:
        """Whether some number lies in both, to within the noise of floating point."""
        return self.gap(other) == 0

    def gap(self, other: "Interval") -> float:
        """Smallest distance between a number of one and a number of the other; 0 where they meet."""
        distance = max(self.low - other.high, other.low - self.high, 0.0)
        return 0.0 if distance <= 1e-9 * max(_size(self), _size(other)) else distance

    def holds(self, number: float) -> bool:
        """Whether the number lies within."""
        return self.meets(Interval(number, number))

    def common(self, other: "Interval") -> "Interval":
        """Numbers that lie in both; only to be asked where they meet."""
        return Interval(max(self.low, other.low), min(self.high, other.high))


FREE = Interval(-INFINITE, INFINITE)


def hull(parts: Iterable[Interval]) -> Interval:
    """Smallest interval that holds every part."""
    known = list(parts)
    return Interval(min(part.low for part in known), max(part.high for part in known))


def _interval(value: "Interval | float") -> Interval:
    return value if isinstance(value, Interval) else Interval(value, value)


def _times(a: float, b: float) -> float:
    return 0.0 if a == 0 or b == 0 else a * b


def _inverse(number: float) -> float:
    return 0.0 if math.isinf(number) else 1 / number


def _size(interval: Interval) -> float:
    return max((abs(end) for end in (interval.low, interval.high) if math.isfinite(end)), default=0.0)
