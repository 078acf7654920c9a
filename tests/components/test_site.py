import dataclasses
from collections.abc import Iterator

import plotly.graph_objects as go
import pytest

from components import theme
from components.desk import Desk
from components.site import PAGES
from components.views import Page, Parameter, View
from pipelines.tables import AsKnown, Tables

VIEWS = [(page, view) for page in PAGES for view in page.views]
NAMES = [view.view_id for _, view in VIEWS]


@pytest.fixture(scope="module")
def desk(tables: Tables) -> Desk:
    return Desk(lambda known: dataclasses.replace(tables, as_known=known), PAGES)


def variations(page: Page, view: View) -> Iterator[dict[str, str]]:
    """Every value of every choice and flag, one at a time, beside the defaults."""
    yield {}
    for parameter in {p.name: p for p in (*page.parameters, *view.parameters)}.values():
        values = ["on", "off"] if parameter.kind == "flag" else [choice.value for choice in parameter.choices]
        yield from ({parameter.name: value} for value in values[:8] if value != parameter.default)


@pytest.mark.parametrize(("room", "view"), VIEWS, ids=NAMES)
def test_every_choice_of_a_view_is_drawn_or_says_why_not(desk: Desk, room: Page, view: View) -> None:
    for raw in variations(room, view):
        payload = desk.payload(view.view_id, raw)
        assert payload["state"] in ("drawn", "empty"), (raw, payload.get("message"))
        assert payload["message"] or payload["summary"], raw
        exhibit = desk.exhibit(view.view_id, raw)
        go.Figure(exhibit.figure).update_layout(template=theme.template("dark"))
        assert "template" not in exhibit.figure.get("layout", {})
        assert set(exhibit.source_ids) <= set(desk.tables({}).sources["source_id"]), raw


@pytest.mark.parametrize(("room", "view"), VIEWS, ids=NAMES)
def test_a_wrong_value_is_named_in_the_charts_place(desk: Desk, room: Page, view: View) -> None:
    for parameter in (*room.parameters, *view.parameters):
        payload = desk.payload(view.view_id, {parameter.name: "no such value"})
        assert payload["state"] == "refused" and parameter.name in payload["message"]


@pytest.mark.parametrize("room", PAGES, ids=lambda page: page.path)
def test_defaults_are_allowed_and_shown_views_exist(room: Page) -> None:
    def default(parameter: Parameter) -> str:
        return parameter.check(parameter.default)

    chosen = {parameter.name: default(parameter) for parameter in room.all_parameters()}
    assert set(room.visible(chosen)) <= {view.view_id for view in room.views}
    assert len({parameter.name: parameter for parameter in room.all_parameters()}) == len(room.all_parameters())


def test_nothing_known_is_said_and_not_drawn(desk: Desk, tables: Tables) -> None:
    empty = {
        field.name: getattr(tables, field.name).head(0)
        for field in dataclasses.fields(Tables)
        if field.name not in ("codes", "digest", "as_known", "sources", "projects")
    }
    bare = dataclasses.replace(tables, **empty, as_known=AsKnown("published", "1990"))
    nothing = Desk(lambda known: bare, PAGES)
    failed = {name: nothing.payload(name, {"as_of": "1990"}) for name in NAMES}
    assert {name: payload["message"] for name, payload in failed.items() if payload["state"] == "failed"} == {}
