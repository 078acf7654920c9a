"""Conversions of yearly money: euros into dollars at the year's rate, dollars of one year into those of another."""

import pandas as pd

from pipelines.errors import DataError

_RATE_UNITS = ("EUR_PER_USD", "USD_PER_EUR")
_MONEY = ("obs_value", "value_low", "value_high")


def yearly_rates(observations: pd.DataFrame) -> pd.DataFrame:
    """Return one euro rate a year (`time_period`, `rate`, `unit_measure`, `observation_id`), published before computed.

    `rate` stands in its own unit: EUR_PER_USD divides euros, USD_PER_EUR multiplies them.
    """
    rows = _yearly(observations, "FX_RATE")
    euro = rows[rows["unit_measure"].isin(_RATE_UNITS)]
    return euro.drop_duplicates("time_period").rename(columns={"obs_value": "rate"})


def yearly_prices(observations: pd.DataFrame) -> pd.DataFrame:
    """Return one US price index (CPI-U) a year: `time_period`, `level`, `is_partial`, `observation_id`.

    A mean over fewer than twelve months is held only where the full year was never published; it is partial.
    """
    rows = _yearly(observations, "CPI_U").drop_duplicates("time_period")
    return rows.assign(is_partial=rows["provenance"] == "derived").rename(columns={"obs_value": "level"})


def _yearly(observations: pd.DataFrame, indicator: str) -> pd.DataFrame:
    rows = observations[
        (observations["indicator"] == indicator)
        & (observations["freq"] == "A")
        & observations["is_plottable"]
        & ~observations["is_hidden"]
    ]
    columns = ["time_period", "obs_value", "unit_measure", "observation_id", "source_id", "provenance"]
    rank = rows["provenance"].map({"statistic": 0, "quoted": 1, "derived": 2})
    return rows.assign(rank=rank).sort_values(["time_period", "rank"], ignore_index=True)[columns]


def to_dollars(values: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    """Return the values in USD: euros over EUR_PER_USD or times USD_PER_EUR of the same year; the formula is kept.

    Needs `time_period`, `obs_value`, `unit_measure`, `observation_ids`. Dollars pass unchanged; any other unit, and a
    year without a rate, is refused. The rate's observation joins the inputs.
    """
    _refuse(values.loc[~values["unit_measure"].isin(["USD", "EUR"]), "unit_measure"], "cannot be turned into dollars")
    is_euro = values["unit_measure"] == "EUR"
    euros = values[is_euro].merge(_named(rates, "rate"), on="time_period", how="left", validate="many_to_one")
    _refuse(euros.loc[euros["rate"].isna(), "time_period"], "has no yearly euro rate")
    divides = euros["rate_unit"] == "EUR_PER_USD"
    for column in _present(values):
        euros[column] = (euros[column] / euros["rate"]).where(divides, euros[column] * euros["rate"])
    sign = divides.map({True: " / ", False: " × "})
    unit = divides.map({True: " euros a dollar", False: " dollars a euro"})
    rate = euros["rate"].map("{:g}".format)
    euros["formula"] = "value in euros" + sign + rate + unit + ", mean of " + euros["time_period"]
    euros["observation_ids"] = euros["observation_ids"] + " ; " + euros["rate_id"]
    converted = euros.assign(unit_measure="USD").set_index(values.index[is_euro])
    return pd.concat([values[~is_euro], converted]).reindex(values.index).drop(columns=["rate", "rate_unit", "rate_id"])


def deflate(values: pd.DataFrame, prices: pd.DataFrame, base_year: str) -> pd.DataFrame:
    """Return yearly dollars in prices of the base year: value × index(base year) / index(year); the formula is kept.

    Needs `time_period`, `obs_value`, `unit_measure`, `observation_ids`. Anything but dollars, a period that is no year,
    and a year or base without an index are refused. `is_flagged` marks values that rest on a partial index.
    """
    _refuse(values.loc[values["unit_measure"] != "USD", "unit_measure"], "has no dollar price index")
    base = prices[prices["time_period"] == base_year]
    if base.empty:
        years = _span(prices["time_period"])
        raise DataError(f"no price index for the base year {base_year!r}. Choose one of: {years}.")
    level, base_id = float(base["level"].iloc[0]), str(base["observation_id"].iloc[0])
    joined = values.merge(_named(prices, "level"), on="time_period", how="left", validate="many_to_one")
    _refuse(joined.loc[joined["level"].isna(), "time_period"], "has no yearly price index")
    for column in _present(values):
        joined[column] = joined[column] * level / joined["level"]
    index = joined["level"].map("{:g}".format)
    ratio = f" × {level:g} / " + index + f" (CPI-U of {base_year} over that of " + joined["time_period"] + ")"
    joined["formula"] = _before(joined) + ratio
    inputs = joined["observation_ids"] + " ; " + joined["level_id"]
    joined["observation_ids"] = inputs.where(joined["level_id"] == base_id, inputs + " ; " + base_id)
    joined["is_flagged"] = joined["is_partial"] | bool(base["is_partial"].iloc[0])
    joined["price_basis"] = f"constant {base_year}"
    return joined.set_index(values.index).drop(columns=["level", "level_id", "is_partial"])


def _named(factors: pd.DataFrame, factor: str) -> pd.DataFrame:
    extra = {"rate": {"unit_measure": "rate_unit"}, "level": {"is_partial": "is_partial"}}[factor]
    names = {"time_period": "time_period", factor: factor, "observation_id": f"{factor}_id", **extra}
    return factors[list(names)].rename(columns=names)


def _before(values: pd.DataFrame) -> pd.Series:
    """Return what a value was before: its own formula in brackets, or "value in dollars of the year"."""
    if "formula" not in values:
        return pd.Series("value in dollars of the year", index=values.index)
    return ("(" + values["formula"] + ")").where(values["formula"].notna(), "value in dollars of the year")


def _present(values: pd.DataFrame) -> list[str]:
    return [column for column in _MONEY if column in values]


def _refuse(offenders: pd.Series, why: str) -> None:
    found = sorted(set(map(str, offenders)))
    if found:
        raise DataError(f"{', '.join(found[:8])} {why}.")


def _span(years: pd.Series) -> str:
    return f"{years.min()} to {years.max()}" if len(years) else "none, the index is missing"
