"""The store is written whole or not at all, enforces its schema, and says what is damaged."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from pipelines import flow
from pipelines.errors import StoreError
from pipelines.schema import STORED, Field, Table
from pipelines.store import POINTER, find_damage, parquet_bytes, read_pointer, read_tables, write_store

PAIR = Table(
    "core_pair", "a pair", ("name",), (Field("name", "a name", required=True), Field("size", "a size", "number"))
)


def frame(*names: str) -> pd.DataFrame:
    return pd.DataFrame({"name": list(names), "size": [1.5] * len(names)})


def test_gives_back_what_was_written(tmp_path: Path) -> None:
    write_store(tmp_path, {"core_pair": frame("a", "b")}, {"core_pair": PAIR}, "inputs")
    pd.testing.assert_frame_equal(
        read_tables(tmp_path, {"core_pair": PAIR})["core_pair"], frame("a", "b").astype({"name": "str"})
    )


def test_digest_depends_on_content_only(tmp_path: Path) -> None:
    first = write_store(tmp_path / "one", {"core_pair": frame("a")}, {"core_pair": PAIR}, "x")
    second = write_store(tmp_path / "two", {"core_pair": frame("a")}, {"core_pair": PAIR}, "y")
    other = write_store(tmp_path / "three", {"core_pair": frame("b")}, {"core_pair": PAIR}, "x")
    assert first["digest"] == second["digest"] != other["digest"]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (frame("a", "a"), "stands twice"),
        (pd.DataFrame({"name": [None], "size": [1.0]}), "required column name is empty"),
        (pd.DataFrame({"name": ["a"], "weight": [1.0]}), "do not fit schema"),
        (pd.DataFrame({"name": ["a"], "size": ["big"]}), "holds what is no number"),
    ],
)
def test_refuses_what_does_not_fit_and_keeps_the_last_good_store(
    tmp_path: Path, bad: pd.DataFrame, message: str
) -> None:
    good = write_store(tmp_path, {"core_pair": frame("a")}, {"core_pair": PAIR}, "x")
    with pytest.raises(StoreError, match=message):
        write_store(tmp_path, {"core_pair": bad}, {"core_pair": PAIR}, "y")
    assert read_pointer(tmp_path) == good
    assert len(read_tables(tmp_path, {"core_pair": PAIR})["core_pair"]) == 1


def test_no_store_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="bilateral build"):
        read_pointer(tmp_path)


def test_damage_is_named_with_its_remedy(tmp_path: Path) -> None:
    pointer = write_store(tmp_path, {"core_pair": frame("a")}, {"core_pair": PAIR}, "x")
    file = tmp_path / str(pointer["generation"]) / "core_pair.parquet"
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(StoreError, match=r"core_pair\.parquet is damaged.*build --force"):
        read_tables(tmp_path, {"core_pair": PAIR})
    file.unlink()
    with pytest.raises(StoreError, match=r"core_pair\.parquet is missing"):
        read_tables(tmp_path, {"core_pair": PAIR})
    (tmp_path / POINTER).write_text("{", encoding="utf-8")
    with pytest.raises(StoreError, match="damaged"):
        read_pointer(tmp_path)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Expecting value"),
        ("null", "it is no JSON object"),
        ("[1]", "it is no JSON object"),
        ('{"digest": "x", "tables": {}}', "it names no generation and digest"),
        ('{"generation": "../../etc", "digest": "x", "tables": {}}', "it names no generation and digest"),
        ('{"generation": "x", "digest": "x", "tables": 5}', "it counts no tables"),
        ("\xff", "utf-8"),
    ],
)
def test_a_damaged_pointer_is_told_with_its_remedy(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / POINTER).write_text(text, encoding="latin-1")
    with pytest.raises(StoreError, match=f"current\\.json is damaged .*{why}.*build --force"):
        read_pointer(tmp_path)


def test_a_byte_that_flipped_is_found(tmp_path: Path) -> None:
    names = frame(*(f"name {number}" for number in range(500)))
    pointer = write_store(tmp_path, {"core_pair": names}, {"core_pair": PAIR}, "x")
    file = tmp_path / str(pointer["generation"]) / "core_pair.parquet"
    raw = bytearray(file.read_bytes())
    raw[200] ^= 1
    file.write_bytes(raw)
    with pytest.raises(StoreError, match=r"core_pair\.parquet is damaged.*build --force"):
        read_tables(tmp_path, {"core_pair": PAIR})


def test_a_lost_cut_or_altered_file_is_named(tmp_path: Path) -> None:
    pointer = write_store(tmp_path, {"core_pair": frame("a")}, {"core_pair": PAIR}, "x")
    file = tmp_path / str(pointer["generation"]) / "core_pair.parquet"
    whole = file.read_bytes()
    assert find_damage(tmp_path, pointer) == ""
    assert "current.json" in find_damage(tmp_path, {**pointer, "sums": {}})
    for body in (whole[:-1], whole[:200] + bytes([whole[200] ^ 1]) + whole[201:]):
        file.write_bytes(body)
        assert find_damage(tmp_path, pointer) == f"core_pair.parquet in {tmp_path} is damaged."
    file.unlink()
    assert find_damage(tmp_path, pointer) == f"core_pair.parquet in {tmp_path} is damaged."


def test_a_file_of_another_schema_is_refused(tmp_path: Path) -> None:
    write_store(tmp_path, {"core_pair": frame("a")}, {"core_pair": PAIR}, "x")
    other = Table(
        "core_pair", "a pair", ("name",), (Field("name", "a name", required=True), Field("size", "a size", "text"))
    )
    with pytest.raises(StoreError, match=r"does not fit schema\.py"):
        read_tables(tmp_path, {"core_pair": other})


def test_a_folder_that_cannot_be_made_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be written"):
        write_store(tmp_path / "file" / "store", {"core_pair": frame("a")}, {"core_pair": PAIR}, "x")


def test_downloads_are_parquet(tmp_path: Path) -> None:
    path = tmp_path / "pair.parquet"
    path.write_bytes(parquet_bytes(frame("a"), PAIR))
    assert pd.read_parquet(path)["name"].tolist() == ["a"]


def test_every_stored_table_has_a_key_and_described_fields() -> None:
    for table in STORED.values():
        assert set(table.key) <= set(table.columns)
        assert all(field.description for field in table.fields)


KILL_AT_SYNC = """
import os, signal, sys
from pathlib import Path
from pipelines import flow
real, count = os.fsync, [0]
def sync(descriptor):
    count[0] += 1
    if count[0] == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
    real(descriptor)
