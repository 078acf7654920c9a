"""The strip of headlines above the charts: value, period and age of each, the old ones marked as old."""

from collections.abc import Iterator, Sequence

from dash import html
from dash.development.base_component import Component

from components.elements import aria, mark_button
from components.headlines import Card


def headline_strip(cards: Sequence[Card]) -> Component:
    """Return the headlines as a list; each value opens its provenance. Without any, a sentence says so."""
    if not cards:
        return html.P("No headline has a value in this state of knowledge.", className="quiet")
    items = [html.Li(list(_parts(card)), className="headline is-old" if card.is_old else "headline") for card in cards]
    return html.Section(html.Ul(items, className="headlines"), **aria(label="Headlines"))


def _parts(card: Card) -> Iterator[Component]:
    yield html.Span(card.label, className="headline-label")
    yield html.Span(mark_button(card.observation_id, card.value), className="headline-value")
    if card.note:
        yield html.Span(card.note, className="headline-note")
    old: list[Component | str] = [" ", html.Span("old", className="tag is-old")] if card.is_old else []
    yield html.Span([f"{card.period}, {card.age}", *old], className="headline-when")
