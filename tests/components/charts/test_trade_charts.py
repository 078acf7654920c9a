"""The charts of growth, mirror pairs, months and structure: traces, order, and what must not be joined or coloured alike."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from components import theme
from components.charts.growth import compared, windows
from components.charts.mirror import asymmetry, remainders, side_by_side
from components.charts.structure import MISSING, PRODUCT_COLOUR, single_shares, slopes, stacked
from components.charts.year_to_date import same_months


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    base = {"unit_measure": "PERCENT", "bound": "=", "role": "actual", "source_class": "press", "observation_ids": "",
            "provenance": "quoted", "time_period": "2015", "label": "a", "colour_of": "CHN"}  # fmt: skip
    return pd.DataFrame([{**base, "observation_id": f"o-{i}", **row} for i, row in enumerate(rows)])


def test_quoted_rates_are_outlined_beside_filled_counted_ones_with_room_for_their_values() -> None:
    marks = frame(
        {"category": "Total", "obs_value": -28.0, "is_document": True},
        {"category": "Total", "obs_value": -28.65, "is_document": None},
        {"category": "Exports", "obs_value": -34.0, "is_document": True},
    )
    figure = compared(marks, axis="Change", counted="As counted")
    go.Figure(figure)
    counted, quoted = figure["data"]
    assert (counted["name"], counted["x"], counted["text"]) == ("As counted", [-28.65], ["−28.6\xa0%"])
    assert quoted["x"] == [-28.0, -34.0] and quoted["marker"]["color"].startswith("rgba")
    assert quoted["marker"]["line"]["width"] == 2 and counted["marker"]["line"]["width"] == 0
    assert figure["layout"]["xaxis"]["range"][0] < -48, (
        "the value beside the longest bar clears the names on a telephone"
    )
    assert figure["layout"]["yaxis"]["categoryarray"] == ["Exports", "Total"]


def test_an_average_has_its_interval_and_computed_windows_have_none() -> None:
    marks = frame(
        {"mark": "point", "category": "quoted", "obs_value": 30.0, "value_low": 25.0, "value_high": 35.0, "bound": "~",
         "colour_of": ""},
        {"mark": "window", "category": "1999–2014", "obs_value": 20.6, "value_low": None, "value_high": None},
    )  # fmt: skip
    figure = windows(marks, axis="Growth a year")
    go.Figure(figure)
    (trace,) = figure["data"]
    assert "lines" not in trace["mode"]
    assert (trace["error_x"]["array"], trace["error_x"]["arrayminus"]) == ([5.0, 0], [5.0, 0])
    assert trace["marker"]["symbol"] == ["circle-open", "circle"]
    assert figure["layout"]["xaxis"].get("type") != "date"


def test_a_gap_is_a_bar_a_year_on_an_axis_that_names_its_denominator() -> None:
    marks = frame({"time_period": "2001", "obs_value": -61.9}, {"time_period": "2003", "obs_value": 2.0})
    figure = asymmetry(marks, axis="Gap over the mean of both")
    go.Figure(figure)
    (trace,) = figure["data"]
    assert trace["type"] == "bar" and trace["x"] == ["2001-07-02", "2003-07-02"] and trace["y"] == [-61.9, 2.0]
    assert figure["layout"]["yaxis"]["title"]["text"] == "Gap over the mean of both, %"


def test_what_the_margin_allows_is_a_field_behind_the_gap_and_carries_no_mark() -> None:
    marks = frame(
        {"time_period": "2001", "obs_value": -61.9, "allowed_low": -2.0, "allowed_high": 5.0},
        {"time_period": "2002", "obs_value": 2.0, "allowed_low": -1.0, "allowed_high": 6.0},
    )
    field, bars = asymmetry(marks, axis="Gap", band="Within 5 to 10 %")["data"]
    assert (field["base"], field["y"], field["name"]) == ([-2.0, -1.0], [7.0, 7.0], "Within 5 to 10 %")
    assert "customdata" not in field and bars["y"] == [-61.9, 2.0]


def test_a_gap_inside_the_margin_is_a_ring_on_zero_that_opens_like_a_bar() -> None:
    marks = frame(
        {"time_period": "2001", "obs_value": -6.6e9, "category": "2001: turnover"},
        {"time_period": "2002", "obs_value": 0.0, "category": "2002: turnover"},
    ).assign(unit_measure="USD")
    figure = remainders(marks, axis="Beyond")
    go.Figure(figure)
    bars, rings = figure["data"]
    assert bars["y"] == [-6.6, 0.0] and rings["x"] == ["2002-07-02"] and rings["customdata"] == ["o-1"]
    named = remainders(marks.head(1), axis="Beyond", by_name=True)
    assert named["layout"]["xaxis"]["type"] == "category" and len(named["data"]) == 1


def test_pairs_of_figures_share_a_row_and_no_line() -> None:
    money = {"unit_measure": "USD"}
    marks = frame(
        {"category": "2022", "obs_value": 31.2e9, "colour_of": "CHN", **money},
        {"category": "2022", "obs_value": 24.2e9, "colour_of": "KAZ", "provenance": "statistic",
         "source_class": "official", **money},
    )  # fmt: skip
    figure = side_by_side(marks, ["China reports", "Kazakhstan reports"])
    go.Figure(figure)
    china, kazakhstan = figure["data"]
    assert (china["x"], china["y"], china["text"]) == ([31.2], ["2022"], ["31.2"])
    assert all("lines" not in trace["mode"] for trace in (china, kazakhstan))
    assert china["marker"]["symbol"] == ["triangle-up-open"] and kazakhstan["marker"]["symbol"] == ["circle"]


def test_months_are_grouped_by_year_and_years_without_a_figure_stay_empty() -> None:
    marks = frame(
        {"time_period": "2018-01/2018-04", "obs_value": 31e9, "series": "CHN", "unit_measure": "USD"},
        {"time_period": "2026-01/2026-04", "obs_value": 85e9, "series": "CHN", "unit_measure": "USD"},
        {"time_period": "2018-01/2018-04", "obs_value": 32e9, "series": "RUS", "unit_measure": "USD",
         "provenance": "statistic", "colour_of": "RUS"},
    )  # fmt: skip
    figure = same_months(marks, {"CHN": "China reports", "RUS": "Russia reports"}, axis="Turnover, Jan–Apr")
    go.Figure(figure)
    china, russia = figure["data"]
    assert (china["x"], china["y"], china["text"]) == ([2018, 2026], [31.0, 85.0], ["", "85"])
    assert china["marker"]["line"]["width"] == [2, 2] and russia["marker"]["line"]["width"] == [0]
    assert figure["layout"]["barmode"] == "group" and "bn" in figure["layout"]["yaxis"]["title"]["text"]
    lone = same_months(marks.head(1), {"CHN": "China reports"}, axis="Turnover")["layout"]["xaxis"]["range"]
    assert lone[1] - lone[0] >= 4


def parts() -> pd.DataFrame:
    return frame(
        {"category": "1999", "time_period": "1999", "commodity": "NOT_DESCRIBED", "label": "not described",
         "obs_value": 55.0, "observation_id": "", "observation_ids": "a ; b"},
        {"category": "1999", "time_period": "1999", "commodity": "FUELS", "label": "Fuels", "obs_value": 6.0},
        {"category": "1999", "time_period": "1999", "commodity": "METALS_MACHINERY", "label": "Metals",
         "obs_value": 39.0},
        {"category": "2013", "time_period": "2013", "commodity": "FUELS", "label": "Fuels", "obs_value": 74.0},
        {"category": "2013", "time_period": "2013", "commodity": "CHEMICALS", "label": "Chemicals", "obs_value": 8.5},
    )  # fmt: skip


def test_parts_stack_with_the_grey_remainder_last_and_missing_years_keep_their_place() -> None:
    figure = stacked(parts(), ["1999", "2013", "2020"], missing=["2020"])
    go.Figure(figure)
    assert [trace["name"] for trace in figure["data"]] == ["Fuels", "Metals", "Chemicals", "not described"]
    assert figure["data"][-1]["marker"]["color"] == theme.REMAINDER
    (note,) = figure["layout"]["annotations"]
    assert note["text"] == MISSING and figure["layout"]["yaxis"]["categoryarray"][note["y"]] == "2020"
    assert figure["layout"]["barmode"] == "stack" and figure["layout"]["xaxis"]["range"] == [0, 100]
    assert figure["data"][2]["text"] == [""], "a share too narrow for its digits is left to the hover"
    assert figure["data"][0]["text"] == ["6", "74"]
    narrow = stacked(frame({"category": "2013", "commodity": "FUELS", "label": "Fuels", "obs_value": 4.0}), ["2013"])
    assert narrow["data"][0]["text"] == ["4"], "a finding's sign never stands without its digit"
    assert narrow["layout"]["yaxis"]["ticklabelstandoff"] > 0, "digit and sign keep clear of the year"


def test_a_slope_needs_both_years() -> None:
    figure = slopes(parts(), ("1999", "2013"))
    go.Figure(figure)
    (trace,) = figure["data"]
    assert trace["name"] == "Fuels" and trace["y"] == [6.0, 74.0] and trace["x"] == ["1999", "2013"]
    low, high = figure["layout"]["yaxis"]["range"]
    assert low < 0 and high > 74, "the names of shares near the ends stay inside the axes"


def test_single_shares_are_rows_with_period_and_scope_and_no_line() -> None:
    marks = frame(
        {"time_period": "1998", "scope": "Machinery", "obs_value": 25.0},
        {"time_period": "2023-01/2023-03", "scope": "Oil, gas, coal and fuel oil taken together as one group",
         "obs_value": 80.0, "bound": ">", "source_class": "research"},
    )  # fmt: skip
    figure = single_shares(marks)
    go.Figure(figure)
    press, research = figure["data"]
    assert research["mode"] == "markers+text" and research["text"][0].strip() == ">\xa080\xa0%"
    first, second = figure["layout"]["yaxis"]["ticktext"]
    assert first == "1998: Machinery" and second.startswith("Jan–Mar 2023: Oil") and second.count("<br>") == 1
    assert press["marker"]["symbol"] + research["marker"]["symbol"] == ["triangle-up-open", "circle-open"]
    assert [trace["name"] for trace in figure["data"]] == ["Quoted, press", "Quoted, research"]
    assert figure["layout"]["showlegend"] is True, "shapes and colours of the classes are explained"
    assert figure["layout"]["yaxis"]["categoryarray"] == ["1", "0"] and research["y"] == ["1"]


def luminance(colour: str) -> float:
    parts_ = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts_]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("code", [code for code in PRODUCT_COLOUR if code != "NOT_DESCRIBED"])
def test_product_colours_can_be_told_from_both_papers_and_carry_white_figures(code: str) -> None:
    assert contrast(PRODUCT_COLOUR[code], theme.PAPER["dark"]) >= 3
    assert contrast(PRODUCT_COLOUR[code], theme.PAPER["light"]) >= 4.5


def test_the_remainder_carries_dark_figures_on_either_paper() -> None:
    assert contrast(PRODUCT_COLOUR["NOT_DESCRIBED"], theme.INK["light"]) >= 4.5
