"""The desk answers what a page asks: tables of a state of knowledge, and exhibits, each built once per data digest."""

import datetime as dt
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import chain
from threading import Lock
from typing import Any

import pandas as pd

from components import labels, search
from components.charts.base import records
from components.findings.badges import badged, sign_words, with_findings
from components.findings.reading import index
from components.headlines import Card
from components.shelves import HeldRow, Rows, inputs
from components.views import Choice, Exhibit, Page, Parameter, View, select
from pipelines.errors import DataError, nearest
from pipelines.tables import AsKnown, Tables

MODE = Parameter(
    "mode",
    "As known on",
    "latest",
    choices=(
        Choice("latest", "Everything"),
        Choice("published", "As published by then"),
        Choice("cut", "Latest values, cut at a year"),
    ),
)
GLOBAL_NAMES = ("mode", "as_of", "mark", "theme")
ROOM = 512
LOG = logging.getLogger(__name__)

Payload = dict[str, Any]


@dataclass(frozen=True)
class Built:
    """An exhibit with what the browser needs to show it."""

    exhibit: Exhibit
    payload: Payload


class Desk:
    """Looks up pages and views, loads tables and builds exhibits; the newest `ROOM` exhibits are kept.

    `load` answers for a state of knowledge and must be cheap when repeated; `today` is the clock that ages are counted
    to and after which nothing is news.
    """

    def __init__(
        self,
        load: Callable[[AsKnown], Tables],
        pages: Sequence[Page],
        today: Callable[[], dt.date] | None = None,
    ):
        self._load_now = load
        self._locks: dict[AsKnown, Lock] = {}
        self._loaded: set[AsKnown] = set()
        self.today = today
        self.pages = tuple(pages)
        self._homes = {view.view_id: (page, view) for page in pages for view in page.views}
        self._refuse_doubles()
        self._build = lru_cache(maxsize=ROOM)(self._build_now)
        self._sources = lru_cache(maxsize=16)(self._read_sources)
        self._articles = lru_cache(maxsize=16)(self._read_articles)
        self._cards = lru_cache(maxsize=16)(self._find_cards)
        self._entries = lru_cache(maxsize=4)(self._read_entries)

    def load(self, known: AsKnown) -> Tables:
        """Return the tables of a state; readers who ask for the same new state at once wait for one computation.

        Nobody waits for a state that was computed before: to load it again costs next to nothing.
        """
        if known in self._loaded:
            return self._load_now(known)
        if len(self._locks) > ROOM:
            self._locks.clear()
            self._loaded.clear()
        with self._locks.setdefault(known, Lock()):
            tables = self._load_now(known)
            self._loaded.add(known)
            return tables

    def _refuse_doubles(self) -> None:
        names = [view.view_id for page in self.pages for view in page.views]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise DataError(f"two views have the id {', '.join(doubled)}. Rename one in components/pages/.")

    def page(self, path: str) -> Page:
        """Return the page at a path; an unknown one is refused with the nearest."""
        for page in self.pages:
            if page.path == path:
                return page
        raise DataError(f"There is no page {path[:60]!r}{nearest(path, [page.path for page in self.pages])}.")

    def view(self, view_id: str) -> View:
        """Return the view of that id."""
        return self._home(view_id)[1]

    def parameters(self, view_id: str) -> tuple[Parameter, ...]:
        """Return the parameters that decide what a view shows: its page's, then its own, each name once."""
        page, view = self._home(view_id)
        return tuple({parameter.name: parameter for parameter in (*page.parameters, *view.parameters)}.values())

    def problems(self, view_id: str, raw: Mapping[str, str]) -> list[str]:
        """Return what is wrong with a view asked for under parameters, a sentence each; nothing when it is right."""
        try:
            parameters = self.parameters(view_id)
        except DataError as error:
            return [str(error)]
        names = [*(parameter.name for parameter in parameters), "mode", "as_of"]
        found = [
            f"{view_id} has no parameter {str(name)[:40]!r}{nearest(str(name), names)}. It has: {', '.join(names)}."
            for name in raw
            if name not in names
        ]
        for check in (partial(select, parameters), as_known):
            try:
                check(raw)
            except DataError as error:
                found += [f"{view_id}: {line}" for line in str(error).split("\n")]
        return found

    def _home(self, view_id: str) -> tuple[Page, View]:
        if view_id not in self._homes:
            raise DataError(f"There is no chart {view_id[:60]!r}{nearest(view_id, self._homes)}.")
        return self._homes[view_id]

    def headlines(self, path: str, raw: Mapping[str, str]) -> tuple[Card, ...]:
        """Return the headlines of a page in the state of knowledge the parameters ask for, as old as they are today."""
        known = self.as_known(raw)
        return self._cards(path, known, self.load(known).digest)

    def _find_cards(self, path: str, known: AsKnown, digest: str) -> tuple[Card, ...]:
        find: Callable[[Tables], tuple[Card, ...]] = self.page(path).extra["cards"]
        return find(self._load(known, digest))

    def as_known(self, raw: Mapping[str, str]) -> AsKnown:
        """Return the state of knowledge the parameters ask for; of everything known also the day of the clock."""
        known = as_known(raw)
        return replace(known, today=self.today()) if self.today and known.mode == "latest" else known

    def seen_on(self, day: dt.date) -> "Desk":
        """Return the same desk with its clock stopped at a day."""
        desk = copy(self)
        desk.today = lambda: day
        return desk

    def tables(self, raw: Mapping[str, str]) -> Tables:
        """Return the tables in the state of knowledge the parameters ask for."""
        return self.load(self.as_known(raw))

    def _read_sources(self, known: AsKnown, digest: str) -> labels.Sources:
        return labels.by_id(self._load(known, digest).sources)

    def _read_articles(self, known: AsKnown, digest: str) -> labels.Articles:
        return labels.articles(self._load(known, digest).observations, self._sources(known, digest))

    def entries(self, raw: Mapping[str, str]) -> tuple[search.Entry, ...]:
        """Return all that can be searched in the state of knowledge the parameters ask for."""
        known = self.as_known(raw)
        return self._entries(known, self.load(known).digest)

    def _read_entries(self, known: AsKnown, digest: str) -> tuple[search.Entry, ...]:
        return search.index(self._load(known, digest))

    def exhibit(self, view_id: str, raw: Mapping[str, str]) -> Exhibit:
        """Return the exhibit of a view under the parameters of a URL; wrong ones are refused."""
        return self._find(view_id, raw).exhibit

    def rows(self, view_id: str, raw: Mapping[str, str]) -> pd.DataFrame:
        """Return the rows a view draws under the parameters of a URL, with the findings they are about."""
        return with_findings(self.exhibit(view_id, raw).frame, index(self.tables(raw)).badged)

    def payload(self, view_id: str, raw: Mapping[str, str]) -> Payload:
        """Return what the browser needs to draw a card: an exhibit, or a message in its place; never an exception."""
        try:
            return self._find(view_id, raw).payload
        except DataError as error:
            return {"state": "refused", "message": str(error)}
        except Exception:
            LOG.exception("view %s could not be drawn", view_id)
            return {
                "state": "failed",
                "message": f"Sorry, the chart {view_id} could not be drawn. The rest of the page is not affected; "
                "the reason is in the server's log.",
            }

    def _find(self, view_id: str, raw: Mapping[str, str]) -> Built:
        page, view = self._home(view_id)
        select(page.parameters, raw)
        chosen = tuple(sorted(view.select(raw).items()))
        known = self.as_known(raw)
        return self._build(view_id, chosen, known, self.load(known).digest, view.stamp())

    def _build_now(
        self, view_id: str, chosen: tuple[tuple[str, str], ...], known: AsKnown, digest: str, _stamp: str = ""
    ) -> Built:
        tables = self._load(known, digest)
        drawn = self.view(view_id).build(tables, dict(chosen))
        concerned = index(tables).badged
        exhibit = replace(
            drawn,
            figure=badged(drawn.figure, concerned),
            summary=labels.glued(drawn.summary),
            caveats=tuple(map(labels.glued, (*drawn.caveats, *sign_words(drawn.figure, concerned)))),
        )
        sources = self._sources(known, digest)
        return Built(
            exhibit,
            {
                "state": "empty" if exhibit.empty else "drawn",
                "message": exhibit.empty,
                "title": exhibit.title,
                "summary": exhibit.summary,
                "figure": exhibit.figure,
                "caveats": list(exhibit.caveats),
                "sources": labels.source_line(sources, exhibit.source_ids),
                "citations": labels.cite(
                    sources, exhibit.source_ids, self._articles(known, digest), inputs_of(exhibit.rows)
                ),
                "definitions": definitions(exhibit, tables),
                "digest": digest[:12],
            },
        )

    def _load(self, known: AsKnown, digest: str) -> Tables:
        tables = self.load(known)
        if tables.digest != digest:
            raise DataError("The data changed while this chart was drawn. Reload the page.")
        return tables


