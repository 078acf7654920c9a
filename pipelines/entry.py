"""One sourced number typed by a person: read back, checked, appended to datasets/figures/added.csv."""

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipelines import wording
from pipelines.cells import Cells, cell_problems
from pipelines.checks.candidate import usual_measure_type
from pipelines.codelists import CodeLists, read_codelists, unknown_codes
from pipelines.errors import DataError, raise_all
from pipelines.extract.ledger import read_quantities
from pipelines.extract.quantities import BARE_REMEDY, Quantity, parse_quantity
from pipelines.normalise.figures import observe_added
from pipelines.normalise.units import refuse_strange_units
from pipelines.registers import check_references, place_of, read_register, typed_cells
from pipelines.schema import ADDED, PROJECTS, SOURCES

FILE = "added.csv"
OPTIONS: Mapping[str, str] = {"value": "as_written", "period": "time_period", "unit": "unit_from_context"}
_GOODS = ("TRADE_TOTAL", "EXP_FOB", "IMP_CIF")
_SAME_FACT = [
    *("source_id", "indicator", "commodity", "project_id", "ref_area", "counterpart_area", "role"),
    *("measure_type", "time_period", "bound", "unit_measure"),
]
_SHOWN = ("indicator", "ref_area", "counterpart_area", "role", "measure_type", "time_period", "source_id", "url")


@dataclass(frozen=True)
class Entry:
    """The row of added.csv that would be appended, and the one observation the build would make of it."""

    row: Mapping[str, str]
    observed: pd.Series


def compose_entry(datasets: Path, typed: Mapping[str, str], known: pd.DataFrame, today: dt.date) -> Entry:
    """Return what would be appended; refuses whatever the build would refuse, and a figure that is known already.

    `typed` has as_written (e.g. 'nearly US$9 billion'), measures, indicator, ref_area, role, source_id, url and
    optionally other columns of table `added`; `known` is core_observations of everything under datasets/.
    """
    lists = read_codelists(datasets / "codelists")
    numbers = [int(name.removeprefix("added-")) for name in known["figure_id"].dropna() if name.startswith("added-")]
    quantity = _quantity(typed)
    row = dict.fromkeys(ADDED.columns, "") | dict(typed)
    row |= {
        "figure_id": f"added-{max(numbers, default=0) + 1:03d}",
        "commodity": typed.get("commodity") or ("_T" if typed["indicator"] in _GOODS else ""),
        "measure_type": typed.get("measure_type") or _measure_type(typed, quantity, lists),
        "vintage_basis": "printed_date" if typed.get("published") else "unknown",
        "entered": today.isoformat(),
    }
    cells = Cells({name: [cell] for name, cell in row.items()}, [0])
    raise_all(_problems(cells, lists))
    registers = {
        table.name: read_register(datasets / f"{table.name}.csv", table, lists) for table in (SOURCES, PROJECTS)
    }
    frame = typed_cells(cells, ADDED)
    keys = {name: set(register.iloc[:, 0]) for name, register in registers.items()}
    check_references({"added": frame}, {"added": ADDED}, keys)
    observed = observe_added(frame, read_quantities(frame), registers["sources"], lists)
    refuse_strange_units(observed.assign(observation_id=repr(row["as_written"])), lists)
    _refuse_early(observed)
    _refuse_known(observed, known)
    return Entry(row, observed.iloc[0])


def append_entry(datasets: Path, entry: Entry) -> Path:
    """Append the row to added.csv, whole or not at all: the new file is checked before it replaces the old one."""
    path = datasets / "figures" / FILE
    trial = path.with_name(f".tmp-{FILE}")
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ",".join(ADDED.columns)
        with trial.open("w", encoding="utf-8", newline="") as file:
            file.write(before.rstrip("\n") + "\n")
            csv.DictWriter(file, ADDED.columns, lineterminator="\n").writerow(entry.row)
        read_register(trial, ADDED, read_codelists(datasets / "codelists"), place_of(path))
        trial.replace(path)
    except OSError as error:
        raise DataError(
            f"{place_of(path)} cannot be written: {error.strerror}. Check the rights of datasets/figures/."
        ) from error
    except DataError:
        trial.unlink(missing_ok=True)
        raise
    return path


