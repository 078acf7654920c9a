"""Forecasts under a stated assumption, each labelled as such."""

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipelines.errors import nearest
from pipelines.forecast.annual import Forecast, Parameters, forecast, lay_out
from pipelines.forecast.digest import parameters_digest
from pipelines.forecast.projection import Floats
from pipelines.forecast.refusals import refusal
from pipelines.forecast.series import AnnualSeries, cut, refuse_horizon, refuse_unfit

LEAST_BRENT_YEARS = 20
LEAST_BRENT_T = 2.0
BRENT_PATHS = {"low": 0.1, "flat": None, "high": 0.9}
"""Share of past price changes over the same number of years that were smaller; flat keeps the last yearly mean."""

GROWTH_COLUMNS = ["origin", "horizon", "time_period", "point", "scenario"]


@dataclass(frozen=True)
class BrentLink:
    """Elasticity of a series to the yearly mean of Brent, from yearly changes of both in logs."""

    elasticity: float
    standard_error: float
    t: float
    count: int


def grow_constantly(series: AnnualSeries, rate: float, horizon: int) -> pd.DataFrame:
    """Continue the last value at a chosen yearly rate (0.05 is five percent); rows of GROWTH_COLUMNS, no band.

    >>> flat = AnnualSeries("x", tuple(range(2000, 2010)), (100.0,) * 9 + (101.0,))
    >>> grow_constantly(flat, 0.1, 2)["point"].round(2).tolist()
    [111.1, 122.21]
    """
    refuse_unfit(series)
    refuse_horizon(horizon, series.count)
    steps = np.arange(1, horizon + 1)
    columns = {"origin": series.origin, "horizon": steps, "time_period": (series.origin + steps).astype(str)}
    points = {"point": series.values[-1] * (1 + rate) ** steps, "scenario": f"Scenario: {rate:+.1%} every year"}
    return pd.DataFrame(columns | points)[GROWTH_COLUMNS]


def as_if_made_in(series: AnnualSeries, year: int, parameters: Parameters) -> Forecast:
    """Forecast with the values up to a past year as they are known today, not as they were known then."""
    last = min(year, parameters.last_year or year)
    label = f"As if made in {last}, with today's edition of the values up to then"
    made = forecast(series, replace(parameters, last_year=last))
    return replace(made, scenario=label, notes=(f"{label}.", *made.notes))


def link_to_brent(series: AnnualSeries, brent: AnnualSeries) -> BrentLink:
    """Regress yearly log changes of the series on those of Brent with a constant.

    Raises:
        ForecastRefusal: fewer than twenty shared years, or an elasticity not clear of zero.
    """
    refuse_unfit(brent)
    if not series.positive:
        raise refusal("not_positive", series=series.series_id)
    known = dict(zip(brent.years, brent.values, strict=True))
    shared = [(year, value) for year, value in zip(series.years, series.values, strict=True) if year in known]
    if len(shared) < LEAST_BRENT_YEARS:
        raise refusal("brent_short", least=LEAST_BRENT_YEARS, series=series.series_id, count=len(shared))
    changes = np.diff(np.log([value for _, value in shared]))
    prices = np.diff(np.log([known[year] for year, _ in shared]))
    centred = prices - prices.mean()
    elasticity = float(centred @ changes / (centred @ centred))
    residuals = changes - changes.mean() - elasticity * centred
    spread = math.sqrt(float(residuals @ residuals) / (len(changes) - 2) / float(centred @ centred))
    link = BrentLink(elasticity, spread, elasticity / spread if spread > 0 else math.inf, len(shared))
    if abs(link.t) <= LEAST_BRENT_T:
        raise refusal("brent_unrelated", series=series.series_id, t=f"{link.t:.1f}", least=LEAST_BRENT_T)
    return link


def follow_brent(series: AnnualSeries, brent: AnnualSeries, path: str, parameters: Parameters) -> Forecast:
    """Shift the forecast by elasticity times the log price change of a named path (a key of BRENT_PATHS).

    The elasticity's standard error joins the scale in quadrature. Prices after the origin are not read.
    """
    if path not in BRENT_PATHS:
        raise refusal("brent_path", path=path, nearest=nearest(path, BRENT_PATHS), others=", ".join(BRENT_PATHS))
    base = forecast(series, parameters)
    past = cut(brent, last=base.origin)
    link = link_to_brent(base.series, past)
    changes = _price_changes(past, path, base.distribution.horizon)
    points = np.array(base.distribution.points) * np.exp(link.elasticity * changes)
    label = f"Scenario: Brent {path} from its {past.origin} mean of {past.values[-1]:.4g}"
    wording = f"Points and probabilities hold only if Brent takes this path (elasticity {link.elasticity:.2f})."
    return _shift(base, points, points * np.abs(changes) * link.standard_error, (label, wording))


def ramp_up(base: Forecast, *, start_year: int, years_to_capacity: int, capacity: float) -> Forecast:
    """Add a new pipeline's flow in equal yearly steps up to its capacity, in the unit of the series.

    The first step is in the starting year itself; bands move with the points and keep their width.
    """
    if capacity <= 0 or years_to_capacity < 1:
        raise refusal("ramp", capacity=capacity, years=years_to_capacity)
    elapsed = np.array(base.years) - start_year + 1
    added = capacity * np.clip(elapsed / years_to_capacity, 0, 1)
    label = f"Scenario: {capacity:g} added from {start_year}, in full {years_to_capacity} years on"
    wording = "Points and probabilities hold only if the new capacity comes on time and is used in full."
    points = np.array(base.distribution.points) + added
    return _shift(base, points, np.zeros(len(added)), (label, wording))


def _price_changes(past: AnnualSeries, path: str, horizon: int) -> Floats:
    """Log change of the price after 1..horizon years on the path."""
    share = BRENT_PATHS[path]
    if share is None:
        return np.zeros(horizon)
    logs = np.log(past.array)
    return np.array([np.quantile(logs[step:] - logs[:-step], share) for step in range(1, horizon + 1)])


def _shift(base: Forecast, points: Floats, extra_scale: Floats, words: tuple[str, str]) -> Forecast:
    label = f"{base.scenario}; {words[0]}" if base.scenario else words[0]
    distribution = base.distribution.shifted(points, extra_scale)
    return replace(
        base,
        distribution=distribution,
        frame=lay_out(distribution, base.origin, base.parameters.levels),
        notes=(f"{words[0]}. {words[1]}", *base.notes),
        digest=parameters_digest(base.series, base.parameters, scenario=label, points=points.tolist()),
        scenario=label,
    )
