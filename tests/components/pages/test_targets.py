import itertools
import json
import re
from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go
import pytest

from components import promises
from components.charts.base import keys
from components.pages import targets
from pipelines.flow import load_tables
from pipelines.tables import AsKnown

VIEWS = {view.view_id: view for view in targets.PAGE.views}
EVERY_CHOICE = [
    (view.view_id, parameter.name, value)
    for view in targets.PAGE.views
    for parameter in view.parameters
    for value in [choice.value for choice in parameter.choices] or ["on", "off"]
]
ALL = {"topic": "all", "repeats": "on"}


@pytest.fixture(scope="module")
def exhibits(tables):
    return {name: view.exhibit(tables, {}) for name, view in VIEWS.items()}


@pytest.fixture(scope="module")
def everything(tables):
    return VIEWS["targets-commitments"].exhibit(tables, ALL)


@pytest.fixture(scope="module")
def bare(tables):
    names = [name for name, table in vars(tables).items() if isinstance(table, pd.DataFrame)]
    return replace(tables, **{name: getattr(tables, name).iloc[:0] for name in names})


def marks_of(figure):
    """Return the customdata of every mark of a figure."""
    return {key for trace in figure["data"] for key in trace.get("customdata", [])}


@pytest.mark.parametrize(("view_id", "name", "value"), EVERY_CHOICE)
def test_every_choice_draws_or_says_why_not(tables, view_id, name, value):
    exhibit = VIEWS[view_id].exhibit(tables, {name: value})
    go.Figure(exhibit.figure)
    assert bool(exhibit.summary) != bool(exhibit.empty)
    assert bool(exhibit.empty) == (exhibit.figure["data"] == [])


@pytest.mark.parametrize("view_id", VIEWS)
def test_nothing_known_is_said(bare, view_id):
    exhibit = VIEWS[view_id].exhibit(bare, {})
    assert exhibit.empty
    assert exhibit.figure["data"] == []


@pytest.mark.parametrize(
    "known", [("published", "2005"), ("published", "2016-12-31"), ("published", "2020"), ("cut", "2015")]
)
def test_every_state_of_knowledge_is_drawn_or_explained(store, known):
    tables = load_tables(store, AsKnown(*known))
    for view in targets.PAGE.views:
        exhibit = view.exhibit(tables, {})
        go.Figure(exhibit.figure)
        assert bool(exhibit.summary) != bool(exhibit.empty), view.view_id


@pytest.mark.parametrize("view_id", VIEWS)
def test_marks_lead_to_rows_and_rows_to_observations(tables, exhibits, view_id):
    exhibit = exhibits[view_id]
    assert marks_of(exhibit.figure) <= set(keys(exhibit.frame))
    inputs = [part for cell in exhibit.frame["observation_ids"].dropna() for part in cell.split(" ; ")]
    ids = {*exhibit.frame["observation_id"].dropna(), *inputs} - {""}
    assert ids <= set(tables.observations["observation_id"])
    assert set(exhibit.source_ids) <= set(tables.sources["source_id"])


@pytest.mark.parametrize("view_id", VIEWS)
def test_the_view_is_as_high_as_its_default_needs(exhibits, view_id):
    assert exhibits[view_id].figure["layout"].get("height", 0) <= VIEWS[view_id].height


def test_offered_topics_promises_and_verdicts_are_those_of_the_register(tables):
    found = pd.DataFrame(promises.judged(tables))
    assert set(found["topic"]) == set(targets.TOPICS)
    assert set(found["verdict"]) <= {choice.value for choice in targets.VERDICT.choices}
    issues = found.groupby("genealogy").filter(lambda rows: len(rows) > 1 and rows["said_on"].notna().any())
    assert set(issues["genealogy"]) == set(targets.PROMISES)


def test_every_commitment_with_a_value_is_drawn(tables, everything):
    assert set(everything.frame["commitment_id"]) == set(tables.commitments["commitment_id"])


def test_repetitions_are_counted_when_left_out(tables, everything):
    once = VIEWS["targets-commitments"].exhibit(tables, {"topic": "all"})
    left = everything.frame["commitment_id"].nunique() - once.frame["commitment_id"].nunique()
    assert left > 0
    assert any(f"Repetitions left out: {left}." in caveat for caveat in once.caveats)


