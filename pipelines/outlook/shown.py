"""The archive of forecasts that were shown: one JSON object a line, never changed."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import DataError

FILE = "forecasts.jsonl"


@dataclass
class Shown:
    """Where shown forecasts are kept; without a folder none are."""

    folder: Path | None = None

    def entries(self) -> list[dict[str, Any]]:
        """Return the archived forecasts in the order they were shown."""
        return read_archive(self.folder) if self.folder else []

    def stamp(self) -> str:
        """Return what changes when a forecast is added."""
        try:
            return str((self.folder / FILE).stat().st_size) if self.folder else ""
        except OSError:
            return ""


SHOWN = Shown()
"""The archive the dashboard reads; the front door gives it a folder."""


def read_archive(folder: Path) -> list[dict[str, Any]]:
    """Return the archived forecasts in the order they were shown; no archive is an empty one.

    Raises:
        DataError: a line is damaged.
    """
    path = folder / FILE
    if not path.exists():
        return []
    entries = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            entries.append(dict(json.loads(line)))
        except ValueError as error:
            raise DataError(f"{path.name} line {number} is damaged. Restore it or delete the line.") from error
    return entries
