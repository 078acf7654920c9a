"""Rules on invented figures: a consistent set stays silent, a figure moved beyond its words is found and named."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.checks.facts import Facts, Figure
from pipelines.checks.intervals import Interval
from pipelines.checks.rules import RULES
from pipelines.checks.search import search

LEVELS = st.floats(min_value=20, max_value=900)
RATES = st.floats(min_value=-0.5, max_value=0.9)
SERIOUS = ("contradiction", "tension")
Make = Callable[..., Figure]


def told(figure: Make, name: str, number: float, step: float, **dimensions: Any) -> Figure:
    """A figure printed to that step."""
    printed = round(number / step) * step
    return figure(name, printed - step / 2, printed + step / 2, **({"time_period": "2015"} | dimensions))


def two_years(figure: Make, exports: float, imports: float, rates: tuple[float, float]) -> list[Figure]:
    """Exports, imports, turnover and their growth in one text, all from numbers that fit."""
    after = (exports * (1 + rates[0]), imports * (1 + rates[1]))
    growth = (sum(after) / (exports + imports) - 1) * 100
    percent = {"measure_type": "growth", "unit": "PERCENT"}
    return [
        told(figure, "before", (exports + imports) * 1e9, 1e8, time_period="2014"),
        told(figure, "after", sum(after) * 1e9, 1e8),
        told(figure, "growth", growth, 0.1, **percent),
        told(figure, "exports", after[0] * 1e9, 1e8, indicator="EXP_FOB"),
        told(figure, "imports", after[1] * 1e9, 1e8, indicator="IMP_CIF"),
        told(figure, "exports grew", rates[0] * 100, 0.1, indicator="EXP_FOB", **percent),
        told(figure, "imports grew", rates[1] * 100, 0.1, indicator="IMP_CIF", **percent),
    ]


def found(facts: Facts, *verdicts: str) -> pd.DataFrame:
    findings = search(facts)
    return findings[findings["verdict"].isin(verdicts)]


@settings(max_examples=40)
@given(exports=LEVELS, imports=LEVELS, first=RATES, second=RATES)
def test_what_fits_together_stays_silent(figure: Make, facts: Any, exports, imports, first, second) -> None:
    figures = two_years(figure, exports, imports, (first, second))
    assert found(facts(figures), "contradiction").empty


@settings(max_examples=40)
@given(levels=st.tuples(LEVELS, LEVELS), rates=st.tuples(RATES, RATES), factor=st.sampled_from([0.4, 2.5]))
def test_a_disturbed_level_is_found_and_named(figure: Make, facts: Any, levels, rates, factor) -> None:
    figures = two_years(figure, *levels, rates)
    wrong = replace(figures[1], interval=figures[1].interval * factor, value=figures[1].value * factor)
    rows = found(facts([figures[0], wrong, *figures[2:]]), "contradiction")
    blamed = {row.rule: row.odd_one_out.split(" | ") for row in rows.itertuples()}
    assert "after" in blamed["level-and-growth"]
    assert "after" in blamed["parts-and-total"]


def test_the_record_clears_whom_it_confirms(figure: Make, facts: Any, line: Any) -> None:
    figures = two_years(figure, 60, 40, (-0.3, -0.3))[:3]
    wrong = replace(figures[1], interval=Interval(61.95e9, 62.05e9), value=62e9)
    official = line({"2013": 98e9, "2014": 100e9, "2015": 70e9})
    (row,) = found(facts([figures[0], wrong, figures[2]], official), "contradiction").to_dict("records")
    assert row["odd_one_out"] == "after"
    assert "the record confirms" in row["explanation"] and "US$70 bn" in row["record"]


def test_total_growth_outside_its_parts_is_a_contradiction(figure: Make, facts: Any) -> None:
    figures = two_years(figure, 60, 40, (-0.34, -0.19))
    rates = [replace(figures[2], value=-40.0, interval=Interval(-40.5, -39.5)), *figures[5:]]
    (row,) = found(facts(rates), "contradiction").to_dict("records")
    assert (row["rule"], row["title"]) == ("component-growth", "Total growth lies outside its parts, −19 % and −34 %")


def money(figure: Make, name: str, billions: float, **dimensions: Any) -> Figure:
    return told(
        figure, name, billions * 1e9, 1e9, **({"indicator": "INVEST_STOCK", "measure_type": "stock"} | dimensions)
    )


CASES: list[tuple[str, str, Callable[[Make], list[Figure]]]] = [
    ("part-and-whole", "contradiction", lambda make: [
        money(make, "part", 30, ref_area="CHN", counterpart_area="RUS"),
        money(make, "whole", 20, ref_area="CHN", counterpart_area="W00")]),
    ("part-and-whole", "contradiction", lambda make: [
        money(make, "member", 60, ref_area="CHN", counterpart_area="TWO", project_id="BANK", role="pledge"),
        money(make, "bank", 50, ref_area="TWO", counterpart_area="", project_id="BANK", role="pledge")]),
    ("part-and-whole", "contradiction", lambda make: [
        money(make, "short", 9, measure_type="cumulative", time_period="2013/2020", freq="W"),
        money(make, "long", 7, measure_type="cumulative", time_period="2005/2020", freq="W")]),
    ("same-length", "contradiction", lambda make: [
        told(make, "km", 523, 1, indicator="ROUTE_LENGTH", measure_type="length", unit="KM", unit_as_read="KM", project_id="LINE"),
        told(make, "mi", 580, 1.6, indicator="ROUTE_LENGTH", measure_type="length", unit="KM", unit_as_read="MILE", project_id="LINE")]),
    ("listed-items", "contradiction", lambda make: [
        make("items", 6, 6, indicator="ITEM_COUNT", measure_type="count", unit="COUNT", listed_count=5.0)]),
    ("word-and-number", "tension", lambda make: [
        told(make, "share", 44, 1, indicator="IMP_GROUP_SHARE", measure_type="share", unit="PERCENT", claim_word="majority")]),
    ("window-and-years", "contradiction", lambda make: [
        make("window", 10, 10, indicator="DURATION", measure_type="duration", unit="YEAR", about="IMP_GROUP_SHARE"),
        told(make, "old", 20, 1, indicator="IMP_GROUP_SHARE", measure_type="share", unit="PERCENT", time_period="2001"),
        told(make, "new", 30, 1, indicator="IMP_GROUP_SHARE", measure_type="share", unit="PERCENT", time_period="2019")]),
    ("multiple-and-base", "contradiction", lambda make: [
        make("triple", 3, 3, indicator="GAS_EXP_MULTIPLE", unit="RATIO", measure_type="ratio", about="GAS_EXP", role="target",
             project_id="DEAL", time_period="2018"),
        told(make, "goal", 12, 1, indicator="GAS_EXP", unit="BCM", role="target", project_id="DEAL", time_period="2018"),
        told(make, "base", 6, 1, indicator="GAS_EXP", unit="BCM", time_period="2017")]),
    ("rate-and-duration", "contradiction", lambda make: [
        told(make, "volume", 300, 1, indicator="CONTRACT_VOLUME", unit="BCM", measure_type="cumulative", project_id="DEAL"),
        make("term", 10, 10, indicator="CONTRACT_TERM", unit="YEAR", measure_type="duration", project_id="DEAL"),
        told(make, "rate", 38, 1, indicator="PIPELINE_CAPACITY", unit="BCM_YR", measure_type="level", role="capacity", project_id="DEAL")]),
    ("rate-and-duration", "contradiction", lambda make: [
        make("term", 3, 3, indicator="CONTRACT_TERM", unit="YEAR", measure_type="duration", time_period="2010/2018",
             freq="W", period_basis="stated")]),
    ("average-growth", "tension", lambda make: [
        told(make, "rate", 30, 10, measure_type="growth", unit="PERCENT", claim_word="average", about="TRADE_TOTAL", time_period=""),
        told(make, "old", 10e9, 1e9, time_period="2000"), told(make, "new", 20e9, 1e9, time_period="2010")]),
    ("share-and-levels", "contradiction", lambda make: [
        told(make, "part", 12e9, 1e9, indicator="EXP_FOB", commodity="FUELS"),
        told(make, "whole", 40e9, 1e9, indicator="EXP_FOB", commodity="_T"),
        told(make, "share", 45, 1, indicator="EXP_GROUP_SHARE", commodity="FUELS", measure_type="share", unit="PERCENT")]),
    ("shares-of-one-whole", "contradiction", lambda make: [
        told(make, "one", 60, 1, indicator="EXP_GROUP_SHARE", commodity="FUELS", measure_type="share", unit="PERCENT"),
        told(make, "two", 50, 1, indicator="EXP_GROUP_SHARE", commodity="TIMBER", measure_type="share", unit="PERCENT")]),
    ("competing-values", "contradiction", lambda make: [
        told(make, "one", 60e9, 1e9, source_id="a"), told(make, "two", 70e9, 1e9, source_id="b")]),
    ("competing-values", "tension", lambda make: [
        told(make, "one", 60e9, 1e8, source_id="a"), told(make, "two", 61e9, 1e8, source_id="b")]),
    ("competing-promises", "tension", lambda make: [
        told(make, "one", 35e9, 1e9, role="target", time_period="2030", vintage="2020", source_id="a"),
        told(make, "two", 40e9, 1e9, role="target", time_period="2030", vintage="2023", source_id="b")]),
    ("competing-promises", "tension", lambda make: [
        told(make, "one", 40e9, 1e9, role="target", time_period="2025", vintage="2020", source_id="a"),
        told(make, "two", 40e9, 1e9, role="target", time_period="2030", vintage="2023", source_id="b")]),
    ("same-number", "same_number", lambda make: [
        told(make, "one", 6, 1, indicator="EXP_GROUP_SHARE", measure_type="share", unit="PERCENT"),
        told(make, "two", 6, 1, indicator="SUPPLY_SHARE", measure_type="share", unit="PERCENT", time_period="")]),
    ("label-drift", "comparability", lambda make: [
        told(make, "old", 6, 1, indicator="EXP_GROUP_SHARE", measure_type="share", unit="PERCENT", label="fuels", time_period="2001"),
        told(make, "new", 9, 1, indicator="EXP_GROUP_SHARE", measure_type="share", unit="PERCENT", label="fuels and ores")]),
    ("promise-and-outcome", "comparability", lambda make: [
        money(make, "plan", 160, indicator="PROJECT_VALUE", measure_type="cumulative", role="plan", project_id="ALL"),
        money(make, "done", 9, indicator="PROJECT_VALUE", measure_type="cumulative", project_id="EAST", scope="East")]),
    ("promise-and-outcome", "comparability", lambda make: [
        money(make, "plan", 800, indicator="FINANCE_ENVELOPE", measure_type="cumulative", role="plan", bound="<=",
              interval=Interval(float("-inf"), 800e9), source_id="a"),
        money(make, "deals", 890, indicator="DEAL_VALUE", measure_type="cumulative", role="contract", source_id="b")]),
    ("capacity-and-delivery", "comparability", lambda make: [
        told(make, "can", 38, 1, indicator="PIPELINE_CAPACITY", measure_type="level", unit="BCM_YR", role="capacity", project_id="PIPE"),
        told(make, "did", 10, 0.1, indicator="GAS_DELIVERY", unit="BCM", project_id="PIPE")]),
    ("two-reporters", "comparability", lambda make: [
        told(make, "theirs", 14e9, 1e8, indicator="EXP_FOB", ref_area="CHN", counterpart_area="AAA"),
        told(make, "ours", 8e9, 1e8, indicator="IMP_CIF", ref_area="AAA", counterpart_area="CHN")]),
    ("price-basis", "comparability", lambda make: [
        told(make, "now", 60e9, 1e9, price_basis="current"), told(make, "then", 50e9, 1e9, price_basis="2015", source_id="b")]),
    ("value-and-count", "tension", lambda make: [
        money(make, "plan", 200, indicator="PROJECT_VALUE", measure_type="cumulative", role="plan", project_id="LIST"),
        make("planned", 80, 80, indicator="PROJECT_COUNT", measure_type="count", unit="COUNT", role="plan", project_id="LIST", time_period="2015"),
        money(make, "done", 5, indicator="PROJECT_VALUE", measure_type="cumulative", project_id="LIST"),
        make("finished", 50, 50, indicator="PROJECT_COUNT", measure_type="count", unit="COUNT", project_id="LIST", time_period="2015")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "verdict", "cast"), CASES, ids=[f"{rule} {at}" for at, (rule, *_) in enumerate(CASES)]
)
def test_every_rule_finds_what_was_planted(figure: Make, facts: Any, rule: str, verdict: str, cast: Any) -> None:
    figures = cast(figure)
    rows = search(facts(figures))
    (row,) = rows[rows["rule"] == rule].to_dict("records")
    assert row["verdict"] == verdict
    assert set(row["observation_ids"].split(" ; ")) <= {one.id for one in figures}
    assert row["arithmetic"] and len(row["title"]) < 120


def test_freight_explains_a_gap_only_where_it_covers_all_of_it(figure: Make, facts: Any) -> None:
    def of(ours: float) -> str:
        pair = [
            told(figure, "theirs", 10e9, 1e7, indicator="EXP_FOB", ref_area="CHN", counterpart_area="AAA"),
            told(figure, "ours", ours * 1e9, 1e7, indicator="IMP_CIF", ref_area="AAA", counterpart_area="CHN"),
        ]
        rows = search(facts(pair))
        return str(rows.loc[rows["rule"] == "two-reporters", "status"].iloc[0])

    assert (of(10.9), of(11.2)) == ("explained", "open")


def test_other_texts_are_not_read_together(figure: Make, facts: Any) -> None:
    figures = two_years(figure, 60, 40, (0.2, 0.2))
    scattered = [replace(one, source_id=f"text {at}", value=one.value * 3) for at, one in enumerate(figures[:3])]
    assert "level-and-growth" not in set(search(facts(scattered))["rule"])


def test_hidden_misprints_repetitions_and_sums_of_our_own_are_no_statements(figure: Make, facts: Any) -> None:
    pair = [told(figure, "one", 60e9, 1e9, source_id="a"), told(figure, "two", 70e9, 1e9, source_id="b")]
    for change in ({"is_hidden": True}, {"duplicate_of": "one"}, {"provenance": "derived"}):
        assert "competing-values" not in set(search(facts([pair[0], replace(pair[1], **change)]))["rule"])


def test_two_documents_that_date_one_event_differently_are_found(facts: Any) -> None:
    events = pd.DataFrame(
        {
            "event_id": ["a", "b", "c"],
            "date": ["2020-03-01", "2020-03-03", "2020-03-02"],
            "title": ["Treaty on rivers signed", "Treaty on rivers signed in Astana", "Ministers meet"],
            "areas": ["RUS;CHN", "CHN;RUS", "RUS;CHN"],
            "source_id": ["one", "two", "two"],
        }
    )
    (row,) = search(facts([], events=events)).to_dict("records")
    assert row["observation_ids"] == "a ; b" and "2 days apart" in row["arithmetic"]


def test_every_rule_says_what_it_holds(figure: Make) -> None:
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)
    assert all(rule.sentence.endswith(".") and rule.documentation.endswith(".") for rule in RULES)
