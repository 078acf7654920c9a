import math

import pandas as pd
import plotly.graph_objects as go
import pytest

from components import labels, theme
from components.charts import projects


def entry(name, kind="railway", status="planned", **cells):
    blank = {
        "observation_id": "", "label": name, "time_period": "2020", "obs_value": float("nan"), "unit_measure": "",
        "source_id": "s", "kind": kind, "status": status, "status_as_of": "2020", "area_names": "China", "said_by": "A",
        "source_class": "press", "term": "", "capacity": "", "cost": "", "length_km": float("nan"), "start": "",
        "end": "", "date_basis": "", "start_lat": float("nan"), "start_lon": float("nan"), "end_lat": float("nan"),
        "end_lon": float("nan"), "place_precision": "", "questioned": "",
    }  # fmt: skip
    return blank | cells


def frame(*entries):
    return pd.DataFrame(list(entries))


def size(name, value, **cells):
    blank = {
        "observation_id": f"o-{name}", "row_name": name, "label": name, "obs_value": value, "value_low": value,
        "value_high": value, "bound": "=", "unit_measure": "KM", "time_period": "", "role": "plan", "texts": "",
        "source_class": "press", "provenance": "quoted", "source_id": "s",
    }  # fmt: skip
    return blank | cells


def test_units_have_a_trace_a_status_and_a_place_an_entry():
    figure = projects.unit_chart(frame(entry("a"), entry("b", status="operating"), entry("c"), entry("d", "port")))
    go.Figure(figure)
    assert [trace["name"] for trace in figure["data"]] == ["operating", "planned"]
    working, planned = figure["data"]
    assert (working["x"], working["y"]) == ([1], ["railway"])
    assert (planned["x"], planned["y"]) == ([2, 3, 1], ["railway", "railway", "port"])
    assert planned["customdata"] == ["=a@2020", "=c@2020", "=d@2020"]


def test_only_what_works_is_filled():
    assert [status for status, symbol in theme.STATUS_SYMBOL.items() if "open" not in symbol] == ["operating"]
    assert len(set(theme.STATUS_SYMBOL.values())) == len(theme.STATUS_SYMBOL)


def test_hover_says_status_date_size_and_class():
    (text,) = projects.hover_texts(frame(entry("<a>", capacity="38 bcm", length_km=523.0, status_as_of="2016-05")))
    for part in (
        "&lt;a&gt;",
        "railway · planned, as of May 2016",
        "capacity: 38\u00a0bcm",
        "523\u00a0km",
        "press source",
    ):
        assert part in text


def test_a_term_is_a_box_and_a_derived_end_is_dashed():
    stated = entry("a", start="2018-01-01", end="2024-12-31", date_basis="stated")
    derived = entry("b", start="2014-10-01", end="2017-12-31", date_basis="derived")
    figure = projects.term_chart(frame(stated, derived))
    go.Figure(figure)
    boxes = {trace["name"]: trace for trace in figure["data"] if trace.get("fill")}
    assert {name: box["line"]["dash"] for name, box in boxes.items()} == {
        "planned, end derived": "dash",
        "planned, end stated": "solid",
    }
    assert boxes["planned, end derived"]["x"] == ["2014-10-01", "2017-12-31", "2017-12-31", "2014-10-01", "2014-10-01"]
    assert figure["layout"]["xaxis"]["range"] == ["2013-07-01", "2025-07-01"]
    assert [note["text"] for note in figure["layout"]["annotations"]] == ["a", "b"]


def test_one_date_is_a_mark_and_never_a_box():
    figure = projects.term_chart(frame(entry("a", start="2010-01-01"), entry("b", end="2035-12-31")))
    assert not [trace for trace in figure["data"] if trace.get("fill")]
    (marks,) = [trace for trace in figure["data"] if trace.get("customdata")]
    assert marks["x"] == ["2010-01-01", "2035-12-31"]
    assert "no box: one date known" in [trace["name"] for trace in figure["data"]]


def test_a_link_is_straight_on_the_map_and_both_ends_lead_to_the_entry():
    there = entry("a", start_lat=55.0, start_lon=30.0, end_lat=40.0, end_lon=110.0, place_precision="city")
    figure = projects.map_chart(frame(there))
    go.Figure(figure)
    (link,) = [trace for trace in figure["data"] if trace["mode"] == "lines"]
    assert (link["lat"][0], link["lon"][0]) == pytest.approx((55.0, 30.0))
    assert (link["lat"][-1], link["lon"][-1]) == pytest.approx((40.0, 110.0))
    heights = [math.asinh(math.tan(math.radians(lat))) for lat in link["lat"]]
    slopes = [(b - a) / (y - x) for a, b, x, y in zip(heights, heights[1:], link["lon"], link["lon"][1:], strict=False)]
    assert slopes == pytest.approx([slopes[0]] * len(slopes))
    (marks,) = [trace for trace in figure["data"] if trace.get("customdata")]
    assert marks["customdata"] == ["=a@2020", "=a@2020"]


