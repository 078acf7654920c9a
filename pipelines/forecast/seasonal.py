"""The seasonal models of monthly series, all fitted to logarithms because a season acts in percent."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from pipelines.forecast import arima, theta
from pipelines.forecast.minimise import Objective, minimise
from pipelines.forecast.models import Rejection
from pipelines.forecast.projection import FitRejectionError, Floats, Projection

PERIOD = 12
NAIVE = "snaive"
_NOISELESS = 1e-9
AIRLINE_BOUNDS = (np.array([-0.98, -0.98]), np.array([0.98, 0.98]))
ETS_BOUNDS = (np.array([1e-4, 1e-4, 1e-4, 0.8]), np.array([0.9999, 0.9999, 0.9999, 0.98]))


def seasonal_naive(logs: Floats, horizon: int) -> Projection:
    """The last year repeated; spread of the yearly changes, growing with every further year."""
    steps = np.arange(horizon)
    spread = np.sqrt(np.mean((logs[PERIOD:] - logs[:-PERIOD]) ** 2) * (steps // PERIOD + 1))
    return Projection(logs[-PERIOD:][steps % PERIOD], spread)


def seasonal_ets(logs: Floats, horizon: int) -> Projection:
    """Damped trend and additive season; starting states by rule, so only four numbers are fitted."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # noqa: PLC0415 - statsmodels takes seconds to import

    model = ETSModel(
        pd.Series(logs),
        trend="add",
        damped_trend=True,
        seasonal="add",
        seasonal_periods=PERIOD,
        initialization_method="heuristic",
    )

    def value(numbers: Floats) -> float:
        return -float(model.loglike(_smoothing(numbers)))

    found, _, converged = minimise(_with_slope(value), np.array([0.3, 0.1, 0.2, 0.95]), ETS_BOUNDS)
    if not converged:
        raise FitRejectionError("the optimiser did not converge")
    ahead = model.smooth(_smoothing(found)).get_prediction(start=len(logs), end=len(logs) + horizon - 1)
    return Projection(np.asarray(ahead.predicted_mean), np.sqrt(np.asarray(ahead.forecast_variance)))


def _smoothing(numbers: Floats) -> Floats:
    """Weights of level, slope and season, and the damping.

    The slope's weight is fitted as a share of the level's, the season's as a share of what the level leaves.
    """
    level, slope, season, damping = numbers
    return np.array([level, level * slope, (1 - level) * season, damping])


def _with_slope(value: Callable[[Floats], float]) -> Objective:
    """Add a forward-difference gradient to a function."""

    def both(point: Floats) -> tuple[float, Floats]:
        here = value(point)
        steps = np.eye(len(point)) * 1e-6
        return here, np.array([(value(point + step) - here) / 1e-6 for step in steps])

    return both


def seasonal_arima(logs: Floats, horizon: int) -> Projection:
    """The airline model (0,1,1)(0,1,1) by exact maximum likelihood; Box & Jenkins (1970), chapter 9."""
    from statsmodels.tsa.innovations.arma_innovations import (  # noqa: PLC0415 - statsmodels takes seconds to import
        arma_innovations,
    )

    changes = np.diff(logs[PERIOD:] - logs[:-PERIOD])
    size = float(np.sqrt(np.mean(changes**2)))
    if size < _NOISELESS:
        raise FitRejectionError("there is nothing beside trend and season to fit")
    scaled = changes / size

    def value(numbers: Floats) -> float:
        errors, variances = arma_innovations(scaled.copy(), ma_params=_airline(numbers))
        return float(len(scaled) * np.log(np.mean(errors**2 / variances)) + np.sum(np.log(variances))) / 2

    found, _, converged = minimise(_with_slope(value), np.array([-0.4, -0.6]), AIRLINE_BOUNDS)
    if not converged:
        raise FitRejectionError("the optimiser did not converge")
    weights = _airline(found)
    errors, variances = arma_innovations(changes.copy(), ma_params=weights)
    spread = np.sqrt(np.mean(errors**2 / variances) * np.cumsum(_airline_response(weights, horizon) ** 2))
    return Projection(_extend_airline(logs, errors, weights, horizon), spread)


