import copy
from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go
import pytest

from components import theme
from components.charts import base
from components.desk import Desk
from components.findings.badges import LEGEND_LINE, badged, findings_of, sign_words, told_of, with_findings
from components.findings.reading import Concerned, index
from components.views import Exhibit, Page, Selection, View, figure_hash
from pipelines.tables import Tables


def scatter(*keys: object, **cells: object) -> dict:
    count = len(keys)
    trace = {
        "type": "scatter",
        "x": [f"20{i}-07-02" for i in range(10, 10 + count)],
        "y": [float(i) for i in range(count)],
    }
    return (
        trace
        | {"customdata": list(keys), "text": [f"hover {i}" for i in range(count)], "mode": "lines+markers"}
        | cells
    )


def figure(*traces: dict) -> dict:
    return {"data": list(traces), "layout": {"showlegend": False}}


def test_a_figure_without_findings_is_the_very_same_object(found: Tables) -> None:
    plain = figure(scatter("customs.CHN.RUS.2012", None, "x"), {"type": "bar", "y": [1]})
    assert badged(plain, index(found).badged) is plain
    assert badged(plain, Concerned({})) is plain


def test_points_get_a_frame_whose_shape_tells_the_word_and_keep_their_clicks(found: Tables) -> None:
    before = figure(scatter("paper-2016-002", "paper-2016-003", "customs.CHN.RUS.2012", yaxis="y2"))
    kept = copy.deepcopy(before)
    after = badged(before, index(found).badged)
    go.Figure(after)
    line, conflict, caution = after["data"]
    assert before == kept and line["customdata"] == before["data"][0]["customdata"]
    assert (conflict["x"], conflict["y"], conflict["yaxis"]) == (["2010-07-02"], [0.0], "y2")
    assert conflict["marker"]["symbol"] != caution["marker"]["symbol"] and conflict["name"] != caution["name"]
    assert all(ring["hoverinfo"] == "skip" and "customdata" not in ring for ring in (conflict, caution))
    assert after["layout"]["showlegend"] is True
    assert (
        line["text"][0] == "hover 0<br><b>conflict</b>: 95 less 28 % is 68.4, not 62" and line["text"][2] == "hover 2"
    )


def test_a_word_stands_once_in_the_legend_and_gaps_get_no_frame(found: Tables) -> None:
    one = scatter("paper-2016-002", "paper-2016-001", y=[None, 1.0])
    after = badged(figure(one, scatter("paper-2016-001")), index(found).badged)
    rings = after["data"][2:]
    assert [(ring["y"], ring["showlegend"]) for ring in rings] == [([1.0], True), ([0.0], False)]


def test_bars_carry_the_sign_beside_what_they_said(found: Tables) -> None:
    bars = {"type": "bar", "y": [1, 2, 3], "customdata": ["paper-2016-003", "x", "paper-2016-001"],
            "hovertext": ["a", "b", "c"], "text": ["", "2", "3"]}  # fmt: skip
    (after,) = badged(figure(bars), index(found).badged)["data"]
    assert after["text"] == ["<b>(?)</b>", "2", "3 <b>(!)</b>"]
    assert after["hovertext"][1] == "b" and "conflict" in after["hovertext"][2]


def test_signs_of_bars_can_be_read_on_both_papers_and_are_never_shrunk(found: Tables) -> None:
    pale = {
        "type": "bar",
        "y": [1, 2],
        "customdata": ["paper-2016-003", "paper-2016-001"],
        "marker": {"color": "rgba(1,2,3,0.2)"},
    }
    solid = {**pale, "orientation": "h", "marker": {"color": "#123456"}}
    after = badged(figure(pale, solid), index(found).badged)
    go.Figure(after)
    first, second = after["data"]
    assert first["insidetextfont"]["color"] == [theme.WARNING, theme.CONFLICT] and "insidetextfont" not in second
    assert {bars["constraintext"] for bars in (first, second)} == {"none"} and first["textangle"] == 0


def test_a_figure_of_its_own_height_grows_by_the_legend_that_rings_need(found: Tables) -> None:
    low = {"data": [scatter("paper-2016-001")], "layout": {"height": 300}}
    assert badged(low, index(found).badged)["layout"]["height"] == 300 + LEGEND_LINE
    named = {**low, "layout": {"height": 300, "showlegend": True}}
    assert badged(named, index(found).badged)["layout"]["height"] == 300


