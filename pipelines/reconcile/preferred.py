"""Competing figures: who else stated the same fact, and which value is preferred with its reason."""

import numpy as np
import pandas as pd

from pipelines.schema import COMPETING

_CLASS_RANK = {"official": 0, "company": 1, "research": 2, "press": 3, "advocacy": 4}
_REASONS = {
    "reporter": "China-reported values are the default for trade between China and its partners",
    "class": "of the sources at hand the one closest to whoever counted",
}


def compare_figures(observations: pd.DataFrame, series: pd.DataFrame) -> pd.DataFrame:
    """Return out_competing: every fact that at least two observations state, with the preferred one marked.

    Turnover computed from one publisher's exports and imports counts as a statement of that publisher. A fact is what
    is measured, whoever states it: a flow between two areas (turnover of a pair; exports of A to B or
    imports of B from A), in one period, role and unit. Preferred: not hidden, the default reporter, the preferred
    line, then the class of the source; ties go to the newest vintage. Deviation is percent of the preferred value.
    """
    rows = observations[
        observations["time_period"].notna() & observations["duplicate_of"].isna() & observations["is_plottable"]
    ]
    rows = pd.concat([rows, _computed_totals(series)], ignore_index=True)
    rows = rows.assign(fact_id=_fact(rows))
    rows = rows[rows.groupby("fact_id")["observation_id"].transform("size") > 1]
    on_line = set(series.loc[series["is_preferred"], "observation_ids"])
    ranked = rows.assign(
        reporter_rank=_reporter_rank(rows),
        line_rank=~rows["observation_id"].isin(on_line),
        class_rank=rows["source_class"].map(_CLASS_RANK),
        bound_rank=rows["bound"] != "=",
    ).sort_values(
        ["fact_id", "is_hidden", "reporter_rank", "line_rank", "class_rank", "bound_rank", "vintage"],
        ascending=[True, True, True, True, True, True, False],
        na_position="last",
    )
    is_first = ~ranked["fact_id"].duplicated()
    best = ranked[is_first].set_index("fact_id")
    for name in ("obs_value", "value_low", "value_high", "ref_area", "indicator"):
        ranked[f"best_{name}"] = ranked["fact_id"].map(best[name]).astype(best[name].dtype)
    ranked["is_preferred"] = is_first
    ranked["deviation"] = _deviation(ranked)
    ranked["relation"] = _relation(ranked)
    is_china = ranked["ref_area"].eq("CHN") & ranked["indicator"].isin(["TRADE_TOTAL", "EXP_FOB", "IMP_CIF"])
    ranked["preferred_reason"] = is_china.map({True: _REASONS["reporter"], False: _REASONS["class"]})
    return ranked.reindex(columns=COMPETING.columns).reset_index(drop=True)


def _computed_totals(series: pd.DataFrame) -> pd.DataFrame:
    """Turnover that a publisher states as exports and imports: the sum stands for it, under the ids of its inputs."""
    sums = series[series["is_preferred"] & (series["formula"] == "EXP_FOB + IMP_CIF") & (series["freq"] == "A")]
    return sums.assign(
        observation_id=sums["observation_ids"],
        role="actual",
        bound="=",
        value_low=sums["obs_value"],
        value_high=sums["obs_value"],
        source_class="official",
        is_hidden=False,
        vintage=None,
    )


def _fact(rows: pd.DataFrame) -> pd.Series:
    first, second = rows["ref_area"].fillna("_Z"), rows["counterpart_area"].fillna("_Z")
    ordered = first.where(first <= second, second) + "-" + second.where(first <= second, first)
    indicator = rows["indicator"]
    flow = np.select(
        [indicator == "TRADE_TOTAL", indicator == "EXP_FOB", indicator == "IMP_CIF"],
        ["GOODS." + ordered, "GOODS." + first + ">" + second, "GOODS." + second + ">" + first],
        default=indicator + "." + first + "." + second,
    )
    fact = pd.Series(flow, index=rows.index)
    for name in ("commodity", "project_id", "role", "measure_type", "freq", "time_period", "unit_measure"):
        fact = fact + "|" + rows[name].fillna("_Z")
    return fact


def _reporter_rank(rows: pd.DataFrame) -> pd.Series:
    is_trade = rows["indicator"].isin(["TRADE_TOTAL", "EXP_FOB", "IMP_CIF"]) & (
        rows["ref_area"].eq("CHN") | rows["counterpart_area"].eq("CHN")
    )
    estimated = rows["obs_status"].eq("E").astype(int) * 2
    return (is_trade & rows["ref_area"].ne("CHN")).astype(int) + estimated


def _deviation(ranked: pd.DataFrame) -> pd.Series:
    base = ranked["best_obs_value"].where(ranked["best_obs_value"] != 0)
    return ((ranked["obs_value"] / base - 1) * 100).fillna(0.0)


def _relation(ranked: pd.DataFrame) -> pd.Series:
    low, high = ranked["value_low"].fillna(-np.inf), ranked["value_high"].fillna(np.inf)
    best_low, best_high = ranked["best_value_low"].fillna(-np.inf), ranked["best_value_high"].fillna(np.inf)
    agrees = (low <= best_high) & (best_low <= high)
    return pd.Series(
        np.select(
            [
                ranked["is_preferred"],
                ranked["is_hidden"],
                ranked["ref_area"].fillna("") != ranked["best_ref_area"].fillna(""),
                ranked["indicator"] != ranked["best_indicator"],
                agrees,
            ],
            ["preferred", "hidden", "other reporter", "other valuation", "agrees"],
            default="differs",
        ),
        index=ranked.index,
    )
