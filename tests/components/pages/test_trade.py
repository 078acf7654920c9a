"""The trade page on the real tables: every choice draws or says why not, and what is drawn keeps the house's honesty."""

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from components import labels
from components.charts import base
from components.pages.trade import PAGE, PRESET, SHOWN, shown
from components.trade.scope import PAIRS
from components.views import Exhibit, select
from pipelines import flow
from pipelines.errors import DataError
from pipelines.tables import AsKnown, Tables

VIEWS = {view.view_id: view for view in PAGE.views}
PRESETS = [choice.value for choice in PRESET.choices]


def exhibit(tables: Tables, view_id: str, **raw: str) -> Exhibit:
    return VIEWS[view_id].exhibit(tables, {key.rstrip("_"): value for key, value in raw.items()})


def visible(raw: Mapping[str, str]) -> tuple[str, ...]:
    return shown(select(PAGE.parameters, raw))


def traces(found: Exhibit, mode: str = "") -> list[dict[str, Any]]:
    return [trace for trace in found.figure["data"] if mode in trace.get("mode", "bars")]


def joined(found: Exhibit) -> list[dict[str, Any]]:
    """Return the traces that join points, the outlines of fields left aside."""
    return [trace for trace in traces(found, "lines") if "fill" not in trace]


def clicks(found: Exhibit) -> list[str]:
    return [key for trace in found.figure["data"] for key in trace.get("customdata", []) if key is not None]


def texts(found: Exhibit) -> list[str]:
    return [str(note["text"]).replace("<br>", " ") for note in found.figure["layout"].get("annotations", [])]


def check(found: Exhibit, tables: Tables, where: object) -> None:
    """Check what holds for every exhibit, drawn or not."""
    go.Figure(found.figure)
    if found.empty:
        assert found.frame.empty and not found.figure["data"], where
        assert len(found.empty.split()) > 6, where
        return
    assert re.fullmatch(r"[A-Z0-9].*\.", found.summary), where
    assert "nan" not in found.summary.lower() + found.title.lower(), where
    assert found.source_ids and set(found.source_ids) <= set(tables.sources["source_id"]), where
    assert set(clicks(found)) == set(base.keys(found.frame)), where
    assert (found.frame["time_period"].fillna("") == "").sum() == _undated_marks(found), where


def _undated_marks(found: Exhibit) -> int:
    """Count the marks that stand beside the time axis: in its margin, or on an axis of names."""
    beside = [t for t in found.figure["data"] if t.get("xaxis") == "x9" or t.get("error_x")]
    dated = set(found.frame.loc[found.frame["time_period"].fillna("") != "", "observation_id"]) - {""}
    return sum(key not in dated and " ; " not in key for trace in beside for key in trace["customdata"])


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("preset", PRESETS)
def test_every_pair_and_preset_shows_a_chart_or_says_why_not(tables: Tables, pair: str, preset: str) -> None:
    raw = {"pair": pair, "preset": preset}
    views = visible(raw)
    assert views and views[0] == SHOWN[preset][0]
    for view_id in views:
        check(VIEWS[view_id].exhibit(tables, raw), tables, (raw, view_id))


def test_russia_with_china_draws_every_view(tables: Tables) -> None:
    assert [view for preset in PRESETS for view in visible({"preset": preset})] == list(VIEWS)
    assert [view for view in VIEWS if exhibit(tables, view).empty] == []


def choices() -> Iterator[tuple[str, dict[str, str]]]:
    for view in PAGE.views:
        for parameter in view.parameters:
            values = [choice.value for choice in parameter.choices] or {
                "flag": ["on", "off"],
                "year": [str(parameter.low), "2015", str(parameter.high)],
                "number": ["6", parameter.default],
            }[parameter.kind]
            for value in values:
                yield view.view_id, {parameter.name: value}


@pytest.mark.parametrize(("view_id", "raw"), list(choices()))
def test_every_choice_of_every_parameter_is_answered(tables: Tables, view_id: str, raw: dict[str, str]) -> None:
    check(VIEWS[view_id].exhibit(tables, raw), tables, (view_id, raw))


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("flow_of", ["first", "second"])
def test_each_direction_of_each_pair_is_answered(tables: Tables, pair: str, flow_of: str) -> None:
    for view in [view for view in PAGE.views if "flow" in {parameter.name for parameter in view.parameters}]:
        raw = {"pair": pair, "flow": flow_of, "prices": "constant", "scale": "log", "press": "on", "currency": "usd"}
        check(view.exhibit(tables, raw), tables, (view.view_id, raw))


