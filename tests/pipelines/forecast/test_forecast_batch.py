import numpy as np
import pandas as pd
import pytest

from pipelines.errors import DataError
from pipelines.forecast.annual import Parameters, forecast
from pipelines.forecast.batch import OUTPUT_COLUMNS, forecast_many
from pipelines.forecast.own_series import split_series
from pipelines.forecast.series import AnnualSeries


def rows(name, values, first=1):
    return pd.DataFrame({"series_id": name, "t": range(first, first + len(values)), "value": values})


def growing(seed, size=16):
    return 100 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0.03, 0.1, size)))


GOOD = [rows(name, growing(seed)) for seed, name in enumerate(("b", "a", "c"))]
BAD = [rows("flat", [3.0] * 12), rows("short", [1.0, 2.0]), rows("below", [-1.0, 2.0] * 6), rows("one", [4.0])]


def test_rows_are_in_the_exchange_format_and_input_order():
    batch = forecast_many(pd.concat(GOOD), horizon=3)
    assert list(batch.frame.columns) == OUTPUT_COLUMNS
    assert batch.frame["series_id"].drop_duplicates().tolist() == ["b", "a", "c"]
    assert batch.frame["h"].tolist() == [1, 2, 3] * 3
    assert batch.refused == ()


def test_numbers_are_those_of_the_single_forecast():
    batch = forecast_many(GOOD[0], horizon=3, constants="narrow")
    single = AnnualSeries("b", tuple(range(1, 17)), tuple(GOOD[0]["value"]))
    made = forecast(single, Parameters(horizon=3, constants="narrow"))
    assert batch.frame["mean"].tolist() == list(made.distribution.points)
    for level, low, high in ((80, "lo80", "hi80"), (95, "lo95", "hi95")):
        lower, upper = made.distribution.interval(level)
        assert batch.frame[low].tolist() == lower.tolist() and batch.frame[high].tolist() == upper.tolist()


def test_two_processes_give_the_same_bytes():
    observations = pd.concat([*GOOD, *BAD])
    one = forecast_many(observations, horizon=3, fallback=True)
    two = forecast_many(observations, horizon=3, fallback=True, jobs=2)
    assert one.frame.to_csv() == two.frame.to_csv()
    assert one.refused == two.refused


def test_refused_series_are_listed_with_words_and_left_out():
    batch = forecast_many(pd.concat([*GOOD, *BAD]), horizon=3)
    assert [(r.series_id, r.code) for r in batch.refused] == [
        ("flat", "constant"),
        ("short", "too_short"),
        ("one", "too_short"),
    ]
    assert set(batch.frame["series_id"]) == {"a", "b", "c", "below"}
    assert all(r.words.endswith(".") for r in batch.refused)


def test_fallback_repeats_the_last_value_and_stays_listed():
    batch = forecast_many(pd.concat(BAD), horizon=2, fallback=True)
    assert len(batch.refused) == 3
    fallen = batch.frame[batch.frame["model"] == "naive (fallback)"]
    assert fallen.groupby("series_id")["mean"].unique().map(list).to_dict() == {"flat": [3], "short": [2], "one": [4]}
    assert (fallen["lo95"] <= fallen["lo80"]).all() and (fallen["hi80"] <= fallen["hi95"]).all()


def test_test_rows_are_not_read():
    history = GOOD[0].assign(split="train")
    future = rows("b", [1e9, 1e9], first=17).assign(split="test")
    assert forecast_many(pd.concat([history, future]), horizon=2).frame.equals(forecast_many(GOOD[0], horizon=2).frame)


def test_rows_may_come_in_any_order():
    shuffled = GOOD[0].sample(frac=1, random_state=1)
    assert split_series(shuffled) == split_series(GOOD[0])


def test_missing_columns_are_all_named():
    with pytest.raises(DataError, match=r"'t'.*\n.*'value'"):
        forecast_many(pd.DataFrame({"series_id": ["a"]}), horizon=1)


def test_a_model_that_is_not_on_offer_is_refused_once_for_the_whole_file():
    with pytest.raises(DataError, match="did you mean 'median'"):
        forecast_many(pd.concat(GOOD), horizon=1, model="medain")
    with pytest.raises(DataError, match="no forecast"):
        forecast_many(pd.concat(GOOD), horizon=0)


def test_a_value_that_is_no_number_is_refused_by_name():
    broken = GOOD[0].assign(value=GOOD[0]["value"].astype(object).where(GOOD[0]["t"] != 5, "n/a"))
    batch = forecast_many(broken, horizon=2, fallback=True)
    assert [r.code for r in batch.refused] == ["missing"]
    assert batch.frame["mean"].tolist() == [GOOD[0]["value"].iloc[-1]] * 2
