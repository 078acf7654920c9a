import pandas as pd
import plotly.graph_objects as go
import pytest

from components.charts import targets

SHARED = {
    "unit_measure": "USD",
    "bound": "=",
    "source_class": "official",
    "provenance": "statistic",
    "value_low": None,
    "value_high": None,
}


def line(values):
    years = list(values)
    return pd.DataFrame(
        {
            "time_period": years,
            "obs_value": [v * 1e9 for v in values.values()],
            "observation_id": [f"line-{year}" for year in years],
            "label": "trade",
            "role": "actual",
            "line_id": "china",
            "is_seam": [year == "2012" for year in years],
            "publisher": ["International Monetary Fund" if year < "2012" else "Customs" for year in years],
            **SHARED,
        }
    )


def promise(year, billions, reached=None, series="target"):
    return {
        "time_period": year,
        "obs_value": billions * 1e9,
        "observation_id": f"target-{year}",
        "label": "promise",
        "role": "estimate" if series == "expectation" else "target",
        "series": series,
        "year_reached": reached,
        "state": f"met {reached}" if reached else "not due yet",
        **SHARED,
        "provenance": "quoted",
    }


EMPTY = pd.DataFrame(columns=[*promise("2010", 1), "tag"])


def picture(dated, undated=EMPTY, values=None):
    values = values or {"2010": 50, "2011": 60, "2012": 90, "2014": 95}
    return targets.trade_and_targets(line(values), pd.DataFrame(dated), undated, EMPTY, EMPTY)


def test_a_missing_year_is_a_gap():
    figure = picture([promise("2011", 80, "2012")])
    assert figure["data"][0]["y"] == [50, 60, 90, None, 95]
    assert figure["data"][0]["connectgaps"] is False


def test_a_seam_names_both_parts():
    notes = picture([promise("2011", 80, "2012")])["layout"]["annotations"]
    assert [note["text"] for note in notes] == ["IMF ◂", "▸ Customs"]
    assert {(note["y"], note["yanchor"]) for note in notes} == {(1, "bottom")}, "above the words inside the panel"


def test_the_words_of_a_target_are_short_lines_that_fit_a_telephone():
    figure = picture([promise("2011", 80, "2012")])
    (diamonds,) = [trace for trace in figure["data"] if trace["name"] == "targets"]
    assert diamonds["text"]
    assert max(len(line) for text in diamonds["text"] for line in text.split("<br>")) <= len("expected")


def test_a_target_not_met_has_no_rule():
    shapes = picture([promise("2020", 200)])["layout"]["shapes"]
    assert not [shape for shape in shapes if shape["y0"] == shape["y1"]]


def test_words_leave_the_line_alone():
    figure = picture([promise("2012", 80, "2012"), promise("2014", 100)])
    (diamonds,) = [trace for trace in figure["data"] if trace["name"] == "targets"]
    assert diamonds["textposition"] == ["bottom right", "top center"]


def test_an_expectation_is_a_trace_of_its_own():
    figure = picture([promise("2012", 80, "2012"), promise("2030", 300, series="expectation")])
    assert [trace["name"] for trace in figure["data"]] == ["China reporting", "targets", "expectation"]
    assert figure["data"][-1]["textposition"] == ["middle left"], "below the names of the seam"


def test_an_undated_level_is_kept_off_the_dates():
    figure = picture([promise("2012", 80, "2012")], pd.DataFrame([promise(None, 250)]))
    margin = figure["data"][-1]
    assert (margin["xaxis"], margin["x"], margin["y"]) == ("x2", [0.5], [250])
    assert "2000" not in margin["hovertext"][0]
    go.Figure(figure)


def block(commitment_id, mark, value, grade, **cells):
    return {
        "commitment_id": commitment_id,
        "mark": mark,
        "obs_value": value,
        "grade": grade,
        "role": "target" if mark == "promise" else "actual",
        "observation_id": f"{commitment_id}-{mark}",
        "label": "a promise",
        "time_period": "2015",
        "_head": f"{grade} · a promise",
        "_notes": ["Promised", "Came"],
        **SHARED,
        **cells,
    }


def test_blocks_join_promise_and_outcome_of_rated_grades_only():
    marks = pd.DataFrame(
        [
            block("one", "promise", 100e9, "A"),
            block("one", "outcome", 68e9, "A"),
            block("two", "promise", 160e9, "C"),
            block("two", "beside", 9e9, "C"),
        ]
    )
    figure = targets.promise_blocks(marks)
    (link,) = figure["layout"]["shapes"]
    assert (link["x0"], link["x1"]) == (100, 68)


def test_blocks_of_different_units_have_axes_of_their_own():
    marks = pd.DataFrame([block("one", "promise", 100e9, "N"), block("two", "promise", 38, "N", unit_measure="BCM")])
    figure = targets.promise_blocks(marks)
    titles = [figure["layout"][axis]["title"]["text"] for axis in ("xaxis", "xaxis2")]
    assert titles == ["◆ promised, ● came, US$ bn", "◆ promised, ● came, bcm"]


def test_a_wide_range_of_values_gets_a_logarithmic_axis():
    near = pd.DataFrame([block("one", "promise", 100e9, "N"), block("two", "promise", 50e9, "N")])
    far = pd.DataFrame([block("one", "promise", 4e12, "N"), block("two", "promise", 50e9, "N")])
    assert "type" not in targets.promise_blocks(near)["layout"]["xaxis"]
    assert targets.promise_blocks(far)["layout"]["xaxis"]["type"] == "log"


