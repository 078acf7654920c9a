import datetime as dt
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import apscheduler.schedulers.base as library
import pytest
from sqlalchemy.exc import OperationalError

from exports.schedules.cron import WallClock
from exports.schedules.perform import Tools
from exports.schedules.plan import Plan, Schedule
from exports.schedules.runs import Ledger, Run
from exports.schedules.schedule import HOLDER, hold, make_scheduler, recover, run_scheduler, update_jobs
from pipelines.errors import DataError

DUE = "2026-11-25T06:00:00+00:00"


@pytest.fixture(autouse=True)
def library_reads_the_clock(clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Moment(dt.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return clock().astimezone(tz)

    monkeypatch.setattr(library, "datetime", Moment)


@contextmanager
def started(tools: Tools) -> Iterator[Callable[[], list[str]]]:
    """A scheduler that has been set up; `tick()` lets it look at the clock once and returns the statuses of all runs."""
    scheduler = make_scheduler(tools)
    scheduler.start(paused=True)
    scheduler._event.set = lambda: None

    def tick() -> list[str]:
        scheduler.state = library.STATE_RUNNING
        scheduler._process_jobs()
        scheduler.state = library.STATE_PAUSED
        for _ in range(1000):
            if not scheduler._lookup_executor("default")._instances and not tools.ledger.runs(
                statuses=("due", "running")
            ):
                break
            time.sleep(0.005)
        return [run.status for run in tools.ledger.runs()]

    try:
        update_jobs(scheduler, tools)
        recover(scheduler, tools)
        yield tick
    finally:
        del scheduler._event.set
        scheduler.shutdown()


def due(tools: Tools) -> list[str]:
    return [run.due for run in tools.ledger.runs()]


def test_a_run_happens_when_it_is_due_and_not_before(tools: Tools, clock: Any) -> None:
    clock.pass_(hours=-1)
    with started(tools) as tick:
        assert tick() == []
        clock.pass_(minutes=59)
        assert tick() == []
        clock.pass_(minutes=1)
        assert tick() == ["complete"] and due(tools) == [DUE]
        clock.pass_(hours=1)
        assert tick() == ["complete"]


def test_what_was_missed_while_down_runs_once_on_return(tools: Tools, clock: Any) -> None:
    clock.pass_(days=-4)
    with started(tools) as tick:
        assert tick() == ["complete"]
    clock.pass_(days=4, hours=1)
    with started(tools) as tick:
        assert tick() == ["complete", "complete"]
        assert due(tools) == [DUE, "2026-11-21T06:00:00+00:00"]


def test_jobs_and_runs_may_be_kept_in_postgresql(tools: Tools, clock: Any, postgresql: str) -> None:
    with Ledger(postgresql) as ledger:
        tools = replace(tools, ledger=ledger)
        test_what_was_missed_while_down_runs_once_on_return(tools, clock)
        cut = ledger.enter(Run("weekly", "2026-11-25T07:00:00+00:00", status="running"))
        with started(tools) as tick:
            assert tick() == ["complete", "interrupted", "complete", "complete"] and cut is not None


def test_a_clock_set_back_does_not_run_it_again(tools: Tools, clock: Any) -> None:
    with started(tools) as tick:
        assert tick() == ["complete"]
        clock.pass_(hours=-2)
        assert tick() == ["complete"]
        clock.pass_(hours=2)
        assert tick() == ["complete"]
    with started(tools) as tick:
        assert tick() == ["complete"]
        clock.pass_(days=1)
        assert tick() == ["complete", "complete"]


@pytest.mark.parametrize(
    ("evening", "moment"),
    [
        ("2026-10-24T20:00:00+00:00", "2026-10-25T00:30:00+00:00"),
        ("2026-03-28T20:00:00+00:00", "2026-03-29T01:30:00+00:00"),
    ],
)
def test_half_past_two_runs_once_in_the_nights_the_clocks_change(
    make_tools: Callable[..., Tools], clock: Any, evening: str, moment: str
) -> None:
    tools = make_tools(cron="30 2 * * *", zone="Europe/Berlin")
    clock.moment = dt.datetime.fromisoformat(evening)
    with started(tools) as tick:
        for _ in range(24):
            clock.pass_(minutes=30)
            tick()
    assert due(tools) == [moment]


def test_a_changed_schedule_keeps_what_it_missed(tools: Tools, clock: Any) -> None:
    clock.pass_(days=-1)
    with started(tools) as tick:
        tick()
    changed = replace(tools, plan=Plan({"weekly": replace(tools.plan.schedules["weekly"], cron="0 12 * * *")}, {}))
    clock.pass_(days=1, hours=1)
    with started(changed) as tick:
        assert tick() == ["complete", "complete"] and due(tools)[0] == DUE
        clock.pass_(hours=5)
        tick()
    assert due(tools)[0] == "2026-11-25T12:00:00+00:00"


def test_a_changed_schedule_that_missed_nothing_starts_anew(tools: Tools, clock: Any) -> None:
    with started(tools) as tick:
        tick()
    changed = replace(tools, plan=Plan({"weekly": replace(tools.plan.schedules["weekly"], cron="0 12 * * *")}, {}))
    clock.pass_(hours=1)
    with started(changed) as tick:
        assert tick() == ["complete"]
        clock.pass_(hours=5)
        assert tick() == ["complete", "complete"]


def test_a_schedule_taken_out_runs_no_more(tools: Tools, clock: Any) -> None:
    clock.pass_(hours=-1)
    with started(tools):
        pass
    clock.pass_(hours=2)
    with started(replace(tools, plan=Plan({}, {}))) as tick:
        assert tick() == []


def cut_off(tools: Tools, attempt: int) -> None:
    """Leave an attempt as a killed process leaves it, with half a pack, and set up a scheduler that does not work."""
    tools.ledger.enter(Run("weekly", DUE, attempt=attempt))
    [run] = tools.ledger.waiting("weekly")
    tools.ledger.keep(run, status="running", started=DUE)
    half = tools.folder / "weekly" / ".20261125T060000Z.part"
    half.mkdir(parents=True)
    tools.stop.set()
    with started(tools):
        pass
    tools.stop.clear()
    assert not half.exists()


def test_a_run_cut_off_is_repeated(tools: Tools) -> None:
    cut_off(tools, 1)
    with started(tools) as tick:
        assert tick() == ["complete", "interrupted"]
    assert [(run.due, run.attempt) for run in tools.ledger.runs()] == [(DUE, 2), (DUE, 1)]


def test_a_run_cut_off_again_and_again_is_given_up(tools: Tools) -> None:
    for attempt in (1, 2, 3):
        cut_off(tools, attempt)
    with started(tools) as tick:
        assert tick() == ["failed", "interrupted", "interrupted"]
    assert "given up after 3 attempts" in tools.ledger.runs()[0].error


def test_a_run_that_was_entered_and_not_begun_is_carried_out(tools: Tools) -> None:
    tools.ledger.enter(Run("weekly", "2026-11-24T06:00:00+00:00"))
    with started(tools) as tick:
        assert tick() == ["complete", "complete"]
    assert [run.attempt for run in tools.ledger.runs()] == [1, 1]


def test_a_run_by_hand_that_was_cut_off_is_marked_and_not_repeated(tools: Tools, clock: Any) -> None:
    cut = tools.ledger.enter(Run("weekly", DUE, asked="hand", status="running"))
    assert cut is not None
    clock.pass_(hours=1)
    with started(tools) as tick:
        assert tick() == ["interrupted"]


def test_a_run_due_for_a_schedule_that_is_gone_is_skipped(tools: Tools) -> None:
    tools.ledger.enter(Run("other", DUE))
    with started(tools) as tick:
        tick()
    assert {(run.schedule, run.status) for run in tools.ledger.runs()} == {("other", "skipped"), ("weekly", "complete")}


def test_a_run_still_going_when_the_next_is_due_is_not_doubled(
    make_tools: Callable[..., Tools], clock: Any, maker: Any
) -> None:
    tools, go = make_tools(cron="* * * * *"), threading.Event()
    made = maker.produce

    def slow(job: Any, folder: Any) -> Any:
        assert go.wait(10)
        return made(job, folder)

    tools = replace(tools, produce=slow)
    scheduler = make_scheduler(tools)
    scheduler.start(paused=True)
    scheduler._event.set = lambda: None
    try:
        update_jobs(scheduler, tools)
        scheduler.state = library.STATE_RUNNING
        scheduler._process_jobs()
        clock.pass_(minutes=1)
        scheduler._process_jobs()
    finally:
        go.set()
        del scheduler._event.set
        scheduler.shutdown()
    newest, first = tools.ledger.runs()
    assert (first.status, newest.status, newest.error) == ("complete", "skipped", "the run before it was still going")


def test_the_scheduler_says_it_is_alive_and_goodbye(tools: Tools, clock: Any) -> None:
    clock.pass_(hours=-1)
    seen: list[Any] = []

    class Ending(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            seen.append((tools.ledger.process(), json.loads((tools.folder / HOLDER).read_text())))
            raise KeyboardInterrupt

    tools = replace(tools, stop=Ending())
    run_scheduler(tools)
    process, held = seen[0]
    assert process.next_due == {"weekly": DUE} and held["pid"] == process.pid
    assert tools.ledger.process() is None and not (tools.folder / HOLDER).exists()


def test_a_database_that_does_not_answer_for_a_while_ends_nothing(
    tools: Tools, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("server closed the connection at postgresql://bob:hush@h/x"))

    class Ending(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            raise KeyboardInterrupt

    monkeypatch.setattr(tools.ledger, "beat", refuse)
    monkeypatch.setattr(tools.ledger, "leave", refuse)
    run_scheduler(replace(tools, stop=Ending()))
    assert caplog.text.count("the database of runs does not answer") == 2 and "hush" not in caplog.text


def test_a_scheduler_that_died_does_not_say_it_is_alive(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exports.schedules.schedule.BackgroundScheduler._main_loop", lambda self: None)
    with pytest.raises(DataError, match="the scheduler ended with an error"):
        run_scheduler(tools, beat=0.05)
    assert tools.ledger.process() is None


def test_a_second_scheduler_is_told_who_is_first(tools: Tools) -> None:
    with hold(tools.folder, DUE) as first:
        with pytest.raises(DataError, match=re.escape(f"process {first.pid} on {first.host}, since {DUE}")):
            run_scheduler(tools)
        (tools.folder / HOLDER).unlink()
        with pytest.raises(DataError, match="just starting"), hold(tools.folder, DUE):
            pass
    with hold(tools.folder, DUE):
        pass


@pytest.mark.parametrize("way", ["packs", "packs/scheduler.lock"])
def test_a_folder_that_cannot_be_written_is_one_sentence(tools: Tools, way: str) -> None:
    blocked = tools.folder.parent / way
    blocked.parent.mkdir(exist_ok=True)
    if way == "packs":
        blocked.write_text("a file in the way")
    else:
        blocked.mkdir()
    with pytest.raises(DataError, match="cannot be written"), hold(tools.folder, DUE):
        pass


def test_an_unchanged_trigger_is_equal_to_itself(tools: Tools) -> None:
    with started(tools):
        pass
    schedule = Schedule("weekly", "0 6 * * *", "UTC")
    assert WallClock(schedule.cron, schedule.zone) == WallClock("0 6 * * *", "UTC") != WallClock("0 7 * * *", "UTC")
