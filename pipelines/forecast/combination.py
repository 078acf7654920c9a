"""The Median combination: several models' median with a spread measured on thousands of past forecasts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.forecast.intervals import Distribution
from pipelines.forecast.projection import Floats, Projection

LEAST_MEMBERS = 3
_FLOOR = 1e-9
"""Least scale as a share of the point: a history without any noise still gets a proper distribution."""


@dataclass(frozen=True)
class Widths:
    """Multiplier of the spread: `start` one year ahead and `step` more for every further year."""

    start: float
    step: float

    def at(self, steps: Floats) -> Floats:
        """The multiplier at each horizon."""
        return self.start + self.step * (steps - 1)


CONSTANTS = {"shipped": Widths(0.80, 0.09), "narrow": Widths(0.72, 0.07)}
"""`shipped` is what readers see, a little wide on purpose; `narrow` was the best fit and guards against regressions."""


def distribute(
    projections: Sequence[Projection], history: Floats, constants: str, *, widening: float = 1.0
) -> Distribution:
    """Combine projections of a positive history: median of the points, spread from models and from the record.

    The scale is the geometric mean of two spreads, times the widening: V, the models' own (their variances and how far
    they disagree), and point * g * G, what the record's yearly changes in percent would do to a random walk with drift.
    Both are computed as shares of the point, which no unit makes too large or too small.
    """
    points = np.array([projection.points for projection in projections])
    middle = np.median(points, axis=0)
    steps = np.arange(1.0, len(middle) + 1)
    shares = np.array([projection.sd for projection in projections]) / middle
    of_models = np.sqrt((shares**2).mean(axis=0) + (points / middle).var(axis=0))
    growth = np.sqrt(np.mean(np.diff(np.log(history)) ** 2))
    of_record = growth * np.sqrt(steps * (1 + steps / (len(history) - 1)))
    scales = middle * np.sqrt(of_models * of_record) * CONSTANTS[constants].at(steps) * widening
    return Distribution(tuple(middle.tolist()), tuple(np.maximum(scales, _FLOOR * middle).tolist()))


def distribute_linear(projection: Projection, constants: str) -> Distribution:
    """Spread one projection evenly to both sides, for a history that touches zero; this was not tested anywhere."""
    steps = np.arange(1.0, len(projection.points) + 1)
    scales = projection.sd * CONSTANTS[constants].at(steps)
    floor = _FLOOR * np.maximum(np.abs(projection.points), 1.0)
    return Distribution(tuple(projection.points.tolist()), tuple(np.maximum(scales, floor).tolist()), "linear")
