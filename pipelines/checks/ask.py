"""Is this number right: one typed figure against what was said and what the record says, before it enters a ledger."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isinf, isnan
from typing import Any

import pandas as pd

from pipelines.checks.facts import Facts, Figure, group, read_figures
from pipelines.checks.finding import WORDS
from pipelines.checks.grading import Comparison, deviation_of, grade
from pipelines.checks.publishers import fact_of, period_of
from pipelines.checks.record import compare
from pipelines.checks.record_rules import finding_of
from pipelines.checks.search import search
from pipelines.codelists import unknown_codes
from pipelines.errors import DataError, raise_all
from pipelines.extract.ledger import quantity_cells, read_quantity
from pipelines.normalise.figures import observe_ledger
from pipelines.normalise.periods import parse_period
from pipelines.normalise.units import base_unit
from pipelines.schema import LEDGER
from pipelines.tables import Tables
from pipelines.wording import BOUND_WORDS, NBSP, interval

REQUIRED = ("as_written", "indicator", "ref_area")
CANDIDATE_COLUMNS = (
    *REQUIRED,
    "counterpart_area",
    "time_period",
    "role",
    "measure_type",
    "commodity",
    "project_id",
    "unit",
    "published",
)
SAID = (
    "observation_id",
    "source_id",
    "publisher",
    "said_by",
    "ref_area",
    "as_written",
    "time_period",
    "obs_value",
    "value_low",
    "value_high",
    "unit_measure",
    "vintage",
    "relation",
)
RECORD = (
    "publisher",
    "source_id",
    "edition",
    "ref_area",
    "time_period",
    "obs_value",
    "unit_measure",
    "deviation",
    "fits",
    "vintage",
    "formula",
    "observation_ids",
)
_CODED = {
    "indicator": "CL_INDICATOR",
    "ref_area": "CL_AREA",
    "counterpart_area": "CL_AREA",
    "role": "CL_ROLE",
    "measure_type": "CL_MEASURE_TYPE",
    "commodity": "CL_COMMODITY",
    "unit": "CL_UNIT",
}
_SOURCE = pd.DataFrame(
    {
        "source_id": ["candidate"],
        "source_class": ["press"],
        "publisher": ["typed figure"],
        "published": [None],
        "published_basis": ["unknown"],
    }
)
_ALL = ("series", "mirror", "shares", "year_to_date", "events", "commitments")


@dataclass(frozen=True)
class Answer:
    """What is known of one typed figure.

    `observation` is the figure as a row of core_observations, `read` the interval its words allow. `said` (columns
    SAID) are the quoted figures of the same fact, period and role, `record` (columns RECORD) what publishers state of
    it; deviation is percent of their value, points for shares and rates. `findings` are the rows of out_findings the
    figure would take part in.
    """

    observation: Mapping[str, object]
    read: str
    said: pd.DataFrame
    record: pd.DataFrame
    verdict: str
    word: str
    title: str
    arithmetic: str
    explanation: str
    findings: pd.DataFrame


def ask(typed: Mapping[str, str], tables: Tables) -> Answer:
    """Return what was said and what the record says of one typed figure; see `ask_many` for what is refused."""
    return ask_many(pd.DataFrame([dict(typed)]), tables)[0]


def ask_many(rows: pd.DataFrame, tables: Tables) -> list[Answer]:
    """Return one answer a row; the figures of a file also meet each other.

    Refused, all problems at once: a column or code that is not known, words without a number, a unit that does not
    fit what is measured, a period that is none.
    """
    candidates = observe_candidates(rows, tables)
    facts = facts_of(tables, pd.concat([tables.observations, candidates], ignore_index=True))
    findings = search(facts)
    involved = findings["observation_ids"].str.split(" ; ").explode()
    others = group((one for one in facts.figures if one.is_quoted), _same_fact)
    answers = []
    for row in candidates.to_dict("records"):
        figure = facts.by_id[row["observation_id"]]
        own = findings.loc[involved.index[involved == figure.id]].reset_index(drop=True)
        answers.append(_answer({str(name): cell for name, cell in row.items()}, figure, facts, others, own))
    return answers


def facts_of(tables: Tables, observations: pd.DataFrame) -> Facts:
    """Return the facts of one state of knowledge with these observations."""
    codes = [rows.reset_index(drop=True).assign(codelist=name) for name, rows in tables.codes.items()]
    frames = {name: getattr(tables, name) for name in _ALL}
    return Facts(read_figures(observations), **frames, codes=pd.concat(codes, ignore_index=True))


def observe_candidates(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Return typed figures as core_observations, candidate-001 and so on; what is left out gets its usual value.

    The usual commodity and kind of measure are those most observations of the indicator have; partner and project are
    filled in only where all of them agree.
    """
    filled = _filled(rows)
    _refuse(filled, tables)
    ledger = pd.DataFrame([_ledger_row(number, row, tables) for number, row in enumerate(filled, 1)])
    ledger = ledger.reindex(columns=[*LEDGER.columns, "source_id"]).astype("object")
    quantities = _quantities(ledger, tables)
    ledger["measure_type"] = quantities.pop("measure_type")
    observed = observe_ledger(ledger, quantities, _SOURCE, tables.codes)
    observed["vintage"] = [row.get("published") or None for row in filled]
    return observed.astype(tables.observations.dtypes.to_dict())


