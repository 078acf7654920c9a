"""Figures that speak of several years, or of none: each year, sums of years, and windows nobody stated."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.analyse.growth import cagr
from pipelines.checks.facts import Facts, Figure
from pipelines.checks.grading import Comparison, best_grade, deviation_of, nearest_deviation
from pipelines.checks.publishers import Record, Statement, record_of
from pipelines.checks.saying import amount, quoted_line, runs, said, statement_line, who, years_line

BAND_FITS = 0.75
SHORTEST_WINDOW = 5
LEAST_YEARS = 10
_EACH_YEAR = re.compile(r"\b(annual|annually|yearly|each year|per year|a year)\b")
_NOTHING = Comparison("no_counterpart")
_BY_YEAR = ("share", "ratio", "flow", "level", "stock")
Lines = dict[tuple[str, str, str], list[Statement]]


@dataclass(frozen=True, slots=True)
class Window:
    """Mean yearly growth in percent between two years of one publisher's line."""

    first: Statement
    last: Statement
    rate: float

    @property
    def years(self) -> int:
        """How many years the growth runs over."""
        return int(self.last.period) - int(self.first.period)


def compare_window(figure: Figure, record: Record) -> Comparison:
    """Set a figure of several whole years against the record.

    What is said of each year is compared with each; it agrees where three quarters of the years do, and the others
    are named. A sum is compared with the sum of the record's years, where none is missing.
    """
    if figure.measure_type not in _BY_YEAR or "-" in figure.time_period:
        return _NOTHING
    first, last = figure.years or (0, 0)
    years = [str(year) for year in range(first, last + 1)]
    known = record.lines(replace(figure, freq="A"))
    lines = by_maker({year: known[year] for year in years if year in known})
    is_sum = figure.measure_type == "flow" and not _EACH_YEAR.search(said(figure))
    if not lines:
        return _NOTHING
    return _summed(figure, lines, len(years), record) if is_sum else _band(figure, lines, years, record)


def _band(figure: Figure, lines: Lines, years: Sequence[str], record: Record) -> Comparison:
    def share(found: Sequence[Statement]) -> float:
        return sum(figure.interval.holds(one.value) for one in found) / len(found)

    best = max(lines.values(), key=share)
    misfits = [one for one in best if not figure.interval.holds(one.value)]
    but = ", ".join(f"{one.period} ({amount(one.value, one.unit)})" for one in misfits)
    missing = sorted(set(years) - {one.period for one in best})
    words = f"{len(best) - len(misfits)} of {len(best)} years lie within the words"
    words += f", but for {but}." if misfits and share(best) >= BAND_FITS else "."
    words += f" No value is held for {runs([int(year) for year in missing])}." if missing else ""
    shown = [quoted_line(figure), *(years_line(figure, found, record) for found in lines.values())]
    deviation = max((deviation_of(figure, one.value) for one in misfits), key=abs, default=0.0)
    return Comparison("agrees" if share(best) >= BAND_FITS else "differs", best, shown, words, deviation)


def _summed(figure: Figure, lines: Lines, years: int, record: Record) -> Comparison:
    sums = [
        replace(
            found[-1],
            period=figure.time_period,
            value=sum(one.value for one in found),
            ids=tuple(name for one in found for name in one.ids),
            formula="sum of years",
        )
        for found in lines.values()
        if len(found) == years
    ]
    if not sums:
        return _NOTHING
    shown = [quoted_line(figure), *(statement_line(figure, one, record) for one in sums)]
    return Comparison(best_grade(figure, sums), sums, shown, deviation=nearest_deviation(figure, sums))


