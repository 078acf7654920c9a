import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient

from components.security import MAX_BODY, SORRY, policy, safe_link, secure


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "//example.org/a", "/local", "https://", "ftp://example.org",
        "", None, 5, "vbscript:x", "http://[bad", "java\nscript:alert(1)",
    ],
)  # fmt: skip
def test_only_http_links_survive(url: object) -> None:
    assert safe_link(url) == ""


def test_http_links_are_kept() -> None:
    assert safe_link(" https://example.org/a?b=1#c ") == "https://example.org/a?b=1#c"


@pytest.fixture
def client() -> FlaskClient:
    server = Flask("t")

    @server.post("/body")
    def body() -> Response:
        return Response(str(len(request.get_data())))

    @server.get("/_dash-component-suites/x.js")
    def library() -> Response:
        return Response("x")

    @server.get("/assets/broken.js")
    def broken() -> Response:
        raise ZeroDivisionError("password=secret")

    secure(server, ["'sha256-abc'"], hosts=["127.0.0.1"])
    return server.test_client()


def test_every_response_carries_the_headers(client: FlaskClient) -> None:
    headers = client.get("/nowhere", base_url="http://127.0.0.1").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "script-src 'self' 'sha256-abc'" in headers["Content-Security-Policy"]


def test_the_policy_names_no_other_host() -> None:
    assert "http" not in policy([]) and "*" not in policy([]) and "unsafe-eval" not in policy([])
    assert "'unsafe-inline'" not in policy([]).split("script-src")[1].split(";")[0]


def test_a_foreign_host_name_is_refused(client: FlaskClient) -> None:
    assert client.get("/nowhere", base_url="http://evil.example").status_code == 400
    assert client.post("/body", base_url="http://127.0.0.1:8050", data="x").status_code == 200


def test_a_large_body_is_refused(client: FlaskClient) -> None:
    assert client.post("/body", base_url="http://127.0.0.1", data=b"x" * (MAX_BODY + 1)).status_code == 413


def test_library_files_may_be_kept(client: FlaskClient) -> None:
    assert "max-age" in client.get("/_dash-component-suites/x.js", base_url="http://127.0.0.1").headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/assets/none.js?m=1", "/_dash-component-suites/none.js", "/assets/broken.js?m=1"])
def test_no_error_is_kept_by_a_browser(client: FlaskClient, path: str) -> None:
    answer = client.get(path, base_url="http://127.0.0.1")
    assert answer.status_code in (404, 500) and answer.headers["Cache-Control"] == "no-store"


def test_a_failure_is_one_sentence_with_the_headers(client: FlaskClient) -> None:
    answer = client.get("/assets/broken.js", base_url="http://127.0.0.1")
    assert answer.status_code == 500 and answer.text == f"{SORRY}\n" and answer.mimetype == "text/plain"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
