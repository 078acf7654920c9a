"""What the server lets in and out: hosts, bodies, links, and the headers of every response."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from flask import Flask, Response, request

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
MAX_BODY = 512 * 1024
YEAR = 31_536_000
SORRY = "Sorry, this could not be answered; the reason is in the server's log."
_SUITES = "/_dash-component-suites/"

HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def safe_link(url: object) -> str:
    """Return the address if it is http or https with a host, else nothing.

    >>> safe_link("https://example.org/a"), safe_link("javascript:alert(1)"), safe_link("//example.org")
    ('https://example.org/a', '', '')
    """
    text = str(url).strip() if isinstance(url, str) else ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.netloc else ""


def policy(script_hashes: Sequence[str]) -> str:
    """Return the content security policy: nothing from another host, inline scripts only by hash."""
    directives = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *script_hashes]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def secure(server: Flask, script_hashes: Sequence[str], *, hosts: Sequence[str] = LOOPBACK) -> None:
    """Put the headers on every response, limit bodies, and refuse foreign host names; no hosts means any."""
    server.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    server.config["TRUSTED_HOSTS"] = list(hosts) or None
    content_policy = policy(script_hashes)

    @server.errorhandler(500)
    def say_sorry(_: Exception) -> Response:
        return Response(f"{SORRY}\n", 500, mimetype="text/plain")

    @server.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        response.headers["Content-Security-Policy"] = content_policy
        _cache(response)
        return response


def _cache(response: Response) -> None:
    """Let a fingerprinted file be kept for a year, the other library files for a day, and nothing else: no error."""
    if response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    elif request.path.startswith("/assets/") and request.args.get("m"):
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    elif request.path.startswith((_SUITES, "/assets/")):
        response.headers.setdefault("Cache-Control", "public, max-age=86400")
    else:
        response.headers["Cache-Control"] = "no-store"
