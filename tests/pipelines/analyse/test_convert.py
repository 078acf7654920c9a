"""Conversions give back what was put in, keep their formula, and refuse what has no rate."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.analyse.convert import Price, Rate, deflate, to_dollars, yearly_prices, yearly_rates
from pipelines.errors import DataError
from pipelines.tables import Tables

Rows = list[dict[str, Any]]


def rates(**by_year: tuple[float, str]) -> dict[str, Rate]:
    return {year[1:]: Rate(rate, unit, f"fx-{year[1:]}") for year, (rate, unit) in by_year.items()}


def prices(**by_year: float) -> dict[str, Price]:
    return {year[1:]: Price(level, year == "y2025", f"cpi-{year[1:]}") for year, level in by_year.items()}


def money(values: list[tuple[str, float]], unit: str = "USD", **cells: object) -> Rows:
    return [
        {"time_period": year, "obs_value": value, "unit_measure": unit, "observation_ids": f"obs-{year}", **cells}
        for year, value in values
    ]


def column(rows: Rows, name: str) -> list[Any]:
    return [row[name] for row in rows]


def test_euros_are_divided_by_euros_a_dollar_and_multiplied_by_dollars_a_euro() -> None:
    values = money([("2014", 75.0), ("2015", 100.0)], "EUR", value_low=70.0)
    found = to_dollars(values, rates(y2014=(0.75, "EUR_PER_USD"), y2015=(1.1, "USD_PER_EUR")))
    assert column(found, "obs_value") == pytest.approx([100.0, 110.0])
    assert column(found, "value_low") == pytest.approx([70 / 0.75, 77.0])
    assert set(column(found, "unit_measure")) == {"USD"}
    assert column(found, "observation_ids") == ["obs-2014 ; fx-2014", "obs-2015 ; fx-2015"]
    assert column(found, "formula") == [
        "value in euros / 0.75 euros a dollar, mean of 2014",
        "value in euros × 1.1 dollars a euro, mean of 2015",
    ]
    assert column(values, "obs_value") == [75.0, 100.0]


def test_dollars_pass_unchanged_beside_euros_and_the_order_stays() -> None:
    values = [*money([("2014", 10.0)], "EUR"), *money([("2013", 7.0)])]
    found = to_dollars(values, rates(y2014=(0.5, "EUR_PER_USD")))
    assert column(found, "obs_value") == [20.0, 7.0]
    assert found[1] == values[1]


def test_other_units_and_years_without_a_rate_are_refused() -> None:
    with pytest.raises(DataError, match="CNY cannot"):
        to_dollars(money([("2014", 1.0)], "CNY"), rates(y2014=(0.75, "EUR_PER_USD")))
    with pytest.raises(DataError, match="2015, 2016 has no yearly euro rate"):
        to_dollars(money([("2015", 1.0), ("2016", 1.0), ("2014", 1.0)], "EUR"), rates(y2014=(0.75, "EUR_PER_USD")))


@settings(deadline=None, derandomize=True)
@given(st.floats(1, 1e12), st.floats(0.1, 10))
def test_converting_there_and_dividing_back_gives_the_euros(amount: float, rate: float) -> None:
    found = to_dollars(money([("2014", amount)], "EUR"), rates(y2014=(rate, "EUR_PER_USD")))
    assert found[0]["obs_value"] * rate == pytest.approx(amount)


def test_prices_that_double_halve_what_was_worth_before() -> None:
    found = deflate(money([("2000", 50.0), ("2010", 50.0)]), prices(y2000=100.0, y2010=200.0), "2010")
    assert column(found, "obs_value") == [100.0, 50.0]
    assert column(found, "price_basis") == ["constant 2010"] * 2
    assert found[0]["formula"] == "value in dollars of the year × 200 / 100 (CPI-U of 2010 over that of 2000)"
    assert column(found, "observation_ids") == ["obs-2000 ; cpi-2000 ; cpi-2010", "obs-2010 ; cpi-2010"]
    assert not any(column(found, "is_flagged"))


def test_a_formula_from_before_stays_in_brackets() -> None:
    found = deflate(money([("2000", 50.0)], formula="EXP_FOB + IMP_CIF"), prices(y2000=100.0, y2010=200.0), "2010")
    assert found[0]["formula"].startswith("(EXP_FOB + IMP_CIF) × 200 / 100")


def test_a_partial_index_flags_its_own_year_and_as_a_base_every_year() -> None:
    index = prices(y2024=100.0, y2025=110.0)
    values = money([("2024", 1.0), ("2025", 1.0)])
    assert column(deflate(values, index, "2024"), "is_flagged") == [False, True]
    assert column(deflate(values, index, "2025"), "is_flagged") == [True, True]


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
    early, late = (column(deflate(money(years), index, base), "obs_value") for base in ("1990", "1991"))
    assert [later / sooner for later, sooner in zip(late, early, strict=True)] == pytest.approx([2.0] * len(values))


def test_the_real_index_is_whole_to_2024_and_partial_in_2025(tables: Tables) -> None:
    index = yearly_prices(tables.observations)
    assert index["2024"].level == 313.689
    assert [year for year, price in index.items() if price.is_partial] == ["2025"]


def test_the_real_rates_prefer_the_published_one_and_cover_the_union_s_exports(tables: Tables) -> None:
    found = yearly_rates(tables.observations)
    assert (found["2023"].rate, found["2023"].unit_measure) == (0.9245, "EUR_PER_USD")
    assert found["2005"].unit_measure == "USD_PER_EUR"
    exports = tables.series[(tables.series["ref_area"] == "EU27") & (tables.series["unit_measure"] == "EUR")]
    assert set(exports["time_period"]) <= set(found)
