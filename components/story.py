"""Four of the six pictures that tell the story: gas to China, Kazakhstan's partners, EU exports, Chinese money."""

from collections.abc import Mapping
from operator import itemgetter

import pandas as pd

from components import labels
from components.charts import energy, kazakhstan
from components.charts.panels import series_of
from components.marks import (
    absent,
    compute,
    documents,
    draw_line,
    drawn_by,
    gather,
    pick,
    quote,
    told,
    values_by_period,
    without,
)
from components.shelves import Rows, matching
from components.views import Exhibit
from pipelines.tables import Tables

SIBERIA = "POWER_OF_SIBERIA"
REVIEW_COUNTS = (
    "Gazprom counts cubic metres at 20 °C, the Statistical Review standard ones at 15 °C and 40 MJ/m³: the same gas is "
    "5 to 6 % less there, and 27 % less in 2021, which conditions do not explain."
)
KAZAKH_GAS_CAVEATS: Mapping[str, str] = {
    "target": "The aim of 10 bcm names no year: its dashed level spans the contract, whose end is the signature plus "
    "five years.",
    "base": "The base of 5 bcm is not stated; it is the aim over the word “double”.",
    "imported": "Every year of the Statistical Review comes from the edition published after it: columns, not a line.",
}
SEAMS_DRAWN = "The years come from several yearly workbooks, joined as a declared chain; dotted rules show the seams."
PARTNERS: Mapping[str, str] = {"CHN": "China", "RUS": "Russia"}
FLOWS: Mapping[str, tuple[str, str]] = {
    "TRADE_PARTNER_SHARE": ("TRADE_TOTAL", "turnover"),
    "EXP_PARTNER_SHARE": ("EXP_FOB", "exports"),
    "IMP_PARTNER_SHARE": ("IMP_CIF", "imports"),
}
BEFORE_WAR = "2021"
_SHARE: Mapping[str, str] = {
    "unit_measure": "PERCENT", "measure_type": "share", "obs_status": "D", "provenance": "derived",
}  # fmt: skip


@drawn_by(energy.gas_to_china)
def gas_to_china(tables: Tables) -> Exhibit:
    """Return picture 5: Power of Siberia against its contract, Kazakh gas against its aim, in panels of their own."""
    siberia, kazakh = siberia_marks(tables), kazakh_gas_marks(tables)
    if not series_of(siberia, "delivered", "review") and not series_of(kazakh, "imported"):
        return without("Gas to China", absent(tables, "yearly deliveries of pipeline gas to China"))
    return told(
        "Gas to China: Power of Siberia and Kazakhstan",
        gather(siberia, kazakh),
        [siberia_sentence(siberia), kazakh_gas_sentence(kazakh)],
        [*siberia_caveats(siberia), *kazakh_gas_caveats(kazakh)],
    )


def siberia_marks(tables: Tables, *, otherwise: bool = False) -> pd.DataFrame:
    """Return deliveries through Power of Siberia, the review's count of them, and the contracted level.

    With `otherwise` also the figures the press printed for the same years that disagree and are hidden by default.
    """
    delivered = draw_line(
        tables, "delivered", "Delivered through Power of Siberia", indicator="GAS_DELIVERY", project_id=SIBERIA
    )
    review = draw_line(
        tables,
        "review",
        "Pipeline gas from Russia by the Statistical Review",
        indicator="GAS_IMP_PIPELINE",
        ref_area="CHN",
        counterpart_area="RUS",
    )
    contract = pick(tables, indicator="PIPELINE_CAPACITY", project_id=SIBERIA, role="capacity", time_period="").head(1)
    return gather(
        delivered,
        review,
        quote(contract, "contract"),
        quote(_printed_otherwise(tables), "otherwise") if otherwise else gather(),
    )


def siberia_caveats(marks: pd.DataFrame) -> list[str]:
    """Return what must be known of the deliveries, the review and the contract, where they are drawn."""
    both = len(series_of(marks, "delivered")) and len(series_of(marks, "review"))
    contract = "38 bcm is a contracted capacity of which no start is stated, so it stands beside the time axis."
    return [*([REVIEW_COUNTS] if both else []), *([contract] if series_of(marks, "contract") else [])]


def kazakh_gas_caveats(marks: pd.DataFrame) -> list[str]:
    """Return what must be known of the Kazakh marks that are drawn."""
    return [caveat for name, caveat in KAZAKH_GAS_CAVEATS.items() if series_of(marks, name)]


