"""A pack is complete, proven and the same bytes each time; what fails is named in its place and the rest delivered."""

import datetime as dt
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from pptx import Presentation
from pypdf import PdfReader

from components.desk import Desk
from exports.files.record import is_untouched, read_record
from exports.papers.compose import Composer
from exports.papers.definition import Definition, adjusted, load_definition, pack_definition
from exports.papers.report import FORMATS, Made, Order, export_page, export_report, make_pack, write_pack, zipped
from exports.pictures.exhibits import Framed, Sheet
from exports.pictures.proof import Format
from exports.pictures.render import Engine, NoBrowser, RenderFailed
from exports.pictures.verify import verify
from pipelines.errors import DataError

DAY = dt.date(2026, 11, 25)
OFFICE = ("docx", "pptx", "xlsx")
Change = Callable[[str], None]


class Canned:
    """Draws each picture once for all tests; a view can be made to fail."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._kept = engine, dict[Any, bytes]()
        self.fails = ""
        self.gone = False

    def image(self, what: Framed | Sheet, fmt: Format) -> bytes:
        if self.gone:
            raise NoBrowser("No Chromium was found. Install it.")
        sheet = what.sheet if isinstance(what, Framed) else what
        if sheet.name == self.fails:
            raise RenderFailed(f"{sheet.name}: its figure is blank.")
        key = (sheet.name, json.dumps(sheet.figure, sort_keys=True, default=str), len(sheet.lines), fmt)
        if key not in self._kept:
            self._kept[key] = self._engine.image(what, fmt)
        return self._kept[key]


@pytest.fixture(scope="session")
def canned(engine: Engine) -> Canned:
    return Canned(engine)


@pytest.fixture(scope="session")
def briefing(desk: Desk) -> Definition:
    return load_definition("briefing", desk)


@pytest.fixture(scope="session")
def made(briefing: Definition, desk: Desk, canned: Canned) -> Made:
    return make_pack(briefing, desk, canned, DAY, [name for name in FORMATS if name != "png"])


@pytest.fixture(scope="session")
def small(desk: Desk) -> Definition:
    return pack_definition([("trade-structure-2008", {}), ("investment-kazakhstan", {}), ("trade-falls", {})], desk)


@pytest.fixture(scope="session")
def folder(small: Definition, desk: Desk, canned: Canned, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(make_pack(small, desk, canned, DAY, FORMATS), tmp_path_factory.mktemp("packs") / "small").folder


def body(made: Made, fmt: str) -> bytes:
    return next(entry.body for entry in made.files if entry.format == fmt)


def pdf_of(made: Made) -> PdfReader:
    return PdfReader(io.BytesIO(body(made, "pdf")))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


pytestmark = pytest.mark.browser


def test_the_briefing_has_twelve_to_sixteen_pages_on_both_papers(
    made: Made, briefing: Definition, desk: Desk, canned: Canned
) -> None:
    letter = make_pack(adjusted(briefing, desk, {"paper": "letter"}, {}), desk, canned, DAY, ("pdf",))
    for pack, size in ((made, (595, 842)), (letter, (612, 792))):
        reader = pdf_of(pack)
        assert pack.problems == []
        assert 12 <= len(reader.pages) <= 16
        assert (round(reader.pages[3].mediabox.width), round(reader.pages[3].mediabox.height)) == size


def test_the_sheet_is_one_page_on_both_papers(desk: Desk, canned: Canned) -> None:
    for paper in ("a4", "letter"):
        sheet = adjusted(load_definition("sheet", desk), desk, {"paper": paper}, {})
        pack = make_pack(sheet, desk, canned, DAY, ("pdf",))
        assert pack.complete, pack.problems
        assert len(pdf_of(pack).pages) == 1
        assert "Newest" not in words(pdf_of(pack))
        assert "US$228.1" in words(pdf_of(pack)).replace("\u00a0", " ")


def test_a_sheet_that_runs_over_is_delivered_and_called_incomplete(
    desk: Desk, canned: Canned, small: Definition
) -> None:
    from dataclasses import replace

    pack = make_pack(replace(small, most_pages=1), desk, canned, DAY, ("pdf",))
    assert not pack.complete
    assert re.search(r"it has \d pages and may have 1", pack.problems[0])
    assert body(pack, "pdf").startswith(b"%PDF")


def test_the_pdf_is_tagged_titled_and_in_a_language(made: Made) -> None:
    reader = pdf_of(made)
    root = reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).lower().startswith("en")
    assert reader.metadata is not None
    assert reader.metadata.title == made.paper.title
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


def test_every_figure_of_the_pdf_says_what_it_shows(made: Made) -> None:
    reader = pdf_of(made)
    told = []

    def walk(node: Any, seen: set[int]) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for part in node:
                walk(part, seen)
        elif hasattr(node, "get") and id(node) not in seen:
            seen.add(id(node))
            if "/Alt" in node:
                told.append(str(node["/Alt"]))
            if "/K" in node:
                walk(node["/K"], seen)

    walk(reader.root_object["/StructTreeRoot"], set())
    assert {item.alt for item in made.paper.items} <= set(told)


def test_the_pdf_text_can_be_selected_with_contents_figures_and_footnotes(made: Made) -> None:
    reader = pdf_of(made)
    said = words(reader)
    for text in ("Quarterly briefing", "Contents", "FIGURE 1", "TABLE 1", "Method", "Sources", "as written:", "Drawn:"):
        assert text in said
    for item in made.paper.items:
        assert item.title.replace("\u00a0", " ") in said.replace("\u00a0", " "), item.title
    contents = reader.pages[1].extract_text()
    for section in made.paper.sections:
        assert re.search(rf"{re.escape(section.title)}[ .]*\d+", contents), section.title
    assert "Turnover, current prices" in reader.pages[3].extract_text(), "the words of a chart are text"
    assert "\u00ad" not in said, "ids can be copied as they are"


def test_the_pages_of_the_manifest_are_where_the_figures_stand(made: Made) -> None:
    reader = pdf_of(made)
    for item in made.manifest["items"]:
        page = reader.pages[item["pages"]["pdf"][0] - 1].extract_text()
        assert f"FIGURE {item['number']}" in page.replace("\u00a0", " ")


def test_each_format_is_the_same_bytes_for_the_same_paper(
    small: Definition, desk: Desk, canned: Canned, folder: Path
) -> None:
    again = make_pack(small, desk, canned, DAY, FORMATS)
    for name, content in again.members():
        assert (folder / name).read_bytes() == content, name
    assert zipped(again) == zipped(again)


def test_the_manifest_lists_what_was_asked_what_came_and_every_hash(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["complete"]
    assert (
        manifest["requested"]
        == manifest["delivered"]
        == ["trade-structure-2008", "investment-kazakhstan", "trade-falls"]
    )
    for entry in manifest["files"]:
        content = (folder / entry["file"]).read_bytes()
        assert (entry["sha256"], entry["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))
    on_disk = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert on_disk == {entry["file"] for entry in manifest["files"]} | {"manifest.json"}
    for item in manifest["items"]:
        assert item["status"] == "delivered"
        assert item["figure_hash"] == item["record"]["figure_hash"]
        assert item["record"]["values"]
        assert item["files"] == [f"pictures/{item['number']:02d}-{item['view']}.png"]
        assert set(item["pages"]) == {"pdf", "pptx"}
    assert {"bilateral", "plotly", "typst"} <= set(manifest["versions"])


def test_every_file_carries_its_record_and_tells_when_it_was_altered(folder: Path, desk: Desk, tmp_path: Path) -> None:
    assert verify(folder, desk).state == "current"
    for path in (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "manifest.json"):
        record = read_record(path)
        assert is_untouched(path, record), path.name
        assert verify(path, desk).state == "current", path.name
    changed = tmp_path / "pack.html"
    changed.write_bytes((folder / "pack.html").read_bytes().replace(b"Sources", b"Sauces"))
    assert verify(changed, desk).state == "altered"
    (folder / "note.txt").write_text("x")
    assert verify(folder, desk).changes == ("note.txt: no part of the pack",)
    (folder / "note.txt").unlink()


def test_a_failed_figure_is_named_in_its_place_everywhere_and_the_rest_is_delivered(
    small: Definition, desk: Desk, canned: Canned
) -> None:
    canned.fails = "investment-kazakhstan"
    try:
        pack = make_pack(small, desk, canned, DAY, FORMATS)
    finally:
        canned.fails = ""
    assert not pack.complete
    assert pack.problems == ["figure 2 (investment-kazakhstan): investment-kazakhstan: its figure is blank."]
    assert pack.manifest["delivered"] == ["trade-structure-2008", "trade-falls"]
    assert [item["status"] for item in pack.manifest["items"]] == ["delivered", "failed", "delivered"]
    assert all(entry.delivered for entry in pack.files)
    reader = pdf_of(pack)
    page = reader.pages[pack.manifest["items"][1]["pages"]["pdf"][0] - 1].extract_text()
    assert "This figure failed: investment-kazakhstan" in page
    assert "This report is not complete" in reader.pages[0].extract_text()
    assert "its figure is blank" in body(pack, "html").decode()
    assert any("its figure is blank" in p.text for p in Document(io.BytesIO(body(pack, "docx"))).paragraphs)
    slide = Presentation(io.BytesIO(body(pack, "pptx"))).slides[pack.manifest["items"][1]["pages"]["pptx"][0] - 1]
    assert any("its figure is blank" in shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    sheet = openpyxl.load_workbook(io.BytesIO(body(pack, "xlsx")))["2 investment-kazakhstan"]
    assert "its figure is blank" in str(sheet["A5"].value)


def test_without_a_browser_data_and_web_pages_still_come(small: Definition, desk: Desk, canned: Canned) -> None:
    canned.gone = True
    try:
        pack = make_pack(small, desk, canned, DAY, FORMATS)
    finally:
        canned.gone = False
    assert not pack.complete
    assert {entry.format for entry in pack.files if entry.delivered} == {"html", "xlsx"}
    assert {entry.problem for entry in pack.files if not entry.delivered} == {"No Chromium was found. Install it."}


def test_a_view_that_raises_is_named_and_does_not_take_the_others_along(
    small: Definition, desk: Desk, canned: Canned, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = desk.exhibit

    def broken(view_id: str, raw: Any) -> Any:
        if view_id == "trade-falls":
            raise ZeroDivisionError
        return whole(view_id, raw)

    monkeypatch.setattr(desk, "exhibit", broken)
    paper = Composer(small, desk, DAY).paper()
    assert [item.status for item in paper.items] == ["delivered", "delivered", "failed"]
    assert "ZeroDivisionError" in paper.items[2].problem


def test_a_pack_is_written_whole_or_not_at_all(
    small: Definition, desk: Desk, canned: Canned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = make_pack(small, desk, canned, DAY, ("xlsx", "html"))
    first = write_pack(pack, tmp_path / "out")
    before = first.manifest.read_bytes()
    written = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.name == "manifest.json":
            raise OSError(28, "No space left on device")
        return written(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(DataError, match=r"No space left on device\. Nothing of it was kept"):
        write_pack(pack, tmp_path / "out")
    with pytest.raises(DataError, match="No space left"):
        write_pack(pack, tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert first.manifest.read_bytes() == before
    monkeypatch.undo()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    with pytest.raises(DataError, match="exists and is no pack"):
        write_pack(pack, tmp_path / "mine")
    assert write_pack(pack, tmp_path / "out").complete


def test_slides_hold_native_charts_whose_gaps_are_gaps(folder: Path) -> None:
    deck = Presentation(folder / "pack.pptx")
    charts = {shape.name: shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart}
    assert set(charts) == {"trade-structure-2008", "investment-kazakhstan", "trade-falls"}
    lines = charts["investment-kazakhstan"]
    assert lines._chartSpace.xpath(".//c:dispBlanksAs/@val") == ["gap"]
    values = [tuple(series.values) for series in lines.plots[0].series]
    assert all(0 not in series for series in values)
    notes = [slide.notes_slide.notes_text_frame.text for slide in deck.slides if slide.has_notes_slide]
    assert any("as published" in note or "as written" in note for note in notes)


def test_the_workbook_holds_numbers_as_numbers_gaps_empty_and_formulas_defused(folder: Path, made: Made) -> None:
    book = openpyxl.load_workbook(folder / "pack.xlsx")
    sheet = book["2 investment-kazakhstan"]
    heads = {cell.value: cell.column for cell in sheet[7] if cell.value}
    values = [row[heads["Value"] - 1].value for row in sheet.iter_rows(min_row=8, max_row=37)]
    assert all(isinstance(value, int | float) for value in values if value is not None)
    assert sheet._charts
    assert {"Unit", "Source", "Observation", "Said by"} <= set(heads)
    texts = [
        cell.value for page in openpyxl.load_workbook(io.BytesIO(body(made, "xlsx"))) for row in page for cell in row
    ]
    assert not [
        text for text in texts if isinstance(text, str) and len(text) > 1 and text.startswith(("=", "+", "-", "@"))
    ]
    names = zipfile.ZipFile(folder / "pack.xlsx").namelist()
    assert "docProps/bilateral-record.json" in names


def test_the_document_has_captions_alternative_text_and_real_footnotes(folder: Path) -> None:
    document = Document(folder / "pack.docx")
    captions = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Caption"]
    assert [caption.partition(".")[0] for caption in captions] == ["Figure 1", "Figure 2", "Figure 3"]
    described = document.element.xpath(".//wp:docPr/@descr")
    assert len(described) == 3
    assert all("Chart of" in text for text in described)
    referred = len(document.element.xpath(".//w:footnoteReference"))
    notes = zipfile.ZipFile(folder / "pack.docx").read("word/footnotes.xml").decode()
    assert referred == notes.count("<w:footnoteRef/>") > 3


def test_the_web_file_fetches_nothing_and_runs_only_its_own_scripts(folder: Path) -> None:
    text = (folder / "pack.html").read_text(encoding="utf-8")
    head = text[: text.index("<style>")]
    assert "default-src 'none'" in head
    assert head.count("'sha256-") == 2
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"']?https?:", text)
    assert text.count('class="chart"') == 3


def test_the_sources_of_a_report_name_the_pages_that_printed_its_figures(briefing: Definition, desk: Desk) -> None:
    paper = Composer(briefing, desk, DAY).paper()
    assert any("https://ria.ru/20250829/tovarooborot-2038225464.html" in text for text in paper.sources)
    assert len(paper.sources) == len(set(paper.sources))


def test_numbers_are_written_as_the_language_does_and_quotations_stay(small: Definition, desk: Desk) -> None:
    german = Composer(adjusted(small, desk, {"language": "de"}, {}), desk, DAY).paper()
    assert "56,4\u00a0%" in german.items[0].words
    assert german.items[0].figure["layout"]["separators"] == ",."
    english = Composer(small, desk, DAY).paper()
    assert german.items[0].framed is not None and english.items[0].framed is not None
    assert german.items[0].framed.figure_hash == english.items[0].framed.figure_hash
    quoted = [re.findall(r"as written: (“.*?”)", text) for text in german.notes.values()]
    assert quoted == [re.findall(r"as written: (“.*?”)", text) for text in english.notes.values()]


def test_a_lead_without_anything_to_say_is_left_out(desk: Desk, tmp_path: Path) -> None:
    from exports.papers.compose import _says_something
    from exports.papers.paper import Span

    assert not _says_something((Span("Energy.", strong=True), Span(" ")))
    assert _says_something((Span("Energy.", strong=True), Span(" 38 bcm.")))
    text = 'title = "x"\n[[section]]\ntitle = "y"\ntext = "*Lead.* {energy-siberia.title}"\n'
    (tmp_path / "x.toml").write_text(text)
    paper = Composer(load_definition(tmp_path / "x.toml", desk), desk, DAY).paper()
    first = paper.sections[0].text[0][0]
    assert (first.text, first.strong) == ("Lead.", True)
    assert paper.sections[0].text[0][-1].text == desk.exhibit("energy-siberia", {}).title


def test_a_page_is_one_pdf_made_like_the_report(desk: Desk, canned: Canned) -> None:
    page = export_page("trade", {"preset": "structure", "pair": "RUS-CHN"}, desk, engine=canned, today=DAY)
    assert page.complete, page.problems
    assert [item.view_id for item in page.paper.items][:2] == ["trade-structure", "trade-slopes"]
    assert "FIGURE 6" in words(pdf_of(page))


def test_an_unknown_format_is_refused_before_anything_is_written(desk: Desk, canned: Canned, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"'pfd' \(did you mean 'pdf'\?\)"):
        export_report("sheet", tmp_path / "out", desk, engine=canned, today=DAY, order=Order(formats=("pfd",)))
    assert list(tmp_path.iterdir()) == []
