"""Figures that must not be set against each other: other scope, other kind of sum, capacity, other reporter, prices."""

from collections.abc import Iterator, Sequence

from pipelines.checks.crowds import crowd, is_crowd
from pipelines.checks.facts import Facts, Figure, group
from pipelines.checks.finding import Finding, Mark, Rule
from pipelines.checks.kinship import INVESTMENT, PROMISES, VALUES_AND_COUNTS, flow_key
from pipelines.checks.words import amount, percent, said, times, when

FREIGHT = (0.05, 0.10)
_COUNTS = tuple(VALUES_AND_COUNTS.values())
_KINDS = {"flow": "the sum of one period", "stock": "a stock at a date", "cumulative": "a sum over years"}


def _find_outcomes(facts: Facts) -> Iterator[Finding]:
    money = [figure for figure in facts.stated if figure.indicator in INVESTMENT and figure.measure_type in _KINDS]
    counts = group((figure for figure in facts.stated if figure.indicator in _COUNTS), _list_of)
    for figures in group(money, lambda figure: (figure.source_id, *_where(figure))).values():
        promises = [figure for figure in figures if figure.role in PROMISES]
        outcomes = (figure for figure in figures if figure.role in ("actual", "contract"))
        kinds = [found[0] for found in group(outcomes, _kind).values()]
        for promise in promises:
            unlike = [figure for figure in kinds if _differences(promise, figure)]
            if unlike:
                yield _outcome(promise, unlike, counts)
    for figures in group(money, _where).values():
        yield from _above_promise(figures)


def _kind(figure: Figure) -> tuple[str, ...]:
    """What of an outcome decides whether it measures a promise; one of each kind is named."""
    return (figure.scope, figure.measure_type, figure.role, figure.time_period)


def _where(figure: Figure) -> tuple[str, ...]:
    return (figure.ref_area, figure.counterpart_area, figure.unit)


def _list_of(figure: Figure) -> tuple[str, ...]:
    return (figure.source_id, figure.project_id, figure.role)


def _differences(promise: Figure, outcome: Figure) -> list[str]:
    """What makes an outcome no measure of a promise; [] where it is one."""
    found = []
    if promise.scope != outcome.scope:
        found.append(f"territory: {promise.scope or 'all of it'} against {outcome.scope or 'all of it'}")
    if promise.measure_type != outcome.measure_type:
        found.append(f"kind: {_KINDS[promise.measure_type]} against {_KINDS[outcome.measure_type]}")
    if outcome.role == "contract":
        found.append("stage: promised against signed, neither of them spent")
    if promise.project_id != outcome.project_id and not found:
        found.append("list: the projects promised against all investment of a window")
    return found


def _outcome(promise: Figure, outcomes: Sequence[Figure], counts: dict[tuple[str, ...], list[Figure]]) -> Finding:
    related = [promise, *outcomes]
    listed = [count for figure in related for count in counts.get(_list_of(figure), ()) if figure.project_id]
    if is_crowd(listed):
        return crowd(promise, listed)
    lines = [f"promised {said(promise)}" + _dated(promise)]
    for outcome in outcomes:
        word = "signed" if outcome.role == "contract" else "stated as done"
        lines.append(f"{word} {said(outcome)}{_dated(outcome)}: {'; '.join(_differences(promise, outcome))}")
        lines.append(f"{said(promise)} − {said(outcome)} = {amount(promise.value - outcome.value, promise.unit)}")
    lines += _mean_sizes(related, counts)
    return Finding(
        "comparability",
        f"{said(promise)} promised is not measured by {' or '.join(said(figure) for figure in outcomes)}",
        lines,
        [*related, *listed],
        explanation="Side by side only; no rate of completion follows.",
        picture=[
            Mark(f"{figure.role} {said(figure)}", figure.interval, figure.value, "quoted", figure.id)
            for figure in related
        ],
        unit=promise.unit,
        size=min(1.0, abs(promise.value - outcomes[0].value) / promise.value),
    )


def _dated(figure: Figure) -> str:
    return f" ({when(figure)})" if figure.time_period else ""


def _mean_sizes(figures: Sequence[Figure], counts: dict[tuple[str, ...], list[Figure]]) -> list[str]:
    lines = []
    for figure in figures:
        for count in counts.get(_list_of(figure), ()) if figure.project_id else ():
            mean = amount(figure.value / count.value, figure.unit)
            lines.append(f"{said(figure)} ÷ {said(count)} = {mean} each")
    return lines


