import pandas as pd
import plotly.graph_objects as go

from components.charts import oil
from components.marks import COLUMNS


def mark(series, year, value, **more):
    return {
        "series": series, "label": series, "time_period": year, "obs_value": value, "observation_id": f"{series}-{year}",
        "bound": "=", "role": "actual", "provenance": "statistic", "source_class": "official", "line_id": series, **more,
    }  # fmt: skip


def marks(*entries):
    return pd.DataFrame(entries).reindex(columns=list(COLUMNS))


TWO_YEARS = [
    mark("volume", "2017", 60e6),
    mark("volume", "2018", 70e6),
    mark("price", "2017", 54.0),
    mark("price", "2018", 71.0),
]
IMPLIED = [
    mark("implied", year, value, provenance="derived", role="estimate")
    for year, value in (("2017", 24e9), ("2018", 37e9))
]


def test_total_stands_behind_russia_in_million_tonnes():
    rows = marks(
        mark("total", "2017", 420e6), mark("russia", "2017", 60e6), mark("share", "2017", 14.2, provenance="derived")
    )
    drawn = oil.crude_in_tonnes(rows)
    go.Figure(drawn)
    assert [trace["name"] for trace in drawn["data"]] == [
        "all crude imports",
        "from Russia, extract ends 2017",
        "Russia's share",
    ]
    assert [trace["y"] for trace in drawn["data"]] == [[420.0], [60.0], [14.2]]
    assert drawn["data"][0]["width"][0] > drawn["data"][1]["width"][0]
    assert drawn["data"][2]["marker"]["pattern"]["shape"] == "."
    assert drawn["layout"]["barmode"] == "overlay"


def test_weight_price_and_value_have_panels_and_units_of_their_own():
    drawn = oil.price_and_volume(
        marks(*TWO_YEARS, *IMPLIED, mark("stated", "2018", 36e9, provenance="quoted", source_class="press"))
    )
    go.Figure(drawn)
    layout = drawn["layout"]
    assert [layout[name]["title"]["text"] for name in ("yaxis", "yaxis3", "yaxis5")] == ["Mt", "US$ a barrel", "US$ bn"]
    assert [trace["type"] for trace in drawn["data"]] == ["bar", "scatter", "bar", "scatter"]
    assert drawn["data"][2]["marker"]["color"].endswith(",0)")
    assert drawn["data"][3]["marker"]["symbol"] == ["triangle-up-open"]


def test_without_customs_values_only_the_computed_ones_are_drawn():
    assert len(oil.price_and_volume(marks(*TWO_YEARS, *IMPLIED))["data"]) == 3


def test_an_index_joins_counted_series_and_never_the_computed_one():
    drawn = oil.price_and_volume_index(marks(*TWO_YEARS, *IMPLIED))
    assert [trace["mode"] for trace in drawn["data"]] == ["lines+markers", "lines+markers", "markers+text"]
    assert "2017 = 100" in drawn["layout"]["yaxis"]["title"]["text"]


def test_a_single_year_is_no_line():
    drawn = oil.price_and_volume(marks(*TWO_YEARS[::2], IMPLIED[0]))
    assert drawn["data"][1]["mode"] == "markers"
