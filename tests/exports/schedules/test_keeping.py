"""The command `bilateral schedule`, over the desk of the real data."""

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import cli
from components.desk import Desk
from exports.orders import Answer
from exports.schedules.keeping import Order, answer, open_ledger
from exports.schedules.keys import Keyring
from exports.schedules.runs import Run
from exports.schedules.sending import send
from pipelines.errors import DataError
from pipelines.settings import load_settings

NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
SETTINGS = """
[paths]
datasets = "datasets"
store = "store"
[[schedules]]
name = "trade"
cron = "0 6 * * 1"
timezone = "Europe/Berlin"
views = ["trade"]
formats = ["csv"]
destinations = ["archive"]
only_if = { line = "CHN_RUS_TRADE_CHINA_REPORTED.TRADE_TOTAL", above = 250e9 }
[[destinations]]
name = "archive"
kind = "folder"
path = "{archive}"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "settings.toml").write_text(SETTINGS.replace("{archive}", str(tmp_path / "archive")))
    return tmp_path


def ask(home: Path, desk: Desk, action: str, environ: dict[str, str] | None = None, **options: Any) -> Answer:
    settings = load_settings(home / "settings.toml", {})
    return answer(Order(action, **options), settings, lambda: desk, environ or {}, lambda: NOW)


def test_schedules_are_listed(home: Path, desk: Desk) -> None:
    text = ask(home, desk, "list").text
    assert (
        "0 6 * * 1 (Europe/Berlin)" in text and "TRADE_TOTAL rises above 250,000,000,000" in text and "archive" in text
    )
    [row] = json.loads(ask(home, desk, "list", style="json").text)
    assert (row["name"], row["formats"], row["only_if"]["above"]) == ("trade", ["csv"], 250e9)


def test_the_next_moments_are_told_there_and_in_utc(home: Path, desk: Desk) -> None:
    assert "2026-11-30T05:00  trade     Mon 30 Nov 2026 06:00 CET" in ask(home, desk, "next").text
    rows = json.loads(ask(home, desk, "next", style="json").text)
    assert [row["due"][:10] for row in rows] == ["2026-11-30", "2026-12-07", "2026-12-14"]


def test_a_run_at_once_is_made_delivered_and_remembered(home: Path, desk: Desk) -> None:
    made = ask(home, desk, "run-now", name="trade")
    assert made.is_good and "trade: complete" in made.text and "01-trade-level.csv" in made.text
    assert [path.name for path in home.glob("archive/trade/*/*.csv")] == ["01-trade-level.csv"]
    assert "hand" in ask(home, desk, "history").text
    [row] = json.loads(ask(home, desk, "history", name="trade", style="json").text)
    assert row["status"] == "complete" and row["deliveries"][0]["destination"] == "archive"
    assert json.loads(ask(home, desk, "history", name="other", style="json").text) == []


def test_a_long_reason_is_cut_in_the_table(home: Path, desk: Desk) -> None:
    with open_ledger(load_settings(home / "settings.toml", {}), Keyring({}, home)) as ledger:
        ledger.enter(Run("trade", NOW.isoformat(), status="failed", error="the disk is full\nand more" + "x" * 200))
    text = ask(home, desk, "history").text
    assert "the disk is full · and more" in text and text.splitlines()[-1].endswith("…")


def test_a_pack_that_reached_nobody_is_not_good(home: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "archive").write_text("a file in the way")
    monkeypatch.setattr("exports.schedules.perform.send", lambda carry, pause, waits: send(carry, pause, ()))
    made = ask(home, desk, "run-now", name="trade")
    assert not made.is_good and "archive: " in made.text and "cannot be written" in made.text


@pytest.mark.parametrize(
    ("action", "options", "words"),
    [
        ("run-now", {}, "run-now needs the name of a schedule: trade"),
        ("run-now", {"name": "tarde"}, "no schedule 'tarde' (did you mean 'trade'?)"),
    ],
)
def test_a_wrong_order_is_refused(home: Path, desk: Desk, action: str, options: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError) as refused:
        ask(home, desk, action, **options)
    assert words in str(refused.value)


def test_a_file_of_its_own_takes_the_place_of_the_settings(home: Path, desk: Desk) -> None:
    (home / "own.toml").write_text(
        '[[schedules]]\nname = "a"\ncron = "0 6 * * *"\ntimezone = "UTC"\nviews = ["tarde"]\n'
    )
    with pytest.raises(DataError, match=r"own.toml, \[\[schedules\]\] 1 'a': views: There is no view 'tarde'"):
        ask(home, desk, "list", file=home / "own.toml")


def test_nothing_written_is_said(home: Path, desk: Desk) -> None:
    (home / "settings.toml").write_text('[paths]\ndatasets = "datasets"\nstore = "store"\n')
    assert ask(home, desk, "list").text == "no schedule is written yet"
    assert ask(home, desk, "next").text == "nothing is due"
    assert ask(home, desk, "history").text == "no run yet"


def test_the_address_of_runs_may_come_from_the_environment_and_holds_no_password(home: Path, desk: Desk) -> None:
    text = (home / "settings.toml").read_text()
    (home / "settings.toml").write_text(text + '[exports]\nstore = "env:RUNS"\n')
    assert ask(home, desk, "history", {"RUNS": f"sqlite:///{home / 'other.db'}"}).text == "no run yet"
    assert (home / "other.db").exists()
    (home / "settings.toml").write_text(text + '[exports]\nstore = "postgresql://bob:hush@h/x"\n')
    with pytest.raises(DataError) as refused:
        ask(home, desk, "history")
    assert "holds a password in plain words" in str(refused.value) and "hush" not in str(refused.value)


def test_wrong_schedules_stop_the_command_with_one_message(
    home: Path, store: Path, datasets: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(datasets, home / "datasets", ignore=shutil.ignore_patterns("store"))
    shutil.copytree(store, home / "store")
    (home / "settings.toml").write_text(
        '[paths]\ndatasets = "datasets"\nstore = "store"\n'
        '[[schedules]]\nname = "../up"\ncron = "0 25 * * *"\ntimezone = "Mars"\nviews = ["tarde"]\n'
    )
    monkeypatch.setattr("cli.signal.signal", lambda *_: None)
    monkeypatch.setattr("cli.logging.basicConfig", lambda **_: None)
    assert cli.main(["--settings", str(home / "settings.toml"), "schedule", "run"]) == 1
    said = capsys.readouterr().err
    for words in ("the name may only hold", "no hour", "'Mars' is no time zone", "no view 'tarde'"):
        assert words in said
    assert "Traceback" not in said and not (home / "packs").exists()
