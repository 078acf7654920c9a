"""Which other stated scope a number would fit: another flow, one partner, a group of partners, part of the year."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.checks.facts import Figure
from pipelines.checks.publishers import Record, Statement
from pipelines.wording import NBSP, period, value

_KIN: Mapping[str, tuple[str, ...]] = {
    "GAS_IMP": ("GAS_IMP_PIPELINE", "GAS_IMP_LNG"),
    "GAS_IMP_PIPELINE": ("GAS_IMP",),
    "GAS_IMP_LNG": ("GAS_IMP",),
    "TRADE_TOTAL": ("EXP_FOB", "IMP_CIF"),
    "EXP_FOB": ("TRADE_TOTAL", "IMP_CIF"),
    "IMP_CIF": ("TRADE_TOTAL", "EXP_FOB"),
}
_NAMES = {
    "GAS_IMP": "all gas imports",
    "GAS_IMP_PIPELINE": "gas imports by pipeline",
    "GAS_IMP_LNG": "LNG imports",
    "TRADE_TOTAL": "trade both ways",
    "EXP_FOB": "exports alone",
    "IMP_CIF": "imports alone",
}


@dataclass(frozen=True)
class Scope:
    """A stated scope whose official value the figure fits, in words and as arithmetic."""

    label: str
    value: float
    line: str
    statements: tuple[Statement, ...]


Fits = Callable[[Figure, float], bool]


def other_scopes(figure: Figure, record: Record, fits: Fits) -> list[Scope]:
    """Return the scopes whose value the figure fits, those within its words first.

    Tried are, in this order: the wider and narrower flows, single partners, sums over the declared groups of areas
    (at least two members with values of one edition), and the first months of the same year. Free combinations of
    partners are not tried, as some of them always fit.
    """
    found: dict[frozenset[str], Scope] = {}
    for label, statements in _candidates(figure, record):
        total = sum(one.value for one in statements)
        ids = frozenset(name for one in statements for name in one.ids)
        if ids not in found and fits(figure, total):
            found[ids] = Scope(label, total, _line(label, statements, total), tuple(statements))
    return sorted(found.values(), key=lambda scope: not figure.interval.holds(scope.value))


def _candidates(figure: Figure, record: Record) -> Iterator[tuple[str, list[Statement]]]:
    for indicator in _KIN.get(figure.indicator, ()):
        for one in record.of(replace(figure, indicator=indicator)):
            yield _NAMES[indicator], [one]
    for indicator in (figure.indicator, *_KIN.get(figure.indicator, ())):
        yield from _partners(replace(figure, indicator=indicator), record)
    if figure.freq == "A" and figure.measure_type == "flow":
        for month in range(1, 12):
            part = f"{figure.time_period}-01/{figure.time_period}-{month:02d}"
            for one in record.of(replace(figure, time_period=part)):
                yield f"{period(part)} alone", [one]


def _partners(figure: Figure, record: Record) -> Iterator[tuple[str, list[Statement]]]:
    """One partner, or the members of one group, where the figure speaks of a group or of the world."""
    if figure.counterpart_area != "W00" and figure.counterpart_area not in record.members:
        return
    names = record.partners.get((figure.indicator, figure.ref_area, figure.commodity), [])
    what = _NAMES.get(figure.indicator, "the flow")
    by_area = {name: record.of(replace(figure, counterpart_area=name)) for name in names}
    for name, found in by_area.items():
        if name not in (figure.counterpart_area, "W00"):
            yield from ((f"{what} from {record.area(name)}", [one]) for one in found)
    for group, members in sorted(record.members.items(), key=lambda item: len(item[1])):
        if group != figure.counterpart_area:
            for statements in _editions(by_area, members).values():
                inside = _join([record.area(name) for name in members if _has(name, statements, by_area)])
                yield f"{what} from {inside}", statements


def _editions(by_area: Mapping[str, list[Statement]], members: Sequence[str]) -> dict[tuple[str, str], list[Statement]]:
    """Values of a group's members by edition, where at least two have one."""
    editions: dict[tuple[str, str], list[Statement]] = {}
    for name in members:
        for one in by_area.get(name, []):
            editions.setdefault((one.source_id, one.edition), []).append(one)
    return {key: found for key, found in editions.items() if len(found) > 1}


def _has(name: str, statements: Sequence[Statement], by_area: Mapping[str, list[Statement]]) -> bool:
    return any(one in statements for one in by_area.get(name, []))


def _join(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _line(label: str, statements: Sequence[Statement], total: float) -> str:
    unit = statements[0].unit
    parts = " + ".join(value(one.value, unit, fine=True) for one in statements)
    shown = f"{parts} = {value(total, unit, fine=True)}" if len(statements) > 1 else parts
    return f"{label}: {shown}".replace(NBSP, " ")
