"""Competing figures: who else stated the same fact, and which value is preferred with its reason."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from pipelines.schema import COMPETING

_CLASS_RANK = {"official": 0, "company": 1, "research": 2, "press": 3, "advocacy": 4}
_CHOICES: Mapping[str, tuple[bool, str]] = {  # what is compared in turn: whether the smaller is better, and the reason
    "is_hidden": (True, "it is no misprint and of the scope asked for"),
    "estimate_rank": (True, "it is reported and not estimated from the partner's count"),
    "reporter_rank": (True, "China's own count is the default for trade between China and its partners"),
    "line_rank": (True, "it is on the official line that is drawn"),
    "issuer_rank": (True, "it stands on the issuer's own page"),
    "issued": (True, "it is the earliest issue with a known date, the others repeat or change it"),
    "class_rank": (True, "of the sources at hand its class is the closest to whoever counted"),
    "bound_rank": (True, "it is stated without a hedge"),
    "edition_rank": (False, "it became known last"),
}
_ALIKE = "nothing sets them apart, and it stands first in the ledger"
_NO_DATE = "9999"
_TRADE = ("TRADE_TOTAL", "EXP_FOB", "IMP_CIF")


def compare_figures(observations: pd.DataFrame, series: pd.DataFrame) -> pd.DataFrame:
    """Return out_competing: every fact that at least two observations state, with the preferred one marked.

    Turnover computed from one publisher's exports and imports counts as a statement of that publisher. A fact is what
    is measured, whoever states it: a flow between two areas (turnover of a pair; exports of A to B or
    imports of B from A), in one period, role and unit; promises without a period are one fact among themselves.
    Preferred of what happened: not hidden, the default reporter, the preferred line, then the class of the source; ties
    go to the newest vintage. Preferred of a promise, plan or capacity: not hidden, the issuer's own page, then the
    earliest issue. The reason names what set the others aside. Deviation is percent of the preferred value.
    """
    rows = observations[
        observations["duplicate_of"].isna()
        & ((observations["time_period"].notna() & observations["is_plottable"]) | _is_undated_promise(observations))
    ]
    rows = pd.concat([rows, _computed_totals(series)], ignore_index=True)
    rows = rows.assign(fact_id=_fact(rows))
    rows = rows[rows.groupby("fact_id")["observation_id"].transform("size") > 1]
    on_line = set(series.loc[series["is_preferred"], "observation_ids"])
    ranked = _ranks(rows, on_line).sort_values(
        ["fact_id", *_CHOICES], ascending=[True, *(smaller for smaller, _ in _CHOICES.values())], na_position="last"
    )
    is_first = ~ranked["fact_id"].duplicated()
    best = ranked[is_first].set_index("fact_id")
    for name in ("obs_value", "value_low", "value_high", "ref_area", "indicator"):
        ranked[f"best_{name}"] = ranked["fact_id"].map(best[name]).astype(best[name].dtype)
    ranked["is_preferred"] = is_first
    ranked["deviation"] = _deviation(ranked)
    ranked["relation"] = _relation(ranked)
    ranked["preferred_reason"] = ranked["fact_id"].map(_reasons(ranked, best))
    return ranked.reindex(columns=COMPETING.columns).reset_index(drop=True)


def _is_undated_promise(rows: pd.DataFrame) -> pd.Series:
    """Undated outcomes are left alone: without a period nobody knows whether they are of the same thing."""
    return rows["time_period"].isna() & rows["role"].ne("actual")


def _ranks(rows: pd.DataFrame, on_line: Collection[str]) -> pd.DataFrame:
    """Return the rows with what is compared in turn; what does not count for the role is the same for all its rows."""
    happened = rows["role"].eq("actual")
    class_rank = rows["source_class"].map(_CLASS_RANK)
    issued = (rows["vintage"].str.cat(["-99-99"] * len(rows))).str[:10].fillna(_NO_DATE)
    return rows.assign(
        estimate_rank=rows["obs_status"].eq("E") & happened,
        reporter_rank=_is_partner(rows) & happened,
        line_rank=~rows["observation_id"].isin(on_line) & happened,
        issuer_rank=class_rank.ne(0) & ~happened,
        issued=issued.mask(happened, ""),
        class_rank=class_rank,
        bound_rank=rows["bound"] != "=",
        edition_rank=rows["vintage"].where(happened),
    )


def _reasons(ranked: pd.DataFrame, best: pd.DataFrame) -> Mapping[str, str]:
    """Return of each fact, in the order of the choice, every reason that set at least one other statement aside."""
    names = list(_CHOICES)
    mine = ranked[names].astype(object).fillna("")
    first = best[names].reindex(ranked["fact_id"]).set_index(ranked.index).astype(object).fillna("")
    apart = (mine != first).to_numpy()
    decided = pd.DataFrame({"fact_id": ranked["fact_id"], "step": apart.argmax(axis=1), "is_apart": apart.any(axis=1)})
    steps = decided[decided["is_apart"]].groupby("fact_id")["step"].agg(lambda found: sorted(set(found)))
    told = {fact: "; ".join(_CHOICES[names[step]][1] for step in found) for fact, found in steps.items()}
    return {fact: told.get(fact, _ALIKE) for fact in best.index}


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


def _is_partner(rows: pd.DataFrame) -> pd.Series:
    """Trade with China that its partner counted, or that names no reporter."""
    with_china = rows["ref_area"].eq("CHN") | rows["counterpart_area"].eq("CHN")
    return rows["indicator"].isin(_TRADE) & with_china & rows["ref_area"].ne("CHN")


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
                ranked["role"].eq("actual") & (ranked["ref_area"].fillna("") != ranked["best_ref_area"].fillna("")),
                ranked["indicator"] != ranked["best_indicator"],
                agrees,
            ],
            ["preferred", "hidden", "other reporter", "other valuation", "agrees"],
            default="differs",
        ),
        index=ranked.index,
    )
