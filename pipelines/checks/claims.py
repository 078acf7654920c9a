"""Words that claim something of a number: dominated, listed items, stated windows, labels, equal numbers."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from pipelines.checks.crowds import crowd, is_crowd
from pipelines.checks.facts import Facts, Figure, group
from pipelines.checks.finding import Finding, Mark, Rule
from pipelines.checks.intervals import Interval
from pipelines.checks.kinship import GROUP_SHARES, flow_key
from pipelines.checks.words import amount, percent, said, when

LEAST: Mapping[str, float] = {
    "dominated": 50,
    "dominant": 50,
    "majority": 50,
    "most": 50,
    "mainly": 50,
    "lion's share": 50,
    "overwhelming": 75,
    "almost all": 90,
}
MOST: Mapping[str, float] = {"minority": 50, "negligible": 5, "marginal": 10}
OPEN_LISTS = ("including", "such as", "among them")


def _find_words(facts: Facts) -> Iterator[Finding]:
    for figure in facts.stated:
        word = figure.claim_word.lower()
        if word in LEAST or word in MOST:
            yield from _claim(figure, word, facts)


def _claim(figure: Figure, word: str, facts: Facts) -> Iterator[Finding]:
    share, figures, line = figure.interval, [figure], ""
    if figure.unit != "PERCENT":
        listed = _listed_with(facts, figure)
        if is_crowd(listed):
            yield crowd(figure, listed)
            return
        wholes = [other for other in listed if _is_whole(other, figure)]
        if not wholes:
            return
        share = figure.interval / wholes[0].interval * 100
        figures = [figure, wholes[0]]
        line = f"{said(figure)} of {said(wholes[0])} = {percent(figure.value, wholes[0].value)}"
    number = figure.value if figure.unit == "PERCENT" else figure.value / figures[1].value * 100
    shown = amount(number, "PERCENT")
    needed = Interval(LEAST[word], 100) if word in LEAST else Interval(0, MOST[word])
    holds = share.meets(needed)
    asked = f"more than {LEAST[word]:g} %" if word in LEAST else f"less than {MOST[word]:g} %"
    rest = f"; the rest, {amount(100 - number, 'PERCENT')}, is larger" if word in LEAST and number < 50 else ""
    lines = ([line] if line else []) + [f"“{word}” asks for {asked}; {shown} was said{rest}"]
    yield Finding(
        "agrees" if holds else "tension",
        f"“{word}” at {shown}",
        lines,
        figures,
        explanation="" if holds else _largest(word),
        picture=[
            Mark(said(figure), share, number, "quoted", figure.id),
            Mark(f"“{word}”", needed, (needed.low + needed.high) / 2, "computed"),
        ],
        unit="PERCENT",
    )


def _largest(word: str) -> str:
    return "It may be the largest single part, which the text does not say." if word in LEAST else ""


def _listed_with(facts: Facts, figure: Figure) -> Sequence[Figure]:
    return facts.projects.get((figure.source_id, figure.project_id), ()) if figure.project_id else ()


def _is_whole(other: Figure, figure: Figure) -> bool:
    return (
        other is not figure
        and (other.indicator, other.unit, other.measure_type) == (figure.indicator, figure.unit, figure.measure_type)
        and other.value > figure.value
        and other.ref_area == figure.counterpart_area
    )


def _find_lists(facts: Facts) -> Iterator[Finding]:
    for figure in facts.stated:
        if figure.listed_count == figure.listed_count:
            yield _listed(figure)


def _listed(figure: Figure) -> Finding:
    listed = int(figure.listed_count)
    is_open = figure.claim_word.lower() in OPEN_LISTS and figure.interval.high > listed
    holds = figure.interval.holds(listed)
    verdict = "agrees" if holds else "cannot_tell" if is_open else "contradiction"
    title = f"{said(figure)}: {listed} listed"
    explanation = (
        f"The list is opened by “{figure.claim_word}” and need not be complete." if verdict == "cannot_tell" else ""
    )
    return Finding(
        verdict,
        title,
        [f"{said(figure)} {'=' if holds else '≠'} {listed} listed"],
        [figure],
        explanation=explanation,
        picture=[
            Mark(said(figure), figure.interval, figure.value, "quoted", figure.id),
            Mark("listed", Interval(listed, listed), listed, "computed"),
        ],
        unit=figure.unit,
        is_slip=verdict != "agrees",
    )


def _find_windows(facts: Facts) -> Iterator[Finding]:
    for figures in facts.texts.values():
        windows = [figure for figure in figures if _is_window(figure)]
        by_indicator = group(figures if windows else [], lambda figure: figure.indicator)
        for same in group(windows, lambda one: (one.about, *sorted((one.ref_area, one.counterpart_area)))).values():
            compared = [one for one in by_indicator.get(same[0].about, ()) if _is_compared(one, same[0])]
            for window in same:
                yield from [crowd(window, compared)] if is_crowd(compared) else _window(window, compared)


def _is_window(figure: Figure) -> bool:
    return figure.measure_type == "duration" and figure.unit == "YEAR" and bool(figure.about)


def _is_compared(figure: Figure, window: Figure) -> bool:
    return (
        sorted((figure.ref_area, figure.counterpart_area)) == sorted((window.ref_area, window.counterpart_area))
        and figure.role == "actual"
        and figure.year is not None
    )


def _window(window: Figure, compared: Sequence[Figure]) -> Iterator[Finding]:
    years = sorted({figure.year for figure in compared if figure.year})
    if len(years) < 2:
        return
    first, last = years[0], years[-1]
    length = last - first
    holds = window.interval.holds(length)
    yield Finding(
        "agrees" if holds else "contradiction",
        f"“{said(window)}” for {first}–{last}" + ("" if holds else f", {length} years"),
        [f"{last} − {first} = {length} years; quoted {said(window)}"],
        [window, *compared],
        odd=[] if holds else [(window.id,)],
        picture=[
            Mark(said(window), window.interval, window.value, "quoted", window.id),
            Mark(f"{first} to {last}", Interval(length, length), length, "computed"),
        ],
        unit="YEAR",
        size=abs(length / window.value - 1),
        is_slip=not holds,
    )


def _find_labels(facts: Facts) -> Iterator[Finding]:
    named = (figure for figure in facts.stated if figure.label and figure.time_period)
    for figures in group(named, _series).values():
        ordered = sorted(figures, key=lambda figure: figure.time_period)
        for first, second in pairwise(ordered):
            if first.label != second.label:
                yield _drift(first, second)


def _series(figure: Figure) -> tuple[str, ...]:
    return (figure.source_id, *flow_key(figure), figure.commodity, figure.measure_type, figure.unit)


def _drift(first: Figure, second: Figure) -> Finding:
    return Finding(
        "comparability",
        f"“{first.label}” in {when(first)}, “{second.label}” in {when(second)}",
        [f"{when(first)}: {said(first)} {first.label}", f"{when(second)}: {said(second)} {second.label}"],
        [first, second],
        explanation="The group is named differently in the two years: the change may come from the label.",
        picture=[
            Mark(f"{figure.label}, {when(figure)}", figure.interval, figure.value, "quoted", figure.id)
            for figure in (first, second)
        ],
        unit=first.unit,
    )


def _find_same_numbers(facts: Facts) -> Iterator[Finding]:
    located = [figure for figure in facts.quoted if figure.sentence >= 0 and figure.role != "condition"]
    shares = (figure for figure in located if figure.measure_type == "share")
    for figures in group(shares, _number_said).values():
        indicators = {
            figure.indicator: figure for figure in figures if figure.indicator in GROUP_SHARES or not figure.project_id
        }
        if len(indicators) > 1:
            yield _same_share(list(indicators.values()))
    nouns = (figure for figure in located if figure.measure_type == "count" and figure.project_id and figure.counted)
    for figures in group(nouns, lambda figure: (*_number_said(figure), figure.project_id, figure.indicator)).values():
        by_noun = {figure.counted: figure for figure in figures}
        if len(by_noun) > 1:
            yield _same_count(list(by_noun.values()))


def _number_said(figure: Figure) -> tuple[object, ...]:
    areas = tuple(sorted((figure.ref_area, figure.counterpart_area)))
    return (figure.source_id, areas, figure.value, figure.unit)


def _same_share(figures: Sequence[Figure]) -> Finding:
    number = amount(figures[0].value, "PERCENT")
    return Finding(
        "same_number",
        f"{number} is said of {len(figures)} different things",
        [f"{said(figure)}: {figure.measures} ({when(figure)})" for figure in figures],
        figures,
        explanation="One number in one text for different wholes: easily mistaken for each other.",
        picture=[Mark(figure.measures, figure.interval, figure.value, "quoted", figure.id) for figure in figures],
        unit="PERCENT",
    )


def _same_count(figures: Sequence[Figure]) -> Finding:
    nouns = " and ".join(said(figure) for figure in figures)
    return Finding(
        "same_number",
        f"{nouns}: one number, two nouns",
        [f"{said(figure)}: {figure.measures}" for figure in figures],
        figures,
        explanation="The same count of one list under another noun; it counts once.",
        picture=[Mark(said(figure), figure.interval, figure.value, "quoted", figure.id) for figure in figures],
        unit=figures[0].unit,
        is_slip=True,
    )


CLAIMS = (
    Rule(
        "word-and-number",
        "A word such as dominated asks for a number that fits.",
        "Compares the claim word of the ledger with the share it speaks of, or with the share of the whole its text "
        "states: dominated, majority, most and lion's share ask for more than half.",
        _find_words,
    ),
    Rule(
        "listed-items",
        "As many items are listed as were announced.",
        "Compares a count with the number of items the text then lists; a list opened by 'including' may be shorter.",
        _find_lists,
    ),
    Rule(
        "window-and-years",
        "A stated window is as long as the years it compares.",
        "Compares a length of time with the first and last year of the figures it introduces in its text.",
        _find_windows,
    ),
    Rule(
        "label-drift",
        "A group keeps its name from year to year.",
        "Names two years of one series whose group the text calls by different names.",
        _find_labels,
    ),
    Rule(
        "same-number",
        "One number of two things is said to be so.",
        "Finds one percentage said of different wholes, and one count of one list under two nouns, within one text.",
        _find_same_numbers,
    ),
)
