"""The scorecard: archived forecasts held against what came, beside the officials' own targets."""

from dataclasses import replace
from typing import Any

import pandas as pd

from components import labels
from components.charts import then as charts
from components.marks import COLUMNS, absent, exhibit, gather, without
from components.outlook.choices import TITLES
from components.views import Exhibit, Selection
from pipelines.errors import DataError
from pipelines.forecast.probability import round_probability
from pipelines.outlook.archive import Scorecard, judge
from pipelines.outlook.choice import choose_series
from pipelines.outlook.past import ThenAndNow, look_back
from pipelines.outlook.shown import SHOWN
from pipelines.tables import Tables

TITLE = "The scorecard"
HOW = "Keep a forecast before its year is known: bilateral forecast --target 300e9@2030 --archive"
SURE = "A target read as a promise says 100 %; the odds beside it are those the values of its year would have given."
RULE_WORDS = "Brier score: mean squared distance of odds from what happened; 0 is perfect, a coin scores 0.25."
COLUMN_HEADS = {
    "label": "Statement", "said_on": "Said", "time_period": "Year", "shown": "Said", "came": "What came",
    "verdict": "Verdict",
}  # fmt: skip
OWN = ("row", "words", "said_on", "shown", "came", "verdict", "score")


def scorecard(tables: Tables, selection: Selection) -> Exhibit:
    """Draw Brier scores of archived odds, of official targets and of their odds, and how often archived bands held."""
    del selection
    try:
        past = look_back(tables)
    except DataError:
        return without(TITLE, absent(tables, "line of China–Russia trade to score forecasts on"))
    until = f"{tables.as_known.date or 9999}~"  # a bare year or month counts to its last day
    card = judge(tables, [entry for entry in SHOWN.entries() if str(entry["shown_on"]) <= until])
    if not past.decided and card.rows.empty:
        return without(TITLE, f"Nothing can be scored yet: {_waiting(card)}. {HOW}")
    scores = _scores(past, card)
    marks = gather(pd.DataFrame([*_targets(past), *_archived(tables, card)]).reindex(columns=[*COLUMNS, *OWN]))
    figure = charts.scorecard(scores, hits=card.hits)
    drawn = exhibit(TITLE, figure, marks, _sentences(past, card), [RULE_WORDS, SURE, HOW])
    return replace(drawn, columns=COLUMN_HEADS)


def _scores(past: ThenAndNow, card: Scorecard) -> list[dict[str, Any]]:
    """Return what is compared: name, Brier score or None, number of statements."""
    return [
        {"name": "Official targets<br>read as promises", "score": past.certain, "count": past.decided},
        {"name": "Their odds<br>when set", "score": past.brier, "count": past.decided},
        {"name": "Archived<br>forecasts", "score": card.brier, "count": card.odds},
    ]


def _common(said_on: str, period: str, source_id: str) -> dict[str, Any]:
    return {
        "series": "statement", "said_on": said_on, "time_period": period, "bound": "=", "role": "estimate",
        "obs_status": "D", "provenance": "derived", "source_id": source_id,
    }  # fmt: skip


def _targets(past: ThenAndNow) -> list[dict[str, Any]]:
    """Return one row for each official target that is due."""
    source = " ; ".join(dict.fromkeys(past.points["source_id"]))
    due = past.promises[(past.promises["side"] == "end") & past.promises["outcome"].notna()]
    rows = []
    for row in due.to_dict("records"):
        value, came = (labels.value(float(row[name]), str(row["unit_measure"])) for name in ("target_value", "outcome"))
        rows.append(
            _common(str(row["said_on"])[:4], str(row["deadline"]), source)
            | {"observation_ids": row["observation_ids"], "label": f"Official target of {value}", "role": "target"}
            | {"obs_value": float(row["target_value"]), "unit_measure": row["unit_measure"], "came": came}
            | {"verdict": "met" if row["outcome"] >= row["target_value"] else "missed", "said_by": row["issuer"]}
            | {"shown": f"odds when set {row['rounded']}" if row["rounded"] == row["rounded"] else "no odds"}
        )
    return rows


def _archived(tables: Tables, card: Scorecard) -> list[dict[str, Any]]:
    """Return one row for each archived statement whose year has come."""
    rows = []
    for row in card.rows.to_dict("records"):
        name = str(row["series_id"]).partition("@")[0]
        points = choose_series(tables, name).points
        unit = str(points["unit_measure"].iloc[0])
        limits = (
            tuple(labels.value(row[end], unit) for end in ("pi_lower", "pi_upper")) if row["kind"] == "band" else ()
        )
        said = (
            f"{row['level']:g} % band {limits[0]} to {limits[1]}"
            if limits
            else f"at least {labels.value(row['target'], unit)}: {round_probability(row['probability'])}"
        )
        verdicts = ("held", "missed") if limits else ("happened", "did not")
        rows.append(
            _common(str(row["shown_on"]), str(row["time_period"]), str(points["source_id"].iloc[0]))
            | {"label": f"Forecast of {TITLES.get(name, name)}", "obs_value": row["actual"], "unit_measure": unit}
            | {"shown": said, "came": labels.value(row["actual"], unit), "verdict": verdicts[0 if row["hit"] else 1]}
        )
    return rows


def _sentences(past: ThenAndNow, card: Scorecard) -> list[str]:
    told = []
    if past.certain is not None and past.brier is not None:
        told.append(
            f"Read as promises, the {past.decided} official targets now due score {past.certain:.2f}; "
            f"the odds they had when set score {past.brier:.2f}."
        )
    if card.brier is not None:
        told.append(f"{card.odds} archived odds score {card.brier:.2f}.")
    held = [f"{level:g} % bands held {hits} of {total}" for level, (hits, total) in sorted(card.hits.items())]
    if held:
        told.append(f"Archived {' and '.join(held)}.")
    return [*told, f"{_waiting(card).capitalize()}."]


def _waiting(card: Scorecard) -> str:
    if not card.waiting and card.rows.empty:
        return "no forecast was archived"
    return f"{card.waiting} archived statements wait for their year"
