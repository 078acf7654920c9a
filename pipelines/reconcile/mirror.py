"""Mirror pairs: one flow as the exporter and as the importer report it."""

import pandas as pd

from pipelines.schema import MIRROR

PAIRS = (("CHN", "RUS"), ("CHN", "KAZ"), ("KAZ", "RUS"))
_KEY = ["flow", "freq", "time_period"]


def pair_mirror(series: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Return out_mirror for the declared pairs: official lines first, printed figures where one side is missing.

    Values estimated from the partner's data (status E) never enter: a gap against them is circular. Figures that are
    hidden, derived or not plottable never enter either. Asymmetry is the gap over the mean of both reports.
    """
    official = series[series["is_preferred"] & (series["obs_status"] != "E") & (series["project_id"].isna())]
    goods = official[official["commodity"].fillna("_T") == "_T"]
    printed = observations[
        (observations["provenance"] == "quoted")
        & (observations["role"] == "actual")
        & (observations["measure_type"] == "flow")
        & observations["is_plottable"]
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
    """Match exports of A to B with B's imports from A, and A's turnover with B's."""
    pairs = [(a, b) for first, second in PAIRS for a, b in ((first, second), (second, first))]
    matched = [
        _match(_pick(values, a, b, "EXP_FOB"), _pick(values, b, a, "IMP_CIF"), f"{a}>{b}", (a, b)) for a, b in pairs
    ]
    matched += [
        _match(_pick(values, a, b, "TRADE_TOTAL"), _pick(values, b, a, "TRADE_TOTAL"), "total", (a, b))
        for a, b in PAIRS
    ]
    flows = pd.concat(matched, ignore_index=True).astype(
        {"value_a": "float64", "value_b": "float64", "flow": "str", "pair": "str"}
    )
    flows["flow"] = flows["flow"].where(flows["flow"] != "total", flows["pair"] + " total")
    return flows.assign(
        basis=basis,
        gap=flows["value_b"] - flows["value_a"],
        asymmetry=(flows["value_b"] - flows["value_a"]) / ((flows["value_a"] + flows["value_b"]) / 2),
    )


def _pick(values: pd.DataFrame, reporter: str, partner: str, indicator: str) -> pd.DataFrame:
    rows = values[
        (values["ref_area"] == reporter) & (values["counterpart_area"] == partner) & (values["indicator"] == indicator)
    ]
    return rows.drop_duplicates(["freq", "time_period"], keep="first")


def _match(exporter: pd.DataFrame, importer: pd.DataFrame, flow: str, areas: tuple[str, str]) -> pd.DataFrame:
    columns = ["freq", "time_period", "obs_value", "observation_ids", "source_id", "unit_measure"]
    both = exporter[columns].merge(
        importer[columns], on=["freq", "time_period", "unit_measure"], suffixes=("_a", "_b"), validate="one_to_one"
    )
    return pd.DataFrame(
        {
            "pair": "-".join(sorted(areas)),
            "flow": flow,
            "freq": both["freq"],
            "time_period": both["time_period"],
            "reporter_a": areas[0],
            "reporter_b": areas[1],
            "value_a": both["obs_value_a"],
            "value_b": both["obs_value_b"],
            "unit_measure": both["unit_measure"],
            "observation_ids_a": both["observation_ids_a"],
            "observation_ids_b": both["observation_ids_b"],
            "source_a": both["source_id_a"],
            "source_b": both["source_id_b"],
        }
    )
