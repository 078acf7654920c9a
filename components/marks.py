"""How observations, lines and computed values become the rows a chart draws, one row per mark."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import cache, wraps
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from components import labels, theme
from components.charts.base import Figure, Row, Rows, empty_figure, records
from components.shelves import NUMBERS, HeldRow, by_ids, codes_in, hold, matching, remembered, shelf
from components.views import Exhibit, Selection
from pipelines.tables import Tables

COLUMNS = (
    "observation_id", "observation_ids", "label", "series", "time_period", "obs_value", "value_low", "value_high",
    "bound", "unit_measure", "counted", "formula", "indicator", "commodity", "project_id", "ref_area",
    "counterpart_area", "role", "measure_type", "freq", "obs_status", "provenance", "source_id", "publisher",
    "source_class", "said_by", "vintage", "edition", "as_written", "measures", "caveats", "line_id", "part", "is_seam",
)  # fmt: skip
NAMES = list(COLUMNS)
_COUNTED = {"bound": "=", "role": "actual", "provenance": "statistic"}
_BORROWED = ("source_class", "vintage", "said_by", "measures", "caveats")


def hold_rows(tables: Tables, key: Hashable, select: Callable[[], Rows]) -> Sequence[Row]:
    """Return selected rows as mappings nobody can write to, selected once per state of knowledge."""
    return hold(tables, (key, "rows"), lambda: held(select()))


def held(rows: Rows) -> Sequence[Row]:
    """Return rows as mappings nobody can write to, so that what is made of them can be kept."""
    return tuple(map(HeldRow, records(rows)))


def pick(tables: Tables, **where: str) -> pd.DataFrame:
    """Return the observations that may be drawn and match every column; those of the documents come first.

    Hidden, repeated and unplottable figures are left out. An empty text matches an empty cell.
    """
    key = ("pick", *sorted(where.items()))
    return remembered(tables.observations, (tables.sources,), key, lambda: _drawable(tables, where))


def _drawable(tables: Tables, where: Mapping[str, str]) -> pd.DataFrame:
    rows = matching(tables.observations, **where)
    found = rows[rows["is_plottable"] & ~rows["is_hidden"] & rows["duplicate_of"].isna()]
    order = (~found["source_id"].isin(documents(tables))).to_numpy().argsort(kind="stable")
    return found.iloc[order]


def documents(tables: Tables) -> list[str]:
    """Return the ids of the sources that are documents."""
    rows = shelf(tables.sources).rows
    return rows.loc[rows["kind"] == "document", "source_id"].tolist()


def quote(rows: pd.DataFrame, series: str, label: str = "") -> pd.DataFrame:
    """Return observations as marks of a series; without a label each mark says what it measures."""
    marks = rows.reindex(columns=NAMES)
    marks["series"] = _texts([series] * len(rows), rows)
    marks["label"] = _texts([label] * len(rows) if label else rows["measures"].tolist(), rows)
    return marks


def _texts(cells: list[Any], rows: pd.DataFrame) -> pd.Series:
    return pd.Series(cells, index=rows.index, dtype=object)


def draw_line(tables: Tables, series: str, label: str, **where: str) -> pd.DataFrame:
    """Return the preferred yearly line that matches every column as marks of a series, in time order.

    Where a reader cut the values at a year the chart alone is told so (`_cut`).
    """
    key = ("line", series, label, *sorted(where.items()))
    return remembered(tables.series, (tables.observations,), key, lambda: _preferred(tables, series, label, where))


def _preferred(tables: Tables, series: str, label: str, where: Mapping[str, str]) -> pd.DataFrame:
    rows = matching(tables.series, freq="A", **where)
    marks = points_of(tables, rows[rows["is_preferred"]].sort_values("time_period"), series, label)
    return marks.assign(_cut=tables.as_known.date[:4]) if tables.as_known.mode == "cut" else marks


def points_of(tables: Tables, points: pd.DataFrame, series: str, label: str) -> pd.DataFrame:
    """Return points of lines as marks of a series; class, date and notes of a point are those of its first input."""
    inputs = points["observation_ids"].tolist()
    notes = by_ids(tables.observations, [cell.partition(" ; ")[0] for cell in inputs])
    cells: dict[str, list[Any]] = {
        "observation_id": [None if " ; " in cell else cell for cell in inputs],
        **{column: notes[column].tolist() for column in _BORROWED},
        **{name: [cell] * len(points) for name, cell in {**_COUNTED, "series": series, "label": label}.items()},
    }
    added = pd.DataFrame(list(zip(*cells.values(), strict=True)), columns=list(cells), index=points.index, dtype=object)
    kept = [name for name in NAMES if name in points and name not in cells]
    return pd.concat([points[kept], added], axis=1).reindex(columns=NAMES)


def compute(
    inputs: pd.DataFrame, *, series: str, label: str, obs_value: float, formula: str, **cells: Any
) -> pd.DataFrame:
    """Return one mark computed from the marks or observations it names; `cells` are its other columns."""
    ids = [
        one if isinstance(one, str) and one else several
        for one, several in zip(
            inputs["observation_id"].tolist(),
            inputs["observation_ids"].tolist() if "observation_ids" in inputs else [None] * len(inputs),
            strict=True,
        )
    ]
    known = {"source_id": inputs["source_id"].tolist(), "source_class": inputs["source_class"].tolist()}
    return computed_marks(
        [{"ids": ids, **known, "series": series, "label": label, "obs_value": obs_value, "formula": formula, **cells}]
    )


def computed_marks(entries: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return computed marks from their cells; `ids`, `source_id` and `source_class` are lists, each named once."""
    common = {"bound": "=", "role": "actual", "obs_status": "D", "provenance": "derived"}
    marks = [
        {
            **common,
            **entry,
            "observation_ids": _joined(entry["ids"]),
            "source_id": _joined(entry["source_id"]),
            "source_class": _joined(entry["source_class"]),
        }
        for entry in entries
    ]
    rows = [[mark.get(name, np.nan) for name in NAMES] for mark in marks]
    return typed(pd.DataFrame(rows, columns=NAMES, dtype=object))


