"""A project on a read-only file system: what only reads works, what would write says so, nothing is lost."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import cli

ADD = (
    "add", "--value", "US$9 billion", "--measures", "Trade of the pair", "--indicator", "TRADE_TOTAL", "--ref-area", "CHN",
    "--counterpart-area", "KAZ", "--role", "actual", "--source-id", "xinhua", "--url", "https://example.org/a", "--period", "2019",
    "--yes",
)  # fmt: skip
ORDERS = {
    "build": ("build",),
    "forced build": ("build", "--force"),
    "check": ("check",),
    "observations": ("observations", "--indicator", "BRENT_PRICE", "--format", "json"),
    "add": ADD,
    "archive": ("forecast", "--archive"),
    "export": ("export", "--view", "trade", "--format", "csv", "--out", "HOME/trade.csv"),
}
RUN = """
import contextlib, io, json, sys
import cli
home, orders = sys.argv[1], json.loads(sys.argv[2])
answers = {}
for name, order in orders.items():
    body, err = io.BytesIO(), io.StringIO()
    out = io.TextIOWrapper(body, encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = cli.main(["--settings", f"{home}/settings.toml", *(part.replace("HOME", home) for part in order)])
    answers[name] = [status, body.getvalue().decode(), err.getvalue()]
print(json.dumps(answers))
"""
FROZEN = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
Answers = dict[str, tuple[int, str, str]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, datasets: Path, store: Path) -> Path:
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(datasets, folder / "datasets", ignore=shutil.ignore_patterns("store"))
    shutil.copytree(store, folder / "datasets" / "store")
    (folder / "settings.toml").write_text(
        '[paths]\ndatasets = "datasets"\nstore = "datasets/store"\n', encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def before(home: Path) -> dict[str, bytes]:
    return contents(home)


@pytest.fixture(scope="module")
def answers(home: Path, before: dict[str, bytes]) -> Answers:
    """What each order answers while the whole project lies on a file system that cannot be written."""
    command = [sys.executable, "-c", RUN, str(home), json.dumps(ORDERS)]
    if os.geteuid() == 0:
        unshare = shutil.which("unshare")
        frozen = [str(unshare), "--mount", "sh", "-c", FROZEN, str(home)]
        if not unshare or subprocess.run([*frozen, "true"], capture_output=True, check=False).returncode:
            pytest.skip("root may not mount here, and rights do not stop root")
        command = [*frozen, *command]
    else:
        for folder in (home, *(path for path in home.rglob("*") if path.is_dir())):
            folder.chmod(0o555)
    ended = subprocess.run(command, cwd=Path(cli.__file__).parent, capture_output=True, text=True, check=False)
    for folder in (home, *(path for path in home.rglob("*") if path.is_dir())):
        folder.chmod(0o755)
    assert ended.returncode == 0, ended.stderr
    return {name: tuple(answer) for name, answer in json.loads(ended.stdout).items()}  # type: ignore[misc]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["build", "check", "observations"])
def test_what_only_reads_works(answers: Answers, name: str) -> None:
    status, out, err = answers[name]
    assert (status, err) == (0, "")
    assert out


@pytest.mark.parametrize(
    ("name", "place", "remedy"),
    [
        ("forced build", "the store in ", "Make the folder writable, free the disk, or set another [paths] store"),
        ("add", "datasets/figures/added.csv", "Check the rights of datasets/figures/."),
        ("archive", "datasets/archive", "Check the rights of datasets/archive/."),
        ("export", "trade.csv could not be written", "Nothing was left behind."),
    ],
)
def test_what_would_write_is_one_message_with_place_and_remedy(
    answers: Answers, name: str, place: str, remedy: str
) -> None:
    status, _, err = answers[name]
    assert status == 1
    assert err.startswith("bilateral: ")
    assert place in err
    assert remedy in err
    assert len(err.splitlines()) == 1


def test_nothing_is_lost_and_nothing_left_behind(home: Path, before: dict[str, bytes], answers: Answers) -> None:
    assert answers
    assert contents(home) == before
