"""What both sides report of the same flow: two lines never joined, the gap, and what no price margin explains."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

import pandas as pd

from components import labels
from components.charts.base import Row, by
from components.charts.mirror import asymmetry, remainders, side_by_side
from components.charts.timeline import timeline
from components.marks import hold_rows
from components.trade import rows as drawn
from components.trade.level import lines_of, named_ends, with_colours
from components.trade.money import price_words
from components.trade.rows import Rows
from components.trade.scope import SCOPE, Scope, place, scope_of
from components.views import Exhibit, Parameter, Selection
from pipelines.analyse.margin import beyond_margin, with_sales
from pipelines.errors import DataError
from pipelines.tables import Tables

MARGIN_LOW = Parameter(
    "margin_low", "Freight and insurance: from, %", "5", "number", low=0, high=40, advanced=True,
    help="What the buyer counts on top of the seller's price.",
)  # fmt: skip
MARGIN_HIGH = Parameter(
    "margin_high", "to, %", "10", "number", low=0, high=40, advanced=True, help="The IMF takes 6 % everywhere."
)
PARAMETERS = SCOPE
GAP_PARAMETERS = (*SCOPE, MARGIN_LOW, MARGIN_HIGH)
GAP_WORDS = "gap over the mean of the two reports"
GAP_COLUMNS = {
    "label": "Gap", "time_period": "Period", "obs_value": "Value", "allowed": "What the margin allows",
    "beyond_words": "Beyond it", "source_id": "Source",
}  # fmt: skip


@dataclass(frozen=True)
class Margin:
    """How much freight and insurance may add to the seller's price, in percent."""

    low: float
    high: float

    def __str__(self) -> str:
        if self.low == self.high:
            return drawn.percent(self.low)
        return f"{labels.number(self.low)} to {drawn.percent(self.high)}"


def margin_of(selection: Selection) -> Margin:
    """Return the margin of a selection; ends the wrong way round are refused."""
    low, high = (float(selection.get(p.name, p.default)) for p in (MARGIN_LOW, MARGIN_HIGH))
    if low > high:
        raise DataError(f"margin_low={low:g} lies above margin_high={high:g}. Swap them.")
    return Margin(low, high)


def build_lines(tables: Tables, selection: Selection) -> Exhibit:
    """Return the exhibit of both reports of a flow: official lines, or printed pairs where an official side lacks."""
    scope = scope_of(selection)
    words = labels.words(tables.codes)
    title = f"As both sides count it: {scope.words(words)}"
    pairs = drawn.covered(_pairs(tables, scope), scope)
    if not pairs:
        return drawn.empty(tables, title, _why_nothing(tables, scope, words))
    if all(pair["basis"] == "press" for pair in pairs):
        return _printed_pairs(tables, scope, title)
    key = ("both reports", scope.pair.code, scope.flow)
    held = hold_rows(tables, key, lambda: _both_reports(tables, Scope(scope.pair, scope.flow)))
    rows = named_ends([row for row in drawn.covered(held, scope) if row["mark"] != "estimate"], words)
    chart = timeline(rows, axis=f"As each side reports, {price_words(rows)}", words=words)
    return drawn.exhibit(title, rows, chart, _summary(words, pairs), caveats=_line_caveats(held, scope, words))


def _both_reports(tables: Tables, scope: Scope) -> pd.DataFrame:
    """Return the official record of both reporters and, as marks no line joins, what is quoted of the same flow."""
    quoted = [drawn.printed(tables, scope, reporter) for reporter in scope.pair.reporters]
    quoted = [rows[rows["is_document"].eq(True) & rows["unit_measure"].eq("USD")] for rows in quoted]
    return with_colours(drawn.stack([lines_of(tables, scope), *quoted]))


def build_gap(tables: Tables, selection: Selection) -> Exhibit:
    """Return the exhibit of the asymmetry: the gap between both reports over the mean of both, year by year."""
    scope = scope_of(selection)
    words = labels.words(tables.codes)
    title = f"Gap between the two reports: {scope.words(words)}"
    margin = margin_of(selection)
    pairs = beyond_margin(drawn.covered(_pairs(tables, scope), scope), margin.low, margin.high)
    if not pairs:
        return drawn.empty(tables, title, _why_nothing(tables, scope, words))
    rows = [_gap(pair, words) for pair in pairs]
    chart = asymmetry(
        rows, axis="Gap over the mean of both", band=f"Within {margin} of freight and insurance", words=words
    )
    caveats = [*_gap_caveats(pairs, words), *_margin_caveats(pairs, margin, words)]
    return replace(drawn.exhibit(title, rows, chart, _summary(words, pairs), caveats=caveats), columns=GAP_COLUMNS)


