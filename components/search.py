"""What a reader's words find: observations, projects, commitments, events and sources, each behind a mark."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
from dash import html
from dash.development.base_component import Component

from components import labels
from components.elements import mark_button
from components.registers import REGISTERS
from pipelines.tables import Tables

LIMIT = 8
HINT = "Type a place, a topic, a number or a publisher."
LONGEST = 120
FOUND_BY = (
    "observation_id", "obs_value", "unit_measure", "bound", "counted", "time_period", "measures", "publisher",
    "as_written", "indicator", "ref_area", "counterpart_area",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One thing that can be found: its kind, the words it is found by, what a result says, and its mark."""

    kind: str
    haystack: str
    text: str
    mark: str


@dataclass(frozen=True)
class Hits:
    """The first entries of a kind that match, and how many there are in all."""

    kind: str
    entries: tuple[Entry, ...]
    total: int


def find(entries: tuple[Entry, ...], query: str) -> list[Hits]:
    """Return the entries that hold every word of the query, by kind in the order of the entries."""
    sought = query.casefold()[:LONGEST].split()
    if not sought:
        return []
    kinds: dict[str, list[Entry]] = {}
    for entry in entries:
        if all(word in entry.haystack for word in sought):
            kinds.setdefault(entry.kind, []).append(entry)
    return [Hits(kind, tuple(found[:LIMIT]), len(found)) for kind, found in kinds.items()]


def results(hits: list[Hits], query: str) -> Component:
    """Return the hits as lists of links and marks; say so when there are none."""
    if not query.strip():
        return html.P(HINT, className="quiet")
    if not hits:
        return html.P(f"Nothing found for “{query[:LONGEST]}”. Every word must occur; try fewer.", className="quiet")
    return html.Div([block for hit in hits for block in _block(hit)])


def _block(hits: Hits) -> Iterator[Component]:
    more = f", first {LIMIT} shown" if hits.total > LIMIT else ""
    yield html.H3(f"{hits.kind} ({hits.total}{more})")
    yield html.Ul([html.Li(mark_button(entry.mark, entry.text)) for entry in hits.entries], className="results")


def index(tables: Tables) -> tuple[Entry, ...]:
    """Return everything that can be found in these tables, documents' own figures first."""
    names = labels.words(tables.codes)
    return (
        *_observations(tables.observations, names),
        *_rows(tables.projects, "Projects", "project", ("name", "kind", "status", "other_names", "note")),
        *_rows(tables.commitments, "Commitments", "commitment", ("title", "issuer", "status", "caveat")),
        *_rows(tables.events, "Events", "event", ("title", "date", "description")),
        *_rows(tables.sources, "Sources", "source", ("title", "publisher", "author")),
    )


def _observations(rows: pd.DataFrame, names: labels.Words) -> Iterator[Entry]:
    ordered = rows.assign(is_statistic=rows["provenance"] == "statistic").sort_values("is_statistic", kind="stable")
    cells = [ordered[name].astype(object).where(ordered[name].notna(), "").tolist() for name in FOUND_BY]
    for row in (dict(zip(FOUND_BY, entry, strict=True)) for entry in zip(*cells, strict=True)):
        shown = labels.bounded(float(row["obs_value"]), row["unit_measure"], row["bound"], counted=str(row["counted"]))
        areas = labels.pair(names, str(row["ref_area"]), str(row["counterpart_area"])) if row["ref_area"] else ""
        text = f"{shown}, {labels.period(str(row['time_period']))}: {row['measures']} ({row['publisher']})"
        written = labels.as_said(str(row["as_written"]))
        haystack = f"{row['observation_id']} {text} {written} {names.indicator(row['indicator'])} {areas}"
        yield Entry("Figures", haystack.replace(labels.NBSP, " ").casefold(), text, mark=str(row["observation_id"]))


def _rows(rows: pd.DataFrame, kind: str, register: str, columns: tuple[str, ...]) -> Iterator[Entry]:
    key = REGISTERS[register].key
    for row in rows.astype(object).where(rows.notna(), "").to_dict("records"):
        words = " ".join(str(row[column]) for column in (key, *columns))
        text = ", ".join(str(row[column]) for column in columns[:3] if row[column])
        yield Entry(kind, words.casefold(), text, mark=f"{register}:{row[key]}")
