import math

import pandas as pd
import pytest

from components import labels, promises, provenance
from components.energy import routes
from components.marks import COLUMNS
from components.pages import figures


@pytest.fixture(scope="module")
def commitments(tables):
    return promises.judged(tables)


@pytest.fixture(scope="module")
def evidence(tables):
    return promises.gather_evidence(tables)


def row_of(commitments, commitment_id):
    return next(row for row in commitments if row["commitment_id"] == commitment_id)


def test_every_commitment_is_judged_once(tables, commitments):
    assert [row["commitment_id"] for row in commitments] == tables.commitments["commitment_id"].tolist()
    assert {row["verdict"] for row in commitments} <= set(promises.VERDICTS)


def test_first_issues_leave_out_repetitions_only(commitments):
    first = pd.DataFrame(promises.first_issues(commitments))
    same = [
        "genealogy",
        "target_value",
        "target_value_high",
        "deadline",
        "unit_measure",
        "grade",
        "actual_observation_ids",
    ]
    assert not first.duplicated(same).any()
    assert len(first.drop_duplicates(same)) == len(pd.DataFrame(commitments).drop_duplicates(same))


def test_grade_c_and_n_have_no_outcome_and_no_rate(commitments, evidence):
    unrated = [row for row in commitments if row["grade"] in ("C", "N")]
    assert len(unrated) > 20
    for row in unrated:
        assert promises.outcome_marks(row, evidence) == []
        assert promises.rate_words(row) == ""


def test_a_rate_is_the_outcome_over_the_promise(commitments, evidence):
    rated = [row for row in commitments if promises.is_rated(row)]
    assert len(rated) > 15
    for row in rated:
        (outcome,) = promises.outcome_marks(row, evidence)
        promise = promises.promise_mark(row, evidence)
        assert outcome["obs_value"] / promise["obs_value"] * 100 == pytest.approx(row["attainment"])
        assert promises.rate_words(row)


def test_a_gap_of_shares_is_told_in_points(commitments):
    words = promises.rate_words(row_of(commitments, "pair-03-settlement-half"))
    assert words == "That is 4\u00a0% of the promise, 48 points short of it"


def test_a_promise_beside_two_outcomes_is_shown_twice(commitments):
    first = promises.first_issues(commitments)
    assert {"pair-05-envelope-4tn-flow", "pair-06-envelope-4tn-deals"} <= {row["commitment_id"] for row in first}


def test_an_undated_promise_names_no_year(commitments, evidence):
    row = row_of(commitments, "promise-trade-250-xi")
    assert promises.promised_words(row) == "US$250\u00a0bn, no year"
    assert pd.isna(promises.promise_mark(row, evidence)["time_period"])
    assert "missed" not in promises.verdict_words(row)


def test_a_count_says_what_is_counted(commitments):
    told = [promises.promised_words(row) for row in commitments if row["indicator"] == "PROJECT_COUNT"]
    assert told and all("projects" in words for words in told)


def test_words_tell_how_late_a_level_was_reached(commitments):
    assert promises.reached_words(row_of(commitments, "pair-01-trade-100-2015")) == "reached in 2018, 3 years late"
    assert promises.reached_words(row_of(commitments, "promise-trade-200-2024-le")) == "reached in 2023, 1 year early"
    assert promises.reached_words(row_of(commitments, "pair-03-settlement-half")) == ""


def test_the_disputed_figure_stands_beside_and_forms_no_rate(commitments, evidence):
    row = row_of(commitments, "pair-01-trade-100-2015")
    beside = promises.beside_marks(row, evidence)
    assert [mark["observation_id"] for mark in beside] == ["valdai-2016-47-013"]
    assert promises.outcome_marks(row, evidence)[0]["obs_value"] > beside[0]["obs_value"]


def test_an_inferred_promise_says_so(commitments, evidence):
    mark = promises.promise_mark(row_of(commitments, "pair-22-kazakh-tariffs"), evidence)
    assert mark["provenance"] == "derived"
    assert mark["source_id"] == "asan-2020-kazakhstan"


def test_a_frame_of_no_marks_keeps_its_columns():
    assert promises.frame_of([]).columns.tolist() == list(COLUMNS)


@pytest.mark.parametrize("cell", [None, pd.NA, float("nan")])
def test_an_empty_cell_is_not_a_number(cell):
    assert math.isnan(promises.number(cell))


def test_a_range_says_both_ends(commitments, evidence):
    row = row_of(commitments, "promise-trade-60-80-2010")
    assert promises.rate_words(row).replace("\u00a0", " ") == (
        "That is 69.3 % to 92.3 % of the promise, US$4.6 bn to US$24.6 bn short of it"
    )
    assert promises.growth_words(row).replace("\u00a0", " ") == "Needed 15.6 % to 22.4 % a year from 2005"
    assert (
        promises.reached_words(row) == "lower end reached in 2011, 1 year late, upper end reached in 2012, 2 years late"
    )
    mark = promises.promise_mark(row, evidence)
    assert (mark["value_low"], mark["value_high"]) == (60e9, 80e9)


def test_an_outcome_that_is_only_stated_says_so(commitments, evidence):
    (came,) = promises.outcome_marks(row_of(commitments, "pair-03-settlement-half"), evidence)
    assert promises.outcome_words(came, promises.CAME).endswith("as stated: no official line of it at hand")
    assert "stated" not in promises.outcome_words(came, "Beside it")


def test_one_target_has_the_same_period_wherever_it_stands(tables, commitments):
    said = "no year, contract 2018–2023"
    assert promises.promised_words(row_of(commitments, "pair-10-kazakh-gas-10")).endswith(f", {said}")
    mark = "asan-2020-kazakhstan-022"
    (listed,) = figures.records(
        tables.observations[tables.observations["observation_id"] == mark], labels.words(tables.codes), {}
    )
    assert listed["period"] == said
    assert said in str(provenance.panel(tables, mark))
    drawn = routes.pipelines_by_role(tables)
    assert said in str(drawn.figure)
