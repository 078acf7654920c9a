"""From a definition to a paper: views built under their parameters, tables filled, every number with its note."""

import datetime as dt
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from components import labels, theme
from components.desk import Desk, inputs_of
from components.views import Exhibit
from exports.papers import registers
from exports.papers.definition import PLACEHOLDER, Ask, Definition, Part
from exports.papers.footnotes import Notes, annotate
from exports.papers.numerals import localise, localise_figure
from exports.papers.paper import Item, Paper, Section, Span, Spans, Table
from exports.pictures.exhibits import Framed, dress, frame_exhibit, known_on
from pipelines.errors import DataError
from pipelines.tables import Tables

LOG = logging.getLogger(__name__)
# The Latin letters of the Korean face: in the Chinese one quotation marks are as wide as a character.
FONTS = '"Noto Sans CJK KR", "DejaVu Sans", sans-serif'
WIDTHS: Mapping[str, int] = {"document": 690, "sheet": 420}
SHEET_HEIGHT = 300
FLATTER: Mapping[int, float] = {1: 0.62, 2: 0.72}
FLATTEST = 240
STRONG = re.compile(r"\*([^*]+)\*")
METHODS: tuple[tuple[str, str], ...] = (
    (
        "Reading",
        "No number is typed in: each is read from the words of its source and kept with them. A hedge becomes an "
        "interval: ≈ about, ≥ at least, > more than, ≤ at most; an interval with an open end stays open.",
    ),
    (
        "Roles",
        "What was aimed at, planned, pledged, contracted or could be carried is never counted as what happened, and "
        "never drawn like it.",
    ),
    (
        "Lines",
        "A line joins comparable values of one reporter and one valuation only. A missing year is a gap, never zero. "
        "One value is a mark without a line.",
    ),
    (
        "Which report",
        "Trade of China is shown as China counts it, for Russia ceased to publish in 2022; where both sides report, "
        "both are shown.",
    ),
    (
        "Promises",
        "A rate is formed with comparable figures only (grades A and B). A promise without a year cannot be missed.",
    ),
    (
        "Notes",
        "A number in a text or table carries a note: who said it, when, about which period, in which words. The code "
        "in brackets finds it in the product. Values we computed say from what.",
    ),
    (
        "As known on",
        "The report shows one state of knowledge, named on its cover. The same state and the same data give the same "
        "report, byte for byte.",
    ),
)