@pytest.mark.parametrize("pair", PAIRS)
def test_every_mark_leads_to_observations_that_may_be_drawn(tables: Tables, pair: str) -> None:
    known = tables.observations.set_index("observation_id")
    for view in PAGE.views:
        found = view.exhibit(tables, {"pair": pair, "path": "on"})
        ids = {part for key in clicks(found) for part in key.split(" ; ")}
        rows = known.loc[sorted(ids)]
        assert not rows["is_hidden"].any(), view.view_id
        assert rows["duplicate_of"].isna().all(), view.view_id


@pytest.mark.parametrize("pair", PAIRS)
def test_lines_join_only_one_line_of_the_series_and_break_where_a_year_is_missing(tables: Tables, pair: str) -> None:
    held = set(tables.series["line_id"])
    for view_id in ("trade-level", "trade-balance", "trade-flows", "trade-growth", "trade-mirror"):
        found = exhibit(tables, view_id, pair=pair)
        for trace in joined(found):
            keys = [key for key in trace["customdata"] if key]
            rows = found.frame[[key in keys for key in base.keys(found.frame)]]
            lines = rows.loc[rows["mark"] == "line", "line_id"].unique()
            assert len(lines) == 1 and set(lines) <= held, view_id
            assert len(keys) > 1, view_id
            assert trace["connectgaps"] is False
            days = [x[:4] if x else None for x in trace["x"]]
            assert all(int(b) - int(a) == 1 for a, b in pairwise(days) if a and b), view_id


def test_the_level_has_its_lines_marks_and_promises_in_order(tables: Tables) -> None:
    found = exhibit(tables, "trade-level", path="on")
    names = [trace["name"] for trace in found.figure["data"]]
    assert names[0] == "event"
    assert [trace["line"]["dash"] for trace in joined(found)] == ["solid", "solid", "dot", "dash"]
    assert names[-4:] == ["Target", "Expectation", "Growth needed", "No year named"]
    assert found.frame.loc[found.frame["mark"] == "line", "line_id"].unique().tolist() == [
        "CHN_RUS_TRADE_CHINA_REPORTED.TRADE_TOTAL",
        "imf_dots.RUS.CHN.TRADE_TOTAL._T._Z.A@dots-data-to-2020",
        "fcs_monthly.RUS.CHN.TRADE_TOTAL._T._Z.A@bank-of-russia-partner-table-data-to-2021-12-summed",
    ]


def test_quoted_points_are_open_and_no_line_touches_them(tables: Tables) -> None:
    found = exhibit(tables, "trade-level")
    quoted = next(trace for trace in found.figure["data"] if trace["name"] == "Quoted, research")
    assert quoted["customdata"] == ["valdai-2016-47-007", "valdai-2016-47-013"]
    assert quoted["y"] == [95.0, 62.0]
    assert "lines" not in quoted["mode"] and set(quoted["marker"]["symbol"]) == {"circle-open"}
    assert not set(quoted["customdata"]) & {key for trace in joined(found) for key in trace["customdata"]}


def test_the_nineties_are_a_band_without_a_point(tables: Tables) -> None:
    found = exhibit(tables, "trade-level")
    field, mark = (
        trace for trace in found.figure["data"] if str(trace["name"]).startswith("Goods trade of Russia and")
    )
    assert field["fill"] == "toself" and set(field["y"]) == {5.0, 7.0}
    assert (field["x"][0], field["x"][1]) == ("1990-01-01", "1999-12-31")
    assert mark["marker"]["opacity"] == 0 and "error_y" not in mark and mark["customdata"] == ["valdai-2016-47-008"]
    assert "5–7 a year as quoted" in texts(found)


def test_the_disputed_level_is_tagged_and_its_arithmetic_told(tables: Tables) -> None:
    found = exhibit(tables, "trade-level")
    assert "62: below every publisher (63.6–68.0)" in texts(found)
    assert not any(text.startswith("95") for text in texts(found))
    caveat = next(text for text in found.caveats if "do not agree" in text)
    assert all(number in caveat for number in ("US$95", "28", "US$68.4", "US$62"))


def test_targets_are_diamonds_dated_and_name_their_issuers(tables: Tables) -> None:
    found = exhibit(tables, "trade-level")
    target = next(trace for trace in found.figure["data"] if trace["name"] == "Target")
    assert dict(zip(target["text"], (x[:4] for x in target["x"]), strict=True)).items() >= {
        ("80", "2010"), ("60–80 ", "2010"), ("100", "2015"),
    }  # fmt: skip
    expected = next(trace for trace in found.figure["data"] if trace["name"] == "Expectation")
    assert expected["text"] == ["300"]
    assert expected["marker"]["color"] != target["marker"]["color"]
    assert [x[:4] for x, y in zip(target["x"], target["y"], strict=True) if y == 200] == ["2020", "2024"]
    assert set(target["marker"]["symbol"]) == {"diamond"} and expected["marker"]["symbol"] == ["diamond-open"]
    assert any("Medvedev" in text for text in target["hovertext"])
    assert "Target" not in {trace["name"] for trace in exhibit(tables, "trade-level", targets="off").figure["data"]}


