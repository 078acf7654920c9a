import json
from dataclasses import replace

import pandas as pd
import pytest

from components import story
from components.charts import energy
from components.marks import gather
from pipelines.flow import load_tables
from pipelines.tables import AsKnown


def value(frame, series, period):
    return float(frame.loc[(frame["series"] == series) & (frame["time_period"] == period), "obs_value"].iloc[0])


def test_gas_to_china_has_two_panels_on_their_own_axes(tables):
    drawn = story.gas_to_china(tables)
    axes = {trace["yaxis"] for trace in drawn.figure["data"]}
    assert axes == {"y", "y3"}
    layout = drawn.figure["layout"]
    assert layout["yaxis"]["domain"][0] > layout["yaxis3"]["domain"][1]
    assert "20 °C" in layout["yaxis"]["title"]["text"] and "15 °C" in layout["yaxis"]["title"]["text"]
    assert "15 °C, 40 MJ/m³" in layout["yaxis3"]["title"]["text"]


def test_gazprom_and_the_review_stay_apart(tables):
    drawn = story.gas_to_china(tables)
    frame = drawn.frame
    assert value(frame, "delivered", "2025") == 38.8
    assert value(frame, "delivered", "2021") == 10.39
    assert value(frame, "review", "2021") == 7.585
    kinds = {trace["name"]: trace["type"] for trace in drawn.figure["data"]}
    assert kinds["Gazprom (company)"] == "bar"
    assert kinds["Statistical Review (official), extract ends 2023"] == "scatter"


def test_the_contract_stands_in_the_margin_and_crosses_as_a_level(tables):
    drawn = story.gas_to_china(tables)
    margin = [trace for trace in drawn.figure["data"] if trace.get("xaxis") == "x2"]
    assert [trace["customdata"] for trace in margin] == [["valdai-2016-47-026"]]
    assert drawn.figure["layout"]["xaxis2"]["type"] == "category"
    levels = {shape["y0"] for shape in drawn.figure["layout"]["shapes"] if shape["xref"] == "paper"}
    assert levels == {38.0}


def test_only_the_unexplained_year_is_remarked(tables):
    notes = [note["text"] for note in story.gas_to_china(tables).figure["layout"]["annotations"]]
    assert [note for note in notes if "unexplained" in note] == ["unexplained:<br>10.39 or<br>7.585"]


def test_the_kazakh_target_spans_its_contract_and_the_base_is_hollow(tables):
    drawn = story.gas_to_china(tables)
    spans = [shape for shape in drawn.figure["layout"]["shapes"] if shape["xref"] == "x3"]
    assert [(s["x0"], s["x1"], s["y0"]) for s in spans] == [("2018-01-01", "2023-12-31", 10.0)]
    base = drawn.frame[drawn.frame["series"] == "base"].iloc[0]
    assert (base["obs_value"], base["formula"]) == (5.0, "10 bcm / 2")
    trace = next(t for t in drawn.figure["data"] if t["y"] == [5.0])
    assert trace["marker"]["symbol"] == ["circle-open"]
    assert value(drawn.frame, "imported", "2017") == 1.091
    assert value(drawn.frame, "imported", "2018") == 5.433


def test_the_levels_of_the_gas_picture_stand_in_its_legend(tables):
    data = story.gas_to_china(tables).figure["data"]
    entries = {trace["name"]: trace["y"] for trace in data if trace.get("showlegend")}
    assert entries == {
        "Contracted, level dashed": [38.0],
        "Aimed at in the contract, level dashed": [10.0],
        "Base implied by “double”": [5.0],
    }


def test_the_sentence_on_gas_is_bound_to_the_rows(tables):
    frame = story.gas_to_china(tables).frame
    said = story.gas_to_china(tables).summary
    assert f"delivered {value(frame, 'delivered', '2025'):g} bcm" in said
    assert "38 bcm a year was first reached in 2025" in said
    below = [100 * (1 - value(frame, "review", y) / value(frame, "delivered", y)) for y in ("2020", "2022", "2023")]
    assert f"counts {min(below):.0f} to {max(below):.0f} % less" in said
    assert "except in 2021: 7.585 against 10.39 bcm" in said
    assert "6.8 at its highest in 2020" in said


def test_below_the_contract_is_said_so(tables):
    marks = story.siberia_marks(tables)
    early = marks[marks["time_period"].isna() | (marks["time_period"] < "2025")]
    assert "below the contracted 38 bcm a year" in story.siberia_sentence(early)


def test_figures_that_disagree_are_drawn_only_when_asked(tables):
    assert "otherwise" not in set(story.siberia_marks(tables)["series"])
    asked = story.siberia_marks(tables, otherwise=True)
    assert set(asked.loc[asked["series"] == "otherwise", "observation_id"]) == {"press-248", "press-250"}


def test_shares_are_computed_within_kazakhstans_own_count(tables):
    drawn = story.kazakh_partners(tables)
    shares = tables.shares.query("ref_area == 'KAZ' and indicator == 'TRADE_PARTNER_SHARE'")
    for area in ("CHN", "RUS"):
        expected = shares[shares["counterpart_area"] == area].sort_values("time_period")["share"].tolist()
        assert drawn.frame.loc[drawn.frame["series"] == area, "obs_value"].tolist() == pytest.approx(expected)
        assert len(expected) == 5
    assert set(drawn.frame["ref_area"]) == {"KAZ"}
    assert "China was ahead first in 2023" in drawn.summary
    assert "from 20.4 % in 2019 to 19.4 % in 2023" in drawn.summary


