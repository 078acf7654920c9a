"""One answer about the years ahead: fan, members, odds of the target, growth it asks for, and all refusals in words."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import pandas as pd

from pipelines.errors import DataError
from pipelines.forecast.annual import FRAME_COLUMNS, MEMBER_COLUMNS, TITLES, Forecast, Parameters, forecast, lay_out
from pipelines.forecast.attain import (
    ODDS_COLUMNS,
    PATH_COLUMNS,
    Odds,
    Target,
    likely_years,
    odds,
    odds_by_then,
    odds_by_year,
    refuse_target,
    required_path,
)
from pipelines.forecast.backtest import ROW_COLUMNS, SCORE_COLUMNS, Backtest, backtest
from pipelines.forecast.digest import parameters_digest
from pipelines.forecast.intervals import Distribution
from pipelines.forecast.models import Rejection
from pipelines.forecast.refusals import LONGEST_HORIZON
from pipelines.forecast.scenarios import GROWTH_COLUMNS, as_if_made_in, follow_brent, grow_constantly, ramp_up
from pipelines.forecast.series import AnnualSeries, cut
from pipelines.outlook.choice import Chosen, choose_series
from pipelines.outlook.question import Question
from pipelines.outlook.shelf import SHELF, Codec, Payload
from pipelines.tables import Tables

BRENT = "eia.W00._Z.BRENT_PRICE.CRUDE_OIL._Z.A"
USUAL_HORIZON = 5
NAIVE_COLUMNS = ["time_period", "point"]
Found = TypeVar("Found")


@dataclass(frozen=True, eq=False)
class Outlook:
    """The answer to a question; what could not be said is empty, and its words say why.

    `refusal` stands in the place of the whole forecast, `no_odds` in that of the probability, `no_path` in that of the
    growth a target asks for. `odds` holds the probability unrounded. `by_then` is that of any year up to the deadline.
    """

    question: Question
    chosen: Chosen
    made: Forecast | None
    refusal: str
    naive: pd.DataFrame
    growth: pd.DataFrame
    odds: Odds | None
    no_odds: str
    by_then: float | None
    by_year: pd.DataFrame
    required: pd.DataFrame
    no_path: str
    median_year: int | None

    @property
    def model_title(self) -> str:
        """Name of the model used."""
        return TITLES[self.made.model] if self.made else ""

    @property
    def rejected(self) -> tuple[tuple[str, str], ...]:
        """Name and reason of every fit that was turned down."""
        return tuple((TITLES[one.model], one.reason) for one in self.made.rejected) if self.made else ()

    @property
    def required_cagr(self) -> float | None:
        """Yearly growth from the last value to the target, 0.05 for five percent."""
        return float(self.required["required_cagr"].iloc[0]) if len(self.required) else None


def foresee(tables: Tables, question: Question) -> Outlook:
    """Answer a question from the tables.

    Raises:
        DataError: there is no such series; whatever else cannot be answered is said in the answer.
    """
    chosen = choose_series(tables, question.series_id)
    made, refused = _attempt(lambda: _forecast(tables, chosen, question))
    growth, no_growth = _attempt(lambda: _grow(question, made))
    target = _target(question)
    found, no_odds = (None, "") if target is None or made is None else _attempt(lambda: odds(made, target))
    required, no_path = _attempt(lambda: _required(chosen.series, question))
    return Outlook(
        question=question,
        chosen=chosen,
        made=made,
        refusal=refused or no_growth,
        naive=_naive(made),
        growth=growth if growth is not None else pd.DataFrame(columns=GROWTH_COLUMNS),
        odds=found,
        no_odds=no_odds or (refused if target is not None else ""),
        by_then=odds_by_then(made, target) if made and target and found else None,
        by_year=_by_year(made, question),
        required=required if required is not None else pd.DataFrame(columns=PATH_COLUMNS),
        no_path=no_path,
        median_year=_median_year(made, question),
    )


def keep_record(tables: Tables, question: Question) -> Backtest:
    """Return the record of the chosen model on the chosen series; kept on the shelf.

    Raises:
        DataError: no such series, or one that is unfit or too short for a single origin.
    """
    chosen = choose_series(tables, question.series_id)
    _refuse_monthly(chosen)
    if chosen.series.count and not chosen.series.positive:
        name = chosen.series.series_id
        raise DataError(f"No backtest: {name} has values at or below zero, and the record was kept for positive ones.")
    parameters = _parameters(dataclasses.replace(question, horizon=question.horizon or USUAL_HORIZON), chosen.series)
    key = parameters_digest(chosen.series, parameters, record=True)
    return SHELF.recall(key, lambda: backtest(chosen.series, parameters), RECORD)


def fit(series: AnnualSeries, parameters: Parameters) -> Forecast:
    """Forecast a series, or take the forecast from the shelf."""
    key = parameters_digest(series, parameters)
    return SHELF.recall(key, lambda: forecast(series, parameters), FORECAST)


def _attempt(answer: Callable[[], Found]) -> tuple[Found | None, str]:
    """Return an answer, or the words of its refusal."""
    try:
        return answer(), ""
    except DataError as refused:
        return None, str(refused)


def _forecast(tables: Tables, chosen: Chosen, question: Question) -> Forecast:
    _refuse_monthly(chosen)
    series, parameters, scenario = chosen.series, _parameters(question, chosen.series), question.scenario
    if scenario.kind == "brent":
        brent = choose_series(tables, BRENT).series
        key = parameters_digest(series, parameters, brent=brent, path=scenario.path)
        return SHELF.recall(key, lambda: follow_brent(series, brent, scenario.path, parameters), FORECAST)
    made = fit(series, parameters) if question.last_year is None else _as_if(series, question.last_year, parameters)
    if scenario.kind == "ramp":
        _refuse_ramp(chosen)
        return ramp_up(
            made, start_year=scenario.start_year, years_to_capacity=scenario.years, capacity=scenario.capacity
        )
    return made


def _as_if(series: AnnualSeries, year: int, parameters: Parameters) -> Forecast:
    key = parameters_digest(series, parameters, as_if=True)
    return SHELF.recall(key, lambda: as_if_made_in(series, year, parameters), FORECAST)


def _refuse_monthly(chosen: Chosen) -> None:
    if chosen.is_monthly:
        name = chosen.points["line_id"].iloc[0]
        raise DataError(f"{name} is monthly; the fan of years reads yearly values. Choose a yearly series.")


def _refuse_ramp(chosen: Chosen) -> None:
    if not str(chosen.points["indicator"].iloc[0]).startswith("GAS_"):
        raise DataError("A new pipeline's ramp-up can be added to gas series only. Choose one, or another scenario.")


def _parameters(question: Question, series: AnnualSeries) -> Parameters:
    return Parameters(
        horizon=question.horizon if question.horizon is not None else _horizon(question, series),
        model=question.model,
        levels=question.levels,
        first_year=question.first_year,
        last_year=question.last_year,
    )


def _horizon(question: Question, series: AnnualSeries) -> int:
    """Years to the deadline, at least five, at most what is allowed; then the target is refused and not the fan."""
    window = cut(series, first=question.first_year, last=question.last_year)
    wanted = max(USUAL_HORIZON, (question.deadline or 0) - window.origin)
    return max(1, min(wanted, LONGEST_HORIZON, window.count // 2))


def _target(question: Question) -> Target | None:
    if question.target is None or question.deadline is None:
        return None
    return Target(question.target, question.deadline, question.target_unit, question.target_basis)


def _grow(question: Question, made: Forecast | None) -> pd.DataFrame | None:
    if question.scenario.kind != "growth" or made is None:
        return None
    return grow_constantly(made.series, question.scenario.rate, made.distribution.horizon)


def _required(series: AnnualSeries, question: Question) -> pd.DataFrame | None:
    target = _target(question)
    if target is None or series.quoted_only or not series.count:
        return None
    return required_path(cut(series, first=question.first_year, last=question.last_year), target)


def _naive(made: Forecast | None) -> pd.DataFrame:
    if made is None:
        return pd.DataFrame(columns=NAIVE_COLUMNS)
    periods = [str(year) for year in (made.origin, *made.years)]
    return pd.DataFrame({"time_period": periods, "point": made.series.values[-1]})[NAIVE_COLUMNS]


def _is_measured_alike(made: Forecast, question: Question) -> bool:
    target = Target(question.target or 0.0, made.years[-1], question.target_unit, question.target_basis)
    return not _attempt(lambda: refuse_target(made.series, target))[1]


def _by_year(made: Forecast | None, question: Question) -> pd.DataFrame:
    if made is None or question.target is None or made.no_probability or not _is_measured_alike(made, question):
        return pd.DataFrame(columns=ODDS_COLUMNS)
    return odds_by_year(made, Target(question.target, made.years[-1]))


def _median_year(made: Forecast | None, question: Question) -> int | None:
    if made is None or question.target is None or not _is_measured_alike(made, question):
        return None
    return next(iter(likely_years(made, question.target)), None)


def _plain(frame: pd.DataFrame) -> list[list[Any]]:
    return [list(row) for row in zip(*(frame[name].tolist() for name in frame), strict=True)]


def _write_forecast(made: Forecast) -> Payload:
    return {
        "series": dataclasses.asdict(made.series),
        "parameters": dataclasses.asdict(made.parameters),
        "model": made.model,
        "distribution": dataclasses.asdict(made.distribution),
        "members": _plain(made.members[MEMBER_COLUMNS]),
        "rejected": [[one.model, one.reason] for one in made.rejected],
        "notes": list(made.notes),
        "no_probability": made.no_probability,
        "digest": made.digest,
        "scenario": made.scenario,
    }


def _tuples(entries: Payload) -> dict[str, Any]:
    return {name: tuple(entry) if isinstance(entry, list) else entry for name, entry in entries.items()}


def _read_forecast(payload: Payload) -> Forecast:
    series = AnnualSeries(**_tuples(payload["series"]))
    parameters = Parameters(**_tuples(payload["parameters"]))
    distribution = Distribution(**_tuples(payload["distribution"]))
    return Forecast(
        series=series,
        parameters=parameters,
        model=payload["model"],
        distribution=distribution,
        frame=lay_out(distribution, series.origin, parameters.levels)[FRAME_COLUMNS],
        members=pd.DataFrame([tuple(row) for row in payload["members"]], columns=MEMBER_COLUMNS),
        rejected=tuple(Rejection(model, reason) for model, reason in payload["rejected"]),
        notes=tuple(payload["notes"]),
        no_probability=payload["no_probability"],
        digest=payload["digest"],
        scenario=payload["scenario"],
    )


def _write_record(record: Backtest) -> Payload:
    return {
        "model": record.model,
        "rows": _plain(record.rows[ROW_COLUMNS]),
        "scores": _plain(record.scores[SCORE_COLUMNS]),
        "sentence": record.sentence,
    }


def _read_record(payload: Payload) -> Backtest:
    rows = pd.DataFrame([tuple(row) for row in payload["rows"]], columns=ROW_COLUMNS)
    scores = pd.DataFrame([tuple(row) for row in payload["scores"]], columns=SCORE_COLUMNS)
    return Backtest(payload["model"], rows, scores, payload["sentence"])


FORECAST = Codec(_write_forecast, _read_forecast)
RECORD = Codec(_write_record, _read_record)
