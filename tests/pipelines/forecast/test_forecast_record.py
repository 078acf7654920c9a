from dataclasses import replace

import numpy as np
import pytest

from pipelines.forecast import losses
from pipelines.forecast.annual import Parameters, forecast
from pipelines.forecast.attain import Target, likely_years, odds, odds_by_then, odds_by_year, required_path
from pipelines.forecast.backtest import ROW_COLUMNS, SCORE_COLUMNS, backtest, score
from pipelines.forecast.refusals import ForecastRefusal
from pipelines.forecast.series import AnnualSeries


def series(size=24, seed=4):
    noise = np.cumsum(np.random.default_rng(seed).normal(0.05, 0.1, size))
    years = tuple(range(2000, 2000 + size))
    return AnnualSeries("TRADE", years, tuple((100 * np.exp(noise)).tolist()), "USD", "current")


LONG = series()
CHOSEN = Parameters(horizon=3)
MADE = forecast(LONG, CHOSEN)
RECORD = backtest(LONG, CHOSEN, least_training=18)


def refused(code, call, *arguments, **more):
    with pytest.raises(ForecastRefusal) as caught:
        call(*arguments, **more)
    assert caught.value.code == code
    return str(caught.value)


def test_record_has_every_origin_and_only_known_futures():
    assert list(RECORD.rows.columns) == ROW_COLUMNS
    assert sorted(RECORD.rows["origin"].unique()) == list(range(2017, 2023))
    assert set(RECORD.rows["model"]) == {"median", "naive", "drift"}
    last = RECORD.rows[RECORD.rows["origin"] == 2022]
    assert last["horizon"].max() == 1
    actual = dict(zip(map(str, LONG.years), LONG.values, strict=True))
    assert RECORD.rows["obs_value"].tolist() == [actual[year] for year in RECORD.rows["time_period"]]


def test_forecasts_at_an_origin_do_not_move_when_later_data_change():
    changed = replace(LONG, values=(*LONG.values[:20], *(value * 3 for value in LONG.values[20:])))
    other = backtest(changed, CHOSEN, least_training=18)
    columns = ["model", "origin", "horizon", "level", "point", "pi_lower", "pi_upper", "scale"]
    before = RECORD.rows[RECORD.rows["origin"] <= 2019][columns].reset_index(drop=True)
    after = other.rows[other.rows["origin"] <= 2019][columns].reset_index(drop=True)
    assert before.equals(after)
    assert not RECORD.rows["obs_value"].equals(other.rows["obs_value"])


def test_scores_against_a_loop():
    assert list(RECORD.scores.columns) == SCORE_COLUMNS
    rows = RECORD.rows[(RECORD.rows["model"] == "median") & (RECORD.rows["level"] == 80)]
    own = RECORD.scores[(RECORD.scores["model"] == "median") & (RECORD.scores["level"] == 80)].iloc[0]
    assert own["mase"] == pytest.approx(np.mean([abs(r.obs_value - r.point) / r.scale for r in rows.itertuples()]))
    inside = [r.pi_lower <= r.obs_value <= r.pi_upper for r in rows.itertuples()]
    assert own["coverage"] == pytest.approx(np.mean(inside))
    terms = [losses.msis([r.obs_value], ([r.pi_lower], [r.pi_upper]), 80, r.scale) for r in rows.itertuples()]
    assert own["msis"] == pytest.approx(np.mean(terms))
    assert own["pairs"] == len(rows) and own["origins"] == 6


def test_naive_rows_repeat_the_last_value():
    naive = RECORD.rows[RECORD.rows["model"] == "naive"]
    known = dict(zip(LONG.years, LONG.values, strict=True))
    assert naive["point"].tolist() == pytest.approx([known[origin] for origin in naive["origin"]])


def test_sentence_names_the_origins_the_gain_and_the_hits():
    first = RECORD.scores[RECORD.scores["level"] == 80].set_index("model")
    change = first.loc["median", "mase"] / first.loc["naive", "mase"] - 1
    assert f"{100 * abs(change):.0f} % {'less' if change < 0 else 'more'}" in RECORD.sentence
    assert "6 past origins (2017–2022)" in RECORD.sentence
    assert "Few origins" in RECORD.warning


