import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from components.desk import Desk, as_known, definitions, unknown_names
from components.views import Choice, Exhibit, Page, Parameter, Selection, View
from pipelines.errors import DataError
from pipelines.tables import AsKnown, Tables

AXIS = Parameter("axis", "Axis", "linear", choices=(Choice("linear", "Linear"), Choice("log", "Log")))
PRESET = Parameter("preset", "Show", "level", choices=(Choice("level", "Level"), Choice("all", "All")))


def draw(tables: Tables, selection: Selection) -> Exhibit:
    rows = tables.observations.head(2)
    figure: dict[str, Any] = {"data": [{"type": "bar", "y": [1, 2]}], "layout": {"yaxis": {"type": selection["axis"]}}}
    return Exhibit("Title", figure, rows, "A sentence of 2 %.", ("A caveat of 3 bcm.",), ("customs",))


def refuse(tables: Tables, selection: Selection) -> Exhibit:
    raise DataError("figures/x.csv has no row.")


def fail(tables: Tables, selection: Selection) -> Exhibit:
    raise KeyError("secret detail")


def nothing(tables: Tables, selection: Selection) -> Exhibit:
    return Exhibit("Title", {"data": [], "layout": {}}, pd.DataFrame(), "", empty="No pair was known.")


PAGE = Page(
    "/trade",
    "Trade",
    "",
    (
        View("drawn", "D", "?", draw, (AXIS,)),
        View("refused", "R", "?", refuse),
        View("failed", "F", "?", fail),
        View("nothing", "N", "?", nothing),
    ),
    (PRESET,),
)


@pytest.fixture
def desk(few: Tables) -> Desk:
    return Desk(lambda known: few, [PAGE])


def test_an_exhibit_travels_with_its_words_and_citation(desk: Desk) -> None:
    payload = desk.payload("drawn", {"axis": "log"})
    assert payload["state"] == "drawn"
    assert payload["figure"]["layout"]["yaxis"]["type"] == "log"
    assert payload["citations"] == ["Customs (2024). Trade tables. https://customs.example/t"]
    assert payload["caveats"] == ["A caveat of 3\u00a0bcm."] and payload["summary"] == "A sentence of 2\u00a0%."
    assert ["Goods trade turnover", "Exports plus imports of goods"] in payload["definitions"]


def test_an_empty_view_says_why(desk: Desk) -> None:
    payload = desk.payload("nothing", {})
    assert (payload["state"], payload["message"]) == ("empty", "No pair was known.")


def test_wrong_data_are_said_in_the_charts_place(desk: Desk) -> None:
    assert desk.payload("refused", {}) == {"state": "refused", "message": "figures/x.csv has no row."}


def test_a_defect_is_logged_and_not_shown(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    payload = desk.payload("failed", {})
    assert payload["state"] == "failed" and "failed" in payload["message"]
    assert "secret" not in str(payload) and "Traceback" not in str(payload)
    assert "view failed could not be drawn" in caplog.text


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({"axis": "lgo"}, "axis='lgo' is not offered (did you mean 'log'?)"),
        ({"preset": "nope"}, "Choose one of: level, all"),
        ({"mode": "then"}, "mode='then' is not offered"),
        ({"as_of": "soon"}, "as_of='soon' is not a date"),
        ({"mode": "cut"}, "is not a date"),
        ({"as_of": "2016-13"}, "is not a date"),
    ],
)
def test_a_wrong_parameter_is_named_with_the_remedy(desk: Desk, raw: dict[str, str], words: str) -> None:
    payload = desk.payload("drawn", raw)
    assert payload["state"] == "refused" and words in payload["message"]


def test_an_unknown_view_or_page_gets_the_nearest(desk: Desk) -> None:
    assert "did you mean 'drawn'" in desk.payload("drwan", {})["message"]
    with pytest.raises(DataError, match="did you mean '/trade'"):
        desk.page("/trad")


def test_two_views_of_one_name_are_refused(few: Tables) -> None:
    with pytest.raises(DataError, match="two views have the id drawn"):
        Desk(lambda known: few, [PAGE, replace(PAGE, path="/other")])


def test_a_view_is_built_once_for_a_selection_a_state_and_a_digest(make_tables: Callable[..., Tables]) -> None:
    built: list[tuple[str, AsKnown]] = []
    digest = "one" * 10

    def count(tables: Tables, selection: Selection) -> Exhibit:
        built.append((selection["axis"], tables.as_known))
        return draw(tables, selection)

    desk = Desk(lambda known: make_tables(known, digest), [Page("/", "T", "", (View("v", "V", "?", count, (AXIS,)),))])
    for raw in (
        {},
        {"axis": "linear"},
        {"other": "x"},
        {"axis": "log"},
        {"as_of": "2016"},
        {"as_of": "2016", "axis": "linear"},
    ):
        assert desk.payload("v", raw)["state"] == "drawn"
    assert [axis for axis, _ in built] == ["linear", "log", "linear"]
    digest = "two" * 10
    assert desk.payload("v", {})["digest"] == "twotwotwotwo"
    assert len(built) == 4


def test_readers_of_one_new_state_wait_for_one_computation(make_tables: Callable[..., Tables]) -> None:
    running, most = 0, 0

    def slow(known: AsKnown) -> Tables:
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.02)
        running -= 1
        return make_tables(known)

    desk = Desk(slow, [PAGE])
    readers = [threading.Thread(target=desk.load, args=(AsKnown("cut", "2016"),)) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert most == 1


@pytest.mark.parametrize(
    ("raw", "known"),
    [
        ({}, AsKnown()),
        ({"as_of": "2016-05"}, AsKnown("published", "2016-05")),
        ({"mode": "published", "as_of": "2016-05-31"}, AsKnown("published", "2016-05-31")),
        ({"mode": "cut", "as_of": "2016-05-31"}, AsKnown("cut", "2016")),
        ({"mode": "latest", "as_of": "2016"}, AsKnown()),
    ],
)
def test_the_state_of_knowledge_is_read_from_the_address(raw: dict[str, str], known: AsKnown) -> None:
    assert as_known(raw) == known


def test_a_parameter_the_page_does_not_have_is_named() -> None:
    (sentence,) = unknown_names(PAGE, {"axsi": "log", "mode": "latest", "mark": "x", "preset": "all"})
    assert "'axsi' is no parameter of this page (did you mean 'axis'?)" in sentence


def test_definitions_are_those_of_the_rows_drawn(few: Tables) -> None:
    rows = few.observations[few.observations["role"] == "target"]
    terms = [term for term, _ in definitions(Exhibit("", {}, rows, ""), few)]
    assert terms == ["Goods trade turnover", "Target", "Flow", "Research"]
