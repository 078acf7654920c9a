"""January to one month, year beside year: sums of official months and figures as printed, never annualised."""

from collections.abc import Iterator

import pandas as pd

from components import labels
from components.charts.base import Row
from components.charts.year_to_date import same_months
from components.marks import hold_rows
from components.trade import rows as drawn
from components.trade.rows import Rows
from components.trade.scope import FROM, PAIR, TO, Scope, place, scope_of
from components.views import Choice, Exhibit, Parameter, Selection
from pipelines.tables import Tables

MONTHS = Parameter(
    "months",
    "January to",
    "latest",
    choices=(
        Choice("latest", "The latest month known"),
        *(Choice(str(number), labels.MONTHS[number - 1]) for number in range(1, 13)),
    ),
    advanced=True,
)
PARAMETERS = (PAIR, FROM, TO, MONTHS)
_RANK = {"sum of official months": 0, "as printed": 1}


def build_total(tables: Tables, selection: Selection) -> Exhibit:
    """Return the exhibit of turnover in the same months of each year, one colour for each reporter."""
    scope = scope_of({**selection, "flow": "total"})
    words = labels.words(tables.codes)
    every = drawn.covered(_held(tables, scope), scope)
    totals = [row for row in every if row["indicator"] == "TRADE_TOTAL"]
    months = _months(totals, selection["months"])
    rows = [_coloured(row, row["ref_area"]) for row in totals if row["months"] == months]
    title = f"{_span(months)}, year beside year: {scope.words(words)}"
    if not rows:
        return drawn.empty(tables, title, _why_nothing(scope, words, months))
    names = {row["series"]: drawn.sentence(f"{place(words, row['series'])} reports") for row in rows}
    chart = same_months(rows, names, axis=f"Turnover, {_span(months)}", words=words)
    return drawn.exhibit(title, rows, chart, _summary(scope, words, rows), caveats=_caveats(tables, rows))


def _coloured(row: Row, area: str) -> Row:
    return {**row, "series": area, "colour_of": area}


def build_flows(tables: Tables, selection: Selection) -> Exhibit:
    """Return the exhibit of both directions in the same months, as whoever has the newest figures counts them."""
    scope = scope_of({**selection, "flow": "total"})
    words = labels.words(tables.codes)
    every = drawn.covered(_held(tables, scope), scope)
    flows = [row for row in every if row["indicator"] in ("EXP_FOB", "IMP_CIF")]
    reporter = _newest(flows).get("ref_area")
    own = [row for row in flows if row["ref_area"] == reporter]
    months = _months(own, selection["months"])
    rows = [
        _coloured(row, row["ref_area" if row["indicator"] == "EXP_FOB" else "counterpart_area"])
        for row in own
        if row["months"] == months
    ]
    title = f"{_span(months)}, both directions: {scope.words(words)}"
    if not rows:
        return drawn.empty(tables, title, _why_nothing(scope, words, months))
    names = {row["series"]: drawn.sentence(f"{place(words, row['series'])} sells") for row in rows}
    chart = same_months(rows, names, axis=f"Exports, {_span(months)}", words=words)
    return drawn.exhibit(title, rows, chart, _flow_summary(words, rows), caveats=_caveats(tables, rows))


def _held(tables: Tables, scope: Scope) -> Rows:
    return hold_rows(tables, ("year to date", scope.pair.code), lambda: _select(tables, scope))


def _select(tables: Tables, scope: Scope) -> pd.DataFrame:
    """Return one row for each reporter, flow and span of months: official sums before printed before derived."""
    ends = {scope.pair.first, scope.pair.second}
    rows = tables.year_to_date
    rows = rows[rows["ref_area"].isin(ends) & rows["counterpart_area"].isin(ends) & (rows["months"] < 12)]
    rows = rows.assign(rank=rows["formula"].map(_RANK).fillna(2)).sort_values(["rank", "source_id"], kind="stable")
    rows = rows.drop_duplicates(["ref_area", "indicator", "time_period"]).sort_values(
        ["ref_area", "year"], kind="stable"
    )
    sources, words = tables.sources.set_index("source_id"), labels.words(tables.codes)
    ids = rows["observation_ids"].astype("object")
    whole = rows.assign(
        mark="bar",
        label=[
            f"{words.indicator(indicator)}, {place(words, reporter)} with {place(words, other)}"
            for indicator, reporter, other in zip(
                rows["indicator"], rows["ref_area"], rows["counterpart_area"], strict=True
            )
        ],
        observation_id=ids.where(~ids.str.contains(" ; ", regex=False), ""),
        role="actual",
        measure_type="flow",
        freq="YTD",
        bound="=",
        publisher=rows["source_id"].map(sources["publisher"]),
        source_class=rows["source_id"].map(sources["source_class"]),
        provenance=rows["rank"].map({0: "statistic", 1: "quoted"}).fillna("derived"),
    )
    more = whole[["months", "year", "growth"]].astype({"months": "int64", "year": "int64"})
    return pd.concat([whole.reindex(columns=drawn.COLUMNS), more], axis=1)