def _above_promise(figures: Sequence[Figure]) -> Iterator[Finding]:
    """Sums signed or done that exceed money another text puts an upper limit to."""
    limits = [figure for figure in figures if figure.role in PROMISES and figure.bound in ("<=", "<")]
    done = [figure for figure in figures if figure.role in ("actual", "contract")]
    done.sort(key=lambda figure: -figure.interval.low)
    largest: dict[str, Figure] = {}
    for figure in done:
        largest.setdefault(figure.source_id, figure)
    for limit in limits:
        first = next((figure for name, figure in largest.items() if name != limit.source_id), None)
        if first and first.interval.low > limit.interval.high:
            yield _exceeds(limit, first)


def _exceeds(limit: Figure, first: Figure) -> Finding:
    return Finding(
        "comparability",
        f"{said(first)} of {'deals' if first.role == 'contract' else 'investment'} against {said(limit)} promised",
        [
            f"{said(first)} − {said(limit)} = {amount(first.value - limit.value, limit.unit)} above the limit",
        ],
        [first, limit],
        explanation="Money said to be available and deals said to be signed are two things, told by two sources: "
        "the one is no limit of the other.",
        picture=[
            Mark(f"{figure.role} {said(figure)}", figure.interval, figure.value, "quoted", figure.id)
            for figure in (first, limit)
        ],
        unit=limit.unit,
        size=first.value / limit.value - 1,
    )


def _find_sizes(facts: Facts) -> Iterator[Finding]:
    """One list, planned and done: what the rest of it would have to be worth."""
    lists = [
        figure for figure in facts.stated if figure.project_id and figure.indicator in (*VALUES_AND_COUNTS, *_COUNTS)
    ]
    for figures in group(lists, lambda figure: (figure.source_id, figure.project_id, figure.time_period)).values():
        by_kind = {(figure.indicator, figure.role in PROMISES): figure for figure in reversed(figures)}
        for value, count in VALUES_AND_COUNTS.items():
            cells = [by_kind.get((name, is_promise)) for is_promise in (True, False) for name in (value, count)]
            planned, number, done, finished = cells
            if planned and number and done and finished and number.value > finished.value:
                yield _rest(planned, number, done, finished)


def _rest(planned: Figure, number: Figure, done: Figure, finished: Figure) -> Finding:
    left, count = planned.value - done.value, number.value - finished.value
    mean_done, mean_left = done.value / finished.value, left / count
    ratio = mean_left / mean_done
    unit = planned.unit
    strained = ratio >= 5 or ratio <= 0.2
    return Finding(
        "tension" if strained else "agrees",
        f"{finished.value:.0f} of {number.value:.0f} projects, {percent(done.value, planned.value)} of the money"
        if not strained
        else f"The {count:.0f} projects left would be {times(ratio)} as large as the {finished.value:.0f} done",
        [
            f"done: {said(done)} ÷ {said(finished)} = {amount(mean_done, unit)} each",
            f"left: ({said(planned)} − {said(done)}) ÷ ({number.value:.0f} − {finished.value:.0f}) = "
            f"{amount(mean_left, unit)} each",
        ],
        [planned, number, done, finished],
        explanation="The two lists can hardly be of one kind." if strained else "",
        picture=[
            Mark("mean of those done", done.interval / finished.interval, mean_done, "computed"),
            Mark("mean of those left", (planned.interval - done.interval) / count, mean_left, "computed"),
        ],
        unit=unit,
        size=min(1.0, abs(ratio - 1) / 20),
    )


def _find_capacity(facts: Facts) -> Iterator[Finding]:
    gas = [
        figure
        for figure in facts.stated
        if figure.project_id and figure.indicator in ("PIPELINE_CAPACITY", "GAS_DELIVERY")
    ]
    for figures in group(gas, lambda figure: figure.project_id).values():
        capacities = [figure for figure in figures if figure.indicator == "PIPELINE_CAPACITY"]
        delivered = [figure for figure in figures if figure.unit == "BCM" and figure.year and figure.role == "actual"]
        if capacities and delivered:
            yield _capacity(capacities, max(delivered, key=lambda figure: figure.time_period))


