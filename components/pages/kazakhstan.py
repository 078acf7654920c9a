"""The page on Kazakhstan: its trade with both neighbours, its gas, Chinese money, projects and transit."""

from components.energy.routes import kazakh_gas
from components.kazakhstan.reporters import FLOWS, both_over_time, both_sides, pair_matrix
from components.kazakhstan.works import capacity_transfer, cargo, eaeu_list, projects, shares, transit_fees
from components.story import FLOWS as SHARES_OF
from components.story import chinese_money, eu_exports, kazakh_partners
from components.views import Choice, Page, Parameter, Selection, View

TRADE = (
    "kazakhstan-partners",
    "kazakhstan-matrix",
    "kazakhstan-both-sides",
    "kazakhstan-over-time",
    "kazakhstan-eu-exports",
)
MONEY = ("kazakhstan-gas", "kazakhstan-money", "kazakhstan-transit-fees", "kazakhstan-cargo", "kazakhstan-shares")
PROJECTS = ("kazakhstan-projects", "kazakhstan-transfer", "kazakhstan-list")
SHOW = Parameter(
    "show",
    "Show",
    "all",
    choices=(
        Choice("all", "Everything"),
        Choice("trade", "Trade"),
        Choice("money", "Gas, money, transit"),
        Choice("projects", "Projects"),
    ),
)
PARTNERS_OF = Parameter(
    "of",
    "Shares of",
    "TRADE_PARTNER_SHARE",
    choices=tuple(Choice(code, words.capitalize()) for code, (_, words) in SHARES_OF.items()),
)
FLOW = Parameter("flow", "Flow", "TRADE_TOTAL", choices=tuple(Choice(code, words) for code, words in FLOWS.items()))
MATRIX = Parameter(
    "matrix", "Three pairs as", "state", choices=(Choice("state", "What there is"), Choice("values", "Latest values"))
)
SINCE = Parameter(
    "since",
    "Matrix from",
    "2005",
    choices=tuple(Choice(year, year) for year in ("1992", "2005", "2015")),
    advanced=True,
)
PAIR = Parameter(
    "pair",
    "Both sides of",
    "CHN-KAZ",
    choices=(
        Choice("CHN-KAZ", "China and Kazakhstan"),
        Choice("KAZ-RUS", "Kazakhstan and Russia"),
    ),
    advanced=True,
)
SIDE = Parameter(
    "side",
    "Direction",
    "total",
    choices=(
        Choice("total", "Turnover"),
        Choice("forth", "Exports of the first named"),
        Choice("back", "Exports of the second named"),
    ),
    advanced=True,
)
WITH_RUSSIA = Parameter(
    "russia", "Russian stock too", "off", "flag", advanced=True, help="Draw Russia's stock beside China's."
)
WHICH = Parameter(
    "projects",
    "Projects",
    "works",
    choices=(Choice("works", "Lines, routes, sites"), Choice("bodies", "Agreements, lists, bodies")),
)


def _shown(selection: Selection) -> tuple[str, ...]:
    chosen = {"trade": TRADE, "money": MONEY, "projects": PROJECTS}
    return chosen.get(selection["show"], (*TRADE, *MONEY, *PROJECTS))


PAGE = Page(
    path="/kazakhstan",
    title="Kazakhstan",
    intro="Between two large neighbours: who trades with it, who counts how, where its gas goes, and what of the "
    "announced money and projects can be traced.",
    views=(
        View(
            "kazakhstan-partners",
            "China and Russia as partners",
            "Which neighbour trades more with Kazakhstan?",
            kazakh_partners,
            (PARTNERS_OF,),
        ),
        View(
            "kazakhstan-matrix",
            "Three pairs, six reporters",
            "Who reports which years?",
            pair_matrix,
            (FLOW, MATRIX, SINCE),
            height=404,
        ),
        View(
            "kazakhstan-both-sides",
            "What each side reports",
            "How far apart are two reports of one flow?",
            both_sides,
            (PAIR, SIDE),
            height=356,
        ),
        View(
            "kazakhstan-over-time",
            "Both sides over time",
            "How do the two counts move?",
            both_over_time,
            (FLOW,),
        ),
        View(
            "kazakhstan-eu-exports",
            "EU exports to Russia and to Kazakhstan",
            "What did the EU sell to each?",
            eu_exports,
            height=460,
        ),
        View("kazakhstan-gas", "Kazakh gas", "Did gas to China double?", kazakh_gas, height=380),
        View(
            "kazakhstan-money",
            "Chinese money by four measures",
            "How much Chinese money is in Kazakhstan?",
            chinese_money,
            (WITH_RUSSIA,),
        ),
        View("kazakhstan-transit-fees", "Transit fees", "What does transit earn?", transit_fees, height=90),
        View("kazakhstan-cargo", "Cargo", "How much crosses the border?", cargo, height=194),
        View("kazakhstan-shares", "Transit and tariffs", "Which part is Kazakhstan's?", shares, height=194),
        View(
            "kazakhstan-projects",
            "Projects",
            "What became of the projects?",
            projects,
            (WHICH,),
            height=456,
        ),
        View("kazakhstan-transfer", "51 projects", "What was to be moved from China?", capacity_transfer, height=150),
        View("kazakhstan-list", "39 projects", "What was to link the two schemes?", eaeu_list, height=190),
    ),
    parameters=(SHOW,),
    shown=_shown,
)
