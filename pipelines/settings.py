"""Where data and store lie and how the dashboard is served, read from settings.toml and the environment."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.errors import SettingsError, nearest

_KNOWN: Mapping[str, tuple[str, ...]] = {
    "paths": ("datasets", "store", "documents"),
    "serve": ("host", "port"),
    "exports": ("folder", "store"),
    "gate": ("most_change",),
}
_LISTS = ("schedules", "destinations")


@dataclass(frozen=True)
class Settings:
    """Checked settings; paths are absolute.

    `exports` is the folder of packs, `runs` the database of their runs as written, `most_change` the percent a
    published value may move behind a gate, and `schedules` what the file says of schedules and destinations, not
    checked yet.
    """

    datasets: Path
    store: Path
    documents: Path | None
    host: str
    port: int
    exports: Path
    runs: str
    most_change: float = 1.0
    schedules: Mapping[str, object] = field(default_factory=dict)


def load_settings(path: Path, environ: Mapping[str, str]) -> Settings:
    """Read settings.toml; HOST, PORT and BILATERAL_STORE, _DATASETS, _DOCUMENTS, _EXPORTS in the environment win.

    Refuses unknown keys, a port outside 1 to 65535, and a documents folder that does not exist.
    """
    values, schedules = _read(path)
    root = path.resolve().parent
    paths = {
        name: environ.get(f"BILATERAL_{name.upper()}") or str(values["paths"].get(name, "")) for name in _KNOWN["paths"]
    }
    for name in ("datasets", "store"):
        if not paths[name]:
            raise SettingsError(f'{path.name}: [paths] {name} is missing. Add it, e.g. {name} = "datasets".')
    documents = root / paths["documents"] if paths["documents"] else None
    if documents is not None and not documents.is_dir():
        raise SettingsError(
            f"there is no folder {documents} for documents. Correct --documents, BILATERAL_DOCUMENTS or "
            f"[paths] documents in {path.name}."
        )
    exports = root / (environ.get("BILATERAL_EXPORTS") or str(values["exports"].get("folder", "packs")))
    return Settings(
        datasets=root / paths["datasets"],
        store=root / paths["store"],
        documents=documents,
        host=environ.get("HOST") or str(values["serve"].get("host", "127.0.0.1")),
        port=_port(environ.get("PORT") or values["serve"].get("port", 8050), path),
        exports=exports,
        runs=str(values["exports"].get("store") or f"sqlite:///{exports / 'runs.db'}"),
        most_change=_percent(values["gate"].get("most_change", 1.0), path),
        schedules=schedules,
    )


def _read(path: Path) -> tuple[dict[str, dict[str, object]], dict[str, object]]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}. Run from the project's folder.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name} is not valid TOML in UTF-8: {error}.") from error
    schedules = {section: values.pop(section) for section in _LISTS if section in values}
    for section, entries in values.items():
        if section not in _KNOWN:
            raise SettingsError(f"{path.name}: unknown section [{section}]{nearest(section, (*_KNOWN, *_LISTS))}.")
        if not isinstance(entries, dict):
            raise SettingsError(f"{path.name}: {section} is no section. Write [{section}] on a line of its own.")
        for key in entries:
            if key not in _KNOWN[section]:
                raise SettingsError(f"{path.name}: unknown key {key} in [{section}]{nearest(key, _KNOWN[section])}.")
    return {section: dict(values.get(section, {})) for section in _KNOWN}, schedules


def _port(value: object, path: Path) -> int:
    try:
        port = int(str(value))
    except ValueError:
        port = 0
    if not 1 <= port <= 65535:
        raise SettingsError(
            f"port {value!r} is not a number from 1 to 65535. Correct PORT or [serve] port in {path.name}."
        )
    return port


def _percent(value: object, path: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        raise SettingsError(
            f"most_change {value!r} is not a number from 0 to 100. Correct [gate] most_change in {path.name}."
        )
    return float(value)