class Composer:
    """Builds the paper of one definition from one desk; a view that fails is named in its place, the rest goes on."""

    def __init__(self, definition: Definition, desk: Desk, today: dt.date) -> None:
        self.definition = definition
        self._desk = desk
        self._today = today
        self._tables = desk.tables(definition.known)
        self._notes = Notes(self._tables)
        self._sources = labels.by_id(self._tables.sources)
        self._number = 0

    def paper(self) -> Paper:
        """Return the whole paper."""
        definition, tables = self.definition, self._tables
        sections = tuple(section for part in definition.parts if (section := self._section(part)) is not None)
        sections = tuple(self._filled(section, part_texts) for section, part_texts in self._texts(sections))
        items = [item for section in sections for item in section.items]
        say = self._say
        return Paper(
            name=definition.name,
            title=definition.title,
            subtitle=definition.subtitle,
            layout=definition.layout,
            paper=definition.paper,
            language=definition.language,
            dated=_day(self._today),
            known=known_words(tables),
            as_known={"mode": tables.as_known.mode, "date": tables.as_known.date},
            digest=tables.digest,
            sections=sections,
            notes={key: say(text) for key, text in self._notes.texts.items()},
            sources=tuple(self._cited(items)),
            methods=METHODS,
            most_pages=definition.most_pages,
        )

    def _cited(self, items: Sequence[Item]) -> list[str]:
        """Return the works behind the figures; of a source whose pages printed what is drawn, those pages."""
        used = [source for item in items for source in item.source_ids]
        drawn = [name for item in items if item.frame is not None for name in inputs_of(item.frame)]
        return labels.cite(self._sources, used, labels.articles(self._tables.observations, self._sources), drawn)

    def _say(self, text: str) -> str:
        return localise(text.replace(" %", f"{labels.NBSP}%"), self.definition.language)

    def _said(self, spans: Spans) -> Spans:
        return tuple(replace(span, text=self._say(span.text)) for span in spans)

    def _texts(self, sections: Sequence[Section]) -> Iterator[tuple[Section, str]]:
        texts = {part.title: part.text for part in self.definition.parts}
        return ((section, texts[section.title]) for section in sections)

    def _section(self, part: Part) -> Section | None:
        """Return a section without its words, or none when it is optional and nothing in it can be shown."""
        tables = tuple(self._table(table) for table in self._registers(part))
        if part.optional and part.register and not tables:
            return None
        before = self._number
        items = tuple(self._item(ask) for ask in part.views)
        if part.optional and not tables and not any(item.drawn for item in items):
            self._number = before
            return None
        return Section(part.title, prompt=part.prompt, tables=tables, items=items)

    def _registers(self, part: Part) -> Iterator[Table]:
        if part.headlines:
            cards = self._desk.headlines(part.headlines, self.definition.known)
            yield registers.headlines(cards[: part.most or None], self._notes)
        if part.register:
            table = registers.REGISTERS[part.register](self._tables, self._notes, part.most)
            if table.rows:
                yield table

    def _table(self, table: Table) -> Table:
        rows = tuple(tuple(self._said(cell) for cell in row) for row in table.rows)
        return replace(table, rows=rows, left_out=self._say(table.left_out))

    def _item(self, ask: Ask) -> Item:
        view = self._desk.view(ask.view_id)
        self._number += 1
        blank = Item(self._number, ask.view_id, view.title, view.question, text=self._say(ask.text))
        try:
            exhibit = self._desk.exhibit(ask.view_id, {**self.definition.known, **ask.parameters})
            return self._shown(blank, exhibit, ask)
        except DataError as error:
            return replace(blank, status="failed", problem=str(error))
        except Exception as error:
            LOG.exception("view %s could not be drawn", ask.view_id)
            return replace(blank, status="failed", problem=f"The chart raised {type(error).__name__}; see the log.")

    def _shown(self, blank: Item, exhibit: Exhibit, ask: Ask) -> Item:
        shown = replace(
            blank,
            title=self._say(exhibit.title),
            caveats=tuple(self._say(text) for text in exhibit.caveats),
            source_ids=exhibit.source_ids,
            source_line=labels.source_line(self._sources, exhibit.source_ids, most=6),
            frame=exhibit.frame,
        )
        if exhibit.empty:
            return replace(shown, status="empty", problem=exhibit.empty)
        framed = frame_exhibit(self._desk, ask.view_id, {**self.definition.known, **ask.parameters}, "screen")
        return self._drawn(shown, framed, ask)

    def _drawn(self, shown: Item, framed: Framed, ask: Ask) -> Item:
        exhibit, layout = framed.exhibit, self.definition.layout
        height = self._height(exhibit, ask.view_id)
        drawn_from = "" if layout == "sheet" else exhibit.title
        summary = self._said(annotate(exhibit.summary, exhibit.frame, self._notes, drawn_from))
        table = registers.rows_of(exhibit, self._notes, ask.rows) if ask.rows else None
        return replace(
            shown,
            summary=summary,
            alt=alternative(shown.title, self._say(exhibit.summary), exhibit),
            figure=printed(exhibit.figure, WIDTHS[layout], height, self.definition.language),
            height=height,
            table=self._table(table) if table else None,
            framed=framed,
        )

    def _height(self, exhibit: Exhibit, view_id: str) -> int:
        """Return the height on paper: rows keep what they need, a time axis may be flatter than on screen."""
        if self.definition.layout == "sheet":
            return SHEET_HEIGHT
        fixed = exhibit.figure["layout"].get("height")
        if fixed:
            return int(fixed)
        panels = {
            tuple(axis["domain"])
            for name, axis in exhibit.figure["layout"].items()
            if name[:5] == "yaxis" and "domain" in axis
        }
        return max(FLATTEST, round(self._desk.view(view_id).height * FLATTER.get(max(len(panels), 1), 0.84)))

    def _filled(self, section: Section, text: str) -> Section:
        paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]
        filled = (tuple(self._fill(part)) for part in paragraphs)
        return replace(section, text=tuple(spans for spans in filled if _says_something(spans)))

    def _fill(self, text: str) -> Iterator[Span]:
        """Put title or summary of a view, with its notes, where the text names it; one without a figure stays away."""
        at = 0
        for match in PLACEHOLDER.finditer(text):
            yield from self._plain(text[at : match.start()])
            yield from self._named(*match.groups())
            at = match.end()
        yield from self._plain(text[at:])

    def _plain(self, text: str) -> Iterator[Span]:
        """Yield written words; those between asterisks are strong."""
        for index, part in enumerate(STRONG.split(text)):
            if part:
                yield Span(self._say(part), strong=index % 2 == 1)

    def _named(self, view_id: str, name: str) -> Iterator[Span]:
        try:
            exhibit = self._desk.exhibit(view_id, self.definition.known)
        except DataError:
            return
        if name == "title":
            yield Span(self._say(exhibit.title))
        elif not exhibit.empty:
            yield from self._said(annotate(exhibit.summary, exhibit.frame, self._notes))


def _says_something(spans: Spans) -> bool:
    """Say whether more than a strong lead is left of a paragraph whose views had nothing to say."""
    return any(span.text.strip() and not span.strong for span in spans)


def printed(figure: Mapping[str, Any], width: int, height: int, language: str) -> dict[str, Any]:
    """Return the figure of the screen dressed for a page: its fonts, its size, the number format of the language."""
    dressed = dress(figure, width, height, width)
    layout = {**dressed["layout"], "template": theme.template("light", FONTS)}
    return localise_figure({**dressed, "layout": layout}, language)


def alternative(title: str, summary: str, exhibit: Exhibit) -> str:
    """Return what a figure shows, for those who do not see it."""
    kinds = labels.join_words(sorted({_KINDS.get(trace["type"], "marks") for trace in exhibit.figure["data"]}))
    marks = len(exhibit.frame)
    return f"{title}. Chart of {kinds} with {marks} {labels.plural('value', marks)}. {summary}"


_KINDS = {"bar": "bars", "scatter": "points and lines", "scattergeo": "places on a map", "heatmap": "cells"}


def known_words(tables: Tables) -> str:
    """Return the state of knowledge as a cover says it."""
    known = tables.as_known
    if known.mode == "published":
        return f"As published by {labels.period(known.date)}"
    return f"Everything known; newest source of {known_on(tables)}"


def _day(today: dt.date) -> str:
    return f"{today.day} {today:%B} {today.year}"
