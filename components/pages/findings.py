"""The findings page: what the figures say against each other and against the record, with the arithmetic."""

from functools import lru_cache
from typing import Any

from dash import ALL, Dash, Input, Output, State
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from components.answers import message
from components.desk import Desk
from components.findings import box
from components.findings.listing import PARAMETERS, finding_list
from components.findings.places import place_links, places_of
from components.findings.reading import index
from components.views import Page, select
from components.wiring import browser_side
from pipelines.errors import DataError

ANSWERS_HELD = 32


def chart_links(desk: Desk, finding_ids: list[str], raw: dict[str, str]) -> list[Component | str]:
    """Return for each finding the links to the charts that draw its figures, or why they cannot be given."""
    try:
        known = {finding.finding_id: finding for finding in index(desk.tables(raw)).findings}
        return [place_links(places_of(desk, raw, known[one].concerned)) for one in finding_ids]
    except DataError as error:
        return [str(error)] * len(finding_ids)


def check_figure(desk: Desk, raw: dict[str, str]) -> Component:
    """Return what is known of the figure a reader typed in the page's state of knowledge, or what is wrong with it."""
    try:
        chosen = select(box.PARAMETERS, raw)
        state = {name: raw[name] for name in ("mode", "as_of") if raw.get(name)}
        return _answer(desk, tuple(sorted((chosen | state).items())), desk.tables(raw).digest)
    except DataError as error:
        return message("This figure cannot be checked", str(error).replace("figure 1: ", ""))


@lru_cache(maxsize=ANSWERS_HELD)
def _answer(desk: Desk, asked: tuple[tuple[str, str], ...], digest: str) -> Component:
    del digest  # part of the key: other data, another answer
    return box.answer(desk.tables(dict(asked)), dict(asked))


def register(app: Dash, desk: Desk) -> None:
    """Fill the links to charts once the list stands, since finding them takes longer than the list; answer the box."""
    places: dict[str, Any] = {"type": "finding-charts", "finding": ALL}

    @app.callback(Output(places, "children"), Input(places, "id"), State("raw-findings", "data"))
    def show_charts(ids: list[dict[str, str]], raw: dict[str, str]) -> list[Component | str]:
        return chart_links(desk, [one["finding"] for one in ids], raw)

    typed = [State(box.control(parameter), "value") for parameter in box.PARAMETERS]
    go: list[Input | State] = [Input("box-go", "n_clicks"), Input(box.control(box.ASK), "n_submit"), *typed]
    browser_side(app, "askFigure", [Output("ask-raw", "data")], [*go, State("ask-names", "data")])

    @app.callback(Output("ask-answer", "children"), Input("ask-raw", "data"), Input("raw-findings", "data"))
    def show_answer(asked: dict[str, str] | None, raw: dict[str, str] | None) -> Component:
        if asked is None and not (raw or {}).get("ask"):
            raise PreventUpdate
        return check_figure(desk, {**(raw or {}), **(asked or {})})


PAGE = Page(
    "/findings",
    "Findings",
    "Where figures contradict each other or the record, what must not be compared, and what was checked and agrees; "
    "each with the arithmetic, on the intervals the words allow.",
    (),
    (*PARAMETERS, *box.PARAMETERS),
    extra={"box": box.box, "below": finding_list, "register": register},
)
