"""One count in several editions, or by several publishers: how far apart they lie."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from pipelines.checks.facts import Facts, Figure
from pipelines.checks.finding import Finding, Mark, Rule
from pipelines.checks.intervals import Interval
from pipelines.checks.publishers import Fact, Record, Statement, record_of
from pipelines.checks.saying import amount, publisher, who

APART = 0.02
_PARTS = ("GAS_IMP_PIPELINE", "GAS_IMP_LNG")
_DIRECTIONS = ("EXP_FOB", "IMP_CIF")
Pair = tuple[Statement, Statement]


def find_apart(facts: Facts) -> Iterator[Finding]:
    """Return one finding for each two makers of one count that lie 2 % or more apart in some year.

    The two are editions of one publisher, or publishers of one reporter's count (sums of its months against a year
    included). A turnover stands for its two directions: those are looked at only in years whose turnover agrees.
    """
    record = record_of(facts)
    told: set[tuple[str, str]] = set()
    for fact, periods in _counts(record):
        for makers, pairs in _by_makers(periods).items():
            apart = [pair for pair in pairs if _gap(pair) >= APART]
            flow = "-".join(sorted(fact[0].removeprefix("GOODS.").replace(">", "-").split("-")))
            apart = [pair for pair in apart if (f"{makers}{flow}", pair[0].period) not in told]
            told |= {(f"{makers}{flow}", pair[0].period) for pair in apart}
            if apart:
                yield _finding(fact, apart, len(pairs), record, facts)


def _counts(record: Record) -> Iterator[tuple[Fact, Mapping[str, list[Statement]]]]:
    """Yearly levels by fact, turnover first; totals of which only the parts are published are added up."""
    facts = [fact for fact in record.by_fact if fact[3] != "growth" and not fact[0].startswith("TRADE_BALANCE")]
    for fact in sorted(facts, key=lambda fact: (not ("GOODS" in fact[0] and "-" in fact[0]), fact)):
        periods = {year: list(found) for year, found in record.by_fact[fact].items() if len(year) == 4}
        if fact[0].startswith("GAS_IMP."):
            for year, found in periods.items():
                found.extend(_sums_of_parts(fact, year, record))
        yield fact, periods


def _sums_of_parts(fact: Fact, year: str, record: Record) -> list[Statement]:
    """Pipeline gas plus LNG of one edition, where that edition has no total for the year."""
    areas = fact[0].partition(".")[2]
    parts = [record.by_fact.get((f"{name}.{areas}", *fact[1:]), {}).get(year, []) for name in _PARTS]
    stated = {one.edition for one in record.by_fact[fact].get(year, [])}
    return [
        replace(one, value=one.value + other.value, formula="pipeline + LNG", ids=(*one.ids, *other.ids))
        for one in parts[0]
        for other in parts[1]
        if one.edition == other.edition and one.edition not in stated
    ]


def _by_makers(periods: Mapping[str, Sequence[Statement]]) -> dict[tuple[str, ...], list[Pair]]:
    """Pairs of statements of one reporter in one year, by their two makers, the one known longer first."""
    pairs: dict[tuple[str, ...], list[Pair]] = {}
    for year in sorted(periods):
        official = [one for one in periods[year] if one.edition != "as printed" and one.value > 0]
        ordered = sorted(official, key=lambda one: (one.vintage, one.source_id, one.edition))
        for first, second in combinations(ordered, 2):
            if first.reporter == second.reporter:
                key = (first.reporter, first.source_id, second.source_id)
                pairs.setdefault(key, []).append((first, second))
    return pairs


def _gap(pair: Pair) -> float:
    return abs(pair[1].value / pair[0].value - 1)


def _finding(fact: Fact, apart: Sequence[Pair], years: int, record: Record, facts: Facts) -> Finding:
    worst = max(apart, key=_gap)
    first, second = worst
    makers = list(dict.fromkeys(publisher(one) for one in worst))
    names = " and ".join(makers) if first.source_id != second.source_id else f"two editions of {makers[0]}"
    lines = [_line(pair) for pair in apart]
    marks = [
        Mark(f"{publisher(one)}, {one.edition}", Interval(one.value, one.value), one.value, "official", one.ids[0])
        for one in worst
    ]
    return Finding(
        "unexplained",
        f"{_what(fact, record)} {first.period}: {names} lie {100 * _gap(worst):.1f} % apart",
        [f"{who(first, record)} against {who(second, record)}", *lines],
        _figures(worst, facts),
        explanation=f"Both give {years} years; {len(apart)} lie {APART:.0%} or more apart. Nothing stated explains it.",
        picture=marks,
        unit=first.unit,
        size=_gap(worst),
        word="caution",
        witnesses=[figure for pair in apart for figure in _figures(pair, facts)],
    )


def _line(pair: Pair) -> str:
    first, second = pair
    gap = f"{100 * (second.value / first.value - 1):+.1f}".replace("-", "−")
    cells = [f"{amount(one.value, one.unit)}{f' ({one.formula})' if ' ' in one.formula else ''}" for one in pair]
    return f"{first.period}: {cells[0]} and {cells[1]}: {gap} %".replace("EXP_FOB + IMP_CIF", "exports + imports")


def _what(fact: Fact, record: Record) -> str:
    """Name a fact: trade China–Russia, exports of China to Russia, gas imports of China."""
    what, _, areas = fact[0].partition(".")
    if what == "GOODS" and "-" in areas:
        return "Trade " + "–".join(record.area(code) for code in areas.split("-"))
    first, _, second = areas.partition(">")
    if what == "GOODS":
        return f"Exports {record.area(first)} to {record.area(second)}"
    return f"{record.indicator(what)}, {record.area(first)}" + (
        f" from {record.area(second)}" if second != "W00" else ""
    )


def _figures(pair: Pair, facts: Facts) -> list[Figure]:
    return [facts.by_id[name] for one in pair for name in one.ids if name in facts.by_id]


EDITIONS = (
    Rule(
        "editions-apart",
        "Editions and publishers of one count give one value.",
        "Compares the yearly values of each two editions of one publisher, and of each two publishers of one "
        "reporter's count, sums of twelve months included; a total of which an edition has only the parts is added up. "
        "Speaks from 2 % on: below that, editions usually differ. Silent about values estimated from the partner.",
        find_apart,
    ),
)
