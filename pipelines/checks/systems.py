"""Systems of intervals tied by identities: whether they can hold together, and which members stand in the way."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol

from pipelines.checks.intervals import FREE, Interval, hull

Box = Mapping[str, Interval]
_ROUNDS = 60
_LARGEST_SET = 3


class Tie(Protocol):
    """An identity between named intervals; it narrows each by what the others allow."""

    def narrow(self, box: Box) -> Iterator[tuple[str, Interval]]:
        """Yield the numbers each member may still take."""


@dataclass(frozen=True)
class Sum:
    """The total is the sum of its parts."""

    total: str
    parts: tuple[str, ...]

    def narrow(self, box: Box) -> Iterator[tuple[str, Interval]]:
        """Yield the numbers each member may still take."""
        yield self.total, _sum(box[part] for part in self.parts)
        for part in self.parts:
            yield part, box[self.total] - _sum(box[other] for other in self.parts if other != part)


@dataclass(frozen=True)
class Product:
    """The result is the product of two factors."""

    result: str
    left: str
    right: str

    def narrow(self, box: Box) -> Iterator[tuple[str, Interval]]:
        """Yield the numbers each member may still take."""
        yield self.result, box[self.left] * box[self.right]
        yield self.left, box[self.result] / box[self.right]
        yield self.right, box[self.result] / box[self.left]


@dataclass(frozen=True)
class Mean:
    """A weighted mean of its parts, whatever the weights: it cannot lie outside them."""

    mean: str
    parts: tuple[str, ...]

    def narrow(self, box: Box) -> Iterator[tuple[str, Interval]]:
        """Yield the numbers each member may still take."""
        yield self.mean, hull(box[part] for part in self.parts)
        for part in self.parts:
            others = [box[other] for other in self.parts if other != part]
            low = min(other.low for other in others)
            high = max(other.high for other in others)
            mean = box[self.mean]
            if mean.high < low:
                yield part, Interval(-math.inf, mean.high)
            elif mean.low > high:
                yield part, Interval(mean.low, math.inf)


@dataclass(frozen=True)
class AtMost:
    """The part is no larger than the whole."""

    part: str
    whole: str

    def narrow(self, box: Box) -> Iterator[tuple[str, Interval]]:
        """Yield the numbers each member may still take."""
        yield self.part, Interval(-math.inf, box[self.whole].high)
        yield self.whole, Interval(box[self.part].low, math.inf)


def consistent(box: Box, ties: Sequence[Tie]) -> bool:
    """Whether no tie rules the intervals out; never says no where some numbers satisfy all ties."""
    return narrowed(box, ties) is not None


def narrowed(box: Box, ties: Sequence[Tie]) -> dict[str, Interval] | None:
    """Return what every member may still be when all ties hold, or None when nothing is left of one."""
    left = dict(box)
    for _ in range(_ROUNDS):
        before = dict(left)
        for tie in ties:
            for name, allowed in tie.narrow(left):
                if not left[name].meets(allowed):
                    return None
                left[name] = _cut(left[name], allowed)
        if left == before:
            break
    return left


def odd_ones(box: Box, ties: Sequence[Tie], suspects: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the smallest sets of suspects whose removal lets the rest hold together; [] where nothing is wrong.

    Sets of up to three are tried, smaller ones first; a system no such set mends returns [] as well.
    """
    if consistent(box, ties):
        return []
    for size in range(1, min(_LARGEST_SET, len(suspects)) + 1):
        found = [
            chosen
            for chosen in combinations(suspects, size)
            if consistent({**box, **dict.fromkeys(chosen, FREE)}, ties)
        ]
        if found:
            return found
    return []


def _cut(held: Interval, allowed: Interval) -> Interval:
    low, high = max(held.low, allowed.low), min(held.high, allowed.high)
    return Interval(low, high) if low <= high else Interval(high, low)


def _sum(parts: Iterable[Interval]) -> Interval:
    total = Interval(0, 0)
    for part in parts:
        total = total + part
    return total
