"""Answers about the years ahead: one distribution behind fan and odds, every refusal in words, a shelf that never breaks."""

import dataclasses
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from pipelines.errors import DataError
from pipelines.forecast.annual import TITLES, Parameters
from pipelines.forecast.series import AnnualSeries
from pipelines.outlook import archive, fan, months, printed, shelf, shown
from pipelines.outlook.choice import DEFAULT, choose_series
from pipelines.outlook.fan import foresee, keep_record
from pipelines.outlook.past import look_back
from pipelines.outlook.question import Question, Scenario, parse_levels, parse_scenario, parse_target, parse_window
from pipelines.outlook.shelf import Codec, Shelf
from pipelines.outlook.warm import DEFAULTS, warm
from pipelines.tables import Tables

TARGET = Question(target=300e9, deadline=2030)


@pytest.fixture(autouse=True)
def own_shelf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shelf:
    own = Shelf(tmp_path / "forecasts")
    monkeypatch.setattr(fan, "SHELF", own)
    monkeypatch.setattr(months, "SHELF", own)
    return own


def with_line(tables: Tables, values: list[float], *, first: int = 2000, unit: str = "USD") -> Tables:
    """The real tables with the default line replaced by invented yearly values."""
    line = tables.series[tables.series["line_id"] == DEFAULT]
    rows = pd.concat([line.iloc[:1]] * len(values), ignore_index=True).assign(
        time_period=[str(first + step) for step in range(len(values))],
        obs_value=values,
        unit_measure=unit,
        is_seam=False,
    )
    others = tables.series[tables.series["line_id"] != DEFAULT]
    return dataclasses.replace(tables, series=pd.concat([rows, others], ignore_index=True))


def test_same_question_same_bytes(tables: Tables, own_shelf: Shelf) -> None:
    first = printed.print_outlook(foresee(tables, TARGET), "json")
    files = {path.name: path.read_bytes() for path in own_shelf.folder.iterdir()}  # type: ignore[union-attr]
    own_shelf._memory.clear()
    kept = printed.print_outlook(foresee(tables, TARGET), "json")
    for path in own_shelf.folder.iterdir():  # type: ignore[union-attr]
        path.unlink()
    own_shelf._memory.clear()
    fresh = printed.print_outlook(foresee(tables, TARGET), "json")
    assert first == kept == fresh
    assert {path.name: path.read_bytes() for path in own_shelf.folder.iterdir()} == files  # type: ignore[union-attr]


@pytest.mark.parametrize("level", [80.0, 95.0])
def test_band_and_odds_agree(tables: Tables, level: float) -> None:
    row = foresee(tables, TARGET).made.frame.query("level == @level").iloc[-1]  # type: ignore[union-attr]
    for limit, odds in ((row["pi_upper"], 0.5 - level / 200), (row["pi_lower"], 0.5 + level / 200)):
        asked = foresee(tables, dataclasses.replace(TARGET, target=float(limit)))
        assert asked.odds is not None
        assert asked.odds.probability == pytest.approx(odds, abs=1e-9)


def test_the_median_year_is_the_first_with_even_odds(tables: Tables) -> None:
    answer = foresee(tables, dataclasses.replace(TARGET, target=250e9))
    by_year = answer.by_year
    assert answer.median_year == int(by_year[by_year["probability"] >= 0.5]["time_period"].iloc[0])
    assert answer.made is not None
    point = dict(zip(by_year["time_period"], by_year["point"], strict=True))
    assert point[str(answer.median_year)] >= 250e9 > point[str(answer.median_year - 1)]  # type: ignore[operator]


def test_a_known_growth_is_asked_for(tables: Tables) -> None:
    last = choose_series(tables).series.values[-1]
    answer = foresee(tables, dataclasses.replace(TARGET, target=last * 1.05**5))
    assert answer.required_cagr == pytest.approx(0.05)


def test_odds_of_any_year_are_no_less_than_of_the_last(tables: Tables) -> None:
    answer = foresee(tables, TARGET)
    assert answer.odds is not None
    assert answer.by_then is not None
    assert answer.by_then >= answer.odds.probability - 0.01


def test_later_values_do_not_move_a_forecast_made_before(tables: Tables) -> None:
    asked = dataclasses.replace(TARGET, last_year=2014, deadline=2020)
    made = foresee(tables, asked).made
    line = (tables.series["line_id"] == DEFAULT) & (tables.series["time_period"] > "2014")
    changed = tables.series.assign(obs_value=tables.series["obs_value"].where(~line, 7.0))
    again = foresee(dataclasses.replace(tables, series=changed), asked).made
    assert made is not None
    assert again is not None
    pd.testing.assert_frame_equal(made.frame, again.frame)
    assert made.scenario.startswith("As if made in 2014")


