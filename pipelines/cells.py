"""CSV files as columns of text cells that know their line, and what a declared column refuses of them."""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipelines.errors import DataError, nearest, raise_all
from pipelines.schema import Field, Table

_MOMENT = r"(?!0000)\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
_PATTERNS = {
    "number": re.compile(r"-?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,2})?", re.ASCII),
    "integer": re.compile(r"-?\d{1,15}", re.ASCII),
    "flag": re.compile("true|false"),
    "date": re.compile(r"(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII),
}
_NAMES = {"number": "number", "integer": "whole number", "flag": "true or false", "date": "day such as 2016-05-31"}
_FORMS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "moment": (re.compile(_MOMENT, re.ASCII), "date: write 2016, 2016-05 or 2016-05-31"),
    "period": (
        re.compile(f"{_MOMENT}(/{_MOMENT})?", re.ASCII),
        "period: write 2014, 2014-03, 2013-12-31 or two of them joined by '/'",
    ),
    "year": (re.compile(r"(?!0000)\d{4}", re.ASCII), "year: write 2020"),
    "address": (re.compile(r"https?://\S+"), "http or https address"),
    "file": (re.compile(r"[^/\\\s]+"), "file name; write it without its folder"),
    "sha256": (re.compile("[0-9a-f]{64}"), "SHA-256 in 64 small hexadecimal digits"),
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SHOWN = 5


@dataclass(frozen=True)
class Cells:
    """Columns of text cells in the order of the header, and the line of the file each row begins at."""

    columns: Mapping[str, list[str]]
    lines: Sequence[int]

    @property
    def frame(self) -> pd.DataFrame:
        """The cells as text; the index is the line less two, so that a file without gaps counts from 0."""
        return pd.DataFrame(dict(self.columns), index=[line - 2 for line in self.lines], dtype="str")


def read_cells(path: Path, place: str) -> Cells:
    """Read a UTF-8 CSV; `place` names it in messages, e.g. datasets/events.csv.

    Refuses what is no UTF-8 text, an unclosed quote, a column named twice and rows of another width than the header;
    empty lines are passed over.
    """
    header, rows, lines = _rows(_text(path, place), place)
    problems = [
        f"{place} line {line}: {len(row)} cells under {len(header)} columns."
        for row, line in zip(rows, lines, strict=True)
        if len(row) != len(header)
    ]
    if problems:
        left_out = [f"… and {len(problems) - _SHOWN} lines more."] if len(problems) > _SHOWN else []
        raise_all([*problems[:_SHOWN], *left_out, "Put a text that holds a comma between double quotes."])
    cells = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in header]
    return Cells(dict(zip(header, cells, strict=True)), lines)


def cell_problems(cells: Cells, table: Table, place: str) -> list[str]:
    """One sentence for every cell the declared table refuses by its type, form, choice, limit or need."""
    return [
        f"{place} line {line}: {sentence}"
        for field in table.fields
        for line, sentence in sorted(_column_problems(cells, field))
    ]


def key_problems(cells: Cells, table: Table, place: str) -> list[str]:
    """One sentence for every row whose key an earlier row has."""
    keys = [*zip(*(cells.columns[name] for name in table.key), strict=True)]
    if len(set(keys)) == len(keys):
        return []
    first = {key: line for line, key in reversed([*zip(cells.lines, keys, strict=True)])}
    return [
        f"{place} line {line}: the key {' / '.join(key)} stands twice, first in line {first[key]}. "
        "Delete or rename one."
        for line, key in zip(cells.lines, keys, strict=True)
        if first[key] != line
    ]


