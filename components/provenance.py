"""What the panel behind a mark says: who said it, when, of what, in which words, and who says otherwise."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from components import labels, registers
from components.charts.base import keys
from components.elements import facts, mark_button, outside_link
from components.findings.cards import finding_links
from components.findings.reading import index
from components.security import safe_link
from components.views import Exhibit
from pipelines.errors import DataError, nearest
from pipelines.extract.documents import Passage
from pipelines.tables import Tables

Row = Mapping[str, Any]


FindPassage = Callable[[Row, Row], Passage]


SHORT = re.compile(r"([\w-]+)~([0-9a-f]{8})")
_FNV_START, _FNV_PRIME = 2166136261, 16777619


def short_mark(view_id: str, key: str) -> str:
    """Return how an address names a computed mark: its view, and a print of the inputs that would fill the line.

    >>> short_mark("trade-level", "a ; b")
    'trade-level~54c644ef'
    """
    found = _FNV_START
    for letter in key:
        found = ((found ^ ord(letter)) * _FNV_PRIME) & 0xFFFFFFFF
    return f"{view_id}~{found:08x}"


def full_mark(mark: str, exhibit: Exhibit) -> str:
    """Return the key of the mark a short one stands for among those drawn; one nobody draws is refused."""
    view_id = mark.partition("~")[0]
    for key in keys(exhibit.rows):
        if short_mark(view_id, key) == mark:
            return key
    raise DataError(
        f"The mark {mark} is not drawn in this state of knowledge, or its inputs have changed. "
        "Show everything that is known, or click the mark in its chart."
    )


def panel(
    tables: Tables, mark: str, *, exhibit: Exhibit | None = None, passage: FindPassage | None = None
) -> Component:
    """Return what is known of a mark: an observation, a derived value with its inputs, or an entry of a register."""
    if registers.is_entry(mark):
        return registers.entry(tables, mark)
    row = _observation(tables, mark)
    if row is not None:
        return html.Div(list(_observed(tables, row, passage)), className="provenance")
    return html.Div(list(_derived(tables, mark, exhibit)), className="provenance")


def _observation(tables: Tables, mark: str) -> dict[str, Any] | None:
    rows = tables.observations[tables.observations["observation_id"] == mark]
    return _plain(rows.iloc[0]) if len(rows) else None


def _plain(row: pd.Series) -> dict[str, Any]:
    return {str(name): ("" if pd.isna(entry) else entry) for name, entry in row.items()}


def _source(tables: Tables, source_id: str) -> dict[str, Any]:
    rows = tables.sources[tables.sources["source_id"] == source_id]
    return _plain(rows.iloc[0]) if len(rows) else {}


def _observed(tables: Tables, row: Row, passage: FindPassage | None) -> Iterator[Component]:
    source = _source(tables, str(row["source_id"]))
    names = labels.words(tables.codes)
    yield html.P(_amount(row), className="provenance-value")
    yield html.P(str(row["measures"]), className="provenance-measures")
    if row["as_written"]:
        yield html.Blockquote(html.Q(labels.as_said(str(row["as_written"]))), className="as-written")
    if passage is not None and row["char_start"] != "":
        yield _in_the_document(passage, source, row)
    yield facts(dict(_who_and_when(row, source, names)))
    yield facts(dict(_what(row, names)))
    yield from _section("Who says otherwise", _competing(tables, row, names))
    yield from _section("Findings", _findings(tables, [str(row["observation_id"])]))
    yield from _section("To know before using it", _caveats(row))
    yield from _section("Source", _citation(row, source))


RANGE = re.compile(r"\d\s*–\s*\D{0,2}\d")


def _amount(row: Row) -> str:
    """Return a value with the sign of its wording, or both ends of a stated range, whose middle nobody said."""
    low, high = row["value_low"], row["value_high"]
    if RANGE.search(str(row["as_written"])) and "" not in (low, high):
        return labels.interval(float(low), float(high), str(row["unit_measure"]))
    value, unit = float(row["obs_value"]), str(row["unit_measure"])
    return labels.bounded(value, unit, str(row["bound"]), counted=str(row["counted"]), fine=True)


def _in_the_document(passage: FindPassage, source: Row, row: Row) -> Component:
    try:
        found = passage(source, row)
    except DataError as error:
        return html.P(f"Your copy of the document: {error}", className="quiet")
    before, figure, after = found.text[: found.start], found.text[found.start : found.end], found.text[found.end :]
    return html.Blockquote(
        [before, html.Mark(figure), after], className="passage", title="From your copy of the document"
    )


def _who_and_when(row: Row, source: Row, names: labels.Words) -> Iterator[tuple[str, str]]:
    yield "Said by", str(row["said_by"] or source.get("author") or row["publisher"])
    yield "Published by", f"{row['publisher']} ({names.source_class(str(row['source_class'])).lower()})"
    basis = labels.VINTAGE_WORDS.get(str(row["vintage_basis"]), str(row["vintage_basis"]))
    note = str(source.get("published_note", "")) if row["figure_id"] else ""
    since = labels.period(str(row["vintage"])) if row["vintage"] else "date unknown"
    yield "Known since", f"{since} ({basis}{f': {note}' if note else ''})"
    stated = {"stated": "as stated", "derived": "derived, see below", "none": "the text gives none"}
    yield (
        "About",
        f"{labels.promised_period(row)} ({stated.get(str(row['period_basis']), row['period_basis'])})",
    )


def _what(row: Row, names: labels.Words) -> Iterator[tuple[str, str]]:
    yield "Quantity", names.indicator(str(row["indicator"]))
    if row["commodity"]:
        yield "Product", names.name("CL_COMMODITY", str(row["commodity"]))
    if row["ref_area"]:
        yield "Areas", labels.pair(names, str(row["ref_area"]), str(row["counterpart_area"]))
    yield "Role", f"{names.role(str(row['role']))}, {names.name('CL_MEASURE_TYPE', str(row['measure_type'])).lower()}"
    low, high = (float(row[name]) if row[name] != "" else None for name in ("value_low", "value_high"))
    wording = labels.BOUND_WORDS.get(str(row["bound"]), str(row["bound"]))
    yield "Interval read", f"{labels.interval(low, high, str(row['unit_measure']))} (“{wording}”)"
    if row["value_as_read"] != "":
        yield "Before conversion", f"{labels.number(float(row['value_as_read']), fine=True)} {row['unit_as_read']}"
    if row["price_basis"]:
        yield "Prices", str(row["price_basis"])
    if row["edition"]:
        yield "Edition", str(row["edition"])
    status = names.name("CL_OBS_STATUS", str(row["obs_status"]))
    yield "Status", status if status.lower() == row["provenance"] else f"{status}, {row['provenance']}"
    if row["formula"]:
        yield "Formula", str(row["formula"])


def _competing(tables: Tables, row: Row, names: labels.Words) -> list[Component]:
    rivals = _rivals(tables, str(row["observation_id"]))
    if rivals.empty:
        return [html.P("No other source at hand states this fact.", className="quiet")]
    first = rivals["observation_id"].str.partition(" ; ")[0]
    known = tables.observations.drop_duplicates("observation_id").set_index("observation_id")
    known = known.reindex(first)[["publisher", "role", "char_start", "time_period"]].astype(object)
    items = [
        _rival(_plain(rival), row, said, names)
        for (_, rival), said in zip(rivals.iterrows(), map(_plain, (r for _, r in known.iterrows())), strict=True)
    ]
    reasons = rivals.loc[rivals["is_preferred"], "preferred_reason"].tolist()
    return [
        html.Ul(items, className="rivals"),
        *(html.P(f"Why one is preferred: {reason}.", className="quiet") for reason in reasons[:1]),
    ]


def _rivals(tables: Tables, observation_id: str) -> pd.DataFrame:
    """Return every statement of the fact an observation states, or a computed mark by the ids of its inputs."""
    facts = tables.competing.loc[tables.competing["observation_id"] == observation_id, "fact_id"]
    return tables.competing[tables.competing["fact_id"].isin(facts)]


def _rival(rival: Row, row: Row, said: Row, names: labels.Words) -> Component:
    """Return one statement of the same fact. Who counted is named of counts only, and a document does not say it."""
    shown = labels.value(float(rival["obs_value"]), str(rival["unit_measure"]), fine=True)
    deviation = float(rival["deviation"])
    away = "" if rival["is_preferred"] else f", {'+' if deviation > 0 else ''}{labels.value(deviation, 'PERCENT')}"
    is_quoted = said["char_start"] != ""
    is_counted = rival["ref_area"] and said["role"] in ("actual", "") and not is_quoted
    reporter = f", {names.area(str(rival['ref_area']))} reporting" if is_counted else ""
    text = f"{shown}{away}: {said['publisher'] or rival['source_id']}{reporter}"
    relation = "names no reporter" if is_quoted and rival["relation"] == "other reporter" else str(rival["relation"])
    tag = html.Span("preferred" if rival["is_preferred"] else relation, className="tag")
    if rival["observation_id"] == row["observation_id"]:
        return html.Li([html.Strong(text), " ", tag, " (this one)"])
    return html.Li([mark_button(str(rival["observation_id"]), text), " ", tag])


def _findings(tables: Tables, observation_ids: Sequence[str]) -> list[Component]:
    """Return the findings at least one of the observations takes part in, the weightiest first."""
    about = index(tables).about
    found = {finding.finding_id for one in observation_ids for finding in about.get(one, ())}
    listed = [finding for finding in index(tables).findings if finding.finding_id in found]
    return [finding_links(listed)] if listed else []


def _caveats(row: Row) -> list[Component]:
    said = [row["caveats"], f"Disagrees with: {row['disagrees_with']}." if row["disagrees_with"] else ""]
    if row["is_hidden"]:
        said.append("Hidden by default: a misprint, another scope or another conversion.")
    if row["duplicate_of"]:
        said.append("The same fact is quoted earlier; it is drawn once.")
    return [html.P(str(text)) for text in said if text]


def _citation(row: Row, source: Row) -> list[Component]:
    address = safe_link(row["url"]) or safe_link(source.get("url"))
    parts: list[Component] = [html.P(labels.citation(labels.article(source, row)))] if source else []
    if row["locator"]:
        parts.append(html.P(f"Words to find on the page: “{row['locator']}”", className="quiet"))
    if address:
        parts.append(html.P(outside_link(address, "Open the source")))
    if source.get("licence"):
        parts.append(html.P(f"Licence: {source['licence']}", className="quiet"))
    parts.append(html.P(["Observation ", html.Code(str(row["observation_id"]))], className="quiet"))
    return parts


def _derived(tables: Tables, mark: str, exhibit: Exhibit | None) -> Iterator[Component]:
    row = _drawn_row(mark, exhibit) or _series_row(tables, mark)
    names = labels.words(tables.codes)
    inputs = [part.strip() for part in mark.split(" ; ")] if not mark.startswith("=") else []
    known = [_observation(tables, part) for part in inputs]
    if row is None and not any(known):
        ids = tables.observations["observation_id"]
        raise DataError(f"No mark {mark[:60]!r} in this state of knowledge{nearest(mark, ids)}.")
    if row is not None and row.get("project_id") and row.get("obs_value") == "":
        yield from _registered(tables, row)
    elif row is not None:
        amount = float(row["obs_value"]) if row.get("obs_value") not in (None, "") else None
        yield html.P(labels.value(amount, str(row.get("unit_measure", "")), fine=True), className="provenance-value")
        words = " · ".join(
            filter(
                None, (str(row.get("label") or row.get("title") or ""), labels.period(str(row.get("time_period", ""))))
            )
        )
        yield html.P(words, className="provenance-measures")
        yield facts(dict(_computed(row, names)))
    items = [html.Li(_input(part, found, names)) for part, found in zip(inputs, known, strict=True)]
    yield from _section("From", [html.Ul(items, className="rivals")] if items else [])
    is_stated = row is not None and _is_stated(tables, mark, row)
    yield from _section("Who says otherwise", _competing(tables, {"observation_id": mark}, names) if is_stated else [])
    yield from _section("Findings", _findings(tables, inputs))


def _is_stated(tables: Tables, mark: str, row: Row) -> bool:
    """Return whether a computed mark is one of the statements of a fact; others of the same inputs are not."""
    own = tables.competing.loc[tables.competing["observation_id"] == mark, "obs_value"]
    return row.get("obs_value") not in (None, "") and bool((own == float(str(row["obs_value"]))).any())


def _registered(tables: Tables, row: Row) -> Iterator[Component]:
    """Say what the register holds of a project: it is no number, so there is no value to trace."""
    entry = _plain(tables.projects[tables.projects["project_id"] == row["project_id"]].iloc[0])
    yield html.P(str(entry["name"]), className="provenance-value")
    since = labels.period(str(entry["status_as_of"]))
    yield html.P(f"{entry['kind']}, {entry['status']} as of {since}", className="provenance-measures")
    said = {name.capitalize(): str(entry[name]) for name in ("capacity", "cost", "note") if entry[name]}
    length = {"Length": labels.value(float(entry["length_km"]), "KM")} if entry["length_km"] != "" else {}
    yield facts({"Areas": labels.words(tables.codes).area(str(entry["areas"])), **length, **said})
    ids = [part for part in str(entry["figure_ids"]).split(";") if part]
    names = labels.words(tables.codes)
    items = [html.Li(_input(part, _observation(tables, part), names)) for part in ids]
    yield from _section("Figures about it", [html.Ul(items, className="rivals")] if items else [])
    yield from _section("Findings about them", _findings(tables, ids))
    named = [_source(tables, source_id) for source_id in str(entry["mentioned_in"]).split(";")]
    yield from _section("Named in", [html.P(labels.citation(source)) for source in named if source])


def _drawn_row(mark: str, exhibit: Exhibit | None) -> dict[str, Any] | None:
    if exhibit is None:
        return None
    for position, key in enumerate(keys(exhibit.frame)):
        if key == mark:
            return _plain(exhibit.frame.iloc[position])
    return None


def _series_row(tables: Tables, mark: str) -> dict[str, Any] | None:
    rows = tables.series[tables.series["observation_ids"] == mark]
    return _plain(rows.iloc[0]) if len(rows) else None


def _input(observation_id: str, row: Row | None, names: labels.Words) -> Component:
    """Return one part of a computed mark; of official values who counted and with whom tells the parts apart."""
    if row is None:
        return html.Span(f"{observation_id} (not in this state of knowledge)")
    shown = labels.bounded(float(row["obs_value"]), str(row["unit_measure"]), str(row["bound"]))
    what = str(row["measures"])
    if row["provenance"] == "statistic" and row["counterpart_area"]:
        ends = [names.area(str(row[name])) for name in ("ref_area", "counterpart_area")]
        what += f", {ends[0]} reporting, with {_named(ends[1])}"
    return mark_button(
        observation_id, f"{shown}, {labels.period(str(row['time_period']))}: {what} ({row['publisher']})"
    )


def _named(area: str) -> str:
    return "the world" if area == "World" else area


QUANTITIES: Mapping[str, str] = {"TRADE_TOTAL": "trade", "EXP_FOB": "exports", "IMP_CIF": "imports"}
CODE = re.compile(r"\b[A-Z][A-Z0-9_]{2,}\b")


def formula_words(formula: str, names: labels.Words) -> str:
    """Return a formula with quantities and areas in words instead of codes.

    >>> formula_words("EXP_FOB + IMP_CIF", labels.NO_WORDS)
    'exports + imports'
    """

    def said(found: re.Match[str]) -> str:
        code = found.group()
        return QUANTITIES.get(code) or _named(names.name("CL_AREA", code))

    return CODE.sub(said, formula).replace(" / ", " ÷ ")


def _computed(row: Row, names: labels.Words) -> Iterator[tuple[str, str]]:
    """Say how a mark was computed, of what, and what it stands for; an interval where one was formed."""
    formula = str(row.get("formula") or "adds or relates the observations below")
    yield "Computed by us", formula_words(formula, names)
    if row.get("indicator"):
        yield "Quantity", names.indicator(str(row["indicator"]))
    if row.get("ref_area"):
        yield "Areas", labels.pair(names, str(row["ref_area"]), str(row.get("counterpart_area") or ""))
    yield "Role", names.role(str(row.get("role") or "actual"))
    low, high = (row.get(name) for name in ("value_low", "value_high"))
    if low not in (None, "") and high not in (None, ""):
        yield "Interval", labels.interval(float(str(low)), float(str(high)), str(row.get("unit_measure", "")))


def _section(title: str, children: Sequence[Component]) -> Iterator[Component]:
    if children:
        yield html.H3(title)
        yield html.Div(list(children))
