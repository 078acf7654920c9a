"""Tables in plain objects with where everything stands in them, so that a chart finds its few rows quickly."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from threading import RLock
from typing import Any, NoReturn, TypeVar

import numpy as np
import pandas as pd

from pipelines.tables import Tables

Rows = Sequence[Mapping[str, Any]]
ROOM = 64
NUMBERS = ("obs_value", "value_low", "value_high", "start", "growth")
DAYS = ("period_start", "period_end")
STATES_HELD = 16
Found = TypeVar("Found")
_SHELVES: dict[int, "Shelf"] = {}
_FINDING = RLock()
_HELD: dict[int, tuple[Tables, dict[Hashable, Any]]] = {}


class HeldRow(dict[str, Any]):
    """A row shared by everybody who draws it: nobody can write to it, so what is made of it can be kept."""

    __hash__ = object.__hash__  # type: ignore[assignment]

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The observations it is or is computed from."""
        return inputs(self)

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a held row cannot be changed; make another with {**row, ...}")

    __setitem__ = __delitem__ = __ior__ = _refuse
    update = setdefault = pop = popitem = clear = _refuse


def inputs(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the observations a row is or is computed from."""
    one, several = row.get("observation_id"), row.get("observation_ids")
    cell = one if isinstance(one, str) and one else several
    return tuple(cell.split(" ; ")) if isinstance(cell, str) else ()


@dataclass(frozen=True)
class Shelf:
    """One table: `rows` are those of `table` without string arrays, whose slices cost more than the rows are worth."""

    table: pd.DataFrame
    rows: pd.DataFrame
    by_indicator: Mapping[str, Any]
    by_id: Mapping[str, int]
    found: dict[Any, tuple[Any, pd.DataFrame]] = field(default_factory=dict)


def hold(tables: Tables, key: Hashable, find: Callable[[], Found]) -> Found:
    """Return what is found under a key, found once per state of knowledge; it is shared and must not be changed.

    Readers who ask for the same at once wait for whoever asked first.

    Keys are made of choices such as pair or reporter, never of years or switches, so that their number is bounded.
    """
    held = _held_of(tables)
    if key not in held:
        with _FINDING:
            if key not in held:
                held[key] = find()
    found: Found = held[key]
    return found


def _held_of(tables: Tables) -> dict[Hashable, Any]:
    known = _HELD.get(id(tables))
    if known is not None and known[0] is tables:
        return known[1]
    with _FINDING:
        if len(_HELD) >= STATES_HELD:
            _HELD.clear()
        known = _HELD.get(id(tables))
        if known is None or known[0] is not tables:
            known = _HELD[id(tables)] = (tables, {})
        return known[1]


def shelf(table: pd.DataFrame) -> Shelf:
    """Return the shelf of a table; the same table is put on a shelf once."""
    known = _SHELVES.get(id(table))
    if known is not None and known.table is table:
        return known
    if len(_SHELVES) >= ROOM:
        _SHELVES.clear()
    rows = plain(table).reset_index(drop=True)
    indicators = rows.groupby("indicator").indices if "indicator" in rows else {}
    ids = rows["observation_id"].tolist() if "observation_id" in rows else []
    made = Shelf(
        table, rows, {str(name): places for name, places in indicators.items()}, {str(i): n for n, i in enumerate(ids)}
    )
    _SHELVES[id(table)] = made
    return made


def remembered(
    table: pd.DataFrame, beside: tuple[pd.DataFrame, ...], key: tuple[Any, ...], find: Callable[[], pd.DataFrame]
) -> pd.DataFrame:
    """Return what was found in a table under a key, found once while the tables read `beside` it are the same."""
    found = shelf(table).found
    known = found.get(key)
    if known is None or any(one is not other for one, other in zip(known[0], beside, strict=True)):
        known = (beside, find())
        found[key] = known
    return known[1].copy(deep=False)


def plain(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with numbers, flags and days as they are and everything else as objects."""
    return rows.astype({str(name): object for name, dtype in rows.dtypes.items() if not isinstance(dtype, np.dtype)})


def frame_of(rows: Rows) -> pd.DataFrame:
    """Return at least one row as a frame with the columns of all: numbers and days as such, all else as objects.

    What is there to be drawn alone, with a name that begins with `_`, is left out.
    """
    every = pd.DataFrame(list(rows), dtype=object)
    frame = every[[name for name in every if not str(name).startswith("_")]]
    numbers = (name for name in NUMBERS if name in frame and not isinstance(rows[0].get(name), str))
    days = (name for name in DAYS if name in frame and any(isinstance(cell, pd.Timestamp) for cell in frame[name]))
    return frame.astype(dict.fromkeys(numbers, "float64") | dict.fromkeys(days, "datetime64[us]"))


def codes_in(rows: Rows, column: str) -> tuple[str, ...]:
    """Return the codes in a column of rows, each once in the order of the rows."""
    try:
        cells = dict.fromkeys(map(itemgetter(column), rows))
    except KeyError:
        cells = dict.fromkeys(row.get(column) for row in rows)
    return tuple(code for code in cells if isinstance(code, str))


def matching(table: pd.DataFrame, **where: str) -> pd.DataFrame:
    """Return the rows of a table that match every column; an empty text matches an empty cell."""
    found = shelf(table)
    rows = found.rows
    if "indicator" in where:
        rows = rows.iloc[found.by_indicator.get(where["indicator"], [])]
    keep = np.ones(len(rows), dtype=bool)
    for column, value in where.items():
        cells = rows[column]
        keep &= (cells.isna() if value == "" else cells == value).to_numpy(dtype=bool)
    return rows[keep]


def by_ids(observations: pd.DataFrame, ids: list[str]) -> pd.DataFrame:
    """Return the observations of these ids in their order; an unknown id is an empty row."""
    found = shelf(observations)
    places = [found.by_id.get(i, -1) for i in ids]
    if -1 not in places:
        return found.rows.iloc[places]
    return found.rows.set_index("observation_id", drop=False).reindex(ids)
