"""Every number a text mentions, sorted into figures, dates, footnotes, citations, names and others."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from pipelines.errors import DataError
from pipelines.extract.documents import read_document, slice_sha256
from pipelines.extract.numerals import Mark, mark
from pipelines.extract.quantities import Quantity, parse_quantity
from pipelines.extract.sentences import sentence_around
from pipelines.extract.tokens import Token, tokenise

Kind = Literal["figure", "date", "footnote", "citation", "name", "other"]
COLUMNS = ["char_start", "char_end", "as_written", "kind", "sentence_start", "sentence_end", "sentence_sha256"]

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+(?:-\n\S+|(?<=[./])\n(?=\S*[/._]\S)[\w/.-]+)*")
_NOTE = re.compile(r"(?m)^[ \xa0]?(?P<number>\d{1,3})\.?[ \xa0]+(?=[“\"‘'(]?[^\W\d_a-z])")
_NOTE_END = re.compile(r"\n[ \t\xa0]*\n|\n[ \xa0](?!\d)")
_MONTHS = (
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sept sep oct nov dec"
)
_SENTENCE_SIGNS = frozenset('.;:!?()[]“”"…')
_FUNCTION_WORDS = (
    "are is was were be been being has have had will would in on for with that which who as into since under during "
    "between via including per this these those their its his her it or but so than when while also can could may "
    "might must should if not there then now here from both"
)
_POINTING = "the these those both other between all our their its such"
_SPOKEN = "only just merely mere negligible combined last past next coming total"
_LEADING = frozenset({"bound", "currency", "article", "filler", "sign"})
_LONGEST_FIGURE = 12
_FIRST_YEAR, _LAST_YEAR = 1500, 2100


@dataclass(frozen=True)
class Mention:
    """A number mentioned in a text: its place, its words and what kind of number it is."""

    start: int
    end: int
    as_written: str
    kind: Kind


@dataclass(frozen=True)
class _Stretch:
    """A run of marks without a sentence sign between them, and whether it stands in a note."""

    text: str
    marks: Sequence[Mark]
    in_note: bool

    def word(self, place: int) -> str:
        """Comparable words of a mark; empty outside the stretch."""
        return self.marks[place].text if 0 <= place < len(self.marks) else ""

    def raw(self, first: int, last: int) -> str:
        """Text from the first mark to the last one, both included."""
        return self.text[self.marks[first].start : self.marks[last].end]

    def mention(self, first: int, last: int, kind: Kind) -> tuple[Mention, int]:
        """Return a mention of the marks first to last and the place behind it."""
        return Mention(self.marks[first].start, self.marks[last].end, self.raw(first, last), kind), last + 1

    def touches(self, left: int, right: int) -> bool:
        """Tell whether two marks stand side by side without a space."""
        return left >= 0 and right < len(self.marks) and self.marks[left].end == self.marks[right].start


_Rule = Callable[[_Stretch, int], tuple[Mention, int] | None]


def find_mentions(path: Path) -> pd.DataFrame:
    """Return the mentions of a document, one row each, with the sentence around every figure."""
    text = read_document(path)
    rows = pd.DataFrame([_row(text, mention) for mention in mentions(text)], columns=COLUMNS)
    return rows.astype({"sentence_start": "Int64", "sentence_end": "Int64"})


def mentions(text: str) -> list[Mention]:
    """Return every number mentioned in the text, in order, sorted into kinds.

    >>> [(found.as_written, found.kind) for found in mentions("In 2014 it reached $95 billion.7 The S-400 came.")]
    [('2014', 'date'), ('$95 billion', 'figure'), ('7', 'footnote'), ('S-400', 'name')]
    """
    addresses = [match.span() for match in _ADDRESS.finditer(text)]
    notes = list(_notes(text))
    tokens = [token for token in tokenise(text) if not _inside(token.start, addresses)]
    heads = {start for start, _, _ in notes}
    found = [
        Mention(start, end, text[start:end], "citation")
        for start, end in addresses
        if re.search(r"\d", text[start:end])
    ]
    found += [Mention(start, number_end, text[start:number_end], "footnote") for start, number_end, _ in notes]
    found += [mention for token in tokens if token.kind == "footnote" for mention in [_glued(text, token)]]
    blocks = [(start, end) for start, _, end in notes]
    for stretch in _stretches(text, [token for token in tokens if token.start not in heads], blocks):
        found += _scan(stretch)
    return sorted(found, key=lambda mention: (mention.start, mention.end))


def _row(text: str, mention: Mention) -> dict[str, object]:
    row: dict[str, object] = {
        "char_start": mention.start,
        "char_end": mention.end,
        "as_written": mention.as_written,
        "kind": mention.kind,
    }
    if mention.kind == "figure":
        first, last = sentence_around(text, mention.start, mention.end)
        row |= {"sentence_start": first, "sentence_end": last, "sentence_sha256": slice_sha256(text, first, last)}
    return row


def _notes(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield start, end of number, and end of every numbered note at the foot of a page or the end of a text."""
    for match in _NOTE.finditer(text):
        end = _NOTE_END.search(text, match.end())
        yield match.start("number"), match.end("number"), end.start() if end else len(text)


