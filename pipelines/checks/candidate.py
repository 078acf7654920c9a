"""New figures checked before they enter the ledger: a file of them read, every rule run with them among the rest."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.cells import read_cells
from pipelines.checks.facts import Facts, read_figures
from pipelines.checks.search import search
from pipelines.codelists import CodeLists
from pipelines.errors import DataError, raise_all
from pipelines.extract.ledger import read_printed, read_quantities, read_quantity
from pipelines.extract.quantities import Quantity
from pipelines.normalise.figures import observe_ledger, observe_press
from pipelines.normalise.periods import parse_period
from pipelines.normalise.units import fits, printed_unit
from pipelines.registers import check_partial
from pipelines.schema import CANDIDATE, LEDGER, PRESS
from pipelines.tables import Tables

ANONYMOUS = "candidate"
_GROWTH = re.compile(r"growth|grew|rise|rose|increase|decline|drop|fell|fall|down|up\b", re.IGNORECASE)
_GOODS = ("TRADE_TOTAL", "EXP_FOB", "IMP_CIF")
_IN_WORDS = ("unit_reason", "per_reason", "bound_reason", "sign_reason")
Row = Mapping[str, Any]


def read_candidates(path: Path, lists: CodeLists, sources: pd.DataFrame) -> pd.DataFrame:
    """Return core_observations of a CSV of new figures; see table `candidate` for its columns.

    A file of the ledger or of the press table is read as well: columns no check needs are passed over.
    """
    text = read_cells(path, path.name).frame
    passed = [name for name in (*LEDGER.columns, *PRESS.columns) if name in text and name not in CANDIDATE.columns]
    return observe_candidates(text.drop(columns=list(dict.fromkeys(passed))), lists, sources, path.name)


def observe_candidates(
    text: pd.DataFrame, lists: CodeLists, sources: pd.DataFrame, place: str = "the figure"
) -> pd.DataFrame:
    """Return core_observations of new figures given as text cells by the columns of table `candidate`.

    Needed are indicator, ref_area and either as_written or value_as_read with unit_as_read. A source_id of the
    registers, given or standing before the number of the figure_id, sets the figure beside what that source states.
    Every cell that cannot be read is named with its line.
    """
    rows = _named(check_partial(text, CANDIDATE, lists, place), sources, place)
    _refuse(rows, lambda row: _read_number(row, lists), place)
    _refuse(rows, lambda row: parse_period(_cell(row["time_period"])), place)
    in_words = rows["as_written"].notna()
    parts = [
        observe(rows[chosen].reset_index(drop=True), lists, sources)
        for observe, chosen in ((_observe_words, in_words), (_observe_numbers, ~in_words))
        if chosen.any()
    ]
    if not parts:
        raise DataError(f"{place} has no figure. Add a line for each.")
    observed = pd.concat(parts, ignore_index=True)
    units = dict(zip(observed["observation_id"], observed["unit_measure"], strict=True))
    _refuse(rows, lambda row: _check_unit(row, units[row["figure_id"]], lists), place)
    return observed.assign(sentence_start=pd.array([0] * len(observed), dtype="Int64"))


def find_with(tables: Tables, candidates: pd.DataFrame) -> pd.DataFrame:
    """Return the findings, as out_findings, in which a new figure has a part; the tables stay as they are."""
    findings = search(facts_with(tables, candidates))
    new = frozenset(candidates["observation_id"])
    involved = [bool(new & set(cell.split(" ; "))) for cell in findings["observation_ids"]]
    return findings[involved].reset_index(drop=True)


def facts_with(tables: Tables, candidates: pd.DataFrame) -> Facts:
    """Return the facts of tables and new figures together; refuses a figure_id that is taken."""
    same = candidates["observation_id"].isin(tables.observations["observation_id"])
    raise_all(
        [
            f"figure_id {name!r} is taken already. Choose another, or leave the column out."
            for name in candidates.loc[same, "observation_id"]
        ]
    )
    known = tables.observations
    return facts_of(tables, pd.concat([known, candidates.astype(known.dtypes.to_dict())], ignore_index=True))


def facts_of(tables: Tables, observations: pd.DataFrame | None = None) -> Facts:
    """Return the facts of tables, with other observations where some are given."""
    codes = pd.concat(
        [rows.assign(codelist=name) for name, rows in tables.codes.items()] or [pd.DataFrame()], ignore_index=True
    )
    return Facts(
        read_figures(tables.observations if observations is None else observations),
        series=tables.series,
        mirror=tables.mirror,
        shares=tables.shares,
        year_to_date=tables.year_to_date,
        events=tables.events,
        commitments=tables.commitments,
        codes=codes,
    )


def _read_number(row: Row, lists: CodeLists) -> object:
    if _cell(row["as_written"]):
        return read_quantity(row)
    if not (_cell(row["value_as_read"]) and _cell(row["unit_as_read"])):
        raise DataError("no figure. Fill in as_written, or value_as_read with unit_as_read.")
    return printed_unit(str(row["unit_as_read"]), lists)


def _check_unit(row: Row, unit: str, lists: CodeLists) -> None:
    """Refuse a unit of another dimension than the indicator's; a percentage of it may always be said."""
    name, expected = lists["CL_INDICATOR"].loc[row["indicator"], ["name", "base_unit"]]
    said, meant = lists["CL_UNIT"].loc[[unit, expected], "dimension"]
    if not fits(str(said), str(meant)):
        words = _cell(row["as_written"]) or f"{row['value_as_read']:g} {row['unit_as_read']}"
        raise DataError(f"{words!r} is in {unit}, but {name} is measured in {expected}. Write the unit.")


