"""Reads the number of every ledger row from its own words."""

from decimal import Decimal

import pandas as pd

from pipelines.errors import DataError, raise_all
from pipelines.extract.quantities import Quantity, interval, parse_quantity

_CONTEXT = {"unit": "unit_from_context", "per": "per_from_context", "bound": "bound_from_context", "counted": "counted"}


def read_quantities(ledger: pd.DataFrame) -> pd.DataFrame:
    """Return figure_id, value, low, high (Decimal or None, sign applied), bound, unit and counted of every row.

    Raises DataError that names every figure whose words cannot be read.
    """
    problems: list[str] = []
    rows: list[dict[str, object]] = []
    for row in ledger.to_dict("records"):
        try:
            rows.append({"figure_id": row["figure_id"]} | _cells(_parse(row)))
        except DataError as error:
            problems.append(f"{row['figure_id']}: {error}")
    raise_all(problems)
    return pd.DataFrame(rows, columns=["figure_id", "value", "low", "high", "bound", "unit", "counted"], dtype="object")


def _parse(row: dict[str, object]) -> Quantity:
    context = {name: row[column] for name, column in _CONTEXT.items() if isinstance(row[column], str)}
    sign = row["sign_from_context"]
    return parse_quantity(str(row["as_written"]), sign=None if pd.isna(sign) else int(str(sign)), **context)  # type: ignore[arg-type]


def _cells(quantity: Quantity) -> dict[str, Decimal | str | None]:
    low, high = interval(quantity)
    value = None if quantity.value is None else quantity.value * quantity.sign
    return {"value": value, "low": low, "high": high, "bound": quantity.bound, "unit": quantity.unit, "counted": quantity.counted}
