"""How fast it grew: official growth year on year, the falls a document quotes, and an average without a window."""

from collections.abc import Iterator

import pandas as pd

from components import labels
from components.charts.base import Row, records
from components.charts.growth import compared, windows
from components.charts.timeline import timeline
from components.marks import hold_rows
from components.trade import rows as drawn
from components.trade.level import named_ends, with_colours, with_stop
from components.trade.rows import Rows
from components.trade.scope import PAIR, SCOPE, Scope, place, scope_of
from components.views import Exhibit, Selection
from pipelines.analyse.growth import cagr
from pipelines.tables import Tables

PARAMETERS = SCOPE
FALLS_PARAMETERS = (PAIR,)
FALL_YEAR = "2015"
WINDOWS = (("1999", "2014"), ("1999", "2008"))


def build(tables: Tables, selection: Selection) -> Exhibit:
    """Return the exhibit of growth on the year before, with growth as printed beside it."""
    scope = scope_of(selection)
    words = labels.words(tables.codes)
    title = f"Growth: {scope.words(words)}"
    held = hold_rows(tables, ("yearly growth", scope.pair.code, scope.flow), lambda: _material(tables, scope))
    rows = named_ends(drawn.covered(held, scope), words)
    if not rows:
        return drawn.empty(tables, title, _why_nothing(scope, words))
    chart = timeline(rows, axis="Change on the year before", words=words)
    return drawn.exhibit(title, rows, chart, _summary(scope, words, rows), caveats=_caveats(rows))


def _material(tables: Tables, scope: Scope) -> pd.DataFrame:
    every = Scope(scope.pair, scope.flow)
    lines = [with_stop(tables, growth_line(tables, every, reporter), reporter) for reporter in scope.pair.reporters]
    quoted = drawn.printed_growth(tables, every)
    return with_colours(drawn.stack([*lines, quoted[quoted["time_period"].notna()]]))


def growth_line(tables: Tables, scope: Scope, reporter: str) -> pd.DataFrame:
    """Return the growth within each official line of a reporter; its inputs are the values of both years."""
    lines = drawn.official(tables, scope, reporter)
    lines = lines[lines["mark"] == "line"]
    ids = {(r["line_id"], r["time_period"]): r["observation_ids"] for r in records(lines)}
    grown = lines[lines["growth"].notna()]
    inputs = [f"{ids[r['line_id'], str(int(r['time_period']) - 1)]} ; {r['observation_ids']}" for r in records(grown)]
    return grown.assign(
        obs_value=grown["growth"],
        unit_measure="PERCENT",
        measure_type="growth",
        price_basis=None,
        observation_id="",
        observation_ids=inputs,
        formula="value over that of the year before in the same line, minus one",
    )


def _why_nothing(scope: Scope, words: labels.Words) -> str:
    what = scope.words(words)
    if scope.pair.code == "CHN-W00":
        return f"No growth: many pages print the {what}, a year each, and growth across pages would mix them."
    if scope.pair.kind == "exports":
        return f"No growth: nothing is held of the {what}."
    return f"No growth: no reporter has two years in a row of the {what} in {scope.years}, and none is printed."


def _summary(scope: Scope, words: labels.Words, rows: Rows) -> str:
    own = [row for row in rows if row["mark"] == "line"] or list(rows)
    newest = max(own, key=lambda row: (str(row["time_period"]), row["ref_area"] == scope.pair.main))
    what = drawn.sentence(scope.words(words))
    who = place(words, str(newest["ref_area"]))
    moved = "grew by" if newest["obs_value"] >= 0 else "fell by"
    return f"{what} {moved} {drawn.percent(abs(newest['obs_value']))} in {newest['time_period']}, as {who} counts it."


def _caveats(rows: Rows) -> Iterator[str]:
    if any(row["mark"] == "line" for row in rows):
        yield "Growth of values in current prices, within one line only; a year without a value before it is a gap."
    if any(row["mark"] == "point" for row in rows):
        yield "Open marks are growth as printed: they are set beside the lines and never joined to them."
    seams = [row["time_period"] for row in rows if row["is_seam"] is True]
    if seams:
        yield f"Growth of {', '.join(dict.fromkeys(seams))} crosses a seam of the composed series."


def build_falls(tables: Tables, selection: Selection) -> Exhibit:
    """Return the exhibit of the falls a document quotes for 2015 beside the official ones."""
    scope = scope_of(selection)
    words = labels.words(tables.codes)
    title = f"The falls of {FALL_YEAR}, as quoted and as counted"
    rows = hold_rows(tables, ("falls", scope.pair.code), lambda: _falls(tables, scope, words))
    if not any(row["is_document"] is True for row in rows):
        pair = f"{place(words, scope.pair.first)} and {place(words, scope.pair.second)}"
        return drawn.empty(tables, title, f"None of the documents quotes growth for {pair} in {FALL_YEAR}.")
    counted = f"As {place(words, scope.pair.main)} counts"
    chart = compared(rows, axis=f"Change in {FALL_YEAR}", counted=counted, words=words)
    return drawn.exhibit(title, rows, chart, _falls_summary(rows), caveats=[_COMPONENTS])


