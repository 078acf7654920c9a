"""The callbacks: which change in the browser asks for which answer."""

from collections.abc import Callable, Sequence
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from components import answers, controls
from components.desk import Desk
from components.provenance import FindPassage
from components.views import Page
from pipelines.errors import DataError

SLOTS = ("cards", "above", "below")
CARD_OUTPUTS = (
    ("picture", "children"),
    ("body", "className"),
    ("message", "children"),
    ("title", "children"),
    ("summary", "children"),
    ("caveats", "children"),
    ("definitions", "children"),
    ("sources", "children"),
    ("told", "children"),
)


def _again(name: str, prop: str) -> Output:
    """Return an output that another callback fills as well."""
    return Output(name, prop, allow_duplicate=True)


# Function of assets/bilateral.js, its outputs and inputs, and whether it also runs when the page opens.
BROWSER_SIDE: tuple[tuple[str, Sequence[Output], Sequence[Input | State], bool], ...] = (
    (
        "route",
        [Output("route", "data"), Output("known-mode", "value"), Output("known-date", "value"), Output("mark", "data")],
        [Input("url", "href"), State("site", "data")],
        True,
    ),
    (
        "know",
        [
            Output("banner-words", "children"),
            Output("banner", "style"),
            Output("known-date-box", "style"),
            Output("known-open", "children"),
        ],
        [Input("known-mode", "value"), Input("known-date", "value")],
        True,
    ),
    (
        "everything",
        [_again("known-mode", "value"), _again("known-date", "value")],
        [Input("known-off", "n_clicks")],
        False,
    ),
    (
        "scheme",
        [
            Output("mantine", "forceColorScheme"),
            Output("scheme", "data"),
            Output("scheme-stored", "data"),
            Output("scheme-toggle", "children"),
        ],
        [Input("scheme-toggle", "n_clicks"), State("scheme-stored", "data")],
        True,
    ),
    ("openSearch", [Output("search-box", "opened")], [Input("search-open", "n_clicks")], False),
    ("closeSearch", [_again("search-box", "opened")], [Input("url", "href"), Input("mark", "data")], False),
    (
        "burger",
        [Output("nav", "className"), Output("burger", "opened")],
        [Input("burger", "opened"), Input("url", "href")],
        True,
    ),
    ("marked", [Output("provenance", "className")], [Input("mark", "data"), Input("provenance", "opened")], False),
    ("arrived", [Output("content", "className")], [Input("content", "children")], True),
)


def browser_side(
    app: Any, name: str, outputs: Sequence[Output], inputs: Sequence[Input | State], *, at_start: bool = False
) -> None:
    """Let a function of assets/bilateral.js compute outputs without asking the server."""
    app.clientside_callback(ClientsideFunction("bilateral", name), *outputs, *inputs, prevent_initial_call=not at_start)


def wire_frame(app: Dash, desk: Desk, passage: FindPassage | None) -> None:
    """Register what stays the same on every page: routing, search, provenance, switches."""
    for name, outputs, inputs, at_start in BROWSER_SIDE:
        browser_side(app, name, outputs, inputs, at_start=at_start)

    @app.callback(Output("content", "children"), Output("digest", "children"), Input("route", "data"))
    def show_page(route: dict[str, Any] | None) -> tuple[Component, str]:
        if not route or "path" not in route:
            raise PreventUpdate
        return answers.page_layout(desk, str(route["path"]), route.get("raw") or {}), _digest(desk)

    @app.callback(
        Output("provenance-panel", "children"),
        Output("provenance", "opened"),
        Input("mark", "data"),
        prevent_initial_call=True,
    )
    def show_provenance(mark: dict[str, Any] | None) -> tuple[Component, bool]:
        if not mark or not mark.get("mark"):
            raise PreventUpdate
        return answers.provenance_body(desk, mark, mark.get("raw") or {}, passage), True

    @app.callback(
        Output("search-results", "children"),
        Input("search-words", "value"),
        State("known-mode", "value"),
        State("known-date", "value"),
        prevent_initial_call=True,
    )
    def show_results(words: str | None, mode: str | None, date: str | None) -> Component:
        return answers.search_results(desk, words or "", {"mode": mode or "latest", "as_of": date or ""})


