"""Lengths of time: average growth without a window, volumes over terms, terms and their windows."""

from collections.abc import Iterator, Sequence

from pipelines.checks.crowds import crowd, is_crowd
from pipelines.checks.facts import Facts, Figure, group
from pipelines.checks.finding import Finding, Mark, Rule
from pipelines.checks.intervals import Interval
from pipelines.checks.kinship import flow_key
from pipelines.checks.publishers import record_of
from pipelines.checks.spans import window_line, windows_that_give
from pipelines.checks.systems import Product, consistent, odd_ones
from pipelines.checks.words import amount, said, span, when

AVERAGES = ("average", "on average", "annual average")


def _find_averages(facts: Facts) -> Iterator[Finding]:
    for figures in facts.texts.values():
        rates = [rate for rate in figures if rate.measure_type == "growth" and rate.claim_word.lower() in AVERAGES]
        flows = group(figures if rates else [], flow_key)
        for claims in group(rates, lambda rate: (*flow_key(rate), rate.about or rate.indicator)).values():
            levels = [figure for figure in flows[flow_key(claims[0])] if _is_level(figure, claims[0])]
            for rate in claims if len(levels) > 1 else ():
                yield from [crowd(rate, levels)] if is_crowd(levels) else _average(rate, levels, facts)


def _is_level(figure: Figure, rate: Figure) -> bool:
    return (
        figure.indicator == (rate.about or rate.indicator)
        and figure.measure_type == "flow"
        and figure.role == "actual"
        and figure.years is not None
        and figure.value > 0
    )


def _average(rate: Figure, levels: Sequence[Figure], facts: Facts) -> Iterator[Finding]:
    """The first level with each later one, and each with the last: the nearest to the claim is written out."""
    ordered = sorted(levels, key=_last_year)
    ends = [*((ordered[0], one) for one in ordered[1:]), *((one, ordered[-1]) for one in ordered[1:-1])]
    pairs = [(one, other) for one, other in ends if _last_year(one) < _last_year(other)]
    if not pairs:
        return
    wide = [pair for pair in pairs if _last_year(pair[1]) - _last_year(pair[0]) > 1] or pairs
    first, last = min(wide, key=lambda pair: yearly(*pair).gap(rate.interval))
    years = _last_year(last) - _last_year(first)
    implied = yearly(first, last)
    number = ((last.value / first.value) ** (1 / years) - 1) * 100
    fits = implied.meets(rate.interval)
    windows = _windows(rate, facts)
    line = (
        f"from {said(first)} in {_last_year(first)} to {said(last)} in {_last_year(last)}: "
        f"{amount(number, 'PERCENT')} a year over {years} years, range {span(implied, 'PERCENT')}; quoted {said(rate)}"
    )
    yield Finding(
        "agrees" if fits else "tension",
        f"“{said(rate)}” a year, over a window {'that fits' if fits else 'nobody states'}",
        [line, *windows],
        [rate, first, last],
        explanation=""
        if fits
        else "The window decides and is not stated. "
        + ("The record gives it only over the windows above." if windows else "No window of the record gives it."),
        picture=[
            Mark(said(rate), rate.interval, rate.value, "quoted", rate.id),
            Mark(f"{said(first)} to {said(last)}", implied, number, "computed"),
        ],
        unit="PERCENT",
    )


def _windows(rate: Figure, facts: Facts) -> list[str]:
    """The longest window of each reporter of the record that gives the claimed average."""
    record = record_of(facts)
    longest: dict[str, str] = {}
    for window in windows_that_give(rate, facts):
        longest.setdefault(window.first.reporter, window_line(window, record))
    return list(longest.values())


def _last_year(figure: Figure) -> int:
    assert figure.years  # noqa: S101 - only dated levels are asked
    return figure.years[1]


def yearly(first: Figure, last: Figure) -> Interval:
    """Return the mean yearly growth in percent between two levels: (last / first) ** (1 / years) − 1."""
    years = _last_year(last) - _last_year(first)
    ratio = last.interval / first.interval
    return Interval(_root(ratio.low, years), _root(ratio.high, years))


def _root(ratio: float, years: int) -> float:
    return float(max(ratio, 0.0) ** (1 / years) - 1) * 100


def _find_terms(facts: Facts) -> Iterator[Finding]:
    projects = [figure for figure in facts.stated if figure.project_id and figure.is_core]
    for figures in group(projects, lambda figure: figure.project_id).values():
        volumes = [figure for figure in figures if figure.indicator == "CONTRACT_VOLUME"]
        terms = [figure for figure in figures if figure.indicator == "CONTRACT_TERM" and figure.unit == "YEAR"]
        rates = [figure for figure in figures if _is_rate(figure)]
        if volumes and terms and rates:
            yield _rate_and_term(volumes[0], terms[0], rates[0])
    for figure in facts.stated:
        if figure.measure_type == "duration" and figure.unit == "YEAR" and figure.period_basis == "stated":
            yield from _term_and_window(figure)


def _is_rate(figure: Figure) -> bool:
    return figure.role in ("contract", "capacity") and (
        figure.unit == "BCM_YR" or (figure.unit == "T" and figure.measure_type in ("flow", "level"))
    )


def _rate_and_term(volume: Figure, term: Figure, rate: Figure) -> Finding:
    figures = [volume, term, rate]
    box = {figure.id: figure.interval for figure in figures}
    ties = [Product(volume.id, rate.id, term.id)]
    computed = volume.interval / term.interval
    number = volume.value / term.value
    holds = consistent(box, ties)
    return Finding(
        "agrees" if holds else "contradiction",
        f"{said(volume)} over {said(term)} is {amount(number, rate.unit)}"
        + (" a year" if rate.unit != "BCM_YR" else "")
        + ("" if holds else f", not {said(rate)}"),
        [
            f"{said(volume)} ÷ {said(term)} = {amount(number, rate.unit)}, range {span(computed, rate.unit)}; "
            f"quoted {said(rate)}"
        ],
        figures,
        odd=odd_ones(box, ties, list(box)),
        picture=[
            Mark(said(rate), rate.interval, rate.value, "quoted", rate.id),
            Mark(f"{said(volume)} over {said(term)}", computed, number, "computed"),
        ],
        unit=rate.unit,
        size=computed.gap(rate.interval) / abs(number),
    )


def _term_and_window(term: Figure) -> Iterator[Finding]:
    if not term.years or term.years[0] == term.years[1]:
        return
    first, last = term.years
    length = Interval(last - first, last - first + 1)
    if not length.meets(term.interval):
        yield Finding(
            "contradiction",
            f"“{said(term)}” for {when(term)}",
            [f"{last} − {first} = {last - first} years; quoted {said(term)}"],
            [term],
            picture=[
                Mark(said(term), term.interval, term.value, "quoted", term.id),
                Mark(when(term), length, last - first, "computed"),
            ],
            unit="YEAR",
            size=abs((last - first) / term.value - 1),
        )


SPELLS = (
    Rule(
        "average-growth",
        "An average needs a window.",
        "Computes the mean yearly growth between the levels of the text that come nearest to the average it claims, "
        "and names the windows of the record that would give it.",
        _find_averages,
    ),
    Rule(
        "rate-and-duration",
        "A volume over its term is its yearly rate.",
        "Divides a contract's volume by its term and compares the yearly volume stated for the same project; compares "
        "a stated term with its stated window.",
        _find_terms,
    ),
)
