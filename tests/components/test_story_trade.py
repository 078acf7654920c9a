import json
import re
from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go
import pytest

from components import story_trade, theme
from pipelines.flow import load_tables
from pipelines.tables import AsKnown


@pytest.fixture(scope="module")
def trade(tables):
    return story_trade.trade_and_targets(tables)


@pytest.fixture(scope="module")
def claims(tables):
    return story_trade.claimed_and_realised(tables)


@pytest.fixture(scope="module")
def pairs(tables):
    return story_trade.announced_and_realised(tables)


def traces(exhibit, name):
    return [trace for trace in exhibit.figure["data"] if trace["name"] == name]


def test_the_picture_of_trade_is_drawn_in_order(trade):
    go.Figure(trade.figure)
    names = [trace["name"] for trace in trade.figure["data"]]
    assert names == [
        "China reporting",
        "targets",
        "expectation",
        "target without a year",
        "quoted in the documents",
        "Brent",
    ]


def test_targets_stand_at_their_year_with_the_year_first_met(trade):
    (diamonds,) = traces(trade, "targets")
    told = list(zip([x[:4] for x in diamonds["x"]], diamonds["y"], diamonds["text"], strict=True))
    assert told == [
        ("2010", 80, "80<br>reached<br>2012"),
        ("2015", 100, "100<br>reached<br>2018"),
        ("2020", 200, "200<br>reached<br>2023"),
        ("2024", 200, "200<br>met<br>2023"),
    ]


def test_a_rule_leads_from_each_target_to_the_year_first_met(trade):
    rules = [s for s in trade.figure["layout"]["shapes"] if s["y0"] == s["y1"]]
    spans = [(rule["x0"][:4], rule["x1"][:4], rule["y0"]) for rule in rules]
    assert spans == [("2010", "2012", 80), ("2015", "2018", 100), ("2020", "2023", 200), ("2024", "2023", 200)]


def test_only_the_expectation_is_hollow(trade):
    (expected,) = traces(trade, "expectation")
    (agreed,) = traces(trade, "targets")
    assert set(agreed["marker"]["symbol"]) == {"diamond"}
    assert expected["marker"]["symbol"] == ["diamond-open"]
    assert (expected["x"][0][:4], expected["y"]) == ("2030", [300])
    assert "expected" in expected["text"][0]


def test_the_undated_level_is_off_the_time_axis(trade):
    (margin,) = traces(trade, "target without a year")
    assert margin["marker"]["symbol"] == "diamond-wide"
    assert margin["xaxis"] == "x2"
    assert trade.figure["layout"]["xaxis2"].get("type") != "date"
    assert margin["y"] == [250]
    undated = trade.frame[trade.frame["time_period"].isna()]
    assert undated["obs_value"].tolist() == [250e9]


def test_the_quoted_62_is_tagged_below_every_publisher(trade):
    (quoted,) = traces(trade, "quoted in the documents")
    assert quoted["mode"] == "markers"
    assert quoted["marker"]["symbol"] == "circle-open"
    assert quoted["y"] == [95, 62]
    notes = " ".join(note["text"] for note in trade.figure["layout"]["annotations"])
    assert "62: below every<br>publisher (63.6–68.0)" in notes


def test_the_line_is_one_reporter_from_2005_with_its_seam(tables, trade):
    (line,) = traces(trade, "China reporting")
    assert line["x"][0][:4] == "2005"
    rows = tables.series[(tables.series["line_id"] == story_trade.CHAIN) & (tables.series["time_period"] >= "2005")]
    assert line["y"] == pytest.approx((rows.sort_values("time_period")["obs_value"] / 1e9).tolist())
    notes = [note["text"] for note in trade.figure["layout"]["annotations"]]
    assert {"IMF ◂", "▸ customs"} <= set(notes)
    assert any("2021" in caveat for caveat in trade.caveats)


def test_brent_has_its_own_axis(trade):
    (brent,) = traces(trade, "Brent")
    assert brent["yaxis"] == "y2"
    assert trade.figure["layout"]["yaxis2"]["domain"][1] < trade.figure["layout"]["yaxis"]["domain"][0]


def test_the_sentence_says_what_the_frame_holds(trade):
    targets = trade.frame[(trade.frame["series"] == "target") & trade.frame["time_period"].notna()]
    assert len(targets) == 4
    for row in targets.to_dict("records"):
        level = f"US${row['obs_value'] / 1e9:g}\u00a0bn for {row['time_period']}: {row['state']}"
        assert level in trade.summary


def test_levels_are_judged_by_the_totals_published_before_the_composed_line_was(store):
    exhibit = story_trade.trade_and_targets(load_tables(store, AsKnown("published", "2016")))
    (line,) = traces(exhibit, "China reporting")
    assert [x[:4] for x, y in zip(line["x"], line["y"], strict=True) if y is not None] == ["2008", "2013", "2014"]
    assert "80\u00a0bn for 2010: reached by 2013;" in exhibit.summary  # 2009 to 2012 are not known in that state
    assert "100\u00a0bn for 2015: not met by 2014; US$200\u00a0bn for 2020: not due yet" in exhibit.summary
    assert "No official value" not in exhibit.summary
    assert any("2008, 2013 and 2014 alone" in caveat for caveat in exhibit.caveats)