def _printed_otherwise(tables: Tables) -> pd.DataFrame:
    rows = tables.observations
    keep = (rows["indicator"] == "GAS_DELIVERY") & (rows["project_id"] == SIBERIA) & (rows["measure_type"] == "flow")
    return rows[keep & rows["is_hidden"] & rows["is_plottable"]]


def siberia_sentence(marks: pd.DataFrame) -> str:
    """Return what Gazprom delivered last against the contract, and how far the review's count lies below."""
    delivered, review, contract = (series_of(marks, name) for name in ("delivered", "review", "contract"))
    if not delivered:
        return "No delivery through Power of Siberia is stated in this state of knowledge."
    last = delivered[-1]
    said = f"Gazprom delivered {last['obs_value']:g} bcm through Power of Siberia in {last['time_period']}"
    return f"{said}{_against_contract(delivered, contract)}.{_against_review(delivered, review)}"


def _against_contract(delivered: Rows, contract: Rows) -> str:
    if not contract:
        return ""
    level = float(contract[0]["obs_value"])
    passed = [row["time_period"] for row in delivered if row["obs_value"] >= level]
    if not passed:
        return f", below the contracted {level:g} bcm a year"
    return f"; the contracted {level:g} bcm a year was first reached in {passed[0]}"


def _against_review(delivered: Rows, review: Rows) -> str:
    known = values_by_period(review)
    both = [(year, value, known[year]) for year, value in values_by_period(delivered).items() if year in known]
    below = {year: 100 * (1 - counted / value) for year, value, counted in both}
    usual = [percent for percent in below.values() if abs(percent) <= 100 * energy.UNEXPLAINED]
    if not usual:
        return ""
    low, high = f"{min(usual):.0f}", f"{max(usual):.0f}"
    text = f" The Statistical Review counts {low if low == high else f'{low} to {high}'} % less"
    years = [f"{y}: {r:g} against {d:g}" for y, d, r in both if abs(below[y]) > 100 * energy.UNEXPLAINED]
    return f"{text}, except in {labels.join_words(years)} bcm, a gap nothing explains." if years else f"{text}."


def kazakh_gas_marks(tables: Tables) -> pd.DataFrame:
    """Return Kazakh gas to China by the review, the aim of the contract of 2018, and the base its wording implies."""
    imported = draw_line(
        tables,
        "imported",
        "Pipeline gas from Kazakhstan by the Statistical Review",
        indicator="GAS_IMP_PIPELINE",
        ref_area="CHN",
        counterpart_area="KAZ",
    )
    where = {"ref_area": "KAZ", "counterpart_area": "CHN", "role": "target"}
    target = pick(tables, indicator="GAS_EXP", **where).head(1)
    multiple = pick(tables, indicator="GAS_EXP_MULTIPLE", **where).head(1)
    return gather(imported, quote(target, "target"), _implied_base(target, multiple))


def _implied_base(target: pd.DataFrame, multiple: pd.DataFrame) -> pd.DataFrame:
    if target.empty or multiple.empty:
        return gather()
    aim, times = float(target["obs_value"].iloc[0]), float(multiple["obs_value"].iloc[0])
    return compute(
        gather(quote(target, ""), quote(multiple, "")),
        series="base",
        label="Base implied by the word “double”",
        obs_value=aim / times,
        formula=f"{aim:g} bcm / {times:g}",
        unit_measure=str(target["unit_measure"].iloc[0]),
        indicator="GAS_EXP",
        ref_area="KAZ",
        counterpart_area="CHN",
    )


def kazakh_gas_sentence(marks: pd.DataFrame) -> str:
    """Return Kazakh gas at its highest and last, against the aim."""
    imported, target, base = (series_of(marks, name) for name in ("imported", "target", "base"))
    if not imported:
        return "No yearly amount of Kazakh gas to China is stated in this state of knowledge."
    high, last = max(imported, key=itemgetter("obs_value")), imported[-1]
    said = f"Kazakh gas to China was {labels.number(last['obs_value'])} bcm in {last['time_period']}"
    if high["time_period"] != last["time_period"]:
        said += f" and {labels.number(high['obs_value'])} at its highest in {high['time_period']}"
    if not target:
        return f"{said}."
    implied = f", the double of an implied {base[0]['obs_value']:g}" if base else ""
    return f"{said}, against an aim of {target[0]['obs_value']:g} bcm{implied}."


