"""Quoted figures against the official record, as a rule: one finding a figure."""

from collections.abc import Iterator

from pipelines.checks.crowds import MOST_NAMED, crowd
from pipelines.checks.facts import Facts, Figure
from pipelines.checks.finding import Finding, Mark, Rule
from pipelines.checks.grading import Comparison
from pipelines.checks.intervals import Interval
from pipelines.checks.publishers import ACTUAL, Record, fact_of, period_of, record_of
from pipelines.checks.record import compare, position, say_record
from pipelines.checks.saying import publisher, quoted_line, reporter, said

_PRESS = ("differs", "other_scope")
_MOST_MARKS = 12


def find_record(facts: Facts) -> Iterator[Finding]:
    """Return one finding for each figure of a document, and for each of the press that the record does not confirm."""
    for figure in facts.quoted:
        if figure.role not in ACTUAL or not figure.is_core or figure.duplicate_of or figure.provenance != "quoted":
            continue
        beside = record_of(facts).crowds.get((fact_of(figure), period_of(figure)))
        if beside:
            yield crowd(figure, [one for one in beside[: MOST_NAMED + 1] if one is not figure])
            continue
        found = compare(figure, facts)
        if figure.sentence >= 0 or found.verdict in _PRESS:
            yield finding_of(figure, found, facts)


def finding_of(figure: Figure, found: Comparison, facts: Facts) -> Finding:
    """Return a comparison as a finding."""
    record = record_of(facts)
    of_scope = found.scope.statements if found.scope else ()
    ids = dict.fromkeys(name for one in (*found.statements, *of_scope) for name in one.ids)
    return Finding(
        found.verdict,
        _title(figure, found),
        found.lines or [quoted_line(figure), f"nobody here publishes it: {figure.measures}"],
        [figure],
        explanation=found.explanation,
        record=say_record(figure, facts),
        picture=_picture(figure, found, record),
        unit=figure.unit,
        size=abs(found.deviation) / 100,
        witnesses=[facts.by_id[name] for name in ids if name in facts.by_id],
        word=_word(figure, found),
    )


def _word(figure: Figure, found: Comparison) -> str:
    """A difference between two publishers, from windows or from the last year alone is a caution, no conflict."""
    is_between = found.verdict == "differs" and (not found.statements or position(figure, found).startswith("between"))
    return "caution" if is_between or _fits_earlier(figure, found) else ""


def _fits_earlier(figure: Figure, found: Comparison) -> bool:
    """Whether a figure without a date fits other years than the last before it was said."""
    is_dated = bool(figure.time_period) or figure.measure_type == "growth"
    return found.verdict == "cannot_tell" and bool(found.statements) and not is_dated


def _title(figure: Figure, found: Comparison) -> str:
    return f"“{said(figure)}” {_standing(figure, found)}"


def _standing(figure: Figure, found: Comparison) -> str:
    """Say how a figure stands in the words of a headline."""
    if figure.role not in ACTUAL:
        return f"is a {figure.role}: it has an outcome and no counterpart"
    if found.verdict in ("no_counterpart", "cannot_tell"):
        return _unchecked(figure, found)
    if not found.statements:
        return "fits no window of the record"
    if found.scope is not None:
        return f"fits {found.scope.label}"
    where = position(figure, found)
    return where if where.startswith("agrees") else f"is {where}"


def _unchecked(figure: Figure, found: Comparison) -> str:
    if found.verdict == "no_counterpart":
        return "has no official counterpart here"
    if _fits_earlier(figure, found):
        return "fits other years than the last before it was said"
    return f"cannot be checked: {'no date is given' if not figure.time_period else 'one side only'}"


def _picture(figure: Figure, found: Comparison, record: Record) -> list[Mark]:
    marks = [Mark(f"“{said(figure)}”", figure.interval, figure.value, "quoted", figure.id)]
    for one in [one for one in found.statements if one.unit == figure.unit][:_MOST_MARKS]:
        when = "" if one.period == figure.time_period else f" {one.period}"
        label = f"{reporter(one, record)}, {publisher(one)}{when}"
        marks.append(Mark(label, Interval(one.value, one.value), one.value, "official", one.ids[0]))
    if found.scope is not None:
        total = found.scope.value
        marks.append(Mark(found.scope.label, Interval(total, total), total, "computed"))
    return marks


RECORD = (
    Rule(
        "against-the-record",
        "A quoted figure that somebody counts agrees with a publisher of that count.",
        "Compares every figure of a document, and shows those of the press the record does not confirm, with every "
        "publisher and edition of the same fact: levels, computed growth, computed shares, each year of a window, "
        "windows of growth nobody stated. Tries the other stated scopes where none agrees. Silent about promises.",
        find_record,
    ),
)
