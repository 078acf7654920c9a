"""The frame around every page: header, switches, banner, search box, provenance panel, footer."""

from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from components import controls, theme
from components.cards import GRAPH_CONFIG
from components.desk import MODE, Desk, parameter_names
from components.elements import aria
from components.search import HINT

MODES: tuple[theme.Mode, ...] = ("light", "dark")
FOOTER_PATHS = ("/sources", "/exports")
INKS = (
    "#eef3f8", "#d9e4ee", "#b3c8dc", "#8aabc9", "#6792b9", "#5083b0", "#2b6a9f", "#23608f", "#1d5580", "#134a72",
)  # fmt: skip

NIGHT = (
    "#e4e7ec", "#c3cad4", "#a9b2bf", "#8791a0", "#4a5361", "#3a424e", "#2a303a", "#1b1f26", "#14171c", "#0f1216",
)  # fmt: skip


def frame(desk: Desk, scripts: Mapping[str, str], exports: Mapping[str, Any]) -> Component:
    """Return everything that stays while pages come and go.

    `scripts` are fetched before the page of their path; `exports` is what the menu of a card offers.
    """
    layout: Component = dmc.MantineProvider(
        html.Div(
            [
                dcc.Location(id="url", refresh="callback-nav"),
                dcc.Store(id="site", data=site_facts(desk, scripts, exports)),
                dcc.Store(id="route"),
                dcc.Store(id="scheme"),
                dcc.Store(id="scheme-stored", storage_type="local"),
                dcc.Store(id="mark"),
                html.A("Skip to the page", href="#content", className="skip"),
                _header(desk),
                _banner(),
                html.Main(id="content", tabIndex=-1, children=html.P("Loading …", className="quiet loading")),
                _footer(desk),
                _search_box(),
                dmc.Drawer(
                    id="provenance",
                    title="Where this comes from",
                    position="right",
                    size="lg",
                    children=html.Div(id="provenance-panel"),
                    closeButtonProps={"aria-label": "Close"},
                ),
            ],
            className="site",
        ),
        id="mantine",
        theme={
            "fontFamily": theme.FONT,
            "primaryColor": "ink",
            "colors": {"ink": list(INKS), "dark": list(NIGHT)},
            "defaultRadius": "sm",
            "headings": {"fontFamily": theme.FONT, "fontWeight": "650"},
            "cursorType": "pointer",
        },
    )
    return layout


def _header(desk: Desk) -> Component:
    links = [
        dcc.Link(page.title, href=page.path, className="nav-link")
        for page in desk.pages
        if page.path not in FOOTER_PATHS
    ]
    return html.Header(
        [
            dcc.Link(
                [html.Span("Bi", className="brand-mark"), "lateral"], href="/", className="brand", title="Start page"
            ),
            html.Nav(links, id="nav", className="nav", **aria(label="Pages")),
            html.Div(
                [
                    html.Button("Search", id="search-open", className="tool is-search", type="button", n_clicks=0),
                    _pack_panel(),
                    _known_switch(),
                    html.Button(
                        "Dark colours", id="scheme-toggle", className="tool is-scheme", type="button", n_clicks=0
                    ),
                    dmc.Burger(id="burger", opened=False, size="sm", className="burger", **aria(label="Pages")),
                ],
                className="tools",
            ),
        ],
        className="site-header",
    )


def _pack_panel() -> Component:
    """Return the panel of a reader's own pack; assets/pack.js fills it from what this browser keeps."""
    summary = html.Summary("Pack", id="pack-open", className="tool is-pack")
    return html.Details([summary, html.Div(id="pack-panel", className="drop pack-drop")], className="pack")


def _known_switch() -> Component:
    radios = [dmc.Radio(choice.label, value=choice.value, my=6) for choice in MODE.choices]
    modes = dmc.RadioGroup(
        radios,
        id="known-mode",
        value="latest",
        label="What was known",
        description="“As published by then” hides whatever came out later, and is often empty: most official editions "
        "here are recent. “Cut” keeps today’s values of the years up to then.",
        size="sm",
    )
    date = dmc.TextInput(
        id="known-date", label="Date", placeholder="2016 or 2016-05-31", value="", debounce=500, size="sm"
    )
    return html.Details(
        [
            html.Summary("Known: everything", id="known-open", className="tool is-known"),
            html.Div([modes, html.Div(date, id="known-date-box", style={"display": "none"})], className="drop"),
        ],
        className="known",
    )


def _banner() -> Component:
    return html.Div(
        [
            html.Span(id="banner-words"),
            html.Button("Show everything", id="known-off", type="button", className="action", n_clicks=0),
        ],
        id="banner",
        className="banner",
        role="status",
        style={"display": "none"},
    )


def _footer(desk: Desk) -> Component:
    links = [dcc.Link(page.title, href=page.path) for page in desk.pages if page.path in FOOTER_PATHS]
    return html.Footer(
        [
            html.Div(links, className="footer-links"),
            html.P("Code under the MIT licence; each figure under the licence of its source."),
            html.P(id="digest", className="quiet"),
        ],
        className="site-footer",
    )


def _search_box() -> Component:
    box: Component = dmc.Modal(
        [
            dmc.TextInput(
                id="search-words",
                placeholder="Power of Siberia, 38 bcm, customs …",
                debounce=200,
                size="md",
                value="",
                **{"data-autofocus": True},
                **aria(label="Words to search for"),
            ),
            html.Div(html.P(HINT, className="quiet"), id="search-results", className="search-results", role="status"),
        ],
        id="search-box",
        title="Search figures, projects, commitments, events and sources",
        size="xl",
        closeButtonProps={"aria-label": "Close"},
    )
    return box


def site_facts(desk: Desk, scripts: Mapping[str, str], exports: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the browser must know of all pages: defaults, names, views, scripts to fetch first, templates."""
    pages = {
        page.path: {
            "path": page.path,
            "slug": controls.slug(page.path),
            "title": page.title,
            "names": [p.name for p in controls.with_control(page)],
            "defaults": {p.name: p.default for p in (*page.all_parameters(), MODE)},
            "views": {view.view_id: parameter_names(page, view) for view in page.views},
            "presets": page.shown is not None,
        }
        for page in desk.pages
    }
    heights = {view.view_id: view.height for page in desk.pages for view in page.views}
    return {
        "pages": pages,
        "scripts": dict(scripts),
        "themes": {mode: theme.template(mode) for mode in MODES},
        "words": {mode: theme.words(mode) for mode in MODES},
        "graph": {"config": GRAPH_CONFIG, "heights": heights},
        "exports": dict(exports),
    }
