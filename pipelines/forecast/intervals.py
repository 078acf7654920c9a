"""The one distribution from which fan, table and probability are read.

Student's t with five degrees of freedom; upwards the scale acts in steps, downwards in percent, so a positive quantity
never falls below zero. Every band and every probability is a quantile or its inverse of this object, so they cannot
disagree.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtr, stdtr, stdtrit

from pipelines.forecast.projection import Floats

DEGREES = 5
Shape = Literal["exponential", "linear"]


@dataclass(frozen=True)
class Distribution:
    """Medians and scales at horizons 1..H; `lower` is the shape under the median."""

    points: tuple[float, ...]
    scales: tuple[float, ...]
    lower: Shape = "exponential"

    @property
    def horizon(self) -> int:
        """Number of years ahead."""
        return len(self.points)

    def quantile(self, probability: float) -> Floats:
        """Values not exceeded with the given probability, one for each horizon.

        >>> Distribution((100.0,), (10.0,)).quantile(0.5).tolist()
        [100.0]
        """
        return self.at(np.full(self.horizon, stdtrit(DEGREES, probability)))

    def interval(self, level: float) -> tuple[Floats, Floats]:
        """Lower and upper limits of the central interval; the level is in percent."""
        return self.quantile(0.5 - level / 200), self.quantile(0.5 + level / 200)

    def reaching(self, value: float, horizon: int) -> float:
        """Probability of at least `value` at the horizon (1 is the first year ahead)."""
        point, scale = self.points[horizon - 1], self.scales[horizon - 1]
        if self.lower == "linear" or value >= point:
            return float(stdtr(DEGREES, (point - value) / scale))
        return float(stdtr(DEGREES, -math.log(value / point) * point / scale)) if value > 0 else 1.0

    def paths(self, count: int, seed: int) -> Floats:
        """Simulated paths (count, horizon): each year as in the fan, years joined like a random walk."""
        shocks = np.random.default_rng(seed).standard_normal((count, self.horizon))
        walk = np.cumsum(shocks, axis=1) / np.sqrt(np.arange(1, self.horizon + 1))
        shares = np.clip(ndtr(walk), 1e-12, 1 - 1e-12)
        return self.at(stdtrit(DEGREES, shares))

    def shifted(self, points: Floats, extra_scale: Floats) -> "Distribution":
        """The same distribution around other points, independent uncertainty added in quadrature."""
        scales = np.hypot(np.array(self.scales), extra_scale)
        return Distribution(tuple(points.tolist()), tuple(scales.tolist()), self.lower)

    def at(self, scores: Floats) -> Floats:
        """Values at scores of Student's t; the last axis runs over horizons."""
        points, scales = np.array(self.points), np.array(self.scales)
        linear: Floats = points + scores * scales
        if self.lower == "linear":
            return linear
        shrunk: Floats = points * np.exp(np.minimum(scores, 0) * scales / points)
        return np.where(scores >= 0, linear, shrunk)