def _filled(rows: pd.DataFrame) -> list[dict[str, str]]:
    unknown = [
        f"column {name} is not known; known are {', '.join(CANDIDATE_COLUMNS)}."
        for name in map(str, rows)
        if name not in CANDIDATE_COLUMNS
    ]
    raise_all(unknown)
    plain = rows.astype("object").where(rows.notna(), "")
    return [
        {"role": "actual"} | {str(name): str(cell).strip() for name, cell in row.items() if str(cell).strip()}
        for row in plain.to_dict("records")
    ]


def _refuse(rows: Sequence[Mapping[str, str]], tables: Tables) -> None:
    problems = []
    for number, row in enumerate(rows, 1):
        problems += [f"figure {number}: {name} is missing." for name in REQUIRED if not row.get(name)]
        for name, codelist in _CODED.items():
            codes = row[name].split(";") if row.get(name) else []
            problems += [f"figure {number}: {words}." for words in unknown_codes(codes, codelist, tables.codes)]
        try:
            parse_period(row.get("time_period"))
        except DataError as error:
            problems.append(f"figure {number}: {error}")
    raise_all(problems)


def _ledger_row(number: int, row: Mapping[str, str], tables: Tables) -> dict[str, object]:
    name = f"candidate-{number:03d}"
    known = tables.observations[tables.observations["indicator"] == row["indicator"]]
    cells: dict[str, object] = {key: row.get(key) for key in CANDIDATE_COLUMNS if key in LEDGER.columns}
    cells |= {"figure_id": name, "source_id": "candidate", "sentence_start": number, "is_core": True}
    cells |= {"unit_from_context": row.get("unit"), "measures": "typed figure"}
    cells["period_basis"] = "stated" if row.get("time_period") else "none"
    cells["commodity"] = row.get("commodity") or _most(known["commodity"])
    same_reporter = known[(known["ref_area"] == row["ref_area"]) & (known["role"] == row["role"])]
    for key in ("counterpart_area", "project_id"):
        cells[key] = row.get(key) or _only(same_reporter[key])
    return cells


def _most(cells: pd.Series) -> str | None:
    """The most frequent value, None where most rows have none."""
    counted = cells.astype("object").where(cells.notna(), "").value_counts()
    return None if counted.empty or counted.index[0] == "" else str(counted.index[0])


def _only(cells: pd.Series) -> str | None:
    values = cells.astype("object").where(cells.notna(), "").unique()
    return str(values[0]) if len(values) == 1 and values[0] else None


