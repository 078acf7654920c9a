"""What official publishers state of each fact: every edition, with the totals, sums, growth and shares computed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import pandas as pd

from pipelines.checks.crowds import is_crowd
from pipelines.checks.facts import Facts, Figure, group

Fact = tuple[str, str, str, str, str]
ACTUAL = ("actual", "estimate")
_ESTIMATED = "E"
_NEEDED = (
    "line_id",
    "ref_area",
    "counterpart_area",
    "indicator",
    "commodity",
    "project_id",
    "measure_type",
    "time_period",
    "obs_value",
    "unit_measure",
    "growth",
    "source_id",
    "publisher",
    "edition",
    "formula",
    "observation_ids",
)
_TRADE = ("TRADE_TOTAL", "EXP_FOB", "IMP_CIF")
_RATIOS = {"GDP_RATIO": "GDP_CURRENT"}


@dataclass(frozen=True, slots=True)
class Statement:
    """What one edition of one publisher says of one fact in one period, in the base unit.

    `ids` are the observations it rests on, `formula` the arithmetic of a computed one, `vintage` the date since when
    the newest of them is known ("" where nobody knows).
    """

    publisher: str
    source_id: str
    edition: str
    reporter: str
    period: str
    value: float
    unit: str
    vintage: str
    formula: str
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """Statements by fact and period; `names` by code list and code, `members` who belongs to a group of areas.

    `crowds` holds what official publishers print of one fact and period in too many ways to be compared.
    """

    by_fact: Mapping[Fact, Mapping[str, list[Statement]]]
    names: Mapping[tuple[str, str], str]
    members: Mapping[str, tuple[str, ...]]
    crowds: Mapping[tuple[Fact, str], Sequence[Figure]]

    def lines(self, figure: Figure) -> Mapping[str, list[Statement]]:
        """Return everything official about the figure's fact, by period; the figure itself left out."""
        periods = self.by_fact.get(fact_of(figure), {})
        return {period: others for period, found in periods.items() if (others := _others(found, figure))}

    def of(self, figure: Figure) -> list[Statement]:
        """Return everything official about the figure's fact in its period; the figure itself left out."""
        found = self.by_fact.get(fact_of(figure), {}).get(period_of(figure), [])
        return _others(found, figure)

    @cached_property
    def partners(self) -> Mapping[tuple[str, str, str], list[str]]:
        """Counterparts an area has statements with, by indicator, area and commodity."""
        found: defaultdict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
        for what, commodity, project, measure, _ in self.by_fact:
            indicator, _, areas = what.partition(".")
            reporter, _, counterpart = areas.partition(">")
            if counterpart and not project and measure != "growth":
                found[indicator, reporter, commodity].setdefault(counterpart)
        return {key: list(names) for key, names in found.items()}

    def area(self, code: str) -> str:
        """Return the name of an area."""
        return self.names.get(("CL_AREA", code), code)

    def indicator(self, code: str) -> str:
        """Return the name of an indicator."""
        return self.names.get(("CL_INDICATOR", code), code)


def fact_of(figure: Figure) -> Fact:
    """Return the key of what a figure measures, whoever reports it; the period apart."""
    return _fact(
        figure.indicator,
        (figure.ref_area, figure.counterpart_area),
        (figure.commodity, figure.project_id),
        figure.measure_type,
        figure.unit,
    )


def period_of(figure: Figure) -> str:
    """Return the figure's period; a stock at the end of a year is that year's."""
    is_year_end = figure.measure_type == "stock" and figure.time_period.endswith("-12-31")
    return figure.time_period[:4] if is_year_end else figure.time_period


@lru_cache(maxsize=2)
def record_of(facts: Facts) -> Record:
    """Return the index of everything official in one state of knowledge, built once.

    Chains are left out, as their parts are editions already; so are values estimated from the partner's data, which
    would be compared with themselves. Figures printed by an official publisher count as its statements.
    """
    by_fact: defaultdict[Fact, defaultdict[str, list[Statement]]] = defaultdict(lambda: defaultdict(list))
    for fact, statement in _statements(facts):
        by_fact[fact][statement.period].append(statement)
    for figure in {fact_of(one): one for one in facts.quoted if one.indicator in _RATIOS}.values():
        for statement in _ratios(figure, by_fact):
            by_fact[fact_of(figure)][statement.period].append(statement)
    printed = _printed_by_publishers(facts)
    codes = list(_rows(facts.codes))
    groups = [(row["code"], row["members"]) for row in codes if row["members"]]
    return Record(
        by_fact=by_fact,
        names={(row["codelist"], row["code"]): row["name"] for row in codes},
        members={code: tuple(members.split(";")) for code, members in groups},
        crowds={key: figures for key, figures in printed.items() if is_crowd(figures)},
    )


def _others(found: Iterable[Statement], figure: Figure) -> list[Statement]:
    return [statement for statement in found if figure.id not in statement.ids]


def _fact(indicator: str, areas: tuple[str, str], item: tuple[str, str], measure: str, unit: str) -> Fact:
    """A flow of goods is one fact whether the exporter or the importer reports it."""
    first, second = areas
    if indicator == "TRADE_TOTAL":
        what = "GOODS." + "-".join(sorted(areas))
    elif indicator in _TRADE:
        what = f"GOODS.{first}>{second}" if indicator == "EXP_FOB" else f"GOODS.{second}>{first}"
    else:
        what = f"{indicator}.{first}>{second}"
    commodity = "" if item[0] == "_T" else item[0]
    return what, commodity, item[1], measure, unit


