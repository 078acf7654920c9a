"""The forecast of one annual series: points, bands, members and the words that go with them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipelines.errors import nearest
from pipelines.forecast.combination import CONSTANTS, LEAST_MEMBERS, distribute, distribute_linear
from pipelines.forecast.digest import parameters_digest
from pipelines.forecast.intervals import Distribution
from pipelines.forecast.models import MEDIAN_MEMBERS, MODELS, Rejection, project_models
from pipelines.forecast.projection import Floats, Projection
from pipelines.forecast.refusals import (
    LEAST_FOR_MEDIAN,
    LEAST_FOR_PROBABILITY,
    LOW_CONFIDENCE_BELOW,
    REFUSALS,
    refusal,
)
from pipelines.forecast.series import AnnualSeries, cut, refuse_horizon, refuse_unfit

MEDIAN = "median"
TITLES = {MEDIAN: "Median combination", **{name: model.title for name, model in MODELS.items()}}
FRAME_COLUMNS = ["origin", "horizon", "time_period", "level", "point", "pi_lower", "pi_upper"]
MEMBER_COLUMNS = ["model", "horizon", "time_period", "point", "half_spread"]
_JUMP_SPREADS = 4.0
_JUMP_LEAST = 0.25


@dataclass(frozen=True)
class Parameters:
    """What the reader chose; `first_year` and `last_year` bound the training window, levels are in percent."""

    horizon: int = 5
    model: str = MEDIAN
    levels: tuple[float, ...] = (80.0, 95.0)
    constants: str = "shipped"
    first_year: int | None = None
    last_year: int | None = None


@dataclass(frozen=True, eq=False)
class Forecast:
    """A forecast and all that must be said beside it.

    `frame` has one row for each level and year (FRAME_COLUMNS), `members` one for each model and year
    (MEMBER_COLUMNS). `model` is the one used, which a short or failing series can make another than the one asked for.
    `no_probability` holds the words shown in place of a probability and is empty when one may be given; `scenario` is
    the label of the assumption made and is empty for the forecast proper.
    """

    series: AnnualSeries
    parameters: Parameters
    model: str
    distribution: Distribution
    frame: pd.DataFrame
    members: pd.DataFrame
    rejected: tuple[Rejection, ...]
    notes: tuple[str, ...]
    no_probability: str
    digest: str
    scenario: str = ""

    @property
    def origin(self) -> int:
        """Year of the last value used."""
        return self.series.origin

    @property
    def years(self) -> tuple[int, ...]:
        """The years ahead."""
        return tuple(self.origin + step for step in range(1, self.distribution.horizon + 1))


@dataclass
class _Draft:
    """What fitting found out, before it is laid out as frames."""

    model: str
    distribution: Distribution
    projections: dict[str, Projection]
    rejected: tuple[Rejection, ...] = ()
    notes: list[str] = field(default_factory=list)


def forecast(series: AnnualSeries, parameters: Parameters | None = None) -> Forecast:
    """Forecast an annual series.

    Raises:
        ForecastRefusal: the history, the horizon, a level or the chosen model does not allow a forecast.
    """
    chosen = parameters or Parameters()
    window = cut(series, first=chosen.first_year, last=chosen.last_year)
    refuse_unfit(window)
    refuse_horizon(chosen.horizon, window.count)
    refuse_choices(chosen)
    draft = _draft(window, chosen)
    return Forecast(
        series=window,
        parameters=chosen,
        model=draft.model,
        distribution=draft.distribution,
        frame=lay_out(draft.distribution, window.origin, chosen.levels),
        members=_lay_out_members(draft.projections, window.origin),
        rejected=draft.rejected,
        notes=(_say_window(series, window), *draft.notes, *_say_record(window)),
        no_probability=_no_probability(window),
        digest=parameters_digest(series, chosen),
    )


def lay_out(distribution: Distribution, origin: int, levels: Sequence[float]) -> pd.DataFrame:
    """Rows of a fan: one for each level and year."""
    steps = np.tile(np.arange(1, distribution.horizon + 1), len(levels))
    lower, upper = np.hstack([np.array(distribution.interval(level)) for level in levels])
    columns = {
        "origin": origin,
        "horizon": steps,
        "time_period": (origin + steps).astype(str),
        "level": np.repeat(np.array(levels, dtype=np.float64), distribution.horizon),
        "point": np.tile(distribution.points, len(levels)),
        "pi_lower": lower,
        "pi_upper": upper,
    }
    return pd.DataFrame(columns, columns=FRAME_COLUMNS)


def distribute_single(name: str, projection: Projection, history: Floats, constants: str) -> Distribution:
    """Distribution of one model shown on its own."""
    return distribute([projection], history, constants, widening=MODELS[name].widening)


def _draft(window: AnnualSeries, chosen: Parameters) -> _Draft:
    if not window.positive:
        return _draft_drift_only(window, chosen)
    if chosen.model == MEDIAN and window.count < LEAST_FOR_MEDIAN:
        note = f"Too short to test: {window.count} values, so the last value is repeated and the band is wide."
        return _draft_single(window, chosen, "naive", note)
    if chosen.model != MEDIAN:
        _refuse_short(window, chosen.model)
        return _draft_single(window, chosen, chosen.model, MODELS[chosen.model].remark)
    projections, rejected = project_models(window.array, chosen.horizon, MEDIAN_MEMBERS)
    if len(projections) < LEAST_MEMBERS:
        return _draft_fallback(window, chosen, projections, rejected)
    distribution = distribute(list(projections.values()), window.array, chosen.constants)
    return _Draft(MEDIAN, distribution, projections, rejected)


def _draft_drift_only(window: AnnualSeries, chosen: Parameters) -> _Draft:
    projections, _ = project_models(window.array, chosen.horizon, ("drift",))
    words = REFUSALS["not_positive"].words.format(series=window.series_id)
    return _Draft("drift", distribute_linear(projections["drift"], chosen.constants), projections, notes=[words])


def _draft_single(window: AnnualSeries, chosen: Parameters, name: str, note: str = "") -> _Draft:
    projections, rejected = project_models(window.array, chosen.horizon, (name,))
    if rejected:
        raise refusal("model_rejected", model=MODELS[name].title, reason=rejected[0].reason)
    distribution = distribute_single(name, projections[name], window.array, chosen.constants)
    return _Draft(name, distribution, projections, notes=[note] if note else [])


def _draft_fallback(
    window: AnnualSeries, chosen: Parameters, projections: dict[str, Projection], rejected: tuple[Rejection, ...]
) -> _Draft:
    """Fewer than three members left: drift, or the last value when drift itself was turned down."""
    name = "drift" if "drift" in projections else "naive"
    draft = _draft_single(window, chosen, name)
    draft.rejected = rejected
    draft.projections = projections | draft.projections
    draft.notes = [f"Only {len(projections)} members were usable, so {MODELS[name].title} stands in for the median."]
    return draft


def refuse_choices(chosen: Parameters) -> None:
    """Refuse a model, level or set of constants that is not on offer."""
    if chosen.model not in TITLES:
        raise refusal(
            "model_unknown", model=chosen.model, nearest=nearest(chosen.model, TITLES), others=", ".join(TITLES)
        )
    wrong = [level for level in chosen.levels if not 50 <= level <= 99]
    if wrong or not chosen.levels:
        raise refusal("level", level=", ".join(f"{level:g}" for level in wrong) or "none")
    if chosen.constants not in CONSTANTS:
        raise refusal(
            "constants_unknown",
            constants=chosen.constants,
            nearest=nearest(chosen.constants, CONSTANTS),
            others=", ".join(CONSTANTS),
        )


def _refuse_short(window: AnnualSeries, name: str) -> None:
    model = MODELS[name]
    if window.count < model.minimum:
        fitting = [other.title for other in MODELS.values() if other.minimum <= window.count]
        if window.count >= LEAST_FOR_MEDIAN:
            fitting.append(TITLES[MEDIAN])
        raise refusal(
            "model_short",
            model=model.title,
            least=model.minimum,
            series=window.series_id,
            count=window.count,
            others=", ".join(fitting),
        )


def _no_probability(window: AnnualSeries) -> str:
    if not window.positive:
        return REFUSALS["not_positive"].words.format(series=window.series_id)
    if window.count < LEAST_FOR_PROBABILITY:
        return REFUSALS["no_probability"].words.format(count=window.count, least=LEAST_FOR_PROBABILITY)
    return ""


def _say_window(series: AnnualSeries, window: AnnualSeries) -> str:
    years = f"{window.years[0]}–{window.origin}"
    if window.count == series.count:
        return f"Fitted to {window.count} yearly values, {years}."
    return f"Fitted to {window.count} of {series.count} yearly values, {years}; the others were left out by choice."


def _say_record(window: AnnualSeries) -> list[str]:
    """Warnings that follow from the history alone."""
    notes = []
    if LEAST_FOR_MEDIAN <= window.count < LOW_CONFIDENCE_BELOW:
        notes.append(f"Low confidence: only {window.count} values.")
    if window.positive and _last_is_unusual(window.array):
        notes.append(f"The value of {window.origin} is unusual; the forecast leans on it.")
    return notes


def _last_is_unusual(history: Floats) -> bool:
    """Whether the last yearly change is over four robust spreads and over 25 log points from the middle one."""
    changes = np.diff(np.log(history))
    middle = float(np.median(changes))
    spread = 1.4826 * float(np.median(np.abs(changes - middle)))
    return bool(abs(changes[-1] - middle) > max(_JUMP_SPREADS * spread, _JUMP_LEAST))


def _lay_out_members(projections: dict[str, Projection], origin: int) -> pd.DataFrame:
    rows = [
        (name, step, str(origin + step), point, spread)
        for name, projection in projections.items()
        for step, (point, spread) in enumerate(
            zip(projection.points.tolist(), projection.half_spread.tolist(), strict=True), 1
        )
    ]
    return pd.DataFrame(rows, columns=MEMBER_COLUMNS)
