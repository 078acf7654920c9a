"""The tables a page, an export or a forecast reads, gathered in one immutable object."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class AsKnown:
    """Which state of knowledge the tables show.

    `mode` is "latest" (everything known), "published" (strict: only what was published by `date`), or "cut" (latest
    values of periods that ended by the end of the year of `date`). `today` is the day of who looks at everything known:
    no value depends on it, only ages and what is news.
    """

    mode: str = "latest"
    date: str = ""
    today: dt.date | None = None


LATEST = AsKnown()


@dataclass(frozen=True)
class Tables:
    """Observations, registers and results, all of one state of knowledge; see docs/tables.md for the columns."""

    observations: pd.DataFrame
    sources: pd.DataFrame
    commitments: pd.DataFrame
    projects: pd.DataFrame
    events: pd.DataFrame
    corrections: pd.DataFrame
    editions: pd.DataFrame
    chains: pd.DataFrame
    codes: dict[str, pd.DataFrame]
    series: pd.DataFrame
    mirror: pd.DataFrame
    structure: pd.DataFrame
    attainment: pd.DataFrame
    shares: pd.DataFrame
    year_to_date: pd.DataFrame
    competing: pd.DataFrame
    coverage: pd.DataFrame
    findings: pd.DataFrame
    digest: str
    as_known: AsKnown = LATEST
