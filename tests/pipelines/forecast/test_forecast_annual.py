import math
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipelines.errors import DataError
from pipelines.forecast import annual, models
from pipelines.forecast.annual import FRAME_COLUMNS, MEMBER_COLUMNS, Parameters, forecast
from pipelines.forecast.combination import distribute
from pipelines.forecast.digest import parameters_digest
from pipelines.forecast.models import MEDIAN_MEMBERS
from pipelines.forecast.projection import FitRejectionError, Projection
from pipelines.forecast.refusals import REFUSALS, ForecastRefusal, refusal
from pipelines.forecast.series import AnnualSeries, cut, read_annual


def series(values, first=2000, **more):
    return AnnualSeries("TRADE", tuple(range(first, first + len(values))), tuple(float(v) for v in values), **more)


def growing(size, rate=0.05, seed=1, spread=0.05):
    noise = np.random.default_rng(seed).normal(0, spread, size)
    return series(100 * np.exp(rate * np.arange(size) + np.cumsum(noise)))


LONG = growing(26)


def refused(code, call, *arguments, **more):
    with pytest.raises(ForecastRefusal) as caught:
        call(*arguments, **more)
    assert caught.value.code == code
    assert isinstance(caught.value, DataError)
    return str(caught.value)


def test_frame_has_a_row_for_each_level_and_year():
    made = forecast(LONG, Parameters(horizon=4, levels=(50.0, 80.0, 95.0)))
    assert list(made.frame.columns) == FRAME_COLUMNS
    assert made.frame.groupby("level").size().tolist() == [4, 4, 4]
    assert made.frame["time_period"].tolist()[:4] == ["2026", "2027", "2028", "2029"]
    assert set(made.frame["origin"]) == {2025}
    assert made.model == "median" and made.scenario == "" and made.no_probability == ""


def test_bands_are_read_off_the_distribution():
    made = forecast(LONG, Parameters(horizon=3))
    lower, upper = made.distribution.interval(95)
    rows = made.frame[made.frame["level"] == 95]
    assert rows["pi_lower"].to_numpy() == pytest.approx(lower)
    assert rows["pi_upper"].to_numpy() == pytest.approx(upper)
    assert rows["point"].tolist() == list(made.distribution.points)


def test_point_is_the_median_of_the_members():
    made = forecast(LONG, Parameters(horizon=3))
    assert list(made.members.columns) == MEMBER_COLUMNS
    assert set(made.members["model"]) == set(MEDIAN_MEMBERS)
    assert made.members.groupby("horizon")["point"].median().tolist() == pytest.approx(made.distribution.points)


def test_spread_follows_the_published_formula():
    history = np.array([100.0, 110.0, 105.0, 120.0, 130.0, 128.0, 140.0, 150.0])
    one = Projection(np.array([150.0, 160.0]), np.array([10.0, 20.0]))
    two = Projection(np.array([170.0, 150.0]), np.array([30.0, 20.0]))
    made = distribute([one, two, one], history, "narrow")
    growth = math.sqrt(np.mean(np.diff(np.log(history)) ** 2))
    for step in (1, 2):
        points = [p.points[step - 1] for p in (one, two, one)]
        own = math.sqrt(np.mean([p.sd[step - 1] ** 2 for p in (one, two, one)]) + np.var(points))
        walk = np.median(points) * growth * math.sqrt(step * (1 + step / 7))
        assert made.scales[step - 1] == pytest.approx(math.sqrt(own * walk) * (0.72 + 0.07 * (step - 1)))


def test_shipped_bands_are_wider_than_narrow_ones():
    shipped = forecast(LONG, Parameters(horizon=3)).distribution.scales
    narrow = forecast(LONG, Parameters(horizon=3, constants="narrow")).distribution.scales
    assert np.array(shipped) / np.array(narrow) == pytest.approx([0.80 / 0.72, 0.89 / 0.79, 0.98 / 0.86])