GROWING = [100.0 * 1.04**step * (1 + 0.02 * (-1) ** step) for step in range(20)]


@pytest.mark.parametrize(
    ("values", "question", "words"),
    [
        (GROWING[:7], Question(), "needs at least 8"),
        ([5.0] * 12, Question(), "never changes"),
        (GROWING, Question(horizon=11), "11 years ahead is too far"),
        (GROWING[:12], Question(horizon=7), "at most half of the 12"),
        (GROWING, Question(horizon=0), "no forecast"),
        (GROWING, Question(first_year=2050), "no values between"),
        (GROWING, Question(model="arima"), "needs 30 yearly values"),
        (GROWING, Question(model="medium"), "did you mean 'median'"),
        (GROWING, Question(levels=(30.0,)), "between 50 and 99"),
        (GROWING, Question(scenario=Scenario("brent", path="flat")), "Brent"),
        (GROWING, Question(scenario=Scenario("ramp", start_year=2021, years=5, capacity=5)), "gas series only"),
    ],
)
def test_a_refusal_is_in_words(tables: Tables, values: list[float], question: Question, words: str) -> None:
    answer = foresee(with_line(tables, values), question)
    assert words in answer.refusal
    assert answer.made is None
    with pytest.raises(DataError, match=r"\w"):
        printed.print_outlook(answer, "table")


@pytest.mark.parametrize(
    ("values", "question", "words"),
    [
        (GROWING, dataclasses.replace(TARGET, deadline=2040), "outside the forecast"),
        (GROWING[:10], dataclasses.replace(TARGET, deadline=2012), "at least 11 are needed"),
        ([-1.0, *GROWING[1:]], dataclasses.replace(TARGET, deadline=2022), "at or below zero"),
    ],
)
def test_odds_are_refused_and_the_fan_is_not(
    tables: Tables, values: list[float], question: Question, words: str
) -> None:
    answer = foresee(with_line(tables, values), question)
    assert answer.made is not None
    assert answer.odds is None
    assert words in answer.no_odds


def test_a_gap_is_refused(tables: Tables) -> None:
    full = with_line(tables, GROWING)
    holed = full.series[~((full.series["line_id"] == DEFAULT) & (full.series["time_period"] == "2010"))]
    assert "no value for 2010" in foresee(dataclasses.replace(full, series=holed), Question()).refusal


def test_a_part_of_a_year_is_refused(tables: Tables) -> None:
    full = with_line(tables, GROWING)
    periods = full.series["time_period"].where(full.series["time_period"] != "2019", "2019-01/2019-08")
    own = full.series["line_id"] == DEFAULT
    series = full.series.assign(time_period=periods.where(own, full.series["time_period"]))
    assert "only part of 2019" in foresee(dataclasses.replace(full, series=series), Question()).refusal


def test_quoted_values_make_no_line_and_name_the_official_one(tables: Tables) -> None:
    quoted = "quoted:A.RUS.CHN.TRADE_TOTAL._T._Z.actual.flow.USD.Q"
    answer = foresee(tables, dataclasses.replace(TARGET, series_id=quoted))
    assert "invention" in answer.refusal
    assert "imf_dots.RUS.CHN.TRADE_TOTAL" in answer.refusal
    assert len(answer.chosen.points) >= 2


def test_an_unknown_series_names_the_nearest(tables: Tables) -> None:
    with pytest.raises(DataError, match=r"did you mean 'CHN_RUS_TRADE_CHINA_REPORTED\.TRADE_TOTAL'"):
        choose_series(tables, "CHN_RUS_TRADE_CHINA_REPORTED.TRADE_TOTALS")


def test_a_part_before_the_edition_is_enough(tables: Tables) -> None:
    chosen = choose_series(tables, "imf_dots.RUS.CHN.TRADE_TOTAL._T._Z.A")
    assert chosen.series.series_id.startswith("imf_dots.RUS.CHN.TRADE_TOTAL._T._Z.A@")


def test_a_monthly_line_is_refused(tables: Tables) -> None:
    answer = foresee(tables, Question(series_id="fcs_monthly.RUS.CHN.TRADE_TOTAL._T._Z.M"))
    assert "monthly" in answer.refusal


def test_scenarios_are_labelled(tables: Tables) -> None:
    brent = foresee(tables, dataclasses.replace(TARGET, scenario=parse_scenario("brent=low")))
    assert brent.made is not None
    assert brent.made.scenario.startswith("Scenario: Brent low")
    growth = foresee(tables, dataclasses.replace(TARGET, scenario=parse_scenario("growth=5")))
    last = choose_series(tables).series.values[-1]
    assert growth.growth["point"].iloc[0] == pytest.approx(last * 1.05)
    assert growth.growth["scenario"].str.startswith("Scenario").all()


