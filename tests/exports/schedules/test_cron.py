import datetime as dt
import pickle
from collections.abc import Iterable
from zoneinfo import ZoneInfo

import pytest

from exports.schedules.cron import MACROS, WallClock, check_zone, read_cron
from pipelines.errors import DataError

BERLIN = ZoneInfo("Europe/Berlin")


def due(expression: str, since: str, count: int, zone: str = "Europe/Berlin") -> list[dt.datetime]:
    """The next moments, as the library asks for them: each after the one before."""
    clock, found = WallClock(expression, zone), []
    now = dt.datetime.fromisoformat(since).replace(tzinfo=ZoneInfo(zone))
    previous = None
    for _ in range(count):
        previous = clock.get_next_fire_time(previous, now)
        assert previous is not None
        found.append(previous)
    return found


def said(moments: Iterable[dt.datetime]) -> list[str]:
    return [moment.astimezone(dt.UTC).strftime("%m-%d %H:%M") for moment in moments]


@pytest.mark.parametrize(("sunday", "name"), [("0", "0"), ("7", "7"), ("sun", "sun"), ("SUN", "upper case")])
def test_zero_and_seven_are_sunday(sunday: str, name: str) -> None:
    assert [moment.strftime("%a") for moment in due(f"0 6 * * {sunday}", "2026-11-25", 2)] == ["Sun", "Sun"]


@pytest.mark.parametrize(
    ("days", "week"),
    [
        ("1", ["Mon"]),
        ("5-7", ["Fri", "Sat", "Sun"]),
        ("mon-fri", ["Mon", "Tue", "Wed", "Thu", "Fri"]),
        ("*/2", ["Sun", "Tue", "Thu", "Sat"]),
        ("1,3", ["Mon", "Wed"]),
        ("0-7", ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]),
    ],
)
def test_days_of_the_week_are_those_of_cron(days: str, week: list[str]) -> None:
    found = {moment.strftime("%a") for moment in due(f"0 6 * * {days}", "2026-11-23", 14)}
    assert found == set(week)


def test_day_of_the_month_or_day_of_the_week_is_enough() -> None:
    moments = due("0 6 13 * fri", "2026-11-01", 5)
    assert [moment.strftime("%a %d") for moment in moments] == ["Fri 06", "Fri 13", "Fri 20", "Fri 27", "Fri 04"]
    assert [moment.strftime("%d %b") for moment in due("0 6 13 * *", "2026-11-01", 2)] == ["13 Nov", "13 Dec"]


def test_a_job_at_half_past_two_runs_once_in_the_night_the_hour_comes_twice() -> None:
    assert said(due("30 2 * * *", "2026-10-24T12:00", 3)) == ["10-25 00:30", "10-26 01:30", "10-27 01:30"]


def test_a_job_at_half_past_two_runs_once_in_the_night_the_hour_is_left_out() -> None:
    assert said(due("30 2 * * *", "2026-03-28T00:00", 3)) == ["03-28 01:30", "03-29 01:30", "03-30 00:30"]


def test_a_job_added_while_the_hour_comes_again_waits_for_the_next_day() -> None:
    second = dt.datetime(2026, 10, 25, 2, 10, tzinfo=BERLIN, fold=1)
    moment = WallClock("30 2 * * *", "Europe/Berlin").get_next_fire_time(None, second)
    assert said([moment]) == ["10-26 01:30"]


def test_a_job_of_every_half_hour_keeps_to_elapsed_time() -> None:
    night = due("*/30 * * * *", "2026-10-25T01:00", 8)
    assert {
        b - a for a, b in zip([m.timestamp() for m in night], [m.timestamp() for m in night[1:]], strict=False)
    } == {1800.0}


def test_a_clock_set_back_does_not_bring_the_same_moment_again() -> None:
    clock = WallClock("0 6 * * *", "UTC")
    previous = dt.datetime(2026, 11, 25, 6, tzinfo=dt.UTC)
    later = clock.get_next_fire_time(previous, previous - dt.timedelta(hours=2))
    assert later == previous + dt.timedelta(days=1)


@pytest.mark.parametrize("macro", MACROS)
def test_macros_stand_for_their_expressions(macro: str) -> None:
    assert read_cron(macro) == read_cron(MACROS[macro])


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("0 6 * *", "4 fields, not five"),
        ("60 6 * * *", "'60' is no minute. Write 0 to 59"),
        ("0 24 * * *", "no hour"),
        ("0 6 0 * *", "no day of the month"),
        ("0 6 * 13 *", "no month"),
        ("0 6 * * 8", "no day of the week. Write 0 to 7, sun to sat"),
        ("0 6 * * monday", "no day of the week"),
        ("0 6 * * 5-1", "no day of the week"),
        ("5/15 * * * *", "no minute"),
        ("*/0 * * * *", "no minute"),
        ("*-5 * * * *", "no minute"),
        ("0 6 30 2 *", "never comes"),
        ("0 6 31 4,6 *", "never comes"),
        ("", "0 fields"),
    ],
)
def test_wrong_expressions_are_refused_with_the_field(expression: str, words: str) -> None:
    with pytest.raises(DataError) as refused:
        read_cron(expression)
    assert words in str(refused.value)


def test_all_wrong_fields_are_named_at_once() -> None:
    with pytest.raises(DataError) as refused:
        read_cron("61 25 * * *")
    assert "no minute" in str(refused.value) and "no hour" in str(refused.value)


def test_the_day_after_february_comes_in_leap_years() -> None:
    assert [moment.year for moment in due("0 6 29 2 *", "2026-01-01", 2)] == [2028, 2032]


def test_an_unknown_zone_gets_the_nearest() -> None:
    assert check_zone("Asia/Almaty") == "Asia/Almaty"
    with pytest.raises(DataError, match="did you mean 'Asia/Almaty'"):
        check_zone("Asia/Almati")


def test_a_clock_survives_the_store() -> None:
    clock = WallClock("30 2 * * 1", "Asia/Shanghai")
    again = pickle.loads(pickle.dumps(clock))  # noqa: S301 - our own bytes
    now = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
    assert again == clock and hash(again) == hash(clock) and str(again) == "30 2 * * 1 (Asia/Shanghai)"
    assert again.get_next_fire_time(None, now) == clock.get_next_fire_time(None, now)
