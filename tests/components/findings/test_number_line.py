from typing import Any

import pytest
from dash.development.base_component import Component
from hypothesis import given
from hypothesis import strategies as st

from components.findings.number_line import number_line, said, window
from components.findings.reading import Interval


def parts(component: Any, kind: str) -> list[Component]:
    found = [part for _, part in component._traverse_with_paths() if isinstance(part, Component)]
    return [part for part in found if kind in str(getattr(part, "className", "")).split()]


def percent(part: Component, name: str) -> float:
    return float(part.style[name].rstrip("%"))


LINES = (
    Interval("95 less 28 %", 67.6e9, 69.2e9, 68.4e9, "computed"),
    Interval("$62 billion", 61.5e9, 62.5e9, 62e9, "quoted"),
    Interval("at least", 60e9, None, 60e9, "official"),
)


def test_ranges_stand_in_order_on_one_scale_and_open_ends_reach_the_edge() -> None:
    picture = number_line(LINES, "USD")
    computed, quoted, opened = parts(picture, "range")
    assert percent(quoted, "left") + percent(quoted, "width") < percent(computed, "left")
    assert "opens-right" in opened.className and percent(opened, "left") + percent(opened, "width") == pytest.approx(
        100
    )
    shapes = [dot.className for dot in parts(picture, "dot")]
    assert shapes[:3] == ["dot is-computed", "dot is-quoted", "dot is-official"]
    amounts = [part.children for part in parts(picture, "number-line-amount")]
    assert amounts == ["67.6 to 69.2", "61.5 to 62.5", "60 or more"]


def test_the_picture_can_be_heard() -> None:
    text = said(LINES, "USD")
    assert "$62 billion: US$61.5\u00a0bn to US$62.5\u00a0bn (quoted)" in text and "or more (official)" in text
    assert parts(number_line(LINES, "USD"), "number-line")[0].to_plotly_json()["props"]["aria-label"] == text


def test_without_a_number_there_is_no_picture() -> None:
    assert number_line([], "USD") is None
    assert number_line([Interval("open", None, None, None, "quoted")], "USD") is None


numbers = st.floats(-1e12, 1e12, allow_subnormal=False)


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=5))
def test_every_number_lies_within_the_scale(ends: list[tuple[float, float]]) -> None:
    lines = [Interval("a", min(pair), max(pair), pair[0], "quoted") for pair in ends]
    low, high = window(lines)
    assert low < high
    assert all(low <= end <= high for pair in ends for end in pair)
