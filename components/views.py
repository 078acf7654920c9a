"""What a view is: parameters in, an exhibit out; browser, export and tests all call the same build."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import orjson
import pandas as pd

from components.shelves import Rows, codes_in, frame_of
from pipelines.errors import DataError, nearest
from pipelines.tables import Tables

Selection = Mapping[str, str]
Figure = dict[str, Any]

# What dressing a figure for a screen or a sheet may change; all else of it stands in its hash.
DRESS = frozenset(("template", "width", "height", "autosize", "margin", "legend", "dragmode", "font"))
WIDE = "wide"
LONGEST_TEXT = 120
_WHOLE = re.compile(rb"\.0(?=[,\]}])")


@dataclass(frozen=True)
class Choice:
    """One value a parameter may take."""

    value: str
    label: str


@dataclass(frozen=True)
class Parameter:
    """One parameter of a view as it stands in a URL: its values are strings, its default reproduces the page.

    A `hidden` one has no control of its own; `high` of a text is the most letters it may have.
    """

    name: str
    label: str
    default: str
    kind: Literal["choice", "flag", "year", "number", "text"] = "choice"
    choices: tuple[Choice, ...] = ()
    low: float | None = None
    high: float | None = None
    advanced: bool = False
    help: str = ""
    hidden: bool = False

    def check(self, value: str) -> str:
        """Return the value if the parameter allows it; refuse it with the allowed ones otherwise."""
        if self.kind == "choice":
            return self._check_choice(value, [choice.value for choice in self.choices])
        if self.kind == "flag":
            return self._check_choice(value, ["on", "off"])
        if self.kind == "text":
            return self._check_text(value)
        return self._check_number(value)

    def _check_choice(self, value: str, allowed: list[str]) -> str:
        if value not in allowed:
            raise DataError(
                f"{self.name}={value[:40]!r} is not offered{nearest(value, allowed)}. "
                f"Choose one of: {', '.join(allowed)}."
            )
        return value

    def _check_text(self, value: str) -> str:
        most = int(self.high or LONGEST_TEXT)
        if len(value) > most:
            raise DataError(f"{self.name}={value[:40]!r}… has {len(value)} letters; {most} are allowed.")
        return value

    def _check_number(self, value: str) -> str:
        try:
            number = float(value)
        except ValueError:
            raise DataError(f"{self.name}={value[:40]!r} is not a number.") from None
        low = self.low if self.low is not None else float("-inf")
        high = self.high if self.high is not None else float("inf")
        if self.kind == "year" and number % 1:
            raise DataError(f"{self.name}={value[:40]} is not a whole year.")
        if not low <= number <= high:
            raise DataError(f"{self.name}={value[:40]} lies outside {low:g} to {high:g}.")
        return value


@dataclass(frozen=True)
class Exhibit:
    """A drawn view: the figure, exactly the rows drawn, and the words that go with it.

    `rows` has one row per mark, as a frame or as mappings (`frame` makes a frame of them when asked), with at least
    `observation_id` (empty for a derived mark), `label`, `time_period`, `obs_value`, `unit_measure`, `source_id`;
    traces carry the observation ids as `customdata`. What mappings hold under a name that begins with `_` is for the
    chart alone and stands in no frame. `empty` says why nothing is drawn; then `figure` has no traces.
    `columns` are what the data table shows, with their headings, where it is not the usual.
    """

    title: str
    figure: Figure
    rows: pd.DataFrame | Rows
    summary: str
    caveats: tuple[str, ...] = ()
    source_ids: tuple[str, ...] = ()
    empty: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Return the rows as a frame."""
        return self.rows if isinstance(self.rows, pd.DataFrame) else frame_of(self.rows)

    def codes(self, column: str) -> tuple[str, ...]:
        """Return the codes of a column among the rows, each once; a column nobody filled has none."""
        rows = self.rows
        if isinstance(rows, pd.DataFrame):
            cells = rows[column].tolist() if column in rows else []
            return tuple(code for code in dict.fromkeys(cells) if isinstance(code, str))
        return codes_in(rows, column)


