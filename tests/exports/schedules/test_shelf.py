from pathlib import Path
from typing import Any

import pytest

from exports.schedules import shelf
from exports.schedules.runs import Run
from pipelines.errors import DataError

PACK = "20261125T060000Z"


def run(**changes: Any) -> Run:
    base = {"schedule": "weekly", "due": "2026-11-25T06:00:00+00:00", "folder": PACK, "files": ("a.pdf", "data/b.csv")}
    return Run(**base | changes)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "packs" / "weekly" / PACK
    (place / "data").mkdir(parents=True)
    (place / "a.pdf").write_bytes(b"%PDF")
    (place / "data" / "b.csv").write_text("1")
    (place / "unlisted.txt").write_text("hush")
    (tmp_path / "packs" / "secret.txt").write_text("hush")
    return tmp_path / "packs"


def test_listed_files_are_found(folder: Path) -> None:
    assert shelf.find_file(folder, [run()], PACK, "a.pdf").read_bytes() == b"%PDF"
    assert shelf.find_file(folder, [run()], PACK, "data/b.csv").read_text() == "1"


@pytest.mark.parametrize(
    ("pack", "name"),
    [
        (PACK, "unlisted.txt"),
        (PACK, "../../secret.txt"),
        (PACK, "/etc/passwd"),
        (PACK, "data/../a.pdf"),
        ("..", "secret.txt"),
        ("20261124T060000Z", "a.pdf"),
        ("", "a.pdf"),
    ],
)
def test_anything_else_is_refused(folder: Path, pack: str, name: str) -> None:
    with pytest.raises(DataError, match="There is no file"):
        shelf.find_file(folder, [run()], pack, name)


def test_a_listed_name_cannot_lead_out(folder: Path) -> None:
    (folder / "weekly" / PACK / "link.txt").symlink_to(folder / "secret.txt")
    wrong = run(files=("link.txt", "../../secret.txt"))
    for name in wrong.files:
        with pytest.raises(DataError, match="There is no file"):
            shelf.find_file(folder, [wrong], PACK, name)


@pytest.mark.parametrize("name", ["../up", "", "a/b", ".locks", "A"])
def test_a_schedule_cannot_leave_the_folder(folder: Path, name: str) -> None:
    with pytest.raises(DataError, match="is no name of a schedule"):
        shelf.home(folder, name)


def test_a_pack_elsewhere_is_not_listed(folder: Path) -> None:
    assert [
        found.folder for found, _ in shelf.packs(folder, [run(), run(folder=".."), run(folder="20261124T060000Z")])
    ] == [PACK]
