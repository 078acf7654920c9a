"""What forecasts would have said at past dates, what came, and the odds official targets then had."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipelines.errors import DataError
from pipelines.forecast.annual import Forecast, Parameters
from pipelines.forecast.attain import Target, likely_years, odds
from pipelines.forecast.losses import brier
from pipelines.forecast.refusals import LONGEST_HORIZON
from pipelines.forecast.series import AnnualSeries, cut
from pipelines.outlook.choice import DEFAULT, choose_series
from pipelines.outlook.fan import fit
from pipelines.tables import Tables

ORIGINS = ((2014, 6), (2019, 6), (2021, 6))
"""Last year read and years ahead: before the fall of 2015, before the pandemic, before the turn of 2022."""

PROMISE = "RUS_CHN_TRADE"
SET = ("issued", "raised", "re-dated")
SIDES = {"end": 0, "before": 1}
"""Values read for the odds of a target: to the end of the year it was set, or to the end of the year before."""

PROMISE_COLUMNS = [
    "commitment_id", "observation_ids", "title", "issuer", "said_on", "target_value", "unit_measure", "deadline",
    "outcome", "outcome_ids", "year_reached", "verdict", "side", "origin", "count", "probability", "rounded", "meaning",
    "likely_year", "last_year", "words",
]  # fmt: skip

_JUDGED = (
    "commitment_id", "target_value", "deadline", "unit_measure", "actual_basis", "actual_observation_ids",
    "year_reached", "verdict",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class ThenAndNow:
    """Past forecasts beside what came: `made` by origin, `promises` one row for each target and side.

    Of the `decided` targets `brier` scores the odds they had when they were set, `certain` the targets themselves, read
    as if whoever set them had been sure.
    """

    series: AnnualSeries
    points: pd.DataFrame
    made: tuple[Forecast, ...]
    refused: tuple[str, ...]
    promises: pd.DataFrame
    brier: float | None
    certain: float | None
    decided: int


def look_back(tables: Tables, series_id: str = DEFAULT, levels: tuple[float, ...] = (80.0, 95.0)) -> ThenAndNow:
    """Forecast from every past origin the data allow and find the odds of the targets set for the series."""
    chosen = choose_series(tables, series_id)
    made, refused = [], []
    for origin, horizon in ORIGINS:
        if not chosen.series.years or origin > chosen.series.origin:
            continue
        try:
            made.append(fit(chosen.series, Parameters(horizon=horizon, levels=levels, last_year=origin)))
        except DataError as words:
            refused.append(f"{origin}: {words}")
    promises = weigh_promises(tables, chosen.series)
    decided = promises[(promises["side"] == "end") & promises["outcome"].notna() & promises["probability"].notna()]
    met = (decided["outcome"] >= decided["target_value"]).tolist()
    score = brier(decided["probability"].tolist(), met) if met else None
    certain = brier([1.0] * len(met), met) if met else None
    return ThenAndNow(chosen.series, chosen.points, tuple(made), tuple(refused), promises, score, certain, len(decided))


def weigh_promises(tables: Tables, series: AnnualSeries) -> pd.DataFrame:
    """Return the odds each target for the series had when it was set (PROMISE_COLUMNS); refusals in `words`."""
    known = tables.commitments.drop(columns=["target_value", "deadline", "unit_measure"])
    issues = known.merge(tables.attainment[list(_JUDGED)], on="commitment_id", how="inner", validate="one_to_one")
    ours = issues[(issues["genealogy"] == PROMISE) & issues["event"].isin(SET) & issues["target_value"].notna()]
    ours = ours[(ours["actual_basis"] == series.series_id) & ours["said_on"].notna()]
    ours = ours.sort_values("said_on", kind="stable").drop_duplicates(["target_value", "deadline"])
    rows = [_weigh(issue, series, side) for issue in ours.to_dict("records") for side in SIDES]
    return pd.DataFrame([row for row in rows if row], columns=PROMISE_COLUMNS)


def _weigh(issue: dict[Any, Any], series: AnnualSeries, side: str) -> dict[str, Any]:
    origin = int(str(issue["said_on"])[:4]) - SIDES[side]
    if not series.years[0] <= origin <= series.origin:
        return {}
    dated = isinstance(issue["deadline"], str)
    value, window = float(issue["target_value"]), cut(series, last=origin)
    horizon = int(issue["deadline"]) - origin if dated else min(LONGEST_HORIZON, window.count // 2)
    row = _facts(issue, series, dated=dated) | {"side": side, "origin": origin, "count": window.count}
    try:
        made = fit(series, Parameters(horizon=horizon, last_year=origin))
        if not dated:
            likely = next(iter(likely_years(made, value)), None)
            return row | {"likely_year": likely, "last_year": made.years[-1]}
        found = odds(made, Target(value, int(issue["deadline"])))
    except DataError as words:
        return row | {"words": str(words)}
    return row | {"probability": found.probability, "rounded": found.rounded, "meaning": found.meaning}


def _facts(issue: dict[Any, Any], series: AnnualSeries, *, dated: bool) -> dict[str, Any]:
    came = dict(zip(series.years, series.values, strict=True))
    year = int(issue["deadline"]) if dated else 0
    figures = issue["target_figure_ids"] if isinstance(issue["target_figure_ids"], str) else ""
    return {
        "commitment_id": issue["commitment_id"],
        "observation_ids": figures,
        "title": issue["title"],
        "issuer": issue["issuer"],
        "said_on": issue["said_on"],
        "target_value": float(issue["target_value"]),
        "unit_measure": issue["unit_measure"],
        "deadline": issue["deadline"] if dated else "",
        "outcome": came.get(year, float("nan")),
        "outcome_ids": issue["actual_observation_ids"] if year in came else "",
        "year_reached": issue["year_reached"] if isinstance(issue["year_reached"], str) else "",
        "verdict": issue["verdict"],
        "words": "",
        "likely_year": None,
        "last_year": None,
    }
