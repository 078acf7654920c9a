"""Exports: whether packs are made and sent as written, what became of each run, and past packs to fetch."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Sequence
from urllib.parse import quote

from dash import Dash, html
from dash.development.base_component import Component
from flask import Flask, Response, send_file

from components.desk import Desk
from components.downloads import EPOCH, attachment
from components.elements import table
from components.runbook import Keeper, PackRow, RunBook, RunRow, ScheduleRow
from components.views import Page, Selection
from pipelines.errors import DataError
from pipelines.tables import Tables

LATE = dt.timedelta(seconds=90)
"""A scheduler says it is alive every twenty seconds; one not heard of for so long has gone."""
SHOWN = 50
PATH = "/exports"
Cell = str | Component | list[Component]
BAD, DOUBTFUL = ("failed",), ("incomplete", "interrupted")


def exports_page(book: Callable[[], RunBook], now: Callable[[], dt.datetime]) -> Page:
    """Return the page over a book of runs, opened when a reader first asks, as old as they are by the clock given."""

    def above(tables: Tables, selection: Selection) -> Component:
        del tables, selection
        return body(book(), now())

    def register(app: Dash, desk: Desk) -> None:
        del desk
        add_packs(app.server, book)

    return Page(
        PATH,
        "Exports",
        "For whoever runs this: which packs are made when, whether they left, and the past ones to take away.",
        (),
        extra={"above": above, "register": register},
    )


def body(book: RunBook, now: dt.datetime) -> Component:
    """Return the whole page: health, schedules, runs, packs."""
    try:
        schedules, wrong = list(book.schedules(now)), ""
    except DataError as error:
        schedules, wrong = [], str(error)
    runs, packs = list(book.history()), list(book.packs())
    return html.Div(
        [
            _card("health", "Health", [_health(book.keeper(), runs, schedules, now)]),
            _card("schedules", "Schedules", [_schedules(schedules, wrong)]),
            _card("runs", "Runs", [_runs(runs, now)]),
            _card("packs", "Past packs", [_packs(packs)]),
        ],
        className="stack",
    )


def _card(identity: str, title: str, children: Sequence[Component]) -> Component:
    return html.Section([html.H2(title), *children], className="card", id=identity)


def moment(when: dt.datetime | None) -> str:
    """Return a moment in words, in UTC.

    >>> moment(dt.datetime(2026, 11, 5, 6, 0, tzinfo=dt.UTC))
    '5 Nov 2026, 06:00 UTC'
    """
    there = when.astimezone(dt.UTC) if when else None
    return f"{there.day} {there:%b %Y, %H:%M} UTC" if there else "–"


def span(length: dt.timedelta) -> str:
    """Return a length of time in its largest unit.

    >>> span(dt.timedelta(seconds=42)), span(dt.timedelta(hours=49)), span(dt.timedelta(minutes=1))
    ('42 seconds', '2 days', '1 minute')
    """
    seconds = max(0, int(length.total_seconds()))
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        if seconds >= size or size == 1:
            count = seconds // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    raise AssertionError


def _health(
    keeper: Keeper | None, runs: Sequence[RunRow], schedules: Sequence[ScheduleRow], now: dt.datetime
) -> Component:
    alive = keeper is not None and now - keeper.seen <= LATE
    failure = next((run for run in runs if run.status in BAD), None)
    coming = sorted((row.due, row.name) for row in schedules if row.due)
    due, name = coming[0] if coming else (None, "")
    facts = [
        ("Scheduler", _keeper_words(keeper, now), "good" if alive else "bad"),
        ("Last failure", _failure_words(failure), "bad" if failure else "good"),
        ("Next", f"{name}, {moment(due)}" if due else "Nothing is due.", ""),
    ]
    cells = [cell for term, words, kind in facts for cell in (html.Dt(term), html.Dd(words, className=kind))]
    return html.Dl(cells, className="facts wide")


def _keeper_words(keeper: Keeper | None, now: dt.datetime) -> str:
    if keeper is None:
        return "Not running. Start it with bilateral schedule run."
    seen = span(now - keeper.seen)
    if now - keeper.seen > LATE:
        gone = f"Not heard of for {seen}: {keeper.process} was killed or hangs."
        return f"{gone} Start it again; it repeats what was cut off."
    return f"Running: {keeper.process}, since {moment(keeper.since)}, last heard of {seen} ago."


def _failure_words(run: RunRow | None) -> str:
    if run is None:
        return "None in the runs below."
    return f"{run.schedule}, due {moment(run.due)}: {_first_line(run.error)}"


def _first_line(text: str) -> str:
    return text.split("\n", maxsplit=1)[0]


def _schedules(rows: Sequence[ScheduleRow], wrong: str) -> Component:
    if wrong:
        lines = [html.P(line) for line in wrong.split("\n")]
        return html.Div(
            [html.Strong("The schedules cannot be used"), *lines], className="message is-shown", role="alert"
        )
    if not rows:
        return _nothing("No schedule is written. Add [[schedules]] to settings.toml; docs/deployment.md shows how.")
    head = ("Schedule", "When", "Next", "What", "To", "Only if")
    cells = [(r.name, r.when, moment(r.due), r.contents, r.destinations, r.condition or "always") for r in rows]
    return table(head, [_row(cell) for cell in cells], name="Schedules", kind="runs")


def _nothing(words: str) -> Component:
    return html.P(words, className="quiet")


def _row(cells: Sequence[Cell]) -> Component:
    first, *rest, last = cells
    between = (html.Td(cell) for cell in rest)
    return html.Tr([html.Th(first, scope="row"), *between, html.Td(last, className="words")])


def _runs(runs: Sequence[RunRow], now: dt.datetime) -> Component:
    if not runs:
        return _nothing(
            "No run yet. The first one stands here when it is due, or after bilateral schedule run-now NAME."
        )
    head = ("Due", "Schedule", "Status", "Took", "Sent to", "Why")
    rows = [
        _row((_due(run), run.schedule, _status(run.status), _took(run, now), _sent(run), _why(run.error)))
        for run in runs[:SHOWN]
    ]
    older = [_nothing(f"{len(runs) - SHOWN} older runs: bilateral schedule history")] if len(runs) > SHOWN else []
    return html.Div([table(head, rows, name="Runs", kind="runs"), *older])


def _due(run: RunRow) -> str:
    extra = ["by hand"] if run.by_hand else []
    extra += [f"attempt {run.attempt}"] if run.attempt > 1 else []
    return moment(run.due) + (f" ({', '.join(extra)})" if extra else "")


def _status(status: str) -> Component:
    kind = "is-bad" if status in BAD else "is-doubtful" if status in DOUBTFUL else ""
    return html.Span(status, className=f"tag {kind}".strip())


def _took(run: RunRow, now: dt.datetime) -> str:
    if run.started is None:
        return "–"
    return span((run.ended or now) - run.started)


def _sent(run: RunRow) -> str:
    return ", ".join(name if word == "delivered" else f"{name} (failed)" for name, word in run.deliveries) or "–"


def _why(error: str) -> Cell:
    lines = error.split("\n")
    return [html.Div(line) for line in lines] if error else "–"


def _packs(packs: Sequence[PackRow]) -> Component:
    if not packs:
        return _nothing("No pack is kept. A run that ends well leaves one here until its schedule lets it go.")
    rows = [_row((f"{pack.schedule}, {moment(pack.due)}", _status(pack.status), _files(pack))) for pack in packs]
    return table(("Pack", "Status", "Files"), rows, name="Past packs", kind="runs")


def _files(pack: PackRow) -> Component:
    links = [html.Li([html.A(name, href=address(pack, name)), f" {size_words(size)}"]) for name, size in pack.files]
    total = size_words(sum(size for _, size in pack.files))
    everything = html.A("All files (zip)", href=f"/download/pack/{pack.schedule}/{pack.name}.zip")
    summary = html.Summary(f"{len(pack.files)} files, {total}")
    return html.Div([everything, html.Details([summary, html.Ul(links, className="results")])], className="pack-files")


def address(pack: PackRow, name: str) -> str:
    """Return where a file of a pack is fetched."""
    return f"/download/pack/{pack.schedule}/{pack.name}/{quote(name)}"


def size_words(size: int) -> str:
    """Return a size in bytes for a reader.

    >>> size_words(2), size_words(1234), size_words(5_600_000)
    ('2 bytes', '1.2 kB', '5.6 MB')
    """
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1000:.1f} kB" if size < 1_000_000 else f"{size / 1e6:.1f} MB"


def add_packs(server: Flask, book: Callable[[], RunBook]) -> None:
    """Answer /download/pack/<schedule>/<pack>/<file> and <pack>.zip, for what is listed and nothing else."""

    @server.get("/download/pack/<schedule>/<pack>/<path:name>")
    def pack_file(schedule: str, pack: str, name: str) -> Response:
        try:
            return send_file(book().file(schedule, pack, name), as_attachment=True)
        except (DataError, OSError) as error:
            return _refused(error)

    @server.get("/download/pack/<schedule>/<pack>.zip")
    def pack_zip(schedule: str, pack: str) -> Response:
        try:
            return attachment(_zip(book(), schedule, pack), f"{schedule}-{pack}.zip", "application/zip")
        except (DataError, OSError) as error:
            return _refused(error)


def _refused(error: Exception) -> Response:
    words = str(error) if isinstance(error, DataError) else "The file is no longer there."
    return Response(f"{words}\n", status=404, mimetype="text/plain")


def _zip(book: RunBook, schedule: str, pack: str) -> bytes:
    names = [name for row in book.packs() if (row.schedule, row.name) == (schedule, pack) for name, _ in row.files]
    if not names:
        raise DataError(f"There is no pack {schedule[:60]}/{pack[:40]}. The page Exports lists what there is.")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name, EPOCH), book.file(schedule, pack, name).read_bytes())
    return buffer.getvalue()
