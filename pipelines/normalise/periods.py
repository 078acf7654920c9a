"""Periods: which days a time_period covers, and at which frequency."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from pipelines.errors import DataError

_POINT = re.compile(r"(?P<year>\d{4})(-(?P<month>\d{2})(-(?P<day>\d{2}))?)?")


@dataclass(frozen=True)
class Period:
    """First and last day, and the frequency code: A, M, YTD, W, P, or N when nobody dated it."""

    freq: str
    start: dt.date | None
    end: dt.date | None


UNDATED = Period("N", None, None)


def parse_period(text: str | None) -> Period:
    """Read 2014, 2020-01, 2013-12-31 or a range of two such, joined by a slash; None is undated.

    A range from January to another month of the same year is year to date (YTD); any other range is a window (W).

    >>> parse_period("2020-01/2020-08").freq
    'YTD'
    """
    if text is None or text == "":
        return UNDATED
    first, slash, last = text.partition("/")
    start, freq = _point(first, text)
    if not slash:
        return Period(freq, start[0], start[1])
    end, _ = _point(last, text)
    if end[1] < start[0]:
        raise DataError(f"time_period {text!r} ends before it starts. Swap its two ends.")
    same_year = start[0].year == end[1].year and start[0].month == 1
    return Period("YTD" if same_year and "-" in first else "W", start[0], end[1])


def _point(text: str, whole: str) -> tuple[tuple[dt.date, dt.date], str]:
    match = _POINT.fullmatch(text)
    if not match:
        raise DataError(
            f"time_period {whole!r} is not read: write 2014, 2014-03, 2013-12-31 or two of them joined by '/'."
        )
    year, month, day = (int(match[name] or 0) for name in ("year", "month", "day"))
    try:
        if day:
            date = dt.date(year, month, day)
            return (date, date), "P"
        if month:
            return (dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])), "M"
    except (ValueError, calendar.IllegalMonthError):
        raise DataError(f"time_period {whole!r} names a day that does not exist.") from None
    return (dt.date(year, 1, 1), dt.date(year, 12, 31)), "A"
