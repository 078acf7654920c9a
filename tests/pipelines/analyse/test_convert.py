"""Conversions give back what was put in, keep their formula, and refuse what has no rate."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.analyse.convert import deflate, to_dollars, yearly_prices, yearly_rates
from pipelines.errors import DataError
from pipelines.tables import Tables


def rates(**by_year: tuple[float, str]) -> pd.DataFrame:
    rows = [(year[1:], rate, unit, f"fx-{year[1:]}") for year, (rate, unit) in by_year.items()]
    return pd.DataFrame(rows, columns=["time_period", "rate", "unit_measure", "observation_id"])


def prices(**by_year: float) -> pd.DataFrame:
    rows = [(year[1:], level, year == "y2025", f"cpi-{year[1:]}") for year, level in by_year.items()]
    return pd.DataFrame(rows, columns=["time_period", "level", "is_partial", "observation_id"])


def money(values: list[tuple[str, float]], unit: str = "USD", **columns: object) -> pd.DataFrame:
    frame = pd.DataFrame(values, columns=["time_period", "obs_value"])
    return frame.assign(unit_measure=unit, observation_ids=[f"obs-{year}" for year, _ in values], **columns)


def test_euros_are_divided_by_euros_a_dollar_and_multiplied_by_dollars_a_euro() -> None:
    values = money([("2014", 75.0), ("2015", 100.0)], "EUR", value_low=[70.0, 90.0])
    found = to_dollars(values, rates(y2014=(0.75, "EUR_PER_USD"), y2015=(1.1, "USD_PER_EUR")))
    assert found["obs_value"].tolist() == pytest.approx([100.0, 110.0])
    assert found["value_low"].tolist() == pytest.approx([70 / 0.75, 99.0])
    assert set(found["unit_measure"]) == {"USD"}
    assert found["observation_ids"].tolist() == ["obs-2014 ; fx-2014", "obs-2015 ; fx-2015"]
    assert found["formula"].tolist() == [
        "value in euros / 0.75 euros a dollar, mean of 2014",
        "value in euros × 1.1 dollars a euro, mean of 2015",
    ]


def test_dollars_pass_unchanged_beside_euros_and_the_order_stays() -> None:
    values = pd.concat([money([("2014", 10.0)], "EUR"), money([("2013", 7.0)])]).set_axis([5, 3])
    found = to_dollars(values, rates(y2014=(0.5, "EUR_PER_USD")))
    assert found["obs_value"].to_dict() == {5: 20.0, 3: 7.0}
    assert found.loc[3, "observation_ids"] == "obs-2013"


def test_other_units_and_years_without_a_rate_are_refused() -> None:
    with pytest.raises(DataError, match="CNY cannot"):
        to_dollars(money([("2014", 1.0)], "CNY"), rates(y2014=(0.75, "EUR_PER_USD")))
    with pytest.raises(DataError, match="2015, 2016 has no yearly euro rate"):
        to_dollars(money([("2015", 1.0), ("2016", 1.0), ("2014", 1.0)], "EUR"), rates(y2014=(0.75, "EUR_PER_USD")))


@settings(deadline=None, derandomize=True)
@given(st.floats(1, 1e12), st.floats(0.1, 10))
def test_converting_there_and_dividing_back_gives_the_euros(amount: float, rate: float) -> None:
    found = to_dollars(money([("2014", amount)], "EUR"), rates(y2014=(rate, "EUR_PER_USD")))
    assert found["obs_value"].iloc[0] * rate == pytest.approx(amount)


def test_prices_that_double_halve_what_was_worth_before() -> None:
    found = deflate(money([("2000", 50.0), ("2010", 50.0)]), prices(y2000=100.0, y2010=200.0), "2010")
    assert found["obs_value"].tolist() == [100.0, 50.0]
    assert found["price_basis"].tolist() == ["constant 2010"] * 2
    assert found["formula"].iloc[0] == "value in dollars of the year × 200 / 100 (CPI-U of 2010 over that of 2000)"
    assert found["observation_ids"].tolist() == ["obs-2000 ; cpi-2000 ; cpi-2010", "obs-2010 ; cpi-2010"]
    assert not found["is_flagged"].any()


def test_a_formula_from_before_stays_in_brackets() -> None:
    found = deflate(money([("2000", 50.0)], formula="EXP_FOB + IMP_CIF"), prices(y2000=100.0, y2010=200.0), "2010")
    assert found["formula"].iloc[0].startswith("(EXP_FOB + IMP_CIF) × 200 / 100")


def test_a_partial_index_flags_its_own_year_and_as_a_base_every_year() -> None:
    index = prices(y2024=100.0, y2025=110.0)
    values = money([("2024", 1.0), ("2025", 1.0)])
    assert deflate(values, index, "2024")["is_flagged"].tolist() == [False, True]
    assert deflate(values, index, "2025")["is_flagged"].tolist() == [True, True]


def test_deflation_refuses_euros_decades_missing_years_and_an_unknown_base() -> None:
    index = prices(y2000=100.0, y2010=200.0)
    with pytest.raises(DataError, match="EUR has no dollar price index"):
        deflate(money([("2000", 1.0)], "EUR"), index, "2010")
    with pytest.raises(DataError, match="1990/1999, 2030 has no yearly price index"):
        deflate(money([("1990/1999", 1.0), ("2030", 1.0)]), index, "2010")
    with pytest.raises(DataError, match=r"base year '2011'.*2000 to 2010"):
        deflate(money([("2000", 1.0)]), index, "2011")


@settings(deadline=None, derandomize=True)
@given(st.lists(st.floats(1, 1e12), min_size=2, max_size=6), st.floats(1, 1000), st.floats(1, 1000))
def test_the_base_year_only_rescales(values: list[float], first: float, second: float) -> None:
    years = [(str(2000 + i), value) for i, value in enumerate(values)]
    index = prices(**{f"y{2000 + i}": first + i for i in range(len(values))}, y1990=second, y1991=2 * second)
    early, late = (deflate(money(years), index, base)["obs_value"] for base in ("1990", "1991"))
    assert (late / early).tolist() == pytest.approx([2.0] * len(values))


def test_the_real_index_is_whole_to_2024_and_partial_in_2025(tables: Tables) -> None:
    index = yearly_prices(tables.observations).set_index("time_period")
    assert index.index.is_unique
    assert index.loc["2024", "level"] == 313.689
    assert index.index[index["is_partial"]].tolist() == ["2025"]


def test_the_real_rates_prefer_the_published_one_and_cover_the_union_s_exports(tables: Tables) -> None:
    found = yearly_rates(tables.observations).set_index("time_period")
    assert found.index.is_unique
    assert found.loc["2023", ["rate", "unit_measure"]].tolist() == [0.9245, "EUR_PER_USD"]
    assert found.loc["2005", "unit_measure"] == "USD_PER_EUR"
    exports = tables.series[(tables.series["ref_area"] == "EU27") & (tables.series["unit_measure"] == "EUR")]
    assert set(exports["time_period"]) <= set(found.index)
