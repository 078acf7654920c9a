"""What the panel says of a project, a commitment, an event or a source."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from components import labels
from components.elements import facts, mark_button, outside_link
from pipelines.errors import DataError, nearest
from pipelines.tables import Tables


@dataclass(frozen=True)
class Register:
    """Where the rows of a kind stand, what heads them, which columns are told, and the page they belong to."""

    table: str
    key: str
    title: str
    columns: tuple[str, ...]
    path: str


_PROJECT = (
    "kind", "status", "status_as_of", "areas", "start_place", "end_place", "date_start", "date_end", "capacity",
    "length_km", "cost", "other_names", "note",
)  # fmt: skip
_COMMITMENT = ("issuer", "said_on", "event", "grade", "status", "deadline", "caveat", "note", "sources")
_EVENT = ("date", "description", "areas", "topic", "source_id", "note")
_SOURCE = ("author", "publisher", "published", "published_note", "source_class", "licence", "note")

REGISTERS: Mapping[str, Register] = {
    "project": Register("projects", "project_id", "name", _PROJECT, "/projects"),
    "commitment": Register("commitments", "commitment_id", "title", _COMMITMENT, "/targets"),
    "event": Register("events", "event_id", "title", _EVENT, "/"),
    "source": Register("sources", "source_id", "title", _SOURCE, "/sources"),
}
WORDS: Mapping[str, str] = {
    "said_on": "Said",
    "status_as_of": "Status of",
    "length_km": "Length, km",
    "source_id": "Source",
    "source_class": "Class",
    "published_note": "How the date is known",
}


def is_entry(mark: str) -> bool:
    """Say whether a mark is an entry of a register such as `project:POWER_OF_SIBERIA`.

    >>> is_entry("project:POWER_OF_SIBERIA"), is_entry("valdai-2016-47-001")
    (True, False)
    """
    return mark.partition(":")[0] in REGISTERS and ":" in mark


def entry(tables: Tables, mark: str) -> Component:
    """Return what a register says of an entry, with its figures as buttons and the way to its page."""
    kind, _, identity = mark.partition(":")
    register = REGISTERS[kind]
    rows = getattr(tables, register.table)
    found = rows[rows[register.key] == identity]
    if found.empty:
        raise DataError(f"There is no {kind} {identity[:60]!r}{nearest(identity, rows[register.key])}.")
    row = {str(name): ("" if pd.isna(cell) else cell) for name, cell in found.iloc[0].items()}
    told = {WORDS.get(c, c.replace("_", " ").capitalize()): _said(tables, c, row.get(c, "")) for c in register.columns}
    link = outside_link(row.get("url"), "Open the source") if row.get("url") else None
    page = html.P(dcc.Link("Open its page", href=f"{register.path}#{identity}"))
    return html.Div(
        [
            html.P(str(row[register.title]), className="provenance-value"),
            facts(told),
            *_figures(tables, row),
            html.P(link),
            page,
        ],
        className="provenance",
    )


def _said(tables: Tables, column: str, cell: object) -> str:
    names = labels.words(tables.codes)
    text = str(cell)
    if column == "areas":
        return names.area(text)
    if column == "source_class":
        return names.source_class(text)
    if column in ("said_on", "date", "date_start", "date_end", "published", "status_as_of") and text:
        return labels.period(text)
    return labels.number(float(text)) if column == "length_km" and text else text


def _figures(tables: Tables, row: Mapping[str, Any]) -> list[Component]:
    joined = ";".join(str(row.get(name, "")) for name in ("figure_ids", "target_figure_ids", "actual_figure_ids"))
    ids = list(dict.fromkeys(part.strip() for part in joined.split(";") if part.strip()))
    known = tables.observations.set_index("observation_id")["measures"].to_dict()
    items = [html.Li(mark_button(one, f"{one}: {known[one]}")) for one in ids if one in known]
    return [html.H3("Figures"), html.Ul(items, className="rivals")] if items else []
