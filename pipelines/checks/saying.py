"""The words of a comparison with the record: who says what, and how far off the figure is."""

import re
from collections.abc import Sequence
from math import isinf

from pipelines.checks.facts import Figure
from pipelines.checks.grading import RATES, deviation_of, grade
from pipelines.checks.publishers import Record, Statement
from pipelines.wording import NBSP, as_said, interval, number, value

_FORMULAS = {"EXP_FOB + IMP_CIF": "exports + imports", "EXP_FOB − IMP_CIF": "exports − imports"}


def amount(number_of: float, unit: str) -> str:
    """Return an amount with its unit and two decimals, in plain spaces."""
    return value(number_of, unit, fine=True).replace(NBSP, " ")


def said(figure: Figure) -> str:
    """Return the figure's own words on one line."""
    return as_said(figure.as_written)


def quoted_line(figure: Figure) -> str:
    """Return the figure's own words and the interval they allow, where that is more than the words."""
    low, high = figure.interval.low, figure.interval.high
    ends = (None if isinf(low) else low, None if isinf(high) else high)
    allowed = interval(*ends, figure.unit).replace(NBSP, " ")
    is_finer = low < high and " " in allowed and " or " not in allowed and " to " not in allowed
    return f"quoted “{said(figure)}”" + ("" if is_finer or not figure.unit else f": {allowed}")


def who(statement: Statement, record: Record) -> str:
    """Return reporter, publisher, edition and since when it is known."""
    since = f"known since {statement.vintage}" if statement.vintage else ""
    details = ", ".join(part for part in (statement.edition, since) if part)
    return f"{reporter(statement, record)}, {publisher(statement)}" + (f" ({details})" if details else "")


def reporter(statement: Statement, record: Record) -> str:
    """Return whose count it is."""
    return f"{record.area(statement.reporter)}-reported"


def publisher(statement: Statement) -> str:
    """Return the publisher's name without what follows a comma or stands in brackets."""
    return re.split(r",| \(", statement.publisher)[0]


def statement_line(figure: Figure, statement: Statement, record: Record) -> str:
    """Return one publisher's value and how the figure stands to it."""
    off = f"the quoted is {_off(figure, statement.value)}"
    is_rate = figure.measure_type in RATES
    rounds = f"{off}, within one unit of its last digit" if is_rate else f"{off}, as much as editions differ"
    how = {"agrees": "within the words", "rounds": rounds, "differs": off}[grade(figure, statement.value)]
    formula = f" ({_FORMULAS.get(statement.formula, statement.formula)})" if statement.formula else ""
    return f"{who(statement, record)}: {amount(statement.value, statement.unit)}{formula}; {how}"


def years_line(figure: Figure, found: Sequence[Statement], record: Record) -> str:
    """Return one publisher's values year by year, those outside the words marked."""
    cells = [
        f"{one.period} {amount(one.value, one.unit)}" + ("" if figure.interval.holds(one.value) else " (outside)")
        for one in found
    ]
    return f"{who(found[0], record)}: " + ", ".join(cells)


def runs(years: Sequence[int]) -> str:
    """Return years as runs.

    >>> runs([2008, 2009, 2010, 2014])
    '2008–2010, 2014'
    """
    found: list[list[int]] = []
    for year in years:
        if found and year == found[-1][-1] + 1:
            found[-1].append(year)
        else:
            found.append([year])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in found)


def _off(figure: Figure, official: float) -> str:
    gap = deviation_of(figure, official)
    unit = "points" if figure.measure_type in RATES else "%"
    return f"{number(abs(gap))} {unit} {'lower' if gap < 0 else 'higher'}"
