"""The folder of past packs: where each schedule's packs stand, which are listed, and which have had their time."""

import datetime as dt
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from exports.schedules.plan import NAME, Schedule
from exports.schedules.runs import COMPLETE, GOOD, Run
from pipelines.errors import DataError

PACK = re.compile(r"\d{8}T\d{6}Z(-[a-z0-9]+)?")


def home(folder: Path, schedule: str) -> Path:
    """Return the folder of a schedule's packs; a name that would lead elsewhere is refused."""
    if not NAME.fullmatch(schedule):
        raise DataError(f"{schedule[:60]!r} is no name of a schedule: small letters, digits and hyphens only.")
    return folder / schedule


def pack_name(run: Run) -> str:
    """Return the name of the pack of a run: its due moment in UTC, and which attempt it is if not the first.

    >>> pack_name(Run("weekly", "2026-11-25T06:00:00+00:00", attempt=2))
    '20261125T060000Z-2'
    """
    stamp = dt.datetime.fromisoformat(run.due).astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    hand = "hand" if run.asked == "hand" else ""
    suffix = hand + (str(run.attempt) if run.attempt > 1 else "")
    return f"{stamp}-{suffix}" if suffix else stamp


def packs(folder: Path, runs: Iterable[Run]) -> Iterator[tuple[Run, Path]]:
    """Yield the runs whose pack still stands in its place, with its folder."""
    for run in runs:
        if PACK.fullmatch(run.folder):
            place = home(folder, run.schedule) / run.folder
            if place.is_dir() and not place.is_symlink():
                yield run, place


def find_file(folder: Path, runs: Iterable[Run], pack: str, name: str) -> Path:
    """Return a file of a pack if it is listed there; anything else is refused, whatever its name leads to."""
    for run, place in packs(folder, runs):
        if run.folder == pack and name in run.files:
            file = place / name
            if file.is_file() and file.resolve().is_relative_to(place.resolve()):
                return file
    raise DataError(f"There is no file {name[:80]!r} in a pack {pack[:40]!r}. The page Exports lists what there is.")


def clear(folder: Path) -> None:
    """Remove what a run that was killed left half-made in the folder of a schedule."""
    for left in folder.glob(".*.part"):
        shutil.rmtree(left, ignore_errors=True)


def sweep(folder: Path, schedule: Schedule, runs: Sequence[Run], now: dt.datetime) -> list[str]:
    """Remove the packs a schedule no longer keeps and return their names; `runs` are its runs, newest first.

    Only packs the ledger lists, in the schedule's own folder, are touched, and never the newest good one: the newest
    complete pack, or the newest at all where none is complete.
    """
    standing = list(packs(folder, runs))
    best = next((run for run, _ in standing if run.status == COMPLETE), None)
    best = best or next((run for run, _ in standing if run.status in GOOD), standing[0][0] if standing else None)
    gone = []
    for number, (run, place) in enumerate(standing):
        age = now - dt.datetime.fromisoformat(run.due)
        too_old = 0 < schedule.keep_days < age / dt.timedelta(days=1)
        if run is not best and (number >= schedule.keep_packs or too_old):
            away = place.with_name(f".{place.name}.part")
            place.replace(away)
            shutil.rmtree(away)
            gone.append(run.folder)
    return gone
