import contextlib
import email
import hashlib
import hmac
import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import fsspec
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from exports.schedules.delivery import deliver
from exports.schedules.destinations import Destination
from exports.schedules.keys import Keyring
from exports.schedules.parcel import Parcel
from exports.schedules.sending import Refused, Stopped, Unreachable, send

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452")
MOMENT = 1_795_586_400.0


@pytest.fixture
def parcel(tmp_path: Path) -> Parcel:
    folder = tmp_path / "pack"
    (folder / "charts").mkdir(parents=True)
    (folder / "briefing.pdf").write_bytes(b"%PDF-1.7 words")
    (folder / "charts" / "trade.png").write_bytes(PNG)
    (folder / "manifest.json").write_text("{}")
    files = ("briefing.pdf", "charts/trade.png", "manifest.json")
    due = "2026-11-25T06:00:00+00:00"
    return Parcel("weekly", "20261125T060000Z", folder, files, due, "incomplete", ("oil.png: <no browser>",), "d1" * 32)


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return Keyring({"WORD": "open-sesame", "USER": "clerk"}, tmp_path / "project")


def carry(parcel: Parcel, keys: Keyring, kind: str, **options: Any) -> None:
    deliver(parcel, Destination("there", kind, options), keys, lambda: MOMENT)


def test_a_folder_gets_the_pack_whole_and_again_without_doubles(parcel: Parcel, keys: Keyring, tmp_path: Path) -> None:
    for _ in range(2):
        carry(parcel, keys, "folder", path=str(tmp_path / "archive"))
        arrived = tmp_path / "archive" / "weekly"
        assert [path.name for path in arrived.iterdir()] == [parcel.name]
        assert {
            path.relative_to(arrived / parcel.name).as_posix() for path in arrived.rglob("*") if path.is_file()
        } == {*parcel.files}