def test_no_rate_stands_anywhere_for_grades_c_and_n(everything):
    frame = everything.frame[everything.frame["grade"].isin(["C", "N"])]
    assert frame[["gap", "attainment", "attainment_bound"]].isna().all(axis=None)
    heads = [n["text"] for n in everything.figure["layout"]["annotations"]]
    after = [body for head, body in itertools.pairwise(heads) if re.match(r"<b>[CN] ·", head)]
    assert len(after) == frame["commitment_id"].nunique()
    assert not any("of the promise" in body for body in after)


def test_a_rate_stands_with_gap_and_for_b_with_its_caveat(everything):
    rated = everything.frame.drop_duplicates("commitment_id")
    rated = rated[rated["attainment"].notna()]
    assert set(rated["grade"]) == {"A", "B"}
    assert rated.loc[rated["grade"] == "B", "caveat"].notna().all()
    heads = [n["text"] for n in everything.figure["layout"]["annotations"]]
    bodies = [
        body
        for head, body in itertools.pairwise(heads)
        if head.startswith("<b>B ·") and "of the<br>" + "promise" not in head
    ]
    told = [body for body in bodies if "of the promise" in body.replace("<br>", " ")]
    assert told
    assert all("Caveat: " in body for body in told)


def test_promises_are_never_shaped_as_outcomes_of_statistics(everything):
    for trace in everything.figure["data"]:
        symbols = set(trace["marker"]["symbol"])
        if trace["name"].startswith("promise"):
            assert all("open" in symbol or symbol == "diamond" for symbol in symbols), trace["name"]
        if trace["name"] == "outcome, actual":
            assert not any("open" in symbol for symbol in symbols)


def test_only_grades_a_and_b_are_joined(everything):
    joined = everything.figure["layout"]["shapes"]
    rated = everything.frame[everything.frame["mark"] == "outcome"]
    assert len(joined) == len(rated)
    assert set(rated["grade"]) == {"A", "B"}


def test_filters_keep_what_they_name(tables):
    exhibit = VIEWS["targets-commitments"].exhibit(tables, {"topic": "all", "grade": "C"})
    assert set(exhibit.frame["grade"]) == {"C"}
    nothing = VIEWS["targets-commitments"].exhibit(tables, {"topic": "projects", "grade": "A"})
    assert "All" in nothing.empty


def test_the_sentence_counts_the_commitments_drawn(exhibits):
    exhibit = exhibits["targets-commitments"]
    counts = exhibit.frame.drop_duplicates("commitment_id")["verdict"].value_counts()
    assert exhibit.summary.startswith(f"{counts.sum()} commitments: ")
    for verdict, count in counts.items():
        assert f"{count} {verdict}" in exhibit.summary


def test_undated_issues_have_no_diamond(exhibits):
    exhibit = exhibits["targets-genealogy"]
    dated = exhibit.frame["time_period"].notna()
    (due,) = [trace for trace in exhibit.figure["data"] if trace["name"] == "deadline"]
    assert len(due["x"]) == dated.sum() < len(exhibit.frame)
    said = [trace for trace in exhibit.figure["data"] if trace["name"] in targets.targets.EVENT_SYMBOL]
    assert sum(len(trace["x"]) for trace in said) == exhibit.frame["said_on"].notna().sum()
    assert not any("lines" in trace["mode"] for trace in exhibit.figure["data"])


def test_the_moved_target_is_told(exhibits):
    assert "US$200\u00a0bn by 2020: reached in 2023" in exhibits["targets-genealogy"].summary
    assert set(exhibits["targets-genealogy"].frame["event"]) == {"issued", "repeated", "re-dated", "raised"}


def test_thirty_nine_squares_one_filled(exhibits):
    exhibit = exhibits["targets-squares"]
    filled, hollow = exhibit.figure["data"]
    assert (len(filled["x"]), len(hollow["x"])) == (1, 38)
    assert hollow["marker"]["color"].endswith(",0)")
    assert "2009" in filled["hovertext"][0]
    assert exhibit.summary == "39 squares, 1 filled, as of 2020 and believed to be on it."
    assert exhibit.frame["obs_value"].tolist() == [39, 1]


def test_the_plan_of_2023_is_beside_the_far_east_without_a_gauge(exhibits):
    exhibit = exhibits["targets-beside"]
    assert exhibit.caveats[0].startswith("Different territory")
    assert exhibit.frame["obs_value"].tolist() == [160e9, 9e9, 79, 49]
    assert "indicator" not in {trace["type"] for trace in exhibit.figure["data"]}


