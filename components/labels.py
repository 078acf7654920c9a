"""The words of areas, indicators, units, numbers, periods and sources, the same on every page."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipelines.wording import (
    BOUND_SYMBOL,
    BOUND_WORDS,
    MINUS,
    MONEY,
    MONTHS,
    NBSP,
    UNIT_WORDS,
    as_said,
    bounded,
    glued,
    interval,
    number,
    period,
    plural,
    value,
)

__all__ = [
    "BOUND_SYMBOL",
    "BOUND_WORDS",
    "MINUS",
    "MONTHS",
    "NBSP",
    "NO_WORDS",
    "Articles",
    "Scale",
    "Sources",
    "Words",
    "article",
    "articles",
    "as_said",
    "bounded",
    "by_id",
    "citation",
    "citations",
    "cite",
    "glued",
    "interval",
    "join_words",
    "no_year",
    "number",
    "pair",
    "period",
    "plural",
    "promised_period",
    "scale_for",
    "source_line",
    "value",
    "words",
]

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


@dataclass(frozen=True, eq=False)
class Words:
    """Names and definitions from the code lists, told apart by identity, so that texts made of them can be kept."""

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


NO_WORDS = Words({})
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


def promised_period(row: Mapping[Any, Any]) -> str:
    """Return the period of a figure; a target that only has the years of its contract names no year of its own.

    >>> promised_period({"time_period": "2018/2023", "role": "target", "period_basis": "derived"})
    'no year, contract 2018–2023'
    >>> promised_period({"time_period": "2030", "role": "target", "period_basis": "stated"})
    '2030'
    """
    has_window = row["role"] == "target" and row["period_basis"] == "derived" and "/" in row["time_period"]
    return no_year(row["time_period"]) if has_window else period(row["time_period"])


def no_year(window: str) -> str:
    """Return that a promise names no year, with the years of its contract where they are known.

    >>> no_year("2018/2023"), no_year("")
    ('no year, contract 2018–2023', 'no year')
    """
    return f"no year, contract {period(window)}" if window else "no year"


def pair(names: Words, ref_area: str, counterpart_area: str) -> str:
    """Return the two ends of a pair, reporter first."""
    return f"{names.area(ref_area)}–{names.area(counterpart_area)}" if counterpart_area else names.area(ref_area)


def join_words(parts: Sequence[str]) -> str:
    """Return words as an English list.

    >>> join_words(["Russia", "China", "Kazakhstan"])
    'Russia, China and Kazakhstan'
    """
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def scale_for(unit: str, values: Iterable[float]) -> Scale:
    """Return the scale an axis shows a unit in: money in billions or millions, weights in million tonnes."""
    largest = max((abs(v) for v in values if v is not None and not math.isnan(v)), default=0.0)
    if unit in MONEY:
        factor, word = (1e9, "bn") if largest >= 1e9 or largest == 0 else (1e6, "m")
        return Scale(factor, f"{MONEY[unit]} {word}")
    if unit == "T":
        return Scale(1e6, "Mt") if largest >= 1e6 else Scale(1, "t")
    return Scale(1, {"COUNT": "number", "RANK": "rank"}.get(unit, UNIT_WORDS.get(unit, unit)))


def citation(source: Mapping[str, Any]) -> str:
    """Return how a row of sources.csv is cited: author, year where known, title, publisher, address; nothing twice."""
    who = str(source.get("author") or source["publisher"])
    when = str(source.get("published") or "")[:4]
    parts = dict.fromkeys((who, str(source["title"]), str(source["publisher"])))
    named = [f"{part} ({when})." if when and part == who else f"{part}." for part in parts]
    return " ".join([*named, str(source.get("url") or "")]).strip()


Sources = Mapping[str, Mapping[str, Any]]
# How the date of a page is known where it is the page's own.
DATED = ("printed_date", "url_date")


def by_id(sources: pd.DataFrame) -> Sources:
    """Return the rows of sources by their id, empty cells as empty text, and as `cited` how each is cited."""
    rows = sources.astype(object).where(sources.notna(), "").to_dict("records")
    named = ({str(key): entry for key, entry in row.items()} for row in rows)
    return {row["source_id"]: {**row, "cited": citation(row)} for row in named}


def citations(sources: Sources, source_ids: Sequence[str]) -> list[str]:
    """Return the citations of the named sources, in their order; unknown ids are left aside."""
    return [sources[source_id]["cited"] for source_id in dict.fromkeys(source_ids) if source_id in sources]


def article(source: Mapping[str, Any], row: Mapping[Any, Any]) -> Mapping[str, Any]:
    """Return the source as the page that printed an observation: its own address, and the date it was printed."""
    address, since = row.get("url"), row.get("vintage")
    if not isinstance(address, str) or address in ("", source.get("url")):
        return source
    is_dated = isinstance(since, str) and row.get("vintage_basis") in DATED
    return {**source, "url": address, "published": since if is_dated else ""}


Articles = Mapping[str, tuple[str, str]]


def articles(observations: pd.DataFrame, sources: Sources) -> Articles:
    """Return source id and citation of every observation that was printed on a page of its own."""
    rows = observations[["observation_id", "source_id", "url", "vintage", "vintage_basis"]].to_dict("records")
    paged = ((row, sources[row["source_id"]]) for row in rows if row["source_id"] in sources)
    found = ((row, source, article(source, row)) for row, source in paged)
    return {
        row["observation_id"]: (row["source_id"], citation(page)) for row, source, page in found if page is not source
    }


def cite(sources: Sources, source_ids: Sequence[str], printed: Articles, observation_ids: Iterable[str]) -> list[str]:
    """Return the citations behind a chart: of a source whose pages printed what is drawn, those pages and not its home.

    >>> sources = {"a": {"cited": "A. Trade."}, "b": {"cited": "B. News."}}
    >>> cite(sources, ["a", "b"], {"b1": ("b", "B, page 1")}, ["a1", "b1"])
    ['A. Trade.', 'B, page 1']
    """
    pages: dict[str, dict[str, None]] = {}
    for name in dict.fromkeys(filter(printed.__contains__, observation_ids)):
        source_id, text = printed[name]
        pages.setdefault(source_id, {})[text] = None
    return [text for name in dict.fromkeys(source_ids) for text in pages.get(name) or citations(sources, [name])]


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
