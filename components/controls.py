"""The controls of a page: one for each parameter, presets in front, details folded away."""

from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from components.elements import aria
from components.views import Page, Parameter
from pipelines.errors import DataError

SEGMENTS = 7
SEGMENT_LETTERS = 78


def slug(path: str) -> str:
    """Return a path as part of an id.

    >>> slug("/"), slug("/trade")
    ('home', 'trade')
    """
    return path.strip("/").replace("/", "-") or "home"


def control_id(page: Page, name: str) -> str:
    """Return the id of the control of a parameter."""
    return f"ctl-{slug(page.path)}-{name}"


def with_control(page: Page) -> tuple[Parameter, ...]:
    """Return the parameters of a page that have a control in its bar."""
    return tuple(parameter for parameter in page.all_parameters() if not parameter.hidden)


def bar(page: Page, raw: Mapping[str, str]) -> Component:
    """Return all controls of a page, set from the parameters of its URL; a wrong value leaves its control unset."""
    parameters = with_control(page)
    front = [_labelled(page, p, raw) for p in parameters if not p.advanced]
    more = [_labelled(page, p, raw) for p in parameters if p.advanced]
    opened = any(p.name in raw for p in parameters if p.advanced)
    details = html.Details(
        [html.Summary(page.extra.get("details", "More")), html.Div(more, className="controls-row")],
        open=opened,
        className="more",
    )
    return html.Div(
        [html.Div(front, className="controls-row"), *([details] if more else [])],
        className="controls",
        role="group",
        **aria(label="Controls of this page"),
        hidden=not parameters,
    )


def _labelled(page: Page, parameter: Parameter, raw: Mapping[str, str]) -> Component:
    identity, value = control_id(page, parameter.name), _checked(parameter, raw)
    named: dict[str, Any] = {"id": identity, "size": "sm"}
    make = {"flag": _switch, "choice": _choice, "text": _text}.get(parameter.kind, _number)
    return html.Div(make(parameter, named, value), className=f"control is-{parameter.kind}")


def _checked(parameter: Parameter, raw: Mapping[str, str]) -> str:
    try:
        return parameter.check(raw.get(parameter.name, parameter.default))
    except DataError:
        return ""


def _switch(parameter: Parameter, named: Mapping[str, Any], value: str) -> Component:
    switch: Component = dmc.Switch(
        **named, label=parameter.label, checked=value == "on", description=parameter.help or None
    )
    return switch


def _number(parameter: Parameter, named: Mapping[str, Any], value: str) -> Component:
    bounds = {"min": parameter.low, "max": parameter.high}
    entry: Component = dmc.NumberInput(
        **named,
        **{name: bound for name, bound in bounds.items() if bound is not None},
        label=parameter.label,
        description=parameter.help or None,
        value=float(value) if value else "",
        thousandSeparator="" if parameter.kind == "year" else ",",
        w=150,
        debounce=400,
    )
    return entry


def _text(parameter: Parameter, named: Mapping[str, Any], value: str) -> Component:
    entry: Component = dmc.TextInput(
        **named, label=parameter.label, description=parameter.help or None, value=value, w=240, debounce=400
    )
    return entry


def _choice(parameter: Parameter, named: Mapping[str, Any], value: str) -> Component:
    data = [{"value": choice.value, "label": choice.label} for choice in parameter.choices]
    if len(data) <= SEGMENTS and sum(len(choice.label) for choice in parameter.choices) <= SEGMENT_LETTERS:
        label = f"{named['id']}-label"
        segments = dmc.SegmentedControl(**named, **aria(labelledby=label), value=value, data=data)
        title = html.Span(parameter.label, id=label, className="control-label", title=parameter.help or None)
        return html.Div([title, html.Div(segments, className="segments")])
    chosen: Component = dmc.Select(
        **named,
        label=parameter.label,
        description=parameter.help or None,
        value=value or None,
        data=data,
        w=280,
        allowDeselect=False,
        searchable=len(data) > 12,
    )
    return chosen


def value_property(parameter: Parameter) -> str:
    """Return the property of a control that holds its value."""
    return "checked" if parameter.kind == "flag" else "value"
