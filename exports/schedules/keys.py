"""Secrets: where they may come from, and how they are kept out of every text."""

import base64
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from pipelines.errors import DataError

STRUCK = "•••"
_USERINFO = re.compile(r"(://)[^/@\s]+@")


class Keyring:
    """Reads secrets from the environment or from files, and strikes what it has read out of texts.

    A reference is `env:NAME` or `file:/absolute/path`; a file must lie outside `project`, so that it is never
    committed with it.
    """

    def __init__(self, environ: Mapping[str, str], project: Path):
        self._environ, self._project = environ, project.resolve()
        self._read: set[str] = set()

    def read(self, value: str) -> str:
        """Return what a reference stands for, or the value itself when it is no reference; refuses a missing one."""
        if not is_reference(value):
            return value
        kind, name = value.split(":", 1)
        secret = self._from_environment(name) if kind == "env" else self._from_file(Path(name))
        self._read.add(secret)
        beyond_host = re.match(r"\w+://[^/]+/(\S+)", secret)
        if beyond_host is not None:
            self._read.add(beyond_host[1])
        return secret

    def _from_environment(self, name: str) -> str:
        secret = self._environ.get(name, "")
        if not secret:
            raise DataError(f"the environment variable {name} is not set. Set it where the scheduler is started.")
        return secret

    def _from_file(self, path: Path) -> str:
        if not path.is_absolute() or path.resolve().is_relative_to(self._project):
            raise DataError(f"the secret file {path} must be an absolute path outside the project's folder. Move it.")
        try:
            secret = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"the secret file {path} cannot be read. Create it, readable by the scheduler.") from error
        if not secret:
            raise DataError(f"the secret file {path} is empty. Write the secret into it.")
        return secret

    def redact(self, text: str) -> str:
        """Return the text without any secret read so far, plain or encoded, and without names in addresses."""
        for secret in sorted(self._read, key=len, reverse=True):
            encoded = base64.b64encode(secret.encode()).decode()
            for form in (secret, quote(secret, safe=""), quote(secret), encoded):
                text = text.replace(form, STRUCK)
        return _USERINFO.sub(rf"\1{STRUCK}@", text)


def is_reference(value: object) -> bool:
    """Tell whether a value says where a secret stands, instead of being one.

    >>> is_reference("env:HOOK"), is_reference("file:/run/secrets/hook"), is_reference("file:///srv/packs")
    (True, True, False)
    """
    return isinstance(value, str) and re.match(r"env:\w+$|file:(?!//).+", value) is not None


def holds_secret(address: str) -> bool:
    """Tell whether an address carries a name and password.

    >>> holds_secret("https://bob:word@example.org/"), holds_secret("https://example.org/a@b")
    (True, False)
    """
    return _USERINFO.search(address) is not None