@dataclass(frozen=True)
class View:
    """A named chart: what question it answers, which parameters it takes, and how it is built.

    A `wide` one takes the whole width of its page; a `dated` one also depends on the day it is looked at. `stamp`
    changes when something it reads beside the tables does.
    """

    view_id: str
    title: str
    question: str
    build: Callable[[Tables, Selection], Exhibit]
    parameters: tuple[Parameter, ...] = ()
    height: int = 420
    wide: bool = False
    dated: bool = False
    stamp: Callable[[], str] = str

    def select(self, raw: Mapping[str, str]) -> dict[str, str]:
        """Return every parameter's checked value, defaults filled in; names of other views are left aside."""
        return select(self.parameters, raw)

    def exhibit(self, tables: Tables, raw: Mapping[str, str]) -> Exhibit:
        """Check the parameters and build."""
        return self.build(tables, self.select(raw))


@dataclass(frozen=True)
class Page:
    """A page: its address, its words, shared parameters, and its views in reading order.

    `shown` names the views visible under a selection (presets); by default all.
    """

    path: str
    title: str
    intro: str
    views: tuple[View, ...]
    parameters: tuple[Parameter, ...] = ()
    shown: Callable[[Selection], tuple[str, ...]] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def all_parameters(self) -> tuple[Parameter, ...]:
        """Return the page's parameters followed by those of its views, each name once."""
        seen: dict[str, Parameter] = {}
        for parameter in (*self.parameters, *(p for view in self.views for p in view.parameters)):
            seen.setdefault(parameter.name, parameter)
        return tuple(seen.values())

    def visible(self, selection: Selection) -> tuple[str, ...]:
        """Return the ids of the views shown under this selection."""
        return self.shown(selection) if self.shown else tuple(view.view_id for view in self.views)


def select(parameters: tuple[Parameter, ...], raw: Mapping[str, str]) -> dict[str, str]:
    """Return the checked value of every parameter, its default where the mapping has none; all problems at once."""
    chosen: dict[str, str] = {}
    problems: list[str] = []
    for parameter in parameters:
        try:
            chosen[parameter.name] = parameter.check(raw.get(parameter.name, parameter.default))
        except DataError as error:
            problems.append(str(error))
    if problems:
        raise DataError("\n".join(problems))
    return chosen


def narrowed(figure: Mapping[str, Any]) -> Figure:
    """Return a figure as it stands where there is little width: `layout.meta.narrow` says what is then different."""
    layout = dict(figure.get("layout", {}))
    for name, own in _narrow(layout).items():
        layout[name] = {**layout.get(name, {}), **own} if isinstance(own, Mapping) else own
    return {**figure, "layout": layout}


def _narrow(layout: Mapping[str, Any]) -> Mapping[str, Any]:
    return dict((layout.get("meta") or {}).get("narrow") or {})


def figure_hash(figure: Mapping[str, Any]) -> str:
    """Return the SHA-256 over data, traces and axes: the same for a figure on screen, in an export and in a test.

    Left out is the dress (template, size, margins, legend), the annotations named for wide screens only, and how panels
    stand on a wide or a narrow screen. Whole numbers count the same with and without a decimal point, since a browser
    knows no difference.
    """
    layout = {name: part for name, part in figure.get("layout", {}).items() if name not in DRESS}
    for name, own in _narrow(layout).items():
        if isinstance(own, Mapping):
            layout[name] = {key: entry for key, entry in layout.get(name, {}).items() if key not in own}
    marks = [mark for mark in layout.pop("annotations", None) or [] if mark.get("name") != WIDE]
    body = {"data": figure.get("data", []), "layout": layout, "annotations": marks}
    text = orjson.dumps(body, option=orjson.OPT_SORT_KEYS | orjson.OPT_SERIALIZE_NUMPY)
    return hashlib.sha256(_WHOLE.sub(b"", text)).hexdigest()
