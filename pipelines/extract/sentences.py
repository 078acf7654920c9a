"""Where the sentence around a place in a text begins and ends."""

import re

_BREAK = re.compile(
    r"\n[ \t\xa0]*\r?\n"
    r"|(?P<stop>[.!?][\"'’”)\]]*\d{0,3})\s+(?=[\"'‘“(\[]?[^\W_a-zа-я])"
)
_LAST_WORD = re.compile(r"[\w.]*$")
_LONGEST_ABBREVIATION = 12
_ABBREVIATIONS = "No p pp St Vol U.S al ed Dr Mr Mrs Ms cf e.g i.e cit Prof approx ca"


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the offsets of the sentence that holds text[start:end]; a blank line ends a sentence as a full stop does.

    >>> text = "One came. Trade reached $95 billion.14 Then it fell."
    >>> first, last = sentence_around(text, 24, 35)
    >>> text[first:last]
    'Trade reached $95 billion.14'
    """
    first, last = 0, len(text)
    for match in _BREAK.finditer(text):
        if match["stop"] and _ends_abbreviation(text, match.start()):
            continue
        stop = match.end("stop") if match["stop"] else match.start()
        if match.end() <= start:
            first = match.end()
        elif stop >= end:
            last = stop
            break
    return _stripped(text, first, last)


def _ends_abbreviation(text: str, place: int) -> bool:
    before = _LAST_WORD.search(text[max(0, place - _LONGEST_ABBREVIATION) : place])
    return before is not None and before.group() in _ABBREVIATIONS.split()


def _stripped(text: str, first: int, last: int) -> tuple[int, int]:
    while first < last and text[first].isspace():
        first += 1
    while last > first and text[last - 1].isspace():
        last -= 1
    return first, last
