"""Structure: stated parts of a whole, what nobody described, and how far a structure shifted."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from pipelines.errors import DataError
from pipelines.schema import STRUCTURE

Row = Mapping[Hashable, Any]

REMAINDER = "NOT_DESCRIBED"
_GROUPS = ("EXP_GROUP_SHARE", "IMP_GROUP_SHARE", "TRADE_GROUP_SHARE")
_KEY = ("indicator", "ref_area", "counterpart_area", "freq", "time_period", "source_id")
_TOLERANCE = 0.6  # rounding of up to a dozen printed shares


def compose(observations: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return out_structure: the product groups one source states for one flow and period, remainder added.

    `names` maps commodity codes to words. Only shares of the same source, flow, frequency and period form a
    composition; parts that add to more than 100 % (beyond rounding) overlap and are left out as a composition.
    """
    shares = observations[
        observations["indicator"].isin(_GROUPS)
        & observations["is_plottable"]
        & ~observations["is_hidden"]
        & observations["time_period"].notna()
        & (observations["measure_type"] == "share")
    ]
    plain = shares.astype("object").where(shares.notna(), None)
    groups: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in plain[[*_KEY, "commodity", "obs_value", "observation_id", "bound"]].to_dict("records"):
        groups[tuple(row[name] for name in _KEY)].append(row)
    whole = [row for key in sorted(groups) for row in _composition(groups[key], names)]
    return pd.DataFrame(whole).reindex(columns=STRUCTURE.columns)


def _composition(group: Sequence[Row], names: Mapping[str, str]) -> list[dict[str, object]]:
    """The parts of one whole, the largest first, and what nobody described; none where the parts overlap."""
    stated: dict[str, Row] = {}
    for row in sorted(group, key=lambda one: -one["obs_value"]):
        stated.setdefault(row["commodity"], row)
    total = sum(row["obs_value"] for row in stated.values())
    if total > 100 + _TOLERANCE:
        return []
    first = next(iter(stated.values()))
    constant = {str(name): first[name] for name in _KEY} | {
        "composition_id": ".".join(str(first[name]) for name in _KEY if name != "freq"),
        "parts_stated": len(stated),
    }
    rows = [
        {
            "commodity": row["commodity"],
            "label": names.get(row["commodity"]),
            "share": row["obs_value"],
            "is_remainder": False,
            "observation_id": row["observation_id"],
            "bound": row["bound"],
        }
        for row in stated.values()
    ]
    if total < 100 - _TOLERANCE:
        rows.append({"commodity": REMAINDER, "label": "not described", "share": 100 - total, "is_remainder": True})
    return [row | constant for row in rows]


def structure_shift(before: Mapping[str, float], after: Mapping[str, float]) -> float:
    """Return half the sum of absolute share changes in percentage points (0 same, 100 nothing in common).

    Both compositions must add to 100 within rounding, the remainder included; otherwise refused.

    >>> structure_shift({"a": 60, "b": 40}, {"a": 40, "b": 60})
    20.0
    """
    for shares in (before, after):
        if abs(sum(shares.values()) - 100) > _TOLERANCE:
            raise DataError(f"shares add to {sum(shares.values()):g} and not to 100; add the remainder first.")
    return sum(abs(after.get(name, 0) - before.get(name, 0)) for name in before.keys() | after.keys()) / 2
