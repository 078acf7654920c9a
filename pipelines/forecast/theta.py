"""The Theta method on a Box-Cox scale.

Theta with weight two on the trend line is simple exponential smoothing plus half the slope of a fitted straight line
(Hyndman & Billah 2003). The power of the Box-Cox transform is chosen by profile likelihood about a straight line, so
that series that grow in percent and series that grow in steps are each treated on their own scale.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.forecast import arima
from pipelines.forecast.projection import NORMAL_95, Floats, Projection

POWERS = np.linspace(0.0, 1.0, 21)
LEVEL_BOUNDS = (1e-4, 0.9999)
_GRID_POINTS = 41
_ZOOMS = 5


@dataclass(frozen=True)
class BoxCox:
    """A power transform of a series divided by its geometric mean; power 0 is the logarithm."""

    power: float
    geometric_mean: float

    def apply(self, values: Floats) -> Floats:
        """Move values to the transformed scale."""
        ratios = values / self.geometric_mean
        return np.log(ratios) if self.power == 0 else (ratios**self.power - 1) / self.power

    def undo(self, transformed: Floats) -> Floats:
        """Move back; medians stay medians, no bias correction. Below the transform's range the result is near zero."""
        if self.power == 0:
            return np.exp(transformed) * self.geometric_mean
        base = np.maximum(self.power * transformed + 1, 1e-9)
        return np.asarray(base ** (1 / self.power) * self.geometric_mean)


def choose_box_cox(history: Floats) -> BoxCox:
    """Return the power with the highest profile likelihood about a linear trend.

    Dividing by the geometric mean makes the Jacobian one, so the least sum of squares is the highest likelihood.
    """
    geometric_mean = float(np.exp(np.mean(np.log(history))))
    candidates = [BoxCox(float(power), geometric_mean) for power in POWERS]
    transformed = np.array([candidate.apply(history) for candidate in candidates])
    time = np.arange(len(history)) - (len(history) - 1) / 2
    centred = transformed - transformed.mean(axis=1, keepdims=True)
    slopes = centred @ time / (time @ time)
    squares = np.sum((centred - slopes[:, None] * time) ** 2, axis=1)
    return candidates[int(np.argmin(squares))]


def smooth_level(values: Floats) -> tuple[float, float]:
    """Return the best weight of simple exponential smoothing started at the first value, with its last level.

    >>> weight, level = smooth_level(np.array([1.0, 2.0, 3.0, 4.0]))
    >>> round(weight, 3), round(level, 3)
    (1.0, 4.0)
    """
    low, high = LEVEL_BOUNDS
    weight = level = 0.0
    for _ in range(_ZOOMS):
        weights = np.linspace(low, high, _GRID_POINTS)
        levels, squares = np.full(_GRID_POINTS, values[0]), np.zeros(_GRID_POINTS)
        for value in values:
            errors = value - levels
            squares += errors * errors
            levels = levels + weights * errors
        best, step = int(np.argmin(squares)), (high - low) / (_GRID_POINTS - 1)
        weight, level = float(weights[best]), float(levels[best])
        low, high = max(LEVEL_BOUNDS[0], weight - step), min(LEVEL_BOUNDS[1], weight + step)
    return weight, level


def project(history: Floats, horizon: int) -> Projection:
    """Forecast with the Theta method on the Box-Cox scale and come back.

    The spread is that of statsmodels' ThetaModel: the variance of an ARIMA(0,1,1) with drift times
    1 + (h - 1)(1 + (weight - 1)^2), turned into an interval and moved back to the original scale.
    """
    scale = choose_box_cox(history)
    transformed = scale.apply(history)
    weight, level = smooth_level(transformed)
    time = np.arange(len(history)) - (len(history) - 1) / 2
    slope = float(time @ transformed) / float(time @ time)
    steps = np.arange(horizon)
    points = level + slope / 2 * (steps + (1 - (1 - weight) ** len(history)) / weight)
    variance = arima.fit_order(transformed, (0, 1, 1), constant=True).variance
    spread = NORMAL_95 * np.sqrt(variance * (1 + steps * (1 + (weight - 1) ** 2)))
    width = scale.undo(points + spread) - scale.undo(points - spread)
    return Projection(scale.undo(points), width / (2 * NORMAL_95))
