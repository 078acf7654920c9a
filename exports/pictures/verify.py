"""Whether an exported file is still current: checked against its record, and built anew from today's data."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from components import labels
from components.desk import Desk
from exports.files.record import CARRIERS, is_untouched, read_record
from exports.pictures.exhibits import frame_exhibit, values_drawn
from pipelines.errors import DataError

MANIFEST = "manifest.json"
State = Literal["current", "revised", "altered"]


@dataclass(frozen=True)
class Verdict:
    """What became of an exported file or pack; `changes` names what was revised or altered, one line each."""

    state: State
    name: str
    changes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The verdict in words."""
        head = {
            "current": f"{self.name}: current",
            "revised": f"{self.name}: data revised since",
            "altered": f"{self.name}: altered",
        }[self.state]
        return "\n  ".join([head, *self.changes])


def verify(path: Path, desk: Desk) -> Verdict:
    """Return the verdict on a file with a record, or on a folder with a manifest; anything else is refused."""
    if path.is_dir():
        return _verify_pack(path, desk)
    return verify_file(path, desk)


def verify_file(path: Path, desk: Desk) -> Verdict:
    """Return whether one file is altered, or its data revised since; the figure is built anew to tell."""
    record = read_record(path)
    if not is_untouched(path, record):
        return Verdict("altered", path.name, ("what it shows is not what its record was made for",))
    changes = tuple(_changes(record, desk))
    return Verdict("revised" if changes else "current", path.name, changes)


def _changes(record: Mapping[str, Any], desk: Desk) -> Iterator[str]:
    """Yield what is drawn otherwise today, of one view, or of each view of a pack that was drawn."""
    if "items" not in record:
        yield from _revisions(record, desk)
        return
    for item in record["items"]:
        if item.get("record"):
            yield from (f"figure {item['number']}, {item['view']}: {line}" for line in _revisions(item["record"], desk))


def _revisions(record: Mapping[str, Any], desk: Desk) -> Iterator[str]:
    """Yield what is drawn otherwise today; nothing when the figure has the same hash."""
    known = record["as_known"]
    raw = {**record["parameters"], "mode": known["mode"], "as_of": known["date"]}
    desk = desk.seen_on(dt.date.fromisoformat(known["today"])) if "today" in known else desk
    try:
        framed = frame_exhibit(desk, record["view"], {name: entry for name, entry in raw.items() if entry}, "screen")
    except DataError as error:
        yield f"it cannot be drawn any more: {error}"
        return
    if framed.figure_hash == record["figure_hash"]:
        return
    before = len(changes := list(compare_values(record["values"], values_drawn(framed.exhibit.frame))))
    yield from changes
    if not before:
        then, now = (entry["versions"].get("bilateral", "?") for entry in (record, framed.record))
        yield f"the values are the same, but they are drawn otherwise (version {then} then, {now} now)"


def compare_values(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[str]:
    """Yield one line for each mark whose value changed, came or went."""
    before, after = _by_mark(old), _by_mark(new)
    for mark in {**before, **after}:
        then, now = before.get(mark), after.get(mark)
        if then is None:
            yield f"{_named(now)}: new, {_said(now)}"
        elif now is None:
            yield f"{_named(then)}: {_said(then)}, gone now"
        elif (then.get("obs_value"), then.get("unit_measure")) != (now.get("obs_value"), now.get("unit_measure")):
            yield f"{_named(then)}: {_said(then)} → {_said(now)}"


def _by_mark(rows: list[dict[str, Any]]) -> dict[tuple[Any, ...], dict[str, Any]]:
    marks: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        mark = (row.get("observation_id"), row.get("label"), row.get("time_period"))
        marks[(*mark, sum(known[:3] == mark for known in marks))] = row
    return marks


def _named(row: Mapping[str, Any] | None) -> str:
    row = row or {}
    parts = [row.get("label"), labels.period(str(row.get("time_period", ""))), row.get("observation_id")]
    return ", ".join(str(part) for part in parts if part)


def _said(row: Mapping[str, Any] | None) -> str:
    row = row or {}
    amount = row.get("obs_value")
    return labels.value(None if amount is None else float(amount), str(row.get("unit_measure", "")), fine=True)


def _verify_pack(folder: Path, desk: Desk) -> Verdict:
    manifest, files = _listed(folder)
    altered: list[str] = []
    for path, expected in sorted(files.items()):
        if not path.is_file():
            altered.append(f"{path.relative_to(folder)}: missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            altered.append(f"{path.relative_to(folder)}: not the file that was delivered")
    strange = sorted({path for path in folder.rglob("*") if path.is_file()} - set(files) - {folder / MANIFEST})
    altered += [f"{path.relative_to(folder)}: no part of the pack" for path in strange]
    revised = list(_changes({"items": [], **manifest}, desk))
    for item in manifest.get("items", []) if not altered else []:
        path = folder / str(item.get("file", ""))
        if "record" not in item and path in files and path.suffix[1:] in CARRIERS:
            revised += [f"{path.name}: {change}" for change in verify_file(path, desk).changes]
    state: State = "altered" if altered else "revised" if revised else "current"
    return Verdict(state, folder.name, tuple(altered + revised))


def _listed(folder: Path) -> tuple[dict[str, Any], dict[Path, str]]:
    """Return a manifest and the files it delivered with their hashes; one that leads out of the folder is refused."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = {folder / entry["file"]: str(entry["sha256"]) for entry in manifest["files"] if entry["sha256"]}
    except FileNotFoundError:
        raise DataError(f"{folder} has no {MANIFEST}: it is no pack of Bilateral.") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{folder / MANIFEST} is damaged: {error}.") from error
    home = folder.resolve()
    outside = [str(path) for path in files if not path.resolve().is_relative_to(home)]
    if outside:
        raise DataError(f"{MANIFEST} names files outside its folder: {', '.join(outside)}.")
    return manifest, files
