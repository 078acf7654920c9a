"""The command line as its users meet it: results on standard output, one message and exit 1 for wrong input."""

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import cli


@pytest.fixture
def home(tmp_path: Path, datasets: Path, store: Path) -> Path:
    """A project folder of its own, with the real datasets and a store that is up to date."""
    shutil.copytree(datasets, tmp_path / "datasets", ignore=shutil.ignore_patterns("store"))
    shutil.copytree(store, tmp_path / "datasets" / "store")
    (tmp_path / "settings.toml").write_text(
        '[paths]\ndatasets = "datasets"\nstore = "datasets/store"\n', encoding="utf-8"
    )
    return tmp_path


def run(home: Path, *arguments: str) -> int:
    return cli.main(["--settings", str(home / "settings.toml"), *arguments])


def test_build_says_when_nothing_changed_and_force_builds(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "build") == 0
    assert capsys.readouterr().out.startswith("up to date: 1863 observations")
    assert run(home, "build", "--force") == 0
    assert capsys.readouterr().out.startswith("built: 1863 observations")


def test_check_reads_everything_and_writes_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(home / "datasets" / "store")
    assert run(home, "check") == 0
    assert "no problem found" in capsys.readouterr().out
    assert not (home / "datasets" / "store").exists()


def test_observations_as_json_are_rows_with_figure_ids(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run(
            home,
            "observations",
            "--indicator",
            "TRADE_TOTAL",
            "--role",
            "target",
            "--source-id",
            "valdai-2016-47",
            "--format",
            "json",
        )
        == 0
    )
    rows = json.loads(capsys.readouterr().out)
    assert [(row["figure_id"], row["obs_value"], row["time_period"]) for row in rows] == [
        ("valdai-2016-47-009", 100e9, "2015"),
        ("valdai-2016-47-010", 200e9, "2020"),
    ]


def test_observations_as_csv_and_parquet_agree(
    home: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(home, "observations", "--indicator", "BRENT_PRICE", "--format", "csv") == 0
    table = tmp_path / "brent.csv"
    table.write_bytes(capfdbinary.readouterr().out)
    assert run(home, "observations", "--indicator", "BRENT_PRICE", "--format", "parquet") == 0
    parquet = tmp_path / "brent.parquet"
    parquet.write_bytes(capfdbinary.readouterr().out)
    assert pd.read_csv(table)["obs_value"].tolist() == pd.read_parquet(parquet)["obs_value"].tolist()


def test_an_area_matches_any_of_several(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run(home, "observations", "--counterpart-area", "UZB", "--indicator", "ROUTE_LENGTH", "--format", "json") == 0
    )
    rows = json.loads(capsys.readouterr().out)
    assert {row["counterpart_area"] for row in rows} == {"KGZ;UZB"}


def test_as_of_hides_what_was_not_out(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "observations", "--indicator", "TRADE_TOTAL", "--as-of", "2016", "--format", "json") == 0
    strict = {row["observation_id"] for row in json.loads(capsys.readouterr().out)}
    assert "valdai-2016-47-007" in strict
    assert not any(name.startswith("asan-2020") for name in strict)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("observations", "--indicator", "TRADE_TOTALS"), "did you mean 'TRADE_TOTAL'"),
        (("observations", "--as-of", "yesterday"), "Write 2016, 2016-08 or 2016-08-31"),
        (("verify",), "Give --documents DIR"),
        (("verify", "--documents", "nowhere"), "does not exist"),
        (("read", "nowhere.txt"), "nowhere.txt"),
        (("add", "--value", "$5 billion"), "--measures is missing"),
    ],
)
def test_wrong_input_gets_one_message_and_exit_1(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert run(home, *arguments) == 1
    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.err.startswith("bilateral: ")
    assert "Traceback" not in printed.err


ENTRY = (
    "add", "--value", "nearly US$9 billion", "--measures", "Trade of the pair in the first half", "--indicator", "TRADE_TOTAL", "--ref-area", "CHN",
    "--counterpart-area", "KAZ", "--role", "actual", "--source-id", "valdai-2016-47", "--url", "https://example.org/page", "--period", "2025-01/2025-06",
)  # fmt: skip


def test_an_added_figure_is_read_back_appended_and_built(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, *ENTRY, "--yes") == 0
    assert "bound <~" in capsys.readouterr().out
    assert (
        run(home, "observations", "--source-id", "valdai-2016-47", "--counterpart-area", "KAZ", "--format", "json") == 0
    )
    rows = {row["figure_id"]: row for row in json.loads(capsys.readouterr().out)}
    row = rows["added-001"]
    assert (row["obs_value"], row["bound"], row["freq"]) == (9e9, "<~", "YTD")
    assert (row["value_low"], row["value_high"]) == (8e9, 9e9)


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--value", "several billion", "several billion"),
        ("--indicator", "TRADE", "CL_INDICATOR has no code for 'TRADE'"),
        ("--url", "javascript:alert(1)", "no http or https"),
        ("--source-id", "nobody", "sources.csv"),
        ("--period", "last year", "time_period"),
    ],
)
def test_a_wrong_entry_changes_nothing(
    home: Path, capsys: pytest.CaptureFixture[str], option: str, value: str, message: str
) -> None:
    entry = list(ENTRY)
    entry[entry.index(option) + 1] = value
    assert run(home, *entry, "--yes") == 1
    assert message in capsys.readouterr().err
    assert not list((home / "datasets" / "figures").glob("*added*"))


def test_a_port_in_use_is_one_message(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run(home, "serve", "--port", str(port)) == 1
    assert "cannot be used" in capsys.readouterr().err


def test_documents_verify_to_the_last_figure(home: Path, shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "verify", "--documents", str(shared / "seeds")) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "located 135/135, parsed 135/135"


def test_words_that_cannot_be_read_are_named_with_their_file_and_keep_the_last_good_store(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = home / "datasets" / "figures" / "asan-2020-kazakhstan.csv"
    ledger.write_text(ledger.read_text(encoding="utf-8").replace("three core areas", "core areas"), encoding="utf-8")
    pointer = (home / "datasets" / "store" / "current.json").read_bytes()
    assert run(home, "build") == 1
    said = "datasets/figures/asan-2020-kazakhstan.csv, asan-2020-kazakhstan-001: cannot read 'core areas'"
    assert said in capsys.readouterr().err
    assert (home / "datasets" / "store" / "current.json").read_bytes() == pointer


def test_a_damaged_store_is_one_message(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in (home / "datasets" / "store").glob("*/core_observations.parquet"):
        file.write_bytes(b"PAR1 no longer")
    assert run(home, "observations") == 1
    assert "core_observations.parquet is damaged" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_keeps_the_last_good_store(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = home / "settings.toml"
    settings.write_text('[paths]\ndatasets = "datasets"\nstore = "/proc/bilateral"\n', encoding="utf-8")
    assert run(home, "build") == 1
    assert "cannot be written" in capsys.readouterr().err


def test_the_console_script_answers_without_a_traceback() -> None:
    command = [sys.executable, "-m", "cli", "observations", "--indicator", "NOTHING"]
    ended = subprocess.run(command, cwd=Path(cli.__file__).parent, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("build", "check", "verify", "read", "observations", "add", "serve"):
        with pytest.raises(SystemExit) as stopped:
            cli.main([name, "--help"])
        assert stopped.value.code == 0
        assert f"usage: bilateral {name}" in capsys.readouterr().out
