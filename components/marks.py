"""How observations, lines and computed values become the rows a chart draws, one row per mark."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from components import theme
from components.charts.base import empty_figure
from components.views import Exhibit
from pipelines.tables import Tables

COLUMNS = (
    "observation_id", "observation_ids", "label", "series", "time_period", "obs_value", "value_low", "value_high",
    "bound", "unit_measure", "counted", "formula", "indicator", "commodity", "project_id", "ref_area",
    "counterpart_area", "role", "measure_type", "freq", "obs_status", "provenance", "source_id", "publisher",
    "source_class", "said_by", "vintage", "edition", "as_written", "measures", "caveats", "line_id", "part", "is_seam",
)  # fmt: skip
_BORROWED = ("source_class", "vintage", "said_by", "measures", "caveats")


def pick(tables: Tables, **where: str) -> pd.DataFrame:
    """Return the observations that may be drawn and match every column; those of the documents come first.

    Hidden, repeated and unplottable figures are left out. An empty text matches an empty cell.
    """
    rows = tables.observations
    keep = rows["is_plottable"] & ~rows["is_hidden"] & rows["duplicate_of"].isna()
    for column, value in where.items():
        keep &= rows[column].fillna("") == value
    found = rows[keep]
    documents = tables.sources.loc[tables.sources["kind"] == "document", "source_id"]
    order = (~found["source_id"].isin(documents)).to_numpy().argsort(kind="stable")
    return found.iloc[order]


def quote(rows: pd.DataFrame, series: str, label: str = "") -> pd.DataFrame:
    """Return observations as marks of a series; without a label each mark says what it measures."""
    named = rows.assign(series=series, label=label or rows["measures"])
    return named.reindex(columns=list(COLUMNS))


def draw_line(tables: Tables, series: str, label: str, **where: str) -> pd.DataFrame:
    """Return the preferred yearly line that matches every column as marks of a series, in time order."""
    rows = tables.series
    keep = rows["is_preferred"] & (rows["freq"] == "A")
    for column, value in where.items():
        keep &= rows[column].fillna("") == value
    return points_of(tables, rows[keep].sort_values("time_period"), series, label)


def points_of(tables: Tables, points: pd.DataFrame, series: str, label: str) -> pd.DataFrame:
    """Return points of lines as marks of a series; class, date and notes of a point are those of its first input."""
    inputs = points["observation_ids"].str.split(" ; ").str[0]
    notes = tables.observations.set_index("observation_id")[list(_BORROWED)].reindex(inputs.to_numpy())
    single = ~points["observation_ids"].str.contains(" ; ", regex=False)
    marks = points.assign(
        observation_id=points["observation_ids"].where(single),
        series=series,
        label=label,
        bound="=",
        role="actual",
        provenance="statistic",
        **{column: notes[column].to_numpy() for column in _BORROWED},
    )
    return marks.reindex(columns=list(COLUMNS))


def compute(
    inputs: pd.DataFrame, *, series: str, label: str, obs_value: float, formula: str, **cells: Any
) -> pd.DataFrame:
    """Return one mark computed from the marks or observations it names; `cells` are its other columns."""
    ids = inputs["observation_id"].where(inputs["observation_id"].notna(), inputs.get("observation_ids"))
    mark = {
        "observation_ids": " ; ".join(dict.fromkeys(ids)),
        "series": series,
        "label": label,
        "obs_value": float(obs_value),
        "formula": formula,
        "bound": "=",
        "role": "actual",
        "obs_status": "D",
        "provenance": "derived",
        "source_id": " ; ".join(dict.fromkeys(inputs["source_id"])),
        "source_class": " ; ".join(dict.fromkeys(inputs["source_class"])),
        **cells,
    }
    return pd.DataFrame([mark]).reindex(columns=list(COLUMNS))


def on_row(marks: pd.DataFrame, row: str, look: str, words: str, area: str, start: float = 0.0) -> pd.DataFrame:
    """Place marks on a row of segments of segments: how they look, what is said of them, where they begin."""
    return marks.assign(row=row, look=look, words=words, colour=theme.area_colour(area), start=start)


def gather(*frames: pd.DataFrame) -> pd.DataFrame:
    """Return the marks of all frames in their order; no marks at all keep their columns."""
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame(columns=list(COLUMNS))
    records = [record for frame in filled for record in frame.to_dict("records")]
    return pd.DataFrame(records).astype({"obs_value": float, "value_low": float, "value_high": float})


def source_ids(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return every source behind the marks once, in the order drawn."""
    cells = (str(cell) for cell in frame["source_id"].dropna())
    return tuple(dict.fromkeys(part for cell in cells for part in cell.split(" ; ") if part))


def absent(tables: Tables, what: str) -> str:
    """Return why nothing is drawn: what is missing, and in which state of knowledge."""
    known, none = tables.as_known, _none_of(what)
    if known.mode == "published":
        return (
            f"What was published by {known.date} states {none}. What came out later does not exist in this mode; "
            "choose “Latest values, cut at a year” or show everything."
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
    title: str, figure: dict[str, Any], frame: pd.DataFrame, sentences: Sequence[str], caveats: Sequence[str]
) -> Exhibit:
    """Return a drawn exhibit: its summary is made of the sentences, its sources are those of the marks."""
    return Exhibit(
        title,
        figure,
        frame,
        summary=" ".join(sentence for sentence in sentences if sentence),
        caveats=tuple(caveat for caveat in caveats if caveat),
        source_ids=source_ids(frame),
    )
