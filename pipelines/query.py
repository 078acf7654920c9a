"""Selects observations by their dimensions and renders rows for a terminal, a file or a program."""

import io
import json
import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from pipelines.errors import DataError, nearest
from pipelines.schema import OBSERVATIONS
from pipelines.store import parquet_bytes

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
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def select_observations(observations: pd.DataFrame, chosen: Mapping[str, str], *, hidden: bool = False) -> pd.DataFrame:
    """Return the rows whose columns equal the chosen values; an area matches any of several joined by ';'.

    Refuses a value no row has, with the nearest one that exists. Hidden rows (misprints, other scopes) only on demand.
    """
    rows = observations if hidden else observations[~observations["is_hidden"]]
    for name, value in chosen.items():
        parts = rows[name].str.split(";").explode() if name.endswith("area") else rows[name]
        match = parts[parts == value].index
        if match.empty:
            known = sorted(set(observations[name].dropna()))
            raise DataError(f"no observation has {name} {value!r} with the other choices{nearest(value, known)}.")
        rows = rows.loc[rows.index.isin(match)]
    return rows


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
    return (
        rows[list(_SCREEN)].fillna("").to_string(index=False, max_colwidth=60) + f"\n{len(rows)} observations\n"
    ).encode()


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
