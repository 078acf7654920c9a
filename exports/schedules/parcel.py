"""A finished pack on its way to a destination."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Parcel:
    """A pack: its folder, its files in it, and what a letter says of it."""

    schedule: str
    name: str
    folder: Path
    files: tuple[str, ...]
    due: str
    status: str
    gaps: tuple[str, ...] = ()
    digest: str = ""
