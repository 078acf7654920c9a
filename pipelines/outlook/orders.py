"""Carries out what the command line orders: forecasts of a line or a file, records, archive and scorecard, as text."""

import datetime as dt
from dataclasses import dataclass, fields
from pathlib import Path

from pipelines.errors import DataError
from pipelines.outlook import printed
from pipelines.outlook.archive import archive, judge, print_scorecard
from pipelines.outlook.choice import DEFAULT, choose_series
from pipelines.outlook.fan import USUAL_HORIZON, foresee, keep_record
from pipelines.outlook.months import USUAL_MONTHS, foresee_months
from pipelines.outlook.question import Question, parse_levels, parse_scenario, parse_target, parse_window
from pipelines.outlook.shelf import keep_in
from pipelines.outlook.shown import read_archive
from pipelines.tables import Tables


@dataclass(frozen=True)
class Options:
    """What was typed after `forecast` or `backtest`, by the names of the options."""

    series: str = ""
    model: str = "median"
    train: str = ""
    horizon: int | None = None
    levels: str = "80,95"
    as_of: str = ""
    target: str = ""
    scenario: str = "none"
    jobs: int = 1
    fallback: str | None = None
    archive: bool = False
    scorecard: bool = False
    list: bool = False
    output: Path | None = None
    format: str | None = None

    @property
    def style(self) -> str:
        """How the answer is written: as asked for, else CSV into a file and a table on the screen."""
        return self.format or ("table" if self.output is None else "csv")


NAMES = tuple(field.name for field in fields(Options))
_LINE_ONLY = ("series", "train", "as_of", "target", "scenario", "archive", "scorecard", "list")
_FILE_ONLY = ("jobs", "fallback")
_YEARLY_ONLY = ("model", "train", "as_of", "target", "scenario", "archive")


@dataclass(frozen=True)
class Order:
    """Text to print, messages for standard error, and whether all that was asked for is there."""

    text: str
    messages: tuple[str, ...] = ()
    complete: bool = True


@dataclass(frozen=True)
class Places:
    """Where results are kept and where shown forecasts are archived."""

    shelf: Path
    archive: Path


def forecast_line(tables: Tables, options: Options, places: Places, today: dt.date) -> Order:
    """Forecast a line of the store, list the lines, or score the archive.

    Raises:
        DataError: an option cannot be read or is for files or yearly lines only, there is no such line, or the
            forecast was refused.
    """
    _refuse(options, _FILE_ONLY, "only with --input")
    keep_in(places.shelf)
    if options.list:
        return Order(printed.print_lines(tables))
    if options.scorecard:
        return Order(print_scorecard(judge(tables, read_archive(places.archive))))
    if choose_series(tables, options.series or DEFAULT).is_monthly:
        return _forecast_months(tables, options)
    answer = foresee(tables, question_of(options))
    text = printed.print_outlook(answer, options.style)
    if not options.archive:
        return Order(text)
    path = archive(answer, places.archive, shown_on=today.isoformat(), digest=tables.digest)
    return Order(text, (f"archived in {path.parent.name}/{path.name}",))


def _forecast_months(tables: Tables, options: Options) -> Order:
    """Forecast a monthly line and the totals of the years its months fill; the horizon counts months."""
    _refuse(options, _YEARLY_ONLY, f"only for yearly lines, and {options.series} is monthly")
    levels = parse_levels(options.levels)
    _, made = foresee_months(
        tables, options.series, USUAL_MONTHS if options.horizon is None else options.horizon, levels
    )
    return Order(printed.print_months(options.series, made, options.style))


def forecast_file(path: Path, options: Options) -> Order:
    """Forecast every series of a file; refused ones are messages, and incomplete unless the fallback served them.

    Raises:
        DataError: an option cannot be read or is for lines only, or the file cannot be read.
    """
    _refuse(options, _LINE_ONLY, "not with --input")
    if options.jobs < 1:
        raise DataError(f"--jobs {options.jobs}: at least one process is needed.")
    batch = printed.forecast_input(
        path,
        horizon=USUAL_HORIZON if options.horizon is None else options.horizon,
        levels=parse_levels(options.levels),
        model=options.model,
        jobs=options.jobs,
        fallback=options.fallback is not None,
    )
    messages = tuple(f"{refused.series_id}: {refused.words}" for refused in batch.refused)
    return Order(printed.print_batch(batch, options.style), messages, not printed.missing_series(batch))


def backtest_line(tables: Tables, options: Options, shelf: Path) -> Order:
    """Score past forecasts of a line.

    Raises:
        DataError: an option cannot be read, there is no such line, or it is unfit or too short.
    """
    if options.horizon is not None and options.horizon < 1:
        raise DataError(f"--horizon {options.horizon} asks for nothing to be scored; choose at least one year.")
    keep_in(shelf)
    return Order(printed.print_record(keep_record(tables, question_of(options)), options.style))


def question_of(options: Options) -> Question:
    """Return the question the options ask; `--as-of` closes the window where `--train` leaves it open."""
    first, last = parse_window(options.train) if options.train else (None, None)
    if options.as_of:
        if not options.as_of.isdigit() or len(options.as_of) != 4:
            raise DataError(f"--as-of {options.as_of!r} is not a year. Write e.g. 2014.")
        last = min(int(options.as_of), last) if last is not None else int(options.as_of)
    target = parse_target(options.target) if options.target else {}
    return Question(
        series_id=options.series or DEFAULT,
        **target,
        first_year=first,
        last_year=last,
        horizon=options.horizon,
        model=options.model,
        levels=parse_levels(options.levels),
        scenario=parse_scenario(options.scenario),
    )


def write_output(path: Path, text: str) -> None:
    """Write forecasts to a file the reader named."""
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise DataError(f"{path} cannot be written: {error.strerror}. Choose another --output.") from error


def _refuse(options: Options, names: tuple[str, ...], reason: str) -> None:
    usual = Options()
    given = [f"--{name.replace('_', '-')}" for name in names if getattr(options, name) != getattr(usual, name)]
    if given:
        raise DataError(f"{', '.join(given)}: {reason}.")
