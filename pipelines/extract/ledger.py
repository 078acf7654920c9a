"""Reads the number of every ledger row from its own words."""

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd

from pipelines.errors import DataError, raise_all
from pipelines.extract.quantities import Quantity, interval, parse_quantity

_COLUMNS = ["figure_id", "value", "low", "high", "bound", "unit", "counted"]


def read_quantities(ledger: pd.DataFrame) -> pd.DataFrame:
    """Return figure_id, value, low, high (Decimal or None, sign applied), bound, unit and counted of every row.

    Raises DataError that names every figure whose words cannot be read.
    """
    problems: list[str] = []
    rows: list[dict[str, object]] = []
    for row in ledger.to_dict("records"):
        try:
            rows.append({"figure_id": row["figure_id"]} | _cells(read_quantity({str(k): v for k, v in row.items()})))
        except DataError as error:
            problems.append(f"{row['figure_id']}: {error}")
    raise_all(problems)
    return pd.DataFrame(rows, columns=_COLUMNS, dtype="object")


def read_quantity(row: Mapping[str, object]) -> Quantity:
    """Read one ledger row: its words, and its context columns where the words do not decide."""
    sign = _cell(row["sign_from_context"])
    return parse_quantity(
        str(row["as_written"]),
        unit=_cell(row["unit_from_context"]),
        per=_cell(row["per_from_context"]),
        bound=_cell(row["bound_from_context"]),
        sign=None if sign is None else int(sign),
        counted=_cell(row["counted"]),
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
