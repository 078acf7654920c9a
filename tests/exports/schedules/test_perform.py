import errno
import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from exports.schedules.destinations import Destination
from exports.schedules.perform import Tools, alone, perform
from exports.schedules.plan import Condition
from exports.schedules.runs import Run
from exports.schedules.schedule import run_now, work
from pipelines.errors import DataError

DUE = "2026-11-25T06:00:00+00:00"
NOWHERE = Destination("nowhere", "webhook", {"url": "http://127.0.0.1:9/", "secret": "env:HOOK"})


def one(tools: Tools, due: str = DUE, **changes: Any) -> Run:
    """Carry out one due run and return it as it stands in the ledger."""
    entered = tools.ledger.enter(Run("weekly", due, **changes))
    assert entered is not None
    run = perform(entered, tools)
    assert tools.ledger.run(run.run_id) == run
    return run


def left(tools: Tools) -> list[str]:
    return sorted(path.name for path in (tools.folder / "weekly").iterdir())


def test_a_run_makes_its_pack_and_is_written_down(tools: Tools) -> None:
    run = one(tools)
    assert (run.status, run.started, run.ended, run.error) == ("complete", DUE, DUE, "")
    assert (run.folder, run.files, run.digest) == ("20261125T060000Z", ("data/trade.csv", "manifest.json"), "d1")
    assert left(tools) == ["20261125T060000Z"]
    assert all((tools.folder / "weekly" / run.folder / name).is_file() for name in run.files)


def test_a_gap_is_named_and_the_rest_delivered(make_tools: Callable[..., Tools], maker: Any, tmp_path: Path) -> None:
    maker.gaps = ("trade-level.png: the chart could not be drawn",)
    tools = make_tools(Destination("archive", "folder", {"path": str(tmp_path / "archive")}))
    run = one(tools)
    assert (run.status, run.error) == ("incomplete", "trade-level.png: the chart could not be drawn")
    assert (tmp_path / "archive" / "weekly" / run.folder / "data" / "trade.csv").is_file()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "cannot be written: No space left on device. Free the disk"),
        (DataError("the store is damaged. Run `bilateral build --force`."), "the store is damaged"),
        (ZeroDivisionError("division by zero"), "ZeroDivisionError: division by zero"),
    ],
)
def test_a_run_that_fails_leaves_no_half_file_and_says_why(
    tools: Tools, maker: Any, error: Exception, words: str
) -> None:
    maker.fail = error
    run = one(tools)
    assert run.status == "failed" and words in run.error and run.folder == ""
    assert left(tools) == []


def test_a_run_by_hand_broken_off_is_marked_and_leaves_nothing(tools: Tools, maker: Any) -> None:
    maker.fail = KeyboardInterrupt()
    run = run_now(tools, "weekly")
    assert run.status == "interrupted" and "run it again" in run.error and left(tools) == []


def test_an_empty_pack_is_a_failure(tools: Tools) -> None:
    def produce(job: Any, folder: Path) -> Any:
        from exports.schedules.perform import Outcome

        return Outcome((), ("trade-level.png: no browser",), "d1")

    run = one(replace(tools, produce=produce))
    assert run.status == "failed" and "nothing could be made: trade-level.png: no browser" in run.error
    assert left(tools) == []


def test_a_destination_that_fails_does_not_stop_the_others(make_tools: Callable[..., Tools], tmp_path: Path) -> None:
    archive = Destination("archive", "folder", {"path": str(tmp_path / "archive")})
    tools = make_tools(NOWHERE, archive, environ={"HOOK": "hush-hush"})
    run = one(tools)
    assert run.status == "incomplete" and "nowhere: the webhook cannot be reached" in run.error
    assert [(d.destination, d.status, d.tries) for d in tools.ledger.deliveries(run)] == [
        ("nowhere", "failed", 3),
        ("archive", "delivered", 1),
    ]
    assert (tmp_path / "archive" / "weekly" / run.folder).is_dir()


def test_a_pack_that_reached_nobody_is_a_failure_and_kept(make_tools: Callable[..., Tools]) -> None:
    tools = make_tools(NOWHERE, environ={"HOOK": "hush-hush"})
    run = one(tools)
    assert run.status == "failed" and left(tools) == [run.folder]


def test_what_arrived_is_not_sent_again_when_the_run_is_repeated(
    make_tools: Callable[..., Tools], tmp_path: Path
) -> None:
    archive = Destination("archive", "folder", {"path": str(tmp_path / "archive")})
    tools = make_tools(archive)
    first = one(tools)
    second = one(tools, attempt=2)
    assert second.status == "complete" and second.folder == "20261125T060000Z-2"
    assert len(tools.ledger.deliveries(second)) == 1
    assert [path.name for path in (tmp_path / "archive" / "weekly").iterdir()] == [first.folder]


def test_a_skipped_run_says_why_and_makes_nothing(make_tools: Callable[..., Tools], maker: Any) -> None:
    tools = make_tools(only_if=Condition(changed=True))
    assert one(tools).status == "complete"
    skipped = one(tools, "2026-11-26T06:00:00+00:00")
    assert (skipped.status, skipped.folder) == ("skipped", "") and "have not changed since" in skipped.error
    maker.digest = "d2"
    assert one(tools, "2026-11-27T06:00:00+00:00").status == "complete"
    assert len(maker.made) == 2


