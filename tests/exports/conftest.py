"""The desk over the real data and one engine for all tests of pictures; without Chromium those are skipped."""

from collections.abc import Iterator

import pytest

from components.desk import Desk
from components.site import PAGES
from exports.pictures.browser import NoBrowser, find_browser
from exports.pictures.render import Engine
from pipelines.tables import Tables


@pytest.fixture(scope="session")
def desk(tables: Tables) -> Desk:
    return Desk(lambda known: tables, PAGES)


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    try:
        find_browser()
    except NoBrowser as error:
        pytest.skip(str(error))
    with Engine() as opened:
        yield opened
