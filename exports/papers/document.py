"""The paper as a Word document: headings, pictures with captions and alternative text, real footnotes."""

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from exports.files.archive import settled
from exports.papers.paper import Item, Paper, Section, Spans, Table
from exports.papers.properties import describe

PAPERS: Mapping[str, tuple[float, float]] = {"a4": (210, 297), "letter": (215.9, 279.4)}
MARGIN = 25.0
DEEP, ACCENT, MUTED, BAD = (
    RGBColor(0x12, 0x34, 0x4D),
    RGBColor(0x1F, 0x60, 0x92),
    RGBColor(0x56, 0x61, 0x72),
    RGBColor(0x7C, 0x24, 0x1D),
)
FOOTNOTE_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
TIGHT = '<w:pPr><w:spacing w:after="20" w:line="240"/></w:pPr>'
SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
)


def document(paper: Paper, pictures: Mapping[int, bytes], today: dt.date) -> bytes:
    """Return the paper as DOCX with its figures as PNG by number; the same paper gives the same bytes."""
    word = Document()
    describe(word.core_properties, paper, today)
    _styles(word, paper)
    writer = _Writer(word, paper, pictures)
    writer.write()
    out = io.BytesIO()
    word.save(out)
    return settled(out.getvalue())


def _styles(word: Word, paper: Paper) -> None:
    width, height = PAPERS[paper.paper]
    page = word.sections[0]
    page.page_width, page.page_height = Mm(width), Mm(height)
    page.left_margin = page.right_margin = Mm(MARGIN)
    page.top_margin = page.bottom_margin = Mm(22)
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = "Georgia", Pt(10)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "Noto Serif CJK SC")
    for name, size in (("Title", 30), ("Heading 1", 18), ("Heading 2", 12), ("Caption", 10)):
        style = word.styles[name]
        style.font.name, style.font.size, style.font.color.rgb, style.font.bold = "Calibri", Pt(size), DEEP, True
        style.font.italic = False
        style.element.rPr.rFonts.set(qn("w:asciiTheme"), "minorHAnsi")
    word.styles["Caption"].paragraph_format.keep_with_next = True
    word.styles.element.append(_footnote_style())


def _footnote_style() -> Any:
    style = OxmlElement("w:style")
    style.set(qn("w:type"), "character")
    style.set(qn("w:styleId"), "FootnoteReference")
    name, properties, up = OxmlElement("w:name"), OxmlElement("w:rPr"), OxmlElement("w:vertAlign")
    name.set(qn("w:val"), "footnote reference")
    up.set(qn("w:val"), "superscript")
    properties.append(up)
    style.append(name)
    style.append(properties)
    return style


