"""Findings as the screen uses them: plain objects, and the observations each of them is about."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipelines.tables import Tables

SEPARATOR, BETWEEN_SETS = " ; ", " | "
STATES_HELD = 16
MARKS_HELD = 65_536
BADGED = ("conflict", "caution")


@dataclass(frozen=True)
class Interval:
    """One line of a finding's picture: an open end is None, `kind` is quoted, computed or official."""

    label: str
    low: float | None
    high: float | None
    value: float | None
    kind: str
    id: str = ""


@dataclass(frozen=True)
class Finding:
    """One row of out_findings, its lists taken apart."""

    finding_id: str
    rule: str
    verdict: str
    word: str
    title: str
    arithmetic: str
    explanation: str
    record: str
    status: str
    status_by: str
    status_why: str
    unit_measure: str
    is_slip: bool
    observation_ids: tuple[str, ...]
    figure_ids: tuple[str, ...]
    odd_one_out: tuple[tuple[str, ...], ...]
    picture: tuple[Interval, ...]

    @property
    def anchor(self) -> str:
        """Return the id of its place on the Findings page."""
        return f"finding-{self.finding_id}"

    @property
    def address(self) -> str:
        """Return the address that leads to it, whatever else the page shows."""
        return f"/findings?finding={self.finding_id}#{self.anchor}"

    @property
    def concerned(self) -> tuple[str, ...]:
        """Return the observations whose marks it is about: what somebody said, or the statistics if nobody did."""
        return self.figure_ids or self.observation_ids


class ByMark(dict[str, tuple[Finding, ...]]):
    """The findings of what a mark carries, looked up once for each mark.

    A computed mark is only meant where a finding is about every observation it is computed from.
    """

    def __init__(self, concerned: Mapping[str, tuple[Finding, ...]]):
        super().__init__()
        self._concerned = concerned

    def __missing__(self, mark: str) -> tuple[Finding, ...]:
        first, *others = mark.split(SEPARATOR)
        found = self._concerned.get(first, ())
        if found and others:
            found = tuple(finding for finding in found if set(others) <= set(finding.concerned))
        if len(self) >= MARKS_HELD:
            self.clear()
        self[mark] = found
        return found


class Concerned(dict[str, tuple[Finding, ...]]):
    """Findings by the observations they are about, and `by_mark` by what marks carry."""

    def __init__(self, found: Mapping[str, tuple[Finding, ...]]):
        super().__init__(found)
        self.by_mark = ByMark(self)


@dataclass(frozen=True)
class Index:
    """All findings of one state of knowledge, the weightiest first.

    `about` has every finding an observation takes part in; `badged` those that mark it on charts: open conflicts and
    cautions that are no editorial slips.
    """

    findings: tuple[Finding, ...]
    about: Concerned = field(repr=False)
    badged: Concerned = field(repr=False)


def counted_words(findings: Sequence[Finding]) -> str:
    """Return how many findings of each word there are, conflicts first, what has nothing to compare with left out."""
    counts = Counter(finding.word for finding in findings)
    return ", ".join(f"{word} {counts[word]}" for word in (*BADGED, "agrees") if counts[word])


_READ: dict[int, tuple[pd.DataFrame, Index]] = {}


def index(tables: Tables) -> Index:
    """Return the findings of these tables; the same table is read once."""
    known = _READ.get(id(tables.findings))
    if known is not None and known[0] is tables.findings:
        return known[1]
    if len(_READ) >= STATES_HELD:
        _READ.clear()
    read = index_of(read_findings(tables.findings))
    _READ[id(tables.findings)] = (tables.findings, read)
    return read


def index_of(findings: tuple[Finding, ...]) -> Index:
    """Return findings with the observations they are about."""
    about = _by_observation((finding, finding.observation_ids) for finding in findings)
    marked = (finding for finding in findings if finding.word in BADGED and not finding.is_slip)
    badged = _by_observation((finding, finding.concerned) for finding in marked if finding.status == "open")
    return Index(findings, about, badged)


def _by_observation(pairs: Iterable[tuple[Finding, tuple[str, ...]]]) -> Concerned:
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding, ids in pairs:
        for observation_id in ids:
            found[observation_id].append(finding)
    return Concerned({observation_id: tuple(several) for observation_id, several in found.items()})


def read_findings(rows: pd.DataFrame) -> tuple[Finding, ...]:
    """Return the rows of out_findings as objects, in their order."""
    plain = rows.astype(object).where(rows.notna(), "").to_dict("records")
    return tuple(_finding({str(name): cell for name, cell in row.items()}) for row in plain)


def _finding(row: Mapping[str, Any]) -> Finding:
    texts = (
        "finding_id", "rule", "verdict", "word", "title", "arithmetic", "explanation", "record", "status", "status_by",
        "status_why", "unit_measure",
    )  # fmt: skip
    return Finding(
        **{name: str(row[name]) for name in texts},
        is_slip=bool(row["is_slip"]),
        observation_ids=_split(row["observation_ids"], SEPARATOR),
        figure_ids=_split(row["figure_ids"], SEPARATOR),
        odd_one_out=tuple(_split(part, SEPARATOR) for part in _split(row["odd_one_out"], BETWEEN_SETS)),
        picture=tuple(Interval(**part) for part in json.loads(row["picture"] or "[]")),
    )


def _split(cell: object, by: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in str(cell).split(by) if part.strip())
