"""The card of a chart: title, sentence, picture, caveats, source, and what a reader can do with it."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from components import labels
from components.charts.base import keys
from components.elements import aria, data, mark_button
from components.views import Exhibit, View

GRAPH_CONFIG: Any = {
    "displaylogo": False,
    "responsive": True,
    "topojsonURL": "/assets/topojson/",
    # No chart leaves for somebody else's cloud at the press of a button.
    "modeBarButtonsToRemove": ["toImage", "select2d", "lasso2d", "autoScale2d", "sendChartToCloud"],
    "plotlyServerURL": "",
    "showTips": False,
}


def card(view: View, *, shown: bool) -> Component:
    """Return the card of a view; a shown one is filled when its selection has been made and answered."""
    name = view.view_id
    return html.Section(
        [
            dcc.Store(id=f"sel-{name}"),
            dcc.Store(id=f"exhibit-{name}"),
            dcc.Store(id=f"overlay-{name}"),
            dcc.Store(id=f"asked-{name}"),
            html.Header(
                [
                    html.P(view.question, className="card-question"),
                    html.H2(html.A(view.title, href=f"#card-{name}", id=f"title-{name}"), className="card-title"),
                    html.P(id=f"summary-{name}", className="card-summary"),
                ]
            ),
            _picture(view),
            html.Ul(id=f"caveats-{name}", className="card-caveats"),
            html.P(id=f"definitions-{name}", className="card-definitions"),
            html.P(id=f"sources-{name}", className="card-sources"),
            _actions(name),
            html.Div(id=f"table-{name}", className="card-table"),
        ],
        id=f"card-{name}",
        className="card is-wide" if view.wide else "card",
        style=None if shown else {"display": "none"},
        **aria(labelledby=f"title-{name}"),
    )


def _picture(view: View) -> Component:
    name = view.view_id
    target: Any = {f"exhibit-{name}": "data"}
    described = aria(labelledby=f"title-{name}", describedby=f"summary-{name}")
    return html.Div(
        dcc.Loading(
            [
                html.Figure(id=f"picture-{name}", className="picture", style={"minHeight": view.height}, **described),
                html.Div(id=f"message-{name}", className="message", role="status"),
            ],
            delay_show=300,
            type="dot",
            color="#7a8291",
            target_components=target,
        ),
        id=f"body-{name}",
        className="card-body is-waiting",
    )


def _actions(name: str) -> Component:
    return html.Div(
        [
            html.Button("Data table", id=f"rows-{name}", className="action", type="button", n_clicks=0),
            _export_menu(name),
            _button("Copy for briefing", "copy", name),
            _button("Link", "link", name),
            _button("Add to pack", "pack", name),
            _button("Lay my CSV over this", "overlay", name),
            html.Span(id=f"told-{name}", className="told", role="status"),
        ],
        className="card-actions",
    )


def _button(text: str, action: str, name: str) -> Component:
    return html.Button(text, type="button", className="action", **data(action=action, view=name))


def _export_menu(name: str) -> Component:
    """Return the menu of files; the browser fills it when it is opened, with the parameters of that moment."""
    menu = html.Div(className="drop export-menu", **data(view=name))
    return html.Details([html.Summary("Export", className="action"), menu], className="export", **data(view=name))


TABLE_COLUMNS: Mapping[str, str] = {
    "label": "Mark",
    "time_period": "Period",
    "obs_value": "Value",
    "role": "Role",
    "source_id": "Source",
}
# Stands beside the columns of every chart whose marks a finding is about.
FINDINGS_COLUMN = {"findings": "Findings"}


def data_table(exhibit: Exhibit, view_id: str) -> Component:
    """Return the rows of an exhibit as a table; each row's first cell opens its provenance."""
    rows = exhibit.frame
    titles = {**(exhibit.columns or TABLE_COLUMNS), **FINDINGS_COLUMN}
    shown = {column: title for column, title in titles.items() if column in rows}
    head = list(shown.values())
    body = [_row(row, key, view_id, list(shown)) for row, key in zip(rows.to_dict("records"), keys(rows), strict=True)]
    table = html.Table(
        [
            html.Caption(f"Rows drawn in “{exhibit.title}”"),
            html.Thead(html.Tr([html.Th(title, scope="col") for title in head])),
            html.Tbody(body),
        ]
    )
    return html.Div(
        table, className="table-scroll", tabIndex=0, role="region", **aria(label=f"Data of {exhibit.title}")
    )


def _row(row: Mapping[Any, Any], key: str, view_id: str, columns: Sequence[str]) -> Component:
    cells = {column: _cell(row, column) for column in columns}
    first = str(cells.pop("label", "") or "this mark")
    button = mark_button(key, first, view_id=view_id)
    rest = [html.Td(text, className="number" if column == "obs_value" else None) for column, text in cells.items()]
    return html.Tr([html.Th(button, scope="row"), *rest])


def _cell(row: Mapping[Any, Any], column: str) -> str:
    entry = row[column]
    if column == "obs_value":
        return labels.bounded(float(entry), str(row.get("unit_measure", "")), str(row.get("bound", "=")), fine=True)
    if column == "time_period":
        return labels.period("" if pd.isna(entry) else str(entry))
    if isinstance(entry, float) and not pd.isna(entry):
        return labels.number(entry)
    return "" if pd.isna(entry) else str(entry)
