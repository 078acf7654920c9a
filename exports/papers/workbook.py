"""The paper as a workbook: a sheet of contents, one data sheet a figure with its sources, numbers as numbers."""

import datetime as dt
import io
import math
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from exports.files.archive import settled
from exports.papers.native import Native, as_native
from exports.papers.paper import Item, Paper, Table
from pipelines.query import defused

COLUMNS: Mapping[str, str] = {
    "label": "Mark",
    "time_period": "Period",
    "obs_value": "Value",
    "unit_measure": "Unit",
    "bound": "Bound",
    "value_low": "Lowest",
    "value_high": "Highest",
    "role": "Role",
    "obs_status": "Status",
    "publisher": "Publisher",
    "said_by": "Said by",
    "vintage": "Known since",
    "edition": "Edition",
    "as_written": "As written",
    "formula": "Formula",
    "caveats": "Caveats",
    "source_id": "Source",
    "observation_id": "Observation",
    "observation_ids": "Computed from",
}
NUMBERS = ("obs_value", "value_low", "value_high")
WIDTHS: Mapping[str, int] = {
    "label": 44,
    "obs_value": 20,
    "value_low": 18,
    "value_high": 18,
    "as_written": 34,
    "formula": 34,
    "caveats": 40,
}
AT_ROW = 7


