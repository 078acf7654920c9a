"""What was known on a date, or what is known now of the years up to one."""

import datetime as dt
from collections.abc import Collection

import pandas as pd

from pipelines.errors import DataError

MODES = ("latest", "published", "cut")


def known(observations: pd.DataFrame, mode: str, date: str) -> pd.DataFrame:
    """Return the observations of one state of knowledge.

    `published`: only rows whose vintage had ended by `date`; a vintage known as a bare year counts from its last day,
    an unknown vintage never counts. `cut`: actual values of periods that had ended by 31 December of the year of
    `date`, whenever they were published, and promises and other undated rows said by then. `latest`: everything.
    """
    if mode == "latest":
        return observations
    day = _day(mode, date)
    said = observations["vintage"].map(_last_day, na_action="ignore")
    was_said = said.notna() & (said.fillna("9999-12-31") <= day.isoformat())
    if mode == "published":
        return observations[was_said]
    ended = observations["period_end"].notna() & (observations["period_end"] <= pd.Timestamp(day))
    is_actual = observations["role"] == "actual"
    return observations[
        (is_actual & ended) | (~is_actual & was_said) | (is_actual & observations["period_end"].isna() & was_said)
    ]


def known_rows(rows: pd.DataFrame, column: str, mode: str, date: str) -> pd.DataFrame:
    """Return register rows whose date in `column` had passed; undated ones stay only in `latest`."""
    if mode == "latest":
        return rows
    day = _day(mode, date).isoformat()
    said = rows[column].map(_last_day, na_action="ignore")
    return rows[said.notna() & (said.fillna("9999-12-31") <= day)]


def known_projects(
    projects: pd.DataFrame, sources: pd.DataFrame, figures: Collection[str], mode: str, date: str
) -> pd.DataFrame:
    """Return the entries of the register whose status was told by then, with those of their `figures` that are known.

    With `published` only entries that a source out by then names, and of their sources only those.
    """
    rows = known_rows(projects, "status_as_of", mode, date)
    rows = rows.assign(figure_ids=_only(rows["figure_ids"], figures))
    if mode != "published":
        return rows
    out = known_rows(sources, "published", mode, date)["source_id"].tolist()
    rows = rows.assign(mentioned_in=_only(rows["mentioned_in"], out))
    return rows[rows["mentioned_in"].notna()]


def _only(cells: pd.Series, kept: Collection[str]) -> pd.Series:
    """Return of each ';'-joined cell the names kept, nothing where none is."""
    wanted = set(kept)
    found = [";".join(name for name in str(cell).split(";") if name in wanted) or None for cell in cells]
    return pd.Series(found, index=cells.index, dtype=cells.dtype)


def known_sources(sources: pd.DataFrame, named: Collection[str], mode: str, date: str) -> pd.DataFrame:
    """Return the sources out by then, and those that are `named` by what is known."""
    if mode == "latest":
        return sources
    out = {*known_rows(sources, "published", mode, date)["source_id"], *named}
    return sources[sources["source_id"].isin(out)]


def known_commitments(commitments: pd.DataFrame, sources: pd.DataFrame, mode: str, date: str) -> pd.DataFrame:
    """Return the promises made by then, without the notes, which tell what came of them.

    That a promise was dropped is known once a document that says so was published.
    """
    rows = known_rows(commitments, "said_on", mode, date)
    if mode == "latest":
        return rows
    out = set(known_rows(sources, "published", mode, date)["source_id"])
    is_told = rows["sources"].map(lambda named: any(part in out for part in named.split(" ; "))).astype(bool)
    is_untold_end = rows["status"].eq("dropped") & ~is_told
    return rows.assign(note=_emptied(rows["note"]), status=rows["status"].mask(is_untold_end, "no outcome stated"))


def _emptied(column: pd.Series) -> pd.Series:
    return column.where(pd.Series(data=False, index=column.index))


def _day(mode: str, date: str) -> dt.date:
    if mode not in MODES:
        raise DataError(f"mode={mode!r} is not offered. Choose one of: {', '.join(MODES)}.")
    try:
        day = dt.date.fromisoformat(_last_day(date))
    except ValueError:
        raise DataError(f"as_of={date!r} is no date. Write 2016, 2016-08 or 2016-08-31.") from None
    return dt.date(day.year, 12, 31) if mode == "cut" else day


def _last_day(text: str) -> str:
    """Return the last day of a date as precise as it is known, in ISO form; a pure string rule, so that it is fast."""
    if len(text) == 4:
        return f"{text}-12-31"
    if len(text) == 7:
        first = dt.date.fromisoformat(f"{text}-01")
        return (dt.date(first.year + first.month // 12, first.month % 12 + 1, 1) - dt.timedelta(days=1)).isoformat()
    return text
