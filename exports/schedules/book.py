"""The book of runs behind the page Exports: schedules of the settings, runs of the ledger, packs of the shelf."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from components.desk import Desk
from components.runbook import Keeper, PackRow, RunRow, ScheduleRow
from exports.schedules import shelf
from exports.schedules.cron import WallClock
from exports.schedules.keeping import PROJECT, load_plan, open_ledger
from exports.schedules.keys import Keyring, is_reference
from exports.schedules.plan import Schedule
from exports.schedules.runs import Ledger, Process, Run
from exports.schedules.tell import HISTORY, condition_words
from pipelines.settings import Settings

MOST = 500


class Book:
    """Reads what the page shows; it opens the database anew each time, and makes none where none is yet."""

    def __init__(self, settings: Settings, environ: Mapping[str, str], desk: Desk):
        self._settings, self._desk = settings, desk
        self._keys = Keyring(environ, PROJECT)

    @contextmanager
    def _ledger(self) -> Iterator[Ledger | None]:
        if not is_reference(self._settings.runs):
            url = make_url(self._settings.runs)
            if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).is_file()):
                yield None
                return
        with open_ledger(self._settings, self._keys) as ledger:
            yield ledger

    def keeper(self) -> Keeper | None:
        """Return the process that was last seen keeping the schedules."""
        process = self._process()
        if process is None:
            return None
        return Keeper(f"process {process.pid} on {process.host}", _moment(process.since), _moment(process.beat))

    def _process(self) -> Process | None:
        with self._ledger() as ledger:
            return ledger.process() if ledger else None

    def schedules(self, now: dt.datetime) -> list[ScheduleRow]:
        """Return the schedules of the settings with their next moments; wrong ones are refused."""
        plan = load_plan(self._settings, None, self._desk, None)
        return [_schedule(schedule, now) for schedule in plan.schedules.values()]

    def _runs(self, most: int = 0) -> list[Run]:
        with self._ledger() as ledger:
            return ledger.runs(most=most) if ledger else []

    def history(self) -> list[RunRow]:
        """Return runs, newest first; deliveries of the newest ones."""
        with self._ledger() as ledger:
            runs = ledger.runs(most=MOST) if ledger else []
            sent = {run.run_id: ledger.deliveries(run) for run in runs[:HISTORY] if run.folder} if ledger else {}
        words = {key: tuple((one.destination, one.status) for one in rows) for key, rows in sent.items()}
        return [_row(run, words.get(run.run_id, ())) for run in runs]

    def packs(self) -> list[PackRow]:
        """Return the packs that still stand on the shelf."""
        found = shelf.packs(self._settings.exports, self._runs())
        return [
            PackRow(
                run.schedule,
                run.folder,
                _moment(run.due),
                run.status,
                tuple((name, (place / name).stat().st_size) for name in run.files if (place / name).is_file()),
            )
            for run, place in found
        ]

    def file(self, schedule: str, pack: str, name: str) -> Path:
        """Return a listed file of a pack."""
        runs = [run for run in self._runs() if run.schedule == schedule]
        return shelf.find_file(self._settings.exports, runs, pack, name)


def _schedule(schedule: Schedule, now: dt.datetime) -> ScheduleRow:
    return ScheduleRow(
        schedule.name,
        f"{schedule.cron} ({schedule.zone})",
        f"{schedule.contents}: {', '.join(schedule.formats)}",
        ", ".join(schedule.destinations) or "the shelf only",
        condition_words(schedule.only_if),
        WallClock(schedule.cron, schedule.zone).get_next_fire_time(None, now),
    )


def _row(run: Run, deliveries: tuple[tuple[str, str], ...]) -> RunRow:
    return RunRow(
        run.schedule,
        _moment(run.due),
        _moment(run.started) if run.started else None,
        _moment(run.ended) if run.ended else None,
        run.status,
        run.attempt,
        run.asked == "hand",
        run.error,
        deliveries,
    )


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