_COMPONENTS = (
    "The two quoted falls of the directions frame the quoted fall of the total, as the parts of a whole must; "
    "the two quoted levels of 2014 and 2015 do not fit it."
)


def _falls(tables: Tables, scope: Scope, words: labels.Words) -> pd.DataFrame:
    parts = []
    for flow in ("total", "first", "second"):
        one = Scope(scope.pair, flow)
        counted = growth_line(tables, one, scope.pair.main).drop_duplicates("time_period")
        quoted = drawn.printed_growth(tables, one)
        quoted = quoted[quoted["is_document"].astype(bool)]
        name = (
            "Total"
            if flow == "total"
            else f"{place(words, scope.pair.first if flow == 'first' else scope.pair.second)} sells"
        )
        both = drawn.stack([quoted, counted])
        parts.append(both[both["time_period"] == FALL_YEAR].assign(category=name))
    whole = drawn.stack(parts)
    return whole.assign(colour_of=whole["ref_area"]) if len(whole) else whole


def _falls_summary(rows: Rows) -> str:
    quoted = [row for row in rows if row.get("is_document") is True]
    counted = {row["category"]: row for row in rows if row.get("is_document") is not True}
    said = [
        f"{row['category'].replace('Total', 'total')} {drawn.percent(row['obs_value'])}"
        + (f" ({drawn.percent(counted[row['category']]['obs_value'])} counted)" if row["category"] in counted else "")
        for row in quoted
    ]
    return f"Quoted for {FALL_YEAR}, with the official growth in brackets: {'; '.join(said)}."


def build_average(tables: Tables, selection: Selection) -> Exhibit:
    """Return the exhibit of an average growth without a window beside the official growth over windows that fit it."""
    scope = scope_of(selection)
    words = labels.words(tables.codes)
    title = "An average growth whose window is not stated"
    rows = hold_rows(tables, ("average", scope.pair.code), lambda: _average(tables, scope))
    if not rows:
        return drawn.empty(
            tables, title, f"None of the documents quotes an average growth for the {scope.words(words)}."
        )
    chart = windows(rows, axis="Growth a year", words=words)
    caveat = (
        "The quoted figure names no years, so it has no place on a time axis; which window is taken decides the rate."
    )
    return drawn.exhibit(title, rows, chart, _average_summary(words, rows), caveats=[caveat])


def _average(tables: Tables, scope: Scope) -> pd.DataFrame:
    """Return the undated quoted growth and the official growth over each window; nothing where none is quoted."""
    every = drawn.printed_growth(tables, scope)
    quoted = every[every["time_period"].isna() & every["is_document"].astype(bool)]
    if quoted.empty:
        return drawn.none()
    lines = drawn.official(tables, scope, scope.pair.main)
    values = {row["time_period"]: row for row in records(lines[lines["mark"] == "line"])}
    computed = [_window(values[first], values[last]) for first, last in WINDOWS if {first, last} <= values.keys()]
    named = quoted.assign(category="As quoted, window not stated", time_period="")
    whole = drawn.stack([named, pd.DataFrame(computed)])
    return whole.assign(colour_of=whole["ref_area"].where(whole["category"] != "As quoted, window not stated", ""))


def _window(first: Row, last: Row) -> dict[str, object]:
    span = f"{first['time_period']}–{last['time_period']}"
    years = int(last["time_period"]) - int(first["time_period"])
    rate = cagr(first["obs_value"], last["obs_value"], years)
    ends = [labels.value(row["obs_value"], row["unit_measure"]) for row in (first, last)]
    return {
        **last,
        "mark": "window",
        "label": f"Official growth a year, {span}",
        "category": f"Official, {span}",
        "time_period": f"{first['time_period']}/{last['time_period']}",
        "obs_value": rate,
        "unit_measure": "PERCENT",
        "measure_type": "growth",
        "price_basis": None,
        "observation_id": "",
        "observation_ids": f"{first['observation_ids']} ; {last['observation_ids']}",
        "formula": f"({ends[1]} / {ends[0]}) ^ (1/{years}) − 1",
        "provenance": "derived",
        "note": None,
    }


def _average_summary(words: labels.Words, rows: Rows) -> str:
    quoted = rows[0]
    shown = labels.bounded(quoted["obs_value"], "PERCENT", quoted["bound"])
    computed = [
        f"{drawn.percent(row['obs_value'])} a year over {labels.period(row['time_period'])}" for row in rows[1:]
    ]
    who = place(words, str(rows[-1]["ref_area"]))
    official = f" As {who} counts it, trade grew by {labels.join_words(computed)}." if computed else ""
    return f"A document quotes an average growth of {shown} without saying over which years.{official}"
