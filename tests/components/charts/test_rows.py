import pandas as pd
import plotly.graph_objects as go
import pytest

from components.charts import base, rows
from components.charts.rows import Panel, Row


def marks(values, **cells):
    frame = pd.DataFrame({"obs_value": values, "observation_id": [f"x-{i}" for i in range(len(values))]})
    fixed = {"label": "a mark", "time_period": "2014", "unit_measure": "USD", "role": "actual", "source_class": "press"}
    return frame.assign(**(fixed | {"provenance": "quoted", "value_low": None, "value_high": None} | cells))


def test_rows_never_overlap():
    placed = rows.place([Row("short"), Row("a head " * 12, ("a note " * 20, "another")), Row("", mark=40), Row("last")])
    tops = [note["y"] for note in placed.annotations]
    assert tops == sorted(tops)
    for note, following in zip(placed.annotations, [*placed.annotations[1:], None], strict=True):
        lines = note["text"].count("<br>") + 1
        bottom = note["y"] + lines * rows.NOTE_LINE
        assert bottom <= (following["y"] if following else placed.height)
    assert all(0 < y < placed.height for y in placed.y)


def test_words_are_escaped_and_wrapped():
    (head,) = rows.place([Row("<script> " + "word " * 20)]).annotations
    assert "&lt;script&gt;" in head["text"]
    assert (
        max(len(line) for line in head["text"].replace("&lt;", "<").split("<br>"))
        <= rows.HEAD_WIDTH + len("<b></b>") + 8
    )


def test_quotation_marks_stay_readable():
    (head,) = rows.place([Row('the "lion\'s share"')]).annotations
    assert head["text"] == '<b>the "lion\'s share"</b>'


def test_a_stack_has_the_height_its_rows_need():
    placed = rows.place([Row("one"), Row("two")])
    panel = Panel(
        placed, {"title": {"text": "Value, US$ bn"}}, [rows.bars(marks([1, 2]), placed.y, name="a", marker={})]
    )
    figure = rows.stack([panel, panel])
    go.Figure(figure)
    assert figure["layout"]["height"] == pytest.approx(
        2 * (placed.height + rows.AXIS_ROOM) + rows.TOP + rows.BOTTOM, abs=1
    )
    first, second = figure["layout"]["yaxis"]["domain"], figure["layout"]["yaxis2"]["domain"]
    assert first[0] > second[1] > second[0] >= 0
    assert first[1] == 1
    assert [trace["xaxis"] for trace in figure["data"]] == ["x", "x2"]
    assert {note["yref"] for note in figure["layout"]["annotations"]} == {"y", "y2"}
    assert figure["layout"]["barmode"] == "overlay"


def test_bars_start_at_zero_and_carry_their_observation():
    trace = rows.bars(
        marks([2e9, 3e9]), [10, 20], name="a", marker={"color": "#000000"}, scale=base.Scale(1e9, "US$ bn")
    )
    assert trace["x"] == [2, 3]
    assert trace["y"] == [10, 20]
    assert trace["customdata"] == ["x-0", "x-1"]
    assert "base" not in trace


def test_dots_are_open_when_quoted_and_filled_on_request():
    assert rows.dots(marks([1]), [0], name="a", colour="#000000")["marker"]["symbol"] == ["triangle-up-open"]
    filled = rows.dots(marks([1]), [0], name="a", colour="#000000", filled=True)
    assert filled["marker"]["symbol"] == ["triangle-up"]
    target = rows.dots(marks([1], role="target"), [0], name="a", colour="#000000")
    assert target["marker"]["symbol"] == ["diamond"]


def test_an_interval_is_drawn_where_it_can_be_seen():
    trace = rows.dots(
        marks([100.0, 100.0, 100.0], value_low=[90.0, 99.5, None], value_high=[110.0, 100.5, None]),
        [0, 1, 2],
        name="a",
        colour="#000000",
    )
    assert trace["error_x"]["array"] == [10.0, None, None]
    assert trace["error_x"]["arrayminus"] == [10.0, None, None]


def test_a_tick_has_no_interval():
    trace = rows.tick(marks([50.0], value_low=[49.0], value_high=[51.0]), 3, colour="#000000")
    assert "error_x" not in trace
    assert (trace["x"], trace["y"]) == ([50.0], [3])