def as_known(raw: Mapping[str, str]) -> AsKnown:
    """Return the state of knowledge the parameters `mode` and `as_of` ask for; a date alone means published by then."""
    date = raw.get("as_of", "")
    mode = MODE.check(raw.get("mode") or ("published" if date else "latest"))
    if mode == "latest":
        return AsKnown()
    if not re.fullmatch(r"(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", date):
        raise DataError(
            f"as_of={date[:20]!r} is not a date. Write a year such as 2016, a month 2016-05 or a day 2016-05-31."
        )
    return AsKnown(mode, date if mode == "published" else date[:4])


def parameter_names(page: Page, view: View) -> list[str]:
    """Return the names of the parameters that decide what a view of a page shows."""
    return list(dict.fromkeys([p.name for p in (*page.parameters, *view.parameters)] + ["mode", "as_of"]))


def unknown_names(page: Page, raw: Mapping[str, str]) -> list[str]:
    """Return one sentence for each parameter the page does not have."""
    known = [*(p.name for p in page.all_parameters()), *GLOBAL_NAMES]
    return [
        f"{name[:40]!r} is no parameter of this page{nearest(name, known)}; it was left aside."
        for name in raw
        if name not in known
    ]


def inputs_of(rows: pd.DataFrame | Rows) -> Iterator[str]:
    """Return every observation drawn or computed from, in the order of the rows."""
    return chain.from_iterable(row.inputs if isinstance(row, HeldRow) else inputs(row) for row in records(rows))


DEFINED = (
    ("indicator", "CL_INDICATOR"),
    ("role", "CL_ROLE"),
    ("measure_type", "CL_MEASURE_TYPE"),
    ("source_class", "CL_SOURCE_CLASS"),
)


def definitions(exhibit: Exhibit, tables: Tables) -> list[list[str]]:
    """Return term and definition of every indicator, role, measure type and source class among the rows drawn."""
    names = labels.words(tables.codes)
    found: list[list[str]] = []
    for column, codelist in DEFINED:
        told = [(code, names.description(codelist, code)) for code in exhibit.codes(column)]
        found += [[names.name(codelist, code), description] for code, description in told if description]
    return found
