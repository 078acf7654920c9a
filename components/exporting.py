"""The door for exports: what the pages may ask of them, and the addresses they are fetched from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

from flask import Flask, Response, request

from components.desk import Desk

ROW_FORMATS: Mapping[str, str] = {"csv": "CSV", "parquet": "Parquet"}
PICTURE_SIZES: Mapping[str, str] = {
    "screen": "screen",
    "slide": "slide 16:9",
    "column": "column",
    "page": "full page",
    "social": "social",
}
NOT_HERE = "This server makes no files; use `bilateral export` where Bilateral is installed."


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
    """What stands behind the addresses of exports and the page of past ones; the doors supply it."""

    def answer(self, desk: Desk, view_id: str, fmt: str, raw: Mapping[str, str]) -> Answer:
        """Return a view as a file; 404 for an unknown view or format, 400 for wrong parameters, 429 when busy."""
        ...

    def problem(self) -> str:
        """Return one sentence when this server cannot draw pictures, else nothing."""
        ...

    def history(self) -> Sequence[Mapping[str, Any]]:
        """Return the runs of schedules, the newest first."""
        ...

    def packs(self) -> Sequence[Mapping[str, Any]]:
        """Return the packs that can be downloaded, the newest first."""
        ...

    def next_due(self) -> Sequence[Mapping[str, Any]]:
        """Return the schedules with the time each is due next."""
        ...


def add_exports(server: Flask, desk: Desk, exports: ExportQueue | None) -> None:
    """Answer /export/<view>.<format> under the parameters of the page, with `size` for pictures."""

    @server.get("/export/<path:view_id>.<fmt>")
    def export(view_id: str, fmt: str) -> Response:
        if exports is None:
            return _response(refusal(503, NOT_HERE))
        return _response(exports.answer(desk, view_id, fmt, request.args.to_dict()))

    @server.get("/export/<path:name>")
    def unknown_export(name: str) -> Response:
        return _response(refusal(404, f"There is no export {name[:60]!r}: write /export/VIEW.FORMAT."))


def _response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, dict(answer.headers), mimetype=answer.mimetype)


def export_link(view_id: str, fmt: str, raw: Mapping[str, str], size: str = "") -> str:
    """Return the address of a view as a file.

    >>> export_link("trade-level", "png", {"pair": "CHN-KAZ", "mark": "x"}, "slide")
    '/export/trade-level.png?pair=CHN-KAZ&size=slide'
    """
    kept = {name: entry for name, entry in raw.items() if name != "mark"} | ({"size": size} if size else {})
    query = urlencode(kept)
    return f"/export/{view_id}.{fmt}" + (f"?{query}" if query else "")
