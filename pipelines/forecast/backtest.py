"""The record of a model on one series: forecasts made at past origins, held against what came."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipelines.forecast import losses
from pipelines.forecast.annual import TITLES, Parameters, distribute_single, forecast
from pipelines.forecast.intervals import Distribution
from pipelines.forecast.models import MODELS, project_models
from pipelines.forecast.refusals import refusal
from pipelines.forecast.series import AnnualSeries, cut, refuse_unfit

LEAST_TRAINING = 12
USUAL_TRAINING = 15
BENCHMARKS = ("naive", "drift")
WARNING = "Few origins say little: neighbouring forecasts share most of their data and most of their errors."
ROW_COLUMNS = [
    "model", "origin", "horizon", "time_period", "level", "point", "pi_lower", "pi_upper", "obs_value", "scale",
]  # fmt: skip
SCORE_COLUMNS = ["model", "level", "origins", "pairs", "mase", "smape", "coverage", "msis"]


@dataclass(frozen=True, eq=False)
class Backtest:
    """Past forecasts (ROW_COLUMNS, `scale` is the yardstick of that origin) and their scores (SCORE_COLUMNS)."""

    model: str
    rows: pd.DataFrame
    scores: pd.DataFrame
    sentence: str
    warning: str = WARNING


def backtest(series: AnnualSeries, parameters: Parameters, *, least_training: int = USUAL_TRAINING) -> Backtest:
    """Forecast from every origin that leaves `least_training` years before it, with naive and drift beside.

    Only the years up to an origin are read for its forecast. The horizon shrinks to what can be checked.

    Raises:
        ForecastRefusal: the series is unfit, or too short for a single origin.
    """
    window = cut(series, first=parameters.first_year, last=parameters.last_year)
    refuse_unfit(window)
    own_least = MODELS[parameters.model].minimum if parameters.model in MODELS else LEAST_TRAINING
    least = max(LEAST_TRAINING, least_training, own_least)
    if window.count <= least or not window.positive:
        raise refusal(
            "too_few_origins",
            series=series.series_id,
            count=window.count,
            least=least + 1,
            horizon=parameters.horizon,
        )
    blocks = [block for length in range(least, window.count) for block in _origin_blocks(window, length, parameters)]
    rows = pd.concat(blocks, ignore_index=True)[ROW_COLUMNS]
    scores = score(rows)
    return Backtest(parameters.model, rows, scores, _sentence(parameters.model, rows, scores))


def score(rows: pd.DataFrame) -> pd.DataFrame:
    """Score rows of past forecasts by model and level; every origin's errors are divided by its own yardstick."""
    scores = []
    for (model, level), group in rows.groupby(["model", "level"], sort=False):
        scale = group["scale"].to_numpy(np.float64)
        actual, point = group["obs_value"].to_numpy(np.float64), group["point"].to_numpy(np.float64)
        lower, upper = group["pi_lower"].to_numpy(np.float64), group["pi_upper"].to_numpy(np.float64)
        scores.append(
            {
                "model": model,
                "level": level,
                "origins": group["origin"].nunique(),
                "pairs": len(group),
                "mase": losses.mase(actual / scale, point / scale, 1.0),
                "smape": losses.smape(actual, point),
                "coverage": losses.coverage(actual, lower, upper),
                "msis": losses.msis(actual / scale, (lower / scale, upper / scale), float(str(level)), 1.0),
            }
        )
    return pd.DataFrame(scores, columns=SCORE_COLUMNS)


def _origin_blocks(window: AnnualSeries, length: int, parameters: Parameters) -> list[pd.DataFrame]:
    past = cut(window, last=window.years[length - 1])
    horizon = min(parameters.horizon, window.count - length, length // 2)
    future = np.array(window.values[length : length + horizon])
    at_origin = replace(parameters, horizon=horizon, first_year=None, last_year=None)
    distributions = {parameters.model: forecast(past, at_origin).distribution}
    benchmarks, _ = project_models(past.array, horizon, BENCHMARKS)
    for name, projection in benchmarks.items():
        distributions.setdefault(name, distribute_single(name, projection, past.array, parameters.constants))
    scale = float(np.mean(np.abs(np.diff(past.array))))
    return [
        _block(distribution, level, past.origin, future).assign(model=model, scale=scale)
        for model, distribution in distributions.items()
        for level in parameters.levels
    ]


def _block(distribution: Distribution, level: float, origin: int, future: np.ndarray) -> pd.DataFrame:
    lower, upper = distribution.interval(level)
    steps = np.arange(1, len(future) + 1)
    columns = {"origin": origin, "horizon": steps, "time_period": (origin + steps).astype(str), "level": float(level)}
    bands = {"point": distribution.points, "pi_lower": lower, "pi_upper": upper, "obs_value": future}
    return pd.DataFrame(columns | bands)


def _sentence(model: str, rows: pd.DataFrame, scores: pd.DataFrame) -> str:
    """Say in one sentence how the model did against the last value, and how often its first band held."""
    level = rows["level"].iloc[0]
    first = scores[scores["level"] == level].set_index("model")
    own = first.loc[model]
    hits = round(own["coverage"] * own["pairs"])
    band = f"its {level:g} % band held {100 * own['coverage']:.0f} % ({hits} of {int(own['pairs'])} values)"
    years = f"{rows['origin'].min()}–{rows['origin'].max()}"
    start = f"From {int(own['origins'])} past origins ({years}) {TITLES[model]} erred by"
    if model == "naive" or "naive" not in first.index:
        return f"{start} {own['mase']:.2f} usual yearly changes on average; {band}."
    rivals = {"naive": "repeating the last value", "drift": "drift"}
    changes = {
        name: own["mase"] / first.loc[name, "mase"] - 1 for name in rivals if name in first.index and name != model
    }
    told = [f"{100 * abs(by):.0f} % {'less' if by < 0 else 'more'} than {rivals[name]}" for name, by in changes.items()]
    return f"{start} {' and '.join(told)}; {band}."
