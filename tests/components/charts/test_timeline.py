"""The timeline keeps seams, stops, gaps and roles apart; every figure is one plotly accepts."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.charts.base import records
from components.charts.timeline import timeline
from pipelines.errors import DataError

EMPTY = dict.fromkeys(
    ("label", "observation_ids", "value_low", "value_high", "formula", "said_by", "vintage", "note", "seam_note"), None
)


def row(mark: str, year: str, value: float, **changes: Any) -> dict[str, Any]:
    base = {
        "mark": mark, "time_period": year, "obs_value": value * 1e9, "unit_measure": "USD", "bound": "=",
        "observation_id": f"{mark}-{year}-{value:g}", "indicator": "TRADE_TOTAL", "commodity": "_T", "ref_area": "CHN",
        "role": "actual", "measure_type": "flow", "freq": "A", "price_basis": "current", "source_class": "official",
        "provenance": "statistic", "publisher": "Customs", "colour_of": "CHN", "line_id": "a", "title": "A",
        "part": 1, "part_name": "Customs", "is_seam": False, "obs_status": "A",
    }  # fmt: skip
    return {**EMPTY, **base, **changes}


def draw(rows: Sequence[dict[str, Any]], events: Sequence[dict[str, Any]] = (), **options: Any) -> dict[str, Any]:
    found = timeline(rows, events, axis="Turnover", **options)
    go.Figure(found)
    return found


def notes(figure: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {str(note["text"]): note for note in figure["layout"]["annotations"]}


def test_a_line_breaks_where_a_year_is_missing_and_a_lone_point_is_no_line() -> None:
    figure = draw([row("line", year, 1) for year in ("2010", "2011", "2013")])
    assert figure["data"][0]["y"] == [1.0, 1.0, None, 1.0]
    assert draw([row("line", "2010", 1)])["data"][0]["mode"] == "markers"


def test_lines_of_two_reporters_stay_two_and_a_second_line_of_one_is_dotted() -> None:
    rows = [row("line", year, 1) for year in ("2010", "2011")]
    rows += [row("line", year, 2, line_id="b", ref_area="RUS", colour_of="RUS") for year in ("2010", "2011")]
    rows += [row("line", year, 3, line_id="c", ref_area="RUS", colour_of="RUS") for year in ("2010", "2011")]
    lines = draw(rows)["data"]
    assert [trace["line"]["dash"] for trace in lines] == ["solid", "solid", "dot"]
    assert lines[0]["line"]["color"] != lines[1]["line"]["color"] == lines[2]["line"]["color"]
    assert lines[1]["line"]["width"] > lines[2]["line"]["width"]


def test_rows_that_differ_in_unit_or_reporter_are_refused_as_one_line() -> None:
    with pytest.raises(DataError, match="cannot be one line"):
        draw([row("line", "2010", 1), row("line", "2011", 1, ref_area="RUS")])


def test_seams_name_their_parts_above_the_plot_and_each_has_a_height_of_its_own() -> None:
    parts = [row("line", "2019", 1, part_name="IMF"), row("line", "2020", 1, part_name="IMF")]
    parts.append(row("line", "2021", 1, part_name="Customs", part=2, is_seam=True))
    one = draw(parts)
    assert [shape["x0"] for shape in one["layout"]["shapes"]] == ["2021-01-01"]
    assert set(notes(one)) == {"IMF ◂", "▸ Customs"}
    assert {note["y"] for note in one["layout"]["annotations"] if note["text"] in ("IMF ◂", "▸ Customs")} == {1}
    assert one["layout"]["margin"]["t"] > draw(parts[:2])["layout"]["margin"]["t"]
    several = draw([*parts, row("line", "2022", 1, part_name="Office", part=3, is_seam=True)])
    assert [shape["x0"] for shape in several["layout"]["shapes"]] == ["2021-01-01", "2022-01-01"]
    assert list(notes(several)) == ["IMF ◂", "▸ Customs", "▸ Office"]
    assert {note["y"] for note in notes(several).values()} == {1}, "no name stands among the marks"
    heights = [note["yshift"] for note in notes(several).values()]
    assert heights[0] == heights[1] >= heights[2] + 12 and several["layout"]["margin"]["t"] > heights[0] + 12


def test_a_seam_of_two_lines_is_named_once() -> None:
    rows = [row("line", year, 1, part_name="IMF", is_seam=year == "2021") for year in ("2020", "2021")]
    other = [{**one, "line_id": "b", "colour_of": "RUS", "obs_value": 3e9} for one in rows]
    figure = draw([*rows, *other])
    assert len(figure["layout"]["annotations"]) == 2 and len(figure["layout"]["shapes"]) == 1


def test_an_early_end_is_named_beside_its_point_and_a_late_one_in_the_margin() -> None:
    rows = [row("line", year, 5) for year in ("2010", "2011")]
    rows[1]["note"] = "Stopped; ceased 2012"
    other = [row("line", str(year), 9, line_id="b", ref_area="RUS", colour_of="RUS") for year in range(2010, 2026)]
    other[-1]["note"] = "Goes on"
    figure = draw(rows + other)
    early, late = notes(figure)["Stopped; ceased<br>2012"], notes(figure)["Goes on"]
    assert early["x"] == "2011-07-02" and "xref" not in early
    assert (late["xref"], late["x"]) == ("paper", 1)
    assert figure["layout"]["margin"]["r"] > 60


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.floats(1, 900))
def test_notes_stand_at_the_height_of_their_mark_on_either_scale(value: float) -> None:
    rows = [row("line", "2010", value), row("line", "2011", value, note="End")]
    for log, height in ((False, value), (True, math.log10(value))):
        figure = draw(rows, log=log)
        assert notes(figure)["End"]["y"] == pytest.approx(height)
        assert (figure["layout"]["yaxis"].get("type") == "log") is log


def test_points_are_open_unjoined_and_once_in_the_legend_for_each_kind() -> None:
    quoted = {"provenance": "quoted", "line_id": None}
    rows = [row("point", "2010", 1, source_class="press", **quoted)]
    rows += [row("point", "2011", 2, source_class="press", ref_area="KAZ", colour_of="KAZ", **quoted)]
    rows += [row("point", "2012", 3, source_class="research", colour_of="", **quoted)]
    rows += [row("point", "2013", 3, source_class="press", observation_id="", observation_ids="a ; b",
                 provenance="derived", line_id=None)]  # fmt: skip
    data = draw(rows)["data"]
    assert [(trace["name"], trace["showlegend"]) for trace in data] == [
        ("Quoted, press", True), ("Quoted, press", False), ("Quoted, research", True), ("Computed", True),
    ]  # fmt: skip
    assert all("lines" not in trace["mode"] for trace in data)
    assert all(symbol.endswith("-open") for trace in data for symbol in trace["marker"]["symbol"])


def test_a_quoted_estimate_has_a_name_of_its_own_as_it_has_a_shape() -> None:
    rows = [
        row("point", "2018", 4, source_class="press", provenance="quoted", role=role) for role in ("actual", "estimate")
    ]
    figure = draw([{**rows[0]}, {**rows[1], "time_period": "2019"}])
    shapes = {trace["name"]: trace["marker"]["symbol"] for trace in figure["data"]}
    assert shapes == {"Quoted, press": ["triangle-up-open"], "Estimate, quoted": ["diamond-open"]}


def test_an_estimate_is_hollow_although_a_statistic() -> None:
    (trace,) = draw([row("estimate", "2024", 5, obs_status="E")])["data"]
    assert trace["name"] == "Estimated" and trace["marker"]["symbol"] == ["diamond-open"]


def test_a_band_is_a_field_with_a_click_target_that_cannot_be_seen() -> None:
    band = row("band", "1990/1999", 6, value_low=5e9, value_high=7e9, provenance="quoted", colour_of="")
    figure = draw([band, row("line", "2000", 8), row("line", "2001", 9)])
    _, field, mark = figure["data"]
    assert field["fill"] == "toself" and set(field["y"]) == {5.0, 7.0} and field["hoverinfo"] == "skip"
    assert mark["marker"]["opacity"] == 0 and mark["customdata"] == ["band-1990/1999-6"] and "error_y" not in mark
    assert "5–7 a year<br>as quoted" in notes(figure)


def test_targets_are_diamonds_with_their_range_and_the_path_has_no_marks() -> None:
    rows = [row("target", "2015", 100, role="target", provenance="quoted")]
    rows += [row("target", "2010", 60, role="target", provenance="quoted", value_low=60e9, value_high=80e9)]
    rows += [row("path", year, 1, role="target", line_id="path") for year in ("2010", "2011")]
    target, path = draw(rows)["data"]
    assert target["text"] == ["100", "60–80 "] and target["textposition"] == ["top center", "middle left"]
    assert target["error_y"]["array"][1] == 20.0 and not target["error_y"]["array"][0]
    assert set(target["marker"]["symbol"]) == {"diamond"}
    assert path["mode"] == "lines" and path["line"]["dash"] == "dash"


def test_what_is_undated_stands_on_an_axis_of_its_own() -> None:
    undated = row("undated", "", 250, role="target", provenance="quoted", bound=">")
    figure = draw([undated, row("line", "2020", 8), row("line", "2021", 9)])
    margin = figure["data"][-1]
    assert margin["xaxis"] == "x9" and margin["text"] == [">250<br>no year"]
    assert figure["layout"]["xaxis"]["domain"] == [0, 0.88]
    assert all(not trace.get("xaxis") for trace in figure["data"][:-1])


def test_points_on_a_partial_index_are_ringed_unless_all_are() -> None:
    rows = [row("line", "2024", 1, is_flagged=False), row("line", "2025", 1, is_flagged=True)]
    ring = draw(rows)["data"][1]
    assert ring["name"] == "11-month index" and ring["x"] == ["2025-07-02"]
    assert len(draw([{**r, "is_flagged": True} for r in rows])["data"]) == 1


def test_events_outside_the_years_shown_are_left_out() -> None:
    events = [{"date": "1999", "title": "early"}, {"date": "2014-05", "title": "inside"}]
    figure = draw([row("line", "2013", 1), row("line", "2015", 1)], events)
    assert len(figure["data"][0]["x"]) == 1 and "inside" in figure["data"][0]["hovertext"][0]
    assert figure["layout"]["xaxis"]["range"] == ["2012-07-01", "2016-08-01"]


def test_a_frame_is_drawn_like_the_rows_it_holds_and_rows_pass_as_they_are() -> None:
    rows = [row("line", "2010", 1), row("line", "2011", 2), row("point", "2012", 3, provenance="quoted")]
    frame = pd.DataFrame(rows)
    assert timeline(frame, axis="Turnover") == timeline(rows, axis="Turnover")
    assert records(frame)[0]["obs_value"] == 1e9 and records(rows) is rows
    assert records(frame.head(0)) == []
