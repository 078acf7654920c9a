"""Rows to be drawn: one point a year, selections held once, money restated or left out with a note."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from components.trade import rows as drawn
from components.trade.level import quoted_arithmetic
from components.trade.money import price_words, restate
from components.trade.scope import PAIRS, Scope
from pipelines.tables import Tables

Make = Callable[..., Tables]
CURRENT = {"prices": "current", "base": "2024", "currency": "eur"}


def point(year: str, billions: float, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(drawn.COLUMNS)
    value = billions * 1e9
    base = {"mark": "point", "time_period": year, "obs_value": value, "value_low": value, "value_high": value}
    more = {"unit_measure": "USD", "bound": "=", "ref_area": "CHN", "provenance": "quoted", "price_basis": "current"}
    return row | base | more | {"observation_id": f"p-{year}", "observation_ids": ""} | changes


def test_of_several_points_of_a_year_the_printed_exact_newest_one_is_kept() -> None:
    points = pd.DataFrame(
        [
            point("2021", 25.2, provenance="derived", vintage="2025", observation_id="derived"),
            point("2021", 25.0, bound="~", vintage="2024", observation_id="about"),
            point("2021", 25.1, vintage="2022", observation_id="older"),
            point("2021", 25.3, vintage="2023", observation_id="newer"),
            point("2020", 20.0, provenance="derived", observation_id="alone"),
            point("2021", 17.0, ref_area="KAZ", observation_id="other side"),
        ]
    )
    assert drawn.one_each(points)["observation_id"].tolist() == ["alone", "newer", "other side"]


def test_a_selection_is_made_once_for_each_state_of_knowledge(few: Tables, make_tables: Make) -> None:
    calls: list[int] = []

    def choose() -> pd.DataFrame:
        calls.append(1)
        return pd.DataFrame({"obs_value": [1.0], "label": ["a"]})

    first, again = (drawn.hold_rows(few, "a test's rows", choose) for _ in range(2))
    drawn.hold_rows(make_tables(), "a test's rows", choose)
    assert first is again and len(calls) == 2


def test_nobody_can_write_into_rows_that_are_held(few: Tables) -> None:
    (row,) = drawn.hold_rows(few, "rows to keep", lambda: pd.DataFrame({"obs_value": [1.0], "label": ["a"]}))
    with pytest.raises(TypeError, match="cannot be changed"):
        row["obs_value"] = 2.0  # type: ignore[index]
    with pytest.raises(TypeError, match="cannot be changed"):
        row.update(obs_value=2.0)  # type: ignore[attr-defined]
    assert {**row, "obs_value": 2.0}["label"] == "a" and row["obs_value"] == 1.0


def test_dollars_of_the_year_pass_unchanged(few: Tables) -> None:
    rows = [point("2014", 95)]
    found, notes = restate(few, rows, CURRENT)
    assert found is rows and notes == [] and price_words(rows) == "current prices"


def test_without_a_price_index_nothing_is_restated_and_a_note_says_so(few: Tables) -> None:
    found, notes = restate(few, [point("2014", 95)], CURRENT | {"prices": "constant"})
    assert found == [] and notes == ["No price index of 2024 is known, so nothing can be put in dollars of that year."]


def test_without_a_euro_rate_the_year_is_left_out_and_named(few: Tables) -> None:
    rows = [point("2014", 95, unit_measure="EUR")]
    found, notes = restate(few, rows, CURRENT | {"currency": "usd"})
    assert found == [] and any("2014" in note for note in notes)


def growth(year: str | None, percent: float) -> list[dict[str, Any]]:
    return [{"source_id": "paper", "time_period": year, "obs_value": percent}]


@pytest.mark.parametrize(("fall", "sentences"), [(-34.7, 0), (-28.0, 1)])
def test_only_figures_that_contradict_each_other_are_called_out(fall: float, sentences: int) -> None:
    rows = [
        point("2014", 95, is_document=True, source_id="paper"),
        point("2015", 62, is_document=True, source_id="paper", value_low=61.5e9, value_high=62.5e9),
    ]
    found = list(quoted_arithmetic(rows, growth("2015", fall)))
    assert len(found) == sentences
    assert all("68.4" in text and "less 28" in text for text in found)


def test_figures_of_two_papers_and_undated_growth_are_not_set_against_each_other() -> None:
    rows = [
        point("2014", 95, is_document=True, source_id="paper"),
        point("2015", 62, is_document=True, source_id="another"),
    ]
    assert list(quoted_arithmetic(rows, growth("2015", -28))) == []
    assert list(quoted_arithmetic(rows[:1], growth(None, 30))) == []


def test_an_empty_exhibit_names_the_state_of_knowledge(few: Tables) -> None:
    found = drawn.empty(few, "nothing", "No figure is held.")
    assert found.title == "Nothing" and found.empty == "No figure is held." and found.frame.empty


def test_quotations_are_found_by_reporter_and_direction(
    make_tables: Make, make_quoted: Callable[..., dict[str, Any]]
) -> None:
    rows = [
        make_quoted(1, "2014", 95),
        make_quoted(2, "1990/1999", 6, freq="W", value_low=5e9, value_high=7e9),
        make_quoted(3, "2015", 1, is_hidden=True),
        make_quoted(4, "2016", 1, role="target"),
        make_quoted(5, "2016", 1, ref_area="RUS", counterpart_area="CHN"),
        make_quoted(6, "2016", 1, indicator="EXP_FOB"),
        make_quoted(7, "2016-01/2016-04", 1, freq="YTD"),
        make_quoted(8, "2017", 1, duplicate_of="paper-2016-001"),
    ]
    few = make_tables(observations=pd.DataFrame(rows))
    found = drawn.printed(few, Scope(PAIRS["RUS-CHN"]), "CHN").set_index("observation_id")["mark"]
    assert found.to_dict() == {"paper-2016-001": "point", "paper-2016-002": "band"}
