"""The index rules read: observations as plain records, found by key and never compared pair by pair."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import pandas as pd

from pipelines.checks.intervals import INFINITE, Interval

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """One observation: its dimensions ("" where there are none) and the interval its wording allows."""

    id: str
    figure_id: str
    source_id: str
    source_class: str
    publisher: str
    indicator: str
    commodity: str
    project_id: str
    ref_area: str
    counterpart_area: str
    role: str
    measure_type: str
    freq: str
    time_period: str
    period_basis: str
    as_written: str
    value: float
    interval: Interval
    bound: str
    unit: str
    unit_as_read: str
    counted: str
    price_basis: str
    obs_status: str
    edition: str
    vintage: str
    provenance: str
    is_core: bool
    is_hidden: bool
    is_plottable: bool
    duplicate_of: str
    said_by: str
    measures: str
    caveats: str
    sentence: int
    claim_word: str
    listed_count: float
    label: str
    scope: str
    about: str

    @property
    def is_quoted(self) -> bool:
        """Whether somebody said it, as opposed to a statistic."""
        return self.provenance != "statistic"

    @property
    def years(self) -> tuple[int, int] | None:
        """First and last year of its period."""
        if not self.time_period:
            return None
        first, _, last = self.time_period.partition("/")
        return int(first[:4]), int((last or first)[:4])

    @property
    def year(self) -> int | None:
        """Its year, where the period is one whole year."""
        return int(self.time_period) if self.freq == "A" and len(self.time_period) == 4 else None


@dataclass(frozen=True, eq=False)
class Facts:
    """Every figure and what was computed from them in one state of knowledge.

    `series`, `mirror`, `shares`, `year_to_date`, `events`, `commitments` and `codes` are the frames of those tables.
    Two Facts are equal only where they are one, so that what is computed from one can be kept.
    """

    figures: tuple[Figure, ...]
    series: pd.DataFrame = field(default_factory=pd.DataFrame)
    mirror: pd.DataFrame = field(default_factory=pd.DataFrame)
    shares: pd.DataFrame = field(default_factory=pd.DataFrame)
    year_to_date: pd.DataFrame = field(default_factory=pd.DataFrame)
    events: pd.DataFrame = field(default_factory=pd.DataFrame)
    commitments: pd.DataFrame = field(default_factory=pd.DataFrame)
    codes: pd.DataFrame = field(default_factory=pd.DataFrame)

    @cached_property
    def by_id(self) -> dict[str, Figure]:
        """Figures by observation_id."""
        return {figure.id: figure for figure in self.figures}

    @cached_property
    def quoted(self) -> tuple[Figure, ...]:
        """Figures somebody said, hidden ones (misprints, other scopes) left out."""
        return tuple(figure for figure in self.figures if figure.is_quoted and not figure.is_hidden)

    @cached_property
    def stated(self) -> tuple[Figure, ...]:
        """Figures somebody said, each fact once: repetitions within a text and sums of our own are left out."""
        return tuple(figure for figure in self.quoted if not figure.duplicate_of and figure.provenance == "quoted")

    @cached_property
    def texts(self) -> dict[str, list[Figure]]:
        """Stated figures by the source that states them."""
        return group(self.stated, lambda figure: figure.source_id)

    @cached_property
    def projects(self) -> dict[tuple[str, str], list[Figure]]:
        """Stated figures by source and project."""
        return group(self.stated, lambda figure: (figure.source_id, figure.project_id))

    @cached_property
    def statistics(self) -> tuple[Figure, ...]:
        """Official observations."""
        return tuple(figure for figure in self.figures if not figure.is_quoted)


def group(figures: Iterable[Figure], key: Callable[[Figure], Key]) -> dict[Key, list[Figure]]:
    """Return the figures by key, in one pass."""
    groups: defaultdict[Key, list[Figure]] = defaultdict(list)
    for figure in figures:
        groups[key(figure)].append(figure)
    return dict(groups)


_RENAMED = {
    "id": "observation_id",
    "value": "obs_value",
    "unit": "unit_measure",
    "sentence": "sentence_start",
}
_FLAGS = ("is_core", "is_hidden", "is_plottable")
_NUMBERS = ("value", "listed_count")


def read_figures(observations: pd.DataFrame) -> tuple[Figure, ...]:
    """Return the rows of core_observations as plain records."""
    names = [name for name in Figure.__slots__ if name != "interval"]
    columns = {name: _cells(observations, name) for name in names}
    columns["interval"] = [
        Interval(low, high)
        for low, high in zip(
            observations["value_low"].fillna(-INFINITE).tolist(),
            observations["value_high"].fillna(INFINITE).tolist(),
            strict=True,
        )
    ]
    ordered = [columns[name] for name in Figure.__slots__]
    return tuple(Figure(*cells) for cells in zip(*ordered, strict=True))


def _cells(observations: pd.DataFrame, name: str) -> list[Any]:
    column = observations[_RENAMED.get(name, name)]
    if name in _FLAGS:
        return column.tolist()
    if name in _NUMBERS:
        return column.astype("float64").tolist()
    if name == "sentence":
        return column.fillna(-1).astype(int).tolist()
    return column.astype("object").where(column.notna(), "").tolist()


_PLAIN_NUMBER = re.compile(r"-?(\d+?)(0+)(?:\.0+)? [A-Z]{3}\b")


def rounded(figure: Figure) -> Interval:
    """Return the interval of money printed as a bare number whose filling zeros may be rounding: 2170 is 2165 to 2175.

    Everything else keeps the interval of its words.
    """
    zeros = _PLAIN_NUMBER.match(figure.as_written)
    if figure.bound != "=" or not zeros:
        return figure.interval
    unit = abs(figure.value) / int(zeros[1] + zeros[2])
    reach = 10 ** len(zeros[2]) * unit / 2
    return Interval(figure.value - reach, figure.value + reach)
