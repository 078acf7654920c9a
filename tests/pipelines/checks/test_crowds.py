"""Thousands of figures that say one thing cost no more than their number, and what is not compared is said."""

import sys
from collections.abc import Callable
from dataclasses import replace
from types import FrameType
from typing import Any

import pytest

from benchmarks.findings import crowded
from pipelines.checks.crowds import MOST_NAMED, MOST_TOGETHER, collapse
from pipelines.checks.facts import Facts, Figure
from pipelines.checks.search import search


def calls(facts: Facts) -> int:
    """How many functions run while the rules look at these facts: the same on every machine."""
    count = 0

    def look(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(look)
    try:
        search(facts)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(("step", "source_class"), [(0.0, "press"), (1e-7, "press"), (1e-7, "official")])
def test_work_grows_with_the_figures_and_not_with_their_pairs(step: float, source_class: str) -> None:
    half, whole = (
        calls(Facts(tuple(replace(one, source_class=source_class) for one in crowded(count, step=step).figures)))
        for count in (1500, 3000)
    )
    assert whole < 2.2 * half


def test_statements_repeated_word_for_word_count_once_and_are_named_up_to_a_limit(
    figure: Callable[..., Figure],
) -> None:
    low = [figure(f"low {number}", 9, 11, time_period="2014") for number in range(3000)]
    high = figure("high", 99, 101, time_period="2014", source_id="other", publisher="Other")
    once, repeats = collapse(Facts((*low, high)))
    assert [one.id for one in once.figures] == ["low 0", "high"]
    assert len(repeats["low 0"]) == 2999
    (alone,) = search(Facts((low[0], high))).query("rule == 'competing-values'").to_dict("records")
    (many,) = search(Facts((*low, high))).query("rule == 'competing-values'").to_dict("records")
    assert many["finding_id"] == alone["finding_id"]
    assert many["observation_ids"].split(" ; ") == ["low 0", "high", *(f"low {at}" for at in range(1, MOST_NAMED + 1))]
    assert many["arithmetic"].endswith(f"stated 2999 more times word for word; {MOST_NAMED} of them are named")
    assert alone["arithmetic"] in many["arithmetic"]


def test_one_different_word_is_no_repetition(figure: Callable[..., Figure]) -> None:
    pair = (figure("one", 9, 11), figure("two", 9, 11, as_written="about 10"))
    once, repeats = collapse(Facts(pair))
    assert once.figures == pair
    assert not repeats


@pytest.mark.parametrize(("count", "is_told"), [(MOST_TOGETHER, False), (MOST_TOGETHER + 1, True)])
def test_a_group_too_large_to_combine_is_said_to_be(
    figure: Callable[..., Figure], count: int, *, is_told: bool
) -> None:
    shares = [
        figure(
            f"share {number}",
            number / 10,
            number / 10 + 0.05,
            indicator="EXP_GROUP_SHARE",
            measure_type="share",
            unit="PERCENT",
            commodity=f"A{number}",
            time_period="2014",
        )
        for number in range(count)
    ]
    (row,) = search(Facts(tuple(shares))).query("rule == 'shares-of-one-whole'").to_dict("records")
    assert (row["verdict"] == "cannot_tell") == is_told
    assert (f"at most {MOST_TOGETHER} are combined" in row["arithmetic"]) == is_told
