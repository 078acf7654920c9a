"""The forecasting models on offer, their minimum lengths and the reasons a fit is turned down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pipelines.forecast import arima, ets, theta, ucm
from pipelines.forecast.projection import FitRejectionError, Floats, Projection

ABSURD_YEARS = 5
ABSURD_ABOVE = 3.0
ABSURD_BELOW = 1 / 3


@dataclass(frozen=True, eq=False)
class Sample:
    """A history; fits that several models need are made once."""

    values: Floats

    @cached_property
    def smoothings(self) -> dict[str, ets.Fit]:
        """All six exponential smoothing forms that converged."""
        return ets.fit_forms(self.values)


@dataclass(frozen=True)
class Rejection:
    """A model left out, with the reason."""

    model: str
    reason: str


@dataclass(frozen=True)
class Model:
    """One model: its name for the reader, the least length at which it is shown on its own, how it is fitted.

    `widening` multiplies the band of the model on its own where the common width was found too narrow.
    """

    title: str
    minimum: int
    project: Callable[[Sample, int], Projection]
    remark: str = ""
    widening: float = 1.0


def _naive(sample: Sample, horizon: int) -> Projection:
    """Last value; random-walk spread."""
    steps = np.arange(1, horizon + 1)
    spread = np.sqrt(np.mean(np.diff(sample.values) ** 2) * steps)
    return Projection(np.full(horizon, sample.values[-1]), spread)


def _drift(sample: Sample, horizon: int) -> Projection:
    """Last value plus the mean yearly change; spread of a random walk whose drift is estimated."""
    changes = np.diff(sample.values)
    steps = np.arange(1, horizon + 1)
    spread = changes.std(ddof=1) * np.sqrt(steps * (1 + steps / len(changes)))
    return Projection(sample.values[-1] + steps * changes.mean(), spread)


def _bounded_ets(sample: Sample, horizon: int) -> Projection:
    return ets.project(min(sample.smoothings.values(), key=lambda fit: fit.aicc), horizon)


def _damped(sample: Sample, horizon: int) -> Projection:
    if "AAdN" not in sample.smoothings:
        raise FitRejectionError("the optimiser did not converge")
    return ets.project(sample.smoothings["AAdN"], horizon)


def _theta(sample: Sample, horizon: int) -> Projection:
    return theta.project(sample.values, horizon)


def _arima(sample: Sample, horizon: int) -> Projection:
    return arima.project(arima.best_fit(sample.values), sample.values, horizon)


def _ucm(sample: Sample, horizon: int) -> Projection:
    return ucm.project(sample.values, horizon)


MODELS = {
    "naive": Model("Naive (last value)", 8, _naive, widening=1.25),
    "drift": Model("Drift", 20, _drift),
    "ets_c": Model("Bounded exponential smoothing", 15, _bounded_ets),
    "damped_c": Model("Damped trend", 25, _damped),
    "theta_bct": Model("Theta (Box–Cox)", 15, _theta),
    "arima": Model("ARIMA", 30, _arima, "On annual competition data ARIMA alone did worse than the last value."),
    "ucm": Model("Level with fixed drift (UCM)", 20, _ucm),
}
"""Least lengths follow where each model begins to beat the last value on long series cut short."""

MEDIAN_MEMBERS = ("ets_c", "damped_c", "theta_bct", "drift", "arima")


def project_models(
    values: Floats, horizon: int, names: Sequence[str]
) -> tuple[dict[str, Projection], tuple[Rejection, ...]]:
    """Fit the named models; return what they project and, by name, what was turned down and why.

    The models read the values in a unit near their own size, a power of two so that nothing is rounded: a forecast does
    not depend on the unit of the series.
    """
    unit = power_of_two(values)
    sample = Sample(values / unit)
    projections: dict[str, Projection] = {}
    rejected = []
    for name in names:
        try:
            # a fit that overflows is turned down below, by name
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                found = MODELS[name].project(sample, horizon)
                projection = Projection(found.points * unit, found.sd * unit)
            refuse_absurd(projection, values)
            projections[name] = projection
        except FitRejectionError as reason:
            rejected.append(Rejection(name, str(reason)))
    return projections, tuple(rejected)


def power_of_two(values: Floats) -> float:
    """Return the power of two next to the greatest absolute value, 1 for zeros.

    >>> power_of_two(np.array([3.0, -1000.0])), power_of_two(np.array([0.0]))
    (1024.0, 1.0)
    """
    return float(2.0 ** np.frexp(np.abs(values).max())[1])


def refuse_absurd(projection: Projection, values: Floats) -> None:
    """Turn down a path that leaves the range of experience within five years.

    The range runs from a third of the lowest to three times the highest value; later years need only stay above zero.
    It has no meaning for a history that touches zero, where only finiteness is asked.
    """
    if not (np.all(np.isfinite(projection.points)) and np.all(np.isfinite(projection.sd))):
        raise FitRejectionError("the fit gives no finite path")
    if values.min() <= 0:
        return
    if projection.points.min() <= 0:
        raise FitRejectionError("falls to zero or below, which the history never did")
    near = projection.points[:ABSURD_YEARS]
    for year, point in enumerate(near, 1):
        if point > ABSURD_ABOVE * values.max():
            raise FitRejectionError(f"reaches {point:.4g} in year {year}, over three times the highest value seen")
        if point < ABSURD_BELOW * values.min():
            raise FitRejectionError(f"falls to {point:.4g} in year {year}, under a third of the lowest value seen")
