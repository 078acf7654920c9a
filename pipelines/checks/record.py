"""Sets one quoted figure against every official publisher and edition, then and today."""

from collections.abc import Iterable, Sequence

from pipelines.checks.facts import Facts, Figure
from pipelines.checks.grading import Comparison, best_grade, beyond, fits, nearest_deviation
from pipelines.checks.publishers import ACTUAL, Record, Statement, record_of
from pipelines.checks.saying import amount, publisher, quoted_line, reporter, said, statement_line, who
from pipelines.checks.scopes import other_scopes
from pipelines.checks.spans import compare_undated, compare_window

_VERBS = {"agrees": "agrees", "rounds": "comes within a rounding", "differs": "differs"}


def compare(figure: Figure, facts: Facts) -> Comparison:
    """Return how a figure stands against the record.

    agrees: a publisher's value lies within what the words allow. rounds: it comes near enough (see `grade`).
    other_scope: no publisher of the stated scope does, another stated scope does. cannot_tell: only the partner's side
    counts it, or the text gives no date. Promises have an outcome and no counterpart: they are never compared.
    """
    record = record_of(facts)
    if figure.role not in ACTUAL:
        came = [f"what came: {amount(one.value, one.unit)}, {who(one, record)}" for one in record.of(figure)]
        return Comparison("no_counterpart", lines=[quoted_line(figure), *came] if came else [])
    if not figure.time_period:
        return compare_undated(figure, record)
    return compare_window(figure, record) if figure.freq == "W" else _compare_period(figure, record)


def say_record(figure: Figure, facts: Facts) -> str:
    """Return what the record says of a figure in one line, "" where nobody counts it."""
    found = compare(figure, facts)
    if not found.statements or found.verdict in ("cannot_tell", "no_counterpart"):
        return ""
    if figure.freq == "W":
        return f"{said(figure)}: {found.explanation}"
    record = record_of(facts)
    values = ", ".join(
        f"{amount(one.value, one.unit)} {reporter(one, record)} ({publisher(one)})"
        for one in _one_a_reporter(figure, found)
    )
    return f"{said(figure)}: {position(figure, found)}: {values}"


def position(figure: Figure, found: Comparison) -> str:
    """Return in words where a figure stands."""
    if found.verdict == "agrees":
        return "agrees with the record"
    if found.verdict == "rounds":
        return "within a rounding of the record"
    if found.scope is not None:
        return f"fits {found.scope.label}, not what it is said to be"
    values = [one.value for one in found.statements]
    if figure.interval.high < min(values):
        return "below every publisher"
    return "above every publisher" if figure.interval.low > max(values) else "between the publishers"


def _one_a_reporter(figure: Figure, found: Comparison) -> list[Statement]:
    """The statement of each reporter that comes closest, the largest value first."""
    nearest = sorted(found.statements, key=lambda one: beyond(figure, one.value), reverse=True)
    return sorted({one.reporter: one for one in nearest}.values(), key=lambda one: -one.value)


def _compare_period(figure: Figure, record: Record) -> Comparison:
    statements = record.of(figure)
    if not statements:
        return Comparison("no_counterpart")
    verdict = best_grade(figure, statements)
    deviation = nearest_deviation(figure, statements)
    lines = [quoted_line(figure), *(statement_line(figure, one, record) for one in statements)]
    if verdict == "differs" and all(_is_mirror(figure, one) for one in statements):
        area = record.area(figure.ref_area)
        words = f"Only the partner's side is held: what {area} counts has no official value here."
        return Comparison("cannot_tell", statements, lines, words, deviation)
    scopes = other_scopes(figure, record, fits) if verdict == "differs" else []
    if scopes:
        lines += [scope.line for scope in scopes[:3]]
        words = f"The number fits {scopes[0].label}, and not what it is said to be."
        return Comparison("other_scope", statements, lines, words, deviation, scopes[0])
    words = f"{_known_then(figure, statements, verdict)} {_other_year(figure, record, verdict)}".strip()
    return Comparison(verdict, statements, lines, words, deviation)


def _is_mirror(figure: Figure, statement: Statement) -> bool:
    """Whether a figure of the press says whose count it is, and the statement is the other side's."""
    return figure.sentence < 0 and statement.reporter != figure.ref_area


def _known_then(figure: Figure, statements: Sequence[Statement], verdict: str) -> str:
    """Return what was different by the editions that were out when the figure was said, where the dates are known."""
    if not figure.vintage:
        return ""
    known = [one for one in statements if one.vintage and _last(one.vintage) <= _last(figure.vintage)]
    if not known:
        return "None of these editions was out when it was said." if all(one.vintage for one in statements) else ""
    then = best_grade(figure, known)
    return (
        ""
        if then == verdict
        else f"By the editions out when it was said it {_VERBS[then]}, today it {_VERBS[verdict]}."
    )


def _last(date: str) -> str:
    """Sort a date known as a year or a month behind every day of it."""
    return date + "-99-99"[len(date) - 10 :] if len(date) < 10 else date


def _other_year(figure: Figure, record: Record, verdict: str) -> str:
    """Name a neighbouring year whose value would agree, where the stated one does not."""
    if verdict != "differs" or figure.year is None:
        return ""
    lines = record.lines(figure)
    near = _fitting(figure, [one for year in (figure.year - 1, figure.year + 1) for one in lines.get(str(year), [])])
    return f"It fits {near[0].period} ({amount(near[0].value, near[0].unit)}, {who(near[0], record)})." if near else ""


def _fitting(figure: Figure, statements: Iterable[Statement]) -> list[Statement]:
    return [one for one in statements if figure.interval.holds(one.value)]
