"""Answers one request for an export: checks it, looks among the kept pictures, and asks the worker for the rest."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from components.desk import LOG, Desk
from components.exporting import Answer, refusal
from exports.files.kept import keep, kept
from exports.files.record import canonical
from exports.pictures.browser import NoBrowser, find_browser
from exports.pictures.errand import ask
from exports.pictures.exhibits import Framed, find_view, frame_exhibit
from exports.pictures.single import FORMATS, MIMETYPES, ROWS, check_export, rows_drawn
from pipelines.errors import DataError, nearest

WAIT = "10"
"""Seconds after which a refused reader may try again."""


def answer(desk: Desk, view_id: str, fmt: str, raw: Mapping[str, str], folder: Path) -> Answer:
    """Return a view as a file: 404 unknown view or format, 400 wrong parameters, 429 queue full, 503 no browser."""
    asked = {name: entry for name, entry in raw.items() if name not in ("size", "mark", "theme")}
    size = raw.get("size", "screen")
    try:
        view = find_view(desk, view_id)[1].view_id
    except DataError as error:
        return refusal(404, str(error))
    if fmt not in FORMATS:
        return refusal(404, f"There is no format {fmt[:20]!r}{nearest(fmt, FORMATS)}: {', '.join(FORMATS)}.")
    try:
        check_export(desk, view, asked, fmt=fmt, size=size)
        if fmt in ROWS:
            return _file(rows_drawn(desk, view, asked, fmt), fmt, f"{view}.{fmt}", "attachment")
        return _picture(frame_exhibit(desk, view, asked, size), fmt, folder)
    except DataError as error:
        return refusal(400, str(error))


def _picture(framed: Framed, fmt: str, folder: Path) -> Answer:
    request = framed.request
    name = f"{hashlib.sha256(canonical(framed.record).encode()).hexdigest()}.{fmt}"
    shown = f"{request.view_id}-{request.size}.{fmt}"
    body = kept(folder, name)
    if body is not None:
        return _file(body, fmt, shown, "inline")
    try:
        find_browser()
    except NoBrowser as error:
        return refusal(503, str(error))
    status, body = ask(folder, framed, fmt)
    if status == 429:
        return refusal(429, body.decode(), **{"Retry-After": WAIT})
    if status != 200:
        return refusal(status, body.decode())
    try:
        keep(folder, name, body)
    except OSError:
        LOG.exception("the picture %s could not be kept", shown)
    return _file(body, fmt, shown, "inline")


def _file(body: bytes, fmt: str, name: str, place: str) -> Answer:
    return Answer(200, body, MIMETYPES[fmt], {"Content-Disposition": f'{place}; filename="{name}"'})
