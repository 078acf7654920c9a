import pandas as pd
import pytest

from components.pages import kazakhstan

VIEWS = {view.view_id: view for view in kazakhstan.PAGE.views}


def draw(tables, view_id, **selection):
    return VIEWS[view_id].exhibit(tables, selection)


def test_the_matrix_has_a_cell_for_each_reporter_and_year(tables):
    drawn = draw(tables, "kazakhstan-matrix")
    assert drawn.frame["row"].nunique() == 6
    years = drawn.frame["time_period"].astype(int)
    assert len(drawn.frame) == 6 * (years.max() - years.min() + 1)
    states = drawn.frame["state"].value_counts()
    assert f"{states['official']} are official" in drawn.summary
    assert f"{states['none']} are empty" in drawn.summary


def test_a_state_with_a_value_has_one_and_an_empty_cell_says_why(tables):
    for selection in ({}, {"matrix": "values"}, {"flow": "EXP_FOB", "since": "1992"}):
        frame = draw(tables, "kazakhstan-matrix", **selection).frame
        assert (frame["obs_value"].isna() == (frame["state"] == "none")).all()
        reasons = frame.loc[frame["state"] == "none", "label"]
        assert (reasons.str.len() > 40).all()
    ceased = frame[(frame["row"] == "Russia reports trade with China") & (frame["time_period"] == "2023")]
    assert "stopped publishing" in ceased["label"].iloc[0]


def test_symbols_and_not_colour_alone_tell_the_states(tables):
    traces = draw(tables, "kazakhstan-matrix").figure["data"]
    symbols = [trace["marker"]["symbol"] for trace in traces]
    assert len(set(symbols)) == len(symbols) >= 3


def test_values_are_those_of_the_lines(tables):
    frame = draw(tables, "kazakhstan-matrix", matrix="values").frame
    cell = frame[(frame["row"] == "Kazakhstan reports trade with China") & (frame["time_period"] == "2023")].iloc[0]
    line = tables.series.query("line_id == 'KAZ_CHN_TRADE_KAZAKH_REPORTED.TRADE_TOTAL' and time_period == '2023'")
    assert cell["obs_value"] == line["obs_value"].iloc[0]


def test_both_sides_are_the_mirror_and_nothing_else(tables):
    drawn = draw(tables, "kazakhstan-both-sides")
    rows = tables.mirror.query("flow == 'CHN-KAZ total'").sort_values("time_period")
    for area, column in (("CHN", "value_a"), ("KAZ", "value_b")):
        assert drawn.frame.loc[drawn.frame["series"] == area, "obs_value"].tolist() == rows[column].tolist()
    assert drawn.frame.loc[drawn.frame["series"] == "gap", "obs_value"].tolist() == rows["gap"].abs().tolist()
    last = rows.iloc[-1]
    assert f"a gap of {round(100 * abs(last['asymmetry']))} % of their mean" in drawn.summary


def test_no_estimate_enters_a_gap_and_no_line_joins_two_reporters(tables):
    for pair in ("CHN-KAZ", "KAZ-RUS"):
        for side in ("total", "forth", "back"):
            drawn = draw(tables, "kazakhstan-both-sides", pair=pair, side=side)
            used = {i for ids in drawn.frame["observation_ids"].dropna() for i in ids.split(" ; ")}
            used |= set(drawn.frame["observation_id"].dropna())
            found = tables.observations[tables.observations["observation_id"].isin(used)]
            assert (found["obs_status"] != "E").all()
            assert not [t for t in drawn.figure["data"] if "lines" in t.get("mode", "")]


def test_a_flow_only_one_side_states_is_an_empty_state_with_the_reason(tables):
    drawn = draw(tables, "kazakhstan-both-sides", side="back")
    assert "both sides report" in drawn.empty
    assert "Kazakhstan states it for 2022 and 2023 at the latest; China states it for 2025 at the latest" in drawn.empty


def test_over_time_kazakhstan_is_a_line_and_china_are_marks(tables):
    drawn = draw(tables, "kazakhstan-over-time")
    modes = {trace["name"]: trace["mode"] for trace in drawn.figure["data"]}
    assert modes == {
        "Kazakhstan reports, extract ends 2023": "lines+markers",
        "Kazakhstan, as printed": "markers+text",
        "China reports": "markers+text",
    }
    assert "For 2024 Kazakhstan counts US$30.1\xa0bn and China US$43.8\xa0bn" in drawn.summary
    printed = drawn.frame[drawn.frame["series"] == "own"]
    assert printed["time_period"].tolist() == ["2024"] and printed["provenance"].tolist() == ["quoted"]
    points = drawn.frame[drawn.frame["series"] == "points"]
    assert points["time_period"].is_unique