def _newest(rows: Rows) -> Row:
    """Return the row of the newest period, of several the last; nothing where there is no row."""
    return max(reversed(rows), key=lambda row: (row["year"], row["months"]), default={})


def _months(rows: Rows, asked: str) -> int:
    """Return the number of months: as asked, or those of the newest period known."""
    return int(_newest(rows).get("months", 0)) if asked == "latest" else int(asked)


def _span(months: int) -> str:
    if months < 2:
        return "Jan" if months else "Part of the year"
    return f"Jan–{labels.MONTHS[months - 1]}"


def _why_nothing(scope: Scope, words: labels.Words, months: int) -> str:
    what = scope.words(words)
    if scope.pair.kind != "bilateral":
        return f"No figures for part of a year are held for the {what}: the tables of it are yearly."
    if months:
        return f"Nobody's figure for {_span(months)} of any year of {scope.years} is held for the {what}."
    return f"No figure for part of a year of {scope.years} is held for the {what}."


def _summary(scope: Scope, words: labels.Words, rows: Rows) -> str:
    newest = max(rows, key=lambda row: str(row["time_period"]))
    own = [row for row in rows if row["ref_area"] == newest["ref_area"] and row is not newest]
    what, who = drawn.sentence(scope.words(words)), place(words, newest["ref_area"])
    amount = labels.value(newest["obs_value"], newest["unit_measure"])
    first = f"{what} came to {amount} in {labels.period(newest['time_period'])}, as {who} counts it"
    if not own:
        return f"{first}; the same months of no other year are held from that side."
    before = max(own, key=lambda row: str(row["time_period"]))
    earlier = labels.value(before["obs_value"], before["unit_measure"])
    return f"{first}, against {earlier} in {labels.period(before['time_period'])}."


def _flow_summary(words: labels.Words, rows: Rows) -> str:
    last = max(str(row["time_period"]) for row in rows)
    parts = [
        f"{place(words, row['series'])} sold {labels.value(row['obs_value'], row['unit_measure'])}"
        for row in rows
        if row["time_period"] == last
    ]
    who = place(words, str(rows[0]["ref_area"]))
    return f"{labels.period(last)}: {' and '.join(parts)}, as {who} counts it."


def _caveats(tables: Tables, rows: Rows) -> Iterator[str]:
    yield "The same months of each year, never stretched to a full year; years without a figure stay empty."
    if any(row["provenance"] != "statistic" for row in rows):
        yield "Outlined: as printed, each year by another page. Filled: the sum of official months."
    newest = max(rows, key=lambda row: str(row["time_period"]))
    years = {row["year"] for row in rows if row["ref_area"] == newest["ref_area"]}
    if newest["year"] - 1 not in years:
        yield f"No figure for the same months of {newest['year'] - 1} was found."
    yield from (_printed_growth(tables, row) for row in rows if row["time_period"] == newest["time_period"])


def _printed_growth(tables: Tables, drawn_row: Row) -> str:
    """Return the growth that is printed for the same months, flow and reporter, nothing where none is."""
    every = tables.observations
    printed = hold_rows(
        tables,
        "growth of months",
        lambda: every[(every["measure_type"] == "growth") & (every["commodity"] == "_T") & ~every["is_hidden"]],
    )
    same = ("time_period", "indicator", "ref_area", "counterpart_area")
    found = next((row for row in printed if all(row[name] == drawn_row[name] for name in same)), None)
    if found is None:
        return ""
    said = drawn.percent(float(found["obs_value"]), signed=True)
    when = labels.period(drawn_row["time_period"])
    return f"{drawn_row['label']}, {when}: the growth printed is {said} ({found['publisher']})."