def test_the_undated_goal_stands_beside_the_axis(tables: Tables) -> None:
    found = exhibit(tables, "trade-level")
    margin = found.figure["data"][-1]
    assert (margin["xaxis"], margin["y"], margin["customdata"]) == ("x9", [250.0], ["supp-341"])
    assert found.figure["layout"]["xaxis"]["domain"][1] < found.figure["layout"]["xaxis9"]["domain"][0]
    assert "no year" in margin["text"][0]
    assert "xaxis9" not in exhibit(tables, "trade-level", targets="off").figure["layout"]


def test_the_needed_growth_is_off_by_default_and_starts_at_the_official_value(tables: Tables) -> None:
    assert not exhibit(tables, "trade-level").frame["mark"].eq("path").any()
    path = exhibit(tables, "trade-level", path="on").frame.query("mark == 'path'")
    assert path["time_period"].tolist() == ["2015", "2016", "2017", "2018", "2019", "2020"]
    assert path["obs_value"].iloc[0] == pytest.approx(67.95e9, rel=1e-3)
    assert path["obs_value"].iloc[-1] == pytest.approx(200e9)
    assert set(path["obs_value"].pct_change().dropna().round(4)) == {0.2410}
    assert "24.1" in path["label"].iloc[0]
    assert "valdai-2016-47-013" not in path["observation_ids"].iloc[0]


def test_the_russian_record_has_a_labelled_stop_where_it_ended_early(tables: Tables, store: Path) -> None:
    assert "Russia reports; publication ceased 2022" in texts(exhibit(tables, "trade-level"))
    cut = flow.load_tables(store, AsKnown("cut", "2021"))
    assert not any("ceased" in text for text in texts(exhibit(cut, "trade-level")))


def test_the_chain_shows_its_seam_and_names_both_parts(tables: Tables) -> None:
    found = exhibit(tables, "trade-level", events="off")
    assert [shape["x0"] for shape in found.figure["layout"]["shapes"]] == ["2021-01-01"]
    assert {"IMF ◂", "▸ Chinese customs"} <= set(texts(found))
    assert any(text.startswith("At the seam") for text in found.caveats)
    kazakh = exhibit(tables, "trade-level", pair="RUS-KAZ", events="off")
    named = {text.strip("▸◂ ") for text in texts(kazakh)}
    assert {"2019 workbook", "2020 workbook", "2021 workbook", "2023 workbook"} <= named


def test_an_estimate_from_the_partner_s_data_is_hollow_and_in_no_gap(tables: Tables) -> None:
    level = exhibit(tables, "trade-level", flow="first")
    hollow = next(trace for trace in level.figure["data"] if trace["name"] == "Estimated")
    assert hollow["marker"]["symbol"] == ["diamond-open"] and hollow["x"][0].startswith("2024")
    for view_id in ("trade-mirror", "trade-gap", "trade-beyond"):
        found = exhibit(tables, view_id, flow="first")
        ids = {part for key in clicks(found) for part in key.split(" ; ")}
        status = tables.observations.set_index("observation_id").loc[sorted(ids), "obs_status"]
        assert not status.eq("E").any()
    assert exhibit(tables, "trade-gap", flow="first").frame["time_period"].max() == "2020"


def test_level_and_balance_sentences_repeat_the_newest_numbers_drawn(tables: Tables) -> None:
    level = exhibit(tables, "trade-level")
    line = level.frame[level.frame["line_id"] == "CHN_RUS_TRADE_CHINA_REPORTED.TRADE_TOTAL"].set_index("time_period")
    values = line["obs_value"]
    assert f"US${values['2025'] / 1e9:.1f}" in level.summary and "in 2025" in level.summary
    assert f"−{abs(100 * (values['2025'] / values['2024'] - 1)):.1f}" in level.summary
    balance = exhibit(tables, "trade-balance")
    newest = balance.frame[(balance.frame["ref_area"] == "CHN") & (balance.frame["time_period"] == "2025")]
    assert newest["obs_value"].iloc[0] < 0
    assert f"US${-newest['obs_value'].iloc[0] / 1e9:.1f}\xa0bn less to Russia" in balance.summary


