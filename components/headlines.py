"""Headlines: the newest value of what readers ask for first, each with its period and its age on a day."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from components import labels
from pipelines.analyse.age import is_old, newest_day
from pipelines.analyse.news import last_day
from pipelines.tables import Tables

SEPARATOR = " ; "
Row = Mapping[Any, Any]


@dataclass(frozen=True)
class Card:
    """One headline: what, how much, of which period, how old that is, which mark leads to it, and a note.

    One without a value has nothing but its label and, as its note, why nothing is known.
    """

    label: str
    value: str = ""
    period: str = ""
    age: str = ""
    is_old: bool = False
    observation_id: str = ""
    note: str = ""


@dataclass(frozen=True)
class Headline:
    """Where a headline is looked up: a table of results and the cells that pick its rows."""

    label: str
    find: Callable[[Tables, "Headline"], Row | None]
    where: Mapping[str, str]


def headline_cards(tables: Tables) -> tuple[Card, ...]:
    """Return the headlines as old as they are on the day of this state of knowledge, those without a value with why."""
    day = reference_day(tables)
    found = ((headline.label, headline.find(tables, headline)) for headline in HEADLINES)
    return tuple(
        Card(label, note=_why_nothing(tables)) if row is None or day is None else _card(label, row, day)
        for label, row in found
    )


def _why_nothing(tables: Tables) -> str:
    known = tables.as_known
    if known.mode == "published":
        return f"no value was out by {labels.period(known.date)}; what is held came out later or on a day nobody told"
    return f"no value is held of the years up to {known.date}" if known.mode == "cut" else "no value is held"


def reference_day(tables: Tables) -> dt.date | None:
    """Return the day ages are counted to and after which nothing is news.

    That is the last day of an earlier state of knowledge, else today, and without a clock the newest day in the data.
    """
    if tables.as_known.mode != "latest":
        return dt.date.fromisoformat(last_day(tables.as_known.date))
    return tables.as_known.today or newest_day(tables.observations)


def age_words(days: int) -> str:
    """Return an age in the unit that suits it.

    >>> age_words(1), age_words(40), age_words(400), age_words(1200)
    ('1 day', '40 days', '13 months', '3.3 years')
    """
    if days < 60:
        return f"{days} day{'' if days == 1 else 's'}"
    return f"{round(days / 30.44)} months" if days < 730 else f"{labels.number(round(days / 365.25, 1))} years"


def _card(label: str, row: Row, day: dt.date) -> Card:
    end = dt.date.fromisoformat(last_day(str(row["time_period"]).rpartition("/")[2]))
    return Card(
        label=label,
        value=labels.value(float(row["obs_value"]), str(row["unit_measure"])),
        period=labels.period(str(row["time_period"])),
        age=f"{age_words((day - end).days)} old" if day >= end else "not over yet",
        is_old=is_old(str(row["freq"]), end, day),
        observation_id=str(row["observation_ids"]),
        note=str(row["note"]),
    )


def _matching(rows: pd.DataFrame, where: Mapping[str, str]) -> pd.DataFrame:
    for column, value in where.items():
        rows = rows[rows[column] == value]
    return rows


def _newest_of_line(tables: Tables, headline: Headline) -> Row | None:
    """Find the newest point of a preferred line, with its growth on the year before."""
    rows = _matching(tables.series[tables.series["is_preferred"]], headline.where).sort_values("time_period")
    if rows.empty:
        return None
    row = rows.iloc[-1].to_dict()
    return {**row, "note": _on_before(row["growth"], str(row["time_period"]))}


def _on_before(growth: float, time_period: str, unit: str = f"{labels.NBSP}%") -> str:
    """Say a change on the same period a year before."""
    before = re.sub(r"\b\d{4}\b", lambda year: str(int(year.group()) - 1), time_period)
    return "" if pd.isna(growth) else f"{_signed(growth)}{unit} on {labels.period(before)}"


def _signed(amount: float) -> str:
    return f"{'+' if amount > 0 else ''}{labels.number(round(amount, 1))}"


def _newest_months(tables: Tables, headline: Headline) -> Row | None:
    """Find the newest stretch from January of the newest year, with its growth on the same months."""
    rows = _matching(tables.year_to_date, headline.where).sort_values(["year", "months"])
    if rows.empty:
        return None
    row = rows.iloc[-1].to_dict()
    growth = (
        "" if pd.isna(row["growth"]) else f"{_signed(row['growth'])}{labels.NBSP}% on the same months a year before"
    )
    return {**row, "freq": "YTD", "note": growth}


def _newest_share(tables: Tables, headline: Headline) -> Row | None:
    """Find the newest computed share, with its change in percentage points on the year before."""
    rows = _matching(tables.shares, headline.where).sort_values("time_period")
    if rows.empty:
        return None
    row = rows.iloc[-1].to_dict()
    before = rows.loc[rows["time_period"] == str(int(row["time_period"]) - 1), "share"]
    change = row["share"] - (before.iloc[0] if len(before) else float("nan"))
    return {
        **row,
        "obs_value": row["share"],
        "unit_measure": "PERCENT",
        "freq": "A",
        "observation_ids": SEPARATOR.join((row["numerator_ids"], row["denominator_ids"])),
        "note": _on_before(change, str(row["time_period"]), " points"),
    }


def _share(ref_area: str, counterpart_area: str) -> dict[str, str]:
    return {"ref_area": ref_area, "counterpart_area": counterpart_area, "indicator": "TRADE_PARTNER_SHARE"}


def _pair(ref_area: str, counterpart_area: str, indicator: str) -> dict[str, str]:
    return {"ref_area": ref_area, "counterpart_area": counterpart_area, "indicator": indicator, "freq": "A"}


HEADLINES: tuple[Headline, ...] = (
    Headline("Russia–China trade, China reporting", _newest_of_line, _pair("CHN", "RUS", "TRADE_TOTAL")),
    Headline(
        "Russia–China trade since January",
        _newest_months,
        {"ref_area": "CHN", "counterpart_area": "RUS", "indicator": "TRADE_TOTAL"},
    ),
    Headline("Russia's part in China's trade", _newest_share, _share("CHN", "RUS")),
    Headline("Gas through Power of Siberia", _newest_of_line, _pair("RUS", "CHN", "GAS_DELIVERY")),
    Headline("Kazakh gas to China", _newest_of_line, _pair("CHN", "KAZ", "GAS_IMP_PIPELINE")),
    Headline("China's part in Kazakhstan's trade", _newest_share, _share("KAZ", "CHN")),
    Headline("Russia's part in Kazakhstan's trade", _newest_share, _share("KAZ", "RUS")),
    Headline("EU exports to Kazakhstan", _newest_of_line, _pair("EU27", "KAZ", "EXP_FOB")),
    Headline("EU exports to Russia", _newest_of_line, _pair("EU27", "RUS", "EXP_FOB")),
    Headline(
        "Chinese direct investment in Kazakhstan, stock", _newest_of_line, _pair("KAZ", "CHN", "FDI_STOCK_INWARD")
    ),
)
