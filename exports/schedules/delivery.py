"""Carries a finished pack to its destinations: folders and addresses here, mail and webhooks in their modules."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import fsspec

from exports.schedules.destinations import Destination, driver_problem
from exports.schedules.keys import Keyring
from exports.schedules.mail import send_mail
from exports.schedules.parcel import Parcel
from exports.schedules.sending import Refused, Unreachable
from exports.schedules.webhook import call_webhook
from pipelines.errors import DataError

LAST = "manifest.json"


def deliver(parcel: Parcel, destination: Destination, keys: Keyring, now: Callable[[], float]) -> None:
    """Carry a pack to a destination, whole or not at all.

    Raises `Unreachable` for what may be tried again, `Refused` for what may not; neither text holds a secret.
    """
    try:
        _CARRIERS[destination.kind](parcel, _resolved(destination.options, keys), now)
    except (Unreachable, Refused) as error:
        raise type(error)(keys.redact(str(error))) from None
    except DataError as error:
        raise Refused(keys.redact(str(error))) from None
    except Exception as error:
        raise Refused(keys.redact(f"{type(error).__name__}: {error}")) from None


def _resolved(options: Mapping[str, Any], keys: Keyring) -> dict[str, Any]:
    """Return options with every reference replaced by what it stands for."""
    return {key: _resolve(value, keys) for key, value in options.items()}


def _resolve(value: Any, keys: Keyring) -> Any:
    if isinstance(value, dict):
        return _resolved(value, keys)
    return keys.read(value) if isinstance(value, str) else value


def put_in_folder(source: Path, target: Path, files: tuple[str, ...]) -> None:
    """Copy the files of a pack to a folder that appears when all of them are there, and replaces one of its name."""
    part = target.with_name(f".{target.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        for name in files:
            (part / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, part / name)
        if target.exists():
            shutil.rmtree(target)
        part.replace(target)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise Unreachable(f"{target.parent} cannot be written: {error.strerror or error}.") from error


def _to_folder(parcel: Parcel, options: Mapping[str, Any], now: Callable[[], float]) -> None:
    del now
    put_in_folder(parcel.folder, Path(options["path"]) / parcel.schedule / parcel.name, parcel.files)


def _to_url(parcel: Parcel, options: Mapping[str, Any], now: Callable[[], float]) -> None:
    """Write every file below an address, the manifest last: a pack without one is not finished."""
    del now
    protocol = str(options["url"]).partition("://")[0]
    if problems := driver_problem(protocol):
        raise Refused(" ".join(problems))
    root = f"{str(options['url']).rstrip('/')}/{parcel.schedule}/{parcel.name}"
    try:
        system, path = fsspec.core.url_to_fs(root, **options.get("options", {}))
        _write_all(system, path, parcel)
    except Exception as error:
        raise Unreachable(f"{protocol}:// cannot be written: {type(error).__name__}: {error}") from error


def _write_all(system: Any, path: str, parcel: Parcel) -> None:
    try:
        for name in sorted(parcel.files, key=lambda name: (name == LAST, name)):
            system.makedirs(f"{path}/{name}".rpartition("/")[0], exist_ok=True)
            system.pipe_file(f"{path}/{name}", (parcel.folder / name).read_bytes())
    except BaseException:
        if system.exists(path):
            system.rm(path, recursive=True)
        raise


_CARRIERS: Mapping[str, Callable[[Any, Mapping[str, Any], Callable[[], float]], None]] = {
    "folder": _to_folder,
    "url": _to_url,
    "email": send_mail,
    "webhook": call_webhook,
}
