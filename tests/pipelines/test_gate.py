"""The gate: what moves, is lost or newly contradicts is refused by name, and the last store stays as it was."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import cli
from pipelines import flow
from pipelines.errors import DataError, StoreError
from pipelines.gate import Gate, compare_stores, figures_changed, refuse_unaccepted
from pipelines.schema import STORED
from pipelines.store import read_tables

OBSERVATIONS = pd.DataFrame(
    {
        "observation_id": ["paper-001", "paper-002"],
        "series_id": ["said", "said"],
        "obs_value": [95e9, 62e9],
        "unit_measure": ["USD", "USD"],
        "provenance": ["quoted", "quoted"],
    }
)
SERIES = pd.DataFrame(
    {
        "line_id": ["office.total"] * 3,
        "time_period": ["2013", "2014", "2015"],
        "obs_value": [89e9, 95.2e9, 68e9],
        "unit_measure": ["USD"] * 3,
    }
)
FINDINGS = pd.DataFrame(
    {
        "finding_id": ["growth-aaaaaaaa"],
        "verdict": ["contradiction"],
        "status": ["open"],
        "title": ["95 less 28 % is not 62"],
    }
)
LAST = {"core_observations": OBSERVATIONS, "out_series": SERIES, "out_findings": FINDINGS}


def changed(**frames: pd.DataFrame) -> list[str]:
    return [change.name for change in compare_stores(LAST, LAST | frames, 1.0) if change.must_be_accepted]


def with_value(value: float) -> pd.DataFrame:
    return SERIES.assign(obs_value=[89e9, 95.2e9, value])


def test_equal_stores_pass_and_say_so() -> None:
    assert compare_stores(LAST, LAST, 1.0) == []
    assert figures_changed([]) == "## Figures changed\n\n- None.\n"


@pytest.mark.parametrize(("value", "is_refused"), [(68.6e9, False), (68.7e9, True), (67.4e9, False), (60e9, True)])
def test_a_value_that_moves_by_more_than_the_stated_amount_must_be_accepted(value: float, is_refused: bool) -> None:
    assert changed(out_series=with_value(value)) == (["moved:office.total"] if is_refused else [])


def test_every_move_is_told_even_one_that_needs_no_acceptance() -> None:
    text = figures_changed(compare_stores(LAST, LAST | {"out_series": with_value(68.34e9)}, 1.0))
    assert text == "## Figures changed\n\n- office.total, 2015: US$68 bn → US$68.34 bn (+0.50 %)\n"


def test_a_change_of_unit_must_be_accepted() -> None:
    assert changed(out_series=SERIES.assign(unit_measure=["USD", "USD", "EUR"])) == ["moved:office.total"]


def test_lost_points_and_figures_must_be_accepted_and_new_ones_not() -> None:
    more = pd.concat([SERIES, SERIES.tail(1).assign(time_period="2016")], ignore_index=True)
    assert changed(out_series=SERIES.tail(2)) == ["lost:office.total"]
    assert changed(core_observations=OBSERVATIONS.head(1)) == ["lost:said"]
    assert changed(out_series=more) == []
    assert "- office.total: 1 new" in figures_changed(compare_stores(LAST, LAST | {"out_series": more}, 1.0))


def test_a_new_contradiction_must_be_accepted_unless_a_person_said_why() -> None:
    new = pd.concat([FINDINGS, FINDINGS.assign(finding_id="growth-bbbbbbbb")], ignore_index=True)
    assert changed(out_findings=new) == ["new:growth-bbbbbbbb"]
    assert changed(out_findings=new.assign(status="accepted")) == []
    assert changed(out_findings=new.assign(verdict="tension")) == []
    gone = figures_changed(compare_stores(LAST, LAST | {"out_findings": FINDINGS.head(0)}, 1.0))
    assert "no longer found, growth-aaaaaaaa" in gone


def test_the_refusal_lists_everything_once_with_the_names_to_accept() -> None:
    changes = compare_stores(LAST, LAST | {"out_series": with_value(60e9), "core_observations": OBSERVATIONS[:1]}, 1.0)
    with pytest.raises(DataError) as refused:
        refuse_unaccepted(changes, ["moved:office.totl"], Path("figures-changed.md"))
    words = str(refused.value)
    assert "2 of 2 changes are not accepted" in words
    assert "moved:office.total\n    office.total, 2015: US$68 bn → US$60 bn (−11.76 %)" in words
    assert "lost:said\n    said, paper-002: US$62 bn is lost" in words
    assert "--accept moved:office.totl names no change (did you mean 'moved:office.total'?)" in words
    refuse_unaccepted(changes, ["moved:office.*", "lost:said"], Path("figures-changed.md"))


@pytest.fixture
def home(tmp_path: Path, datasets: Path, store: Path) -> Path:
    shutil.copytree(datasets, tmp_path / "datasets", ignore=shutil.ignore_patterns("store"))
    shutil.copytree(store, tmp_path / "datasets" / "store")
    (tmp_path / "settings.toml").write_text('[paths]\ndatasets = "datasets"\nstore = "datasets/store"\n')
    return tmp_path


@pytest.fixture(scope="module")
def frames(store: Path) -> dict[str, pd.DataFrame]:
    return read_tables(store, STORED)


@pytest.fixture
def built_from(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, pd.DataFrame]], None]:
    """Let a build give these frames, so that it need not compute them anew."""
    return lambda frames: monkeypatch.setattr(flow, "build_frames", lambda _: frames)


def build(home: Path, *arguments: str) -> int:
    return cli.main(["--settings", str(home / "settings.toml"), "build", "--gate", *arguments])


def replace(home: Path, file: str, old: str, new: str) -> None:
    path = home / "datasets" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def everything(home: Path) -> dict[str, bytes]:
    files = [*(home / "datasets" / "store").rglob("*"), home / "datasets" / "store.lock"]
    return {str(path): path.read_bytes() for path in files if path.is_file()}


def test_a_refused_build_leaves_store_and_lock_and_an_accepted_one_replaces_them(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(home)
    row = next(line for line in (home / "datasets/statistics/gazprom.csv").read_text().splitlines() if ",2024," in line)
    replace(home, "statistics/gazprom.csv", row, row.replace("31.12", "35.12"))
    assert build(home) == 1
    said = capsys.readouterr()
    assert "the store was not replaced" in said.err
    assert "moved:gazprom.RUS.CHN.GAS_DELIVERY" in said.err
    assert "31.12 bcm → 35.12 bcm (+12.85 %)" in said.out
    assert everything(home) == before
    assert "35.12 bcm" in (home / "datasets" / "figures-changed.md").read_text(encoding="utf-8")
    assert build(home, "--accept", "moved:gazprom.*", "moved:*POWER_OF_SIBERIA*", "new:*", "lost:*") == 0
    said = capsys.readouterr()
    assert said.out.startswith("## Figures changed")
    assert "built: 1863 observations" in said.out
    assert everything(home) != before


def test_a_lost_point_is_refused_however_far_values_may_move(
    home: Path, capsys: pytest.CaptureFixture[str], frames: Any, built_from: Any
) -> None:
    lines = frames["out_series"]
    built_from(
        frames | {"out_series": lines[~lines["line_id"].str.startswith("gazprom") | (lines["time_period"] < "2025")]}
    )
    assert build(home, "--force", "--most-change", "50", "--changes", str(home / "mine.md")) == 1
    assert "lost:gazprom.RUS.CHN.GAS_DELIVERY" in capsys.readouterr().err
    assert "is lost" in (home / "mine.md").read_text(encoding="utf-8")


def test_without_a_store_the_first_build_passes(tmp_path: Path, datasets: Path, frames: Any, built_from: Any) -> None:
    said: list[str] = []
    built_from(frames)
    gate = Gate(1.0, (), tmp_path / "changes.md", said.append)
    _, built = flow.build(datasets, tmp_path / "store", gate=gate)
    assert built
    assert said == [f"no store in {tmp_path / 'store'} yet: nothing to compare"]
    assert not (tmp_path / "changes.md").exists()


@pytest.mark.parametrize("damage", ["file", "pointer"])
def test_a_damaged_store_is_refused_and_left(
    tmp_path: Path, datasets: Path, store: Path, damage: str, frames: Any, built_from: Any
) -> None:
    copy = tmp_path / "store"
    shutil.copytree(store, copy)
    built_from(frames)
    broken = copy / "current.json" if damage == "pointer" else next(copy.rglob("out_series.parquet"))
    broken.write_bytes(b"no")
    with pytest.raises(StoreError, match="nothing can be compared"):
        flow.build(datasets, copy, force=True, gate=Gate(1.0, (), tmp_path / "changes.md", print))
    assert broken.read_bytes() == b"no"


def test_an_unchanged_store_is_up_to_date_behind_the_gate(
    home: Path, capsys: pytest.CaptureFixture[str], frames: Any, built_from: Any
) -> None:
    assert build(home) == 0
    assert capsys.readouterr().out.startswith("up to date")
    built_from(frames)
    assert build(home, "--force") == 0
    assert "- None." in capsys.readouterr().out