def _text(path: Path, place: str) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{place} is missing. Restore it from the repository, or correct its name.") from None
    except OSError as error:
        raise DataError(f"{place} cannot be opened: {error.strerror}. Put a readable CSV file there.") from error
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError(f"{place} is UTF-16. Save it as UTF-8 with commas.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DataError(
            f"{place} line {line}: byte 0x{raw[error.start]:02x} is no UTF-8. Save the file as UTF-8."
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise DataError(
            f"{place} line {line}: it holds a NUL byte and is no text. Delete the byte or restore the file."
        )
    return text


def _rows(text: str, place: str) -> tuple[list[str], list[list[str]], list[int]]:
    """Header, rows and the line each row begins at."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    line = 1
    try:
        for row in reader:
            if row:
                rows.append(row)
                lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError(f"{place} line {line}: {_EXPLAINED.get(str(error), f'{error}.')}") from None
    if not rows:
        raise DataError(f"{place} is empty. Restore it from the repository, or write its header.")
    header = rows[0]
    by = next((sign for sign in (";", "\t", "|") if len(header) == 1 and sign in header[0]), None)
    if by:
        raise DataError(f"{place} line {lines[0]}: the columns are separated by {by!r}. Save the file with commas.")
    twice = [name for name in dict.fromkeys(header) if header.count(name) > 1]
    if twice:
        raise DataError(f"{place} line {lines[0]}: the column {twice[0]!r} stands twice. Delete one.")
    return header, rows[1:], lines[1:]


_EXPLAINED = {
    "unexpected end of data": "a quote opens here and is never closed. Close it, or double a quote inside a text.",
    "',' expected after '\"'": "text stands behind a closing quote. Double every quote inside a text.",
    "field larger than field limit (131072)": "a cell is longer than 131,072 characters. Is a quote left open?",
}


def _column_problems(cells: Cells, field: Field) -> Iterator[tuple[int, str]]:
    column = cells.columns[field.name]
    if field.required and "" in column:
        yield from ((line, f"{field.name} is empty.") for line in _lines(cells, field.name, ""))
    refusal = _refusal(field)
    if refusal is not None:
        for value in dict.fromkeys(column):
            if value and (sentence := refusal(value)):
                yield from ((line, f"{field.name} {sentence}.") for line in _lines(cells, field.name, value))
    if field.needed and "" in column:
        yield from _needed_problems(cells, field)
    if field.not_below in cells.columns:
        yield from _order_problems(cells, field)


def _needed_problems(cells: Cells, field: Field) -> Iterator[tuple[int, str]]:
    column = cells.columns[field.name]
    for other, values in field.needed.items():
        for line, cell, by in zip(cells.lines, column, cells.columns.get(other, column), strict=True):
            if not cell and by and (by in values or not values):
                yield line, f"{field.name} is empty though {other} is {_cut(by)}. Fill it in."


def _order_problems(cells: Cells, field: Field) -> Iterator[tuple[int, str]]:
    """Numbers are compared as such, dates as far as both are known; what is no number is told elsewhere."""
    first, is_number = str(field.not_below), field.type in ("number", "integer")
    for line, low, high in zip(cells.lines, cells.columns[first], cells.columns[field.name], strict=True):
        if not low or not high:
            continue
        if is_number and not all(_PATTERNS[field.type].fullmatch(cell) for cell in (low, high)):
            continue
        shared = min(len(low), len(high))
        if float(high) < float(low) if is_number else high[:shared] < low[:shared]:
            yield line, f"{field.name} {high!r} lies before {first} {low!r}. Swap or correct them."


def _refusal(field: Field) -> Callable[[str], str] | None:
    """What a declared field says of a cell it refuses, or None where any text will do."""
    if field.one_of:
        known = ", ".join(field.one_of)
        return lambda cell: (
            "" if cell in field.one_of else f"{cell!r} is not one of {known}{nearest(cell, field.one_of)}"
        )
    if field.form and field.references is None:
        pattern, name = _FORMS[field.form]
        return lambda cell: "" if pattern.fullmatch(cell) and _days_exist(cell) else f"{_cut(cell)} is no {name}"
    if field.type == "text":
        return None
    return lambda cell: _number_refusal(cell, field)


def _number_refusal(cell: str, field: Field) -> str:
    if not _PATTERNS[field.type].fullmatch(cell) or not _days_exist(cell):
        return f"{_cut(cell)} is no {_NAMES[field.type]}"
    least, most = field.limits
    if field.type in ("number", "integer") and not least <= float(cell) <= most:
        end = f"below {least:g}" if float(cell) < least else f"above {most:g}"
        return f"{cell!r} lies {end}"
    return ""


def _days_exist(cell: str) -> bool:
    try:
        return all(dt.date.fromisoformat(day) for day in _DAY.findall(cell))
    except ValueError:
        return False


def _cut(cell: str) -> str:
    return repr(cell if len(cell) <= 60 else cell[:57] + "…")


def _lines(cells: Cells, name: str, value: str) -> list[int]:
    return [line for line, cell in zip(cells.lines, cells.columns[name], strict=True) if cell == value]
