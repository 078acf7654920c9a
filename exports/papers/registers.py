"""Tables of a report: headlines, promises with their outcome, projects, findings, the rows of a figure."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from components import labels, promises
from components.cards import TABLE_COLUMNS
from components.headlines import Card
from components.views import Exhibit
from exports.papers.footnotes import SEPARATOR, Notes
from exports.papers.paper import Span, Spans, Table
from pipelines.tables import Tables

Row = Mapping[Any, Any]


def headlines(cards: Sequence[Card], notes: Notes) -> Table:
    """Return the headlines: what, newest value with its note, period and age, change."""
    rows = tuple(
        (
            _plain(card.label),
            (Span(card.value, notes.of_ids(card.observation_id)),),
            _plain(f"{card.period}{', old' if card.is_old else ''}"),
            _plain(card.note),
        )
        for card in cards
    )
    return Table("Key figures", ("Quantity", "Value", "Period", "Change"), rows, (1,), (3.2, 1.7, 1.9, 2.6))


def promised(tables: Tables, notes: Notes, most: int) -> Table:
    """Return the rated promises: aim, what came, the gap, the verdict; who promised stands in the notes."""
    rated = [row for row in promises.first_issues(promises.judged(tables)) if row["grade"] in promises.RATED]
    shown = rated[:most] if most else rated
    rows = tuple(_promise(row, notes) for row in shown)
    heads = ("Promise", "Aim", "What came", "Gap", "Verdict")
    return Table(
        "Promises and outcomes",
        heads,
        rows,
        (1, 2, 3),
        (3.4, 1.9, 1.9, 1.5, 2.6),
        _left(len(rated), len(shown), "promises"),
    )


def _promise(row: Row, notes: Notes) -> tuple[Spans, ...]:
    unit = str(row["unit_measure"])
    target = SEPARATOR.join(promises.split(row["target_figure_ids"]))
    actual = promises.number(row["actual_value"])
    came: Spans = (Span("not yet"),)
    if not math.isnan(actual):
        period = f" ({row['actual_period']})" if isinstance(row["actual_period"], str) else ""
        came = (Span(labels.value(actual, unit) + period, notes.of_ids(str(row["actual_observation_ids"]))),)
    reached = promises.reached_words(row)
    verdict = str(row["verdict"]) + (f", {reached}" if reached else "")
    return (
        _plain(str(row["title"])),
        (Span(promises.promised_words(row), notes.of_ids(target)),),
        came,
        _plain(_gap(row)),
        _plain(verdict),
    )


def _gap(row: Row) -> str:
    return promises.gap_words(row, "short", "above") if promises.is_rated(row) else "–"


def projects(tables: Tables, notes: Notes, most: int) -> Table:
    """Return the projects: those with a place and with most stated of length, cost and capacity first."""
    stated = tables.projects[["capacity", "cost", "length_km"]].notna().sum(axis="columns")
    entries = tables.projects.assign(stated=stated, placed=tables.projects["start_lat"].notna())
    listed = entries.sort_values(["placed", "stated", "project_id"], ascending=[False, False, True], kind="stable")
    shown = listed.head(most) if most else listed
    names = labels.words(tables.codes)
    rows = tuple(_project(row, names, notes) for row in shown.to_dict("records"))
    heads = ("Project", "Kind", "Areas", "Stated", "Status")
    return Table("Projects", heads, rows, (), (3, 1.6, 2, 2.2, 1.9), _left(len(listed), len(shown), "projects"))


def _project(row: Mapping[Any, Any], names: labels.Words, notes: Notes) -> tuple[Spans, ...]:
    length = labels.value(float(row["length_km"]), "KM") if not pd.isna(row["length_km"]) else ""
    stated = "; ".join(str(entry) for entry in (row["capacity"], row["cost"], length) if entry and not pd.isna(entry))
    ids = SEPARATOR.join(promises.split(row["figure_ids"]))
    since = f", {labels.period(str(row['status_as_of']))}" if isinstance(row["status_as_of"], str) else ""
    return (
        _plain(str(row["name"])),
        _plain(str(row["kind"])),
        _plain(names.area(str(row["areas"]))),
        (Span(stated or "–", notes.of_ids(ids) if stated else ""),),
        _plain(f"{row['status']}{since}"),
    )


def findings(tables: Tables, notes: Notes, most: int) -> Table:
    """Return the heaviest findings with their arithmetic; none where the tables hold no findings."""
    found = getattr(tables, "findings", None)
    heads = ("Finding", "Arithmetic", "Verdict")
    if not isinstance(found, pd.DataFrame) or found.empty:
        return Table("Findings", heads, ())
    told = found[~found["is_slip"].astype(bool) & found["word"].isin(("conflict", "caution"))]
    told = told.sort_values(["weight", "finding_id"], ascending=[False, True], kind="stable")
    shown = told.head(most) if most else told
    rows = tuple(_finding(row, notes) for row in shown.to_dict("records"))
    return Table("Findings", heads, rows, (), (2.3, 3.9, 2.6), _left(len(told), len(shown), "conflicts and cautions"))


def _finding(row: Row, notes: Notes) -> tuple[Spans, ...]:
    why = row.get("explanation")
    said = str(row["verdict"]).replace("_", " ") + (f": {why}" if isinstance(why, str) and why else "")
    return (
        (Span(str(row["title"]), notes.of_ids(str(row["figure_ids"] or row["observation_ids"]))),),
        _plain(str(row["arithmetic"])),
        _plain(said),
    )


def rows_of(exhibit: Exhibit, notes: Notes, most: int) -> Table:
    """Return the newest rows a figure draws, each value with its note; `most` says how many."""
    frame = exhibit.frame
    shown = {
        column: head
        for column, head in (exhibit.columns or TABLE_COLUMNS).items()
        if column in frame and column != "source_id"
    }
    ordered = (
        frame.sort_values("time_period", ascending=False, kind="stable", na_position="last")
        if "time_period" in frame
        else frame
    )
    rows = tuple(tuple(_cell(row, column, notes) for column in shown) for row in ordered.head(most).to_dict("records"))
    numeric = tuple(index for index, column in enumerate(shown) if column == "obs_value")
    return Table(
        f"Rows of “{exhibit.title}”", tuple(shown.values()), rows, numeric, (), _left(len(frame), len(rows), "rows")
    )


def _cell(row: Row, column: str, notes: Notes) -> Spans:
    entry = row[column]
    if column == "obs_value":
        shown = labels.bounded(float(entry), str(row.get("unit_measure", "")), str(row.get("bound", "=")), fine=True)
        ids = row.get("observation_id") or row.get("observation_ids") or ""
        return (Span(shown, notes.of_ids(str(ids), _said(row.get("formula")))),)
    if column == "time_period":
        return _plain(labels.period(_said(entry)))
    return _plain(labels.number(entry) if isinstance(entry, float) and not math.isnan(entry) else _said(entry))


def _said(entry: Any) -> str:
    return "" if entry is None or pd.isna(entry) else str(entry)


def _plain(text: str) -> Spans:
    return (Span(text),)


def _left(every: int, shown: int, what: str) -> str:
    return f"{every - shown} more {what} are not listed." if every > shown else ""


REGISTERS: Mapping[str, Callable[[Tables, Notes, int], Table]] = {
    "promises": promised,
    "projects": projects,
    "findings": findings,
}
