"""What the page of exports may ask of the scheduled runs; the front door supplies it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Keeper:
    """The process that keeps the schedules; `since` and `seen` are moments in UTC."""

    process: str
    since: dt.datetime
    seen: dt.datetime


@dataclass(frozen=True)
class ScheduleRow:
    """One schedule in words; `due` is its next moment."""

    name: str
    when: str
    contents: str
    destinations: str
    condition: str
    due: dt.datetime | None


@dataclass(frozen=True)
class RunRow:
    """One run as it ended or stands; `deliveries` name each destination and what became of it there."""

    schedule: str
    due: dt.datetime
    started: dt.datetime | None
    ended: dt.datetime | None
    status: str
    attempt: int
    by_hand: bool
    error: str
    deliveries: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PackRow:
    """One past pack and its files with their sizes in bytes."""

    schedule: str
    name: str
    due: dt.datetime
    status: str
    files: tuple[tuple[str, int], ...]


class RunBook(Protocol):
    """Schedules, their runs and their packs."""

    def keeper(self) -> Keeper | None:
        """Return the process that was last seen keeping the schedules; None when none is there."""
        ...

    def schedules(self, now: dt.datetime) -> Sequence[ScheduleRow]:
        """Return the schedules of the settings; wrong ones are refused with all that is wrong."""
        ...

    def history(self) -> Sequence[RunRow]:
        """Return runs, newest first."""
        ...

    def packs(self) -> Sequence[PackRow]:
        """Return the packs that can still be fetched, newest first."""
        ...

    def file(self, schedule: str, pack: str, name: str) -> Path:
        """Return a file of a pack; what is not listed there is refused."""
        ...
