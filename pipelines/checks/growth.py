"""Levels, growth and the growth of parts: what one text says of two years must fit together."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from pipelines.checks.blame import Blame, blame
from pipelines.checks.facts import Facts, Figure
from pipelines.checks.finding import Finding, Mark, Rule
from pipelines.checks.intervals import Interval
from pipelines.checks.kinship import flow_key, year_before
from pipelines.checks.systems import Mean, Product, Tie, consistent, odd_ones
from pipelines.checks.words import amount, change, said, span, when

_USUAL_WEIGHTS = Interval(0.05, 0.95)
Key = tuple[object, ...]


@dataclass(frozen=True)
class Change:
    """What one text says of one quantity in two periods a year apart, and of the growth of its two directions."""

    before: Figure | None
    after: Figure | None
    growth: Figure | None
    parts: Sequence[Figure] = field(default_factory=tuple)

    @property
    def figures(self) -> list[Figure]:
        """Every figure involved, levels first."""
        return [figure for figure in (self.before, self.growth, self.after) if figure] + list(self.parts)

    @property
    def levels(self) -> tuple[Figure, Figure] | None:
        """Both levels, where both are stated."""
        return (self.before, self.after) if self.before and self.after else None


def _changes(facts: Facts) -> Iterator[Change]:
    for figures in facts.texts.values():
        actual = [figure for figure in figures if figure.role == "actual" and figure.time_period]
        rates = [figure for figure in actual if figure.measure_type == "growth" and not figure.claim_word]
        if rates:
            yield from _text_changes(actual, rates)


def _text_changes(actual: Sequence[Figure], rates: Sequence[Figure]) -> Iterator[Change]:
    levels = {
        (_quantity(figure), figure.time_period): figure for figure in actual if figure.measure_type in ("flow", "level")
    }
    growth = {(_quantity(figure), figure.time_period): figure for figure in rates}
    periods = dict.fromkeys((_total(figure), figure.time_period) for figure in rates)
    for quantity, period in [*growth, *(key for key in periods if key not in growth)]:
        parts = [] if quantity[0] != "goods turnover" else _directions(growth, quantity, period)
        years = Change(
            levels.get((quantity, year_before(period))),
            levels.get((quantity, period)),
            growth.get((quantity, period)),
            parts,
        )
        if (quantity, period) in growth or (years.levels and len(parts) > 1):
            yield years


def _quantity(figure: Figure) -> Key:
    return (*flow_key(figure), figure.commodity, figure.project_id, figure.scope)


def _total(figure: Figure) -> Key:
    family, *areas = flow_key(figure)
    is_goods = family == "goods"
    return (
        "goods turnover" if is_goods else family,
        *(sorted(areas) if is_goods else areas),
        figure.commodity,
        figure.project_id,
        figure.scope,
    )


def _directions(growth: Mapping[tuple[Key, str], Figure], quantity: Key, period: str) -> list[Figure]:
    _, first, second, *rest = quantity
    keys = (("goods", *pair, *rest) for pair in ((first, second), (second, first)))
    found = [growth[key, period] for key in keys if (key, period) in growth]
    return found if len(found) > 1 else []


def _system(years: Change) -> tuple[dict[str, Interval], list[Tie]]:
    box = {figure.id: _numbers(figure) for figure in years.figures}
    ties: list[Tie] = []
    total = years.growth.id if years.growth else "implied growth"
    if years.levels:
        box.setdefault(total, years.levels[1].interval / years.levels[0].interval)
        ties.append(Product(years.levels[1].id, years.levels[0].id, total))
    if years.parts:
        ties.append(Mean(total, tuple(part.id for part in years.parts)))
    return box, ties


def _numbers(figure: Figure) -> Interval:
    return 1 + figure.interval / 100 if figure.measure_type == "growth" else figure.interval


def _find_levels(facts: Facts) -> Iterator[Finding]:
    for years in _changes(facts):
        if years.levels and years.growth:
            yield _level_growth(*years.levels, years.growth, years, facts)


def _level_growth(before: Figure, after: Figure, rate: Figure, years: Change, facts: Facts) -> Finding:
    factor = 1 + rate.interval / 100
    expected, reached = before.value * (1 + rate.value / 100), before.interval * factor
    unit = after.unit
    line = (
        f"{said(before)} × {change(rate.value)} = {amount(expected, unit)}, range {span(reached, unit)}; "
        f"quoted {said(after)}"
    )
    marks = [
        Mark(said(after), after.interval, after.value, "quoted", after.id),
        Mark(f"{said(before)} × {change(rate.value)}", reached, expected, "computed"),
    ]
    word = "less" if rate.value < 0 else "plus"
    title = f"{said(before)} {word} {_rate(abs(rate.value))} is {amount(expected, unit)}"
    if reached.meets(after.interval):
        return Finding("agrees", title, [line], [before, rate, after], picture=marks, unit=unit)
    base = after.interval / factor
    others = [
        f"from {said(before)} to {said(after)} is {_rate(_growth(before, after))}; quoted {_rate(rate.value)}",
        f"{said(after)} ÷ {change(rate.value)} = {amount(after.value / (1 + rate.value / 100), unit)}, "
        f"range {span(base, unit)}: what {when(before)} would have to be",
    ]
    blamed = _blame(years, facts)
    return Finding(
        "contradiction",
        f"{title}, not {said(after)}",
        [line, *others],
        [before, rate, after],
        explanation=blamed.words,
        odd=blamed.sets,
        record=blamed.record,
        picture=marks,
        unit=unit,
        size=reached.gap(after.interval) / abs(expected),
    )


def _growth(before: Figure, after: Figure) -> float:
    return after.value / before.value * 100 - 100


def _rate(percent: float) -> str:
    return amount(percent, "PERCENT")


def _blame(years: Change, facts: Facts) -> Blame:
    box, ties = _system(years)
    return blame(odd_ones(box, ties, [figure.id for figure in years.figures]), years.figures, facts)


def _find_parts(facts: Facts) -> Iterator[Finding]:
    for years in _changes(facts):
        if len(years.parts) > 1 and (years.growth or years.levels):
            yield _component_growth(years, facts)


def _component_growth(years: Change, facts: Facts) -> Finding:
    first, second = years.parts
    parts = f"{_rate(first.value)} and {_rate(second.value)}"
    weight = _weights(_implied(*years.levels), first.interval, second.interval) if years.levels else None
    lines = [*_stated_lines(years), *_level_lines(years, weight)]
    marks = _marks(years)
    if consistent(*_system(years)):
        strained = weight is not None and not weight.meets(_USUAL_WEIGHTS)
        title = f"Total growth {'barely ' if strained else ''}lies between its parts, {parts}"
        verdict = "tension" if strained else "agrees"
        return Finding(verdict, title, lines, years.figures, picture=marks, unit="PERCENT")
    blamed = _blame(years, facts)
    subject = "The levels fall outside the growth of their" if years.levels else "Total growth lies outside its"
    return Finding(
        "contradiction",
        f"{subject} parts, {parts}",
        lines,
        years.figures,
        explanation=blamed.words,
        odd=blamed.sets,
        record=blamed.record,
        picture=marks,
        unit="PERCENT",
        size=_outside(years),
    )


def _implied(before: Figure, after: Figure) -> Interval:
    return (after.interval / before.interval - 1) * 100


def _marks(years: Change) -> list[Mark]:
    rates = [figure for figure in years.figures if figure.measure_type == "growth"]
    marks = [Mark(said(rate), rate.interval, rate.value, "quoted", rate.id) for rate in rates]
    if years.levels:
        before, after = years.levels
        label = f"{said(before)} to {said(after)}"
        marks.append(Mark(label, _implied(before, after), _growth(before, after), "computed"))
    return marks


def _stated_lines(years: Change) -> list[str]:
    if not years.growth:
        return []
    first, second = (part.value for part in years.parts)
    total = years.growth.value
    share = _share(total, first, second)
    if share is None or not 0 <= share <= 1:
        return [f"{_rate(total)} does not lie between {_rate(first)} and {_rate(second)}"]
    return [
        f"{share:.2f} × {_rate(first)} + {1 - share:.2f} × {_rate(second)} = {_rate(total)}: between its parts",
    ]


def _level_lines(years: Change, weight: Interval | None) -> list[str]:
    if not years.levels or weight is None:
        return []
    before, after = years.levels
    first, second = (part.value for part in years.parts)
    number = _growth(before, after)
    lines = [f"{said(before)} to {said(after)} is {_rate(number)}, range {span(_implied(before, after), 'PERCENT')}"]
    share = _share(number, first, second)
    if share is not None:
        lines.append(
            f"as a mean of its parts that gives {_rate(first)} a weight of {share * 100:.0f} %; "
            f"with every rounding pushed to its limit {_percents(weight)}"
        )
    return lines


def _share(total: float, first: float, second: float) -> float | None:
    return None if first == second else (total - second) / (first - second)


def _weights(total: Interval, first: Interval, second: Interval) -> Interval:
    """Weights of the first part that every corner of the three intervals asks for."""
    ends = [(interval.low, interval.high) for interval in (total, first, second)]
    shares = [share for corner in product(*ends) if (share := _share(*corner)) is not None and math.isfinite(share)]
    return Interval(min(shares), max(shares)) if shares else Interval(0, 1)


def _percents(weight: Interval) -> str:
    low, high = weight.low * 100, weight.high * 100
    return f"at least {low:.0f} %" if high > 100 else f"{low:.0f} to {high:.0f} %"


def _outside(years: Change) -> float:
    """How far a stated or implied total lies outside its parts or from the other, in parts of one."""
    ends = [part.value for part in years.parts]
    totals = [years.growth.value] if years.growth else []
    if years.levels:
        totals.append(_growth(*years.levels))
    beyond = [max(min(ends) - total, total - max(ends), 0.0) for total in totals]
    return max(*beyond, max(totals) - min(totals)) / 100


GROWTH = (
    Rule(
        "level-and-growth",
        "A level times its growth is the next level.",
        "Multiplies the level one text states for a period by the growth it states for the next and compares the level "
        "it states there. The smallest sets to blame include the growth of both directions where the text states it.",
        _find_levels,
    ),
    Rule(
        "component-growth",
        "Total growth is a weighted mean of the growth of its parts.",
        "Whatever the weights, growth of turnover lies between that of exports and of imports; so must the growth "
        "its levels imply. A tension where one part would need nearly all the weight.",
        _find_parts,
    ),
)
