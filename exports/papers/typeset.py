"""The paper as a PDF: tagged, with contents, footnotes and vector figures; the same paper gives the same bytes."""

import datetime as dt
import itertools
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typst

from exports.files.record import CARRIERS, canonical, sealed
from exports.papers.paper import Item, Paper, Section, Spans, Table
from pipelines.errors import DataError

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
PAPER_NAMES: Mapping[str, str] = {"a4": "a4", "letter": "us-letter"}
TALLEST = 1.16
"""Height over width of what fits on a page with its words."""
WORDS = re.compile(r'<text[^>]*\by="([\d.]+)"[^>]*>(.*?)</text>', re.DOTALL)
BOXES = re.compile(r'translate\([-\d.]+,\s*([-\d.]+)\)"><rect class="bg" height="([\d.]+)"')
LINE = 13.0
"""Pixels a line of words takes in a figure."""
REMEDY = "Install the fonts (Debian: sudo apt-get install fonts-dejavu-core fonts-noto-cjk)."


@dataclass(frozen=True)
class Typeset:
    """A PDF, how many pages it has, and on which page each numbered figure stands."""

    body: bytes
    pages: int
    places: Mapping[int, int]


@dataclass
class _Marks:
    """Numbers the notes of a section: the first use carries the text, later ones point to it."""

    notes: Mapping[str, str]
    section: int = 0
    seen: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def start(self, section: int) -> None:
        self.section = section
        self.seen = set()

    def spans(self, spans: Spans) -> list[dict[str, Any]]:
        return [self._span(span.text, span.note, strong=span.strong) for span in spans]

    def _span(self, text: str, key: str, *, strong: bool) -> dict[str, Any]:
        note = self.notes.get(key)
        piece = {"text": text, "strong": strong, "note": note, "first": False, "label": "", "number": 0}
        if note is None:
            return piece
        number = self.numbers.setdefault(key, len(self.numbers) + 1)
        first = key not in self.seen
        self.seen.add(key)
        return {**piece, "first": first, "label": f"note-{self.section}-{number}", "number": number}


def typeset(paper: Paper, pictures: Mapping[int, str], record: Mapping[str, Any], today: dt.date) -> Typeset:
    """Return the paper as PDF/UA-1; `pictures` are the figures as SVG by their number, `record` what it carries.

    It is set twice, the second time with its record, which holds a hash over the pages. Refuses when a font is missing,
    for the words would be set in another.
    """
    data = json.dumps(_data(paper, pictures, today), ensure_ascii=False)
    compiler = typst.Compiler(root=TEMPLATE.parent, sys_inputs={"data": data, "record": ""})
    try:
        bare = _set(compiler, paper, today)
        places = json.loads(compiler.query("<item>", field="value"))
        pages = json.loads(compiler.query("<pages>", field="value"))[0]
        text = canonical(sealed({**record, "content": CARRIERS["pdf"].content(bare)}))
        body = _set(compiler, paper, today, sys_inputs={"data": data, "record": text})
    except typst.TypstError as error:
        raise DataError(f"{paper.name}: the PDF cannot be set: {error.message} {' '.join(error.hints)}") from error
    return Typeset(body, int(pages), {int(place["number"]): int(place["page"]) for place in places})


def _set(compiler: typst.Compiler, paper: Paper, today: dt.date, **inputs: Any) -> bytes:
    moment = dt.datetime(today.year, today.month, today.day, tzinfo=dt.UTC)
    body, warnings = compiler.compile_with_warnings(
        TEMPLATE, format="pdf", pdf_standards="ua-1", timestamp=moment, **inputs
    )
    _refuse_warnings(paper, [warning.message for warning in warnings])
    return _whole(body)


def _whole(body: object) -> bytes:
    if not isinstance(body, bytes):
        raise DataError("typst gave no PDF.")
    return body


def _refuse_warnings(paper: Paper, warnings: Iterable[str]) -> None:
    fonts = [text for text in warnings if "font" in text]
    if fonts:
        raise DataError(f"{paper.name}: {'; '.join(dict.fromkeys(fonts))}. {REMEDY}")