os.fsync = sync
flow.build(Path(sys.argv[1]), Path(sys.argv[2]), force=True)
"""


@pytest.mark.parametrize("sync", [1, 2, 9, 17, 18, 19, 20])
def test_a_build_killed_at_any_write_leaves_a_good_store(tmp_path: Path, datasets: Path, sync: int) -> None:
    good, _ = flow.build(datasets, tmp_path)
    before = len(flow.load_tables(tmp_path).observations)
    command = [sys.executable, "-c", KILL_AT_SYNC, str(datasets), str(tmp_path), str(sync)]
    killed = subprocess.run(command, cwd=datasets.parent, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert read_pointer(tmp_path)["digest"] == good["digest"]
    assert len(read_tables(tmp_path, STORED)["core_observations"]) == before
    again, _ = flow.build(datasets, tmp_path, force=True)
    assert again["digest"] == good["digest"]
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [again["generation"]]


@pytest.mark.parametrize("share", [0.2, 0.7])
def test_a_build_killed_while_computing_leaves_the_last_good_store(
    tmp_path: Path, datasets: Path, share: float
) -> None:
    began = time.monotonic()
    good, _ = flow.build(datasets, tmp_path)
    seconds = time.monotonic() - began
    code = "import sys; from pathlib import Path; from pipelines import flow; print(1, flush=True); flow.build(Path(sys.argv[1]), Path(sys.argv[2]), force=True)"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(datasets), str(tmp_path)], stdout=subprocess.PIPE, cwd=datasets.parent
    ) as started:
        assert started.stdout is not None
        started.stdout.readline()
        time.sleep(share * seconds)
        started.kill()
    assert read_pointer(tmp_path)["digest"] == good["digest"]
    assert len(read_tables(tmp_path, STORED)["core_observations"]) > 1800
