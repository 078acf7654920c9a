"""The paper as slides: one figure a slide, native where Office can draw the same, notes with the provenance."""

import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Mm, Pt

from exports.files.archive import settled
from exports.papers.native import Native, Series, as_native
from exports.papers.paper import Item, Paper, Section, Spans, Table
from exports.papers.properties import describe

WIDTH, HEIGHT, MARGIN = 338.67, 190.5, 14.0
DEEP, ACCENT, MUTED, BAD = (
    RGBColor(*parts) for parts in ((0x12, 0x34, 0x4D), (0x1F, 0x60, 0x92), (0x56, 0x61, 0x72), (0x7C, 0x24, 0x1D))
)
WHITE = RGBColor(0xFF, 0xFF, 0xFF)
BLANK, TITLE_ONLY = 6, 5
ROWS_A_SLIDE = 11
CHARTS: Mapping[tuple[str, bool], Any] = {
    ("line", False): XL_CHART_TYPE.LINE_MARKERS,
    ("bar", False): XL_CHART_TYPE.COLUMN_CLUSTERED,
    ("bar", True): XL_CHART_TYPE.BAR_CLUSTERED,
    ("stacked", False): XL_CHART_TYPE.COLUMN_STACKED,
    ("stacked", True): XL_CHART_TYPE.BAR_STACKED,
}


@dataclass(frozen=True)
class Deck:
    """A file of slides: how many, and on which one each numbered figure stands."""

    body: bytes
    count: int
    places: Mapping[int, int]


def slides(paper: Paper, pictures: Mapping[int, bytes], today: dt.date) -> Deck:
    """Return the paper as PPTX; the same paper gives the same bytes."""
    deck: Any = Presentation()
    deck.slide_width, deck.slide_height = Mm(WIDTH), Mm(HEIGHT)
    describe(deck.core_properties, paper, today)
    writer = _Writer(deck, paper, pictures)
    places = writer.write()
    out = io.BytesIO()
    deck.save(out)
    return Deck(settled(out.getvalue()), len(deck.slides), places)


class _Writer:
    """Writes one paper into a deck."""

    def __init__(self, deck: Any, paper: Paper, pictures: Mapping[int, bytes]) -> None:
        self._deck, self._paper, self._pictures = deck, paper, pictures

    def write(self) -> dict[int, int]:
        places: dict[int, int] = {}
        self._cover()
        for section in self._paper.sections:
            self._section(section)
            for item in section.items:
                self._item(item)
                places[item.number] = len(self._deck.slides)
        self._listed("Method", [f"{term}. {text}" for term, text in self._paper.methods], 11, 12)
        self._listed("Sources", list(self._paper.sources), 9, 18)
        return places

    def _slide(self, title: str) -> Any:
        slide = self._deck.slides.add_slide(self._deck.slide_layouts[TITLE_ONLY])
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = Mm(MARGIN), Mm(8), Mm(WIDTH - 2 * MARGIN), Mm(17)
        shape.text_frame.word_wrap = True
        shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        shape.text = title
        _style(shape, 24, DEEP, bold=True)
        return slide

    def _text(self, slide: Any, text: str, top: float, height: float, *, size: float, colour: RGBColor) -> None:
        box = slide.shapes.add_textbox(Mm(MARGIN), Mm(top), Mm(WIDTH - 2 * MARGIN), Mm(height))
        box.text_frame.word_wrap = True
        box.text_frame.text = text
        _style(box, size, colour)

    def _cover(self) -> None:
        paper = self._paper
        slide = self._slide(paper.title)
        fill = slide.background.fill
        fill.solid()
        fill.fore_color.rgb = DEEP
        slide.shapes.title.top, slide.shapes.title.height = Mm(62), Mm(30)
        _style(slide.shapes.title, 44, WHITE, bold=True)
        self._text(slide, paper.subtitle, 95, 20, size=18, colour=WHITE)
        self._text(slide, f"{paper.dated}. {paper.known}. Data {paper.digest[:12]}.", 160, 10, size=12, colour=WHITE)
        failed = [f"{item.number} {item.title}" for item in paper.items if item.status == "failed"]
        if failed:
            self._text(slide, f"Not complete. Missing: {', '.join(failed)}.", 145, 10, size=12, colour=WHITE)

    def _section(self, section: Section) -> None:
        if section.text or section.prompt:
            slide = self._slide(section.title)
            words = [_words(spans) for spans in section.text]
            words += [f"[Commentary: {section.prompt}]"] if section.prompt else []
            self._text(slide, "\n".join(words), 32, 140, size=14, colour=DEEP)
            self._note(slide, list(section.text), ())
        for table in section.tables:
            for start in range(0, len(table.rows), ROWS_A_SLIDE):
                self._table(table, start)

    def _item(self, item: Item) -> None:
        slide = self._slide(item.title)
        self._text(slide, item.words, 26, 14, size=13, colour=DEEP)
        native = as_native(item.figure) if item.drawn else None
        if native is not None:
            _chart(slide, native, item)
        elif item.drawn and item.number in self._pictures:
            self._picture(slide, item)
        else:
            reason = "This figure failed" if item.status == "failed" else "Nothing to draw"
            self._text(
                slide,
                f"{reason} ({item.view_id}): {item.problem}",
                80,
                30,
                size=16,
                colour=BAD if item.status == "failed" else MUTED,
            )
        caption = (
            f"Figure {item.number}. Source: {item.source_line}. {self._paper.known}. Data {self._paper.digest[:12]}."
        )
        self._text(slide, caption, 178, 9, size=9, colour=MUTED)
        self._note(slide, [item.summary], item.caveats)
        if item.table:
            self._table(item.table, 0)

    def _picture(self, slide: Any, item: Item) -> None:
        room, wide = 134.0, WIDTH - 2 * MARGIN
        ratio = item.height / float(item.figure["layout"]["width"])
        width = min(wide, room / ratio)
        left = MARGIN + (wide - width) / 2
        shape = slide.shapes.add_picture(io.BytesIO(self._pictures[item.number]), Mm(left), Mm(42), width=Mm(width))
        _describe(shape, item)

    def _table(self, table: Table, start: int) -> None:
        rows = table.rows[start : start + ROWS_A_SLIDE]
        slide = self._slide(table.title)
        frame = slide.shapes.add_table(
            len(rows) + 1, len(table.heads), Mm(MARGIN), Mm(30), Mm(WIDTH - 2 * MARGIN), Mm(11.5 * (len(rows) + 1))
        )
        total = sum(table.widths) or len(table.heads)
        for index, column in enumerate(frame.table.columns):
            share = (table.widths[index] if table.widths else 1) / total
            column.width = Emu(int(Mm(WIDTH - 2 * MARGIN) * share))
        for index, head in enumerate(table.heads):
            _cell(frame.table.cell(0, index), head, WHITE)
        for row, cells in enumerate(rows, 1):
            for index, spans in enumerate(cells):
                _cell(frame.table.cell(row, index), _words(spans), DEEP)
        self._note(slide, [spans for cells in rows for spans in cells], (table.left_out,))

    def _listed(self, title: str, lines: list[str], size: float, most: int) -> None:
        for start in range(0, len(lines), most):
            slide = self._slide(title)
            self._text(slide, "\n".join(lines[start : start + most]), 30, 150, size=size, colour=DEEP)

    def _note(self, slide: Any, texts: list[Spans], more: tuple[str, ...]) -> None:
        """Write the provenance of what stands on the slide into its notes, number by number."""
        noted = [
            (span.text, self._paper.notes[span.note])
            for spans in texts
            for span in spans
            if span.note in self._paper.notes
        ]
        lines = [f"{_last_words(text)}: {note}" for text, note in noted]
        slide.notes_slide.notes_text_frame.text = "\n".join([*lines, *(text for text in more if text)])