def test_constant_dollars_follow_the_index_and_flag_the_year_without_twelve_months(tables: Tables) -> None:
    now = exhibit(tables, "trade-level").frame.set_index(["line_id", "time_period"])["obs_value"]
    found = exhibit(tables, "trade-level", prices="constant", base="2024")
    then = found.frame.set_index(["line_id", "time_period"])["obs_value"]
    chain = "CHN_RUS_TRADE_CHINA_REPORTED.TRADE_TOTAL"
    assert then[chain, "2024"] == pytest.approx(now[chain, "2024"])
    assert then[chain, "2025"] / now[chain, "2025"] == pytest.approx(313.689 / 321.943)
    rings = [trace for trace in found.figure["data"] if trace["name"] == "11-month index"]
    assert [ring["x"] for ring in rings] == [["2025-07-02"]]
    assert any("eleven months" in text for text in found.caveats)
    assert set(found.frame["price_basis"].dropna()) == {"constant 2024"}
    assert "2024 prices" in found.figure["layout"]["yaxis"]["title"]["text"]


def test_what_has_no_price_index_is_left_out_and_said(tables: Tables) -> None:
    found = exhibit(tables, "trade-level", prices="constant")
    assert not set(found.frame["mark"]) & {"band", "undated"}
    assert "2030" not in set(found.frame["time_period"])
    assert any("1990/1999" in text and "2030" in text and "undated" in text for text in found.caveats)


def test_the_union_s_exports_are_in_euros_and_in_dollars_at_the_year_s_rate(tables: Tables) -> None:
    euros = exhibit(tables, "trade-level", pair="EU27-RUS")
    dollars = exhibit(tables, "trade-level", pair="EU27-RUS", currency="usd")
    assert "€ bn" in euros.figure["layout"]["yaxis"]["title"]["text"]
    assert "US$ bn" in dollars.figure["layout"]["yaxis"]["title"]["text"]
    one, other = (found.frame.set_index("time_period")["obs_value"] for found in (euros, dollars))
    assert other["2023"] == pytest.approx(one["2023"] / 0.9245)
    assert dollars.frame["formula"].str.contains("euros a dollar").all()
    assert all("supp-" in ids for ids in dollars.frame["observation_ids"])


def test_printed_world_totals_stay_unjoined_points(tables: Tables) -> None:
    found = exhibit(tables, "trade-level", pair="CHN-W00")
    assert not joined(found) and set(found.frame["mark"]) == {"point"}
    assert found.frame["time_period"].is_unique
    assert any("not joined" in text for text in found.caveats)


def test_press_figures_fill_gaps_and_show_beside_lines_only_on_demand(tables: Tables) -> None:
    quiet, loud = (exhibit(tables, "trade-level", press=flag).frame for flag in ("off", "on"))
    assert not (quiet["source_class"] == "press").any() or set(quiet.loc[quiet["mark"] == "point", "source_class"]) == {
        "research"
    }
    assert len(loud[loud["mark"] == "point"]) > len(quiet[quiet["mark"] == "point"])
    kazakh = exhibit(tables, "trade-level", pair="CHN-KAZ").frame
    points = kazakh[kazakh["mark"] == "point"]
    assert "2022" in set(points.loc[points["ref_area"] == "CHN", "time_period"])
    held = kazakh[kazakh["mark"] == "line"]
    assert not set(zip(points["ref_area"], points["time_period"], strict=True)) & set(
        zip(held["ref_area"], held["time_period"], strict=True)
    )


def test_growth_sets_the_quoted_fall_beside_the_official_one(tables: Tables) -> None:
    found = exhibit(tables, "trade-growth")
    quoted = next(trace for trace in found.figure["data"] if trace["name"] == "Quoted, research")
    assert (quoted["customdata"], quoted["y"]) == (["valdai-2016-47-012"], [-28.0])
    official = found.frame[(found.frame["mark"] == "line") & (found.frame["ref_area"] == "CHN")].set_index(
        "time_period"
    )
    assert official["obs_value"]["2015"] == pytest.approx(-28.65, abs=0.01)
    assert f"{abs(official['obs_value']['2025']):.1f}" in found.summary
    values = tables.series[tables.series["line_id"] == "CHN_RUS_TRADE_CHINA_REPORTED.TRADE_TOTAL"]
    by_year = values.set_index("time_period")["obs_value"]
    assert official["obs_value"]["2009"] == pytest.approx(100 * (by_year["2009"] / by_year["2008"] - 1))


