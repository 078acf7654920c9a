"""Quoted figures, from documents and from the press, to observations."""

from collections.abc import Iterable
from decimal import Decimal

import numpy as np
import pandas as pd

from pipelines.codelists import CodeLists
from pipelines.errors import DataError, raise_all
from pipelines.normalise.keys import series_key
from pipelines.normalise.periods import parse_period
from pipelines.normalise.units import base_unit, printed_unit, to_base
from pipelines.schema import OBSERVATIONS

_MONEY = ("USD", "EUR", "CNY")


def observe_ledger(
    ledger: pd.DataFrame, quantities: pd.DataFrame, sources: pd.DataFrame, lists: CodeLists
) -> pd.DataFrame:
    """Return one observation a ledger row.

    `quantities` has figure_id, value, low, high (Decimal or None, sign applied, in the unit as read), bound, unit,
    counted: what the grammar read from `as_written` and the ledger's context columns.
    """
    rows = ledger.merge(quantities, on="figure_id", validate="one_to_one", suffixes=("_ledger", ""))
    rows = _with_source(rows, sources)
    rows["vintage"] = rows["published"]
    rows["vintage_basis"] = rows["published_basis"]
    rows["provenance"] = "quoted"
    rows["is_hidden"] = False
    rows["is_plottable"] = rows["is_core"]
    rows["unit_as_read"] = rows["unit"]
    return _observe(rows, lists)


def observe_added(
    added: pd.DataFrame, quantities: pd.DataFrame, sources: pd.DataFrame, lists: CodeLists
) -> pd.DataFrame:
    """Return one observation a figure a person added; `quantities` as in `observe_ledger`."""
    rows = added.merge(quantities, on="figure_id", validate="one_to_one")
    rows = _with_source(rows, sources, keep_vintage=True)
    dated = rows["time_period"].notna()
    rows = rows.assign(
        vintage=rows["published"],
        provenance="quoted",
        is_hidden=False,
        is_core=True,
        is_plottable=dated,
        period_basis=dated.map({True: "stated", False: "none"}),
        unit_as_read=rows["unit"],
    )
    return _observe(rows, lists)


def observe_press(press: pd.DataFrame, printed: pd.DataFrame, sources: pd.DataFrame, lists: CodeLists) -> pd.DataFrame:
    """Return one observation a press row.

    `printed` has figure_id, value, low and high (Decimal or None) in the unit as printed.
    """
    rows = press.merge(printed, on="figure_id", validate="one_to_one")
    rows = _with_source(rows, sources, keep_vintage=True)
    rows["vintage"] = rows["published"]
    printed_units = {unit: printed_unit(str(unit), lists) for unit in rows["unit_as_read"].unique()}
    units = [printed_units[unit] for unit in rows["unit_as_read"]]
    rows["unit"] = [unit for unit, _ in units]
    rows["value_as_read"] = [float(value) for value in rows["value"]]
    rows["as_written"] = [f"{value:f} {unit}" for value, unit in zip(rows["value"], rows["unit_as_read"], strict=True)]
    for name in ("value", "low", "high"):
        rows[name] = [
            None if pd.isna(cell) else cell * factor for cell, (_, factor) in zip(rows[name], units, strict=True)
        ]
    rows["is_core"] = True
    rows["period_basis"] = rows["time_period"].notna().map({True: "stated", False: "none"})
    return _observe(rows, lists)


def _with_source(rows: pd.DataFrame, sources: pd.DataFrame, *, keep_vintage: bool = False) -> pd.DataFrame:
    columns = ["source_id", "source_class", "publisher"] + ([] if keep_vintage else ["published", "published_basis"])
    return rows.merge(sources[columns], on="source_id", how="left", validate="many_to_one")


def _observe(rows: pd.DataFrame, lists: CodeLists) -> pd.DataFrame:
    problems: list[str] = []
    periods = []
    said = rows["freq"] if "freq" in rows else [None] * len(rows)
    for figure_id, text, freq in zip(rows["figure_id"], rows["time_period"], said, strict=True):
        try:
            period = parse_period(None if pd.isna(text) else text)
        except DataError as error:
            problems.append(f"{figure_id}: {error}")
            continue
        periods.append(period)
        if freq not in (None, "P", period.freq):  # a day may be known to its month only
            problems.append(f"{figure_id}: freq {freq!r} does not fit time_period {text!r}. Write {period.freq}.")
    raise_all(problems)
    units = {unit: base_unit(unit, lists) for unit in dict.fromkeys(map(str, rows["unit"]))}
    numbers = [(value, low, high, units[unit][1]) for value, low, high, unit in _numbers(rows)]
    observed = rows.assign(
        observation_id=rows["figure_id"],
        period_start=pd.to_datetime(pd.Series([p.start for p in periods], index=rows.index, dtype="object")),
        period_end=pd.to_datetime(pd.Series([p.end for p in periods], index=rows.index, dtype="object")),
        obs_value=_floats(_point(value, low, high, factor) for value, low, high, factor in numbers),
        value_low=_floats(to_base(low, factor) for _, low, _, factor in numbers),
        value_high=_floats(to_base(high, factor) for _, _, high, factor in numbers),
        unit_measure=pd.array([units[str(unit)][0] for unit in rows["unit"]], dtype="str"),
        obs_status=rows["provenance"].map({"quoted": "Q", "derived": "D"}),
    )
    if "freq" not in rows:
        observed["freq"] = [period.freq for period in periods]
    if "value_as_read" not in rows:
        observed["value_as_read"] = [None if value is None else float(value) for value in rows["value"]]
    observed["price_basis"] = observed["unit_measure"].isin(_MONEY).map({True: "current", False: None})
    observed["series_id"] = series_key(observed)
    return observed.reindex(columns=OBSERVATIONS.columns)


def _floats(values: Iterable[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype="float64")


def _numbers(rows: pd.DataFrame) -> list[tuple[Decimal | None, Decimal | None, Decimal | None, str]]:
    columns = [[None if pd.isna(cell) else cell for cell in rows[name]] for name in ("value", "low", "high")]
    return list(zip(*columns, [str(unit) for unit in rows["unit"]], strict=True))


def _point(value: Decimal | None, low: Decimal | None, high: Decimal | None, factor: Decimal) -> float | None:
    """Of a range the midpoint; the range itself stays in value_low and value_high."""
    if value is None and low is not None and high is not None:
        value = (low + high) / 2
    return to_base(value, factor)
