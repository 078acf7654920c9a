"""Code lists: which codes exist, what they are called, and the refusal of any other."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from pipelines.errors import DataError, nearest

CodeLists = Mapping[str, pd.DataFrame]


def read_codelists(folder: Path) -> dict[str, pd.DataFrame]:
    """Read every CL_*.csv of the folder; each has a unique `code` column and is indexed by it."""
    files = sorted(folder.glob("CL_*.csv"))
    if not files:
        raise DataError(f"no code lists in {folder.name}/. Restore datasets/codelists/ from the repository.")
    return {path.stem: _read(path) for path in files}


def _read(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    if "code" not in frame:
        raise DataError(f"codelists/{path.name} has no column code.")
    twice = frame["code"][frame["code"].duplicated()].tolist()
    if twice:
        raise DataError(f"codelists/{path.name} has codes twice: {', '.join(twice)}. Delete one of each.")
    return frame.set_index("code", drop=False)


def unknown_codes(values: Iterable[str], codelist: str, lists: CodeLists) -> list[str]:
    """Return one sentence for each distinct value that the code list does not know."""
    known = lists[codelist].index
    return [
        f"{codelist} has no code for {value!r}{nearest(value, known)}. "
        f"Add it to datasets/codelists/{codelist}.csv or fix it"
        for value in dict.fromkeys(values)
        if value not in known
    ]
