"""Is this number right: the interval read, what was said, what the record says, and what is refused."""

import pandas as pd
import pytest

from pipelines.checks.ask import RECORD, SAID, Answer, ask, ask_many
from pipelines.errors import DataError
from pipelines.tables import Tables

TRADE = {"indicator": "TRADE_TOTAL", "ref_area": "RUS", "counterpart_area": "CHN"}


@pytest.fixture(scope="module")
def answers(tables: Tables) -> list[Answer]:
    typed = [
        TRADE | {"as_written": "nearly US$95 billion", "time_period": "2014"},
        TRADE | {"as_written": "$62 billion", "time_period": "2015"},
        TRADE | {"as_written": "28% decline", "time_period": "2015"},
        {"as_written": "36.2 bcm", "indicator": "GAS_IMP", "ref_area": "CHN", "time_period": "2017"},
        TRADE | {"as_written": "$210 billion", "time_period": "2020", "role": "target"},
        TRADE | {"as_written": "$70 billion", "time_period": "2015"},
    ]
    return ask_many(pd.DataFrame(typed), tables)


def test_the_words_are_read_as_an_interval(answers: list[Answer]) -> None:
    assert answers[0].read == "US$94 bn to US$95 bn (nearly)"
    assert (answers[0].observation["value_low"], answers[0].observation["value_high"]) == (94e9, 95e9)


@pytest.mark.parametrize(
    ("at", "verdict", "word"),
    [
        (0, "rounds", "agrees"),
        (1, "differs", "conflict"),
        (2, "agrees", "agrees"),
        (3, "other_scope", "caution"),
        (4, "no_counterpart", "none"),
    ],
)
def test_the_record_is_asked(answers: list[Answer], at: int, verdict: str, word: str) -> None:
    assert (answers[at].verdict, answers[at].word) == (verdict, word)
    assert answers[at].arithmetic
    assert list(answers[at].record.columns) == list(RECORD)
    assert list(answers[at].said.columns) == list(SAID)


def test_every_publisher_is_listed_with_its_deviation(answers: list[Answer]) -> None:
    record = answers[1].record.set_index(["source_id", "ref_area"])
    assert record.at[("imf_dots", "CHN"), "deviation"] == pytest.approx(-8.76, abs=0.01)
    assert record.at[("fcs_monthly", "RUS"), "deviation"] == pytest.approx(-2.44, abs=0.01)
    assert not record["fits"].any()


def test_what_others_said_of_the_same_fact_is_listed(answers: list[Answer], tables: Tables) -> None:
    said = answers[1].said.set_index("observation_id")
    assert said.at["valdai-2016-47-013", "relation"] == "agrees"
    assert "candidate-006" in said.index
    assert (said["relation"] == "hidden").any()
    assert said.at["candidate-006", "relation"] == "differs"


def test_the_findings_it_would_cause_name_it(answers: list[Answer]) -> None:
    for at, answer in enumerate(answers, 1):
        involved = answer.findings["observation_ids"].str.split(" ; ")
        assert all(f"candidate-{at:03d}" in ids for ids in involved)
    assert "against-the-record" in set(answers[1].findings["rule"])
    assert "competing-promises" in set(answers[4].findings["rule"])


def test_what_is_left_out_gets_its_usual_value(answers: list[Answer]) -> None:
    row = answers[3].observation
    assert (row["commodity"], row["counterpart_area"], row["measure_type"]) == ("NATURAL_GAS", "W00", "flow")
    assert (row["role"], row["freq"]) == ("actual", "A")


def test_a_figure_of_the_ledger_typed_again_gets_the_ledger_s_finding(tables: Tables) -> None:
    answer = ask({"as_written": "$95 billion", "time_period": "2014"} | TRADE, tables)
    known = tables.findings.set_index("finding_id")
    own = known[known["figure_ids"].eq("valdai-2016-47-007") & known["rule"].eq("against-the-record")].iloc[0]
    assert (answer.verdict, answer.arithmetic) == (own["verdict"], own["arithmetic"])


def test_all_problems_of_several_figures_are_said_at_once(tables: Tables) -> None:
    rows = pd.DataFrame(
        [
            {"as_written": "$1 billion", "indicator": "TRADE_TOTL", "ref_area": "RUX"},
            {"as_written": "$1 billion", "indicator": "TRADE_TOTAL", "ref_area": "RUY"},
        ]
    )
    with pytest.raises(DataError) as refused:
        ask_many(rows, tables)
    words = str(refused.value)
    assert "'TRADE_TOTL' (did you mean 'TRADE_TOTAL'?)" in words
    assert "'RUX' (did you mean 'RUS'?)" in words
    assert "'RUY' (did you mean 'RUS'?)" in words


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"as_written": "12 bcm"}, "figure 1: '12 bcm' is in BCM, but Goods trade turnover is measured in USD"),
        ({"as_written": "95 billion"}, "figure 1: cannot read '95 billion': it is a bare number. Write the unit"),
        ({"as_written": "many billions"}, "figure 1: "),
        ({"as_written": ""}, "figure 1: no figure"),
        ({"as_written": "$1 billion", "time_period": "20x4"}, "figure 1: time_period '20x4'"),
        ({"as_written": "$1 billion", "worth": "1"}, "no column is called 'worth'"),
    ],
)
def test_what_is_no_such_figure_is_refused_in_words(tables: Tables, typed: dict[str, str], said: str) -> None:
    with pytest.raises(DataError) as refused:
        ask(TRADE | typed, tables)
    assert said in str(refused.value)


def test_the_tables_are_not_changed(tables: Tables) -> None:
    before = tables.observations.copy()
    ask(TRADE | {"as_written": "$95 billion", "time_period": "2014"}, tables)
    pd.testing.assert_frame_equal(before, tables.observations)
