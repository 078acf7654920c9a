"""Computes what readers see first, so that it is on the shelf before they come."""

from collections.abc import Callable
from pathlib import Path

from pipelines.errors import DataError
from pipelines.outlook.fan import foresee, keep_record
from pipelines.outlook.months import foresee_months
from pipelines.outlook.past import look_back
from pipelines.outlook.question import Question
from pipelines.outlook.shelf import keep_in
from pipelines.tables import Tables

DEFAULTS = Question(target=300e9, deadline=2030, first_year=1992)
"""What the page asks when nothing was chosen."""


def warm(tables: Tables, folder: Path) -> int:
    """Put the answers of the default views on the shelf in that folder; returns how many there are.

    Call it at the end of a build: a build is when the data change, and with them the keys of the answers. Data that
    support none of the answers leave the shelf as it is.
    """
    keep_in(folder)
    done = 0
    answers: tuple[Callable[[], object], ...] = (
        lambda: foresee(tables, DEFAULTS),
        lambda: look_back(tables),
        lambda: keep_record(tables, DEFAULTS),
        lambda: foresee_months(tables),
    )
    for answer in answers:
        try:
            answer()
            done += 1
        except DataError:
            continue
    return done
