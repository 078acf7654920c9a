"""Structure: stated parts of a whole, what nobody described, and how far a structure shifted."""

from collections.abc import Mapping

import pandas as pd

from pipelines.errors import DataError
from pipelines.schema import STRUCTURE

REMAINDER = "NOT_DESCRIBED"
_GROUPS = ("EXP_GROUP_SHARE", "IMP_GROUP_SHARE", "TRADE_GROUP_SHARE")
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
    key = ["indicator", "ref_area", "counterpart_area", "freq", "time_period", "source_id"]
    parts = [_composition(group, names) for _, group in shares.groupby(key, sort=True)]
    stated = [part for part in parts if not part.empty]
    whole = pd.concat(stated, ignore_index=True) if stated else pd.DataFrame()
    return whole.reindex(columns=STRUCTURE.columns)


def _composition(group: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    stated = group.sort_values("obs_value", ascending=False).drop_duplicates("commodity")
    total = float(stated["obs_value"].sum())
    if total > 100 + _TOLERANCE:
        return pd.DataFrame()
    first = stated.iloc[0]
    composition_id = ".".join(
        str(first[name]) for name in ("indicator", "ref_area", "counterpart_area", "time_period", "source_id")
    )
    rows = pd.DataFrame(
        {
            "commodity": stated["commodity"],
            "label": stated["commodity"].map(names),
            "share": stated["obs_value"],
            "is_remainder": False,
            "observation_id": stated["observation_id"],
            "bound": stated["bound"],
        }
    )
    if total < 100 - _TOLERANCE:
        rest = {"commodity": REMAINDER, "label": "not described", "share": 100 - total, "is_remainder": True}
        rows = pd.concat([rows, pd.DataFrame([rest])], ignore_index=True)
    constant = {
        name: first[name] for name in ("ref_area", "counterpart_area", "indicator", "freq", "time_period", "source_id")
    }
    return rows.assign(composition_id=composition_id, parts_stated=len(stated), **constant)


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
