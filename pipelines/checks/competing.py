"""One fact with two values, one promise with two sizes or deadlines."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipelines.checks.facts import Facts, Figure, group, rounded
from pipelines.checks.finding import Finding, Mark, Rule
from pipelines.checks.kinship import ENVELOPES, PROMISES, flow_key
from pipelines.checks.record import say_record
from pipelines.checks.words import amount, distinct, said, times, when

REVISIONS = 0.03
_NO_FACTS = ("DURATION", "ITEM_COUNT", "RANK")
_FAR = 2.0


def _find_values(facts: Facts) -> Iterator[Finding]:
    for figures in group(filter(_is_fact, facts.stated), _fact).values():
        spread = _furthest(figures)
        if spread:
            yield _values(figures, *spread, facts)


def _is_fact(figure: Figure) -> bool:
    return (
        figure.role not in PROMISES
        and figure.is_core
        and figure.indicator not in _NO_FACTS
        and bool(figure.time_period or figure.project_id)
    )


def _fact(figure: Figure) -> tuple[str, ...]:
    return (
        *flow_key(figure),
        figure.ref_area,
        figure.indicator,
        figure.commodity,
        figure.project_id,
        figure.role,
        figure.measure_type,
        figure.time_period,
        figure.unit,
        figure.scope,
        figure.counted,
        figure.price_basis,
    )


def _furthest(figures: Sequence[Figure]) -> tuple[Figure, Figure] | None:
    """The lowest and the highest of several statements, where no number suits both."""
    if len(figures) < 2:
        return None
    lowest = min(figures, key=lambda figure: figure.interval.high)
    highest = max(figures, key=lambda figure: figure.interval.low)
    return (
        None
        if lowest.interval.meets(highest.interval) or rounded(lowest).meets(rounded(highest))
        else (lowest, highest)
    )


def _values(figures: Sequence[Figure], lowest: Figure, highest: Figure, facts: Facts) -> Finding:
    gap = highest.value - lowest.value
    relative = abs(gap / lowest.value) if lowest.value else 1.0
    is_small = relative <= REVISIONS
    shown = " or ".join(distinct(lowest.value, highest.value, lowest.unit))
    return Finding(
        "tension" if is_small else "contradiction",
        f"{lowest.measures}, {when(lowest)}: {shown}",
        [
            f"{said(highest)} ({highest.publisher}) − {said(lowest)} ({lowest.publisher}) = "
            f"{amount(gap, lowest.unit)}, {relative * 100:.1f} %"
        ],
        figures,
        explanation="No more than first releases are later revised by." if is_small else "",
        odd=_odd(figures, lowest, highest),
        record="\n".join(line for figure in (lowest, highest) if (line := say_record(figure, facts))),
        picture=_marks(figures),
        unit=lowest.unit,
        size=relative,
    )


def _odd(figures: Sequence[Figure], *ends: Figure) -> list[tuple[str, ...]]:
    """The lowest or the highest, where all others meet without it."""
    return [(end.id,) for end in ends if _furthest([figure for figure in figures if figure is not end]) is None]


def _marks(figures: Sequence[Figure]) -> list[Mark]:
    return [
        Mark(f"{figure.publisher}, {figure.vintage or 'undated'}", figure.interval, figure.value, "quoted", figure.id)
        for figure in figures
    ]


def _find_promises(facts: Facts) -> Iterator[Finding]:
    promises = [
        figure
        for figure in facts.stated
        if figure.role in PROMISES and figure.is_core and figure.measure_type not in ("growth", "ratio", "duration")
    ]
    for figures in group(promises, _promise).values():
        deadlines = (figure for figure in figures if figure.time_period or figure.project_id)
        for issues in group(deadlines, lambda figure: figure.time_period).values():
            spread = _furthest(issues)
            if spread:
                yield _sizes(issues, *spread)
        yield from _deadlines([figure for figure in figures if figure.role == "target"])
    envelopes = (figure for figure in promises if figure.indicator in ENVELOPES)
    for figures in group(envelopes, lambda figure: (figure.ref_area, figure.counterpart_area, figure.unit)).values():
        spread = _furthest(figures)
        if spread and spread[1].value / spread[0].value >= _FAR:
            yield _envelopes([figure for figure in figures if not _suits(figure, spread)], *spread)


def _promise(figure: Figure) -> tuple[object, ...]:
    areas = tuple(sorted((figure.ref_area, figure.counterpart_area)))
    return (
        figure.indicator,
        areas,
        figure.commodity,
        figure.project_id,
        figure.measure_type,
        figure.unit,
        figure.scope,
        figure.counted,
        figure.role if figure.project_id else "",
    )


def _suits(figure: Figure, ends: tuple[Figure, Figure]) -> bool:
    return all(figure.interval.meets(end.interval) for end in ends)


def _sizes(figures: Sequence[Figure], lowest: Figure, highest: Figure) -> Finding:
    ratio = highest.value / lowest.value
    return Finding(
        "tension",
        f"{amount(lowest.value, lowest.unit)} or {amount(highest.value, highest.unit)} promised"
        + (f" for {when(lowest)}" if lowest.time_period else ""),
        [_issue(figure) for figure in (lowest, highest)] + [f"the larger is {times(ratio)} the smaller"],
        figures,
        explanation=_later(lowest, highest),
        picture=_marks(figures),
        unit=lowest.unit,
        size=ratio - 1,
    )


def _issue(figure: Figure) -> str:
    speaker = figure.said_by or figure.publisher
    for_when = f" for {when(figure)}" if figure.time_period else ""
    return f"{said(figure)}{for_when}: {speaker}, {figure.vintage or 'undated'}"


def _later(lowest: Figure, highest: Figure) -> str:
    if not (lowest.vintage and highest.vintage) or lowest.vintage[:7] == highest.vintage[:7]:
        return ""
    later, verb = ("larger", "raised") if lowest.vintage < highest.vintage else ("smaller", "lowered")
    return f"The {later} was said later: the promise may have been {verb}."


def _deadlines(figures: Sequence[Figure]) -> Iterator[Finding]:
    """One size promised for two years; issues of it are listed by deadline."""
    for same in group(figures, lambda figure: figure.value).values():
        dated = sorted((figure for figure in same if figure.time_period), key=lambda figure: figure.time_period)
        first_of = {figure.time_period: figure for figure in sorted(dated, key=_said_on, reverse=True)}
        for earlier, later in pairwise(first_of[name] for name in sorted(first_of)):
            yield Finding(
                "tension",
                f"{amount(earlier.value, earlier.unit)} promised for {when(earlier)} and for {when(later)}",
                [_issue(earlier), _issue(later)],
                [figure for figure in dated if figure.time_period in (earlier.time_period, later.time_period)],
                explanation=_redated(earlier, later),
                picture=_marks([earlier, later]),
                unit=earlier.unit,
            )


def _said_on(figure: Figure) -> str:
    return figure.vintage or "9999"


def _redated(earlier: Figure, later: Figure) -> str:
    if earlier.vintage and later.vintage and earlier.vintage[:4] < later.vintage[:4]:
        return (
            f"First said in {earlier.vintage[:4]} for the earlier year, in {later.vintage[:4]} for the later: re-dated."
        )
    return "Which of the two was meant is not said."


def _envelopes(figures: Sequence[Figure], lowest: Figure, highest: Figure) -> Finding:
    ratio = highest.value / lowest.value
    return Finding(
        "tension",
        f"Announced totals differ by a factor of {ratio:.1f}".removesuffix(".0"),
        [f"{said(highest)} ÷ {said(lowest)} = {times(ratio)}", *(_issue(figure) for figure in figures)],
        figures,
        explanation="Different speakers, dates and horizons for one purpose: none is a measure of another.",
        picture=_marks(figures),
        unit=lowest.unit,
    )


COMPETING = (
    Rule(
        "competing-values",
        "One fact has one value.",
        "Compares what different texts and pages state of one reporter, quantity, product, project, role and period. "
        f"Up to {REVISIONS:.0%} is a tension, as much as first releases are revised by; beyond it a contradiction.",
        _find_values,
    ),
    Rule(
        "competing-promises",
        "One promise has one size and one deadline.",
        "Compares targets, plans and pledges for one quantity: two sizes for one deadline, one size for two deadlines, "
        "and announced totals for one purpose that differ at least two-fold.",
        _find_promises,
    ),
)
