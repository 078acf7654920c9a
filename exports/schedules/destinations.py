"""Where packs may go: the kinds of destination, what each must say, and which of it is secret."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import fsspec

from exports.schedules.keys import Keyring, holds_secret, is_reference
from pipelines.errors import DataError, nearest

SECURITY = ("starttls", "tls", "none")
_EXTRA = {"s3": "s3", "s3a": "s3"}


@dataclass(frozen=True)
class Destination:
    """A named place packs are sent to; values that are secret are references still."""

    name: str
    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """What a kind of destination must say and may say, which of it is secret, and how it is checked further."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    secret: tuple[str, ...]
    check: Callable[[Mapping[str, Any]], list[str]]


def read_destination(entry: Mapping[str, Any], keys: Keyring | None) -> tuple[Destination, list[str]]:
    """Return the destination an entry describes, with one sentence for each thing that is wrong with it."""
    name, kind = str(entry.get("name", "")), str(entry.get("kind", ""))
    options = {key: value for key, value in entry.items() if key not in ("name", "kind")}
    destination = Destination(name, kind, options)
    if kind not in KINDS:
        return destination, [f"kind = {kind[:40]!r} is unknown{nearest(kind, KINDS)}. Choose from: {', '.join(KINDS)}."]
    rules = KINDS[kind]
    allowed = (*rules.required, *rules.optional)
    problems = [f"unknown key {key!r}{nearest(key, allowed)}." for key in options if key not in allowed]
    problems += [f"{key} is missing." for key in rules.required if not options.get(key)]
    problems += _secret_problems(options, rules.secret)
    problems += rules.check(options) if not problems else []
    return destination, problems + (_missing_secrets(options, keys) if keys else [])


def _secret_problems(options: Mapping[str, Any], secret: tuple[str, ...]) -> list[str]:
    """Refuse secrets that are written out; the value itself is not repeated."""
    plain = [key for key in secret if key in options and not is_reference(options[key])]
    inner = options.get("options", {})
    if isinstance(inner, dict):
        plain += [f"options.{key}" for key, value in inner.items() if _sounds_secret(key) and not is_reference(value)]
    plain += [key for key in ("url", "host") if holds_secret(str(options.get(key, "")))]
    return [
        f'{key} holds a secret in plain words. Write "env:NAME" or "file:/path" there, and keep the secret in the '
        "environment or in a file outside the project."
        for key in plain
    ]


def _sounds_secret(key: str) -> bool:
    return any(word in key.lower() for word in ("key", "secret", "token", "password", "passphrase"))


def _missing_secrets(options: Mapping[str, Any], keys: Keyring) -> list[str]:
    inner = options.get("options", {})
    values = [*options.values(), *(inner.values() if isinstance(inner, dict) else ())]
    problems = []
    for value in values:
        try:
            keys.read(value) if isinstance(value, str) else None
        except DataError as error:
            problems.append(str(error))
    return problems


def _check_folder(options: Mapping[str, Any]) -> list[str]:
    path = options["path"]
    if not isinstance(path, str) or not Path(path).is_absolute():
        return ['path must be an absolute path in quotation marks, such as "/srv/briefings".']
    return []


def _check_url(options: Mapping[str, Any]) -> list[str]:
    if not isinstance(options.get("options", {}), dict):
        return ["options must be a table."]
    if is_reference(options["url"]):
        return []
    protocol, mark, _ = str(options["url"]).partition("://")
    return driver_problem(protocol) if mark else ['url must name its kind, such as "s3://bucket/folder".']


def driver_problem(protocol: str) -> list[str]:
    """Return what keeps addresses of a protocol from being written to on this machine, in one sentence, or nothing."""
    try:
        fsspec.get_filesystem_class(protocol)
    except ImportError as error:
        extra = _EXTRA.get(protocol)
        remedy = f'Install it with `pip install "bilateral[{extra}]"`.' if extra else f"{error}."
        return [f"{protocol}:// needs a driver that is not installed. {remedy}"]
    except ValueError:
        return [f"{protocol[:20]}:// is no kind of address known{nearest(protocol, fsspec.available_protocols())}."]
    return []


def _check_mail(options: Mapping[str, Any]) -> list[str]:
    problems = []
    to = options["to"]
    addresses = [*(to if isinstance(to, list) else [to]), options["sender"]]
    problems += [f"{str(one)[:60]!r} is no e-mail address." for one in addresses if not _is_address(one)]
    if options.get("security", SECURITY[0]) not in SECURITY:
        problems.append(f"security must be one of: {', '.join(SECURITY)}.")
    if bool(options.get("user")) != bool(options.get("password")):
        problems.append("user and password belong together. Give both, or neither.")
    if options.get("user") and options.get("security") == "none":
        problems.append('a password would cross the network in the open. Set security = "starttls" or "tls".')
    if not _is_count(options.get("port", 587), 65535):
        problems.append("port must be a whole number from 1 to 65535.")
    if not _is_count(options.get("limit_mb", 1), 1000):
        problems.append("limit_mb must be a whole number from 1 to 1000.")
    return problems


def _is_count(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


def _is_address(address: object) -> bool:
    if not isinstance(address, str) or any(sign in address for sign in "\r\n,;<> "):
        return False
    name, _, host = address.rpartition("@")
    return bool(name and host) and "@" not in name


def _check_webhook(options: Mapping[str, Any]) -> list[str]:
    if is_reference(options["url"]):
        return []
    parts = urlsplit(str(options["url"]))
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ["url must be an http or https address."]
    return []


KINDS: Mapping[str, Kind] = {
    "folder": Kind(("path",), (), (), _check_folder),
    "url": Kind(("url",), ("options",), (), _check_url),
    "email": Kind(
        ("host", "sender", "to"),
        ("port", "security", "user", "password", "subject", "ca_file", "limit_mb"),
        ("password",),
        _check_mail,
    ),
    "webhook": Kind(("url", "secret"), ("ca_file",), ("secret",), _check_webhook),
}
