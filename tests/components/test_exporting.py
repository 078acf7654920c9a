"""The addresses of exports without anything behind them, and what the menu of a card offers then."""

from collections.abc import Callable, Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient

from components.desk import Desk
from components.exporting import NOT_HERE, Answer, add_exports, menu
from components.site import PAGES
from pipelines.tables import Tables


class Behind:
    """Answers with what it was asked."""

    def answer(self, desk: Desk, view_id: str, fmt: str, raw: Mapping[str, str]) -> Answer:
        return Answer(418, f"{view_id} {fmt} {dict(raw)}".encode(), headers={"Retry-After": "1"})

    def problem(self) -> str:
        return "No browser."


@pytest.fixture
def client(few: Tables) -> Callable[..., FlaskClient]:
    def over(exports: Behind | None) -> FlaskClient:
        server = Flask("exports")
        add_exports(server, Desk(lambda known: few, PAGES), exports)
        return server.test_client()

    return over


def test_without_a_queue_there_are_rows_and_no_pictures(client: Callable[..., FlaskClient]) -> None:
    bare = client(None)
    assert (bare.get("/export/trade-level.png").status_code, bare.get("/export/trade-level.png").text.strip()) == (
        503,
        NOT_HERE,
    )
    assert "attachment" in bare.get("/export/trade-level.csv").headers["Content-Disposition"]
    assert bare.get("/export/trade-levl.csv").status_code == 400
    assert menu(None) == {**menu(None), "rows": ["csv"], "problem": NOT_HERE}


def test_with_a_queue_it_answers_everything(client: Callable[..., FlaskClient]) -> None:
    told = client(Behind()).get("/export/../x.svg?pair=a")
    assert (told.status_code, told.text) == (418, "../x svg {'pair': 'a'}")
    assert told.headers["Retry-After"] == "1"
    assert client(Behind()).get("/export/nothing").status_code == 404
    assert menu(Behind())["problem"] == "No browser." and "parquet" in menu(Behind())["rows"]
