"""Partner shares: trade with one partner over trade with the world, both as one reporter counts them."""

import pandas as pd

from pipelines.schema import SHARES

_INDICATORS = {"TRADE_TOTAL": "TRADE_PARTNER_SHARE", "EXP_FOB": "EXP_PARTNER_SHARE", "IMP_CIF": "IMP_PARTNER_SHARE"}
PAIRS = (("CHN", "RUS"), ("RUS", "CHN"), ("KAZ", "CHN"), ("KAZ", "RUS"), ("RUS", "KAZ"), ("CHN", "KAZ"))


def partner_shares(series: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Return out_shares in percent for every declared pair and year in which reporter's both totals are known.

    A year the preferred line with the partner lacks is taken from the reporter's other official lines. Totals with the
    world come from official lines, or else from figures as printed (not hidden). The sources say which. Values with
    status E (estimated from the partner) never enter.
    """
    annual = series[
        (series["freq"] == "A") & (series["obs_status"] != "E") & (series["commodity"].fillna("_T") == "_T")
    ]
    official = annual.sort_values("is_preferred", ascending=False, kind="stable")
    partner = official.drop_duplicates(["ref_area", "counterpart_area", "indicator", "time_period"], keep="first")
    partner = partner.sort_values("time_period", kind="stable")
    world = pd.concat(
        [annual[annual["is_preferred"] & (annual["counterpart_area"] == "W00")], _printed_world(observations)],
        ignore_index=True,
    )
    world = world.drop_duplicates(["ref_area", "indicator", "time_period"], keep="first").astype(
        {"obs_value": "float64"}
    )
    return _shares(partner, world).reindex(columns=SHARES.columns)


def _printed_world(observations: pd.DataFrame) -> pd.DataFrame:
    rows = observations[
        (observations["counterpart_area"] == "W00")
        & observations["indicator"].isin(_INDICATORS)
        & (observations["freq"] == "A")
        & (observations["provenance"] != "statistic")
        & observations["is_plottable"]
        & ~observations["is_hidden"]
        & (observations["unit_measure"] == "USD")
        & (observations["measure_type"] == "flow")
    ]
    rows = rows.assign(observation_ids=rows["observation_id"], is_derived=rows["provenance"] == "derived")
    return rows.sort_values(["is_derived", "vintage"], ascending=[True, False], na_position="last")


def _shares(partner: pd.DataFrame, world: pd.DataFrame) -> pd.DataFrame:
    """Every declared pair at once, in the order of their declaration."""
    ranks = {pair: rank for rank, pair in enumerate(PAIRS)}
    pairs = zip(partner["ref_area"], partner["counterpart_area"], strict=True)
    ranked = partner.assign(rank=[ranks.get(pair, len(PAIRS)) for pair in pairs])
    chosen = ranked[(ranked["rank"] < len(PAIRS)) & ranked["indicator"].isin(_INDICATORS)]
    key = ["ref_area", "indicator", "time_period"]
    columns = [*key, "obs_value", "observation_ids", "source_id"]
    both = chosen.sort_values("rank", kind="stable")[[*columns, "counterpart_area"]].merge(
        world[columns], on=key, suffixes=("", "_world"), validate="many_to_one"
    )
    return pd.DataFrame(
        {
            "ref_area": both["ref_area"],
            "counterpart_area": both["counterpart_area"],
            "indicator": both["indicator"].map(_INDICATORS),
            "time_period": both["time_period"],
            "share": 100 * both["obs_value"] / both["obs_value_world"],
            "numerator": both["obs_value"],
            "denominator": both["obs_value_world"],
            "numerator_ids": both["observation_ids"],
            "denominator_ids": both["observation_ids_world"],
            "source_id": both["source_id"],
            "world_source_id": both["source_id_world"],
            "formula": [
                f"{indicator} with {other} / {indicator} with the world × 100"
                for indicator, other in zip(both["indicator"], both["counterpart_area"], strict=True)
            ],
        }
    )
