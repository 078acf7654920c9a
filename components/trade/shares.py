"""How much of one side's trade goes to the other: computed from totals, and as quoted."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import itemgetter

import pandas as pd

from components import labels
from components.charts.base import Row
from components.charts.timeline import timeline
from components.marks import hold_rows
from components.trade import rows as drawn
from components.trade.rows import Rows
from components.trade.scope import SCOPE, Scope, place, scope_of
from components.views import Exhibit, Selection
from pipelines.tables import Tables

PARAMETERS = SCOPE
WORLD_PARTNERS = {"RUS": ("CHN", "KAZ"), "KAZ": ("CHN", "RUS"), "CHN": ("RUS", "KAZ")}
_SHARE_OF = {"TRADE_TOTAL": "TRADE_PARTNER_SHARE", "EXP_FOB": "EXP_PARTNER_SHARE", "IMP_CIF": "IMP_PARTNER_SHARE"}
_WORDS = {"TRADE_PARTNER_SHARE": "trade", "EXP_PARTNER_SHARE": "exports", "IMP_PARTNER_SHARE": "imports"}


def build_second_in_first(tables: Tables, selection: Selection) -> Exhibit:
    """Return the exhibit of the second named's share in the trade of the first; with the world, both neighbours'."""
    scope = scope_of(selection)
    first = scope.pair.first
    partners = WORLD_PARTNERS[first] if scope.pair.kind == "world" else (scope.pair.second,)
    return _build(tables, scope, first, partners)


def build_first_in_second(tables: Tables, selection: Selection) -> Exhibit:
    """Return the exhibit of the first named's share in the trade of the second."""
    scope = scope_of(selection)
    return _build(tables, scope, scope.pair.second, (scope.pair.first,))


def _build(tables: Tables, scope: Scope, reporter: str, partners: Sequence[str]) -> Exhibit:
    words = labels.words(tables.codes)
    indicator = _SHARE_OF[scope.indicator(reporter)]
    whose = f"{place(words, reporter)}'s {_WORDS[indicator]}"
    title = f"{labels.join_words([place(words, partner) for partner in partners])} in {whose}"
    held = hold_rows(
        tables,
        ("shares", reporter, tuple(partners), indicator),
        lambda: drawn.stack([_material(tables, reporter, partner, indicator) for partner in partners]),
    )
    dated = drawn.covered([row for row in held if row["mark"] != "undated"], scope)
    if not dated:
        return drawn.empty(tables, title, _why_nothing(scope, words, reporter, title))
    rows = [*dated, *(row for row in held if row["mark"] == "undated")]
    chart = timeline(rows, axis=f"Share of {whose}", words=words)
    return drawn.exhibit(title, rows, chart, _summary(words, whose, rows), caveats=_caveats(rows))


def _material(tables: Tables, reporter: str, partner: str, indicator: str) -> pd.DataFrame:
    return drawn.stack([_computed(tables, reporter, partner, indicator), _quoted(tables, reporter, partner, indicator)])


def _computed(tables: Tables, reporter: str, partner: str, indicator: str) -> pd.DataFrame:
    """Return the computed shares: a line where both totals are official records, else points that stay unjoined."""
    rows = tables.shares
    rows = rows[
        (rows["ref_area"] == reporter) & (rows["counterpart_area"] == partner) & (rows["indicator"] == indicator)
    ].sort_values("time_period")
    words = labels.words(tables.codes)
    sources = tables.sources.set_index("source_id")
    is_official = rows["world_source_id"].map(sources["kind"]) == "statistics"
    record = f"{reporter}.{partner}.{indicator}." + rows["source_id"] + "/" + rows["world_source_id"]
    world_class = rows["world_source_id"].map(sources["source_class"])
    whole = rows.assign(
        mark=is_official.map({True: "line", False: "point"}),
        label=f"{place(words, partner)} in {place(words, reporter)}'s {_WORDS[indicator]}, computed",
        line_id=record,
        title=record,
        observation_id="",
        observation_ids=rows["numerator_ids"] + " ; " + rows["denominator_ids"],
        obs_value=rows["share"],
        unit_measure="PERCENT",
        bound="=",
        role="actual",
        measure_type="share",
        freq="A",
        source_id=(rows["source_id"] + " ; " + rows["world_source_id"]).where(
            rows["source_id"] != rows["world_source_id"], rows["source_id"]
        ),
        source_class=world_class,
        provenance=is_official.map({True: "statistic", False: "derived"}),
        said_by="computed from " + rows["source_id"].map(sources["publisher"]),
        publisher=rows["world_source_id"].map(sources["publisher"]),
        is_seam=False,
        colour_of=partner,
        note=_ends(rows, is_official, f"{place(words, partner)}"),
    )
    return whole.reindex(columns=list(drawn.COLUMNS))


