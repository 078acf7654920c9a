"""What the command line prints of a forecast or a record: an aligned table, CSV or JSON; no arithmetic of its own."""

import json
import math
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.errors import DataError
from pipelines.forecast.backtest import Backtest
from pipelines.forecast.batch import Batch, forecast_many
from pipelines.forecast.own_series import read_csv
from pipelines.outlook.fan import Outlook
from pipelines.outlook.months import Months
from pipelines.tables import Tables

FORMATS = ("table", "csv", "json")
ROWS = ["series_id", "model", "scenario", "origin", "horizon", "time_period", "level", "point", "pi_lower", "pi_upper"]
BATCH_LEVELS = {80.0: ["lo80", "hi80"], 95.0: ["lo95", "hi95"]}


def print_outlook(answer: Outlook, style: str) -> str:
    """Return an answer as text: JSON holds everything, unrounded; a refused forecast is an error.

    Raises:
        DataError: the forecast was refused, or the odds that were asked for.
    """
    if answer.refusal:
        raise DataError(answer.refusal)
    if answer.no_odds:
        raise DataError(answer.no_odds)
    rows = _rows(answer)
    if style == "csv":
        return rows.to_csv(index=False, lineterminator="\n")
    if style == "json":
        return _json(_whole(answer, rows))
    shown = rows.drop(columns=["series_id", "model", "scenario"])
    return "\n".join([_head(answer), shown.to_string(index=False, float_format=_short), *_foot(answer)]) + "\n"


def print_months(series_id: str, months: Months, style: str) -> str:
    """Return the months ahead and the totals of the years they fill as text; a total has no horizon."""
    rows = pd.DataFrame(
        [*months.frame.to_dict("records"), *months.totals.to_dict("records")],
        columns=[*months.frame.columns, "known_months"],
    ).astype({"horizon": "Int64", "known_months": "Int64"})
    if style == "csv":
        return rows.assign(series_id=series_id)[["series_id", *rows.columns]].to_csv(index=False, lineterminator="\n")
    if style == "json":
        return _json(
            {
                "series_id": series_id,
                "forecast": _records(months.frame),
                "totals": _records(months.totals),
                "rejected": [{"model": name, "reason": reason} for name, reason in months.rejected],
                "notes": list(months.notes),
            }
        )
    whole = {name: rows[name].astype("string").fillna("") for name in ("horizon", "known_months")}
    shown = rows.assign(**whole).to_string(index=False, float_format=_short)
    return "\n".join([shown, *months.notes]) + "\n"


def print_record(record: Backtest, style: str) -> str:
    """Return a record as text; CSV holds the scores, JSON every past forecast as well."""
    if style == "csv":
        return record.scores.to_csv(index=False, lineterminator="\n")
    if style == "json":
        return _json(
            {
                "model": record.model,
                "sentence": record.sentence,
                "warning": record.warning,
                "scores": _records(record.scores),
                "forecasts": _records(record.rows),
            }
        )
    return (
        "\n".join([record.scores.to_string(index=False, float_format=_short), record.sentence, record.warning]) + "\n"
    )


def print_lines(tables: Tables) -> str:
    """Return the lines a forecast can be asked of, one each with its first and last period and number of values."""
    grouped = tables.series.groupby("line_id", sort=True)["time_period"].agg(["count", "min", "max"])
    return grouped.reset_index().to_string(index=False, justify="left") + "\n"


def forecast_input(
    path: Path, *, horizon: int, levels: tuple[float, ...], model: str, jobs: int, fallback: bool
) -> Batch:
    """Forecast every series of a file; the frame keeps the columns of the levels asked for.

    Raises:
        DataError: the file or its columns cannot be read, or a level that the exchange format has no column for.
    """
    wrong = [f"{level:g}" for level in levels if level not in BATCH_LEVELS]
    if wrong:
        raise DataError(f"--levels {', '.join(wrong)}: with --input the levels are 80, 95 or both.")
    made = forecast_many(read_csv(path), horizon=horizon, model=model, jobs=jobs, fallback=fallback)
    left_out = [name for level, names in BATCH_LEVELS.items() if level not in levels for name in names]
    return Batch(made.frame.drop(columns=left_out), made.refused)


def print_batch(batch: Batch, style: str) -> str:
    """Return the forecasts of a batch as text."""
    if style == "json":
        return _json(_records(batch.frame))
    if style == "csv":
        return batch.frame.to_csv(index=False, lineterminator="\n")
    return batch.frame.to_string(index=False, float_format=_short) + "\n"


def missing_series(batch: Batch) -> list[str]:
    """Return the refused series that got no forecast at all, not even the fallback."""
    made = set(batch.frame["series_id"])
    return [refused.series_id for refused in batch.refused if refused.series_id not in made]


def _rows(answer: Outlook) -> pd.DataFrame:
    if answer.made is None:
        raise DataError(answer.refusal)
    common = {"series_id": answer.made.series.series_id, "model": answer.made.model, "scenario": answer.made.scenario}
    rows = answer.made.frame.assign(**common)[ROWS]
    if answer.growth.empty:
        return rows
    extra = answer.growth.assign(series_id=common["series_id"], model="").reindex(columns=ROWS)
    return pd.DataFrame(rows.to_dict("records") + extra.to_dict("records"), columns=ROWS)


def _whole(answer: Outlook, rows: pd.DataFrame) -> dict[str, Any]:
    made, target = answer.made, answer.odds
    if made is None:
        return {}
    return {
        "series_id": made.series.series_id,
        "unit_measure": made.series.unit_measure,
        "model": made.model,
        "scenario": made.scenario,
        "origin": made.origin,
        "first_year": made.series.years[0],
        "n": made.series.count,
        "digest": made.digest,
        "forecast": _records(rows),
        "members": _records(made.members),
        "rejected": [{"model": name, "reason": reason} for name, reason in answer.rejected],
        "notes": [*made.notes, *filter(None, [answer.chosen.seam])],
        "target": None
        if target is None
        else {
            "value": target.target.value,
            "year": target.target.year,
            "probability": target.probability,
            "probability_by_then": answer.by_then,
            "rounded": target.rounded,
            "meaning": target.meaning,
            "required_cagr": answer.required_cagr,
            "median_year": answer.median_year,
            "by_year": _records(answer.by_year),
        },
    }


def _head(answer: Outlook) -> str:
    made = answer.made
    name, unit = answer.chosen.series.series_id, answer.chosen.series.unit_measure
    label = f"; {made.scenario}" if made and made.scenario else ""
    return f"{answer.model_title} of {name}, {unit or 'no unit'}{label}"


def _foot(answer: Outlook) -> list[str]:
    made = answer.made
    lines = [*(made.notes if made else ()), *(f"Turned down: {name}, {reason}." for name, reason in answer.rejected)]
    if answer.chosen.seam:
        lines.append(answer.chosen.seam)
    if answer.odds:
        target = answer.odds.target
        lines.append(f"At least {_short(target.value)} in {target.year}: {answer.odds.rounded}, {answer.odds.meaning}.")
    if answer.required_cagr is not None:
        lines.append(f"That asks for {answer.required_cagr:.1%} a year from the last value.")
    return lines


def _short(value: float) -> str:
    return f"{value:.5g}"


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): _plain(cell) for name, cell in row.items()} for row in frame.to_dict("records")]


def _plain(cell: Any) -> Any:
    return None if isinstance(cell, float) and math.isnan(cell) else cell


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