def test_the_three_quoted_falls_stand_beside_the_counted_ones(tables: Tables) -> None:
    found = exhibit(tables, "trade-falls")
    counted, quoted = found.figure["data"]
    assert dict(zip(quoted["y"], quoted["x"], strict=True)) == {"Total": -28, "China sells": -34, "Russia sells": -19}
    by_name = dict(zip(counted["y"], counted["x"], strict=True))
    assert by_name["China sells"] == pytest.approx(-35.2, abs=0.05)
    assert by_name["Russia sells"] == pytest.approx(-20.2, abs=0.05)
    assert all(f"{abs(value):.1f}" in found.summary for value in counted["x"])


def test_the_average_without_a_window_is_beside_two_windows_and_on_no_time_axis(tables: Tables) -> None:
    found = exhibit(tables, "trade-average-growth")
    rates = dict(zip(found.frame["category"], found.frame["obs_value"], strict=True))
    assert rates["As quoted, window not stated"] == 30
    assert rates["Official, 1999–2014"] == pytest.approx(20.6, abs=0.05)
    assert rates["Official, 1999–2008"] == pytest.approx(29.1, abs=0.05)
    assert found.figure["layout"]["xaxis"].get("type") != "date" and not joined(found)
    assert "20.6" in found.summary and "29.1" in found.summary


def test_a_gap_is_the_difference_over_the_mean_of_both_reports(tables: Tables) -> None:
    found = exhibit(tables, "trade-gap")
    values = {
        area: tables.series[(tables.series["line_id"] == line)].set_index("time_period")["obs_value"]
        for area, line in (
            ("CHN", "CHN_RUS_TRADE_CHINA_REPORTED.TRADE_TOTAL"),
            ("RUS", "imf_dots.RUS.CHN.TRADE_TOTAL._T._Z.A@dots-data-to-2020"),
        )
    }
    customs = "fcs_monthly.RUS.CHN.TRADE_TOTAL._T._Z.A@bank-of-russia-partner-table-data-to-2021-12-summed"
    later = tables.series[(tables.series["line_id"] == customs)].set_index("time_period")["obs_value"]
    assert found.frame["time_period"].max() == "2021", "to the last year both offices reported"
    for year, gap in zip(found.frame["time_period"], found.frame["obs_value"], strict=True):
        first, second = values["CHN"][year], values["RUS"].get(year, later[year] if year > "2020" else None)
        assert gap == pytest.approx(100 * (second - first) / ((first + second) / 2))
    assert "mean of both" in found.figure["layout"]["yaxis"]["title"]["text"]
    assert "over the mean of the two reports" in found.summary and "−61.9" in found.summary
    assert any("−47.2" in text for text in found.caveats)


def test_china_and_kazakhstan_have_printed_pairs_only_and_elsewhere_the_reason(tables: Tables) -> None:
    found = exhibit(tables, "trade-mirror", pair="CHN-KAZ")
    assert not joined(found)
    by_row = found.frame.groupby("category")["ref_area"].agg(set)
    assert all(areas == {"CHN", "KAZ"} for areas in by_row) and len(by_row) >= 4
    reason = exhibit(tables, "trade-mirror", pair="CHN-KAZ", flow="second").empty
    assert "exports of Kazakhstan to China" in reason and "2021" in reason and "2022" in reason
    assert "Only the EU's side" in exhibit(tables, "trade-mirror", pair="EU27-KAZ").empty
    assert "one reporter" in exhibit(tables, "trade-mirror", pair="RUS-W00").empty


def test_quoted_levels_stand_beside_both_reports_and_no_line_joins_them(tables: Tables) -> None:
    found = exhibit(tables, "trade-mirror")
    quoted = next(trace for trace in found.figure["data"] if trace["name"] == "Quoted, research")
    assert quoted["y"] == [95.0, 62.0] and set(quoted["marker"]["symbol"]) == {"circle-open"}
    assert not set(quoted["customdata"]) & {key for trace in joined(found) for key in trace["customdata"]}


def test_what_remains_beyond_the_margin_moves_with_the_margin(tables: Tables) -> None:
    default, imf, none = (
        exhibit(tables, "trade-beyond", flow="second", margin_low=low, margin_high=high).frame["obs_value"]
        for low, high in (("5", "10"), ("6", "6"), ("0", "0"))
    )
    mirror = tables.mirror.query("flow == 'CHN>RUS' and freq == 'A'").sort_values("time_period")
    assert none.tolist() == pytest.approx(mirror["gap"].tolist())
    assert imf.tolist() == pytest.approx((mirror["value_b"] - 1.06 * mirror["value_a"]).tolist())
    assert (default.abs() <= imf.abs() + 1).all() and (default == 0).any()
    with pytest.raises(DataError, match="margin_low=12 lies above margin_high=10"):
        exhibit(tables, "trade-beyond", margin_low="12")
    with pytest.raises(DataError, match="margin_high"):
        exhibit(tables, "trade-gap", margin_high="much")


