"""What both sides report of the same flow: two lines that are never joined, and the gap between them."""

from collections.abc import Iterator, Sequence

import pandas as pd

from components import labels
from components.charts.mirror import asymmetry, side_by_side
from components.charts.timeline import Row, records, timeline
from components.trade import rows as drawn
from components.trade.level import lines_of, named_ends, with_colours
from components.trade.money import price_words
from components.trade.scope import SCOPE, Scope, place, scope_of
from components.views import Exhibit, Selection
from pipelines.tables import Tables

PARAMETERS = SCOPE
GAP_WORDS = "gap over the mean of the two reports"


def build_lines(tables: Tables, selection: Selection) -> Exhibit:
    """Return the exhibit of both reports of a flow: official lines, or printed pairs where an official side lacks."""
    scope = scope_of(selection)
    words = labels.words(tables.codes)
    title = f"As both sides count it: {scope.words(words)}"
    pairs = drawn.covered(_pairs(tables, scope), scope)
    if pairs.empty:
        return drawn.empty(tables, title, _why_nothing(tables, scope, words))
    if pairs["basis"].eq("press").all():
        return _printed_pairs(tables, scope, title)
    every = Scope(scope.pair, scope.flow)
    key = ("both reports", scope.pair.code, scope.flow)
    lines = drawn.hold(tables, key, lambda: with_colours(lines_of(tables, every)))
    marks = named_ends(drawn.covered(lines[lines["mark"] == "line"], scope), words)
    chart = timeline(marks, axis=f"As each side reports, {price_words(marks)}", words=words)
    summary = _summary(words, records(pairs))
    return drawn.exhibit(title, marks, chart, summary, caveats=_line_caveats(tables, scope, words))


def build_gap(tables: Tables, selection: Selection) -> Exhibit:
    """Return the exhibit of the asymmetry: the gap between both reports over the mean of both, year by year."""
    scope = scope_of(selection)
    words = labels.words(tables.codes)
    title = f"Gap between the two reports: {scope.words(words)}"
    pairs = drawn.covered(_pairs(tables, scope), scope)
    if pairs.empty:
        return drawn.empty(tables, title, _why_nothing(tables, scope, words))
    marks = _gaps(pairs, words)
    chart = asymmetry(marks, axis="Gap over the mean of both", words=words)
    return drawn.exhibit(title, marks, chart, _summary(words, records(pairs)), caveats=_gap_caveats(pairs, words))


def _pairs(tables: Tables, scope: Scope) -> pd.DataFrame:
    """Return the yearly mirror pairs of the flow, official ones if there are any, else printed ones."""
    first, second = scope.pair.first, scope.pair.second
    pair = "-".join(sorted((first, second)))
    flow = {"total": f"{pair} total", "first": f"{first}>{second}", "second": f"{second}>{first}"}[scope.flow]

    def select() -> pd.DataFrame:
        mirror = tables.mirror
        rows = mirror[(mirror["flow"] == flow) & (mirror["freq"] == "A")]
        is_official = rows["basis"] == "official"
        return rows[is_official] if is_official.any() else rows

    return drawn.hold(tables, ("mirror", flow), select)


def _why_nothing(tables: Tables, scope: Scope, words: labels.Words) -> str:
    """Return why a pair has no two reports of one flow, and of which flows it has."""
    first, second = place(words, scope.pair.first), place(words, scope.pair.second)
    if scope.pair.kind == "exports":
        return f"Only the EU's side is held: no table gives what {second} counts as bought from it."
    if scope.pair.kind == "world":
        return f"Trade with the world has one reporter: nobody counts the other side of all that {first} trades."
    others = [
        f"{_flow_words(str(flow), words)} in {', '.join(sorted(rows['time_period']))}"
        for flow, rows in _every_pair(tables, scope).groupby("flow")
    ]
    held = f" Held from both are {' and '.join(others)}." if others else ""
    years = f"{scope.start} to {scope.end}"
    return f"No year from {years} has a report of the {scope.words(words)} from both {first} and {second}.{held}"


def _every_pair(tables: Tables, scope: Scope) -> pd.DataFrame:
    """Return the yearly mirror pairs of both areas, whatever the flow."""
    ends = {scope.pair.first, scope.pair.second}
    mirror = tables.mirror
    return mirror[mirror["reporter_a"].isin(ends) & mirror["reporter_b"].isin(ends) & (mirror["freq"] == "A")]


def _flow_words(flow: str, words: labels.Words) -> str:
    return "the turnover" if flow.endswith("total") else f"exports of {place(words, flow.partition('>')[0])}"


