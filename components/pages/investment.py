"""The page on money: stocks, envelopes, funds, deals, claims and settlement, each kind by itself."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from components import labels
from components.charts import finance
from components.marks import absent, compute, draw_line, drawn_by, gather, pick, quote, told, without
from components.story_trade import announced_and_realised, claimed_and_realised
from components.views import Exhibit, Page, Parameter, View
from pipelines.tables import Tables

BILLION = 1e9
NEVER_SUMMED = (
    "Different kinds of money from different speakers: nothing here is added up, on the chart or in the download."
)
SPEAKERS: Mapping[str, str] = {
    "BRI_ENVELOPE_BEIJING": "Beijing, no speaker named",
    "BRI_ENVELOPE_LI": "Li Keqiang, at second hand",
    "BRI_ENVELOPE_NDRC": "National Development and Reform Commission",
    "CPEC": "announced, speaker not named",
    "SILK_ROAD_FUND": "endowment of the fund",
    "BRI_DEALS": "The Diplomat, no source given",
}
FUND_NAMES: Mapping[str, str] = {
    "SCO_BANK": "SCO development bank: loans proposed in 2012, never created",
    "SILK_ROAD_FUND": "Silk Road Fund",
    "BRICS_NDB": "New Development Bank: start-up capital, hatched the planned rise to 100",
    "AIIB": "Asian Infrastructure Investment Bank",
    "BRICS_CRA": "BRICS reserve arrangement, inside it China's part",
}
SET_ASIDE = Parameter(
    "set_aside",
    "Rows set aside",
    "off",
    "flag",
    advanced=True,
    help="Also draw figures of another scope or method that are hidden by default.",
)
LATER = Parameter(
    "later",
    "Later counts",
    "off",
    "flag",
    advanced=True,
    help="Also draw the direct investment stocks the Bank of Russia gave for 2017 and 2018: another definition.",
)


@drawn_by(partial(finance.amounts, what="Stock"), "later")
def stocks(tables: Tables, later: str) -> Exhibit:
    """Draw what each side held in the other at the end of 2013, and what China's 5 would be of 115."""
    title = "Investment stocks both ways"
    held = quote(pick(tables, indicator="INVEST_STOCK"), "as quoted")
    pairs = held[held["counterpart_area"].isin(["RUS", "CHN"])]
    if pairs.empty:
        return without(title, absent(tables, "investment stock of China in Russia or of Russia in China"))
    bank = pick(tables, indicator="FDI_STOCK_INWARD", ref_area="RUS", counterpart_area="CHN", provenance="quoted")
    more = quote(bank.sort_values("time_period"), "Bank of Russia") if later == "on" else held.iloc[:0]
    bars = _noted(gather(pairs, more)).assign(colour_area=lambda f: f["ref_area"])
    bars["colour_area"] = bars["colour_area"].where(bars["indicator"] == "INVEST_STOCK", "CHN")
    card = _part_of_abroad(pairs, held)
    caveats = (
        "Shares of a stock and of a yearly flow are different things: whether the 115 is a stock is not said.",
        "Direct investment, or portfolio investment and loans as well: not said either.",
    )
    years = dict.fromkeys(str(period)[:4] for period in bars["time_period"].dropna())
    title = f"{title}, end of {labels.join_words(list(years))}"
    return told(title, gather(bars, card), _stock_sentences(bars, card), caveats)


def _stock_sentences(bars: pd.DataFrame, card: pd.DataFrame) -> list[str]:
    first = [f"{row['measures']}{_of_year(row)}: {_amount(row)}." for row in bars.to_dict("records")]
    share = [f"Set against the sum quoted for China abroad that is {_amount(card.iloc[0])}, if both are stocks."] * len(
        card
    )
    return [*first, *share]


def _of_year(row: Mapping[Any, Any]) -> str:
    """Return the year of a stock where the words that say what it measures leave it out."""
    year = _text(row["time_period"])[:4]
    return "" if not year or year in str(row["measures"]) else f", {_window(row)}"


