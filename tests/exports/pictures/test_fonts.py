"""Fonts are asked before a picture is drawn: what they hold, and how wide their words are."""

import pytest

from exports.pictures import fonts


def test_this_machine_draws_latin_cyrillic_and_chinese() -> None:
    if fonts.missing_families():
        pytest.skip("the fonts of pictures are not installed")
    fonts.self_test()


def test_a_machine_without_chinese_is_told_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    latin = dict.fromkeys([*map(chr, range(0x20, 0x500)), *"–≥≈−"], 0.5)
    monkeypatch.setattr(fonts, "_advances", lambda family: latin)
    monkeypatch.setattr(fonts, "_is_somewhere", lambda letter: False)
    with pytest.raises(fonts.MissingGlyph, match=r"'易' \(U\+6613.*fonts-noto-cjk") as refused:
        fonts.self_test()
    assert str(refused.value).count("U+") == 2


def test_texts_are_what_is_drawn() -> None:
    figure = {
        "data": [{"name": "<b>A</b>&amp;B", "hovertemplate": "hidden", "customdata": ["id"]}],
        "layout": {"annotations": [{"text": "贸易<br>2014"}]},
    }
    assert list(fonts.texts_of(figure)) == ["A&B", "贸易2014"]


def test_lines_fit_their_room_and_lose_no_word() -> None:
    text = "Goods trade of Russia with China came to US$228.1 bn in 2025, as China counts it " + "x" * 90
    lines = fonts.wrap(text, 13, 200)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert max(fonts.width(line, 13) for line in lines) <= 200
    assert fonts.wrap("", 13, 200) == []
    assert fonts.width("WWWW", 10) > fonts.width("iiii", 10)
