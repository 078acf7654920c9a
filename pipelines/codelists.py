"""Code lists: which codes exist, what they are called, and the refusal of any other."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from pipelines.cells import Cells, cell_problems, key_problems, read_cells
from pipelines.errors import DataError, nearest, raise_all
from pipelines.schema import CODELISTS, Table

CodeLists = Mapping[str, pd.DataFrame]
_FEW = 12


def read_codelists(folder: Path) -> dict[str, pd.DataFrame]:
    """Read every declared code list of the folder, indexed by `code`; all that is wrong is named at once."""
    if not folder.is_dir():
        raise DataError(f"no code lists in {folder.name}/. Restore datasets/codelists/ from the repository.")
    places = {name: f"datasets/codelists/{name}.csv" for name in CODELISTS}
    cells = {name: read_declared(folder / f"{name}.csv", table, places[name]) for name, table in CODELISTS.items()}
    lists = {name: read.frame.set_index("code", drop=False) for name, read in cells.items()}
    raise_all(
        [
            problem
            for name, table in CODELISTS.items()
            for problem in (
                *cell_problems(cells[name], table, places[name]),
                *key_problems(cells[name], table, places[name]),
                *code_problems(cells[name], table, lists, places[name]),
            )
        ]
    )
    return lists


def read_declared(path: Path, table: Table, place: str) -> Cells:
    """Read a CSV whose columns must be those of the declared table, in its order."""
    cells = read_cells(path, place)
    names = list(cells.columns)
    if names == table.columns:
        return cells
    missing = [name for name in table.columns if name not in names]
    strange = [f"{name!r}{nearest(name, missing)}" for name in names if name not in table.columns]
    said = [f"{word} {', '.join(found)}" for word, found in (("missing", missing), ("unknown", strange)) if found]
    raise DataError(
        f"{place} line 1: the columns are not those of {table.name}: {'; '.join(said) or 'their order differs'}. "
        "See docs/tables.md."
    )


def code_problems(cells: Cells, table: Table, lists: CodeLists, place: str) -> list[str]:
    """One sentence for each distinct code in the cells that its code list does not know."""
    problems = []
    for field in table.fields:
        if field.codelist:
            column = cells.columns[field.name]
            parts = [cell.split(";") if field.many else [cell] for cell in column]
            values = dict.fromkeys(part for cell in parts if cell != [""] for part in cell)
            for code, sentence in unknown_codes(values, field.codelist, lists).items():
                line = next(line for line, cell in zip(cells.lines, parts, strict=True) if code in cell)
                problems.append(f"{sentence} in {place} line {line}, column {field.name}.")
    return problems


def unknown_codes(values: Iterable[str], codelist: str, lists: CodeLists) -> dict[str, str]:
    """Return for each distinct value that the code list does not know a sentence about it."""
    known = lists[codelist].index
    return {
        value: f"{codelist} has no code for {value!r}{nearest(value, known) or _offered(known)}. "
        f"Add it to datasets/codelists/{codelist}.csv or fix it"
        for value in dict.fromkeys(values)
        if value not in known
    }


def _offered(known: pd.Index) -> str:
    return f" (known are {', '.join(known)})" if 0 < len(known) <= _FEW else ""
