import itertools
from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go
import pytest

from components.charts.base import keys
from components.pages import investment
from pipelines.flow import load_tables
from pipelines.tables import AsKnown

VIEWS = {view.view_id: view for view in investment.PAGE.views}
NO_TOTALS = ("envelopes", "funds", "deals", "alone", "cumulative", "compared", "portfolio")


@pytest.fixture(scope="module")
def exhibits(tables):
    return {name.removeprefix("investment-"): view.exhibit(tables, {}) for name, view in VIEWS.items()}


@pytest.fixture(scope="module")
def bare(tables):
    names = [name for name, table in vars(tables).items() if isinstance(table, pd.DataFrame)]
    return replace(tables, **{name: getattr(tables, name).iloc[:0] for name in names})


def values(exhibit, *series):
    rows = exhibit.frame[exhibit.frame["series"].isin(series)] if series else exhibit.frame
    return (rows["obs_value"] / 1e9).tolist()


@pytest.mark.parametrize("view_id", VIEWS)
def test_every_selection_draws(tables, view_id):
    view = VIEWS[view_id]
    for choices in itertools.product(["on", "off"], repeat=len(view.parameters)):
        exhibit = view.exhibit(tables, dict(zip([p.name for p in view.parameters], choices, strict=True)))
        go.Figure(exhibit.figure)
        assert exhibit.summary
        assert exhibit.caveats


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
    for view in VIEWS.values():
        exhibit = view.exhibit(tables, {})
        go.Figure(exhibit.figure)
        assert bool(exhibit.summary) != bool(exhibit.empty), view.view_id


@pytest.mark.parametrize("name", [view.removeprefix("investment-") for view in VIEWS])
def test_marks_lead_to_rows_and_rows_to_observations(tables, exhibits, name):
    exhibit = exhibits[name]
    drawn = {key for trace in exhibit.figure["data"] for key in trace.get("customdata", []) if key}
    assert drawn <= set(keys(exhibit.frame))
    inputs = [part for cell in exhibit.frame["observation_ids"].dropna() for part in cell.split(" ; ")]
    ids = {*exhibit.frame["observation_id"].dropna(), *inputs} - {""}
    assert ids <= set(tables.observations["observation_id"])


@pytest.mark.parametrize("name", [view.removeprefix("investment-") for view in VIEWS])
def test_the_view_is_as_high_as_its_default_needs(exhibits, name):
    view = VIEWS[f"investment-{name}"]
    assert exhibits[name].figure["layout"].get("height", 0) <= view.height


@pytest.mark.parametrize("name", NO_TOTALS)
def test_nothing_is_added_up(exhibits, name):
    frame = exhibits[name].frame
    for _, rows in frame.groupby("unit_measure"):
        amounts = rows["obs_value"].tolist()
        assert not any(amount == pytest.approx(sum(amounts)) for amount in amounts if len(amounts) > 1)
        assert sum(amounts) - max(amounts) not in amounts or len(amounts) < 4
    assert set(frame["provenance"]) <= {"quoted", "derived"}
    assert set(frame.loc[frame["provenance"] == "derived", "series"].dropna()) <= {"mean size", "cumulative"}
    assert not frame["label"].str.contains("total|sum of", case=False).any()


def test_stocks_both_ways_with_the_share_as_a_card(exhibits):
    exhibit = exhibits["stocks"]
    assert values(exhibit, "as quoted") == [5, 0.86]
    (share,) = exhibit.frame.loc[exhibit.frame["series"] == "card", "obs_value"]
    assert share == pytest.approx(100 * 5 / 115)
    assert exhibit.figure["data"][-1]["text"] == ["  ≈\u00a04.35\u00a0%"]
    assert any("not said" in caveat for caveat in exhibit.caveats)


def test_later_stocks_come_on_request_under_their_own_name(tables):
    exhibit = VIEWS["investment-stocks"].exhibit(tables, {"later": "on"})
    assert {"Bank of Russia"} <= set(exhibit.frame["series"])
    assert exhibit.title == "Investment stocks both ways, end of 2013, 2017 and 2018"
    assert "Direct investment stock in Russia from China, 31 Dec 2017: US$4.2\u00a0bn." in exhibit.summary
    assert VIEWS["investment-stocks"].exhibit(tables, {}).title == "Investment stocks both ways, end of 2013"


def test_cumulative_bars_name_their_window_and_hide_what_is_set_aside(tables, exhibits):
    frame = exhibits["cumulative"].frame
    assert set(frame["time_period"]) == {"2005/2020", "2013/2020", "2005/2025", "2000/2014"}
    notes = " ".join(note["text"] for note in exhibits["cumulative"].figure["layout"]["annotations"])
    assert all(window in notes for window in ("2005–2020", "2013–2020", "2005–2025", "2000–2014"))
    hidden = set(tables.observations.loc[tables.observations["is_hidden"], "observation_id"])
    assert not hidden & set(frame["observation_id"])
    shown = VIEWS["investment-cumulative"].exhibit(tables, {"set_aside": "on"}).frame
    assert hidden & set(shown["observation_id"]) == {"press-279"}


