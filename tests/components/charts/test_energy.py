import pandas as pd
import plotly.graph_objects as go

from components import theme
from components.charts import energy
from components.marks import COLUMNS


def marks(*entries):
    return pd.DataFrame(entries).reindex(columns=[*COLUMNS, "colour"])


def counted(series, year, value, **more):
    return {
        "series": series, "label": series, "time_period": year, "obs_value": value, "observation_id": f"{series}-{year}",
        "bound": "=", "role": "actual", "provenance": "statistic", "source_class": "official", "unit_measure": "BCM", **more,
    }  # fmt: skip


CONTRACT = counted("contract", None, 38.0, role="capacity", provenance="quoted", source_class="research")


def test_columns_then_dots_then_the_margin():
    rows = marks(counted("delivered", "2020", 4.1), counted("review", "2020", 3.9), CONTRACT)
    drawn = energy.power_of_siberia(rows)
    go.Figure(drawn)
    assert [trace["type"] for trace in drawn["data"]] == ["bar", "scatter", "scatter"]
    assert drawn["data"][0]["insidetextanchor"] == "start", "the sign of a finding keeps clear of the dots"
    assert drawn["data"][1]["mode"] == "markers+text"
    assert drawn["data"][2]["xaxis"] == "x2"


def test_without_a_contract_there_is_no_margin_and_no_level():
    drawn = energy.power_of_siberia(marks(counted("delivered", "2020", 4.1)))
    assert "xaxis2" not in drawn["layout"]
    assert drawn["layout"]["shapes"] == []


def test_counts_far_apart_are_remarked():
    rows = marks(
        counted("delivered", "2021", 10.39),
        counted("review", "2021", 7.585),
        counted("delivered", "2022", 15.4),
        counted("review", "2022", 14.669),
    )
    notes = energy.power_of_siberia(rows)["layout"]["annotations"]
    assert [note["text"] for note in notes] == ["unexplained:<br>10.39 or<br>7.585"]
    assert notes[0]["x"] == "2021-07-02"


def test_suppliers_stack_in_their_order_and_totals_are_dashes():
    rows = marks(
        counted("TKM", "2022", 30.0, colour=theme.area_colour("TKM")),
        counted("RUS", "2022", 20.0, colour=theme.area_colour("RUS")),
        counted("LNG", "2022", 90.0, colour=theme.REMAINDER),
        counted("total", "2022", 141.0),
    )
    drawn = energy.gas_by_supplier(rows)
    go.Figure(drawn)
    assert [trace["name"] for trace in drawn["data"]] == ["TKM", "RUS", "LNG", "total"]
    assert drawn["data"][-1]["marker"]["symbol"] == "line-ew"
    assert drawn["layout"]["yaxis"]["range"][1] > 141
    assert "extract ends 2022" in drawn["layout"]["xaxis"]["title"]["text"]


def test_shares_stop_at_one_hundred_and_room_is_kept_for_the_names_of_editions_only():
    rows = marks(
        *(counted("TKM", year, 100.0, colour="#a67c00", part=2, edition="ei2024") for year in ("2022", "2023"))
    )
    axis = energy.gas_by_supplier(rows.assign(unit_measure="PERCENT"))["layout"]["yaxis"]
    assert axis["title"]["text"] == "% of all gas imported"
    assert axis["tickvals"][-1] == 100 and axis["range"][1] == 106
    long = marks(
        *(counted("TKM", year, 100.0, colour="#a67c00", part=1, edition="ei2024") for year in ("2000", "2001"))
    )
    both = pd.concat([long, rows], ignore_index=True)
    layout = energy.gas_by_supplier(both)["layout"]
    assert layout["yaxis"]["range"][1] == 120 and "tickvals" not in layout["yaxis"]
    assert [note["text"] for note in layout["annotations"]] == ["2024<br>edition", "one edition<br>a year"]


def test_targets_without_window_draw_no_level():
    target = counted("target", None, 10.0, role="target", provenance="quoted", source_class="research")
    drawn = energy.kazakh_gas(marks(counted("imported", "2018", 5.4), target))
    assert drawn["layout"]["shapes"] == []
    spanning = energy.kazakh_gas(marks(counted("imported", "2018", 5.4), {**target, "time_period": "2018/2023"}))
    assert [shape["x1"] for shape in spanning["layout"]["shapes"]] == ["2023-12-31"]


def test_the_stop_of_an_extract_is_its_last_year():
    assert energy.until(marks(counted("a", "2022", 1.0), counted("a", "2021", 1.0))) == ", extract ends 2022"
    assert energy.until(marks()) == ""
