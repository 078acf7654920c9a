"""Sources and methods: who is quoted, which rules apply, what is missing, and all the data to take away."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from dash import html
from dash.development.base_component import Component

from components import labels
from components.downloads import state_query
from components.elements import outside_link, table
from components.views import Page, Selection
from pipelines.tables import Tables

RULES = (
    (
        "Reading",
        "A number is never typed in: it is read from the words as written, and the unit before conversion is kept.",
    ),
    (
        "Bounds",
        "A hedge in the wording becomes an interval: “about” is rounded to the last digit that is not zero; “nearly” "
        "lies just below; “at least”, “more than” and “up to” leave one end open.",
    ),
    (
        "Roles",
        "Targets, plans, pledges, contracts and capacities are kept apart from what happened and never drawn like it.",
    ),
    ("Lines", "A line needs two comparable observations of one reporter and one valuation; a missing year is a gap."),
    ("Chains", "Only a declared chain may cross from one publisher or edition to another, and the chart shows where."),
    (
        "Preferred value",
        "China’s reports are the default for its trade, since Russia stopped publishing in 2022; both sides are shown.",
    ),
    (
        "Grades",
        "A rate is stated for comparable promises only; with grade C both sides stand without one, also in downloads.",
    ),
    (
        "Undated figures",
        "A figure without a date is shown beside an axis, never on it; an undated promise is never missed.",
    ),
    (
        "As known on",
        "“As published by then” removes what came out later; “cut at a year” keeps today’s values up to that year.",
    ),
)
LIMITS = (
    "The European Union’s imports, trade in services and most trade after April 2026 are not covered.",
    "No year at hand has official reports of both China and Kazakhstan; their gap rests on pairs the press printed.",
    "Russia’s own figures after 2021 are estimates made from its partners’ data and never enter a mirror gap.",
    "Product groups are known for single years under changing definitions, so they are points and never a line.",
    "Chinese investment in Russia has no yearly official series here; the announced portfolio is a set of claims.",
    "Gas volumes depend on reference conditions: axis titles name the temperature or heating value.",
)


def above(tables: Tables, selection: Selection) -> Component:
    """Return the download and how to cite the data."""
    del selection
    query = state_query(tables.as_known)
    address = "/download/bilateral.zip" + (f"?{urlencode(query)}" if query else "")
    return html.Section(
        [
            html.H2("Take the whole data set"),
            html.P("Every table as CSV and Parquet with a data dictionary, in the state of knowledge chosen above."),
            html.P(html.A("Download the data (zip)", href=address, className="button")),
            html.P(
                f"Cite as: Bilateral data set, version {tables.digest[:12]}, and the source of each figure.",
                className="quiet",
            ),
        ],
        className="card",
        id="download",
    )


def below(tables: Tables, selection: Selection) -> Component:
    """Return documents, publishers, editions, rules, limits and known slips."""
    del selection
    counts = tables.observations["source_id"].value_counts().to_dict()
    sources = tables.sources.astype(object).where(tables.sources.notna(), "")
    documents = sources[sources["kind"] == "document"].to_dict("records")
    statistics = sources[sources["kind"] == "statistics"].to_dict("records")
    press = sources[sources["kind"] == "press"].to_dict("records")
    return html.Div(
        [
            _section(
                "documents",
                "The five documents" if len(documents) == 5 else "Documents",
                [_document(_named(row), counts, tables) for row in documents],
            ),
            _section("statistics", "Publishers of statistics", [_publishers(statistics, counts, tables)]),
            _section("editions", "Editions", [_editions(tables)]),
            _section("chains", "Chains: lines of several parts", [_chains(tables)]),
            _section(
                "rules", "Rules", [html.Dl([cell for rule in RULES for cell in _rule(*rule)], className="facts wide")]
            ),
            _section("bounds", "Wording and interval", [_bounds(tables)]),
            _section("limits", "Known limits", [html.Ul([html.Li(text) for text in LIMITS])]),
            _section("corrections", "Known slips of the sources", [_corrections(tables)]),
            _section("press", "Press and other publishers", [_publishers(press, counts, tables)]),
        ],
        className="stack",
    )


def _named(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key): entry for key, entry in row.items()}


def _section(identity: str, title: str, children: Sequence[Component]) -> Component:
    return html.Section([html.H2(title), *children], className="card", id=identity)


def _rule(term: str, text: str) -> tuple[Component, Component]:
    return html.Dt(term), html.Dd(text)


def _document(row: Mapping[str, Any], counts: Mapping[Any, int], tables: Tables) -> Component:
    names = labels.words(tables.codes)
    basis = labels.VINTAGE_WORDS.get(str(row["published_basis"]), str(row["published_basis"]))
    note = f": {row['published_note']}" if row["published_note"] else ""
    return html.Article(
        [
            html.H3(row["title"]),
            html.P(
                f"{row['author'] or 'No author stated'}. {row['publisher']} "
                f"({names.source_class(row['source_class']).lower()})."
            ),
            html.P(
                f"{labels.period(row['published'])} ({basis}{note}). {counts.get(row['source_id'], 0)} figures quoted."
            ),
            html.P(
                [f"Licence: {row['licence']}. ", outside_link(row["url"], "Open") if row["url"] else ""],
                className="quiet",
            ),
            html.P(row["note"], className="quiet") if row["note"] else None,
        ],
        id=row["source_id"],
        className="document",
    )


def _publishers(rows: Sequence[Mapping[Any, Any]], counts: Mapping[Any, int], tables: Tables) -> Component:
    names = labels.words(tables.codes)
    cells = [
        (
            html.Tr(
                [
                    html.Th(
                        [
                            outside_link(row["url"], row["publisher"]),
                            *(
                                [html.Br(), html.Span(row["title"], className="quiet")]
                                if row["title"] != row["publisher"]
                                else []
                            ),
                        ],
                        scope="row",
                    ),
                    html.Td(names.source_class(str(row["source_class"]))),
                    html.Td(str(counts.get(row["source_id"], 0)), className="number"),
                    html.Td(row["licence"]),
                    html.Td(row["note"]),
                ],
                id=row["source_id"],
            )
        )
        for row in sorted(rows, key=lambda row: (-counts.get(row["source_id"], 0), row["publisher"]))
    ]
    return table(("Publisher and title", "Class", "Figures", "Licence", "To know"), cells)


def _cells(entries: Sequence[object]) -> Component:
    first, *rest = (str(entry) for entry in entries)
    return html.Tr([html.Th(first, scope="row"), *(html.Td(entry) for entry in rest)])


def _editions(tables: Tables) -> Component:
    held = tables.observations[tables.observations["provenance"] == "statistic"]
    if held.empty:
        return html.P("No edition is known in this state of knowledge.", className="quiet")
    held = held.assign(edition=held["edition"].fillna(""), vintage=held["vintage"].fillna(""))
    found = held.groupby(["publisher", "source_id", "edition"], as_index=False).agg(
        first=("time_period", "min"),
        last=("time_period", "max"),
        rows=("time_period", "size"),
        known=("vintage", "max"),
    )
    told = tables.editions[["dataset_id", "edition", "note"]].rename(columns={"dataset_id": "source_id"})
    found = found.merge(told, on=["source_id", "edition"], how="left", validate="many_to_one").fillna({"note": ""})
    cells = [
        _cells(
            (
                row["publisher"],
                row["edition"],
                row["note"],
                _span(row["first"], row["last"]),
                row["rows"],
                _since(row["known"]),
            )
        )
        for row in map(_named, found.to_dict("records"))
    ]
    return table(("Publisher", "Edition", "What it is", "Periods", "Values", "Known since (newest)"), cells)


def _span(first: str, last: str) -> str:
    return labels.period(first) if first == last else f"{labels.period(first)} to {labels.period(last)}"


def _since(vintage: str) -> str:
    return labels.period(vintage) if vintage else "date unknown"


def _chains(tables: Tables) -> Component:
    if tables.chains.empty:
        return html.P("No line joins several parts in this state of knowledge.", className="quiet")
    rows = tables.chains.astype(object).where(tables.chains.notna(), "")
    publishers = tables.sources.set_index("source_id")["publisher"]
    names = labels.words(tables.codes)
    cells = [
        _cells(
            (
                f"{names.indicator(row['indicator'])}: {row['title']}",
                f"{publishers.get(row['dataset_id'], row['dataset_id'])}, {row['edition']}",
                _span(str(row["period_from"]), str(row["period_to"])),
                _at_the_seam(row),
                row["reason"],
            )
        )
        for row in map(_named, rows.to_dict("records"))
    ]
    return table(("Line", "Part", "Periods", "Against the part before", "Why they may be joined"), cells)


def _at_the_seam(row: Mapping[str, Any]) -> str:
    if row["overlap_difference"] == "":
        return ""
    difference = labels.value(100 * float(row["overlap_difference"]), "PERCENT")
    return f"{difference} in {labels.period(str(row['overlap_period']))}"


def _bounds(tables: Tables) -> Component:
    rows = tables.codes["CL_BOUND"]
    cells = [_cells((row["name"], row["code"], row["description"])) for row in rows.to_dict("records")]
    return table(("Meaning", "Code", "Wording"), cells)


def _corrections(tables: Tables) -> Component:
    rows = tables.corrections.astype(object).where(tables.corrections.notna(), "")
    titles = tables.sources.set_index("source_id")["title"]
    cells = [
        _cells(
            (
                titles.get(row["source_id"], row["source_id"]),
                f"letters {row['char_start']} to {row['char_end']}" if row["char_start"] != "" else "",
                f"{row['action']} “{row['read_as']}”" if row["read_as"] else row["action"],
                row["reason"],
            )
        )
        for row in map(_named, rows.to_dict("records"))
    ]
    return table(("Document", "Where", "What we do", "Why it is a slip"), cells)


PAGE = Page(
    "/sources",
    "Sources and methods",
    "Whose figures these are, how they are read and compared, what is missing, and all of it to take away.",
    (),
    extra={"above": above, "below": below},
)
