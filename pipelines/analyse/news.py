"""News: which new figures, changed values and outcomes of promises became known on or after a day."""

import datetime as dt

import numpy as np
import pandas as pd

KINDS = ("new", "revised", "other value", "confirmed")
SERIES = (
    "source_id",
    "vintage",
    "kind",
    "indicator",
    "commodity",
    "project_id",
    "ref_area",
    "counterpart_area",
    "role",
    "measure_type",
    "freq",
    "unit_measure",
)
OUTCOMES = (
    "commitment_id",
    "genealogy",
    "title",
    "outcome",
    "decided",
    "decided_on",
    "target_value",
    "unit_measure",
    "deadline",
    "year_reached",
    "actual_observation_ids",
    "issues",
)


def became_known(observations: pd.DataFrame, competing: pd.DataFrame, since: dt.date) -> pd.DataFrame:
    """Return the observations known since a day or later, with what had been said of the same fact before.

    A vintage counts from its last day (a bare year from 31 December), as in the state of knowledge "as published by
    then"; figures of unknown vintage, hidden and repeated ones never count. `kind` is `new` where the same reporter's
    fact had no earlier figure, `confirmed` where the two intervals overlap, `revised` where the same publisher gives
    another value, `other value` where another publisher does. `before_id` and `before_value` are the figure known
    last before this one, `change` is percent of it.
    """
    counted = observations["vintage"].notna() & observations["is_core"]
    counted &= ~observations["is_hidden"] & observations["duplicate_of"].isna()
    rows = observations[counted]
    rows = rows.assign(known_on=_last_days(rows["vintage"]))
    rows = rows.merge(
        competing[["observation_id", "fact_id"]], on="observation_id", how="left", validate="one_to_one"
    ).sort_values(["known_on", "observation_id"], kind="stable")
    rows["before_id"] = pd.Series(_predecessors(rows), index=rows.index, dtype="str")
    before = rows.set_index("observation_id")[["obs_value", "value_low", "value_high", "publisher"]]
    earlier = before.reindex(rows["before_id"]).set_index(rows.index)
    rows["before_value"] = earlier["obs_value"]
    rows["change"] = (rows["obs_value"] / earlier["obs_value"].where(earlier["obs_value"] != 0) - 1) * 100
    rows["kind"] = _kinds(rows, earlier)
    return rows[rows["known_on"] >= since.isoformat()].reset_index(drop=True)


def last_day(vintage: str) -> str:
    """Return the last day of a date as precise as it is known.

    >>> last_day("2026"), last_day("2024-02"), last_day("2016-05-31")
    ('2026-12-31', '2024-02-29', '2016-05-31')
    """
    return pd.Period(vintage).end_time.date().isoformat()


def _last_days(dates: pd.Series) -> pd.Series:
    known = {str(date): last_day(str(date)) for date in dates.unique()}
    return pd.Series([known[str(date)] for date in dates], index=dates.index, dtype="str")


def _predecessors(rows: pd.DataFrame) -> list[str | None]:
    """Return for each row, sorted by the day it was known, the last one known on an earlier day about the same fact."""
    said: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    found: list[str | None] = []
    columns = ("fact_id", "ref_area", "indicator", "known_on", "observation_id")
    for fact, area, indicator, day, observation in rows[list(columns)].fillna("").itertuples(index=False):
        others = said.setdefault((fact, area, indicator), []) if fact else []
        found.append(next((other for known, other in reversed(others) if known < day), None))
        others.append((day, observation))
    return found


def _kinds(rows: pd.DataFrame, earlier: pd.DataFrame) -> pd.Series:
    low, high = rows["value_low"].fillna(-np.inf), rows["value_high"].fillna(np.inf)
    overlap = (low <= earlier["value_high"].fillna(np.inf)) & (earlier["value_low"].fillna(-np.inf) <= high)
    cases = [rows["before_id"].isna(), overlap, rows["publisher"] == earlier["publisher"]]
    kinds = np.select(cases, ["new", "confirmed", "revised"], default="other value")
    return pd.Series(kinds, index=rows.index, dtype="str")


def by_series(news: pd.DataFrame) -> pd.DataFrame:
    """Return one row a series, release and kind of news: its newest figure, their number and `first_period`."""
    ordered = news.sort_values(["known_on", "period_end", "observation_id"], kind="stable", na_position="first")
    groups = ordered.groupby(list(SERIES), dropna=False, sort=False)
    newest = ordered.assign(
        figures=groups["observation_id"].transform("size"), first_period=groups["time_period"].transform("first")
    )
    return newest[~newest.duplicated(list(SERIES), keep="last")].reset_index(drop=True)


def outcomes(commitments: pd.DataFrame, attainment: pd.DataFrame, since: dt.date) -> pd.DataFrame:
    """Return which promises were met, or passed their year unmet, on or after a day; one row an outcome.

    Issues of one promise with the same level and year are one outcome (`issues` says how many). It is dated by the
    last day of the year that decided it, the year first reached or the deadline, not by the later day of publication.
    A promise met late passed its deadline first: two outcomes. Undated promises are never unmet.
    """
    issued = attainment.merge(
        commitments[["commitment_id", "genealogy", "title"]], on="commitment_id", how="inner", validate="one_to_one"
    )
    decided = pd.concat([_once(_met(issued)), _once(_unmet(issued))], ignore_index=True)
    decided = decided[decided["decided_on"] >= since.isoformat()]
    return decided.sort_values("decided_on", kind="stable").reindex(columns=list(OUTCOMES)).reset_index(drop=True)


def _once(decided: pd.DataFrame) -> pd.DataFrame:
    """Keep the earliest outcome of a promise with the same level and year."""
    same = ["genealogy", "target_value", "deadline"]
    dated = decided.assign(decided_on=_last_days(decided["decided"]))
    dated["issues"] = dated.groupby(same, dropna=False)["commitment_id"].transform("size")
    return dated.sort_values("decided_on", kind="stable").drop_duplicates(same)


def _met(issued: pd.DataFrame) -> pd.DataFrame:
    met = issued[issued["verdict"].isin(["met", "met early", "met late"])]
    stated = met["actual_period"].map(lambda period: period.rsplit("/", 1)[-1], na_action="ignore")
    period = met["year_reached"].where(met["year_reached"].notna(), stated)
    return met.assign(outcome=met["verdict"], decided=period)[period.notna()]


def _unmet(issued: pd.DataFrame) -> pd.DataFrame:
    unmet = issued[issued["verdict"].isin(["missed", "met late"]) & issued["deadline"].notna()]
    return unmet.assign(outcome="deadline passed unmet", decided=unmet["deadline"])