def _statements(facts: Facts) -> Iterator[tuple[Fact, Statement]]:
    vintages = {figure.id: figure.vintage for figure in facts.figures}
    if len(facts.series):
        yield from _lines(facts.series[facts.series["line_kind"] == "dataset"], vintages)
    publishers = {figure.source_id: figure.publisher for figure in facts.statistics}
    if len(facts.year_to_date):
        yield from _months(facts.year_to_date, publishers, vintages)
    if len(facts.shares):
        yield from _shares(facts.shares, publishers, vintages)
    for (fact, _), figures in _printed_by_publishers(facts).items():
        if not is_crowd(figures):
            yield from ((fact, _printed(figure)) for figure in figures)


def _printed_by_publishers(facts: Facts) -> dict[tuple[Fact, str], list[Figure]]:
    printed = (
        figure
        for figure in facts.quoted
        if figure.source_class == "official" and figure.role in ACTUAL and figure.provenance == "quoted"
    )
    return group(printed, lambda figure: (fact_of(figure), period_of(figure)))


def _lines(lines: pd.DataFrame, vintages: Mapping[str, str]) -> Iterator[tuple[Fact, Statement]]:
    before: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in _rows(lines.loc[lines["obs_status"] != _ESTIMATED, list(_NEEDED)]):
        ids = _ids(row["observation_ids"])
        before[row["line_id"], row["time_period"]] = ids
        said = (row["publisher"], row["source_id"], row["edition"], row["ref_area"], row["time_period"])
        areas, item = (row["ref_area"], row["counterpart_area"]), (row["commodity"], row["project_id"])
        fact = _fact(row["indicator"], areas, item, row["measure_type"], row["unit_measure"])
        vintage = _newest(ids, vintages)
        yield fact, Statement(*said, row["obs_value"], row["unit_measure"], vintage, row["formula"], ids)
        earlier = before.get((row["line_id"], _year_before(row["time_period"])))
        if earlier and row["growth"] != "":
            fact = _fact(row["indicator"], areas, item, "growth", "PERCENT")
            yield fact, Statement(*said, row["growth"], "PERCENT", vintage, "on the year before", (*earlier, *ids))


def _months(
    sums: pd.DataFrame, publishers: Mapping[str, str], vintages: Mapping[str, str]
) -> Iterator[tuple[Fact, Statement]]:
    for row in _rows(sums[sums["source_id"].isin(publishers)]):
        ids = _ids(row["observation_ids"])
        said = (publishers[row["source_id"]], row["source_id"], "", row["ref_area"], row["time_period"])
        areas, vintage = (row["ref_area"], row["counterpart_area"]), _newest(ids, vintages)
        fact = _fact(row["indicator"], areas, ("", ""), "flow", row["unit_measure"])
        yield fact, Statement(*said, row["obs_value"], row["unit_measure"], vintage, row["formula"], ids)
        if row["growth"] != "":
            fact = _fact(row["indicator"], areas, ("", ""), "growth", "PERCENT")
            yield fact, Statement(*said, row["growth"], "PERCENT", vintage, "on the same months a year before", ids)


def _shares(
    shares: pd.DataFrame, publishers: Mapping[str, str], vintages: Mapping[str, str]
) -> Iterator[tuple[Fact, Statement]]:
    for row in _rows(shares):
        ids = (*_ids(row["numerator_ids"]), *_ids(row["denominator_ids"]))
        source = row["source_id"]
        name = publishers.get(source, source)
        fact = _fact(row["indicator"], (row["ref_area"], row["counterpart_area"]), ("", ""), "share", "PERCENT")
        yield (
            fact,
            Statement(
                name,
                source,
                "",
                row["ref_area"],
                row["time_period"],
                row["share"],
                "PERCENT",
                _newest(ids, vintages),
                f"{row['numerator'] / 1e9:,.2f} of {row['denominator'] / 1e9:,.1f} US$ bn",
                ids,
            ),
        )


def _ratios(figure: Figure, by_fact: Mapping[Fact, Mapping[str, list[Statement]]]) -> list[Statement]:
    """One area's level in percent of another's, year by year, within one edition."""
    level = _RATIOS[figure.indicator]
    sides = [
        [
            one
            for measure in ("flow", "level", "stock")
            for found in by_fact.get((f"{level}.{area}>", "", "", measure, "USD"), {}).values()
            for one in found
        ]
        for area in (figure.ref_area, figure.counterpart_area)
    ]
    below = {(one.source_id, one.edition, one.period): one for one in sides[1]}
    found = []
    for one in sides[0]:
        other = below.get((one.source_id, one.edition, one.period))
        if other is not None and other.value:
            words = f"{one.value / 1e9:,.0f} of {other.value / 1e9:,.0f} US$ bn"
            share = 100 * one.value / other.value
            found.append(replace(one, value=share, unit="PERCENT", formula=words, ids=(*one.ids, *other.ids)))
    return found


def _printed(figure: Figure) -> Statement:
    who = (figure.publisher, figure.source_id, "as printed", figure.ref_area, period_of(figure))
    return Statement(*who, figure.value, figure.unit, figure.vintage, "", (figure.id,))


def _rows(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    names = [str(name) for name in frame.columns]
    columns = [frame[name].astype("object").where(frame[name].notna(), "").tolist() for name in names]
    yield from (dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True))


def _ids(cell: object) -> tuple[str, ...]:
    return tuple(str(cell).split(" ; "))


def _newest(ids: Iterable[str], vintages: Mapping[str, str]) -> str:
    """Return the date since when all of them are known, "" where that of one is not."""
    dates = [vintages.get(name, "") for name in ids]
    return max(dates) if all(dates) else ""


def _year_before(period: str) -> str:
    return f"{int(period[:4]) - 1}{period[4:]}"
