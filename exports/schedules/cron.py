"""Cron expressions as cron itself means them, and the moments at which they are due in a time zone."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

from pipelines.errors import DataError, nearest

_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_PART = re.compile(r"(\*|[a-z]{3}|\d+)(?:-([a-z]{3}|\d+))?(?:/(\d+))?")
_TICK = dt.timedelta(microseconds=1)
MACROS: Mapping[str, str] = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}


@dataclass(frozen=True)
class _Field:
    name: str
    label: str
    low: int
    high: int
    names: tuple[str, ...] = ()


_FIELDS = (
    _Field("minute", "minute", 0, 59),
    _Field("hour", "hour", 0, 23),
    _Field("day", "day of the month", 1, 31),
    _Field("month", "month", 1, 12, _MONTHS),
    _Field("day_of_week", "day of the week", 0, 7, _WEEKDAYS),
)


class WallClock(BaseTrigger):  # type: ignore[misc]
    """The moments of a cron expression in a time zone.

    As cron does, a job at a fixed hour runs once in the night in which that hour comes twice, and once when it is left
    out; a job of every hour keeps to elapsed time. Sunday is 0 and 7. When both the day of the month and the day of
    the week are given, either is enough. A moment returned is later than `previous`, whatever the clock says.
    """

    def __init__(self, expression: str, zone: str):
        self.expression, self.zone = expression, zone
        self._prepare()

    def _prepare(self) -> None:
        fields = read_cron(self.expression)
        self._fixed = not fields["hour"].startswith("*")
        either = not fields["day"].startswith("*") and not fields["day_of_week"].startswith("*")
        variants = ({"day": "*"}, {"day_of_week": "*"}) if either else ({},)
        self._crons = [CronTrigger(**_spelled(fields | variant), timezone=ZoneInfo(self.zone)) for variant in variants]

    def get_next_fire_time(self, previous_fire_time: dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
        """Return the first moment after the previous one, or not before now when there is none; None for never."""
        due = self._next(previous_fire_time, now)
        while due is not None and self._fixed and due.fold:
            due = self._next(due, due)
        return due

    def _next(self, previous: dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
        since = now if previous is None else previous.astimezone(dt.UTC) + _TICK
        found = [due for cron in self._crons if (due := cron.get_next_fire_time(previous, since)) is not None]
        return min(found, default=None, key=dt.datetime.timestamp)

    def __getstate__(self) -> dict[str, Any]:
        return {"expression": self.expression, "zone": self.zone}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.expression, self.zone = state["expression"], state["zone"]
        self._prepare()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WallClock) and self.__getstate__() == other.__getstate__()

    def __hash__(self) -> int:
        return hash((self.expression, self.zone))

    def __str__(self) -> str:
        return f"{self.expression} ({self.zone})"


def check_zone(zone: str) -> str:
    """Return the time zone if it is known; refuse it with the nearest otherwise."""
    if zone not in available_timezones():
        known = sorted(available_timezones())
        raise DataError(f"{zone[:60]!r} is no time zone{nearest(zone, known)}. Write one such as 'Europe/Berlin'.")
    return zone


def read_cron(expression: str) -> dict[str, str]:
    """Return the five fields of an expression by name, checked; all that is wrong with it is said at once."""
    text = MACROS.get(expression.strip().lower(), expression).lower()
    parts = text.split()
    if len(parts) != len(_FIELDS):
        raise DataError(
            f"{expression[:60]!r} has {len(parts)} fields, not five. Write minute, hour, day of the month, month and "
            "day of the week, such as '0 6 1 * *'."
        )
    problems = []
    for field, part in zip(_FIELDS, parts, strict=True):
        try:
            _values(field, part)
        except DataError as error:
            problems.append(str(error))
    fields = {field.name: part for field, part in zip(_FIELDS, parts, strict=True)}
    if not problems and not _ever(fields):
        problems = [f"{expression!r} never comes: no such month has that day. Correct the day or the month."]
    if problems:
        raise DataError(" ".join(problems))
    return fields


def _ever(fields: Mapping[str, str]) -> bool:
    if not fields["day_of_week"].startswith("*"):
        return True
    days, months = _values(_FIELDS[2], fields["day"]), _values(_FIELDS[3], fields["month"])
    return min(days) <= max(_LONGEST_MONTH[month - 1] for month in months)


def _values(field: _Field, text: str) -> list[int]:
    """Return the numbers a field stands for, as cron counts them."""
    return sorted({value for part in text.split(",") for value in _part(field, part)})


def _part(field: _Field, text: str) -> range:
    match = _PART.fullmatch(text)
    if match is None or (match[1] == "*" and match[2]) or (match[3] and match[1] != "*" and not match[2]):
        raise _refusal(field, text)
    first = field.low if match[1] == "*" else _number(field, match[1], text)
    last = field.high if match[1] == "*" else _number(field, match[2] or match[1], text)
    step = int(match[3] or 1)
    if first > last or step < 1:
        raise _refusal(field, text)
    return range(first, last + 1, step)


def _number(field: _Field, word: str, text: str) -> int:
    if word in field.names:
        return field.names.index(word) + field.low
    if not word.isdigit() or not field.low <= int(word) <= field.high:
        raise _refusal(field, text)
    return int(word)


def _refusal(field: _Field, text: str) -> DataError:
    names = f", {field.names[0]} to {field.names[-1]}" if field.names else ""
    return DataError(
        f"{text[:30]!r} is no {field.label}. Write {field.low} to {field.high}{names}, a range such as "
        f"{field.low}-{field.low + 2}, a list with commas, or */2."
    )


def _spelled(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields as the library wants them: numbers only, and days of the week counted from Monday."""
    spelled = {}
    for field in _FIELDS:
        values = _values(field, fields[field.name])
        if field.name == "day_of_week":
            values = sorted({(value - 1) % 7 for value in values})
        everything = len(values) == (7 if field.name == "day_of_week" else field.high - field.low + 1)
        spelled[field.name] = "*" if everything else ",".join(str(value) for value in values)
    return spelled
