"""Forecasting from the command line: three formats, a reader's own series, refusals on standard error, an archive."""

import io
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

import cli
from pipelines.outlook import shelf

TARGET = ("--target", "300e9@2030")


@pytest.fixture(autouse=True)
def own_shelf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf.SHELF, "folder", None)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, datasets: Path, store: Path) -> Path:
    """A project folder of its own, with the real datasets and a store that is up to date."""
    folder = tmp_path_factory.mktemp("home")
    others = shutil.ignore_patterns("store", "forecasts", "archive")
    shutil.copytree(datasets, folder / "datasets", ignore=others)
    shutil.copytree(store, folder / "datasets" / "store")
    (folder / "settings.toml").write_text(
        '[paths]\ndatasets = "datasets"\nstore = "datasets/store"\n', encoding="utf-8"
    )
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A file of three series: one fit, one too short, one with rows to leave out."""
    rows = [("long", 2000 + t, 100 * 1.03**t * (1 + 0.01 * (-1) ** t), "train") for t in range(20)]
    rows += [("short", 2000 + t, 5.0 + t, "train") for t in range(6)]
    rows += [("split", t, 50.0 + 3 * t + t % 3, "train" if t < 16 else "test") for t in range(20)]
    path = tmp_path / "own.csv"
    pd.DataFrame(rows, columns=["series_id", "t", "value", "split"]).assign(note="x").to_csv(path, index=False)
    return path


def run(home: Path, *arguments: str) -> int:
    return cli.main(["--settings", str(home / "settings.toml"), *arguments])


def test_json_keeps_the_probability_unrounded_and_agrees_with_csv(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(home, "forecast", *TARGET, "--format", "json") == 0
    whole = json.loads(capsys.readouterr().out)
    assert whole["target"]["probability"] * 20 % 1 != 0
    assert whole["target"]["rounded"].strip("<> %").isdigit()
    assert whole["n"] == whole["origin"] - whole["first_year"] + 1
    assert any(note.startswith("Seam at") for note in whole["notes"])
    assert run(home, "forecast", *TARGET, "--format", "csv") == 0
    rows = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert rows["point"].tolist() == [row["point"] for row in whole["forecast"]]
    assert list(rows["level"].unique()) == [80, 95]


def test_the_table_says_the_odds_in_words(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "forecast", *TARGET) == 0
    printed = capsys.readouterr().out
    assert "Median combination of CHN_RUS_TRADE_CHINA_REPORTED.TRADE_TOTAL" in printed
    assert "At least 3e+11 in 2030: " in printed


def test_a_monthly_line_is_forecast_in_months_with_totals_of_years(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("forecast", "--series", "fcs_monthly.RUS.CHN.TRADE_TOTAL._T._Z.M", "--horizon", "12", "--levels", "80")
    assert run(home, *arguments, "--format", "json") == 0
    whole = json.loads(capsys.readouterr().out)
    assert [row["time_period"] for row in whole["forecast"]] == [f"2022-{month:02d}" for month in range(1, 13)]
    (total,) = whole["totals"]
    added = sum(row["pi_upper"] - row["pi_lower"] for row in whole["forecast"])
    assert (total["time_period"], total["known_months"]) == ("2022", 0)
    assert total["pi_upper"] - total["pi_lower"] < added
    assert any("only widened" in note for note in whole["notes"])
    assert run(home, *arguments, "--format", "csv") == 0
    rows = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert rows["point"].tolist() == [row["point"] for row in [*whole["forecast"], total]]
    assert run(home, *arguments) == 0
    assert whole["notes"][0] in capsys.readouterr().out
    assert run(home, *arguments, "--target", "160e9@2022") == 1
    assert "only for yearly lines" in capsys.readouterr().err


def test_as_of_reads_nothing_later(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("--as-of", "2014", "--train", "1995:", "--horizon", "3", "--levels", "90", "--model", "theta_bct")
    assert run(home, "forecast", *arguments, "--format", "json") == 0
    whole = json.loads(capsys.readouterr().out)
    assert (whole["origin"], whole["first_year"], whole["model"]) == (2014, 1995, "theta_bct")
    assert [row["level"] for row in whole["forecast"]] == [90, 90, 90]
    assert whole["scenario"].startswith("As if made in 2014")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("forecast", "--series", "CHN_RUS_TRADE_CHINA_REPORTED.TRADE_TOTALS"), "did you mean"),
        (("forecast", "--series", "CHN_RUS_TRADE_CHINA_REPORTED.EXP_FOB"), "Filling the gap would invent data"),
        (("forecast", "--target", "300e9"), "VALUE@YEAR"),
        (("forecast", "--target", "nan@2030"), "VALUE@YEAR"),
        (("forecast", "--scenario", "growth=inf"), "cannot be read. Write growth=5"),
        (("backtest", "--horizon", "0"), "--horizon 0 asks for nothing to be scored"),
        (("forecast", "--target", "300e9@2050"), "outside the forecast"),
        (("forecast", "--target", "300e9:EUR@2030"), "The target is in EUR"),
        (
            ("forecast", "--target", "300e9:USD:2015@2030"),
            "in 2015 prices, CHN_RUS_TRADE_CHINA_REPORTED.TRADE_TOTAL in current prices",
        ),
        (("forecast", "--target", "300e9:USD:current:x@2030"), "VALUE@YEAR"),
        (("forecast", "--levels", "eighty"), "not percentages"),
        (("forecast", "--train", "early"), "FROM:TO"),
        (("forecast", "--as-of", "then"), "not a year"),
        (("forecast", "--scenario", "boom"), "not offered"),
        (("forecast", "--model", "medium"), "did you mean 'median'"),
        (("forecast", "--model", "lltrend"), "No model is called 'lltrend'"),
        (("forecast", "--jobs", "2"), "only with --input"),
        (("forecast", "--input", "nowhere.csv"), "nowhere.csv cannot be read"),
        (("forecast", "--input", "nowhere.csv", "--archive"), "not with --input"),
        (("backtest", "--train", "2015:"), "No backtest"),
    ],
)
def test_wrong_input_gets_one_message(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert run(home, *arguments) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("bilateral: ")
    assert message in printed.err
    assert "Traceback" not in printed.err


def test_own_series_are_forecast_and_refusals_listed(
    home: Path, own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out.csv"
    arguments = ("forecast", "--input", str(own), "--horizon", "3", "--levels", "80,95", "--output", str(output))
    assert run(home, *arguments) == 1
    printed = capsys.readouterr()
    assert printed.err.startswith("bilateral: short: short has 6 yearly values")
    assert printed.err.count("\n") == 1
    made = pd.read_csv(output)
    assert list(made.columns) == ["series_id", "h", "mean", "lo80", "hi80", "lo95", "hi95", "model"]
    assert made.groupby("series_id", sort=False)["h"].apply(list).to_dict() == {"long": [1, 2, 3], "split": [1, 2, 3]}
    assert (made["lo95"] < made["lo80"]).all()
    assert (made["hi80"] < made["hi95"]).all()
    first = output.read_bytes()
    assert run(home, *arguments, "--jobs", "2") == 1
    assert output.read_bytes() == first


def test_the_fallback_serves_what_is_refused(home: Path, own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("forecast", "--input", str(own), "--horizon", "3", "--fallback", "naive", "--levels", "80")
    assert run(home, *arguments, "--format", "json") == 0
    printed = capsys.readouterr()
    assert printed.err.startswith("bilateral: short: ")
    rows = json.loads(printed.out)
    short = [row for row in rows if row["series_id"] == "short"]
    assert [(row["mean"], row["model"]) for row in short] == [(10.0, "naive (fallback)")] * 3
    assert set(rows[0]) == {"series_id", "h", "mean", "lo80", "hi80", "model"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("series_id,t\nx,1\n", "no column 'value'"),
        ("series_id,t,value\n", "has no rows"),
        ("series_id,t,value\nx,soon,1\n", "whole numbers"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_message(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text(text, encoding="utf-8")
    assert run(home, "forecast", "--input", str(path)) == 1
    assert message in capsys.readouterr().err


def test_other_levels_have_no_column_in_a_file(home: Path, own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "forecast", "--input", str(own), "--levels", "90") == 1
    assert "80, 95 or both" in capsys.readouterr().err


def test_a_backtest_scores_three_models(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "backtest", "--train", "2005:", "--horizon", "2", "--format", "json") == 0
    record = json.loads(capsys.readouterr().out)
    assert {row["model"] for row in record["scores"]} == {"median", "naive", "drift"}
    assert "origins say little" in record["warning"]
    assert run(home, "backtest", "--train", "2005:", "--horizon", "2") == 0
    assert record["sentence"] in capsys.readouterr().out


def test_an_archived_forecast_waits_on_the_scorecard(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "forecast", *TARGET, "--archive") == 0
    assert "archived in archive/forecasts.jsonl" in capsys.readouterr().err
    assert run(home, "forecast", "--scorecard") == 0
    assert "11 statements wait" in capsys.readouterr().out


def test_every_line_is_listed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "forecast", "--list") == 0
    assert "CHN_RUS_TRADE_CHINA_REPORTED.TRADE_TOTAL" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["forecast", "backtest"])
def test_both_commands_have_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main([name, "--help"])
    assert stopped.value.code == 0
    assert f"usage: bilateral {name}" in capsys.readouterr().out


def test_forecasts_of_public_series_are_honest(home: Path, tmp_path: Path, shared: Path) -> None:
    every = pd.read_csv(shared / "forecast" / "dev_m3_yearly.csv")
    chosen = every["series_id"].drop_duplicates().iloc[::8]
    part = every[every["series_id"].isin(chosen)]
    source, output = tmp_path / "part.csv", tmp_path / "out.csv"
    part.to_csv(source, index=False)
    assert run(home, "forecast", "--input", str(source), "--horizon", "6", "--output", str(output), "--jobs", "2") == 0
    made = pd.read_csv(output)
    joined = part[part["split"] == "test"].assign(h=lambda rows: rows.groupby("series_id").cumcount() + 1)
    joined = joined.merge(made, on=["series_id", "h"], how="left", validate="one_to_one")
    assert joined["mean"].notna().all()
    held = {level: joined["value"].between(joined[f"lo{level}"], joined[f"hi{level}"]).mean() for level in (80, 95)}
    assert 0.72 <= held[80] <= 0.92
    assert 0.92 <= held[95] <= 0.995