def compare_undated(figure: Figure, record: Record) -> Comparison:
    """Set a figure without a date against the last full year before it was said, and name the years that would fit.

    Where that year does not fit and an earlier one does, nobody can tell. An undated growth rate is looked for in
    every window of the record.
    """
    if figure.measure_type == "growth":
        return _unstated_window(figure, record)
    known = _yearly(record.lines(figure), figure)
    if not known or figure.measure_type not in _BY_YEAR:
        return _NOTHING
    newest = known[max(known)]
    fitting = [int(year) for year in sorted(known) if any(figure.interval.holds(one.value) for one in known[year])]
    verdict = best_grade(figure, newest)
    verdict = "cannot_tell" if verdict == "differs" and fitting else verdict
    held = f"The record lies within its words in {runs(fitting)}." if fitting else "No year of the record gives it."
    shown = [quoted_line(figure), *(f"{one.period}: {statement_line(figure, one, record)}" for one in newest)]
    words = f"The text gives no date. {held}"
    return Comparison(verdict, newest, shown, words, nearest_deviation(figure, newest))


def windows_that_give(figure: Figure, facts: Facts) -> list[Window]:
    """Return the windows of at least five years whose mean yearly growth lies within a figure's words, longest first.

    Rates are (last / first) ** (1 / years) − 1 within one edition and reporter, up to the last full year before the
    figure was said.
    """
    return _windows(figure, record_of(facts))


def window_line(window: Window, record: Record) -> str:
    """Return the arithmetic of a window as a person writes it."""
    first, last = window.first, window.last
    return (
        f"{who(first, record)}: {amount(first.value, first.unit)} in {first.period}, {amount(last.value, last.unit)} "
        f"in {last.period}: {amount(window.rate, 'PERCENT')} a year over {window.years} years"
    )


def _windows(figure: Figure, record: Record) -> list[Window]:
    lines = by_maker(_yearly(record.lines(_levels(figure)), figure))
    pairs = [(first, last) for line in lines.values() for at, first in enumerate(line) for last in line[at + 1 :]]
    found = [
        Window(first, last, cagr(first.value, last.value, int(last.period) - int(first.period)))
        for first, last in pairs
        if first.value > 0 and last.value > 0 and int(last.period) - int(first.period) >= SHORTEST_WINDOW
    ]
    fitting = [window for window in found if figure.interval.holds(window.rate)]
    return sorted(fitting, key=lambda one: (-one.years, abs(one.rate - figure.value), one.first.source_id))


def _levels(figure: Figure) -> Figure:
    """The levels whose growth a figure speaks of."""
    return replace(figure, measure_type="flow", unit="USD")


def _yearly(periods: Mapping[str, list[Statement]], figure: Figure) -> dict[str, list[Statement]]:
    """Whole years before the one in which the figure was said."""
    said_in = figure.vintage[:4] or "9999"
    return {year: found for year, found in periods.items() if len(year) == 4 and year < said_in}


def _unstated_window(figure: Figure, record: Record) -> Comparison:
    lines = by_maker(_yearly(record.lines(_levels(figure)), figure))
    if not lines:
        return _NOTHING
    windows = _windows(figure, record)
    if not windows and max(map(len, lines.values())) < LEAST_YEARS:
        return Comparison(
            "cannot_tell", lines=[quoted_line(figure)], explanation="Too few years are held for a window."
        )
    if not windows:
        line = f"no window of {SHORTEST_WINDOW} years or more gives {said(figure)}"
        return Comparison("differs", lines=[quoted_line(figure), line])
    shown: dict[str, Window] = {}
    for window in windows:
        shown.setdefault(window.first.reporter, window)
    written = [quoted_line(figure), *(window_line(window, record) for window in shown.values())]
    first, last = windows[0].first.period, windows[0].last.period
    words = f"No window is stated. The longest that gives it runs from {first} to {last}."
    ends = [one for window in shown.values() for one in (window.first, window.last)]
    return Comparison("cannot_tell", ends, written, words)


def by_maker(periods: Mapping[str, Sequence[Statement]]) -> Lines:
    """Return the statements of each source, edition and reporter in time order."""
    lines: Lines = {}
    for name in sorted(periods):
        for one in periods[name]:
            lines.setdefault((one.source_id, one.edition, one.reporter), []).append(one)
    return lines