def test_the_seams_of_the_kazakh_chain_are_drawn_and_named(tables):
    layout = story.kazakh_partners(tables).figure["layout"]
    seams = [shape["x0"] for shape in layout["shapes"]]
    assert seams == ["2020-01-01", "2022-01-01"]
    names = [note["text"] for note in layout["annotations"] if "edition" in note["text"]]
    assert names == ["2020<br>edition", "2021<br>edition", "2023<br>edition"]


@pytest.mark.parametrize("indicator", story.FLOWS)
def test_each_flow_has_its_shares(tables, indicator):
    drawn = story.kazakh_partners(tables, {"of": indicator})
    assert set(drawn.frame["indicator"]) == {indicator}
    assert story.FLOWS[indicator][1] in drawn.title


def test_eu_exports_stand_in_two_panels_with_a_labelled_stop(tables):
    drawn = story.eu_exports(tables)
    assert [trace["yaxis"] for trace in drawn.figure["data"]] == ["y", "y3"]
    stops = [note["text"] for note in drawn.figure["layout"]["annotations"] if "ends" in note["text"]]
    assert len(stops) == 2 and all("extract ends 2023" in stop for stop in stops)
    russia, kazakhstan = (drawn.frame[drawn.frame["series"] == area] for area in ("RUS", "KAZ"))
    fall = russia["obs_value"].iloc[-1] - value(drawn.frame, "RUS", "2021")
    rise = kazakhstan["obs_value"].iloc[-1] - value(drawn.frame, "KAZ", "2021")
    assert f"is {round(-100 * rise / fall)} % of what Russia bought less" in drawn.summary
    assert f"{round(100 * fall / value(drawn.frame, 'RUS', '2021'))} %".replace("-", "−") in drawn.summary


def test_four_measures_are_not_added_and_three_stand_off_the_time_axis(tables):
    drawn = story.chinese_money(tables)
    off = drawn.frame[drawn.frame["place"] != ""]
    assert off[["observation_id", "place"]].to_numpy().tolist() == [
        ["asan-2020-kazakhstan-011", "since<br>2005"],
        ["asan-2020-kazakhstan-012", "since<br>2013"],
        ["asan-2020-kazakhstan-014", "plan<br>of 2016"],
    ]
    bars = [trace for trace in drawn.figure["data"] if trace["type"] == "bar"]
    assert {trace["xaxis"] for trace in bars} == {"x2"}
    assert bars[1]["marker"]["pattern"]["shape"] == "/"
    assert [text for trace in bars for text in trace["text"]] == ["≥35.2", "≈18.3", ">26.2"]
    assert {(trace["textangle"], trace["constraintext"]) for trace in bars} == {(0, "none")}, "read on a telephone"
    total = off["obs_value"].sum() / 1e9
    assert f"{total:.1f}" not in drawn.summary


def test_the_claim_of_another_speaker_is_told_and_not_drawn(tables):
    drawn = story.chinese_money(tables)
    assert "supp-352" not in set(drawn.frame["observation_id"])
    assert any("27" in caveat and "not drawn" in caveat for caveat in drawn.caveats)


def test_the_stock_of_russia_comes_on_request(tables):
    assert set(story.chinese_money(tables).frame["series"]) == {"CHN", "cumulative", "plan"}
    both = story.chinese_money(tables, {"russia": "on"})
    assert {"CHN", "RUS"} <= set(both.frame["series"])
    assert both.figure["layout"]["showlegend"]


def test_a_contract_without_deliveries_is_an_empty_state(tables):
    none = replace(tables, series=tables.series[tables.series["indicator"] != "GAS_DELIVERY"].iloc[:0])
    drawn = story.gas_to_china(none)
    assert "no yearly deliveries" in drawn.empty


def test_a_gap_within_reference_conditions_is_not_called_unexplained():
    rows = [
        {"series": "delivered", "time_period": "2022", "obs_value": 100.0, "role": "actual"},
        {"series": "review", "time_period": "2022", "obs_value": 86.0, "role": "actual"},
    ]
    marks = gather(pd.DataFrame(rows).reindex(columns=gather().columns))
    notes = energy.power_of_siberia(marks)["layout"]["annotations"]
    assert not [note for note in notes if "unexplained" in note["text"]]


@pytest.mark.parametrize("build", [story.eu_exports, story.chinese_money, story.gas_to_china, story.kazakh_partners])
def test_a_stop_the_reader_made_is_not_called_the_publishers_end(store, build):
    drawn = build(load_tables(store, AsKnown("cut", "2021")))
    words = json.dumps(drawn.figure, ensure_ascii=False)
    assert "cut at 2021" in words
    assert "extract ends 2021" not in words
    assert not any(column.startswith("_") for column in drawn.frame.columns)


def test_caveats_are_of_what_is_drawn(store):
    money = story.chinese_money(load_tables(store, AsKnown("cut", "2016")))
    assert money.summary and set(money.frame["series"]) == {"CHN"}
    assert not any("sums" in caveat for caveat in money.caveats)
    assert story.siberia_caveats(gather()) == story.kazakh_gas_caveats(gather()) == []
    every = story.gas_to_china(load_tables(store))
    assert len(every.caveats) == 5
