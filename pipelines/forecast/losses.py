"""How forecasts are scored.

sMAPE, MASE, OWA and MSIS are defined as in the M4 competition: Makridakis, Spiliotis & Assimakopoulos (2020),
International Journal of Forecasting 36, 54-74.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipelines.errors import DataError
from pipelines.forecast.projection import Floats

Numbers = Sequence[float] | npt.NDArray[np.floating]


def smape(actual: Numbers, point: Numbers) -> float:
    """Symmetric mean absolute percentage error: mean of 200 |y - f| / (|y| + |f|), from 0 to 200.

    A pair of zeros counts as no error.

    >>> smape([100.0], [50.0])
    66.66666666666667
    """
    observed, forecast = _aligned(actual, point)
    size = np.abs(observed) + np.abs(forecast)
    return float(np.mean(200 * np.abs(observed - forecast) / np.where(size > 0, size, 1.0)))


def naive_scale(history: Numbers, period: int = 1) -> float:
    """Mean absolute change over one period within the history, the yardstick of MASE and MSIS.

    >>> naive_scale([1.0, 3.0, 2.0])
    1.5
    """
    values = np.asarray(history, dtype=np.float64)
    if len(values) <= period:
        raise DataError(f"{len(values)} values give no change over {period}; pass a longer history.")
    scale = float(np.mean(np.abs(values[period:] - values[:-period])))
    if scale == 0:
        raise DataError("The history never changes, so errors have no yardstick; leave the series out.")
    return scale


def mase(actual: Numbers, point: Numbers, scale: float) -> float:
    """Mean absolute scaled error: mean |y - f| / scale (Hyndman & Koehler 2006)."""
    observed, forecast = _aligned(actual, point)
    return float(np.mean(np.abs(observed - forecast))) / scale


def owa(smape_value: float, mase_value: float, smape_naive: float, mase_naive: float) -> float:
    """Overall weighted average: mean of sMAPE and MASE, each over that of the naive forecast; under 1 beats it.

    >>> owa(8.0, 1.5, 10.0, 2.0)
    0.775
    """
    return (smape_value / smape_naive + mase_value / mase_naive) / 2


def coverage(actual: Numbers, lower: Numbers, upper: Numbers) -> float:
    """Share of values inside the interval, limits included."""
    observed, below, above = _aligned(actual, lower, upper)
    return float(np.mean((observed >= below) & (observed <= above)))


def msis(actual: Numbers, interval: tuple[Numbers, Numbers], level: float, scale: float) -> float:
    """Mean scaled interval score: width plus 2/a times each miss, over the scale, with a = 1 - level/100.

    Source of the score: Gneiting & Raftery (2007), Journal of the American Statistical Association 102, 359-378.
    """
    observed, lower, upper = _aligned(actual, *interval)
    share = 1 - level / 100
    misses = np.maximum(lower - observed, 0) + np.maximum(observed - upper, 0)
    return float(np.mean(upper - lower + 2 / share * misses)) / scale


def brier(probabilities: Numbers, outcomes: Sequence[bool]) -> float:
    """Mean squared distance of probabilities from what happened, 0 (best) to 1 (Brier 1950).

    >>> brier([0.8], [True])
    0.03999999999999998
    """
    stated, happened = _aligned(probabilities, np.asarray(outcomes, dtype=np.float64))
    return float(np.mean((stated - happened) ** 2))


def _aligned(*columns: Numbers) -> list[Floats]:
    """Arrays of equal length without missing values, or a DataError."""
    arrays: list[Floats] = [np.asarray(column, dtype=np.float64) for column in columns]
    if len({array.shape for array in arrays}) > 1 or arrays[0].size == 0:
        lengths = ", ".join(str(array.size) for array in arrays)
        raise DataError(f"Scores need columns of one length with at least one row; got {lengths}.")
    if not all(np.all(np.isfinite(array)) for array in arrays):
        raise DataError("Scores need a number in every row; drop the years without an actual first.")
    return arrays
