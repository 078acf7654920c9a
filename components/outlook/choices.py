"""What a reader may ask of the years ahead: the parameters of the page, and the question they make."""

from components.views import Choice, Parameter, Selection
from pipelines.outlook.choice import DEFAULT, FACTORS
from pipelines.outlook.question import Question, Scenario
from pipelines.tables import Tables

TITLES = {
    DEFAULT: "China–Russia goods trade, China reporting",
    "imf_dots.RUS.CHN.TRADE_TOTAL._T._Z.A": "China–Russia goods trade, Russia reporting, to 2020",
    "CHN_RUS_TRADE_CHINA_REPORTED.IMP_CIF": "China's imports from Russia (two years missing)",
    "CHN_RUS_TRADE_CHINA_REPORTED.EXP_FOB": "China's exports to Russia (two years missing)",
    "CHN_RUS_TRADE_CHINA_REPORTED.TRADE_BALANCE": "China's trade balance with Russia (two years missing)",
    "fcs_annual.RUS.KAZ.TRADE_TOTAL._T._Z.A": "Russia–Kazakhstan goods trade, Russia reporting, to 2021",
    "fcs_annual.RUS.KAZ.TRADE_BALANCE._T._Z.A": "Russia's trade balance with Kazakhstan, to 2021",
    "fcs_annual.RUS.W00.TRADE_TOTAL._T._Z.A": "Russia's goods trade with the world, to 2021",
    "KAZ_CHN_TRADE_KAZAKH_REPORTED.TRADE_TOTAL": "Kazakhstan–China goods trade, Kazakhstan reporting (short)",
    "eurostat_comext.EU27.RUS.EXP_FOB._T._Z.A": "EU exports to Russia",
    "eurostat_comext.EU27.CHN.EXP_FOB._T._Z.A": "EU exports to China",
    "eurostat_comext.EU27.KAZ.EXP_FOB._T._Z.A": "EU exports to Kazakhstan",
    "ei_review.CHN.W00.GAS_IMP.NATURAL_GAS._Z.A": "China's gas imports",
    "CHN_LNG_IMPORTS_WORLD.GAS_IMP_LNG": "China's imports of liquefied gas",
    "CHN_GAS_IMPORTS_WORLD.GAS_IMP_PIPELINE": "China's pipeline gas imports",
    "gazprom.RUS.CHN.GAS_DELIVERY.NATURAL_GAS.POWER_OF_SIBERIA.A": "Gas through Power of Siberia (short)",
    "CHN_CRUDE_IMPORTS_RUS.CRUDE_IMP": "China's crude from Russia (short)",
    "imf_cdis.KAZ.CHN.FDI_STOCK_INWARD._Z._Z.A": "Chinese direct investment in Kazakhstan, stock",
    "imf_cdis.KAZ.RUS.FDI_STOCK_INWARD._Z._Z.A": "Russian direct investment in Kazakhstan, stock",
    "world_bank.CHN._Z.GDP_CURRENT._Z._Z.A": "GDP of China, current dollars",
    "world_bank.RUS._Z.GDP_CURRENT._Z._Z.A": "GDP of Russia, current dollars",
    "world_bank.KAZ._Z.GDP_CURRENT._Z._Z.A": "GDP of Kazakhstan, current dollars",
    "eia.W00._Z.BRENT_PRICE.CRUDE_OIL._Z.A": "Brent crude, mean of the year",
    "quoted:A.CHN.KAZ.TRADE_TOTAL._T._Z.actual.flow.USD.Q": "Quoted only: China–Kazakhstan trade, China reporting",
    "quoted:A.RUS.CHN.TRADE_TOTAL._T._Z.actual.flow.USD.Q": "Quoted only: China–Russia trade, Russia's side",
    "quoted:A.KAZ.CHN.TRADE_TOTAL._T._Z.actual.flow.USD.Q": "Quoted only: Kazakhstan–China trade, Kazakhstan's side",
}
MODELS = {
    "median": "Median combination",
    "naive": "Naive (last value)",
    "drift": "Drift",
    "ets_c": "Bounded exponential smoothing",
    "damped_c": "Damped trend",
    "theta_bct": "Theta (Box–Cox)",
    "arima": "ARIMA",
    "ucm": "Level with fixed drift (UCM)",
}
SCENARIOS = {
    "none": "None",
    "growth": "Constant growth",
    "brent-low": "Brent: low",
    "brent-flat": "Brent: flat",
    "brent-high": "Brent: high",
    "ramp": "New pipeline ramps up",
}
LEVELS = {"80 95": "80 and 95 %", "50 80 95": "50, 80 and 95 %", "80": "80 %", "95": "95 %"}
HORIZONS = {"deadline": "To the deadline", **{str(years): f"{years} years" for years in (1, 3, 5, 7, 10)}}
MADE = {"latest": "Latest value", **{str(year): str(year) for year in range(2024, 2003, -1)}}