def build_beyond(tables: Tables, selection: Selection) -> Exhibit:
    """Return the exhibit of what remains of each gap beyond the margin of freight and insurance, in US dollars."""
    scope, margin = scope_of(selection), margin_of(selection)
    words = labels.words(tables.codes)
    title = f"Beyond freight and insurance: {scope.words(words)}"
    yearly = _pairs(tables, scope)
    is_printed = len(yearly) > 0 and all(pair["basis"] == "press" for pair in yearly)
    every = _every_pair(tables, scope) if is_printed else yearly
    pairs = beyond_margin(drawn.covered(every, scope), margin.low, margin.high)
    if not pairs:
        return drawn.empty(tables, title, _why_nothing(tables, scope, words))
    rows = [_remainder(pair, margin, words) for pair in pairs]
    chart = remainders(rows, axis=f"Beyond a margin of {margin}", by_name=is_printed, words=words)
    caveats = [
        *_margin_caveats(pairs, margin, words),
        "A ring on zero: the margin explains the whole gap. No mark: no report from both sides.",
        "What remains has other causes: goods through third countries, other valuations, time between the borders.",
    ]
    beyond = drawn.exhibit(title, rows, chart, _beyond_summary(pairs, margin, words), caveats=caveats)
    return replace(beyond, columns=GAP_COLUMNS)


def _pairs(tables: Tables, scope: Scope) -> Rows:
    """Return the yearly mirror pairs of the flow, official ones if there are any, else printed ones."""
    first, second = scope.pair.first, scope.pair.second
    pair = "-".join(sorted((first, second)))
    flow = {"total": f"{pair} total", "first": f"{first}>{second}", "second": f"{second}>{first}"}[scope.flow]

    def select() -> pd.DataFrame:
        mirror = tables.mirror
        rows = with_sales(mirror[(mirror["flow"] == flow) & (mirror["freq"] == "A")], mirror)
        is_official = rows["basis"] == "official"
        return rows[is_official] if is_official.any() else rows

    return hold_rows(tables, ("mirror", flow), select)


def _why_nothing(tables: Tables, scope: Scope, words: labels.Words) -> str:
    """Return why a pair has no two reports of one flow, and of which flows it has."""
    first, second = place(words, scope.pair.first), place(words, scope.pair.second)
    if scope.pair.kind == "exports":
        return f"Only the EU's side is held: no table gives what {second} counts as bought from it."
    if scope.pair.kind == "world":
        return f"Trade with the world has one reporter: nobody counts the other side of all that {first} trades."
    yearly = [pair for pair in _every_pair(tables, scope) if pair["freq"] == "A"]
    others = [
        f"{_flow_words(flow, words)} in {_spans(pair['time_period'] for pair in pairs)}"
        for flow, pairs in sorted(by(yearly, itemgetter("flow")).items())
    ]
    held = f" Held from both are {' and '.join(others)}." if others else ""
    when = f"No year of {scope.years} has" if scope.start < scope.end else f"{scope.years} has not got"
    return f"{when} a report of the {scope.words(words)} from both {first} and {second}.{held}"


def _spans(periods: Iterable[str]) -> str:
    """Return years as spans of years without a gap.

    >>> _spans(["2020", "1992", "1993", "1994"])
    '1992–1994, 2020'
    """
    years = sorted({int(period) for period in periods})
    starts = [year for year in years if year - 1 not in years]
    ends = [year for year in years if year + 1 not in years]
    return ", ".join(f"{a}–{b}" if a < b else f"{a}" for a, b in zip(starts, ends, strict=True))


def _every_pair(tables: Tables, scope: Scope) -> Rows:
    """Return the mirror pairs of both areas in time order, whatever the flow and not only of whole years."""
    ends = {scope.pair.first, scope.pair.second}

    def select() -> pd.DataFrame:
        mirror = tables.mirror
        is_theirs = mirror["reporter_a"].isin(ends) & mirror["reporter_b"].isin(ends)
        rows = mirror[is_theirs & mirror["freq"].isin(["A", "YTD"])].sort_values("time_period", kind="stable")
        return with_sales(rows, mirror)

    return hold_rows(tables, ("every mirror pair", scope.pair.code), select)


def _flow_words(flow: str, words: labels.Words) -> str:
    return "the turnover" if flow.endswith("total") else f"exports of {place(words, flow.partition('>')[0])}"


