"""The exhibit of the months ahead: Russia-reported trade with China after its last month, with totals of years."""

from dataclasses import replace
from typing import Any

import pandas as pd

from components import labels
from components.charts import outlook as charts
from components.marks import COLUMNS, absent, exhibit, gather, points_of, without
from components.outlook.made import forecast_mark
from components.views import Exhibit, Selection
from pipelines.errors import DataError
from pipelines.outlook.choice import choose_series
from pipelines.outlook.months import MONTHLY, Months, foresee_months
from pipelines.tables import Tables

TITLE = "Months after the last one published: Russia reporting"
SUMS = "Totals of years are sums along simulated paths; adding up monthly bands would exaggerate."
ENDED = "The line ends in {last}; the forecast starts there and knows nothing of what came since."
COLUMN_HEADS = {"label": "Mark", "time_period": "Period", "obs_value": "Value", "low": "Band from", "high": "Band to"}
SHOWN_FROM = "2015"


def months(tables: Tables, selection: Selection) -> Exhibit:
    """Draw the monthly line, its bands and median; yearly totals are told in the summary and the table."""
    del selection
    try:
        choose_series(tables, MONTHLY)
    except DataError:
        return without(TITLE, absent(tables, "monthly trade of Russia with China"))
    try:
        points, made = foresee_months(tables)
    except DataError as refused:
        return without(TITLE, str(refused).replace(MONTHLY, "This monthly series"))
    known = points_of(tables, points[points["time_period"] >= SHOWN_FROM], "history", "Russia reporting")
    drawn = gather(known, _ahead(points, made))
    marks = gather(drawn, _totals(points, made)).reindex(
        columns=[*COLUMNS, "level", "words", "low", "high", "quantity"]
    )
    unit = str(points["unit_measure"].iloc[0])
    limits = {n: [labels.value(v, unit) if v == v else "" for v in marks[f"value_{n}"]] for n in ("low", "high")}  # noqa: PLR0124
    marks = marks.assign(**limits, quantity="Goods trade turnover")
    figure = charts.fan(marks[marks["series"] != "total"])
    last = labels.period(str(points["time_period"].iloc[-1]))
    shown = exhibit(TITLE, figure, marks, _sentences(made, unit), [ENDED.format(last=last), *made.notes, SUMS])
    return replace(shown, columns=COLUMN_HEADS)


def _common(points: pd.DataFrame) -> dict[str, Any]:
    return forecast_mark(points, f"median of the seasonal set, {len(points)} months")


def _ahead(points: pd.DataFrame, made: Months) -> pd.DataFrame:
    common = _common(points)
    bands = [
        common | {"series": "band", "label": f"{row['level']:g} % band", "level": row["level"]} | _limits(row)
        for row in made.frame.to_dict("records")
    ]
    middle = common | {"series": "median", "label": "Median of the seasonal set"}
    medians = [
        middle | {"time_period": row["time_period"], "obs_value": row["point"]}
        for row in made.frame.drop_duplicates("time_period").to_dict("records")
    ]
    return pd.DataFrame([*bands, *medians]).reindex(columns=[*COLUMNS, "level"])


def _limits(row: dict[Any, Any]) -> dict[str, Any]:
    return {
        "time_period": row["time_period"], "obs_value": row["point"],
        "value_low": row["pi_lower"], "value_high": row["pi_upper"],
    }  # fmt: skip


def _totals(points: pd.DataFrame, made: Months) -> pd.DataFrame:
    common = _common(points) | {"series": "total"}
    rows = [
        common
        | {"label": f"Total of the year, {row['level']:g} % band", "level": row["level"]}
        | {"formula": f"{row['known_months']} known months and simulated paths"}
        | _limits(row)
        for row in made.totals.to_dict("records")
    ]
    return pd.DataFrame(rows).reindex(columns=[*COLUMNS, "level"])


def _sentences(made: Months, unit: str) -> list[str]:
    first = made.totals.drop_duplicates("time_period").to_dict("records")
    told = [
        f"{row['time_period']}: {labels.value(row['point'], unit)} "
        f"({row['level']:g} % band {labels.value(row['pi_lower'], unit)} to {labels.value(row['pi_upper'], unit)})"
        for row in first
    ]
    return [f"Totals expected from the months: {'; '.join(told)}."] if told else []
