"""The addresses exports are fetched from, and what must stand behind them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qsl

from flask import Flask, Response, request

from components.desk import Desk
from pipelines.errors import DataError
from pipelines.query import csv_bytes

SIZES: Mapping[str, str] = {
    "screen": "Screen",
    "slide": "Slide 16:9",
    "column": "Column",
    "page": "Full page",
    "social": "Social",
}
NOT_HERE = "This server draws no pictures and makes no files but CSV."


@dataclass(frozen=True)
class Answer:
    """What is sent back for an export: a file, or one or more sentences that say why there is none."""

    status: int
    body: bytes
    mimetype: str = "text/plain"
    headers: Mapping[str, str] = field(default_factory=dict)


def refusal(status: int, text: str, **headers: str) -> Answer:
    """Return an answer in words."""
    return Answer(status, f"{text}\n".encode(), headers=headers)


class ExportQueue(Protocol):
    """What stands behind the addresses of exports; the front door supplies it."""

    def answer(self, desk: Desk, view_id: str, fmt: str, raw: Mapping[str, str]) -> Answer:
        """Return a view as a file; 404 for an unknown view or format, 400 for wrong parameters, 429 when busy."""
        ...

    def page(self, desk: Desk, slug: str, fmt: str, raw: Mapping[str, str]) -> Answer:
        """Return a page under its parameters as one file made like a report."""
        ...

    def pack(self, desk: Desk, views: Sequence[str], fmt: str, raw: Mapping[str, str]) -> Answer:
        """Return views, each written `view?name=value`, in their order as one file."""
        ...

    def problem(self) -> str:
        """Return one sentence when this server cannot draw pictures, else nothing."""
        ...


def add_exports(server: Flask, desk: Desk, exports: ExportQueue | None) -> None:
    """Answer /export/<view>.<format> under the parameters of the page, with `size` for pictures."""

    @server.get("/export/<path:view_id>.<fmt>")
    def export(view_id: str, fmt: str) -> Response:
        raw = request.args.to_dict()
        return _response(exports.answer(desk, view_id, fmt, raw) if exports else _rows(desk, view_id, fmt, raw))

    @server.get("/export/page/<slug>.<fmt>")
    def page(slug: str, fmt: str) -> Response:
        raw = request.args.to_dict()
        return _response(exports.page(desk, slug, fmt, raw) if exports else refusal(503, NOT_HERE))

    @server.get("/export/pack.<fmt>")
    def pack(fmt: str) -> Response:
        views = request.args.getlist("view")
        raw = {name: entry for name, entry in request.args.to_dict().items() if name != "view"}
        return _response(exports.pack(desk, views, fmt, raw) if exports else refusal(503, NOT_HERE))

    @server.get("/pack.json")
    def collected() -> Response:
        return _response(pack_facts(desk, request.args.getlist("view")))

    @server.get("/export/<path:name>")
    def unknown_export(name: str) -> Response:
        return _response(refusal(404, f"There is no export {name[:60]!r}: write /export/VIEW.FORMAT."))


def pack_facts(desk: Desk, views: Sequence[str]) -> Answer:
    """Return the views of a link, each written `view?name=value`, with title and parameters, or all that is wrong."""
    parts = [(view_id, dict(parse_qsl(query))) for view_id, _, query in (text.partition("?") for text in views)]
    problems = [line for view_id, raw in parts for line in desk.problems(view_id, raw)]
    if problems or not parts:
        return refusal(400, "\n".join(problems) or "The link holds no chart.")
    facts = [{"view": view_id, "title": desk.view(view_id).title, "raw": raw} for view_id, raw in parts]
    return Answer(200, json.dumps(facts, ensure_ascii=False).encode(), "application/json")


def _rows(desk: Desk, view_id: str, fmt: str, raw: Mapping[str, str]) -> Answer:
    """Return the rows of a view where nothing stands behind the door."""
    if fmt != "csv":
        return refusal(503, NOT_HERE)
    try:
        rows = desk.exhibit(view_id, raw).frame
    except DataError as error:
        return refusal(400, str(error))
    return Answer(200, csv_bytes(rows), "text/csv", {"Content-Disposition": f'attachment; filename="{view_id}.csv"'})


def menu(exports: ExportQueue | None) -> dict[str, Any]:
    """Return what the menu of a card offers, and the sentence that stands in it where pictures cannot be had."""
    problem = exports.problem() if exports else NOT_HERE
    return {"sizes": dict(SIZES), "rows": ["csv", "parquet"] if exports else ["csv"], "problem": problem}


def _response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, dict(answer.headers), mimetype=answer.mimetype)
