"""Conversions of yearly money: euros into dollars at the year's rate, dollars of one year into those of another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipelines.errors import DataError

_RATE_UNITS = ("EUR_PER_USD", "USD_PER_EUR")
_MONEY = ("obs_value", "value_low", "value_high")
Row = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Rate:
    """The euro rate of a year in its own unit: EUR_PER_USD divides euros, USD_PER_EUR multiplies them."""

    rate: float
    unit_measure: str
    observation_id: str


@dataclass(frozen=True, eq=False)
class Price:
    """The US price index (CPI-U) of a year; a mean over fewer than twelve months is partial."""

    level: float
    is_partial: bool
    observation_id: str


def yearly_rates(observations: pd.DataFrame) -> dict[str, Rate]:
    """Return one euro rate for each year, published before computed."""
    rows = _yearly(observations, "FX_RATE")
    euro = rows[rows["unit_measure"].isin(_RATE_UNITS)].drop_duplicates("time_period")
    return {
        row["time_period"]: Rate(row["obs_value"], row["unit_measure"], row["observation_id"])
        for row in euro.to_dict("records")
    }


def yearly_prices(observations: pd.DataFrame) -> dict[str, Price]:
    """Return one price index for each year; a partial one only where the full year was never published."""
    rows = _yearly(observations, "CPI_U").drop_duplicates("time_period")
    return {
        row["time_period"]: Price(row["obs_value"], row["provenance"] == "derived", row["observation_id"])
        for row in rows.to_dict("records")
    }


def _yearly(observations: pd.DataFrame, indicator: str) -> pd.DataFrame:
    rows = observations[
        (observations["indicator"] == indicator)
        & (observations["freq"] == "A")
        & observations["is_plottable"]
        & ~observations["is_hidden"]
    ]
    rank = rows["provenance"].map({"statistic": 0, "quoted": 1, "derived": 2})
    return rows.assign(rank=rank).sort_values(["time_period", "rank"], ignore_index=True)


def to_dollars(values: Sequence[Row], rates: Mapping[str, Rate]) -> list[dict[str, Any]]:
    """Return the values in USD: euros over EUR_PER_USD or times USD_PER_EUR of the same year; the formula is kept.

    Needs `time_period`, `obs_value`, `unit_measure` and what names its inputs. Dollars pass unchanged; any other unit,
    and a year without a rate, is refused. What is converted is no observation itself: it and the rate are its inputs.
    """
    _refuse(
        (row["unit_measure"] for row in values if row["unit_measure"] not in ("USD", "EUR")),
        "cannot be turned into dollars",
    )
    euros = [row for row in values if row["unit_measure"] == "EUR"]
    _refuse((row["time_period"] for row in euros if row["time_period"] not in rates), "has no yearly euro rate")
    return [
        dict(row) if row["unit_measure"] == "USD" else _in_dollars(row, rates[row["time_period"]]) for row in values
    ]


def _in_dollars(row: Row, rate: Rate) -> dict[str, Any]:
    divides = rate.unit_measure == "EUR_PER_USD"
    said = f"/ {rate.rate:g} euros a dollar" if divides else f"× {rate.rate:g} dollars a euro"
    return {
        **row,
        **{name: row[name] / rate.rate if divides else row[name] * rate.rate for name in _present(row)},
        "unit_measure": "USD",
        "formula": f"value in euros {said}, mean of {row['time_period']}",
        "observation_id": "",
        "observation_ids": _joined(row, rate.observation_id),
    }


def deflate(values: Sequence[Row], prices: Mapping[str, Price], base_year: str) -> list[dict[str, Any]]:
    """Return yearly dollars in prices of the base year: value × index(base year) / index(year); the formula is kept.

    Needs `time_period`, `obs_value`, `unit_measure` and what names its inputs. Anything but dollars, a period that is
    no year, and a year or base without an index are refused. `is_flagged` marks values that rest on a partial index.
    """
    _refuse((row["unit_measure"] for row in values if row["unit_measure"] != "USD"), "has no dollar price index")
    if base_year not in prices:
        raise DataError(f"no price index for the base year {base_year!r}. Choose one of: {_span(prices)}.")
    _refuse((row["time_period"] for row in values if row["time_period"] not in prices), "has no yearly price index")
    return [_in_prices_of(row, prices[row["time_period"]], prices[base_year], base_year) for row in values]


def _in_prices_of(row: Row, price: Price, base: Price, base_year: str) -> dict[str, Any]:
    before = row.get("formula")
    stated = f"({before})" if isinstance(before, str) else "value in dollars of the year"
    ratio = f"{base.level:g} / {price.level:g} (CPI-U of {base_year} over that of {row['time_period']})"
    return {
        **row,
        **{name: row[name] * base.level / price.level for name in _present(row)},
        "formula": f"{stated} × {ratio}",
        "observation_id": "",
        "observation_ids": _joined(row, price.observation_id, base.observation_id),
        "is_flagged": price.is_partial or base.is_partial,
        "price_basis": f"constant {base_year}",
    }


def _joined(row: Row, *factors: str) -> str:
    return " ; ".join(dict.fromkeys((row.get("observation_ids") or row["observation_id"], *factors)))


def _present(row: Row) -> list[str]:
    return [name for name in _MONEY if isinstance(row.get(name), float)]


def _refuse(offenders: Iterable[Any], why: str) -> None:
    found = sorted(set(map(str, offenders)))
    if found:
        raise DataError(f"{', '.join(found[:8])} {why}.")


def _span(years: Mapping[str, Any]) -> str:
    return f"{min(years)} to {max(years)}" if years else "none, the index is missing"
