"""The manifest of a pack: what was requested against what was delivered, item by item and file by file, with hashes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from exports.papers.paper import Item, Paper
from exports.pictures.exhibits import versions

FORM = "bilateral-pack/1"
NAME = "manifest.json"


@dataclass(frozen=True)
class Written:
    """One file of a pack: delivered, or failed with its reason; `places` says on which page each item stands."""

    name: str
    format: str
    body: bytes = field(default=b"", repr=False)
    problem: str = ""
    pages: int | None = None
    places: Mapping[int, int] = field(default_factory=dict)
    of_item: int = 0

    @property
    def delivered(self) -> bool:
        """Say whether the file was made."""
        return bool(self.body)


def pack_record(paper: Paper) -> dict[str, Any]:
    """Return the record each file of a pack carries: what it holds, from which data, and every value drawn."""
    return {
        "format": FORM,
        "report": paper.name,
        "title": paper.title,
        "dated": paper.dated,
        "language": paper.language,
        "paper": paper.paper,
        "as_known": dict(paper.as_known),
        "data_digest": paper.digest,
        "versions": {**versions(), "typst": version("typst")},
        "requested": [item.view_id for item in paper.items],
        "delivered": [item.view_id for item in paper.items if item.drawn],
        "items": [_item_record(item) for item in paper.items],
    }


def _item_record(item: Item) -> dict[str, Any]:
    told = {
        "number": item.number,
        "view": item.view_id,
        "title": item.title,
        "status": item.status,
        "problem": item.problem,
    }
    if item.framed is None:
        return {**told, "figure_hash": "", "record": {}}
    return {**told, "figure_hash": item.framed.figure_hash, "record": dict(item.framed.record)}


def is_complete(paper: Paper, files: Sequence[Written]) -> bool:
    """Say whether no item failed and every file was made as it should be; a view with nothing to draw did not fail."""
    return all(item.status != "failed" for item in paper.items) and all(f.delivered and not f.problem for f in files)


def manifest(paper: Paper, files: Sequence[Written]) -> dict[str, Any]:
    """Return the manifest; the same paper and files give the same."""
    record = pack_record(paper)
    sections = {item.number: section.title for section in paper.sections for item in section.items}
    items = [
        {**told, "section": sections[told["number"]], **_stands(told["number"], files)} for told in record.pop("items")
    ]
    return {**record, "complete": is_complete(paper, files), "items": items, "files": [_file(entry) for entry in files]}


def _stands(number: int, files: Sequence[Written]) -> dict[str, Any]:
    pages = {entry.format: [entry.places[number]] for entry in files if number in entry.places}
    return {"pages": pages, "files": [entry.name for entry in files if entry.of_item == number and entry.delivered]}


def _file(entry: Written) -> dict[str, Any]:
    return {
        "file": entry.name,
        "format": entry.format,
        "status": "delivered" if entry.delivered else "failed",
        "problem": entry.problem,
        "sha256": hashlib.sha256(entry.body).hexdigest() if entry.delivered else "",
        "bytes": len(entry.body),
        "pages": entry.pages,
    }


def manifest_bytes(entries: Mapping[str, Any]) -> bytes:
    """Return a manifest as the JSON it is kept as."""
    return (json.dumps(entries, ensure_ascii=False, indent=2) + "\n").encode()
