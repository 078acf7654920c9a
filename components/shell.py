"""Puts the dashboard together: `create_app`."""

import gc
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from dash import Dash
from dash.exceptions import DependencyException
from flask import Flask, Response, request

from components.asked import refuse_strange_questions
from components.compression import compress
from components.desk import Desk
from components.downloads import add_downloads
from components.exporting import ExportQueue, add_exports, menu
from components.frame import frame
from components.lazy import lazy_scripts
from components.security import LOOPBACK, secure
from components.wire import answer_figures
from components.wiring import wire_frame, wire_page
from pipelines.extract.documents import passage

INDEX = """<!DOCTYPE html>
<html lang="en">
    <head>{%metas%}<title>{%title%}</title><link rel="icon" href="/assets/icon.svg">{%css%}</head>
    <body>{%app_entry%}<div>{%config%}{%scripts%}{%renderer%}</div></body>
</html>"""


ANY_PATH = "/<path:path>"  # where Dash answers every address with the frame of the pages


def create_app(
    desk: Desk,
    *,
    documents: Path | None = None,
    hosts: Sequence[str] = LOOPBACK,
    exports: ExportQueue | None = None,
) -> Dash:
    """Return the dashboard over the pages and tables of a desk.

    `documents` is the folder of the reader's own copies, from which the panel of a mark shows the passage. `hosts` are
    the names the server answers to; none means any. `exports` makes files of single charts; without it there are rows
    as CSV and no pictures.
    """
    app = Dash(
        "bilateral",
        assets_folder=str(Path(__file__).parent / "assets"),
        title="Bilateral",
        update_title="",
        suppress_callback_exceptions=True,
        serve_locally=True,
        use_async=False,
        compress=False,
        health_endpoint="healthz",
        add_log_handler=False,
        index_string=INDEX,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
    )
    scripts = lazy_scripts([page.path for page in desk.pages if page.extra.get("grid")])
    app.layout = frame(desk, scripts, menu(exports))
    wire_frame(app, desk, partial(passage, documents) if documents else None)
    for page in desk.pages:
        wire_page(app, desk, page)
    answer_figures(app, desk)
    refuse_strange_questions(app)
    add_downloads(app.server, desk)
    add_exports(app.server, desk, exports)
    compress(app.server)
    secure(app.server, app.csp_hashes(), hosts=hosts)
    _answer_not_found(app.server, [page.path for page in desk.pages])
    _warm_up(app)
    return app


def _answer_not_found(server: Flask, paths: Sequence[str]) -> None:
    """Answer 404 to what is not there: a download and a library file in words, a page with the nearest one."""

    @server.errorhandler(DependencyException)
    def no_library(_: Exception) -> Response:
        return Response("There is no such library file.\n", 404, mimetype="text/plain")

    @server.after_request
    def no_page(response: Response) -> Response:
        if request.endpoint == ANY_PATH and request.path.rstrip("/") not in paths:
            response.status_code = 404
        return response

    @server.get("/download/<path:name>")
    def unknown(name: str) -> Response:
        return Response(f"There is no download {name[:60]!r}. See Sources and methods.\n", 404, mimetype="text/plain")


def _warm_up(app: Dash) -> None:
    """Answer the first requests here: a worker that never served the page would refuse its scripts."""
    with app.server.test_client() as client:
        for path in ("/", "/_dash-layout", "/_dash-dependencies"):
            client.get(path)


def draw_all(desk: Desk) -> None:
    """Draw every chart as its page opens, which takes seconds that readers would else wait; for servers only.

    Forecasts are left to who asks for them.
    """
    for page in desk.pages:
        for view in page.views if not page.path.startswith("/outlook") else ():
            desk.payload(view.view_id, {})


def settle() -> None:
    """Let the garbage collector pass over what lives as long as the server, and come less often; for servers only.

    A figure leaves thousands of small objects that are kept a while: to look through them all again and again takes
    a tenth of the time of a figure composed anew, and more than a kept one itself.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
