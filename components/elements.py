"""The small elements every page shares: attributes, the button behind a mark, links that may be followed."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from components.security import safe_link


def aria(**values: str) -> dict[str, Any]:
    """Return ARIA attributes of an element.

    >>> aria(label="Close")
    {'aria-label': 'Close'}
    """
    return {f"aria-{name}": value for name, value in values.items()}


def data(**values: str) -> dict[str, Any]:
    """Return data attributes of an element.

    >>> data(mark="valdai-2016-47-001")
    {'data-mark': 'valdai-2016-47-001'}
    """
    return {f"data-{name}": value for name, value in values.items()}


def mark_button(mark: str, text: str, *, view_id: str = "") -> Component:
    """Return a button that opens the provenance of a mark; a derived mark needs the view that drew it."""
    return html.Button(text, type="button", className="mark", **data(mark=mark, view=view_id))


def outside_link(url: object, text: str) -> Component:
    """Return a link to another site if its address is http or https, else its text alone."""
    address = safe_link(url)
    return html.A(text, href=address, target="_blank", rel="noopener noreferrer") if address else html.Span(text)


def table(head: Sequence[str], rows: Sequence[Component], *, name: str = "", kind: str = "") -> Component:
    """Return a table that scrolls in its own frame; `name` is said to those who hear the page."""
    titles = html.Thead(html.Tr([html.Th(title, scope="col") for title in head]))
    label = aria(label=name) if name else {}
    framed = html.Table([titles, html.Tbody(list(rows))])
    return html.Div(framed, className=f"table-scroll {kind}".strip(), tabIndex=0, role="region", **label)


def facts(pairs: Mapping[str, str]) -> Component:
    """Return terms and what is said of them; empty ones are left out."""
    cells = [cell for term, text in pairs.items() if text for cell in (html.Dt(term), html.Dd(text))]
    return html.Dl(cells, className="facts")
