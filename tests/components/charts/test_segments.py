import pandas as pd
import plotly.graph_objects as go
import pytest

from components.charts import segments
from components.charts.base import value_axis
from components.charts.rows import MARK


def marks(*entries):
    columns = ["observation_id", "row", "look", "obs_value", "start", "words", "colour"]
    return pd.DataFrame(entries, columns=columns)


ROWS = marks(
    ("a", "one", "counted", 30.0, 0.0, "30 sent", "#2b7bba"),
    ("b", "one", "rest", 6.0, 30.0, "6 not named", "#7a8291"),
    ("c", "two", "plan", 50.0, None, "50 planned", "#2b7bba"),
    ("d", "three", "quoted", 10.0, 0.0, "", "#0b9579"),
)


def test_each_look_is_a_trace_of_its_own_style():
    drawn = segments.segment_rows(ROWS, value_axis("", "bcm"))
    go.Figure(drawn)
    markers = {trace["name"]: trace["marker"] for trace in drawn["data"]}
    assert list(markers) == ["counted", "rest", "plan", "quoted"]
    assert markers["counted"]["color"] == "#2b7bba"
    assert markers["plan"]["pattern"]["shape"] == "/"
    assert markers["plan"]["color"].endswith(",0)")
    assert markers["quoted"]["color"].endswith("0.38)")
    assert markers["rest"]["color"].endswith("0.16)")


def test_segments_of_a_row_lie_end_to_end_in_one_bar():
    drawn = segments.segment_rows(ROWS, value_axis("", "bcm"))
    first, rest, plan, _ = drawn["data"]
    assert (first["base"], first["x"], rest["base"], rest["x"]) == ([0.0], [30.0], [30.0], [6.0])
    assert first["y"] == rest["y"]
    assert plan["base"] == [0.0]
    assert drawn["layout"]["barmode"] == "overlay"


def test_words_of_a_row_stand_below_its_name():
    texts = [note["text"] for note in segments.segment_rows(ROWS, value_axis("", "bcm"))["layout"]["annotations"]]
    assert texts == ["<b>one</b>", "30 sent · 6 not named", "<b>two</b>", "50 planned", "<b>three</b>"]


def test_a_level_is_marked_at_each_row_and_crosses_no_words():
    drawn = segments.segment_rows(ROWS, value_axis("", "bcm"), levels=[36.2])
    shapes = drawn["layout"]["shapes"]
    assert {shape["x0"] for shape in shapes} == {36.2}
    assert len(shapes) == 3
    assert all(shape["y1"] - shape["y0"] == pytest.approx(MARK + 2) for shape in shapes)


def test_a_scale_divides_values_and_starts():
    drawn = segments.segment_rows(ROWS.iloc[:2], value_axis("", "x"), scale=segments.Scale(10, "x"))
    assert drawn["data"][1]["base"] == [3.0]
    assert drawn["data"][1]["x"] == pytest.approx([0.6])


def test_hundred_bars_share_nothing_but_the_axis():
    whole = marks(
        ("a", "oil", "quoted", 6.0, 0.0, "6 % Russia", "#2b7bba"),
        ("", "oil", "rest", 94.0, 6.0, "94 % others", "#7a8291"),
    )
    drawn = segments.hundred_bars(whole)
    assert drawn["layout"]["xaxis"]["range"] == [0, 100]
    assert sum(x for trace in drawn["data"] for x in trace["x"]) == 100
