"""Every file carries its own record, and a file that was changed afterwards is found out."""

import io
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from components.desk import Desk
from components.site import PAGES
from exports.files.record import embed, is_untouched, read_record
from exports.pictures.exhibits import frame_exhibit
from exports.pictures.render import Engine
from exports.pictures.single import export_view, rows_drawn
from exports.pictures.verify import compare_values, verify
from pipelines.errors import DataError
from pipelines.tables import Tables

VIEW = "trade-level"
RAW = {"pair": "CHN-KAZ"}
Save = Callable[[str], Path]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("records")


@pytest.fixture(scope="module")
def save(desk: Desk, engine: Engine, folder: Path) -> Save:
    """Write the view once in a format, with its record."""

    def to_file(fmt: str) -> Path:
        path = folder / f"{VIEW}.{fmt}"
        if not path.exists():
            path.write_bytes(export_view(desk, engine, VIEW, RAW, fmt=fmt, size="column"))
        return path

    return to_file


@pytest.mark.browser
@pytest.mark.parametrize("fmt", ["png", "svg", "pdf", "parquet"])
def test_a_file_carries_its_record_and_is_current(desk: Desk, save: Save, fmt: str) -> None:
    path = save(fmt)
    record = read_record(path)
    framed = frame_exhibit(desk, VIEW, RAW)
    assert record["view"] == VIEW
    assert record["parameters"]["pair"] == "CHN-KAZ"
    assert record["figure_hash"] == framed.figure_hash
    assert record["values"] == framed.record["values"]
    assert set(record["versions"]) == {"bilateral", "plotly", "python"}
    verdict = verify(path, desk)
    assert (verdict.state, verdict.text) == ("current", f"{path.name}: current")


def spoil_png(path: Path) -> None:
    with Image.open(path) as image:
        image.load()
        text = image.text["bilateral-record"]
        image.putpixel((40, 40), (1, 2, 3, 255))
        record = zlib.compress(text.encode())
        assert record
        from PIL.PngImagePlugin import PngInfo

        notes = PngInfo()
        notes.add_itxt("bilateral-record", text)
        image.save(path, pnginfo=notes)


def spoil_svg(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(">2025<") + text.count(">2020<") > 0
    path.write_text(text.replace(">2020<", ">2021<").replace(">2025<", ">2026<"), encoding="utf-8")


def spoil_pdf(path: Path) -> None:
    writer = PdfWriter(clone_from=path)
    stream = DecodedStreamObject()
    contents = PdfReader(path).pages[0].get_contents()
    assert contents is not None
    stream.set_data(contents.get_data() + b"\n0 0 50 50 re f\n")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)
    writer.write(path)


@pytest.mark.browser
@pytest.mark.parametrize(("fmt", "spoil"), [("png", spoil_png), ("svg", spoil_svg), ("pdf", spoil_pdf)])
def test_a_picture_that_was_changed_is_altered(
    desk: Desk, save: Save, tmp_path: Path, fmt: str, spoil: Callable[[Path], None]
) -> None:
    path = tmp_path / f"changed.{fmt}"
    path.write_bytes(save(fmt).read_bytes())
    spoil(path)
    assert read_record(path)["view"] == VIEW
    assert verify(path, desk).state == "altered"


@pytest.mark.browser
def test_a_record_that_was_changed_is_altered(desk: Desk, save: Save, tmp_path: Path) -> None:
    path = tmp_path / "changed.svg"
    text = save("svg").read_text(encoding="utf-8")
    path.write_text(text.replace("CHN-KAZ", "RUS-CHN", 1), encoding="utf-8")
    assert verify(path, desk).state == "altered"


def test_rows_without_a_browser_say_which_value_was_revised(desk: Desk, tables: Tables, tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    path.write_bytes(rows_drawn(desk, "energy-shares", {}, "parquet"))
    assert verify(path, desk).state == "current"
    observations = tables.observations.copy()
    observations["obs_value"] = observations["obs_value"].where(observations["unit_measure"] != "PERCENT", 1.25)
    changed = replace(tables, observations=observations, digest="f" * 64)
    verdict = verify(path, Desk(lambda known: changed, PAGES))
    assert verdict.state == "revised"
    assert any("→ 1.25" in change for change in verdict.changes)
    assert verdict.text.startswith("rows.parquet: data revised since\n  ")


def test_values_are_compared_mark_by_mark() -> None:
    def mark(identity: str, amount: float) -> dict[str, Any]:
        return {"observation_id": identity, "label": "Trade", "time_period": "2014", "obs_value": amount,
                "unit_measure": "USD"}  # fmt: skip

    lines = list(compare_values([mark("a", 95e9), mark("b", 1e9)], [mark("a", 95.4e9), mark("c", 2e9)]))
    assert [line.replace("\u00a0", " ") for line in lines] == [
        "Trade, 2014, a: US$95 bn → US$95.4 bn",
        "Trade, 2014, b: US$1 bn, gone now",
        "Trade, 2014, c: new, US$2 bn",
    ]


def test_what_carries_no_record_is_refused(tmp_path: Path, desk: Desk) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "foreign.png")
    (tmp_path / "rows.csv").write_text("a\n1\n")
    (tmp_path / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\nno")
    for name, words in {
        "foreign.png": "carries no record",
        "rows.csv": "carry no record",
        "torn.png": "no whole PNG",
    }.items():
        with pytest.raises(DataError, match=words):
            verify(tmp_path / name, desk)
    with pytest.raises(DataError, match="carries no record"):
        embed(b"a\n", "csv", {})


def test_a_pack_is_checked_file_by_file(desk: Desk, tmp_path: Path) -> None:
    import hashlib
    import json

    body = rows_drawn(desk, VIEW, {}, "parquet")
    (tmp_path / "rows.parquet").write_bytes(body)
    entry = {"file": "rows.parquet", "sha256": hashlib.sha256(body).hexdigest()}
    (tmp_path / "manifest.json").write_text(json.dumps({"files": [entry]}))
    assert verify(tmp_path, desk).state == "current"
    (tmp_path / "rows.parquet").write_bytes(body + b" ")
    assert verify(tmp_path, desk).changes == ("rows.parquet: not the file that was delivered",)
    (tmp_path / "rows.parquet").unlink()
    assert verify(tmp_path, desk).changes == ("rows.parquet: missing",)
    (tmp_path / "manifest.json").write_text(json.dumps({"files": [entry | {"file": "../../outside.png"}]}))
    with pytest.raises(DataError, match="outside its folder"):
        verify(tmp_path, desk)


def test_the_same_rows_make_the_same_file(desk: Desk) -> None:
    first, second = (rows_drawn(desk, VIEW, {}, "parquet") for _ in range(2))
    assert first == second
    assert len(pd.read_csv(io.BytesIO(rows_drawn(desk, VIEW, {}, "csv")))) == len(desk.exhibit(VIEW, {}).frame)


def test_rows_name_the_findings_their_marks_are_about(desk: Desk) -> None:
    rows = pd.read_csv(io.BytesIO(rows_drawn(desk, "trade-level", {}, "csv")))
    told = dict(zip(rows["observation_id"], rows["findings"].fillna(""), strict=True))
    assert told["valdai-2016-47-013"].startswith("conflict: ")


@pytest.mark.browser
def test_an_untouched_file_stays_untouched_when_read_twice(save: Save) -> None:
    path = save("pdf")
    assert is_untouched(path, read_record(path))