def test_two_links_do_not_touch_and_a_site_has_none():
    ends = {"end_lat": 41.0, "end_lon": 75.0, "place_precision": "city"}
    figure = projects.map_chart(
        frame(
            entry("a", start_lat=50.0, start_lon=40.0, **ends),
            entry("b", start_lat=60.0, start_lon=50.0, **ends),
            entry("c", start_lat=43.0, start_lon=131.0, place_precision="site"),
        )
    )
    (links,) = [trace for trace in figure["data"] if trace["mode"] == "lines"]
    assert links["lat"].count(None) == 1
    halos = [trace["name"] for trace in figure["data"] if trace["mode"] == "markers" and "customdata" not in trace]
    assert halos == [projects.HALO["site"][1], projects.HALO["city"][1]]


def test_vaguer_places_have_wider_halos():
    widths = [projects.HALO[name][0] for name in ("site", "city", "region", "country")]
    assert widths == sorted(widths)
    assert len(set(widths)) == 4


def test_sizes_stand_on_a_log_axis_one_mark_a_figure():
    rows = pd.DataFrame([size("a", 2.2), size("b", 3225.0, role="actual"), size("b", 70.0)])
    figure = projects.size_chart(rows, "length", labels.Scale(1, "km"), labels.Words({}))
    go.Figure(figure)
    assert figure["layout"]["xaxis"]["type"] == "log"
    assert figure["layout"]["xaxis"]["title"]["text"] == "length, km"
    assert [(t["name"], t["x"]) for t in figure["data"]] == [("plan", [2.2, 70.0]), ("actual", [3225.0])]
    assert all("open" in symbol for trace in figure["data"] for symbol in trace["marker"]["symbol"])
    low, high = figure["layout"]["xaxis"]["range"]
    assert 10**low < 2.2 and 10**high > 3225


def test_text_stands_where_there_is_room():
    rows = pd.DataFrame([size("a", 2.0, texts="2 km"), size("b", 900.0, texts="900 km")])
    figure = projects.size_chart(rows, "length", labels.Scale(1, "km"), labels.Words({}))
    assert figure["data"][0]["textposition"] == ["middle right", "middle left"]
    assert figure["data"][0]["text"] == ["\u20022 km", "900 km\u2002"], (
        "the ring of a finding would hide the first letter"
    )


def test_an_open_bound_points_along_the_axis_and_is_no_mark_of_its_own():
    rows = pd.DataFrame([
        size("a", 20.0, bound=">"), size("a", 30.0, bound="<="), size("a", 40.0), size("b", 50.0, bound=">=", texts="≥ 50 km"),
    ])  # fmt: skip
    (trace,) = projects.size_chart(rows, "length", labels.Scale(1, "km"), labels.Words({}))["data"]
    assert trace["text"][:3] == ["▸", "◂", ""] and "▸" not in trace["text"][3], "words say it already"
    assert trace["textposition"][:2] == ["middle right", "middle left"], "beside the mark, on the side that is open"


def test_a_long_log_axis_names_whole_powers_of_ten_only():
    rows = pd.DataFrame([size("a", 2.0), size("b", 10775.0)])
    axis = projects.size_chart(rows, "length", labels.Scale(1, "km"), labels.Words({}))["layout"]["xaxis"]
    assert axis["tickvals"] == [1, 10, 100, 1000, 10000, 100000] and axis["tickformat"] == ",d"
    near = projects.size_chart(rows.assign(obs_value=[20.0, 700.0]), "length", labels.Scale(1, "km"), labels.Words({}))
    assert 2.0 in near["layout"]["xaxis"]["tickvals"]


def test_hover_names_findings_about_the_figures_of_an_entry():
    (text,) = projects.hover_texts(frame(entry("a", questioned="conflict 1, caution 2")))
    assert "findings about its figures</b>: conflict 1, caution 2" in text


def test_long_names_are_cut_between_words():
    assert projects.shorten("one two three", 9) == "one two …"
    assert projects.shorten("one", 9) == "one"
