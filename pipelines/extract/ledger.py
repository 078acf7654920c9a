"""Reads the number of every ledger row from its own words."""

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd

from pipelines.errors import DataError, raise_all
from pipelines.extract.quantities import Quantity, interval, parse_quantity, printed_quantity

_COLUMNS = ["figure_id", "value", "low", "high", "bound", "unit", "counted"]


def read_quantities(ledger: pd.DataFrame, *, folder: str = "") -> pd.DataFrame:
    """Return figure_id, value, low, high (Decimal or None, sign applied), bound, unit and counted of every row.

    Raises DataError that names every figure whose words cannot be read, and its file where `folder` holds the ledgers.
    """
    problems: list[str] = []
    rows: list[dict[str, object]] = []
    for row in ledger.to_dict("records"):
        try:
            rows.append({"figure_id": row["figure_id"]} | _cells(read_quantity({str(k): v for k, v in row.items()})))
        except DataError as error:
            place = f"{folder}/{row.get('file', row['source_id'])}.csv, " if folder else ""
            problems.append(f"{place}{row['figure_id']}: {error}")
    raise_all(problems)
    return pd.DataFrame(rows, columns=_COLUMNS, dtype="object")


def read_printed(press: pd.DataFrame, units: Mapping[str, str]) -> pd.DataFrame:
    """Return figure_id, value, low and high (Decimal or None, in the unit as printed) of every row of a table.

    `units` maps the unit as printed to the code of its unit, which says whether things are counted one by one.
    """
    rows = [
        {"figure_id": figure_id}
        | _cells(printed_quantity(Decimal(repr(float(value))), str(bound), units.get(str(unit), str(unit))))
        for figure_id, value, bound, unit in zip(
            press["figure_id"], press["value_as_read"], press["bound"], press["unit_as_read"], strict=True
        )
    ]
    return pd.DataFrame(rows, columns=_COLUMNS, dtype="object")[["figure_id", "value", "low", "high"]]


def read_quantity(row: Mapping[str, object]) -> Quantity:
    """Read the words of one row, with the context columns it has where the words do not decide."""
    sign = _cell(row.get("sign_from_context"))
    return parse_quantity(
        str(row["as_written"]),
        unit=_cell(row.get("unit_from_context")),
        per=_cell(row.get("per_from_context")),
        bound=_cell(row.get("bound_from_context")),
        sign=None if sign is None else int(sign),
        counted=_cell(row.get("counted")),
    )


def _cell(value: object) -> str | None:
    return None if pd.isna(value) or value == "" else str(value)  # type: ignore[call-overload]


def _cells(quantity: Quantity) -> dict[str, Decimal | str | None]:
    low, high = interval(quantity)
    value = None if quantity.value is None else quantity.value * quantity.sign
    return {
        "value": value,
        "low": low,
        "high": high,
        "bound": quantity.bound,
        "unit": quantity.unit,
        "counted": quantity.counted,
    }
