"""Responses travel compressed; files of libraries are compressed once and kept."""

from flask import Flask, Request
from flask_compress import Compress

LIBRARIES = "/_dash-component-suites/"


class LibraryCache:
    """Keeps compressed library files; a key without an address belongs to an answer that must not be kept."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        """Return the kept file, if any."""
        return self._kept.get(key)

    def set(self, key: str, value: bytes) -> None:
        """Keep a library file."""
        if LIBRARIES in key:
            self._kept[key] = value


def library_key(request: Request) -> str:
    """Return the address of a library file, nothing for any other request."""
    return request.path if request.method == "GET" and request.path.startswith(LIBRARIES) else ""


def compress(server: Flask) -> None:
    """Compress what a server answers, brotli before gzip."""
    server.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_ALGORITHM_STREAMING=["br", "deflate"],
        COMPRESS_BR_LEVEL=4,
        COMPRESS_MIN_SIZE=800,
        COMPRESS_CACHE_BACKEND=LibraryCache,
        COMPRESS_CACHE_KEY=library_key,
    )
    Compress(server)
