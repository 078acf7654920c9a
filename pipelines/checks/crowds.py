"""What keeps the rules linear: statements repeated word for word count once, and no group is combined without bound."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

from pipelines.checks.facts import Facts, Figure
from pipelines.checks.finding import Finding
from pipelines.checks.words import said

MOST_TOGETHER = 16
MOST_NAMED = 20
_SAME = attrgetter(*(name for name in Figure.__slots__ if name not in ("id", "figure_id", "sentence", "listed_count")))


def collapse(facts: Facts) -> tuple[Facts, Mapping[str, Sequence[Figure]]]:
    """Return the facts with each statement once, and by the id of the first of them what repeats it.

    A statement is repeated where source, dimensions, words and interval are all the same; the first stands for all.
    """
    first: dict[object, Figure] = {}
    repeats: dict[str, list[Figure]] = {}
    for figure in facts.stated:
        kept = first.setdefault((*_SAME(figure), str(figure.listed_count)), figure)
        if kept is not figure:
            repeats.setdefault(kept.id, []).append(figure)
    if not repeats:
        return facts, repeats
    left_out = {figure.id for figures in repeats.values() for figure in figures}
    return replace(facts, figures=tuple(one for one in facts.figures if one.id not in left_out)), repeats


def with_repeats(finding: Finding, repeats: Mapping[str, Sequence[Figure]]) -> Finding:
    """Return a finding that says how often its figures are repeated and names up to 20 of the repetitions."""
    again = [figure for one in finding.figures for figure in repeats.get(one.id, ())]
    if not again:
        return finding
    named = again[:MOST_NAMED]
    line = f"stated {len(again)} more times word for word; {len(named)} of them are named"
    return replace(finding, arithmetic=[*finding.arithmetic, line], repeats=named)


def is_crowd(figures: Sequence[Figure]) -> bool:
    """Whether these are too many to be combined with each other."""
    return len(figures) > MOST_TOGETHER


def crowd(subject: Figure, others: Sequence[Figure]) -> Finding:
    """Return what is said of a figure beside too many others: that nobody can tell; the first 20 of them are named."""
    return Finding(
        "cannot_tell",
        f"Too many figures stand beside {said(subject)} to be compared",
        [f"{said(subject)} beside {len(others)} figures or more of one kind; at most {MOST_TOGETHER} are combined"],
        [subject, *others[:MOST_NAMED]],
        explanation="One text should state a fact once: mark repetitions, or give the figures the dimension they lack.",
        unit=subject.unit,
    )