def _observe_words(rows: pd.DataFrame, lists: CodeLists, sources: pd.DataFrame) -> pd.DataFrame:
    quantities = [read_quantity(row) for row in _records(rows)]
    units = [_said(quantity, words) for quantity, words in zip(quantities, rows["as_written"], strict=True)]
    ledger = _completed(rows, units, lists).drop(columns=["bound", "unit_as_read", "value_as_read", "published"])
    ledger = ledger.assign(is_core=True, period_basis="stated", **dict.fromkeys(_IN_WORDS, None))
    return observe_ledger(ledger, read_quantities(ledger), _known(rows, sources), lists)


def _observe_numbers(rows: pd.DataFrame, lists: CodeLists, sources: pd.DataFrame) -> pd.DataFrame:
    units = [printed_unit(str(unit), lists)[0] for unit in rows["unit_as_read"]]
    press = _completed(rows, units, lists)
    press["bound"] = press["bound"].fillna("=")
    press["freq"] = [parse_period(_cell(text)).freq for text in press["time_period"]]
    press = press.assign(provenance="quoted", vintage_basis="unknown", is_hidden=False, is_plottable=True)
    printed = read_printed(press, dict(zip(press["unit_as_read"], units, strict=True)))
    observed = observe_press(press.drop(columns="as_written"), printed, _known(rows, sources), lists)
    words = [f"{value:g} {unit}" for value, unit in zip(rows["value_as_read"], rows["unit_as_read"], strict=True)]
    return observed.assign(as_written=words)


def _named(rows: pd.DataFrame, sources: pd.DataFrame, place: str) -> pd.DataFrame:
    """Give every row a figure_id and a source_id; refuse a figure_id that stands twice."""
    numbered = pd.Series([f"{ANONYMOUS}-{number + 1:03d}" for number in range(len(rows))], index=rows.index)
    ids = rows["figure_id"].fillna(numbered)
    again = ids.duplicated()
    twice = [*zip(rows.index[again] + 2, ids[again], strict=True)]
    raise_all([f"{place} line {line}: figure_id {name!r} stands twice. Rename one." for line, name in twice])
    stems = ids.str.rsplit("-", n=1).str[0]
    stems = stems.where(stems.isin(sources["source_id"]), ANONYMOUS)
    return rows.assign(figure_id=ids, source_id=rows["source_id"].fillna(stems))


def usual_measure_type(indicator: Mapping[str, str], quantity: Quantity, words: str) -> str:
    """Return what a figure of an indicator, a row of CL_INDICATOR, usually is by its unit and words."""
    return _usual(indicator, _said(quantity, words))


def _said(quantity: Quantity, words: str) -> str:
    """The unit, or growth where a percentage falls or its words speak of growth."""
    is_growth = quantity.unit == "PERCENT" and (quantity.sign < 0 or _GROWTH.search(words))
    return "growth" if is_growth else quantity.unit


def _usual(indicator: Mapping[str, str], unit: str) -> str:
    """A percentage of what is no percentage is growth; else the measure type the indicator usually has."""
    if unit == "PERCENT" and indicator["base_unit"] != "PERCENT":
        return "growth"
    return "growth" if unit == "growth" else indicator["measure_type"]


def _completed(rows: pd.DataFrame, units: list[str], lists: CodeLists) -> pd.DataFrame:
    known = lists["CL_INDICATOR"]
    names = known["name"].reindex(rows["indicator"]).to_numpy()
    usual = [_usual(dict(known.loc[name]), unit) for name, unit in zip(rows["indicator"], units, strict=True)]
    is_goods = rows["indicator"].isin(_GOODS) & rows["commodity"].isna()
    return rows.assign(
        role=rows["role"].fillna("actual"),
        measure_type=rows["measure_type"].fillna(pd.Series(usual, index=rows.index)),
        commodity=rows["commodity"].mask(is_goods, "_T"),
        measures=rows["measures"].fillna(pd.Series(names, index=rows.index)),
    )


def _known(rows: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """The register of sources with a row for every source it does not know yet."""
    new = [name for name in dict.fromkeys(rows["source_id"]) if name not in set(sources["source_id"])]
    unknown = pd.DataFrame(
        {"source_id": new, "source_class": "press", "publisher": new, "published_basis": "unknown"}
    ).reindex(columns=sources.columns)
    return pd.concat([sources, unknown.astype(sources.dtypes.to_dict())], ignore_index=True)


def _cell(value: object) -> str | None:
    return None if pd.isna(value) or value == "" else str(value)  # type: ignore[call-overload]


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): cell for name, cell in row.items()} for row in rows.to_dict("records")]


def _refuse(rows: pd.DataFrame, read: Callable[[Row], object], place: str) -> None:
    """Name every row that cannot be read, with its line in the file."""
    problems = []
    for line, row in zip(rows.index + 2, _records(rows), strict=True):
        try:
            read(row)
        except DataError as error:
            problems.append(f"{place} line {line}: {error}")
    raise_all(problems)