def _data(paper: Paper, pictures: Mapping[int, str], today: dt.date) -> dict[str, Any]:
    marks = _Marks(paper.notes)
    failed = [f"{item.number} {item.title}" for item in paper.items if item.status == "failed"]
    sections = [_section(section, index, pictures, marks) for index, section in enumerate(paper.sections)]
    tables = sum(len(section.tables) for section in paper.sections) + sum(
        item.table is not None for item in paper.items
    )
    return {
        "title": paper.title,
        "subtitle": paper.subtitle,
        "layout": paper.layout,
        "paper": PAPER_NAMES[paper.paper],
        "cover": paper.layout == "document",
        "date": {"year": today.year, "month": today.month, "day": today.day},
        "dated": paper.dated,
        "known": paper.known,
        "digest": paper.digest[:12],
        "holds": _holds(len(paper.items), tables, len(paper.sources)),
        "figures": len(paper.items),
        "tables": tables,
        "failed": failed,
        "sections": sections,
        "methods": [list(rule) for rule in paper.methods],
        "sources": list(paper.sources),
        "columns": _columns([{"number": number, "text": paper.notes[key]} for key, number in marks.numbers.items()]),
    }


def _columns(notes: list[dict[str, Any]], count: int = 3) -> list[list[dict[str, Any]]]:
    """Return the notes of a sheet in columns of about the same length: each stands where its middle falls."""
    lengths = [len(note["text"]) + 20 for note in notes]
    middles = [sum(lengths[:i]) + length / 2 for i, length in enumerate(lengths)]
    room = (sum(lengths) or 1) / count
    return [
        [note for note, middle in zip(notes, middles, strict=True) if int(middle / room) == i] for i in range(count)
    ]


def _holds(figures: int, tables: int, sources: int) -> str:
    counts = ((figures, "figure"), (tables, "table"), (sources, "source"))
    return ", ".join(f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in counts if count)


def _section(section: Section, index: int, pictures: Mapping[int, str], marks: _Marks) -> dict[str, Any]:
    marks.start(index)
    return {
        "title": section.title,
        "text": [marks.spans(spans) for spans in section.text],
        "tables": [_table(table, marks) for table in section.tables],
        "items": [_item(item, pictures.get(item.number), marks) for item in section.items],
    }


def _item(item: Item, svg: str | None, marks: _Marks) -> dict[str, Any]:
    width = float(item.figure.get("layout", {}).get("width", 1))
    return {
        "number": item.number,
        "view": item.view_id,
        "title": item.title,
        "status": item.status,
        "problem": item.problem,
        "summary": marks.spans(item.summary),
        "caveats": list(item.caveats),
        "source_line": item.source_line,
        "text": item.text,
        "alt": item.alt or f"{item.title}: {item.problem}",
        "svg": svg if item.drawn else None,
        "ratio": item.height / width,
        "parts": parts_of(svg, item.height / width) if item.drawn and svg else [],
        "table": _table(item.table, marks) if item.table else None,
    }


def parts_of(svg: str, ratio: float) -> list[tuple[float, float]]:
    """Return from where to where, in shares of its height, the parts of a figure stand on one page each.

    A figure taller than a page is cut where no words stand, as low on the page as there is such a place.
    """
    if ratio <= TALLEST:
        return [(0.0, 1.0)]
    height = float(re.findall(r'height="([\d.]+)"', svg)[0])
    free = _free_places(svg, round(height))
    cuts, room = [0], round(height * TALLEST / ratio)
    while height - cuts[-1] > room:
        fitting = [place for place in free if cuts[-1] + room / 3 < place <= cuts[-1] + room]
        cuts.append(fitting[-1] if fitting else cuts[-1] + room)
    return list(itertools.pairwise([*(cut / height for cut in cuts), 1.0]))


def _free_places(svg: str, height: int) -> list[int]:
    """Return the heights just above words where no other words stand: there no mark is cut either."""
    taken: set[int] = set()
    for place, words in WORDS.findall(svg):
        top = float(place)
        lines = max(words.count('class="line"'), 1)
        taken.update(range(round(top - LINE), round(top + (lines - 1) * LINE * 1.3 + LINE / 2)))
    for place, tall in BOXES.findall(svg):
        taken.update(range(int(float(place)), round(float(place) + float(tall)) + 1))
    return [place for place in range(1, height) if place not in taken and place + 1 in taken]


def _table(table: Table, marks: _Marks) -> dict[str, Any]:
    return {
        "title": table.title,
        "heads": list(table.heads),
        "widths": list(table.widths or [1] * len(table.heads)),
        "numeric": list(table.numeric),
        "rows": [[{"spans": marks.spans(cell)} for cell in row] for row in table.rows],
        "left_out": table.left_out,
    }
