"""The rows a trade chart draws: official lines, printed points and estimates, brought to the same columns."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cache

import pandas as pd

from components import labels
from components.charts import base
from components.charts.base import Row
from components.marks import hold_rows, source_ids
from components.shelves import NUMBERS, hold
from components.trade.scope import Scope, place
from components.views import Exhibit
from pipelines.tables import Tables

COLUMNS = (
    "mark", "label", "observation_id", "observation_ids", "time_period", "obs_value", "value_low", "value_high",
    "bound", "unit_measure", "indicator", "commodity", "ref_area", "counterpart_area", "role", "measure_type", "freq",
    "price_basis", "line_id", "title", "source_id", "source_class", "publisher", "said_by", "vintage", "provenance",
    "obs_status", "formula", "edition", "part", "part_name", "is_seam", "seam_note", "is_document",
    "colour_of", "note",
)  # fmt: skip
FLAGS = ("is_seam", "is_document")
MONEY = ("USD", "EUR")

# How a chart calls the part of a line that comes from a data set; others go by their edition.
PART_NAMES = {
    "imf_dots": "IMF",
    "imf_imts": "IMF",
    "gacc": "Chinese customs",
    "fcs_monthly": "Russian customs",
    "fcs_annual": "Russian customs",
    "eurostat_comext": "Eurostat",
}

Rows = Sequence[Row]


def hold_frame(tables: Tables, key: Hashable, select: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Return selected rows, selected once: plain columns, which small frames read fastest."""

    def find() -> pd.DataFrame:
        rows = select()
        rows = rows.astype({name: "object" for name in rows if name not in NUMBERS}).reset_index(drop=True)
        return rows.set_axis(rows.columns.astype("object"), axis=1)

    return hold(tables, (key, "frame"), find)


def none() -> pd.DataFrame:
    """Return no rows, with every column."""
    return _no_rows().copy(deep=False)


@cache
def _no_rows() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="float64" if name in NUMBERS else "object") for name in COLUMNS})


