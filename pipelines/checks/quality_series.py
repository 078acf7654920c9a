"""Breaks within official lines: jumps nobody else saw, mirror gaps beyond their history, years with months missing."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median
from typing import Any

import pandas as pd

from pipelines.checks.facts import Facts, Figure
from pipelines.checks.finding import Finding, Mark, Rule
from pipelines.checks.intervals import Interval
from pipelines.checks.publishers import record_of
from pipelines.checks.saying import amount, runs

JUMP_SCORE = 4.0
JUMP_LEAST = 10
JUMP_FLOOR = 0.03
STARTING = 0.2
MIRROR_YEARS = 10
MIRROR_LEAST = 5
MIRROR_BEYOND = 0.10
_MIRRORED = {"EXP_FOB": "IMP_CIF", "IMP_CIF": "EXP_FOB", "TRADE_TOTAL": "TRADE_TOTAL"}
_STEADY = ("CPI_U", "TRADE_BALANCE")
_NEEDED = (
    "line_id",
    "line_kind",
    "indicator",
    "ref_area",
    "counterpart_area",
    "time_period",
    "obs_value",
    "growth",
    "unit_measure",
    "observation_ids",
)
Row = dict[str, Any]


def find_jumps(facts: Facts) -> Iterator[Finding]:
    """Return yearly growth far outside a line's own history that no partner's count shows.

    Distance is that of log growth from the line's median in robust standard deviations (1.4826 × the median absolute
    deviation, at least 3 %). A line below a fifth of its median level is still starting up and may jump.
    """
    if facts.series.empty:
        return
    annual = facts.series[(facts.series["freq"] == "A") & ~facts.series["indicator"].isin(_STEADY)]
    rows = _rows(annual[list(_NEEDED)])
    growth = {_place(row): row["growth"] for row in rows}
    lines: dict[str, list[Row]] = {}
    for row in rows:
        if row["line_kind"] == "dataset":
            lines.setdefault(row["line_id"], []).append(row)
    for name in sorted(lines):
        for row, score in _outliers(lines[name]):
            if not _confirms(growth.get(_place(row, partner=True)), row["growth"]):
                yield _jump(row, lines[name], score, facts)


def _rows(frame: pd.DataFrame) -> list[Row]:
    names = [str(name) for name in frame.columns]
    columns = (frame[name].tolist() for name in names)
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]


def _place(row: Row, *, partner: bool = False) -> tuple[str, ...]:
    """Areas, flow and year of a value, or of what its partner counts of the same flow."""
    own = (row["ref_area"], row["counterpart_area"], row["indicator"])
    other = (row["counterpart_area"], row["ref_area"], _MIRRORED.get(row["indicator"], ""))
    return (*(other if partner else own), row["time_period"])


def _outliers(rows: Sequence[Row]) -> list[tuple[Row, float]]:
    grown = [row for row in rows if row["growth"] == row["growth"] and row["growth"] is not None]
    if len(grown) < JUMP_LEAST:
        return []
    logs = [math.log1p(row["growth"] / 100) for row in grown]
    middle = median(logs)
    spread = max(1.4826 * median(abs(log - middle) for log in logs), JUMP_FLOOR)
    level = median(row["obs_value"] for row in rows)
    scored = [(row, (log - middle) / spread) for row, log in zip(grown, logs, strict=True)]
    return [
        (row, score)
        for row, score in scored
        if abs(score) >= JUMP_SCORE and row["obs_value"] / (1 + row["growth"] / 100) >= STARTING * level
    ]


def _confirms(partner: float | None, growth: float) -> bool:
    """Whether the partner's count moved the same way by at least half as much."""
    return partner is not None and partner * growth > 0 and abs(partner) >= abs(growth) / 2


