import datetime as dt
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from components.desk import Desk
from components.pages.exports import SHOWN, body, exports_page
from components.runbook import Keeper, PackRow, RunRow, ScheduleRow
from components.shell import create_app
from pipelines.errors import DataError
from pipelines.tables import Tables

NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
RUN = RunRow("weekly", NOW - HOUR, NOW - HOUR, NOW - HOUR + dt.timedelta(seconds=41), "complete", 1, False, "")


@dataclass
class Book:
    """A book of runs as tests write it."""

    home: Path = Path()
    kept_by: Keeper | None = None
    written: list[ScheduleRow] = field(default_factory=list)
    runs: list[RunRow] = field(default_factory=list)
    kept: list[PackRow] = field(default_factory=list)
    wrong: str = ""

    def keeper(self) -> Keeper | None:
        return self.kept_by

    def schedules(self, now: dt.datetime) -> list[ScheduleRow]:
        if self.wrong:
            raise DataError(self.wrong)
        return self.written

    def history(self) -> list[RunRow]:
        return self.runs

    def packs(self) -> list[PackRow]:
        return self.kept

    def file(self, schedule: str, pack: str, name: str) -> Path:
        if name not in ("a.csv", "data/b.csv", "gone.csv"):
            raise DataError("There is no file of that name.")
        return self.home / name


def words(book: Book) -> str:
    return str(body(book, NOW))


def test_an_empty_book_says_what_to_do() -> None:
    text = words(Book())
    for sentence in (
        "Not running. Start it with bilateral schedule run",
        "No schedule is written",
        "No run yet",
        "No pack is kept",
    ):
        assert sentence in text
    assert "Nothing is due" in text and "None in the runs below" in text


@pytest.mark.parametrize(
    ("ago", "sentence", "kind"),
    [(12, "last heard of 12 seconds ago", "good"), (7200, "Not heard of for 2 hours", "bad")],
)
def test_health_tells_a_scheduler_that_lives_from_one_that_was_killed(ago: int, sentence: str, kind: str) -> None:
    book = Book(kept_by=Keeper("process 17 on desk-1", NOW - 24 * HOUR, NOW - dt.timedelta(seconds=ago)))
    text = words(book)
    assert sentence in text and "process 17 on desk-1" in text
    assert text.index(f"className='{kind}'") < text.index("Last failure")


def test_health_names_the_last_failure_and_what_is_next() -> None:
    rows = [
        ScheduleRow(name, "0 6 * * 1", "trade: csv", "archive", "", NOW + days * HOUR)
        for name, days in (("b", 9), ("a", 2))
    ]
    failed = replace(RUN, status="failed", error="the disk is full\nand more")
    text = words(Book(written=rows, runs=[RUN, failed, replace(failed, schedule="older")]))
    assert "weekly, due 25 Nov 2026, 11:00 UTC: the disk is full'" in text
    assert "a, 25 Nov 2026, 14:00 UTC" in text and "always" in text


def test_runs_say_how_they_went_and_where_they_were_sent() -> None:
    sent = replace(
        RUN, status="incomplete", attempt=2, by_hand=True, deliveries=(("archive", "delivered"), ("hook", "failed"))
    )
    text = words(Book(runs=[sent, replace(RUN, status="running", ended=None)]))
    assert (
        "(by hand, attempt 2)" in text
        and "archive, hook (failed)" in text
        and "41 seconds" in text
        and "1 hour" in text
    )
    assert "tag is-doubtful" in text
    many = words(Book(runs=[RUN] * (SHOWN + 3)))
    assert "3 older runs" in many and many.count("41 seconds") == SHOWN


def test_wrong_schedules_are_said_on_the_page() -> None:
    text = words(Book(wrong="settings.toml: one\nsettings.toml: two", runs=[RUN]))
    assert "The schedules cannot be used" in text and "settings.toml: two" in text and "41 seconds" in text


@pytest.fixture
def client(tmp_path: Path, make_tables: Callable[..., Tables]) -> FlaskClient:
    (tmp_path / "data").mkdir()
    for name in ("a.csv", "data/b.csv"):
        (tmp_path / name).write_text(name)
    pack = PackRow("weekly", "20261123T050000Z", NOW, "complete", (("a.csv", 5), ("data/b.csv", 10)))
    book = Book(tmp_path, kept=[pack])
    return create_app(Desk(make_tables, (exports_page(lambda: book, lambda: NOW),))).server.test_client()


def test_listed_files_are_sent_to_be_saved(client: FlaskClient) -> None:
    with client.get("/download/pack/weekly/20261123T050000Z/data/b.csv") as sent:
        assert (sent.status_code, sent.text) == (200, "data/b.csv")
        assert "attachment" in sent.headers["Content-Disposition"]


def test_a_pack_is_sent_whole(client: FlaskClient) -> None:
    sent = client.get("/download/pack/weekly/20261123T050000Z.zip")
    with zipfile.ZipFile(io.BytesIO(sent.data)) as archive:
        assert archive.namelist() == ["a.csv", "data/b.csv"]


@pytest.mark.parametrize(
    "path",
    [
        "weekly/20261123T050000Z/c.csv",
        "weekly/20261123T050000Z/%2e%2e/x",
        "weekly/x.zip",
        "weekly/20261123T050000Z/gone.csv",
    ],
)
def test_anything_else_is_not_found(client: FlaskClient, path: str) -> None:
    sent: Any = client.get(f"/download/pack/{path}")
    assert sent.status_code == 404
    assert "There is no" in sent.text or "no longer there" in sent.text


def test_the_page_stands_in_the_footer_only(client: FlaskClient) -> None:
    layout = str(client.get("/_dash-layout").get_json())
    assert layout.count("'href': '/exports'") == 1
