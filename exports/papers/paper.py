"""What stands in a report, whatever it is written as: sections, figures, tables, and the notes behind their numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from exports.pictures.exhibits import Framed


@dataclass(frozen=True)
class Span:
    """A piece of text, followed by the note `note` when it has one."""

    text: str
    note: str = ""
    strong: bool = False


Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Table:
    """A table: its heads, its rows of cells, and which columns hold numbers."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Spans, ...], ...]
    numeric: tuple[int, ...] = ()
    widths: tuple[float, ...] = ()
    left_out: str = ""


@dataclass(frozen=True)
class Item:
    """A view in the report: what was asked, what came, the figure in the language of the report, its notes.

    `status` is delivered, empty (`problem` says why nothing is drawn) or failed (`problem` says what went wrong); then
    `figure` is without traces.
    """

    number: int
    view_id: str
    title: str
    question: str
    status: str = "delivered"
    problem: str = ""
    summary: Spans = ()
    caveats: tuple[str, ...] = ()
    source_line: str = ""
    source_ids: tuple[str, ...] = ()
    text: str = ""
    alt: str = ""
    figure: Mapping[str, Any] = field(default_factory=dict)
    height: int = 420
    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    table: Table | None = None
    framed: Framed | None = field(default=None, repr=False)

    @property
    def drawn(self) -> bool:
        """Say whether there is a figure to show."""
        return self.status == "delivered"

    @property
    def words(self) -> str:
        """Return the summary without its notes."""
        return "".join(span.text for span in self.summary)


@dataclass(frozen=True)
class Section:
    """A section: words, a prompt for its writer, tables before the views."""

    title: str
    text: tuple[Spans, ...] = ()
    prompt: str = ""
    tables: tuple[Table, ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Paper:
    """A whole report; `notes` holds every note by its key, `sources` the works cited, `methods` the rules."""

    name: str
    title: str
    subtitle: str
    layout: str
    paper: str
    language: str
    dated: str
    known: str
    as_known: Mapping[str, str]
    digest: str
    sections: tuple[Section, ...]
    notes: Mapping[str, str]
    sources: tuple[str, ...]
    methods: tuple[tuple[str, str], ...]
    limits: tuple[str, ...] = ()
    most_pages: int = 400

    @property
    def items(self) -> tuple[Item, ...]:
        """Return every view of the report in order."""
        return tuple(item for section in self.sections for item in section.items)
