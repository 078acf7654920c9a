"""The strip of headlines above the charts: value, period and age of each, old ones marked, missing ones named."""

from collections.abc import Iterator, Sequence

from dash import html
from dash.development.base_component import Component

from components.elements import aria, mark_button
from components.headlines import Card


def headline_strip(cards: Sequence[Card]) -> Component:
    """Return the headlines as a list; each value opens its provenance. A sentence names those without one, and why."""
    known = [card for card in cards if card.value]
    missing = [html.P(words, className="quiet") for words in _missing(cards)]
    if not known:
        nothing = html.P("No headline has a value in this state of knowledge.", className="quiet")
        return html.Section([nothing, *missing], **aria(label="Headlines"))
    items = [html.Li(list(_parts(card)), className="headline is-old" if card.is_old else "headline") for card in known]
    return html.Section([html.Ul(items, className="headlines"), *missing], **aria(label="Headlines"))


def _missing(cards: Sequence[Card]) -> Iterator[str]:
    """Yield for each reason which headlines have no value."""
    why: dict[str, list[str]] = {}
    for card in cards:
        if not card.value:
            why.setdefault(card.note, []).append(card.label)
    yield from (f"Not shown: {'; '.join(names)}: {reason}." for reason, names in why.items())


def _parts(card: Card) -> Iterator[Component]:
    yield html.Span(card.label, className="headline-label")
    yield html.Span(mark_button(card.observation_id, card.value), className="headline-value")
    if card.note:
        yield html.Span(card.note, className="headline-note")
    old: list[Component | str] = [" ", html.Span("old", className="tag is-old")] if card.is_old else []
    yield html.Span([f"{card.period}, {card.age}", *old], className="headline-when")
