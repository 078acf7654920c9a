"""How numbers are written in a language: signs of decimals and thousands, in words and in figures."""

import re
from collections.abc import Mapping
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol, get_group_symbol

NUMBER = re.compile(r"(?<![\w.,/:])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)(?![\w]|[.,]\d)")
AS_THEY_STAND = re.compile(r"(“[^”]*”|\S*(?:://|www\.)\S*|\[[^\]\s]*\])")
WORDS = ("text", "ticktext", "name", "label", "labels")


def known_language(language: str) -> bool:
    """Say whether the number formats of a language are known, written as `de` or `de_CH`."""
    try:
        Locale.parse(language)
    except (UnknownLocaleError, ValueError, TypeError):
        return False
    return True


def localise(text: str, language: str) -> str:
    """Return the text with its numbers written as the language does; quotations, addresses and ids stay as they are.

    >>> localise("US$1,234.5 bn, as written “$1,234.5bn”", "de")
    'US$1.234,5 bn, as written “$1,234.5bn”'
    """
    decimal, group = get_decimal_symbol(language), get_group_symbol(language)
    if (decimal, group) == (".", ","):
        return text
    parts = AS_THEY_STAND.split(text)
    return "".join(
        part if i % 2 else NUMBER.sub(lambda m: _written(m.group(), decimal, group), part)
        for i, part in enumerate(parts)
    )


def _written(number: str, decimal: str, group: str) -> str:
    return "".join({",": group, ".": decimal}.get(sign, sign) for sign in number)


def localise_figure(figure: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return the figure with its axes, labels and annotations in the number format of the language; data stay."""
    decimal, group = get_decimal_symbol(language), get_group_symbol(language)
    if (decimal, group) == (".", ","):
        return dict(figure)
    said: dict[str, Any] = _say(figure, language)
    return {**said, "layout": {**said.get("layout", {}), "separators": decimal + group}}


def _say(entry: Any, language: str, key: str = "") -> Any:
    if isinstance(entry, Mapping):
        return {name: _say(value, language, str(name)) for name, value in entry.items()}
    if isinstance(entry, list):
        return [_say(value, language, key) for value in entry]
    return localise(entry, language) if isinstance(entry, str) and key in WORDS else entry
