import math

import pandas as pd
import plotly.graph_objects as go

from components import theme
from components.charts import reporters
from components.marks import COLUMNS


def cell(row, year, state, value=float("nan")):
    return {
        "row": row, "time_period": year, "state": state, "obs_value": value, "label": f"{row}: {state}", "bound": "=",
        "observation_id": f"{row}-{year}" if not math.isnan(value) else "", "unit_measure": "USD",
    }  # fmt: skip


CELLS = pd.DataFrame(
    [
        cell("A", "2022", "official", 24.2e9),
        cell("A", "2023", "none"),
        cell("B", "2022", "press", 31.2e9),
        cell("B", "2023", "estimate", 41e9),
    ]
).reindex(columns=[*COLUMNS, "row", "state"])


def side(series, row, value, **more):
    return {
        "series": series, "row": row, "label": f"{series} reports", "obs_value": value, "start": 0.0, "note": "said",
        "time_period": "2023", "observation_id": f"{series}-{row}", "bound": "=", "role": "actual",
        "provenance": "statistic", "source_class": "official", **more,
    }  # fmt: skip


def test_each_state_has_a_symbol_of_its_own_and_a_place_by_year():
    drawn = reporters.coverage_rows(CELLS)
    go.Figure(drawn)
    shown = {trace["name"]: (trace["marker"]["symbol"], trace["x"]) for trace in drawn["data"]}
    assert shown == {
        "official": ("square", [2022]),
        "nothing": ("x-thin", [2023]),
        "press": ("triangle-up-open", [2022]),
        "estimated": ("diamond-open", [2023]),
    }
    assert drawn["layout"]["showlegend"]


def test_an_empty_cell_says_why_and_carries_no_value():
    drawn = reporters.coverage_rows(CELLS)
    empty = next(trace for trace in drawn["data"] if trace["name"] == "nothing")
    assert empty["hovertext"] == ["<b>2023</b><br>A: none"]


def test_values_are_flagged_where_they_are_not_official():
    text = reporters.value_rows(CELLS)["data"][0]["text"]
    assert text == ["24.2", "–", "31.2<sup>p</sup>", "41<sup>e</sup>"]
    assert reporters.value_rows(CELLS)["data"][0]["showlegend"] is False, "numbers are no entry of a legend"


def test_rows_stand_below_each_other_with_one_name_each():
    layout = reporters.value_rows(CELLS)["layout"]
    assert [note["text"] for note in layout["annotations"]] == ["<b>A</b>", "<b>B</b>"]


def test_the_gap_is_a_pale_bar_between_two_dots():
    rows = pd.DataFrame(
        [
            side("CHN", "2023", 41e9),
            side("KAZ", "2023", 30e9),
            side("gap", "2023", 11e9, start=30e9, provenance="derived"),
        ]
    )
    drawn = reporters.both_reporters(rows.reindex(columns=[*COLUMNS, "row", "start", "note"]))
    go.Figure(drawn)
    gap, china, kazakhstan = drawn["data"]
    assert (gap["base"], gap["x"]) == ([30.0], [11.0])
    assert (china["x"], kazakhstan["x"]) == ([41.0], [30.0])
    assert [t["marker"]["color"] for t in (china, kazakhstan)] == [theme.area_colour("CHN"), theme.area_colour("KAZ")]
    assert all(trace["y"] == gap["y"] for trace in (china, kazakhstan))


def test_only_one_reporter_is_a_line():
    line = [
        side("line", "", v, time_period=y, ref_area="KAZ", line_id="k") for y, v in (("2022", 24e9), ("2023", 30e9))
    ]
    points = [
        side("points", "", v, time_period=y, ref_area="CHN", provenance="quoted", source_class="press")
        for y, v in (("2022", 31e9), ("2023", 41e9))
    ]
    rows = pd.DataFrame([*line, *points]).reindex(columns=list(COLUMNS))
    drawn = reporters.reporters_over_time(rows)
    go.Figure(drawn)
    assert [trace["mode"] for trace in drawn["data"]] == ["lines+markers", "markers+text"]
    assert drawn["data"][1]["marker"]["symbol"] == ["triangle-up-open"] * 2
    alone = reporters.reporters_over_time(rows[rows["series"] == "points"])
    assert len(alone["data"]) == 1
