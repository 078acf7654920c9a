"""The ledger: every observation in one grid that filters, sorts and opens its provenance."""

from collections.abc import Mapping
from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
import pandas as pd
from dash import Dash, Input, Output, State, html
from dash.development.base_component import Component
from flask import Response, request

from components import labels
from components.desk import Desk
from components.downloads import attachment, refusal
from components.elements import aria
from components.findings.reading import Concerned, counted_words, index
from components.views import Choice, Page, Parameter, Selection, select
from components.wiring import browser_side
from pipelines.errors import DataError
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

# Column of the grid, its title, its width, and whether it is shown at first.
COLUMNS: tuple[tuple[str, str, int, bool], ...] = (
    ("obs_value", "Value", 150, True),
    ("time_period", "Period", 130, True),
    ("measures", "What it measures", 420, True),
    ("areas", "Areas", 210, True),
    ("role", "Role", 110, True),
    ("publisher", "Published by", 220, True),
    ("source_class", "Class", 110, True),
    ("as_written", "As written", 190, True),
    ("findings", "Findings", 130, True),
    ("vintage", "Known since", 130, False),
    ("indicator", "Quantity", 240, False),
    ("measure_type", "Measure", 120, False),
    ("commodity", "Product", 160, False),
    ("obs_status", "Status", 110, False),
    ("edition", "Edition", 150, False),
    ("hidden", "Hidden because", 220, False),
    ("observation_id", "Observation", 260, True),
)

GRID_THEME = (
    "themeQuartz.withParams({backgroundColor: 'var(--paper)', foregroundColor: 'var(--ink)', "
    "borderColor: 'var(--line)', headerBackgroundColor: 'var(--soft)', accentColor: 'var(--accent)', "
    "fontFamily: 'inherit', fontSize: 13.5, browserColorScheme: 'inherit', spacing: 6})"
)


def ledger_rows(tables: Tables, selection: Selection) -> pd.DataFrame:
    """Return the observations of the chosen kind, hidden ones only on demand."""
    rows = tables.observations
    kinds = tables.sources.set_index("source_id")["kind"]
    is_statistic, is_document = rows["provenance"] == "statistic", rows["source_id"].map(kinds) == "document"
    keep = {
        "documents": is_document,
        "printed": ~is_statistic & ~is_document,
        "statistics": is_statistic,
        "all": pd.Series(True, index=rows.index),
    }[selection["kind"]]
    chosen = rows[keep if selection["hidden"] == "on" else keep & ~rows["is_hidden"]]
    return chosen.sort_values("is_core", ascending=False, kind="stable")


def ledger(tables: Tables, selection: Selection) -> Component:
    """Return the grid with its tools and the count of what it shows and holds back."""
    rows = ledger_rows(tables, selection)
    held_back = len(ledger_rows(tables, {**selection, "hidden": "on"})) - len(rows)
    return html.Div(
        [
            _tools(selection),
            html.P(_counted(rows, held_back), className="quiet"),
            _grid(rows, labels.words(tables.codes), index(tables).about),
        ]
    )


def _counted(rows: pd.DataFrame, held_back: int) -> str:
    undated = int((rows["time_period"].fillna("") == "").sum())
    back = f" {held_back} more are held back as misprints, other scopes or other conversions." if held_back else ""
    return f"{len(rows)} observations, {undated} of them without a date.{back}"


def _tools(selection: Selection) -> Component:
    columns: Component = dmc.CheckboxGroup(
        html.Div(
            [dmc.Checkbox(label=title, value=name, size="sm") for name, title, _, _ in COLUMNS],
            className="controls-row",
        ),
        id="ledger-columns",
        value=[name for name, _, _, shown in COLUMNS if shown],
        **aria(label="Columns shown"),
    )
    words: Component = dmc.TextInput(
        id="ledger-words",
        label="Full text",
        placeholder="any words, e.g. pipeline 2014",
        value="",
        size="sm",
        w=320,
        debounce=150,
    )
    query = "&".join(f"{name}={entry}" for name, entry in selection.items())
    return html.Div(
        [
            html.Div(
                [words, html.A("CSV of these rows", href=f"/download/figures.csv?{query}", className="action")],
                className="controls-row",
            ),
            html.Details([html.Summary("Columns"), columns], className="more"),
        ],
        className="controls",
    )


def _grid(rows: pd.DataFrame, names: labels.Words, about: Concerned) -> Component:
    grid: Component = dag.AgGrid(
        id="ledger",
        rowData=records(rows, names, about),
        columnDefs=[_column(*column) for column in COLUMNS],
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


def _column(name: str, title: str, width: int, shown: bool) -> dict[str, Any]:
    column: dict[str, Any] = {"field": name, "headerName": title, "width": width, "hide": not shown}
    if name == "obs_value":
        column |= {
            "valueFormatter": {"function": "params.data.shown"},
            "filter": "agNumberColumnFilter",
            "pinned": None,
        }
    if name == "observation_id":
        column |= {"cellRenderer": "MarkButton"}
    return column


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
        "measures": row["measures"],
        "areas": labels.pair(names, row["ref_area"], row["counterpart_area"]) if row["ref_area"] else "",
        "role": names.role(row["role"]),
        "publisher": row["publisher"],
        "source_class": names.source_class(row["source_class"]),
        "as_written": " ".join(row["as_written"].split()),
        "vintage": row["vintage"],
        "indicator": names.indicator(row["indicator"]),
        "measure_type": names.name("CL_MEASURE_TYPE", row["measure_type"]),
        "commodity": names.name("CL_COMMODITY", row["commodity"]) if row["commodity"] else "",
        "obs_status": names.name("CL_OBS_STATUS", row["obs_status"]),
        "edition": row["edition"],
        "hidden": (row["disagrees_with"] or "other scope") if row["is_hidden"] else "",
    }


def register(app: Dash, desk: Desk) -> None:
    """Connect the text and the column chooser to the grid, a row to its provenance, and answer the download."""
    browser_side(
        app,
        "ledgerWords",
        [Output("ledger", "dashGridOptions")],
        [Input("ledger-words", "value"), State("ledger", "dashGridOptions")],
    )
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
            rows = ledger_rows(desk.tables(raw), select(PAGE.parameters, raw))
        except DataError as error:
            return refusal(error)
        return attachment(csv_bytes(rows), "figures.csv", "text/csv; charset=utf-8")

    app.server.add_url_rule("/download/figures.csv", "figures_csv", figures_csv)


PAGE = Page(
    "/figures",
    "Figures",
    "Every figure behind the charts: what the five documents quote, what others printed, and official statistics. "
    "Choose a row to see who said it, when, and who says otherwise.",
    (),
    (KIND, HIDDEN),
    extra={"below": ledger, "register": register, "grid": True},
)
