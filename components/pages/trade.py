"""The trade page: seven ways to look at what two of them trade, and at what each trades with the world."""

from collections.abc import Callable, Mapping

from components.trade import balance, growth, level, mirror, shares, structure, year_to_date
from components.trade.scope import FLOW, FROM, PAIR, PAIRS, TO, Pair
from components.views import Choice, Page, Parameter, Selection, View

PRESET = Parameter(
    "preset",
    "Look at",
    "level",
    choices=(
        Choice("level", "Level"),
        Choice("balance", "Balance"),
        Choice("growth", "Growth"),
        Choice("both", "Both reporters"),
        Choice("ytd", "Year to date"),
        Choice("shares", "Shares"),
        Choice("structure", "Structure"),
    ),
)

VIEWS = (
    View(
        "trade-level",
        "Trade over the years",
        "How much do they trade, and what was promised?",
        level.build,
        level.PARAMETERS,
        480,
    ),
    View(
        "trade-balance",
        "Balance as each side counts it",
        "Who sells more than it buys?",
        balance.build_balance,
        balance.PARAMETERS,
        440,
    ),
    View(
        "trade-flows",
        "Both directions",
        "What stands behind the balance?",
        balance.build_flows,
        balance.PARAMETERS,
        440,
    ),
    View("trade-growth", "Growth on the year before", "How fast does it grow?", growth.build, growth.PARAMETERS, 440),
    View(
        "trade-falls",
        "The falls of 2015",
        "Do the quoted falls fit the official ones?",
        growth.build_falls,
        growth.FALLS_PARAMETERS,
        330,
    ),
    View(
        "trade-average-growth",
        "About 30 % a year, but when?",
        "Over which years does the quoted average hold?",
        growth.build_average,
        growth.FALLS_PARAMETERS,
        300,
    ),
    View(
        "trade-mirror",
        "Both reporters",
        "Do the two sides count the same?",
        mirror.build_lines,
        mirror.PARAMETERS,
        440,
    ),
    View(
        "trade-gap",
        "Gap between the two reports",
        "How far apart are they, over the mean of both?",
        mirror.build_gap,
        mirror.GAP_PARAMETERS,
        400,
    ),
    View(
        "trade-beyond",
        "Beyond freight and insurance",
        "What remains when the price of transport is taken off?",
        mirror.build_beyond,
        mirror.GAP_PARAMETERS,
        400,
    ),
    View(
        "trade-ytd",
        "The same months, year beside year",
        "How does this year begin, against the same months before?",
        year_to_date.build_total,
        year_to_date.PARAMETERS,
        420,
    ),
    View(
        "trade-ytd-flows",
        "The same months, both directions",
        "Who sold how much in these months?",
        year_to_date.build_flows,
        year_to_date.PARAMETERS,
        420,
    ),
    View(
        "trade-share-first",
        "Weight of the second in the first's trade",
        "How much of the first's trade goes to the second?",
        shares.build_second_in_first,
        shares.PARAMETERS,
        420,
    ),
    View(
        "trade-share-second",
        "Weight of the first in the second's trade",
        "How much of the second's trade goes to the first?",
        shares.build_first_in_second,
        shares.PARAMETERS,
        420,
    ),
    View(
        "trade-structure",
        "What Russia sells to China: last full comparison 2013",
        "What was it made of in 1999, and what in 2013?",
        structure.build_exports,
        structure.PARAMETERS,
        360,
    ),
    View(
        "trade-slopes",
        "From metals and machines to fuels, 1999 to 2013",
        "Which groups gave way to which?",
        structure.build_slopes,
        structure.PARAMETERS,
        400,
    ),
    View(
        "trade-structure-imports",
        "What Russia buys from China: numbers for 2013 alone",
        "And the other way?",
        structure.build_imports,
        structure.PARAMETERS,
        330,
    ),
    View(
        "trade-structure-2008",
        "The full split of 2008",
        "Which year is split completely?",
        structure.build_full,
        structure.PARAMETERS,
        460,
    ),
    View(
        "trade-shares-exports",
        "Single shares of what Russia sells to China",
        "What was said of single groups before and since?",
        structure.build_later_exports,
        structure.PARAMETERS,
        820,
    ),
    View(
        "trade-shares-imports",
        "Single shares of what China sells to Russia",
        "And of what comes back?",
        structure.build_later_imports,
        structure.PARAMETERS,
        640,
    ),
)

SHOWN: Mapping[str, tuple[str, ...]] = {
    "level": ("trade-level",),
    "balance": ("trade-balance", "trade-flows"),
    "growth": ("trade-growth", "trade-falls", "trade-average-growth"),
    "both": ("trade-mirror", "trade-gap", "trade-beyond"),
    "ytd": ("trade-ytd", "trade-ytd-flows"),
    "shares": ("trade-share-first", "trade-share-second"),
    "structure": (
        "trade-structure", "trade-slopes", "trade-structure-imports", "trade-structure-2008", "trade-shares-exports",
        "trade-shares-imports",
    ),
}  # fmt: skip


def _is_documented(pair: Pair) -> bool:
    """Say whether the documents quote growth, months and product groups of the pair."""
    return pair.code == "RUS-CHN"


def _is_bilateral(pair: Pair) -> bool:
    return pair.kind == "bilateral"


def _buys_too(pair: Pair) -> bool:
    return pair.kind != "exports"


# Views that have nothing to add for some pairs; the first view of a preset is always shown and says so itself.
ONLY_FOR: Mapping[str, Callable[[Pair], bool]] = {
    "trade-flows": _buys_too,
    "trade-falls": _is_documented,
    "trade-average-growth": _is_documented,
    "trade-gap": _is_bilateral,
    "trade-beyond": _is_bilateral,
    "trade-ytd-flows": _is_documented,
    "trade-share-second": _is_bilateral,
    **dict.fromkeys(SHOWN["structure"][1:], _is_documented),
}


def shown(selection: Selection) -> tuple[str, ...]:
    """Return the views of the preset that have something to say for the pair."""
    pair = PAIRS[selection["pair"]]
    views = SHOWN[selection["preset"]]
    return tuple(view for view in views if view not in ONLY_FOR or ONLY_FOR[view](pair))


PAGE = Page(
    path="/trade",
    title="Trade",
    intro=(
        "Goods trade of Russia, China and Kazakhstan with each other, with the European Union and with the world: as "
        "quoted, as promised and as counted."
    ),
    views=VIEWS,
    parameters=(PAIR, PRESET, FLOW, FROM, TO),
    shown=shown,
)
