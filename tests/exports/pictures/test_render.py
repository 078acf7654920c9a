"""The engine draws sheets as PNG, SVG and PDF, the same bytes for the same data, and says what it cannot draw."""

import io
import os
import signal
import threading
from dataclasses import replace

import pytest
from PIL import Image
from pypdf import PdfReader

from components.desk import Desk
from exports.pictures.browser import BrowserGone, OpenBrowser
from exports.pictures.exhibits import frame_exhibit
from exports.pictures.ready import lacking
from exports.pictures.render import FORMATS, Engine, NoBrowser, RenderFailed

pytestmark = pytest.mark.browser
BEGINS = {"png": b"\x89PNG", "svg": b"<svg ", "pdf": b"%PDF"}


def test_a_picture_in_every_format_with_every_trace(desk: Desk, engine: Engine) -> None:
    for view in ("trade-level", "projects-map", "today-coverage", "today-gas"):
        sheet = frame_exhibit(desk, view, {}, "slide").sheet
        for fmt in FORMATS:
            drawn = engine.draw(sheet, fmt)
            assert drawn.body.startswith(BEGINS[fmt])
            assert drawn.traces == len(sheet.figure["data"])


def test_the_paper_is_white_to_its_edges(desk: Desk, engine: Engine) -> None:
    body = engine.image(frame_exhibit(desk, "outlook_then", {}, "slide"))
    with Image.open(io.BytesIO(body)) as picture:
        grey = picture.convert("L")
    edges = [(0, 0, 1, 1080), (1919, 0, 1920, 1080), (0, 0, 1920, 1), (0, 1079, 1920, 1080)]
    assert [grey.crop(edge).getextrema() for edge in edges] == [(255, 255)] * 4


def test_a_chart_the_browser_cannot_draw_is_named(desk: Desk, engine: Engine) -> None:
    sheet = frame_exhibit(desk, "trade-level", {}).sheet
    broken = replace(sheet, figure={"data": [None], "layout": {"width": 400, "height": 300}})
    with pytest.raises(RenderFailed, match="trade-level could not be drawn: TypeError"):
        engine.draw(broken, "png")
    assert engine.draw(sheet, "svg").body.startswith(b"<svg ")


def test_a_killed_browser_is_started_once_more(desk: Desk, engine: Engine) -> None:
    sheet = frame_exhibit(desk, "trade-falls", {}).sheet
    before = engine.image(sheet, "png")
    first = engine.browser_pid
    assert first is not None
    os.killpg(first, signal.SIGKILL)
    assert engine.image(sheet, "png") == before
    assert engine.browser_pid != first


def test_a_browser_killed_in_the_middle_of_a_picture_is_started_once_more(desk: Desk) -> None:
    sheet = frame_exhibit(desk, "projects-map", {}, "slide").sheet
    with Engine() as engine:
        before = engine.image(sheet)
        first = engine.browser_pid
        assert first is not None
        killer = threading.Timer(0.03, os.killpg, (first, signal.SIGKILL))
        killer.start()
        assert engine.image(sheet) == before
        killer.join()
        assert engine.image(sheet) == before
        assert engine.browser_pid != first


def test_a_browser_that_dies_again_fails_the_picture_by_name(
    desk: Desk, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = frame_exhibit(desk, "trade-falls", {}).sheet
    starts = []

    def die(self: OpenBrowser, order: object) -> None:
        starts.append(self.pid)
        raise BrowserGone("ended")

    with monkeypatch.context() as patch:
        patch.setattr(OpenBrowser, "draw", die)
        with pytest.raises(RenderFailed, match="trade-falls: the browser ended, and once more after a new start"):
            engine.image(sheet)
    assert len(set(starts)) == 2
    assert engine.image(sheet).startswith(BEGINS["png"])


def test_a_browser_that_falls_silent_fails_the_picture_in_time(desk: Desk, engine: Engine) -> None:
    with Engine(limit=0.01) as hasty, pytest.raises(RenderFailed, match=r"did not answer within 0\.01 seconds"):
        hasty.image(frame_exhibit(desk, "trade-falls", {}).sheet)


def test_no_browser_is_one_sentence_with_the_remedy(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER_PATH", "/nonexistent")
    with Engine() as engine, pytest.raises(NoBrowser, match=r"/nonexistent does not exist\. Install one .*chromium"):
        engine.image(frame_exhibit(desk, "trade-level", {}))
    assert "sudo apt-get install chromium" in lacking()


def test_the_same_data_gives_the_same_bytes_in_whatever_order(desk: Desk, engine: Engine) -> None:
    sheets = [frame_exhibit(desk, view, {}, "column").sheet for view in ("trade-falls", "today-gas", "projects-map")]
    first = [engine.image(sheet, fmt) for sheet in sheets for fmt in FORMATS]
    again = [engine.image(sheet, fmt) for sheet in reversed(sheets) for fmt in reversed(FORMATS)]
    with Engine() as fresh:
        other = [fresh.image(sheet, fmt) for sheet in sheets for fmt in FORMATS]
    assert first == list(reversed(again)) == other


def test_text_in_a_pdf_can_be_selected_and_is_drawn_as_lines(desk: Desk, engine: Engine) -> None:
    page = PdfReader(io.BytesIO(engine.image(frame_exhibit(desk, "trade-level", {}, "page"), "pdf"))).pages[0]
    text = page.extract_text()
    assert "Goods trade of Russia with China" in text and "As known" in text and "Turnover" in text
    assert len(page.images) == 0
