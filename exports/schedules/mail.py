"""Sends a pack as an e-mail: pictures shown in the letter, everything else attached."""

import mimetypes
import smtplib
import ssl
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from email.utils import make_msgid
from html import escape
from typing import Any

from exports.schedules.parcel import Parcel
from exports.schedules.sending import Refused, Unreachable

LIMIT_MB = 15
TIMEOUT = 30
_PASSING = range(400, 500)


def send_mail(parcel: Parcel, options: Mapping[str, Any], now: Callable[[], float]) -> None:
    """Hand the letter to the mail server; refuses what the server will not take, and what is not encrypted."""
    del now
    letter = compose(parcel, options)
    try:
        with _open(options) as server:
            if options.get("user"):
                server.login(options["user"], options["password"])
            server.send_message(letter)
    except smtplib.SMTPResponseException as error:
        kind = Unreachable if error.smtp_code in _PASSING else Refused
        raise kind(f"the mail server answered {error.smtp_code}: {_text(error.smtp_error)}") from error
    except smtplib.SMTPRecipientsRefused as error:
        raise Refused(f"the mail server refused {', '.join(error.recipients)}.") from error
    except (smtplib.SMTPNotSupportedError, ssl.SSLError) as error:
        raise Refused(f"no safe connection to the mail server {options['host']}: {error}.") from error
    except (smtplib.SMTPException, OSError) as error:
        raise Unreachable(f"the mail server {options['host']} cannot be reached: {error}.") from error


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer


def _open(options: Mapping[str, Any]) -> smtplib.SMTP:
    host, security = options["host"], options.get("security", "starttls")
    port = options.get("port", 465 if security == "tls" else 587)
    context = ssl.create_default_context(cafile=options.get("ca_file"))
    if security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
    server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    if security == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def compose(parcel: Parcel, options: Mapping[str, Any]) -> EmailMessage:
    """Return the letter: what is in the pack and what is missing, PNG pictures in place, other files attached.

    Files beyond `limit_mb` in all are left out and named, so that a server with a limit still takes the letter.
    """
    fitting, left = _fitting(parcel, options.get("limit_mb", LIMIT_MB) * 1_000_000)
    pictures = {name: make_msgid(domain="bilateral.invalid") for name in fitting if name.endswith(".png")}
    letter = EmailMessage()
    subject = options.get("subject") or "Bilateral: {schedule}, {due}"
    letter["Subject"] = subject.replace("{schedule}", parcel.schedule).replace("{due}", parcel.due[:10])
    letter["From"] = options["sender"]
    letter["To"] = ", ".join(options["to"]) if isinstance(options["to"], list) else options["to"]
    letter["Message-ID"] = make_msgid(domain="bilateral.invalid")
    lines = _lines(parcel, left)
    letter.set_content("\n".join([*lines, "", *(f"Attached: {name}" for name in fitting)]) + "\n")
    letter.add_alternative(_html(lines, pictures), subtype="html")
    page = letter.get_payload()[1]  # type: ignore[index]
    for name, mark in pictures.items():
        body = (parcel.folder / name).read_bytes()
        page.add_related(body, "image", "png", cid=mark, filename=_flat(name), disposition="inline")  # type: ignore[union-attr]
    for name in fitting:
        if name not in pictures:
            main, _, sub = (mimetypes.guess_type(name)[0] or "application/octet-stream").partition("/")
            letter.add_attachment((parcel.folder / name).read_bytes(), main, sub, filename=_flat(name))
    return letter


def _flat(name: str) -> str:
    return name.replace("/", "-")


def _fitting(parcel: Parcel, limit: int) -> tuple[list[str], list[str]]:
    fitting: list[str] = []
    left: list[str] = []
    total = 0
    for name in parcel.files:
        size = (parcel.folder / name).stat().st_size
        fits = total + size <= limit
        total += size if fits else 0
        (fitting if fits else left).append(name)
    return fitting, left


def _lines(parcel: Parcel, left: list[str]) -> list[str]:
    lines = [f"The pack {parcel.schedule}, due {parcel.due}, is {parcel.status}."]
    lines += [f"Missing: {gap}" for gap in parcel.gaps]
    lines += [f"Too large to attach: {name}" for name in left]
    return [*lines, f"Data {parcel.digest[:12]}."]


def _html(lines: list[str], pictures: Mapping[str, str]) -> str:
    words = "".join(f"<p>{escape(line)}</p>" for line in lines)
    shown = "".join(
        f'<p><img src="cid:{mark[1:-1]}" alt="{escape(name, quote=True)}" style="max-width:100%"></p>'
        for name, mark in pictures.items()
    )
    return f"<html><body>{words}{shown}</body></html>\n"