def test_what_remains_of_the_printed_pairs_stands_by_name_with_its_arithmetic(tables: Tables) -> None:
    found = exhibit(tables, "trade-beyond", pair="CHN-KAZ")
    rows = found.frame.set_index("category")
    assert {"2021: exports of China", "2022: turnover", "2023: turnover", "Jan–Oct 2023: turnover"} <= set(rows.index)
    assert rows.loc["2022: turnover", "obs_value"] == pytest.approx(24.20395e9 - 0.9 * 31.2e9, rel=1e-4)
    assert rows.loc["2021: exports of China", "obs_value"] == pytest.approx(8.228457e9 - 1.05 * 14e9, rel=1e-4)
    assert "gap of −US$7" in rows.loc["2022: turnover", "formula"]
    assert "No year" in exhibit(tables, "trade-beyond", pair="CHN-KAZ", flow="second").empty
    assert "Only the EU's side" in exhibit(tables, "trade-beyond", pair="EU27-KAZ").empty


def test_the_latest_months_are_january_to_april_2026_and_nothing_is_stretched(tables: Tables) -> None:
    found = exhibit(tables, "trade-ytd")
    assert found.title.startswith("Jan–Apr")
    assert set(found.frame["months"]) == {4}
    held = tables.year_to_date
    for row in found.frame.to_dict("records"):
        same = held[(held["observation_ids"] == (row["observation_ids"])) & (held["months"] == 4)]
        assert row["obs_value"] in set(same["obs_value"])
    china = found.frame[found.frame["ref_area"] == "CHN"].set_index("time_period")["obs_value"]
    assert china["2026-01/2026-04"] == 85.24e9
    assert "2025-01/2025-04" not in china.index
    assert "85.2" in found.summary and "73.1" in found.summary
    assert any("+19.7" in text for text in found.caveats)
    assert found.frame.duplicated(["ref_area", "indicator", "time_period"]).sum() == 0


def test_printed_months_are_outlined_and_counted_ones_filled(tables: Tables) -> None:
    china, russia = exhibit(tables, "trade-ytd").figure["data"]
    assert set(china["marker"]["line"]["width"]) == {2} and set(russia["marker"]["line"]["width"]) == {0}
    assert all(colour.startswith("rgba") for colour in china["marker"]["color"])


def test_no_part_of_a_year_is_said_so(tables: Tables) -> None:
    assert "yearly" in exhibit(tables, "trade-ytd", pair="EU27-RUS").empty
    assert "Jan–Mar" in exhibit(tables, "trade-ytd", pair="RUS-KAZ", months="3").empty


def test_quoted_shares_stand_beside_computed_ones_that_no_line_joins(tables: Tables) -> None:
    found = exhibit(tables, "trade-share-second")
    assert not joined(found)
    computed = found.frame[found.frame["observation_ids"] != ""].set_index("time_period")["obs_value"]
    quoted = found.frame[found.frame["is_document"].eq(True)].set_index("time_period")["obs_value"]
    assert quoted.to_dict() == {"2009": 1.76, "2013": 2.15}
    assert computed["2009"] == pytest.approx(1.75, abs=0.005) and computed["2013"] == pytest.approx(2.14, abs=0.005)
    assert all(text in found.summary for text in ("1.76", "1.75", "2.15", "2.14", f"{computed['2025']:.2f}"))


def test_two_official_records_make_a_line_and_the_undated_share_is_in_the_margin(tables: Tables) -> None:
    found = exhibit(tables, "trade-share-first")
    (line,) = joined(found)
    years = [x[:4] for x in line["x"]]
    assert (years[0], years[-1]) == ("1994", "2020")
    margin = found.figure["data"][-1]
    assert (margin["xaxis"], margin["customdata"], margin["y"]) == ("x9", ["valdai-2016-47-037"], [10.0])
    assert margin["text"][0].startswith(">")
    both = exhibit(tables, "trade-share-first", pair="KAZ-W00")
    assert {trace["line"]["color"] for trace in joined(both)} == {"#2b7bba", "#d9522b"}