@drawn_by(kazakhstan.partners, "of")
def kazakh_partners(tables: Tables, of: str = "TRADE_PARTNER_SHARE") -> Exhibit:
    """Return picture 3: China's and Russia's shares of Kazakhstan's goods trade as Kazakhstan counts it."""
    flow, words = FLOWS[of]
    title = f"China and Russia in Kazakhstan's {words}"
    marks = gather(*(_share_marks(tables, of, flow, area) for area in PARTNERS))
    if marks.empty:
        return without(title, absent(tables, f"Kazakh-reported {words} with China or Russia and with the world"))
    return told(
        title,
        marks,
        [_partners_sentence(marks, words)],
        [
            "Both shares come from Kazakhstan's own statistics; China counts several billion dollars more a year.",
            *([SEAMS_DRAWN] if marks["is_seam"].eq(True).any() else []),
        ],
    )


def _share_marks(tables: Tables, indicator: str, flow: str, area: str) -> pd.DataFrame:
    """The shares of one partner, each a point of the line of the trade it is computed from."""
    shares = matching(tables.shares, indicator=indicator, ref_area="KAZ", counterpart_area=area)
    lines = draw_line(
        tables, area, PARTNERS[area], indicator=flow, ref_area="KAZ", counterpart_area=area, commodity="_T"
    )
    told = {row["time_period"]: row for row in shares.to_dict("records")}
    held = lines[lines["time_period"].isin(told)]
    rows = [told[year] for year in held["time_period"]]
    cells = [
        ("", f"{row['numerator_ids']} ; {row['denominator_ids']}", row["formula"], *_SHARE.values(), indicator)
        for row in rows
    ]
    names = ["observation_id", "observation_ids", "formula", *_SHARE, "indicator"]
    computed = pd.DataFrame(cells, columns=names, index=held.index, dtype=object)
    computed["obs_value"] = [float(row["share"]) for row in rows]
    computed["line_id"] = held["line_id"] + ".share"
    kept = held.drop(columns=list(computed.columns))
    return pd.concat([kept, computed], axis=1).reindex(columns=held.columns)


def _partners_sentence(marks: pd.DataFrame, words: str) -> str:
    parts = []
    for name, rows in marks.groupby("label", sort=False):
        first, last = rows.iloc[0], rows.iloc[-1]
        went = (
            f"went from {labels.number(first['obs_value'])} % in {first['time_period']} to" if len(rows) > 1 else "was"
        )
        parts.append(f"{name}'s share {went} {labels.number(last['obs_value'])} % in {last['time_period']}")
    ahead = _first_ahead(marks)
    return f"In Kazakhstan's {words} {labels.join_words(parts)}{ahead}."


def _first_ahead(marks: pd.DataFrame) -> str:
    china, russia = (values_by_period(series_of(marks, area)) for area in ("CHN", "RUS"))
    both = sorted(china.keys() & russia.keys())
    ahead = [year for year in both if china[year] > russia[year]]
    if not both:
        return ""
    return f"; China was ahead first in {ahead[0]}" if ahead else "; Russia stayed ahead"


@drawn_by(kazakhstan.eu_exports)
def eu_exports(tables: Tables) -> Exhibit:
    """Return picture 4: what the EU sold to Russia and to Kazakhstan, in panels of their own scale."""
    title = "EU exports to Russia and to Kazakhstan"
    names = {"RUS": "Russia", "KAZ": "Kazakhstan"}
    marks = gather(
        *(
            draw_line(tables, area, name, indicator="EXP_FOB", ref_area="EU27", counterpart_area=area, commodity="_T")
            for area, name in names.items()
        )
    )
    if marks.empty:
        return without(title, absent(tables, "EU exports to Russia or to Kazakhstan"))
    return told(
        title,
        marks,
        [_exports_sentence(marks)],
        [
            "In euros as Eurostat counts them, 27 members in every year; the two panels have different scales.",
            "The picture shows what was sold to each, not what was sold on: no figure here follows the goods further.",
        ],
    )


def _exports_sentence(marks: pd.DataFrame) -> str:
    changes: dict[str, float] = {}
    parts = []
    for name, rows in marks.groupby("label", sort=False):
        last = rows.iloc[-1]
        before = rows[rows["time_period"] == BEFORE_WAR]
        now = f"{labels.value(last['obs_value'], 'EUR')} in {last['time_period']}"
        if before.empty or last["time_period"] <= BEFORE_WAR:
            parts.append(f"EU exports to {name} were {now}")
            continue
        then = float(before["obs_value"].iloc[0])
        changes[str(name)] = float(last["obs_value"]) - then
        rate = round(100 * (float(last["obs_value"]) / then - 1))
        parts.append(
            f"EU exports to {name} went from {labels.value(then, 'EUR')} in {BEFORE_WAR} to {now} ({signed(rate)} %)"
        )
    return f"{labels.join_words(parts)}.{_rise_over_fall(changes)}"


