"""The findings page: what the figures say against each other and against the record, with the arithmetic."""

from typing import Any

from dash import ALL, Dash, Input, Output, State
from dash.development.base_component import Component

from components.desk import Desk
from components.findings.listing import PARAMETERS, finding_list
from components.findings.places import place_links, places_of
from components.findings.reading import index
from components.views import Page
from pipelines.errors import DataError


def chart_links(desk: Desk, finding_ids: list[str], raw: dict[str, str]) -> list[Component | str]:
    """Return for each finding the links to the charts that draw its figures, or why they cannot be given."""
    try:
        known = {finding.finding_id: finding for finding in index(desk.tables(raw)).findings}
        return [place_links(places_of(desk, raw, known[one].concerned)) for one in finding_ids]
    except DataError as error:
        return [str(error)] * len(finding_ids)


def register(app: Dash, desk: Desk) -> None:
    """Fill the links to charts after the list stands: the first reader of new data waits for them, not for the list."""
    places: dict[str, Any] = {"type": "finding-charts", "finding": ALL}

    @app.callback(Output(places, "children"), Input(places, "id"), State("raw-findings", "data"))
    def show_charts(ids: list[dict[str, str]], raw: dict[str, str]) -> list[Component | str]:
        return chart_links(desk, [one["finding"] for one in ids], raw)


PAGE = Page(
    "/findings",
    "Findings",
    "Where figures contradict each other or the record, what must not be compared, and what was checked and agrees; "
    "each with the arithmetic, on the intervals the words allow.",
    (),
    PARAMETERS,
    extra={"below": finding_list, "register": register},
)
