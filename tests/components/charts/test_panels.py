import pandas as pd
import plotly.graph_objects as go
import pytest

from components.charts import panels
from components.charts.base import time_axis, value_axis


def trace(*x):
    return {"type": "bar", "x": list(x), "y": [1.0] * len(x)}


def panel(**options):
    return panels.Panel([trace("2020-07-02")], time_axis(), value_axis("", "bcm"), **options)


def test_panels_stack_from_the_top_without_touching():
    layout = panels.stack_panels([panel(title="a"), panel(title="b"), panel(title="c")])["layout"]
    domains = [layout[name]["domain"] for name in ("yaxis", "yaxis3", "yaxis5")]
    assert domains[0][1] == 1 and domains[-1][0] == pytest.approx(0)
    assert all(upper[0] > lower[1] for upper, lower in zip(domains, domains[1:], strict=False))
    assert [note["text"] for note in layout["annotations"]] == ["<b>a</b>", "<b>b</b>", "<b>c</b>"]


def test_the_first_panel_keeps_the_plain_axes_for_a_readers_own_data():
    drawn = panels.stack_panels([panel(), panel()])
    assert [t["xaxis"] for t in drawn["data"]] == ["x", "x3"]
    assert drawn["layout"]["xaxis"]["type"] == "date"


def test_a_margin_is_a_category_axis_beside_the_time_axis():
    drawn = panels.stack_panels([panel(margin=[trace("undated")])], margin=0.3)
    layout = drawn["layout"]
    assert layout["xaxis"]["domain"] == [0, 0.7]
    assert layout["xaxis2"]["type"] == "category"
    assert layout["xaxis2"]["domain"][0] > layout["xaxis"]["domain"][1]
    assert drawn["data"][1]["yaxis"] == "y"
    go.Figure(drawn)


def test_shapes_and_notes_move_to_the_axes_of_their_panel():
    parts = [
        panels.across(38, "#000000"),
        panels.year_rule("2018-01-01", "2023-12-31", 10, "#000000"),
        panels.note("n", 0, 1, yref="paper"),
    ]
    layout = panels.stack_panels([panel(), panel(parts=parts)])["layout"]
    assert [(s["xref"], s["yref"]) for s in layout["shapes"]] == [("paper", "y3"), ("x3", "y3")]
    assert [(a["xref"], a["yref"]) for a in layout["annotations"]] == [("x3", "y3 domain")]


def test_columns_take_a_share_of_their_year():
    assert panels.columns(trace("2020-07-02", "2021-07-02"), 0.5)["width"] == [panels.YEAR_MS / 2] * 2


def test_each_seam_has_a_rule_and_each_part_its_name():
    rows = pd.DataFrame(
        {
            "time_period": ["2018", "2019", "2020"],
            "part": [1, 2, 2],
            "edition": ["2019 workbook", "2021 workbook", "2021 workbook"],
        }
    )
    found = panels.seam_rules(rows, panels.short_editions(rows))
    shapes = [shape["x0"] for part in found for shape in part["layout"].get("shapes", [])]
    names = [note["text"] for part in found for note in part["layout"].get("annotations", [])]
    assert shapes == ["2019-01-01"]
    assert names == ["2019<br>edition", "2021<br>edition"]
    assert panels.seam_rules(rows[rows["part"] == 2], {}) == []
    upright = panels.seam_rules(rows, {}, upright=True)[0]["layout"]["annotations"][0]
    assert upright["textangle"] == -90


def test_numbers_keep_the_sign_of_their_wording():
    rows = pd.DataFrame({"obs_value": [35.16e9, 18.27e9, 3e9], "bound": [">=", "~", "="]})
    assert panels.short_values(rows, panels.Scale(1e9, "bn")) == ["≥35.2", "≈18.3", "3"]


def test_quoted_bars_are_pale_and_unhatched():
    marker = panels.quoted_bar("#2b7bba")
    assert marker["color"] == "rgba(43,123,186,0.38)"
    assert "pattern" not in marker


def test_undated_marks_have_the_shape_of_their_role():
    rows = pd.DataFrame(
        {
            "observation_id": ["a", "b"],
            "obs_value": [10.0, 5.0],
            "role": ["target", None],
            "source_class": ["research", "research"],
            "provenance": ["quoted", "derived"],
        }
    )
    drawn = panels.undated_trace(rows, place="no year", colour="#000000", texts=["10", "5"])
    assert drawn["marker"]["symbol"] == ["diamond", "circle-open"]
    assert drawn["x"] == ["no year", "no year"]
    assert drawn["customdata"] == ["a", "b"]
