"""An annual history as the forecast reads it: one positive number for each year without a gap."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipelines.forecast.projection import Floats
from pipelines.forecast.refusals import LEAST_OBSERVATIONS, LONGEST_HORIZON, refusal

_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True)
class AnnualSeries:
    """Yearly values of one quantity in one unit.

    `partial_years` are years of which only part is covered; `quoted_only` marks a handful of figures taken from
    documents; `official_series` names the official series of the same quantity, if there is one.
    """

    series_id: str
    years: tuple[int, ...]
    values: tuple[float, ...]
    unit_measure: str = ""
    price_basis: str = ""
    partial_years: tuple[int, ...] = ()
    quoted_only: bool = False
    official_series: str = ""

    @property
    def count(self) -> int:
        """Number of yearly values."""
        return len(self.values)

    @property
    def origin(self) -> int:
        """Year of the last value."""
        return self.years[-1]

    @property
    def array(self) -> Floats:
        """The values as an array."""
        return np.array(self.values, dtype=np.float64)

    @property
    def positive(self) -> bool:
        """Whether every value is above zero."""
        return min(self.values) > 0


def read_annual(observations: pd.DataFrame, *, series_id: str, official_series: str = "") -> AnnualSeries:
    """Read rows of one series (`time_period`, `obs_value`; optional `unit_measure`, `price_basis`, `quoted`).

    A period that is not a plain year counts as part of the year it begins in. The series counts as quoted only when
    a column `quoted` is present and true throughout.
    """
    ordered = observations.sort_values("time_period", kind="stable")
    periods = ordered["time_period"].astype(str)
    full = periods.str.fullmatch(_YEAR)
    return AnnualSeries(
        series_id=series_id,
        years=tuple(int(period) for period in periods[full]),
        values=tuple(float(value) for value in ordered.loc[full, "obs_value"]),
        unit_measure=_single(ordered, "unit_measure", series_id),
        price_basis=_single(ordered, "price_basis", series_id),
        partial_years=tuple(sorted({int(period[:4]) for period in periods[~full]})),
        quoted_only=bool("quoted" in ordered and ordered["quoted"].all()),
        official_series=official_series,
    )


def cut(series: AnnualSeries, *, first: int | None = None, last: int | None = None) -> AnnualSeries:
    """Keep the years from `first` to `last`, ends included; later years may change freely without any effect here.

    Raises:
        ForecastRefusal: nothing is left.
    """
    low = first if first is not None else series.years[0]
    high = last if last is not None else series.years[-1]
    kept = [(year, value) for year, value in zip(series.years, series.values, strict=True) if low <= year <= high]
    if not kept:
        raise refusal("empty_window", series=series.series_id, first=low, last=high)
    partial = tuple(
        year for year in series.partial_years if (first is None or year >= first) and (last is None or year <= last)
    )
    years, values = zip(*kept, strict=True)
    return replace(series, years=years, values=values, partial_years=partial)


def refuse_unfit(series: AnnualSeries) -> None:
    """Refuse a history that no model should read.

    Raises:
        ForecastRefusal: quoted figures only, a part of a year, missing or doubled years, too few values, a constant.
    """
    facts = {"series": series.series_id, "count": series.count}
    if series.quoted_only and series.count < LEAST_OBSERVATIONS:
        alternative = f"; {series.official_series} has the official values" if series.official_series else ""
        raise refusal("quoted_only", alternative=alternative, **facts)
    if series.partial_years:
        raise refusal("partial_year", years=_list(series.partial_years), **facts)
    if series.count < LEAST_OBSERVATIONS:
        raise refusal("too_short", least=LEAST_OBSERVATIONS, **facts)
    _refuse_years(series)
    if len(set(series.values)) == 1:
        raise refusal("constant", **facts)


def refuse_horizon(horizon: int, count: int) -> None:
    """Refuse a horizon of none, over ten years or over half the length."""
    if horizon < 1:
        raise refusal("horizon_short", horizon=horizon)
    if horizon > LONGEST_HORIZON or 2 * horizon > count:
        raise refusal("horizon_long", horizon=horizon, most=LONGEST_HORIZON, count=count)


def _refuse_years(series: AnnualSeries) -> None:
    name = series.series_id
    holes = [year for year, value in zip(series.years, series.values, strict=True) if not np.isfinite(value)]
    if holes:
        raise refusal("missing", series=name, years=_list(holes))
    doubled = [year for before, year in zip(series.years, series.years[1:], strict=False) if year <= before]
    if doubled:
        raise refusal("unordered", series=name, years=_list(doubled))
    gaps = sorted(set(range(series.years[0], series.years[-1] + 1)) - set(series.years))
    if gaps:
        raise refusal("gap", series=name, years=_list(gaps))


def _list(years: Sequence[int]) -> str:
    return ", ".join(str(year) for year in years)


def _single(observations: pd.DataFrame, column: str, series_id: str) -> str:
    """The one value of a column, "" when the column is absent or empty."""
    if column not in observations:
        return ""
    found = sorted(observations[column].dropna().astype(str).unique())
    if len(found) > 1:
        raise refusal("mixed", series=series_id, column=column, values=" and ".join(found))
    return found[0] if found else ""
