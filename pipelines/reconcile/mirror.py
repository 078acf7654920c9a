"""Mirror pairs: one flow as the exporter and as the importer report it."""

from collections.abc import Mapping

import pandas as pd

from pipelines.schema import MIRROR

PAIRS = (("CHN", "RUS"), ("CHN", "KAZ"), ("KAZ", "RUS"))
_KEY = ["flow", "freq", "time_period"]


def pair_mirror(series: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Return out_mirror for the declared pairs: official lines first, printed figures where one side is missing.

    A year the preferred line of a reporter lacks is taken from its other official lines. Values estimated from the
    partner's data (status E) never enter: a gap against them is circular. Figures that are hidden, derived or not
    plottable never enter either, nor what a document quotes of a pair without saying who counted (it has a place in a
    document, `char_start`). Asymmetry is the gap over the mean of both reports.
    """
    official = series[(series["obs_status"] != "E") & (series["project_id"].isna())]
    goods = official[official["commodity"].fillna("_T") == "_T"]
    goods = goods.sort_values("is_preferred", ascending=False, kind="stable")
    printed = observations[
        (observations["provenance"] == "quoted")
        & (observations["role"] == "actual")
        & (observations["measure_type"] == "flow")
        & observations["is_plottable"]
        & observations["char_start"].isna()
        & ~observations["is_hidden"]
        & observations["duplicate_of"].isna()
        & (observations["commodity"].fillna("_T") == "_T")
        & (observations["bound"] == "=")
        & (observations["unit_measure"] == "USD")
    ].assign(observation_ids=lambda rows: rows["observation_id"])
    both = pd.concat([goods, printed], ignore_index=True)
    flows = pd.concat([_flows(goods, "official"), _flows(both, "press")], ignore_index=True)
    flows = flows.sort_values("basis", kind="stable").drop_duplicates(_KEY, keep="first")
    return flows.reindex(columns=MIRROR.columns).sort_values(["basis", *_KEY], ignore_index=True)


def _flows(values: pd.DataFrame, basis: str) -> pd.DataFrame:
    """Match exports of A to B with B's imports from A, and A's turnover with B's, all pairs at once."""
    sides = [_side(values, role) for role in ("a", "b")]
    flows = sides[0].merge(sides[1], on=[*_KEY, "unit_measure"], suffixes=("_a", "_b"), validate="one_to_one")
    flows = flows.rename(columns={f"source_id_{role}": f"source_{role}" for role in ("a", "b")})
    gap = flows["value_b"] - flows["value_a"]
    return flows.assign(
        pair=["-".join(sorted(pair)) for pair in zip(flows["reporter_a"], flows["reporter_b"], strict=True)],
        basis=basis,
        gap=gap,
        asymmetry=gap / ((flows["value_a"] + flows["value_b"]) / 2),
    )


def _side(values: pd.DataFrame, role: str) -> pd.DataFrame:
    """One side of every pair: exporters and first reporters of turnover (`a`), or importers and second ones (`b`)."""
    flows = _DECLARED[role]
    places = [*zip(values["ref_area"], values["counterpart_area"], values["indicator"], strict=True)]
    rows = values.assign(flow=pd.array([flows.get(place) for place in places], dtype="str"))
    rows = rows[rows["flow"].notna()].drop_duplicates(_KEY, keep="first")
    rows = rows[[*_KEY, "unit_measure", "ref_area", "obs_value", "observation_ids", "source_id"]]
    return rows.rename(columns={"ref_area": f"reporter_{role}", "obs_value": f"value_{role}"})


def _declared() -> Mapping[str, Mapping[tuple[str, str, str], str]]:
    """Names of flows by reporter, partner and indicator, of either side."""
    both = [(a, b) for first, second in PAIRS for a, b in ((first, second), (second, first))]
    sent = {(a, b, "EXP_FOB"): f"{a}>{b}" for a, b in both}
    received = {(b, a, "IMP_CIF"): f"{a}>{b}" for a, b in both}
    totals = {pair: f"{'-'.join(sorted(pair))} total" for pair in PAIRS}
    return {
        "a": sent | {(a, b, "TRADE_TOTAL"): name for (a, b), name in totals.items()},
        "b": received | {(b, a, "TRADE_TOTAL"): name for (a, b), name in totals.items()},
    }


_DECLARED = _declared()