def _ends(rows: pd.DataFrame, is_official: pd.Series, name: str) -> pd.Series:
    last = rows.loc[is_official, "time_period"].max() if is_official.any() else ""
    text = f"{drawn.sentence(name)}, to {last}"
    return (is_official & (rows["time_period"] == last)).map({True: text, False: None}).astype("object")


def _quoted(tables: Tables, reporter: str, partner: str, indicator: str) -> pd.DataFrame:
    """Return the shares as quoted; an undated one gets the mark `undated`."""
    every = tables.observations
    rows = every[
        (every["indicator"] == indicator)
        & (every["ref_area"] == reporter)
        & (every["counterpart_area"] == partner)
        & (every["commodity"] == "_T")
        & every["role"].isin(["actual", "estimate"])
        & every["is_plottable"]
        & ~every["is_hidden"]
        & every["duplicate_of"].isna()
    ]
    documents = tables.sources.loc[tables.sources["kind"] == "document", "source_id"]
    is_document = rows["source_id"].isin(documents)
    marked = rows.assign(
        mark=rows["time_period"].isna().map({True: "undated", False: "point"}), is_document=is_document
    )
    return drawn.from_observations(marked).assign(colour_of="", note=None)


def _why_nothing(scope: Scope, words: labels.Words, reporter: str, title: str) -> str:
    who = place(words, reporter)
    if reporter == "EU27" or scope.pair.kind == "exports":
        return f"No share can be given: {who}'s trade with this partner and with the world, counted alike, is not held."
    if reporter == "W00":
        return "The world has no partner outside it: there is no share to give."
    return f"No year of {scope.years} has both totals for {title}, and no share is quoted for it."


def _summary(words: labels.Words, whose: str, rows: Rows) -> str:
    """Return the newest computed share of each partner, and what a document quoted beside what the totals give."""
    computed = [row for row in rows if row["observation_ids"]]
    parts = []
    for partner in dict.fromkeys(row["counterpart_area"] for row in computed):
        newest = max((r for r in computed if r["counterpart_area"] == partner), key=lambda row: row["time_period"])
        parts.append(f"{place(words, partner)} {_share(newest)} in {newest['time_period']}")
    quoted = [row for row in rows if row.get("is_document") is True and row["mark"] == "point"]
    by_year = {row["time_period"]: row for row in computed}
    said = [
        f"{_share(row)} for {row['time_period']}"
        + (f" ({_share(by_year[row['time_period']])} computed)" if row["time_period"] in by_year else "")
        for row in quoted
    ]
    first = f"Share of {whose}: {labels.join_words(parts)}." if parts else f"Share of {whose}, as quoted only."
    return f"{first} A document quotes {labels.join_words(said)}." if said else first


def _share(row: Row) -> str:
    return labels.bounded(round(float(row["obs_value"]), 2), "PERCENT", str(row["bound"]))


def _caveats(rows: Rows) -> Iterator[str]:
    kinds = {(row["mark"], bool(row["observation_ids"])) for row in rows}
    if ("point", True) in kinds:
        yield "Computed marks take the total with the world from another page each year, so no line joins them."
    if ("line", True) in kinds:
        yield "The line divides two official records of the same reporter."
    yield from _changes_of_record(rows)
    for row in rows:
        if row["mark"] == "undated":
            yield f"A document says {_share(row)} without a year: it stands beside the axis."
    if any(row["freq"] in ("YTD", "W", "M") for row in rows):
        yield "Shares quoted for some months or for a span of years stand at its middle."
    if any(row["role"] == "estimate" for row in rows):
        yield "Hollow diamonds are estimates by the writer of a page and no count."


def _changes_of_record(rows: Rows) -> Iterator[str]:
    """Yield where the numerator goes on in another official record, whose years are not joined to those before."""
    lines = [row for row in rows if row["mark"] == "line"]
    for partner in dict.fromkeys(row["counterpart_area"] for row in lines):
        ours = sorted((row for row in lines if row["counterpart_area"] == partner), key=itemgetter("time_period"))
        for before, after in pairwise(ours):
            if before["line_id"] != after["line_id"]:
                yield (
                    f"From {after['time_period']} the trade with the partner is {after['said_by']}, "
                    f"to {before['time_period']} {before['said_by']}: nothing joins the two."
                )
