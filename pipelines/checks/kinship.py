"""How indicators and areas belong together: flows, shares of what, promises, money, members of a group."""

import re
from collections.abc import Mapping
from functools import lru_cache

from pipelines.checks.facts import Facts, Figure

PROMISES = ("target", "plan", "pledge")
DONE = ("actual", "contract")
ADDABLE = ("flow", "cumulative", "stock")

FLOWS: Mapping[str, tuple[str, str]] = {
    "TRADE_TOTAL": ("goods", "both"),
    "EXP_FOB": ("goods", "out"),
    "IMP_CIF": ("goods", "in"),
    "GAS_EXP": ("gas", "out"),
    "GAS_IMP": ("gas", "in"),
    "GAS_IMP_PIPELINE": ("gas", "in"),
    "GAS_IMP_LNG": ("gas", "in"),
}
PARTNER_SHARES: Mapping[str, str] = {
    "TRADE_PARTNER_SHARE": "TRADE_TOTAL",
    "EXP_PARTNER_SHARE": "EXP_FOB",
    "IMP_PARTNER_SHARE": "IMP_CIF",
}
GROUP_SHARES: Mapping[str, str] = {
    "TRADE_GROUP_SHARE": "TRADE_TOTAL",
    "EXP_GROUP_SHARE": "EXP_FOB",
    "IMP_GROUP_SHARE": "IMP_CIF",
}
VALUES_AND_COUNTS: Mapping[str, str] = {"PROJECT_VALUE": "PROJECT_COUNT", "DEAL_VALUE": "DEAL_COUNT"}
ENVELOPES = ("FINANCE_ENVELOPE",)
INVESTMENT = (
    "PROJECT_VALUE",
    "DEAL_VALUE",
    "FINANCE_ENVELOPE",
    "INVEST_FLOW",
    "INVEST_STOCK",
    "INVEST_CUMULATIVE",
    "FDI_STOCK_INWARD",
    "FDI_STOCK_OUTWARD",
)


def flow_key(figure: Figure) -> tuple[str, str, str]:
    """Return family, exporter and importer of a flow; a turnover has its two areas in order and no direction.

    Other indicators are their own family, with reporter and counterpart as they stand.
    """
    family, direction = FLOWS.get(figure.indicator, (figure.indicator, "out"))
    first, second = figure.ref_area, figure.counterpart_area
    if direction == "both":
        return f"{family} turnover", min(first, second), max(first, second)
    return (family, first, second) if direction == "out" else (family, second, first)


def year_before(time_period: str) -> str:
    """Return the same period one year earlier.

    >>> year_before("2020-01/2020-08"), year_before("2015")
    ('2019-01/2019-08', '2014')
    """
    return re.sub(r"\d{4}(?=$|-|/)", lambda year: f"{int(year[0]) - 1:04d}", time_period)


@lru_cache(maxsize=4)
def members(facts: Facts) -> Mapping[str, frozenset[str]]:
    """Return the members of every group of areas the code list names."""
    codes = facts.codes
    if codes.empty or "members" not in codes:
        return {}
    areas = codes[codes["codelist"] == "CL_AREA"]
    pairs = zip(areas["code"], areas["members"], strict=True)
    return {code: frozenset(cell.split(";")) for code, cell in pairs if isinstance(cell, str) and cell}


def contains(whole: str, part: str, groups: Mapping[str, frozenset[str]]) -> bool:
    """Whether one area lies within another that is larger."""
    return whole != part and bool(part) and (whole == "W00" or part in groups.get(whole, frozenset()))
