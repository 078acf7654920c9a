"""Figures against the record: answers put in by hand are given back, and the real ledger's known ones are found."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.checks.facts import Facts
from pipelines.checks.record import compare, say_record
from pipelines.checks.record_rules import find_record
from pipelines.checks.spans import windows_that_give
from pipelines.flow import load_tables
from pipelines.tables import AsKnown

CHINA = {"2013": 89e9, "2014": 95.2e9, "2015": 68.0e9, "2016": 69.6e9}
RUSSIA = {"2014": 88.3e9, "2015": 63.6e9}


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (94.5e9, 95.5e9, "agrees"),
        (87.5e9, 88.5e9, "agrees"),
        (95.5e9, 96.5e9, "rounds"),
        (98e9, 99e9, "differs"),
        (90e9, float("inf"), "agrees"),
    ],
)
def test_a_figure_agrees_rounds_or_differs(
    figure: Any, line: Any, facts: Any, low: float, high: float, verdict: str
) -> None:
    said = figure("f", low, high, time_period="2014")
    held = facts([said], line(CHINA), line(RUSSIA, ref_area="RUS", counterpart_area="CHN"))
    assert compare(said, held).verdict == verdict


@settings(max_examples=40)
@given(official=st.floats(1e9, 1e12), share=st.floats(-0.2, 0.2), width=st.floats(0.001, 0.01))
def test_a_figure_differs_only_when_disturbed_beyond_its_words_and_one_percent(
    figure: Any, line: Any, facts: Any, official: float, share: float, width: float
) -> None:
    middle = official * (1 + share)
    said = figure("f", middle * (1 - width), middle * (1 + width), time_period="2014")
    beyond = max(said.interval.low - official, official - said.interval.high, 0) / official
    if abs(beyond - 0.01) > 1e-6:
        found = compare(said, facts([said], line({"2014": official})))
        assert (found.verdict == "differs") == (beyond > 0.01)
        assert (found.deviation == 0) == (beyond == 0)


def test_what_lies_outside_every_publisher_is_said_with_each_reporter(figure: Any, line: Any, facts: Any) -> None:
    said = figure("f", 61.5e9, 62.5e9, time_period="2015", as_written="62")
    words = say_record(said, facts([said], line(CHINA), line(RUSSIA, ref_area="RUS", counterpart_area="CHN")))
    assert words == ("62: below every publisher: US$68 bn China-reported (Office), US$63.6 bn Russia-reported (Office)")


def test_a_figure_between_two_publishers_is_a_caution_only(figure: Any, line: Any, facts: Any) -> None:
    said = figure("f", 65.5e9, 66.5e9, time_period="2015")
    (found,) = find_record(facts([said], line(CHINA), line(RUSSIA, ref_area="RUS", counterpart_area="CHN")))
    assert (found.verdict, found.word) == ("differs", "caution")


def test_a_growth_rate_is_compared_with_computed_growth(figure: Any, line: Any, facts: Any) -> None:
    rate = {"measure_type": "growth", "unit": "PERCENT", "time_period": "2015"}
    held = facts([], line(CHINA))
    assert compare(figure("f", -29.0, -28.0, **rate), held).verdict == "agrees"
    assert compare(figure("f", -28.5, -27.5, **rate), held).verdict == "rounds"
    assert compare(figure("f", -35.5, -34.5, **rate), held).verdict == "differs"


def test_another_scope_is_named_by_summing_a_declared_group(figure: Any, line: Any, facts: Any) -> None:
    gas = {"commodity": "NATURAL_GAS", "unit_measure": "BCM"}
    pipeline = gas | {"indicator": "GAS_IMP_PIPELINE", "ref_area": "CHN"}
    lines = [line({"2017": 92.8}, indicator="GAS_IMP", counterpart_area="W00", **gas)]
    for area, value in (("AAA", 31.7), ("BBB", 4.4), ("CCC", 3.3), ("W00", 39.4)):
        lines.append(line({"2017": value}, counterpart_area=area, **pipeline))
    said = figure(
        "f", 36.05, 36.15, indicator="GAS_IMP", commodity="NATURAL_GAS", ref_area="CHN", counterpart_area="W00",
        unit="BCM", time_period="2017",
    )  # fmt: skip
    found = compare(said, facts([said], *lines))
    assert found.verdict == "other_scope"
    assert found.scope is not None
    assert found.scope.value == pytest.approx(36.1)
    assert "Aland and Bland" in found.scope.label


def test_free_combinations_of_partners_are_not_tried(figure: Any, line: Any, facts: Any) -> None:
    gas = {"commodity": "NATURAL_GAS", "unit_measure": "BCM", "indicator": "GAS_IMP_PIPELINE"}
    lines = [line({"2017": value}, counterpart_area=area, **gas) for area, value in (("AAA", 31.7), ("CCC", 3.3))]
    lines.append(line({"2017": 92.8}, counterpart_area="W00", **gas))
    said = figure(
        "f", 34.95, 35.05, indicator="GAS_IMP_PIPELINE", commodity="NATURAL_GAS", ref_area="CHN",
        counterpart_area="W00", unit="BCM", time_period="2017",
    )  # fmt: skip
    assert compare(said, facts([said], *lines)).verdict == "differs"


def test_each_year_of_a_band_is_compared_and_the_exception_named(figure: Any, line: Any, facts: Any) -> None:
    years = {"1992": 5.9e9, "1993": 7.7e9, "1994": 5.0e9, "1995": 5.5e9}
    said = figure("f", 5e9, 7e9, time_period="1992/1995", freq="W", as_written="$5–7 billion annually")
    found = compare(said, facts([said], line(years)))
    assert found.verdict == "agrees"
    assert "3 of 4 years" in found.explanation
    assert "but for 1993" in found.explanation


def test_a_sum_over_years_is_compared_with_the_sum(figure: Any, line: Any, facts: Any) -> None:
    said = figure("f", 320e9, 323e9, time_period="2013/2016", freq="W", as_written="$321 billion in all")
    assert compare(said, facts([said], line(CHINA))).verdict == "agrees"
    short = figure("f", 320e9, 323e9, time_period="2012/2016", freq="W", as_written="$321 billion in all")
    assert compare(short, facts([short], line(CHINA))).verdict == "no_counterpart"


@settings(max_examples=25)
@given(rate=st.floats(1, 40), start=st.integers(1990, 2000), years=st.integers(6, 15))
def test_a_window_that_grows_at_a_rate_gives_it_back(
    figure: Any, line: Any, facts: Any, rate: float, start: int, years: int
) -> None:
    values = {str(start + year): 5e9 * (1 + rate / 100) ** year for year in range(years + 1)}
    said = figure("f", rate - 0.5, rate + 0.5, measure_type="growth", unit="PERCENT", freq="N")
    windows = windows_that_give(said, facts([said], line(values)))
    assert windows[0].years == years
    assert windows[0].rate == pytest.approx(rate)


def test_a_growth_rate_without_a_window_differs_only_where_many_years_are_held(
    figure: Any, line: Any, facts: Any
) -> None:
    said = figure("f", 25, 35, measure_type="growth", unit="PERCENT", freq="N")
    steady = {str(year): 5e9 * 1.05 ** (year - 2000) for year in range(2000, 2012)}
    assert compare(said, facts([said], line(steady))).verdict == "differs"
    few = dict(list(steady.items())[:7])
    assert compare(said, facts([said], line(few))).verdict == "cannot_tell"


def test_by_the_knowledge_of_2016_only_what_was_out_then_speaks(store: Path) -> None:
    then = load_tables(store, AsKnown("published", "2016-08")).findings
    said = then[then["rule"] == "against-the-record"].set_index("figure_ids")
    assert "first release" in said.at["valdai-2016-47-007", "arithmetic"]
    assert "DOTS" not in said.at["valdai-2016-47-007", "arithmetic"]
    assert said.at["valdai-2016-47-013", "verdict"] == "no_counterpart"
    assert said.at["valdai-2016-47-011", "verdict"] == "cannot_tell"


def test_a_partner_s_count_alone_decides_nothing_for_the_press(figure: Any, line: Any, facts: Any) -> None:
    said = figure(
        "f",
        12.0e9,
        12.1e9,
        indicator="EXP_FOB",
        ref_area="CHN",
        counterpart_area="RUS",
        time_period="2015",
        sentence=-1,
    )
    held = facts([said], line({"2015": 15e9}, indicator="IMP_CIF", ref_area="RUS", counterpart_area="CHN"))
    assert compare(said, held).verdict == "cannot_tell"
    assert list(find_record(held)) == []


def test_values_estimated_from_the_partner_and_promises_are_never_compared(figure: Any, line: Any, facts: Any) -> None:
    said = figure("f", 67e9, 68e9, time_period="2015")
    assert compare(said, facts([said], line(CHINA, obs_status="E"))).verdict == "no_counterpart"
    target = figure("t", 99e9, 101e9, time_period="2015", role="target")
    assert compare(target, facts([target], line(CHINA))).verdict == "no_counterpart"


def test_what_was_known_when_it_was_said_may_differ_from_today(figure: Any, line: Any, facts: Any) -> None:
    said = figure("f", 95e9, 95.5e9, time_period="2014", vintage="2011-05")
    later = figure("office.second.CHN.RUS.TRADE_TOTAL.2014", 95.2e9, 95.2e9, provenance="statistic", vintage="2020")
    held = facts([said, later], line({"2014": 90e9}), line({"2014": 95.2e9}, edition="second"))
    by_id = {one.id: one for one in held.figures}
    assert by_id["office.first.CHN.RUS.TRADE_TOTAL.2014"].vintage == "2010"
    found = compare(said, Facts((said, later, *held.figures[2:3]), series=held.series, codes=held.codes))
    assert found.verdict == "agrees"
    assert found.explanation == "By the editions out when it was said it differs, today it agrees."


def test_the_finding_keeps_its_name_when_an_edition_is_added(figure: Any, line: Any, facts: Any) -> None:
    from pipelines.checks.finding import frame_findings
    from pipelines.checks.record_rules import RECORD

    said = figure("f", 61.5e9, 62.5e9, time_period="2015")
    one = facts([said], line(CHINA))
    two = facts([said], line(CHINA), line(CHINA, edition="second"))
    names = [
        frame_findings((RECORD[0], found) for found in find_record(held))["finding_id"].tolist() for held in (one, two)
    ]
    assert names[0] == names[1]


@pytest.mark.parametrize(
    ("figure_id", "verdict", "words"),
    [
        ("valdai-2016-47-013", "differs", "below every publisher: US$67.95 bn China-reported"),
        ("valdai-2016-47-007", "agrees", "US$95.24 bn China-reported"),
        ("valdai-2016-47-012", "agrees", "−28.65 % China-reported"),
        ("valdai-2016-47-014", "rounds", "−35.16 % China-reported"),
        ("valdai-2016-47-015", "rounds", "−20.24 % China-reported"),
        ("valdai-2016-47-008", "agrees", "7 of 8 years lie within the words, but for 1993 (US$7.68 bn)"),
        ("valdai-2016-47-035", "rounds", "1.75 % China-reported"),
        ("valdai-2016-47-036", "rounds", "2.14 % China-reported"),
        ("asan-2020-kazakhstan-023", "agrees", "31.68 bcm"),
        ("asan-2020-kazakhstan-024", "other_scope", "Kazakhstan, Turkmenistan and Uzbekistan"),
    ],
)
def test_the_record_says_of_the_real_figures_what_was_worked_out_by_hand(
    real_facts: Facts, figure_id: str, verdict: str, words: str
) -> None:
    said = real_facts.by_id[figure_id]
    assert compare(said, real_facts).verdict == verdict
    assert words in say_record(said, real_facts)


def test_a_ratio_of_two_levels_is_computed_year_by_year(real_facts: Facts) -> None:
    found = compare(real_facts.by_id["valdai-2016-47-034"], real_facts)
    assert found.verdict == "cannot_tell"
    assert [one.period for one in found.statements] == ["2015"]
    assert found.statements[0].value == pytest.approx(12.3, abs=0.3)
    assert "2014" in found.explanation
    (finding,) = (one for one in find_record(real_facts) if one.figures[0].id == "valdai-2016-47-034")
    assert finding.word == "caution"
    assert "fits other years than the last" in finding.title


def test_of_a_promise_it_is_said_what_came(real_facts: Facts) -> None:
    found = compare(real_facts.by_id["valdai-2016-47-010"], real_facts)
    assert found.verdict == "no_counterpart"
    assert any("what came: US$107" in entry and "China-reported" in entry for entry in found.lines)


def test_the_growth_nobody_dated_is_given_by_the_years_before_the_crisis(real_facts: Facts) -> None:
    windows = windows_that_give(real_facts.by_id["valdai-2016-47-011"], real_facts)
    found = {(one.first.reporter, one.first.period, one.last.period): one.rate for one in windows}
    assert found["CHN", "1999", "2008"] == pytest.approx(29.1, abs=0.05)
    assert ("CHN", "1999", "2014") not in found


def test_most_hidden_misprints_of_the_press_are_found_by_the_record(real_facts: Facts) -> None:
    hidden = [one for one in real_facts.figures if one.is_hidden and one.is_quoted and one.role == "actual"]
    verdicts = [compare(one, real_facts).verdict for one in hidden]
    compared = [verdict for verdict in verdicts if verdict not in ("no_counterpart", "cannot_tell")]
    assert len(compared) >= 5
    assert sum(verdict in ("differs", "other_scope") for verdict in compared) >= 0.6 * len(compared)


def test_every_figure_of_a_document_has_one_finding_and_the_press_only_what_is_off(real_facts: Facts) -> None:
    found = list(find_record(real_facts))
    assert len({one.figures[0].id for one in found}) == len(found)
    assert {one.verdict for one in found if one.figures[0].sentence < 0} <= {"differs", "other_scope"}
    assert all(one.arithmetic for one in found)
