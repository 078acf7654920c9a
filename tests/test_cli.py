"""The command line as its users meet it: results on standard output, one message and exit 1 for wrong input."""

import datetime as dt
import errno
import io
import json
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import cli
from pipelines import entry, flow

ROOT = Path(__file__).resolve().parents[1]


def furnish(folder: Path, datasets: Path, store: Path) -> Path:
    """Fill a project folder with the real datasets and a store that is up to date."""
    shutil.copytree(datasets, folder / "datasets", ignore=shutil.ignore_patterns("store"))
    shutil.copytree(store, folder / "datasets" / "store")
    (folder / "settings.toml").write_text(
        '[paths]\ndatasets = "datasets"\nstore = "datasets/store"\n', encoding="utf-8"
    )
    return folder


@pytest.fixture
def home(tmp_path: Path, datasets: Path, store: Path) -> Path:
    """A project folder of its own."""
    return furnish(tmp_path, datasets, store)


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory, datasets: Path, store: Path) -> Path:
    """One project folder for all that only read it."""
    return furnish(tmp_path_factory.mktemp("home"), datasets, store)


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


def test_observations_as_json_are_rows_with_figure_ids(shared_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run(
            shared_home,
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
    shared_home: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(shared_home, "observations", "--indicator", "BRENT_PRICE", "--format", "csv") == 0
    table = tmp_path / "brent.csv"
    table.write_bytes(capfdbinary.readouterr().out)
    assert run(shared_home, "observations", "--indicator", "BRENT_PRICE", "--format", "parquet") == 0
    parquet = tmp_path / "brent.parquet"
    parquet.write_bytes(capfdbinary.readouterr().out)
    assert pd.read_csv(table)["obs_value"].tolist() == pd.read_parquet(parquet)["obs_value"].tolist()


def test_an_area_matches_any_of_several(shared_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run(shared_home, "observations", "--counterpart-area", "UZB", "--indicator", "ROUTE_LENGTH", "--format", "json")
        == 0
    )
    rows = json.loads(capsys.readouterr().out)
    assert {row["counterpart_area"] for row in rows} == {"KGZ;UZB"}


def test_as_of_hides_what_was_not_out(shared_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(shared_home, "observations", "--indicator", "TRADE_TOTAL", "--as-of", "2016", "--format", "json") == 0
    strict = {row["observation_id"] for row in json.loads(capsys.readouterr().out)}
    assert "valdai-2016-47-007" in strict
    assert not any(name.startswith("asan-2020") for name in strict)


IMF = ("observations", "--source-id", "imf_dots", "--ref-area", "CHN", "--format", "json")


@pytest.mark.parametrize(
    ("asked", "count", "why"),
    [
        (("--as-of", "2019"), 0, "nothing of this was published by 2019: of 58 such observations today the first was"),
        (("--as-of", "2021-12-30"), 0, "the first was published 2021. Ask for a later date, or for --mode cut"),
        (("--as-of", "2021"), 58, ""),
        (("--as-of", "1991", "--mode", "cut"), 0, "nothing of this was known of the years to 1991"),
        (("--as-of", "2000", "--mode", "cut"), 18, ""),
        ((), 58, ""),
    ],
)
def test_nothing_leaks_from_later_and_an_empty_answer_says_why(
    shared_home: Path, capsys: pytest.CaptureFixture[str], asked: tuple[str, ...], count: int, why: str
) -> None:
    assert run(shared_home, *IMF, *asked) == 0
    printed = capsys.readouterr()
    rows = json.loads(printed.out)
    assert len(rows) == count
    assert why in printed.err
    assert bool(why) == bool(printed.err)
    if "cut" in asked:
        assert all(row["time_period"] <= asked[1] for row in rows)


def test_misprints_left_out_are_counted(shared_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(shared_home, "observations") == 0
    printed = capsys.readouterr()
    assert printed.out.endswith("\n1833 observations\n")
    assert "30 marked as misprint or other scope left out; --hidden shows them" in printed.err
    assert run(shared_home, "observations", "--hidden") == 0
    assert capsys.readouterr().out.endswith("\n1863 observations\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("observations", "--indicator", "TRADE_TOTALS"), "did you mean 'TRADE_TOTAL'"),
        (("observations", "--role", "aim"), "Known are actual, capacity, condition"),
        (
            ("observations", "--indicator", "BRENT_PRICE", "--role", "target"),
            "no observation has role 'target' together with indicator 'BRENT_PRICE'",
        ),
        (("observations", "--as-of", ""), "as_of='' is no date"),
        (("observations", "--mode", "cut"), "--mode cut needs a date. Give --as-of"),
        (("observations", "--as-of", "yesterday"), "Write 2016, 2016-08 or 2016-08-31"),
        (("verify",), "Give --documents DIR"),
        (("verify", "--documents", "nowhere"), "there is no folder"),
        (("verify", "--documents", "."), "none of the 5 documents is in"),
        (("read", "nowhere.txt"), "nowhere.txt is missing. Copy the document there"),
        (("read", "."), ". is a folder. Name the text file of a document"),
        (("check", "--format", "json"), "Add --findings or --candidate FILE"),
        (("build", "--accept", "x"), "--accept says something of the gate. Add --gate"),
        (("--settings", "nowhere.toml", "build"), "nowhere.toml cannot be read"),
        (("add", "--value", "$5 billion"), "--measures is missing"),
    ],
)
def test_wrong_input_gets_one_message_and_exit_1(
    shared_home: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert run(shared_home, *arguments) == 1
    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.err.startswith("bilateral: ")
    assert "Traceback" not in printed.err


ENTRY = (
    "add", "--value", "nearly US$9 billion", "--measures", "Trade of the pair in the first half", "--indicator", "TRADE_TOTAL", "--ref-area", "CHN",
    "--counterpart-area", "KAZ", "--role", "actual", "--source-id", "valdai-2016-47", "--url", "https://example.org/page", "--period", "2025-01/2025-06",
)  # fmt: skip


def entered(**other: str) -> list[str]:
    """The order of a good entry with some options changed."""
    order = list(ENTRY)
    for name, value in other.items():
        option = f"--{name.replace('_', '-')}"
        if option in order:
            order[order.index(option) + 1] = value
        else:
            order += [option, value]
    return order


def test_an_added_figure_is_read_back_appended_and_built(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, *ENTRY, "--yes") == 0
    said = capsys.readouterr().out.replace("\u00a0", " ")
    assert "added-001: 'nearly US$9 billion' is read as just under US$9 bn (US$8.1 bn to US$9 bn)" in said
    assert (
        run(home, "observations", "--source-id", "valdai-2016-47", "--counterpart-area", "KAZ", "--format", "json") == 0
    )
    rows = {row["figure_id"]: row for row in json.loads(capsys.readouterr().out)}
    row = rows["added-001"]
    assert (row["as_written"], row["obs_value"], row["bound"], row["freq"]) == ("nearly US$9 billion", 9e9, "<~", "YTD")
    assert (row["value_low"], row["value_high"]) == (8.1e9, 9e9)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"value": "$5–7 billion"}, (6e9, 5e9, 7e9, "flow")),
        ({"value": "€5.2bn"}, (5.2e9, 5.15e9, 5.25e9, "flow")),
        ({"value": "a fall of 28%"}, (-28, -28.5, -27.5, "growth")),
        ({"value": "12.2 million tonnes", "indicator": "CRUDE_IMP"}, (12.2e6, 12.15e6, 12.25e6, "flow")),
        ({"value": "200,000 jobs", "indicator": "JOB_COUNT", "role": "plan"}, (2e5, 2e5, 2e5, "count")),
        ({"value": "49", "indicator": "PROJECT_COUNT", "unit": "COUNT"}, (49, 49, 49, "count")),
        ({"value": "half a million people", "indicator": "POPULATION"}, (5e5, 4.5e5, 5.5e5, "stock")),
        ({"value": "38 bcm annually", "indicator": "PIPELINE_CAPACITY"}, (38, 37.5, 38.5, "level")),
    ],
    ids=lambda value: value["value"] if isinstance(value, dict) else "",
)
def test_numbers_of_every_kind_keep_their_words_and_their_interval(
    datasets: Path, observed: pd.DataFrame, typed: dict[str, str], expected: tuple[float, float, float, str]
) -> None:
    given = dict(zip((name[2:].replace("-", "_") for name in ENTRY[1::2]), ENTRY[2::2], strict=True)) | typed
    words = {entry.OPTIONS.get(name, name): value for name, value in given.items()}
    made = entry.compose_entry(datasets, words, observed, dt.date(2026, 5, 1)).observed
    found = made[["obs_value", "value_low", "value_high"]].astype(float).tolist()
    assert found == pytest.approx(expected[:3])
    assert (made["as_written"], made["measure_type"]) == (typed["value"], expected[3])


