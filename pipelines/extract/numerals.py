"""Reads one number out of marked words: digits, number words, ordinals, fractions, multiples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from pipelines.extract.tokens import Token
from pipelines.extract.vocabulary import LEXICON, LONGEST_PHRASE, Entry

Shape = Literal["cardinal", "ordinal", "fraction", "multiple"]
_ORDINAL_ENDINGS = ("st", "nd", "rd", "th")
_WHOLE_SHAPES: Mapping[str, Shape] = {"ordinal": "ordinal", "multiple": "multiple"}
_NUMERIC = frozenset({"digits", "small", "scale", "ordinal", "part", "multiple"})
_NO_LIMIT = Decimal("Infinity")
_PART_STEP = Decimal("0.1")


@dataclass(frozen=True)
class Mark:
    """A phrase of the vocabulary, a run of digits or an unknown word, with its place in the text."""

    entry: Entry
    text: str
    start: int
    end: int

    @property
    def kind(self) -> str:
        """Kind of the entry."""
        return self.entry.kind


@dataclass(frozen=True)
class Number:
    """A number as said: `step` is the place of its last digit, `scale` the million or dozen it was multiplied with."""

    value: Decimal
    step: Decimal
    shape: Shape = "cardinal"
    scale: Decimal = Decimal(1)

    def times(self, factor: Decimal) -> "Number":
        """Return the number multiplied by a scale word."""
        return replace(self, value=self.value * factor, step=self.step * factor, scale=self.scale * factor)


def mark(tokens: Sequence[Token]) -> list[Mark]:
    """Match the tokens against the vocabulary, longest phrase first; footnote numbers vanish."""
    words = [token for token in tokens if token.kind != "footnote"]
    marks: list[Mark] = []
    place = 0
    while place < len(words):
        is_open = not any(mark.kind in _NUMERIC for mark in marks) or marks[-1].text == "half"
        found, length = _lookup(words, place, may_imply_one=is_open)
        phrase = words[place : place + length]
        marks.append(Mark(found, " ".join(word.text for word in phrase), phrase[0].start, phrase[-1].end))
        place += length
    return marks


def _lookup(words: Sequence[Token], place: int, *, may_imply_one: bool) -> tuple[Entry, int]:
    """Find the longest phrase; "a year" is one year where no number stands before it, and a rate behind one."""
    word = words[place]
    if word.kind == "number":
        return _digits(words, place)
    for length in range(min(LONGEST_PHRASE, len(words) - place), 0, -1):
        found = LEXICON.get(tuple(token.text for token in words[place : place + length]))
        if found and not (may_imply_one and found.kind == "per" and word.text == "a"):
            return found, length
    return Entry("noun", code=word.text), 1


def _digits(words: Sequence[Token], place: int) -> tuple[Entry, int]:
    after = words[place + 1] if place + 1 < len(words) else None
    if after and after.text in _ORDINAL_ENDINGS and after.start == words[place].end:
        return Entry("ordinal", Decimal(words[place].text)), 2
    return Entry("digits", Decimal(words[place].text)), 1


def starts_number(marks: Sequence[Mark], place: int) -> bool:
    """Tell whether a number in digits or words begins here, its currency mark included."""
    while place < len(marks) and marks[place].kind == "currency":
        place += 1
    return read_number(marks, place, is_first=False) is not None


def read_number(marks: Sequence[Mark], place: int, *, is_first: bool) -> tuple[Number, int] | None:
    """Return the number that begins at this mark and the place behind it, or None where none begins.

    Only the first number of a figure may be implied, as in "a dozen" and "the decade".
    """
    if place >= len(marks):
        return None
    entry = marks[place].entry
    if is_first and entry.kind in {"article", "unit"}:
        return _implied_one(marks, place)
    if entry.kind in _WHOLE_SHAPES:
        return Number(entry.number, Decimal(1), _WHOLE_SHAPES[entry.kind]), place + 1
    if entry.kind == "part":
        return _half(marks, place)
    return _cardinal(marks, place) if entry.kind in {"digits", "small"} else None


def _implied_one(marks: Sequence[Mark], place: int) -> tuple[Number, int] | None:
    """Read one in "a third", "a dozen", "a year" and in "the decade"; any other article or unit begins no number."""
    one = Number(Decimal(1), Decimal(1))
    unit = marks[place].entry.unit
    if unit is not None:
        return (one, place) if unit.is_round else None
    after = marks[place + 1] if place + 1 < len(marks) else None
    if after is None or after.text == "half":
        return None
    if _denominator(after):
        return _fraction(one, after), place + 2
    if after.kind == "scale" and len(after.text) > 1:
        return _with_remainders(one, marks, place + 1, _NO_LIMIT)
    return (one, place + 1) if after.entry.unit and after.entry.unit.code in {"YEAR", "DAY"} else None


def _half(marks: Sequence[Mark], place: int) -> tuple[Number, int] | None:
    """Read "half", alone or as "half a billion"; a quarter without a number before it is none."""
    if marks[place].text != "half":
        return None
    half = Number(Decimal("0.5"), _PART_STEP, "fraction")
    rest = marks[place + 1 : place + 3]
    if len(rest) == 2 and rest[0].kind == "article" and rest[1].kind == "scale":
        return _scaled(replace(half, shape="cardinal"), marks, place + 2)
    return half, place + 1


def _denominator(mark: Mark) -> Decimal | None:
    if mark.kind == "part" or (mark.kind == "ordinal" and 3 <= mark.entry.number <= 10):
        return mark.entry.number
    return None


def _fraction(numerator: Number, mark: Mark) -> Number:
    return Number(numerator.value / mark.entry.number, _PART_STEP, "fraction")


def _cardinal(marks: Sequence[Mark], place: int) -> tuple[Number, int]:
    if marks[place].kind == "digits":
        digits = marks[place].entry.number
        number = Number(digits, Decimal(1).scaleb(int(digits.as_tuple().exponent)))
        number, place = _scaled(number, marks, place + 1)
    else:
        number, place = _spelled(marks, place)
    after = place + 1 if place < len(marks) and marks[place].kind == "dash" else place
    if number.scale == 1 and after < len(marks) and _denominator(marks[after]):
        return _fraction(number, marks[after]), after + 1
    return number, place


def _spelled(marks: Sequence[Mark], place: int, limit: Decimal = _NO_LIMIT) -> tuple[Number, int]:
    """Read "three hundred and five thousand and seventeen" as far as its scale words stay below the limit."""
    number, place = _below_hundred(marks, place)
    return _with_remainders(number, marks, place, limit)


def _with_remainders(number: Number, marks: Sequence[Mark], place: int, limit: Decimal) -> tuple[Number, int]:
    """Multiply by the scale words that follow and add what is smaller than the last of them."""
    floor = Decimal(0)
    while place < len(marks) and marks[place].kind == "scale" and floor < marks[place].entry.number < limit:
        scale = marks[place].entry.number
        number, place = number.times(scale), place + 1
        rest_place = place + 1 if place < len(marks) and marks[place].text == "and" else place
        if rest_place >= len(marks) or marks[rest_place].kind != "small":
            continue
        rest, behind = _spelled(marks, rest_place, scale)
        if rest.value < scale:
            number, place = Number(number.value + rest.value, rest.step, number.shape, number.scale), behind
            floor = scale
    return number, place


def _below_hundred(marks: Sequence[Mark], place: int) -> tuple[Number, int]:
    tens = marks[place].entry.number
    after = place + 1 if place + 1 < len(marks) and marks[place + 1].kind == "dash" else place
    following = marks[after + 1] if after + 1 < len(marks) else None
    if tens >= 20 and following and following.kind == "small" and 0 < following.entry.number < 10:
        return Number(tens + following.entry.number, Decimal(1)), after + 2
    return Number(tens, Decimal(1)), place + 1


def _scaled(number: Number, marks: Sequence[Mark], place: int) -> tuple[Number, int]:
    """Multiply by the scale words that follow."""
    while place < len(marks) and marks[place].kind == "scale":
        number, place = number.times(marks[place].entry.number), place + 1
    return number, place