def _printed_pairs(tables: Tables, scope: Scope, title: str) -> Exhibit:
    """Return the printed or mixed pairs of figures, one row each, not only of whole years."""
    words = labels.words(tables.codes)
    marks = drawn.hold(tables, ("printed pairs", scope.pair.code), lambda: _pair_marks(tables, scope))
    marks = drawn.covered(marks, scope)
    areas = dict.fromkeys(marks["colour_of"])
    names = [drawn.sentence(f"{place(words, str(area))} reports") for area in areas]
    chart = side_by_side(marks, names, words=words)
    caveats = [
        "Pairs of single figures, at least one side of each as the press prints it; no official year has both sides.",
        "Marks are not joined: the distance between them is the gap.",
    ]
    mirror = records(drawn.covered(_pairs(tables, scope), scope))
    return drawn.exhibit(title, marks, chart, _summary(words, mirror), caveats=caveats)


def _pair_marks(tables: Tables, scope: Scope) -> pd.DataFrame:
    words = labels.words(tables.codes)
    ends = {scope.pair.first, scope.pair.second}
    mirror = tables.mirror
    rows = mirror[mirror["reporter_a"].isin(ends) & mirror["reporter_b"].isin(ends) & mirror["freq"].isin(["A", "YTD"])]
    marks = [
        mark for row in records(rows.sort_values(["time_period"], kind="stable")) for mark in _two_sides(row, words)
    ]
    sources = tables.sources.set_index("source_id")
    whole = pd.DataFrame(marks).reindex(columns=[*drawn.COLUMNS, "category"])
    return whole.assign(
        publisher=whole["source_id"].map(sources["publisher"]),
        source_class=whole["source_id"].map(sources["source_class"]),
    )


def _two_sides(row: Row, words: labels.Words) -> Iterator[dict[str, object]]:
    what = _flow_words(row["flow"], words).removeprefix("the ")
    category = f"{labels.period(row['time_period'])}: {what}"
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


def _gaps(pairs: pd.DataFrame, words: labels.Words) -> pd.DataFrame:
    first = records(pairs)[0]
    minus = f"{place(words, first['reporter_b'])}'s report minus {place(words, first['reporter_a'])}'s"
    return pd.DataFrame(
        {
            "mark": "bar",
            "label": f"{drawn.sentence(minus)}, over the mean of both",
            "observation_id": "",
            "observation_ids": pairs["observation_ids_a"] + " ; " + pairs["observation_ids_b"],
            "time_period": pairs["time_period"],
            "obs_value": 100 * pairs["asymmetry"].astype(float),
            "unit_measure": "PERCENT",
            "role": "actual",
            "measure_type": "ratio",
            "provenance": "derived",
            "formula": f"({minus}) / mean of both reports",
            "source_id": pairs["source_a"] + " ; " + pairs["source_b"],
        }
    )


def _summary(words: labels.Words, pairs: Sequence[Row]) -> str:
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


def _line_caveats(tables: Tables, scope: Scope, words: labels.Words) -> Iterator[str]:
    yield "No line joins one reporter to the other; where one stops, the other goes on alone."
    yield from _valuation(scope)
    guesses = [drawn.official(tables, Scope(scope.pair, scope.flow), reporter) for reporter in scope.pair.reporters]
    years = sorted({row["time_period"] for rows in guesses for row in records(rows) if row["mark"] == "estimate"})
    if years:
        first = place(words, scope.pair.first)
        yield f"What is stated for {first} in {', '.join(years)} is estimated from the partner's data and is left out."


def _valuation(scope: Scope) -> Iterator[str]:
    if scope.flow == "total":
        yield "Each turnover adds exports free on board to imports with freight and insurance: some gap is expected."
    else:
        yield "Exports free on board against imports with freight and insurance: a gap of some percent is expected."


def _gap_caveats(pairs: pd.DataFrame, words: labels.Words) -> Iterator[str]:
    widest = max(records(pairs), key=lambda row: abs(row["asymmetry"]))
    later, earlier = place(words, widest["reporter_b"]), place(words, widest["reporter_a"])
    alone = drawn.percent(100 * widest["gap"] / widest["value_a"], signed=True)
    far = drawn.percent(100 * widest["asymmetry"], signed=True)
    yield (
        f"The {GAP_WORDS}: {later}'s report minus {earlier}'s, over half the sum of both. "
        f"Over {earlier}'s report alone the {far} of {widest['time_period']} would read {alone}."
    )
    yield "Values estimated from the partner's data never enter: a gap against them would be circular."
    if pairs["basis"].eq("press").any():
        yield "At least one side of each pair is a figure as the press prints it."
