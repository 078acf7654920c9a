"""The process that keeps schedules: it carries out what is due, repeats what was cut off, and stops cleanly."""

import datetime as dt
import json
import logging
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from apscheduler.events import EVENT_JOB_MAX_INSTANCES, JobSubmissionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from filelock import FileLock, Timeout
from sqlalchemy.exc import SQLAlchemyError

from exports.schedules import runs, shelf
from exports.schedules.cron import WallClock
from exports.schedules.perform import Tools, alone, perform
from exports.schedules.runs import Process, Run
from exports.schedules.sending import Stopped
from pipelines.errors import DataError

LOG = logging.getLogger("bilateral.schedule")
BEAT = 20.0
MOST_ATTEMPTS = 3
HOLDER = "scheduler.json"


def run_scheduler(tools: Tools, *, beat: float = BEAT) -> None:
    """Keep the schedules of a plan until KeyboardInterrupt, then bring the run in hand to its next step and return.

    Refuses to start beside another scheduler of the same folder. `beat` is the number of seconds after which the
    process says it is alive and looks at the clock again.
    """
    with hold(tools.folder, tools.stamp()) as process:
        scheduler = make_scheduler(tools)
        scheduler.start(paused=True)
        try:
            update_jobs(scheduler, tools)
            recover(scheduler, tools)
            scheduler.resume()
            LOG.info("keeping %d schedules in %s", len(tools.plan.schedules), tools.folder)
            while not tools.stop.is_set():
                _refuse_dead(scheduler)
                _tell(lambda: tools.ledger.beat(_alive(process, scheduler, tools)), tools)
                tools.stop.wait(beat)
                scheduler.wakeup()
        except KeyboardInterrupt:
            LOG.info("asked to stop")
        finally:
            tools.stop.set()
            scheduler.shutdown(wait=True)
            _tell(tools.ledger.leave, tools)


def _refuse_dead(scheduler: Any) -> None:
    """End a process whose scheduler has died of an error, rather than say that it is alive."""
    if not scheduler._thread.is_alive():
        raise DataError("the scheduler ended with an error, see its log. Start it again; nothing that was due is lost.")


def _tell(say: Callable[[], None], tools: Tools) -> None:
    """Write to the ledger what only the page shows: a database that does not answer for a while is no reason to end."""
    try:
        say()
    except SQLAlchemyError as error:
        LOG.warning("the database of runs does not answer: %s", tools.keys.redact(str(error)))


@contextmanager
def hold(folder: Path, since: str) -> Iterator[Process]:
    """Be the only scheduler of a folder; refuses while another is, and says which. A killed one lets go by itself."""
    make_folder(folder)
    lock = FileLock(folder / "scheduler.lock")
    process = Process(os.getpid(), socket.gethostname(), since, since, {})
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise DataError(
            f"another scheduler keeps {folder}: {_holder(folder)}. Stop it first, or give this one a folder of its own "
            "in [exports] folder."
        ) from None
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        (folder / HOLDER).write_text(
            json.dumps({"pid": process.pid, "host": process.host, "since": since}), encoding="utf-8"
        )
        yield process
    finally:
        (folder / HOLDER).unlink(missing_ok=True)
        lock.release()


def make_folder(folder: Path) -> None:
    """Make the folder of packs where there is none; refuses a place that cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(folder: Path, error: OSError) -> DataError:
    return DataError(f"{folder} cannot be written: {error.strerror}. Set another [exports] folder in settings.toml.")


def _holder(folder: Path) -> str:
    try:
        held = json.loads((folder / HOLDER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "it is just starting"
    return f"process {held['pid']} on {held['host']}, since {held['since']}"


def make_scheduler(tools: Tools) -> Any:
    """Return the scheduler of a plan, not started: jobs in the ledger's database, one run at a time."""
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(engine=tools.ledger.engine, tablename=runs.JOBS)},
        executors={"default": Recording(tools)},
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        timezone=dt.UTC,
    )
    scheduler.add_listener(lambda event: _note_overlap(event, tools), EVENT_JOB_MAX_INSTANCES)
    return scheduler


def due_name(name: str) -> str:
    """Return the name of the schedule that is due: all that the job store keeps of the work itself."""
    return name


class Recording(ThreadPoolExecutor):  # type: ignore[misc]
    """Enters each due run in the ledger before the job store moves on, so that a kill in between loses nothing."""

    def __init__(self, tools: Tools):
        super().__init__(max_workers=1)
        self._tools = tools

    def _do_submit_job(self, job: Any, run_times: Sequence[dt.datetime]) -> None:
        self._tools.ledger.enter(Run(job.id, _iso(run_times[-1])))
        self._pool.submit(self._carry_out, job.id).add_done_callback(lambda ended: self._told(job.id, ended))

    def _carry_out(self, name: str) -> None:
        work(self._tools, name)

    def _told(self, name: str, ended: Any) -> None:
        error = ended.exception()
        if error is None:
            self._run_job_success(name, [])
        else:
            self._run_job_error(name, type(error)(self._tools.keys.redact(str(error))))

    def again(self, name: str) -> None:
        """Carry out what of a schedule stands in the ledger as due."""
        self._pool.submit(self._carry_out, name)