def test_steps_of_ten_go_on_in_steps_of_about_ten():
    noise = np.random.default_rng(5).normal(0, 1, 26)
    made = forecast(series(100 + 10 * np.arange(26) + noise), Parameters(horizon=3))
    steps = np.diff([made.series.values[-1], *made.distribution.points])
    assert steps == pytest.approx(10, abs=1.5)


def test_a_history_without_noise_still_has_a_distribution():
    made = forecast(series(100 + 10 * np.arange(20)), Parameters(horizon=2))
    assert made.distribution.points == pytest.approx((300, 310), rel=0.02)
    assert made.distribution.reaching(1000.0, 1) < 0.01
    assert made.distribution.reaching(100.0, 1) > 0.99


def test_same_data_and_parameters_give_the_same_bytes():
    one, two = forecast(LONG), forecast(LONG)
    assert one.frame.to_csv() == two.frame.to_csv()
    assert one.digest == two.digest


def test_digest_moves_with_data_parameters_and_extras():
    base = parameters_digest(LONG, Parameters())
    nudged = replace(LONG, values=(*LONG.values[:-1], LONG.values[-1] * (1 + 1e-15)))
    others = {
        parameters_digest(nudged, Parameters()),
        parameters_digest(LONG, Parameters(horizon=6)),
        parameters_digest(LONG, Parameters(), scenario="x"),
    }
    assert len(others | {base}) == 4


