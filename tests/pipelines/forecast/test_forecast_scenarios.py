from dataclasses import replace

import numpy as np
import pytest

from pipelines.forecast.annual import Parameters, forecast
from pipelines.forecast.attain import Target, odds
from pipelines.forecast.refusals import ForecastRefusal
from pipelines.forecast.scenarios import as_if_made_in, follow_brent, grow_constantly, link_to_brent, ramp_up
from pipelines.forecast.series import AnnualSeries

RNG = np.random.default_rng(12)
YEARS = tuple(range(1998, 2024))
PRICES = RNG.normal(0.03, 0.25, len(YEARS))
BRENT = AnnualSeries("BRENT", YEARS, tuple((20 * np.exp(np.cumsum(PRICES))).tolist()), "USD_BBL")
CHANGES = 0.04 + 0.5 * PRICES + RNG.normal(0, 0.03, len(YEARS))
TRADE = AnnualSeries("TRADE", YEARS, tuple((10 * np.exp(np.cumsum(CHANGES))).tolist()), "USD")
CHOSEN = Parameters(horizon=4)
BASE = forecast(TRADE, CHOSEN)


def refused(code, call, *arguments, **more):
    with pytest.raises(ForecastRefusal) as caught:
        call(*arguments, **more)
    assert caught.value.code == code
    return str(caught.value)


def test_constant_growth_gives_the_rate_back():
    path = grow_constantly(TRADE, 0.05, 4)
    assert path["point"].to_numpy() / TRADE.values[-1] == pytest.approx([1.05**k for k in range(1, 5)])
    assert path["scenario"].unique().tolist() == ["Scenario: +5.0% every year"]
    assert path["time_period"].tolist() == ["2024", "2025", "2026", "2027"]


def test_constant_growth_keeps_the_horizons_limits():
    refused("horizon_long", grow_constantly, TRADE, 0.05, 11)


def test_elasticity_is_found_and_matches_least_squares():
    link = link_to_brent(TRADE, BRENT)
    design = np.column_stack([np.ones(len(YEARS) - 1), np.diff(np.log(BRENT.values))])
    target = np.diff(np.log(TRADE.values))
    found, squares = np.linalg.lstsq(design, target)[:2]
    spread = np.sqrt(squares[0] / (len(target) - 2) * np.linalg.inv(design.T @ design)[1, 1])
    assert link.elasticity == pytest.approx(found[1])
    assert link.standard_error == pytest.approx(spread)
    assert link.t == pytest.approx(found[1] / spread)
    assert link.count == len(YEARS)


def test_flat_brent_is_the_forecast_itself_but_says_its_condition():
    flat = follow_brent(TRADE, BRENT, "flat", CHOSEN)
    assert flat.distribution == BASE.distribution
    assert flat.scenario.startswith("Scenario: Brent flat")
    assert "only if Brent takes this path" in flat.notes[0]
    assert flat.digest != BASE.digest


def test_high_brent_shifts_by_elasticity_times_the_price_change():
    high = follow_brent(TRADE, BRENT, "high", CHOSEN)
    link = link_to_brent(TRADE, BRENT)
    logs = np.log(BRENT.values)
    for step in range(1, 5):
        change = np.quantile(logs[step:] - logs[:-step], 0.9)
        point = BASE.distribution.points[step - 1] * np.exp(link.elasticity * change)
        assert high.distribution.points[step - 1] == pytest.approx(point)
        scale = np.hypot(BASE.distribution.scales[step - 1], point * change * link.standard_error)
        assert high.distribution.scales[step - 1] == pytest.approx(scale)


def test_low_brent_is_below_high_brent_in_frame_and_odds():
    low, high = (follow_brent(TRADE, BRENT, path, CHOSEN) for path in ("low", "high"))
    assert (low.frame["point"] < high.frame["point"]).all()
    target = Target(BASE.distribution.points[3], 2027)
    assert odds(low, target).probability < odds(BASE, target).probability < odds(high, target).probability
    assert odds(low, target).scenario == low.scenario


def test_prices_after_the_origin_are_not_read():
    later = replace(BRENT, values=(*BRENT.values[:22], *(price * 9 for price in BRENT.values[22:])))
    chosen = Parameters(horizon=3, last_year=2019)
    one, two = (follow_brent(TRADE, brent, "high", chosen) for brent in (BRENT, later))
    assert one.frame.equals(two.frame)


def test_brent_needs_twenty_shared_years():
    words = refused("brent_short", follow_brent, TRADE, BRENT, "high", Parameters(horizon=3, first_year=2005))
    assert "shares 19" in words
    follow_brent(TRADE, BRENT, "high", Parameters(horizon=3, first_year=2004))


def test_an_unrelated_series_gets_no_brent_scenario():
    noise = tuple((10 * np.exp(np.cumsum(np.random.default_rng(3).normal(0.04, 0.05, len(YEARS))))).tolist())
    assert "t is" in refused("brent_unrelated", follow_brent, replace(TRADE, values=noise), BRENT, "low", CHOSEN)


def test_unknown_path_is_named():
    assert "did you mean 'high'" in refused("brent_path", follow_brent, TRADE, BRENT, "hihg", CHOSEN)


def test_ramp_up_adds_equal_steps_up_to_capacity():
    ramped = ramp_up(BASE, start_year=2025, years_to_capacity=2, capacity=38.0)
    added = np.array(ramped.distribution.points) - np.array(BASE.distribution.points)
    assert added == pytest.approx([0, 19, 38, 38])
    assert ramped.distribution.scales == pytest.approx(BASE.distribution.scales)
    assert ramped.scenario == "Scenario: 38 added from 2025, in full 2 years on"
    assert ramped.frame["point"].tolist()[:4] == list(ramped.distribution.points)


def test_scenarios_pile_up_in_the_label():
    both = ramp_up(follow_brent(TRADE, BRENT, "low", CHOSEN), start_year=2025, years_to_capacity=2, capacity=1.0)
    assert "Brent low" in both.scenario and "1 added" in both.scenario


def test_a_ramp_needs_capacity_and_time():
    refused("ramp", ramp_up, BASE, start_year=2025, years_to_capacity=0, capacity=38.0)
    refused("ramp", ramp_up, BASE, start_year=2025, years_to_capacity=2, capacity=0.0)


def test_as_if_made_in_cuts_and_says_so():
    past = as_if_made_in(TRADE, 2015, CHOSEN)
    assert past.origin == 2015
    assert past.frame.equals(forecast(TRADE, replace(CHOSEN, last_year=2015)).frame)
    assert "today's edition" in past.notes[0] and past.scenario
