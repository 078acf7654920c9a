"""A reader's own series: any usual form of CSV and of dates is read, no number is repaired."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.errors import DataError, raise_all
from pipelines.forecast.refusals import REFUSALS
from pipelines.forecast.series import AnnualSeries

INPUT_COLUMNS = ["series_id", "t", "value"]
UNNAMED = "(no series_id)"
_SEPARATORS = ",;\t|"
_DATES = (
    re.compile(r"(?P<year>\d{4})-(?P<rest>\d{1,2})(-\d{1,2})?([T ].*)?"),
    re.compile(r"(?P<year>\d{4})(?P<rest>0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"),
    re.compile(r"(?P<rest>\d{1,2}[./]\d{1,2}[./])(?P<year>\d{4})"),
)


@dataclass(frozen=True)
class BatchRefusal:
    """A series left out, or given the fallback, with the words of the refusal."""

    series_id: str
    code: str
    words: str


def read_csv(path: Path) -> pd.DataFrame:
    """Read a file as text: UTF-8 with or without its mark, separated by comma, semicolon, tab or bar.

    Where semicolons separate, a comma in a value is the decimal one.

    Raises:
        DataError: the file cannot be read, has no rows, or lacks a column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            separator = max(_SEPARATORS, key=file.readline().count)
        rows = pd.read_csv(
            path, sep=separator, dtype="str", encoding="utf-8-sig", keep_default_na=False, quoting=csv.QUOTE_MINIMAL
        )
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read as CSV: {str(error).splitlines()[0]}.") from error
    if rows.empty:
        raise DataError(f"{path} has no rows.")
    rows = rows.rename(columns=lambda name: str(name).strip())
    if separator == ";" and "value" in rows:
        rows = rows.assign(value=rows["value"].str.replace(",", ".", regex=False))
    return rows


def split_series(observations: pd.DataFrame) -> list[AnnualSeries | BatchRefusal]:
    """Split a long frame into yearly series, in order of first appearance and sorted by `t` within each.

    `t` is a whole number or one date a year. Rows whose `split` says test are not read, rows without a value before the
    first one neither. A series whose `t` cannot be read comes back as a refusal.

    Raises:
        DataError: a column is missing.
    """
    raise_all([f"The input has no column '{name}'." for name in INPUT_COLUMNS if name not in observations])
    train = observations.assign(
        series_id=observations["series_id"].astype("str"),
        t=observations["t"].astype("str").str.strip(),
        value=pd.to_numeric(observations["value"], errors="coerce").astype(np.float64),
        is_read=observations["split"].astype("str").str.strip().str.lower() != "test"
        if "split" in observations
        else True,
    )
    names = train["series_id"].fillna("").where(lambda ids: ids.str.strip() != "", UNNAMED)
    return [_read(str(name), rows[rows["is_read"]]) for name, rows in train.groupby(names, sort=False)]


def _read(name: str, rows: pd.DataFrame) -> AnnualSeries | BatchRefusal:
    if name == UNNAMED:
        return _refused(name, "unnamed", count=len(rows))
    if rows.empty:
        return _refused(name, "no_rows")
    found = [_year(text) for text in rows["t"]]
    wrong = [text for text, year in zip(rows["t"], found, strict=True) if year is None]
    if wrong:
        return _refused(name, "not_a_year", t=wrong[0])
    dates = [date for date in found if date is not None]
    if len({rest for _, rest in dates}) > 1:
        return _refused(name, "not_yearly")
    ordered = sorted(zip((year for year, _ in dates), rows["value"].tolist(), strict=True), key=lambda pair: pair[0])
    first = next((place for place, (_, value) in enumerate(ordered) if not np.isnan(value)), 0)
    years, values = zip(*ordered[first:], strict=True)
    return AnnualSeries(name, years, values)


def _year(text: str) -> tuple[int, str] | None:
    """Return the year and what the date says beside it, None when it is no date.

    >>> _year("1975.0"), _year("1975-12-31"), _year("31/12/1975"), _year("soon")
    ((1975, ''), (1975, '12'), (1975, '31/12/'), None)
    """
    for form in _DATES:
        if matched := form.fullmatch(text):
            return int(matched["year"]), matched["rest"]
    try:
        number = float(text)
    except ValueError:
        return None
    return (int(number), "") if number.is_integer() else None


def _refused(name: str, code: str, **facts: object) -> BatchRefusal:
    return BatchRefusal(name, code, REFUSALS[code].words.format(series=name, **facts))