def work(tools: Tools, name: str) -> None:
    """Carry out every run of a schedule that is due, one after another; leaves them due when the process is to end."""
    for run in tools.ledger.waiting(name):
        if tools.stop.is_set():
            return
        try:
            with alone(tools, name, wait=True):
                perform(run, tools)
        except Stopped:
            return


def _note_overlap(event: JobSubmissionEvent, tools: Tools) -> None:
    tools.ledger.enter(
        Run(
            event.job_id,
            _iso(event.scheduled_run_times[-1]),
            status=runs.SKIPPED,
            ended=tools.stamp(),
            error="the run before it was still going",
        )
    )


def update_jobs(scheduler: Any, tools: Tools) -> None:
    """Make the job store's jobs those of the plan; a changed one keeps the moment it missed while nobody ran it."""
    plan, now = tools.plan.schedules, tools.now()
    for job in scheduler.get_jobs():
        if job.id not in plan:
            job.remove()
    for name, schedule in plan.items():
        trigger = WallClock(schedule.cron, schedule.zone)
        job = scheduler.get_job(name)
        if job is None:
            scheduler.add_job(
                "exports.schedules.schedule:due_name",
                trigger,
                id=name,
                args=[name],
                next_run_time=trigger.get_next_fire_time(None, now),
            )
        elif job.trigger != trigger:
            missed = job.next_run_time is not None and job.next_run_time <= now
            due = job.next_run_time if missed else trigger.get_next_fire_time(None, now)
            job.modify(trigger=trigger, next_run_time=due)


def recover(scheduler: Any, tools: Tools) -> None:
    """Repeat the runs that were cut off when a process was killed, and carry out those that were due and not begun."""
    executor = scheduler._lookup_executor("default")
    names = {run.schedule for run in tools.ledger.runs(statuses=(*runs.OPEN, runs.INTERRUPTED))}
    for name in sorted(names):
        with alone(tools, name, wait=False) as free:
            if free:
                shelf.clear(shelf.home(tools.folder, name))
                _mark_cut_off(tools, name)
        _enter_repeats(tools, name)
        if tools.ledger.waiting(name):
            executor.again(name)


def _mark_cut_off(tools: Tools, name: str) -> None:
    for run in tools.ledger.runs(name, statuses=(runs.RUNNING,)):
        tools.ledger.keep(run, status=runs.INTERRUPTED, ended=tools.stamp(), error="the process was killed during it")
    if name not in tools.plan.schedules:
        for run in tools.ledger.waiting(name):
            tools.ledger.keep(run, status=runs.SKIPPED, ended=tools.stamp(), error="the schedule was removed")


def _enter_repeats(tools: Tools, name: str) -> None:
    """Enter the next attempt of each interrupted run that was asked for by the clock, up to the third."""
    if name not in tools.plan.schedules:
        return
    for run in tools.ledger.runs(name, statuses=(runs.INTERRUPTED,)):
        if run.asked != "clock":
            continue
        if run.attempt < MOST_ATTEMPTS:
            tools.ledger.enter(Run(name, run.due, attempt=run.attempt + 1))
        else:
            given_up = f"{run.error}; given up after {MOST_ATTEMPTS} attempts"
            tools.ledger.keep(run, status=runs.FAILED, error=given_up)


def run_now(tools: Tools, name: str) -> Run:
    """Run a schedule at once, whatever its condition says, and return how it ended; refuses while a run is going."""
    tools.plan.schedule(name)
    with alone(tools, name, wait=False) as free:
        if not free:
            going = next(iter(tools.ledger.runs(name, statuses=(runs.RUNNING,))), None)
            since = f" since {going.started}" if going else ""
            raise DataError(f"{name} is being run{since}. Wait for it to end: `bilateral schedule history` shows it.")
        _mark_cut_off(tools, name)
        run = tools.ledger.enter(Run(name, tools.stamp(), asked="hand"))
        if run is None:
            raise DataError(f"{name} was run by hand this very second. Try again.")
        return perform(run, tools)


def _alive(process: Process, scheduler: Any, tools: Tools) -> Process:
    next_due = {job.id: _iso(job.next_run_time) for job in scheduler.get_jobs() if job.next_run_time}
    return Process(process.pid, process.host, process.since, tools.stamp(), next_due)


def _iso(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")