def stack(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of all parts in their order, with at least the columns of marks; flags stay flags."""
    filled = [part.astype(dict.fromkeys(FLAGS, "object")) for part in parts if not part.empty]
    return pd.concat(filled, ignore_index=True) if filled else none()


def covered(rows: Rows, scope: Scope) -> Rows:
    """Return the rows of the years asked for; undated rows are in none."""
    return [row for row in rows if isinstance(row["time_period"], str) and scope.covers(row["time_period"])]


def lines_in(rows: Rows) -> Rows:
    """Return the points of official lines among the rows."""
    return [row for row in rows if row["mark"] == "line"]


def official(tables: Tables, scope: Scope, reporter: str, indicator: str = "") -> pd.DataFrame:
    """Return the yearly lines one reporter has for the flow, each point a row with mark `line`.

    That is the preferred line, and any other of that reporter that goes on after it ends. Values estimated from the
    partner's data (status E) are no report: they get the mark `estimate`, to be drawn hollow and unjoined.
    """
    wanted = indicator or scope.indicator(reporter)
    key = ("official", scope.pair.code, scope.flow, reporter, wanted)
    return hold_frame(tables, key, lambda: _official(tables, scope, reporter, wanted))


def _official(tables: Tables, scope: Scope, reporter: str, indicator: str) -> pd.DataFrame:
    series = tables.series
    held = series[
        (series["ref_area"] == reporter)
        & (series["counterpart_area"] == scope.pair.partner(reporter))
        & (series["indicator"] == indicator)
        & (series["freq"] == "A")
        & (series["commodity"] == "_T")
    ]
    reported = held[held["obs_status"] != "E"]
    last = reported.groupby("line_id")["time_period"].transform("max")
    preferred = reported.loc[reported["is_preferred"], "time_period"].max()
    is_drawn = reported["is_preferred"] | ((last > preferred) if isinstance(preferred, str) else False)
    lines = reported[is_drawn].assign(mark="line")
    guesses = held[(held["obs_status"] == "E") & ~held["time_period"].isin(lines["time_period"])]
    rows = pd.concat([lines, guesses.assign(mark="estimate")])
    rows = rows.sort_values(["is_preferred", "line_id", "period_start"], ascending=[False, True, True])
    return _from_series(tables, rows, scope, reporter)


def _from_series(tables: Tables, rows: pd.DataFrame, scope: Scope, reporter: str) -> pd.DataFrame:
    names = labels.words(tables.codes)
    classes = tables.sources.set_index("source_id")["source_class"]
    what = quantity(names, scope, str(rows["indicator"].iloc[0])) if len(rows) else ""
    ids = rows["observation_ids"].astype("object")
    is_single = ~ids.str.contains(" ; ", regex=False)
    is_guess = rows["mark"] == "estimate"
    who = place(names, reporter)
    return rows.assign(
        label=[f"{what}, {who} reporting ({edition})" for edition in rows["edition"]],
        observation_id=ids.where(is_single, ""),
        role="actual",
        source_class=rows["source_id"].map(classes),
        provenance="statistic",
        price_basis="current",
        said_by=is_guess.map({True: "estimated from the partner's data", False: ""}),
        bound="=",
        part_name=rows["source_id"].map(PART_NAMES).fillna(rows["edition"]),
    ).reindex(columns=[*COLUMNS, "growth"])


def quantity(names: labels.Words, scope: Scope, indicator: str) -> str:
    """Return what a row measures in words: the flow asked for, or the balance."""
    return "Exports minus imports" if indicator == "TRADE_BALANCE" else sentence(scope.words(names))


def printed(tables: Tables, scope: Scope, reporter: str) -> pd.DataFrame:
    """Return the yearly figures documents and the press print for the flow as the reporter counts it, mark `point`.

    Hidden rows, duplicates and undated figures are left out. A range over several years gets the mark `band`. The
    column `is_document` tells the figures of the documents from those of the press.
    """
    key = ("printed", scope.pair.code, reporter, scope.indicator(reporter))
    return hold_frame(tables, key, lambda: _printed(tables, scope, reporter))


def _printed(tables: Tables, scope: Scope, reporter: str) -> pd.DataFrame:
    every = tables.observations
    rows = every[
        (every["indicator"] == scope.indicator(reporter))
        & (every["provenance"] != "statistic")
        & (every["ref_area"] == reporter)
        & (every["counterpart_area"] == scope.pair.partner(reporter))
        & (every["measure_type"] == "flow")
        & (every["commodity"] == "_T")
        & every["role"].isin(["actual", "estimate"])
        & every["unit_measure"].isin(MONEY)
    ]
    rows = base.plottable(rows)
    documents = tables.sources.loc[tables.sources["kind"] == "document", "source_id"]
    is_band = rows["time_period"].str.fullmatch(r"\d{4}/\d{4}") & rows["value_low"].notna() & rows["value_high"].notna()
    rows = rows.assign(mark=is_band.map({True: "band", False: "point"}), is_document=rows["source_id"].isin(documents))
    return from_observations(rows[is_band | (rows["freq"] == "A")])


def from_observations(rows: pd.DataFrame) -> pd.DataFrame:
    """Return observations as rows to be drawn; the caller says with which `mark`."""
    whole = rows.assign(label=rows["measures"], observation_ids="", line_id=None, title=rows["publisher"])
    return whole.reindex(columns=list(COLUMNS))


def printed_growth(tables: Tables, scope: Scope) -> pd.DataFrame:
    """Return the growth of the flow as printed, dated or not, whoever of the two it is put down to, mark `point`.

    The column `is_document` tells the figures of the documents from those of the press.
    """
    key = ("growth", scope.pair.code, *(scope.indicator(reporter) for reporter in scope.pair.reporters))
    return hold_frame(tables, key, lambda: _printed_growth(tables, scope))


def growth_rows(tables: Tables, scope: Scope) -> Rows:
    """Return the same growth as rows."""
    return hold_rows(tables, ("growth", scope.pair.code, scope.flow), lambda: printed_growth(tables, scope))


def _printed_growth(tables: Tables, scope: Scope) -> pd.DataFrame:
    every = tables.observations
    rows = every[
        (every["measure_type"] == "growth")
        & (every["commodity"] == "_T")
        & (every["provenance"] == "quoted")
        & every["freq"].isin(["A", "N"])
        & every["is_plottable"]
        & ~every["is_hidden"]
        & every["duplicate_of"].isna()
    ]
    is_here = pd.Series(False, index=rows.index)
    for reporter in scope.pair.reporters:
        is_here |= (
            (rows["ref_area"] == reporter)
            & (rows["counterpart_area"] == scope.pair.partner(reporter))
            & (rows["indicator"] == scope.indicator(reporter))
        )
    documents = tables.sources.loc[tables.sources["kind"] == "document", "source_id"]
    here = rows[is_here]
    return from_observations(here.assign(mark="point", is_document=here["source_id"].isin(documents)))


def one_each(points: pd.DataFrame) -> pd.DataFrame:
    """Return one point for each reporter and year: printed before derived, stated before bounded, the newest first."""
    if not points.duplicated(["ref_area", "time_period"]).any():
        return points
    order = points.assign(
        is_derived=points["provenance"] == "derived",
        is_bounded=points["bound"] != "=",
        known=points["vintage"].fillna(""),
    ).sort_values(["is_derived", "is_bounded", "known"], ascending=[True, True, False], kind="stable")
    return order.drop_duplicates(["ref_area", "time_period"])[points.columns].sort_values("time_period")


def exhibit(title: str, rows: Rows, figure: base.Figure, summary: str, *, caveats: Iterable[str] = ()) -> Exhibit:
    """Return a drawn exhibit; its sources are those of its rows."""
    return Exhibit(
        title=sentence(title),
        figure=figure,
        rows=rows,
        summary=summary,
        caveats=tuple(dict.fromkeys(text for text in caveats if text)),
        source_ids=source_ids(rows),
    )


def empty(tables: Tables, title: str, reason: str) -> Exhibit:
    """Return an exhibit without marks that says what is missing and why, the state of knowledge included."""
    known = tables.as_known
    date = labels.period(known.date)
    because = {
        "published": f" Only what was published by {date} counts here, and most editions held are newer.",
        "cut": f" Only years up to {known.date[:4]} count here.",
    }.get(known.mode, "")
    text = reason + because
    return Exhibit(sentence(title), base.empty_figure(text), none(), "", empty=text)


def sentence(text: str) -> str:
    """Return the text with a capital first letter.

    >>> sentence("exports of China to Russia")
    'Exports of China to Russia'
    """
    return text[:1].upper() + text[1:]


def percent(amount: float, *, signed: bool = False) -> str:
    r"""Return a percentage with one decimal as the sentences print it; `signed` shows the plus as well.

    >>> percent(-28.651), percent(3.0, signed=True)
    ('−28.7\xa0%', '+3\xa0%')
    """
    rounded = round(amount, 1)
    return ("+" if signed and rounded > 0 else "") + labels.value(rounded, "PERCENT")
