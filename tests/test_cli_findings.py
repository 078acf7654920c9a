"""`bilateral check --findings` and `--candidate` as a publisher meets them: JSON to read, an exit status to gate on."""

import json
import shutil
from pathlib import Path

import pytest

import cli
from pipelines.tables import Tables


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, datasets: Path) -> Path:
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(datasets, folder / "datasets", ignore=shutil.ignore_patterns("store"))
    (folder / "settings.toml").write_text(
        '[paths]\ndatasets = "datasets"\nstore = "datasets/store"\n', encoding="utf-8"
    )
    return folder


def run(home: Path, *arguments: str) -> int:
    return cli.main(["--settings", str(home / "settings.toml"), *arguments])


def test_findings_are_json_objects_and_an_open_contradiction_fails(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(home, "check", "--findings", "--format", "json", "--fail-on", "contradiction") == 1
    rows = json.loads(capsys.readouterr().out)
    assert {"rule", "verdict", "figure_ids", "arithmetic", "explanation", "status"} <= set(rows[0])
    (fall,) = [row for row in rows if row["rule"] == "level-and-growth"]
    assert fall["figure_ids"] == ["valdai-2016-47-007", "valdai-2016-47-012", "valdai-2016-47-013"]
    assert fall["odd_one_out"] == [["valdai-2016-47-013"]]
    assert not (home / "datasets" / "store").exists()


def test_a_candidate_is_printed_as_a_person_reads_it(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = home / "new.csv"
    new.write_text(
        "as_written,indicator,ref_area,counterpart_area,time_period\n$62 billion,TRADE_TOTAL,CHN,RUS,2015\n",
        encoding="utf-8",
    )
    assert run(home, "check", "--candidate", str(new), "--fail-on", "differs") == 1
    out = capsys.readouterr().out
    assert "quoted “$62 billion”: US$61.5 bn to US$62.5 bn" in out and "2 conflict" in out
    assert run(home, "check", "--candidate", str(home)) == 1
    assert "cannot be opened" in capsys.readouterr().err


def test_what_a_person_accepts_passes_and_an_unknown_name_is_refused(
    home: Path, tables: Tables, capsys: pytest.CaptureFixture[str]
) -> None:
    is_open = tables.findings["verdict"].eq("contradiction") & tables.findings["status"].eq("open")
    names = tables.findings.loc[is_open, "finding_id"].tolist()
    register = home / "datasets" / "findings.csv"
    header = register.read_text(encoding="utf-8").splitlines()[0]
    lines = [f"{name},accepted,A. Reader,Known and shown,2026-11-25" for name in names]
    register.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    assert run(home, "check", "--findings", "--fail-on", "contradiction") == 0
    assert "contradiction, accepted" in capsys.readouterr().out
    register.write_text(f"{header}\n{names[0]}x,accepted,A. Reader,Known,2026-11-25\n", encoding="utf-8")
    assert run(home, "check", "--findings") == 1
    assert f"did you mean '{names[0]}'" in capsys.readouterr().err