def _airline(numbers: Floats) -> Floats:
    """Moving-average weights at lags 1..13 of the product of a monthly and a yearly factor."""
    weights = np.zeros(PERIOD + 1)
    weights[0], weights[PERIOD - 1], weights[PERIOD] = numbers[0], numbers[1], numbers[0] * numbers[1]
    return weights


def _airline_response(weights: Floats, horizon: int) -> Floats:
    """Effect of one shock on the logarithms, month by month."""
    response: Floats = np.r_[1.0, weights, np.zeros(max(0, horizon - len(weights)))][:horizon]
    for lag in (1, PERIOD):
        for step in range(lag, horizon):
            response[step] += response[step - lag]
    return response


def _extend_airline(logs: Floats, errors: Floats, weights: Floats, horizon: int) -> Floats:
    """Carry the differenced series on from its last errors and undo both differences."""
    size, path = len(errors), [*logs.tolist()]
    for step in range(horizon):
        change = sum(weight * errors[size + step - lag] for lag, weight in enumerate(weights, 1) if lag > step)
        path.append(change + path[-1] + path[-PERIOD] - path[-PERIOD - 1])
    return np.array(path[len(logs) :])


def seasonal_theta(logs: Floats, horizon: int) -> Projection:
    """STL takes the season out, the Theta method goes on, the last season is put back.

    STL: Cleveland, Cleveland, McRae & Terpenning (1990), Journal of Official Statistics 6, 3-73.
    """
    season = split_season(logs)
    steps = np.arange(horizon)
    adjusted = logs - season
    weight, level = theta.smooth_level(adjusted)
    time = np.arange(len(logs)) - (len(logs) - 1) / 2
    slope = float(time @ adjusted) / float(time @ time)
    points = level + slope / 2 * (steps + 1 / weight) + season[-PERIOD:][steps % PERIOD]
    variance = arima.fit_order(adjusted, (0, 1, 1), constant=True).variance
    return Projection(points, np.sqrt(variance * (1 + steps * weight**2)))


def split_season(logs: Floats) -> Floats:
    """The seasonal part by robust STL."""
    from statsmodels.tsa.seasonal import STL  # noqa: PLC0415 - statsmodels takes seconds to import

    return np.asarray(STL(logs, period=PERIOD, robust=True).fit().seasonal)


MEMBERS: dict[str, tuple[str, Callable[[Floats, int], Projection]]] = {
    NAIVE: ("Seasonal naive (last year repeated)", seasonal_naive),
    "ets": ("Exponential smoothing with season", seasonal_ets),
    "sarima": ("Seasonal ARIMA (airline model)", seasonal_arima),
    "stl_theta": ("STL + Theta", seasonal_theta),
}


def project_seasonal(logs: Floats, horizon: int) -> tuple[dict[str, Projection], tuple[Rejection, ...]]:
    """Fit every member to the logarithms; return what they project and what was turned down.

    Seasonal naive always projects, so the set is never empty.
    """
    projections: dict[str, Projection] = {}
    rejected = []
    for name, (_, project) in MEMBERS.items():
        try:
            projection = project(logs, horizon)
            refuse_leap(projection, logs)
            projections[name] = projection
        except FitRejectionError as reason:
            rejected.append(Rejection(name, str(reason)))
    return projections, tuple(rejected)


def refuse_leap(projection: Projection, logs: Floats) -> None:
    """Turn down a path outside a third of the lowest to three times the highest month, or without a finite spread."""
    if not (np.all(np.isfinite(projection.points)) and np.all(np.isfinite(projection.sd))):
        raise FitRejectionError("the fit gives no finite path")
    if projection.points.max() > logs.max() + np.log(3) or projection.points.min() < logs.min() - np.log(3):
        raise FitRejectionError("leaves the range from a third of the lowest to three times the highest month")
