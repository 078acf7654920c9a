import datetime as dt
import re

import plotly.graph_objects as go
import pytest

from components import cards, provenance
from components.charts.base import keys
from components.headlines import reference_day
from components.pages import today
from pipelines.analyse.coverage import INDICATORS
from pipelines.analyse.news import became_known
from pipelines.errors import DataError
from pipelines.flow import load_tables
from pipelines.tables import AsKnown

VIEWS = {view.view_id: view for view in today.PAGE.views}
OWN = ("today-news", "today-fresh", "today-coverage")
EVERY_CHOICE = [
    *(
        (view.view_id, p.name, choice.value)
        for view in today.PAGE.views
        for p in view.parameters
        for choice in p.choices
    ),
    *(("today-news", "since", str(year)) for year in (2001, 2012, 2021, 2022, 2024, 2025, 2026)),
]


@pytest.fixture(scope="module")
def exhibits(tables):
    return {name: view.exhibit(tables, {}) for name, view in VIEWS.items()}


def test_six_pictures_come_first():
    names = [view.view_id for view in today.PAGE.views]
    assert names[6:] == list(OWN)
    assert len(names) == 9
    assert today.PAGE.path == "/"


@pytest.mark.parametrize("view_id", VIEWS)
def test_every_picture_draws_the_real_tables(exhibits, view_id):
    exhibit = exhibits[view_id]
    go.Figure(exhibit.figure)
    assert not exhibit.empty
    assert len(exhibit.frame) and exhibit.summary
    assert {"observation_id", "label", "time_period", "obs_value", "unit_measure", "source_id"} <= set(exhibit.frame)


@pytest.mark.parametrize("view_id", VIEWS)
def test_nothing_known_is_said(empty_tables, view_id):
    exhibit = VIEWS[view_id].exhibit(empty_tables, {})
    go.Figure(exhibit.figure)
    assert exhibit.empty
    assert exhibit.figure["data"] == []


@pytest.mark.parametrize(("view_id", "name", "value"), EVERY_CHOICE)
def test_every_choice_draws(tables, view_id, name, value):
    exhibit = VIEWS[view_id].exhibit(tables, {name: value})
    go.Figure(exhibit.figure)
    assert len(exhibit.frame) and exhibit.summary and not exhibit.empty


@pytest.mark.parametrize("view_id", OWN)
def test_every_mark_opens_its_provenance(tables, exhibits, view_id):
    exhibit = exhibits[view_id]
    drawn = {key for trace in exhibit.figure["data"] for key in flat(trace.get("customdata", []))}
    assert drawn == set(keys(exhibit.frame))
    for mark in sorted(drawn)[:40]:
        assert provenance.panel(tables, mark, exhibit=exhibit).children


def flat(entries):
    for entry in entries:
        yield from entry if isinstance(entry, list) else [entry]


def test_the_sentence_of_the_news_counts_its_rows(tables):
    exhibit = VIEWS["today-news"].exhibit(tables, {"since": "2022"})
    figures = became_known(tables.observations, tables.competing, dt.date(2022, 1, 1))
    figures = figures[figures["known_on"] <= reference_day(tables).isoformat()]
    news = exhibit.frame[exhibit.frame["role"].ne("target") | exhibit.frame["observation_id"].ne("")]
    assert news["figures"].sum() == len(figures)
    assert f"{len(figures)} figures in {len(news)} series" in exhibit.summary
    for kind, number in figures["kind"].value_counts().items():
        assert f"{number} {today._KIND_WORDS[kind]}" in exhibit.summary


def test_the_news_tells_promises_and_old_values(tables):
    exhibit = VIEWS["today-news"].exhibit(tables, {"since": "2023"})
    rows = exhibit.frame
    decided = rows[rows["formula"] != ""]
    assert "Russia–China trade of 200 bn dollars by 2020" in set(decided["label"])
    assert "met late, 2023" in exhibit.summary
    assert {"met late", "met early", "met"} >= set(decided["kind"])
    restated = rows[rows["kind"] == "other value"]
    assert len(restated)
    assert all(re.search(r"\([+−].*%\)", text) for text in restated["before"])
    assert rows.loc[rows["kind"] == "new", "before"].eq("").all()


def test_nothing_newer_than_the_data_is_said_so(tables):
    exhibit = VIEWS["today-news"].exhibit(tables, {"since": "2099"})
    assert "since 1 Jan 2099. Pick an earlier date." in exhibit.empty


def test_news_are_counted_from_the_day_the_reader_picks(tables):
    found = {
        since: VIEWS["today-news"].exhibit(tables, {"since": since}) for since in ("2026", "2026-03", "2026-03-10")
    }
    known = {since: exhibit.frame["known_since"].tolist() for since, exhibit in found.items()}
    assert len(known["2026"]) > len(known["2026-03"]) > len(known["2026-03-10"])
    assert min(day for day in known["2026-03-10"] if len(day) == 10) >= "2026-03-10"
    assert [exhibit.title for exhibit in found.values()] == [
        "What became known since 2026",
        "What became known since Mar 2026",
        "What became known since 10 Mar 2026",
    ]
    assert found["2026-03-10"].summary.startswith("Since 10 Mar 2026 ")


@pytest.mark.parametrize("since", ["", "yesterday", "1900", "2026-13", "2026-02-30", "26"])
def test_what_is_no_date_is_refused_with_the_form_to_write(tables, since):
    with pytest.raises(DataError, match=r"is not a date from 2001 on\. Write a year such as 2026"):
        VIEWS["today-news"].exhibit(tables, {"since": since})


