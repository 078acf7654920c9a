"""What a reader asks of the years ahead, and how it is written on a command line or in a URL."""

import math
import re
from dataclasses import dataclass
from typing import Any

from pipelines.errors import DataError, nearest
from pipelines.outlook.choice import DEFAULT

KINDS = ("none", "growth", "brent", "ramp")


@dataclass(frozen=True)
class Scenario:
    """An assumption: growth at `rate` (0.05 is five percent), a Brent `path`, or new capacity from a year on."""

    kind: str = "none"
    rate: float = 0.0
    path: str = "flat"
    start_year: int = 0
    years: int = 0
    capacity: float = 0.0


@dataclass(frozen=True)
class Question:
    """A forecast as asked for: target in base units; a horizon of None reaches to the deadline, five years at least.

    `target_unit` and `target_basis` are those of the series unless named.
    `first_year` opens the training window; `last_year` closes it, as if the forecast were made at the end of that year.
    """

    series_id: str = DEFAULT
    target: float | None = None
    deadline: int | None = None
    target_unit: str = ""
    target_basis: str = ""
    first_year: int | None = None
    last_year: int | None = None
    horizon: int | None = None
    model: str = "median"
    levels: tuple[float, ...] = (80.0, 95.0)
    scenario: Scenario = Scenario()


def _finite(text: str) -> float:
    """Read a number; "nan" and "inf" are none that anything can be measured against."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def parse_target(text: str) -> dict[str, Any]:
    """Read VALUE@YEAR, or VALUE:UNIT@YEAR, or VALUE:UNIT:PRICES@YEAR, the value in base units, as fields of a question.

    >>> parse_target("300e9@2030")["target"], parse_target("300e9:USD:2015@2030")["target_basis"]
    (300000000000.0, '2015')
    """
    said, _, year = text.partition("@")
    value, unit, basis = (*said.split(":"), "", "")[:3]
    try:
        if said.count(":") > 2:
            raise ValueError
        return {"target": _finite(value), "deadline": int(year), "target_unit": unit, "target_basis": basis}
    except ValueError:
        raise DataError(
            f"--target {text!r} is not VALUE@YEAR. Write e.g. 300e9@2030 (base units), or with unit and price basis "
            "300e9:USD:current@2030."
        ) from None


def parse_levels(text: str) -> tuple[float, ...]:
    """Read levels in percent separated by commas, each once, in rising order.

    >>> parse_levels("95,80")
    (80.0, 95.0)
    """
    try:
        return tuple(sorted({float(part) for part in text.split(",")}))
    except ValueError:
        raise DataError(f"--levels {text!r} are not percentages. Write e.g. 80,95.") from None


def parse_window(text: str) -> tuple[int | None, int | None]:
    """Read FROM:TO, either end may be missing; a lone year opens the window.

    >>> parse_window("2000:2020"), parse_window("2000"), parse_window(":2020")
    ((2000, 2020), (2000, None), (None, 2020))
    """
    found = re.fullmatch(r"(\d{4})?(?::(\d{4})?)?", text)
    if not found or not any(found.groups()):
        raise DataError(f"--train {text!r} is not FROM:TO. Write e.g. 2000:2020, 2000: or :2020.")
    first, last = (int(year) if year else None for year in found.groups())
    return first, last


def parse_scenario(text: str) -> Scenario:
    """Read `growth=5`, `brent=low` or `ramp=START,YEARS,CAPACITY`.

    >>> parse_scenario("growth=5").rate
    0.05
    """
    kind, _, rest = text.partition("=")
    if kind not in KINDS:
        raise DataError(f"--scenario {text!r} is not offered{nearest(kind, KINDS)}. Choose one of: {', '.join(KINDS)}.")
    try:
        if kind == "growth":
            return Scenario(kind, rate=_finite(rest) / 100)
        if kind == "ramp":
            start, years, capacity = rest.split(",")
            return Scenario(kind, start_year=int(start), years=int(years), capacity=_finite(capacity))
    except ValueError:
        raise DataError(f"--scenario {text!r} cannot be read. Write growth=5 or ramp=2030,5,50.") from None
    return Scenario(kind, path=rest or "flat") if kind == "brent" else Scenario()