def _printed_pairs(tables: Tables, scope: Scope, title: str) -> Exhibit:
    """Return the printed or mixed pairs of figures, one row each, not only of whole years."""
    words = labels.words(tables.codes)
    held = hold_rows(tables, ("printed pairs", scope.pair.code), lambda: _pair_marks(tables, scope))
    rows = drawn.covered(held, scope)
    areas = dict.fromkeys(row["colour_of"] for row in rows)
    names = [drawn.sentence(f"{place(words, str(area))} reports") for area in areas]
    chart = side_by_side(rows, names, words=words)
    caveats = [
        "Pairs of single figures, at least one side of each as the press prints it; no official year has both sides.",
        "Marks are not joined: the distance between them is the gap.",
    ]
    pairs = drawn.covered(_pairs(tables, scope), scope)
    return drawn.exhibit(title, rows, chart, _summary(words, pairs), caveats=caveats)


def _pair_marks(tables: Tables, scope: Scope) -> pd.DataFrame:
    words = labels.words(tables.codes)
    marks = [mark for row in _every_pair(tables, scope) for mark in _two_sides(row, words)]
    sources = tables.sources.set_index("source_id")
    whole = pd.DataFrame(marks).reindex(columns=[*drawn.COLUMNS, "category"])
    kinds = whole["source_id"].str.partition(" ; ")[0].map(sources["kind"])
    return whole.assign(
        publisher=whole["source_id"].map(sources["publisher"]),
        source_class=whole["source_id"].map(sources["source_class"]),
        provenance=kinds.eq("statistics").map({True: "statistic", False: "quoted"}),
    )


def _two_sides(row: Row, words: labels.Words) -> Iterator[dict[str, object]]:
    what = _flow_words(row["flow"], words).removeprefix("the ")
    category = _category(row, words)
    for side in ("a", "b"):
        area, ids = row[f"reporter_{side}"], row[f"observation_ids_{side}"]
        yield {
            "mark": "point",
            "label": f"{drawn.sentence(what)}, {place(words, area)} reporting",
            "category": category,
            "observation_id": "" if " ; " in ids else ids,
            "observation_ids": ids,
            "time_period": row["time_period"],
            "obs_value": row[f"value_{side}"],
            "unit_measure": row["unit_measure"],
            "ref_area": area,
            "colour_of": area,
            "role": "actual",
            "measure_type": "flow",
            "bound": "=",
            "source_id": row[f"source_{side}"],
        }


def _category(row: Row, words: labels.Words) -> str:
    return f"{labels.period(row['time_period'])}: {_flow_words(row['flow'], words).removeprefix('the ')}"


def _gap(pair: Row, words: labels.Words) -> Row:
    minus, mean = _minus(pair, words), (pair["value_a"] + pair["value_b"]) / 2
    return {
        **_computed(pair),
        "label": f"{drawn.sentence(minus)}, over the mean of both",
        "obs_value": 100 * float(pair["asymmetry"]),
        "unit_measure": "PERCENT",
        "measure_type": "ratio",
        "formula": f"({minus}) / mean of both reports",
        "allowed_low": 100 * pair["allowed_low"] / mean,
        "allowed_high": 100 * pair["allowed_high"] / mean,
    }


def _remainder(pair: Row, margin: Margin, words: labels.Words) -> Row:
    gap = labels.value(pair["gap"], pair["unit_measure"])
    return {
        **_computed(pair),
        "label": _remainder_label(pair, words),
        "category": _category(pair, words),
        "obs_value": float(pair["beyond"]),
        "unit_measure": pair["unit_measure"],
        "measure_type": "flow",
        "formula": f"gap of {gap} less what {margin} of freight and insurance allows: {_allowed(pair)}",
    }


def _computed(pair: Row) -> dict[str, Any]:
    """Return what every mark computed from two reports has in common."""
    return {
        "mark": "bar",
        "observation_id": "",
        "observation_ids": f"{pair['observation_ids_a']} ; {pair['observation_ids_b']}",
        "time_period": pair["time_period"],
        "role": "actual",
        "provenance": "derived",
        "source_id": f"{pair['source_a']} ; {pair['source_b']}",
        "allowed": _allowed(pair),
        "beyond_words": labels.value(pair["beyond"], pair["unit_measure"]),
    }


def _minus(pair: Row, words: labels.Words) -> str:
    return f"{place(words, pair['reporter_b'])}'s report minus {place(words, pair['reporter_a'])}'s"


