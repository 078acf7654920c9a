"""The provenance of a number as a note: who said it, when, about which period, in which words."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from components import labels
from exports.papers.paper import Span, Spans
from pipelines.tables import Tables

SEPARATOR = " ; "
Row = Mapping[str, Any]
SPOKEN = r"(?<![\d.,])({})(?![\d]|[.,]\d)(?:[\s\u00a0](?:%|bcm a year|bcm|Mt|km))?"
CODE = re.compile(r"\b[A-Z][A-Z0-9_]{2,}\b")
MANY = 4


class Notes:
    """Writes and keeps the notes of one report, by key, each text once."""

    def __init__(self, tables: Tables) -> None:
        self.texts: dict[str, str] = {}
        self._sources = labels.by_id(tables.sources)
        self._names = labels.words(tables.codes)
        self._keys: dict[str, str] = {}
        self._observations = {str(row["observation_id"]): row for row in _records(tables.observations)}

    def of_ids(self, ids: str, formula: str = "") -> str:
        """Return the key of the note on observations joined by ` ; `: one said, or several a value is computed from."""
        known = [self._observations[name] for name in ids.split(SEPARATOR) if name in self._observations]
        if not known:
            return ""
        key = self._keys.setdefault(ids, ids) if not formula else self._keys.setdefault(ids, f"{ids}|{formula}")
        if formula and not key.endswith(formula) and key != ids:
            key = f"{ids}|{formula}"
        if key not in self.texts:
            self.texts[key] = self._said(known[0]) if len(known) == 1 else self._computed(known, formula)
        return key

    def of_rows(self, rows: Sequence[Row], title: str) -> str:
        """Return the key of the note on everything a figure draws: how many values of which source."""
        counts = Counter(
            source for row in rows for source in str(row.get("source_id") or "").split(SEPARATOR) if source
        )
        if not counts:
            return ""
        told = [f"{self._work(name)} ({count})" for name, count in counts.most_common(MANY) if name in self._sources]
        told += [f"{len(counts) - MANY} more, see Sources"] if len(counts) > MANY else []
        marks = f"{len(rows)} mark{'' if len(rows) == 1 else 's'}"
        key = f"={title}"
        self.texts[key] = (
            f"Drawn: {marks}; numbers not noted singly are computed from them. Marks by source: {'; '.join(told)}."
        )
        return key

    def _said(self, row: Row) -> str:
        source = self._sources.get(str(row["source_id"]), {})
        who = " · ".join(dict.fromkeys(filter(None, (row["said_by"] or source.get("author", ""), row["publisher"]))))
        when = (
            f"{row['edition']} edition"
            if row["edition"] and not row["figure_id"]
            else labels.period(str(row["vintage"]))
            if row["vintage"]
            else "date unknown"
        )
        written = " ".join(str(row["as_written"]).split())
        read = labels.as_said(written)
        words = f"as written: “{written}”" if written == read else f"as read: {read}"
        parts = [
            f"{who}, {source.get('title', row['source_id'])}, {when}",
            f"{row['measures']}, {labels.period(str(row['time_period']))}",
            words if written else f"as published: {_as_read(row)}",
        ]
        return f"{'; '.join(parts)}. [{row['observation_id']}]"

    def _computed(self, rows: Sequence[Row], formula: str) -> str:
        counts = Counter(
            f"{self._work(str(row['source_id']))}, {labels.period(str(row['time_period']))}" for row in rows
        )
        told = [name for name, _ in counts.most_common(MANY)]
        more = f" and {len(counts) - MANY} more" if len(counts) > MANY else ""
        how = CODE.sub(lambda code: self._name(code.group()), formula) or "their sum or relation"
        return f"Computed by us from {len(rows)} values: {how}. From {'; '.join(told)}{more}."

    def _name(self, code: str) -> str:
        """Return the name of a code of a formula: an indicator in the middle of a sentence, or an area."""
        named = self._names.indicator(code)
        return named[:1].lower() + named[1:] if named != code else self._names.area(code)

    def _work(self, source_id: str) -> str:
        source = self._sources.get(source_id, {})
        names = dict.fromkeys(filter(None, (source.get("publisher", source_id), source.get("title", ""))))
        return ", ".join(names)


def _as_read(row: Row) -> str:
    amount = row["value_as_read"] if row["value_as_read"] != "" else row["obs_value"]
    return f"{labels.number(float(amount), fine=True)} {row['unit_as_read'] or row['unit_measure']}"


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows with empty cells as empty text."""
    columns = [[_filled(cell) for cell in frame[name].tolist()] for name in frame.columns]
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _filled(cell: Any) -> Any:
    return "" if cell is None or cell is pd.NA or cell is pd.NaT or cell != cell else cell  # noqa: PLR0124 - NaN


def annotate(text: str, frame: pd.DataFrame, notes: Notes, title: str = "") -> Spans:
    """Return a sentence about a figure with a note behind each number that one mark alone can have given.

    A number two marks share gets its note only where the sentence names the period of one of them close by. With the
    title of the figure a note at the end says what all it draws comes from.
    """
    rows = _records(frame)
    spoken = _spoken(rows)
    spans: list[Span] = []
    at, used = 0, set[str]()
    for match in _matches(text, spoken):
        key = _note_of(_meant(spoken[match.group(1)], text, match.end()), notes)
        if key and key not in used:
            spans.append(Span(text[at : match.end()], key))
            at = match.end()
            used.add(key)
    last = notes.of_rows(rows, title) if title else ""
    return (*spans, Span(text[at:], last)) if text[at:] or last else tuple(spans)


def _spoken(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return the ways each row's value may be written in a sentence."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        amount = row.get("obs_value", "")
        if amount == "" or not isinstance(amount, float | int):
            continue
        unit, counted = str(row.get("unit_measure", "")), str(row.get("counted", ""))
        for words in _ways(float(amount), unit, counted):
            found.setdefault(words, []).append(row)
    return found


def _ways(amount: float, unit: str, counted: str) -> set[str]:
    ways = {labels.value(amount, unit, counted=counted), labels.value(amount, unit, counted=counted, fine=True)}
    bare = labels.number(amount / labels.scale_for(unit, [amount]).factor)
    return {way for way in ways if unit != "COUNT" or counted} | ({bare} if "." in bare and len(bare) > 3 else set())


def _matches(text: str, spoken: Mapping[str, list[Row]]) -> Iterable[re.Match[str]]:
    if not spoken:
        return ()
    ways = sorted(spoken, key=len, reverse=True)
    return re.finditer(SPOKEN.format("|".join(map(re.escape, ways))), text)


def _meant(rows: Sequence[Row], text: str, end: int) -> Row | None:
    """Return the row a number in a sentence stands for, or none when two could be meant."""
    if len({_ids(row) for row in rows}) == 1:
        return rows[0]
    near = text[max(0, end - 70) : end + 45]
    named = [row for row in rows if str(row.get("time_period", ""))[-4:] in near and row.get("time_period")]
    return named[0] if len({_ids(row) for row in named}) == 1 else None


def _ids(row: Row) -> str:
    return str(row.get("observation_id") or row.get("observation_ids") or "")


def _note_of(row: Row | None, notes: Notes) -> str:
    return notes.of_ids(_ids(row), str(row.get("formula") or "")) if row is not None else ""
