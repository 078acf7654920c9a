"""Is this number right: one typed figure against what was said and what the record says, before it enters a ledger."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isinf, isnan

import pandas as pd

from pipelines.checks.candidate import facts_with, observe_candidates
from pipelines.checks.facts import Facts, Figure, group
from pipelines.checks.finding import WORDS
from pipelines.checks.grading import Comparison, deviation_of, grade
from pipelines.checks.publishers import fact_of, period_of
from pipelines.checks.record import compare
from pipelines.checks.record_rules import finding_of
from pipelines.checks.search import search
from pipelines.errors import DataError
from pipelines.extract.quantities import BARE_REMEDY
from pipelines.tables import Tables
from pipelines.wording import BOUND_WORDS, NBSP, interval

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
_PLACE = re.compile(r"the figure line (\d+)")


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
    """Return one answer a row of text cells, by the columns of table `candidate`; the figures also meet each other.

    Commodity, partner and project that are left out get the usual ones of the indicator. Refused, all problems at
    once, is what `observe_candidates` refuses.
    """
    filled = pd.DataFrame([_completed(row, tables.observations) for row in _cells(rows)]).fillna("")
    try:
        candidates = observe_candidates(filled, tables.codes, tables.sources)
    except DataError as error:
        words = _PLACE.sub(lambda found: f"figure {int(found[1]) - 1}", str(error))
        raise DataError(words.replace(BARE_REMEDY, "Write the unit")) from error
    facts = facts_with(tables, candidates)
    findings = search(facts)
    involved = findings["observation_ids"].str.split(" ; ").explode()
    others = group((one for one in facts.figures if one.is_quoted), _same_fact)
    answers = []
    for row in candidates.to_dict("records"):
        figure = facts.by_id[row["observation_id"]]
        own = findings.loc[involved.index[involved == figure.id]].reset_index(drop=True)
        answers.append(_answer({str(name): cell for name, cell in row.items()}, figure, facts, others, own))
    return answers


def _cells(rows: pd.DataFrame) -> list[dict[str, str]]:
    plain = rows.astype("object").where(rows.notna(), "")
    return [{str(name): str(cell).strip() for name, cell in row.items()} for row in plain.to_dict("records")]


def _completed(row: Mapping[str, str], observations: pd.DataFrame) -> dict[str, str]:
    """Fill in the commodity most observations of the indicator have, and the partner and project all agree on."""
    known = observations[observations["indicator"] == row.get("indicator")]
    same_reporter = known[(known["ref_area"] == row.get("ref_area")) & (known["role"] == (row.get("role") or "actual"))]
    usual = {"commodity": _most(known["commodity"])}
    usual |= {name: _only(same_reporter[name]) for name in ("counterpart_area", "project_id")}
    return dict(row) | {name: value for name, value in usual.items() if value and not row.get(name)}


def _most(cells: pd.Series) -> str | None:
    """The most frequent value, None where most rows have none."""
    counted = cells.astype("object").where(cells.notna(), "").value_counts()
    return None if counted.empty or counted.index[0] == "" else str(counted.index[0])


def _only(cells: pd.Series) -> str | None:
    values = cells.astype("object").where(cells.notna(), "").unique()
    return str(values[0]) if len(values) == 1 and values[0] else None


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
