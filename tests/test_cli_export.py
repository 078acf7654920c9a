"""`bilateral export` as its users meet it: files whole or not at all, one message for wrong input, data without a browser."""

import json
from pathlib import Path

import pandas as pd
import pytest

import cli
from exports.pictures import single
from exports.pictures.browser import NoBrowser, find_browser


@pytest.fixture
def run(tmp_path: Path, datasets: Path, store: Path, monkeypatch: pytest.MonkeyPatch):
    """Run the command over the real data in a folder of its own."""
    settings = tmp_path / "settings.toml"
    settings.write_text(f'[paths]\ndatasets = "{datasets}"\nstore = "{store}"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return lambda *words: cli.main(["--settings", str(settings), "export", *words])


def test_the_list_names_trade_and_every_parameter(run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--list") == 0
    text = capsys.readouterr().out
    assert "trade-level (also: trade): " in text
    assert "    pair=RUS-CHN    RUS-CHN | " in text
    assert "slide (1280 × 720)" in text
    assert run("--list", "--format", "json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert {"trade", "kazakhstan", "today"} <= {view["also"] for view in listed["views"]}
    assert listed["formats"] == ["png", "svg", "pdf", "csv", "parquet"]


def test_without_a_browser_pictures_are_refused_and_rows_are_not(
    run, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER_PATH", "/nonexistent")
    assert run("--view", "trade", "--out", "t.png") == 1
    said = capsys.readouterr().err
    assert said.startswith("bilateral: Pictures need a browser")
    assert "sudo apt-get install chromium" in said
    assert said.count("\n") == 1
    assert not list(tmp_path.glob("*.png"))
    assert run("--view", "trade", "--param", "pair=CHN-KAZ", "--out", "t.csv") == 0
    assert run("--view", "trade", "--param", "pair=CHN-KAZ", "--format", "parquet") == 0
    assert len(pd.read_csv("t.csv")) == len(pd.read_parquet("trade.parquet")) > 10
    capsys.readouterr()
    assert run("verify", "trade.parquet") == 0
    assert capsys.readouterr().out == "trade.parquet: current\n"


def test_no_browser_on_an_empty_path(run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    monkeypatch.setattr("exports.pictures.browser.Chromium.find_browser", lambda **_: None)
    assert run("--view", "trade", "--out", "t.svg") == 1
    assert "none was found. Install one" in capsys.readouterr().err


def test_everything_wrong_is_said_at_once(run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--view", "trade-level", "--param", "pair=x", "--param", "from", "--size", "big", "--format", "gif"]
    assert run(*words) == 1
    said = capsys.readouterr().err
    for part in ("'from' is not of the form", "no format 'gif'", "no size 'big'", "pair='x' is not offered"):
        assert said.count(part) == 1
    assert run("--view", "../../etc/passwd", "--out", "x.png") == 1
    assert "There is no view '../../etc/passwd'" in capsys.readouterr().err
    assert run() == 1
    assert "export needs --view VIEW, " in capsys.readouterr().err
    assert run("verify", "nothing.png") == 1
    assert "there is no nothing.png" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["settings.toml"]


def test_a_full_disk_leaves_no_half_file(
    run, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "t.csv").write_text("the file of yesterday")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(single.os, "fsync", full)
    assert run("--view", "trade", "--out", "t.csv") == 1
    assert "t.csv could not be written: No space left on device" in capsys.readouterr().err
    assert (tmp_path / "t.csv").read_text() == "the file of yesterday"
    assert {path.name for path in tmp_path.iterdir()} == {"settings.toml", "t.csv"}
    assert run("--view", "trade", "--out", "no/folder/t.csv") == 1
    assert "the folder no/folder does not exist" in capsys.readouterr().err


@pytest.mark.browser
def test_a_picture_is_written_whole_and_verified(run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        find_browser()
    except NoBrowser as error:
        pytest.skip(str(error))
    assert run("--view", "trade", "--size", "slide", "--out", "trade.svg") == 0
    assert capsys.readouterr().out.startswith("trade.svg: ")
    assert run("verify", "trade.svg") == 0
    (tmp_path / "trade.svg").write_text((tmp_path / "trade.svg").read_text().replace("#ffffff", "#fffffe", 1))
    capsys.readouterr()
    assert run("verify", "trade.svg") == 1
    assert capsys.readouterr().out.startswith("trade.svg: altered\n")
    assert {path.name for path in tmp_path.iterdir()} == {"settings.toml", "trade.svg"}
