"""ARIMA by a full grid of small orders, fitted to the exact Gaussian likelihood of the differenced series.

The likelihood comes from the innovations algorithm (Brockwell & Davis 1991, sections 3.3, 5.2 and 5.3) with the mean
and the variance concentrated out, so the optimiser sees at most three numbers. The answers are those of a state-space
fit at a small part of its price: the filter's gains do not depend on the data and settle within a few years.
"""

import math
from dataclasses import dataclass
from itertools import product
from operator import mul

import numpy as np
from scipy.optimize import leastsq

from pipelines.forecast.projection import FitRejectionError, Floats, Projection

KPSS_5_PERCENT = 0.463
"""Kwiatkowski, Phillips, Schmidt & Shin (1992), table 1, level stationarity."""
ROOT_LIMIT = 1.01
"""A root this near the unit circle means that the order is wrong."""
ORDERS = tuple((p, q) for p, q in product(range(3), repeat=2) if p + q <= 3)
_SETTLED = 1e-14
_TINY = 1e-300
_STOP = {"ftol": 1e-6, "xtol": 1e-6, "maxfev": 120}
_CONVERGED = (1, 2, 3, 4)
_EDGE = 1 - 1e-5


@dataclass(frozen=True)
class Fit:
    """One fitted order; `mean` is the mean of the series after `differences` differences."""

    ar: tuple[float, ...]
    ma: tuple[float, ...]
    differences: int
    constant: bool
    mean: float
    variance: float
    loglike: float
    aicc: float
    converged: bool


def best_fit(history: Floats) -> Fit:
    """Fit every order of the grid with and without a constant and return the one with the least AICc.

    Raises:
        FitRejectionError: no order converged with all roots clear of the unit circle.
    """
    differences = count_differences(history)
    changes = np.diff(history, n=differences)
    constants = (False, True) if differences < 2 else (False,)
    fits = [_fit(changes, order, constant, differences) for order in ORDERS for constant in constants]
    usable = [fit for fit in fits if fit.converged and _clear_of_unit_circle(fit)]
    if not usable:
        raise FitRejectionError("no order converged with its roots clear of the unit circle")
    return min(usable, key=lambda fit: fit.aicc)


def count_differences(history: Floats) -> int:
    """Difference until the KPSS test no longer rejects a constant level, at most twice."""
    for differences in range(2):
        changes = np.diff(history, n=differences)
        if len(changes) < 5 or kpss_statistic(changes) <= KPSS_5_PERCENT:
            return differences
    return 2


def kpss_statistic(values: Floats) -> float:
    """KPSS statistic for a constant level, Bartlett weights up to lag 3 sqrt(n) / 13; 0 for a constant."""
    size = len(values)
    errors = values - values.mean()
    lags = int(3 * math.sqrt(size) / 13)
    long_run = float(errors @ errors) / size
    for lag in range(1, lags + 1):
        long_run += 2 / size * (1 - lag / (lags + 1)) * float(errors[lag:] @ errors[:-lag])
    return float(np.sum(np.cumsum(errors) ** 2)) / size**2 / long_run if long_run > 0 else 0.0


def project(fit: Fit, history: Floats, horizon: int) -> Projection:
    """Extend a fit from the end of the history; the variance is that of future shocks alone."""
    changes = np.diff(history, n=fit.differences) - fit.mean
    innovations = _one_step_errors(changes.tolist(), fit.ar, _gains(len(changes), fit.ar, fit.ma)[0])
    ahead, shocks = changes.tolist(), [*innovations, *([0.0] * horizon)]
    for step in range(len(changes), len(changes) + horizon):
        value = sum(weight * ahead[step - lag] for lag, weight in enumerate(fit.ar, 1) if lag <= step)
        value += sum(weight * shocks[step - lag] for lag, weight in enumerate(fit.ma, 1) if lag <= step)
        ahead.append(value)
    points = np.array(ahead[len(changes) :]) + fit.mean
    response = _response(fit, horizon)
    for order in range(fit.differences, 0, -1):
        points = np.diff(history, n=order - 1)[-1] + np.cumsum(points)
        response = np.cumsum(response)
    return Projection(points, np.sqrt(fit.variance * np.cumsum(response**2)))