def issue(number, said, due, reached=None, event="issued"):
    return {
        **promise(due, 100, reached),
        "observation_id": f"issue-{number}",
        "said_on": said,
        "event": event,
        "said_by": "A. Speaker",
        "_head": f"issue {number}",
        "_note": "issued",
    }


def test_a_timeline_draws_only_what_is_dated():
    rows = [issue(1, "2004", "2010", "2012"), issue(2, None, "2015"), issue(3, "2022-02-04", None, event="raised")]
    figure = targets.promise_timeline(pd.DataFrame(rows))
    go.Figure(figure)
    drawn = {trace["name"]: trace["customdata"] for trace in figure["data"]}
    assert drawn == {
        "issued": ["issue-1"],
        "raised": ["issue-3"],
        "deadline": ["issue-1", "issue-2"],
        "first reached": ["issue-1"],
    }
    (span,) = figure["layout"]["shapes"]
    assert (span["x0"][:4], span["x1"][:4]) == ("2004", "2010")


@pytest.mark.parametrize(("done", "filled", "hollow"), [(1, 1, 4), (0, 0, 5), (5, 5, 0)])
def test_there_is_one_square_a_project(done, filled, hollow):
    planned = pd.DataFrame(
        [{**promise("2017", 5e-9), "obs_value": 5, "unit_measure": "COUNT", "series": "on the list"}]
    )
    started = planned.assign(obs_value=done, series="started", observation_id="started")
    figure = targets.unit_squares(planned, started, columns=3, note="begun before")
    go.Figure(figure)
    counts = {trace["name"]: len(trace["x"]) for trace in figure["data"]}
    assert counts == {name: count for name, count in (("started", filled), ("on the list", hollow)) if count}


def test_squares_fill_their_rows_and_stay_inside_the_axes():
    planned = pd.DataFrame([{**promise("2017", 1), "obs_value": 5, "unit_measure": "COUNT", "series": "on the list"}])
    figure = targets.unit_squares(planned, planned.iloc[:0], columns=3)
    (trace,) = figure["data"]
    assert trace["x"] == [0, 1, 2, 0, 1]
    low, high = figure["layout"]["yaxis"]["range"]
    assert low < min(trace["base"])
    assert max(start + 0.84 for start in trace["base"]) < high


def test_the_board_counts_each_verdict():
    marks = pd.DataFrame(
        [
            {**promise("2010", 1), "commitment_id": str(i), "verdict": verdict, "grade": grade, "_told": "words"}
            for i, (verdict, grade) in enumerate([("met", "A"), ("met", "B"), ("missed", "A")])
        ]
    )
    figure = targets.verdict_board(marks)
    heads = [note["text"] for note in figure["layout"]["annotations"]]
    assert heads == ["<b>met: 2</b>", "<b>missed: 1</b>"]
    assert {trace["name"]: trace["text"] for trace in figure["data"]} == {"A": ["A", "A"], "B": ["B"]}
    starts = sorted(figure["data"][0]["base"] + figure["data"][1]["base"])
    assert starts == [0.06, 0.06, 1.06]


def test_a_long_row_of_the_board_goes_on_below_so_that_grades_have_room_on_a_telephone():
    marks = pd.DataFrame(
        [
            {
                **promise("2010", 1),
                "commitment_id": str(i),
                "verdict": "met" if i < 18 else "open",
                "grade": "A",
                "_told": "",
            }
            for i in range(20)
        ]
    )
    figure = targets.verdict_board(marks)
    (trace,) = figure["data"]
    assert figure["layout"]["xaxis"]["range"][1] * 28 < 330, "28 pixels a cell on a telephone"
    assert max(trace["base"]) + 0.88 < figure["layout"]["xaxis"]["range"][1]
    lines = list(dict.fromkeys(trace["y"]))
    assert [trace["y"].count(y) for y in lines] == [10, 8, 2]
    assert min(after - before for before, after in zip(lines, lines[1:], strict=False)) >= trace["width"][0]


def test_each_kind_of_mark_stands_once_in_the_legend_of_the_blocks():
    marks = pd.DataFrame(
        [block(unit, kind, 5, "A", unit_measure=unit) for unit in ("USD", "BCM") for kind in ("promise", "outcome")]
    )
    shown = [(trace["name"], trace["showlegend"]) for trace in targets.promise_blocks(marks)["data"]]
    assert sorted(shown) == [
        ("outcome, actual", False),
        ("outcome, actual", True),
        ("promise, target", False),
        ("promise, target", True),
    ]


def test_growth_stands_in_the_row_of_its_promise():
    needed = pd.DataFrame(
        [
            {
                **promise("2010/2015", 1),
                "obs_value": 12.5,
                "commitment_id": c,
                "unit_measure": "PERCENT",
                "_head": c,
                "_note": "n",
            }
            for c in ("one", "two")
        ]
    )
    came = needed[needed["commitment_id"] == "two"].assign(role="actual", obs_value=-3.4)
    diamonds, dots = targets.growth_needed(needed, came)["data"]
    assert dots["y"] == [diamonds["y"][1]]
    assert dots["x"] == [-3.4]
