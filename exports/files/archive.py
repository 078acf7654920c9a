"""Office files that are the same bytes for the same content: dates of members fixed, a record carried inside."""

import hashlib
import io
import re
import zipfile

from pipelines.errors import DataError

EPOCH = (1980, 1, 1, 0, 0, 0)
RECORD = "docProps/bilateral-record.json"
DECLARATION = "[Content_Types].xml"
MOMENT = re.compile(rb">\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<")
JSON_TYPE = b'<Default Extension="json" ContentType="application/json"/>'


def settled(body: bytes) -> bytes:
    """Return an Office file with its members in their order and without dates, the workbooks behind charts alike."""
    return bundle(_members(body))


def with_record(body: bytes, text: str) -> bytes:
    """Return an Office file with a record inside, declared so that Office opens the file without a word."""
    members = [(name, _declared(name, member)) for name, member in _members(body) if name != RECORD]
    return bundle([*members, (RECORD, text.encode())])


def record_text(body: bytes) -> str | None:
    """Return the record inside an Office file, or None where there is none."""
    return dict(_members(body)).get(RECORD, b"").decode() or None


def content_hash(body: bytes) -> str:
    """Return a hash over everything in an Office file but its record."""
    digest = hashlib.sha256()
    for name, member in _members(body):
        if name != RECORD:
            digest.update(name.encode() + b"\x1f" + _declared(name, member) + b"\x1f")
    return digest.hexdigest()


def _members(body: bytes) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as given:
            return [(name, _timeless(name, given.read(name))) for name in given.namelist()]
    except zipfile.BadZipFile as error:
        raise DataError(f"this is no whole Office file: {error}.") from error


def _timeless(name: str, member: bytes) -> bytes:
    if name.endswith(".xlsx"):
        return bundle([(inner, MOMENT.sub(b">1980-01-01T00:00:00Z<", body)) for inner, body in _members(member)])
    return member


def _declared(name: str, member: bytes) -> bytes:
    if name != DECLARATION or JSON_TYPE in member:
        return member
    return member.replace(b"<Default ", JSON_TYPE + b"<Default ", 1)


def bundle(files: list[tuple[str, bytes]]) -> bytes:
    """Return files as one zip; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files:
            archive.writestr(zipfile.ZipInfo(name, EPOCH), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()
