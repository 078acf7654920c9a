"""The words of areas, indicators, units, numbers, periods and sources, the same on every page."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

NBSP = "\u00a0"
MINUS = "\u2212"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

MONEY: Mapping[str, str] = {"USD": "US$", "EUR": "€", "CNY": "CN¥"}
UNIT_WORDS: Mapping[str, str] = {
    "BCM": "bcm",
    "BCM_YR": "bcm a year",
    "USD_PER_BBL": "US$ a barrel",
    "MBD": "Mb/d",
    "KM": "km",
    "HA": "ha",
    "PERCENT": "%",
    "RATIO": "times",
    "PERSON": "people",
    "YEAR": "years",
    "DAY": "days",
    "PER_MONTH": "a month",
    "INDEX_1982_84": "(1982–84 = 100)",
    "USD_PER_EUR": "US$ per €",
    "EUR_PER_USD": "€ per US$",
}
SINGULAR: Mapping[str, str] = {"years": "year", "days": "day", "people": "person"}
BOUND_SYMBOL: Mapping[str, str] = {"=": "", "~": "≈", "<~": "just under", ">=": "≥", ">": ">", "<=": "≤", "<": "<"}
BOUND_WORDS: Mapping[str, str] = {
    "=": "as stated",
    "~": "about",
    "<~": "nearly",
    ">=": "at least",
    ">": "more than",
    "<=": "at most",
    "<": "less than",
}
VINTAGE_WORDS: Mapping[str, str] = {
    "printed_date": "date printed on the document",
    "url_date": "date in the page address",
    "edition": "edition of the statistics",
    "assumed_lag": "assumed publication lag",
    "text": "inferred from the text",
    "unknown": "no date known",
}


@dataclass(frozen=True)
class Scale:
    """Divide base-unit values by `factor` to get what the axis shows in `unit`."""

    factor: float
    unit: str


@dataclass(frozen=True)
class Words:
    """Names and definitions from the code lists, by list and code."""

    names: Mapping[str, Mapping[str, str]]
    descriptions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def name(self, codelist: str, code: str) -> str:
        """Return the name of a code, or the code itself where the list has none."""
        return self.names.get(codelist, {}).get(code, code)

    def description(self, codelist: str, code: str) -> str:
        """Return the definition of a code, or nothing where the list has none."""
        return self.descriptions.get(codelist, {}).get(code, "")

    def area(self, code: str) -> str:
        """Return the name of an area; several joined by ';' become a list in words."""
        return join_words([self.name("CL_AREA", part) for part in str(code).split(";") if part])

    def indicator(self, code: str) -> str:
        """Return what an indicator measures."""
        return self.name("CL_INDICATOR", code)

    def role(self, code: str) -> str:
        """Return the name of a role."""
        return self.name("CL_ROLE", code)

    def source_class(self, code: str) -> str:
        """Return the name of a source class."""
        return self.name("CL_SOURCE_CLASS", code)


_READ: dict[int, tuple[Mapping[str, pd.DataFrame], Words]] = {}


def words(codes: Mapping[str, pd.DataFrame]) -> Words:
    """Return the names and definitions of every code list; the same code lists are read once."""
    known = _READ.get(id(codes))
    if known is not None and known[0] is codes:
        return known[1]
    if len(_READ) > 15:
        _READ.clear()
    read = Words(*({name: _column(rows, column) for name, rows in codes.items()} for column in ("name", "description")))
    _READ[id(codes)] = (codes, read)
    return read


def _column(rows: pd.DataFrame, column: str) -> dict[str, str]:
    if column not in rows:
        return {}
    return dict(zip(rows["code"].tolist(), rows[column].fillna("").tolist(), strict=True))


def pair(names: Words, ref_area: str, counterpart_area: str) -> str:
    """Return the two ends of a pair, reporter first."""
    return f"{names.area(ref_area)}–{names.area(counterpart_area)}" if counterpart_area else names.area(ref_area)


def join_words(parts: Sequence[str]) -> str:
    """Return words as an English list.

    >>> join_words(["Russia", "China", "Kazakhstan"])
    'Russia, China and Kazakhstan'
    """
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def number(value: float, *, fine: bool = False) -> str:
    """Return a number with two decimals below ten, one below a thousand, thousands separated, a true minus sign.

    `fine` keeps two decimals throughout.

    >>> number(95.24), number(7.68), number(4200.0), number(-28.0), number(10.394, fine=True)
    ('95.2', '7.68', '4,200', '−28', '10.39')
    """
    size = abs(value)
    decimals = 2 if size < 10 or fine else 1 if size < 1000 else 0
    shown = f"{size:,.{decimals}f}"
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return f"{MINUS}{shown}" if value < 0 and shown != "0" else shown


def value(amount: float | None, unit: str, *, counted: str = "", fine: bool = False) -> str:
    r"""Return an amount in base units with its unit, scaled to be read; `fine` keeps two decimals.

    >>> value(95.24e9, "USD"), value(38, "BCM_YR"), value(-28, "PERCENT"), value(14.2e6, "T")
    ('US$95.2\xa0bn', '38\xa0bcm a year', '−28\xa0%', '14.2\xa0Mt')
    """
    if amount is None or math.isnan(amount):
        return "not stated"
    if unit in MONEY:
        return _money(amount, MONEY[unit], fine)
    if unit == "T":
        factor, word = (1e6, "Mt") if abs(amount) >= 1e6 else (1.0, "t")
        return f"{number(amount / factor, fine=fine)}{NBSP}{word}"
    shown = number(amount, fine=fine)
    if unit == "COUNT":
        return f"{shown}{NBSP}{plural(counted, amount)}" if counted else shown
    if unit == "RANK":
        return f"rank {shown}"
    word = UNIT_WORDS.get(unit, unit)
    return f"{shown}{NBSP}{SINGULAR.get(word, word) if amount == 1 else word}"


def _money(amount: float, symbol: str, fine: bool) -> str:
    sign, size = (MINUS if amount < 0 else ""), abs(amount)
    for factor, word in ((1e12, "tn"), (1e9, "bn"), (1e6, "m")):
        if size >= factor * 0.9995:
            return f"{sign}{symbol}{number(size / factor, fine=fine)}{NBSP}{word}"
    return f"{sign}{symbol}{number(size, fine=fine)}"


def plural(noun: str, amount: float) -> str:
    """Return the noun of a count in the number that fits.

    >>> plural("project", 39), plural("country", 40), plural("project", 1)
    ('projects', 'countries', 'project')
    """
    if amount == 1 or not noun:
        return noun
    if re.search(r"[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return noun if noun.endswith("s") else f"{noun}s"


def bounded(amount: float | None, unit: str, bound: str, *, counted: str = "", fine: bool = False) -> str:
    r"""Return an amount with the sign of what its wording allows.

    >>> bounded(94e9, "USD", ">=")
    '≥\xa0US$94\xa0bn'
    """
    sign = BOUND_SYMBOL.get(bound, "")
    shown = value(amount, unit, counted=counted, fine=fine)
    return f"{sign}{NBSP}{shown}" if sign else shown


def interval(low: float | None, high: float | None, unit: str) -> str:
    """Return the interval a wording allows; an open end is said so."""
    lowest = None if low is None or math.isnan(low) else value(low, unit, fine=True)
    highest = None if high is None or math.isnan(high) else value(high, unit, fine=True)
    if lowest and highest:
        return lowest if lowest == highest else f"{lowest} to {highest}"
    if lowest:
        return f"{lowest} or more"
    return f"{highest} or less" if highest else "not bounded"


def scale_for(unit: str, values: Iterable[float]) -> Scale:
    """Return the scale an axis shows a unit in: money in billions or millions, weights in million tonnes."""
    largest = max((abs(v) for v in values if v is not None and not math.isnan(v)), default=0.0)
    if unit in MONEY:
        factor, word = (1e9, "bn") if largest >= 1e9 or largest == 0 else (1e6, "m")
        return Scale(factor, f"{MONEY[unit]} {word}")
    if unit == "T":
        return Scale(1e6, "Mt") if largest >= 1e6 else Scale(1, "t")
    return Scale(1, {"COUNT": "number", "RANK": "rank"}.get(unit, UNIT_WORDS.get(unit, unit)))


def period(time_period: str) -> str:
    """Return a period in words.

    >>> period("2014"), period("2020-01/2020-08"), period("1990/1999"), period("2013-12-31"), period("")
    ('2014', 'Jan–Aug 2020', '1990–1999', '31 Dec 2013', 'undated')
    """
    if not time_period:
        return "undated"
    start, _, end = time_period.partition("/")
    if not end:
        return _moment(start)
    if start[:4] == end[:4] and len(start) == len(end) == 7:
        return f"{MONTHS[int(start[5:7]) - 1]}–{_moment(end)}"
    return f"{_moment(start)}–{_moment(end)}"


def _moment(text: str) -> str:
    parts = text.split("-")
    if not all(part.isdigit() for part in parts) or not 1 <= len(parts) <= 3:
        return text
    month = MONTHS[int(parts[1]) - 1] if len(parts) > 1 else ""
    day = str(int(parts[2])) if len(parts) > 2 else ""
    return " ".join(part for part in (day, month, parts[0]) if part)


def citation(source: Mapping[str, Any]) -> str:
    """Return how a row of sources.csv is cited: author, year where known, title, publisher, address; nothing twice."""
    who = str(source.get("author") or source["publisher"])
    when = str(source.get("published") or "")[:4]
    parts = dict.fromkeys((who, str(source["title"]), str(source["publisher"])))
    named = [f"{part} ({when})." if when and part == who else f"{part}." for part in parts]
    return " ".join([*named, str(source.get("url") or "")]).strip()


Sources = Mapping[str, Mapping[str, Any]]


def by_id(sources: pd.DataFrame) -> Sources:
    """Return the rows of sources by their id, empty cells as empty text."""
    rows = sources.astype(object).where(sources.notna(), "").to_dict("records")
    return {str(row["source_id"]): {str(key): entry for key, entry in row.items()} for row in rows}


def citations(sources: Sources, source_ids: Sequence[str]) -> list[str]:
    """Return the citations of the named sources, in their order; unknown ids are left aside."""
    return [citation(sources[source_id]) for source_id in dict.fromkeys(source_ids) if source_id in sources]


def source_line(sources: Sources, source_ids: Sequence[str], *, most: int = 4) -> str:
    """Return the publishers behind a chart in one line, the first few by name.

    >>> rows = {name: {"publisher": name.upper()} for name in "abc"}
    >>> source_line(rows, ["a", "b", "a", "c"], most=2)
    'A, B and 1 more'
    """
    names = list(dict.fromkeys(str(sources[name]["publisher"]) for name in source_ids if name in sources))
    if len(names) > most:
        names = [*names[:most], f"{len(names) - most} more"]
    return join_words(names)