def test_digest_is_the_same_in_another_process():
    code = (
        "from pipelines.forecast.digest import parameters_digest as d\n"
        "from pipelines.forecast.series import AnnualSeries as A\n"
        "from pipelines.forecast.annual import Parameters as P\n"
        "print(d(A('x', (1, 2), (0.1, 2.5)), P()))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert found == parameters_digest(AnnualSeries("x", (1, 2), (0.1, 2.5)), Parameters())


def test_importing_the_package_loads_no_numerical_library():
    code = (
        "import sys, pipelines.forecast; print(sorted({'numpy', 'pandas', 'scipy', 'statsmodels'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert found == "[]"


def test_forecasting_needs_no_statsmodels_until_a_model_does():
    code = "import sys, pipelines.forecast.annual; print('statsmodels' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert found == "False"


def test_later_years_do_not_reach_an_earlier_forecast():
    wild = replace(LONG, values=(*LONG.values[:20], *(v * 7 for v in LONG.values[20:])))
    chosen = Parameters(horizon=3, last_year=2019)
    assert forecast(LONG, chosen).frame.equals(forecast(wild, chosen).frame)


def test_training_window_is_cut_and_said():
    made = forecast(LONG, Parameters(horizon=3, first_year=2008, last_year=2022))
    assert made.series.years == tuple(range(2008, 2023))
    assert "15 of 26 yearly values, 2008–2022" in made.notes[0]


@pytest.mark.parametrize("model", ["drift", "ets_c", "damped_c", "theta_bct", "arima", "ucm", "naive"])
def test_every_single_model_gives_a_proper_fan(model):
    made = forecast(growing(32), Parameters(horizon=5, model=model))
    assert made.model == model
    assert (made.frame["pi_lower"] > 0).all()
    assert (made.frame["pi_lower"] < made.frame["point"]).all()
    assert (made.frame["pi_upper"] > made.frame["point"]).all()


def test_eight_to_ten_values_repeat_the_last_one_without_a_probability():
    made = forecast(series([5, 6, 7, 6, 8, 9, 8, 10, 11, 12]), Parameters(horizon=2))
    assert made.model == "naive"
    assert made.distribution.points == (12.0, 12.0)
    assert "at least 11" in made.no_probability
    assert any("Too short to test" in note for note in made.notes)


def test_eleven_values_are_marked_low_confidence():
    made = forecast(growing(11), Parameters(horizon=2))
    assert made.model == "median" and made.no_probability == ""
    assert any("Low confidence" in note for note in made.notes)


def test_values_at_or_below_zero_get_the_drift_line_and_no_probability():
    made = forecast(series([3, 1, -2, 4, 0, 5, 2, 6, 3, 7, 5, 8]), Parameters(horizon=3))
    assert made.model == "drift"
    assert made.distribution.lower == "linear"
    assert made.distribution.points == pytest.approx([8 + 5 / 11, 8 + 10 / 11, 8 + 15 / 11])
    assert "no probability" in made.no_probability


def test_a_jump_in_the_last_year_is_pointed_out():
    jumped = replace(LONG, values=(*LONG.values[:-1], LONG.values[-1] * 2))
    assert any("2025 is unusual" in note for note in forecast(jumped, Parameters(horizon=2)).notes)
    assert not any("unusual" in note for note in forecast(LONG, Parameters(horizon=2)).notes)


def broken(monkeypatch, *names):
    def fail(sample, horizon):
        raise FitRejectionError("the optimiser did not converge")

    for name in names:
        monkeypatch.setitem(models.MODELS, name, replace(models.MODELS[name], project=fail))


def test_a_failed_member_is_named_and_the_rest_go_on(monkeypatch):
    broken(monkeypatch, "arima")
    made = forecast(LONG, Parameters(horizon=3))
    assert made.model == "median"
    assert [(r.model, r.reason) for r in made.rejected] == [("arima", "the optimiser did not converge")]
    assert "arima" not in set(made.members["model"])


def test_fewer_than_three_members_fall_back_to_drift_and_say_so(monkeypatch):
    broken(monkeypatch, "arima", "ets_c", "damped_c")
    made = forecast(LONG, Parameters(horizon=3))
    assert made.model == "drift"
    assert any("Only 2 members" in note and "Drift stands in" in note for note in made.notes)
    assert len(made.rejected) == 3


def test_without_drift_the_last_value_stands_in(monkeypatch):
    broken(monkeypatch, "arima", "ets_c", "damped_c", "drift")
    made = forecast(LONG, Parameters(horizon=3))
    assert made.model == "naive"


def test_a_failed_single_model_is_refused_with_the_reason(monkeypatch):
    broken(monkeypatch, "theta_bct")
    words = refused("model_rejected", forecast, LONG, Parameters(horizon=3, model="theta_bct"))
    assert "did not converge" in words


def test_an_absurd_single_model_is_refused():
    falling = series([3000 - 100 * k for k in range(29)])
    words = refused("model_rejected", forecast, falling, Parameters(horizon=4, model="drift"))
    assert "zero or below" in words


@pytest.mark.parametrize(
    ("history", "parameters", "code"),
    [
        (series([1, 2, 3, 4, 5, 6, 7]), Parameters(horizon=2), "too_short"),
        (replace(LONG, years=(1990, *LONG.years[1:])), Parameters(horizon=2), "gap"),
        (replace(LONG, years=(LONG.years[1], *LONG.years[1:])), Parameters(horizon=2), "unordered"),
        (replace(LONG, values=(float("nan"), *LONG.values[1:])), Parameters(horizon=2), "missing"),
        (series([5.0] * 20), Parameters(horizon=2), "constant"),
        (LONG, Parameters(horizon=11), "horizon_long"),
        (growing(11), Parameters(horizon=6), "horizon_long"),
        (LONG, Parameters(horizon=0), "horizon_short"),
        (replace(LONG, partial_years=(2026,)), Parameters(horizon=2), "partial_year"),
        (series([5, 9], quoted_only=True), Parameters(horizon=2), "quoted_only"),
        (growing(14), Parameters(horizon=2, model="theta_bct"), "model_short"),
        (growing(29), Parameters(horizon=2, model="arima"), "model_short"),
        (LONG, Parameters(horizon=2, model="lltrend"), "model_unknown"),
        (LONG, Parameters(horizon=2, constants="wide"), "constants_unknown"),
        (LONG, Parameters(horizon=2, levels=(99.9,)), "level"),
        (LONG, Parameters(horizon=2, levels=()), "level"),
        (LONG, Parameters(horizon=2, first_year=2050), "empty_window"),
    ],
)
def test_refusals(history, parameters, code):
    words = refused(code, forecast, history, parameters)
    assert words.endswith(".") and "{" not in words


def test_the_longest_horizon_is_half_the_length_and_ten_years():
    assert forecast(growing(12), Parameters(horizon=6)).distribution.horizon == 6
    assert forecast(LONG, Parameters(horizon=10)).distribution.horizon == 10


def test_unknown_model_suggests_the_nearest():
    assert "did you mean 'theta_bct'" in refused("model_unknown", forecast, LONG, Parameters(model="theta_bc"))


def test_short_series_are_told_which_models_fit():
    words = refused("model_short", forecast, growing(16), Parameters(horizon=2, model="drift"))
    assert "Theta" in words and "Median combination" in words and "ARIMA" not in words


def test_quoted_points_offer_the_official_series():
    words = refused("quoted_only", forecast, series([5, 9], quoted_only=True, official_series="CHN:TOTAL"))
    assert "invention" in words and "CHN:TOTAL" in words


def test_every_refusal_has_words_and_a_reason():
    for code, row in REFUSALS.items():
        assert row.words.endswith(".") and row.reason.endswith("."), code


def test_refusals_fill_in_their_facts():
    assert "at most 10 years" in str(refusal("horizon_long", horizon=12, most=10, count=30))


def test_reading_rows():
    rows = pd.DataFrame(
        {"time_period": ["2001", "2000", "2002-01/2002-08"], "obs_value": [2.0, 1.0, 9.0], "unit_measure": "USD"}
    )
    read = read_annual(rows, series_id="x")
    assert (read.years, read.values, read.partial_years) == ((2000, 2001), (1.0, 2.0), (2002,))
    assert (read.unit_measure, read.price_basis, read.quoted_only) == ("USD", "", False)


def test_reading_quoted_rows():
    rows = pd.DataFrame({"time_period": ["2001", "2003"], "obs_value": [2.0, 1.0], "quoted": [True, True]})
    assert read_annual(rows, series_id="x").quoted_only


def test_mixed_units_are_refused():
    rows = pd.DataFrame({"time_period": ["2001", "2002"], "obs_value": [2.0, 1.0], "unit_measure": ["USD", "CNY"]})
    assert "CNY and USD" in refused("mixed", read_annual, rows, series_id="x")


def test_cutting_keeps_partial_years_inside_only():
    whole = replace(LONG, partial_years=(1999, 2026))
    assert cut(whole, first=2000, last=2025).partial_years == ()
    assert cut(whole, last=2026).partial_years == (1999, 2026)
    assert cut(whole, first=2000).partial_years == (2026,)


def test_titles_cover_every_model():
    assert annual.TITLES["median"] == "Median combination"
    assert set(annual.TITLES) == {"median", *models.MODELS}


EXTREMES = {
    "halving": 2.0 ** -np.arange(40),
    "doubling": 2.0 ** np.arange(40),
    "counting": np.arange(40) + 1.0,
    "one step": np.where(np.arange(20) < 10, 1.0, 1e6),
    "last moves": np.r_[[5.0] * 19, 6.0],
    "first moves": np.r_[[5.0], [7.0] * 19],
    "zigzag": np.tile([1.0, 100.0], 12),
    "huge": 1e12 * (1 + 1e-3 * np.random.default_rng(0).normal(size=20)),
    "tiny": 1e-9 * np.random.default_rng(1).lognormal(size=20),
    "wild": np.random.default_rng(2).lognormal(0, 4, 25),
}


@pytest.mark.parametrize("name", EXTREMES)
def test_extreme_histories_get_finite_ordered_bands(name):
    frame = forecast(series(EXTREMES[name]), Parameters(horizon=5)).frame
    assert np.isfinite(frame[["point", "pi_lower", "pi_upper"]].to_numpy()).all()
    assert (frame["pi_lower"] >= 0).all()
    assert (frame["pi_lower"] <= frame["point"]).all() and (frame["point"] <= frame["pi_upper"]).all()