def _inside(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _glued(text: str, token: Token) -> Mention:
    """A number glued to one or two capitals, as in G7, makes a name; glued to anything else it is a footnote's."""
    letters = re.search(r"\b[A-Z]{1,2}$", text[: token.start])
    if letters:
        return Mention(letters.start(), token.end, text[letters.start() : token.end], "name")
    return Mention(token.start, token.end, text[token.start : token.end], "footnote")


def _stretches(text: str, tokens: Sequence[Token], notes: Sequence[tuple[int, int]]) -> Iterator[_Stretch]:
    run: list[Token] = []
    for token in tokens:
        if run and (token.text in _SENTENCE_SIGNS or "\n\n" in text[run[-1].end : token.start]):
            yield _Stretch(text, mark(run), _inside(run[0].start, notes))
            run = []
        if token.text not in _SENTENCE_SIGNS:
            run.append(token)
    if run:
        yield _Stretch(text, mark(run), _inside(run[0].start, notes))


def _scan(stretch: _Stretch) -> Iterator[Mention]:
    place = 0
    while place < len(stretch.marks):
        ruled = next((answer for rule in _RULES if (answer := rule(stretch, place))), None)
        if ruled:
            yield ruled[0]
            place = ruled[1]
        else:
            place += 1


def _name(stretch: _Stretch, place: int) -> tuple[Mention, int] | None:
    """S-400, 16+1, Power of Siberia 2, One Belt, 21st Century Road."""
    current = stretch.marks[place]
    if current.kind == "digits":
        if stretch.word(place - 1) == "-" and stretch.touches(place - 2, place - 1) and _is_capital(stretch, place - 2):
            return stretch.mention(place - 2, place, "name")
        if (
            stretch.word(place + 1) == "+"
            and stretch.touches(place, place + 1)
            and stretch.touches(place + 1, place + 2)
        ):
            return stretch.mention(place, place + 2, "name")
        is_last = place + 1 == len(stretch.marks) or not _is_unit(stretch, place + 1)
        if (
            len(current.text) == 1
            and place
            and is_last
            and _is_capital(stretch, place - 1)
            and not _is_month(stretch, place - 1)
        ):
            return stretch.mention(place - 1, place, "name")
    is_named = (
        current.kind in {"ordinal", "small"} and place + 1 < len(stretch.marks) and _is_capital(stretch, place + 1)
    )
    if is_named and (current.kind == "ordinal" or (place and _is_capital(stretch, place))):
        return stretch.mention(place, place + 1, "name")
    return None


def _is_capital(stretch: _Stretch, place: int) -> bool:
    return stretch.marks[place].kind not in {"digits", "currency", "unit"} and stretch.raw(place, place)[:1].isupper()


def _is_month(stretch: _Stretch, place: int) -> bool:
    return stretch.word(place) in _MONTHS.split()


def _is_unit(stretch: _Stretch, place: int) -> bool:
    return stretch.marks[place].kind in {"unit", "scale", "currency"}


def _date(stretch: _Stretch, place: int) -> tuple[Mention, int] | None:
    """Years, decades such as 1990s, days of months; a footnote number glued to a year is left aside."""
    current = stretch.marks[place]
    if current.kind != "digits" or "," in stretch.raw(place, place):
        return None
    kind: Kind = "citation" if stretch.in_note else "date"
    if len(current.text) <= 2 and (_is_month(stretch, place + 1) or _is_month(stretch, place - 1)):
        return stretch.mention(place, place, kind)
    if not _is_year(current.text) or (_is_unit_next(stretch, place) and not _is_month(stretch, place - 1)):
        return None
    first = place - 1 if place and _is_month(stretch, place - 1) else place
    start, end = stretch.marks[first].start, current.start + 4
    return Mention(start, end, stretch.text[start:end], kind), place + 1


def _is_year(digits: str) -> bool:
    """Four digits of a year, with nothing, a footnote's digits or a footnote's decimals behind them."""
    return bool(re.fullmatch(r"\d{4}(\.?\d{1,2})?", digits)) and _FIRST_YEAR <= int(digits[:4]) <= _LAST_YEAR


def _is_unit_next(stretch: _Stretch, place: int) -> bool:
    return place + 1 < len(stretch.marks) and (
        _is_unit(stretch, place + 1) or stretch.word(place - 1) in {"$", "us $", "€"}
    )


def _measured(stretch: _Stretch, place: int) -> tuple[Mention, int] | None:
    """A number with a unit, currency or share, the hedge before it included."""
    if not _may_begin(stretch, place):
        return None
    read = _longest_reading(stretch, place, _behind_unit(stretch, place))
    if read is None or read[2].unit in {"COUNT", "RANK"} or _is_idiom(stretch, place, read[1], read[2]):
        return None
    return stretch.mention(read[0], read[1], "figure")


def _may_begin(stretch: _Stretch, place: int) -> bool:
    """A decade begins a figure only where "the", "past" or the like stands before it."""
    current = stretch.marks[place]
    if current.kind == "unit":
        return current.text == "decade" and place > 0 and stretch.marks[place - 1].kind == "filler"
    return current.kind in {"digits", "small", "ordinal", "part", "multiple", "article"}


def _is_idiom(stretch: _Stretch, place: int, last: int, quantity: Quantity) -> bool:
    """Words of quantity that state none: once, one day, a third country."""
    word = stretch.word(place)
    if quantity.unit == "RATIO" and (stretch.in_note or word in {"once", "twice"}):
        return True
    if word in {"one", "a"} and stretch.word(last) == "day":
        return True
    is_fraction = quantity.unit == "PERCENT" and not any(
        sign in stretch.raw(place, last) for sign in ("%", "cent", "pct")
    )
    return is_fraction and _is_noun(stretch, last + 1)


def _behind_unit(stretch: _Stretch, place: int) -> int:
    """Return the place behind everything that may belong to a measured number."""
    allowed = {
        "scale",
        "unit",
        "currency",
        "per",
        "dash",
        "join",
        "digits",
        "small",
        "part",
        "article",
        "sign",
        "ordinal",
    }
    last = place + 1
    while last < min(len(stretch.marks), place + _LONGEST_FIGURE) and stretch.marks[last].kind in allowed:
        last += 1
    return last


def _counted(stretch: _Stretch, place: int) -> tuple[Mention, int] | None:
    """A number of things: digits, or words from three on, with a plural noun; "the two sides" only points back."""
    current = stretch.marks[place]
    if current.kind not in {"digits", "small"} or current.text in {"zero", "one"} or stretch.word(place - 1) == "#":
        return None
    noun = _plural_noun(stretch, place)
    if noun is None or (current.kind == "small" and stretch.in_note):
        return None
    is_pointing = current.kind == "small" and stretch.word(place - 1) in _POINTING.split()
    if is_pointing and noun - place < 3:
        return None
    read = _longest_reading(stretch, place, noun + 1)
    return None if read is None else stretch.mention(read[0], read[1], "figure")


def _plural_noun(stretch: _Stretch, place: int) -> int | None:
    """Return the place of the plural that ends the noun phrase behind a number; of "30-car" that of "car"."""
    if stretch.word(place + 1) == "-" and place + 2 < len(stretch.marks) and stretch.touches(place + 1, place + 2):
        return place + 2 if stretch.marks[place + 2].kind == "noun" else None
    for behind in range(place + 1, min(len(stretch.marks), place + _LONGEST_FIGURE)):
        word = stretch.word(behind)
        is_inside = stretch.marks[behind].kind in {"noun", "dash"} or (
            word == "and" and _is_capital(stretch, behind - 1)
        )
        if not is_inside or word in _FUNCTION_WORDS.split() or not (word.isalpha() or word == "-"):
            return None
        if word.endswith("s") and not word.endswith(("ss", "us", "is")):
            return behind
    return None


def _longest_reading(stretch: _Stretch, place: int, end: int) -> tuple[int, int, Quantity] | None:
    """Return first mark, last mark and reading of the longest quantity around a number."""
    first = place
    while first and stretch.marks[first - 1].kind in _LEADING:
        first -= 1
    while (
        first < place
        and stretch.marks[first].kind in {"filler", "article"}
        and stretch.word(first) not in _SPOKEN.split()
    ):
        first += 1
    for start in dict.fromkeys((first, place)):
        for last in range(end - 1, place - 1, -1):
            quantity = _reading(stretch.raw(start, last))
            if quantity:
                return start, last, quantity
    return None


def _reading(words: str) -> Quantity | None:
    try:
        return parse_quantity(words)
    except DataError:
        return None


def _bare(stretch: _Stretch, place: int) -> tuple[Mention, int] | None:
    """What no rule before has claimed; bare numbers of two digits or more, "only one" and "sixth member" count."""
    current, before = stretch.marks[place], stretch.word(place - 1)
    if current.kind == "digits":
        is_counting = len(current.text) > 1 and "." not in current.text and before != "#"
        return stretch.mention(place, place, "citation" if stretch.in_note or not is_counting else "figure")
    if current.text == "one" and before == "only":
        return stretch.mention(place - 1, place, "figure")
    if current.kind == "ordinal" and current.entry.number > 3 and _is_noun(stretch, place + 1):
        return stretch.mention(place, place + 1, "figure")
    return stretch.mention(place, place, "other") if current.kind in {"small", "ordinal"} else None


def _is_noun(stretch: _Stretch, place: int) -> bool:
    return (
        place < len(stretch.marks)
        and stretch.marks[place].kind == "noun"
        and stretch.word(place) not in _FUNCTION_WORDS.split()
    )


_RULES: tuple[_Rule, ...] = (_name, _date, _measured, _counted, _bare)
