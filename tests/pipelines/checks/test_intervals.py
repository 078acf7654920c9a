"""Interval arithmetic against a dense sample of what it must hold."""

import math
import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.checks.intervals import Interval, hull

ENDS = st.floats(min_value=-1e6, max_value=1e6)
INTERVALS = st.tuples(ENDS, ENDS).map(lambda ends: Interval(min(ends), max(ends)))
OPERATIONS = [operator.add, operator.sub, operator.mul, operator.truediv]


@pytest.mark.parametrize("operation", OPERATIONS)
@given(first=INTERVALS, second=INTERVALS, a=st.floats(0, 1), b=st.floats(0, 1))
def test_a_result_holds_what_its_members_give(operation, first, second, a, b):
    x = first.low + a * (first.high - first.low)
    y = second.low + b * (second.high - second.low)
    if operation is operator.truediv and abs(y) < 1e-3:
        return
    assert operation(first, second).holds(operation(x, y))


def test_open_ends_stay_open():
    assert Interval(9, math.inf) * 2 == Interval(18, math.inf)
    assert (10 - Interval(9, math.inf)) == Interval(-math.inf, 1)
    assert Interval(1, 2) / Interval(-1, 1) == Interval(-math.inf, math.inf)
    assert 1 / Interval(2, math.inf) == Interval(0, 0.5)


def test_touching_intervals_meet_and_others_have_a_gap():
    assert Interval(1, 2).meets(Interval(2, 3))
    assert Interval(1, 2).gap(Interval(5, 6)) == 3
    assert hull([Interval(1, 2), Interval(5, 6)]) == Interval(1, 6)
    assert Interval(1, 4).common(Interval(3, 6)) == Interval(3, 4)
