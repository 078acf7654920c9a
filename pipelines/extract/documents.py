"""Source documents as received, and whether the figures quoted from them still stand where the ledgers say."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from pipelines.errors import DataError
from pipelines.extract.ledger import read_quantity

Row = Mapping[str, object]


class Passage(NamedTuple):
    """A sentence of a document and where the figure stands inside it."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Verification:
    """What was found of documents, figures, corrections and events; `text` ends in `located N/N, parsed N/N`."""

    documents: pd.DataFrame
    figures: pd.DataFrame
    slips: pd.DataFrame
    events: pd.DataFrame

    @property
    def is_good(self) -> bool:
        """Every figure and event stands where its table says, figures can be read, and no correction has expired."""
        stands = self.figures["status"].eq("located") & self.figures["parsed"]
        places = pd.concat([self.slips["status"], self.events["status"]])
        return bool(stands.all() and not places.isin(["moved", "expired", "gone"]).any())

    @property
    def text(self) -> str:
        """The report, one line a finding."""
        unread = self.figures["status"].eq("not checked")
        findings = [
            *map(self._document_line, _rows(self.documents[self.documents["status"] != "as recorded"])),
            *_lines(self.figures[~unread & (self.figures["status"] != "located")], "figure_id"),
            *(f"{row['figure_id']}: {row['reading']}" for row in _rows(self.figures[~self.figures["parsed"]])),
            *_lines(self.slips[~self.slips["status"].isin(_FINE)], "correction_id"),
            *_lines(self.events[~self.events["status"].isin(_FINE)], "event_id"),
        ]
        total = len(self.figures)
        located, parsed = self.figures["status"].eq("located").sum(), self.figures["parsed"].sum()
        return "\n".join([*findings, f"located {located}/{total}, parsed {parsed}/{total}"])

    def _document_line(self, row: Row) -> str:
        """What is wrong with a document, and how many figures and corrections could not be checked for it."""
        source, line = row["source_id"], f"{row['file_name']}: {row['status']}, {row['detail']}"
        counts = [int((frame["source_id"] == source).sum()) for frame in (self.figures, self.slips)]
        if row["status"] == "differs":
            return line
        return f"{line} Its {counts[0]} figures and {counts[1]} corrections are not checked."


def read_document(path: Path) -> str:
    """Return the text exactly as received: UTF-8, line ends untouched, so that offsets hold."""
    name = path.name or str(path)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except FileNotFoundError:
        raise DataError(f"{name} is missing. Copy the document there under that name, or correct the name.") from None
    except IsADirectoryError:
        raise DataError(f"{name} is a folder. Name the text file of a document.") from None
    except UnicodeDecodeError as error:
        raise DataError(f"{name} is damaged: byte {error.start} is no UTF-8. Fetch the document again.") from None
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error.strerror}. Check its rights.") from error


def slice_sha256(text: str, start: int, end: int) -> str:
    """Return the SHA-256 of the slice in UTF-8.

    >>> slice_sha256("abcd", 1, 3)[:8]
    '1e0bbd6c'
    """
    return hashlib.sha256(text[start:end].encode()).hexdigest()


def verify_documents(directory: Path, datasets: Mapping[str, pd.DataFrame]) -> Verification:
    """Find every figure of the ledgers again in the documents of a folder, by offset and by hash.

    `datasets` holds the registers sources, figures (with source_id), corrections and events. Nothing is written.
    """
    if not directory.is_dir():
        raise DataError(f"the documents folder {directory} does not exist. Name the folder that holds the documents.")
    sources = datasets["sources"]
    names = sources.loc[sources["kind"] == "document", "file_name"].tolist()
    if not any((directory / name).exists() for name in names):
        raise DataError(
            f"none of the {len(names)} documents is in {directory}. Name the folder that holds {', '.join(names)}, "
            "or copy them there under these names."
        )
    texts, documents = _read_all(directory, sources[sources["kind"] == "document"])
    figures = pd.DataFrame([_verify_figure(row, texts) for row in _rows(datasets["figures"])], columns=_FIGURE_COLUMNS)
    slips, events = (
        pd.DataFrame(
            [_verify_place(row, texts, figures, place) for row in _rows(datasets[place.table])],
            columns=[place.key, "source_id", "status", "detail"],
        )
        for place in (_SLIP, _EVENT)
    )
    return Verification(documents, figures, slips, events)


def passage(directory: Path, source: Row, figure: Row) -> Passage:
    """Return the sentence a figure stands in and the figure's place inside it.

    `source` is its row of sources.csv, `figure` its row of the ledger; a sentence that moved is found again.
    """
    text = read_document(directory / str(source["file_name"]))
    found = _find(text, figure)
    if found.status not in {"located", "moved"}:
        raise DataError(f"{figure['figure_id']} no longer stands in {source['file_name']}: {found.detail}.")
    start, end, sentence_start, sentence_end = _offsets(figure)
    shift = found.start - start
    return Passage(text[sentence_start + shift : sentence_end + shift], start - sentence_start, end - sentence_start)


_FIGURE_COLUMNS = ["figure_id", "source_id", "status", "char_start", "found_at", "detail", "parsed", "reading"]


_FINE = ("holds", "not checked")


