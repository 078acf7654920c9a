import datetime as dt

import pandas as pd
import pytest

from pipelines.analyse import news

SINCE = dt.date(2025, 1, 1)


def figure(name, value, vintage, **cells):
    blank = {
        "observation_id": name, "obs_value": value, "value_low": value, "value_high": value, "vintage": vintage,
        "publisher": "Customs", "source_id": "gacc", "ref_area": "CHN", "counterpart_area": "RUS", "role": "actual",
        "indicator": "EXP_FOB", "commodity": "_T", "project_id": None, "measure_type": "flow", "freq": "A",
        "unit_measure": "USD", "time_period": "2024", "period_end": pd.Timestamp("2024-12-31"), "is_core": True,
        "is_hidden": False, "duplicate_of": None,
    }  # fmt: skip
    return blank | cells


def known(*figures, facts=()):
    rows = pd.DataFrame(list(figures))
    competing = pd.DataFrame(list(facts), columns=["observation_id", "fact_id"]).astype(str)
    return news.became_known(rows, competing, SINCE).set_index("observation_id")


def same(*names):
    return [(name, "fact") for name in names]


def test_a_first_figure_is_new():
    rows = known(figure("a", 10.0, "2025-01-13"))
    assert rows.loc["a", "kind"] == "new"
    assert pd.isna(rows.loc["a", "before_value"])
    assert rows.loc["a", "known_on"] == "2025-01-13"


def test_what_was_known_before_the_day_is_no_news():
    assert known(figure("a", 10.0, "2024-12-31"), figure("b", 10.0, "2025-01-01")).index.tolist() == ["b"]


@pytest.mark.parametrize(("vintage", "counts"), [("2024", False), ("2025", True), ("2024-12", False), (None, False)])
def test_a_vague_date_counts_from_its_last_day_and_an_unknown_one_never(vintage, counts):
    assert ("a" in known(figure("a", 10.0, vintage), figure("b", 1.0, "2025-02")).index) == counts


def test_a_later_edition_of_the_same_publisher_revises():
    rows = known(figure("old", 10.0, "2024-06"), figure("new", 11.0, "2025-06"), facts=same("old", "new"))
    row = rows.loc["new"]
    assert (row["kind"], row["before_id"], row["before_value"]) == ("revised", "old", 10.0)
    assert row["change"] == pytest.approx(10.0)


def test_another_publisher_states_another_value():
    late = figure("new", 9.0, "2025-06", publisher="IMF")
    row = known(figure("old", 10.0, "2024-06"), late, facts=same("old", "new")).loc["new"]
    assert row["kind"] == "other value"
    assert row["change"] == pytest.approx(-10.0)


def test_overlapping_intervals_confirm():
    rounded = figure("old", 10.0, "2024-06", value_low=9.5, value_high=10.5)
    open_ended = figure("older", 8.0, "2023-06", value_low=8.0, value_high=None)
    exact = figure("new", 10.2, "2025-06")
    assert known(rounded, exact, facts=same("old", "new")).loc["new", "kind"] == "confirmed"
    assert known(open_ended, exact, facts=same("older", "new")).loc["new", "kind"] == "confirmed"


def test_the_figure_known_last_before_it_is_the_one_compared():
    rows = known(
        figure("a", 10.0, "2023"), figure("b", 12.0, "2024"), figure("c", 12.0, "2025-03"), figure("d", 13.0, "2025-03"),
        facts=same("a", "b", "c", "d"),
    )  # fmt: skip
    assert rows["before_id"].to_dict() == {"c": "b", "d": "b"}
    assert rows["kind"].to_dict() == {"c": "confirmed", "d": "revised"}


def test_the_other_reporter_or_valuation_is_another_fact():
    mirrored = figure("m", 11.0, "2025-06", ref_area="RUS", indicator="IMP_CIF")
    assert known(figure("old", 10.0, "2024-06"), mirrored, facts=same("old", "m")).loc["m", "kind"] == "new"


def test_hidden_repeated_and_peripheral_figures_are_no_news():
    rows = known(
        figure("kept", 1.0, "2025-02"),
        figure("hidden", 1.0, "2025-02", is_hidden=True),
        figure("twice", 1.0, "2025-02", duplicate_of="kept"),
        figure("aside", 1.0, "2025-02", is_core=False),
    )
    assert rows.index.tolist() == ["kept"]