def test_a_ramp_is_added_to_gas(tables: Tables) -> None:
    gas = "ei_review.CHN.W00.GAS_IMP.NATURAL_GAS._Z.A"
    plain = foresee(tables, Question(series_id=gas, horizon=5)).made
    ramped = foresee(tables, Question(series_id=gas, horizon=5, scenario=parse_scenario("ramp=2026,5,50"))).made
    assert plain is not None
    assert ramped is not None
    added = [b - a for a, b in zip(plain.distribution.points, ramped.distribution.points, strict=True)]
    assert added == pytest.approx([50 * min(1, max(0, year - 2025) / 5) for year in plain.years])


def test_the_record_is_kept(tables: Tables, own_shelf: Shelf) -> None:
    short = with_line(tables, GROWING)
    first = keep_record(short, Question(horizon=2))
    own_shelf._memory.clear()
    kept = keep_record(short, Question(horizon=2))
    pd.testing.assert_frame_equal(first.rows, kept.rows)
    pd.testing.assert_frame_equal(first.scores, kept.scores)
    assert kept.sentence.startswith("From 5 past origins")


def test_then_and_now_on_the_real_line(tables: Tables) -> None:
    found = look_back(tables)
    assert [made.origin for made in found.made] == [2014, 2019, 2021]
    ends = found.promises[found.promises["side"] == "end"]
    asked = [(row["target_value"] / 1e9, row["deadline"]) for row in ends.to_dict("records")]
    assert asked == [(80, "2010"), (100, "2015"), (200, "2020"), (200, "2024"), (250, ""), (300, "2030")]
    dated = ends[ends["deadline"] != ""]
    assert dated["probability"].between(0, 1).all()
    assert ends.loc[ends["deadline"] == "", "likely_year"].notna().all()
    assert (found.promises["origin"] <= found.promises["said_on"].str[:4].astype(int)).all()
    decided = dated[dated["outcome"].notna()]
    met = (decided["outcome"] >= decided["target_value"]).astype(float)
    assert found.brier == pytest.approx(float(((decided["probability"] - met) ** 2).mean()))


def test_then_and_now_reads_no_later_value(tables: Tables) -> None:
    known = {made.origin: max(made.series.years) for made in look_back(tables).made}
    assert known == {2014: 2014, 2019: 2019, 2021: 2021}


CODEC: Codec[float] = Codec(lambda number: {"number": number}, lambda payload: float(payload["number"]))


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_text("{", encoding="ascii"),
        lambda path: path.write_bytes(b"\xff\xfe\x00"),
        lambda path: path.write_text(path.read_text(encoding="ascii").replace("0.1", "0.2"), encoding="ascii"),
        lambda path: path.unlink(),
    ],
)
def test_a_damaged_file_is_computed_again(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    Shelf(tmp_path).recall("key", lambda: 0.1, CODEC)
    assert Shelf(tmp_path).recall("key", lambda: 7.0, CODEC) == 0.1
    damage(tmp_path / "key.json")
    assert Shelf(tmp_path).recall("key", lambda: 7.0, CODEC) == 7.0


def test_a_payload_of_another_form_is_computed_again(tmp_path: Path) -> None:
    other: Codec[float] = Codec(lambda number: {"other": number}, lambda payload: float(payload["other"]))
    Shelf(tmp_path).recall("key", lambda: 0.1, CODEC)
    assert Shelf(tmp_path).recall("key", lambda: 7.0, other) == 7.0


def test_a_shelf_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="ascii")
    assert Shelf(tmp_path / "file").recall("key", lambda: 0.1, CODEC) == 0.1
    assert Shelf(None).recall("key", lambda: 0.1, CODEC) == 0.1


def test_the_shelf_forgets_the_oldest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "KEPT_ON_DISK", 2)
    for number in range(4):
        Shelf(tmp_path).recall(f"key{number}", lambda: 0.1, CODEC)
    assert len(list(tmp_path.glob("*.json"))) == 2


@pytest.mark.parametrize("shelves", [1, 2])
def test_readers_who_ask_the_same_wait_for_one_computation(tmp_path: Path, shelves: int) -> None:
    """Two shelves on one folder are two processes; other questions do not wait."""
    folders = [Shelf(tmp_path) for _ in range(shelves)]
    started, go, computed = threading.Event(), threading.Event(), []

    def compute() -> float:
        computed.append(1)
        started.set()
        assert go.wait(20)
        return 0.1

    with ThreadPoolExecutor(3) as readers:
        asked = [readers.submit(folders[number % shelves].recall, "slow", compute, CODEC) for number in range(3)]
        assert started.wait(20)
        assert folders[0].recall("other", lambda: 7.0, CODEC) == 7.0
        assert not any(one.done() for one in asked)
        go.set()
        assert [one.result(20) for one in asked] == [0.1] * 3
    assert len(computed) == 1
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".json"] == []


