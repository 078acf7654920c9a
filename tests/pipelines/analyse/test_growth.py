import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.analyse.growth import cagr, index_to, required_path
from pipelines.errors import DataError


@given(st.floats(1, 1e12), st.floats(-0.5, 1.0), st.integers(1, 30))
def test_gives_back_the_rate_a_series_was_grown_at(first: float, rate: float, years: int) -> None:
    assert cagr(first, first * (1 + rate) ** years, years) == pytest.approx(100 * rate, abs=1e-6)


@pytest.mark.parametrize(("first", "last", "years"), [(0, 1, 1), (-1, 1, 1), (1, -1, 1), (1, 2, 0), (1, 2, -3)])
def test_refuses_growth_across_zero_and_empty_spans(first: float, last: float, years: float) -> None:
    with pytest.raises(DataError, match="no rate"):
        cagr(first, last, years)


def test_required_path_starts_and_ends_where_it_must() -> None:
    path = required_path(68.0, 2015, 200.0, 2020)
    assert path[0] == (2015, 68.0)
    assert path[-1][0] == 2020
    assert path[-1][1] == pytest.approx(200.0)
    assert cagr(68.0, 200.0, 5) == pytest.approx(24.08, abs=0.01)


def test_index_needs_a_positive_base() -> None:
    assert index_to([50, 100], 50) == [100, 200]
    with pytest.raises(DataError):
        index_to([1.0], 0.0)
