"""Series quality: a disturbed value is found and named, a steady series stays silent, the real ledger's known ones."""

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.checks.facts import Facts
from pipelines.checks.finding import Finding
from pipelines.checks.quality_editions import find_apart
from pipelines.checks.quality_gas import USUAL_TO_STANDARD, find_conditions, find_pipe_above_imports
from pipelines.checks.quality_series import find_breaks, find_jumps, find_mirror, find_partial

YEARS = [str(year) for year in range(2000, 2016)]
STEADY = {year: 10e9 * 1.05**at for at, year in enumerate(YEARS)}


@settings(max_examples=20)
@given(year=st.sampled_from(YEARS), off=st.floats(-0.3, 0.3).filter(lambda off: abs(off) > 0.021 or abs(off) < 0.019))
def test_editions_two_percent_apart_are_named_with_the_year(
    figure: Any, line: Any, facts: Any, year: str, off: float
) -> None:
    other = STEADY | {year: STEADY[year] * (1 + off)}
    held = facts([], line(STEADY), line(other, edition="second"))
    found = list(find_apart(held))
    assert len(found) == (abs(off) >= 0.02)
    assert all(year in one.title and one.verdict == "unexplained" for one in found)


def test_a_turnover_apart_speaks_for_its_directions(line: Any, facts: Any) -> None:
    lines = []
    for indicator, factor in (("TRADE_TOTAL", 1.0), ("EXP_FOB", 0.5)):
        for edition, off in (("first", 1.0), ("second", 1.1)):
            values = {year: value * factor * off for year, value in STEADY.items()}
            lines.append(line(values, indicator=indicator, edition=edition))
    (found,) = find_apart(facts([], *lines))
    assert found.title.startswith("Trade China–Russia")


def test_parts_of_one_edition_are_added_up_and_compared_with_the_total_of_another(line: Any, facts: Any) -> None:
    gas = {"commodity": "NATURAL_GAS", "unit_measure": "BCM", "counterpart_area": "W00"}
    parts = [
        line({"2021": 50.0, "2022": 60.0}, indicator="GAS_IMP_PIPELINE", **gas),
        line({"2021": 90.0, "2022": 90.0}, indicator="GAS_IMP_LNG", **gas),
    ]
    total = line({"2021": 140.5, "2022": 144.0}, indicator="GAS_IMP", edition="second", **gas)
    (found,) = find_apart(facts([], *parts, total))
    assert "2022" in found.title
    assert "4.0 % apart" in found.title
    assert not any(entry.startswith("2021") for entry in found.arithmetic)


@settings(max_examples=20)
@given(year=st.sampled_from(YEARS[3:-1]), factor=st.floats(1.8, 2.5))
def test_a_jump_nobody_else_saw_is_found(line: Any, facts: Any, year: str, factor: float) -> None:
    at = YEARS.index(year)
    values = {name: value * (factor if YEARS.index(name) >= at else 1) for name, value in STEADY.items()}
    (found,) = find_jumps(facts([], line(values)))
    assert f"in {year}" in found.title


def test_steady_lines_jumps_the_partner_confirms_and_starts_stay_silent(line: Any, facts: Any) -> None:
    assert list(find_jumps(facts([], line(STEADY)))) == []
    jumped = {year: value * (2 if year >= "2008" else 1) for year, value in STEADY.items()}
    partner = {"indicator": "IMP_CIF", "ref_area": "RUS", "counterpart_area": "CHN"}
    confirmed = facts([], line(jumped, indicator="EXP_FOB"), line(jumped, **partner))
    assert list(find_jumps(confirmed)) == []
    starting = {year: value * (0.05 if year == "2000" else 1) for year, value in STEADY.items()}
    assert list(find_jumps(facts([], line(starting)))) == []


def mirror_of(asymmetries: list[float]) -> pd.DataFrame:
    rows = [
        {
            "flow": "CHN>RUS",
            "basis": "official",
            "freq": "A",
            "time_period": str(2000 + at),
            "value_a": 1e9,
            "value_b": 1e9 * (2 + share) / (2 - share),
            "asymmetry": share,
            "unit_measure": "USD",
            "observation_ids_a": f"a{at}",
            "observation_ids_b": f"b{at}",
        }
        for at, share in enumerate(asymmetries)
    ]
    return pd.DataFrame(rows)


def test_a_mirror_gap_beyond_its_history_is_found_after_five_years(facts: Any) -> None:
    usual = [0.05, 0.08, 0.06, 0.09, 0.07, 0.06]
    assert list(find_mirror(facts([], mirror=mirror_of([*usual, 0.18])))) == []
    (found,) = find_mirror(facts([], mirror=mirror_of([*usual, 0.25, 0.07])))
    assert found.title.endswith("in 2006")
    assert list(find_mirror(facts([], mirror=mirror_of([0.05, 0.06, 0.5])))) == []