def test_a_crossing_sends_once(make_tools: Callable[..., Tools], maker: Any) -> None:
    tools = make_tools(only_if=Condition(line="TRADE", above=250e9))
    statuses = []
    for day, value in enumerate((240e9, 245e9, 260e9, 270e9, 240e9, 255e9), 10):
        maker.readings = {"TRADE": value}
        statuses.append(one(tools, f"2026-11-{day}T06:00:00+00:00").status)
    assert statuses == ["skipped", "skipped", "complete", "skipped", "skipped", "complete"]


def test_a_run_by_hand_asks_no_condition(make_tools: Callable[..., Tools]) -> None:
    tools = make_tools(only_if=Condition(changed=True))
    assert one(tools).status == "complete"
    run = run_now(tools, "weekly")
    assert (run.status, run.asked, run.folder) == ("complete", "hand", "20261125T060000Z-hand")


def test_no_two_runs_of_a_schedule_overlap(tools: Tools) -> None:
    with alone(tools, "weekly", wait=False) as held:
        assert held
        with pytest.raises(DataError, match="weekly is being run"):
            run_now(tools, "weekly")
    assert run_now(tools, "weekly").status == "complete"


def test_the_scheduler_waits_for_a_run_by_hand(tools: Tools, maker: Any) -> None:
    tools.ledger.enter(Run("weekly", DUE))
    with alone(tools, "weekly", wait=False):
        thread = threading.Thread(target=work, args=(tools, "weekly"))
        thread.start()
        thread.join(0.2)
        assert thread.is_alive() and maker.made == []
    thread.join(10)
    assert [run.status for run in tools.ledger.runs()] == ["complete"]


def test_a_run_that_is_stopped_is_marked_to_be_repeated(make_tools: Callable[..., Tools], maker: Any) -> None:
    tools = make_tools(NOWHERE, environ={"HOOK": "hush-hush"})
    tools.stop.set()
    run = one(tools)
    assert run.status == "interrupted" and "repeated at the next start" in run.error
    assert left(tools) == []


def test_what_is_left_of_a_killed_run_is_cleared(tools: Tools) -> None:
    half = tools.folder / "weekly" / ".20261124T060000Z.part"
    half.mkdir(parents=True)
    (half / "half.pdf").write_bytes(b"%PDF")
    one(tools)
    assert left(tools) == ["20261125T060000Z"]


def test_old_packs_go_and_the_newest_good_one_never(make_tools: Callable[..., Tools], maker: Any, clock: Any) -> None:
    tools = make_tools(keep_packs=2)
    kept = []
    for day in (10, 11, 12):
        one(tools, f"2026-11-{day}T06:00:00+00:00")
    assert left(tools) == ["20261111T060000Z", "20261112T060000Z"]
    maker.gaps = ("a gap",)
    for day in (13, 14, 15):
        kept = left(tools)
        one(tools, f"2026-11-{day}T06:00:00+00:00")
    assert "20261112T060000Z" in kept and left(tools) == ["20261112T060000Z", "20261114T060000Z", "20261115T060000Z"]


def test_packs_past_their_days_go(make_tools: Callable[..., Tools], clock: Any) -> None:
    tools = make_tools(keep_days=3)
    stranger = tools.folder / "weekly" / "notes"
    stranger.mkdir(parents=True)
    for day in (20, 21, 24, 25):
        one(tools, f"2026-11-{day}T06:00:00+00:00")
    assert left(tools) == ["20261124T060000Z", "20261125T060000Z", "notes"]


def test_a_folder_that_cannot_be_swept_does_not_fail_the_run(
    tools: Tools, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("not yours")

    monkeypatch.setattr("exports.schedules.shelf.sweep", refuse)
    with caplog.at_level(logging.WARNING):
        assert one(tools).status == "complete"
    assert "could not be removed" in caplog.text


def test_no_secret_reaches_ledger_log_or_pack(
    make_tools: Callable[..., Tools], maker: Any, caplog: pytest.LogCaptureFixture
) -> None:
    tools = make_tools(
        Destination("hook", "webhook", {"url": "env:HOOK", "secret": "env:WORD"}),
        environ={"HOOK": "http://127.0.0.1:9/hush-hush?token=hush-hush", "WORD": "open-sesame"},
    )
    maker.gaps = ("could not ask http://127.0.0.1:9/hush-hush?token=hush-hush",)
    tools.keys.read("env:HOOK")
    with caplog.at_level(logging.DEBUG, "bilateral"):
        first = one(tools)
        maker.fail = RuntimeError("http://127.0.0.1:9/hush-hush?token=hush-hush said open-sesame")
        second = one(tools, "2026-11-26T06:00:00+00:00")
    texts = [str(first), str(second), str(tools.ledger.deliveries(first)), caplog.text]
    texts += [path.read_text() for path in tools.folder.rglob("*") if path.is_file()]
    assert "•••" in first.error and "•••" in second.error and "cannot be reached" in texts[2]
    assert [text for text in texts if "hush" in text or "sesame" in text] == []