class _Writer:
    """Writes one paper into a Word document."""

    def __init__(self, word: Word, paper: Paper, pictures: Mapping[int, bytes]) -> None:
        self._word, self._paper, self._pictures = word, paper, pictures
        self._footnotes: list[str] = []

    def write(self) -> None:
        self._cover()
        for section in self._paper.sections:
            self._section(section)
        self._word.add_heading("Method", 1)
        for term, text in self._paper.methods:
            paragraph = self._word.add_paragraph()
            paragraph.add_run(f"{term}. ").bold = True
            paragraph.add_run(text)
        self._word.add_heading("Sources", 1)
        for source in self._paper.sources:
            self._small(source)
        self._attach_footnotes()

    def _cover(self) -> None:
        paper = self._paper
        self._word.add_heading(paper.title, 0)
        self._word.add_paragraph(paper.subtitle)
        self._small(f"{paper.dated}. {paper.known}. Data {paper.digest[:12]}.")
        failed = [f"{item.number} {item.title}" for item in paper.items if item.status == "failed"]
        if failed:
            self._coloured(f"This report is not complete. Missing: {', '.join(failed)}.", BAD)
        self._word.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)

    def _section(self, section: Section) -> None:
        self._word.add_heading(section.title, 1)
        if section.prompt:
            run = self._word.add_paragraph().add_run(f"[Commentary: {section.prompt}]")
            run.italic, run.font.color.rgb = True, MUTED
        for table in section.tables:
            self._table(table)
        for spans in section.text:
            self._spans(self._word.add_paragraph(), spans)
        for item in section.items:
            self._item(item)

    def _item(self, item: Item) -> None:
        if item.text:
            self._word.add_paragraph(item.text)
        if item.summary:
            self._spans(self._word.add_paragraph(), item.summary)
        self._word.add_paragraph(f"Figure {item.number}. {item.title}", style="Caption")
        if item.drawn and item.number in self._pictures:
            self._picture(item)
        else:
            reason = "This figure failed" if item.status == "failed" else "Nothing to draw"
            self._coloured(f"{reason} ({item.view_id}): {item.problem}", BAD if item.status == "failed" else MUTED)
        if item.caveats:
            self._small(f"Note. {' '.join(item.caveats)}")
        if item.source_line:
            self._small(f"Source. {item.source_line}.")
        if item.table:
            self._table(item.table)

    def _picture(self, item: Item) -> None:
        paragraph = self._word.add_paragraph()
        width = PAPERS[self._paper.paper][0] - 2 * MARGIN
        ratio = item.height / float(item.figure["layout"]["width"])
        width = min(width, 210 / ratio)
        paragraph.add_run().add_picture(io.BytesIO(self._pictures[item.number]), width=Mm(width))
        about = paragraph._p.xpath(".//wp:docPr")[-1]
        about.set("descr", item.alt)
        about.set("name", item.view_id)

    def _table(self, table: Table) -> None:
        self._word.add_paragraph(table.title, style="Caption")
        made = self._word.add_table(rows=1, cols=len(table.heads), style="Table Grid")
        _repeat(made.rows[0])
        for cell, head in zip(made.rows[0].cells, table.heads, strict=True):
            cell.paragraphs[0].add_run(head).bold = True
        for cells in table.rows:
            for cell, spans in zip(made.add_row().cells, cells, strict=True):
                self._spans(cell.paragraphs[0], spans)
        shares = table.widths or (1.0,) * len(table.heads)
        room = PAPERS[self._paper.paper][0] - 2 * MARGIN
        for row in made.rows:
            for cell, share in zip(row.cells, shares, strict=True):
                cell.width = Mm(room * share / sum(shares))
                cell.paragraphs[0].paragraph_format.space_after = Pt(0)
                for run in cell.paragraphs[0].runs:
                    run.font.size = Pt(8)
        self._small(table.left_out)

    def _spans(self, paragraph: Paragraph, spans: Spans) -> None:
        for span in spans:
            paragraph.add_run(span.text).bold = span.strong or None
            if span.note in self._paper.notes:
                self._footnotes.append(self._paper.notes[span.note])
                _refer(paragraph, len(self._footnotes))

    def _small(self, text: str) -> None:
        if text:
            self._coloured(text, MUTED)

    def _coloured(self, text: str, colour: RGBColor) -> None:
        run = self._word.add_paragraph().add_run(text)
        run.font.size, run.font.color.rgb = Pt(8), colour

    def _attach_footnotes(self) -> None:
        """Put the footnotes into a part of their own, which the library has no door for."""
        bodies = "".join(_footnote(number, text) for number, text in enumerate(self._footnotes, 1))
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        body = f"{head}<w:footnotes {nsdecls('w')}>{SEPARATORS}{bodies}</w:footnotes>"
        part = Part(PackURI("/word/footnotes.xml"), FOOTNOTE_TYPE, body.encode(), self._word.part.package)
        self._word.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _repeat(row: Any) -> None:
    """Let the first row stand again on every page the table reaches."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))


def _refer(paragraph: Paragraph, number: int) -> None:
    run = paragraph.add_run()
    properties = run._r.get_or_add_rPr()
    style, reference = OxmlElement("w:rStyle"), OxmlElement("w:footnoteReference")
    style.set(qn("w:val"), "FootnoteReference")
    reference.set(qn("w:id"), str(number))
    properties.append(style)
    run._r.append(reference)


def _footnote(number: int, text: str) -> str:
    return (
        f'<w:footnote w:id="{number}"><w:p>{TIGHT}<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
        '<w:footnoteRef/></w:r><w:r><w:rPr><w:sz w:val="15"/></w:rPr>'
        f'<w:t xml:space="preserve"> {escape(text)}</w:t></w:r></w:p></w:footnote>'
    )