def _remainder_label(row: Row, words: labels.Words) -> str:
    later, earlier = place(words, row["reporter_b"]), place(words, row["reporter_a"])
    if row["beyond"] == 0:
        return f"{later} and {earlier} agree within the margin"
    return f"{later} counts {'more' if row['beyond'] > 0 else 'less'} than {earlier}, beyond the margin"


def _allowed(row: Row) -> str:
    low, high = (labels.value(row[name], row["unit_measure"]) for name in ("allowed_low", "allowed_high"))
    return low if low == high else f"{low} to {high}"


def _margin_caveats(pairs: Rows, margin: Margin, words: labels.Words) -> Iterator[str]:
    """Say how the margin works on this flow; the reader may move it."""
    imf = drawn.percent(6)
    yield f"Freight and insurance are taken as {margin} of the seller's price (the IMF takes {imf}): see More."
    turnovers = [str(pair["flow"]).endswith(" total") for pair in pairs]
    if not all(turnovers):
        yield "The buyer's report should exceed the seller's by the margin."
    if any(turnovers) and any(pair["basis"] == "press" for pair in pairs):
        yield "Where only turnovers are known, the margin may move their gap either way, by that much of the first."
    elif any(turnovers):
        first, second = (place(words, pairs[0][f"reporter_{side}"]) for side in ("a", "b"))
        yield (
            "Both turnovers hold imports with freight, so the margins of the two directions nearly cancel: "
            f"that on what {first} sells less that on what {second} sells."
        )


def _beyond_summary(pairs: Rows, margin: Margin, words: labels.Words) -> str:
    beyond = [pair for pair in pairs if pair["beyond"] != 0]
    if not beyond:
        return f"A margin of {margin} explains the gap of every period in which both report ({len(pairs)})."
    widest = max(beyond, key=lambda pair: abs(pair["beyond"]))
    counted = f"{len(beyond)} of {len(pairs)} gaps" if len(pairs) > 1 else "the one gap held"
    return (
        f"A margin of {margin} does not explain {counted}; most remained in {labels.period(widest['time_period'])}: "
        f"{labels.value(widest['beyond'], widest['unit_measure'])} of a gap of "
        f"{labels.value(widest['gap'], widest['unit_measure'])} ({_minus(pairs[0], words)})."
    )


def _summary(words: labels.Words, pairs: Rows) -> str:
    newest = max(pairs, key=lambda row: str(row["time_period"]))
    widest = max(pairs, key=lambda row: abs(row["asymmetry"]))
    first, second = (place(words, newest[name]) for name in ("reporter_a", "reporter_b"))
    values = [labels.value(newest[name], newest["unit_measure"]) for name in ("value_a", "value_b")]
    gap = drawn.percent(100 * newest["asymmetry"], signed=True)
    far = drawn.percent(100 * widest["asymmetry"], signed=True)
    return (
        f"{labels.period(newest['time_period'])}: {first} counted {values[0]} and {second} {values[1]}, {gap} "
        f"({GAP_WORDS}); the widest gap was {far} in {labels.period(widest['time_period'])}."
    )


def _line_caveats(reports: Rows, scope: Scope, words: labels.Words) -> Iterator[str]:
    yield "No line joins one reporter to the other; where one stops, the other goes on alone."
    yield from _valuation(scope)
    years = sorted({row["time_period"] for row in reports if row["mark"] == "estimate"})
    if years:
        first = place(words, scope.pair.first)
        yield f"What is stated for {first} in {', '.join(years)} is estimated from the partner's data and is left out."


def _valuation(scope: Scope) -> Iterator[str]:
    if scope.flow == "total":
        yield "Each turnover adds exports free on board to imports with freight and insurance: some gap is expected."
    else:
        yield "Exports free on board against imports with freight and insurance: a gap of some percent is expected."


def _gap_caveats(pairs: Rows, words: labels.Words) -> Iterator[str]:
    widest = max(pairs, key=lambda row: abs(row["asymmetry"]))
    later, earlier = place(words, widest["reporter_b"]), place(words, widest["reporter_a"])
    alone = drawn.percent(100 * widest["gap"] / widest["value_a"], signed=True)
    far = drawn.percent(100 * widest["asymmetry"], signed=True)
    yield (
        f"The {GAP_WORDS}: {later}'s report minus {earlier}'s, over half the sum of both. "
        f"Over {earlier}'s report alone the {far} of {widest['time_period']} would read {alone}."
    )
    yield "Values estimated from the partner's data never enter: a gap against them would be circular."
    if any(pair["basis"] == "press" for pair in pairs):
        yield "At least one side of each pair is a figure as the press prints it."