def test_bars_of_one_figure_are_signed_once_and_the_sign_is_explained(found: Tables) -> None:
    squares = {"type": "bar", "y": [1, 1, 1], "customdata": ["paper-2016-001", "paper-2016-001", "paper-2016-003"]}
    concerned = index(found).badged
    (after,) = badged(figure(squares), concerned)["data"]
    assert after["text"] == ["<b>(!)</b>", "", "<b>(?)</b>"]
    (said,) = sign_words(figure(squares), concerned)
    assert "“!” marks a figure in conflict" in said and "“?” marks a figure to be used with caution" in said
    assert sign_words(figure({"type": "bar", "y": [1], "customdata": ["x"]}), concerned) == ()
    assert sign_words(figure(scatter("paper-2016-001")), concerned) == (), "frames around points have their legend"


def test_bars_with_words_inside_get_a_short_sign_and_an_outline(found: Tables) -> None:
    bars = {"type": "bar", "y": [1, 2], "customdata": ["x", "paper-2016-001"], "text": ["A", "B"], "textposition": "inside",
            "marker": {"color": "#fff", "line": {"color": "#111", "width": 1}}}  # fmt: skip
    (after,) = badged(figure(bars), index(found).badged)["data"]
    go.Figure(figure(after))
    assert after["text"] == ["A", "B!"] and after["marker"]["color"] == "#fff"
    assert after["marker"]["line"]["color"][0] == "#111" != after["marker"]["line"]["color"][1]
    assert after["marker"]["line"]["width"] == [1, 2.5]


@pytest.mark.parametrize(
    ("key", "count"),
    [
        ("paper-2016-001", 1),
        (["paper-2016-001", "more"], 1),
        ("paper-2016-001 ; paper-2016-002", 1),
        ("customs.CHN.RUS.2011 ; customs.CHN.RUS.2010", 1),
        ("customs.CHN.RUS.2011 ; customs.CHN.RUS.2012", 0),
        ("paper-2016-001 ; paper-2016-003", 0),
        ("=label@2014", 0),
        (None, 0),
        ([], 0),
    ],
)
def test_a_mark_is_meant_by_its_observation_or_by_all_it_is_computed_from(
    found: Tables, key: object, count: int
) -> None:
    assert len(findings_of(key, index(found).badged)) == count


def test_the_table_says_in_words_what_the_chart_marks(found: Tables) -> None:
    rows = pd.DataFrame({"observation_id": ["paper-2016-003", "x"], "time_period": ["2015", "2016"]})
    assert told_of(rows, index(found).badged) == ["caution: Title of scope-2", ""]
    assert with_findings(rows, index(found).badged)["findings"].tolist()[1] == ""
    assert "findings" not in with_findings(rows.tail(1), index(found).badged)


def test_screen_table_download_and_export_share_the_marked_figure(found: Tables) -> None:
    def draw(tables: Tables, selection: Selection) -> Exhibit:
        rows = tables.observations[tables.observations["observation_id"] == "paper-2016-002"]
        return Exhibit("T", {"data": [scatter(*base.keys(rows))], "layout": {}}, rows, "S.")

    desk = Desk(lambda known: found, [Page("/t", "T", "", (View("v", "V", "?", draw),))])
    payload, exhibit = desk.payload("v", {}), desk.exhibit("v", {})
    assert payload["figure"] is exhibit.figure and payload["figure"]["data"][-1]["name"] == "conflict, see Findings"
    assert desk.rows("v", {})["findings"].str.startswith("conflict: 95 less").all()
    bare = Desk(lambda known: replace(found, findings=found.findings.head(0)), desk.pages)
    assert figure_hash(bare.payload("v", {})["figure"]) != figure_hash(payload["figure"])


def test_numbers_keep_their_units_on_one_line_and_signs_on_bars_are_explained(found: Tables) -> None:
    bars = {"type": "bar", "y": [1], "customdata": ["paper-2016-001"]}

    def counted(tables: Tables, selection: Selection) -> Exhibit:
        return Exhibit("T", {"data": [bars], "layout": {}}, tables.observations.head(1), "Fell by 57 %.", ("5 bcm.",))

    payload = Desk(lambda known: found, [Page("/", "P", "", (View("v", "V", "?", counted),))]).payload("v", {})
    assert payload["summary"] == "Fell by 57\xa0%." and payload["caveats"][0] == "5\xa0bcm."
    assert "“!” marks a figure in conflict" in payload["caveats"][1]