def _capacity(capacities: Sequence[Figure], delivered: Figure) -> Finding:
    return Finding(
        "comparability",
        f"{said(capacities[0])} is a capacity, {said(delivered)} a delivery ({when(delivered)})",
        [f"{figure.role}: {said(figure)} ({figure.publisher}, {figure.vintage or 'undated'})" for figure in capacities]
        + [f"delivered in {when(delivered)}: {said(delivered)}"],
        [*capacities, delivered],
        explanation="What a line can carry or is contracted to carry says nothing of what it carried in a year.",
        picture=[
            Mark(f"{figure.role} {said(figure)}", figure.interval, figure.value, "quoted", figure.id)
            for figure in (*capacities, delivered)
        ],
        unit="BCM",
    )


def _find_reporters(facts: Facts) -> Iterator[Finding]:
    trade = [
        figure
        for figure in facts.stated
        if flow_key(figure)[0].startswith("goods") and figure.measure_type == "flow" and figure.role == "actual"
    ]
    for figures in group(
        trade, lambda figure: (figure.source_id, *flow_key(figure), figure.commodity, figure.time_period, figure.unit)
    ).values():
        by_reporter = {figure.ref_area: figure for figure in reversed(figures)}
        if len(by_reporter) == 2 and figures[0].time_period:
            yield _reporters(*by_reporter.values())


def _reporters(one: Figure, other: Figure) -> Finding:
    low, high = sorted((one, other), key=lambda figure: figure.value)
    gap = high.value - low.value
    margins = [gap / low.value <= margin for margin in FREIGHT]
    covered = margins[1]
    return Finding(
        "comparability",
        f"Two reporters: {said(low)} and {said(high)} ({when(low)})",
        [
            f"{said(high)} ({high.ref_area}) − {said(low)} ({low.ref_area}) = {amount(gap, low.unit)}, "
            f"{percent(gap, low.value)} of the smaller",
            f"freight and insurance of 5 to 10 % are {amount(low.value * FREIGHT[0], low.unit)} "
            f"to {amount(low.value * FREIGHT[1], low.unit)}",
        ],
        [low, high],
        explanation="Exports are counted free on board, imports with freight and insurance: that covers the gap."
        if covered
        else "The two sides count different things, and freight and insurance do not cover the gap.",
        picture=[
            Mark(f"{figure.ref_area} reports", figure.interval, figure.value, "quoted", figure.id)
            for figure in (low, high)
        ],
        unit=low.unit,
        size=gap / high.value,
        is_explained=covered,
    )


def _find_prices(facts: Facts) -> Iterator[Finding]:
    priced = [figure for figure in facts.stated if figure.price_basis]
    for figures in group(
        priced, lambda figure: (*flow_key(figure), figure.indicator, figure.commodity, figure.project_id, figure.role)
    ).values():
        by_basis = {figure.price_basis: figure for figure in reversed(figures)}
        if len(by_basis) > 1:
            yield _prices(list(by_basis.values()))


def _prices(figures: Sequence[Figure]) -> Finding:
    return Finding(
        "comparability",
        f"One quantity in prices of different years: {' and '.join(said(figure) for figure in figures)}",
        [f"{said(figure)}: {figure.price_basis} prices ({when(figure)})" for figure in figures],
        figures,
        explanation="Current and constant prices are different quantities.",
        picture=[Mark(figure.price_basis, figure.interval, figure.value, "quoted", figure.id) for figure in figures],
        unit=figures[0].unit,
    )


COMPARABILITY = (
    Rule(
        "promise-and-outcome",
        "A promise is measured only by the same territory, kind of sum and stage.",
        "Sets each promise of money beside what its text says was done or signed where territory, kind of sum, list or "
        "stage differ, and beside larger sums another text says were signed. No rate follows.",
        _find_outcomes,
    ),
    Rule(
        "value-and-count",
        "Projects done and projects left are of one kind.",
        "Divides value by number for the projects done and for those left of one list; a tension from five-fold on.",
        _find_sizes,
    ),
    Rule(
        "capacity-and-delivery",
        "A capacity is no delivery.",
        "Names the capacities, plans and contracted volumes of a pipeline beside its latest delivery.",
        _find_capacity,
    ),
    Rule(
        "two-reporters",
        "Exports of one side and imports of the other are two quantities.",
        "Sets what both sides report of one flow, in one text, beside a freight and insurance margin of 5 to 10 %; the "
        "margin explains the gap only where it covers all of it.",
        _find_reporters,
    ),
    Rule(
        "price-basis",
        "Current and constant prices are two quantities.",
        "Finds one quantity stated in prices of different years.",
        _find_prices,
    ),
)
