"""Files of a reader's own pack or of a page, ordered over an address: what is asked, checked, and made."""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from components.desk import LOG, Desk
from components.exporting import Answer, refusal
from components.site import PAGES
from exports.files.kept import Home, keep, kept
from exports.files.record import canonical
from exports.papers.definition import Definition, adjusted, pack_definition, page_definition
from exports.papers.report import FORMATS, Draws, Made, make_pack, zipped
from exports.pictures.errand import send
from pipelines.errors import DataError, nearest
from pipelines.flow import load_tables
from pipelines.outlook.shelf import keep_in
from pipelines.outlook.shown import SHOWN

FILES = (*(name for name in FORMATS if name != "png"), "zip")
MOST = 40
TITLE_LETTERS = 120
FRAME = ("title", "paper", "language")
LIMIT = 120.0
"""Seconds a reader waits for a pack."""
WAIT = "20"
"""Seconds after which a refused reader may try again."""
OFFICE = "application/vnd.openxmlformats-officedocument."
MIMETYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "html": "text/html",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
    "docx": f"{OFFICE}wordprocessingml.document",
    "pptx": f"{OFFICE}presentationml.presentation",
    "zip": "application/zip",
}
EPOCH: Callable[[], dt.date] = partial(dt.date, 1980, 1, 1)


@dataclass(frozen=True)
class PackOrder:
    """A file wanted: of a page under its parameters, or of views in their order, each with its own."""

    fmt: str
    page: str = ""
    views: tuple[tuple[str, Mapping[str, str]], ...] = ()
    raw: Mapping[str, str] = field(default_factory=dict)

    @property
    def plain(self) -> dict[str, Any]:
        """Return the order as JSON can hold it."""
        views = [[view_id, dict(parameters)] for view_id, parameters in self.views]
        return {"fmt": self.fmt, "page": self.page, "views": views, "raw": dict(self.raw)}

    @property
    def name(self) -> str:
        """Return the name of the file."""
        return f"{self.page or 'pack'}.{self.fmt}"


def read_order(plain: Mapping[str, Any]) -> PackOrder:
    """Return an order as it was before it became JSON."""
    views = tuple((view_id, parameters) for view_id, parameters in plain["views"])
    return PackOrder(plain["fmt"], plain["page"], views, plain["raw"])


def read_views(words: Sequence[str]) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """Return views of an address with their parameters.

    >>> read_views(["trade-level?pair=RUS-KAZ&from=2000", "energy-siberia"])
    (('trade-level', {'pair': 'RUS-KAZ', 'from': '2000'}), ('energy-siberia', {}))
    """
    parts = [text.partition("?") for text in words]
    return tuple((view_id, dict(parse_qsl(query))) for view_id, _, query in parts)


def define(order: PackOrder, desk: Desk) -> Definition:
    """Return what an order asks for; wrong views and parameters are refused, all at once, and too many views."""
    if len(order.views) > MOST:
        raise DataError(f"a pack holds at most {MOST} views; this one has {len(order.views)}.")
    return _definition(order, desk)


def _definition(order: PackOrder, desk: Desk) -> Definition:
    if order.page:
        return page_definition(order.page, order.raw, desk)
    unknown = [name for name in order.raw if name not in FRAME]
    if unknown:
        near = nearest(unknown[0], FRAME)
        raise DataError(f"{unknown[0][:40]!r} is no part of a pack{near}. Known are: view, {', '.join(FRAME)}.")
    title = order.raw.get("title", "").strip()[:TITLE_LETTERS]
    pack = pack_definition(order.views, desk, **({"title": title} if title else {}))
    frame = {name: order.raw[name] for name in ("paper", "language") if name in order.raw}
    return adjusted(pack, desk, frame, {})


def answer(order: PackOrder, desk: Desk, home: Home, folder: Path) -> Answer:
    """Return the file of an order: 404 unknown page or format, 400 wrong views or parameters, 429 queue full.

    What was made once of the same data on the same day is kept; the rest is made by a worker of its own.
    """
    if order.fmt not in FILES:
        return refusal(404, f"There is no file {order.fmt[:20]!r}{nearest(order.fmt, FILES)}: {', '.join(FILES)}.")
    try:
        define(order, desk)
        digest = desk.tables(order.raw if order.page else {}).digest
    except DataError as error:
        return refusal(404 if str(error).startswith("There is no page") else 400, str(error))
    day = (desk.today or EPOCH)().isoformat()
    wanted = {**order.plain, **asdict(home), "today": day}
    place = folder / "packs"
    place.mkdir(mode=0o700, exist_ok=True)
    name = f"{hashlib.sha256(canonical({**wanted, 'data': digest}).encode()).hexdigest()}.{order.fmt}"
    parcel = kept(place, name)
    if parcel is None:
        status, parcel = send(place, {"name": order.name, "limit": LIMIT, "pack": wanted})
        if status != 200:
            return refusal(status, parcel.decode(), **({"Retry-After": WAIT} if status == 429 else {}))
        _keep(place, name, parcel)
    return _file(order, parcel)


def _keep(place: Path, name: str, parcel: bytes) -> None:
    try:
        keep(place, name, parcel)
    except OSError:
        LOG.exception("the pack %s could not be kept", name)


def _file(order: PackOrder, parcel: bytes) -> Answer:
    """Return a file; how many figures or files are missing in it stands before its first byte."""
    missing, _, body = parcel.partition(b"\n")
    headers = {"Content-Disposition": f'attachment; filename="{order.name}"'}
    if missing != b"0":
        headers["X-Bilateral-Missing"] = missing.decode()
    return Answer(200, body, MIMETYPES[order.fmt], headers)


def fulfil(wanted: Mapping[str, Any], engine: Draws) -> bytes:
    """Return the file of an order, after a line that tells how much is missing in it; made by a worker."""
    order, today = read_order(wanted), dt.date.fromisoformat(str(wanted["today"]))
    desk = _desk(Home(*(str(wanted[name]) for name in ("store", "forecasts", "archive"))), today)
    formats = [name for name in FILES if name != "zip"] if order.fmt == "zip" else [order.fmt]
    made = make_pack(define(order, desk), desk, engine, today, formats)
    return f"{len(made.problems)}\n".encode() + _body(made, order.fmt)


@lru_cache(maxsize=2)
def _desk(home: Home, today: dt.date) -> Desk:
    keep_in(Path(home.forecasts))
    SHOWN.folder = Path(home.archive)
    return Desk(partial(load_tables, Path(home.store)), PAGES, lambda: today)


def _body(made: Made, fmt: str) -> bytes:
    if fmt == "zip":
        return zipped(made)
    if not made.files[0].delivered:
        raise DataError("\n".join(made.problems))
    return made.files[0].body