def _digest(desk: Desk) -> str:
    try:
        return f"Data {desk.tables({}).digest[:12]}"
    except DataError:
        return ""


def wire_page(app: Dash, desk: Desk, page: Page) -> None:
    """Register a page: controls to parameters, parameters to selections, selections to exhibits."""
    slug = controls.slug(page.path)
    parameters = controls.with_control(page)
    if parameters:
        inputs = [Input(controls.control_id(page, p.name), controls.value_property(p)) for p in parameters]
        browser_side(app, "choose", [Output(f"raw-{slug}", "data")], [*inputs, State("site", "data")])
    if page.views:
        _wire_spread(app, page, slug)
    if page.shown is not None:
        _wire_visible(app, page, slug)
    for name in SLOTS:
        if name in page.extra:
            _wire_slot(app, desk, page, name)
    for view in page.views:
        _wire_view(app, desk, view.view_id)
    register: Callable[[Dash, Desk], None] | None = page.extra.get("register")
    if register is not None:
        register(app, desk)


def _wire_spread(app: Dash, page: Page, slug: str) -> None:
    names = [view.view_id for view in page.views]
    outputs = [
        *(Output(f"sel-{name}", "data") for name in names),
        *(Output(f"card-{name}", "style") for name in names),
    ]
    source = f"visible-{slug}" if page.shown is not None else f"raw-{slug}"
    inputs: list[Input | State] = [Input(source, "data"), *(State(f"sel-{name}", "data") for name in names)]
    browser_side(app, "spread", outputs, inputs, at_start=True)


def _wire_visible(app: Dash, page: Page, slug: str) -> None:
    @app.callback(Output(f"visible-{slug}", "data"), Input(f"raw-{slug}", "data"), prevent_initial_call=True)
    def show_views(raw: dict[str, str]) -> dict[str, Any]:
        return {"raw": raw, "shown": list(answers.visible_views(page, raw)[0])}


def _wire_slot(app: Dash, desk: Desk, page: Page, name: str) -> None:
    slug = controls.slug(page.path)

    @app.callback(Output(f"{name}-{slug}", "children"), Input(f"raw-{slug}", "data"), prevent_initial_call=True)
    def fill_slot(raw: dict[str, str]) -> list[Component]:
        return answers.slot(desk, page, name, raw)


def _wire_view(app: Dash, desk: Desk, name: str) -> None:
    @app.callback(Output(f"exhibit-{name}", "data"), Input(f"sel-{name}", "data"), prevent_initial_call=True)
    def answer(raw: dict[str, str]) -> dict[str, Any]:
        return desk.payload(name, raw)

    @app.callback(
        Output(f"table-{name}", "children"),
        Output(f"rows-{name}", "children"),
        Input(f"asked-{name}", "data"),
        prevent_initial_call=True,
    )
    def list_rows(raw: dict[str, str] | None) -> tuple[Component | list[Component], str]:
        return ([], "Data table") if raw is None else (answers.table(desk, name, raw), "Hide data table")

    asked: list[Input | State] = [
        Input(f"rows-{name}", "n_clicks"),
        Input(f"sel-{name}", "data"),
        State(f"asked-{name}", "data"),
    ]
    browser_side(app, "askRows", [Output(f"asked-{name}", "data")], asked)
    outputs = [Output(f"{part}-{name}", prop) for part, prop in CARD_OUTPUTS]
    drawn_from = [Input(f"exhibit-{name}", "data"), Input("scheme", "data"), Input(f"overlay-{name}", "data")]
    browser_side(app, "compose", outputs, drawn_from, at_start=True)
    clicked = f"chart-{name}"
    browser_side(app, "click", [_again("mark", "data"), Output(clicked, "clickData")], [Input(clicked, "clickData")])