class _Place(NamedTuple):
    """A table whose rows point at words of a document, and what it means that they are gone."""

    table: str
    key: str
    what: str
    lost: str
    remedy: str


_SLIP = _Place(
    "corrections",
    "correction_id",
    "the slip",
    "expired",
    "the slip is gone, the source has been repaired; delete the line in datasets/corrections.csv",
)
_EVENT = _Place(
    "events",
    "event_id",
    "its words",
    "gone",
    "the words that date it are gone; correct char_start, char_end and words_sha256 in datasets/events.csv",
)


class _Found(NamedTuple):
    status: str
    start: int
    detail: str


def _read_all(directory: Path, sources: pd.DataFrame) -> tuple[dict[str, str], pd.DataFrame]:
    texts: dict[str, str] = {}
    states: list[dict[str, object]] = []
    for source in _rows(sources):
        status, detail = "as recorded", ""
        path = directory / str(source["file_name"])
        try:
            text = read_document(path)
        except DataError as error:
            status, detail = "unreadable" if path.exists() else "absent", str(error)
        else:
            texts[str(source["source_id"])] = text
            if hashlib.sha256(text.encode()).hexdigest() != source["sha256"]:
                status, detail = "differs", "its SHA-256 is not the one in sources.csv; offsets are checked one by one"
        states.append(
            {"source_id": source["source_id"], "file_name": source["file_name"], "status": status, "detail": detail}
        )
    return texts, pd.DataFrame(states, columns=["source_id", "file_name", "status", "detail"])


def _verify_figure(row: Row, texts: Mapping[str, str]) -> dict[str, object]:
    text = texts.get(str(row["source_id"]))
    found = _Found("not checked", -1, "its document cannot be read") if text is None else _find(text, row)
    reading = _problem(row)
    return {
        "figure_id": row["figure_id"],
        "source_id": row["source_id"],
        "status": found.status,
        "char_start": row["char_start"],
        "found_at": found.start,
        "detail": found.detail,
        "parsed": not reading,
        "reading": reading,
    }


def _problem(row: Row) -> str:
    try:
        read_quantity(row)
    except DataError as error:
        return str(error)
    return ""


def _find(text: str, row: Row) -> _Found:
    """Locate a figure: its words at its offset in its sentence, else elsewhere in it, else the sentence elsewhere."""
    start, end, sentence_start, sentence_end = _offsets(row)
    words = str(row["as_written"])
    places = _occurrences(text, words, start)
    for place in places:
        shift = place - start
        first, last = max(sentence_start + shift, 0), sentence_end + shift
        if slice_sha256(text, first, last) == row["sentence_sha256"]:
            return (
                _Found("moved", place, f"now at {place} instead of {start}") if shift else _Found("located", start, "")
            )
    if slice_sha256(text, sentence_start, sentence_end) == row["sentence_sha256"]:
        inside = [place for place in places if sentence_start <= place <= sentence_end - len(words)]
        if inside:
            return _Found("moved", inside[0], f"stands at {inside[0]} instead of {start}, in the same sentence")
    if not places:
        return _Found("missing", -1, f"{words!r} occurs nowhere; at its offset stands {text[start:end]!r}")
    return _Found("changed", places[0], f"{words!r} stands at {places[0]}, but its sentence is another")


def _offsets(row: Row) -> tuple[int, int, int, int]:
    start, end, sentence_start, sentence_end = (
        int(str(row[name])) for name in ("char_start", "char_end", "sentence_start", "sentence_end")
    )
    return start, end, sentence_start, sentence_end


def _occurrences(text: str, words: str, near: int) -> list[int]:
    """Return every place of the words, nearest first."""
    return sorted((match.start() for match in re.finditer(re.escape(words), text)), key=lambda place: abs(place - near))


def _verify_place(row: Row, texts: Mapping[str, str], figures: pd.DataFrame, place: _Place) -> dict[str, object]:
    """A place holds while its words are there, or have moved with the figure nearest to it."""
    source, start, end = str(row["source_id"]), int(str(row["char_start"])), int(str(row["char_end"]))
    text = texts.get(source)
    named = {place.key: row[place.key], "source_id": source}
    if text is None:
        return named | {"status": "not checked", "detail": "its document cannot be read"}
    for shift in dict.fromkeys((0, _shift_near(figures, source, start))):
        if slice_sha256(text, start + shift, end + shift) == row["words_sha256"]:
            detail = (
                f"{place.what} moved to {start + shift}; correct char_start and char_end in datasets/{place.table}.csv"
            )
            return named | {"status": "moved" if shift else "holds", "detail": detail if shift else ""}
    return named | {"status": place.lost, "detail": place.remedy}


def _shift_near(figures: pd.DataFrame, source: str, start: int) -> int:
    found = figures[(figures["source_id"] == source) & figures["status"].isin(["located", "moved"])]
    if found.empty:
        return 0
    nearest = (found["char_start"].astype("int64") - start).abs().to_numpy().argmin()
    return int((found["found_at"] - found["char_start"]).iloc[nearest])


def _rows(frame: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _lines(frame: pd.DataFrame, name: str) -> list[str]:
    return [f"{row[name]}: {row['status']}" + (f", {row['detail']}" if row["detail"] else "") for row in _rows(frame)]
