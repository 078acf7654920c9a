"""The forecast of one monthly series: a seasonal set, bands widened by its own record, yearly totals from paths."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, stdtrit

from pipelines.errors import DataError
from pipelines.forecast.intervals import DEGREES, Distribution
from pipelines.forecast.models import Rejection
from pipelines.forecast.projection import Floats, Projection
from pipelines.forecast.refusals import refusal
from pipelines.forecast.seasonal import NAIVE, PERIOD, project_seasonal, split_season
from pipelines.forecast.theta import smooth_level

LEAST_MONTHS = 60
LEAST_TRAINING = 48
LONGEST_HORIZON = 36
ORIGIN_STEP = 6
USUAL_WIDENING = 1.1
"""Scale of Student's t over the models' own spread that three public monthly series ask for on average.

Carbon dioxide, sea temperature and orders of electrical equipment, as statsmodels ships them: bands of this width held
86 and 95 % at 80 and 95 %. A test fits it again.
"""
USUAL_WEIGHT = 4.0
LEAST_WIDENING = 1.0
"""Bands are widened only: a calm record is no reason to promise more than the models do."""
PATHS = 4_000
_FLOOR = 1e-9
FRAME_COLUMNS = ["origin", "horizon", "time_period", "level", "point", "pi_lower", "pi_upper"]
TOTAL_COLUMNS = ["origin", "time_period", "known_months", "level", "point", "pi_lower", "pi_upper"]
COVERAGE_COLUMNS = ["level", "origins", "pairs", "coverage"]
_PERIOD = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class MonthlySeries:
    """Monthly values of one quantity in one unit; periods are written 2020-01."""

    series_id: str
    periods: tuple[str, ...]
    values: tuple[float, ...]
    unit_measure: str = ""

    @property
    def array(self) -> Floats:
        """The values as an array."""
        return np.array(self.values, dtype=np.float64)


@dataclass(frozen=True)
class MonthlyParameters:
    """What the reader chose: months ahead, levels in percent, past origins that set the width, random seed."""

    horizon: int = 24
    levels: tuple[float, ...] = (80.0, 95.0)
    origins: int = 8
    seed: int = 0


@dataclass(frozen=True, eq=False)
class MonthlyForecast:
    """Months ahead (`frame`), yearly totals (`totals`), the width's record (`coverage`) and the members.

    `widening` multiplies the members' own spread; `coverage` tells how often bands of that width would have held at the
    past origins it was fitted on, so it flatters a little.
    """

    series: MonthlySeries
    parameters: MonthlyParameters
    distribution: Distribution
    frame: pd.DataFrame
    totals: pd.DataFrame
    coverage: pd.DataFrame
    members: pd.DataFrame
    rejected: tuple[Rejection, ...]
    widening: float
    notes: tuple[str, ...]


def forecast_monthly(series: MonthlySeries, parameters: MonthlyParameters | None = None) -> MonthlyForecast:
    """Forecast a positive monthly series by the median of the seasonal set.

    Raises:
        ForecastRefusal: too short, a gap, a value at or below zero, a constant, or a horizon over three years.
    """
    chosen = parameters or MonthlyParameters()
    refuse_unfit_months(series, chosen)
    logs = np.log(series.array)
    record = past_errors(logs, chosen)
    asked = fit_widening(record)
    widening = max(LEAST_WIDENING, asked)
    projections, rejected = project_seasonal(logs, chosen.horizon)
    middle, spread = combine(projections)
    points = np.exp(middle)
    distribution = Distribution(tuple(points.tolist()), tuple((points * spread * widening).tolist()))
    coverage = measure_coverage(record, widening, chosen.levels)
    return MonthlyForecast(
        series=series,
        parameters=chosen,
        distribution=distribution,
        frame=_lay_out(series, distribution, chosen.levels),
        totals=total_years(series, distribution, chosen),
        coverage=coverage,
        members=_lay_out_members(series, projections),
        rejected=rejected,
        widening=widening,
        notes=_say(series, coverage, asked),
    )


def combine(projections: dict[str, Projection]) -> tuple[Floats, Floats]:
    """Median of the members' logarithms and a spread from their variances and how far they disagree.

    The spread leaves out the repeated last year when there is anything else: its misses measure trend, not noise.
    """
    fitted = [one for name, one in projections.items() if name != NAIVE] or list(projections.values())
    middle = np.median([one.points for one in projections.values()], axis=0)
    variances = np.array([one.sd for one in fitted]) ** 2
    spread = np.sqrt(variances.mean(axis=0) + np.var([one.points for one in fitted], axis=0))
    return middle, np.maximum(spread, _FLOOR)


def past_errors(logs: Floats, parameters: MonthlyParameters) -> Floats:
    """Errors in logarithms over the combination's own spread, one row for each past origin.

    The origins lie half a year apart and each reads only the months before it, four years at least.
    """
    horizon = min(parameters.horizon, len(logs) // 5)
    ends = [len(logs) - horizon - ORIGIN_STEP * back for back in range(parameters.origins)]
    rows = []
    for end in (end for end in reversed(ends) if end >= LEAST_TRAINING):
        middle, spread = combine(project_seasonal(logs[:end], horizon)[0])
        rows.append((logs[end : end + horizon] - middle) / spread)
    return np.array(rows).reshape(len(rows), horizon)


def fit_widening(record: Floats) -> float:
    """Scale of Student's t that past errors ask for, drawn towards the usual one as if that were four more origins.

    >>> round(fit_widening(np.zeros((0, 12))), 2)
    1.1
    """
    own = float(np.sum(np.mean(record**2, axis=1))) * (DEGREES - 2) / DEGREES
    return float(np.sqrt((own + USUAL_WEIGHT * USUAL_WIDENING**2) / (len(record) + USUAL_WEIGHT)))


def measure_coverage(record: Floats, widening: float, levels: tuple[float, ...]) -> pd.DataFrame:
    """Share of past months that bands of this width would have held (COVERAGE_COLUMNS)."""
    rows = []
    for level in levels:
        limit = widening * stdtrit(DEGREES, 0.5 + level / 200)
        share = float(np.mean(np.abs(record) <= limit)) if record.size else np.nan
        rows.append((level, len(record), record.size, share))
    return pd.DataFrame(rows, columns=COVERAGE_COLUMNS)


def total_years(series: MonthlySeries, distribution: Distribution, parameters: MonthlyParameters) -> pd.DataFrame:
    """Totals of the calendar years that known and forecast months make full (TOTAL_COLUMNS)."""
    paths = simulate_paths(series, distribution, parameters.seed)
    rows = []
    for year, (known, columns) in _full_years(series, distribution.horizon).items():
        totals = sum(known) + paths[:, columns].sum(axis=1)
        for level in parameters.levels:
            lower, upper = np.quantile(totals, [0.5 - level / 200, 0.5 + level / 200])
            rows.append((series.periods[-1], str(year), len(known), level, float(np.median(totals)), lower, upper))
    return pd.DataFrame(rows, columns=TOTAL_COLUMNS)


def simulate_paths(series: MonthlySeries, distribution: Distribution, seed: int) -> Floats:
    """Paths (PATHS, horizon): each month as in the fan, months joined as in exponential smoothing.

    A shock moves all later months by the weight of the level, so neighbouring errors are alike but not the same; adding
    monthly quantiles would pretend that they are the same.
    """
    logs = np.log(series.array)
    weight, _ = smooth_level(logs - split_season(logs))
    steps = np.arange(distribution.horizon)
    covariance = weight + weight**2 * np.minimum.outer(steps, steps)
    np.fill_diagonal(covariance, 1 + weight**2 * steps)
    spread = np.sqrt(np.diag(covariance))
    factor = np.linalg.cholesky(covariance / np.outer(spread, spread))
    shocks = np.random.default_rng(seed).standard_normal((PATHS, distribution.horizon)) @ factor.T
    return distribution.at(stdtrit(DEGREES, np.clip(ndtr(shocks), 1e-12, 1 - 1e-12)))


def refuse_unfit_months(series: MonthlySeries, parameters: MonthlyParameters) -> None:
    """Refuse a monthly history or a horizon that the seasonal set should not read."""
    facts = {"series": series.series_id, "count": len(series.values)}
    if len(series.values) < LEAST_MONTHS:
        raise refusal("too_few_seasons", least=LEAST_MONTHS, **facts)
    if not np.all(np.isfinite(series.array)) or min(series.values) <= 0:
        raise refusal("months_not_positive", **facts)
    months = [_month_number(period) for period in series.periods]
    holes = [
        after for before, after, this in zip(months, series.periods[1:], months[1:], strict=False) if this != before + 1
    ]
    if holes:
        raise refusal("gap", years=f"the months before {', '.join(holes)}", **facts)
    if len(set(series.values)) == 1:
        raise refusal("constant", **facts)
    if not 1 <= parameters.horizon <= LONGEST_HORIZON:
        raise refusal("months_long", horizon=parameters.horizon, most=LONGEST_HORIZON)


def _full_years(series: MonthlySeries, horizon: int) -> dict[int, tuple[list[float], list[int]]]:
    """For each year with a forecast month and all twelve months: known values and columns of the paths."""
    last = _month_number(series.periods[-1])
    found: dict[int, tuple[list[float], list[int]]] = {}
    for step in range(horizon):
        found.setdefault((last + step + 1) // PERIOD, ([], []))[1].append(step)
    for period, value in zip(series.periods, series.values, strict=True):
        if int(period[:4]) in found:
            found[int(period[:4])][0].append(value)
    return {year: parts for year, parts in found.items() if len(parts[0]) + len(parts[1]) == PERIOD}


def _month_number(period: str) -> int:
    """Months since year 0."""
    matched = _PERIOD.fullmatch(period)
    if not matched:
        raise DataError(f"'{period}' is no month; write it like 2020-01.")
    return int(matched[1]) * PERIOD + int(matched[2]) - 1


def _months_after(period: str, count: int) -> list[str]:
    numbers = [_month_number(period) + step for step in range(1, count + 1)]
    return [f"{number // PERIOD:04d}-{number % PERIOD + 1:02d}" for number in numbers]


def _lay_out(series: MonthlySeries, distribution: Distribution, levels: tuple[float, ...]) -> pd.DataFrame:
    last, steps = series.periods[-1], np.arange(1, distribution.horizon + 1)
    columns = {"origin": last, "horizon": steps, "time_period": _months_after(last, distribution.horizon)}
    blocks = []
    for level in levels:
        lower, upper = distribution.interval(level)
        bands = {"level": float(level), "point": distribution.points, "pi_lower": lower, "pi_upper": upper}
        blocks.append(pd.DataFrame(columns | bands))
    return pd.concat(blocks, ignore_index=True)[FRAME_COLUMNS]


def _lay_out_members(series: MonthlySeries, projections: dict[str, Projection]) -> pd.DataFrame:
    blocks = []
    for name, one in projections.items():
        points = np.exp(one.points)
        spread = points * np.expm1(one.half_spread)
        months = _months_after(series.periods[-1], len(points))
        steps = np.arange(1, len(points) + 1)
        columns = {"model": name, "horizon": steps, "time_period": months, "point": points, "half_spread": spread}
        blocks.append(pd.DataFrame(columns))
    return pd.concat(blocks, ignore_index=True)


def _say(series: MonthlySeries, coverage: pd.DataFrame, asked: float) -> tuple[str, ...]:
    """How much history there is, how the bands were widened and how often such bands would have held."""
    start = f"Fitted to {len(series.values)} months, {series.periods[0]} to {series.periods[-1]}."
    held = "; ".join(
        f"{100 * row['coverage']:.0f} % at {row['level']:g} %" for row in coverage.to_dict("records") if row["pairs"]
    )
    origins = int(coverage["origins"].max())
    record = f"At {origins} past origins they held {held}." if held else "No past origin to test them."
    if asked < LEAST_WIDENING:
        width = f"Bands have the models' own width: the past asked for {asked:.2f} times it, but they are only widened."
    else:
        width = f"Bands are {asked:.2f} times as wide as the models' own."
    return (start, f"{width} {record}")
