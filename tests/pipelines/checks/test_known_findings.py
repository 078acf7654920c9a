"""What was worked out by hand on the five documents comes out by rule, with at least those figures and that verdict."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

DOCUMENTS = {
    "V": "valdai-2016-47", "A": "asan-2020-kazakhstan", "D": "diplomat-2016-obor", "R": "rpta-2024-bri",
    "E": "rpta-2024-eaeu",
}  # fmt: skip
KNOWN = pd.read_csv(Path(__file__).parents[2] / "data" / "findings" / "known_findings.csv", keep_default_na=False)
FOUND = [(rule, verdict, figures.split(" | ")) for rule, verdict, figures in KNOWN.itertuples(index=False) if figures]


def ids_of(tables: Any, words: str) -> set[str]:
    """Figures of one document by their own words; one wording may stand twice."""
    document, _, written = words.partition(" ")
    rows = tables.observations
    as_written = rows["as_written"].str.replace(r"\s+", " ", regex=True)
    found = rows.loc[rows["source_id"].eq(DOCUMENTS[document]) & as_written.eq(written), "observation_id"]
    assert len(found), words
    return set(found)


def holding(tables: Any, rule: str, figures: list[str]) -> pd.DataFrame:
    """Findings of the rule that name a figure of each wording."""
    rows = tables.findings[tables.findings["rule"] == rule]
    wanted = [ids_of(tables, words) for words in figures]
    held = [all(ids & set(cell.split(" ; ")) for ids in wanted) for cell in rows["figure_ids"].fillna("")]
    return rows[held]


@pytest.mark.parametrize(("rule", "verdict", "figures"), FOUND, ids=[f"{row[0]}: {row[2][0]}" for row in FOUND])
def test_what_was_found_by_hand_is_found_by_rule(tables: Any, rule: str, verdict: str, figures: list[str]) -> None:
    found = holding(tables, rule, figures)
    assert found["verdict"].tolist() == [verdict]


def test_the_fall_of_2015_is_written_out_and_names_the_odd_one(tables: Any) -> None:
    (row,) = holding(tables, "level-and-growth", FOUND[0][2]).to_dict("records")
    assert row["arithmetic"].splitlines()[0] == (
        "$95 billion × (1 − 28 %) = US$68.4 bn, range US$67.6–69.2 bn; quoted $62 billion"
    )
    assert {row["odd_one_out"]} == ids_of(tables, "V $62 billion")
    assert "US$67.95 bn China-reported" in row["record"] and "US$63.55 bn Russia-reported" in row["record"]
    assert row["word"] == "conflict" and not row["is_slip"] and row["status"] == "open"


def test_the_parts_of_2015_blame_the_same_figure(tables: Any) -> None:
    (row,) = holding(tables, "component-growth", FOUND[1][2]).to_dict("records")
    assert {row["odd_one_out"]} == ids_of(tables, "V $62 billion")
    assert "0.60 × −34 % + 0.40 × −19 % = −28 %" in row["arithmetic"]
    assert "105 %" in row["arithmetic"] and "at least 96 %" in row["arithmetic"]


def test_the_gas_total_is_explained_by_its_scope(tables: Any) -> None:
    (row,) = holding(tables, "multiple-and-base", FOUND[6][2]).to_dict("records")
    assert (row["status"], row["word"]) == ("explained", "caution")
    assert "Turkmenistan" in row["explanation"] and "92.8 bcm" in row["explanation"]
    assert "36.7 bcm" in row["arithmetic"]


def test_the_average_names_the_windows_that_would_give_it(tables: Any) -> None:
    (row,) = holding(tables, "average-growth", FOUND[2][2]).to_dict("records")
    assert "20.2 % a year over 15 years, range 18.9–21.7 %" in row["arithmetic"]
    assert "China-reported" in row["arithmetic"] and "2008" in row["arithmetic"]


def test_slips_are_folded_away_and_weigh_less_than_anything_open(tables: Any) -> None:
    findings = tables.findings
    slips = findings[findings["is_slip"]]
    assert {"window-and-years", "event-date", "same-number"} <= set(slips["rule"])
    is_open = findings["status"].eq("open") & findings["word"].isin(["conflict", "caution"])
    serious = findings[~findings["is_slip"] & is_open]
    assert slips["weight"].max() < serious["weight"].min()
    assert findings["weight"].is_monotonic_decreasing


def test_the_declaration_of_may_2015_has_two_dates(tables: Any) -> None:
    (row,) = tables.findings[tables.findings["rule"] == "event-date"].to_dict("records")
    assert row["verdict"] == "contradiction"
    assert "8 May 2015" in row["arithmetic"] and "9 May 2015" in row["arithmetic"]
    assert set(row["observation_ids"].split(" ; ")) <= set(tables.events["event_id"])


def test_no_comparison_graded_c_gives_a_rate(tables: Any) -> None:
    rows = tables.findings[tables.findings["rule"].isin(["promise-and-outcome", "capacity-and-delivery"])]
    assert len(rows) and not rows["arithmetic"].str.contains("%").any()


def test_no_finding_shows_the_cells_of_the_press_ledger_as_words(tables: Any) -> None:
    shown = tables.findings[["title", "arithmetic", "record", "picture"]].fillna("").agg(" ".join, axis=1)
    assert not shown.str.contains(r"\d (?:USD|CNY|EUR) (?:tn|bn|m)\b").any()
    assert "“US$17 bn” is below every publisher" in set(tables.findings["title"])
