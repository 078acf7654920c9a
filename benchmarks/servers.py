"""WSGI servers to compare: the dashboard without its cache, and a bare Dash app that returns one stored figure."""

import json
import os
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def dashboard():
    """Return the dashboard; BENCH_CACHE=off keeps no exhibit, so that every request builds its figure."""
    from components import desk
    from components.shell import create_app
    from components.site import PAGES
    from pipelines.flow import load_tables
    from pipelines.settings import load_settings

    if os.environ.get("BENCH_CACHE") == "off":
        desk.ROOM = 0
    settings = load_settings(ROOT / "settings.toml", os.environ)
    return create_app(partial(load_tables, settings.store), PAGES).server


def bare():
    """Return a Dash app with one chart whose callback hands out the payload stored at BENCH_PAYLOAD."""
    from dash import Dash, Input, Output, dcc, html
    from flask_compress import Compress

    payload = json.loads(Path(os.environ["BENCH_PAYLOAD"]).read_text(encoding="utf-8"))
    app = Dash("bare", compress=False, serve_locally=True, add_log_handler=False)
    stores = [dcc.Store("selection", data={}), dcc.Store("exhibit")]
    app.layout = html.Div([*stores, dcc.Graph("chart", figure=payload["figure"])])

    @app.callback(Output("exhibit", "data"), Input("selection", "data"))
    def answer(_selection: dict) -> dict:  # type: ignore[type-arg]
        return payload

    kinds = ("text/html", "text/css", "application/javascript", "text/javascript", "application/json")
    app.server.config["COMPRESS_MIMETYPES"] = list(kinds)
    Compress(app.server)
    with app.server.test_client() as client:
        client.get("/")  # a worker that never served the page refuses its scripts
    return app.server