@pytest.fixture(scope="module")
def observed(datasets: Path) -> pd.DataFrame:
    return flow.observe_all(datasets)


def test_the_same_figure_is_not_appended_twice(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, *ENTRY, "--yes") == 0
    added = home / "datasets" / "figures" / "added.csv"
    before = added.read_bytes()
    assert run(home, *ENTRY, "--yes") == 1
    assert "valdai-2016-47 says the same of the same fact in added-001" in capsys.readouterr().err
    assert added.read_bytes() == before
    added.write_bytes(before.rstrip(b"\n"))
    assert run(home, *entered(value="US$10 billion", period="2024"), "--yes") == 0
    assert added.read_text(encoding="utf-8").splitlines()[2].startswith("added-002,")


def test_what_another_table_holds_of_the_source_is_not_added(
    shared_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = entered(
        value="$95 billion", source_id="valdai-2016-47", ref_area="RUS", counterpart_area="CHN", period="2014"
    )
    assert run(shared_home, *order, "--yes") == 1
    assert "says the same of the same fact in valdai-2016-47-007" in capsys.readouterr().err


@pytest.mark.parametrize("answer", ["n", "", None])
def test_without_a_yes_nothing_is_written(
    shared_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, answer: str | None
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("" if answer is None else f"{answer}\n"))
    assert run(shared_home, *ENTRY) == 1
    assert capsys.readouterr().out.endswith("nothing was written\n")
    assert not list((shared_home / "datasets" / "figures").glob("*added*"))


def test_ctrl_c_leaves_nothing_half_done(
    shared_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.input", stop)
    assert run(shared_home, *ENTRY) == 130
    assert capsys.readouterr().err == "\nbilateral: stopped\n"
    assert not list((shared_home / "datasets" / "figures").glob("*added*"))


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("value", "several billion", "several billion"),
        ("value", "5 km", "'5 km' is in KM, but TRADE_TOTAL is measured in USD"),
        ("value", "49", "it is a bare number. Write what is counted"),
        ("indicator", "TRADE", "CL_INDICATOR has no code for 'TRADE' (did you mean 'TRADE_TOTAL'?)"),
        ("url", "javascript:alert(1)", "--url 'javascript:alert(1)' is no http or https address"),
        ("source_id", "nobody", "sources.csv"),
        ("project_id", "AIIBB", "has no row in datasets/projects.csv (did you mean 'AIIB'?)"),
        ("role", "actuals", "did you mean 'actual'"),
        ("period", "last year", "--period 'last year' is no period"),
        ("published", "2025-02-30", "--published '2025-02-30' is no date"),
        ("published", "2025-03", "lies before the end of --period 2025-01/2025-06"),
    ],
)
def test_a_wrong_entry_changes_nothing(
    shared_home: Path, capsys: pytest.CaptureFixture[str], option: str, value: str, message: str
) -> None:
    assert run(shared_home, *entered(**{option: value}), "--yes") == 1
    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.out == ""
    assert not list((shared_home / "datasets" / "figures").glob("*added*"))


