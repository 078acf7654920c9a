"""The page on energy: what pipelines may, shall and do carry, who supplies China, and what the oil cost."""

from components.energy.crude import crude_by_role, crude_in_tonnes, price_and_volume, supply_shares
from components.energy.routes import kazakh_gas, pipelines_by_role, power_of_siberia
from components.energy.suppliers import gas_by_supplier, gas_scope
from components.views import Choice, Page, Parameter, Selection, View

GAS = ("energy-siberia", "energy-roles", "energy-suppliers", "energy-scope", "energy-kazakh-gas")
OIL = ("energy-crude", "energy-crude-roles", "energy-price", "energy-shares")
SHOW = Parameter(
    "show", "Show", "all", choices=(Choice("all", "Gas and oil"), Choice("gas", "Gas"), Choice("oil", "Oil"))
)
OTHERWISE = Parameter(
    "otherwise",
    "Figures that disagree",
    "off",
    "flag",
    advanced=True,
    help="Also draw what the press printed otherwise.",
)
SPLIT = Parameter(
    "split",
    "Gas imports",
    "supplier",
    choices=(Choice("supplier", "By supplier, from 2017"), Choice("kind", "Pipeline and LNG, from 2000")),
)
GAS_AS = Parameter("gas_as", "As", "bcm", choices=(Choice("bcm", "bcm"), Choice("share", "Share of all imports")))
PRICE_AS = Parameter(
    "price_as", "Price and volume", "level", choices=(Choice("level", "Levels"), Choice("index", "First year = 100"))
)


def _shown(selection: Selection) -> tuple[str, ...]:
    return {"gas": GAS, "oil": OIL}.get(selection["show"], (*GAS, *OIL))


PAGE = Page(
    path="/energy",
    title="Energy",
    intro="Capacity, contract, plan and flow are different things and are drawn as such. Cubic metres are named by "
    "their standard wherever they are counted.",
    views=(
        View(
            "energy-siberia",
            "Power of Siberia",
            "Does the gas that flows match the gas that was contracted?",
            power_of_siberia,
            (OTHERWISE,),
        ),
        View(
            "energy-roles",
            "Gas routes by role",
            "What may, shall and does each route carry?",
            pipelines_by_role,
            height=590,
        ),
        View(
            "energy-suppliers",
            "China's gas suppliers",
            "Who supplies China's gas, and how much of it is Russian?",
            gas_by_supplier,
            (SPLIT, GAS_AS),
            height=460,
        ),
        View(
            "energy-scope", "The scope of 36.2 bcm", "What does the quoted total of 2017 cover?", gas_scope, height=326
        ),
        View("energy-kazakh-gas", "Kazakh gas to China", "Did Kazakh gas double?", kazakh_gas, height=380),
        View("energy-crude", "Crude in tonnes", "How much crude comes from Russia?", crude_in_tonnes, height=480),
        View(
            "energy-crude-roles", "Contract, pipeline, imports", "How large is a contract?", crude_by_role, height=326
        ),
        View(
            "energy-price",
            "Price against volume",
            "Did the trade grow by barrels or by their price?",
            price_and_volume,
            (PRICE_AS,),
            height=560,
        ),
        View("energy-shares", "Quoted shares of supply", "How dependent is China?", supply_shares, height=194),
    ),
    parameters=(SHOW,),
    shown=_shown,
)
