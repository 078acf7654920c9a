"""Parts and wholes one text states: a part is no larger than its whole, and its share is their quotient."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from pipelines.checks.blame import blame
from pipelines.checks.facts import Facts, Figure, group
from pipelines.checks.finding import Finding, Mark, Rule
from pipelines.checks.kinship import ADDABLE, GROUP_SHARES, PARTNER_SHARES, contains, flow_key, members
from pipelines.checks.systems import AtMost, Product, consistent, odd_ones
from pipelines.checks.words import amount, percent, said, span, when

Groups = Mapping[str, frozenset[str]]


def _find(facts: Facts) -> Iterator[Finding]:
    groups = members(facts)
    for figures in facts.texts.values():
        addable = [figure for figure in figures if figure.measure_type in ADDABLE]
        for whole, parts in _wholes(addable, groups):
            for part in parts:
                finding = _compare(part, whole, facts)
                if finding.verdict != "agrees" or part.sentence >= 0 or part.time_period == whole.time_period:
                    yield finding


def _wholes(figures: Sequence[Figure], groups: Groups) -> Iterator[tuple[Figure, list[Figure]]]:
    """Every figure of a text with the figures that lie within it by one dimension, all others being equal."""
    for related in group(figures, _kind).values():
        if len(related) > 1:
            for whole in related:
                parts = [part for part in related if part is not whole and is_within(part, whole, groups)]
                if parts:
                    yield whole, parts


def _kind(figure: Figure) -> tuple[str, ...]:
    is_promise = "promise" if figure.role not in ("actual", "contract") else figure.role
    family = flow_key(figure)[0]
    what = figure.indicator if family.startswith("goods") else family
    return (what, figure.measure_type, is_promise, figure.unit, figure.project_id)


def is_within(part: Figure, whole: Figure, groups: Groups) -> bool:
    """Whether a figure is part of another by its partner, reporter, product, scope or window, and by that alone."""
    differ = {name for name, get in _DIMENSIONS.items() if get(part) != get(whole)}
    if differ == {"partner"}:
        return contains(whole.counterpart_area, part.counterpart_area, groups)
    if differ == {"partner", "reporter"}:
        return part.counterpart_area == whole.ref_area and not whole.counterpart_area
    if differ == {"product"}:
        return whole.commodity == "_T"
    if differ == {"scope"}:
        return not whole.scope
    return differ == {"period"} and _window_within(part, whole)


_DIMENSIONS: Mapping[str, Callable[[Figure], str]] = {
    "partner": lambda figure: figure.counterpart_area,
    "reporter": lambda figure: figure.ref_area,
    "product": lambda figure: figure.commodity,
    "period": lambda figure: figure.time_period,
    "scope": lambda figure: figure.scope,
}


def _window_within(part: Figure, whole: Figure) -> bool:
    """A sum over a window lies within the sum over a longer one; stocks at two dates do not."""
    inner, outer = part.time_period.split("/"), whole.time_period.split("/")
    if part.measure_type == "stock" or "" in (*inner, *outer):
        return False
    first, last = _ends(inner)
    start, end = _ends(outer)
    return start <= first and last <= end and (first, last) != (start, end)


def _ends(period: Sequence[str]) -> tuple[str, str]:
    return (period[0] + "-01-01")[:10], (period[-1] + "-99-99"[len(period[-1]) - 10 :])[:10] if len(
        period[-1]
    ) < 10 else period[-1]


def _compare(part: Figure, whole: Figure, facts: Facts) -> Finding:
    ties = [AtMost(part.id, whole.id)]
    box = {figure.id: figure.interval for figure in (part, whole)}
    holds = consistent(box, ties)
    share = part.interval / whole.interval * 100
    lines = [
        f"{said(part)} of {said(whole)} = {percent(part.value, whole.value)}, range {span(share, 'PERCENT')}",
        f"the rest is {amount(whole.value - part.value, whole.unit)}",
    ]
    marks = [Mark(said(figure), figure.interval, figure.value, "quoted", figure.id) for figure in (part, whole)]
    if holds:
        title = f"{said(part)} lies within {said(whole)}"
        return Finding("agrees", title, lines, [part, whole], picture=marks, unit=whole.unit)
    blamed = blame(odd_ones(box, ties, list(box)), [part, whole], facts)
    return Finding(
        "contradiction",
        f"A part of {said(part)} is larger than its whole of {said(whole)}",
        [f"{said(part)} − {said(whole)} = {amount(part.value - whole.value, whole.unit)} too much"],
        [part, whole],
        explanation=blamed.words,
        odd=blamed.sets,
        record=blamed.record,
        picture=marks,
        unit=whole.unit,
        size=part.interval.gap(whole.interval) / abs(whole.value),
    )


def _find_shares(facts: Facts) -> Iterator[Finding]:
    for figures in facts.texts.values():
        shares = [figure for figure in figures if figure.indicator in _OF and figure.time_period]
        if shares:
            levels = {_level_key(figure): figure for figure in reversed(figures) if figure.measure_type == "flow"}
            for share in shares:
                yield from _share_and_levels(share, levels, facts)


_OF = {**PARTNER_SHARES, **GROUP_SHARES}


def _level_key(figure: Figure) -> tuple[str, ...]:
    return (
        figure.indicator,
        figure.ref_area,
        figure.counterpart_area,
        figure.commodity,
        figure.time_period,
        figure.unit,
    )


def _share_and_levels(share: Figure, levels: Mapping[tuple[str, ...], Figure], facts: Facts) -> Iterator[Finding]:
    indicator = _OF[share.indicator]
    for unit in ("USD", "CNY", "EUR"):
        part = levels.get((indicator, share.ref_area, share.counterpart_area, share.commodity, share.time_period, unit))
        whole_area = "W00" if share.indicator in PARTNER_SHARES else share.counterpart_area
        whole = levels.get((indicator, share.ref_area, whole_area, "_T", share.time_period, unit))
        if part and whole and part is not whole:
            yield _quotient(share, part, whole, facts)


def _quotient(share: Figure, part: Figure, whole: Figure, facts: Facts) -> Finding:
    ties = [Product(part.id, whole.id, share.id)]
    box = {part.id: part.interval, whole.id: whole.interval, share.id: share.interval / 100}
    computed = part.interval / whole.interval * 100
    figures = [part, whole, share]
    lines = [
        f"{said(part)} ÷ {said(whole)} = {percent(part.value, whole.value)}, "
        f"range {span(computed, 'PERCENT')}; quoted {said(share)}"
    ]
    marks = [
        Mark(f"quoted {said(share)}", share.interval, share.value, "quoted", share.id),
        Mark("computed from the levels", computed, part.value / whole.value * 100, "computed"),
    ]
    if consistent(box, ties):
        title = f"A share of {said(share)} follows from its levels ({when(share)})"
        return Finding("agrees", title, lines, figures, picture=marks, unit="PERCENT")
    blamed = blame(odd_ones(box, ties, list(box)), figures, facts)
    return Finding(
        "contradiction",
        f"A share of {said(share)} does not follow from its levels ({when(share)})",
        lines,
        figures,
        explanation=blamed.words,
        odd=blamed.sets,
        record=blamed.record,
        picture=marks,
        unit="PERCENT",
        size=computed.gap(share.interval) / 100,
    )


def _find_sums(facts: Facts) -> Iterator[Finding]:
    shares = (figure for figure in facts.stated if figure.indicator in GROUP_SHARES and figure.measure_type == "share")
    for figures in group(shares, _composition).values():
        if len(figures) > 1 and figures[0].time_period and not _overlap(figures):
            yield _sum_of_shares(figures)


def _composition(figure: Figure) -> tuple[str, ...]:
    return (figure.source_id, figure.indicator, figure.ref_area, figure.counterpart_area, figure.time_period)


def _overlap(figures: Sequence[Figure]) -> bool:
    """Whether two groups share a word, as energy products and energy with metal ores: one may hold the other."""
    names = [frozenset(figure.commodity.split("_")) - _GENERIC for figure in figures]
    return any(one & other for at, one in enumerate(names) for other in names[at + 1 :])


_GENERIC = frozenset({"PRODUCTS", "OTHER", "GROUPS", "GOODS"})


def _sum_of_shares(figures: Sequence[Figure]) -> Finding:
    total = figures[0].interval
    for figure in figures[1:]:
        total = total + figure.interval
    number = sum(figure.value for figure in figures)
    line = " + ".join(amount(figure.value, "PERCENT") for figure in figures) + f" = {amount(number, 'PERCENT')}"
    marks = [Mark(said(figure), figure.interval, figure.value, "quoted", figure.id) for figure in figures]
    holds = total.low <= 100
    rest = f"; {amount(max(100 - number, 0), 'PERCENT')} not described" if holds else ", above the whole"
    title = f"{len(figures)} shares of one whole {'leave room' if holds else 'exceed it'} ({when(figures[0])})"
    return Finding(
        "agrees" if holds else "contradiction",
        title,
        [line + rest],
        figures,
        picture=marks,
        unit="PERCENT",
        size=max(total.low - 100, 0) / 100,
    )


WHOLES = (
    Rule(
        "part-and-whole",
        "A part is no larger than its whole.",
        "Within one text: a partner within the world or its group, a member within an organisation, a product within "
        "all goods, a territory within its country, a window within a longer one; all other dimensions being equal. "
        "Months that lie within the months so far of a printed table are named only where they exceed them.",
        _find,
    ),
    Rule(
        "share-and-levels",
        "A share is its part over its whole.",
        "Divides the levels one text states for a period and compares the quotient with the share it states.",
        _find_shares,
    ),
    Rule(
        "shares-of-one-whole",
        "Shares of one whole add up to no more than 100 %.",
        "Adds the product groups one text states of one flow and period, unless one group lies within another by name.",
        _find_sums,
    ),
)
