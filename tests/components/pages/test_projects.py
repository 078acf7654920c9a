import json
import re
from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go
import pytest

from components import cards, provenance
from components.charts.base import keys
from components.pages import projects
from pipelines.flow import load_tables
from pipelines.tables import AsKnown

VIEWS = {view.view_id: view for view in projects.PAGE.views}
EVERY_CHOICE = [
    (view.view_id, parameter.name, choice.value)
    for view in projects.PAGE.views
    for parameter in view.parameters
    for choice in parameter.choices
]


@pytest.fixture(scope="module")
def exhibits(tables):
    return {name: view.exhibit(tables, {}) for name, view in VIEWS.items()}


@pytest.mark.parametrize(("view_id", "name", "value"), EVERY_CHOICE)
def test_every_choice_draws_or_says_why_not(tables, view_id, name, value):
    exhibit = VIEWS[view_id].exhibit(tables, {name: value})
    go.Figure(exhibit.figure)
    assert bool(exhibit.empty) == exhibit.frame.empty
    assert bool(exhibit.summary) != bool(exhibit.empty)
    if exhibit.empty:
        assert exhibit.figure["data"] == []


@pytest.mark.parametrize("view_id", VIEWS)
def test_nothing_known_is_said(empty_tables, view_id):
    exhibit = VIEWS[view_id].exhibit(empty_tables, {})
    assert exhibit.empty
    assert exhibit.figure["data"] == []
    go.Figure(exhibit.figure)


def test_offered_choices_are_those_of_the_register(tables):
    assert set(tables.projects["kind"]) <= set(projects.KINDS)
    assert set(tables.projects["status"]) <= {choice.value for choice in projects.STATUS.choices}
    areas = set(tables.projects["areas"].dropna().str.split(";").explode())
    assert areas == set(projects.AREAS)
    assert {code: tables.codes["CL_AREA"].loc[code, "name"] for code in areas} == dict(projects.AREAS)


def test_the_frame_is_the_register(tables, exhibits):
    frame = exhibits["projects-register"].frame
    assert sorted(frame["project_id"]) == sorted(tables.projects["project_id"])
    assert frame["label"].is_unique
    ids = [part for cell in frame["figure_ids"] for part in cell.split(" ; ") if part]
    assert ids
    assert set(ids) <= set(tables.observations["observation_id"])
    assert set(frame["source_id"]) <= set(tables.sources["source_id"])
    assert frame["obs_value"].isna().all()


def test_the_sentence_counts_what_is_drawn(exhibits):
    exhibit = exhibits["projects-register"]
    counts = exhibit.frame["status"].value_counts()
    assert exhibit.summary.startswith(f"{len(exhibit.frame)} entries of {exhibit.frame['kind'].nunique()} kinds: ")
    listed = re.findall(r"(\d+) ([a-z ]+?)(?:,| and|\.)", exhibit.summary.split(": ")[1])
    told = {name: int(number) for number, name in listed}
    assert told == counts.to_dict()
    assert sum(len(trace["x"]) for trace in exhibit.figure["data"]) == len(exhibit.frame)


def test_filters_keep_what_they_name(tables):
    frame = VIEWS["projects-register"].exhibit(tables, {"area": "KAZ", "status": "under construction"}).frame
    assert set(frame["status"]) == {"under construction"}
    assert "KHORGOS" not in set(frame["project_id"])
    assert {"AKTAU_PORT", "DOSTYK_AKTAU"} <= set(frame["project_id"])
    frame = VIEWS["projects-register"].exhibit(tables, {"kind": "gas pipeline"}).frame
    assert set(frame["kind"]) == {"gas pipeline"}


@pytest.mark.parametrize(
    ("project_id", "start", "end", "basis"),
    [
        ("RUS_CHN_SWAP", "2014-10-01", "2017-12-31", "derived"),
        ("ROSNEFT_CNPC", "2013-01-01", "2038-12-31", "derived"),
        ("KAZ_GAS_CONTRACT", "2018-01-01", "2023-12-31", "derived"),
        ("BRI_ENVELOPE_NDRC", "2015-01-01", "2025-12-31", "derived"),
        ("FAR_EAST_PLAN_2018_2024", "2018-01-01", "2024-12-31", "stated"),
    ],
)
def test_known_terms_are_boxes(exhibits, project_id, start, end, basis):
    exhibit = exhibits["projects-terms"]
    row = exhibit.frame.set_index("project_id").loc[project_id]
    assert (row["start"], row["end"], row["date_basis"]) == (start, end, basis)
    boxes = [trace for trace in exhibit.figure["data"] if trace["name"] == f"{row['status']}, end {basis}"]
    assert boxes[0]["line"]["dash"] == ("dash" if basis == "derived" else "solid")
    assert start in boxes[0]["x"] and end in boxes[0]["x"]


@pytest.mark.parametrize("group", projects.KIND_GROUPS)
def test_what_has_no_date_is_named_and_not_drawn(tables, group):
    exhibit = VIEWS["projects-terms"].exhibit(tables, {"terms_of": group})
    entries = tables.projects[tables.projects["kind"].isin(projects.KIND_GROUPS[group])]
    undated = entries[entries["date_start"].isna() & entries["date_end"].isna()]
    assert len(undated)
    words = " ".join(exhibit.caveats)
    for _, row in undated.iterrows():
        assert row["name"] in words
        assert row["project_id"] not in set(exhibit.frame["project_id"])
    assert len(exhibit.frame) + len(undated) == len(entries)


