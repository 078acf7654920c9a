"""Numbers, units and periods as a reader sees them."""

import math
import re
from collections.abc import Mapping

NBSP = "\u00a0"
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:%|°C|MJ/m³|bcm|bn|tn|Mt|km)(?!\w))")
HALF_UP = 1 + 1e-12
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


def number(value: float, *, fine: bool = False) -> str:
    """Return a number with two decimals below ten, one below a thousand, thousands separated, a true minus sign.

    `fine` keeps two decimals throughout.

    A half is rounded up as a person rounds what is printed, whatever a computer makes of 6.795.

    >>> number(95.24), number(7.68), number(4200.0), number(-28.0), number(10.394, fine=True), number(6.795)
    ('95.2', '7.68', '4,200', '−28', '10.39', '6.8')
    """
    size = abs(value) * HALF_UP
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


_READ = re.compile(r"(-?)(\d+(?:\.\d+)?) (?:(USD|EUR|CNY) (tn|bn|m)|(bcm(?:/y)?|Mt|Mb/d|%|projects))")


def as_said(words: str) -> str:
    """Return a figure's own words on one line; a press figure, kept as number and unit, as a person writes it.

    >>> as_said("17.0 USD bn"), as_said("38.0 bcm/y"), as_said("nearly $15  billion")
    ('US$17 bn', '38 bcm a year', 'nearly $15 billion')
    """
    plain = " ".join(words.split())
    found = _READ.fullmatch(plain)
    if found is None:
        return plain
    minus, amount, currency, size, unit = found.groups()
    sign, amount = MINUS if minus else "", amount.removesuffix(".0")
    word = size or ("bcm a year" if unit == "bcm/y" else unit)
    return f"{sign}{MONEY.get(currency or '', '')}{amount} {word}"


def glued(text: str) -> str:
    r"""Return a text whose numbers keep their unit on the same line.

    >>> glued("71 % at 15 °C, 36.2 bcm")
    '71\xa0% at 15\xa0°C, 36.2\xa0bcm'
    """
    return _BEFORE_UNIT.sub(NBSP, text)


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
