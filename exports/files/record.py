"""The record a file carries of itself: what it shows, from which data; and a hash that tells when it was altered."""

import hashlib
import html
import io
import json
import re
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from exports.files import archive, webpage
from pipelines.errors import DataError
from pipelines.store import parquet_notes, with_parquet_notes

NAME = "bilateral-record"
Record = dict[str, Any]
_METADATA = re.compile(r'<metadata id="' + NAME + r'">(.*?)</metadata>', re.DOTALL)
_UNSEEN = ("/Parent", "/StructParents", "/Metadata", "/Length", "/Filter", "/DecodeParms")


@dataclass(frozen=True)
class Carrier:
    """How files of one format carry a record: put it in, take it out (None where there is none), hash what is shown.

    `content` must not change when a record is put in.
    """

    embed: Callable[[bytes, str], bytes]
    read: Callable[[bytes], str | None]
    content: Callable[[bytes], str]


def embed(body: bytes, fmt: str, record: Mapping[str, Any]) -> bytes:
    """Return the file with its record inside, sealed; the same file and record give the same bytes.

    Formats without a carrier (CSV) are refused.
    """
    if fmt not in CARRIERS:
        raise DataError(f"a {fmt} file carries no record; those that do: {', '.join(sorted(CARRIERS))}.")
    carrier = CARRIERS[fmt]
    return carrier.embed(body, canonical(sealed({**record, "content": carrier.content(body)})))


def read_record(path: Path) -> Record:
    """Return the record inside a file, unchecked; a file without one is refused."""
    text = carrier_of(path).read(_bytes(path))
    if text is None:
        raise DataError(
            f"{path.name} carries no record of Bilateral: it was made elsewhere, or the record was removed."
        )
    try:
        return dict(json.loads(text))
    except (ValueError, TypeError):
        raise DataError(f"{path.name}: the record inside is damaged.") from None


def is_untouched(path: Path, record: Mapping[str, Any]) -> bool:
    """Return whether the file still shows what its record was made for, and the record is as it was sealed."""
    plain = {name: entry for name, entry in record.items() if name != "seal"}
    return sealed(plain) == record and carrier_of(path).content(_bytes(path)) == record.get("content")


def carrier_of(path: Path) -> Carrier:
    """Return how the format of a file carries its record; others are refused."""
    fmt = path.suffix.removeprefix(".").lower()
    if fmt not in CARRIERS:
        raise DataError(
            f"{path.name}: files of this kind carry no record; those that do: {', '.join(sorted(CARRIERS))}."
        )
    return CARRIERS[fmt]


def canonical(record: Mapping[str, Any]) -> str:
    """Return the record as JSON, the same text for the same content."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sealed(record: Mapping[str, Any]) -> Record:
    """Return the record with a hash over itself."""
    return {**record, "seal": hashlib.sha256(canonical(record).encode()).hexdigest()}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error


def _hash(*parts: bytes) -> str:
    return hashlib.sha256(b"\x1f".join(parts)).hexdigest()


# ---- PNG: a compressed text chunk before the end; the hash is over the pixels ----


def _png_embed(body: bytes, text: str) -> bytes:
    content = NAME.encode() + b"\0\1\0\0\0" + zlib.compress(text.encode(), 9)
    end = body.rindex(b"IEND") - 4
    checksum = zlib.crc32(b"iTXt" + content)
    chunk = struct.pack(">I", len(content)) + b"iTXt" + content + struct.pack(">I", checksum)
    return body[:end] + chunk + body[end:]


def _png_read(body: bytes) -> str | None:
    with _opened(body) as image:
        text = getattr(image, "text", {}).get(NAME)
        return None if text is None else str(text)


def _png_content(body: bytes) -> str:
    with _opened(body) as image:
        return _hash(f"{image.mode}{image.size}".encode(), image.tobytes())


def _opened(body: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(body), formats=["PNG"])
        image.load()
    except (OSError, SyntaxError, ValueError) as error:
        raise DataError(f"this is no whole PNG: {error}.") from error
    return image


# ---- SVG: a metadata element; the hash is over the text without it ----


def _svg_embed(body: bytes, text: str) -> bytes:
    head, tag, rest = body.decode().partition("</title>")
    return f'{head}{tag}<metadata id="{NAME}">{html.escape(text)}</metadata>{rest}'.encode()


def _svg_read(body: bytes) -> str | None:
    found = _METADATA.search(_text(body))
    return html.unescape(found.group(1)) if found else None


def _svg_content(body: bytes) -> str:
    return _hash(_METADATA.sub("", _text(body), count=1).encode())


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise DataError(f"this is no SVG: {error.reason}.") from error


# ---- PDF: an attached file; the hash is over pages with all they draw with ----


def _pdf_embed(body: bytes, text: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(body))
    title = str(json.loads(text).get("title", ""))
    writer.metadata = None
    writer.add_metadata({"/Title": title, "/Producer": "Bilateral"})
    writer.add_attachment(f"{NAME}.json", text.encode())
    writer.root_object[NameObject("/Lang")] = TextStringObject("en-GB")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _pdf_read(body: bytes) -> str | None:
    attached = _pdf(body).attachments.get(f"{NAME}.json")
    return attached[0].decode() if attached else None


def _pdf_content(body: bytes) -> str:
    return _hash(*(part for page in _pdf(body).pages for part in _walk(page, set())))


def _pdf(body: bytes) -> PdfReader:
    try:
        return PdfReader(io.BytesIO(body))
    except (PyPdfError, OSError, ValueError) as error:
        raise DataError(f"this is no whole PDF: {error}.") from error


def _walk(part: PdfObject | None, seen: set[int]) -> Iterator[bytes]:
    """Yield everything a page is drawn with, whatever the numbers of its objects are."""
    if isinstance(part, IndirectObject):
        if part.idnum in seen:
            return
        seen.add(part.idnum)
        yield from _walk(part.get_object(), seen)
    elif isinstance(part, DictionaryObject):
        yield from _walk_dictionary(part, seen)
    elif isinstance(part, ArrayObject):
        for entry in part:
            yield from _walk(entry, seen)
    else:
        yield str(part).encode()


def _walk_dictionary(part: DictionaryObject, seen: set[int]) -> Iterator[bytes]:
    for name in sorted(part):
        if name not in _UNSEEN:
            yield name.encode()
            yield from _walk(part.raw_get(name), seen)
    if isinstance(part, StreamObject):
        yield part.get_data()


def _parquet_content(body: bytes) -> str:
    return parquet_notes(body)[1]


_OFFICE = Carrier(archive.with_record, archive.record_text, archive.content_hash)
CARRIERS: dict[str, Carrier] = {
    "png": Carrier(_png_embed, _png_read, _png_content),
    "svg": Carrier(_svg_embed, _svg_read, _svg_content),
    "pdf": Carrier(_pdf_embed, _pdf_read, _pdf_content),
    "parquet": Carrier(
        lambda body, text: with_parquet_notes(body, {NAME: text}),
        lambda body: parquet_notes(body)[0].get(NAME),
        _parquet_content,
    ),
    **dict.fromkeys(("docx", "pptx", "xlsx"), _OFFICE),
    "html": Carrier(webpage.with_record, webpage.record_text, webpage.content_hash),
}
