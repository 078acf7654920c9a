"""CSV files under datasets/, read against their declared tables with every problem named at once."""

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from pipelines.codelists import CodeLists, unknown_codes
from pipelines.errors import DataError, nearest, raise_all
from pipelines.schema import Field, Table

_PATTERNS = {
    "number": re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?"),
    "integer": re.compile(r"-?\d+"),
    "flag": re.compile("true|false"),
}


def read_register(path: Path, table: Table, lists: CodeLists) -> pd.DataFrame:
    """Read one CSV as the declared table: typed, codes known, keys unique; missing text is NA.

    Raises DataError that lists every offending cell with file, line and remedy.
    """
    text = _read_text(path, table)
    place = f"datasets/{path.parent.name}/{path.name}" if path.parent.name != "datasets" else f"datasets/{path.name}"
    raise_all(_problems(text, table, lists, place) + _key_problems(text, table, place))
    return typed(text, table)


def check_partial(text: pd.DataFrame, table: Table, lists: CodeLists, place: str) -> pd.DataFrame:
    """Return a frame of text cells with some columns of the declared table, in any order, typed and complete.

    Columns left out are empty. Raises DataError as `read_register` does; `place` names the file in it.
    """
    known, required = table.columns, [field.name for field in table.fields if field.required]
    problems = [f"{place} line 1: column {name} is missing." for name in required if name not in text]
    names = [str(name) for name in text.columns if name not in known]
    problems += [f"{place} line 1: no column is called {name!r}{nearest(name, known)}." for name in names]
    raise_all([*problems, f"The columns of {table.name} in docs/tables.md may be used."] if problems else [])
    whole = text.reindex(columns=known, fill_value="")
    raise_all(_problems(whole, table, lists, place))
    return typed(whole, table)


def typed(text: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Convert a frame of checked text cells to the declared types."""
    return pd.DataFrame(
        {field.name: _convert(text[field.name].tolist(), field) for field in table.fields}, index=text.index
    )


def check_references(
    frames: Mapping[str, pd.DataFrame], tables: Mapping[str, Table], keys: Mapping[str, set[str]]
) -> None:
    """Refuse values that refer to a row no register has; all offenders at once."""
    problems: list[str] = []
    for name, frame in frames.items():
        for field in tables[name].fields:
            if field.references:
                known = keys[field.references]
                cells = frame[field.name].dropna()
                for value in cells[~cells.isin(known)].unique():
                    problems.append(
                        f"{name}: {field.name} {value!r} has no row in datasets/{field.references}.csv"
                        f"{nearest(value, known)}."
                    )
    raise_all(problems)


def read_csv(path: Path) -> pd.DataFrame:
    """Return a UTF-8 CSV as text cells; refuses what is none."""
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise DataError(f"{path.name} cannot be read as UTF-8 CSV: {error}".strip().rstrip(".") + ".") from error
    except FileNotFoundError:
        raise DataError(f"the file {path.name} is missing. Check its name.") from None
    except OSError as error:
        raise DataError(f"{path.name} cannot be opened: {error.strerror}. Give the name of a CSV file.") from error


def _read_text(path: Path, table: Table) -> pd.DataFrame:
    if not path.exists():
        raise DataError(f"datasets file {path.name} is missing. Restore it from the repository.")
    text = read_csv(path)
    if list(text.columns) != table.columns:
        missing = [name for name in table.columns if name not in text.columns]
        unknown = [name for name in text.columns if name not in table.columns]
        raise DataError(
            f"{path.name}: the header does not match table {table.name}; "
            f"missing {missing or 'none'}, unknown {unknown or 'none'}"
            f"{'' if missing or unknown else ', order differs'}. See docs/tables.md."
        )
    return text


def _problems(text: pd.DataFrame, table: Table, lists: CodeLists, place: str) -> list[str]:
    """Every cell the declared fields refuse; cells are read as plain lists, which costs a tenth of column methods."""
    return [
        problem
        for field in table.fields
        for problem in _column_problems(text[field.name].tolist(), field, lists, place)
    ]


def _column_problems(cells: list[str], field: Field, lists: CodeLists, place: str) -> list[str]:
    problems = []
    if field.required and "" in cells:
        problems += [f"{place} line {row}: {field.name} is empty." for row in _lines(cells, "")]
    if field.type in _PATTERNS:
        fits = _PATTERNS[field.type].fullmatch
        bad = [value for value in dict.fromkeys(cells) if value and not fits(value)]
        found = sorted((row, value) for value in bad for row in _lines(cells, value))
        problems += [f"{place} line {row}: {field.name} {value!r} is no {field.type}." for row, value in found]
    if field.codelist:
        parts = [cell.split(";") if field.many else [cell] for cell in cells]
        for sentence in unknown_codes((part for cell in parts if cell != [""] for part in cell), field.codelist, lists):
            code = sentence.split("'")[1] if "'" in sentence else ""
            row = next((line for line, cell in enumerate(parts, start=2) if code in cell and cell != [""]), 0)
            problems.append(f"{sentence} in {place} line {row}, column {field.name}.")
    return problems


def _lines(cells: list[str], value: str) -> list[int]:
    """Line numbers in the file of the cells that hold a value; the header is line 1."""
    return [line for line, cell in enumerate(cells, start=2) if cell == value]


def _key_problems(text: pd.DataFrame, table: Table, place: str) -> list[str]:
    keys = [*zip(*(text[name].tolist() for name in table.key), strict=True)]
    if len(set(keys)) == len(keys):
        return []
    first = {key: line for line, key in reversed([*enumerate(keys, start=2)])}
    return [
        f"{place} line {line}: the key {' / '.join(key)} stands twice. Delete or rename one."
        for line, key in enumerate(keys, start=2)
        if first[key] != line
    ]


def _convert(cells: list[str], field: Field) -> np.ndarray | ExtensionArray:
    if field.type == "flag":
        return np.array([cell == "true" for cell in cells], dtype=bool)
    if field.type == "number":
        return np.array([float(cell) if cell else np.nan for cell in cells], dtype="float64")
    present = [cell or None for cell in cells]
    if field.type == "integer":
        return pd.array([cell and int(cell) for cell in present], dtype="Int64")
    if field.type == "date":
        return pd.to_datetime(pd.Series(present, dtype="str"), format="%Y-%m-%d").astype("datetime64[us]").array
    return pd.array(present, dtype="str")
