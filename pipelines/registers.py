"""CSV files under datasets/, read against their declared tables with every problem named at once."""

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from pipelines.codelists import CodeLists, unknown_codes
from pipelines.errors import DataError, nearest, raise_all
from pipelines.schema import Field, Table

_FLAGS = {"true": True, "false": False}
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
    problems = [
        problem for field in table.fields for problem in _column_problems(text[field.name], field, lists, place)
    ]
    problems += _key_problems(text, table, place)
    raise_all(problems)
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
    raise_all(
        [problem for field in table.fields for problem in _column_problems(whole[field.name], field, lists, place)]
    )
    return typed(whole, table)


def typed(text: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Convert a frame of checked text cells to the declared types."""
    return pd.DataFrame({field.name: _convert(text[field.name], field) for field in table.fields})


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


def _column_problems(cells: pd.Series, field: Field, lists: CodeLists, place: str) -> list[str]:
    problems = []
    if field.required:
        problems += [f"{place} line {row}: {field.name} is empty." for row in _lines(cells == "")]
    filled = cells[cells != ""]
    if field.type in _PATTERNS:
        bad = filled[~filled.str.fullmatch(_PATTERNS[field.type])]
        problems += [
            f"{place} line {row}: {field.name} {value!r} is no {field.type}."
            for row, value in zip(_lines(bad.notna()), bad, strict=True)
        ]
    if field.codelist:
        parts = filled.str.split(";").explode() if field.many else filled
        for sentence in unknown_codes(parts, field.codelist, lists):
            code = sentence.split("'")[1] if "'" in sentence else ""
            row = next(iter(_lines(parts == code)), 0)
            problems.append(f"{sentence} in {place} line {row}, column {field.name}.")
    return problems


def _lines(mask: pd.Series) -> list[int]:
    """Line numbers in the file of the rows a mask marks; the header is line 1."""
    return [int(str(row)) + 2 for row in mask.index[mask]]


def _key_problems(text: pd.DataFrame, table: Table, place: str) -> list[str]:
    key = list(table.key)
    twice = text[text.duplicated(key)]
    return [
        f"{place} line {row + 2}: the key {' / '.join(cells)} stands twice. Delete or rename one."
        for row, *cells in twice[key].reset_index().itertuples(index=False)
    ]


def _convert(cells: pd.Series, field: Field) -> pd.Series:
    if field.type == "flag":
        return cells.map(_FLAGS).fillna(False).astype(bool)
    present = cells.where(cells != "", None)
    if field.type == "number":
        return present.astype("float64")
    if field.type == "integer":
        return present.astype("float64").astype("Int64")
    if field.type == "date":
        return pd.to_datetime(present, format="%Y-%m-%d").astype("datetime64[us]")
    return present.astype("str")