def workbook(paper: Paper, today: dt.date) -> bytes:
    """Return the paper as XLSX, values in base units, gaps empty; the same paper gives the same bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    moment = dt.datetime(today.year, today.month, today.day)
    book.set_properties(
        {
            "title": paper.title,
            "subject": paper.subtitle,
            "author": "Bilateral",
            "comments": f"{paper.known}. Data {paper.digest}",
            "created": moment,
        }
    )
    _Book(book, paper).write()
    book.close()
    return settled(out.getvalue())


class _Book:
    """Writes the sheets of one paper."""

    def __init__(self, book: xlsxwriter.Workbook, paper: Paper) -> None:
        self._book, self._paper = book, paper
        make = book.add_format
        self._title: Format = make({"bold": True, "font_size": 15, "font_color": "#12344d"})
        self._head: Format = make(
            {"bold": True, "bottom": 1, "font_color": "#12344d", "text_wrap": True, "valign": "top"}
        )
        self._quiet: Format = make({"font_color": "#566172"})
        self._wrapped: Format = make({"text_wrap": True, "valign": "top"})
        self._bad: Format = make({"font_color": "#7c241d", "bold": True})
        self._number: Format = make({"num_format": "#,##0.########", "valign": "top"})
        self._link: Format = make({"font_color": "#1f6092", "underline": 1})

    def write(self) -> None:
        contents = self._book.add_worksheet("Contents")
        names = {item.number: f"{item.number} {_sheet_name(item.view_id)}"[:31] for item in self._paper.items}
        self._contents(contents, names)
        for section in self._paper.sections:
            for table in section.tables:
                self._register(table)
        for item in self._paper.items:
            self._figure(item, names[item.number])
        self._sources()

    def _contents(self, sheet: Worksheet, names: Mapping[int, str]) -> None:
        paper = self._paper
        sheet.set_column(0, 0, 6)
        sheet.set_column(1, 1, 70)
        sheet.set_column(2, 3, 26)
        sheet.write_string(0, 0, defused(paper.title), self._title)
        for row, text in enumerate(
            (
                paper.subtitle,
                f"{paper.dated}. {paper.known}. Data {paper.digest[:12]}",
                "Values stand in base units (dollars, tonnes); an empty cell means that nobody said. "
                "Text that could be read as a formula starts with an apostrophe.",
            ),
            1,
        ):
            sheet.write_string(row, 0, defused(text), self._quiet)
        for column, head in enumerate(("No", "Figure", "View", "State")):
            sheet.write_string(5, column, head, self._head)
        for row, item in enumerate(paper.items, 6):
            sheet.write_number(row, 0, item.number)
            sheet.write_url(row, 1, f"internal:'{names[item.number]}'!A1", self._link, defused(item.title))
            sheet.write_string(row, 2, item.view_id)
            sheet.write_string(row, 3, _state(item), self._bad if item.status == "failed" else None)

    def _register(self, table: Table) -> None:
        sheet = self._book.add_worksheet(table.title[:31])
        sheet.write_string(0, 0, defused(table.title), self._title)
        heads = (*table.heads, "Notes")
        for column, head in enumerate(heads):
            sheet.write_string(2, column, head, self._head)
        sheet.set_column(0, len(table.heads) - 1, 30, self._wrapped)
        sheet.set_column(len(table.heads), len(table.heads), 90, self._wrapped)
        for row, cells in enumerate(table.rows, 3):
            for column, spans in enumerate(cells):
                sheet.write_string(row, column, defused("".join(span.text for span in spans)), self._wrapped)
            notes = [
                self._paper.notes[span.note] for spans in cells for span in spans if span.note in self._paper.notes
            ]
            sheet.write_string(row, len(table.heads), defused(" ".join(notes)), self._wrapped)
        sheet.freeze_panes(3, 0)

    def _figure(self, item: Item, name: str) -> None:
        sheet = self._book.add_worksheet(name)
        sheet.write_string(0, 0, defused(item.title), self._title)
        sheet.write_string(1, 0, defused(item.words))
        sheet.write_string(2, 0, defused(" ".join(item.caveats)), self._quiet)
        sheet.write_string(
            3, 0, f"Source: {item.source_line}. {self._paper.known}. Data {self._paper.digest[:12]}", self._quiet
        )
        if not item.drawn:
            sheet.write_string(4, 0, defused(f"{_state(item)}: {item.problem}"), self._bad)
            return
        columns = [column for column in COLUMNS if column in item.frame]
        for column, field in enumerate(columns):
            sheet.write_string(AT_ROW - 1, column, COLUMNS[field], self._head)
            sheet.set_column(column, column, WIDTHS.get(field, 15))
        for row, cells in enumerate(item.frame[columns].to_dict("records"), AT_ROW):
            for column, field in enumerate(columns):
                self._cell(sheet, (row, column), field, cells[field])
        sheet.freeze_panes(AT_ROW, 1)
        native = as_native(item.figure)
        if native is not None:
            self._chart(sheet, item, native, len(columns) + 1)

    def _cell(self, sheet: Worksheet, at: tuple[int, int], field: str, entry: Any) -> None:
        if entry is None or pd.isna(entry):
            return
        if field in NUMBERS:
            if math.isfinite(float(entry)):
                sheet.write_number(*at, float(entry), self._number)
            return
        sheet.write_string(*at, defused(" ".join(str(entry).split())))

    def _chart(self, sheet: Worksheet, item: Item, native: Native, left: int) -> None:
        """Write the series beside the data, and a chart over them that shows gaps as gaps."""
        for column, head in enumerate(("", *(series.name for series in native.series))):
            sheet.write_string(AT_ROW - 1, left + column, defused(head), self._head)
        for row, category in enumerate(native.categories, AT_ROW):
            sheet.write_string(row, left, defused(category))
            for column, series in enumerate(native.series, 1):
                value = series.values[row - AT_ROW]
                if value is not None:
                    sheet.write_number(row, left + column, value)
        options: dict[str, Any] = {"type": "line" if native.kind == "line" else "bar" if native.sideways else "column"}
        if native.kind == "stacked":
            options["subtype"] = "stacked"
        chart = self._book.add_chart(options)
        last = AT_ROW + len(native.categories) - 1
        for column, series in enumerate(native.series, 1):
            chart.add_series(
                {
                    "name": [sheet.name, AT_ROW - 1, left + column],
                    "categories": [sheet.name, AT_ROW, left, last, left],
                    "values": [sheet.name, AT_ROW, left + column, last, left + column],
                    **_drawn_as(native, series.colour, joined=series.joined),
                }
            )
        chart.set_title({"name": item.title, "name_font": {"size": 11}})
        chart.set_y_axis({"name": native.axis} if not native.sideways else {"reverse": False})
        chart.set_legend({"position": "bottom"})
        chart.show_blanks_as("gap")
        sheet.insert_chart(
            AT_ROW, left + len(native.series) + 2, chart, {"x_scale": 1.5, "y_scale": 1.3, "description": item.alt}
        )

    def _sources(self) -> None:
        sheet = self._book.add_worksheet("Sources and method")
        sheet.set_column(0, 0, 140, self._wrapped)
        lines = [(text, self._wrapped) for text in self._paper.sources]
        rules = [(f"{term}: {text}", self._wrapped) for term, text in self._paper.methods]
        for row, (text, style) in enumerate([("Sources", self._title), *lines, ("Method", self._title), *rules]):
            sheet.write_string(row, 0, defused(text), style)


def _drawn_as(native: Native, colour: str, *, joined: bool) -> dict[str, Any]:
    if native.kind != "line":
        return {"fill": {"color": f"#{colour}"}}
    marker = {"type": "circle", "size": 4, "fill": {"color": f"#{colour}"}, "border": {"color": f"#{colour}"}}
    line: dict[str, Any] = {"color": f"#{colour}", "width": 1.75} if joined else {"none": True}
    return {"line": line, "marker": marker}


def _state(item: Item) -> str:
    return {"delivered": "shown", "empty": "nothing to draw", "failed": "FAILED"}[item.status]


def _sheet_name(view_id: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", view_id)
