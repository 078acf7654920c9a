import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.analyse.implied import BARRELS_PER_TONNE, implied_value, implied_values
from pipelines.errors import DataError


def rows(unit, **values):
    return pd.DataFrame({"time_period": list(values), "obs_value": list(values.values()), "unit_measure": unit})


def test_a_million_tonnes_at_a_hundred_dollars():
    assert implied_value(1e6, 100) == pytest.approx(733e6)
    assert BARRELS_PER_TONNE == 7.33


@given(st.floats(1e3, 1e9), st.floats(1, 500), st.floats(1.01, 10))
def test_twice_the_price_is_twice_the_value(tonnes, price, times):
    assert implied_value(tonnes, price * times) == pytest.approx(times * implied_value(tonnes, price))
    assert implied_value(tonnes * times, price) == pytest.approx(times * implied_value(tonnes, price))


@pytest.mark.parametrize(("tonnes", "price"), [(-1, 100), (1, -100), (float("nan"), 1)])
def test_negative_or_missing_amounts_are_refused(tonnes, price):
    with pytest.raises(DataError, match="imply no value"):
        implied_value(tonnes, price)


def test_only_years_with_both_and_the_formula_kept():
    values = implied_values(rows("T", y2017=59.796e6, y2018=71.59e6), rows("USD_PER_BBL", y2017=54.13, y2016=43.64))
    assert values["time_period"].tolist() == ["y2017"]
    assert values["obs_value"].iloc[0] == pytest.approx(59.796e6 * 7.33 * 54.13)
    assert values["formula"].iloc[0] == "59.8 Mt × 7.33 barrels a tonne × 54.13 US$"


def test_nothing_gives_nothing():
    assert implied_values(rows("T"), rows("USD_PER_BBL")).empty


@pytest.mark.parametrize(
    ("volumes", "prices", "said"),
    [
        (rows("MBD", a=1), rows("USD_PER_BBL", a=1), "needs T, found MBD"),
        (rows("T", a=1), rows("USD", a=1), "needs USD_PER_BBL, found USD"),
    ],
)
def test_other_units_are_refused(volumes, prices, said):
    with pytest.raises(DataError, match=said):
        implied_values(volumes, prices)


def test_two_values_for_a_period_are_refused():
    twice = pd.concat([rows("T", a=1), rows("T", a=2)])
    with pytest.raises(DataError, match="choose one per period"):
        implied_values(twice, rows("USD_PER_BBL", a=1))
