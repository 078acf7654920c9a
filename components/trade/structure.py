"""What Russia and China sell each other: two years side by side, one full split, and single shares that came later."""

from collections.abc import Sequence

import pandas as pd

from components import labels
from components.charts.structure import single_shares, slopes, stacked
from components.marks import hold_rows
from components.trade import rows as drawn
from components.trade.rows import Rows
from components.trade.scope import PAIR, Scope, place, scope_of
from components.views import Exhibit, Selection
from pipelines.analyse.structure import structure_shift
from pipelines.tables import Tables

PARAMETERS = (PAIR,)
EXPORTS, IMPORTS = "EXP_GROUP_SHARE", "IMP_GROUP_SHARE"
YEARS = ("1999", "2013")
FULL_YEAR = "2008"
REPORTER, PARTNER, PAIR_CODE = "RUS", "CHN", "RUS-CHN"
_DRIFT = (
    "The source writes fuels for 1999 and oil and other energy for 2013, and speaks of ten years where fourteen lie "
    "between: the groups may not be quite the same."
)


def _empty(tables: Tables, scope: Scope, title: str) -> Exhibit:
    words = labels.words(tables.codes)
    if scope.pair.code != PAIR_CODE:
        trade = scope.words(words)
        return drawn.empty(tables, f"Structure: {trade}", f"No source at hand splits the {trade} into product groups.")
    return drawn.empty(tables, title, "The shares of product groups drawn here are not held.")


def build_exports(tables: Tables, selection: Selection) -> Exhibit:
    """Return the exhibit of Russia's exports to China in 1999 and 2013, what nobody described included."""
    scope = scope_of(selection)
    title = "Russia's exports to China, 1999 and 2013: last full comparison 2013"
    rows = _groups(tables, EXPORTS)
    if scope.pair.code != PAIR_CODE or not rows:
        return _empty(tables, scope, title)
    chart = stacked(rows, YEARS, missing=_without(rows, YEARS), words=labels.words(tables.codes))
    caveats = [_shift_words(rows), _DRIFT, _remainder_words(rows)]
    return drawn.exhibit(title, rows, chart, _named_parts(rows, "Russia's exports to China"), caveats=caveats)


def build_slopes(tables: Tables, selection: Selection) -> Exhibit:
    """Return the exhibit of the product groups stated for both years, each with its own slope."""
    scope = scope_of(selection)
    title = "Two groups of Russia's exports to China, 1999 and 2013"
    rows = _in_both(_groups(tables, EXPORTS))
    if scope.pair.code != PAIR_CODE or not rows:
        return _empty(tables, scope, title)
    chart = slopes(rows, YEARS, words=labels.words(tables.codes))
    return drawn.exhibit(title, rows, chart, _slope_words(rows), caveats=[_DRIFT])


def build_imports(tables: Tables, selection: Selection) -> Exhibit:
    """Return the exhibit of Russia's imports from China in 2013; the place of 1999 says that it has no numbers."""
    scope = scope_of(selection)
    title = "Russia's imports from China: numbers for 2013 alone"
    rows = _groups(tables, IMPORTS)
    if scope.pair.code != PAIR_CODE or not rows:
        return _empty(tables, scope, title)
    chart = stacked(rows, YEARS, missing=_without(rows, YEARS), words=labels.words(tables.codes))
    caveats = [
        "For 1999 the source has words and no numbers, so no comparison of the import side can be drawn.",
        "The group is called dominant there, although the part nobody described is the larger one.",
    ]
    return drawn.exhibit(title, rows, chart, _named_parts(rows, "Russia's imports from China"), caveats=caveats)


def build_full(tables: Tables, selection: Selection) -> Exhibit:
    """Return the exhibit of the one year whose trade is split completely, both directions as Russia counts them."""
    scope = scope_of(selection)
    title = f"The one full split: {FULL_YEAR}, both directions as Russia counts them"
    rows = hold_rows(tables, ("full split",), lambda: _full_split(tables))
    if scope.pair.code != PAIR_CODE or not rows:
        return _empty(tables, scope, title)
    chart = stacked(rows, list(dict.fromkeys(row["category"] for row in rows)), words=labels.words(tables.codes))
    caveats = [
        "Groups as the Russian customs service named them; their tariff codes are not stated.",
        "Its groups are not those of the shares of 1999 and 2013: do not compare the years part by part.",
    ]
    return drawn.exhibit(title, rows, chart, _largest(rows), caveats=caveats)


