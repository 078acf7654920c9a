"""CSV files under datasets/, read against their declared tables with every problem named at once."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from pipelines.cells import Cells, cell_problems, key_problems
from pipelines.codelists import CodeLists, code_problems, read_declared
from pipelines.errors import nearest, raise_all
from pipelines.schema import Field, Table


def read_register(path: Path, table: Table, lists: CodeLists, place: str = "") -> pd.DataFrame:
    """Read one CSV as the declared table: typed, codes known, keys unique; missing text is NA.

    Raises DataError that lists every offending cell with file, line and remedy; `place` names the file there.
    """
    place = place or place_of(path)
    cells = read_declared(path, table, place)
    raise_all(
        cell_problems(cells, table, place)
        + code_problems(cells, table, lists, place)
        + key_problems(cells, table, place)
    )
    return typed_cells(cells, table)


def empty_register(table: Table) -> pd.DataFrame:
    """Return the declared table without a row."""
    return typed_cells(Cells({name: [] for name in table.columns}, []), table)


def place_of(path: Path) -> str:
    """Return how messages name a file: datasets/press.csv, or datasets/figures/press.csv one folder down."""
    folder = path.parent.name
    return f"datasets/{folder}/{path.name}" if folder in _FOLDERS else f"datasets/{path.name}"


_FOLDERS = ("figures", "statistics", "codelists")


def check_partial(text: pd.DataFrame, table: Table, lists: CodeLists, place: str) -> pd.DataFrame:
    """Return a frame of text cells with some columns of the declared table, in any order, typed and complete.

    Columns left out are empty; the index is the line in the file less two. Raises DataError as `read_register` does.
    """
    known, required = table.columns, [field.name for field in table.fields if field.required]
    problems = [f"{place} line 1: column {name} is missing." for name in required if name not in text]
    names = [str(name) for name in text.columns if name not in known]
    problems += [f"{place} line 1: no column is called {name!r}{nearest(name, known)}." for name in names]
    raise_all([*problems, f"The columns of {table.name} in docs/tables.md may be used."] if problems else [])
    whole = text.reindex(columns=known, fill_value="")
    cells = Cells({name: whole[name].tolist() for name in known}, [int(row) + 2 for row in whole.index])
    raise_all(cell_problems(cells, table, place) + code_problems(cells, table, lists, place))
    return typed_cells(cells, table).set_axis(text.index)


def check_references(
    frames: Mapping[str, pd.DataFrame], tables: Mapping[str, Table], keys: Mapping[str, set[str]]
) -> None:
    """Refuse values that refer to a row no register has; all offenders at once, each with the row it stands in."""
    raise_all(
        [
            f"{_HOMES.get(name, 'datasets/' + name + '.csv')}, row {row}: "
            f"{field.name} {value!r} has no row in {_HOMES[field.references]}"
            f"{nearest(value, keys[field.references])}."
            for name, frame in frames.items()
            for field in tables[name].fields
            if field.references
            for value, row in _strangers(frame, field, keys[field.references]).items()
        ]
    )


_HOMES = {
    "sources": "datasets/sources.csv",
    "projects": "datasets/projects.csv",
    "figures": "datasets/figures/",
    "press": "datasets/figures/press.csv",
    "added": "datasets/figures/added.csv",
    "statistics": "datasets/statistics/",
    "chains": "datasets/chains.csv",
    "sources or figures": "datasets/sources.csv or datasets/figures/",
}


def _strangers(frame: pd.DataFrame, field: Field, known: set[str]) -> dict[str, str]:
    """Values of the column no register has, with the key of the first row that names each."""
    found: dict[str, str] = {}
    for row, cell in zip(frame.iloc[:, 0].tolist(), frame[field.name].tolist(), strict=True):
        if cell in known or not isinstance(cell, str):
            continue
        for value in map(str.strip, cell.split(";")) if field.many else (cell,):
            is_address = field.form == "address" and value.startswith(("http://", "https://"))
            if value not in known and not is_address:
                found.setdefault(value, str(row))
    return found


def typed_cells(cells: Cells, table: Table) -> pd.DataFrame:
    """Convert checked cells to the declared types."""
    return pd.DataFrame({field.name: _convert(cells.columns[field.name], field) for field in table.fields})


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
