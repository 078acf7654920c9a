import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import DataError
from pipelines.normalise.periods import parse_period


@pytest.mark.parametrize(
    ("text", "freq", "start", "end"),
    [
        ("2014", "A", dt.date(2014, 1, 1), dt.date(2014, 12, 31)),
        ("2024-05", "M", dt.date(2024, 5, 1), dt.date(2024, 5, 31)),
        ("2013-12-31", "P", dt.date(2013, 12, 31), dt.date(2013, 12, 31)),
        ("2020-01/2020-08", "YTD", dt.date(2020, 1, 1), dt.date(2020, 8, 31)),
        ("1990/1999", "W", dt.date(1990, 1, 1), dt.date(1999, 12, 31)),
        ("2019-11/2020-02", "W", dt.date(2019, 11, 1), dt.date(2020, 2, 29)),
    ],
)
def test_reads_every_form(text: str, freq: str, start: dt.date, end: dt.date) -> None:
    period = parse_period(text)
    assert (period.freq, period.start, period.end) == (freq, start, end)


def test_nothing_said_is_undated() -> None:
    assert parse_period(None).freq == parse_period("").freq == "N"


@pytest.mark.parametrize("text", ["14", "2014-13", "2013-02-30", "2015/2014", "target", "Jan-Aug", "2014/"])
def test_refuses_what_is_no_period(text: str) -> None:
    with pytest.raises(DataError, match="time_period"):
        parse_period(text)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)), st.integers(0, 400))
def test_a_range_covers_both_ends(first: dt.date, days: int) -> None:
    last = first + dt.timedelta(days=days)
    period = parse_period(f"{first.isoformat()}/{last.isoformat()}")
    assert (period.start, period.end) == (first, last)
