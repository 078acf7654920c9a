"""Implied value: what a weight of crude oil would have cost at a price per barrel, the formula kept."""

import pandas as pd

from pipelines.errors import DataError

BARRELS_PER_TONNE = 7.33


def implied_value(tonnes: float, price: float, barrels_per_tonne: float = BARRELS_PER_TONNE) -> float:
    """Return tonnes × barrels a tonne × price in US dollars; 7.33 barrels a tonne is the usual convention for crude.

    Refuses negative weights and prices.

    >>> round(implied_value(1e6, 100) / 1e6, 1)
    733.0
    """
    if not (tonnes >= 0 and price >= 0 and barrels_per_tonne > 0):
        raise DataError(f"{tonnes:g} t at {price:g} US$ a barrel imply no value: both must be zero or more.")
    return tonnes * barrels_per_tonne * price


def implied_values(volumes: pd.DataFrame, prices: pd.DataFrame) -> pd.DataFrame:
    """Return one implied value in USD for every period that has a volume in tonnes and a price in USD a barrel.

    Columns: time_period, obs_value, formula. Other units are refused, as are two values for one period.
    """
    _refuse(volumes, "T")
    _refuse(prices, "USD_PER_BBL")
    known = dict(zip(prices["time_period"], prices["obs_value"], strict=True))
    both = [year for year in volumes["time_period"] if year in known]
    weights = dict(zip(volumes["time_period"], volumes["obs_value"], strict=True))
    pairs = [(float(weights[year]), float(known[year])) for year in both]
    return pd.DataFrame(
        {
            "time_period": both,
            "obs_value": [implied_value(tonnes, price) for tonnes, price in pairs],
            "formula": [
                f"{tonnes / 1e6:.1f} Mt × {BARRELS_PER_TONNE} barrels a tonne × {price:.2f} US$"
                for tonnes, price in pairs
            ],
        }
    )


def _refuse(rows: pd.DataFrame, unit: str) -> None:
    others = sorted(set(rows["unit_measure"]) - {unit})
    if others:
        raise DataError(f"an implied value needs {unit}, found {', '.join(others)}.")
    doubled = rows.loc[rows["time_period"].duplicated(), "time_period"].tolist()
    if doubled:
        raise DataError(f"two values in {unit} stand for {', '.join(map(str, doubled[:5]))}; choose one per period.")
