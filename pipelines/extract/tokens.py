"""Cuts a text into numbers, words and signs that know their place in it."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

_SCAN = re.compile(
    r"(?P<number>\d{1,3}(?:[,\u00a0\u202f\u2009]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"|(?P<word>[^\W\d_]+(?:\u00ad\s*[^\W\d_]+)*)"
    r"|(?P<sign>\S)"
)
_LONGEST_NUMBER = 20
_BROKEN_LIGATURE = ("fi", "fl", "ffi", "ffl")
_MAY_TOUCH_A_NUMBER = frozenset({"us", "usd", "eur", "cny", "rmb", "c", "ca", "no", "p", "pp", "vol", "fn", "km", "m"})
_CLOSES_A_QUOTATION = frozenset("”»")
_ENDS_A_SENTENCE = frozenset(".,;:!?\"'”’»)]")


@dataclass(frozen=True)
class Token:
    """One number, word or sign: `text` is comparable (lower case, ligatures mended), `start` and `end` are offsets."""

    kind: Literal["number", "word", "sign", "footnote"]
    text: str
    start: int
    end: int


def tokenise(text: str) -> list[Token]:
    """Return the tokens in order; broken ligatures are mended and glued footnote numbers marked as such.

    >>> [token.text for token in tokenise("two fi elds")]
    ['two', 'fields']
    >>> [token.kind for token in tokenise("50%.16")]
    ['number', 'sign', 'sign', 'footnote']
    """
    tokens = [_token(match) for match in _SCAN.finditer(text)]
    return _mark_footnotes(_mend_ligatures(tokens, text))


def _token(match: re.Match[str]) -> Token:
    raw = match.group()
    if match.lastgroup == "number" and len(raw) <= _LONGEST_NUMBER:
        return Token("number", re.sub(r"[^\d.]", "", raw), match.start(), match.end())
    if match.lastgroup == "word":
        word = unicodedata.normalize("NFKC", re.sub(r"\u00ad\s*", "", raw)).lower()
        return Token("word", word, match.start(), match.end())
    return Token("sign", raw, match.start(), match.end())


def _mend_ligatures(tokens: Iterable[Token], text: str) -> list[Token]:
    mended: list[Token] = []
    for token in tokens:
        if mended and _is_broken(mended[-1], token, text):
            mended[-1] = replace(mended[-1], text=mended[-1].text + token.text, end=token.end)
        else:
            mended.append(token)
    return mended


def _is_broken(left: Token, right: Token, text: str) -> bool:
    return (
        left.kind == right.kind == "word"
        and left.text.endswith(_BROKEN_LIGATURE)
        and text[left.end : right.start] == " "
        and text[right.start].islower()
    )


def _mark_footnotes(tokens: Sequence[Token]) -> list[Token]:
    return [
        replace(token, kind="footnote") if token.kind == "number" and _is_footnote(tokens, place) else token
        for place, token in enumerate(tokens)
    ]


def _is_footnote(tokens: Sequence[Token], place: int) -> bool:
    """A short whole number that touches the end of a word, of a percent sign or of a quotation is a footnote's."""
    number = tokens[place]
    if not number.text.isdigit() or len(number.text) > 3:
        return False
    back = place - 1
    while back >= 0 and tokens[back].text in _ENDS_A_SENTENCE and tokens[back].end == tokens[back + 1].start:
        back -= 1
    if back < 0 or tokens[back].end != tokens[back + 1].start:
        return False
    left = tokens[back]
    if left.kind == "number":
        return any(token.text in _CLOSES_A_QUOTATION for token in tokens[back + 1 : place])
    return left.text == "%" or (left.kind == "word" and left.text not in _MAY_TOUCH_A_NUMBER)