def test_imports_of_one_are_exports_of_the_other(tables):
    frame = draw(tables, "kazakhstan-over-time", flow="IMP_CIF").frame
    assert set(frame.loc[frame["series"] == "line", "indicator"]) == {"IMP_CIF"}
    assert set(frame.loc[frame["series"] == "points", "indicator"]) == {"EXP_FOB"}


def test_projects_are_those_of_the_register_that_touch_kazakhstan(tables):
    both = pd.concat(draw(tables, "kazakhstan-projects", projects=which).frame for which in ("works", "bodies"))
    touching = tables.projects[tables.projects["areas"].fillna("").str.split(";").map(lambda areas: "KAZ" in areas)]
    assert sorted(both["project_id"]) == sorted(touching["project_id"])
    drawn = draw(tables, "kazakhstan-projects")
    counts = drawn.frame["status"].value_counts()
    assert all(f"{count} {status}" in drawn.summary for status, count in counts.items())
    assert sum(len(trace["x"]) for trace in drawn.figure["data"]) == len(drawn.frame)


def test_names_of_projects_stand_in_the_picture(tables):
    for which in ("works", "bodies"):
        drawn = draw(tables, "kazakhstan-projects", projects=which)
        told = " ".join(note["text"] for note in drawn.figure["layout"]["annotations"])
        assert all(name.split()[0] in told for name in drawn.frame["short"])
        assert "…" not in told


def test_fifty_one_projects_are_counted_once_and_none_is_built(tables):
    drawn = draw(tables, "kazakhstan-transfer")
    assert drawn.frame["observation_id"].tolist() == ["asan-2020-kazakhstan-013"]
    assert [len(trace["x"]) for trace in drawn.figure["data"]] == [51]
    assert drawn.figure["data"][0]["marker"]["color"].endswith(",0)")
    assert any("51 enterprises" in caveat for caveat in drawn.caveats)
    assert "26.2" in drawn.summary


def test_one_of_thirty_nine_is_filled_and_only_believed(tables):
    drawn = draw(tables, "kazakhstan-list")
    assert sorted(len(trace["x"]) for trace in drawn.figure["data"]) == [1, 38]
    assert "believed" in drawn.caveats[0]
    assert drawn.summary == "39 projects were listed in Mar 2017; 1 was started as of 2020."


def test_the_year_before_is_implied_and_hollow(tables):
    drawn = draw(tables, "kazakhstan-cargo")
    implied = drawn.frame[drawn.frame["series"] == "implied"].iloc[0]
    assert implied["obs_value"] == pytest.approx(14.2e6 / 1.3)
    assert (implied["time_period"], implied["formula"]) == ("2019-01/2019-08", "14.2 Mt / 1.3")
    marker = next(t["marker"] for t in drawn.figure["data"] if t["name"] == "estimate")
    assert marker["color"].endswith(",0)")
    assert "10.9" in drawn.summary and "21.3" not in drawn.summary


def test_shares_have_their_remainder(tables):
    drawn = draw(tables, "kazakhstan-shares")
    assert drawn.frame.groupby("row")["obs_value"].sum().tolist() == [100.0, 100.0]
    parts = drawn.frame[drawn.frame["series"] == "part"].set_index("indicator")["obs_value"].to_dict()
    assert parts == {"TRANSIT_SHARE": 70.0, "TARIFF_ALIGNED_SHARE": 60.0}
    tariffs = drawn.frame[drawn.frame["row"] == "Kazakh tariffs"]
    assert tariffs["words"].str.startswith("≈").all()


def test_transit_fees_are_a_card(tables):
    drawn = draw(tables, "kazakhstan-transit-fees")
    assert drawn.frame["observation_id"].tolist() == ["asan-2020-kazakhstan-015"]
    assert drawn.summary == "Transit fees brought US$1.5\xa0bn in 2018."
    assert not drawn.figure["layout"]["xaxis"]["visible"]