def test_record_of_the_naive_model_has_no_rival():
    record = backtest(LONG, Parameters(horizon=2, model="naive"), least_training=20)
    assert set(record.rows["model"]) == {"naive", "drift"}
    assert "repeating" not in record.sentence


def test_scores_can_be_taken_again_from_part_of_the_rows():
    assert score(RECORD.rows).equals(RECORD.scores)
    assert set(score(RECORD.rows[RECORD.rows["horizon"] == 1])["pairs"]) == {6}


def test_a_series_without_a_single_origin_is_refused():
    words = refused("too_few_origins", backtest, series(15), CHOSEN)
    assert "16 are needed" in words
    assert backtest(series(16), CHOSEN).rows["origin"].unique().tolist() == [2014]


def test_training_is_never_under_twelve():
    record = backtest(series(14), Parameters(horizon=1), least_training=3)
    assert record.rows["origin"].min() == 2011


def test_odds_are_read_off_the_fan():
    lower, upper = MADE.distribution.interval(80)
    assert odds(MADE, Target(upper[2], 2026)).probability == pytest.approx(0.1)
    found = odds(MADE, Target(lower[2], 2026))
    assert found.probability == pytest.approx(0.9)
    assert (found.rounded, found.meaning) == ("90 %", "about 9 in 10")
    assert (found.count, found.first_year, found.origin) == (24, 2000, 2023)


def test_odds_of_the_median_are_even_and_fall_with_the_target():
    assert odds(MADE, Target(MADE.distribution.points[0], 2024)).rounded == "50 %"
    values = [odds(MADE, Target(value, 2025)).probability for value in (100, 200, 300, 400)]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("year", [2023, 2027])
def test_targets_outside_the_fan_are_refused(year):
    assert "2024 to 2026" in refused("target_year", odds, MADE, Target(1.0, year))


def test_targets_in_other_units_or_prices_are_refused():
    assert "CNY" in refused("target_unit", odds, MADE, Target(1.0, 2025, "CNY"))
    assert "constant" in refused("target_basis", odds, MADE, Target(1.0, 2025, "USD", "constant 2015"))
    assert odds(MADE, Target(1.0, 2025, "USD", "current")).rounded == ">95 %"


def test_no_probability_under_eleven_values_or_at_zero():
    short = forecast(series(10), Parameters(horizon=2))
    assert "at least 11" in refused("no_probability", odds, short, Target(1.0, 2010))
    crossing = AnnualSeries("x", tuple(range(2000, 2012)), (1.0, -1.0) * 6)
    assert "drift" in refused("not_positive", odds, forecast(crossing, Parameters(horizon=2)), Target(1.0, 2012))


def test_odds_by_year_are_one_column_of_odds():
    rows = odds_by_year(MADE, Target(250.0, 2024))
    assert rows["time_period"].tolist() == ["2024", "2025", "2026"]
    assert rows["probability"].tolist() == [odds(MADE, Target(250.0, year)).probability for year in (2024, 2025, 2026)]


def test_odds_of_any_year_are_at_least_those_of_the_last():
    target = Target(MADE.distribution.points[2] * 1.05, 2026)
    assert odds_by_then(MADE, target) >= odds(MADE, target).probability - 0.01
    first = Target(target.value, 2024)
    assert odds_by_then(MADE, first) == pytest.approx(odds(MADE, first).probability, abs=0.015)


def test_likely_years_begin_where_the_median_reaches_the_value():
    points = MADE.distribution.points
    value = (points[0] + points[1]) / 2
    expected = tuple(year for year, point in zip((2024, 2025, 2026), points, strict=True) if point >= value)
    assert likely_years(MADE, value) == expected
    assert likely_years(MADE, 1e9) == ()
    assert likely_years(MADE, 1.0, probability=0.9) == (2024, 2025, 2026)


def test_required_path_grows_at_one_rate_to_the_target():
    path = required_path(LONG, Target(LONG.values[-1] * 1.21, 2025))
    assert path["time_period"].tolist() == ["2023", "2024", "2025"]
    assert path["required_cagr"].tolist() == pytest.approx([0.1] * 3)
    assert path["required_value"].to_numpy() / LONG.values[-1] == pytest.approx([1, 1.1, 1.21])


def test_required_path_refuses_the_past_and_zero():
    refused("target_year", required_path, LONG, Target(1.0, 2023))
    refused("growth_zero", required_path, LONG, Target(0.0, 2025))
