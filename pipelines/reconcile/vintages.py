"""What was known on a date, or what is known now of the years up to one."""

import datetime as dt

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