def fit_order(history: Floats, order: tuple[int, int, int], constant: bool) -> Fit:
    """Fit one (p, d, q) with p and q at most 2."""
    p, differences, q = order
    return _fit(np.diff(history, n=differences), (p, q), constant, differences)


def _response(fit: Fit, horizon: int) -> Floats:
    """Effect of one shock on the differenced series, year by year."""
    weights = [1.0]
    for step in range(1, horizon):
        value = fit.ma[step - 1] if step <= len(fit.ma) else 0.0
        value += sum(weight * weights[step - lag] for lag, weight in enumerate(fit.ar, 1) if lag <= step)
        weights.append(value)
    return np.array(weights)


def _fit(changes: Floats, order: tuple[int, int], constant: bool, differences: int) -> Fit:
    scale = float(np.sqrt(np.mean(changes**2))) or 1.0
    scaled = (changes / scale).tolist()
    (ar, ma), converged = _maximise(scaled, order, constant)
    errors, mean, variances = _whiten(scaled, ar, ma, constant)
    size, count = len(scaled), sum(order) + constant + 1
    variance = sum(error * error for error in errors) / size
    value = size * math.log(max(variance, _TINY)) + sum(map(math.log, variances))
    loglike = -value / 2 - size / 2 * (math.log(2 * math.pi) + 1) - size * math.log(scale)
    spare = size - count - 1
    penalty = 2 * count * (count + 1) / spare if spare > 0 else math.inf
    aicc = 2 * count + penalty - 2 * loglike
    return Fit(ar, ma, differences, constant, mean * scale, variance * scale**2, loglike, aicc, converged)


def _maximise(
    scaled: list[float], order: tuple[int, int], constant: bool
) -> tuple[tuple[tuple[float, ...], tuple[float, ...]], bool]:
    """Maximise the likelihood over the AR and MA coefficients; say whether the optimiser converged.

    With v the error variances, the concentrated likelihood is least where the sum of squares of
    error / sqrt(v) * (product of v)^(1/2n) is least: a least-squares problem, which needs a quarter of the steps
    of a general optimiser.
    """
    if not sum(order):
        return ((), ()), True
    start = _start(np.array(scaled), order, constant)
    found = leastsq(_residuals, start, (scaled, order, constant), full_output=True, **_STOP)
    return _coefficients(found[0].tolist(), order), found[-1] in _CONVERGED


def _residuals(numbers: Floats, scaled: list[float], order: tuple[int, int], constant: bool) -> list[float]:
    errors, _, variances = _whiten(scaled, *_coefficients(numbers.tolist(), order), constant)
    weight = math.exp(sum(map(math.log, variances)) / (2 * len(scaled)))
    return [weight * error for error in errors]