def test_the_tag_of_62_names_a_single_other_value_and_no_range(store):
    exhibit = story_trade.trade_and_targets(load_tables(store, AsKnown("published", "2016")))
    assert "The quoted 62: below the one other value, 68.0." in exhibit.caveats


def test_without_any_official_value_nothing_is_judged(store):
    known = load_tables(store, AsKnown("published", "2016"))
    exhibit = story_trade.trade_and_targets(replace(known, series=known.series.iloc[:0]))
    assert "China reporting" not in [trace["name"] for trace in exhibit.figure["data"]]
    assert "No official value is known" in exhibit.summary
    assert not any("the line is" in caveat for caveat in exhibit.caveats)


def test_a_target_is_not_met_before_its_line_says_so(store):
    exhibit = story_trade.trade_and_targets(load_tables(store, AsKnown("cut", "2016")))
    assert "not met by 2016" in exhibit.summary
    assert "not due yet" in exhibit.summary


def test_claims_are_open_circles_and_realised_filled_squares(claims):
    go.Figure(claims.figure)
    claimed, realised = claims.figure["data"]
    assert (claimed["marker"]["symbol"], realised["marker"]["symbol"]) == ("circle-open", "square")
    assert "lines" not in claimed["mode"] + realised["mode"]
    assert claimed["y"] == [20, 100, 112, 107, 160, 160, 222, 200]
    assert realised["y"] == [10, 9, 9.8]


def test_claims_carry_their_bounds_speakers_and_territory(claims):
    claimed, realised = claims.figure["data"]
    assert [text.strip() for text in claimed["text"]] == [">20", ">100", "112", "107", "≈160", ">160", "222", ">200"]
    notes = [note["text"] for note in claims.figure["layout"]["annotations"]]
    assert notes[len(claimed["x"]) :] == [
        ">10<br>commission’s<br>list",
        "just under\xa09<br>Far East",
        ">9.8<br>commission’s<br>list",
    ]
    assert notes[: len(claimed["x"])] == [
        "commission",
        "Investment<br>Fund",
        "commission",
        "Sputnik",
        "goalfore.com",
        "Russia’s<br>Pivot",
        "TASS",
        "Government",
    ]
    assert len(realised["x"]) == 3
    assert all("said by" in hover for hover in claimed["hovertext"] + realised["hovertext"])
    assert any("Different territory" in caveat for caveat in claims.caveats)
    first = next(caveat for caveat in claims.caveats if "18 Jun 2015" in caveat)
    assert first == ">\xa0US$20\xa0bn, 18 Jun 2015: Value of the 29 new projects only."


def test_the_plan_of_2023_is_drawn_once(claims):
    ids = claims.frame["observation_id"].tolist()
    assert "rpta-2024-bri-007" in ids
    assert "rpta-2024-bri-011" not in ids


def test_pairs_name_both_sides_of_each_statement(pairs):
    sides = pairs.frame.groupby(["unit_measure", "statement"])["series"].agg(list)
    assert set(map(tuple, sides)) == {("announced", "realised")}
    values = pairs.frame.pivot_table(index="statement", columns=["unit_measure", "series"], values="obs_value")
    assert values.loc["2023-03"].tolist() == [79, 49, 160e9, 9e9]


def test_pairs_form_no_rate(pairs):
    numbers = {float(v) for trace in pairs.figure["data"] for v in trace["x"]}
    frame = pairs.frame["obs_value"]
    assert numbers == {v / 1e9 if v > 1000 else v for v in frame}
    text = json.dumps(pairs.figure) + pairs.summary + " ".join(pairs.caveats)
    assert "%" not in re.sub(r"%\{hovertext\}", "", text)


def test_different_territory_is_printed_as_a_warning(pairs):
    warned = [n for n in pairs.figure["layout"]["annotations"] if "Different territory" in n["text"]]
    assert warned
    assert {note["font"]["color"] for note in warned} == {theme.WARNING}


def test_many_pairs_are_told_by_their_spans(pairs):
    assert pairs.summary.startswith(
        "4 statements name both sides. By value: US$112\u00a0bn to US$222\u00a0bn announced"
    )
    assert "46\u00a0projects to 50\u00a0projects called realised or under way" in pairs.summary


def test_under_way_is_not_called_realised(pairs):
    (label,) = pairs.frame.loc[pairs.frame["observation_id"] == "claim-07c", "label"]
    assert "under way" in label


def test_only_the_named_year_is_kept(tables):
    exhibit = story_trade.announced_and_realised(tables, {"statement": "2023"})
    assert set(exhibit.frame["statement"]) == {"2023-03"}


@pytest.mark.parametrize(
    "build",
    [story_trade.trade_and_targets, story_trade.claimed_and_realised, story_trade.announced_and_realised],
)
def test_nothing_known_is_said(tables, build):
    names = [name for name, table in vars(tables).items() if isinstance(table, pd.DataFrame)]
    bare = replace(tables, **{name: getattr(tables, name).iloc[:0] for name in names})
    exhibit = build(bare)
    assert exhibit.empty
    assert exhibit.figure["data"] == []