TARGET = Parameter(
    "target", "Target", "300", "number", low=0.001, high=100_000, help="In the unit of the axis, e.g. billions."
)
DEADLINE = Parameter("deadline", "Deadline", "2030", "year", low=1995, high=2050)
START = Parameter("start", "Start year", "1992", "year", low=1980, high=2024, help="First year the models read.")


def _choices(words: dict[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(value, label) for value, label in words.items())


SERIES = Parameter("series", "Series", DEFAULT, choices=_choices(TITLES), advanced=True)
MADE_IN = Parameter(
    "made", "As if made at the end of", "latest", choices=_choices(MADE), advanced=True,
    help="Closes the training window; the values are today's edition, cut at that year.",
)  # fmt: skip
HORIZON = Parameter("horizon", "Years ahead", "deadline", choices=_choices(HORIZONS), advanced=True)
MODEL = Parameter("model", "Model", "median", choices=_choices(MODELS), advanced=True)
LEVEL = Parameter("levels", "Bands", "80 95", choices=_choices(LEVELS), advanced=True)
SCENARIO = Parameter("scenario", "Scenario", "none", choices=_choices(SCENARIOS), advanced=True)
RATE = Parameter("rate", "Growth, % a year", "5", "number", low=-50, high=50, advanced=True)
RAMP_FROM = Parameter("ramp_from", "Pipeline starts in", "2031", "year", low=2000, high=2050, advanced=True)
RAMP_YEARS = Parameter("ramp_years", "Years to capacity", "5", "number", low=1, high=30, advanced=True)
CAPACITY = Parameter("capacity", "Capacity, bcm a year", "50", "number", low=0.1, high=1000, advanced=True)
MEMBERS = Parameter("members", "Show the members", "off", "flag", advanced=True)
AXIS = Parameter(
    "axis", "Axis", "linear", choices=(Choice("linear", "Linear"), Choice("log", "Logarithmic")), advanced=True
)
FRONT = (TARGET, DEADLINE, START)
METHOD = (SERIES, MADE_IN, HORIZON, MODEL, LEVEL, SCENARIO, RATE, RAMP_FROM, RAMP_YEARS, CAPACITY)


def ask(tables: Tables, selection: Selection) -> Question:
    """Return the question a selection makes; the target is turned into base units by the unit of the series."""
    factor = unit_factor(tables, selection["series"])
    return Question(
        series_id=selection["series"],
        target=float(selection["target"]) * factor,
        deadline=int(float(selection["deadline"])),
        first_year=int(float(selection["start"])),
        last_year=None if selection["made"] == "latest" else int(selection["made"]),
        horizon=None if selection["horizon"] == "deadline" else int(selection["horizon"]),
        model=selection["model"],
        levels=tuple(float(level) for level in selection["levels"].split()),
        scenario=_scenario(selection),
    )


def unit_factor(tables: Tables, series_id: str) -> float:
    """Return how many base units the axis shows as one."""
    if series_id.startswith("quoted:"):
        rows, column = tables.observations, tables.observations["series_id"]
        units = rows.loc[column == series_id.removeprefix("quoted:"), "unit_measure"]
    else:
        names = tables.series["line_id"]
        same = (names == series_id) | (names.str.split("@").str[0] == series_id)
        units = tables.series.loc[same, "unit_measure"]
    return FACTORS.get(str(units.iloc[0]), 1.0) if len(units) else 1.0


def _scenario(selection: Selection) -> Scenario:
    kind, _, path = selection["scenario"].partition("-")
    return (
        Scenario(
            kind=kind,
            rate=float(selection["rate"]) / 100,
            path=path or "flat",
            start_year=int(float(selection["ramp_from"])),
            years=int(float(selection["ramp_years"])),
            capacity=float(selection["capacity"]),
        )
        if kind != "none"
        else Scenario()
    )


def named(words: str) -> str:
    """Return words of a refusal with the titles of series in the place of their ids."""
    for series_id, title in TITLES.items():
        head, found, rest = words.partition(series_id)
        while found:
            if rest.startswith("@"):
                rest = rest[1:].partition(" ")[1] + rest[1:].partition(" ")[2]
            words = f"{head}“{title}”{rest}"
            head, found, rest = words.partition(series_id)
    return words
