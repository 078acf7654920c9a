"""In which money a trade chart stands: euros or dollars, of each year or of one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from components.shelves import HeldRow, hold
from components.trade.rows import Rows
from components.views import Choice, Parameter, Selection
from pipelines.analyse.convert import Price, deflate, to_dollars, yearly_prices, yearly_rates
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


@dataclass(frozen=True, eq=False)
class Prices:
    """The price index of each year, told apart by identity, so that values restated with it can be kept."""

    yearly: Mapping[str, Price]


def restate(tables: Tables, rows: Rows, selection: Selection) -> tuple[Rows, list[str]]:
    """Return the rows in the money asked for, and what to know about it.

    Rows that cannot be restated (a range of years, a deadline to come, an undated figure, a year without a rate) are
    left out, and the notes say which.
    """
    is_constant = selection["prices"] == "constant"
    notes: list[str] = []
    if (is_constant or selection["currency"] == "usd") and any(row["unit_measure"] == "EUR" for row in rows):
        rows, notes = _dollars(tables, rows)
    if is_constant and rows:
        rows, more = _constant(tables, rows, f"{float(selection['base']):.0f}")
        notes += more
    return rows, notes


def _dollars(tables: Tables, rows: Rows) -> tuple[Rows, list[str]]:
    rates = hold(tables, "rates", lambda: yearly_rates(tables.observations))
    usable, notes = _usable(rows, rates, "For want of a yearly euro rate not shown")
    dollars = [HeldRow(row) for row in to_dollars(usable, rates)]
    return dollars, [
        "Euros are turned into dollars at the mean rate of each year; the formula is kept.",
        *notes,
    ]


def _constant(tables: Tables, rows: Rows, year: str) -> tuple[Rows, list[str]]:
    index = hold(tables, "prices", lambda: Prices(yearly_prices(tables.observations)))
    if year not in index.yearly:
        return [], [f"No price index of {year} is known, so nothing can be put in dollars of that year."]
    usable, notes = _usable(rows, index.yearly, "For want of a yearly price index not shown")
    restated = [_deflated(row, index, year) for row in usable]
    flags = [row["is_flagged"] for row in restated]
    if any(flags):
        rings = "every value rests" if all(flags) else "the ringed values rest"
        notes.append(
            f"The price index of 2025 is a mean of eleven months (none was published for October): {rings} on it."
        )
    return restated, [f"Constant dollars of {year}, deflated by US consumer prices (CPI-U).", *notes]


@lru_cache(maxsize=8192)
def _deflated(row: HeldRow, index: Prices, year: str) -> HeldRow:
    """Return one value in dollars of a year, worked out once for each row that is held."""
    (restated,) = deflate([row], index.yearly, year)
    return HeldRow(restated)


def _usable(rows: Rows, years: Collection[str], words: str) -> tuple[Rows, list[str]]:
    left_out = [str(row["time_period"] or "undated") for row in rows if row["time_period"] not in years]
    usable = [row for row in rows if row["time_period"] in years]
    return usable, [f"{words}: {', '.join(dict.fromkeys(left_out))}."] if left_out else []


def price_words(rows: Rows) -> str:
    """Return the price basis of the rows as an axis title says it."""
    bases = {row["price_basis"] for row in rows if isinstance(row["price_basis"], str)}
    return f"{bases.pop().removeprefix('constant ')} prices" if len(bases) == 1 else "current prices"


def restated_words(rows: Rows) -> str:
    """Return a sentence on the money of the rows where it is not that of each year, for whoever quotes a value."""
    bases = {row["price_basis"] for row in rows if isinstance(row["price_basis"], str)}
    years = sorted(basis.removeprefix("constant ") for basis in bases if basis.startswith("constant "))
    if years:
        return f" In constant dollars of {' and '.join(years)}."
    is_turned = any(row["ref_area"] == "EU27" and row["unit_measure"] == "USD" for row in rows)
    return " Euros are turned into dollars at the year's rate." if is_turned else ""
