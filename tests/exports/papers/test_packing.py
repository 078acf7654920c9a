"""Packs over an address: checked before anything is made, made by a worker of their own, kept, named when incomplete."""

import datetime as dt
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from components.desk import Desk
from components.exporting import pack_facts
from exports.files.kept import Home
from exports.papers import packing
from exports.papers.packing import FILES, PackOrder, read_order, read_views
from exports.pictures.render import Engine
from exports.queue import PictureQueue

DAY = dt.date(2026, 11, 25)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, Any]]:
    """Put a worker in place that answers at once; returns what it was asked for."""
    orders: list[Mapping[str, Any]] = []

    def send(_folder: Path, order: Mapping[str, Any]) -> tuple[int, bytes]:
        orders.append(order)
        return (200, b"2\nbody") if order["pack"]["fmt"] != "docx" else (429, b"4 files are waiting already")

    monkeypatch.setattr(packing, "send", send)
    return orders


@pytest.fixture
def files(tmp_path: Path) -> PictureQueue:
    return PictureQueue(tmp_path, Home("store", "forecasts", "archive"))


def test_an_order_survives_the_way_to_the_worker() -> None:
    order = PackOrder("pdf", views=read_views(["trade-level?pair=RUS-KAZ", "energy-siberia"]), raw={"title": "Mine"})
    assert read_order(json.loads(json.dumps(order.plain))) == order
    assert order.name == "pack.pdf"


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ((["trade-level"], "exe", {}), (404, "There is no file 'exe'")),
        ((["trade-levl", "energy-siberia?x=1"], "pdf", {}), (400, "view 1: There is no chart 'trade-levl'")),
        ((["trade-level", "energy-siberia?x=1"], "pdf", {}), (400, "view 2: energy-siberia has no parameter 'x'")),
        (([], "pdf", {}), (400, "the pack holds no view")),
        ((["trade-level"] * 41, "pdf", {}), (400, "at most 40 views")),
        ((["trade-level"], "pdf", {"papier": "a4"}), (400, "'papier' is no part of a pack (did you mean 'paper'?)")),
        ((["trade-level"], "pdf", {"paper": "a5"}), (400, "paper = 'a5' is not offered")),
    ],
)
def test_what_cannot_be_had_is_said_with_its_status(
    desk: Desk, files: PictureQueue, asked: list[Any], wanted: Any, expected: tuple[int, str]
) -> None:
    answer = files.pack(desk, *wanted)
    assert answer.status == expected[0]
    assert expected[1] in answer.body.decode()
    assert asked == []


def test_a_page_is_checked_like_a_pack(desk: Desk, files: PictureQueue, asked: list[Any]) -> None:
    assert files.page(desk, "trad", "pdf", {}).status == 404
    assert files.page(desk, "trade", "pdf", {"pair": "X", "mark": "y"}).status == 400
    assert b"'pear' is no parameter of this page" in files.page(desk, "trade", "pdf", {"pear": "X"}).body
    assert asked == []
    answer = files.page(desk, "trade", "pdf", {"pair": "RUS-KAZ", "mark": "y"})
    assert answer.status == 200
    assert asked[0]["pack"]["raw"] == {"pair": "RUS-KAZ"}


def test_a_file_is_made_once_and_tells_what_is_missing_in_it(desk: Desk, files: PictureQueue, asked: list[Any]) -> None:
    answers = [files.pack(desk, ["trade-level", "energy-siberia"], "pptx", {}) for _ in range(2)]
    assert [(answer.status, answer.body) for answer in answers] == [(200, b"body")] * 2
    assert answers[1].headers["X-Bilateral-Missing"] == "2"
    assert answers[1].headers["Content-Disposition"] == 'attachment; filename="pack.pptx"'
    assert len(asked) == 1
    files.pack(desk, ["energy-siberia", "trade-level"], "pptx", {})
    assert len(asked) == 2, "another order of charts is another pack"


def test_a_full_queue_says_when_to_come_again(desk: Desk, files: PictureQueue, asked: list[Any]) -> None:
    answer = files.pack(desk, ["trade-level"], "docx", {})
    assert (answer.status, answer.headers["Retry-After"]) == (429, packing.WAIT)


def test_without_a_home_there_are_no_packs(desk: Desk, tmp_path: Path) -> None:
    assert PictureQueue(tmp_path).pack(desk, ["trade-level"], "pdf", {}).status == 503


def test_a_link_is_checked_and_answered_with_titles(desk: Desk) -> None:
    answer = pack_facts(desk, ["trade-level?pair=RUS-KAZ", "energy-siberia"])
    assert [fact["title"] for fact in json.loads(answer.body)] == ["Trade over the years", "Power of Siberia"]
    wrong = pack_facts(desk, ["trade-levl", "energy-siberia?x=1&mode=never"])
    assert wrong.status == 400
    assert wrong.body.decode().count("\n") == 3
    assert pack_facts(desk, []).status == 400


@pytest.mark.browser
def test_the_worker_makes_the_whole_pack_as_ordered(
    desk: Desk, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "_desk", lambda _home, _today: desk)
    order = PackOrder("zip", views=read_views(["trade-falls", "trade-falls?pair=RUS-CHN"]))
    wanted = {**order.plain, "store": "", "forecasts": "", "archive": "", "today": DAY.isoformat()}
    missing, _, body = packing.fulfil(wanted, engine).partition(b"\n")
    assert missing == b"0"
    archive = zipfile.ZipFile(io.BytesIO(body))
    assert archive.namelist() == [*(f"pack.{fmt}" for fmt in FILES if fmt != "zip"), "manifest.json"]
    assert json.loads(archive.read("manifest.json"))["requested"] == ["trade-falls", "trade-falls"]
