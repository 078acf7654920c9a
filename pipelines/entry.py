"""One sourced number typed by a person: read back, checked, appended to datasets/figures/added.csv."""

import csv
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd

from pipelines.codelists import CodeLists, read_codelists
from pipelines.errors import DataError, raise_all
from pipelines.extract.quantities import parse_quantity
from pipelines.normalise.periods import parse_period
from pipelines.registers import place_of, read_register
from pipelines.schema import PRESS, SOURCES

ADDED = "added.csv"


def compose_entry(datasets: Path, typed: Mapping[str, str], today: dt.date) -> dict[str, str]:
    """Return the row that would be appended; refuses unreadable words, unknown codes and links not http(s).

    `typed` has value (as written, e.g. 'nearly US$9 billion'), measures, indicator, ref_area, role, source_id, url and
    optionally counterpart_area, commodity, project_id, measure_type, period, published, said_by, caveats.
    """
    lists = read_codelists(datasets / "codelists")
    quantity = parse_quantity(typed["value"])
    if quantity.value is None:
        raise DataError(
            f"{typed['value']!r} is a range. Enter its two ends as two numbers with bounds 'at least' and 'at most'."
        )
    if urlsplit(typed["url"]).scheme not in ("http", "https"):
        raise DataError(f"url {typed['url']!r} is no http or https address.")
    sources = read_register(datasets / "sources.csv", SOURCES, lists)
    source_id = typed["source_id"]
    if source_id not in set(sources["source_id"]):
        raise DataError(f"source {source_id!r} has no row in datasets/sources.csv. Add its publisher there first.")
    period = parse_period(typed.get("period"))
    unit, factor = _largest_unit(quantity.unit, quantity.value, lists)
    published = typed.get("published", "")
    row = dict.fromkeys(PRESS.columns, "") | {name: typed.get(name, "") for name in PRESS.columns if name in typed}
    row |= {
        "figure_id": _next_id(datasets / "figures" / ADDED),
        "freq": period.freq,
        "time_period": typed.get("period", ""),
        "value_as_read": f"{quantity.value * quantity.sign / factor:f}",
        "unit_as_read": unit,
        "bound": quantity.bound,
        "measure_type": typed.get("measure_type") or _measure_type(quantity.unit),
        "commodity": typed.get("commodity")
        or ("_T" if typed["indicator"] in ("TRADE_TOTAL", "EXP_FOB", "IMP_CIF") else ""),
        "provenance": "quoted",
        "vintage_basis": "printed_date" if published else "unknown",
        "published": published,
        "is_hidden": "false",
        "is_plottable": "true" if period.start else "false",
        "caveats": "; ".join(
            part for part in (typed.get("caveats", ""), f"entered {today.isoformat()} as '{typed['value']}'") if part
        ),
    }
    return row


def append_entry(datasets: Path, row: Mapping[str, str]) -> Path:
    """Append the row to added.csv, whole or not at all: the new file is checked before it replaces the old one."""
    path = datasets / "figures" / ADDED
    before = (
        path.read_text(encoding="utf-8").splitlines(keepends=True)
        if path.exists()
        else [",".join(PRESS.columns) + "\n"]
    )
    trial = path.with_name(f".tmp-{ADDED}")
    try:
        with trial.open("w", encoding="utf-8", newline="") as file:
            file.writelines(before)
            csv.DictWriter(file, PRESS.columns, lineterminator="\n").writerow(row)
        read_register(trial, PRESS, read_codelists(datasets / "codelists"), place_of(path))
        trial.replace(path)
    except OSError as error:
        raise DataError(
            f"{path.name} cannot be written: {error.strerror}. Check the rights of datasets/figures/."
        ) from error
    finally:
        trial.unlink(missing_ok=True)
    return path


def read_back(row: Mapping[str, str]) -> str:
    """Return the entry as one line a person can check."""
    shown = (
        "figure_id",
        "bound",
        "value_as_read",
        "unit_as_read",
        "indicator",
        "ref_area",
        "counterpart_area",
        "role",
        "time_period",
        "source_id",
        "url",
    )
    return " · ".join(f"{name} {row[name]}" for name in shown if row.get(name))


def missing_fields(typed: Mapping[str, str], required: tuple[str, ...]) -> None:
    """Refuse an entry that lacks a required field; all of them at once."""
    raise_all([f"--{name.replace('_', '-')} is missing." for name in required if not typed.get(name)])


def _next_id(path: Path) -> str:
    if not path.exists():
        return "added-001"
    taken = pd.read_csv(path, dtype=str, usecols=["figure_id"])["figure_id"]
    return f"added-{max((int(name.rsplit('-', 1)[1]) for name in taken), default=0) + 1:03d}"


def _largest_unit(unit: str, value: Decimal, lists: CodeLists) -> tuple[str, Decimal]:
    """Return the printed unit with the fewest filling zeros, so that the number's last digit is the one said."""
    printed = lists["CL_PRINTED_UNIT"]
    fitting = [
        (str(row["code"]), Decimal(str(row["factor"]))) for _, row in printed[printed["unit"] == unit].iterrows()
    ]
    fitting = [(name, factor) for name, factor in fitting if abs(value) >= factor]
    return max(fitting, key=lambda pair: pair[1], default=(unit, Decimal(1)))


def _measure_type(unit: str) -> str:
    return {
        "PERCENT": "share",
        "COUNT": "count",
        "KM": "length",
        "MILE": "length",
        "BCM_YR": "level",
        "YEAR": "duration",
    }.get(unit, "flow")