def _coefficients(numbers: list[float], order: tuple[int, int]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Map free numbers to stationary AR and invertible MA coefficients by partial autocorrelations (Monahan 1984)."""
    partial = [_EDGE * number / math.sqrt(1 + number * number) for number in numbers]
    ar, ma = partial[: order[0]], partial[order[0] :]
    return tuple(_from_partial(ar)), tuple(-weight for weight in _from_partial(ma))


def _from_partial(partial: list[float]) -> list[float]:
    return partial if len(partial) < 2 else [partial[0] * (1 - partial[1]), partial[1]]


def _start(scaled: Floats, order: tuple[int, int], constant: bool) -> Floats:
    """Sample partial autocorrelations for the AR part, a quarter of the MA part's range away from zero otherwise."""
    centred = scaled - scaled.mean() if constant else scaled
    power = float(centred @ centred) or 1.0
    first = float(centred[1:] @ centred[:-1]) / power
    second = float(centred[2:] @ centred[:-2]) / power
    partial = [first, (second - first**2) / max(1 - first**2, 0.05)]
    bounded = np.clip(partial, -0.9, 0.9)
    ar = bounded[: order[0]]
    ma = np.zeros(order[1]) if order[0] else np.array([-first, 0.0])[: order[1]].clip(-0.9, 0.9)
    partials = np.concatenate([ar, ma])
    return np.asarray(partials / np.sqrt(1 - partials**2))


def _whiten(
    scaled: list[float], ar: tuple[float, ...], ma: tuple[float, ...], constant: bool
) -> tuple[list[float], float, list[float]]:
    """Return the errors of unit variance about the best mean, that mean, and the errors' variances before scaling."""
    gains, variances = _gains(len(scaled), ar, ma)
    errors = _one_step_errors(scaled, ar, gains)
    spreads = [math.sqrt(variance) for variance in variances]
    white = [error / spread for error, spread in zip(errors, spreads, strict=True)]
    if not constant:
        return white, 0.0, variances
    ones = _one_step_errors([1.0] * len(scaled), ar, gains)
    units = [one / spread for one, spread in zip(ones, spreads, strict=True)]
    mean = sum(map(mul, units, white)) / sum(map(mul, units, units))
    return [error - mean * unit for error, unit in zip(white, units, strict=True)], mean, variances


def _one_step_errors(values: list[float], ar: tuple[float, ...], gains: list[tuple[float, float]]) -> list[float]:
    """Errors of the best linear prediction of each value from those before it."""
    a1, a2 = (*ar, 0.0, 0.0)[:2]
    errors: list[float] = []
    value_1 = value_2 = error_1 = error_2 = 0.0
    for (gain_1, gain_2), value in zip(gains, values, strict=True):
        error = value - a1 * value_1 - a2 * value_2 - gain_1 * error_1 - gain_2 * error_2
        errors.append(error)
        value_2, value_1 = value_1, value
        error_2, error_1 = error_1, error
    return errors


def _gains(size: int, ar: tuple[float, ...], ma: tuple[float, ...]) -> tuple[list[tuple[float, float]], list[float]]:
    """Weights of the last two errors in each one-step prediction, and the variances of the errors.

    Two starting years are predicted from the covariances of the process alone; a gain of the second year is written as
    what it adds to the AR weight. Once the variance has come down to the shock's the gains are the MA weights.
    """
    a1, a2 = (*ar, 0.0, 0.0)[:2]
    m1, m2 = (*ma, 0.0, 0.0)[:2]
    start, first = _covariances(a1, a2, m1, m2)
    lead = first / start
    before, last = start, start - lead * first
    gains, variances = [(0.0, 0.0), (lead - a1, 0.0)], [before, last]
    own, near = 1 + m1 * m1 + m2 * m2, m1 + m2 * (a1 + m1)
    near_gain = lead
    for year in range(2, size):
        near_gain, far_gain = (near - near_gain * m2) / last, m2 / before
        before, last = last, own - near_gain * near_gain * last - far_gain * m2
        gains.append((near_gain, far_gain))
        variances.append(last)
        near = m1 + m1 * m2
        if -_SETTLED < last - 1 < _SETTLED:
            gains.extend([(m1, m2)] * (size - year - 1))
            variances.extend([1.0] * (size - year - 1))
            break
    return gains[:size], variances[:size]


def _covariances(a1: float, a2: float, m1: float, m2: float) -> tuple[float, float]:
    """Autocovariances at lags 0 and 1 of an ARMA(2, 2) with unit shocks."""
    shock_1 = a1 + m1
    shock_2 = a1 * shock_1 + a2 + m2
    own = 1 + m1 * shock_1 + m2 * shock_2 + a2 * m2
    side = m1 + m2 * shock_1
    start = (own + a1 * (1 + a2) * side / (1 - a2)) / ((1 - a2 * a2) - a1 * a1 * (1 + a2) / (1 - a2))
    return start, (side + a1 * start) / (1 - a2)


def _clear_of_unit_circle(fit: Fit) -> bool:
    """Whether all roots of both polynomials are at least ROOT_LIMIT away from zero."""
    ar = [-weight for weight in reversed(fit.ar)]
    polynomials = ([*ar, 1.0], [*reversed(fit.ma), 1.0])
    roots = np.concatenate([np.roots(polynomial) for polynomial in polynomials])
    return bool(np.all(np.abs(roots) >= ROOT_LIMIT))
