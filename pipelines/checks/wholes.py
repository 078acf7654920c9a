"""Parts and wholes one text states: a part is no larger than its whole, and its share is their quotient."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from pipelines.checks.blame import blame
from pipelines.checks.crowds import crowd, is_crowd
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
        for part, whole in _nested(addable, groups):
            finding = _compare(part, whole, facts)
            if finding.verdict != "agrees" or part.sentence >= 0 or part.time_period == whole.time_period:
                yield finding


def _nested(figures: Sequence[Figure], groups: Groups) -> Iterator[tuple[Figure, Figure]]:
    """Every part of a text with its whole: figures that differ by one dimension and by that alone.

    Each dimension has its own index, so that the cost grows with the figures and not with their pairs.
    """
    for key, pair in (
        (_but("partner"), lambda found: _areas(found, groups)),
        (_but("product"), lambda found: _below(found, [one for one in found if one.commodity == "_T"])),
        (_but("scope"), lambda found: _below(found, [one for one in found if not one.scope])),
        (_but("partner", "reporter"), _members),
        (_but("period"), _windows),
    ):
        for found in group(figures, key).values():
            if len(found) > 1:
                yield from pair(found)


def _but(*left_out: str) -> Callable[[Figure], tuple[str, ...]]:
    """The key of all dimensions of a figure but some."""
    kept = [get for name, get in _DIMENSIONS.items() if name not in left_out]
    return lambda figure: (*_kind(figure), *(get(figure) for get in kept))


def _kind(figure: Figure) -> tuple[str, ...]:
    stage = figure.role if figure.role in ("actual", "contract") else "promise"
    family = flow_key(figure)[0]
    what = figure.indicator if family.startswith("goods") else family
    return (what, figure.measure_type, stage, figure.unit, figure.project_id)


_DIMENSIONS: Mapping[str, Callable[[Figure], str]] = {
    "partner": lambda figure: figure.counterpart_area,
    "reporter": lambda figure: figure.ref_area,
    "product": lambda figure: figure.commodity,
    "period": lambda figure: figure.time_period,
    "scope": lambda figure: figure.scope,
}


def _areas(found: Sequence[Figure], groups: Groups) -> Iterator[tuple[Figure, Figure]]:
    """Partners within the world or a group; as many as there are areas, whatever the number of figures."""
    by_area = group(found, lambda figure: figure.counterpart_area)
    for whole_area, wholes in by_area.items():
        for area, parts in by_area.items():
            if contains(whole_area, area, groups):
                whole = _smallest(wholes)
                yield from ((part, whole) for part in parts)


def _below(found: Sequence[Figure], wholes: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
    """Figures of a product or territory with the figure of all of it."""
    everything = {id(whole) for whole in wholes}
    if wholes:
        whole = _smallest(wholes)
        yield from ((part, whole) for part in found if id(part) not in everything)


def _smallest(wholes: Sequence[Figure]) -> Figure:
    """Of several statements of one whole the one that leaves its parts the least room."""
    return min(wholes, key=lambda figure: figure.interval.high)


def _members(found: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
    """What a member puts into an organisation, with what the organisation as a whole has."""
    wholes = {figure.ref_area: figure for figure in reversed(found) if not figure.counterpart_area}
    yield from ((part, wholes[part.counterpart_area]) for part in found if part.counterpart_area in wholes)


def _windows(found: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
    """Sums over a window with the shortest longer window around it; stocks at two dates do not nest."""
    dated = [figure for figure in found if figure.time_period and figure.measure_type != "stock"]
    around: list[Figure] = []
    for figure in sorted(dated, key=lambda one: (_start(one), _reversed_end(one))):
        while around and _end(around[-1]) < _end(figure):
            around.pop()
        if around and (_start(around[-1]), _end(around[-1])) != (_start(figure), _end(figure)):
            yield figure, around[-1]
        around.append(figure)


def _start(figure: Figure) -> str:
    return (figure.time_period.split("/")[0] + "-01-01")[:10]


def _end(figure: Figure) -> str:
    last = figure.time_period.split("/")[-1]
    return last + "-99-99"[len(last) - 10 :] if len(last) < 10 else last


def _reversed_end(figure: Figure) -> tuple[int, ...]:
    """Later ends sort first."""
    return tuple(-int(part) for part in _end(figure).split("-"))


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
        if is_crowd(figures):
            yield crowd(figures[0], figures[1:])
        elif len(figures) > 1 and figures[0].time_period and not _overlap(figures):
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
