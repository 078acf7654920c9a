import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipelines.forecast.intervals import Distribution
from pipelines.forecast.probability import MEANINGS, probability_words, round_probability

ONE = Distribution((100.0, 110.0), (10.0, 20.0))
positive = st.floats(1.0, 1e12)


@given(positive, st.floats(0.01, 2.0), st.floats(0.001, 0.999))
def test_probability_is_the_inverse_of_the_quantile(point, share, probability):
    distribution = Distribution((point,), (point * share,))
    value = distribution.quantile(probability)[0]
    assert distribution.reaching(value, 1) == pytest.approx(1 - probability, abs=1e-9)


@given(positive, st.floats(0.01, 5.0))
def test_no_quantile_of_a_positive_quantity_falls_below_zero(point, share):
    lower, upper = Distribution((point,), (point * share,)).interval(99)
    assert 0 <= lower[0] < point < upper[0]


def test_limits_follow_students_t_upwards_in_steps_and_downwards_in_percent():
    lower, upper = ONE.interval(80)
    score = stats.t(5).ppf(0.9)
    assert upper == pytest.approx([100 + score * 10, 110 + score * 20])
    assert lower == pytest.approx([100 * math.exp(-score / 10), 110 * math.exp(-score * 20 / 110)])


def test_higher_levels_hold_lower_ones():
    low_80, high_80 = ONE.interval(80)
    low_95, high_95 = ONE.interval(95)
    assert np.all(low_95 < low_80) and np.all(high_95 > high_80)


def test_the_median_is_the_point_and_has_even_odds():
    assert ONE.quantile(0.5).tolist() == [100.0, 110.0]
    assert ONE.reaching(110.0, 2) == pytest.approx(0.5)


def test_odds_at_and_below_zero_are_certain_only_for_a_positive_quantity():
    assert ONE.reaching(0.0, 1) == 1.0
    assert Distribution((1.0,), (1.0,), "linear").reaching(-1.0, 1) < 1.0


def test_linear_bands_are_even():
    lower, upper = Distribution((-5.0,), (2.0,), "linear").interval(95)
    assert upper[0] + lower[0] == pytest.approx(-10.0)


def test_paths_have_the_fans_quantiles_and_move_like_a_walk():
    paths = ONE.paths(40_000, seed=1)
    for share in (0.1, 0.5, 0.9):
        assert np.quantile(paths, share, axis=0) == pytest.approx(ONE.quantile(share), rel=0.01)
    ranks = stats.spearmanr(paths[:, 0], paths[:, 1])[0]
    assert ranks == pytest.approx(math.sqrt(0.5), abs=0.05)


def test_paths_repeat_with_their_seed():
    assert np.array_equal(ONE.paths(5, seed=3), ONE.paths(5, seed=3))
    assert not np.array_equal(ONE.paths(5, seed=3), ONE.paths(5, seed=4))


def test_shift_adds_uncertainty_in_quadrature():
    shifted = ONE.shifted(np.array([50.0, 60.0]), np.array([0.0, 15.0]))
    assert shifted.points == (50.0, 60.0)
    assert shifted.scales == pytest.approx((10.0, 25.0))


@pytest.mark.parametrize(
    ("probability", "rounded", "words"),
    [
        (0.0, "<5 %", "less than 1 in 20"),
        (0.0499, "<5 %", "less than 1 in 20"),
        (0.05, "5 %", "about 1 in 20"),
        (0.2249, "20 %", "about 1 in 5"),
        (0.225, "25 %", "about 1 in 4"),
        (0.5, "50 %", "about one half"),
        (0.95, "95 %", "about 19 in 20"),
        (0.951, ">95 %", "more than 19 in 20"),
        (1.0, ">95 %", "more than 19 in 20"),
    ],
)
def test_probabilities_are_shown_in_steps_of_five(probability, rounded, words):
    assert round_probability(probability) == rounded
    assert probability_words(probability) == words


@given(st.floats(0, 1))
def test_every_probability_has_words(probability):
    assert probability_words(probability) in MEANINGS.values()
