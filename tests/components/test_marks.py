from dataclasses import replace

import pandas as pd
import pytest

from components.marks import (
    COLUMNS,
    absent,
    compute,
    draw_line,
    drawn_by,
    exhibit,
    gather,
    on_row,
    pick,
    quote,
    source_ids,
    told,
    without,
)
from pipelines.tables import AsKnown


def test_pick_leaves_out_what_must_not_be_drawn(tables):
    rows = pick(tables, indicator="GAS_DELIVERY", measure_type="flow", freq="A", provenance="quoted")
    assert {"press-248", "press-250"}.isdisjoint(rows["observation_id"])
    assert "press-242" in set(rows["observation_id"])
    assert pick(tables, observation_id="asan-2020-kazakhstan-030").empty
    assert pick(tables, observation_id="press-254").empty


def test_documents_come_first(tables):
    rows = pick(tables, indicator="PIPELINE_CAPACITY", project_id="POWER_OF_SIBERIA", role="capacity")
    assert rows["observation_id"].tolist() == ["valdai-2016-47-026", "press-253"]


def test_an_empty_text_matches_an_empty_cell(tables):
    rows = pick(tables, indicator="PIPELINE_CAPACITY", project_id="POWER_OF_SIBERIA", role="plan", time_period="")
    assert rows["observation_id"].tolist() == ["valdai-2016-47-027"]


def test_a_line_is_one_preferred_line_in_time_order(tables):
    marks = draw_line(tables, "x", "Brent", indicator="BRENT_PRICE")
    assert marks["line_id"].nunique() == 1
    assert marks["time_period"].is_monotonic_increasing
    assert set(marks["observation_id"]) <= set(tables.observations["observation_id"])
    assert set(marks["source_class"]) == {"official"}
    assert list(marks.columns) == list(COLUMNS)


def test_a_computed_point_of_a_line_has_inputs_and_no_observation(tables):
    marks = draw_line(tables, "x", "", indicator="TRADE_TOTAL", ref_area="KAZ", counterpart_area="CHN")
    assert marks["observation_id"].isna().all()
    assert marks["observation_ids"].str.contains(" ; ").all()


def test_a_computed_mark_names_its_inputs_once_and_its_formula(tables):
    inputs = gather(
        quote(pick(tables, observation_id="valdai-2016-47-028"), ""),
        quote(pick(tables, observation_id="valdai-2016-47-029"), ""),
    )
    mark = compute(
        pd.concat([inputs, inputs]), series="s", label="mean", obs_value=14.4e6, formula="360 / 25", unit_measure="T"
    )
    assert mark["observation_ids"].tolist() == ["valdai-2016-47-028 ; valdai-2016-47-029"]
    assert mark["obs_status"].tolist() == ["D"]
    assert mark["provenance"].tolist() == ["derived"]
    assert source_ids(mark) == ("valdai-2016-47",)


def test_gathering_nothing_keeps_the_columns():
    assert list(gather().columns) == list(COLUMNS)
    assert gather(gather(), gather()).empty


def test_a_row_says_how_a_mark_looks(tables):
    placed = on_row(quote(pick(tables, observation_id="valdai-2016-47-026"), "s"), "here", "capacity", "38", "RUS", 3.0)
    assert placed[["row", "look", "words", "start"]].to_numpy().tolist() == [["here", "capacity", "38", 3.0]]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (AsKnown(), "The data state no weight of oil."),
        (AsKnown("published", "2016"), "What was published by 2016 states no weight of oil."),
        (AsKnown("cut", "2013"), "The data up to 2013 state no weight of oil."),
    ],
)
def test_an_empty_chart_says_what_is_missing_in_which_state(tables, known, said):
    for what in ("weight of oil", "a weight of oil", "the weight of oil"):
        assert absent(replace(tables, as_known=known), what).startswith(said)


def test_an_empty_exhibit_has_a_reason_and_no_traces():
    drawn = without("Title", "No gas is stated.")
    assert (drawn.empty, drawn.summary, drawn.figure["data"]) == ("No gas is stated.", "", [])
    assert drawn.frame.empty


def test_an_exhibit_joins_its_sentences_and_drops_empty_ones(tables):
    marks = quote(pick(tables, observation_id="valdai-2016-47-026"), "s")
    drawn = exhibit("T", {"data": [], "layout": {}}, marks, ["One.", "", "Two."], ["", "care"])
    assert (drawn.summary, drawn.caveats, drawn.source_ids) == ("One. Two.", ("care",), ("valdai-2016-47",))


def test_a_view_tells_its_rows_once_per_choice_and_is_drawn_anew(tables):
    asked = []

    @drawn_by(lambda rows: {"data": [{"y": [row["obs_value"] for row in rows]}], "layout": {}}, "which", "unasked")
    def view(tables, which="BRENT_PRICE"):
        asked.append(which)
        return told(which, draw_line(tables, "x", "a line", indicator=which), ["said."], [])

    first, again = view(tables, {"which": "BRENT_PRICE", "years": "3"}), view(tables)
    assert first.figure == again.figure and first.figure is not again.figure
    assert view(tables).rows is again.rows and first.frame.equals(again.frame)
    assert asked == ["BRENT_PRICE", "BRENT_PRICE"], "once where it is chosen, once by default; never for another name"
    with pytest.raises(TypeError):
        first.rows[0]["obs_value"] = 0
    assert view(replace(tables)).title == "BRENT_PRICE" and len(asked) == 3, "another state of knowledge"


def test_a_view_with_nothing_to_tell_is_not_drawn(tables):
    @drawn_by(lambda rows: pytest.fail("drew nothing"))
    def view(tables):
        return without("title", "nothing is known")

    assert view(tables).empty == "nothing is known" and view(tables).figure["data"] == []
