import warnings

import numpy as np
import pandas as pd
import pytest
from statsmodels.tools.sm_exceptions import ModelWarning
from statsmodels.tsa.arima.model import ARIMA
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.forecasting.theta import ThetaModel
from statsmodels.tsa.innovations.arma_innovations import arma_loglike
from statsmodels.tsa.stattools import kpss

from pipelines.forecast import arima, ets, theta
from pipelines.forecast.minimise import minimise
from pipelines.forecast.models import MEDIAN_MEMBERS, MODELS, Sample, project_models, refuse_absurd
from pipelines.forecast.projection import FitRejectionError, Projection


def walk(size, seed, drift=0.05, spread=0.12):
    return 100 * np.exp(np.cumsum(np.random.default_rng(seed).normal(drift, spread, size)))


HISTORIES = [walk(14, 1), walk(22, 2), walk(30, 4, -0.02, 0.3)]


def stock_ets(history, name):
    form = ets.FORMS[name]
    bounds = {"smoothing_level": ets.LEVEL_BOUNDS}
    if form.trend:
        bounds["smoothing_trend"] = ets.SLOPE_BOUNDS
    if form.damped:
        bounds["damping_trend"] = ets.DAMPING_BOUNDS
    return ETSModel(
        pd.Series(history),
        error="mul" if form.multiplicative else "add",
        trend="add" if form.trend else None,
        damped_trend=form.damped,
        bounds=bounds,
    )


def stock_parameters(fit, history):
    """Parameters in statsmodels' order, the starting states recovered by running the filter backwards."""
    level, slope = fit.level, fit.slope
    for value in reversed(history):
        # level' = ahead + a e, slope' = phi slope + b e, e = value - ahead
        ahead = (level - fit.level_weight * value) / (1 - fit.level_weight)
        before = (slope - fit.slope_weight * (value - ahead)) / fit.damping
        level, slope = ahead - fit.damping * before, before
    smoothing = [fit.level_weight]
    smoothing += [fit.slope_weight] if fit.form.trend else []
    smoothing += [fit.damping] if fit.form.damped else []
    return np.array([*smoothing, level, *([slope] if fit.form.trend else [])])


@pytest.mark.parametrize("name", ets.FORMS)
def test_exponential_smoothing_has_statsmodels_likelihood_at_its_own_optimum(name):
    history = walk(16, 11, 0.02, 0.1)
    fit = ets.fit_form(history, ets.FORMS[name])
    if fit.level_weight > 0.97:
        pytest.fail("choose a history whose filter can be run backwards")
    stock = stock_ets(history, name)
    assert fit.loglike == pytest.approx(stock.loglike(stock_parameters(fit, history)), abs=1e-5)


@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize("name", ets.FORMS)
def test_exponential_smoothing_is_no_less_likely_than_statsmodels_fit(history, name):
    fit = ets.fit_form(history, ets.FORMS[name])
    stock = stock_ets(history, name).fit(disp=False)
    assert fit.loglike > stock.llf - 0.02


def test_additive_spread_is_statsmodels_analytic_one():
    history = walk(16, 11, 0.02, 0.1)
    fit = ets.fit_form(history, ets.FORMS["AAdN"])
    stock = stock_ets(history, "AAdN")
    ahead = stock.smooth(stock_parameters(fit, history)).get_prediction(start=16, end=21)
    projected = ets.project(fit, 6)
    assert projected.points == pytest.approx(ahead.predicted_mean.to_numpy(), rel=1e-6)
    assert projected.sd == pytest.approx(np.sqrt(ahead.forecast_variance), rel=1e-4)