def test_a_series_is_one_row_with_its_newest_figure():
    years = [
        figure(f"y{year}", float(year), "2025-06", time_period=str(year), period_end=pd.Timestamp(f"{year}-12-31"))
        for year in (2022, 2024, 2023)
    ]
    rows = pd.DataFrame([*years, figure("other", 5.0, "2025-06", ref_area="KAZ")])
    grouped = news.by_series(news.became_known(rows, pd.DataFrame(columns=["observation_id", "fact_id"]), SINCE))
    row = grouped.set_index("observation_id").loc["y2024"]
    assert (row["figures"], row["first_period"]) == (3, "2022")
    assert sorted(grouped["observation_id"]) == ["other", "y2024"]
    assert grouped["figures"].sum() == 4


def promise(name, verdict, **cells):
    blank = {
        "commitment_id": name, "genealogy": "trade", "title": name, "verdict": verdict, "target_value": 200.0,
        "unit_measure": "USD", "deadline": "2020", "year_reached": None, "actual_period": None,
        "actual_observation_ids": "a",
    }  # fmt: skip
    return blank | cells


def decided(*promises, since=dt.date(2000, 1, 1)):
    rows = pd.DataFrame(list(promises)).astype({"year_reached": "str", "actual_period": "str", "deadline": "str"})
    names = ["commitment_id", "genealogy", "title"]
    return news.outcomes(rows[names], rows.drop(columns=["genealogy", "title"]), since)


def test_a_promise_met_late_passed_its_year_first():
    rows = decided(promise("p", "met late", year_reached="2023"))
    assert rows[["outcome", "decided_on"]].values.tolist() == [
        ["deadline passed unmet", "2020-12-31"],
        ["met late", "2023-12-31"],
    ]
    assert decided(promise("p", "met late", year_reached="2023"), since=dt.date(2021, 1, 1))["outcome"].tolist() == [
        "met late"
    ]


def test_met_and_missed_are_one_outcome_each():
    rows = decided(
        promise("early", "met early", deadline="2024", year_reached="2023"),
        promise("gas", "met", deadline=None, actual_period="2025", genealogy="gas"),
        promise("never", "missed", genealogy="rail", deadline="2018"),
    )
    assert rows[["commitment_id", "outcome", "decided"]].values.tolist() == [
        ["never", "deadline passed unmet", "2018"],
        ["early", "met early", "2023"],
        ["gas", "met", "2025"],
    ]


def test_open_and_undated_promises_have_no_outcome():
    rows = decided(*(promise(v, v, deadline=None) for v in ("open", "undated", "not comparable", "dropped")))
    assert rows.empty
    assert list(rows.columns) == list(news.OUTCOMES)


def test_issues_of_one_promise_are_one_outcome_at_its_first_date():
    rows = decided(
        promise("later", "met", year_reached="2024", deadline="2024"),
        promise("first", "met early", year_reached="2023", deadline="2024"),
    )
    assert rows[["commitment_id", "issues"]].values.tolist() == [["first", 2]]


def test_real_news_is_what_the_earlier_state_did_not_hold(tables):
    rows = news.became_known(tables.observations, tables.competing, SINCE)
    assert len(rows)
    assert (rows["known_on"] >= "2025-01-01").all()
    assert rows["observation_id"].is_unique
    assert set(rows["kind"]) <= set(news.KINDS)
    assert (rows["before_id"].notna() == (rows["kind"] != "new")).all()


def test_real_outcomes_tell_the_two_hundred_billion(tables):
    rows = news.outcomes(tables.commitments, tables.attainment, dt.date(2000, 1, 1))
    trade = rows[(rows["genealogy"] == "RUS_CHN_TRADE") & (rows["target_value"] == 200e9)]
    assert trade[["outcome", "decided", "deadline"]].values.tolist() == [
        ["deadline passed unmet", "2020", "2020"],
        ["met late", "2023", "2020"],
        ["met early", "2023", "2024"],
    ]


def test_nothing_known_is_no_news(empty_tables):
    assert news.became_known(empty_tables.observations, empty_tables.competing, SINCE).empty
    assert news.by_series(news.became_known(empty_tables.observations, empty_tables.competing, SINCE)).empty
    assert news.outcomes(empty_tables.commitments, empty_tables.attainment, SINCE).empty
