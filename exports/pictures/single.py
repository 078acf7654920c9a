"""One view as one file: a checked picture with its record, or the rows drawn."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from components.desk import Desk
from exports.files.record import embed
from exports.pictures.exhibits import Framed, check_request, frame_exhibit, record_of
from exports.pictures.proof import Format
from exports.pictures.render import Engine
from pipelines.errors import DataError, nearest
from pipelines.query import csv_bytes
from pipelines.store import rows_parquet

PICTURES: tuple[Format, ...] = get_args(Format)
ROWS = ("csv", "parquet")
FORMATS = (*PICTURES, *ROWS)
MIMETYPES: Mapping[str, str] = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
}


def export_view(
    desk: Desk, engine: Engine, view_id: str, raw: Mapping[str, str], *, fmt: str = "png", size: str = "screen"
) -> bytes:
    """Return a view as a file: png, svg and pdf are drawn, checked and carry their record; csv and parquet are rows.

    The browser is started for pictures only. Refuses unknown views, parameters, sizes and formats all at once.
    """
    check_export(desk, view_id, raw, fmt=fmt, size=size)
    if fmt in ROWS:
        return rows_drawn(desk, view_id, raw, fmt)
    return picture(engine, frame_exhibit(desk, view_id, raw, size), fmt)


def check_export(desk: Desk, view_id: str, raw: Mapping[str, str], *, fmt: str, size: str = "screen") -> None:
    """Refuse an unknown view, parameter, value, size or format; every problem is said at once."""
    problems = []
    if fmt not in FORMATS:
        problems.append(f"There is no format {fmt[:20]!r}{nearest(fmt, FORMATS)}: {', '.join(FORMATS)}.")
    try:
        check_request(desk, view_id, raw, size)
    except DataError as error:
        problems.append(str(error))
    if problems:
        raise DataError("\n".join(problems))


def picture(engine: Engine, framed: Framed, fmt: str) -> bytes:
    """Return the checked picture of a framed exhibit with its record inside."""
    return embed(engine.image(framed, _picture_format(fmt)), fmt, framed.record)


def _picture_format(fmt: str) -> Format:
    for known in PICTURES:
        if fmt == known:
            return known
    raise DataError(f"There is no picture format {fmt[:20]!r}: {', '.join(PICTURES)}.")


def rows_drawn(desk: Desk, view_id: str, raw: Mapping[str, str], fmt: str) -> bytes:
    """Return the rows a view draws as CSV, or as Parquet with the record in its schema."""
    request = check_request(desk, view_id, raw)
    rows = desk.rows(request.view_id, raw)
    if fmt == "csv":
        return csv_bytes(rows)
    record = record_of(request, desk.exhibit(request.view_id, raw), desk.tables(raw))
    return embed(rows_parquet(rows), "parquet", record)


def write_whole(path: Path, body: bytes) -> None:
    """Write a file whole or not at all: under a temporary name beside it first, then renamed."""
    if path.is_dir():
        raise DataError(f"{path} is a folder; name a file in it.")
    if not path.parent.is_dir():
        raise DataError(f"the folder {path.parent} does not exist; make it first.")
    temporary = None
    try:
        handle, name = tempfile.mkstemp(prefix=".tmp-", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        raise DataError(f"{path} could not be written: {error.strerror}. Nothing was left behind.") from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def inside(folder: Path, name: str) -> Path:
    """Return the path of a name in a folder; one that leads out of it is refused (names from an address or a file)."""
    path = (folder / name).resolve()
    if not name or not path.is_relative_to(folder.resolve()) or path == folder.resolve():
        raise DataError(f"{name[:80]!r} leads out of {folder}; write a plain name.")
    return path