def _joined(cells: Any) -> str:
    return cells if isinstance(cells, str) else " ; ".join(dict.fromkeys(map(str, cells)))


def values_by_period(marks: Rows) -> dict[str, float]:
    """Return the value of each period."""
    return {row["time_period"]: row["obs_value"] for row in records(marks)}


def on_row(marks: pd.DataFrame, row: str, look: str, words: str, area: str, start: float = 0.0) -> pd.DataFrame:
    """Place marks on a row of segments: how they look, what is said of them, where they begin."""
    cells = [[row, look, words, theme.area_colour(area)]] * len(marks)
    placed = pd.DataFrame(cells, columns=["row", "look", "words", "colour"], index=marks.index, dtype=object)
    placed["start"] = float(start)
    return pd.concat([marks, placed], axis=1)


def gather(*frames: pd.DataFrame) -> pd.DataFrame:
    """Return the marks of all frames in their order; no marks at all keep their columns."""
    filled = [frame for frame in frames if len(frame)]
    return typed(pd.concat(filled, ignore_index=True)) if filled else _no_marks().copy(deep=False)


@cache
def _no_marks() -> pd.DataFrame:
    return typed(pd.DataFrame(columns=NAMES, dtype=object))


def typed(marks: pd.DataFrame) -> pd.DataFrame:
    """Return marks with their values as numbers."""
    for name in NUMBERS:
        if name in marks and marks[name].dtype != float:
            marks[name] = marks[name].astype(float)
    return marks


def source_ids(rows: Rows) -> tuple[str, ...]:
    """Return every source behind the marks once, in the order drawn."""
    cells = rows["source_id"].tolist() if isinstance(rows, pd.DataFrame) else codes_in(rows, "source_id")
    named = (cell for cell in dict.fromkeys(cells) if isinstance(cell, str))
    return tuple(dict.fromkeys(part for cell in named for part in cell.split(" ; ") if part))


def absent(tables: Tables, what: str) -> str:
    """Return why nothing is drawn: what is missing, and in which state of knowledge."""
    known, none = tables.as_known, _none_of(what)
    if known.mode == "published":
        return (
            f"What was published by {labels.period(known.date)} states {none}. What came out later does not exist in "
            "this mode; choose “Latest values, cut at a year” or show everything."
        )
    if known.mode == "cut":
        return f"The data up to {known.date} state {none}. Choose a later year or show everything."
    return f"The data state {none}. Add the figures under datasets/ and build the store again."


def _none_of(what: str) -> str:
    """Deny a noun with or without its article.

    >>> _none_of("a dated figure"), _none_of("anything new"), _none_of("total")
    ('no dated figure', 'nothing new', 'no total')
    """
    article, _, noun = what.partition(" ")
    if article == "anything":
        return f"nothing {noun}"
    return f"no {noun}" if article in ("a", "an", "the") else f"no {what}"


def without(title: str, reason: str) -> Exhibit:
    """Return an exhibit that draws nothing and says why."""
    return Exhibit(title, empty_figure(reason), gather(), summary="", empty=reason)


def exhibit(
    title: str, figure: dict[str, Any], rows: Rows, sentences: Sequence[str], caveats: Sequence[str]
) -> Exhibit:
    """Return a drawn exhibit: its summary is made of the sentences, its sources are those of the marks."""
    return Exhibit(
        title,
        figure,
        rows,
        summary=" ".join(sentence for sentence in sentences if sentence),
        caveats=tuple(caveat for caveat in caveats if caveat),
        source_ids=source_ids(rows),
    )


def told(title: str, frame: pd.DataFrame, sentences: Sequence[str], caveats: Sequence[str]) -> Exhibit:
    """Return the rows and words of an exhibit that is still to be drawn; nobody can write to its rows."""
    return exhibit(title, {}, held(frame), sentences, caveats)


def drawn_by(
    chart: Callable[[Rows], Figure], *choices: str
) -> Callable[[Callable[..., Exhibit]], Callable[..., Exhibit]]:
    """Make a view of what tells rows and words from the tables and the named choices alone.

    They are told once per state of knowledge and choice, and the chart is composed of the rows at every request. Name
    choices and switches, never years or other free numbers, so that what is held stays bounded.
    """

    def make(tell: Callable[..., Exhibit]) -> Callable[..., Exhibit]:
        @wraps(tell)
        def build(tables: Tables, selection: Selection = MappingProxyType({})) -> Exhibit:
            chosen = {name: selection[name] for name in choices if name in selection}
            said = hold(tables, (tell, *chosen.items()), lambda: tell(tables, **chosen))
            return said if said.empty else replace(said, figure=chart(said.rows))

        return build

    return make
