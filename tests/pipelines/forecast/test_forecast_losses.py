import numpy as np
import pytest

from pipelines.errors import DataError
from pipelines.forecast import losses

RNG = np.random.default_rng(7)
ACTUAL = RNG.lognormal(size=12)
POINT = RNG.lognormal(size=12)
LOWER = POINT * 0.6
UPPER = POINT * 1.5


def test_smape_against_a_loop():
    expected = sum(200 * abs(y - f) / (abs(y) + abs(f)) for y, f in zip(ACTUAL, POINT, strict=True)) / 12
    assert losses.smape(ACTUAL, POINT) == pytest.approx(expected)


def test_smape_of_zeros_is_no_error():
    assert losses.smape([0.0, 1.0], [0.0, 1.0]) == 0.0


def test_smape_is_at_most_two_hundred():
    assert losses.smape([1.0], [-1.0]) == 200.0


def test_mase_against_a_loop():
    history = [3.0, 5.0, 4.0, 8.0]
    scale = (2 + 1 + 4) / 3
    assert losses.naive_scale(history) == pytest.approx(scale)
    expected = sum(abs(y - f) for y, f in zip(ACTUAL, POINT, strict=True)) / 12 / scale
    assert losses.mase(ACTUAL, POINT, scale) == pytest.approx(expected)


def test_scale_over_a_period():
    assert losses.naive_scale([1.0, 10.0, 4.0, 12.0], period=2) == 2.5


def test_msis_against_a_loop():
    total = 0.0
    for y, low, high in zip(ACTUAL, LOWER, UPPER, strict=True):
        total += high - low
        total += 2 / 0.05 * (low - y) if y < low else 0.0
        total += 2 / 0.05 * (y - high) if y > high else 0.0
    assert losses.msis(ACTUAL, (LOWER, UPPER), 95, 2.0) == pytest.approx(total / 12 / 2.0)


def test_coverage_counts_the_limits():
    assert losses.coverage([1.0, 2.0, 3.0, 9.0], [1.0] * 4, [3.0] * 4) == 0.75


def test_owa_of_the_naive_forecast_is_one():
    assert losses.owa(17.0, 3.0, 17.0, 3.0) == 1.0


def test_brier_against_a_loop():
    stated, happened = [0.1, 0.8, 0.5], [False, True, True]
    assert losses.brier(stated, happened) == pytest.approx((0.01 + 0.04 + 0.25) / 3)


def test_a_constant_history_has_no_yardstick():
    with pytest.raises(DataError, match="never changes"):
        losses.naive_scale([2.0, 2.0, 2.0])


def test_a_single_value_has_no_yardstick():
    with pytest.raises(DataError, match="longer history"):
        losses.naive_scale([2.0])


def test_columns_of_different_length_are_refused():
    with pytest.raises(DataError, match="one length"):
        losses.smape([1.0], [1.0, 2.0])


def test_missing_actuals_are_refused():
    with pytest.raises(DataError, match="number in every row"):
        losses.coverage([np.nan], [0.0], [1.0])
