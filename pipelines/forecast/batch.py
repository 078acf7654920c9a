"""Forecasts of many series at once, on as many processes as asked for."""

import multiprocessing
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.forecast.annual import MEDIAN, Forecast, Parameters, distribute_single, forecast, refuse_choices
from pipelines.forecast.combination import distribute_linear
from pipelines.forecast.intervals import Distribution
from pipelines.forecast.models import project_models
from pipelines.forecast.own_series import BatchRefusal, split_series
from pipelines.forecast.refusals import ForecastRefusal, refusal
from pipelines.forecast.series import AnnualSeries

OUTPUT_COLUMNS = ["series_id", "h", "mean", "lo80", "hi80", "lo95", "hi95", "model"]
"""The exchange format of forecasting competitions, which names levels in columns."""

FALLBACK = "naive"
CHUNK = 8
"""Series a process takes at a time."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Forecasts (OUTPUT_COLUMNS), in the order in which series first appear, and what was refused."""

    frame: pd.DataFrame
    refused: tuple[BatchRefusal, ...]


@dataclass(frozen=True)
class _Task:
    series: AnnualSeries
    parameters: Parameters
    fallback: bool


def forecast_many(
    observations: pd.DataFrame,
    *,
    horizon: int,
    model: str = MEDIAN,
    constants: str = "shipped",
    jobs: int = 1,
    fallback: bool = False,
) -> Batch:
    """Forecast every series of a frame with columns `series_id`, `t` (whole numbers or dates, one a year) and `value`.

    Rows whose column `split`, when there is one, says test are not read. With `fallback` a refused series gets the
    last value with the widest band on offer, marked `naive (fallback)`, and is listed as refused all the same.

    Raises:
        DataError: a column is missing, no such model, or a horizon of none.
    """
    parameters = Parameters(horizon=horizon, model=model, levels=(80.0, 95.0), constants=constants)
    refuse_choices(parameters)
    if horizon < 1:
        raise refusal("horizon_short", horizon=horizon)
    tasks = [
        series if isinstance(series, BatchRefusal) else _Task(series, parameters, fallback)
        for series in split_series(observations)
    ]
    outcomes = list(_outcomes(tasks, jobs))
    rows = [row for found, _ in outcomes for row in found]
    refused = tuple(note for _, note in outcomes if note is not None)
    return Batch(pd.DataFrame(rows, columns=OUTPUT_COLUMNS), refused)


def _outcomes(
    tasks: list[_Task | BatchRefusal], jobs: int
) -> Iterator[tuple[list[tuple[object, ...]], BatchRefusal | None]]:
    if jobs <= 1 or len(tasks) <= 1:
        yield from map(_outcome, tasks)
        return
    with _pool(jobs) as pool:
        yield from pool.map(_outcome, tasks, chunksize=CHUNK)


@contextmanager
def _pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Start processes that share what is already imported, where the system can fork."""
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    with warnings.catch_warnings():
        # numerical libraries keep idle threads of their own; the children never touch them
        warnings.filterwarnings("ignore", message=".*fork", category=DeprecationWarning)
        with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context(method)) as pool:
            yield pool


def _outcome(task: _Task | BatchRefusal) -> tuple[list[tuple[object, ...]], BatchRefusal | None]:
    if isinstance(task, BatchRefusal):
        return [], task
    try:
        return _rows(forecast(task.series, task.parameters)), None
    except ForecastRefusal as refused:
        note = BatchRefusal(task.series.series_id, refused.code, str(refused))
        rows = _fallback_rows(task) if task.fallback else []
        return rows, note


def _rows(made: Forecast) -> list[tuple[object, ...]]:
    return _lay_out(made.series.series_id, made.distribution, made.model)


def _fallback_rows(task: _Task) -> list[tuple[object, ...]]:
    """Last value with a band, whatever the history; nothing when there is no finite value at all."""
    history = task.series.array[np.isfinite(task.series.array)]
    horizon = task.parameters.horizon
    if not len(history):
        return []
    if len(history) == 1 or np.ptp(history) == 0:
        flat = Distribution(
            (float(history[-1]),) * horizon, (1e-9 * max(abs(float(history[-1])), 1.0),) * horizon, "linear"
        )
        return _lay_out(task.series.series_id, flat, f"{FALLBACK} (fallback)")
    projection = project_models(history, horizon, (FALLBACK,))[0][FALLBACK]
    if history.min() > 0:
        distribution = distribute_single(FALLBACK, projection, history, task.parameters.constants)
    else:
        distribution = distribute_linear(projection, task.parameters.constants)
    return _lay_out(task.series.series_id, distribution, f"{FALLBACK} (fallback)")


def _lay_out(series_id: str, distribution: Distribution, model: str) -> list[tuple[object, ...]]:
    bands = np.column_stack([distribution.points, *distribution.interval(80), *distribution.interval(95)]).tolist()
    return [(series_id, step, *numbers, model) for step, numbers in enumerate(bands, 1)]
