"""How much of a gap between two reports freight and insurance can explain, and what remains beyond that."""

import pandas as pd

KEY = ["freq", "time_period"]


def beyond_margin(pairs: pd.DataFrame, mirror: pd.DataFrame, low: float, high: float) -> pd.DataFrame:
    """Return mirror pairs with the gap a CIF/FOB margin of `low` to `high` percent allows, and what lies beyond it.

    Added columns, in the unit of the pair: `allowed_low` and `allowed_high`; `beyond`, the distance of the gap from
    the nearest of them with the sign of the gap's side, 0 inside. The buyer of A's goods counts A's exports and the
    margin on top. Both turnovers contain imports, so their gap is the margin on A's exports less the margin on B's,
    which may differ within the limits (exports as the seller counts them, from `mirror`); where a year lacks one of
    the two, the gap may be the larger margin on A's turnover, either way.
    """
    is_turnover = pairs["flow"].str.endswith(" total")
    sold_a, sold_b = (_sold(pairs, mirror, *ends) for ends in (("a", "b"), ("b", "a")))
    sold_a = sold_a.where(is_turnover, pairs["value_a"])
    sold_b = sold_b.where(is_turnover, 0.0)
    widest = pairs["value_a"] * high / 100
    is_known = sold_a.notna() & sold_b.notna()
    allowed_low = ((low * sold_a - high * sold_b) / 100).where(is_known, -widest)
    allowed_high = ((high * sold_a - low * sold_b) / 100).where(is_known, widest)
    beyond = pairs["gap"] - pairs["gap"].clip(allowed_low, allowed_high)
    return pairs.assign(allowed_low=allowed_low, allowed_high=allowed_high, beyond=beyond)


def _sold(pairs: pd.DataFrame, mirror: pd.DataFrame, seller: str, buyer: str) -> pd.Series:
    """Return for each pair what one of its reporters sold to the other in the same period, as the seller counts it."""
    flows = pairs[f"reporter_{seller}"] + ">" + pairs[f"reporter_{buyer}"]
    wanted = pairs.assign(flow=flows)[["flow", *KEY]]
    sales = mirror.drop_duplicates(["flow", *KEY])[["flow", *KEY, "value_a"]]
    found = wanted.merge(sales, on=["flow", *KEY], how="left", validate="many_to_one")
    return found["value_a"].set_axis(pairs.index)