def test_the_parts_of_1999_and_2013_add_up_with_what_nobody_described(tables: Tables) -> None:
    found = exhibit(tables, "trade-structure")
    assert "last full comparison 2013" in found.title
    sums = found.frame.groupby("time_period")["obs_value"].sum()
    assert sums.to_dict() == {"1999": 100.0, "2013": 100.0}
    rest = found.frame[found.frame["commodity"] == "NOT_DESCRIBED"].set_index("time_period")["obs_value"]
    assert rest.to_dict() == {"1999": 55.0, "2013": 22.0}
    assert found.figure["data"][-1]["name"] == "not described"
    assert any("Structure shift: 68 points" in text for text in found.caveats)
    assert all(f"{value:g}\xa0%" in found.summary for value in (39, 6, 4, 74))


def test_slopes_and_the_import_side_say_what_is_missing(tables: Tables) -> None:
    slope = exhibit(tables, "trade-slopes")
    assert [trace["y"] for trace in slope.figure["data"]] == [[39.0, 4.0], [6.0, 74.0]]
    assert slope.figure["layout"]["xaxis"]["type"] == "category"
    imports = exhibit(tables, "trade-structure-imports")
    (note,) = imports.figure["layout"]["annotations"]
    assert note["text"] == "no numbers in the source"
    assert imports.figure["layout"]["yaxis"]["categoryarray"][note["y"]] == "1999"
    assert set(imports.frame["time_period"]) == {"2013"} and set(imports.frame["obs_value"]) == {48.0, 52.0}


def test_the_structure_of_another_pair_says_whose_structure_is_missing(tables: Tables) -> None:
    found = exhibit(tables, "trade-structure", pair="CHN-KAZ")
    assert found.title == "Structure: goods trade of China with Kazakhstan" and "product groups" in found.empty


def test_each_seam_is_said_once_with_its_year_and_direction(tables: Tables) -> None:
    told = [text for text in exhibit(tables, "trade-flows").caveats if text.startswith("At the seam")]
    assert [text.split(":")[0] for text in told] == [
        "At the seam of 2022, imports",
        "At the seam of 2025, imports",
        "At the seam of 2022, exports",
        "At the seam of 2025, exports",
    ]
    assert any("lies 0.8\xa0% below the one before" in text for text in told)
    (kazakh,) = [t for t in exhibit(tables, "trade-flows", pair="CHN-KAZ").caveats if t.startswith("At the seam")]
    assert kazakh.startswith("At the seams of 2019, 2020 and 2022: ")


@pytest.mark.parametrize("view_id", ["trade-level", "trade-balance", "trade-flows"])
def test_a_sentence_in_constant_dollars_says_so_and_another_does_not(tables: Tables, view_id: str) -> None:
    assert exhibit(tables, view_id, prices="constant", base="1990").summary.endswith(" In constant dollars of 1990.")
    assert "constant" not in exhibit(tables, view_id).summary


def test_a_tag_names_no_dollars_the_axis_does_not_have(tables: Tables) -> None:
    tagged = [
        text for text in texts(exhibit(tables, "trade-level")) if "below every publisher" in text.replace("<br>", " ")
    ]
    assert [text.replace("<br>", " ") for text in tagged] == ["62: below every publisher (63.6–68.0)"]
    restated = texts(exhibit(tables, "trade-level", prices="constant", base="1995"))
    (tag,) = [text for text in restated if "below" in text]
    assert tag.replace("<br>", " ") == "below every publisher of its year"


def test_single_years_and_turned_euros_are_told_as_they_are(tables: Tables) -> None:
    one = exhibit(tables, "trade-level", from_="2015", to="2015")
    assert not any("Two records" in text for text in one.caveats)
    band = exhibit(tables, "trade-level", from_="1990", to="1990")
    assert band.summary.endswith("quoted is US$5\xa0bn to US$7\xa0bn a year for 1990–1999.")
    assert "at the year's rate" in exhibit(tables, "trade-level", pair="EU27-RUS", currency="usd").summary


def test_empty_years_are_named_once_and_held_ones_in_spans(tables: Tables) -> None:
    one = exhibit(tables, "trade-gap", from_="2022", to="2022").empty
    assert "2022 to 2022" not in one and "1992–2021" in one and "1993" not in one
    for view_id in ("trade-level", "trade-balance", "trade-growth", "trade-ytd", "trade-share-first"):
        told = exhibit(tables, view_id, from_="2031", to="2031").empty
        assert told.count("2031") == 1, told
    with pytest.raises(DataError, match=r"2015\.5 is not a whole year"):
        exhibit(tables, "trade-level", from_="2015.5")


