"""Which fonts a picture is drawn with: whether they hold every character of it, and how wide its words are."""

import html
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from fontTools.ttLib import TTFont

from pipelines.errors import DataError

UNSEEN = ("customdata", "hovertemplate", "hovertext", "meta", "uid", "ids")
SELF_TEST = "Trade Торговля ≥ US$ – ≈ − 贸易 Қазақстан"
_TAG = re.compile(r"<[^<>]*>")
_CJK = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")


class MissingGlyph(DataError):  # noqa: N818 - said as it happened
    """A character of a picture stands in no font of this machine."""


@dataclass(frozen=True)
class Family:
    """A font family and the Debian package that brings it."""

    name: str
    package: str


# In the order Chromium tries them; a character in none of them is looked for in every font of the machine.
FAMILIES = (Family("DejaVu Sans", "fonts-dejavu-core"), Family("Noto Sans CJK SC", "fonts-noto-cjk"))
STACK = ", ".join([*(f'"{family.name}"' for family in FAMILIES), "sans-serif"])


def check_glyphs(texts: Iterable[str]) -> None:
    """Refuse characters no installed font can draw: each is named with the package that brings it."""
    letters = {letter for text in texts for letter in text if _is_drawn(letter)}
    for family in FAMILIES:
        if letters:
            letters -= _advances(family).keys()
    missing = sorted(letter for letter in letters if not _is_somewhere(letter))
    if missing:
        raise MissingGlyph("\n".join(_complaint(letter) for letter in missing))


def _is_drawn(letter: str) -> bool:
    return unicodedata.category(letter)[0] not in "CZ"


def _complaint(letter: str) -> str:
    package = "fonts-noto-cjk" if _CJK.match(letter) else "fonts-dejavu-core"
    package = package if ord(letter) in _known() or _CJK.match(letter) or letter < "\u0530" else "fonts-noto-core"
    name = unicodedata.name(letter, "a character without a name")
    return (
        f"No font of this machine has the character {letter!r} (U+{ord(letter):04X}, {name.lower()}), and a picture "
        f"would show a box. Install one (Debian: sudo apt-get install {package})."
    )


def _known() -> frozenset[int]:
    return frozenset(map(ord, SELF_TEST))


@lru_cache(maxsize=4096)
def _is_somewhere(letter: str) -> bool:
    """Return whether any font of the machine has the character: Chromium takes it from there."""
    return bool(_fontconfig("fc-list", f":charset={ord(letter):x}", "family"))


def _fontconfig(command: str, *arguments: str) -> str:
    found = shutil.which(command)
    if found is None:
        return ""
    done = subprocess.run([found, *arguments], capture_output=True, text=True, check=False, timeout=30)  # noqa: S603
    return done.stdout.strip()


@lru_cache(maxsize=2 * len(FAMILIES))
def _place(family: Family, weight: str = "regular") -> tuple[str, int] | None:
    """Return file and number of the font Chromium takes for a family, or None where it would take another family."""
    found = _fontconfig("fc-match", "-f", "%{file}|%{index}|%{family}", f"{family.name}:weight={weight}")
    file, index, names = (*found.split("|"), "", "", "")[:3]
    return (file, int(index) & 0xFFFF) if family.name in names.split(",") else None


@lru_cache(maxsize=2 * len(FAMILIES))
def _advances(family: Family, weight: str = "regular") -> Mapping[str, float]:
    """Return every character a family holds with its width in ems; none where the family is not installed."""
    place = _place(family, weight)
    if place is None:
        return {}
    with TTFont(place[0], fontNumber=place[1], lazy=True) as font:
        widths, em = font["hmtx"].metrics, font["head"].unitsPerEm
        return {chr(code): widths[name][0] / em for code, name in font.getBestCmap().items()}


def missing_families() -> tuple[Family, ...]:
    """Return the families this machine does not have."""
    return tuple(family for family in FAMILIES if _place(family) is None)


def self_test() -> None:
    """Refuse a machine whose fonts cannot draw Latin, Cyrillic and Chinese."""
    check_glyphs([SELF_TEST])


def texts_of(figure: Mapping[str, Any]) -> Iterator[str]:
    """Yield every text of a figure that may be drawn, without its markup."""
    yield from (html.unescape(_TAG.sub("", text)) for text in _strings(figure))


def _strings(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for name, entry in part.items():
            if name not in UNSEEN:
                yield from _strings(entry)
    elif isinstance(part, list | tuple):
        for entry in part:
            yield from _strings(entry)


@lru_cache(maxsize=8192)
def _advance(letter: str, weight: str) -> float:
    """Return the width of a character in ems from the first family that has it; one of no family counts one em."""
    found = (_advances(family, weight).get(letter) for family in FAMILIES)
    return next((advance for advance in found if advance is not None), 1.0)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how many pixels a line of text takes at a font size."""
    weight = "bold" if bold else "regular"
    return size * sum(_advance(letter, weight) for letter in text)


def wrap(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Return the text broken into lines that fit the room in pixels; a word longer than a line is broken."""
    lines: list[str] = []
    taken, space = room, width(" ", size, bold=bold)
    for word in text.split():
        for piece in _pieces(word, size, room, bold):
            needed = width(piece, size, bold=bold)
            if lines and taken + space + needed <= room:
                lines[-1] += f" {piece}"
                taken += space + needed
            else:
                lines.append(piece)
                taken = needed
    return lines


def _pieces(word: str, size: float, room: float, bold: bool) -> Iterator[str]:
    start, taken = 0, 0.0
    for end, letter in enumerate(word):
        advance = width(letter, size, bold=bold)
        if end > start and taken + advance > room:
            yield word[start:end]
            start, taken = end, 0.0
        taken += advance
    yield word[start:]
