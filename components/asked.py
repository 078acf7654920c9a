"""What may be asked of a callback: a question no page of ours sends is refused before anything looks at it."""

from collections.abc import Iterator, Mapping
from typing import Any

from dash import Dash
from flask import Flask, Response, request

from components.wire import CALLBACKS

MAPPED = ("raw", "near")
STRANGE = "This is no question of a page: "


def refuse_strange_questions(app: Dash) -> None:
    """Answer 400 with a sentence to what no page asks: no JSON object, an unknown callback, values of another kind."""
    server: Flask = app.server

    @server.before_request
    def look() -> Response | None:
        if request.path != CALLBACKS or request.method != "POST":
            return None
        problem = problem_of(_body(), app.callback_map)
        return Response(f"{STRANGE}{problem}\n", 400, mimetype="text/plain") if problem else None


def _body() -> object:
    try:
        return request.get_json()
    except RecursionError:
        return None


def problem_of(asked: object, callbacks: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what is wrong with the body of a question to one of `callbacks`, "" when a page may have sent it.

    Every value is a text, a mapping of texts, or nothing; only a route and a mark hold mappings themselves: `raw`,
    the parameters of the page, and `near`, the marks beside a clicked one.
    """
    if not isinstance(asked, dict):
        return "the body is not a JSON object."
    output = asked.get("output")
    callback = callbacks.get(output) if isinstance(output, str) else None
    if callback is None:
        return f"there is no callback {str(output)[:80]!r}."
    for part in ("inputs", "state"):
        given = asked.get(part, [])
        if not isinstance(given, list) or len(given) != len(callback[part]):
            return f"{part} of {str(output)[:80]!r} must be a list of {len(callback[part])}."
        if not all(_is_sound(entry) for entry in _flat(given)):
            return f"{part} of {str(output)[:80]!r} hold a value of another kind."
    if not isinstance(asked.get("outputs"), dict | list) or not isinstance(asked.get("changedPropIds", []), list):
        return "outputs and changedPropIds are not those of a callback."
    return ""


def _flat(given: list[Any]) -> Iterator[object]:
    """Yield the entries; a pattern gives a list of them in the place of one."""
    for entry in given:
        yield from entry if isinstance(entry, list) else (entry,)


def _is_sound(entry: object) -> bool:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str | dict):
        return False
    value = entry.get("value")
    if entry.get("property") != "data":
        return value is None or isinstance(value, str) or _are_texts(value)
    return value is None or (isinstance(value, dict) and all(_is_member(*member) for member in value.items()))


def _is_member(name: str, value: object) -> bool:
    if name in MAPPED:
        return _are_texts(value)
    return isinstance(value, str) or (name == "at" and isinstance(value, int | float))


def _are_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())
