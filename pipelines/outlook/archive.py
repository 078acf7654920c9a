"""Forecasts that were shown, kept with their date, data and odds, and scored once the actual has arrived."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.errors import DataError
from pipelines.forecast.losses import brier
from pipelines.outlook.choice import choose_series
from pipelines.outlook.fan import Outlook
from pipelines.outlook.shown import FILE
from pipelines.tables import Tables

COLUMNS = [
    "shown_on", "series_id", "model", "scenario", "origin", "kind", "time_period", "level", "target", "probability",
    "pi_lower", "pi_upper", "actual", "hit",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Scorecard:
    """Archived statements that can be judged by now, one row each (COLUMNS), and their scores."""

    rows: pd.DataFrame
    brier: float | None
    odds: int
    hits: dict[float, tuple[int, int]]
    waiting: int


def archive(answer: Outlook, folder: Path, *, shown_on: str, digest: str) -> Path:
    """Append a forecast to the archive, one JSON object on one line; the same forecast of the same day only once.

    Raises:
        DataError: the forecast was refused, or the archive cannot be written.
    """
    if answer.made is None:
        raise DataError(f"nothing to archive: {answer.refusal}")
    path, line = folder / FILE, json.dumps(_entry(answer, shown_on, digest), sort_keys=True)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists() and line in path.read_text(encoding="utf-8").splitlines():
            return path
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(line + "\n")
    except OSError as error:
        raise DataError(
            f"{path} cannot be written: {error.strerror}. Check the rights of datasets/archive/."
        ) from error
    return path


def judge(tables: Tables, entries: list[dict[str, Any]]) -> Scorecard:
    """Hold archived odds and bands against values that have arrived since; the others are counted as waiting.

    Forecasts under a scenario are conditional on a path that did not have to come, so they are not scored.
    """
    rows, waiting = [], 0
    for entry in entries:
        if entry["scenario"]:
            continue
        came = _actuals(tables, str(entry["series_id"]))
        for said in _statements(entry):
            if int(said["time_period"]) in came:
                rows.append(_judged(entry, said, came[int(said["time_period"])]))
            else:
                waiting += 1
    frame = pd.DataFrame(rows, columns=COLUMNS)
    odds, bands = frame[frame["kind"] == "odds"], frame[frame["kind"] == "band"]
    score = brier(odds["probability"].tolist(), odds["hit"].tolist()) if len(odds) else None
    hits = {float(str(level)): (int(own["hit"].sum()), len(own)) for level, own in bands.groupby("level")}
    return Scorecard(frame, score, len(odds), hits, waiting)


def print_scorecard(card: Scorecard) -> str:
    """Return the scores in words."""
    odds = f"Brier score {card.brier:.3f} of {card.odds} odds" if card.brier is not None else "no odds to judge yet"
    bands = [f"{level:g} % bands held {held} of {total}" for level, (held, total) in sorted(card.hits.items())]
    return f"{'; '.join([odds, *bands])}; {card.waiting} statements wait for their year.\n"


def _entry(answer: Outlook, shown_on: str, digest: str) -> dict[str, Any]:
    made = answer.made
    if made is None:
        return {}
    bands = made.frame[["time_period", "level", "point", "pi_lower", "pi_upper"]].to_dict("records")
    found = answer.odds
    odds = (
        [{"time_period": str(found.target.year), "target": found.target.value, "probability": found.probability}]
        if found
        else []
    )
    scenario = made.scenario or (f"growth {answer.question.scenario.rate:g}" if len(answer.growth) else "")
    return {
        "shown_on": shown_on,
        "data": digest,
        "key": made.digest,
        "parameters": dataclasses.asdict(made.parameters),
        "series_id": made.series.series_id,
        "model": made.model,
        "scenario": scenario,
        "origin": made.origin,
        "bands": bands,
        "odds": odds,
    }


def _statements(entry: dict[str, Any]) -> list[dict[str, Any]]:
    bands = [{**band, "kind": "band"} for band in entry["bands"]]
    return [*bands, *({**odds, "kind": "odds"} for odds in entry["odds"])]


def _actuals(tables: Tables, series_id: str) -> dict[int, float]:
    try:
        series = choose_series(tables, series_id.partition("@")[0]).series
    except DataError:
        return {}
    return dict(zip(series.years, series.values, strict=True))


def _judged(entry: dict[str, Any], said: dict[str, Any], actual: float) -> dict[str, Any]:
    hit = actual >= said["target"] if said["kind"] == "odds" else said["pi_lower"] <= actual <= said["pi_upper"]
    common = {name: entry[name] for name in ("shown_on", "series_id", "model", "scenario", "origin")}
    return {**common, **said, "actual": actual, "hit": bool(hit)}
