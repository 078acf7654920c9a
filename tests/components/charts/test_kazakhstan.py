import pandas as pd
import plotly.graph_objects as go
import pytest

from components import theme
from components.charts import kazakhstan
from components.marks import COLUMNS


def mark(series, year, value, **more):
    return {
        "series": series, "label": {"CHN": "China", "RUS": "Russia", "KAZ": "Kazakhstan"}.get(series, series),
        "time_period": year, "obs_value": value, "observation_id": f"{series}-{year}", "bound": "=", "role": "actual",
        "provenance": "statistic", "source_class": "official", "line_id": series, **more,
    }  # fmt: skip


def marks(*entries, **columns):
    return pd.DataFrame(entries).reindex(columns=[*COLUMNS, "place"]).assign(**columns)


def test_partners_are_lines_named_at_their_end_in_their_colour():
    rows = marks(
        mark("CHN", "2022", 17.9), mark("CHN", "2023", 21.5), mark("RUS", "2022", 19.9), mark("RUS", "2023", 19.4)
    )
    drawn = kazakhstan.partners(rows)
    go.Figure(drawn)
    assert [trace["line"]["color"] for trace in drawn["data"]] == [theme.area_colour("CHN"), theme.area_colour("RUS")]
    names = [note["text"] for note in drawn["layout"]["annotations"] if note["xref"] == "paper"]
    assert names == ["China 21.5\xa0%", "Russia 19.4\xa0%"]
    assert "extract ends 2023" in [note["text"] for note in drawn["layout"]["annotations"]]


def test_a_missing_year_breaks_the_line():
    drawn = kazakhstan.partners(marks(mark("CHN", "2019", 15.0), mark("CHN", "2021", 17.0)))
    assert drawn["data"][0]["x"] == ["2019-07-02", None, "2021-07-02"]
    assert drawn["data"][0]["connectgaps"] is False


@pytest.mark.parametrize(("values", "side"), [((90e9, 40e9), "top"), ((5e9, 12e9), "bottom")])
def test_a_stop_is_labelled_where_the_line_does_not_come_from(values, side):
    drawn = kazakhstan.eu_exports(marks(mark("RUS", "2022", values[0]), mark("RUS", "2023", values[1])))
    stop = next(note for note in drawn["layout"]["annotations"] if "ends" in note["text"])
    assert (stop["yanchor"], stop["text"]) == (side, f"{values[1] / 1e9:g}, extract ends 2023")


def test_destinations_have_scales_of_their_own():
    rows = marks(
        mark("RUS", "2022", 90e9), mark("RUS", "2023", 40e9), mark("KAZ", "2022", 10e9), mark("KAZ", "2023", 12e9)
    )
    layout = kazakhstan.eu_exports(rows)["layout"]
    assert layout["yaxis"]["range"] == [0, 112.5]
    assert layout["yaxis3"]["range"] == [0, 15.0]


def test_sums_and_plans_stand_beside_the_stock():
    rows = marks(
        mark("CHN", "2022", 6e9, place=""),
        mark("CHN", "2023", 7e9, place=""),
        mark("cumulative", "2005/2020", 35e9, place="since<br>2005", bound=">="),
        mark("plan", "2016", 26e9, place="plan<br>of 2016", bound=">"),
    )
    drawn = kazakhstan.chinese_money(rows)
    go.Figure(drawn)
    line, cumulative, plan = drawn["data"]
    assert line["xaxis"] == "x" and {cumulative["xaxis"], plan["xaxis"]} == {"x2"}
    assert cumulative["x"] == ["since<br>2005"]
    assert (cumulative["text"], plan["text"]) == (["≥35"], [">26"])
    assert plan["marker"]["pattern"]["shape"] == "/"


def test_projects_stand_in_rows_of_their_status():
    rows = pd.DataFrame(
        {
            "observation_id": "", "observation_ids": ["a", "", ""], "label": ["Port", "Road", "Line"],
            "short": ["Port", "Road", "Line"], "kind": ["port", "road", "railway"],
            "status": ["operating", "stalled", "operating"], "time_period": "2020", "measures": "told",
        }
    )  # fmt: skip
    drawn = kazakhstan.project_states(rows)
    go.Figure(drawn)
    assert [(trace["name"], trace["x"]) for trace in drawn["data"]] == [("operating", [1, 2]), ("stalled", [1])]
    assert [trace["marker"]["symbol"] for trace in drawn["data"]] == [
        theme.STATUS_SYMBOL[s] for s in ("operating", "stalled")
    ]
    texts = [note["text"] for note in drawn["layout"]["annotations"]]
    assert texts == ["<b>Operating (2)</b>", "Port · Line", "<b>Stalled (1)</b>", "Road"]
    assert drawn["data"][0]["customdata"] == ["a", "=Line@2020"]
