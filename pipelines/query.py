"""Selects observations by their dimensions and renders rows for a terminal, a file or a program."""

import io
import json
import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from pipelines import wording
from pipelines.errors import DataError, nearest
from pipelines.schema import OBSERVATIONS
from pipelines.store import parquet_bytes
from pipelines.tables import AsKnown, Tables

FILTERS = (
    "indicator",
    "commodity",
    "project_id",
    "ref_area",
    "counterpart_area",
    "role",
    "measure_type",
    "source_id",
    "series_id",
)
FORMATS = ("table", "csv", "json", "parquet")
_SCREEN = (
    "observation_id",
    "indicator",
    "ref_area",
    "counterpart_area",
    "role",
    "time_period",
    "bound",
    "obs_value",
    "unit_measure",
)
_FEW = 12
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def select_observations(observations: pd.DataFrame, chosen: Mapping[str, str], *, hidden: bool = False) -> pd.DataFrame:
    """Return the rows whose columns equal the chosen values; an area matches any of several joined by ';'.

    Refuses a value no row has, with the nearest one that exists. Hidden rows (misprints, other scopes) only on demand.
    """
    rows = observations if hidden else observations[~observations["is_hidden"]]
    before: list[str] = []
    for name, value in chosen.items():
        match = _matches(rows, name, value)
        if not match.any():
            raise DataError(_none(observations, name, value, before))
        rows = rows.loc[match]
        before.append(f"{name} {value!r}")
    return rows


def select_known(
    tables: Tables, latest: Tables, chosen: Mapping[str, str], *, hidden: bool = False
) -> tuple[pd.DataFrame, list[str]]:
    """Return the rows chosen in a state of knowledge, and what a reader must be told of those left out.

    Refused is only what nobody says today either; that nothing was known yet is an answer, with its reason.
    """
    today = select_observations(latest.observations, chosen, hidden=True)
    known = tables.observations[tables.observations["observation_id"].isin(today["observation_id"])]
    if known.empty:
        return known, [_why_none(today, tables.as_known)]
    count = 0 if hidden else int(known["is_hidden"].sum())
    notes = [f"{count} marked as misprint or other scope left out; --hidden shows them"] if count else []
    return known if hidden else known[~known["is_hidden"]], notes


def _why_none(today: pd.DataFrame, as_known: AsKnown) -> str:
    dated = today["vintage"].dropna()
    first = f"the first was published {wording.period(dated.min())}" if len(dated) else "none has a date of publication"
    if as_known.mode == "published":
        told, remedy = f"published by {wording.period(as_known.date)}", "Ask for a later date, or for --mode cut."
    else:
        told, remedy = f"known of the years to {as_known.date[:4]}", "Ask for a later year."
    return f"nothing of this was {told}: of {len(today)} such observations today {first}. {remedy}"


def _matches(rows: pd.DataFrame, name: str, value: str) -> pd.Series:
    if not name.endswith("area"):
        return rows[name].eq(value).fillna(value=False)
    return rows[name].fillna("").map(lambda areas: value in areas.split(";")).astype(bool)


def _none(observations: pd.DataFrame, name: str, value: str, before: Sequence[str]) -> str:
    """Say whether the value is unknown, or only known with other choices."""
    if _matches(observations, name, value).any():
        others = f" together with {', '.join(before)}" if before else " without --hidden"
        return f"no observation has {name} {value!r}{others}. Change one of the choices."
    known = sorted({part for cell in observations[name].dropna() for part in cell.split(";")})
    offered = f" Known are {', '.join(known)}." if len(known) <= _FEW else ""
    return f"no observation has {name} {value!r}{nearest(value, known)}.{offered}"


def render(rows: pd.DataFrame, style: str) -> bytes:
    """Return the rows as an aligned table, CSV, a JSON array of objects, or Parquet."""
    if style == "json":
        return (
            json.dumps([_plain(row) for row in rows.to_dict("records")], ensure_ascii=False, indent=1).encode() + b"\n"
        )
    if style == "csv":
        return csv_bytes(rows)
    if style == "parquet":
        return parquet_bytes(rows, OBSERVATIONS)
    table = rows[list(_SCREEN)].fillna("").to_string(index=False, max_colwidth=60) + "\n" if len(rows) else ""
    return f"{table}{len(rows)} observation{'' if len(rows) == 1 else 's'}\n".encode()


def csv_bytes(rows: pd.DataFrame) -> bytes:
    """Return UTF-8 CSV in which no text cell can start a spreadsheet formula (a quote is put before it)."""
    buffer = io.StringIO()
    safe = rows.copy()
    for name in rows.select_dtypes(["str", "object"]):
        safe[name] = rows[name].map(lambda cell: defused(cell) if isinstance(cell, str) else cell)
    safe.to_csv(buffer, index=False, lineterminator="\n", date_format="%Y-%m-%d")
    return buffer.getvalue().encode()


def defused(text: str) -> str:
    """Return text no spreadsheet reads as a formula; a sign alone stays.

    >>> defused("=1+1"), defused("Russia"), defused("=")
    ("'=1+1", 'Russia', '=')
    """
    return f"'{text}" if len(text) > 1 and text.startswith(_DANGEROUS) else text


def _plain(row: Mapping[Hashable, Any]) -> dict[str, object]:
    return {str(name): _cell(cell) for name, cell in row.items()}


def _cell(cell: object) -> object:
    if isinstance(cell, pd.Timestamp):
        return cell.date().isoformat()
    return None if cell is pd.NA or cell is pd.NaT or (isinstance(cell, float) and math.isnan(cell)) else cell
