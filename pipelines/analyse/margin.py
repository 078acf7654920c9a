"""How much of a gap between two reports freight and insurance can explain, and what remains beyond that."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

KEY = ["freq", "time_period"]


def with_sales(pairs: pd.DataFrame, mirror: pd.DataFrame) -> pd.DataFrame:
    """Return mirror pairs with what each of the two sold to the other, as the seller counts it, in the pair's unit.

    Added columns: `sold_a` and `sold_b`. Of one direction that is A's report and 0; of two turnovers the exports of
    the same period in `mirror`, empty where it lacks them.
    """
    is_turnover = pairs["flow"].str.endswith(" total")
    sold_a, sold_b = (_sold(pairs, mirror, *ends) for ends in (("a", "b"), ("b", "a")))
    return pairs.assign(
        sold_a=sold_a.where(is_turnover, pairs["value_a"]),
        sold_b=sold_b.where(is_turnover, 0.0),
    )


def _sold(pairs: pd.DataFrame, mirror: pd.DataFrame, seller: str, buyer: str) -> pd.Series:
    """Return for each pair what one of its reporters sold to the other in the same period, as the seller counts it."""
    flows = pairs[f"reporter_{seller}"] + ">" + pairs[f"reporter_{buyer}"]
    wanted = pairs.assign(flow=flows)[["flow", *KEY]]
    sales = mirror.drop_duplicates(["flow", *KEY])[["flow", *KEY, "value_a"]]
    found = wanted.merge(sales, on=["flow", *KEY], how="left", validate="many_to_one")
    return found["value_a"].set_axis(pairs.index)


def beyond_margin(pairs: Iterable[Mapping[str, Any]], low: float, high: float) -> list[dict[str, Any]]:
    """Return the rows of `with_sales` with the gap a CIF/FOB margin of `low` to `high` percent allows and what is left.

    Added, in the unit of the pair: `allowed_low` and `allowed_high`; `beyond`, the distance of the gap from the nearest
    of them with the sign of the gap's side, 0 inside. The buyer of A's goods counts A's exports and the margin on top.
    Both turnovers contain imports, so their gap is the margin on A's exports less the margin on B's, which may differ
    within the limits; where a year lacks one of the two, the gap may be the larger margin on A's turnover, either way.
    """
    return [{**pair, **_beyond(pair, low, high)} for pair in pairs]


def _beyond(pair: Mapping[str, Any], low: float, high: float) -> dict[str, float]:
    sold_a, sold_b, gap = pair["sold_a"], pair["sold_b"], pair["gap"]
    allowed_low, allowed_high = (low * sold_a - high * sold_b) / 100, (high * sold_a - low * sold_b) / 100
    if math.isnan(allowed_low):
        allowed_high = pair["value_a"] * high / 100
        allowed_low = -allowed_high
    beyond = gap - min(max(gap, allowed_low), allowed_high)
    return {"allowed_low": allowed_low, "allowed_high": allowed_high, "beyond": beyond}
