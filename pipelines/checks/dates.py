"""One event that two documents date differently."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from pipelines.checks.facts import Facts
from pipelines.checks.finding import Finding, Rule

NEAR_DAYS = 7
_ALIKE = 0.4
_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "between",
        "by",
        "for",
        "from",
        "in",
        "into",
        "is",
        "its",
        "of",
        "on",
        "or",
        "the",
        "to",
        "with",
    ]
)


def _find(facts: Facts) -> Iterator[Finding]:
    for events in _by_areas(facts).values():
        for first, second in combinations(events, 2):
            if first["source_id"] != second["source_id"] and _is_one(first, second):
                yield _dates(first, second)


def _by_areas(facts: Facts) -> Mapping[tuple[str, str], list[Mapping[str, Any]]]:
    """Events dated to the day, by the areas concerned and the fortnight; neighbours share a fortnight twice."""
    groups: defaultdict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    if facts.events.empty:
        return groups
    events: list[dict[str, Any]] = facts.events.to_dict("records")  # type: ignore[assignment]
    for event in events:
        date = str(event["date"])
        if len(date) == 10 and isinstance(event["areas"], str):
            day = dt.date.fromisoformat(date).toordinal()
            areas = ";".join(sorted(event["areas"].split(";")))
            for shift in (0, NEAR_DAYS):
                groups[areas, f"{shift}.{(day + shift) // (2 * NEAR_DAYS)}"].append(event)
    return groups


def _is_one(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    days = abs((dt.date.fromisoformat(first["date"]) - dt.date.fromisoformat(second["date"])).days)
    one, other = _tokens(first["title"]), _tokens(second["title"])
    return 0 < days <= NEAR_DAYS and len(one & other) / max(len(one | other), 1) >= _ALIKE


def _tokens(title: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", title.lower())) - _SMALL


def _dates(first: Mapping[str, Any], second: Mapping[str, Any]) -> Finding:
    early, late = sorted((first, second), key=lambda event: str(event["date"]))
    days = (dt.date.fromisoformat(late["date"]) - dt.date.fromisoformat(early["date"])).days
    shown = [dt.date.fromisoformat(event["date"]) for event in (early, late)]
    said = [f"{date.day} {date:%B %Y}" for date in shown]
    return Finding(
        "contradiction",
        f"{late['title']}: {shown[0].day} or {said[1]}",
        [
            f"{said[0]}: {early['title']} ({early['source_id']})",
            f"{said[1]}: {late['title']} ({late['source_id']})",
            f"{days} day{'s' if days > 1 else ''} apart",
        ],
        [],
        explanation="Two documents date what seems to be one event; talks and signature may have had a day each.",
        event_ids=[early["event_id"], late["event_id"]],
        is_slip=True,
    )


DATES = (
    Rule(
        "event-date",
        "One event has one date.",
        f"Compares events of different documents with the same areas, at most {NEAR_DAYS} days apart, whose titles "
        "share at least two fifths of their words.",
        _find,
    ),
)