def test_the_settlement_gap_is_computed_from_both_figures(exhibits):
    frame = exhibits["targets-settlement"].frame.set_index("series")["obs_value"]
    assert frame["gap"] == frame["aim"] - frame["came"] == 48
    assert "48 percentage points" in exhibits["targets-settlement"].summary


def test_growth_needed_reaches_the_promise(tables, exhibits):
    frame = exhibits["targets-growth"].frame
    needed = frame[frame["series"] == "needed"].set_index("commitment_id")
    register = tables.attainment.set_index("commitment_id")
    for commitment_id, row in needed.iterrows():
        judged = register.loc[commitment_id]
        years = int(judged["deadline"]) - int(judged["base_period"])
        ends = {"value_low": judged["target_value"], "value_high": judged["target_value_high"]}
        for column, level in ends.items():
            if not pd.isna(level):
                assert judged["base_value"] * (1 + row[column] / 100) ** years == pytest.approx(level)
        assert row["obs_value"] == row["value_low"]


def test_the_growth_sentence_counts_the_cases_that_fell_short(exhibits):
    exhibit = exhibits["targets-growth"]
    rates = exhibit.frame.pivot(index="commitment_id", columns="series", values="obs_value").dropna()
    short = (rates["came"] < rates["needed"]).sum()
    assert exhibit.summary.startswith(f"In {short} of {len(rates)} cases")


def test_growth_is_never_measured_from_the_disputed_62(exhibits):
    frame = exhibits["targets-growth"].frame
    assert not frame["observation_ids"].str.contains("valdai-2016-47-013").any()
    text = json.dumps(exhibits["targets-growth"].figure)
    assert "US$62" not in text


def test_the_register_lists_every_commitment_with_its_verdict(tables, exhibits):
    exhibit = exhibits["targets-board"]
    assert set(exhibit.columns) <= set(exhibit.frame.columns)
    assert sorted(exhibit.frame["commitment_id"]) == sorted(tables.commitments["commitment_id"])
    assert sum(len(trace["x"]) for trace in exhibit.figure["data"]) == len(exhibit.frame)
    assert (exhibit.frame.loc[exhibit.frame["grade"].isin(["C", "N"]), "rate"] == "").all()
    drawn = {trace["name"]: len(trace["x"]) for trace in exhibit.figure["data"]}
    assert drawn == exhibit.frame["grade"].value_counts().to_dict()


def test_a_view_composed_again_selects_from_no_table(tables, close_tables):
    for view in VIEWS.values():
        view.exhibit(tables, {})
    close_tables()
    for view in VIEWS.values():
        assert view.exhibit(tables, {"topic": "all", "grade": "A", "verdict": "met late"}).summary


def test_a_level_reached_before_a_known_year_is_reached_by_it(store):
    tables = load_tables(store, AsKnown("published", "2016"))
    exhibit = VIEWS["targets-genealogy"].exhibit(tables, {})
    assert "by 2010: reached by 2013" in exhibit.summary
    assert "No official value" not in exhibit.summary


def test_both_years_of_a_range_stand_in_the_genealogy(exhibits):
    figure = exhibits["targets-genealogy"].figure
    (reached,) = [trace for trace in figure["data"] if trace["name"] == "first reached"]
    rows = exhibits["targets-genealogy"].frame
    ranged = rows[rows["commitment_id"] == "promise-trade-60-80-2010"]
    assert ranged[["year_reached", "year_reached_high"]].to_numpy().tolist() == [["2011", "2012"]]
    assert len(reached["x"]) == rows[["year_reached", "year_reached_high"]].notna().sum().sum()


def test_the_one_newspaper_that_adds_a_year_is_counted_and_named_apart(exhibits):
    exhibit = exhibits["targets-genealogy"]
    heads = {row["commitment_id"]: row["_head"] for row in exhibit.rows}
    assert heads["promise-trade-250-moscow-times"].endswith("“by 2024” in one newspaper only")
    assert heads["promise-trade-250-xi"].endswith("no year")
    assert any(caveat.startswith("3 of 19 issues name no year") for caveat in exhibit.caveats)
    assert any(caveat.startswith("One newspaper alone adds 2024") for caveat in exhibit.caveats)


def test_an_outcome_that_is_only_stated_says_why(exhibits):
    notes = {row["commitment_id"]: " ".join(row["_notes"]) for row in exhibits["targets-commitments"].rows}
    assert "as stated" not in notes["promise-china-kazakhstan-40-2030"]


def test_commitments_take_the_whole_width_of_the_page():
    assert VIEWS["targets-commitments"].wide