def _part_of_abroad(pairs: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    inside, whole = pairs[pairs["ref_area"] == "CHN"], held[held["counterpart_area"] == "W00"]
    if inside.empty or whole.empty:
        return held.iloc[:0].assign(note="", colour_area="")
    inputs = gather(inside.iloc[:1], whole.iloc[:1])
    part, total = (float(value) for value in inputs["obs_value"])
    shown = [
        labels.bounded(value, "USD", str(bound)) for value, bound in zip((part, total), inputs["bound"], strict=True)
    ]
    return compute(
        inputs,
        series="card",
        label=f"Russia in China's investments abroad: {shown[0]} of {shown[1]}",
        obs_value=100 * part / total,
        formula=f"{shown[0]} / {shown[1]} × 100",
        unit_measure="PERCENT",
        time_period=str(inputs["time_period"].iloc[0]),
        bound="~",
    ).assign(note="Holds only if both are stocks; the text sets them side by side without saying so.", colour_area="")


def _noted(rows: pd.DataFrame) -> pd.DataFrame:
    """Return marks with a note: period, who said it, and what to know before using it."""
    notes = [
        " · ".join(
            part
            for part in (
                labels.period(_text(row["time_period"])),
                _text(row["said_by"]) or _text(row["publisher"]),
                _text(row["caveats"]),
            )
            if part
        )
        for row in rows.to_dict("records")
    ]
    return rows.assign(note=pd.Series(notes, index=rows.index, dtype=object))


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""


def _amount(row: Mapping[Any, Any] | pd.Series) -> str:
    return labels.bounded(
        float(str(row["obs_value"])), str(row["unit_measure"]), str(row["bound"]), counted=_text(row["counted"])
    )


@drawn_by(partial(finance.amounts, what="Added up"), "set_aside")
def cumulative(tables: Tables, set_aside: str) -> Exhibit:
    """Draw every figure that adds up several years, with its window and its maker."""
    title = "Money added up over years"
    observations = tables.observations
    wanted = observations["indicator"].isin(["INVEST_CUMULATIVE", "LOANS_CUMULATIVE"])
    wanted &= (observations["measure_type"] == "cumulative") & observations["duplicate_of"].isna()
    if set_aside == "off":
        wanted &= ~observations["is_hidden"]
    found = observations[wanted].sort_values(["counterpart_area", "obs_value"], ascending=[True, False])
    if found.empty:
        return without(title, absent(tables, "investment or loan added up over several years"))
    bars = _noted(quote(found, "cumulative")).assign(colour_area=found["counterpart_area"].to_numpy())
    sentences = [f"{row['measures']}, {_window(row)}: {_amount(row)}." for row in bars.to_dict("records")]
    hidden = observations[observations["is_hidden"] & observations["indicator"].eq("INVEST_CUMULATIVE")]
    caveats = (
        "Windows overlap and makers count differently: the bars stand beside each other and are not steps of a series.",
        "Loans are lent and no investment: their bar is a sum of its own kind."
        if (found["indicator"] == "LOANS_CUMULATIVE").any()
        else "",
        f"Figures set aside for another scope or method: {len(hidden)}." if len(hidden) else "",
    )
    return told(title, bars, sentences, caveats)


def _window(row: Mapping[Any, Any]) -> str:
    return labels.period(_text(row["time_period"]))


@drawn_by(finance.envelopes)
def envelopes(tables: Tables) -> Exhibit:
    """Draw what each speaker put on the table for the Belt and Road, one dot each."""
    title = "Belt and Road envelopes, by speaker"
    found = gather(
        quote(pick(tables, indicator="FINANCE_ENVELOPE"), "envelope"),
        quote(pick(tables, indicator="FUND_CAPITAL", project_id="SILK_ROAD_FUND"), "fund"),
        quote(pick(tables, indicator="INVEST_FLOW", counterpart_area="BRI", unit_measure="USD"), "yearly flow"),
        quote(pick(tables, indicator="DEAL_VALUE", project_id="BRI_DEALS"), "value of deals"),
    )
    if found.empty:
        return without(title, absent(tables, "money promised, signed or invested along the Belt and Road"))
    ordered = found.sort_values("obs_value", kind="stable", ignore_index=True)
    names = labels.words(tables.codes)
    notes = [
        " · ".join((_speaker(row), names.role(_text(row["role"])).lower(), labels.period(_text(row["time_period"]))))
        for row in ordered.to_dict("records")
    ]
    marks = ordered.assign(note=notes, label=_named(tables, ordered))
    smallest, largest = marks.iloc[0], marks.iloc[-1]
    sentences = [
        f"The statements run from {_said(smallest)} to {_said(largest)}.",
        f"{len(marks)} {labels.plural('statement', len(marks))}: {_kinds(marks)}.",
    ]
    return told(title, marks, sentences, (NEVER_SUMMED,))


def _kinds(marks: pd.DataFrame) -> str:
    counts = marks["series"].value_counts(sort=False)
    return labels.join_words([f"{count} {labels.plural(str(kind), int(count))}" for kind, count in counts.items()])


def _named(tables: Tables, rows: pd.DataFrame) -> pd.Series:
    """Return the name of each row's project, or what the row measures where there is none."""
    names = tables.projects.set_index("project_id")["name"]
    return rows["project_id"].map(names).fillna(rows["measures"])


def _said(row: pd.Series) -> str:
    return f"{_amount(row)} ({_speaker(row)})"


def _speaker(row: Mapping[Any, Any] | pd.Series) -> str:
    named = SPEAKERS.get(_text(row["project_id"]), "")
    return named or _text(row["said_by"]) or _text(row["publisher"])


@drawn_by(finance.funds)
def funds(tables: Tables) -> Exhibit:
    """Draw the stated capital of funds and banks with the parts somebody named."""
    title = "Funds and their parts"
    capital = quote(pick(tables, indicator="FUND_CAPITAL"), "capital")
    proposed = quote(pick(tables, indicator="LOAN_FACILITY"), "proposal")
    found = gather(capital, proposed)
    if found.empty:
        return without(title, absent(tables, "capital of a fund or bank"))
    known = tables.projects.set_index("project_id")["status"]
    parts = [_part(row, str(known.get(row["project_id"], ""))) for row in found.to_dict("records")]
    marks = _noted(found.assign(part_of=parts))
    whole = marks["part_of"].isin(["whole", "dropped"])
    marks = marks[whole | marks["project_id"].isin(marks.loc[whole, "project_id"])]
    named = marks["project_id"].map(FUND_NAMES)
    marks["label"] = named.where(whole & named.notna(), marks["label"])
    size = marks["project_id"].map(marks[whole].set_index("project_id")["obs_value"])
    order = marks.assign(size=size, rank=marks["part_of"].map({"whole": 0, "dropped": 0, "extension": 1, "inset": 2}))
    marks = order.sort_values(["size", "project_id", "rank"], kind="stable", ignore_index=True).drop(
        columns=["size", "rank"]
    )
    return told(title, marks, _fund_sentences(tables, marks), (NEVER_SUMMED, *_fund_caveats(marks)))


def _part(row: Mapping[Any, Any], status: str) -> str:
    if status == "dropped":
        return "dropped"
    if row["role"] == "plan":
        return "extension"
    return "inset" if row["ref_area"] == "CHN" and row["counterpart_area"] == "BRICS" else "whole"


def _fund_sentences(tables: Tables, marks: pd.DataFrame) -> list[str]:
    said = {"whole": "", "dropped": ", never created", "extension": " planned", "inset": " of it Chinese"}
    named = marks.assign(name=_named(tables, marks))
    told = []
    for name, rows in named.groupby("name", sort=False):
        amounts = [f"{_amount(row)}{said[row['part_of']]}" for row in rows.to_dict("records")]
        told.append(f"{name} {', '.join(amounts)}")
    return [f"Stated: {'; '.join(told)}."]


def _fund_caveats(marks: pd.DataFrame) -> list[str]:
    inset = marks[marks["part_of"] == "inset"]
    if inset.empty:
        return []
    whole = marks[(marks["project_id"] == inset["project_id"].iloc[0]) & (marks["part_of"] == "whole")]
    part = f"China's {_amount(inset.iloc[0])} of {_amount(whole.iloc[0])}"
    return [f"{part} in the reserve arrangement are a plurality and not a majority, whatever they are called."]


@drawn_by(finance.deals)
def deals(tables: Tables) -> Exhibit:
    """Draw packages of deals: number, value and the mean size computed from both."""
    title = "Packages of deals and their mean size"
    counts = _noted(quote(pick(tables, indicator="DEAL_COUNT"), "number"))
    values = _noted(quote(pick(tables, indicator="DEAL_VALUE"), "value"))
    counts, values = (rows.assign(label=_named(tables, rows)) for rows in (counts, values))
    means = gather(*(_mean_size(counts, row) for row in values.to_dict("records")))
    if counts.empty and values.empty:
        return without(title, absent(tables, "number or value of a package of deals"))
    means = means.assign(note="")
    sentences = [f"{row['label']}: {_amount(row)}." for row in means.to_dict("records")]
    caveats = ("Signed or under way, which is not money spent.", NEVER_SUMMED)
    return told(title, gather(counts, values, means), sentences, caveats)


def _mean_size(counts: pd.DataFrame, value: Mapping[Any, Any]) -> pd.DataFrame:
    count = counts[counts["project_id"] == value["project_id"]]
    if count.empty:
        return counts.iloc[:0]
    return compute(
        gather(pd.DataFrame([value]), count.iloc[:1]),
        series="mean size",
        label=f"{value['label']}: mean size of {labels.number(float(count['obs_value'].iloc[0]))} deals",
        obs_value=float(str(value["obs_value"])) / float(count["obs_value"].iloc[0]),
        formula="value / number of deals",
        unit_measure="USD",
        time_period=_text(value["time_period"]),
        role="contract",
        project_id=value["project_id"],
    )


@drawn_by(finance.cards)
def alone(tables: Tables) -> Exhibit:
    """Show figures that stand by themselves: the gas deal, the swap line, the credit line."""
    title = "Single contracts and credit lines"
    found = gather(
        *(quote(pick(tables, indicator=name), "card") for name in ("CONTRACT_VALUE", "SWAP_LINE", "CREDIT_LINE"))
    )
    if found.empty:
        return without(title, absent(tables, "value of a contract, swap line or credit line"))
    terms = quote(pick(tables, indicator="CONTRACT_TERM", unit_measure="YEAR"), "term").set_index("project_id")
    marks = _noted(found)
    marks["note"] = [_with_term(row, terms) for row in marks.to_dict("records")]
    sentences = [f"{row['measures']}: {_amount(row)}." for row in marks.to_dict("records")]
    caveats = ("No document states the term of the gas deal, so no unit price is derived from its value.",)
    return told(title, marks, sentences, caveats)


def _with_term(row: Mapping[Any, Any], terms: pd.DataFrame) -> str:
    if row["project_id"] not in terms.index:
        return str(row["note"])
    term = terms.loc[row["project_id"]]
    return (
        f"{row['note']} · {labels.value(float(term['obs_value']), 'YEAR')}, {labels.period(str(term['time_period']))}"
    )


@drawn_by(finance.settlement)
def settlement(tables: Tables) -> Exhibit:
    """Draw the currencies Russia and China settle in: the share stated, what nobody named, the undated aim."""
    title = "Settlement currency of Russia–China trade"
    stated = quote(pick(tables, indicator="SETTLEMENT_SHARE", role="actual"), "stated")
    if stated.empty:
        return without(title, absent(tables, "share of trade settled in rubles and yuan"))
    share = _noted(stated.sort_values("time_period").tail(1))
    aim = quote(pick(tables, indicator="SETTLEMENT_SHARE", role="target"), "aim").iloc[:1]
    year = labels.period(str(share["time_period"].iloc[0]))
    rest = compute(
        share,
        series="not named",
        label="Other currencies, not named",
        obs_value=100 - float(share["obs_value"].iloc[0]),
        formula=f"100 − {labels.number(float(share['obs_value'].iloc[0]))}",
        unit_measure="PERCENT",
        time_period=str(share["time_period"].iloc[0]),
    ).assign(note="")
    aims = [f"{_amount(row)} is aimed at without a date." for row in aim.to_dict("records")]
    sentences = [f"In {year} {_amount(share.iloc[0])} of the trade was settled in rubles and yuan.", *aims]
    caveats = (f"The share is that of {year} and stands for no other year.", "The other currencies are not named.")
    return told(title, gather(share, rest, aim), sentences, caveats)


@drawn_by(finance.stock_lines)
def stock_lines(tables: Tables) -> Exhibit:
    """Draw the direct investment stocks of China and Russia in Kazakhstan."""
    title = "Direct investment stocks in Kazakhstan"
    lines = [
        draw_line(
            tables, name, f"Stock from {name}", indicator="FDI_STOCK_INWARD", ref_area="KAZ", counterpart_area=area
        )
        for area, name in (("CHN", "China"), ("RUS", "Russia"))
    ]
    marks = gather(*lines)
    if marks.empty:
        return without(title, absent(tables, "direct investment stock in Kazakhstan"))
    latest = [line.iloc[-1] for line in lines if len(line)]
    sentences = [f"At the end of {row['time_period']} {row['series']} held {_amount(row)}." for row in latest]
    caveats = (
        "A compilation at second hand of the IMF's survey; stocks are those of the immediate investor, "
        "so money routed through third countries is not seen.",
        "A stock is no sum of the flows or announcements of the other charts.",
    )
    return told(title, marks, sentences, caveats)


PAGE = Page(
    path="/investment",
    title="Investment and finance",
    intro="Stocks, flows, promises, capital, deals and claims are different things: each has its own chart, "
    "none is added to another.",
    views=(
        View(
            "investment-portfolio",
            "Claimed and called realised",
            "What became of the announced portfolio?",
            claimed_and_realised,
        ),
        View(
            "investment-compared",
            "Announced and realised",
            "How much of it exists, by value and by count?",
            announced_and_realised,
            height=1020,
        ),
        View(
            "investment-stocks",
            "Stocks both ways",
            "Who had invested how much in the other?",
            stocks,
            (LATER,),
            height=380,
        ),
        View(
            "investment-cumulative",
            "Added up over years",
            "How much came over which years?",
            cumulative,
            (SET_ASIDE,),
            height=480,
        ),
        View(
            "investment-envelopes",
            "Belt and Road envelopes",
            "How large is the Belt and Road, and who says so?",
            envelopes,
            height=680,
        ),
        View("investment-funds", "Funds", "How much capital do the new banks and funds have?", funds, height=570),
        View("investment-deals", "Deals", "How large is the average deal?", deals, height=660),
        View("investment-alone", "Contracts and credit lines", "Which single sums are quoted?", alone, height=370),
        View(
            "investment-settlement",
            "Settlement currency",
            "How much of the trade is settled in rubles and yuan?",
            settlement,
            height=160,
        ),
        View(
            "investment-kazakhstan",
            "Stocks in Kazakhstan",
            "How much of Kazakhstan's inward investment is Chinese or Russian?",
            stock_lines,
        ),
    ),
)