def test_a_year_inside_a_monthly_line_with_months_missing_is_named(line: Any, facts: Any) -> None:
    months = {f"{year}-{month:02d}": 1e9 for year in (2019, 2020, 2021) for month in range(1, 13)}
    months = {name: value for name, value in months.items() if name not in ("2020-05", "2019-01", "2021-12")}
    (found,) = find_partial(facts([], line(months, freq="M")))
    assert "11 of 12 months of 2020" in found.title
    assert list(find_partial(facts([], line({name: 1.0 for name in months if name[:4] != "2020"}, freq="M")))) == []


def test_years_missing_inside_a_line_are_named(line: Any, facts: Any) -> None:
    gaps = {year: value for year, value in STEADY.items() if year not in ("2003", "2004", "2009")}
    (found,) = find_breaks(facts([], line(gaps)))
    assert found.title.endswith("2003–2004, 2009 missing")
    assert list(find_breaks(facts([], line(STEADY)))) == []
    assert list(find_breaks(facts([], line(gaps, is_preferred=False)))) == []


def pipe(figure: Any, line: Any, facts: Any, delivered: float, imported: float) -> list[Finding]:
    gas = {"commodity": "NATURAL_GAS", "unit_measure": "BCM"}
    sent = line(
        {"2021": delivered}, indicator="GAS_DELIVERY", project_id="PIPE", ref_area="RUS", counterpart_area="CHN", **gas
    )
    got = line({"2021": imported}, indicator="GAS_IMP_PIPELINE", ref_area="CHN", counterpart_area="RUS", **gas)
    held = facts([], sent, got)
    named = [figure_of(one, project_id="PIPE") if one.indicator == "GAS_DELIVERY" else one for one in held.figures]
    return list(find_conditions(Facts(tuple(named), series=held.series, codes=held.codes)))


def figure_of(figure: Any, **changes: Any) -> Any:
    from dataclasses import replace

    return replace(figure, **changes)


def test_an_explanation_counts_only_where_it_covers_the_whole_gap(figure: Any, line: Any, facts: Any) -> None:
    (covered,) = pipe(figure, line, facts, 10.0, 10.0 * USUAL_TO_STANDARD)
    assert (covered.verdict, covered.is_explained) == ("explained", True)
    (opened,) = pipe(figure, line, facts, 10.0, 7.5)
    assert (opened.verdict, opened.is_explained) == ("unexplained", False)
    (equal,) = pipe(figure, line, facts, 10.0, 10.0)
    assert equal.verdict == "unexplained"


def test_the_conversion_is_that_of_the_gas_law_and_the_calorific_value() -> None:
    assert pytest.approx(288.15 / 293.15 * 38.2 / 40) == USUAL_TO_STANDARD
    assert pytest.approx(0.939, abs=5e-4) == USUAL_TO_STANDARD


def test_a_pipe_that_carries_more_than_all_imports_cannot_be_told(figure: Any, line: Any, facts: Any) -> None:
    oil = {"commodity": "CRUDE_OIL", "unit_measure": "T", "indicator": "CRUDE_IMP", "ref_area": "CHN"}
    said = figure(
        "f", 12.1e6, 12.3e6, indicator="OIL_PIPELINE_FLOW", commodity="CRUDE_OIL", project_id="PIPE", ref_area="AAA",
        counterpart_area="CHN", unit="T", time_period="2017",
    )  # fmt: skip
    held = facts([said], line({"2017": 3.8e6}, counterpart_area="TWO", **oil))
    (found,) = find_pipe_above_imports(held)
    assert (found.verdict, found.word) == ("cannot_tell", "caution")
    enough = facts([said], line({"2017": 13e6}, counterpart_area="TWO", **oil))
    assert list(find_pipe_above_imports(enough)) == []


@pytest.fixture(scope="module")
def real(real_facts: Facts) -> dict[str, Finding]:
    def every() -> Iterator[Finding]:
        series = (find_jumps, find_mirror, find_breaks, find_partial)
        for find in (find_apart, *series, find_conditions, find_pipe_above_imports):
            yield from find(real_facts)

    return {one.title: one for one in every()}


def test_the_known_breaks_of_the_real_series_are_found(real: dict[str, Finding]) -> None:
    titles = " | ".join(real)
    assert "China 2022: two editions of Energy Institute lie 4.1 % apart" in titles
    assert "Trade China–Russia 2011" in titles
    assert "lie 6.7 % apart" in titles
    assert "China with Russia: 2021, 2023 missing" in titles
    assert "is more than all crude counted from Other CIS countries" in titles


def test_power_of_siberia_2021_stays_unexplained_and_the_other_years_do_not(real: dict[str, Finding]) -> None:
    pipes = {one.verdict: one for title, one in real.items() if title.startswith("Power of Siberia")}
    assert "10.39 against 7.585 bcm" in pipes["unexplained"].title
    assert "Conditions cover −6.1 % of −27.0 %" in pipes["unexplained"].explanation
    assert "2020, 2022, 2023" in pipes["explained"].title


def test_quality_says_few_things_about_the_real_series(real: dict[str, Finding]) -> None:
    assert len(real) <= 12