def test_multiplicative_spread_against_simulation():
    fit = ets.fit_form(walk(30, 8), ets.FORMS["MAdN"])
    shocks = np.random.default_rng(0).normal(0, np.sqrt(fit.variance), (200_000, 5))
    level, slope = np.full(len(shocks), fit.level), np.full(len(shocks), fit.slope)
    for step in range(5):
        ahead = level + fit.damping * slope
        value = ahead * (1 + shocks[:, step])
        level = ahead * (1 + fit.level_weight * shocks[:, step])
        slope = fit.damping * slope + fit.slope_weight * ahead * shocks[:, step]
        assert ets.project(fit, 5).sd[step] == pytest.approx(value.std(), rel=0.02)


def test_smoothing_stays_within_its_bounds():
    for history in HISTORIES:
        for fit in ets.fit_forms(history).values():
            assert ets.LEVEL_BOUNDS[0] <= fit.level_weight <= ets.LEVEL_BOUNDS[1]
            assert fit.slope_weight == 0 or ets.SLOPE_BOUNDS[0] <= fit.slope_weight <= ets.SLOPE_BOUNDS[1]
            assert fit.damping == 1 or ets.DAMPING_BOUNDS[0] <= fit.damping <= ets.DAMPING_BOUNDS[1]


@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize("order", [(1, 0), (0, 1), (1, 1), (2, 0), (0, 2), (2, 1), (1, 2)])
def test_arima_likelihood_is_the_exact_one(history, order):
    fit = arima.fit_order(history, (order[0], 1, order[1]), constant=True)
    changes = np.diff(history) - fit.mean
    expected = arma_loglike(changes, np.array(fit.ar), np.array(fit.ma), sigma2=fit.variance)
    assert fit.loglike == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("history", HISTORIES[:2])
@pytest.mark.parametrize("order", [(1, 0), (0, 1), (1, 1), (2, 0)])
def test_arima_is_as_likely_as_statsmodels_fit(history, order):
    fit = arima.fit_order(history, (order[0], 1, order[1]), constant=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ModelWarning)
        stock = ARIMA(np.diff(history), order=(order[0], 0, order[1]), trend="c").fit()
    assert fit.loglike > stock.llf - 0.02


@pytest.mark.parametrize(("order", "trend"), [((1, 1, 0), "t"), ((0, 1, 1), "t"), ((2, 0, 0), "c"), ((0, 2, 1), "n")])
def test_arima_forecast_is_the_state_space_one(order, trend):
    history = walk(30, 21)
    fit = arima.fit_order(history, order, constant=trend != "n")
    names = {"c": [fit.mean], "t": [fit.mean], "n": []}[trend]
    model = ARIMA(history, order=order, trend=trend)
    ahead = model.smooth([*names, *fit.ar, *fit.ma, fit.variance]).get_forecast(5)
    projected = arima.project(fit, history, 5)
    assert projected.points == pytest.approx(ahead.predicted_mean, rel=1e-3)
    assert projected.sd == pytest.approx(ahead.se_mean, rel=1e-3)


def test_grid_takes_the_least_aicc_clear_of_the_unit_circle():
    history = walk(30, 21)
    best = arima.best_fit(history)
    differences = arima.count_differences(history)
    for p, q in arima.ORDERS:
        for constant in (False, True):
            fit = arima.fit_order(history, (p, differences, q), constant=constant)
            assert fit.aicc >= best.aicc - 1e-9 or not arima._clear_of_unit_circle(fit) or not fit.converged


def test_kpss_statistic_is_statsmodels():
    history = walk(25, 5)
    assert arima.kpss_statistic(history) == pytest.approx(kpss_of(history), rel=1e-9)


def kpss_of(history):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return kpss(history, "c", nlags=int(3 * np.sqrt(len(history)) / 13))[0]


@pytest.mark.parametrize("history", HISTORIES)
def test_theta_is_statsmodels_on_the_same_scale(history):
    scale = theta.choose_box_cox(history)
    stock = ThetaModel(pd.Series(scale.apply(history)), period=1, deseasonalize=False).fit()
    ours = scale.apply(theta.project(history, 5).points)
    assert ours == pytest.approx(np.asarray(stock.forecast(5)), abs=2e-3)


