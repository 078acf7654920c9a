"""The record exhibit: how the chosen model did at past origins beside the last value and the drift line."""

from dataclasses import replace
from typing import Any

import pandas as pd

from components.charts import outlook as charts
from components.marks import COLUMNS, absent, exhibit, gather, without
from components.outlook.choices import MODELS, TITLES, ask, named
from components.views import Exhibit, Selection
from pipelines.errors import DataError
from pipelines.forecast.backtest import Backtest
from pipelines.outlook.choice import choose_series
from pipelines.outlook.fan import keep_record
from pipelines.tables import Tables

TITLE = "The record of this model on this series"
SHORT = {"median": "Median", "naive": "Naive", "drift": "Drift", "ets_c": "Smoothing", "damped_c": "Damped",
         "theta_bct": "Theta", "arima": "ARIMA", "ucm": "UCM"}  # fmt: skip
COLUMN_HEADS = {
    "label": "Model", "title": "Score", "shown": "Value", "origins": "Origins", "pairs": "Forecasts checked",
}  # fmt: skip


def record(tables: Tables, selection: Selection) -> Exhibit:
    """Draw error and coverage from rolling origins for the chosen model, naive and drift."""
    try:
        chosen = choose_series(tables, selection["series"])
    except DataError:
        return without(TITLE, absent(tables, f"series “{TITLES[selection['series']]}”"))
    try:
        kept = keep_record(tables, ask(tables, selection))
    except DataError as refused:
        return without(TITLE, named(str(refused)))
    rows = pd.DataFrame(_marks(kept, " ; ".join(dict.fromkeys(chosen.points["source_id"]))))
    own = ["measure", "title", "short", "promised", "is_shown", "words", "shown", "origins", "pairs"]
    marks = gather(rows.reindex(columns=[*COLUMNS, *own]))
    drawn = exhibit(TITLE, charts.record(marks), marks, [kept.sentence], [kept.warning, _how(kept)])
    return replace(drawn, columns=COLUMN_HEADS)


def _how(kept: Backtest) -> str:
    first = kept.rows["origin"].min()
    return f"Every origin from {first} on was forecast from the years up to it only, the first from 15 years or more."


def _marks(kept: Backtest, source_id: str) -> list[dict[str, Any]]:
    levels = sorted(kept.scores["level"].unique())
    narrow, wide = levels[0], levels[-1]
    measures = (
        ("mase", "Error (MASE)", narrow, 1.0, float("nan")),
        ("smape", "Error (sMAPE, %)", narrow, 1.0, float("nan")),
        ("coverage", f"{narrow:g} % band held, %", narrow, 100.0, narrow),
        ("msis", f"{wide:g} % bands (MSIS)", wide, 1.0, float("nan")),
    )
    return [
        _mark(row, measure, source_id, kept.model)
        for measure in measures
        for row in kept.scores[kept.scores["level"] == measure[2]].to_dict("records")
    ]


def _mark(
    row: dict[Any, Any], measure: tuple[str, str, float, float, float], source_id: str, model: str
) -> dict[str, Any]:
    name, title, _, factor, promised = measure
    value = float(row[name]) * factor
    better = "nearer to the dotted rule is better" if promised == promised else "lower is better"  # noqa: PLR0124
    return {
        "series": name,
        "label": MODELS[row["model"]],
        "obs_value": value,
        "bound": "=",
        "role": "estimate",
        "obs_status": "D",
        "provenance": "derived",
        "source_id": source_id,
        "formula": f"{title} over {row['pairs']} forecasts from {row['origins']} origins",
        "measure": name,
        "title": title,
        "short": SHORT[row["model"]],
        "promised": promised,
        "is_shown": row["model"] == model,
        "words": f"{MODELS[row['model']]}: {title} {value:.2f}; {better}",
        "shown": f"{value:.2f}",
        "origins": str(row["origins"]),
        "pairs": str(row["pairs"]),
    }
