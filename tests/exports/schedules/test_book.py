import datetime as dt
from pathlib import Path

import pytest

from components.desk import Desk
from exports.schedules.book import Book
from exports.schedules.runs import Delivery, Ledger, Process, Run
from pipelines.errors import DataError
from pipelines.settings import load_settings

DUE = "2026-11-23T05:00:00+00:00"
NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
SETTINGS = """
[paths]
datasets = "datasets"
store = "store"
[[schedules]]
name = "weekly"
cron = "0 6 * * 1"
timezone = "Europe/Berlin"
views = ["trade"]
formats = ["csv"]
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "settings.toml").write_text(SETTINGS)
    return tmp_path


def open_book(home: Path, desk: Desk) -> Book:
    return Book(load_settings(home / "settings.toml", {}), {}, desk)


def fill(home: Path) -> None:
    place = home / "packs" / "weekly" / "20261123T050000Z"
    place.mkdir(parents=True)
    (place / "a.csv").write_text("12345")
    with Ledger(f"sqlite:///{home / 'packs' / 'runs.db'}") as ledger:
        run = ledger.enter(
            Run("weekly", DUE, status="complete", started=DUE, ended=DUE, files=("a.csv",), folder=place.name)
        )
        assert run is not None
        ledger.deliver(run, Delivery("archive", "delivered", 1, DUE))
        ledger.enter(Run("weekly", "2026-11-24T05:00:00+00:00", asked="hand", status="failed", error="why"))
        ledger.beat(Process(17, "desk-1", DUE, DUE, {}))


def test_where_nothing_was_run_nothing_is_made(home: Path, desk: Desk) -> None:
    book = open_book(home, desk)
    assert (book.keeper(), book.history(), book.packs()) == (None, [], [])
    assert not (home / "packs").exists()
    [row] = book.schedules(NOW)
    assert (row.when, row.contents, row.destinations) == ("0 6 * * 1 (Europe/Berlin)", "trade: csv", "the shelf only")
    assert row.due == dt.datetime(2026, 11, 30, 5, tzinfo=dt.UTC)


def test_the_book_tells_runs_packs_and_their_files(home: Path, desk: Desk) -> None:
    fill(home)
    book = open_book(home, desk)
    failed, good = book.history()
    assert (failed.status, failed.by_hand, failed.error, failed.started) == ("failed", True, "why", None)
    assert (good.deliveries, good.ended) == ((("archive", "delivered"),), dt.datetime.fromisoformat(DUE))
    [pack] = book.packs()
    assert (pack.name, pack.files) == ("20261123T050000Z", (("a.csv", 5),))
    assert book.file("weekly", pack.name, "a.csv").read_text() == "12345"
    for wrong in (("other", pack.name, "a.csv"), ("weekly", pack.name, "../../runs.db")):
        with pytest.raises(DataError, match="There is no file"):
            book.file(*wrong)
    keeper = book.keeper()
    assert keeper is not None and keeper.process == "process 17 on desk-1"


def test_wrong_schedules_are_told_and_not_raised_as_anything_else(home: Path, desk: Desk) -> None:
    (home / "settings.toml").write_text(SETTINGS.replace("0 6", "0 25"))
    with pytest.raises(DataError, match="no hour"):
        open_book(home, desk).schedules(NOW)