def test_a_computation_that_fails_lets_the_next_reader_try(tmp_path: Path) -> None:
    kept = Shelf(tmp_path)
    with pytest.raises(ZeroDivisionError):
        kept.recall("key", lambda: 1 / 0, CODEC)
    assert kept.recall("key", lambda: 0.1, CODEC) == 0.1


def test_warming_leaves_what_the_page_asks_first(tables: Tables, own_shelf: Shelf, tmp_path: Path) -> None:
    before = shelf.SHELF.folder
    try:
        assert warm(tables, tmp_path / "warm") == 4
    finally:
        shelf.SHELF.folder = before
    kept = {path.name for path in own_shelf.folder.iterdir()}  # type: ignore[union-attr]
    foresee(tables, DEFAULTS)
    look_back(tables)
    keep_record(tables, DEFAULTS)
    assert {path.name for path in own_shelf.folder.iterdir()} == kept  # type: ignore[union-attr]


def test_months_are_kept_and_their_totals_lie_inside_the_sums_of_bands(tables: Tables, own_shelf: Shelf) -> None:
    _, made = months.foresee_months(tables, horizon=12)
    own_shelf._memory.clear()
    _, kept = months.foresee_months(tables, horizon=12)
    pd.testing.assert_frame_equal(made.frame, kept.frame)
    pd.testing.assert_frame_equal(made.totals, kept.totals)
    band = made.frame[made.frame["level"] == 95]
    total = made.totals[made.totals["level"] == 95].iloc[0]
    assert band["pi_lower"].sum() < total["pi_lower"] < total["pi_upper"] < band["pi_upper"].sum()


def test_years_are_no_months(tables: Tables) -> None:
    with pytest.raises(DataError, match="not monthly"):
        months.foresee_months(tables, DEFAULT)


def test_warming_empty_tables_is_no_error(empty_tables: Tables, tmp_path: Path) -> None:
    before = shelf.SHELF.folder
    try:
        assert warm(empty_tables, tmp_path) == 0
    finally:
        shelf.SHELF.folder = before


def test_an_archived_forecast_is_scored_when_the_value_arrives(tables: Tables, tmp_path: Path) -> None:
    early = with_line(tables, GROWING[:15])
    asked = Question(target=GROWING[15] * 0.5, deadline=2015, horizon=3)
    answer = foresee(early, asked)
    for _ in range(2):
        archive.archive(answer, tmp_path, shown_on="2015-02-01", digest="d" * 64)
    entries = shown.read_archive(tmp_path)
    assert len(entries) == 1
    waiting = archive.judge(early, entries)
    assert (len(waiting.rows), waiting.waiting) == (0, 7)
    judged = archive.judge(with_line(tables, GROWING[:16]), entries)
    assert answer.odds is not None
    assert judged.brier == pytest.approx((1 - answer.odds.probability) ** 2)
    assert judged.hits == {80.0: (1, 1), 95.0: (1, 1)}
    assert judged.waiting == 4


def test_a_damaged_archive_is_said(tmp_path: Path) -> None:
    (tmp_path / shown.FILE).write_text("{}\n{\n", encoding="utf-8")
    with pytest.raises(DataError, match="line 2 is damaged"):
        shown.read_archive(tmp_path)


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_target, "300e9"),
        (parse_levels, "80;95"),
        (parse_window, "all"),
        (parse_window, ""),
        (parse_scenario, "grow=5"),
        (parse_scenario, "growth=fast"),
        (parse_scenario, "ramp=2030"),
    ],
)
def test_an_option_that_cannot_be_read_is_said(parse: Callable[[str], object], text: str) -> None:
    with pytest.raises(DataError, match=r"Write|Choose"):
        parse(text)


def test_the_forecast_survives_its_codec(tables: Tables) -> None:
    made = fan.fit(choose_series(tables).series, Parameters(horizon=3))
    again = fan.FORECAST.read(json.loads(json.dumps(fan.FORECAST.write(made))))
    pd.testing.assert_frame_equal(made.frame, again.frame)
    pd.testing.assert_frame_equal(made.members, again.members)
    assert (made.series, made.parameters, made.distribution) == (again.series, again.parameters, again.distribution)
    assert isinstance(again.series, AnnualSeries)
    assert set(made.members["model"]) <= set(TITLES)
