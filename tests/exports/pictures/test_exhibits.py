"""A framed exhibit is the figure of the screen with words around it, or a refusal that names every problem."""

import datetime as dt
from dataclasses import replace

import pytest

from components.desk import Desk
from components.views import figure_hash
from exports.pictures.exhibits import SIZES, check_request, frame_exhibit, list_views
from exports.pictures.verify import _revisions
from pipelines.errors import DataError
from pipelines.tables import Tables

TOO_TALL = {("targets-commitments", "slide"), ("targets-genealogy", "slide"), ("targets-commitments", "social")}


def test_the_figure_is_that_of_the_screen(desk: Desk) -> None:
    raw = {"pair": "RUS-KAZ", "from": "2000"}
    framed = frame_exhibit(desk, "trade-level", raw, "slide")
    payload = desk.payload("trade-level", raw)
    assert framed.figure["data"] == payload["figure"]["data"]
    assert framed.figure_hash == figure_hash(payload["figure"]) == framed.record["figure_hash"]
    assert framed.figure_hash != frame_exhibit(desk, "trade-level", {}, "slide").figure_hash


def test_the_hash_sees_data_and_axes_and_not_the_dress() -> None:
    figure = {"data": [{"x": [1, 2.0], "y": [3.5, 4]}], "layout": {"yaxis": {"range": [0, 5.0]}}}
    dressed = {**figure, "layout": {**figure["layout"], "template": {"layout": {}}, "width": 900}}
    asked_again = {"data": [{"y": [3.5, 4.0], "x": [1.0, 2]}], "layout": {"yaxis": {"range": [0, 5]}}}
    assert figure_hash(figure) == figure_hash(dressed) == figure_hash(asked_again)
    assert figure_hash(figure) != figure_hash({**figure, "layout": {"yaxis": {"range": [1, 5]}}})
    assert figure_hash(figure) != figure_hash({**figure, "data": [{"x": [1, 2], "y": [3.5, 4.1]}]})


@pytest.mark.parametrize("size", ["slide", "column"])
def test_every_view_fits_its_sheet_and_says_what_it_is(desk: Desk, size: str) -> None:
    for listed in list_views(desk):
        if (listed["view"], size) in TOO_TALL:
            continue
        framed = frame_exhibit(desk, listed["view"], {}, size)
        sheet = framed.sheet
        text = " ".join(line.text for line in sheet.lines)
        assert " ".join(framed.exhibit.title.split()) in text
        assert "As known " in text
        assert all(part in text for caveat in framed.exhibit.caveats for part in caveat.split())
        inside = [line for line in sheet.lines if sheet.top < line.y < sheet.top + sheet.plot_height]
        assert inside == []
        assert max(line.y for line in sheet.lines) < sheet.height
        assert sheet.shown[0] == SIZES[size].width
        assert sheet.shown[1] == (SIZES[size].height or sheet.shown[1])
        assert abs(sheet.width / sheet.height - sheet.shown[0] / sheet.shown[1]) < 1e-4


def test_what_is_too_tall_for_a_sheet_is_refused_with_the_way_out(desk: Desk) -> None:
    with pytest.raises(DataError, match=r"targets-commitments is \d+ pixels tall.*Choose the size screen"):
        frame_exhibit(desk, "targets-commitments", {}, "slide")


def test_every_problem_of_a_request_is_said_at_once(desk: Desk) -> None:
    with pytest.raises(DataError) as refused:
        check_request(desk, "trade-level", {"pair": "RUS-CHM", "form": "2000", "as_of": "soon"}, "sreen")
    text = str(refused.value)
    assert "no size 'sreen' (did you mean 'screen'?)" in text
    assert "'form' is no parameter of trade-level (did you mean 'from'?)" in text
    assert "pair='RUS-CHM' is not offered" in text
    assert "as_of='soon' is not a date" in text


@pytest.mark.parametrize("name", ["trade-levl", "../../etc/passwd", "trade-level/../x", ""])
def test_an_unknown_view_is_refused(desk: Desk, name: str) -> None:
    with pytest.raises(DataError, match="There is no view"):
        check_request(desk, name, {})


def test_the_name_of_a_page_stands_for_its_first_view(desk: Desk) -> None:
    assert check_request(desk, "trade", {}).view_id == desk.page("/trade").views[0].view_id
    assert check_request(desk, "today", {}).view_id == desk.page("/").views[0].view_id


def test_the_list_names_every_view_with_its_parameters_and_defaults(desk: Desk) -> None:
    listed = {entry["view"]: entry for entry in list_views(desk)}
    assert set(listed) == {view.view_id for page in desk.pages for view in page.views}
    assert listed["trade-level"]["also"] == "trade"
    defaults = {entry["name"]: entry["default"] for entry in listed["trade-level"]["parameters"]}
    assert desk.payload("trade-level", {k: v for k, v in defaults.items() if v}) == desk.payload("trade-level", {})


def test_the_record_holds_what_is_drawn(desk: Desk) -> None:
    framed = frame_exhibit(desk, "today-gas", {})
    assert len(framed.record["values"]) == len(framed.exhibit.frame)
    assert framed.record["data_digest"] == desk.tables({}).digest
    assert framed.record["parameters"].keys() <= {p.name for p in desk.page("/").all_parameters()}


def test_a_chart_that_raises_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(view_id: str, raw: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(desk, "exhibit", fail)
    with pytest.raises(DataError, match="trade-level could not be drawn: ZeroDivisionError: division by zero"):
        frame_exhibit(desk, "trade-level", {})


def test_what_depends_on_the_day_says_it_and_is_verified_as_of_it(desk: Desk, tables: Tables) -> None:
    clocked = Desk(lambda known: replace(tables, as_known=known), desk.pages)
    then, now = (clocked.seen_on(dt.date(year, 11, 1)) for year in (2026, 2028))
    record = frame_exhibit(then, "today-fresh", {}).record
    assert record["as_known"]["today"] == "2026-11-01"
    assert record["figure_hash"] != frame_exhibit(now, "today-fresh", {}).figure_hash
    assert list(_revisions(record, now)) == []
    assert "today" not in frame_exhibit(then, "trade-level", {}).record["as_known"]
