"""Coverage: which pair, indicator, year and reporter has a value, and why the others have none."""

import pandas as pd

from pipelines.schema import COVERAGE

PAIRS = (("CHN", "RUS"), ("CHN", "KAZ"), ("KAZ", "RUS"), ("CHN", "EU27"), ("EU27", "KAZ"), ("EU27", "RUS"))
WORLD = (("RUS", "W00"), ("KAZ", "W00"), ("CHN", "W00"))  # nobody counts the other side
INDICATORS = ("TRADE_TOTAL", "EXP_FOB", "IMP_CIF")
_SILENT = {
    "RUS": (2022, "Russia stopped publishing its trade by partner in 2022"),
    "KAZ": (2024, "the newest edition at hand ends in 2023"),
    "EU27": (2024, "the extract at hand ends in 2023"),
}
_STATES = ("official", "estimate", "press", "quoted")
_CELL = ["pair", "ref_area", "indicator", "year"]


def cover(
    observations: pd.DataFrame, series: pd.DataFrame, sources: pd.DataFrame, first: int, last: int
) -> pd.DataFrame:
    """Return out_coverage from year `first` to `last`: each cell's best state, and why it is weak."""
    held = _held(observations, series, sources)
    cells = pd.DataFrame(
        [
            {"pair": f"{a}-{b}", "ref_area": reporter, "counterpart_area": other, "indicator": indicator, "year": year}
            for a, b in (*PAIRS, *WORLD)
            for reporter, other in (((a, b), (b, a)) if b != "W00" else ((a, b),))
            for indicator in INDICATORS
            for year in range(first, last + 1)
        ]
    )
    whole = cells.merge(
        held, on=["ref_area", "counterpart_area", "indicator", "year"], how="left", validate="one_to_one"
    )
    whole["state"] = whole["rank"].map(dict(enumerate(_STATES))).fillna("none")
    whole["observations"] = whole["observations"].fillna(0).astype(int)
    whole["reason"] = [
        _reason(*cells)
        for cells in zip(whole["state"], whole["ref_area"], whole["counterpart_area"], whole["year"], strict=True)
    ]
    return whole.reindex(columns=COVERAGE.columns)


def told_later(coverage: pd.DataFrame, latest: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of a state of knowledge; an empty one that is filled today was told later, and says so."""
    today = coverage[_CELL].merge(latest[[*_CELL, "state"]], on=_CELL, how="left", validate="one_to_one")["state"]
    cells = zip(coverage["state"], coverage["reason"], today, strict=True)
    reasons = [_later(now) if then == "none" and now in _STATES else reason for then, reason, now in cells]
    return coverage.assign(reason=reasons)


def _later(state: str) -> str:
    held = {"official": "a table at hand covers", "estimate": "an estimate at hand covers"}
    return f"{held.get(state, 'a figure at hand is of')} this year, but came out later or on a day nobody told"


def _held(observations: pd.DataFrame, series: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    lines = series[(series["freq"] == "A") & (series["commodity"].fillna("_T") == "_T")]
    official = lines.assign(rank=lines["obs_status"].eq("E").astype(int), year=lines["time_period"].astype(int))
    quoted = observations[
        (observations["freq"] == "A")
        & (observations["provenance"] != "statistic")
        & (observations["role"] == "actual")
        & (observations["measure_type"] == "flow")
        & (observations["commodity"].fillna("_T") == "_T")
        & ~observations["is_hidden"]
    ]
    kinds = sources.set_index("source_id")["kind"]
    quoted = quoted.assign(
        rank=quoted["source_id"].map(kinds).eq("document").astype(int) + 2,
        year=quoted["time_period"].str[:4].astype(int),
    )
    columns = ["ref_area", "counterpart_area", "indicator", "year", "rank"]
    held = pd.concat([official[columns], quoted[columns]], ignore_index=True)
    return held.groupby(columns[:-1], as_index=False).agg(rank=("rank", "min"), observations=("rank", "size"))


def _reason(state: str, reporter: str, partner: str, year: int) -> str | None:
    since, silence = (9999, "") if partner == "W00" else _SILENT.get(reporter, (9999, ""))
    if state == "official":
        return None
    if state == "estimate":
        return f"{silence or 'no report is at hand'}; the value is estimated from the partner's data"
    if state in ("press", "quoted"):
        return "only as printed by others"
    return silence if year >= since else "no table at hand covers this year"