def test_a_port_in_use_is_one_message(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run(home, "serve", "--port", str(port)) == 1
    assert "cannot be used" in capsys.readouterr().err


def test_serve_says_where_it_is_once_it_answers_and_ends_when_told(home: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "cli", "--settings", str(home / "settings.toml"), "serve", "--port", str(port)]
    with subprocess.Popen([*command, "--workers", "1"], cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            said = next(line for line in iter(server.stdout.readline, "") if line.startswith("Bilateral is at"))
            assert f"http://127.0.0.1:{port} " in said
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
                assert answer.status == 200
        finally:
            server.terminate()
        assert server.wait(timeout=30) == 0


def test_documents_verify_to_the_last_figure(
    shared_home: Path, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(shared_home, "verify", "--documents", str(shared / "seeds")) == 0
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


def flipped(raw: bytes) -> bytes:
    third = len(raw) // 3
    return raw[:third] + bytes([raw[third] ^ 0xFF]) + raw[third + 1 :]


@pytest.mark.parametrize("damage", [flipped, lambda raw: raw[:500]], ids=["flipped", "cut"])
@pytest.mark.parametrize("command", [["build"], ["observations", "--indicator", "BRENT_PRICE"]], ids=lambda it: it[0])
def test_a_damaged_store_is_said_in_one_message_and_built_anew(
    home: Path, capsys: pytest.CaptureFixture[str], damage: Callable[[bytes], bytes], command: list[str]
) -> None:
    file = next((home / "datasets" / "store").glob("*/core_observations.parquet"))
    file.write_bytes(damage(file.read_bytes()))
    assert run(home, *command) == 0
    said = capsys.readouterr()
    assert said.err.splitlines()[0] == (
        f"bilateral: core_observations.parquet in {home / 'datasets' / 'store'} is damaged. "
        f"The store was built anew from {home / 'datasets'}; its figures are whole."
    )
    assert "Traceback" not in said.err
    assert run(home, *command) == 0
    assert "damaged" not in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_keeps_the_last_good_store(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = home / "datasets" / "store"
    before = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    real = Path.mkdir

    def mkdir(path: Path, *given: Any, **options: Any) -> None:
        if path.parent == folder:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        real(path, *given, **options)

    monkeypatch.setattr(Path, "mkdir", mkdir)
    assert run(home, "build", "--force") == 1
    assert f"the store in {folder} cannot be written: Permission denied" in capsys.readouterr().err
    assert {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert run(home, "observations", "--indicator", "BRENT_PRICE") == 0


def test_the_console_script_answers_without_a_traceback() -> None:
    command = [sys.executable, "-m", "cli", "observations", "--indicator", "NOTHING"]
    ended = subprocess.run(command, cwd=Path(cli.__file__).parent, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["bild"], "invalid choice: 'bild'"),
        (["observations", "--format", "xml"], "argument --format: invalid choice: 'xml'"),
        (["observations", "--colour", "red"], "unrecognized arguments: --colour red"),
        (["read"], "the following arguments are required: file"),
    ],
)
def test_strange_words_of_a_command_are_one_message(
    home: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert run(home, *words) == 1
    printed = capsys.readouterr()
    assert said in printed.err and len(printed.err.splitlines()) == 1 and printed.out == ""
    assert re.search(r"See bilateral( \w+)? --help\.$", printed.err.strip())


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    choices = [action.choices for action in cli.parser()._actions if isinstance(action.choices, dict)]
    names = [name for commands in choices for name in commands]
    assert {"build", "forecast", "backtest", "export", "schedule", "serve"} <= set(names)
    for name in names:
        with pytest.raises(SystemExit) as stopped:
            cli.main([name, "--help"])
        assert stopped.value.code == 0
        said = capsys.readouterr().out
        assert f"usage: bilateral {name}" in said and len(said.split("\n\n")[1]) > 15
