import itertools

import numpy as np
import pytest

from components import theme

COLOURS = {
    *theme.AREA_COLOUR.values(),
    *theme.ROLE_COLOUR.values(),
    *theme.SOURCE_CLASS_COLOUR.values(),
    theme.REMAINDER,
    theme.READER,
    theme.WARNING,
}

# Machado, Oliveira and Fernandes (2009), severity 1.
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
)
PROTANOPIA = np.array(
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
)


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ np.clip(rgb, 0, 1)
    f = np.cbrt(xyz / [0.9505, 1.0, 1.089])
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_mark_stands_out_from_both_papers(mode: theme.Mode) -> None:
    assert {c: round(contrast(c, theme.PAPER[mode]), 2) for c in COLOURS if contrast(c, theme.PAPER[mode]) < 3} == {}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_meets_aa(mode: theme.Mode) -> None:
    assert contrast(theme.INK[mode], theme.PAPER[mode]) > 7
    assert contrast(theme.MUTED[mode], theme.PAPER[mode]) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_words_in_the_colour_of_a_mark_meet_aa_and_stay_near_it(mode: theme.Mode) -> None:
    words = theme.words(mode)
    assert set(words) >= {*COLOURS} - {*theme.PAPER.values()} - {theme.REMAINDER, theme.READER}
    assert min(contrast(word, theme.PAPER[mode]) for word in words.values()) >= 4.5
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    for colour, word in words.items():
        assert np.abs(lab(linear(colour)) - lab(linear(word))).max() < 25, "the same colour, only darker or lighter"


@pytest.mark.parametrize("sight", [DEUTERANOPIA, PROTANOPIA], ids=["deuteranopia", "protanopia"])
def test_the_three_countries_stay_apart_for_colour_blind_readers(sight: np.ndarray) -> None:
    for one, other in itertools.combinations(("RUS", "CHN", "KAZ"), 2):
        a, b = (lab(sight @ linear(theme.AREA_COLOUR[code])) for code in (one, other))
        assert np.linalg.norm(a - b) > 25, (one, other)


@pytest.mark.parametrize("role", sorted(set(theme.ROLE_SYMBOL)))
def test_a_promise_never_looks_like_an_actual(role: str) -> None:
    for source_class in theme.SOURCE_CLASS_SYMBOL:
        mine = theme.symbol(role, source_class, "statistic")
        assert "open" in mine or (role == "target" and mine == "diamond")
        assert mine not in {
            theme.symbol("actual", c, p) for c in theme.SOURCE_CLASS_SYMBOL for p in ("quoted", "statistic")
        }
    assert theme.bar_marker("#2b7bba", role)["color"] != theme.bar_marker("#2b7bba", "actual")["color"]


def test_only_official_statistics_are_filled() -> None:
    assert theme.symbol("actual", "official", "statistic") == "circle"
    assert theme.symbol("actual", "research", "quoted") == "circle-open"
    assert theme.symbol("actual", "press", "quoted") == "triangle-up-open"
