"""Systems grown from known numbers stay silent; one number moved out of its interval is found."""

import math

from hypothesis import assume, given
from hypothesis import strategies as st

from pipelines.checks.intervals import Interval
from pipelines.checks.systems import AtMost, Mean, Product, Sum, consistent, narrowed, odd_ones

LEVELS = st.floats(min_value=10, max_value=1000)
RATES = st.floats(min_value=-0.6, max_value=1.5)
FALL_2015 = {
    "before": Interval(94.5, 95.5), "after": Interval(61.5, 62.5), "total": Interval(0.715, 0.725),
    "exports": Interval(0.655, 0.665), "imports": Interval(0.805, 0.815),
}  # fmt: skip
TIES = [Product("after", "before", "total"), Mean("total", ("exports", "imports"))]


def around(number: float, step: float) -> Interval:
    """The interval of a number printed to that step."""
    printed = round(number / step) * step
    return Interval(printed - step / 2, printed + step / 2)


def trade(exports: float, imports: float, rate_exports: float, rate_imports: float) -> dict[str, Interval]:
    """Two years of trade, every figure rounded to its step."""
    after = exports * (1 + rate_exports) + imports * (1 + rate_imports)
    return {
        "exports": around(exports, 0.1), "imports": around(imports, 0.1), "before": around(exports + imports, 0.1),
        "after": around(after, 0.1), "total": around(after / (exports + imports), 0.01),
        "growth of exports": around(1 + rate_exports, 0.01), "growth of imports": around(1 + rate_imports, 0.01),
    }  # fmt: skip


GROWN = [
    Sum("before", ("exports", "imports")),
    Product("after", "before", "total"),
    Mean("total", ("growth of exports", "growth of imports")),
]


@given(exports=LEVELS, imports=LEVELS, rate_exports=RATES, rate_imports=RATES)
def test_a_consistent_set_stays_silent(exports, imports, rate_exports, rate_imports):
    box = trade(exports, imports, rate_exports, rate_imports)
    assert consistent(box, GROWN)
    assert odd_ones(box, GROWN, sorted(box)) == []


@given(exports=LEVELS, imports=LEVELS, rate_exports=RATES, rate_imports=RATES, factor=st.sampled_from([0.5, 1.6, 3.0]))
def test_a_planted_total_is_found(exports, imports, rate_exports, rate_imports, factor):
    box = trade(exports, imports, rate_exports, rate_imports)
    box["before"] = box["before"] * factor
    assert ("before",) in odd_ones(box, GROWN, sorted(box))


def test_the_fall_of_2015_cannot_be():
    assert not consistent(FALL_2015, TIES)
    assert odd_ones(FALL_2015, TIES, sorted(FALL_2015)) == [("after",), ("before",), ("total",)]


@given(st.lists(LEVELS, min_size=2, max_size=5), LEVELS)
def test_a_part_above_its_whole_is_found(parts, more):
    assume(more > 1)
    box = {str(place): Interval(part, part) for place, part in enumerate(parts)}
    box["sum"] = Interval(sum(parts), sum(parts))
    ties = [
        Sum("sum", tuple(str(place) for place in range(len(parts)))),
        *(AtMost(str(p), "sum") for p in range(len(parts))),
    ]
    assert consistent(box, ties)
    assert not consistent({**box, "0": box["sum"] + more}, ties)


def test_open_ends_narrow_only_what_they_can():
    box = {"part": Interval(40, math.inf), "whole": Interval(-math.inf, 100)}
    assert narrowed(box, [AtMost("part", "whole")]) == {"part": Interval(40, 100), "whole": Interval(40, 100)}