def test_the_full_split_has_no_remainder_and_single_shares_are_never_joined(tables: Tables) -> None:
    full = exhibit(tables, "trade-structure-2008")
    assert "NOT_DESCRIBED" not in set(full.frame["commodity"])
    assert full.frame.groupby("category")["obs_value"].sum().round(1).to_dict() == {
        "Russia sells": 100,
        "China sells": 100,
    }
    drawn = set(full.frame["observation_id"]) | set(exhibit(tables, "trade-structure").frame["observation_id"])
    for view_id in ("trade-shares-exports", "trade-shares-imports"):
        found = exhibit(tables, view_id)
        assert not joined(found) and "last full comparison 2013" in found.title
        assert not set(found.frame["observation_id"]) & drawn
        assert found.frame["observation_id"].is_unique
        assert all(found.figure["layout"]["yaxis"]["ticktext"])


def test_years_the_wrong_way_round_and_unknown_choices_are_refused(tables: Tables) -> None:
    with pytest.raises(DataError, match="from=2020 lies after to=2010"):
        exhibit(tables, "trade-level", from_="2020", to="2010")
    with pytest.raises(DataError, match=r"pair='RUS-CHM' is not offered.*did you mean 'RUS-CHN'"):
        exhibit(tables, "trade-level", pair="RUS-CHM")


def test_years_cut_what_is_drawn_and_the_line_keeps_its_name(tables: Tables) -> None:
    found = exhibit(tables, "trade-level", from_="2000", to="2012", targets="off")
    assert found.frame["time_period"].min() == "2000" and found.frame["time_period"].max() == "2012"
    assert {"China reports", "Russia reports"} <= set(texts(found))


@pytest.mark.parametrize("pair", PAIRS)
def test_without_any_rows_every_view_says_what_is_missing(tables: Tables, pair: str) -> None:
    frames = {
        field.name: getattr(tables, field.name).head(0)
        for field in dataclasses.fields(tables)
        if isinstance(getattr(tables, field.name), pd.DataFrame) and field.name != "sources"
    }
    nothing = dataclasses.replace(tables, **frames)
    for view in PAGE.views:
        found = view.exhibit(nothing, {"pair": pair, "prices": "constant", "path": "on"})
        check(found, nothing, view.view_id)
        assert found.empty


@pytest.mark.parametrize(("mode", "date"), [("published", "2016-06"), ("published", "2000"), ("cut", "2012")])
def test_earlier_states_of_knowledge_are_answered_and_named_where_nothing_is_left(
    store: Path, mode: str, date: str
) -> None:
    known = flow.load_tables(store, AsKnown(mode, date))
    answers = [view.exhibit(known, {"path": "on"}) for view in PAGE.views]
    for found in answers:
        check(found, known, (mode, date, found.title))
    said = {"published": f"published by {labels.period(date)}", "cut": f"up to {date}"}[mode]
    assert [found for found in answers if found.empty]
    assert all(said in found.empty for found in answers if found.empty)


@pytest.mark.parametrize("pair", ["RUS-CHN", "CHN-KAZ", "EU27-KAZ"])
def test_a_view_composed_again_selects_from_no_table(
    tables: Tables, pair: str, close_tables: Callable[[], None]
) -> None:
    for view in PAGE.views:
        view.exhibit(tables, {"pair": pair})
    close_tables()
    for view in PAGE.views:
        view.exhibit(tables, {"pair": pair, "from": "2008", "to": "2016", "margin_high": "7"})


def test_chinas_share_of_russias_trade_reaches_the_last_year_of_the_customs_unjoined(tables: Tables) -> None:
    found = exhibit(tables, "trade-share-first")
    assert joined(found)[0]["x"][-1].startswith("2020")
    row = found.frame[(found.frame["time_period"] == "2021") & (found.frame["observation_ids"] != "")].iloc[0]
    assert row["obs_value"] == pytest.approx(18.0, abs=0.05) and row["source_id"] == "fcs_monthly ; fcs_annual"
    (told,) = [caveat for caveat in found.caveats if "nothing joins" in caveat]
    assert "From 2021" in told and "to 2020" in told and "Federal Customs" in told
    assert "China, to 2021" in [note["text"] for note in found.figure["layout"]["annotations"]]


def test_computed_shares_have_one_shape_whatever_the_classes_of_their_pages(tables: Tables) -> None:
    found = exhibit(tables, "trade-share-second")
    (computed,) = [trace for trace in found.figure["data"] if trace["name"] == "Computed"]
    assert set(computed["marker"]["symbol"]) == {"cross-open"} and computed["showlegend"]
    others = [trace for trace in found.figure["data"] if trace["name"] != "Computed" and "symbol" in trace["marker"]]
    assert all("cross-open" not in trace["marker"]["symbol"] for trace in others)