def signed(number: float) -> str:
    """Return a number with its sign, also when it is above zero."""
    return f"+{labels.number(number)}" if number > 0 else labels.number(number)


def _rise_over_fall(changes: Mapping[str, float]) -> str:
    fall, rise = changes.get("Russia", 0.0), changes.get("Kazakhstan", 0.0)
    if not (fall < 0 < rise):
        return ""
    return f" What Kazakhstan bought more is {labels.number(round(-100 * rise / fall))} % of what Russia bought less."


@drawn_by(kazakhstan.chinese_money, "russia")
def chinese_money(tables: Tables, russia: str = "off") -> Exhibit:
    """Return picture 6: the stock of Chinese investment in Kazakhstan beside three sums somebody quoted."""
    title = "Chinese money in Kazakhstan: four measures"
    holders = {"CHN": "stock from China", **({"RUS": "stock from Russia"} if russia == "on" else {})}
    stocks = gather(
        *(
            draw_line(tables, area, name, indicator="FDI_STOCK_INWARD", ref_area="KAZ", counterpart_area=area)
            for area, name in holders.items()
        )
    )
    if stocks.empty:
        return without(title, absent(tables, "stock of Chinese direct investment in Kazakhstan"))
    sums, rivals = _quoted_sums(tables)
    marks = gather(stocks.assign(place=""), sums)
    return told(
        title,
        marks,
        [_money_sentence(marks)],
        [
            *_sums_caveats(sums),
            "The stock counts the immediate investor: Chinese money that came through third countries is missing.",
            *rivals,
        ],
    )


def _sums_caveats(sums: pd.DataFrame) -> list[str]:
    if sums.empty:
        return []
    since = set(sums.loc[sums["series"] == "cumulative", "time_period"].str[:4])
    inside = " The sum since 2013 lies inside the sum since 2005." if {"2005", "2013"} <= since else ""
    return [
        "A stock of direct investment, sums of deals since a year, and a plan are different things and never to be "
        f"added.{inside}",
        "The sums run from a year to the time of writing in 2020 and the plan names no years of spending, so all "
        "stand beside the time axis.",
    ]


def _quoted_sums(tables: Tables) -> tuple[pd.DataFrame, list[str]]:
    """Return the sums of the documents with their places, and a remark for each sum by others."""
    where = {"ref_area": "CHN", "counterpart_area": "KAZ"}
    sums = pick(tables, indicator="INVEST_CUMULATIVE", **where).sort_values("period_start", kind="stable")
    ours = sums[sums["source_id"].isin(documents(tables))]
    plans = pick(tables, indicator="PROJECT_VALUE", role="plan", **where)
    places = [f"since<br>{period[:4]}" for period in ours["time_period"]]
    plan_places = [f"plan<br>of {period[:4]}" for period in plans["time_period"]]
    marks = gather(quote(ours, "cumulative").assign(place=places), quote(plans, "plan").assign(place=plan_places))
    others = sums[~sums["source_id"].isin(documents(tables))]
    rivals = [
        f"{row['said_by']} put it at {labels.bounded(row['obs_value'], row['unit_measure'], row['bound'])} "
        f"for {labels.period(row['time_period'])} ({row['publisher']}): another count, not drawn."
        for row in others.to_dict("records")
    ]
    return marks, rivals


def _money_sentence(marks: pd.DataFrame) -> str:
    stock = marks[marks["series"] == "CHN"]
    if stock.empty:
        return ""
    high, last = stock.iloc[int(stock["obs_value"].to_numpy().argmax())], stock.iloc[-1]
    now = labels.value(last["obs_value"], "USD")
    said = f"The stock of Chinese direct investment was {now} at the end of {last['time_period']}"
    if high["time_period"] != last["time_period"]:
        said += f", after {labels.value(high['obs_value'], 'USD')} at its highest in {high['time_period']}"
    sums = [
        f"{labels.bounded(row['obs_value'], row['unit_measure'], row['bound'])} "
        f"{'since ' + row['time_period'][:4] if row['series'] == 'cumulative' else 'planned in ' + row['time_period']}"
        for row in marks[marks["series"].isin(("cumulative", "plan"))].to_dict("records")
    ]
    return f"{said}; quoted beside it are {labels.join_words(sums)}." if sums else f"{said}."
