"""In which money a trade chart stands: euros or dollars, of each year or of one."""

from collections.abc import Sequence

import pandas as pd

from components.trade.rows import hold
from components.views import Choice, Parameter, Selection
from pipelines.analyse.convert import deflate, to_dollars, yearly_prices, yearly_rates
from pipelines.tables import Tables

PRICES = Parameter(
    "prices",
    "Prices",
    "current",
    choices=(Choice("current", "Of each year"), Choice("constant", "Constant dollars")),
    advanced=True,
    help="Constant dollars: deflated by US consumer prices (CPI-U).",
)
BASE = Parameter("base", "Constant dollars of", "2024", "year", low=1990, high=2025, advanced=True)
CURRENCY = Parameter(
    "currency",
    "EU exports in",
    "eur",
    choices=(Choice("eur", "Euros"), Choice("usd", "Dollars at the year's rate")),
    advanced=True,
)
MONEY_PARAMETERS = (PRICES, BASE, CURRENCY)


def restate(tables: Tables, rows: pd.DataFrame, selection: Selection) -> tuple[pd.DataFrame, list[str]]:
    """Return the rows in the money asked for, and what to know about it.

    Rows that cannot be restated (a range of years, a deadline to come, an undated figure, a year without a rate) are
    left out, and the notes say which.
    """
    is_constant = selection["prices"] == "constant"
    notes: list[str] = []
    if (rows["unit_measure"] == "EUR").any() and (is_constant or selection["currency"] == "usd"):
        rows, notes = _dollars(tables, rows)
    if is_constant and len(rows):
        rows, more = _constant(tables, rows, f"{float(selection['base']):.0f}")
        notes += more
    return rows, notes


def _dollars(tables: Tables, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    rates = hold(tables, "rates", lambda: yearly_rates(tables.observations))
    usable, notes = _usable(rows, rates["time_period"], "For want of a yearly euro rate not shown")
    converted = to_dollars(_with_inputs(usable), rates).assign(observation_id="")
    return converted, ["Euros are turned into dollars at the mean rate of each year; the formula is kept.", *notes]


def _constant(tables: Tables, rows: pd.DataFrame, year: str) -> tuple[pd.DataFrame, list[str]]:
    index = hold(tables, "prices", lambda: yearly_prices(tables.observations))
    if year not in set(index["time_period"]):
        return rows.head(0), [f"No price index of {year} is known, so nothing can be put in dollars of that year."]
    usable, notes = _usable(rows, index["time_period"], "For want of a yearly price index not shown")
    restated = deflate(_with_inputs(usable), index, year).assign(observation_id="")
    if restated["is_flagged"].any():
        rings = "every value rests" if restated["is_flagged"].all() else "the ringed values rest"
        notes.append(
            f"The price index of 2025 is a mean of eleven months (none was published for October): {rings} on it."
        )
    return restated, [f"Constant dollars of {year}, deflated by US consumer prices (CPI-U).", *notes]


def _usable(rows: pd.DataFrame, years: pd.Series, words: str) -> tuple[pd.DataFrame, list[str]]:
    is_usable = rows["time_period"].isin(years)
    left_out = [str(p) if isinstance(p, str) and p else "undated" for p in rows.loc[~is_usable, "time_period"]]
    return rows[is_usable], [f"{words}: {', '.join(dict.fromkeys(left_out))}."] if left_out else []


def _with_inputs(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with every input named in `observation_ids`."""
    has_list = rows["observation_ids"].fillna("") != ""
    return rows.assign(observation_ids=rows["observation_ids"].where(has_list, rows["observation_id"]))


def price_words(rows: pd.DataFrame) -> str:
    """Return the price basis of the rows as an axis title says it."""
    bases: Sequence[str] = rows["price_basis"].dropna().unique().tolist()
    return f"{bases[0].removeprefix('constant ')} prices" if len(bases) == 1 else "current prices"
