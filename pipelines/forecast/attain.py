"""Odds that a target is met, when it becomes likely, and the growth it would take."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.forecast.annual import Forecast
from pipelines.forecast.probability import probability_words, round_probability
from pipelines.forecast.refusals import ForecastRefusal, refusal
from pipelines.forecast.series import AnnualSeries

PATHS = 20_000
ODDS_COLUMNS = ["time_period", "horizon", "point", "probability", "rounded", "meaning"]
PATH_COLUMNS = ["time_period", "required_value", "required_cagr"]


@dataclass(frozen=True)
class Target:
    """A value to be reached or passed in a year; empty unit and price basis mean those of the series."""

    value: float
    year: int
    unit_measure: str = ""
    price_basis: str = ""


@dataclass(frozen=True)
class Odds:
    """Probability of at least the target in its year, unrounded and as shown, with what must stand beside it."""

    target: Target
    probability: float
    rounded: str
    meaning: str
    count: int
    first_year: int
    origin: int
    scenario: str


def odds(forecast: Forecast, target: Target) -> Odds:
    """Read the probability of a target off the forecast's distribution.

    Raises:
        ForecastRefusal: other unit or price basis, a year outside the fan, or a history that supports no probability.
    """
    refuse_target(forecast.series, target)
    first, last = forecast.years[0], forecast.years[-1]
    if not first <= target.year <= last:
        raise refusal("target_year", year=target.year, first=first, last=last)
    if forecast.no_probability:
        code = "no_probability" if forecast.series.positive else "not_positive"
        raise ForecastRefusal(code, forecast.no_probability)
    probability = forecast.distribution.reaching(target.value, target.year - forecast.origin)
    return Odds(
        target=target,
        probability=probability,
        rounded=round_probability(probability),
        meaning=probability_words(probability),
        count=forecast.series.count,
        first_year=forecast.series.years[0],
        origin=forecast.origin,
        scenario=forecast.scenario,
    )


def odds_by_year(forecast: Forecast, target: Target) -> pd.DataFrame:
    """Odds of the target's value in every year of the fan (ODDS_COLUMNS); the target's own year plays no part."""
    rows = []
    for step, year in enumerate(forecast.years, 1):
        found = odds(forecast, Target(target.value, year, target.unit_measure, target.price_basis))
        rows.append(
            (str(year), step, forecast.distribution.points[step - 1], found.probability, found.rounded, found.meaning)
        )
    return pd.DataFrame(rows, columns=ODDS_COLUMNS)


def odds_by_then(forecast: Forecast, target: Target) -> float:
    """Probability that at least the target's value is seen in some year up to the target's, by simulated paths.

    Never less than the odds of the target's own year, up to simulation error of about half a point.
    """
    odds(forecast, target)
    steps = target.year - forecast.origin
    paths = forecast.distribution.paths(PATHS, seed=0)[:, :steps]
    return float(np.mean(paths.max(axis=1) >= target.value))


def likely_years(forecast: Forecast, value: float, *, probability: float = 0.5) -> tuple[int, ...]:
    """Years of the fan in which at least `value` has at least that probability; empty when none has.

    At one half the first of them is the year in which the median reaches the value.
    """
    distribution = forecast.distribution
    return tuple(
        year for step, year in enumerate(forecast.years, 1) if distribution.reaching(value, step) >= probability
    )


def required_path(series: AnnualSeries, target: Target) -> pd.DataFrame:
    """Values on the way from the last value to the target at one yearly growth rate (PATH_COLUMNS).

    The first row is the last value itself.

    Raises:
        ForecastRefusal: other unit or price basis, a target that is not ahead, or a value at or below zero.
    """
    refuse_target(series, target)
    start, years = series.values[-1], target.year - series.origin
    if years < 1:
        raise refusal("target_year", year=target.year, first=series.origin + 1, last="any later year")
    if start <= 0 or target.value <= 0:
        raise refusal("growth_zero", start=f"{start:g}", target=f"{target.value:g}")
    rate = (target.value / start) ** (1 / years) - 1
    steps = np.arange(years + 1)
    columns = {"time_period": (series.origin + steps).astype(str), "required_value": start * (1 + rate) ** steps}
    return pd.DataFrame(columns | {"required_cagr": rate})[PATH_COLUMNS]


def refuse_target(series: AnnualSeries, target: Target) -> None:
    """Refuse a target that is not measured as the series is."""
    if target.unit_measure and target.unit_measure != series.unit_measure:
        raise refusal(
            "target_unit", target_unit=target.unit_measure, series=series.series_id, unit=series.unit_measure or "none"
        )
    if target.price_basis and target.price_basis != series.price_basis:
        raise refusal(
            "target_basis",
            target_basis=target.price_basis,
            series=series.series_id,
            basis=series.price_basis or "unstated",
        )
