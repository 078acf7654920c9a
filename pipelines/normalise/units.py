"""Units: from a number as read to the base unit of its dimension."""

from decimal import Decimal

import pandas as pd

from pipelines.codelists import CodeLists
from pipelines.errors import DataError, nearest, raise_all

_VOLUMES = frozenset({"mass", "gas_volume"})


def to_base(value: Decimal | None, factor: Decimal) -> float | None:
    """Return the value in the base unit; None stays None.

    >>> to_base(Decimal("12.2"), Decimal("1000000"))
    12200000.0
    """
    return None if value is None else float(value * factor)


def base_unit(unit: str, lists: CodeLists) -> tuple[str, Decimal]:
    """Return the code of the base unit and how many of it one of this unit is."""
    return _cell(unit, "base_unit", lists), Decimal(_cell(unit, "factor", lists))


def printed_unit(printed: str, lists: CodeLists) -> tuple[str, Decimal]:
    """Return code and factor of a unit as a table prints it, e.g. 'USD bn'; a unit code stands for itself."""
    known = lists["CL_PRINTED_UNIT"]
    if printed not in known.index and printed in lists["CL_UNIT"].index:
        return printed, Decimal(1)
    if printed not in known.index:
        raise DataError(
            f"CL_PRINTED_UNIT has no unit {printed!r}{nearest(printed, known.index)}. "
            "Add it to datasets/codelists/CL_PRINTED_UNIT.csv or fix the row."
        )
    return str(known.at[printed, "unit"]), Decimal(str(known.at[printed, "factor"]))


def refuse_strange_units(observed: pd.DataFrame, lists: CodeLists) -> None:
    """Refuse a unit of another dimension than the indicator's; a percentage of it may always be said.

    `observed` has observation_id, indicator and unit_measure; mass and gas volume stand for each other in contracts.
    """
    meant = lists["CL_INDICATOR"]["base_unit"]
    dimension = lists["CL_UNIT"]["dimension"]
    said = observed.drop_duplicates(["indicator", "unit_measure"])[["observation_id", "indicator", "unit_measure"]]
    raise_all(
        [
            f"{name} is in {unit}, but {indicator} is measured in {meant[indicator]}. Correct one of the two."
            for name, indicator, unit in said.itertuples(index=False)
            if not fits(dimension[unit], dimension[meant[indicator]])
        ]
    )


def fits(said: str, meant: str) -> bool:
    """Tell whether a unit of one dimension may state an indicator of another."""
    return said in (meant, "relation") or {said, meant} <= _VOLUMES


def _cell(unit: str, column: str, lists: CodeLists) -> str:
    units = lists["CL_UNIT"]
    if unit not in units.index:
        raise DataError(
            f"CL_UNIT has no code for: {unit!r}{nearest(unit, units.index)}. Add it to datasets/codelists/CL_UNIT.csv."
        )
    return str(units.at[unit, column])