def read_back(entry: Entry) -> str:
    """Return the entry as one line a person can check: what was read from the words, and what it is said to be."""
    one = entry.observed
    counted = one["counted"] if isinstance(one["counted"], str) else ""
    said = wording.bounded(one["obs_value"], one["unit_measure"], one["bound"], counted=counted)
    allowed = wording.interval(one["value_low"], one["value_high"], one["unit_measure"])
    known = [f"{name} {entry.row[name]}" for name in _SHOWN if entry.row[name]]
    undated = [] if entry.row["time_period"] else ["undated, so never on a time axis"]
    return " · ".join(
        [f"{entry.row['figure_id']}: {entry.row['as_written']!r} is read as {said} ({allowed})", *known, *undated]
    )


def missing_fields(typed: Mapping[str, str], required: tuple[str, ...]) -> None:
    """Refuse an entry that lacks a required field; all of them at once."""
    raise_all([f"{_option(name)} is missing." for name in required if not typed.get(name)])


def _option(column: str) -> str:
    names = {column: option for option, column in OPTIONS.items()}
    return f"--{names.get(column, column).replace('_', '-')}"


def _quantity(typed: Mapping[str, str]) -> Quantity:
    try:
        return parse_quantity(typed["as_written"], unit=typed.get("unit_from_context"))
    except DataError as error:
        remedy = BARE_REMEDY.replace("in unit_from_context", "with --unit")
        raise DataError(str(error).replace(BARE_REMEDY, remedy)) from error


def _measure_type(typed: Mapping[str, str], quantity: Quantity, lists: CodeLists) -> str:
    """What such a figure usually is; of an unknown indicator, which is refused anyway, any."""
    known = lists["CL_INDICATOR"]
    if typed["indicator"] not in known.index:
        return str(lists["CL_MEASURE_TYPE"].index[0])
    row = {str(name): str(cell) for name, cell in known.loc[typed["indicator"]].items()}
    return usual_measure_type(row, quantity, typed["as_written"])


def _problems(cells: Cells, lists: CodeLists) -> list[str]:
    """What is wrong with the row, by the option that said it."""
    problems = []
    for sentence in cell_problems(cells, ADDED, FILE):
        column, _, rest = sentence.removeprefix(f"{FILE} line 0: ").partition(" ")
        problems.append(f"{_option(column)} {rest}")
    for field in ADDED.fields:
        cell = cells.columns[field.name][0]
        if field.codelist and cell:
            values = cell.split(";") if field.many else [cell]
            unknown = unknown_codes(values, field.codelist, lists).values()
            problems += [f"{sentence} in {_option(field.name)}." for sentence in unknown]
    return problems


def _refuse_early(observed: pd.DataFrame) -> None:
    """Refuse what is said to have happened in a period that was not over when it was published."""
    one = observed.iloc[0]
    published, ended = one["vintage"], one["period_end"]
    if one["role"] != "actual" or not isinstance(published, str) or pd.isna(ended):
        return
    if published < ended.date().isoformat()[: len(published)]:
        raise DataError(
            f"--published {published} lies before the end of --period {one['time_period']}: nobody could know it. "
            "Correct one, or give --role estimate or plan."
        )


def _refuse_known(observed: pd.DataFrame, known: pd.DataFrame) -> None:
    """Refuse what the same source is known to say of the same fact, to the same value."""
    one = observed.iloc[0]
    same = known[_SAME_FACT].fillna("").eq(one[_SAME_FACT].fillna("")).all(axis=1)
    close = (known["obs_value"] - one["obs_value"]).abs() <= 1e-9 * abs(one["obs_value"])
    twins = known.loc[same & close, "observation_id"]
    if len(twins):
        raise DataError(
            f"{one['source_id']} says the same of the same fact in {twins.iloc[0]}. Nothing was appended; "
            "correct what differs, or leave it at that."
        )
