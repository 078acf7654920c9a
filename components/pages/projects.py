"""The page of projects: the register, the terms of contracts and programmes, the map, and the sizes people named."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import starmap
from operator import itemgetter

import pandas as pd

from components import labels
from components.charts import base
from components.charts import projects as charts
from components.findings.reading import Concerned, counted_words, index
from components.marks import absent, exhibit, hold_rows, quote, without
from components.shelves import Rows, codes_in
from components.views import Choice, Exhibit, Page, Parameter, Selection, View
from pipelines.schema import PROJECTS
from pipelines.tables import Tables

KIND_GROUPS: Mapping[str, tuple[str, ...]] = {
    "terms": ("agreement", "programme", "pledge"),
    "works": (
        "gas pipeline", "oil pipeline", "LNG terminal", "railway", "road", "bridge", "waterway", "transport route",
        "port", "logistics", "zone",
    ),
    "bodies": ("list", "bank", "fund", "organisation", "exercise", "rally"),
}  # fmt: skip
KINDS = (*KIND_GROUPS["works"], *KIND_GROUPS["terms"], *KIND_GROUPS["bodies"])
AREAS: Mapping[str, str] = {
    "RUS": "Russia", "CHN": "China", "KAZ": "Kazakhstan", "EAEU": "Eurasian Economic Union",
    "BRI": "Belt and Road countries", "SCO": "Shanghai Cooperation Organisation", "BRICS": "BRICS",
    "EU27": "European Union (27)", "CEE16": "16 Central and East European countries",
    "CIS_OTHER": "Other CIS countries", "AFG": "Afghanistan", "ARM": "Armenia", "AZE": "Azerbaijan", "BLR": "Belarus",
    "DEU": "Germany", "GEO": "Georgia", "GRC": "Greece", "HUN": "Hungary", "IND": "India", "IRN": "Iran",
    "KGZ": "Kyrgyzstan", "PAK": "Pakistan", "PRK": "North Korea", "SRB": "Serbia", "TJK": "Tajikistan",
    "TKM": "Turkmenistan", "TUR": "Türkiye", "UKR": "Ukraine", "UZB": "Uzbekistan",
}  # fmt: skip

EVERYTHING = Choice("all", "Everything")
KIND = Parameter("kind", "Kind", "all", choices=(EVERYTHING, *(Choice(kind, kind) for kind in KINDS)))
AREA = Parameter(
    "area", "Area", "all", choices=(Choice("all", "Everywhere"), *(Choice(code, name) for code, name in AREAS.items()))
)
STATUS = Parameter(
    "status", "Status", "all", choices=(Choice("all", "Any"), *(Choice(name, name) for name in charts.STATUSES))
)
FILTERS = (KIND, AREA, STATUS)
GROUP = Parameter(
    "terms_of",
    "Terms of",
    "terms",
    choices=(
        Choice("terms", "Contracts, programmes"),
        Choice("works", "Lines and sites"),
        Choice("bodies", "Lists, banks, bodies"),
    ),
    help="Only entries with a date can stand on the time axis.",
)
REGION = Parameter(
    "region",
    "Part of the map",
    "all",
    choices=(
        Choice("all", "All"),
        Choice("far_east", "Far East"),
        Choice("central_asia", "Central Asia"),
        Choice("europe", "Europe"),
    ),
)
LENGTHS = ("ROUTE_LENGTH", "RIVER_LENGTH")
COSTS = ("PROJECT_COST", "PROJECT_VALUE", "DEAL_VALUE", "CONTRACT_VALUE")
REGISTER_COLUMNS: Mapping[str, str] = {
    "label": "Entry", "kind": "Kind", "status": "Status", "status_as_of": "As of", "area_names": "Areas",
    "capacity": "Capacity", "length_km": "Length, km", "cost": "Cost", "term": "Term", "start_place": "From",
    "end_place": "To", "figures": "Figures", "questioned": "Findings about them", "source_id": "Source of the status",
}  # fmt: skip
TERM_COLUMNS: Mapping[str, str] = {
    "label": "Entry", "kind": "Kind", "status": "Status", "date_start": "Start", "date_end": "End",
    "date_basis": "Date", "figures": "Figures", "source_id": "Source",
}  # fmt: skip
MAP_COLUMNS: Mapping[str, str] = {
    "label": "Entry", "kind": "Kind", "status": "Status", "start_place": "From", "end_place": "To",
    "place_precision": "Known to the", "figures": "Figures", "questioned": "Findings about them", "source_id": "Source",
}  # fmt: skip
TEXT = tuple(field.name for field in PROJECTS.fields if field.type == "text")
NO_ENTRY = "No entry of the register has this kind, area and status together. Choose Everything in one of the three."


def registered(tables: Tables) -> Rows:
    """Return the register as rows: one entry each, of the statuses known in this state of knowledge.

    `time_period` is the date of the status and `obs_value` empty, for an entry is not a number; `figure_ids` leads to
    the figures said about it.
    """
    return hold_rows(tables, "register", lambda: _register(tables))


def _register(tables: Tables) -> pd.DataFrame:
    entries = tables.projects
    entries = entries.assign(**{name: entries[name].astype(object).fillna("") for name in TEXT})
    speakers = tables.sources.drop_duplicates("source_id").set_index("source_id")
    source_ids = _status_sources(entries["status_source"], tables.observations)
    names = labels.words(tables.codes)
    rows = entries.assign(
        observation_id="",
        label=entries["name"],
        time_period=entries["status_as_of"],
        obs_value=float("nan"),
        unit_measure="",
        source_id=source_ids,
        said_by=speakers["publisher"].reindex(source_ids).fillna("").to_numpy(),
        source_class=speakers["source_class"].reindex(source_ids).fillna("").to_numpy(),
        figure_ids=entries["figure_ids"].str.replace(";", " ; ", regex=False),
        figures=[_first_ids(ids) for ids in entries["figure_ids"]],
        area_names=[names.area(areas) for areas in entries["areas"]],
        term=[
            _term(*ends) for ends in zip(entries["date_start"], entries["date_end"], entries["date_basis"], strict=True)
        ],
        questioned=[_questioned(ids, index(tables).badged) for ids in entries["figure_ids"]],
        _kind=entries["kind"].map({kind: place for place, kind in enumerate(KINDS)}),
    )
    return rows.sort_values("_kind", kind="stable").drop(columns="_kind").reset_index(drop=True)


def _status_sources(status_source: pd.Series, observations: pd.DataFrame) -> list[str]:
    """Return the source of each status; a status told by a figure has the source of that figure."""
    told = observations.drop_duplicates("observation_id").set_index("observation_id")["source_id"]
    return [str(told.get(source, source)) for source in status_source]


def _questioned(ids: str, badged: Concerned) -> str:
    """Return how many conflicts and cautions there are about the figures of an entry: they concern no place or date."""
    found = {finding.finding_id: finding for one in ids.split(";") for finding in badged.get(one, ())}
    return counted_words(list(found.values()))


def _first_ids(ids: str, shown: int = 2) -> str:
    """Return the first figures of an entry, and how many more it has."""
    named = [name for name in ids.split(";") if name]
    more = f" and {len(named) - shown} more" if len(named) > shown else ""
    return ", ".join(named[:shown]) + more


def _term(start: str, end: str, basis: str) -> str:
    if start and end:
        return f"{labels.period(start)} to {labels.period(end)}, end {basis}"
    if start:
        return f"from {labels.period(start)}, no end stated"
    return f"to {labels.period(end)}, no start stated" if end else ""


def chosen(entries: Rows, selection: Selection) -> Rows:
    """Return the entries of the kind, area and status picked."""
    kind, area, status = (selection[parameter.name] for parameter in FILTERS)
    return [
        row
        for row in entries
        if kind in ("all", row["kind"]) and status in ("all", row["status"])
        if area == "all" or area in row["areas"].split(";")
    ]


def _why_none(tables: Tables, entries: Rows) -> str:
    return NO_ENTRY if entries else absent(tables, "the status of a project")


def _state_caveat(tables: Tables) -> str:
    told = "Entries of the register that rest on a later status do not exist in this mode."
    return "" if tables.as_known.mode == "latest" else told


def build_register(tables: Tables, selection: Selection) -> Exhibit:
    """Return every entry of the register as one mark in the row of its kind; the frame is the register."""
    title = "The register: what there is, and how far it got"
    entries = registered(tables)
    rows = chosen(entries, selection)
    if not rows:
        return without(title, _why_none(tables, entries))
    days = sorted(row["status_as_of"] for row in rows)
    return replace(
        exhibit(
            title,
            charts.unit_chart(rows),
            rows,
            [
                f"{_counted(len(rows), 'entry')} of {_counted(len(codes_in(rows, 'kind')), 'kind')}: "
                f"{_counts(rows, 'status', charts.STATUSES)}."
            ],
            [
                f"Each status is the last one a source tells, dated {labels.period(days[0])} to "
                f"{labels.period(days[-1])}; what happened since may be missing.",
                "Marks count entries and weigh nothing: a bridge and a fund are one mark each.",
                _state_caveat(tables),
            ],
        ),
        columns=REGISTER_COLUMNS,
    )


def _counts(rows: Rows, column: str, codes: Iterable[str], joint: str = "") -> str:
    """Return how many rows have each of the codes, those that none has left aside."""
    counts = Counter(row[column] for row in rows)
    return labels.join_words([f"{counts[code]} {joint}{code}" for code in codes if code in counts])


def build_terms(tables: Tables, selection: Selection) -> Exhibit:
    """Return contracts and programmes as boxes from start to end; what has no date is named and not drawn."""
    title = "Terms: from when to when"
    entries = registered(tables)
    kinds = KIND_GROUPS[selection["terms_of"]]
    terms = hold_rows(tables, "terms", lambda: _dated(entries))
    dated, rows = ([row for row in chosen(held, selection) if row["kind"] in kinds] for held in (terms, entries))
    if not dated:
        return without(title, _why_no_term(tables, rows, entries, selection))
    both = [row for row in dated if row["start"] and row["end"]]
    derived = [row["label"] for row in both if row["date_basis"] == "derived"]
    known = {row["project_id"] for row in dated}
    undated = [row["label"] for row in rows if row["project_id"] not in known]
    sentences = [
        f"{_counted(len(dated), 'entry')} with a date, {len(both)} with a start and an end.",
        *_earliest_and_last(dated, both),
    ]
    caveats = [
        f"Ends drawn dashed are ours, start plus the term told: {labels.join_words(derived)}." if derived else "",
        f"Without any date and therefore not drawn: {labels.join_words(undated)}." if undated else "",
        "A year without a month is drawn from its first to its last day.",
        _state_caveat(tables),
    ]
    drawn = exhibit(title, charts.term_chart(dated), dated, sentences, caveats)
    return replace(drawn, columns=TERM_COLUMNS)


def _earliest_and_last(dated: Rows, both: Rows) -> Iterator[str]:
    first = next((row for row in dated if row["start"]), None)
    last = max(both, key=itemgetter("end"), default=None)
    if first:
        yield f"The earliest, {first['label']}, begins {_on(first['date_start'])}."
    if last:
        yield f"The last to end is {last['label']}, {_on(last['date_end'])}."


def _dated(entries: Rows) -> Rows:
    """Return the entries with a start or an end, by date, with both as days and their period as a period."""
    ends = [(row, row["date_start"], row["date_end"]) for row in entries if row["date_start"] or row["date_end"]]
    placed = [
        {
            **row,
            "start": base.extent(start)[0] if start else "",
            "end": base.extent(end)[1] if end else "",
            "time_period": "/".join(filter(None, (start, end))),
        }
        for row, start, end in ends
    ]
    return sorted(placed, key=lambda row: row["start"] or row["end"])


def _on(date: str) -> str:
    """Return a date with the word that fits it: a day has another one than a month or a year."""
    return f"{'on' if len(date) == 10 else 'in'} {labels.period(date)}"


def _why_no_term(tables: Tables, rows: Rows, entries: Rows, selection: Selection) -> str:
    if not rows and chosen(entries, selection):
        group = next(choice.label for choice in GROUP.choices if choice.value == selection["terms_of"])
        return f"None of the entries picked belongs to “{group}”. Choose another group under “{GROUP.label}”."
    if not rows:
        return _why_none(tables, entries)
    named = labels.join_words([row["label"] for row in rows])
    return f"No date is stated for {named}; nothing undated stands on a time axis."


def build_map(tables: Tables, selection: Selection) -> Exhibit:
    """Return the entries with coordinates on a map, with straight links between two ends."""
    title = "Where: places and links"
    entries = registered(tables)
    rows = chosen(entries, selection)
    located = [row for row in rows if charts.is_placed(row, "start")]
    if not located:
        reason = f"None of the {len(rows)} entries picked has a place." if rows else _why_none(tables, entries)
        return without(title, reason)
    links = sum(charts.is_placed(row, "end") for row in located)
    told = _counts(located, "place_precision", charts.HALO, "to the ")
    drawn = exhibit(
        title,
        charts.map_chart(located, selection["region"]),
        located,
        [
            f"{len(located)} of {len(rows)} entries have a place, {links} of them two ends.",
            f"Places are known as follows: {told}.",
        ],
        [
            "Straight links are schematic: they join two ends and follow no route.",
            "Ends of lines are often ours, the nearest town the text allows; halos show how vague a place is.",
            "Borders come with the map (Natural Earth) and take no side.",
            _state_caveat(tables),
        ],
    )
    return replace(drawn, columns=MAP_COLUMNS)


def build_lengths(tables: Tables, selection: Selection) -> Exhibit:
    """Return every length a source states for an entry, on a log axis."""
    return _sizes(tables, selection, LENGTHS, "Lengths as stated", "length")


def build_costs(tables: Tables, selection: Selection) -> Exhibit:
    """Return every cost and project value a source states for an entry, on a log axis, never summed."""
    return _sizes(tables, selection, COSTS, "Costs and project values as stated", "cost or value")


def _sizes(tables: Tables, selection: Selection, indicators: Sequence[str], title: str, noun: str) -> Exhibit:
    entries = registered(tables)
    names = {row["project_id"] for row in chosen(entries, selection)}
    every = hold_rows(tables, ("sizes", *indicators), lambda: _figures(tables, entries, indicators))
    figures = [row for row in every if row["project_id"] in names]
    if not figures:
        reason = absent(tables, f"a {noun} of these entries") if entries else _why_none(tables, entries)
        return without(title, reason)
    scale = labels.scale_for(str(figures[0]["unit_measure"]), [row["obs_value"] for row in figures])
    ranked = sorted(figures, key=itemgetter("obs_value"))
    low, high = ranked[0], ranked[-1]
    drawn_of = codes_in(figures, "project_id")
    return exhibit(
        title,
        charts.size_chart(figures, noun, scale, labels.words(tables.codes)),
        figures,
        [
            f"{_counted(len(figures), 'figure')} for {_counted(len(drawn_of), 'entry')},",
            f"from {_amount(low)} ({low['project_name']}) to {_amount(high)} ({high['project_name']})."
            if len(figures) > 1
            else f"{_amount(low)} ({low['project_name']}).",
        ],
        [
            "Nothing is added up: parts stand inside wholes, and promises beside contracts.",
            _undated_caveat(figures),
            "Moscow–Kazan is the first stretch of Moscow–Beijing: its cost lies inside the larger one."
            if {"MOSCOW_KAZAN_HSR", "MOSCOW_BEIJING_HSR"} <= set(drawn_of)
            else "",
        ],
    )


def _undated_caveat(figures: Rows) -> str:
    undated = len(figures) - sum(isinstance(row["time_period"], str) and row["time_period"] != "" for row in figures)
    if not undated:
        return ""
    return f"Without a date in the source: {undated} of {_counted(len(figures), 'figure')}."


def _counted(amount: int, noun: str) -> str:
    return f"{amount} {labels.plural(noun, amount)}"


def _figures(tables: Tables, entries: Rows, indicators: Sequence[str]) -> pd.DataFrame:
    """Return the drawable figures of the entries, largest entry last, each with the name and status of its entry."""
    rows = tables.observations
    keep = rows["is_plottable"] & ~rows["is_hidden"] & rows["duplicate_of"].isna() & rows["indicator"].isin(indicators)
    called = pd.DataFrame(
        [(row["project_id"], row["name"], row["status"]) for row in entries],
        columns=["project_id", "project_name", "project_status"],
    )
    named = quote(rows[keep], "size").merge(called, on="project_id", how="inner", validate="many_to_one")
    alone = ~named["project_id"].duplicated(keep=False)
    texts = [_amount(row) if single else "" for single, row in zip(alone, base.records(named), strict=True)]
    largest = named.groupby("project_id")["obs_value"].transform("max")
    row_names = list(starmap(_row_name, named[["project_name", "project_status"]].to_numpy()))
    placed = named.assign(texts=texts, row_name=row_names, _largest=largest)
    return placed.sort_values(["_largest", "project_id"], kind="stable").drop(columns="_largest")


def _row_name(name: str, status: str) -> str:
    return f"{charts.shorten(name, charts.ROW_LETTERS - len(status) - 3)} · {status}"


def _amount(row: base.Row) -> str:
    return labels.bounded(float(row["obs_value"]), str(row["unit_measure"]), str(row["bound"]))


PAGE = Page(
    path="/projects",
    title="Projects",
    intro="Every pipeline, railway, port, fund, programme and list the documents name: its last known status, when it "
    "runs, where it lies, and the sizes people gave for it.",
    parameters=FILTERS,
    views=(
        View(
            "projects-register",
            "The register",
            "What was announced, and what became of it?",
            build_register,
            FILTERS,
            600,
        ),
        View("projects-map", "The map", "Where are the lines and sites?", build_map, (*FILTERS, REGION), 520),
        View(
            "projects-terms", "Terms", "How long do contracts and programmes run?", build_terms, (*FILTERS, GROUP), 680
        ),
        View("projects-lengths", "Lengths", "How long is what is planned?", build_lengths, FILTERS, 346),
        View("projects-costs", "Costs", "What are single projects said to cost?", build_costs, FILTERS, 454),
    ),
)
