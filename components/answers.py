"""What the server answers: pages, slots, tables, provenance and search results, or a message in their place."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from components import cards, controls, provenance, search
from components.desk import LOG, Desk, unknown_names
from components.elements import data, mark_button
from components.strip import headline_strip
from components.views import Page, Parameter, Selection, select
from pipelines.errors import DataError
from pipelines.tables import Tables


def page_layout(desk: Desk, path: str, raw: Mapping[str, str]) -> Component:
    """Return a page with its controls set from the parameters of its URL; a wrong path or value gets a message."""
    try:
        page = desk.page(path)
    except DataError as error:
        return message("There is no such page", str(error))
    slug = controls.slug(path)
    shown, problem = visible_views(page, raw)
    return html.Div(
        [
            dcc.Store(id=f"raw-{slug}", data=dict(raw)),
            dcc.Store(id=f"visible-{slug}", data={"raw": dict(raw), "shown": list(shown)}),
            html.Div(
                [html.H1(page.title), html.P(page.intro, className="intro"), *_page_file(page)], className="page-head"
            ),
            *(html.P(text, className="notice", role="status") for text in (*unknown_names(page, raw), *problem)),
            html.Div(slot(desk, page, "cards", raw), id=f"cards-{slug}"),
            *slot(desk, page, "box", raw),
            controls.bar(page, raw),
            html.Div(slot(desk, page, "above", raw), id=f"above-{slug}"),
            html.Div(
                [cards.card(view, shown=view.view_id in shown) for view in page.views],
                className=f"cards columns-{page.extra.get('columns', 2)}",
            ),
            html.Div(slot(desk, page, "below", raw), id=f"below-{slug}"),
        ],
        className=f"page page-{slug}",
    )


def _page_file(page: Page) -> list[Component]:
    """Return the link to the page as a PDF; the browser gives it the parameters of the moment."""
    address = f"/export/page/{controls.slug(page.path)}.pdf"
    link = html.A("PDF of this page", href=address, className="page-file", **data(pagefile=address))
    return [html.P(link, className="page-file")] if page.views else []


def message(title: str, text: str) -> Component:
    """Return a message that stands in the place of what could not be shown."""
    return html.Div(
        [html.Strong(title), *(html.P(line) for line in text.split("\n"))], className="message is-shown", role="alert"
    )


def visible_views(page: Page, raw: Mapping[str, str]) -> tuple[tuple[str, ...], list[str]]:
    """Return the views shown under these parameters, and what is wrong with them; wrong ones fall back to defaults."""
    try:
        return page.visible(select(page.all_parameters(), raw)), []
    except DataError as error:
        known = {p.name: p.default for p in page.all_parameters()}
        shown = page.visible(known)
        # What concerns the whole page is said once, in the place of its first chart.
        return (shown[:1] if _is_refused(page.parameters, raw) else shown), str(error).split(
            "\n"
        ) if not page.views else []


def _is_refused(parameters: tuple[Parameter, ...], raw: Mapping[str, str]) -> bool:
    try:
        select(parameters, raw)
    except DataError:
        return True
    return False


def slot(desk: Desk, page: Page, name: str, raw: Mapping[str, str]) -> list[Component]:
    """Return the headlines of a page, or what it shows above or below its charts, or a message in its place."""
    if name not in page.extra:
        return []
    try:
        return [headline_strip(desk.headlines(page.path, raw)) if name == "cards" else _part(desk, page, name, raw)]
    except DataError as error:
        return [message("This cannot be shown", str(error))]
    except Exception:
        LOG.exception("page %s: %s could not be shown", page.path, name)
        return [
            message(
                "Sorry, this part failed", f"The part {name} of {page.path} could not be shown; see the server's log."
            )
        ]


def _part(desk: Desk, page: Page, name: str, raw: Mapping[str, str]) -> Component:
    build: Callable[[Tables, Selection], Component] = page.extra[name]
    return build(desk.tables(raw), select(page.parameters, raw))  # a view's own parameters are its card's affair


def provenance_body(
    desk: Desk, mark: Mapping[str, Any], raw: Mapping[str, str], passage: provenance.FindPassage | None
) -> Component:
    """Return the panel of a mark in the state of knowledge of the page, or a message."""
    try:
        key, short = mark["mark"], provenance.SHORT.fullmatch(mark["mark"])
        view = short[1] if short else mark.get("view")
        exhibit = desk.exhibit(view, raw) if view else None
        full = provenance.full_mark(key, exhibit) if short and exhibit else key
        panel = provenance.panel(desk.tables(raw), full, exhibit=exhibit, passage=passage)
        return html.Div([*_near(mark), panel])
    except DataError as error:
        return message("This mark cannot be traced", str(error))


def _near(mark: Mapping[str, Any]) -> list[Component]:
    """Return the marks that lay so close to the clicked one that another may have been meant."""
    others: Mapping[str, str] = mark.get("near") or {}
    view = str(mark.get("view") or "")
    items = [html.Li(mark_button(key, text, view_id=view)) for key, text in others.items()]
    told = html.Div([html.H3("Also at this place"), html.Ul(items, className="rivals")], className="near")
    return [told] if items else []


def search_results(desk: Desk, words: str, raw: Mapping[str, str]) -> Component:
    """Return what the words find in the state of knowledge of the page, or a message."""
    try:
        return search.results(search.find(desk.entries(raw), words), words)
    except DataError as error:
        return message("The search cannot answer", str(error))


def table(desk: Desk, name: str, raw: Mapping[str, str]) -> Component:
    """Return the rows a view draws, or a message."""
    try:
        return cards.data_table(replace(desk.exhibit(name, raw), rows=desk.rows(name, raw)), name)
    except DataError as error:
        return message("There are no rows", str(error))