def build_later_exports(tables: Tables, selection: Selection) -> Exhibit:
    """Return the exhibit of the single shares stated for what Russia sells to China."""
    return _later(tables, selection, "RUS")


def build_later_imports(tables: Tables, selection: Selection) -> Exhibit:
    """Return the exhibit of the single shares stated for what China sells to Russia."""
    return _later(tables, selection, "CHN")


def _later(tables: Tables, selection: Selection, seller: str) -> Exhibit:
    scope = scope_of(selection)
    words = labels.words(tables.codes)
    other = PARTNER if seller == REPORTER else REPORTER
    title = f"Single shares of what {place(words, seller)} sells to {place(words, other)}: last full comparison 2013"
    rows = hold_rows(tables, ("single shares", seller), lambda: _single(tables, seller, other))
    if scope.pair.code != PAIR_CODE or not rows:
        return _empty(tables, scope, title)
    caveats = [
        "Each share is another maker's, of other goods and other months: marks side by side, never a line.",
        "A share of exports free on board and one of imports with freight are not quite the same; the mark says which.",
    ]
    return drawn.exhibit(title, rows, single_shares(rows, words=words), _single_words(rows), caveats=caveats)


def _groups(tables: Tables, indicator: str) -> Rows:
    return hold_rows(tables, ("groups", indicator), lambda: _document(tables, indicator))


def _document(tables: Tables, indicator: str) -> pd.DataFrame:
    """Return the parts a document states for either year; `category` is the year."""
    rows = _of_russia(tables)
    kinds = rows["source_id"].map(tables.sources.set_index("source_id")["kind"])
    wanted = rows[(rows["indicator"] == indicator) & rows["time_period"].isin(YEARS) & (kinds == "document")]
    return _as_marks(tables, wanted.sort_values("time_period", kind="stable"))


def _full_split(tables: Tables) -> pd.DataFrame:
    """Return the parts of the year that leave nothing undescribed; `category` is the seller."""
    rows = _of_russia(tables)
    is_open = rows.groupby("composition_id")["is_remainder"].transform("any").astype(bool)
    marks = _as_marks(tables, rows[(rows["time_period"] == FULL_YEAR) & (rows["freq"] == "A") & ~is_open])
    return marks.assign(category=marks["indicator"].map({EXPORTS: "Russia sells", IMPORTS: "China sells"}))


def _of_russia(tables: Tables) -> pd.DataFrame:
    rows = tables.structure
    return rows[(rows["ref_area"] == REPORTER) & (rows["counterpart_area"] == PARTNER)]