def _jump(row: Row, rows: Sequence[Row], score: float, facts: Facts) -> Finding:
    unit, growth, year = row["unit_measure"], amount(row["growth"], "PERCENT"), int(row["time_period"])
    before = amount(row["obs_value"] / (1 + row["growth"] / 100), unit)
    grown = [other for other in rows if other["growth"] == other["growth"]]
    usual = amount(median(other["growth"] for other in grown), "PERCENT")
    near = [other for other in grown if abs(int(other["time_period"]) - year) <= 3]
    return Finding(
        "unexplained",
        f"{_named(row, facts)}: {growth} in {year}, far outside its own history",
        [
            f"{before} in {year - 1}, {amount(row['obs_value'], unit)} in {year}: {growth}",
            f"usual growth of this line (median): {usual}; distance {abs(score):.1f} robust standard deviations",
        ],
        _figures(
            [name for other in rows if int(other["time_period"]) in (year - 1, year) for name in _ids(other)], facts
        ),
        explanation="No partner's count moves with it: a new definition or a true change. Look before drawing trends.",
        picture=[_mark(other["time_period"], other["growth"], _ids(other)[0]) for other in near],
        unit="PERCENT",
        size=min(abs(row["growth"]) / 100, 1.0) / 2,
        word="caution",
    )


def _named(row: Row, facts: Facts) -> str:
    record = record_of(facts)
    partner = record.area(row["counterpart_area"]) if isinstance(row["counterpart_area"], str) else ""
    what = f"{record.indicator(row['indicator'])}, {record.area(row['ref_area'])}"
    return f"{what} with {partner}" if partner else what


def _mark(label: str, number: float, name: str) -> Mark:
    return Mark(str(label), Interval(number, number), number, "official", name)


def _ids(row: Row, column: str = "observation_ids") -> list[str]:
    return str(row[column]).split(" ; ")


def _figures(ids: Iterable[str], facts: Facts) -> list[Figure]:
    return [facts.by_id[name] for name in ids if name in facts.by_id]


def find_mirror(facts: Facts) -> Iterator[Finding]:
    """Return flows whose two reports differ by more than in any of the ten years before, and 10 points more."""
    if facts.mirror.empty:
        return
    rows = facts.mirror[(facts.mirror["basis"] == "official") & (facts.mirror["freq"] == "A")]
    flows = rows[rows["flow"].str.contains(">")].sort_values("time_period").groupby("flow", sort=True)
    for flow, years in flows:
        beyond = list(_beyond_history(_rows(years)))
        if beyond:
            yield _mirror(str(flow), beyond, facts)


def _beyond_history(rows: Sequence[Row]) -> Iterator[tuple[Row, float, float]]:
    for at, row in enumerate(rows):
        before = [other["asymmetry"] for other in rows[max(0, at - MIRROR_YEARS) : at]]
        if len(before) >= MIRROR_LEAST:
            low, high = min(before), max(before)
            if max(low - row["asymmetry"], row["asymmetry"] - high) > MIRROR_BEYOND:
                yield row, low, high


def _mirror(flow: str, beyond: Sequence[tuple[Row, float, float]], facts: Facts) -> Finding:
    record = record_of(facts)
    exporter, importer = (record.area(code) for code in flow.split(">"))
    lines = [
        f"{row['time_period']}: {importer} counts {amount(row['value_b'], row['unit_measure'])}, {exporter} "
        f"{amount(row['value_a'], row['unit_measure'])}: {_points(row['asymmetry'])} of their mean; "
        f"in the years before {_points(low)} to {_points(high)}"
        for row, low, high in beyond
    ]
    sizes = [max(low - row["asymmetry"], row["asymmetry"] - high) for row, low, high in beyond]
    worst = beyond[sizes.index(max(sizes))][0]
    years = runs([int(row["time_period"]) for row, _, _ in beyond])
    return Finding(
        "unexplained",
        f"Exports {exporter} to {importer}: the two counts part beyond their history in {years}",
        lines,
        _figures(_both(worst), facts),
        explanation="Freight and insurance raise the importer's count by 5 to 10 %; no year changes that by so much.",
        picture=[
            Mark(row["time_period"], Interval(100 * low, 100 * high), 100 * row["asymmetry"], "official", _both(row)[0])
            for row, low, high in beyond
        ],
        unit="PERCENT",
        size=max(sizes),
        word="caution",
        witnesses=_figures([name for row, _, _ in beyond for name in _both(row)], facts),
    )