def _last_words(text: str) -> str:
    """Return the number a note belongs to with the words before it."""
    return "… " + " ".join(text.split(" ")[-3:])


def _words(spans: Spans) -> str:
    return "".join(span.text for span in spans)


def _style(shape: Any, size: float, colour: RGBColor, *, bold: bool = False) -> None:
    for paragraph in shape.text_frame.paragraphs:
        for run in paragraph.runs:
            run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, colour
            run.font.name = "Calibri"
        paragraph.alignment = PP_ALIGN.LEFT


def _cell(cell: Any, text: str, colour: RGBColor) -> None:
    cell.text = text
    for paragraph in cell.text_frame.paragraphs:
        for run in paragraph.runs:
            run.font.size, run.font.color.rgb = Pt(11), colour


def _describe(shape: Any, item: Item) -> None:
    """Give a picture or chart its alternative text, which the library has no door for."""
    about = shape._element.xpath(".//p:cNvPr")[0]
    about.set("descr", item.alt)
    about.set("name", item.view_id)


def _chart(slide: Any, native: Native, item: Item) -> None:
    """Put a chart on the slide whose numbers can be edited; what nobody said stays a gap."""
    data = CategoryChartData()
    data.categories = list(native.categories)
    for series in native.series:
        data.add_series(series.name, series.values)
    kind = CHARTS[native.kind, native.sideways]
    frame = slide.shapes.add_chart(kind, Mm(MARGIN), Mm(42), Mm(WIDTH - 2 * MARGIN), Mm(134), data)
    _describe(frame, item)
    chart: Any = frame.chart
    chart.has_title = False
    chart.has_legend = len(native.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.font.size = Pt(12)
    chart.value_axis.has_title = bool(native.axis)
    if native.axis:
        chart.value_axis.axis_title.text_frame.text = native.axis
    for blank in chart._chartSpace.xpath(".//c:dispBlanksAs"):
        blank.set("val", "gap")
    for drawn, series in zip(chart.plots[0].series, native.series, strict=True):
        _paint(drawn, series, native)


def _paint(drawn: Any, series: Series, native: Native) -> None:
    colour = RGBColor.from_string(series.colour.upper())
    if native.kind != "line":
        drawn.format.fill.solid()
        drawn.format.fill.fore_color.rgb = colour
        return
    drawn.smooth = False
    drawn.marker.style, drawn.marker.size = XL_MARKER_STYLE.CIRCLE, 6
    drawn.marker.format.fill.solid()
    drawn.marker.format.fill.fore_color.rgb = colour
    if series.joined:
        drawn.format.line.color.rgb, drawn.format.line.width = colour, Pt(2)
    else:
        drawn.format.line.fill.background()
