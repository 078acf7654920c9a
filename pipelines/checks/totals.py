"""Exports, imports and their turnover as one source prints them for one period."""

from collections.abc import Iterator, Mapping, Sequence

from pipelines.checks.blame import blame
from pipelines.checks.facts import Facts, Figure, group, rounded
from pipelines.checks.finding import Finding, Mark, Rule
from pipelines.checks.intervals import Interval
from pipelines.checks.systems import Sum, consistent, odd_ones
from pipelines.checks.words import amount, said, span, when

SLIP = 0.001
_SIDES = ("TRADE_TOTAL", "EXP_FOB", "IMP_CIF")


def _find(facts: Facts) -> Iterator[Finding]:
    trade = (
        figure
        for figure in facts.stated
        if figure.indicator in _SIDES and figure.measure_type == "flow" and figure.role == "actual"
    )
    for figures in group(trade, _key).values():
        sides = {figure.indicator: figure for figure in reversed(figures)}
        if len(sides) == len(_SIDES) and figures[0].time_period:
            yield _compare([sides[name] for name in _SIDES], facts)


def _key(figure: Figure) -> tuple[str, ...]:
    return (
        figure.source_id,
        figure.ref_area,
        figure.counterpart_area,
        figure.commodity,
        figure.time_period,
        figure.unit,
        figure.scope,
    )


def _compare(sides: Sequence[Figure], facts: Facts) -> Finding:
    total, exports, imports = sides
    ties = [Sum(total.id, (exports.id, imports.id))]
    box = {figure.id: figure.interval for figure in sides}
    computed = exports.interval + imports.interval
    number = exports.value + imports.value
    line = (
        f"exports {said(exports)} + imports {said(imports)} = {amount(number, total.unit, fine=True)}, "
        f"range {span(computed, total.unit, fine=True)}; quoted {said(total)}"
    )
    marks = [
        Mark(f"turnover {said(total)}", total.interval, total.value, "quoted", total.id),
        Mark("exports + imports", computed, number, "computed"),
    ]
    verdict = _verdict(box, {figure.id: rounded(figure) for figure in sides}, ties)
    said_in = f"{when(total)}, {total.publisher}"
    if verdict != "contradiction":
        return Finding(
            verdict,
            f"Exports and imports add up to the turnover ({said_in})",
            [line],
            sides,
            explanation="Equal once filling zeros count as rounding." if verdict == "rounds" else "",
            picture=marks,
            unit=total.unit,
        )
    size = computed.gap(total.interval) / abs(total.value)
    blamed = blame(odd_ones(box, ties, list(box)), sides, facts)
    return Finding(
        verdict,
        f"Exports and imports do not add up to the turnover ({said_in})",
        [line],
        sides,
        explanation=blamed.words,
        odd=blamed.sets,
        record=blamed.record,
        picture=marks,
        unit=total.unit,
        size=size,
        is_slip=size < SLIP,
    )


def _verdict(box: Mapping[str, Interval], loose: Mapping[str, Interval], ties: Sequence[Sum]) -> str:
    if consistent(box, ties):
        return "agrees"
    return "rounds" if consistent(loose, ties) else "contradiction"


TOTALS = (
    Rule(
        "parts-and-total",
        "Exports and imports add up to the turnover.",
        "Adds what one source prints of one reporter, counterpart, product and period. Equal after rounding is said to "
        "round; a miss below a thousandth is a slip of the pen. The smallest sets to blame are set against the record.",
        _find,
    ),
)