def test_every_entry_with_coordinates_is_on_the_map_with_its_precision(tables, exhibits):
    exhibit = exhibits["projects-map"]
    located = tables.projects[tables.projects["start_lat"].notna()]
    assert set(exhibit.frame["project_id"]) == set(located["project_id"])
    assert set(exhibit.frame["place_precision"]) <= set(projects.charts.HALO)
    assert f"{int(located['end_lat'].notna().sum())} of them two ends" in exhibit.summary
    assert "schematic" in " ".join(exhibit.caveats)


@pytest.mark.parametrize("view_id", ["projects-lengths", "projects-costs"])
def test_sizes_are_figures_and_never_sums(tables, exhibits, view_id):
    exhibit = exhibits[view_id]
    known = tables.observations.set_index("observation_id")["obs_value"]
    assert (exhibit.frame["obs_value"].to_numpy() == known.loc[exhibit.frame["observation_id"]].to_numpy()).all()
    assert exhibit.frame["observation_id"].is_unique
    drawn = [key for trace in exhibit.figure["data"] for key in trace["customdata"]]
    assert sorted(drawn) == sorted(exhibit.frame["observation_id"])
    assert "rpta-2024-bri-011" not in drawn
    assert exhibit.figure["layout"]["xaxis"]["type"] == "log"
    assert "added up" in exhibit.caveats[0]


def test_the_smallest_and_the_largest_are_told(exhibits):
    exhibit = exhibits["projects-lengths"]
    assert exhibit.frame["obs_value"].min() == pytest.approx(2.2)
    assert "from 2.2\u00a0km (Bridge across the Amur) to 10,775\u00a0km (Silk Road rally)" in exhibit.summary


@pytest.mark.parametrize("view_id", VIEWS)
def test_every_mark_opens_its_provenance(tables, exhibits, view_id):
    exhibit = exhibits[view_id]
    marks = [key for trace in exhibit.figure["data"] for key in trace.get("customdata", [])]
    assert set(marks) == set(keys(exhibit.frame))
    for mark in set(marks):
        assert provenance.panel(tables, mark, exhibit=exhibit).children


def test_an_entry_shows_what_the_register_holds(tables, exhibits):
    exhibit = exhibits["projects-register"]
    shown = provenance.panel(tables, "=Bridge across the Amur@2016-05", exhibit=exhibit)
    panel = json.dumps(shown.to_plotly_json(), default=str)
    assert "bridge, stalled as of May 2016" in panel
    assert "valdai-2016-47-031" in panel
    assert "Computed by us" not in panel


def test_the_data_table_has_the_columns_of_the_register(exhibits):
    table = str(cards.data_table(exhibits["projects-register"], "projects-register"))
    for head in ("Kind", "Status", "As of", "Capacity", "Length, km", "Cost", "Figures"):
        assert f"'{head}'" in table
    assert "valdai-2016-47-025, valdai-2016-47-026 and" in table


def test_later_statuses_do_not_exist_in_a_state_of_knowledge(store):
    then = load_tables(store, AsKnown("published", "2016-12-31"))
    exhibit = VIEWS["projects-register"].exhibit(then, {})
    assert len(exhibit.frame)
    assert exhibit.frame["status_as_of"].str[:4].astype(int).max() <= 2016
    assert "FAR_EAST_PLAN_2018_2024" not in set(exhibit.frame["project_id"])
    assert any("later status" in caveat for caveat in exhibit.caveats)
    assert VIEWS["projects-register"].exhibit(load_tables(store, AsKnown("published", "2000")), {}).empty


def test_a_register_without_dates_is_no_time_axis(tables):
    bare = replace(tables, projects=tables.projects.assign(date_start=pd.NA, date_end=pd.NA))
    exhibit = VIEWS["projects-terms"].exhibit(bare, {})
    assert "No date is stated for" in exhibit.empty


def test_one_figure_is_said_in_the_singular(store):
    then = load_tables(store, AsKnown("published", "2016-08"))
    exhibit = VIEWS["projects-lengths"].exhibit(then, {})
    assert exhibit.summary == "1 figure for 1 entry, 2.2\u00a0km (Bridge across the Amur)."
    assert "Without a date in the source: 1 of 1 figure." in exhibit.caveats


def test_a_chart_is_as_high_as_its_rows(tables):
    for view_id in ("projects-register", "projects-terms", "projects-lengths", "projects-costs"):
        view = VIEWS[view_id]
        whole = view.exhibit(tables, {}).figure["layout"]["height"]
        assert abs(view.height - whole) <= 10, "the room kept before the chart is drawn"
    railways = VIEWS["projects-register"].exhibit(tables, {"kind": "railway"})
    assert railways.figure["layout"]["height"] < 220 and railways.summary.startswith("12 entries of 1 kind: ")


def test_a_group_none_of_the_picked_entries_belongs_to_is_named(tables):
    exhibit = VIEWS["projects-terms"].exhibit(tables, {"kind": "railway", "terms_of": "bodies"})
    assert (
        exhibit.empty
        == "None of the entries picked belongs to “Lists, banks, bodies”. Choose another group under “Terms of”."
    )


def test_a_day_is_on_and_a_year_in(tables):
    summary = VIEWS["projects-terms"].exhibit(tables, {"terms_of": "works"}).summary
    assert "in 1959" in summary and "on 15 Jan 2016" in summary


def test_a_view_composed_again_selects_from_no_table(tables, close_tables):
    for view in VIEWS.values():
        view.exhibit(tables, {})
    close_tables()
    for view in VIEWS.values():
        assert view.exhibit(tables, {"area": "KAZ"}).summary