def test_a_full_disk_leaves_nothing_half(
    parcel: Parcel, keys: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []

    def copy(source: Path, target: Path) -> None:
        written.append(target)
        if len(written) == 2:
            raise OSError(28, "No space left on device")
        target.write_bytes(source.read_bytes())

    monkeypatch.setattr("exports.schedules.delivery.shutil.copyfile", copy)
    with pytest.raises(Unreachable, match="cannot be written: No space left on device"):
        carry(parcel, keys, "folder", path=str(tmp_path / "archive"))
    assert len(written) == 2 and list((tmp_path / "archive" / "weekly").iterdir()) == []


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_an_address_gets_every_file(parcel: Parcel, keys: Keyring, tmp_path: Path, kind: str) -> None:
    root = f"memory://{tmp_path.name}" if kind == "memory" else (tmp_path / "remote").as_uri()
    carry(parcel, keys, "url", url=root)
    system, path = fsspec.core.url_to_fs(f"{root}/weekly/{parcel.name}")
    assert {found.removeprefix(path).lstrip("/") for found in system.find(path)} == set(parcel.files)
    assert system.cat_file(f"{path}/briefing.pdf") == b"%PDF-1.7 words"


def test_an_address_that_breaks_off_keeps_nothing_half(
    parcel: Parcel, keys: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = fsspec.filesystem("memory")
    put = system.pipe_file

    def full(path: str, body: bytes, **options: Any) -> None:
        if path.endswith("manifest.json"):
            raise OSError("quota exceeded")
        put(path, body)

    monkeypatch.setattr(type(system), "pipe_file", staticmethod(full))
    with pytest.raises(Unreachable, match="quota exceeded"):
        carry(parcel, keys, "url", url=f"memory://{tmp_path.name}")
    assert not system.exists(f"/{tmp_path.name}/weekly/{parcel.name}")


def test_a_missing_driver_is_refused_with_the_remedy(
    parcel: Parcel, keys: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(protocol: str) -> None:
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr("exports.schedules.destinations.fsspec.get_filesystem_class", missing)
    with pytest.raises(Refused, match=r's3:// needs a driver .* `pip install "bilateral\[s3\]"`'):
        carry(parcel, keys, "url", url="s3://bucket/packs")


@dataclass
class Postbox:
    """Keeps the letters a mail server takes, and who wrote them."""

    letters: list[Message] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.answers:
            return self.answers.pop(0)
        self.letters.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 OK"


class FreePort(Controller):
    """A mail server on a port the machine chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextlib.contextmanager
def mail_server(postbox: Postbox, **options: Any) -> Iterator[int]:
    controller = FreePort(postbox, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


LETTER = {
    "host": "127.0.0.1",
    "sender": "clerk@example.org",
    "to": ["a@example.org", "b@example.org"],
    "security": "none",
}


def test_a_letter_shows_pictures_and_attaches_the_rest(parcel: Parcel, keys: Keyring) -> None:
    postbox = Postbox()
    with mail_server(postbox) as port:
        carry(parcel, keys, "email", port=port, subject="Trade of {due}", **LETTER)
    [letter] = postbox.letters
    assert (letter["Subject"], letter["To"]) == ("Trade of 2026-11-25", "a@example.org, b@example.org")
    parts = {part.get_filename(): part for part in letter.walk() if part.get_filename()}
    assert set(parts) == {"charts-trade.png", "briefing.pdf", "manifest.json"}
    assert parts["briefing.pdf"].get_content() == b"%PDF-1.7 words"
    picture = parts["charts-trade.png"]
    assert picture.get_content_disposition() == "inline" and picture.get_content() == PNG
    page = letter.get_body(("html",)).get_content()
    assert f"cid:{picture['Content-ID'][1:-1]}" in page and "&lt;no browser&gt;" in page
    plain = letter.get_body(("plain",)).get_content()
    assert "is incomplete" in plain and "Missing: oil.png: <no browser>" in plain


def test_files_too_large_for_a_letter_are_named(parcel: Parcel, keys: Keyring) -> None:
    (parcel.folder / "briefing.pdf").write_bytes(b"x" * 1_000_001)
    postbox = Postbox()
    with mail_server(postbox) as port:
        carry(parcel, keys, "email", port=port, limit_mb=1, **LETTER)
    [letter] = postbox.letters
    assert "Too large to attach: briefing.pdf" in letter.get_body(("plain",)).get_content()
    assert "briefing.pdf" not in [part.get_filename() for part in letter.walk()]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 made for this test, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    )
    try:
        subprocess.run(
            [*command.split(), "-keyout", "key", "-out", "cert"], cwd=folder, check=True, capture_output=True
        )
    except FileNotFoundError:
        pytest.skip("no openssl to make a certificate with")
    return folder / "cert", folder / "key"


def clerk(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"clerk", b"open-sesame"), handled=False)


@pytest.mark.parametrize(("word", "fails"), [("env:WORD", False), ("env:USER", True)])
def test_a_letter_goes_over_starttls_with_a_password(
    parcel: Parcel, keys: Keyring, certificate: tuple[Path, Path], word: str, fails: bool
) -> None:
    import ssl

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    postbox, options = Postbox(), LETTER | {"security": "starttls", "user": "clerk", "password": word}
    with mail_server(
        postbox, tls_context=context, require_starttls=True, auth_required=True, authenticator=clerk
    ) as port:
        if fails:
            with pytest.raises(Refused, match="answered 535"):
                carry(parcel, keys, "email", port=port, ca_file=str(certificate[0]), **options)
        else:
            carry(parcel, keys, "email", port=port, ca_file=str(certificate[0]), **options)
            with pytest.raises(Refused, match="no safe connection"):
                carry(parcel, keys, "email", port=port, **options)
    assert len(postbox.letters) == (0 if fails else 1)


def test_a_server_without_encryption_gets_no_letter(parcel: Parcel, keys: Keyring) -> None:
    postbox = Postbox()
    with mail_server(postbox) as port, pytest.raises(Refused, match="no safe connection"):
        carry(parcel, keys, "email", port=port, **LETTER | {"security": "starttls"})
    assert postbox.letters == []


@pytest.mark.parametrize(("answer", "kind"), [("451 later", Unreachable), ("554 never", Refused)])
def test_a_mail_server_may_say_later_or_never(
    parcel: Parcel, keys: Keyring, answer: str, kind: type[Exception]
) -> None:
    postbox = Postbox(answers=[answer])
    with mail_server(postbox) as port, pytest.raises(kind, match=f"answered {answer[:3]}"):
        carry(parcel, keys, "email", port=port, **LETTER)


def test_a_mail_server_that_is_not_there_may_be_tried_again(parcel: Parcel, keys: Keyring) -> None:
    with pytest.raises(Unreachable, match="cannot be reached"):
        carry(parcel, keys, "email", port=9, **LETTER)


@pytest.mark.parametrize(
    ("kind", "options", "words"),
    [
        ("webhook", {"url": "env:NOT_SET", "secret": "env:WORD"}, "NOT_SET is not set"),
        ("webhook", {"url": "http://127.0.0.1:9/", "secret": "env:WORD", "ca_file": "/nowhere"}, ""),
        ("email", LETTER | {"port": 9, "subject": "a\nBcc: d@e.f"}, "ValueError"),
        ("email", LETTER | {"port": 9, "security": "tls", "ca_file": "/nowhere"}, ""),
    ],
)
def test_whatever_goes_wrong_at_a_destination_is_said_of_it(
    parcel: Parcel, keys: Keyring, kind: str, options: dict[str, Any], words: str
) -> None:
    with pytest.raises((Refused, Unreachable), match=words or None):
        carry(parcel, keys, kind, **options)


@dataclass
class Hook:
    """A web address that answers with given codes and keeps what it was told."""

    url: str
    codes: list[int]
    told: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def hook() -> Iterator[Callable[..., Hook]]:
    servers = []

    def serve(*codes: int) -> Hook:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                made.told.append((dict(self.headers), body))
                self.send_response(made.codes.pop(0) if made.codes else 200)
                self.send_header("Location", made.url)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        made = Hook(f"http://127.0.0.1:{server.server_port}/hook", list(codes))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        servers.append((server, thread))
        return made

    yield serve
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_webhook_is_told_in_a_message_it_can_check(parcel: Parcel, keys: Keyring, hook: Callable[..., Hook]) -> None:
    there = hook()
    carry(parcel, keys, "webhook", url=there.url, secret="env:WORD")  # noqa: S106 - a reference
    [(headers, body)] = there.told
    mark = hmac.new(b"open-sesame", f"{int(MOMENT)}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["Bilateral-Signature"] == f"t={int(MOMENT)},v1={mark}"
    assert headers["Idempotency-Key"] == "weekly/2026-11-25T06:00:00+00:00"
    told = json.loads(body)
    assert (told["schedule"], told["status"], told["missing"]) == ("weekly", "incomplete", ["oil.png: <no browser>"])
    hashes = {entry["name"]: entry["sha256"] for entry in told["files"]}
    assert hashes["briefing.pdf"] == hashlib.sha256(b"%PDF-1.7 words").hexdigest() and set(hashes) == set(parcel.files)
    assert b"sesame" not in body


@pytest.mark.parametrize(
    ("code", "kind"), [(500, Unreachable), (429, Unreachable), (404, Refused), (401, Refused), (302, Refused)]
)
def test_a_webhook_may_say_later_or_never(
    parcel: Parcel, keys: Keyring, hook: Callable[..., Hook], code: int, kind: type[Exception]
) -> None:
    there = hook(code)
    with pytest.raises(kind, match=f"answered {code}"):
        carry(parcel, keys, "webhook", url=there.url, secret="env:WORD")  # noqa: S106 - a reference
    assert len(there.told) == 1


def test_what_cannot_be_reached_is_tried_again_after_each_wait() -> None:
    waited, left = [], [Unreachable("busy"), Unreachable("busy")]

    def action() -> None:
        if left:
            raise left.pop()

    assert send(action, waited.append, (2, 10, 60)).tries == 3 and waited == [2, 10]


def test_what_is_refused_is_not_tried_again_and_all_ends() -> None:
    def refuse() -> None:
        raise Refused("no")

    def fail() -> None:
        raise Unreachable("busy")

    waited: list[float] = []
    assert send(refuse, waited.append, (2, 10)).error == "no" and waited == []
    sent = send(fail, waited.append, (2, 10))
    assert (sent.done, sent.tries, sent.error, waited) == (False, 3, "busy (tried 3 times)", [2, 10])


def test_a_wait_ends_when_the_process_is_to_stop() -> None:
    def fail() -> None:
        raise Unreachable("busy")

    def stop(seconds: float) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        send(fail, stop, (2,))
