"""Schedules and destinations as they are written in a settings file, read and checked at once."""

import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exports.schedules.cron import check_zone, read_cron
from exports.schedules.destinations import KINDS, Destination, read_destination
from exports.schedules.keys import Keyring
from pipelines.errors import DataError, nearest, raise_all

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
KEEP_PACKS = 12
_KEYS = (
    "name", "cron", "timezone", "report", "views", "parameters", "formats", "size", "destinations", "keep_packs",
    "keep_days", "only_if",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """One view of a pack, under its parameters."""

    view: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Condition:
    """When a due run is worth sending: always, if data changed, or if a line crosses a value in its base unit."""

    changed: bool = False
    line: str = ""
    above: float | None = None
    below: float | None = None


@dataclass(frozen=True)
class Schedule:
    """What is made, when, for whom and how long it is kept; `keep_days` of 0 keeps by number only."""

    name: str
    cron: str
    zone: str
    report: str = ""
    views: tuple[Wanted, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    size: str = ""
    destinations: tuple[str, ...] = ()
    only_if: Condition = Condition()
    keep_packs: int = KEEP_PACKS
    keep_days: int = 0

    @property
    def contents(self) -> str:
        """What is in its packs, in a few words."""
        return self.report or ", ".join(wanted.view for wanted in self.views)


@dataclass(frozen=True)
class Plan:
    """All schedules and destinations of a file, by name."""

    schedules: Mapping[str, Schedule]
    destinations: Mapping[str, Destination]

    def schedule(self, name: str) -> Schedule:
        """Return the schedule of that name; an unknown one is refused with the nearest."""
        if name not in self.schedules:
            known = ", ".join(self.schedules) or "none"
            raise DataError(
                f"there is no schedule {name[:60]!r}{nearest(name, self.schedules)}. Schedules written: {known}."
            )
        return self.schedules[name]


@dataclass(frozen=True)
class Known:
    """What a schedule may ask for; the callables refuse with words what does not exist."""

    view: Callable[[str, Mapping[str, str]], object]
    report: Callable[[str, Mapping[str, str]], object]
    lines: Collection[str]
    report_formats: Sequence[str]
    view_formats: Sequence[str]
    sizes: Sequence[str]


SECTIONS = ("schedules", "destinations")


def read_file(path: Path) -> dict[str, Any]:
    """Return what a TOML file says; `read_plan` says what may stand in it."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}. Give another file with --schedules.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path.name} is not valid TOML: {error}.") from error


def read_plan(values: Mapping[str, Any], file: str, known: Known, keys: Keyring | None) -> Plan:
    """Return the checked plan; every problem of every schedule and destination is said at once, with its place.

    With a keyring, the secrets the destinations need must be there as well.
    """
    problems = [f"{file}: {_strange(key)}" for key in values if key not in SECTIONS]
    destinations: dict[str, Destination] = {}
    for place, entry in _entries(values, "destinations", file, problems):
        destination, wrong = read_destination(entry, keys)
        problems += [f"{place}: {text}" for text in wrong]
        destinations.setdefault(destination.name, destination)
    schedules: dict[str, Schedule] = {}
    for place, entry in _entries(values, "schedules", file, problems):
        reader = _Reader(entry, known, destinations)
        schedule = reader.schedule()
        problems += [f"{place}: {text}" for text in reader.problems]
        schedules.setdefault(schedule.name, schedule)
    raise_all(problems)
    return Plan(schedules, destinations)


def _strange(section: str) -> str:
    remedy = "Only [[schedules]] and [[destinations]] stand in a file of their own; all else stands in settings.toml."
    return f"unknown section {section}{nearest(section, SECTIONS)}. {remedy}"


def _entries(
    values: Mapping[str, Any], section: str, file: str, problems: list[str]
) -> list[tuple[str, Mapping[str, Any]]]:
    """Return place and entry of each table of a section; names that are missing, strange or doubled are problems."""
    entries = values.get(section, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        problems.append(f"{file}: {section} must be written as [[{section}]] tables.")
        return []
    found, seen = [], set()
    for number, entry in enumerate(entries, 1):
        name = entry.get("name", "")
        place = f"{file}, [[{section}]] {number}" + (f" {str(name)[:60]!r}" if name else "")
        if not isinstance(name, str) or not NAME.fullmatch(name):
            problems.append(
                f"{place}: the name may only hold small letters, digits and hyphens, because it becomes the name of a "
                "folder. Give a name such as 'quarterly'."
            )
        elif name in seen:
            problems.append(f"{place}: the name stands twice. Rename one.")
        seen.add(name)
        found.append((place, entry))
    return found


class _Reader:
    """Reads one schedule and gathers what is wrong with it."""

    def __init__(self, entry: Mapping[str, Any], known: Known, destinations: Mapping[str, Destination]):
        self._entry, self._known, self._destinations = entry, known, destinations
        self.problems = [f"unknown key {key!r}{nearest(key, _KEYS)}." for key in entry if key not in _KEYS]

    def schedule(self) -> Schedule:
        report, parameters = self._text("report"), self._parameters(self._entry)
        views = self._views(parameters)
        if bool(report) == bool(views):
            self.problems.append('give either report = "briefing" or views = ["…"], and not both.')
        if report:
            self._try("report", self._known.report, report, parameters)
        return Schedule(
            name=str(self._entry.get("name", "")),
            cron=self._checked("cron", read_cron),
            zone=self._checked("timezone", check_zone),
            report=report,
            views=views,
            parameters=parameters,
            formats=self._formats(report),
            size=self._size(),
            destinations=self._names(),
            only_if=self._condition(),
            keep_packs=self._count("keep_packs", KEEP_PACKS, 1),
            keep_days=self._count("keep_days", 0, 0),
        )

    def _text(self, key: str) -> str:
        value = self._entry.get(key, "")
        if not isinstance(value, str):
            self.problems.append(f"{key} must be a text in quotation marks.")
            return ""
        return value

    def _texts(self, key: str) -> tuple[str, ...]:
        value = self._entry.get(key, [])
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            self.problems.append(f'{key} must be a list of texts such as ["…"].')
            return ()
        return tuple(value)

    def _try(self, key: str, check: Callable[..., object], *arguments: object) -> None:
        try:
            check(*arguments)
        except DataError as error:
            self.problems += [f"{key}: {line}" for line in str(error).split("\n")]

    def _checked(self, key: str, check: Callable[[str], object]) -> str:
        value = self._text(key)
        if value or key in self._entry:
            self._try(key, check, value)
        else:
            self.problems.append(f"{key} is missing. Add it, such as {_EXAMPLES[key]}.")
        return value

    def _parameters(self, entry: Mapping[str, Any]) -> dict[str, str]:
        values = entry.get("parameters", {})
        if not isinstance(values, dict):
            self.problems.append('parameters must be a table such as { as_of = "2026" }.')
            return {}
        return {str(name): str(value) for name, value in values.items()}

    def _views(self, shared: Mapping[str, str]) -> tuple[Wanted, ...]:
        entries = self._entry.get("views", [])
        if not isinstance(entries, list):
            self.problems.append('views must be a list such as ["trade-level"].')
            return ()
        found = []
        for entry in entries:
            table = {"view": entry} if isinstance(entry, str) else entry
            if not isinstance(table, dict) or not isinstance(table.get("view"), str):
                self.problems.append('each view is a name, or a table such as { view = "…", parameters = { … } }.')
                continue
            wanted = Wanted(table["view"], {**shared, **self._parameters(table)})
            self._try("views", self._known.view, wanted.view, wanted.parameters)
            found.append(wanted)
        return tuple(found)

    def _formats(self, report: str) -> tuple[str, ...]:
        offered = self._known.report_formats if report else self._known.view_formats
        formats = self._texts("formats") or tuple(offered[:1])
        for name in formats:
            self._offered("formats", name, offered)
        return formats

    def _offered(self, key: str, name: str, offered: Collection[str]) -> None:
        if name not in offered:
            choices = ", ".join(offered) or "none"
            self.problems.append(
                f"{key}: {name[:40]!r} is not offered{nearest(name, offered)}. Choose from: {choices}."
            )

    def _size(self) -> str:
        size = self._text("size") or next(iter(self._known.sizes), "")
        self._offered("size", size, self._known.sizes)
        return size

    def _names(self) -> tuple[str, ...]:
        names = self._texts("destinations")
        for name in names:
            if name not in self._destinations:
                known = ", ".join(self._destinations) or "none"
                self.problems.append(
                    f"destinations: no [[destinations]] is named {name[:60]!r}{nearest(name, self._destinations)}. "
                    f"Named: {known}; kinds: {', '.join(KINDS)}."
                )
        return names

    def _count(self, key: str, default: int, least: int) -> int:
        value = self._entry.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            self.problems.append(f"{key} must be a whole number from {least}.")
            return default
        return value

    def _condition(self) -> Condition:
        value = self._entry.get("only_if")
        if value is None:
            return Condition()
        if value == "data changed":
            return Condition(changed=True)
        if not isinstance(value, dict) or set(value) - {"line", "above", "below"} or len(value) != 2:
            self.problems.append('only_if must be "data changed" or { line = "…", above = 250e9 } (or below).')
            return Condition()
        line = str(value.get("line", ""))
        if line not in self._known.lines:
            listed = "`bilateral forecast --list` lists some; all stand in out_series"
            self.problems.append(
                f"only_if: there is no line {line[:80]!r}{nearest(line, self._known.lines)}. {listed}."
            )
        bounds = {name: value.get(name) for name in ("above", "below")}
        for name, bound in bounds.items():
            if bound is not None and (not isinstance(bound, int | float) or isinstance(bound, bool)):
                self.problems.append(f"only_if: {name} must be a number in the base unit of the line, such as 250e9.")
        return Condition(False, line, bounds["above"], bounds["below"])


_EXAMPLES = {"cron": 'cron = "0 6 1 * *"', "timezone": 'timezone = "Europe/Berlin"'}
