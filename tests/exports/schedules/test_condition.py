from typing import Any

import pytest

from exports.schedules.condition import State, read_state, reason_to_skip
from exports.schedules.plan import Condition
from exports.schedules.runs import Run
from pipelines.tables import Tables

ABOVE = Condition(line="TRADE", above=250e9)
BELOW = Condition(line="TRADE", below=250e9)


def run(status: str = "complete", **changes: Any) -> Run:
    return Run(**{"schedule": "weekly", "due": "2026-11-18T06:00:00+00:00", "status": status, "digest": "d1"} | changes)


def read(value: float | None) -> State:
    return State("d1", {} if value is None else {"TRADE": value})


def test_without_a_condition_every_run_is_worth_it() -> None:
    assert reason_to_skip(Condition(), read(None), []) == ""


@pytest.mark.parametrize(
    ("earlier", "skipped"),
    [
        ([], False),
        ([run()], True),
        ([run("incomplete")], True),
        ([run("failed"), run(digest="d0")], False),
        ([run("skipped"), run()], True),
        ([run("failed"), run()], True),
        ([run(digest="d0"), run()], False),
    ],
)
def test_unchanged_data_are_those_of_the_last_delivered_run(earlier: list[Run], skipped: bool) -> None:
    reason = reason_to_skip(Condition(changed=True), read(None), earlier)
    assert bool(reason) is skipped and ("have not changed since 2026-11-18" in reason) is skipped


@pytest.mark.parametrize(
    ("condition", "before", "now", "sent"),
    [
        (ABOVE, 240e9, 260e9, True),
        (ABOVE, 250e9, 260e9, True),
        (ABOVE, 260e9, 270e9, False),
        (ABOVE, 240e9, 250e9, False),
        (ABOVE, 260e9, 240e9, False),
        (BELOW, 260e9, 240e9, True),
        (BELOW, 240e9, 230e9, False),
        (BELOW, 260e9, 250e9, False),
    ],
)
def test_a_value_must_cross_not_merely_be_beyond(condition: Condition, before: float, now: float, sent: bool) -> None:
    earlier = [run("skipped", line="TRADE", reading=before)]
    reason = reason_to_skip(condition, read(now), earlier)
    assert (reason == "") is sent
    assert sent or f"from {before:,.0f} to {now:,.0f}" in reason


def test_a_crossing_is_not_lost_with_a_run_that_failed() -> None:
    earlier = [run("failed", line="TRADE", reading=260e9), run("skipped", line="TRADE", reading=240e9)]
    assert reason_to_skip(ABOVE, read(260e9), earlier) == ""


def test_a_reading_of_another_line_is_no_reading() -> None:
    earlier = [run("skipped", line="OIL", reading=1.0)]
    assert "the first reading" in reason_to_skip(ABOVE, read(260e9), earlier)
    assert "has no value" in reason_to_skip(ABOVE, read(None), earlier)


def test_the_newest_value_of_each_line_is_read(tables: Tables) -> None:
    state = read_state(tables.digest, tables.series)
    line = tables.series[tables.series["line_id"] == "CHN_RUS_TRADE_CHINA_REPORTED.TRADE_TOTAL"]
    newest = line.loc[line["period_start"].idxmax(), "obs_value"]
    assert state.readings["CHN_RUS_TRADE_CHINA_REPORTED.TRADE_TOTAL"] == newest
    assert set(state.readings) <= set(tables.series["line_id"]) and state.digest == tables.digest
