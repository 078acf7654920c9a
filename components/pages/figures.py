"""The ledger: every observation in one grid that filters, sorts and opens its provenance."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import dash_ag_grid as dag
import dash_mantine_components as dmc
import pandas as pd
from dash import Dash, Input, Output, State, html
from dash.development.base_component import Component
from flask import Response, request

from components import labels
from components.desk import Desk
from components.downloads import STATE, attachment, refusal, refuse_unknown, state_query
from components.elements import aria
from components.findings.reading import Concerned, counted_words, index
from components.shelves import hold
from components.views import Choice, Page, Parameter, Selection, select
from components.wiring import browser_side
from pipelines.errors import DataError, nearest, raise_all
from pipelines.query import csv_bytes
from pipelines.tables import Tables

KIND = Parameter(
    "kind",
    "Show",
    "documents",
    choices=(
        Choice("documents", "Quoted in the documents"),
        Choice("printed", "Printed by others"),
        Choice("statistics", "Official statistics"),
        Choice("all", "All"),
    ),
)
HIDDEN = Parameter("hidden", "With misprints and other scopes", "off", kind="flag")
WORDS = Parameter("words", "Full text", "", kind="text", help="Every word must occur.")

# Column of the grid, its title, its width, and whether it is shown at first.
COLUMNS: tuple[tuple[str, str, int, bool], ...] = (
    ("obs_value", "Value", 140, True),
    ("time_period", "Period", 115, True),
    ("measures", "What it measures", 290, True),
    ("areas", "Areas", 165, True),
    ("role", "Role", 90, True),
    ("publisher", "Published by", 150, True),
    ("source_class", "Class", 90, True),
    ("as_written", "As written", 130, True),
    ("findings", "Findings", 115, True),
    ("vintage", "Known since", 130, False),
    ("indicator", "Quantity", 240, False),
    ("measure_type", "Measure", 120, False),
    ("commodity", "Product", 160, False),
    ("obs_status", "Status", 110, False),
    ("edition", "Edition", 150, False),
    ("hidden", "Hidden because", 220, False),
    ("observation_id", "Observation", 260, False),
)
SHOWN = Parameter(
    "columns", "Columns shown", ",".join(name for name, _, _, shown in COLUMNS if shown), "text", high=400, hidden=True
)
# Columns sorted by one entry of the record and read as another.
READ_AS: Mapping[str, str] = {"obs_value": "shown", "time_period": "period", "vintage": "known"}

GRID_THEME = (
    "themeQuartz.withParams({backgroundColor: 'var(--paper)', foregroundColor: 'var(--ink)', "
    "borderColor: 'var(--line)', headerBackgroundColor: 'var(--soft)', accentColor: 'var(--accent)', "
    "fontFamily: 'inherit', fontSize: 13.5, browserColorScheme: 'inherit', spacing: 6})"
)


def ledger_rows(tables: Tables, selection: Selection) -> pd.DataFrame:
    """Return the observations of the chosen kind that hold every word sought, hidden ones only on demand."""
    rows = tables.observations
    kinds = tables.sources.set_index("source_id")["kind"]
    is_statistic, is_document = rows["provenance"] == "statistic", rows["source_id"].map(kinds) == "document"
    keep = {
        "documents": is_document,
        "printed": ~is_statistic & ~is_document,
        "statistics": is_statistic,
        "all": pd.Series(True, index=rows.index),
    }[selection["kind"]]
    keep = keep if selection["hidden"] == "on" else keep & ~rows["is_hidden"]
    sought = selection["words"].casefold().split()
    if sought:
        known = _all_records(tables)
        keep &= rows["observation_id"].map(lambda name: all(word in known[name][1] for word in sought)).astype(bool)
    return rows[keep].sort_values("is_core", ascending=False, kind="stable")


def _all_records(tables: Tables) -> Mapping[str, tuple[dict[str, Any], str]]:
    """Return by its id every observation in words, and the text in which words are sought."""

    def found() -> Mapping[str, tuple[dict[str, Any], str]]:
        listed = records(tables.observations, labels.words(tables.codes), index(tables).about)
        return {str(row["observation_id"]): (row, _text(row)) for row in listed}

    return hold(tables, "ledger", found)


def _text(row: Mapping[str, Any]) -> str:
    words = " ".join(str(entry) for name, entry in row.items() if name != "obs_value")
    return words.replace(labels.NBSP, " ").casefold()


def ledger(tables: Tables, selection: Selection) -> Component:
    """Return the grid with its tools and the count of what it shows and holds back."""
    rows = ledger_rows(tables, selection)
    held_back = len(ledger_rows(tables, {**selection, "hidden": "on"})) - len(rows)
    columns = _chosen_columns(selection["columns"])
    query = {p.name: selection[p.name] for p in (KIND, HIDDEN, WORDS) if selection[p.name]} | state_query(
        tables.as_known
    )
    known = _all_records(tables)
    return html.Div(
        [
            _tools(f"/download/figures.csv?{urlencode(query)}", columns),
            html.P(_counted(rows, held_back), className="quiet", role="status"),
            _grid([known[name][0] for name in rows["observation_id"]], columns),
        ]
    )


def _counted(rows: pd.DataFrame, held_back: int) -> str:
    undated = int((rows["time_period"].fillna("") == "").sum())
    back = f" {held_back} more are held back as misprints, other scopes or other conversions." if held_back else ""
    found = f"{len(rows)} {labels.plural('observation', len(rows))}, {undated} of them without a date."
    return f"{found if len(rows) else 'No observation holds all these words.'}{back}"


def _chosen_columns(names: str) -> list[str]:
    """Return the columns an address names; unknown ones are refused with the nearest."""
    known, chosen = [name for name, *_ in COLUMNS], [name for name in names.split(",") if name]
    raise_all([f"columns={name[:40]!r} is no column{nearest(name, known)}." for name in chosen if name not in known])
    return chosen


def _tools(address: str, shown: list[str]) -> Component:
    columns: Component = dmc.CheckboxGroup(
        html.Div(
            [dmc.Checkbox(label=title, value=name, size="sm") for name, title, _, _ in COLUMNS],
            className="controls-row",
        ),
        id="ledger-columns",
        value=shown,
        **aria(label="Columns shown"),
    )
    return html.Div(
        [
            html.Details([html.Summary("Columns"), columns], className="more"),
            html.P(html.A("CSV of these rows, with all columns", href=address)),
        ],
        className="controls",
    )


def _grid(rows: list[dict[str, Any]], shown: list[str]) -> Component:
    grid: Component = dag.AgGrid(
        id="ledger",
        rowData=rows,
        columnDefs=[_column(name, title, width, hide=name not in shown) for name, title, width, _ in COLUMNS],
        defaultColDef={"sortable": True, "filter": True, "resizable": True, "tooltipField": "measures"},
        dashGridOptions={
            "theme": {"function": GRID_THEME},
            "animateRows": False,
            "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
            "enableCellTextSelection": True,
            "suppressColumnVirtualisation": False,
            "ensureDomOrder": True,
        },
        style={"height": "68vh", "minHeight": "420px"},
    )
    return html.Div(grid, role="region", **aria(label="Ledger of observations"))


def _column(name: str, title: str, width: int, *, hide: bool) -> dict[str, Any]:
    column: dict[str, Any] = {"field": name, "headerName": title, "width": width, "hide": hide}
    if name in READ_AS:
        column["valueFormatter"] = words = {"function": f"params.data.{READ_AS[name]}"}
        column |= {"filter": "agNumberColumnFilter"} if name == "obs_value" else {"filterValueGetter": words}
    return column | ({"cellRenderer": "MarkButton"} if name in ("obs_value", "observation_id") else {})


def records(rows: pd.DataFrame, names: labels.Words, about: Concerned) -> list[dict[str, Any]]:
    """Return the rows of the grid in words, each with what the findings about it say."""
    plain = rows.astype(object).where(rows.notna(), "").to_dict("records")
    return [
        _record({str(key): entry for key, entry in row.items()}, names)
        | {"findings": counted_words(about.get(str(row["observation_id"]), ()))}
        for row in plain
    ]


def _record(row: Mapping[str, Any], names: labels.Words) -> dict[str, Any]:
    return {
        "observation_id": row["observation_id"],
        "obs_value": row["obs_value"],
        "shown": labels.bounded(row["obs_value"], row["unit_measure"], row["bound"], counted=row["counted"], fine=True),
        "time_period": row["time_period"],
        "period": labels.promised_period(row),
        "measures": row["measures"],
        "areas": labels.pair(names, row["ref_area"], row["counterpart_area"]) if row["ref_area"] else "",
        "role": names.role(row["role"]),
        "publisher": row["publisher"],
        "source_class": names.source_class(row["source_class"]),
        "as_written": " ".join(row["as_written"].split()),
        "vintage": row["vintage"],
        "known": labels.period(row["vintage"]) if row["vintage"] else "",
        "indicator": names.indicator(row["indicator"]),
        "measure_type": names.name("CL_MEASURE_TYPE", row["measure_type"]),
        "commodity": names.name("CL_COMMODITY", row["commodity"]) if row["commodity"] else "",
        "obs_status": names.name("CL_OBS_STATUS", row["obs_status"]),
        "edition": row["edition"],
        "hidden": (row["disagrees_with"] or "other scope") if row["is_hidden"] else "",
    }


def register(app: Dash, desk: Desk) -> None:
    """Connect the column chooser to the grid, a row to its provenance, and answer the download."""
    browser_side(
        app,
        "ledgerColumns",
        [Output("ledger", "columnDefs")],
        [Input("ledger-columns", "value"), State("ledger", "columnDefs")],
    )
    browser_side(app, "ledgerRow", [Output("mark", "data", allow_duplicate=True)], [Input("ledger", "selectedRows")])

    def figures_csv() -> Response:
        raw = request.args.to_dict()
        try:
            refuse_unknown(raw, [KIND.name, HIDDEN.name, WORDS.name, *STATE])
            rows = ledger_rows(desk.tables(raw), select(PAGE.parameters, raw))
        except DataError as error:
            return refusal(error)
        return attachment(csv_bytes(rows), "figures.csv", "text/csv")

    app.server.add_url_rule("/download/figures.csv", "figures_csv", figures_csv)


PAGE = Page(
    "/figures",
    "Figures",
    "Every figure behind the charts: what the five documents quote, what others printed, and official statistics. "
    "Choose a row to see who said it, when, and who says otherwise.",
    (),
    (KIND, HIDDEN, WORDS, SHOWN),
    extra={"below": ledger, "register": register, "grid": True},
)
