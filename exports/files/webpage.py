"""Web pages that carry a record inside, as data no browser runs."""

import hashlib
import re

RECORD = "bilateral-record"
END = "</body></html>\n"
_RECORD = re.compile(rb'<script type="application/json" id="' + RECORD.encode() + rb'">(.*?)</script>', re.DOTALL)


def with_record(body: bytes, text: str) -> bytes:
    """Return the file with a record inside, as data no browser runs."""
    head, end, rest = body.rpartition(END.encode())
    return head + data_block(RECORD, text).encode() + end + rest


def record_text(body: bytes) -> str | None:
    """Return the record inside the file, or None where there is none."""
    found = _RECORD.search(body)
    return _opened(found.group(1).decode()) if found else None


def content_hash(body: bytes) -> str:
    """Return a hash over everything in the file but its record."""
    return hashlib.sha256(_RECORD.sub(b"", body)).hexdigest()


def data_block(identity: str, body: str) -> str:
    """Return text as data inside a page, which no browser runs."""
    closed = body.replace("</", "<\\/").replace("<!--", "<\\!--")
    return f'<script type="application/json" id="{identity}">{closed}</script>'


def _opened(text: str) -> str:
    return text.replace("<\\/", "</").replace("<\\!--", "<!--")
