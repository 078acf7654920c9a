"""The months ahead of a monthly line: its bands, yearly totals and how wide the past made the bands."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipelines.errors import DataError
from pipelines.forecast.digest import parameters_digest
from pipelines.forecast.monthly import FRAME_COLUMNS, TOTAL_COLUMNS, MonthlyParameters, MonthlySeries, forecast_monthly
from pipelines.forecast.series import AnnualSeries
from pipelines.outlook.choice import choose_series
from pipelines.outlook.shelf import SHELF, Codec, Payload
from pipelines.tables import Tables

USUAL_MONTHS = 24
MONTHLY = "fcs_monthly.RUS.CHN.TRADE_TOTAL._T._Z.M"


@dataclass(frozen=True, eq=False)
class Months:
    """Bands of the months ahead (`frame`), totals of the years they fill (`totals`), notes and what was turned down."""

    frame: pd.DataFrame
    totals: pd.DataFrame
    notes: tuple[str, ...]
    rejected: tuple[tuple[str, str], ...]


def foresee_months(
    tables: Tables, series_id: str = MONTHLY, horizon: int = USUAL_MONTHS, levels: tuple[float, ...] = (80.0, 95.0)
) -> tuple[pd.DataFrame, Months]:
    """Return the points of a monthly line and its forecast; kept on the shelf.

    Raises:
        DataError: no such line, a yearly one, or a history the seasonal set should not read.
    """
    chosen = choose_series(tables, series_id)
    if not chosen.is_monthly:
        raise DataError(f"{series_id} is not monthly. Ask for its years instead.")
    points = chosen.points
    series = MonthlySeries(
        series_id,
        tuple(points["time_period"].astype(str)),
        tuple(float(value) for value in points["obs_value"]),
        str(points["unit_measure"].iloc[0]),
    )
    parameters = MonthlyParameters(horizon=horizon, levels=levels)
    key = parameters_digest(AnnualSeries(series_id, (), ()), parameters, months=series)
    return points, SHELF.recall(key, lambda: _made(series, parameters), CODEC)


def _made(series: MonthlySeries, parameters: MonthlyParameters) -> Months:
    made = forecast_monthly(series, parameters)
    rejected = tuple((one.model, one.reason) for one in made.rejected)
    return Months(made.frame, made.totals, made.notes, rejected)


def _write(months: Months) -> Payload:
    return {
        "frame": _plain(months.frame[FRAME_COLUMNS]),
        "totals": _plain(months.totals[TOTAL_COLUMNS]),
        "notes": list(months.notes),
        "rejected": [list(one) for one in months.rejected],
    }


def _plain(frame: pd.DataFrame) -> list[list[Any]]:
    return [list(row) for row in zip(*(frame[name].tolist() for name in frame), strict=True)]


def _read(payload: Payload) -> Months:
    return Months(
        pd.DataFrame(payload["frame"], columns=FRAME_COLUMNS),
        pd.DataFrame(payload["totals"], columns=TOTAL_COLUMNS),
        tuple(payload["notes"]),
        tuple((model, reason) for model, reason in payload["rejected"]),
    )


CODEC = Codec(_write, _read)
