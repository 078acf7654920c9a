"""Exponential smoothing with bounded parameters, fitted to the likelihood statsmodels uses.

The six forms differ in error (additive, multiplicative) and trend (none, additive, damped). Bounds keep short series
from a random walk with a wandering slope: level .2 to .9999, slope .0001 to .1, damping .8 to .95.
Source of the formulas: Hyndman, Koehler, Ord & Snyder (2008), Forecasting with Exponential Smoothing, chapters 3, 5, 6.
"""

import contextlib
import math
from dataclasses import dataclass
from itertools import product

import numpy as np

from pipelines.forecast.minimise import minimise
from pipelines.forecast.projection import FitRejectionError, Floats, Projection

LEVEL_BOUNDS = (0.2, 0.9999)
SLOPE_BOUNDS = (1e-4, 0.1)
DAMPING_BOUNDS = (0.8, 0.95)
_TINY = 1e-32
_RIDGE = 1e-11


@dataclass(frozen=True)
class Form:
    """Error and trend of one exponential smoothing model."""

    multiplicative: bool
    trend: bool
    damped: bool

    @property
    def free_parameters(self) -> int:
        """Smoothing parameters and starting states."""
        return 2 + 2 * self.trend + self.damped


FORMS = {
    "ANN": Form(False, False, False),
    "AAN": Form(False, True, False),
    "AAdN": Form(False, True, True),
    "MNN": Form(True, False, False),
    "MAN": Form(True, True, False),
    "MAdN": Form(True, True, True),
}

_GRID = {
    False: [(level, 0.0, 1.0) for level in (0.2, 0.35, 0.5, 0.65, 0.8, 0.95)],
    True: list(product((0.2, 0.35, 0.5, 0.65, 0.8, 0.95), (0.001, 0.03, 0.1), (1.0,))),
}
_DAMPED_GRID = list(product((0.2, 0.35, 0.5, 0.65, 0.8, 0.95), (0.001, 0.03, 0.1), (0.8, 0.88, 0.95)))


@dataclass(frozen=True)
class Fit:
    """Parameters, last states and likelihood of one form on one series."""

    form: Form
    level_weight: float
    slope_weight: float
    damping: float
    level: float
    slope: float
    variance: float
    loglike: float
    aicc: float


def fit_form(history: Floats, form: Form) -> Fit:
    """Fit one form by maximum likelihood within the bounds.

    Raises:
        FitRejectionError: the optimiser did not converge, or the series is too short for the form.
    """
    scale = float(np.mean(np.abs(history)))
    observed = (history / scale).tolist()
    limits = _limits(form)
    tries = [
        minimise(lambda point: _objective(point, observed, form), start, limits)
        for start in _starts(np.asarray(observed), form)
    ]
    point, value, converged = min(tries, key=lambda tried: (not tried[2], tried[1]))
    if not (converged and math.isfinite(value)):
        raise FitRejectionError("the optimiser did not converge")
    return _summarise(point, observed, form, scale)


def fit_forms(history: Floats) -> dict[str, Fit]:
    """Fit all six forms and return those that converged, by name.

    Raises:
        FitRejectionError: none did.
    """
    fits = {}
    for name, form in FORMS.items():
        with contextlib.suppress(FitRejectionError):
            fits[name] = fit_form(history, form)
    if not fits:
        raise FitRejectionError("none of the six forms converged")
    return fits


def project(fit: Fit, horizon: int) -> Projection:
    """Extend a fit; variances are exact for additive errors and class 2 of the source for multiplicative ones."""
    steps = np.arange(1, horizon + 1)
    damped_steps = np.cumsum(fit.damping**steps) if fit.form.trend else np.zeros(horizon)
    points = fit.level + damped_steps * fit.slope
    response = fit.level_weight + fit.slope_weight * damped_steps
    if not fit.form.multiplicative:
        return Projection(points, np.sqrt(fit.variance * (1 + np.r_[0.0, np.cumsum(response[:-1] ** 2)])))
    second = np.empty(horizon)
    for step in range(horizon):
        second[step] = points[step] ** 2 + fit.variance * float(np.dot(response[:step] ** 2, second[:step][::-1]))
    return Projection(points, np.sqrt((1 + fit.variance) * second - points**2))


def _limits(form: Form) -> tuple[Floats, Floats]:
    """Lowest and highest values of the smoothing parameters and starting states."""
    smoothing = [LEVEL_BOUNDS, SLOPE_BOUNDS, DAMPING_BOUNDS][: 1 + form.trend + form.damped]
    states = [(-np.inf, np.inf)] * (1 + form.trend)
    low, high = np.array([*smoothing, *states]).T
    return low, high


def _starts(observed: Floats, form: Form) -> list[Floats]:
    """Best points of a coarse grid of smoothing parameters, with the starting states found by least squares.

    One-step errors are linear in the starting states, so each grid point costs one small regression. Forms with
    multiplicative errors have several local optima and start from the best relative errors as well.
    """
    grid = np.array(_DAMPED_GRID if form.damped else _GRID[form.trend])
    errors = _grid_errors(observed, grid)[: 2 + form.trend]
    starts = [_least_squares_start(errors, grid, form)]
    if form.multiplicative:
        starts.append(_least_squares_start(errors / observed, grid, form))
    return starts


