"""Tells a web address that a pack is finished, in a message it can check."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

import requests

from exports.schedules.parcel import Parcel
from exports.schedules.sending import Refused, Unreachable

HEADER = "Bilateral-Signature"
TIMEOUT = 30
_PASSING = {408, 425, 429}


def sign(secret: str, moment: int, body: bytes) -> str:
    """Return the signature header: the moment in seconds since 1970, and HMAC-SHA256 over moment, full stop and body.

    >>> sign("word", 1700000000, b"{}")[:29]
    't=1700000000,v1=6ca3cb5bd1d94'
    """
    mark = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={mark}"


def call_webhook(parcel: Parcel, options: Mapping[str, Any], now: Callable[[], float]) -> None:
    """Post what is in a pack as signed JSON; the same pack has the same `Idempotency-Key` however often it is sent."""
    body = json.dumps(message(parcel), ensure_ascii=False, sort_keys=True).encode()
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": f"{parcel.schedule}/{parcel.due}",
        HEADER: sign(options["secret"], int(now()), body),
    }
    try:
        answer = requests.post(
            options["url"],
            data=body,
            headers=headers,
            timeout=TIMEOUT,
            allow_redirects=False,
            verify=options.get("ca_file", True),
        )
    except requests.exceptions.SSLError as error:
        raise Refused(f"no safe connection to the webhook: {_reason(error)}.") from error
    except requests.RequestException as error:
        raise Unreachable(f"the webhook cannot be reached: {_reason(error)}.") from error
    code = answer.status_code
    if code >= 500 or code in _PASSING:
        raise Unreachable(f"the webhook answered {code}.")
    if code >= 300:
        raise Refused(f"the webhook answered {code}.")


def _reason(error: requests.RequestException) -> str:
    """Return what went wrong without the address, which may be secret in whole or in part."""
    inner = getattr(error.args[0], "reason", None) if error.args else None
    return type(inner or error).__name__


def message(parcel: Parcel) -> dict[str, Any]:
    """Return what the webhook is told: schedule, due moment, status, gaps, data digest, files with size and hash."""
    files = []
    for name in parcel.files:
        body = (parcel.folder / name).read_bytes()
        files.append({"name": name, "size": len(body), "sha256": hashlib.sha256(body).hexdigest()})
    return {
        "schedule": parcel.schedule,
        "pack": parcel.name,
        "due": parcel.due,
        "status": parcel.status,
        "missing": list(parcel.gaps),
        "data_digest": parcel.digest,
        "files": files,
    }
