"""Growth: rates and indices of comparable positive values."""

import math
from collections.abc import Sequence

from pipelines.errors import DataError


def cagr(first: float, last: float, years: float) -> float:
    """Return the compound annual growth rate in percent: ((last / first) ** (1 / years) - 1) * 100.

    Refuses values that are not positive and a span that is not.

    >>> round(cagr(100, 105, 1), 6)
    5.0
    """
    if not (first > 0 and last > 0):
        raise DataError(f"growth from {first:g} to {last:g} has no rate: both values must be above zero.")
    if not years > 0:
        raise DataError(f"growth over {years:g} years has no rate: the span must be above zero.")
    return float(((last / first) ** (1 / years) - 1) * 100)


def required_path(first: float, first_year: int, target: float, deadline: int) -> list[tuple[int, float]]:
    """Return (year, value) from the first year to the deadline at the constant rate that reaches the target."""
    rate = cagr(first, target, deadline - first_year) / 100
    return [(year, first * (1 + rate) ** (year - first_year)) for year in range(first_year, deadline + 1)]


def index_to(values: Sequence[float], base: float) -> list[float]:
    """Return the values with base = 100; refuses a base that is not a positive number."""
    if not (math.isfinite(base) and base > 0):
        raise DataError(f"an index needs a base above zero, found {base:g}.")
    return [100 * value / base for value in values]
