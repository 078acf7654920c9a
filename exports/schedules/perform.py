"""Carries out one run of a schedule, from its condition to its deliveries, and writes down what became of it."""

import datetime as dt
import errno
import logging
import shutil
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from exports.schedules import runs, shelf
from exports.schedules.condition import State, reason_to_skip
from exports.schedules.delivery import deliver
from exports.schedules.keys import Keyring
from exports.schedules.parcel import Parcel
from exports.schedules.plan import Plan, Schedule
from exports.schedules.runs import Delivery, Ledger, Run
from exports.schedules.sending import WAITS, Stopped, send
from pipelines.errors import DataError

LOG = logging.getLogger("bilateral.schedule")
LOCKS = ".locks"
_PATIENCE = 0.5
_UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS}


@dataclass(frozen=True)
class Job:
    """What is to be made, and for which due moment."""

    schedule: Schedule
    due: dt.datetime


@dataclass(frozen=True)
class Outcome:
    """What was made: files as names inside the folder, what is missing by name, the digest of the data drawn."""

    files: tuple[str, ...]
    gaps: tuple[str, ...]
    digest: str


@dataclass(frozen=True)
class Tools:
    """All a run needs.

    `produce` makes the files of a job in a folder and may raise; `state` reads the data a schedule would show; `now`
    is the clock, with a time zone; `stop` is set when the process is to end; `waits` are seconds between tries.
    """

    plan: Plan
    ledger: Ledger
    keys: Keyring
    folder: Path
    produce: Callable[[Job, Path], Outcome]
    state: Callable[[Schedule], State]
    now: Callable[[], dt.datetime]
    stop: threading.Event = field(default_factory=threading.Event)
    waits: tuple[float, ...] = WAITS

    def pause(self, seconds: float) -> None:
        """Wait; a process that is to end does not."""
        if self.stop.wait(seconds):
            raise Stopped

    def stamp(self) -> str:
        """Return the moment as the ledger writes it."""
        return self.now().astimezone(dt.UTC).isoformat(timespec="seconds")


@contextmanager
def alone(tools: Tools, schedule: str, *, wait: bool) -> Iterator[bool]:
    """Hold the lock of a schedule, so that no two runs of it overlap; yields False when it is held and not waited for.

    The lock is the process's: one that is killed lets go of it.
    """
    place = tools.folder / LOCKS
    shelf.home(tools.folder, schedule).mkdir(parents=True, exist_ok=True)
    place.mkdir(parents=True, exist_ok=True)
    lock = FileLock(place / f"{schedule}.lock", thread_local=False)
    while not (held := _take(lock)) and wait:
        tools.pause(_PATIENCE)
    try:
        yield held
    finally:
        lock.release()


def _take(lock: FileLock) -> bool:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    return True


def perform(run: Run, tools: Tools) -> Run:
    """Carry out a run that stands in the ledger and return it as it ended; the caller holds the schedule's lock.

    Never raises for what may go wrong in a run: that is written down, without secrets.
    """
    run = tools.ledger.keep(run, status=runs.RUNNING, started=tools.stamp())
    try:
        run = _perform(run, tools)
        _sweep(tools.plan.schedule(run.schedule), tools)
    except (Stopped, KeyboardInterrupt):
        again = "it is repeated at the next start" if run.asked == "clock" else "run it again"
        run = _end(run, tools, runs.INTERRUPTED, f"the process was asked to stop; {again}")
    except Exception as error:
        if not isinstance(error, DataError | OSError):
            LOG.error("run of %s failed: %s", run.schedule, tools.keys.redact(traceback.format_exc()))
        run = _end(run, tools, runs.FAILED, _said(error, tools.folder))
    LOG.info("%s, due %s: %s%s", run.schedule, run.due, run.status, f" ({run.error})" if run.error else "")
    return run


