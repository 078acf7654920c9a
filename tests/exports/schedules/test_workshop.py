import datetime as dt
import json
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from components.desk import Desk
from components.site import PAGES
from components.views import Exhibit, Selection
from exports.pictures.render import Engine, NoBrowser
from exports.pictures.verify import verify
from exports.schedules.perform import Outcome, Tools, perform
from exports.schedules.plan import Plan, Schedule, Wanted
from exports.schedules.runs import Run
from exports.schedules.workshop import Workshop, known_to, state_of
from pipelines.errors import DataError
from pipelines.tables import Tables

NOW = dt.datetime(2026, 11, 25, 20, tzinfo=dt.UTC)
DUE = "2026-11-25T06:00:00+00:00"


def views(*names: str, formats: tuple[str, ...] = ("csv",), **changes: Any) -> Schedule:
    wanted = tuple(Wanted(name) for name in names)
    return Schedule("weekly", "0 6 * * *", "UTC", views=wanted, formats=formats, size="screen", **changes)


class NoPictures:
    """An engine on a machine without a browser."""

    def image(self, *_: object, **__: object) -> bytes:
        raise NoBrowser("No Chromium was found. Install the package chromium, or set BROWSER_PATH.")


@pytest.fixture(scope="module")
def trade_views() -> list[str]:
    return [view.view_id for page in PAGES if page.path == "/trade" for view in page.views]


def run(tools: Tools, desk: Desk, schedule: Schedule, engine: Any) -> tuple[Run, Path]:
    workshop = Workshop(desk, lambda: NOW, lambda: nullcontext(engine))
    tools = replace(tools, plan=Plan({"weekly": schedule}, {}), produce=workshop.produce)
    entered = tools.ledger.enter(Run("weekly", DUE))
    assert entered is not None
    ended = perform(entered, tools)
    return ended, tools.folder / "weekly" / ended.folder


def test_without_a_browser_data_still_go_out_and_the_gap_is_named(
    tools: Tools, desk: Desk, trade_views: list[str]
) -> None:
    ended, folder = run(tools, desk, views(trade_views[0], formats=("png", "csv", "parquet")), NoPictures())
    assert ended.status == "incomplete"
    assert (
        ended.error
        == f"01-{trade_views[0]}.png: No Chromium was found. Install the package chromium, or set BROWSER_PATH."
    )
    assert ended.files == (f"01-{trade_views[0]}.csv", f"01-{trade_views[0]}.parquet", "manifest.json")
    told = json.loads((folder / "manifest.json").read_text())
    assert (told["complete"], told["requested"], told["delivered"]) == (False, [trade_views[0]], [])
    assert verify(folder, desk).state == "current"
    (folder / ended.files[0]).write_text("other")
    assert verify(folder, desk).state == "altered"


def test_a_chart_that_raises_is_a_named_gap_in_a_delivered_pack(
    tools: Tools, tables: Tables, trade_views: list[str]
) -> None:
    def fail(tables: Tables, selection: Selection) -> Exhibit:
        raise ZeroDivisionError

    page = next(page for page in PAGES if page.path == "/trade")
    broken = replace(page, views=(replace(page.views[0], build=fail), *page.views[1:]))
    desk = Desk(lambda known: tables, [broken])
    ended, folder = run(tools, desk, views(*trade_views[:2]), NoPictures())
    assert ended.status == "incomplete" and f"01-{trade_views[0]}.csv: ZeroDivisionError" in ended.error
    assert (folder / f"02-{trade_views[1]}.csv").is_file() and "\n" not in ended.error


def test_a_picture_is_drawn_and_carries_its_record(
    tools: Tools, desk: Desk, engine: Engine, trade_views: list[str]
) -> None:
    ended, folder = run(tools, desk, views(trade_views[0], formats=("png",)), engine)
    assert ended.status == "complete" and ended.digest == desk.tables({}).digest
    assert (folder / ended.files[0]).read_bytes().startswith(b"\x89PNG")
    assert verify(folder, desk).state == "current"


SHEET = """
title = "Two charts"
[[section]]
title = "Trade"
[[section.view]]
view = "trade-level"
"""


def report(path: Path, *formats: str, **parameters: str) -> Schedule:
    path.write_text(SHEET)
    return Schedule("weekly", "0 6 * * *", "Asia/Almaty", report=str(path), formats=formats, parameters=parameters)


def test_a_report_without_a_browser_still_brings_its_data(tools: Tools, desk: Desk, tmp_path: Path) -> None:
    ended, folder = run(tools, desk, report(tmp_path / "two.toml", "pdf", "xlsx", language="de"), NoPictures())
    assert ended.status == "incomplete" and ended.files == ("two.xlsx", "manifest.json")
    assert "two.pdf: No Chromium was found" in ended.error
    told = json.loads((folder / "manifest.json").read_text())
    assert (told["dated"], told["language"], told["complete"]) == ("26 November 2026", "de", False)
    assert {path.name for path in folder.iterdir()} == set(ended.files)
    assert [path.name for path in (tools.folder / "weekly").iterdir()] == [ended.folder]


def test_a_report_of_a_schedule_is_checked_with_its_parameters(desk: Desk, tmp_path: Path) -> None:
    known = known_to(desk)
    path = str(tmp_path / "two.toml")
    report(Path(path))
    known.report(path, {"as_of": "2016", "language": "ru"})
    known.report("briefing", {})
    for name, parameters, words in (
        ("breifing", {}, "did you mean 'briefing'"),
        (path, {"axsi": "log"}, "is a parameter of no view"),
        (path, {"language": "xx"}, "language"),
    ):
        with pytest.raises(DataError, match=words):
            known.report(name, parameters)
    assert {"pdf", "xlsx"} <= set(known.report_formats)


def test_nothing_made_is_a_failed_run(tools: Tools, desk: Desk, trade_views: list[str]) -> None:
    ended, _ = run(tools, desk, views(trade_views[0], formats=("png",)), NoPictures())
    assert ended.status == "failed" and "nothing could be made" in ended.error and "Install the package" in ended.error


def test_what_a_schedule_may_ask_is_what_the_desk_has(desk: Desk) -> None:
    known = known_to(desk)
    known.view("trade", {"as_of": "2016"})
    for name in ("tarde", "../trade", "/etc/passwd"):
        with pytest.raises(DataError, match="no view"):
            known.view(name, {})
    with pytest.raises(DataError, match="no parameter"):
        known.view("trade", {"axsi": "log"})
    assert "CHN_RUS_TRADE_CHINA_REPORTED.TRADE_TOTAL" in known.lines
    assert {"png", "csv"} <= set(known.view_formats) and "slide" in known.sizes


def test_the_state_is_that_of_the_schedule(desk: Desk) -> None:
    state = state_of(desk, views("trade"))
    assert state.digest == desk.tables({}).digest and state.readings


def test_an_outcome_names_files_inside_the_folder(tmp_path: Path, desk: Desk, trade_views: list[str]) -> None:
    from exports.schedules.perform import Job

    made = Workshop(desk, lambda: NOW, lambda: nullcontext(NoPictures())).produce(
        Job(views(trade_views[0]), None), tmp_path
    )  # type: ignore[arg-type,return-value]
    assert isinstance(made, Outcome) and {path.name for path in tmp_path.iterdir()} == set(made.files)
