"""Annual forecasts against their members' bare statsmodels fits, two processes against one, and the quality gates.

`python -m benchmarks.forecast [DATA.csv SCORER.py]` prints the ratios; with data and a scorer also the gates.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
from statsmodels.tsa.arima.model import ARIMA
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.forecasting.theta import ThetaModel
from statsmodels.tsa.statespace.sarimax import SARIMAX

from benchmarks.web import Result
from pipelines.forecast import arima, batch, ets, theta
from pipelines.forecast.annual import Parameters, forecast
from pipelines.forecast.batch import forecast_many
from pipelines.forecast.monthly import MonthlyParameters, MonthlySeries, forecast_monthly
from pipelines.forecast.series import AnnualSeries

ROOT = Path(__file__).resolve().parents[1]
HORIZON = 6
LENGTHS = (14, 20, 30, 40)
SERIES = 322
SCORES = ("OWA", "cover80", "cover95", "MSIS95")
GATES = {"narrow": "OWA <= .840, cover80 .76-.87, cover95 .93-.98, MSIS95 <= 19.7", "shipped": "MSIS95 <= 20.2"}


def made_up(size: int, seed: int) -> np.ndarray:
    """Return a growing series with noise."""
    return 100 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0.03, 0.1, size)))


def bare_fits(history: np.ndarray) -> None:
    """Fit the members with statsmodels alone: six ETS forms, damped trend, Theta and the ARIMA grid."""
    values = pd.Series(history)
    for name in (*ets.FORMS, "AAdN"):
        form = ets.FORMS[name]
        bounds = {"smoothing_level": ets.LEVEL_BOUNDS}
        bounds |= {"smoothing_trend": ets.SLOPE_BOUNDS} if form.trend else {}
        bounds |= {"damping_trend": ets.DAMPING_BOUNDS} if form.damped else {}
        error, trend = "mul" if form.multiplicative else "add", "add" if form.trend else None
        ETSModel(values, error=error, trend=trend, damped_trend=form.damped, bounds=bounds).fit(disp=False)
    transformed = pd.Series(theta.choose_box_cox(history).apply(history))
    ThetaModel(transformed, period=1, deseasonalize=False).fit().prediction_intervals(HORIZON)
    differences = arima.count_differences(history)
    trends = ("n", "c") if differences == 0 else ("n", "t") if differences == 1 else ("n",)
    for p, q in arima.ORDERS:
        for trend in trends:
            ARIMA(history, order=(p, differences, q), trend=trend).fit()


def seconds(call: Callable[[], object]) -> float:
    """Return the wall time of one call."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def longer_path(jobs: int) -> float:
    """Return the processor seconds of the longest path through a batch: on free cores it takes as long on the clock.

    Half the children's time may miss how evenly they shared the work, so one chunk is added. The clock itself measures
    how busy the machine is.
    """
    before = processor_seconds()
    many(jobs)
    own, children = (after - start for after, start in zip(processor_seconds(), before, strict=True))
    return own if jobs == 1 else own + children / jobs + children * batch.CHUNK / SERIES


def processor_seconds() -> tuple[float, float]:
    """Return what this process and its children that ended have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return used[0].ru_utime + used[0].ru_stime, used[1].ru_utime + used[1].ru_stime


def measure() -> list[Result]:
    """Return the ratios, taken in a process whose linear algebra has one thread.

    Threads cost the peer much more than they cost us on a busy machine, and would flatter the ratio.
    """
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.forecast", "--ratios"]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    printed = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
    return [Result(**ratio) for ratio in json.loads(printed)]


def ratios() -> list[Result]:
    """Measure in this process."""
    histories = [made_up(size, seed) for size in LENGTHS for seed in range(2)]
    for fit in (forecast_values, bare_fits):
        fit(histories[0])
    ours, peer = (
        sum(seconds(lambda fit=fit, history=history: fit(history)) for history in histories) / len(histories)
        for fit in (forecast_values, bare_fits)
    )
    one, two = longer_path(1), longer_path(2)
    airline, month = (min(seconds(call) for _ in range(2)) for call in (bare_airline, monthly))
    return [
        Result("annual forecast, against its members' bare statsmodels fits", ours, peer, "s", 1.2),
        Result(f"{SERIES} series with two processes, against one (processor time)", two, one, "s", 0.6),
        Result(
            "monthly forecast with eight past origins, against nine bare airline fits", month, 9 * airline, "s", 1.2
        ),
    ]


def forecast_values(history: np.ndarray) -> None:
    """Forecast one made-up series with the defaults."""
    years = tuple(range(2000, 2000 + len(history)))
    forecast(AnnualSeries("x", years, tuple(history.tolist())), Parameters(horizon=HORIZON))


def many(jobs: int) -> None:
    """Forecast as many series as the development set has, of its usual lengths."""
    blocks = []
    for number in range(SERIES):
        values = made_up(LENGTHS[number % len(LENGTHS)], number)
        blocks.append(pd.DataFrame({"series_id": str(number), "t": range(len(values)), "value": values}))
    forecast_many(pd.concat(blocks), horizon=HORIZON, jobs=jobs)


def seasonal_values() -> np.ndarray:
    """Return sixteen years of months."""
    return made_up(192, 5) * np.exp(0.2 * np.sin(np.arange(192) * np.pi / 6))


def monthly() -> None:
    """Forecast one monthly series with the defaults."""
    periods = tuple(f"{2006 + k // 12}-{k % 12 + 1:02d}" for k in range(192))
    forecast_monthly(MonthlySeries("m", periods, tuple(seasonal_values().tolist())), MonthlyParameters())


def bare_airline() -> None:
    """Fit the airline model with statsmodels alone."""
    SARIMAX(np.log(seasonal_values()), order=(0, 1, 1), seasonal_order=(0, 1, 1, 12)).fit(disp=False)


def gates(data: Path, scorer: Path) -> dict[str, dict[str, float]]:
    """Return the scores of both sets of constants on a competition's data."""
    found = {}
    observations = pd.read_csv(data)
    horizon = int(observations[observations["split"] == "test"].groupby("series_id").size().max())
    with tempfile.TemporaryDirectory() as folder:
        for constants in GATES:
            frame = forecast_many(observations, horizon=horizon, constants=constants, jobs=2, fallback=True).frame
            forecasts, scores = Path(folder, "forecasts.csv"), Path(folder, "scores.json")
            frame.assign(model="ours").to_csv(forecasts, index=False)
            command = [sys.executable, str(scorer), str(forecasts), str(data), "--json", str(scores)]
            subprocess.run(command, check=True, capture_output=True)
            found[constants] = {name: json.loads(scores.read_text())[0][name] for name in SCORES}
    return found


def main(arguments: list[str]) -> None:
    """Print the ratios as JSON for the parent process, or ratios and gates for a reader."""
    if arguments == ["--ratios"]:
        print(json.dumps([asdict(result) for result in ratios()]))
        return
    for result in measure():
        verdict = "ok" if result.is_good else "BROKEN"
        print(
            f"{result.name}: {result.ours:.3g} / {result.peer:.3g} s = {result.ratio:.2f}, <= {result.limit} {verdict}"
        )
    if arguments:
        for constants, scored in gates(Path(arguments[0]), Path(arguments[1])).items():
            print(constants, {name: round(value, 4) for name, value in scored.items()}, "gate:", GATES[constants])


if __name__ == "__main__":
    main(sys.argv[1:])
