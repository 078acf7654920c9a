"""Age: how old the newest figure of a source is on a day, with the limits beyond which a headline is old."""

import datetime as dt

import pandas as pd

MONTHLY = ("M", "YTD", "W")
MONTHLY_LIMIT_DAYS = 75
ANNUAL_LIMIT_MONTHS = 13


def is_old(freq: str, period_end: dt.date, day: dt.date) -> bool:
    """Return whether a figure is too old for a headline: 75 days after a month, 13 months after a year.

    >>> year = dt.date(2024, 12, 31)
    >>> is_old("A", year, dt.date(2026, 1, 31)), is_old("A", year, dt.date(2026, 2, 1))
    (False, True)
    """
    if freq in MONTHLY:
        return (day - period_end).days > MONTHLY_LIMIT_DAYS
    return (pd.Timestamp(period_end) + pd.DateOffset(months=ANNUAL_LIMIT_MONTHS)).date() < day


def newest_day(observations: pd.DataFrame) -> dt.date | None:
    """Return the newest day an actual figure is about or surely known since; a bare year counts from its first day."""
    days = (observations["vintage"].dropna() + "-01-01").str[:10]
    ends = observations.loc[observations["role"] == "actual", "period_end"].dropna()
    newest = [*(days.max() for _ in days[:1]), *(ends.max().date().isoformat() for _ in ends[:1])]
    return dt.date.fromisoformat(max(newest)) if newest else None


def freshness(observations: pd.DataFrame, sources: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    """Return one row a source: its newest period, the `release` that told it, and its age on a day.

    `age_days` runs from the last day of that period. Hidden figures and promises do not count; a source whose figures
    have no period is left out.
    """
    counted = observations["period_end"].notna() & observations["role"].eq("actual") & ~observations["is_hidden"]
    shown = observations[counted]
    ordered = shown.sort_values(["period_end", "vintage", "observation_id"], kind="stable", na_position="first")
    groups = ordered.groupby("source_id", sort=False)
    newest = ordered.assign(figures=groups["observation_id"].transform("size"), release=ordered["vintage"])
    newest = newest.drop_duplicates("source_id", keep="last")
    columns = ["source_id", "observation_id", "freq", "time_period", "period_end", "release", "figures"]
    rows = newest[columns].merge(
        sources[["source_id", "kind", "title", "publisher", "source_class"]],
        on="source_id",
        how="left",
        validate="one_to_one",
    )
    ends = [end.date() for end in rows["period_end"]]
    rows["age_days"] = [(day - end).days for end in ends]
    rows["is_old"] = [is_old(str(freq), end, day) for freq, end in zip(rows["freq"], ends, strict=True)]
    return rows.sort_values(["period_end", "source_id"], ascending=[False, True], kind="stable").reset_index(drop=True)
