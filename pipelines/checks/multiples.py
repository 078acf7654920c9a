"""A multiple and its target imply a base, which must fit beside everything else the text says of that flow."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipelines.checks.blame import blame
from pipelines.checks.crowds import crowd, is_crowd
from pipelines.checks.facts import Facts, Figure, group
from pipelines.checks.finding import Finding, Mark, Rule
from pipelines.checks.intervals import INFINITE, Interval
from pipelines.checks.kinship import flow_key
from pipelines.checks.publishers import record_of
from pipelines.checks.record import compare
from pipelines.checks.systems import AtMost, Product, Sum, Tie, consistent, odd_ones
from pipelines.checks.words import amount, said, span, times, when

_BASE = "implied base"
_REACH = 1
_SOME = Interval(0, INFINITE)


def _find(facts: Facts) -> Iterator[Finding]:
    for figures in facts.texts.values():
        multiples = [figure for figure in figures if figure.unit == "RATIO" and figure.about]
        if multiples:
            yield from _in_text(multiples, figures, facts)


def _in_text(multiples: Sequence[Figure], figures: Sequence[Figure], facts: Facts) -> Iterator[Finding]:
    targets = {_target_key(figure, figure.indicator): figure for figure in reversed(figures) if figure.unit != "RATIO"}
    flows = group((figure for figure in figures if figure.role == "actual"), _flow)
    arriving = group((figure for figure in figures if figure.role == "actual"), _arriving)
    for found in group(multiples, lambda figure: _target_key(figure, figure.about)).values():
        target = targets.get(_target_key(found[0], found[0].about))
        if target:
            base = next((one for one in reversed(flows.get(_flow(target), ())) if _is_base(one, target)), None)
            near = [one for one in arriving.get(_arriving(target), ()) if _about_the_same_year(one, target)]
            for multiple in found:
                if base:
                    yield _with_base(multiple, target, base)
                yield from [crowd(multiple, near)] if is_crowd(near) else _beside_total(multiple, target, near, facts)


def _target_key(figure: Figure, indicator: str) -> tuple[str, ...]:
    """What a multiple and the level it leads to have in common."""
    return (
        indicator,
        figure.project_id,
        figure.ref_area,
        figure.counterpart_area,
        figure.role,
        figure.time_period,
    )


def _is_base(figure: Figure, target: Figure) -> bool:
    """A level of the same flow that came before the target."""
    return (figure.measure_type, figure.unit) == (target.measure_type, target.unit) and bool(
        figure.years and target.years and figure.years[1] <= target.years[0]
    )


def _flow(figure: Figure) -> tuple[str, ...]:
    return (*flow_key(figure), figure.commodity)


def _arriving(figure: Figure) -> tuple[str, ...]:
    """The family, importer, kind and unit of a flow, whoever sends it."""
    family, _, importer = flow_key(figure)
    return (family, importer, figure.measure_type, figure.unit)


def _with_base(multiple: Figure, target: Figure, base: Figure) -> Finding:
    ties = [Product(target.id, base.id, multiple.id)]
    figures = [base, multiple, target]
    box = {figure.id: figure.interval for figure in figures}
    reached = base.interval * multiple.interval
    number = base.value * multiple.value
    lines = [
        f"{said(base)} × {multiple.value:g} = {amount(number, target.unit)}, range {span(reached, target.unit)}; "
        f"quoted {said(target)}"
    ]
    marks = [
        Mark(said(target), target.interval, target.value, "quoted", target.id),
        Mark(f"{multiple.value:g} × {said(base)}", reached, number, "computed"),
    ]
    holds = consistent(box, ties)
    title = f"{times(multiple.value)} {said(base)} is {'' if holds else 'not '}{said(target)}"
    return Finding(
        "agrees" if holds else "contradiction",
        title,
        lines,
        figures,
        odd=odd_ones(box, ties, list(box)),
        picture=marks,
        unit=target.unit,
        size=reached.gap(target.interval) / abs(target.value),
    )


def _beside_total(multiple: Figure, target: Figure, near: Sequence[Figure], facts: Facts) -> Iterator[Finding]:
    """The implied base, other suppliers of the same importer and the total the text states for about that year."""
    others = group(
        (figure for figure in near if flow_key(figure)[1] not in ("W00", flow_key(target)[1])),
        lambda figure: figure.time_period,
    )
    for total in near:
        if flow_key(total)[1] == "W00" and total.time_period in others:
            base = target.interval / multiple.interval
            yield _compare(multiple, target, base, total, others[total.time_period], facts)


def _about_the_same_year(figure: Figure, target: Figure) -> bool:
    """The base of a target is the year before its window opens, or its first."""
    return bool(figure.years and target.years and abs(figure.years[1] - target.years[0]) <= _REACH)


def _compare(
    multiple: Figure, target: Figure, base: Interval, total: Figure, others: Sequence[Figure], facts: Facts
) -> Finding:
    members = [*others, multiple, target]
    box = {figure.id: figure.interval for figure in (*members, total)} | {_BASE: _SOME, "sum": _SOME}
    ties: list[Tie] = [
        Product(target.id, multiple.id, _BASE),
        Sum("sum", (*(figure.id for figure in others), _BASE)),
        AtMost("sum", total.id),
    ]
    number = target.value / multiple.value
    sum_value = number + sum(figure.value for figure in others)
    sum_range = base
    for figure in others:
        sum_range = sum_range + figure.interval
    unit = total.unit
    lines = [
        f"{said(target)} ÷ {multiple.value:g} = {amount(number, unit)} to start from, range {span(base, unit)}",
        " + ".join(said(figure) for figure in others)
        + f" + {amount(number, unit)} = {amount(sum_value, unit)}, range {span(sum_range, unit)}; "
        f"quoted total {said(total)}",
    ]
    marks = [
        Mark(f"total {said(total)}", total.interval, total.value, "quoted", total.id),
        Mark("sum of its parts", sum_range, sum_value, "computed"),
    ]
    if consistent(box, ties):
        title = f"The base of {amount(number, unit)} fits into {said(total)}"
        return Finding("agrees", title, lines, [*members, total], picture=marks, unit=unit)
    words, covered = _explain(total, sum_range, facts)
    suspects = [figure.id for figure in (*others, target, total)]
    blamed = blame(odd_ones(box, ties, suspects), [*members, total], facts)
    return Finding(
        "contradiction",
        f"{' + '.join(said(figure) for figure in others)} and a base of {amount(number, unit)} exceed {said(total)}",
        lines,
        [*members, total],
        explanation=words or blamed.words,
        odd=blamed.sets,
        record="\n".join(part for part in (blamed.record, _say_base(total, target, facts)) if part),
        picture=marks,
        unit=unit,
        is_explained=covered,
    )


def _say_base(total: Figure, target: Figure, facts: Facts) -> str:
    """What the importer counts from the exporter of the target, in the years the base may mean."""
    _, exporter, _ = flow_key(target)
    cells: dict[str, str] = {}
    for indicator in (total.indicator, "GAS_IMP_PIPELINE"):
        counted = replace(total, indicator=indicator, counterpart_area=exporter)
        for period, statements in record_of(facts).lines(counted).items():
            if len(period) == 4 and abs(int(period) - (target.years or (0, 0))[0]) <= _REACH:
                cells[period] = f"{amount(statements[-1].value, total.unit)} in {period}"
    return (
        f"base: {record_of(facts).area(exporter)} sent {', '.join(cells[name] for name in sorted(cells))}"
        if cells
        else ""
    )


def _explain(total: Figure, needed: Interval, facts: Facts) -> tuple[str, bool]:
    """A narrower scope explains the gap where the record's total of the stated scope has room for the sum."""
    found = compare(total, facts)
    if found.verdict != "other_scope" or not found.statements or found.scope is None:
        return "", False
    real = max(statement.value for statement in found.statements)
    if real < needed.low:
        return f"{found.explanation} The stated scope holds {amount(real, total.unit)}, still less than the sum.", False
    return (
        f"{said(total)} is {found.scope.label} and no total: all of it was {amount(real, total.unit)} "
        f"in {when(total)}, which has room for {span(needed, total.unit)}. That covers the gap.",
        True,
    )


MULTIPLES = (
    Rule(
        "multiple-and-base",
        "A target divided by its multiple is the level it starts from.",
        "'Double to 10' implies 5. The base is compared with the level the text states, and with the total it states "
        "for about the same year, beside the other parts of that total. A narrower scope of the total explains a gap "
        "only where the record's total of the stated scope has room for the sum.",
        _find,
    ),
)