def test_envelopes_stand_by_speaker_on_a_logarithmic_axis(exhibits):
    exhibit = exhibits["envelopes"]
    assert values(exhibit) == [15, 40, 46, 94, 800, 890, 4000]
    assert exhibit.frame["bound"].tolist() == ["<~", "=", "=", ">=", "<=", "=", "="]
    assert exhibit.figure["layout"]["xaxis"]["type"] == "log"
    assert {trace["type"] for trace in exhibit.figure["data"]} == {"scatter"}
    drawn = sorted(x for trace in exhibit.figure["data"] for x in trace["x"])
    assert drawn == values(exhibit)


def test_envelopes_of_different_roles_look_different(exhibits):
    symbols = [set(trace["marker"]["symbol"]) for trace in exhibits["envelopes"].figure["data"]]
    assert all(not a & b for a, b in itertools.combinations(symbols, 2))


def test_funds_show_their_parts_inside_the_whole(exhibits):
    exhibit = exhibits["funds"]
    parts = exhibit.frame.set_index("part_of")["obs_value"]
    assert parts["inset"] == 41e9
    assert parts["extension"] == 100e9
    assert parts["dropped"] == 10e9
    (extension,) = [trace for trace in exhibit.figure["data"] if trace["name"] == "extension"]
    assert (extension["base"], extension["x"]) == ([50], [50])
    assert extension["marker"]["pattern"]["shape"]
    (dropped,) = [trace for trace in exhibit.figure["data"] if trace["name"] == "dropped"]
    assert "pattern" not in dropped["marker"]
    assert dropped["marker"]["color"].endswith(",0)")


def test_the_sentence_names_every_stated_sum(exhibits):
    exhibit = exhibits["funds"]
    assert "New Development Bank US$50\u00a0bn, US$100\u00a0bn planned" in exhibit.summary
    assert "SCO development bank ≈\u00a0US$10\u00a0bn, never created" in exhibit.summary
    assert exhibit.summary.count("US$") == len(exhibit.frame)


def test_the_chinese_part_is_a_plurality(exhibits):
    assert any("plurality and not a majority" in caveat for caveat in exhibits["funds"].caveats)


def test_the_mean_deal_is_computed_from_value_and_number(exhibits):
    frame = exhibits["deals"].frame
    for project, rows in frame.groupby("project_id"):
        by = rows.set_index("series")["obs_value"]
        assert by["mean size"] == pytest.approx(by["value"] / by["number"]), project
    assert len(frame) == 6


def test_the_gas_deal_is_a_card_without_a_unit_price(exhibits):
    exhibit = exhibits["alone"]
    assert values(exhibit) == [400, 24.5, 10]
    assert exhibit.figure["layout"]["xaxis"]["visible"] is False
    assert any("no unit price" in caveat for caveat in exhibit.caveats)
    assert "BCM" not in " ".join(exhibit.frame["unit_measure"])


def test_the_swap_line_names_its_term(exhibits):
    notes = exhibits["alone"].frame.set_index("project_id")["note"]
    assert "3\u00a0years, 2014–2017" in notes["RUS_CHN_SWAP"]


def test_settlement_names_its_year_and_what_nobody_named(exhibits):
    exhibit = exhibits["settlement"]
    assert exhibit.frame["obs_value"].tolist() == [2, 98, 50]
    assert exhibit.summary.startswith("In 2013 2\u00a0%")
    stated, rest = exhibit.figure["data"][:2]
    assert rest["base"] == [2]
    assert stated["x"][0] + rest["x"][0] == 100


def test_stocks_in_kazakhstan_are_lines_with_a_stop(tables, exhibits):
    exhibit = exhibits["kazakhstan"]
    assert [trace["name"] for trace in exhibit.figure["data"]] == ["China", "Russia"]
    for trace in exhibit.figure["data"]:
        assert len(trace["y"]) == 15
    notes = [note["text"] for note in exhibit.figure["layout"]["annotations"]]
    assert set(notes) == {"China", "Russia", "ends 2023"}
    assert exhibit.frame.groupby("line_id")["ref_area"].nunique().tolist() == [1, 1]


def test_the_page_holds_the_portfolio_as_claimed(exhibits):
    assert len(exhibits["portfolio"].frame) == 11
    assert exhibits["compared"].frame["series"].value_counts().to_dict() == {"announced": 6, "realised": 6}