def _said(error: Exception, folder: Path) -> str:
    if isinstance(error, OSError) and error.errno in _UNWRITABLE:
        return f"{folder} cannot be written: {error.strerror}. Free the disk, or set another [exports] folder."
    return str(error) if isinstance(error, DataError) else f"{type(error).__name__}: {error}"


def _end(run: Run, tools: Tools, status: str, error: str) -> Run:
    return tools.ledger.keep(
        tools.ledger.run(run.run_id), status=status, ended=tools.stamp(), error=tools.keys.redact(error)
    )


def _perform(run: Run, tools: Tools) -> Run:
    schedule = tools.plan.schedule(run.schedule)
    home = shelf.home(tools.folder, schedule.name)
    shelf.clear(home)
    state = tools.state(schedule)
    line = schedule.only_if.line
    run = tools.ledger.keep(run, digest=state.digest, line=line, reading=state.readings.get(line))
    earlier = [one for one in tools.ledger.runs(schedule.name) if one.run_id != run.run_id]
    if run.asked == "clock" and (reason := reason_to_skip(schedule.only_if, state, earlier)):
        return _end(run, tools, runs.SKIPPED, reason)
    made = _make(Job(schedule, dt.datetime.fromisoformat(run.due)), home / shelf.pack_name(run), tools)
    run = tools.ledger.keep(run, folder=shelf.pack_name(run), files=made.files, digest=made.digest)
    failures, reached = _deliver_all(run, made, tools)
    problems = [*made.gaps, *failures]
    lost = bool(schedule.destinations) and not reached
    status = runs.FAILED if lost else runs.INCOMPLETE if problems else runs.COMPLETE
    return _end(run, tools, status, "\n".join(problems))


def _sweep(schedule: Schedule, tools: Tools) -> None:
    try:
        shelf.sweep(tools.folder, schedule, tools.ledger.runs(schedule.name), tools.now())
    except OSError as error:
        LOG.warning("old packs of %s could not be removed: %s", schedule.name, error)


def _make(job: Job, place: Path, tools: Tools) -> Outcome:
    """Make the pack beside its place and move it there when it is whole."""
    part = place.with_name(f".{place.name}.part")
    part.mkdir(parents=True)
    try:
        made = tools.produce(job, part)
        made = replace(made, gaps=tuple(tools.keys.redact(gap) for gap in made.gaps))
        if not made.files:
            raise DataError("nothing could be made: " + ("; ".join(made.gaps) or "the pack would be empty") + ".")
        _check_stop(tools)
        part.replace(place)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return made


def _check_stop(tools: Tools) -> None:
    if tools.stop.is_set():
        raise Stopped


def _deliver_all(run: Run, made: Outcome, tools: Tools) -> tuple[list[str], int]:
    """Send the pack everywhere it has not arrived yet; return what failed, and how many destinations have it."""
    schedule = tools.plan.schedule(run.schedule)
    arrived = {one.destination for one in tools.ledger.deliveries(run) if one.status == "delivered"}
    status = runs.INCOMPLETE if made.gaps else runs.COMPLETE
    place = shelf.home(tools.folder, schedule.name) / run.folder
    parcel = Parcel(schedule.name, run.folder, place, made.files, run.due, status, made.gaps, made.digest)
    failures = []
    for name in schedule.destinations:
        if name in arrived:
            continue
        _check_stop(tools)
        carry = partial(_carry, parcel, name, tools)
        sent = send(carry, tools.pause, tools.waits)
        error = tools.keys.redact(sent.error)
        word = "delivered" if sent.done else "failed"
        tools.ledger.deliver(run, Delivery(name, word, sent.tries, tools.stamp(), error))
        failures += [] if sent.done else [f"{name}: {error}"]
    return failures, len(schedule.destinations) - len(failures)


def _carry(parcel: Parcel, name: str, tools: Tools) -> None:
    deliver(parcel, tools.plan.destinations[name], tools.keys, lambda: tools.now().timestamp())
