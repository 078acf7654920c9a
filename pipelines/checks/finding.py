"""What a rule is, and what it finds."""

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from pipelines.checks.facts import Facts, Figure
from pipelines.checks.intervals import Interval
from pipelines.schema import OUT_FINDINGS

WORDS = {
    "contradiction": "conflict",
    "differs": "conflict",
    "unexplained": "conflict",
    "tension": "caution",
    "comparability": "caution",
    "same_number": "caution",
    "other_scope": "caution",
    "explained": "caution",
    "agrees": "agrees",
    "rounds": "agrees",
    "cannot_tell": "none",
    "no_counterpart": "none",
}
_WEIGHTS = {
    "contradiction": 80,
    "differs": 60,
    "unexplained": 60,
    "tension": 50,
    "other_scope": 35,
    "comparability": 40,
    "explained": 30,
    "same_number": 25,
    "rounds": 10,
    "agrees": 10,
    "cannot_tell": 5,
    "no_counterpart": 1,
}
_LEAST_CAUTION = 25
_FULL_SIZE = 0.05


@dataclass(frozen=True)
class Mark:
    """One interval on the small picture of a finding; `kind` is quoted, computed or official."""

    label: str
    interval: Interval
    value: float
    kind: str
    id: str = ""


@dataclass(frozen=True)
class Finding:
    """What a rule found about a set of figures.

    `size` is the gap relative to what was expected (0.1 is a tenth); it only sorts: from a twentieth on a gap has the
    full weight of its verdict, as has one that has no size.
    `odd` holds the smallest sets of observation ids whose removal makes the rest consistent. `witnesses` are official
    observations that come and go with editions: shown with the figures, but no part of the finding's name. `word` wins
    over the word of the verdict. Findings about dates name events in `event_ids`. `repeats` are further places that say
    the same word for word: named, but no part of the finding's name either.
    """

    verdict: str
    title: str
    arithmetic: Sequence[str]
    figures: Sequence[Figure]
    explanation: str = ""
    odd: Sequence[Sequence[str]] = ()
    record: str = ""
    picture: Sequence[Mark] = ()
    unit: str = ""
    size: float | None = None
    is_slip: bool = False
    is_explained: bool = False
    event_ids: Sequence[str] = ()
    witnesses: Sequence[Figure] = ()
    word: str = ""
    repeats: Sequence[Figure] = ()


@dataclass(frozen=True)
class Rule:
    """A fact that must hold between figures: its name, one sentence, what it reads and when it stays silent."""

    name: str
    sentence: str
    documentation: str
    find: Callable[[Facts], Iterable[Finding]]


def finding_id(rule: str, observation_ids: Iterable[str]) -> str:
    """Return the name of a finding: its rule and a short hash of the sorted observations involved."""
    digest = hashlib.sha256(" ; ".join(sorted(set(observation_ids))).encode()).hexdigest()
    return f"{rule}-{digest[:8]}"


def frame_findings(found: Iterable[tuple[Rule, Finding]]) -> pd.DataFrame:
    """Return out_findings of what the rules found, the weightiest first; of one name the weightiest is kept."""
    rows = pd.DataFrame([_row(rule, finding) for rule, finding in found], columns=OUT_FINDINGS.columns)
    ordered = rows.sort_values(["weight", "finding_id"], ascending=[False, True], kind="stable")
    return ordered.drop_duplicates("finding_id").reset_index(drop=True)


def _row(rule: Rule, finding: Finding) -> dict[str, object]:
    names = dict.fromkeys([*(figure.id for figure in finding.figures), *finding.event_ids])
    ids = list(names | dict.fromkeys(figure.id for figure in (*finding.repeats, *finding.witnesses)))
    quoted = (*finding.figures, *finding.repeats)
    figure_ids = dict.fromkeys(figure.figure_id for figure in quoted if figure.figure_id)
    word = finding.word or WORDS[finding.verdict]
    return {
        "finding_id": finding_id(rule.name, names),
        "rule": rule.name,
        "verdict": finding.verdict,
        "word": "caution" if finding.is_explained and word == "conflict" else word,
        "weight": _weight(finding),
        "title": finding.title,
        "arithmetic": "\n".join(finding.arithmetic),
        "explanation": finding.explanation or None,
        "observation_ids": " ; ".join(ids),
        "figure_ids": " ; ".join(figure_ids) or None,
        "odd_one_out": " | ".join(" ; ".join(ids) for ids in finding.odd) or None,
        "record": finding.record or None,
        "picture": json.dumps([_mark(mark) for mark in finding.picture], ensure_ascii=False),
        "unit_measure": finding.unit or None,
        "status": "explained" if finding.is_explained else "open",
        "status_by": "rule" if finding.is_explained else None,
        "status_why": finding.explanation if finding.is_explained else None,
        "is_slip": finding.is_slip,
    }


def _weight(finding: Finding) -> float:
    size = _FULL_SIZE if finding.size is None else min(finding.size, 1.0)
    is_raised = finding.word == "caution" and WORDS[finding.verdict] == "none"
    base = (_LEAST_CAUTION if is_raised else _WEIGHTS[finding.verdict]) * (0.4 + 0.6 * min(size / _FULL_SIZE, 1.0))
    is_softened = finding.word == "caution" and WORDS[finding.verdict] == "conflict" and not finding.is_explained
    for applies, factor in ((finding.is_explained, 0.5), (is_softened, 0.6), (finding.is_slip, 0.1)):
        base *= factor if applies else 1.0
    return round(base + (0 if finding.is_slip else 10 * size), 2)


def _mark(mark: Mark) -> dict[str, object]:
    low, high = mark.interval.low, mark.interval.high
    return {
        "label": mark.label,
        "low": low if math.isfinite(low) else None,
        "high": high if math.isfinite(high) else None,
        "value": mark.value,
        "id": mark.id,
        "kind": mark.kind,
    }
