"""Minimisation of a smooth function of a handful of numbers between bounds.

A projected quasi-Newton method (Bertsekas 1982, SIAM Journal on Control and Optimization 20, 221-246; BFGS update). The
library's bounded optimiser hands five numbers to a threaded linear algebra, which on a busy machine costs
twenty times the work itself.
"""

from collections.abc import Callable

import numpy as np

from pipelines.forecast.projection import Floats

Objective = Callable[[Floats], tuple[float, Floats]]

_STEPS = 200
_HALVINGS = 20
_DIFFERENCE = 1e-6
_FLATTEST = 1e-6
_ENOUGH = 1e-4
"""Share of the promised decrease that a step must bring (Armijo)."""


def minimise(
    objective: Objective, start: Floats, bounds: tuple[Floats, Floats], *, tolerance: float = 1e-7
) -> tuple[Floats, float, bool]:
    """Return the best point, its value and whether the search converged.

    `objective` gives value and gradient. Converged means that a step no longer lowers the value by `tolerance`
    relative to it (at least by `tolerance`).
    """
    point = np.clip(start, *bounds)
    value, gradient = objective(point)
    inverse, fresh = _inverse_hessian(objective, point, gradient), True
    for _ in range(_STEPS):
        direction = _direction(point, gradient, inverse, bounds)
        least = tolerance * max(1.0, abs(value))
        found = (
            _search(objective, (point, value, gradient), direction, bounds)
            if -float(direction @ gradient) > least
            else None
        )
        if found is None and fresh:
            return point, value, True
        if found is None:
            inverse, fresh = _inverse_hessian(objective, point, gradient), True
            continue
        inverse = _update(inverse, found[0] - point, found[2] - gradient)
        gain = value - found[1]
        (point, value, gradient), fresh = found, False
        if gain <= least:
            return point, value, True
    return point, value, False


def _inverse_hessian(objective: Objective, point: Floats, gradient: Floats) -> Floats:
    """Inverse of the Hessian by forward differences of the gradient, negative curvature turned positive."""
    columns = [(objective(point + shift)[1] - gradient) / _DIFFERENCE for shift in np.eye(len(point)) * _DIFFERENCE]
    hessian = np.array(columns)
    curvatures, axes = np.linalg.eigh((hessian + hessian.T) / 2)
    sizes = np.maximum(np.abs(curvatures), _FLATTEST * np.abs(curvatures).max() + _FLATTEST)
    return np.asarray((axes / sizes) @ axes.T)


def _direction(point: Floats, gradient: Floats, inverse: Floats, bounds: tuple[Floats, Floats]) -> Floats:
    """Quasi-Newton direction in the numbers that are not held by a bound."""
    held = ((point <= bounds[0]) & (gradient > 0)) | ((point >= bounds[1]) & (gradient < 0))
    pull = np.where(held, 0.0, gradient)
    direction = np.where(held, 0.0, -(inverse * ~held) @ pull)
    return direction if direction @ pull < 0 else -pull


def _search(
    objective: Objective, at: tuple[Floats, float, Floats], direction: Floats, bounds: tuple[Floats, Floats]
) -> tuple[Floats, float, Floats] | None:
    """Halve the step until the value falls enough; None when no step helps."""
    point, value, gradient = at
    size = 1.0
    for _ in range(_HALVINGS):
        candidate = np.clip(point + size * direction, *bounds)
        move = candidate - point
        if not move.any():
            return None
        new_value, new_gradient = objective(candidate)
        if new_value <= value + _ENOUGH * float(gradient @ move) and new_value < value:
            return candidate, new_value, new_gradient
        slope = float(gradient @ move)
        size *= min(0.5, max(0.05, slope / (2 * (slope + value - new_value)))) if new_value > value + slope else 0.5
    return None


def _update(inverse: Floats, move: Floats, turn: Floats) -> Floats:
    """BFGS update of the inverse Hessian, skipped where the curvature is not positive."""
    curvature = float(move @ turn)
    if curvature <= 1e-12 * float(turn @ turn):
        return inverse
    left = np.eye(len(move)) - np.outer(move, turn) / curvature
    return left @ inverse @ left.T + np.outer(move, move) / curvature
