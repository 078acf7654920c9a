from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from statsmodels.datasets import co2, elec_equip, elnino
from statsmodels.tsa.statespace.sarimax import SARIMAX

from pipelines.errors import DataError
from pipelines.forecast import monthly, seasonal
from pipelines.forecast.intervals import DEGREES
from pipelines.forecast.monthly import (
    USUAL_WIDENING,
    MonthlyParameters,
    MonthlySeries,
    fit_widening,
    forecast_monthly,
    measure_coverage,
    past_errors,
    simulate_paths,
)
from pipelines.forecast.projection import FitRejectionError
from pipelines.forecast.refusals import ForecastRefusal


def months(count, first=2006):
    return tuple(f"{first + k // 12}-{k % 12 + 1:02d}" for k in range(count))


def series(count=128, seed=3):
    noise = np.random.default_rng(seed)
    season = 0.2 * np.sin(np.arange(count) * 2 * np.pi / 12)
    level = np.cumsum(noise.normal(0.005, 0.03, count))
    return MonthlySeries(
        "M", months(count), tuple((100 * np.exp(level + season + noise.normal(0, 0.02, count))).tolist())
    )


KNOWN = series()
CHOSEN = MonthlyParameters(horizon=16, origins=3)
MADE = forecast_monthly(KNOWN, CHOSEN)


def refused(code, history, parameters=CHOSEN):
    with pytest.raises(ForecastRefusal) as caught:
        forecast_monthly(history, parameters)
    assert caught.value.code == code


def test_frame_goes_on_month_by_month():
    assert KNOWN.periods[-1] == "2016-08"
    rows = MADE.frame[MADE.frame["level"] == 80]
    assert rows["time_period"].tolist()[:5] == ["2016-09", "2016-10", "2016-11", "2016-12", "2017-01"]
    assert (rows["pi_lower"] < rows["point"]).all() and (rows["point"] < rows["pi_upper"]).all()


def test_point_is_the_median_of_the_members():
    assert set(MADE.members["model"]) == set(seasonal.MEMBERS)
    expected = np.exp(np.log(MADE.members["point"]).groupby(MADE.members["horizon"]).median())
    assert list(MADE.distribution.points) == pytest.approx(expected.tolist())


def test_totals_add_known_months_and_hold_whole_years_only():
    totals = MADE.totals[MADE.totals["level"] == 80].set_index("time_period")
    assert totals["known_months"].to_dict() == {"2016": 8, "2017": 0}
    known = sum(KNOWN.values[-8:])
    rest = sum(MADE.distribution.points[:4])
    assert totals.loc["2016", "point"] == pytest.approx(known + rest, rel=0.01)
    assert totals.loc["2016", "pi_lower"] > known
    short = forecast_monthly(KNOWN, replace(CHOSEN, horizon=3))
    assert short.totals.empty


def test_totals_are_narrower_than_added_quantiles():
    rows = MADE.frame[(MADE.frame["level"] == 80) & MADE.frame["time_period"].str.startswith("2017")]
    total = MADE.totals[(MADE.totals["level"] == 80) & (MADE.totals["time_period"] == "2017")].iloc[0]
    added = rows["pi_upper"].sum() - rows["pi_lower"].sum()
    assert total["pi_upper"] - total["pi_lower"] < 0.95 * added


def test_paths_have_the_fans_quantiles():
    paths = simulate_paths(KNOWN, MADE.distribution, 0)
    assert np.quantile(paths, 0.9, axis=0) == pytest.approx(MADE.distribution.quantile(0.9), rel=0.02)


def test_same_data_and_parameters_give_the_same_bytes():
    again = forecast_monthly(KNOWN, CHOSEN)
    assert again.frame.to_csv() == MADE.frame.to_csv()
    assert again.totals.to_csv() == MADE.totals.to_csv()


def test_past_errors_do_not_read_the_future():
    logs = np.log(KNOWN.array)
    changed = logs.copy()
    changed[-6:] += 1.0
    one, two = past_errors(logs, CHOSEN), past_errors(changed, CHOSEN)
    assert one[:2] == pytest.approx(two[:2])
    assert not np.allclose(one[2], two[2])


def test_widening_follows_the_errors_and_is_drawn_to_the_usual_one():
    calm, wild = np.full((8, 12), 0.5), np.full((8, 12), 2.0)
    assert fit_widening(np.zeros((0, 12))) == pytest.approx(USUAL_WIDENING)
    assert fit_widening(calm) < USUAL_WIDENING < fit_widening(wild)


@pytest.mark.parametrize(
    ("error", "widening", "words"), [(0.3, 1.0, "only widened"), (2.5, 1.70, "1.70 times as wide")]
)
def test_bands_are_widened_and_never_narrowed(monkeypatch, error, widening, words):
    monkeypatch.setattr(monthly, "past_errors", lambda logs, parameters: np.full((8, 12), error))
    made = forecast_monthly(KNOWN, CHOSEN)
    assert made.widening == pytest.approx(widening, abs=0.01)
    assert any(words in note for note in made.notes)