def test_values_cut_at_a_year_are_no_news(store):
    cut = VIEWS["today-news"].exhibit(load_tables(store, AsKnown("cut", "2014")), {"since": "2026"})
    assert "do not tell what became known when" in cut.empty and cut.figure["data"] == []


def test_unknown_dates_are_counted_and_not_drawn(tables, exhibits):
    unknown = int(tables.observations["vintage"].isna().sum())
    assert exhibits["today-news"].caveats[0].startswith(f"{unknown} figures")
    drawn = exhibits["today-news"].frame["observation_id"]
    known = tables.observations.set_index("observation_id")["vintage"]
    assert known.loc[[name for name in drawn if name]].notna().all()


def test_freshness_counts_old_sources_and_shows_every_statistic(tables, exhibits):
    exhibit = exhibits["today-fresh"]
    statistics = tables.sources[tables.sources["kind"] == "statistics"]
    assert set(exhibit.frame["source_id"]) == set(statistics["source_id"])
    old = int(exhibit.frame["is_old"].sum())
    assert exhibit.summary.startswith(f"{old} of {len(exhibit.frame)} sources")
    assert "DOTS" not in exhibit.frame.iloc[0]["label"]
    assert exhibit.frame["period_end"].is_monotonic_decreasing


def test_the_older_press_is_counted_and_not_drawn(tables):
    exhibit = VIEWS["today-fresh"].exhibit(tables, {"fresh": "press"})
    assert len(exhibit.frame) == today.PRESS_ROWS
    assert any("are not drawn" in caveat for caveat in exhibit.caveats)


@pytest.mark.parametrize("indicator", INDICATORS)
def test_coverage_shows_every_cell_of_a_row_with_figures_and_names_the_others(tables, indicator):
    exhibit = VIEWS["today-coverage"].exhibit(tables, {"covered": indicator})
    cells = tables.coverage[tables.coverage["indicator"] == indicator]
    is_held = (cells["state"] != "none").groupby([cells["pair"], cells["ref_area"]]).transform("any")
    rows = cells.loc[~is_held, ["pair", "ref_area"]].drop_duplicates()
    (told,) = [caveat for caveat in exhibit.caveats if caveat.startswith("Not drawn")]
    assert told.count(" reporting") == len(rows) > 0 and "China–EU, China reporting" in told
    assert {"RUS-W00", "KAZ-W00", "CHN-W00"} <= set(exhibit.frame["pair"])
    cells = cells[is_held]
    assert len(exhibit.frame) == len(cells)
    assert exhibit.frame.loc[exhibit.frame["state"] == "none", "reason"].str.len().gt(0).all()
    heat = exhibit.figure["data"][0]
    assert sum(len(row) for row in heat["z"]) == len(cells)
    told = {
        state: int(number)
        for number, state in re.findall(r"(\d+) (official|estimate|press|quoted|none)", exhibit.summary)
    }
    assert told == cells["state"].value_counts().to_dict()


def test_coverage_offers_every_indicator_it_has():
    assert [choice.value for choice in today.COVERED.choices] == list(INDICATORS)


def test_the_data_table_tells_what_was_said_before(exhibits):
    table = str(cards.data_table(exhibits["today-news"], "today-news"))
    for head in ("Known since", "Kind", "Before", "Publisher"):
        assert f"'{head}'" in table


def test_a_state_of_knowledge_has_its_own_news(store):
    then = load_tables(store, AsKnown("published", "2016-12-31"))
    exhibit = VIEWS["today-news"].exhibit(then, {"since": "2016"})
    assert len(exhibit.frame)
    assert exhibit.frame["known_since"].str[:4].eq("2016").all()
    assert "state of knowledge of 31 Dec 2016" in VIEWS["today-news"].exhibit(then, {"since": "2017"}).empty


def test_news_headlines_and_freshness_share_one_day_which_the_switch_agrees_with(store):
    day = dt.date(2026, 10, 1)
    seen = load_tables(store, AsKnown(today=day))
    news = VIEWS["today-news"].exhibit(seen, {"since": "2026"})
    then = VIEWS["today-news"].exhibit(load_tables(store, AsKnown("published", day.isoformat())), {"since": "2026"})
    assert news.summary.split(" figures")[0] == then.summary.split(" figures")[0]
    assert seen.observations["vintage"].eq("2026").any() and not news.frame["known_since"].eq("2026").any()
    fresh = VIEWS["today-fresh"].exhibit(seen, {})
    assert fresh.figure["layout"]["shapes"][0]["x0"] == reference_day(seen).isoformat() == day.isoformat()
    released = fresh.frame.set_index("release")["release_at"]
    assert released.loc["2026"].eq("").all() and released[released != ""].max() <= day.isoformat()
    later = VIEWS["today-news"].exhibit(load_tables(store, AsKnown(today=dt.date(2027, 1, 1))), {"since": "2026"})
    assert later.frame["known_since"].eq("2026").any()


def test_freshness_is_as_high_as_its_rows(tables, store):
    then = VIEWS["today-fresh"].exhibit(load_tables(store, AsKnown("published", "2016")), {})
    now = VIEWS["today-fresh"].exhibit(tables, {})
    heights = [shown.figure["layout"]["height"] for shown in (then, now)]
    assert heights[0] < 300 < heights[1] <= 560
    assert then.summary.startswith("1 of 1 source was old for its kind on 31 Dec 2016. Newest is ")
    assert "oldest" not in then.summary and "oldest" in now.summary
    assert "newest period ends, old for its kind" in [trace["name"] for trace in then.figure["data"]]
    assert len(then.frame) < len(now.frame)
