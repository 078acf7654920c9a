"""The one family of errors a reader of messages ever sees."""

import difflib
from collections.abc import Iterable, Sequence


class DataError(Exception):
    """Wrong input, said in words: what is wrong, where it was said, and what to change."""


class StoreError(DataError):
    """The Parquet store is missing, damaged or cannot be written."""


class SettingsError(DataError):
    """A setting cannot be used."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return " (did you mean 'X'?)" for the closest known word, or "" when none is close.

    >>> nearest("BCMA", ["BCM", "USD"])
    " (did you mean 'BCM'?)"
    """
    matches = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" (did you mean '{matches[0]}'?)" if matches else ""


def raise_all(problems: Sequence[str]) -> None:
    """Raise one DataError that lists every problem; do nothing when there is none."""
    if problems:
        raise DataError("\n".join(problems))
