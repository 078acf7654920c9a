from pathlib import Path

import pytest

from pipelines.errors import SettingsError
from pipelines.settings import load_settings

GOOD = '[paths]\ndatasets = "datasets"\nstore = "store"\n[serve]\nhost = "127.0.0.1"\nport = 8050\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "settings.toml"
    file.write_text(GOOD, encoding="utf-8")
    return file


def test_paths_are_relative_to_the_file(path: Path) -> None:
    settings = load_settings(path, {})
    assert (settings.datasets, settings.store) == (path.parent / "datasets", path.parent / "store")
    assert (settings.host, settings.port, settings.documents) == ("127.0.0.1", 8050, None)


def test_packs_and_runs_lie_beside_the_file_unless_told(path: Path) -> None:
    settings = load_settings(path, {})
    assert settings.exports == path.parent / "packs"
    assert settings.runs == f"sqlite:///{path.parent / 'packs' / 'runs.db'}" and settings.schedules == {}
    path.write_text(GOOD + '[exports]\nfolder = "out"\nstore = "env:RUNS"\n[[schedules]]\nname = "weekly"\n')
    settings = load_settings(path, {})
    assert (settings.exports, settings.runs) == (path.parent / "out", "env:RUNS")
    assert settings.schedules == {"schedules": [{"name": "weekly"}]}
    assert load_settings(path, {"BILATERAL_EXPORTS": "/srv/packs"}).exports == Path("/srv/packs")


def test_the_environment_wins(path: Path, tmp_path: Path) -> None:
    settings = load_settings(path, {"HOST": "0.0.0.0", "PORT": "9000", "BILATERAL_DOCUMENTS": str(tmp_path)})  # noqa: S104
    assert (settings.host, settings.port, settings.documents) == ("0.0.0.0", 9000, tmp_path)  # noqa: S104


def test_settings_of_another_encoding_are_named(path: Path) -> None:
    path.write_bytes(b"\xff" + GOOD.encode())
    with pytest.raises(SettingsError, match="not valid TOML in UTF-8"):
        load_settings(path, {})


@pytest.mark.parametrize(
    ("text", "environ", "message"),
    [
        (GOOD.replace("store =", "stores ="), {}, r"unknown key stores in \[paths\] \(did you mean 'store'\?\)"),
        (GOOD.replace("[serve]", "[server]"), {}, r"unknown section \[server\] \(did you mean 'serve'\?\)"),
        (GOOD.replace('store = "store"\n', ""), {}, r"\[paths\] store is missing"),
        (GOOD + "[[schedule]]", {}, r"unknown section \[schedule\] \(did you mean 'schedules'\?\)"),
        (GOOD + "x", {}, "not valid TOML"),
        ("paths = 5", {}, r"paths is no section\. Write \[paths\]"),
        (GOOD, {"PORT": "eighty"}, "not a number from 1 to 65535"),
        (GOOD, {"PORT": "70000"}, "not a number from 1 to 65535"),
        (GOOD, {"BILATERAL_DOCUMENTS": "nowhere"}, "there is no folder"),
    ],
)
def test_a_wrong_setting_is_named(path: Path, text: str, environ: dict[str, str], message: str) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        load_settings(path, environ)


def test_a_missing_file_says_where_to_run(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Run from the project's folder"):
        load_settings(tmp_path / "settings.toml", {})


def test_the_gate_s_limit_is_read_and_checked(path: Path) -> None:
    assert load_settings(path, {}).most_change == 1.0
    path.write_text(GOOD + "[gate]\nmost_change = 2.5\n")
    assert load_settings(path, {}).most_change == 2.5
    path.write_text(GOOD + '[gate]\nmost_change = "much"\n')
    with pytest.raises(SettingsError, match="most_change 'much' is not a number from 0 to 100"):
        load_settings(path, {})
