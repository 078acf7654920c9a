"""Faults that need real processes: a scheduler killed in the middle of a run, two at once, one asked to stop."""

import datetime as dt
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exports.schedules.perform import Tools
from exports.schedules.schedule import make_scheduler, update_jobs

ROOT = Path(__file__).resolve().parents[3]


def start(tools: Tools, what: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(Path(__file__).with_name("daemon.py")), str(tools.folder)]
    url = tools.ledger.engine.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [*command, url, what],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait(what: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 90
    while not what():
        assert time.monotonic() < deadline and process.poll() is None, process.communicate(timeout=5)
        time.sleep(0.02)


@pytest.fixture
def missed(tools: Tools, clock: Any) -> Tools:
    """Tools of a schedule whose last moment has passed while nobody ran it."""
    clock.moment = dt.datetime.now(tz=dt.UTC) - dt.timedelta(days=2)
    scheduler = make_scheduler(tools)
    scheduler.start(paused=True)
    update_jobs(scheduler, tools)
    scheduler.shutdown()
    return tools


def statuses(tools: Tools) -> list[str]:
    return [run.status for run in tools.ledger.runs()]


def test_a_scheduler_killed_in_a_run_repeats_it_and_leaves_no_half_file(missed: Tools) -> None:
    home = missed.folder / "weekly"
    with start(missed, "hang") as first:
        wait(lambda: any(home.glob(".*.part/a.csv")), first)
        second = start(missed, "make")
        said = second.communicate(timeout=90)[1]
        assert second.returncode == 1 and f"process {first.pid} on" in said and "since 20" in said
        first.kill()
        first.communicate(timeout=10)
    assert statuses(missed) == ["running"] and [path.name[0] for path in home.iterdir()] == ["."]
    with start(missed, "make") as again:
        wait(lambda: statuses(missed) == ["complete", "interrupted"], again)
        again.send_signal(signal.SIGTERM)
        assert again.wait(timeout=90) == 0, again.communicate()
        again.communicate()
    newest, cut = missed.ledger.runs()
    assert (newest.due, newest.attempt, cut.error) == (cut.due, 2, "the process was killed during it")
    assert [path.name for path in home.iterdir()] == [newest.folder]
    assert (home / newest.folder / "a.csv").read_text() == "whole"
    assert missed.ledger.process() is None
