"""The page on the years ahead: marks that equal the answer, refusals in the chart's place, honest past."""

import dataclasses
import math
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from components.charts.base import keys
from components.controls import bar
from components.desk import Desk
from components.outlook import choices
from components.pages.outlook import PAGE
from components.provenance import panel
from components.shell import create_app
from components.site import PAGES
from components.views import Exhibit, figure_hash, narrowed
from pipelines.flow import load_tables
from pipelines.forecast import models
from pipelines.forecast.annual import TITLES
from pipelines.forecast.projection import Projection
from pipelines.outlook import fan as answers
from pipelines.outlook import months
from pipelines.outlook.archive import archive
from pipelines.outlook.choice import choose_series
from pipelines.outlook.past import look_back
from pipelines.outlook.question import Question
from pipelines.outlook.shelf import Shelf
from pipelines.outlook.shown import SHOWN, read_archive
from pipelines.outlook.warm import DEFAULTS
from pipelines.tables import AsKnown, Tables

VIEWS = {view.view_id: view for view in PAGE.views}
QUOTED = "quoted:A.CHN.KAZ.TRADE_TOTAL._T._Z.actual.flow.USD.Q"


@pytest.fixture(autouse=True, scope="module")
def own_shelf(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        for module in (answers, months):
            patch.setattr(module, "SHELF", Shelf(tmp_path_factory.mktemp("forecasts")))
        yield


def show(tables: Tables, view_id: str, **selection: str) -> Exhibit:
    exhibit = VIEWS[view_id].exhibit(tables, selection)
    go.Figure(exhibit.figure)
    return exhibit


def traces(exhibit: Exhibit) -> dict[str, dict[str, Any]]:
    return {trace["name"]: trace for trace in exhibit.figure["data"]}


@pytest.mark.parametrize("view_id", VIEWS)
def test_every_view_draws_the_real_data(tables: Tables, view_id: str) -> None:
    exhibit = show(tables, view_id)
    assert exhibit.empty == ""
    assert exhibit.summary
    assert set(exhibit.columns) <= set(exhibit.frame.columns)
    assert set(exhibit.source_ids) <= set(tables.sources["source_id"])
    known = set(keys(exhibit.frame))
    drawn = {key for trace in exhibit.figure["data"] for key in trace.get("customdata", []) if key is not None}
    assert drawn <= known


@pytest.mark.parametrize("view_id", VIEWS)
def test_every_view_survives_empty_tables(empty_tables: Tables, view_id: str) -> None:
    exhibit = show(empty_tables, view_id)
    assert exhibit.empty
    assert exhibit.figure["data"] == []


@pytest.mark.parametrize("view_id", ["outlook_fan", "outlook_odds", "outlook_record"])
@pytest.mark.parametrize("series", choices.TITLES)
def test_every_series_is_drawn_or_refused_in_words(tables: Tables, view_id: str, series: str) -> None:
    horizon = "1" if view_id == "outlook_record" else "deadline"
    exhibit = show(tables, view_id, series=series, start="2000", horizon=horizon, model="drift")
    assert exhibit.summary or exhibit.empty
    assert "quoted:" not in exhibit.summary + exhibit.empty
    assert "@" not in exhibit.summary + exhibit.empty


@pytest.mark.parametrize(
    "parameter", [p for p in PAGE.all_parameters() if p.kind == "choice" and p.name not in ("series", "made")]
)
def test_every_choice_builds_a_figure(tables: Tables, parameter: Any) -> None:
    for choice in parameter.choices:
        for view_id in ("outlook_fan", "outlook_odds"):
            exhibit = show(tables, view_id, **{parameter.name: choice.value})
            assert exhibit.summary or exhibit.empty


@pytest.mark.parametrize("year", ["2004", "2014", "2024"])
def test_a_forecast_as_if_made_then_says_so(tables: Tables, year: str) -> None:
    exhibit = show(tables, "outlook_fan", made=year, horizon="3")
    assert any(f"As if made in {year}" in caveat for caveat in exhibit.caveats)
    outside = exhibit.frame[exhibit.frame["series"] == "outside"]
    assert (outside["time_period"].astype(int) > int(year)).all()
    assert len(outside) == choose_series(tables).series.origin - int(year)


def test_the_fan_draws_the_answer(tables: Tables) -> None:
    made = answers.foresee(tables, DEFAULTS).made
    assert made is not None
    exhibit = show(tables, "outlook_fan")
    medians = exhibit.frame[exhibit.frame["series"] == "median"]
    assert medians["obs_value"].tolist() == list(made.distribution.points)
    bands = exhibit.frame[(exhibit.frame["series"] == "band") & (exhibit.frame["time_period"] != str(made.origin))]
    expected = made.frame.sort_values(["level", "time_period"])
    drawn = bands.sort_values(["level", "time_period"])
    assert drawn["value_low"].tolist() == expected["pi_lower"].tolist()
    assert drawn["value_high"].tolist() == expected["pi_upper"].tolist()


def test_bands_lie_behind_and_widen(tables: Tables) -> None:
    exhibit = show(tables, "outlook_fan", levels="50 80 95")
    names = [trace["name"] for trace in exhibit.figure["data"]]
    assert names[:3] == ["95 % band", "80 % band", "50 % band"]
    for trace in exhibit.figure["data"][:3]:
        half = len(trace["y"]) // 2
        widths = [high - low for high, low in zip(trace["y"][:half], reversed(trace["y"][half:]), strict=True)]
        assert widths == sorted(widths)
        assert widths[0] == 0


def test_members_come_on_demand(tables: Tables) -> None:
    assert not [name for name in traces(show(tables, "outlook_fan")) if name.startswith("Member")]
    shown = [name for name in traces(show(tables, "outlook_fan", members="on")) if name.startswith("Member")]
    assert len(shown) == 5


def test_targets_and_the_required_path_never_look_like_actuals(tables: Tables) -> None:
    drawn = traces(show(tables, "outlook_fan"))
    assert set(drawn["targets set by others"]["marker"]["symbol"]) <= {"diamond", "diamond-open"}
    assert "open" in drawn["The target asked about"]["marker"]["symbol"]
    required = next(trace for name, trace in drawn.items() if name.startswith("Growth needed"))
    assert required["line"]["dash"] != "solid"
    assert required["y"][-1] == pytest.approx(300)


def test_odds_are_shown_in_steps_and_kept_unrounded(tables: Tables) -> None:
    exhibit = show(tables, "outlook_odds")
    assert set(exhibit.frame["obs_value"] % 5) == {0}
    assert "probability" not in exhibit.columns
    gap = (exhibit.frame["probability"] * 100 - exhibit.frame["obs_value"]).abs()
    assert gap[exhibit.frame["bound"] == "="].max() <= 2.5
    last = exhibit.frame.iloc[-1]
    assert f"{last['rounded']}, that is {last['meaning']}" in exhibit.summary
    assert any("cut at 2025" in caveat for caveat in exhibit.caveats) or choose_series(tables).series.origin != 2025


def test_the_seam_stands_under_every_forecast(tables: Tables) -> None:
    for view_id in ("outlook_fan", "outlook_odds"):
        assert any(caveat.startswith("Seam at 2021") for caveat in show(tables, view_id).caveats)


def test_quoted_points_are_shown_without_a_line(tables: Tables) -> None:
    exhibit = show(tables, "outlook_fan", series=QUOTED)
    assert "invention" in exhibit.summary
    assert "Kazakhstan–China goods trade" in exhibit.summary
    assert {trace["mode"] for trace in exhibit.figure["data"]} == {"markers+text"}
    assert set(exhibit.frame["series"]) <= {"quoted", "target"}
    for view_id in ("outlook_odds", "outlook_record"):
        assert "invention" in show(tables, view_id, series=QUOTED).empty


def test_a_refusal_stands_in_the_chart(tables: Tables) -> None:
    exhibit = show(tables, "outlook_fan", series="CHN_RUS_TRADE_CHINA_REPORTED.IMP_CIF")
    words = " ".join(note["text"].replace("<br>", " ") for note in exhibit.figure["layout"]["annotations"])
    assert "has no value for 2021, 2023" in words
    assert all(trace.get("fill") is None for trace in exhibit.figure["data"])


def test_a_scenario_is_named_wherever_it_counts(tables: Tables) -> None:
    fan = show(tables, "outlook_fan", scenario="brent-low")
    assert any(caveat.startswith("Scenario: Brent low") for caveat in fan.caveats)
    assert "Scenario: Brent low" in show(tables, "outlook_odds", scenario="brent-low").summary
    assert "not of constant growth" in show(tables, "outlook_odds", scenario="growth").summary


def test_then_and_now_counts_what_the_band_held(tables: Tables) -> None:
    exhibit = show(tables, "outlook_then")
    frame = exhibit.frame
    told = []
    for origin in ("2014", "2019", "2021"):
        own = frame[frame["origin"] == origin]
        came = own[(own["series"] == "came") & (own["time_period"] != origin)].set_index("time_period")["obs_value"]
        band = own[(own["series"] == "band") & (own["level"] == 80)].set_index("time_period")
        held = sum(band.loc[year, "value_low"] <= value <= band.loc[year, "value_high"] for year, value in came.items())
        told.append(f"{held} of {len(came)}")
        heads = [note["text"] for note in exhibit.figure["layout"]["annotations"]]
        assert any(f"values to {origin}" in head and f"held {told[-1]}" in head for head in heads)
        known = own[own["series"] == "history"]["time_period"].astype(int)
        assert known.max() == int(origin)
        targets = own[own["series"] == "target"]
        assert (targets["time_period"].astype(int) > int(origin)).all()
    assert f"bands held {told[0]}, {told[1]} and {told[2]} of the values that came" in exhibit.summary


def test_then_and_now_has_every_official_target_with_its_odds_and_its_outcome(tables: Tables) -> None:
    """The picture answers the question with the odds of the very promises that were made."""
    exhibit = show(tables, "outlook_then")
    assert VIEWS["outlook_then"].wide
    strip = exhibit.frame[exhibit.frame["series"] == "strip"]
    heads = [tick.partition("</b>")[0].removeprefix("<b>") for tick in strip["tick"]]
    assert heads == [
        "80 bn by 2010", "100 bn by 2015", "200 bn by 2020", "200 bn by 2024", "250 bn undated", "300 bn by 2030",
    ]  # fmt: skip
    assert strip["state"].tolist() == ["missed", "missed", "missed", "met", "open", "open"]
    promises = look_back(tables).promises
    dated = promises[(promises["side"] == "end") & promises["probability"].notna()]
    assert strip[strip["symbol"] == "end"]["short"].tolist() == dated["rounded"].tolist()
    assert strip[strip["symbol"] == "likely"]["short"].tolist() == ["from<br>2030"], "short enough for a telephone"
    assert traces(exhibit)["odds when set"]["y"] == strip["position"].tolist()
    better = dated[dated["probability"] > 0.5]
    assert exhibit.summary.startswith(f"{len(better)} of {len(dated)} dated targets had better than even odds when set")
    assert "1 of the 4 now due was met (200 bn by 2024: 15 %)" in exhibit.summary
    assert any("no calibration" in caveat for caveat in exhibit.caveats)
    assert any("nothing of sanctions or prices" in caveat for caveat in exhibit.caveats)


def test_panels_stand_below_each_other_where_there_is_little_width(tables: Tables) -> None:
    layout = show(tables, "outlook_then").figure["layout"]
    narrow = layout["meta"]["narrow"]
    across = [layout[name]["domain"] for name in ("xaxis", "xaxis2", "xaxis3")]
    assert all(left[1] < right[0] for left, right in zip(across, across[1:], strict=False))
    down = [narrow[name]["domain"] for name in ("yaxis", "yaxis2", "yaxis3", "yaxis4")]
    assert all(above[0] > below[1] for above, below in zip(down, down[1:], strict=False))
    assert {name: narrow[name]["domain"] for name in ("xaxis", "xaxis4")} == {"xaxis": [0, 1], "xaxis4": [0, 1]}
    assert narrow["height"] > 1000
    figure = show(tables, "outlook_then").figure
    assert narrowed(figure)["layout"]["xaxis2"]["domain"] == [0, 1]
    assert figure_hash(narrowed(figure)) == figure_hash(figure)
    moved = {**figure, "layout": {**layout, "yaxis": {**layout["yaxis"], "range": [0, 9]}}}
    assert figure_hash(moved) != figure_hash(figure)


def test_targets_of_the_past_are_not_shown_before_they_were_set(tables: Tables) -> None:
    frame = show(tables, "outlook_then").frame
    targets = frame[frame["series"] == "target"]
    shown = {(row["origin"], row["time_period"], row["obs_value"]) for row in targets.to_dict("records")}
    assert ("2014", "2020", 200e9) in shown
    assert ("2019", "2024", 200e9) in shown
    assert not [mark for mark in shown if mark[0] == "2014" and mark[1] == "2024"]


def test_odds_of_official_targets_and_their_warnings(tables: Tables) -> None:
    exhibit = show(tables, "outlook_odds_then")
    rows = exhibit.frame["row"].drop_duplicates().tolist()
    assert rows == [
        "80 bn by 2010", "100 bn by 2015", "200 bn by 2020", "200 bn by 2024", "250 bn, undated", "300 bn by 2030",
    ]  # fmt: skip
    refused = exhibit.frame[exhibit.frame["position"].isna() & (exhibit.frame["series"] == "before")]
    assert all("too far" in words for words in refused["words"])
    assert any("no calibration" in caveat for caveat in exhibit.caveats)
    assert any("nothing of sanctions or prices" in caveat for caveat in exhibit.caveats)
    undated = exhibit.frame[exhibit.frame["row"] == "250 bn, undated"]
    assert undated["time_period"].isna().all()
    assert undated["probability"].isna().all()


def test_the_record_equals_its_sentence(tables: Tables) -> None:
    exhibit = show(tables, "outlook_record")
    errors = exhibit.frame[exhibit.frame["measure"] == "mase"].set_index("label")["obs_value"]
    change = errors["Median combination"] / errors["Naive (last value)"] - 1
    assert f"{100 * abs(change):.0f} % {'less' if change < 0 else 'more'}" in exhibit.summary
    assert exhibit.caveats[0].startswith("Few origins say little")
    assert list(dict.fromkeys(exhibit.frame["measure"])) == ["mase", "smape", "coverage", "msis"]


def test_a_computed_mark_opens_its_formula(tables: Tables) -> None:
    exhibit = show(tables, "outlook_fan")
    medians = exhibit.frame[exhibit.frame["series"] == "median"]
    for key in keys(medians):
        assert "Median combination of 34 values" in str(panel(tables, key, exhibit=exhibit))


def test_months_end_with_their_publication_and_their_years_are_told(tables: Tables) -> None:
    exhibit = show(tables, "outlook_months")
    totals = exhibit.frame[exhibit.frame["series"] == "total"]
    assert totals["time_period"].nunique() == 2
    assert all(str(year) in exhibit.summary for year in totals["time_period"])
    assert any("The line ends in Dec 2021" in caveat for caveat in exhibit.caveats)


def test_states_of_knowledge_are_drawn_or_explained(store: Path) -> None:
    for known in (AsKnown("cut", "2016"), AsKnown("published", "2016")):
        then = load_tables(store, known)
        for view_id in VIEWS:
            exhibit = show(then, view_id)
            assert exhibit.summary or exhibit.empty
            came = exhibit.frame[exhibit.frame["series"].isin(["history", "came", "quoted"])]
            assert not (came["time_period"].astype(str).str[:4] > "2016").any()


def test_the_page_keeps_the_words_of_the_kernel() -> None:
    assert choices.MODELS == TITLES
    assert (
        choices.named("CHN_RUS_TRADE_CHINA_REPORTED.TRADE_TOTAL@x has 3")
        == f"“{choices.TITLES[choices.SERIES.default]}” has 3"
    )
    assert DEFAULTS.target == float(choices.TARGET.default) * 1e9
    assert (DEFAULTS.deadline, DEFAULTS.first_year) == (int(choices.DEADLINE.default), int(choices.START.default))
    assert not math.isnan(float(choices.RATE.default))


def test_importing_the_page_imports_no_model() -> None:
    program = "import sys, components.pages.outlook; sys.exit('scipy' in sys.modules or 'statsmodels' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_desk_answers_wrong_values_with_a_message(tables: Tables) -> None:
    desk = Desk(lambda _: tables, (PAGE,))
    assert desk.payload("outlook_fan", {"deadline": "soon"})["state"] == "refused"
    assert desk.payload("outlook_odds", {"start": "2017"})["state"] == "empty"


def test_a_slow_fit_keeps_no_other_reader_waiting(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two readers ask for the same new forecast, which hangs; a third reads another chart meanwhile."""
    fitting, go, fits = threading.Event(), threading.Event(), []
    forecast = answers.forecast

    def slow(*arguments: Any) -> Any:
        fits.append(1)
        fitting.set()
        assert go.wait(30)
        return forecast(*arguments)

    monkeypatch.setattr(answers, "forecast", slow)
    app = create_app(Desk(lambda known: tables, PAGES))

    def ask(view_id: str, selection: dict[str, str]) -> dict[str, Any]:
        output, given = f"exhibit-{view_id}", {"id": f"sel-{view_id}", "property": "data", "value": selection}
        body = {"output": f"{output}.data", "outputs": {"id": output, "property": "data"}, "inputs": [given]}
        answer = app.server.test_client().post("/_dash-update-component", json=body | {"changedPropIds": []})
        payload: dict[str, Any] = answer.get_json()["response"][output]["data"]
        return payload

    with ThreadPoolExecutor(2) as readers:
        same = [readers.submit(ask, view, {"start": "1999"}) for view in ("outlook_fan", "outlook_odds")]
        assert fitting.wait(30)
        assert ask("trade-level", {})["state"] == "drawn"
        assert not any(one.done() for one in same)
        go.set()
        assert [one.result(30)["state"] for one in same] == ["drawn", "drawn"]
    assert len(fits) == 1


def test_the_scorecard_sets_archived_forecasts_beside_the_officials_targets(
    tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A forecast archived while 2025 was ahead is scored when the value is there, on the page that was open before."""
    monkeypatch.setattr(SHOWN, "folder", tmp_path)
    desk = Desk(lambda known: dataclasses.replace(tables, as_known=known), PAGES)
    before = desk.exhibit("outlook_scorecard", {})
    assert "No forecast was archived" in before.summary
    assert "0.75" in before.summary
    assert any("--archive" in caveat for caveat in before.caveats)
    assert before.frame["verdict"].tolist() == ["missed", "missed", "missed", "met"]
    assert traces(before)["scores"]["text"] == ["none due yet", "none due yet"]
    line = tables.series["line_id"] == choose_series(tables).series.series_id
    early = dataclasses.replace(tables, series=tables.series[~line | (tables.series["time_period"] < "2025")])
    answer = answers.foresee(early, Question(target=200e9, deadline=2025))
    assert answer.odds is not None
    archive(answer, tmp_path, shown_on="2025-02-01", digest="d" * 64)
    after = desk.exhibit("outlook_scorecard", {})
    assert f"1 archived odds score {(1 - answer.odds.probability) ** 2:.2f}" in after.summary
    assert "80\u00a0% bands held 1 of 1" in after.summary
    assert "8 archived statements wait for their year" in after.summary
    own = after.frame[after.frame["said_on"] == "2025-02-01"]
    assert own["verdict"].tolist() == ["held", "held", "happened"]
    kept = read_archive(tmp_path)[0]
    assert (kept["data"], kept["shown_on"], kept["parameters"]["horizon"]) == ("d" * 64, "2025-02-01", 5)
    known_then = desk.exhibit("outlook_scorecard", {"mode": "cut", "as_of": "2024"})
    assert "2025-02-01" not in known_then.frame["said_on"].tolist()


def test_three_parameters_stand_in_front_and_the_rest_under_method() -> None:
    words = str(bar(PAGE, {}))
    assert "Summary('Method')" in words
    assert [p.name for p in PAGE.all_parameters() if not p.advanced] == ["target", "deadline", "start"]
    assert {"series", "made", "horizon", "model", "levels", "scenario", "axis"} <= {
        p.name for p in PAGE.all_parameters() if p.advanced
    }


def test_breaks_are_marked_on_lines_about_russia_and_never_repaired(tables: Tables) -> None:
    def marked(**selection: str) -> list[str]:
        notes = show(tables, "outlook_fan", **selection).figure["layout"]["annotations"]
        return [note["text"] for note in notes if note.get("name") == "wide"]

    assert marked() == ["fall of 2015", "war of 2022"]
    assert any("repairing breaks made forecasts worse" in caveat for caveat in show(tables, "outlook_fan").caveats)
    assert marked(made="2021", horizon="3", deadline="2024") == ["fall of 2015"]
    assert marked(series="world_bank.KAZ._Z.GDP_CURRENT._Z._Z.A") == []


def test_a_scorecard_without_anything_to_score_says_how_to_archive(store: Path) -> None:
    exhibit = show(load_tables(store, AsKnown("cut", "2009")), "outlook_scorecard")
    assert "no forecast was archived" in exhibit.empty
    assert "bilateral forecast --target 300e9@2030 --archive" in exhibit.empty


def test_a_fit_that_was_turned_down_is_named_with_its_reason(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    def leap(sample: models.Sample, horizon: int) -> Projection:
        far = sample.values.max() * 4
        return Projection(np.full(horizon, far), np.full(horizon, far / 10))

    monkeypatch.setitem(models.MODELS, "arima", dataclasses.replace(models.MODELS["arima"], project=leap))
    caveats = show(tables, "outlook_fan", start="1997").caveats
    (told,) = [caveat for caveat in caveats if caveat.startswith("Turned down")]
    assert "ARIMA, reaches" in told
    assert "over three times the highest value seen" in told
    alone = show(tables, "outlook_fan", start="1993", model="arima")
    assert "ARIMA was rejected: reaches" in alone.summary
    assert not alone.frame["series"].isin(["band", "median"]).any()