def _least_squares_start(errors: Floats, grid: Floats, form: Form) -> Floats:
    """Best grid point; a trace of ridge carries series whose first values dwarf the rest."""
    target, design = errors[0], np.moveaxis(errors[1:], 0, -1)
    gram = np.einsum("gnk,gnl->gkl", design, design)
    gram = gram + _RIDGE * np.trace(gram, axis1=1, axis2=2)[:, None, None] * np.eye(gram.shape[1])
    states = np.linalg.solve(gram, np.einsum("gnk,gn->gk", design, target)[..., None])[..., 0]
    residuals = target - np.einsum("gnk,gk->gn", design, states)
    best = int(np.argmin(np.sum(residuals**2, axis=1)))
    return np.concatenate([grid[best][: 1 + form.trend + form.damped], states[best]])


def _grid_errors(observed: Floats, grid: Floats) -> Floats:
    """One-step errors of the series alone, and what a unit of starting level or slope takes off them."""
    level_weight, slope_weight, damping = grid.T
    level, slope = np.zeros((3, len(grid))), np.zeros((3, len(grid)))
    level[1] = slope[2] = -1.0
    errors = np.empty((3, len(grid), len(observed)))
    for year, value in enumerate(observed):
        ahead = level + damping * slope
        error = -ahead
        error[0] += value
        errors[:, :, year] = error
        level = ahead + level_weight * error
        slope = damping * slope + slope_weight * error
    return errors


def _unpack(parameters: Floats, form: Form) -> tuple[float, float, float, float, float]:
    """Return level weight, slope weight, damping, starting level, starting slope."""
    values = parameters.tolist()
    if not form.trend:
        return values[0], 0.0, 1.0, values[1], 0.0
    if not form.damped:
        return values[0], values[1], 1.0, values[2], values[3]
    return values[0], values[1], values[2], values[3], values[4]


def _objective(parameters: Floats, observed: list[float], form: Form) -> tuple[float, Floats]:
    """Concentrated negative log-likelihood (constants dropped) and its exact gradient.

    The gradient runs the recursion backwards once (the adjoint of the filter) and so costs as much as one more pass.
    """
    level_weight, slope_weight, damping = _unpack(parameters, form)[:3]
    predictions, slopes = _filter(parameters, observed, form)[:2]
    value, direct = _likelihood_terms(predictions, observed, form)
    toward_level = toward_slope = 0.0
    by_level_weight = by_slope_weight = by_damping = 0.0
    for prediction, before, actual, pull in zip(
        reversed(predictions), reversed(slopes), reversed(observed), reversed(direct), strict=True
    ):
        error = actual - prediction
        toward_prediction = pull + toward_level - level_weight * toward_level - slope_weight * toward_slope
        by_level_weight += toward_level * error
        by_slope_weight += toward_slope * error
        by_damping += (toward_slope + toward_prediction) * before
        toward_level, toward_slope = toward_prediction, damping * (toward_prediction + toward_slope)
    if not form.trend:
        return value, np.array([by_level_weight, toward_level])
    smoothing = [by_level_weight, by_slope_weight, *([by_damping] if form.damped else [])]
    return value, np.array([*smoothing, toward_level, toward_slope])


def _filter(parameters: Floats, observed: list[float], form: Form) -> tuple[list[float], list[float], float, float]:
    """Return one-step predictions, the slope before each year, and the last level and slope."""
    level_weight, slope_weight, damping, level, slope = _unpack(parameters, form)
    predictions, slopes = [], []
    for actual in observed:
        prediction = level + damping * slope
        error = actual - prediction
        predictions.append(prediction)
        slopes.append(slope)
        level = prediction + level_weight * error
        slope = damping * slope + slope_weight * error
    return predictions, slopes, level, slope


def _likelihood_terms(predictions: list[float], observed: list[float], form: Form) -> tuple[float, list[float]]:
    """Return the objective and its derivative with respect to each prediction, the filter held still."""
    size = len(observed)
    if not form.multiplicative:
        errors = [actual - prediction for actual, prediction in zip(observed, predictions, strict=True)]
        total = max(sum(error * error for error in errors), _TINY)
        return size / 2 * math.log(total / size), [-size * error / total for error in errors]
    safe = [prediction if abs(prediction) > _TINY else _TINY for prediction in predictions]
    ratios = [actual / prediction for actual, prediction in zip(observed, safe, strict=True)]
    total = max(sum((ratio - 1) ** 2 for ratio in ratios), _TINY)
    value = size / 2 * math.log(total / size) + sum(math.log(abs(prediction)) for prediction in safe)
    pulls = [
        (1 - size * (ratio - 1) * ratio / total) / prediction for ratio, prediction in zip(ratios, safe, strict=True)
    ]
    return value, pulls


def _summarise(parameters: Floats, observed: list[float], form: Form, scale: float) -> Fit:
    """Turn optimiser output on the scaled series into a fit on the original scale."""
    level_weight, slope_weight, damping, _, _ = _unpack(parameters, form)
    predictions, _, level, slope = _filter(parameters, observed, form)
    size, count = len(observed), form.free_parameters + 1
    value = _likelihood_terms(predictions, observed, form)[0] + size * math.log(scale)
    loglike = -value - size / 2 * (math.log(2 * math.pi) + 1)
    spare = size - count - 1
    if spare <= 0:
        raise FitRejectionError(f"{size} observations cannot carry {count} parameters")
    errors = np.array(observed) - np.array(predictions)
    relative = errors / np.array(predictions) if form.multiplicative else errors * scale
    return Fit(
        form=form,
        level_weight=level_weight,
        slope_weight=slope_weight,
        damping=damping,
        level=level * scale,
        slope=slope * scale,
        variance=float(np.mean(relative**2)),
        loglike=loglike,
        aicc=-2 * loglike + 2 * count + 2 * count * (count + 1) / spare,
    )
