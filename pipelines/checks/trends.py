"""Two shares of one series at two dates, set against the same shares of the record."""

from collections.abc import Iterator
from itertools import pairwise

from pipelines.checks.facts import Facts, Figure, group
from pipelines.checks.finding import Finding, Mark, Rule
from pipelines.checks.kinship import PARTNER_SHARES
from pipelines.checks.record import compare, say_record
from pipelines.checks.words import amount, said, when

_WORST = ("agrees", "rounds", "differs")


def _find(facts: Facts) -> Iterator[Finding]:
    shares = (
        figure
        for figure in facts.stated
        if figure.indicator in PARTNER_SHARES and figure.year and figure.role == "actual" and figure.bound == "="
    )
    for figures in group(shares, _series).values():
        for first, second in pairwise(sorted(figures, key=lambda figure: figure.time_period)):
            yield from _change(first, second, facts)


def _series(figure: Figure) -> tuple[str, ...]:
    return (figure.source_id, figure.indicator, figure.ref_area, figure.counterpart_area, figure.commodity)


def _change(first: Figure, second: Figure, facts: Facts) -> Iterator[Finding]:
    verdicts = [compare(figure, facts).verdict for figure in (first, second)]
    if any(verdict not in _WORST for verdict in verdicts):
        return
    verdict = max(verdicts, key=_WORST.index)
    points = second.value - first.value
    yield Finding(
        "differs" if verdict == "differs" else "agrees",
        f"A share from {said(first)} in {when(first)} to {said(second)} in {when(second)}",
        [
            f"{said(second)} − {said(first)} = {amount(points, 'PERCENT').replace('%', 'points')}, "
            f"{amount((second.value / first.value - 1) * 100, 'PERCENT')} of the earlier share"
        ],
        [first, second],
        record="\n".join(line for figure in (first, second) if (line := say_record(figure, facts))),
        picture=[Mark(when(figure), figure.interval, figure.value, "quoted", figure.id) for figure in (first, second)],
        unit="PERCENT",
    )


TRENDS = (
    Rule(
        "share-over-time",
        "A share that changes agrees with the record at both dates.",
        "Compares two shares one text states of one partner with the shares of the record in both years.",
        _find,
    ),
)
