"""Who is the odd one out: the smallest sets that mend a contradiction, and what the record says of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.checks.facts import Facts, Figure
from pipelines.checks.record import compare, say_record
from pipelines.checks.words import said

_CONFIRMED = ("agrees", "rounds")


@dataclass(frozen=True)
class Blame:
    """The sets of observation ids to blame, the words about the choice, and what the record says of every figure."""

    sets: Sequence[tuple[str, ...]]
    words: str
    record: str


def blame(sets: Sequence[tuple[str, ...]], figures: Sequence[Figure], facts: Facts) -> Blame:
    """Of the smallest sets that mend a contradiction, keep those the record does not confirm.

    A set is confirmed when an official value lies within the words of each of its members. Where the record confirms
    all of them or none, all stay.
    """
    by_id = {figure.id: figure for figure in figures}
    known = [chosen for chosen in sets if all(name in by_id for name in chosen)]
    confirmed = {figure.id: compare(figure, facts).verdict in _CONFIRMED for figure in figures}
    doubtful = [chosen for chosen in known if not all(confirmed[name] for name in chosen)]
    kept = doubtful or known
    cleared = [chosen for chosen in known if chosen not in kept]
    lines = [line for figure in _in_order(figures, kept) if (line := say_record(figure, facts))]
    return Blame(kept, _words(kept, cleared, by_id), "\n".join(lines))


def _in_order(figures: Sequence[Figure], kept: Sequence[tuple[str, ...]]) -> list[Figure]:
    odd = {name for chosen in kept for name in chosen}
    return sorted(figures, key=lambda figure: figure.id not in odd)


def _words(kept: Sequence[tuple[str, ...]], cleared: Sequence[tuple[str, ...]], by_id: dict[str, Figure]) -> str:
    if not kept:
        return "No single figure, pair or three of them can be blamed: the set is wrong as a whole."
    names = [_name(chosen, by_id) for chosen in kept]
    words = f"Without {' or without '.join(names)} the rest holds together."
    if cleared:
        others = " or ".join(_name(chosen, by_id) for chosen in cleared)
        words += f" So it would without {others}, but the record confirms {'that' if len(cleared) == 1 else 'those'}."
    return words


def _name(chosen: Sequence[str], by_id: dict[str, Figure]) -> str:
    return " and ".join(said(by_id[name]) for name in chosen)