def _as_marks(tables: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.reset_index(drop=True)
    stated = tables.observations[tables.observations["observation_id"].isin(rows["observation_id"].dropna())]
    known = stated.set_index("observation_id")
    ids = rows["observation_id"]
    every = {name: " ; ".join(group["observation_id"].dropna()) for name, group in rows.groupby("composition_id")}
    is_rest = rows["is_remainder"].astype(bool)
    whole = rows.assign(
        mark="part",
        observation_id=ids.fillna(""),
        observation_ids=rows["composition_id"].map(every).where(is_rest, ""),
        obs_value=rows["share"],
        unit_measure="PERCENT",
        bound=rows["bound"].fillna("="),
        role="actual",
        measure_type="share",
        formula=is_rest.map({True: "100 % less what the source names", False: None}),
        provenance=is_rest.map({True: "derived", False: "quoted"}),
        category=rows["time_period"],
        **{name: ids.map(known[name]) for name in ("publisher", "source_class", "vintage", "said_by")},
    )
    return whole.reindex(columns=[*drawn.COLUMNS, "category"])


def _single(tables: Tables, seller: str, buyer: str) -> pd.DataFrame:
    """Return every dated single share of one direction that is no part of the compositions drawn above."""
    every = tables.observations
    sells = (every["indicator"] == EXPORTS) & (every["ref_area"] == seller) & (every["counterpart_area"] == buyer)
    buys = (every["indicator"] == IMPORTS) & (every["ref_area"] == buyer) & (every["counterpart_area"] == seller)
    rows = every[
        (sells | buys)
        & every["is_plottable"]
        & ~every["is_hidden"]
        & every["duplicate_of"].isna()
        & every["time_period"].notna()
    ]
    shown = [_full_split(tables), *(_document(tables, name) for name in (EXPORTS, IMPORTS))]
    ids = {identity for frame in shown for identity in frame["observation_id"]}
    rows = rows[~rows["observation_id"].isin(ids)].sort_values(["period_start", "obs_value"], kind="stable")
    names = labels.words(tables.codes)
    scopes = [names.name("CL_COMMODITY", str(code)) for code in rows["commodity"]]
    return drawn.from_observations(rows.assign(mark="point")).assign(scope=scopes)


def _without(rows: Rows, years: Sequence[str]) -> list[str]:
    held = {row["category"] for row in rows}
    return [year for year in years if year not in held]


def _in_both(rows: Rows) -> Rows:
    stated = {(row["commodity"], row["time_period"]) for row in rows if row["commodity"] != "NOT_DESCRIBED"}
    return [row for row in rows if all((row["commodity"], year) in stated for year in YEARS)]


def _shares(rows: Rows, year: str) -> dict[str, float]:
    return {str(row["commodity"]): float(row["obs_value"]) for row in rows if row["time_period"] == year}


def _shift_words(rows: Rows) -> str:
    before, after = (_shares(rows, year) for year in YEARS)
    if not (before and after):
        return ""
    shift = labels.number(round(structure_shift(before, after), 1))
    return f"Structure shift: {shift} points (half the sum of all changes, what nobody described taken as one part)."


def _remainder_words(rows: Rows) -> str:
    rests = [row for row in rows if row["commodity"] == "NOT_DESCRIBED"]
    said = [f"{labels.value(row['obs_value'], 'PERCENT')} in {row['time_period']}" for row in rests]
    return f"Not described: {labels.join_words(said)}; what is in it nobody says." if said else ""


def _named_parts(rows: Rows, whose: str) -> str:
    parts = []
    for year in YEARS:
        named = [row for row in rows if row["time_period"] == year and row["commodity"] != "NOT_DESCRIBED"]
        said = [f"{str(row['label']).lower()} {labels.value(row['obs_value'], 'PERCENT')}" for row in named]
        if said:
            parts.append(f"{year}: {labels.join_words(said)}")
    return f"{whose}, as one source states them. {'; '.join(parts)}."


def _slope_words(rows: Rows) -> str:
    said = []
    for code in dict.fromkeys(row["commodity"] for row in rows):
        first, last = (next(r for r in rows if r["commodity"] == code and r["time_period"] == year) for year in YEARS)
        change = labels.number(abs(last["obs_value"] - first["obs_value"]))
        moved = "up" if last["obs_value"] > first["obs_value"] else "down"
        ends = [labels.value(row["obs_value"], "PERCENT") for row in (first, last)]
        said.append(f"{str(first['label']).lower()} from {ends[0]} to {ends[1]} ({moved} {change} points)")
    return drawn.sentence(f"{labels.join_words(said)}.")


def _largest(rows: Rows) -> str:
    said = []
    for category in dict.fromkeys(row["category"] for row in rows):
        top = max((row for row in rows if row["category"] == category), key=lambda row: row["obs_value"])
        share = labels.value(top["obs_value"], "PERCENT")
        said.append(f"{category} mostly {str(top['label']).lower()} ({share})")
    return f"In {FULL_YEAR}: {'; '.join(said)}."


def _single_words(rows: Rows) -> str:
    newest = max(rows, key=lambda row: (str(row["time_period"]).split("/")[-1], row["obs_value"]))
    share = labels.bounded(newest["obs_value"], "PERCENT", newest["bound"])
    when = labels.period(newest["time_period"])
    return f"{len(rows)} single shares by different makers; the newest: {newest['scope'].lower()} {share} ({when})."
