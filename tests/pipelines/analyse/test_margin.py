"""What freight and insurance can explain of a gap: grown from a known margin, the margin must come back."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.analyse.margin import beyond_margin, with_sales
from pipelines.schema import MIRROR
from pipelines.tables import Tables


def pair(flow: str, value_a: float, value_b: float, ends: tuple[str, str] = ("CHN", "KAZ"), **cells: str) -> dict:
    row = {"flow": flow, "freq": "A", "time_period": "2020", "reporter_a": ends[0], "reporter_b": ends[1]}
    return row | {"value_a": value_a, "value_b": value_b, "gap": value_b - value_a} | cells


def table(*rows: dict) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[*MIRROR.columns])


def found(rows: pd.DataFrame, low: float = 5, high: float = 10) -> pd.DataFrame:
    return pd.DataFrame(beyond_margin(with_sales(rows, rows).to_dict("records"), low, high))


sums = st.floats(1e6, 1e12)


@given(sold=sums, margin=st.floats(5, 10))
def test_a_gap_made_by_a_margin_inside_the_band_leaves_nothing(sold: float, margin: float) -> None:
    row = found(table(pair("CHN>KAZ", sold, sold * (1 + margin / 100)))).iloc[0]
    assert abs(row["beyond"]) <= 1e-9 * sold


@given(first=sums, second=sums, one=st.floats(5, 10), other=st.floats(5, 10))
def test_both_turnovers_of_a_fair_count_differ_by_the_margins_of_both_directions(
    first: float, second: float, one: float, other: float
) -> None:
    bought, sold_back = first * (1 + one / 100), second * (1 + other / 100)
    rows = table(
        pair("CHN>KAZ", first, bought),
        pair("KAZ>CHN", second, sold_back, ("KAZ", "CHN")),
        pair("CHN-KAZ total", first + sold_back, second + bought),
    )
    assert found(rows)["beyond"].abs().max() <= 1e-9 * (first + second)


def test_what_lies_beyond_is_measured_from_the_nearest_end() -> None:
    rows = found(table(pair("CHN>KAZ", 100, 130), pair("KAZ>CHN", 100, 90, ("KAZ", "CHN"))))
    assert rows["beyond"].tolist() == pytest.approx([20, -15])


def test_a_turnover_without_both_directions_may_move_either_way_by_the_whole_margin() -> None:
    row = found(table(pair("CHN-KAZ total", 100, 70))).iloc[0]
    assert (row["allowed_low"], row["allowed_high"]) == pytest.approx((-10, 10))
    assert row["beyond"] == pytest.approx(-20)


def test_the_printed_pairs_of_china_and_kazakhstan_do_not_fit_any_margin(tables: Tables) -> None:
    pairs = tables.mirror[(tables.mirror["pair"] == "CHN-KAZ") & tables.mirror["freq"].isin(["A", "YTD"])]
    rows = beyond_margin(with_sales(pairs, tables.mirror).to_dict("records"), 5, 10)
    assert all(row["beyond"] < -3e9 for row in rows) and len(rows) == len(pairs) >= 5
