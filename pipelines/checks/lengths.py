"""One length said in kilometres and in miles."""

from collections.abc import Iterator
from itertools import pairwise

from pipelines.checks.facts import Facts, Figure, group
from pipelines.checks.finding import Finding, Mark, Rule

MILE = 1.609344


def _find(facts: Facts) -> Iterator[Finding]:
    lengths = (figure for figure in facts.quoted if figure.measure_type == "length" and figure.project_id)
    for figures in group(lengths, lambda figure: (figure.source_id, figure.project_id, figure.role)).values():
        for first, second in pairwise(figures):
            if first.unit_as_read != second.unit_as_read:
                yield _compare(first, second)


def _compare(first: Figure, second: Figure) -> Finding:
    km, miles = sorted((first, second), key=lambda figure: figure.unit_as_read != "KM")
    agrees = km.interval.meets(miles.interval)
    line = f"{miles.value / MILE:,.0f} miles × 1.609344 = {miles.value:,.1f} km; quoted {km.value:,.0f} km"
    return Finding(
        "agrees" if agrees else "contradiction",
        f"{km.value:,.0f} km and {miles.value / MILE:,.0f} miles are {'one length' if agrees else 'two lengths'}",
        [line],
        [km, miles],
        picture=[Mark(figure.as_written, figure.interval, figure.value, "quoted", figure.id) for figure in (km, miles)],
        unit="KM",
        size=abs(miles.value / km.value - 1),
    )


LENGTHS = (
    Rule(
        "same-length",
        "One length in two units is one length.",
        "Compares the lengths one source gives one project in kilometres and in miles (1 mile is 1.609344 km).",
        _find,
    ),
)
