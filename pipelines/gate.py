"""The gate before publishing: what a new store would change in the last one, and which of it nobody accepted."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.errors import DataError, StoreError, nearest
from pipelines.store import POINTER, read_columns
from pipelines.wording import NBSP, value

READS: Mapping[str, tuple[str, ...]] = {
    "core_observations": ("observation_id", "series_id", "obs_value", "unit_measure", "provenance"),
    "out_series": ("line_id", "time_period", "obs_value", "unit_measure"),
    "out_findings": ("finding_id", "verdict", "status", "title"),
}
_SHOWN = 5
_SAME = 1e-9
Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Gate:
    """How a build is gated.

    `most_change` is the percent a published value may move, `accepted` the names accepted (`*` stands for anything),
    `path` the file *Figures changed* is written to, `say` what prints it.
    """

    most_change: float
    accepted: Sequence[str]
    path: Path
    say: Callable[[str], object]


@dataclass(frozen=True)
class Change:
    """What happens to one series or finding: its lines for *Figures changed*, and whether it must be accepted."""

    name: str
    lines: Sequence[str]
    must_be_accepted: bool


def pass_gate(store: Path, frames: Frames, gate: Gate) -> None:
    """Compare new frames with the last store, write what changes, and refuse what is not accepted.

    Without a store there is nothing to compare. A store that cannot be read is refused: nobody could tell.
    """
    if not (store / POINTER).exists():
        gate.say(f"no store in {store} yet: nothing to compare")
        return
    try:
        last = read_columns(store, READS)
    except StoreError as error:
        raise StoreError(
            f"the last store cannot be read, so that nothing can be compared: {error} "
            "Restore it, or build once without --gate."
        ) from error
    changes = compare_stores(last, frames, gate.most_change)
    text = figures_changed(changes)
    try:
        gate.path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise DataError(f"{gate.path} cannot be written: {error.strerror}. Choose another with --changes.") from error
    gate.say(text.rstrip("\n"))
    refuse_unaccepted(changes, gate.accepted, gate.path)


def compare_stores(last: Frames, new: Frames, most_change: float) -> list[Change]:
    """Return every change between two stores, by name: moved:SERIES, lost:SERIES, new:FINDING, gone:FINDING, added.

    A published value is a point of a line or a quoted figure. It must be accepted when it moves by more than
    `most_change` percent of what it was, or to another unit, when it is lost, and when a contradiction appears that
    no person accepted or explained in datasets/findings.csv.
    """
    points = _points(last).merge(
        _points(new), on="point", how="outer", suffixes=("_last", ""), validate="one_to_one", sort=True
    )
    points["series"] = points["series"].fillna(points["series_last"])
    points["label"] = points["label"].fillna(points["label_last"])
    rows = [{str(name): cell for name, cell in row.items()} for row in points.to_dict("records")]
    changed = [row for row in rows if _is_changed(row)]
    moved = [row for row in changed if _is_held(row["obs_value"]) and _is_held(row["obs_value_last"])]
    lost = [row for row in changed if not _is_held(row["obs_value"])]
    added = [row for row in changed if not _is_held(row["obs_value_last"])]
    return [
        *_by_series("moved", moved, lambda row: _is_large(row, most_change)),
        *_by_series("lost", lost, lambda _: True),
        *_contradictions(last["out_findings"], new["out_findings"]),
        *_added(added),
    ]


def figures_changed(changes: Sequence[Change]) -> str:
    """Return *Figures changed* as prepared text for CHANGELOG.md."""
    lines = [line for change in changes for line in change.lines] or ["- None."]
    return "## Figures changed\n\n" + "\n".join(lines) + "\n"


def refuse_unaccepted(changes: Iterable[Change], accepted: Sequence[str], place: Path) -> None:
    """Raise one DataError that names every change nobody accepted, and accepted names that fit none."""
    wanted = [change for change in changes if change.must_be_accepted]
    left = [change for change in wanted if not any(fnmatchcase(change.name, name) for name in accepted)]
    if not left:
        return
    names = [change.name for change in wanted]
    strange = [name for name in accepted if not any(fnmatchcase(known, name) for known in names)]
    problems = [f"  {change.name}\n{_few(change.lines)}" for change in left]
    problems += [f"  --accept {name} names no change{nearest(name, names)}." for name in strange]
    raise DataError(
        f"the store was not replaced: {len(left)} of {len(wanted)} changes are not accepted.\n"
        + "\n".join(problems)
        + f"\nRead {place.name}, then correct datasets/ or accept by name: --accept NAME (* stands for anything)."
    )


def _points(frames: Frames) -> pd.DataFrame:
    """One row a published value: quoted figures by their id, points of lines by line and period."""
    observations, series = frames["core_observations"], frames["out_series"]
    quoted = observations[observations["provenance"] != "statistic"]
    columns = ["point", "series", "label", "obs_value", "unit_measure"]
    parts = [
        quoted.assign(point=quoted["observation_id"], series=quoted["series_id"], label=quoted["observation_id"]),
        series.assign(
            point=series["line_id"] + "|" + series["time_period"], series=series["line_id"], label=series["time_period"]
        ),
    ]
    return pd.concat([part[columns] for part in parts], ignore_index=True)


def _is_held(cell: object) -> bool:
    return isinstance(cell, float) and cell == cell  # noqa: PLR0124 - NaN is what nobody said


def _is_changed(row: Mapping[str, Any]) -> bool:
    old, new = row["obs_value_last"], row["obs_value"]
    if not (_is_held(old) and _is_held(new)):
        return _is_held(old) or _is_held(new)
    return bool(row["unit_measure_last"] != row["unit_measure"] or abs(new - old) > _SAME * max(abs(old), abs(new)))


def _is_large(row: Mapping[str, Any], most_change: float) -> bool:
    old, new = row["obs_value_last"], row["obs_value"]
    return bool(row["unit_measure_last"] != row["unit_measure"] or abs(new - old) > most_change / 100 * abs(old))


def _by_series(kind: str, rows: Iterable[Mapping[str, Any]], must: Callable[[Mapping[str, Any]], bool]) -> list[Change]:
    series: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        series.setdefault(str(row["series"]), []).append(row)
    return [
        Change(f"{kind}:{name}", [_line(name, row) for row in found], any(must(row) for row in found))
        for name, found in sorted(series.items())
    ]


def _line(name: str, row: Mapping[str, Any]) -> str:
    old = _amount(row["obs_value_last"], row["unit_measure_last"])
    if not _is_held(row["obs_value"]):
        return f"- {name}, {row['label']}: {old} is lost"
    percent = 100 * (row["obs_value"] / row["obs_value_last"] - 1) if row["obs_value_last"] else float("inf")
    share = f" ({percent:+.2f} %)".replace("-", "−") if row["unit_measure"] == row["unit_measure_last"] else ""
    return f"- {name}, {row['label']}: {old} → {_amount(row['obs_value'], row['unit_measure'])}{share}"


def _amount(number: float, unit: str) -> str:
    return value(number, unit, fine=True).replace(NBSP, " ")


def _contradictions(last: pd.DataFrame, new: pd.DataFrame) -> list[Change]:
    """Open contradictions that were not there; those that are gone are told as well."""
    open_ones = new[(new["verdict"] == "contradiction") & (new["status"] == "open")]
    before = last[last["verdict"] == "contradiction"]
    appeared = open_ones[~open_ones["finding_id"].isin(before["finding_id"])]
    gone = before[~before["finding_id"].isin(new["finding_id"])]
    return [
        *(
            Change(f"new:{row['finding_id']}", [f"- New contradiction {row['finding_id']}: {row['title']}"], True)
            for row in _records(appeared)
        ),
        *(
            Change(
                f"gone:{row['finding_id']}",
                [f"- Contradiction no longer found, {row['finding_id']}: {row['title']}"],
                False,
            )
            for row in _records(gone)
        ),
    ]


def _records(rows: pd.DataFrame) -> list[dict[Hashable, Any]]:
    return rows.sort_values("finding_id").to_dict("records")


def _added(rows: Sequence[Mapping[str, Any]]) -> list[Change]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[str(row["series"])] = counts.get(str(row["series"]), 0) + 1
    lines = [f"- {name}: {count} new" for name, count in sorted(counts.items())]
    return [Change("added", lines, False)] if lines else []


def _few(lines: Sequence[str]) -> str:
    shown = [f"    {line.removeprefix('- ')}" for line in lines[:_SHOWN]]
    return "\n".join([*shown, *([f"    and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else [])])