def _quantities(ledger: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Read every figure's words, with the kind of measure; refuse a unit the indicator cannot have."""
    problems: list[str] = []
    read = []
    for row in ledger.to_dict("records"):
        try:
            read.append(_quantity({str(name): cell for name, cell in row.items()}, tables))
        except DataError as error:
            words = str(error).replace("unit_from_context", "the column unit")
            problems.append(f"figure {row['sentence_start']}: {words}")
    raise_all(problems)
    return pd.DataFrame(read, dtype="object")


def _quantity(row: Mapping[str, Any], tables: Tables) -> dict[str, object]:
    quantity = read_quantity(row)
    unit = base_unit(quantity.unit, tables.codes)
    expected = str(tables.codes["CL_INDICATOR"].at[row["indicator"], "base_unit"])
    if unit not in (expected, "PERCENT"):
        name = str(tables.codes["CL_INDICATOR"].at[row["indicator"], "name"])
        raise DataError(
            f"{row['as_written']!r} reads as {quantity.unit}, but {name} is measured in {expected}. Write the unit."
        )
    same = tables.observations[
        (tables.observations["indicator"] == row["indicator"]) & (tables.observations["unit_measure"] == unit)
    ]
    usual = _most(same["measure_type"]) or ("growth" if unit != expected else "flow")
    return {"figure_id": row["figure_id"], "measure_type": row["measure_type"] or usual} | quantity_cells(quantity)


def _same_fact(figure: Figure) -> tuple[object, ...]:
    return fact_of(figure), period_of(figure), figure.role


def _answer(
    row: Mapping[str, object],
    figure: Figure,
    facts: Facts,
    others: Mapping[tuple[object, ...], Sequence[Figure]],
    findings: pd.DataFrame,
) -> Answer:
    found = compare(figure, facts)
    finding = finding_of(figure, found, facts)
    low, high = figure.interval.low, figure.interval.high
    ends = (None if isinf(low) else low, None if isinf(high) else high)
    return Answer(
        observation=row,
        read=f"{interval(*ends, figure.unit)} ({BOUND_WORDS[figure.bound]})".replace(NBSP, " "),
        said=_said(figure, [one for one in others[_same_fact(figure)] if one.id != figure.id]),
        record=_record(figure, found),
        verdict=finding.verdict,
        word=finding.word or WORDS[finding.verdict],
        title=finding.title,
        arithmetic="\n".join(finding.arithmetic),
        explanation=finding.explanation,
        findings=findings,
    )


def _said(figure: Figure, others: Iterable[Figure]) -> pd.DataFrame:
    rows = [
        {
            "observation_id": one.id,
            "source_id": one.source_id,
            "publisher": one.publisher,
            "said_by": one.said_by,
            "ref_area": one.ref_area,
            "as_written": one.as_written,
            "time_period": one.time_period,
            "obs_value": one.value,
            "value_low": None if isinf(one.interval.low) else one.interval.low,
            "value_high": None if isinf(one.interval.high) else one.interval.high,
            "unit_measure": one.unit,
            "vintage": one.vintage,
            "relation": "hidden" if one.is_hidden else "agrees" if one.interval.meets(figure.interval) else "differs",
        }
        for one in others
    ]
    return pd.DataFrame(rows, columns=list(SAID))


def _record(figure: Figure, found: Comparison) -> pd.DataFrame:
    rows = [
        {
            "publisher": one.publisher,
            "source_id": one.source_id,
            "edition": one.edition,
            "ref_area": one.reporter,
            "time_period": one.period,
            "obs_value": one.value,
            "unit_measure": one.unit,
            "deviation": deviation_of(figure, one.value),
            "fits": grade(figure, one.value) != "differs",
            "vintage": one.vintage,
            "formula": one.formula,
            "observation_ids": " ; ".join(one.ids),
        }
        for one in found.statements
        if not isnan(one.value)
    ]
    return pd.DataFrame(rows, columns=list(RECORD))
