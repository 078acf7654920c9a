"""WSGI servers to compare: the dashboard, and a bare Dash app that returns one stored figure."""

import json
import os
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def dashboard():
    """Return the dashboard as it is served."""
    from components.desk import Desk
    from components.shell import create_app, draw_all, settle

    desk = Desk(*_site())
    server = create_app(desk).server
    draw_all(desk)
    settle()
    return server


def forgetful():
    """Return the dashboard that keeps no exhibit, so that every question composes its figure."""
    from components import desk

    desk.ROOM = 0
    return dashboard()


def _site():
    from components.site import PAGES
    from pipelines.flow import load_tables
    from pipelines.outlook.shelf import keep_in
    from pipelines.settings import load_settings

    settings = load_settings(ROOT / "settings.toml", os.environ)
    keep_in(settings.datasets / "forecasts")
    return partial(load_tables, settings.store), PAGES


def bare():
    """Return a Dash app with one chart whose callback hands out a payload stored at BENCH_PAYLOADS, by name of view."""
    from dash import Dash, Input, Output, dcc, html
    from flask_compress import Compress

    payloads = json.loads(Path(os.environ["BENCH_PAYLOADS"]).read_text(encoding="utf-8"))
    first = next(iter(payloads.values()))
    app = Dash("bare", compress=False, serve_locally=True, add_log_handler=False)
    stores = [dcc.Store("selection", data={}), dcc.Store("exhibit")]
    app.layout = html.Div([*stores, dcc.Graph("chart", figure=first["figure"])])

    @app.callback(Output("exhibit", "data"), Input("selection", "data"))
    def answer(selection: dict) -> dict:  # type: ignore[type-arg]
        return payloads.get(selection.get("view"), first)

    kinds = ("text/html", "text/css", "application/javascript", "text/javascript", "application/json")
    app.server.config["COMPRESS_MIMETYPES"] = list(kinds)
    Compress(app.server)
    with app.server.test_client() as client:
        client.get("/")  # a worker that never served the page refuses its scripts
    return app.server