def test_box_cox_takes_logs_of_percent_growth_and_none_of_steps():
    noise = np.random.default_rng(3).normal(0, 0.01, 30)
    assert theta.choose_box_cox(100 * np.exp(0.1 * np.arange(30) + noise)).power < 0.2
    assert theta.choose_box_cox(100 + 10 * np.arange(30) + 30 * noise).power > 0.8


def test_box_cox_undoes_itself():
    scale = theta.BoxCox(0.35, 50.0)
    assert scale.undo(scale.apply(HISTORIES[0])) == pytest.approx(HISTORIES[0])


def test_drift_continues_a_line():
    line = 10.0 + 3.0 * np.arange(20)
    projection = MODELS["drift"].project(Sample(line), 4)
    assert projection.points == pytest.approx(line[-1] + 3.0 * np.arange(1, 5))


def test_ucm_continues_a_noisy_line():
    line = 100.0 + 5 * np.arange(30) + np.random.default_rng(2).normal(0, 1, 30)
    projection = MODELS["ucm"].project(Sample(line), 3)
    assert projection.points == pytest.approx(line[-1] + 5.0 * np.arange(1, 4), abs=3)
    assert np.all(np.diff(projection.sd) > 0)


def test_models_do_not_depend_on_the_unit():
    for name in MEDIAN_MEMBERS:
        one = MODELS[name].project(Sample(HISTORIES[1]), 4)
        billion = MODELS[name].project(Sample(HISTORIES[1] * 1e9), 4)
        assert billion.points == pytest.approx(one.points * 1e9, rel=1e-4), name
        assert billion.sd == pytest.approx(one.sd * 1e9, rel=1e-3), name


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        ([1.0, np.nan], "no finite path"),
        ([50.0, 301.0], "three times the highest"),
        ([50.0, 3.0], "third of the lowest"),
        ([50.0, -1.0], "zero or below"),
    ],
)
def test_absurd_paths_are_turned_down(points, reason):
    with pytest.raises(FitRejectionError, match=reason):
        refuse_absurd(Projection(np.array(points), np.ones(2)), np.array([10.0, 100.0]))


def test_leaving_the_range_after_five_years_is_allowed():
    path = np.array([50.0] * 5 + [301.0])
    refuse_absurd(Projection(path, np.ones(6)), np.array([10.0, 100.0]))


def test_rejected_models_are_named_with_the_reason():
    collapsing = np.array([900.0, 800, 700, 600, 500, 400, 300, 200, 100, 20, 12, 10])
    projections, rejected = project_models(collapsing, 3, ("drift", "naive"))
    assert list(projections) == ["naive"]
    assert rejected[0].model == "drift" and "zero or below" in rejected[0].reason


def test_minimiser_finds_the_corner_and_the_valley():
    def bowl(point):
        return float((point[0] - 3) ** 2 + 10 * (point[1] - point[0]) ** 2), np.array(
            [2 * (point[0] - 3) - 20 * (point[1] - point[0]), 20 * (point[1] - point[0])]
        )

    free = (np.array([-np.inf, -np.inf]), np.array([np.inf, np.inf]))
    point, value, converged = minimise(bowl, np.array([-5.0, 7.0]), free)
    assert converged and value == pytest.approx(0, abs=1e-6) and point == pytest.approx([3, 3], abs=1e-3)
    box = (np.array([-1.0, -1.0]), np.array([1.0, 5.0]))
    point, _, converged = minimise(bowl, np.array([0.0, 4.0]), box)
    assert converged and point == pytest.approx([1, 1], abs=1e-4)


def test_minimiser_says_when_it_did_not_converge():
    def cliff(point):
        return -float(point[0]), np.array([-1.0])

    assert not minimise(cliff, np.array([0.0]), (np.array([-np.inf]), np.array([np.inf])))[2]
