"""A picture is looked at before it counts as one: size, ink, traces, words."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from components.desk import Desk
from exports.pictures import fonts
from exports.pictures.exhibits import Sheet, frame_exhibit
from exports.pictures.proof import Drawn, Format, inspect_picture
from exports.pictures.render import Engine, RenderFailed

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def sheet(desk: Desk) -> Sheet:
    return frame_exhibit(desk, "trade-falls", {}, "column").sheet


@pytest.mark.parametrize("fmt", ["png", "svg", "pdf"])
def test_a_good_picture_passes_and_a_foreign_one_does_not(engine: Engine, sheet: Sheet, fmt: Format) -> None:
    drawn = engine.draw(sheet, fmt)
    assert inspect_picture(drawn, sheet) == []
    assert inspect_picture(replace(drawn, traces=0), sheet) == ["0 of 2 traces are drawn"]
    assert inspect_picture(replace(drawn, body=drawn.body[:300]), sheet)
    retitled = replace(sheet, lines=(replace(sheet.lines[0], text="Another title", y=16.0), *sheet.lines[1:]))
    assert any("title" in problem or "not seen" in problem for problem in inspect_picture(drawn, retitled))
    other = replace(sheet, shown=(sheet.shown[0] * 1.5, sheet.shown[1]))
    assert inspect_picture(drawn, other)


def test_a_blank_picture_is_a_failure(sheet: Sheet) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", sheet.pixels, "white").save(buffer, "PNG")
    problems = inspect_picture(Drawn(buffer.getvalue(), "png", 2), sheet)
    assert "its figure is blank (0.00% ink)" in problems
    assert any("not seen" in problem for problem in problems)


def test_a_figure_whose_traces_vanish_is_never_a_success(engine: Engine, sheet: Sheet) -> None:
    hidden = [{**trace, "x": [], "y": []} for trace in sheet.figure["data"]]
    gone = replace(sheet, figure={**sheet.figure, "data": [*hidden, {"type": "nonsense"}]})
    with pytest.raises(RenderFailed, match=r"trade-falls: the PNG is not right: .* traces are drawn"):
        engine.image(gone)


def test_a_missing_glyph_is_an_error_that_names_it(
    engine: Engine, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "_is_somewhere", lambda letter: False)
    strange = replace(sheet, lines=(replace(sheet.lines[0], text="ጤ and \U00012000"),))
    with pytest.raises(fonts.MissingGlyph) as refused:
        engine.draw(strange, "png")
    assert "'ጤ' (U+1324, ethiopic syllable thee)" in str(refused.value)
    assert "U+12000" in str(refused.value)
    assert "apt-get install fonts-noto-core" in str(refused.value)