def _both(row: Row) -> list[str]:
    return [*_ids(row, "observation_ids_a"), *_ids(row, "observation_ids_b")]


def _points(share: float) -> str:
    return f"{100 * share:.0f} %".replace("-", "−")


def find_partial(facts: Facts) -> Iterator[Finding]:
    """Return years before the last of a monthly line that lack months: they have no yearly sum."""
    if facts.series.empty:
        return
    months = facts.series[(facts.series["freq"] == "M") & ~facts.series["indicator"].isin(_STEADY)]
    places = months["line_id"] + "|" + months["time_period"].str[:4]
    held: dict[str, dict[str, int]] = {}
    for place, count in places.value_counts(sort=False).items():
        line, _, year = str(place).rpartition("|")
        held.setdefault(line, {})[year] = int(count)
    for line, years in sorted(held.items()):
        for year, count in sorted(years.items()):
            if count < 12 and min(years) < year < max(years):
                yield _partial(year, count, months[places == f"{line}|{year}"], facts)


def _partial(year: str, count: int, rows: pd.DataFrame, facts: Facts) -> Finding:
    held = ", ".join(period[5:] for period in rows["time_period"])
    return Finding(
        "cannot_tell",
        f"{_named(_rows(rows)[0], facts)}: {count} of 12 months of {year}",
        [f"months held of {year}: {held}", f"12 − {count} = {12 - count} missing: no sum of the year"],
        _figures([name for row in _rows(rows) for name in _ids(row)], facts),
        word="caution",
    )


def find_breaks(facts: Facts) -> Iterator[Finding]:
    """Return the preferred yearly lines that lack years between their first and their last."""
    if facts.series.empty:
        return
    shown = (facts.series["freq"] == "A") & facts.series["is_preferred"] & ~facts.series["indicator"].isin(_STEADY)
    lines: dict[str, list[Row]] = {}
    for row in _rows(facts.series.loc[shown, list(_NEEDED)]):
        lines.setdefault(row["line_id"], []).append(row)
    for _, rows in sorted(lines.items()):
        held = {int(row["time_period"]): row for row in rows}
        missing = sorted(set(range(min(held), max(held))) - set(held))
        if missing:
            yield _break(missing, held, facts)


def _break(missing: Sequence[int], held: Mapping[int, Row], facts: Facts) -> Finding:
    first, last = min(held), max(held)
    ends = [held[year] for year in held if year + 1 in missing or year - 1 in missing]
    return Finding(
        "cannot_tell",
        f"{_named(held[first], facts)}: {runs(missing)} missing",
        [
            f"{len(held)} of {last - first + 1} years from {first} to {last}; missing: {runs(missing)}",
            *(f"{row['time_period']}: {amount(row['obs_value'], row['unit_measure'])}" for row in ends),
        ],
        _figures([name for row in ends for name in _ids(row)], facts),
        explanation="No line joins the ends, and no growth is computed across.",
        size=0.0,
        word="caution",
    )


SERIES_QUALITY = (
    Rule(
        "jump",
        "A yearly value lies within reach of the one before.",
        "Looks at lines of ten years or more; speaks where log growth lies four robust standard deviations from the "
        "line's median and the partner's count does not move with it. Silent while a line is starting up.",
        find_jumps,
    ),
    Rule(
        "mirror-beyond-history",
        "The two reports of one flow keep their distance.",
        "Compares each year's asymmetry with the ten years before (five at least); speaks where it lies more than ten "
        "points outside their range. Values estimated from the partner never enter.",
        find_mirror,
    ),
    Rule(
        "break-in-line",
        "A line has every year from its first to its last.",
        "Speaks of the preferred yearly lines only; a year in which a publisher printed no split is a break.",
        find_breaks,
    ),
    Rule(
        "partial-year",
        "A year of months has twelve.",
        "Speaks of years inside a monthly line that lack months; the first and the last year may be partial.",
        find_partial,
    ),
)