def test_the_usual_widening_is_what_public_months_ask_for():
    carbon = co2.load_pandas().data["co2"].resample("MS").mean().interpolate()
    sea = elnino.load_pandas().data.drop(columns="YEAR").to_numpy(float).ravel()
    equipment = elec_equip.load_pandas().data.iloc[:, 0]
    public = [np.log(np.asarray(one, dtype=float)[-192:]) for one in (carbon, sea, equipment)]
    record = np.concatenate([past_errors(logs, MonthlyParameters(horizon=24, origins=16)) for logs in public])
    asked = np.sqrt(np.mean(record**2) * (DEGREES - 2) / DEGREES)
    assert asked == pytest.approx(USUAL_WIDENING, abs=0.02)
    held = measure_coverage(record, USUAL_WIDENING, (80.0, 95.0))["coverage"].tolist()
    assert held == pytest.approx([0.86, 0.95], abs=0.01)


def test_coverage_counts_errors_inside_the_band():
    record = np.array([[0.1, 3.0], [-0.1, -0.2]])
    found = measure_coverage(record, 1.0, (80.0,)).iloc[0]
    assert (found["origins"], found["pairs"], found["coverage"]) == (2, 4, 0.75)


def test_notes_state_the_coverage_found():
    share = MADE.coverage.set_index("level").loc[80, "coverage"]
    assert f"{100 * share:.0f} % at 80 %" in MADE.notes[1]


def test_airline_model_is_statsmodels():
    logs = np.log(series(100).array)
    stock = SARIMAX(logs, order=(0, 1, 1), seasonal_order=(0, 1, 1, 12), concentrate_scale=True).fit(disp=False)
    ahead = stock.get_forecast(15)
    ours = seasonal.seasonal_arima(logs, 15)
    assert ours.points == pytest.approx(ahead.predicted_mean, abs=5e-3)
    assert ours.sd == pytest.approx(ahead.se_mean, rel=0.03)


def test_every_member_carries_a_pure_season_on():
    pattern = np.tile(np.log(np.arange(1.0, 13.0) + 5), 8) + np.random.default_rng(0).normal(0, 1e-3, 96)
    for name, (_, project) in seasonal.MEMBERS.items():
        assert project(pattern, 12).points == pytest.approx(pattern[:12], abs=0.02), name


def test_a_failing_member_is_named_and_left_out(monkeypatch):
    def fail(logs, horizon):
        raise FitRejectionError("the optimiser did not converge")

    monkeypatch.setitem(seasonal.MEMBERS, "ets", ("x", fail))
    projections, rejected = seasonal.project_seasonal(np.log(KNOWN.array), 3)
    assert "ets" not in projections and rejected[0].model == "ets"


def test_a_leaping_member_is_turned_down(monkeypatch):
    def leap(logs, horizon):
        return replace(seasonal.seasonal_naive(logs, horizon), points=np.full(horizon, logs.max() + 2))

    monkeypatch.setitem(seasonal.MEMBERS, "ets", ("x", leap))
    assert seasonal.project_seasonal(np.log(KNOWN.array), 3)[1][0].reason.startswith("leaves the range")


@pytest.mark.parametrize(
    ("history", "parameters", "code"),
    [
        (series(59), CHOSEN, "too_few_seasons"),
        (replace(KNOWN, values=(0.0, *KNOWN.values[1:])), CHOSEN, "months_not_positive"),
        (replace(KNOWN, periods=(*KNOWN.periods[:-1], "2016-09")), CHOSEN, "gap"),
        (replace(KNOWN, values=(5.0,) * 128), CHOSEN, "constant"),
        (KNOWN, MonthlyParameters(horizon=37), "months_long"),
        (KNOWN, MonthlyParameters(horizon=0), "months_long"),
    ],
)
def test_refusals(history, parameters, code):
    refused(code, history, parameters)


def test_a_month_must_look_like_one():
    with pytest.raises(DataError, match="'2016-13' is no month"):
        forecast_monthly(replace(KNOWN, periods=(*KNOWN.periods[:-1], "2016-13")), CHOSEN)


def test_bands_hold_about_their_share_on_made_up_months():
    hits = []
    for seed in range(4):
        history = series(108, seed + 10)
        made = forecast_monthly(
            replace(history, periods=history.periods[:96], values=history.values[:96]),
            MonthlyParameters(horizon=12, origins=2),
        )
        rows = made.frame[made.frame["level"] == 95]
        hits.append(
            (rows["pi_lower"].to_numpy() <= history.values[96:]) & (history.values[96:] <= rows["pi_upper"].to_numpy())
        )
    assert 0.85 <= np.mean(hits) <= 1.0
    assert isinstance(MADE.frame, pd.DataFrame)
