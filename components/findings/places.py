"""Which charts draw an observation, and the address that leads to each of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from threading import Lock
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from components.desk import Desk
from components.findings.cards import folded
from components.findings.reading import SEPARATOR
from components.views import Exhibit, Page, View
from pipelines.errors import DataError

# Parameters whose every choice shows other figures; presets are followed too, for they decide which charts are shown.
VARIED = ("pair", "preset")
DESKS_HELD = 4
MOST = 6
# A value made of more observations than this hardly draws one of them.
FEW = 4
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True)
class Place:
    """A chart under the parameters that make it draw something."""

    title: str
    address: str
    view_id: str


Places = Mapping[str, tuple[Place, ...]]


@lru_cache(maxsize=DESKS_HELD)
def _places(desk: Desk, state: tuple[tuple[str, str], ...], digest: str) -> Places:
    """Return by observation the charts that draw it in a state of knowledge, each chart once, pages in menu order."""
    del digest  # part of the key: other data, other charts
    found: dict[str, dict[str, Place]] = {}
    for page in desk.pages:
        for view, raw in _variants(page):
            for observation_id in _drawn(desk, view, {**raw, **dict(state)}):
                place = Place(f"{page.title}: {view.title}", _address(page, view, raw), view.view_id)
                found.setdefault(observation_id, {}).setdefault(view.view_id, place)
    return {observation_id: tuple(views.values()) for observation_id, views in found.items()}


def _variants(page: Page) -> Iterator[tuple[View, dict[str, str]]]:
    """Yield every view with the parameters it is looked at under, those of the page as it opens first."""
    varied = [parameter for parameter in page.parameters if parameter.name in VARIED]
    every = product(*([(p.name, choice.value) for choice in p.choices] for p in varied))
    defaults = {parameter.name: parameter.default for parameter in page.all_parameters()}
    own = sorted((dict(raw) for raw in every), key=lambda raw: sum(defaults[name] != v for name, v in raw.items()))
    seen: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
    for raw in own:
        shown = page.visible({**defaults, **raw})
        for view in page.views:
            key = (view.view_id, tuple(sorted(view.select(raw).items())))
            if view.view_id in shown and key not in seen:
                seen.add(key)
                yield view, {name: value for name, value in raw.items() if value != defaults[name]}


def _drawn(desk: Desk, view: View, raw: Mapping[str, str]) -> set[str]:
    try:
        return drawn_ids(desk.exhibit(view.view_id, raw))
    except DataError:
        return set()  # a chart that refuses this state of knowledge draws nothing


def drawn_ids(exhibit: Exhibit) -> set[str]:
    """Return the observations behind the marks of an exhibit, those of sums of many left out."""
    keys = (key for trace in exhibit.figure.get("data", []) for key in trace.get("customdata") or [])
    marks = {key[0] if isinstance(key, list | tuple) and key else key for key in keys}
    split = (mark.split(SEPARATOR) for mark in marks if isinstance(mark, str))
    return {part for parts in split if len(parts) <= FEW for part in parts}


def _address(page: Page, view: View, raw: Mapping[str, str]) -> str:
    query = f"?{urlencode(raw)}" if raw else ""
    return f"{page.path}{query}#card-{view.view_id}"


def places_of(desk: Desk, raw: Mapping[str, str], observation_ids: Iterable[str]) -> tuple[Place, ...]:
    """Return the charts that draw at least one of the observations, each once, in the order of the menu."""
    known = desk.as_known(raw)
    state = tuple((name, raw[name]) for name in ("mode", "as_of") if raw.get(name))
    with _ONE_AT_A_TIME:
        places = _places(desk, state, desk.load(known).digest)
    found: dict[str, Place] = {}
    for one in observation_ids:
        for place in places.get(one, ()):
            found.setdefault(place.view_id, place)
    order = [view.view_id for page in desk.pages for view in page.views]
    return tuple(sorted(found.values(), key=lambda place: order.index(place.view_id)))


def place_links(places: Sequence[Place]) -> Component:
    """Return links to charts, the first few at once."""
    if not places:
        return html.Span("no chart draws these figures", className="quiet")
    return folded([html.Li(dcc.Link(place.title, href=place.address)) for place in places], "chart-links", most=MOST)
