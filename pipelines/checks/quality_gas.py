"""Gas and oil through one pipe, counted at both ends: what reference conditions and scope explain."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipelines.checks.facts import Facts, Figure, group
from pipelines.checks.finding import Finding, Mark, Rule
from pipelines.checks.intervals import Interval
from pipelines.checks.publishers import Record, Statement, record_of
from pipelines.checks.saying import amount, publisher, quoted_line, who

KELVIN_15, KELVIN_20 = 288.15, 293.15
STANDARD_MJ = 40.0
RUSSIAN_MJ = 38.2
GAS_MJ = Interval(37.7, 39.1)
TO_STANDARD = KELVIN_15 / KELVIN_20 * GAS_MJ / STANDARD_MJ
USUAL_TO_STANDARD = KELVIN_15 / KELVIN_20 * RUSSIAN_MJ / STANDARD_MJ
_FORMULA = f"V(15 °C, 40 MJ/m³) = V(20 °C) × 288.15/293.15 × {RUSSIAN_MJ}/40 = V(20 °C) × {USUAL_TO_STANDARD:.3f}"


@dataclass(frozen=True)
class _Year:
    delivered: Statement
    imported: Statement
    sent: Interval

    @property
    def gap(self) -> float:
        return self.imported.value / self.delivered.value - 1

    @property
    def is_covered(self) -> bool:
        return (self.sent * TO_STANDARD).holds(self.imported.value)


def find_conditions(facts: Facts) -> Iterator[Finding]:
    """Return one finding for the years in which conditions cover the gap, and one for each year in which they do not.

    A supplier's cubic metre at 20 °C holds less gas than a standardised one at 15 °C and 40 MJ. By the gas law and the
    calorific value, the standardised volume is V × 288.15/293.15 × GCV/40, with a gross calorific value from 37.7
    (pure methane, ISO 6976) to 39.1 MJ/m³ (a twentieth ethane); the International Energy Agency gives Russian gas 38.2.
    """
    record = record_of(facts)
    for years in _both_ends(facts, record):
        covered = [year for year in years if year.is_covered]
        if covered:
            yield _finding(covered, record, facts, is_covered=True)
        for year in years:
            if not year.is_covered:
                yield _finding([year], record, facts, is_covered=False)


def _both_ends(facts: Facts, record: Record) -> Iterator[list[_Year]]:
    """Deliveries of one supplier through a pipeline, and what the other end imports by pipeline from there."""
    sent = [one for one in facts.statistics if one.indicator == "GAS_DELIVERY" and one.project_id]
    printed = {
        (one.project_id, one.time_period, one.value): one.interval
        for one in facts.quoted
        if one.indicator == "GAS_DELIVERY"
    }
    for figures in group(sent, lambda one: (one.project_id, one.ref_area, one.counterpart_area)).values():
        years = []
        for figure in sorted(figures, key=lambda one: one.time_period):
            for imported in record.of(_at_other_end(figure)):
                said = printed.get((figure.project_id, figure.time_period, figure.value), figure.interval)
                years.append(_Year(record.of(replace(figure, id=""))[0], imported, said))
        yield years


def _at_other_end(figure: Figure) -> Figure:
    return replace(
        figure,
        indicator="GAS_IMP_PIPELINE",
        project_id="",
        ref_area=figure.counterpart_area,
        counterpart_area=figure.ref_area,
    )


def _finding(years: Sequence[_Year], record: Record, facts: Facts, *, is_covered: bool) -> Finding:
    worst = max(years, key=lambda year: abs(year.gap))
    sent, got = worst.delivered, worst.imported
    rest = got.value / (sent.value * USUAL_TO_STANDARD) - 1
    usual, least, most = (_percent(share - 1) for share in (USUAL_TO_STANDARD, TO_STANDARD.high, TO_STANDARD.low))
    named = f"{_project(sent, facts)} {', '.join(year.delivered.period for year in years)}"
    why = "two reference conditions explain the gap"
    return Finding(
        "explained" if is_covered else "unexplained",
        f"{named}: {why if is_covered else f'{sent.value:g} against {got.value:g} bcm, more than conditions explain'}",
        [
            f"{publisher(sent)} against {who(got, record)}",
            *(_line(year) for year in years),
            _FORMULA,
            f"so conditions explain {usual} (from {least} to {most})",
        ],
        _figures((sent, got), facts),
        explanation="Reference conditions cover the whole gap."
        if is_covered
        else f"Conditions cover {usual} of {_percent(worst.gap)}; {_percent(rest)} of the converted volume stays open.",
        picture=[mark for year in years for mark in _marks(year)],
        unit=sent.unit,
        size=abs(rest),
        is_explained=is_covered,
        witnesses=[figure for year in years for figure in _figures((year.delivered, year.imported), facts)],
    )


def _project(statement: Statement, facts: Facts) -> str:
    return facts.by_id[statement.ids[0]].project_id.replace("_", " ").title().replace(" Of ", " of ")


def _figures(statements: Sequence[Statement], facts: Facts) -> list[Figure]:
    return [facts.by_id[name] for one in statements for name in one.ids]


def _line(year: _Year) -> str:
    converted = year.delivered.value * USUAL_TO_STANDARD
    return (
        f"{year.delivered.period}: {year.delivered.value:g} bcm delivered, {year.imported.value:g} bcm imported: "
        f"{_percent(year.gap)}; {year.delivered.value:g} × {USUAL_TO_STANDARD:.3f} = {converted:.2f} bcm"
    )


def _marks(year: _Year) -> list[Mark]:
    sent, got, when = year.delivered, year.imported, year.delivered.period
    return [
        Mark(f"{publisher(sent)} {when}", year.sent, sent.value, "official", sent.ids[0]),
        Mark(f"converted {when}", year.sent * TO_STANDARD, sent.value * USUAL_TO_STANDARD, "computed"),
        Mark(f"{publisher(got)} {when}", Interval(got.value, got.value), got.value, "official", got.ids[0]),
    ]


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %".replace("-", "−")


def find_pipe_above_imports(facts: Facts) -> Iterator[Finding]:
    """Return pipelines said to carry more crude into a country than it imports from where the pipe begins."""
    record = record_of(facts)
    for figure in facts.quoted:
        if figure.indicator == "OIL_PIPELINE_FLOW" and figure.year is not None:
            groups = [code for code, members in record.members.items() if figure.ref_area in members]
            for area in (figure.ref_area, *groups):
                for official in record.of(_imports(figure, area)):
                    if official.value < figure.interval.low:
                        yield _pipe(figure, official, area, facts)


def _imports(figure: Figure, area: str) -> Figure:
    """What the country at the end of a pipe imports from an area."""
    return replace(
        figure, indicator="CRUDE_IMP", project_id="", ref_area=figure.counterpart_area, counterpart_area=area
    )


def _pipe(figure: Figure, official: Statement, area: str, facts: Facts) -> Finding:
    record = record_of(facts)
    origin, counted = record.area(area), amount(official.value, official.unit)
    rest = figure.value - official.value
    russian = [one for one in record.of(_imports(figure, "RUS")) if one.edition == official.edition]
    words = "The pipe would have to carry crude of another origin as well."
    if any(one.value >= rest for one in russian):
        words += " Russian crude in transit would suffice, but nothing here says how much took that way."
    said, left = amount(figure.value, figure.unit), amount(rest, figure.unit)
    return Finding(
        "cannot_tell",
        f"“{figure.as_written}” is more than all crude counted from {origin}",
        [
            quoted_line(figure),
            f"{who(official, record)}: crude from {origin} {counted}",
            f"{said} − {counted} = {left} more than all that is counted from there",
            *(f"crude from Russia, same edition: {amount(one.value, one.unit)}" for one in russian),
        ],
        [figure],
        explanation=words,
        record=f"{counted} from {origin} ({publisher(official)})",
        picture=[
            Mark(f"“{figure.as_written}”", figure.interval, figure.value, "quoted", figure.id),
            Mark(
                f"from {origin}", Interval(official.value, official.value), official.value, "official", official.ids[0]
            ),
        ],
        unit=figure.unit,
        size=rest / figure.value,
        word="caution",
        witnesses=_figures((official, *russian), facts),
    )


GAS_AND_OIL = (
    Rule(
        "reference-conditions",
        "One pipeline counted at both ends carries one volume, after conversion.",
        "Converts a supplier's cubic metres at 20 °C to 15 °C and 40 MJ and compares them with the importer's pipeline "
        "imports from there. An explanation counts only if it covers the whole gap.",
        find_conditions,
    ),
    Rule(
        "pipe-above-imports",
        "A pipeline brings no more into a country than the country imports from where it begins.",
        "Compares the crude said to flow through a pipe with the importer's imports from its first country, or from "
        "the group that country is counted in. Transit may be the reason: these figures cannot tell.",
        find_pipe_above_imports,
    ),
)
