"""What the command line says of schedules and their runs, as a table or as JSON."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from exports.schedules.condition import plain
from exports.schedules.cron import WallClock
from exports.schedules.plan import Condition, Plan, Schedule
from exports.schedules.runs import Ledger, Run

NEXT = 3
HISTORY = 30


def list_schedules(plan: Plan, style: str) -> str:
    """Return every schedule with its moments, contents and destinations."""
    if style == "json":
        return _json([asdict(schedule) for schedule in plan.schedules.values()])
    head = ("schedule", "when", "what", "formats", "to", "only if")
    return _table(head, [_listed(schedule) for schedule in plan.schedules.values()], "no schedule is written yet")


def _listed(schedule: Schedule) -> tuple[str, ...]:
    return (
        schedule.name,
        f"{schedule.cron} ({schedule.zone})",
        schedule.contents,
        ",".join(schedule.formats),
        ",".join(schedule.destinations) or "the shelf only",
        condition_words(schedule.only_if),
    )


def condition_words(condition: Condition) -> str:
    """Return a condition in words.

    >>> condition_words(Condition(line="TRADE", above=2.5e11))
    'TRADE rises above 250,000,000,000'
    """
    if condition.changed:
        return "data changed"
    if not condition.line:
        return ""
    if condition.above is not None:
        return f"{condition.line} rises above {plain(condition.above)}"
    return f"{condition.line} falls below {plain(condition.below or 0.0)}"


def next_moments(plan: Plan, now: dt.datetime, style: str) -> str:
    """Return the next moments of every schedule, in its own time zone and in UTC, the nearest first."""
    rows = sorted(row for schedule in plan.schedules.values() for row in _moments(schedule, now))
    if style == "json":
        return _json([{"schedule": name, "due": due, "local": local} for due, name, local in rows])
    return _table(
        ("due (UTC)", "schedule", "there"), [(due[:16], name, local) for due, name, local in rows], "nothing is due"
    )


def _moments(schedule: Schedule, now: dt.datetime) -> list[tuple[str, str, str]]:
    clock, found = WallClock(schedule.cron, schedule.zone), []
    due: dt.datetime | None = None
    for _ in range(NEXT):
        due = clock.get_next_fire_time(due, now)
        if due is None:
            break
        local = due.astimezone(ZoneInfo(schedule.zone)).strftime("%a %d %b %Y %H:%M %Z")
        found.append((due.astimezone(dt.UTC).isoformat(timespec="seconds"), schedule.name, local))
    return found


def history(ledger: Ledger, schedule: str, style: str) -> str:
    """Return past runs, newest first, with what became of each delivery."""
    runs = ledger.runs(schedule, most=HISTORY)
    if style == "json":
        return _json([_told(ledger, run) for run in runs])
    head = ("due (UTC)", "schedule", "asked by", "try", "status", "ended", "files", "why")
    return _table(head, [_row(run) for run in runs], "no run yet")


def _told(ledger: Ledger, run: Run) -> Mapping[str, Any]:
    deliveries = [one for one in ledger.deliveries(run) if run.folder]
    return asdict(run) | {"deliveries": [asdict(one) for one in deliveries]}


def _row(run: Run) -> tuple[str, ...]:
    why = run.error.replace("\n", " · ")
    return (
        run.due[:16],
        run.schedule,
        run.asked,
        str(run.attempt),
        run.status,
        run.ended[:19],
        str(len(run.files)),
        why if len(why) <= 100 else why[:99] + "…",
    )


def run_words(run: Run, style: str) -> str:
    """Return how a run ended."""
    if style == "json":
        return _json(asdict(run))
    lines = [f"{run.schedule}: {run.status}", *run.error.split("\n"), *(f"{run.folder}/{name}" for name in run.files)]
    return "\n".join(line for line in lines if line)


def _json(rows: object) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], empty: str) -> str:
    if not rows:
        return empty
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in (head, *rows)
    )
