"""Which trade a reader asks for: the pair, the direction, the years, and how a reporter counts it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from components.labels import Words
from components.views import Choice, Parameter, Selection
from pipelines.errors import DataError

FIRST_YEAR, LAST_YEAR = 1990, 2031


@dataclass(frozen=True)
class Pair:
    """Two areas that trade: `main` reports the longer record; `kind` says who reports at all.

    `bilateral`: both ends report. `exports`: only the first named, and only what it sells. `world`: the first named,
    with all partners together.
    """

    code: str
    label: str
    first: str
    second: str
    main: str
    kind: Literal["bilateral", "exports", "world"] = "bilateral"

    @property
    def reporters(self) -> tuple[str, ...]:
        """Return who reports, the main reporter first."""
        if self.kind != "bilateral":
            return (self.first,)
        return (self.main, self.partner(self.main))

    def partner(self, reporter: str) -> str:
        """Return the other end."""
        return self.second if reporter == self.first else self.first


PAIRS: Mapping[str, Pair] = {
    pair.code: pair
    for pair in (
        Pair("RUS-CHN", "Russia–China", "RUS", "CHN", "CHN"),
        Pair("CHN-KAZ", "China–Kazakhstan", "CHN", "KAZ", "KAZ"),
        Pair("RUS-KAZ", "Russia–Kazakhstan", "RUS", "KAZ", "RUS"),
        Pair("EU27-RUS", "EU exports to Russia", "EU27", "RUS", "EU27", "exports"),
        Pair("EU27-KAZ", "EU exports to Kazakhstan", "EU27", "KAZ", "EU27", "exports"),
        Pair("EU27-CHN", "EU exports to China", "EU27", "CHN", "EU27", "exports"),
        Pair("RUS-W00", "Russia with the world", "RUS", "W00", "RUS", "world"),
        Pair("KAZ-W00", "Kazakhstan with the world", "KAZ", "W00", "KAZ", "world"),
        Pair("CHN-W00", "China with the world", "CHN", "W00", "CHN", "world"),
    )
}

PAIR = Parameter("pair", "Trade of", "RUS-CHN", choices=tuple(Choice(pair.code, pair.label) for pair in PAIRS.values()))
FLOW = Parameter(
    "flow",
    "Direction",
    "total",
    choices=(
        Choice("total", "Both directions"),
        Choice("first", "Exports of the first named"),
        Choice("second", "Exports of the second named"),
    ),
    advanced=True,
    help="Exports of one side are the imports of the other; each reporter counts them its own way.",
)
FROM = Parameter("from", "From", str(FIRST_YEAR), "year", low=FIRST_YEAR, high=LAST_YEAR, advanced=True)
TO = Parameter("to", "To", str(LAST_YEAR), "year", low=FIRST_YEAR, high=LAST_YEAR, advanced=True)
SCOPE = (PAIR, FLOW, FROM, TO)


@dataclass(frozen=True)
class Scope:
    """The pair, the direction and the years asked for."""

    pair: Pair
    flow: str = "total"
    start: int = FIRST_YEAR
    end: int = LAST_YEAR

    @property
    def years(self) -> str:
        """Return the years asked for in words, a single one once."""
        return f"{self.start}–{self.end}" if self.start < self.end else f"{self.start}"

    def indicator(self, reporter: str) -> str:
        """Return what the reporter calls the flow: turnover, exports, or the other side's exports as its imports."""
        if self.flow == "total" and self.pair.kind != "exports":
            return "TRADE_TOTAL"
        return "EXP_FOB" if (self.flow == "second") == (reporter == self.pair.second) else "IMP_CIF"

    def words(self, names: Words) -> str:
        """Return the flow in words."""
        first, second = place(names, self.pair.first), place(names, self.pair.second)
        if self.flow == "second":
            return f"imports of {first}" if self.pair.kind == "world" else f"exports of {second} to {first}"
        if self.flow == "first" or self.pair.kind == "exports":
            return f"exports of {first}" if self.pair.kind == "world" else f"exports of {first} to {second}"
        return f"goods trade of {first} with {second}"

    def covers(self, time_period: str) -> bool:
        """Say whether a period touches the years asked for."""
        first, last = _years(time_period)
        return first <= self.end and last >= self.start


@lru_cache(maxsize=4096)
def _years(time_period: str) -> tuple[int, int]:
    """Return the first and the last year of a period; an undated one lies in none."""
    start, _, end = time_period.partition("/")
    return (int(start[:4]), int((end or start)[:4])) if start else (LAST_YEAR + 1, FIRST_YEAR - 1)


def place(names: Words, code: str) -> str:
    """Return the name of an area as it stands in a sentence."""
    return {"W00": "the world", "EU27": "the EU"}.get(code) or names.area(code)


def scope_of(selection: Selection) -> Scope:
    """Return the scope of a selection; years the wrong way round are refused."""
    start, end = (int(float(selection.get(p.name, p.default))) for p in (FROM, TO))
    if start > end:
        raise DataError(f"from={start} lies after to={end}. Swap them.")
    return Scope(PAIRS[selection.get("pair", PAIR.default)], selection.get("flow", FLOW.default), start, end)
