"""The paper as one HTML file: interactive figures, notes under each section, nothing fetched from a network."""

import base64
import hashlib
import html
import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from plotly.offline import get_plotlyjs

from exports.files.webpage import END, data_block
from exports.papers.paper import Item, Paper, Section, Spans, Table

FOLDER = Path(__file__).parent / "templates"
TOPOJSON = Path(__file__).parents[2] / "components" / "assets" / "topojson"
CONFIG = {
    "displaylogo": False,
    "responsive": True,
    "showTips": False,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
}


def web_file(paper: Paper) -> bytes:
    """Return the paper as HTML in UTF-8; scripts run by their hash only, and no address is ever asked."""
    figures = {
        str(item.number): {"data": item.figure["data"], "layout": _fluid(item)} for item in paper.items if item.drawn
    }
    has_map = any(
        trace.get("type") == "scattergeo" for item in paper.items if item.drawn for trace in item.figure["data"]
    )
    scripts = [*([_maps()] if has_map else []), get_plotlyjs(), _starter()]
    style = (FOLDER / "report.css").read_text(encoding="utf-8")
    body = "".join(_body(paper))
    parts = [
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(scripts)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_safe(paper.title)}</title><style>{style}</style></head><body>",
        body,
        data_block("bilateral-figures", json.dumps({"figures": figures, "config": CONFIG}, ensure_ascii=False)),
        *(f"<script>{script}</script>" for script in scripts),
        END,
    ]
    return "".join(parts).encode()


def _fluid(item: Item) -> dict[str, object]:
    layout = {name: entry for name, entry in item.figure["layout"].items() if name not in ("width", "autosize")}
    return {**layout, "height": item.height, "autosize": True}


def _policy(scripts: list[str]) -> str:
    digests = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts
    )
    return (
        f"default-src 'none'; script-src {digests}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


@lru_cache(maxsize=1)
def _maps() -> str:
    """Return the outlines maps are drawn on, where plotly looks for them before it asks a network."""
    files = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(TOPOJSON.glob("*.json"))}
    return f"window.PlotlyGeoAssets={json.dumps({'topojson': files}, separators=(',', ':'))};"


def _starter() -> str:
    return (FOLDER / "report.js").read_text(encoding="utf-8")


def _safe(text: str) -> str:
    return html.escape(text, quote=True)


def _body(paper: Paper) -> Iterator[str]:
    yield f'<header><p class="brand">Bilateral</p><h1>{_safe(paper.title)}</h1>'
    yield f'<p class="lead">{_safe(paper.subtitle)}</p>'
    yield f'<p class="quiet">{_safe(paper.dated)} · {_safe(paper.known)} · data {paper.digest[:12]}</p>'
    failed = [f"{item.number} {item.title}" for item in paper.items if item.status == "failed"]
    if failed:
        yield '<p class="trouble is-failed" role="alert"><strong>This report is not complete.</strong>'
        yield f" Missing: {_safe(', '.join(failed))}.</p>"
    yield '</header><nav aria-label="Contents"><ol>'
    for number, section in enumerate(paper.sections, 1):
        yield f'<li><a href="#section-{number}">{_safe(section.title)}</a></li>'
    yield "</ol></nav><main>"
    for number, section in enumerate(paper.sections, 1):
        yield from _section(section, number, paper.notes)
    yield "<section><h2>Method</h2><dl>"
    yield from (f"<dt>{_safe(term)}</dt><dd>{_safe(text)}</dd>" for term, text in paper.methods)
    yield "</dl></section><section><h2>Sources</h2><ul>"
    yield from (f"<li>{_safe(source)}</li>" for source in paper.sources)
    yield "</ul></section></main>"


class _Notes:
    """Numbers the notes of one section."""

    def __init__(self, section: int, texts: Mapping[str, str]) -> None:
        self._section, self._texts, self.used = section, texts, dict[str, int]()

    def spans(self, spans: Spans) -> str:
        return "".join(self._span(span.text, span.note, strong=span.strong) for span in spans)

    def _span(self, text: str, key: str, *, strong: bool) -> str:
        shown = f"<strong>{_safe(text)}</strong>" if strong else _safe(text)
        if key not in self._texts:
            return shown
        number = self.used.setdefault(key, len(self.used) + 1)
        told = f'title="{_safe(self._texts[key])}" aria-label="Note {number}"'
        return f'{shown}<sup><a href="#note-{self._section}-{number}" {told}>{number}</a></sup>'

    def listed(self) -> Iterator[str]:
        if self.used:
            yield '<ol class="notes" aria-label="Notes">'
            yield from (
                f'<li id="note-{self._section}-{number}">{_safe(self._texts[key])}</li>'
                for key, number in self.used.items()
            )
            yield "</ol>"


def _section(section: Section, number: int, texts: Mapping[str, str]) -> Iterator[str]:
    notes = _Notes(number, texts)
    yield f'<section id="section-{number}"><h2>{_safe(section.title)}</h2>'
    for table in section.tables:
        yield from _table(table, notes)
    yield from (f"<p>{notes.spans(spans)}</p>" for spans in section.text)
    for item in section.items:
        yield from _item(item, notes)
    yield from notes.listed()
    yield "</section>"


def _item(item: Item, notes: _Notes) -> Iterator[str]:
    if item.text:
        yield f"<p>{_safe(item.text)}</p>"
    yield f'<figure id="figure-{item.number}"><figcaption><span>Figure {item.number}</span>'
    yield f" {_safe(item.title)}</figcaption>"
    yield f"<p>{notes.spans(item.summary)}</p>" if item.summary else ""
    if item.drawn:
        yield f'<div class="chart" role="img" aria-label="{_safe(item.alt)}" data-figure="{item.number}"'
        yield f' style="min-height:{item.height}px"></div>'
    else:
        head = "This figure failed" if item.status == "failed" else "Nothing to draw"
        yield f'<p class="trouble is-{item.status}"><strong>{head}: {_safe(item.view_id)}</strong>'
        yield f" {_safe(item.problem)}</p>"
    if item.caveats:
        yield f'<p class="quiet"><b>Note.</b> {_safe(" ".join(item.caveats))}</p>'
    if item.source_line:
        yield f'<p class="quiet"><b>Source.</b> {_safe(item.source_line)}.</p>'
    yield "</figure>"
    if item.table:
        yield from _table(item.table, notes)


def _table(table: Table, notes: _Notes) -> Iterator[str]:
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{_safe(table.title)}">'
    yield f"<table><caption>{_safe(table.title)}</caption><thead><tr>"
    yield from (f'<th scope="col">{_safe(head)}</th>' for head in table.heads)
    yield "</tr></thead><tbody>"
    for cells in table.rows:
        yield "<tr>"
        for column, spans in enumerate(cells):
            kind = ' class="number"' if column in table.numeric else ""
            yield f"<td{kind}>{notes.spans(spans)}</td>"
        yield "</tr>"
    yield "</tbody></table></div>"
    yield f'<p class="quiet">{_safe(table.left_out)}</p>' if table.left_out else ""
