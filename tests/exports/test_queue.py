"""Exports of a server: refusals with their reason, one worker for all, a bounded queue, kept pictures, nothing left behind."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import orjson
import pytest

from components.desk import Desk
from exports import worker
from exports.files import kept as shelf
from exports.files.kept import kept, working_folder
from exports.pictures import errand, serving
from exports.pictures.browser import NoBrowser, find_browser
from exports.pictures.exhibits import Framed, frame_exhibit
from exports.pictures.single import picture
from exports.queue import PictureQueue
from pipelines.errors import DataError

VIEW = "trade-falls"
Asked = list[str]


@pytest.fixture
def pictures(tmp_path: Path) -> PictureQueue:
    return PictureQueue(tmp_path)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Put a worker in place that answers at once; returns what it was asked for."""
    names: Asked = []

    def answer(folder: Path, framed: Framed, fmt: str) -> tuple[int, bytes]:
        names.append(f"{framed.request.view_id}-{framed.request.size}.{fmt}")
        return 200, names[-1].encode()

    monkeypatch.setattr(serving, "ask", answer)
    monkeypatch.setattr(serving, "find_browser", lambda: "chromium")
    return names


@pytest.mark.parametrize(
    ("view", "fmt", "raw", "expected"),
    [
        ("trade-fals", "png", {}, (404, "did you mean 'trade-falls'?")),
        ("../../etc/passwd", "png", {}, (404, "There is no view")),
        (VIEW, "exe", {}, (404, "There is no format 'exe'")),
        (VIEW, "png", {"size": "huge", "pear": "x"}, (400, "no size 'huge'")),
        ("trade-level", "csv", {"pair": "X"}, (400, "pair='X' is not offered")),
        ("targets-commitments", "png", {"size": "slide"}, (400, "too small to read")),
    ],
)
def test_what_cannot_be_had_is_said_with_its_status(
    desk: Desk, pictures: PictureQueue, view: str, fmt: str, raw: dict[str, str], expected: tuple[int, str]
) -> None:
    answer = pictures.answer(desk, view, fmt, raw)
    assert answer.status == expected[0]
    assert expected[1] in answer.body.decode()


def test_a_picture_is_drawn_once_and_kept(desk: Desk, pictures: PictureQueue, asked: Asked, tmp_path: Path) -> None:
    answers = [pictures.answer(desk, "trade", "png", {"size": "slide", "mark": "x"}) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert answers[0].headers["Content-Disposition"] == 'inline; filename="trade-level-slide.png"'
    assert pictures.answer(desk, "trade", "png", {"size": "column"}).status == 200
    assert asked == ["trade-level-slide.png", "trade-level-column.png"]
    assert len(list(tmp_path.glob("*.png"))) == 2


def test_the_oldest_pictures_give_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "ROOM", 25)
    for name in ("a.png", "b.png", "c.png"):
        shelf.keep(tmp_path, name, b"0123456789")
        time.sleep(0.01)
    assert {path.name for path in tmp_path.iterdir()} == {"b.png", "c.png"}
    assert kept(tmp_path, "a.png") is None


def test_a_full_disk_costs_the_copy_and_not_the_answer(
    desk: Desk, pictures: PictureQueue, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(serving, "keep", full)
    assert pictures.answer(desk, VIEW, "png", {}).status == 200


def test_without_a_browser_rows_are_still_had(
    desk: Desk, pictures: PictureQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER_PATH", "/nonexistent")
    answer = pictures.answer(desk, VIEW, "svg", {})
    assert (answer.status, b"Install one" in answer.body) == (503, True)
    assert pictures.problem() in answer.body.decode()
    assert [pictures.answer(desk, VIEW, fmt, {}).status for fmt in ("csv", "parquet")] == [200, 200]


def test_too_many_are_told_when_to_come_again(
    desk: Desk, pictures: PictureQueue, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "ask", lambda *_: (429, b"4 pictures are waiting already"))
    answer = pictures.answer(desk, VIEW, "png", {})
    assert (answer.status, answer.headers["Retry-After"]) == (429, serving.WAIT)


def order(desk: Desk) -> bytes:
    framed = frame_exhibit(desk, VIEW, {}, "column")
    picture = {"sheet": asdict(framed.sheet), "fmt": "svg", "record": framed.record}
    return orjson.dumps({"name": VIEW, "limit": 0.05, "picture": picture})


def test_the_queue_is_bounded_and_waiting_has_an_end(desk: Desk, tmp_path: Path) -> None:
    idle = worker.Worker(tmp_path / "socket")
    for _ in range(worker.WAITING):
        assert idle._answer(order(desk)) == (503, b"trade-falls was not made within 0.05 seconds; try again.")
    assert idle._answer(order(desk))[0] == 429
    idle._listener.close()


def test_a_sheet_survives_the_way_to_the_worker(desk: Desk) -> None:
    sheet = frame_exhibit(desk, "today-trade", {}, "slide").sheet
    assert worker.read_sheet(orjson.loads(orjson.dumps(asdict(sheet)))) == sheet


def workers(folder: Path) -> list[int]:
    """Return the processes that draw for a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"exports.worker" in words and str(folder / "socket").encode() in words:
                found.append(int(entry.name))
    return found


def until(condition: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not condition():
        time.sleep(0.1)
    return condition()


@pytest.fixture
def short(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a short path, as sockets need; what was started there has ended afterwards."""
    try:
        find_browser()
    except NoBrowser as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("w")
    yield folder
    held = errand.HELD.pop(folder, None)
    if held is not None:
        held.close()
    assert until(lambda: workers(folder) == [])


@pytest.mark.browser
def test_one_worker_serves_all_and_ends_with_its_last_client(desk: Desk, engine: object, short: Path) -> None:
    framed = frame_exhibit(desk, VIEW, {}, "column")
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: errand.ask(short, framed, "svg"), range(3)))
    assert [status for status, _ in answers] == [200] * 3
    assert {body for _, body in answers} == {picture(engine, framed, "svg")}  # type: ignore[arg-type]
    assert len(workers(short)) == 1
    assert errand.ask(short, framed, "gif")[0] == 503
    errand.HELD.pop(short).close()
    assert until(lambda: workers(short) == [])
    assert errand.ask(short, framed, "svg") == answers[0]


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf.tempfile, "gettempdir", lambda: str(tmp_path))
    folder = working_folder("store")
    assert folder == working_folder("store") != working_folder("other")
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.rmdir()
    (tmp_path / "elsewhere").mkdir()
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DataError, match="belongs to somebody else"):
        working_folder("store")
