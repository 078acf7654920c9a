"""Front door: the dashboard over the store named in settings.toml; `server` is what a WSGI host runs."""

import datetime as dt
import os
from functools import cache, partial
from pathlib import Path

from components.desk import Desk
from components.pages.exports import exports_page
from components.runbook import RunBook
from components.security import LOOPBACK
from components.shell import create_app, draw_all, settle
from components.site import PAGES
from exports.files.kept import Home, working_folder
from exports.queue import PictureQueue
from pipelines.flow import load_tables
from pipelines.outlook.shelf import keep_in
from pipelines.outlook.shown import SHOWN
from pipelines.settings import load_settings

file = os.environ.get("BILATERAL_SETTINGS") or Path(__file__).parent / "settings.toml"
settings = load_settings(Path(file), os.environ)
keep_in(settings.datasets / "forecasts")
SHOWN.folder = settings.datasets / "archive"
hosts = LOOPBACK if settings.host in ("127.0.0.1", "localhost", "::1") else ()
load = partial(load_tables, settings.store)


@cache
def book() -> RunBook:
    """Open the book of runs with the first look at its page: the server starts without what makes and sends packs."""
    from exports.schedules.book import Book  # noqa: PLC0415 - as said above

    return Book(settings, os.environ, Desk(load, PAGES))


pages = (*PAGES, exports_page(book, lambda: dt.datetime.now(tz=dt.UTC)))
home = Home(str(settings.store), str(settings.datasets / "forecasts"), str(settings.datasets / "archive"))
exports = PictureQueue(working_folder(str(settings.store)), home)
desk = Desk(load, pages, dt.date.today)
server = create_app(desk, documents=settings.documents, hosts=hosts, exports=exports).server
draw_all(desk)
settle()
