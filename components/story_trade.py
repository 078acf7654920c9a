"""Two of the six pictures that tell the story: trade against its targets, claims against what was called realised."""

import math
from collections.abc import Mapping
from operator import itemgetter
from typing import Any

import pandas as pd

from components import labels, promises
from components.charts import finance, targets
from components.charts.base import Figure, Rows, by, records
from components.marks import absent, draw_line, drawn_by, gather, pick, quote, told, without
from components.views import Exhibit
from pipelines.tables import Tables

FIRST_YEAR = "2005"
LINE, QUOTED = "China reporting", "quoted in the documents"
CHAIN = "CHN_RUS_TRADE_CHINA_REPORTED.TRADE_TOTAL"
PROMISE = "RUS_CHN_TRADE"
JUDGED = ("deadline", "year_reached", "slippage_years", "verdict")
PLAN_2023 = "RUS_CHN_PLAN_160"
PORTFOLIO = ("RUS_CHN_COMMISSION_PORTFOLIO", PLAN_2023)
REALISED = ("RUS_CHN_COMMISSION_PORTFOLIO", "FAR_EAST_PROJECTS_49")
ELSEWHERE = "FAR_EAST_PROJECTS_49"
UNDER_WAY = ("claim-07c",)
TERRITORY: Mapping[str, str] = {ELSEWHERE: "Far East", PORTFOLIO[0]: "commission’s list"}
DIFFERENT_TERRITORY = (
    "Different territory: the Far East alone, perhaps money of all investors; no part of the plan above."
)
UNDER_WAY_ONLY = "Under way by the same speaker's word, which is not realised."
OTHER_SENSE = "Called realised by the same speaker; each speaker uses the word in a way of his own."


def _trade_and_targets(marks: Rows) -> Figure:
    series = by(records(marks), itemgetter("series"))
    promised = [*series.get("target", ()), *series.get("expectation", ())]
    return targets.trade_and_targets(
        series.get(LINE, []),
        [mark for mark in promised if isinstance(mark["time_period"], str)],
        [mark for mark in promised if not isinstance(mark["time_period"], str)],
        series.get(QUOTED, []),
        series.get("Brent", []),
    )


@drawn_by(_trade_and_targets)
def trade_and_targets(tables: Tables) -> Exhibit:
    """Return picture 1: China-reported trade with Russia, its targets and when each was first met, Brent below."""
    title = "Russia–China trade and its targets"
    line = _chain(tables)
    dated, undated = _promises(tables)
    quoted = _quoted_levels(tables)
    if line.empty and dated.empty and undated.empty and quoted.empty:
        return without(title, absent(tables, "trade between Russia and China or a target for it"))
    last = str(line["time_period"].iloc[-1]) if len(line) else ""
    dated = dated.assign(state=[_state(row, last, tables.as_known.date) for row in dated.to_dict("records")])
    low, high = _publishers(tables, "2015")
    quoted = quoted.assign(tag=[_tag(row, low, high) for row in quoted.to_dict("records")])
    brent = draw_line(tables, "Brent", "Brent crude, mean of the year", indicator="BRENT_PRICE")
    brent = brent[brent["time_period"] >= FIRST_YEAR]
    sentences = [*_trade_sentences(line, dated, undated), _quoted_sentence(quoted)]
    marks = gather(line, dated, undated, quoted, brent)
    return told(title, marks, sentences, _trade_caveats(line, quoted, tables))


def _chain(tables: Tables) -> pd.DataFrame:
    """Return the composed line or, before its parts were out, the totals China had published by then."""
    label = "Goods turnover as China reports it"
    line = draw_line(tables, LINE, label, line_id=CHAIN)
    if line.empty:
        line = draw_line(tables, LINE, label, indicator="TRADE_TOTAL", ref_area="CHN", counterpart_area="RUS")
    return line[line["time_period"] >= FIRST_YEAR]


def _promises(tables: Tables) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return each level promised for one year once (by its first dated issue), and the levels without a year."""
    ours = [row for row in promises.judged(tables) if row["genealogy"] == PROMISE and _is_single(row)]
    first = promises.first_of(promises.by_day(ours), "target_value", "deadline")
    evidence = promises.gather_evidence(tables)
    marks = promises.frame_of([_promise(row, evidence) for row in first])
    dated = marks["time_period"].notna()
    return marks[dated].sort_values("time_period", kind="stable"), marks[~dated]


def _is_single(row: promises.Row) -> bool:
    """Return whether one value was promised and no range."""
    low, high = (promises.number(row[name]) for name in ("target_value", "target_value_high"))
    return math.isnan(high) and not math.isnan(low)


def _promise(row: promises.Row, evidence: promises.Evidence) -> promises.Mark:
    mark = promises.promise_mark(row, evidence)
    series = "expectation" if mark["role"] == "estimate" else "target"
    return {**mark, "series": series, **{name: row[name] for name in JUDGED}}


def _quoted_levels(tables: Tables) -> pd.DataFrame:
    documents = tables.sources.loc[tables.sources["kind"] == "document", "source_id"]
    found = pick(
        tables, indicator="TRADE_TOTAL", ref_area="RUS", counterpart_area="CHN", role="actual", unit_measure="USD"
    )
    found = found[found["source_id"].isin(documents) & found["time_period"].str.fullmatch(r"\d{4}").fillna(False)]
    return quote(found[found["time_period"] >= FIRST_YEAR], QUOTED)


def _publishers(tables: Tables, year: str) -> tuple[float, float]:
    """Return the lowest and highest turnover any publisher gives for a year, whoever reports, hidden rows aside."""
    pair = ["RUS", "CHN"]
    lines = tables.series[
        (tables.series["indicator"] == "TRADE_TOTAL")
        & tables.series["ref_area"].isin(pair)
        & tables.series["counterpart_area"].isin(pair)
        & (tables.series["time_period"] == year)
        & (tables.series["unit_measure"] == "USD")
        & tables.series["is_preferred"]
    ]["obs_value"]
    printed = pick(tables, indicator="TRADE_TOTAL", role="actual", unit_measure="USD", time_period=year)
    documents = tables.sources.loc[tables.sources["kind"] == "document", "source_id"]
    ours = (
        printed["ref_area"].isin(pair) & printed["counterpart_area"].isin(pair) & ~printed["source_id"].isin(documents)
    )
    found = pd.concat([lines, printed.loc[ours, "obs_value"]])
    return (float(found.min()), float(found.max())) if len(found) else (float("nan"), float("nan"))


def _tag(row: Mapping[Any, Any], low: float, high: float) -> str:
    value = float(str(row["obs_value"]))
    if row["time_period"] != "2015" or not value < low:
        return ""
    span = f"every publisher ({low / 1e9:.1f}–{high / 1e9:.1f})"
    others = span if low < high else f"the one other value, {low / 1e9:.1f}"
    return f"{labels.number(value / 1e9)}: below {others}"


def _trade_sentences(line: pd.DataFrame, dated: pd.DataFrame, undated: pd.DataFrame) -> list[str]:
    states = [f"{_amount(row)} for {row['time_period']}: {row['state']}" for row in dated.to_dict("records")]
    told = [f"{'; '.join(states)}."] if states else []
    last = [f"China reports {_amount(line.iloc[-1])} for {line.iloc[-1]['time_period']}."] if len(line) else []
    loose = [f"{_amount(row)} was named without a year, so it cannot be missed." for row in undated.to_dict("records")]
    unknown = ["No official value is known to judge them by."] if line.empty and len(dated) else []
    return [*last, *told, *loose, *unknown]


def _quoted_sentence(quoted: pd.DataFrame) -> str:
    told = [f"{_amount(row)} for {row['time_period']}" for row in quoted.to_dict("records")]
    return f"Quoted in the documents: {labels.join_words(told)}." if told else ""


def _state(row: Mapping[Any, Any], last: str, known: str) -> str:
    """Return what became of a dated level, as far as the line's last year tells by the date of the state shown."""
    if isinstance(row["year_reached"], str):
        in_time = row["year_reached"] <= str(row["time_period"])
        by = "" if promises.is_year_sure(row) else "by "
        return f"{'met' if in_time else 'reached'} {by}{row['year_reached']}"
    if row["role"] == "estimate":
        return "expected"
    if not last:
        return "not judged"
    is_due = max(last, known[:4]) >= str(row["time_period"])
    return f"not met by {last}" if is_due else "not due yet"


def _amount(row: Mapping[Any, Any] | pd.Series) -> str:
    counted = row["counted"] if isinstance(row["counted"], str) else ""
    return labels.bounded(float(str(row["obs_value"])), str(row["unit_measure"]), str(row["bound"]), counted=counted)


def _trade_caveats(line: pd.DataFrame, quoted: pd.DataFrame, tables: Tables) -> list[str]:
    seams = tables.series[(tables.series["line_id"] == CHAIN) & tables.series["is_seam"]]
    notes = [f"From {row['time_period']}: {row['seam_note']}" for row in seams.to_dict("records")] if len(line) else []
    tags = [f"The quoted {tag}." for tag in quoted["tag"] if tag]
    drawn = "; the line is goods trade as China counts it, and Russia's own count differs" if len(line) else ""
    return [*notes, *tags, *_years_unknown(line), f"Targets are current dollars{drawn}."]


def _years_unknown(line: pd.DataFrame) -> list[str]:
    """Say which years alone are known where some between them are not."""
    years = [int(year) for year in line["time_period"]]
    if not years or len(years) > years[-1] - years[0]:
        return []
    known = labels.join_words([str(year) for year in years])
    return [f"China's totals of {known} alone are known here: a level reached “by” a year may have come before."]


@drawn_by(finance.claims)
def claimed_and_realised(tables: Tables) -> Exhibit:
    """Return picture 2: the commission's portfolio as claimed, and what was called realised, unjoined."""
    title = "What was claimed and what was called realised"
    claimed, realised = _stated(tables, PORTFOLIO, "plan"), _stated(tables, REALISED, "actual")
    claimed, realised = (marks[marks["unit_measure"] == "USD"] for marks in (claimed, realised))
    if claimed.empty and realised.empty:
        return without(title, absent(tables, "value of the commission's portfolio"))
    realised = realised.assign(territory=[TERRITORY.get(str(code), "") for code in realised["project_id"]])
    caveats = (
        "Speakers, lists and the meaning of “realised” differ: single claims, so nothing is joined.",
        *((DIFFERENT_TERRITORY,) if (realised["project_id"] == ELSEWHERE).any() else ()),
        *_ends_read(claimed),
    )
    sentences = [_range_of(claimed, "Claimed"), _range_of(realised, "Called realised")]
    return told(title, gather(claimed, realised), sentences, caveats)


def _ends_read(claimed: pd.DataFrame) -> list[str]:
    """Return what must be known of the first and the last claim, since the sentence names them side by side."""
    ends = claimed.iloc[[0, -1]] if len(claimed) > 1 else claimed
    return [
        f"{_amount(row)}, {labels.period(str(row['time_period']))}: {row['caveats']}."
        for row in ends.to_dict("records")
        if isinstance(row["caveats"], str)
    ]


def _stated(tables: Tables, projects: tuple[str, ...], role: str) -> pd.DataFrame:
    """Return the dated statements about the lists of projects in one role, the earliest first, each said once."""
    found = pick(tables, role=role)
    found = found[found["project_id"].isin(projects) & found["indicator"].isin(["PROJECT_VALUE", "PROJECT_COUNT"])]
    marks = quote(found[found["time_period"].notna()], "announced" if role == "plan" else "realised")
    marks = marks.sort_values("time_period", kind="stable", ignore_index=True)
    counted = marks["counted"].where(marks["unit_measure"] != "COUNT", "project")
    repeated = marks.duplicated(["project_id", "time_period", "unit_measure"])
    return marks.assign(counted=counted)[~repeated].reset_index(drop=True)


def _range_of(marks: pd.DataFrame, what: str) -> str:
    if marks.empty:
        return ""
    first, last = marks.iloc[0], marks.iloc[-1]
    spans = f"{_amount(first)} ({labels.period(str(first['time_period']))})"
    if len(marks) == 1:
        return f"{what}: {spans}."
    return (
        f"{what}: from {spans} to {_amount(last)} ({labels.period(str(last['time_period']))}), {len(marks)} statements."
    )


@drawn_by(finance.side_by_side, "statement")
def announced_and_realised(tables: Tables, statement: str = "") -> Exhibit:
    """Return announced beside realised by value and by count, for each statement that names both; never a rate.

    A statement is known by its date; `statement` keeps only those of a year.
    """
    title = "Announced and realised, by value and by count"
    pairs = _pairs(tables)
    if statement and len(pairs):
        pairs = pairs[pairs["statement"].str[:4] == statement]
    if pairs.empty:
        return without(title, absent(tables, "value or number of projects both as announced and as realised"))
    sentences = _pair_sentences(pairs)
    caveats = (
        "Side by side only: no rate is formed, because territory, lists and the meaning of “realised” differ.",
        *_mean_sizes(pairs),
    )
    return told(title, pairs, sentences, caveats)


def _pairs(tables: Tables) -> pd.DataFrame:
    """Return the marks of statements that name both sides: same list and day, or the plan of 2023 and the Far East."""
    planned = _stated(tables, PORTFOLIO, "plan").to_dict("records")
    done = _stated(tables, REALISED, "actual").to_dict("records")
    chosen: list[promises.Mark] = []
    for unit in ("USD", "COUNT"):
        for outcome in (mark for mark in done if mark["unit_measure"] == unit):
            plans = [plan for plan in planned if plan["unit_measure"] == unit and _belong(plan, outcome)]
            chosen += _pair(plans[0], outcome) if plans else []
    return promises.frame_of(chosen)


def _belong(plan: Mapping[Any, Any], outcome: Mapping[Any, Any]) -> bool:
    if outcome["project_id"] == ELSEWHERE:
        return bool(plan["project_id"] == PLAN_2023)
    return bool(plan["project_id"] == outcome["project_id"] and plan["time_period"] == outcome["time_period"])


def _pair(plan: promises.Mark, outcome: promises.Mark) -> list[promises.Mark]:
    apart = outcome["project_id"] == ELSEWHERE
    under_way = outcome["observation_id"] in UNDER_WAY
    day, until = labels.period(str(plan["time_period"])), labels.period(str(outcome["time_period"]))
    where = "all of Russia" if apart else "commission's portfolio"
    statement = {"statement": plan["time_period"]}
    announced = {**plan, **statement, "label": f"announced, {day}, {where}", "warning": ""}
    label = f"by {until}, Far East" if apart else f"called {'under way' if under_way else 'realised'}, {until}"
    warning = DIFFERENT_TERRITORY if apart else UNDER_WAY_ONLY if under_way else OTHER_SENSE
    return [announced, {**outcome, **statement, "label": label, "warning": warning}]


def _pair_sentences(pairs: pd.DataFrame) -> list[str]:
    """Return each pair in words, or from four on the spans of both sides by value and by count."""
    found = [pair for _, pair in pairs.groupby(["unit_measure", "statement"], sort=False)]
    if len(found) < 4:
        sides = [(pair.iloc[0], pair.iloc[1]) for pair in found]
        return [f"{_amount(plan)} {plan['label']}; {_amount(done)} {done['label']}." for plan, done in sides]
    spans = [
        f"{name}: {_span(rows, 'announced')} announced beside {_span(rows, 'realised')} called realised or under way."
        for name, unit in (("By value", "USD"), ("By count", "COUNT"))
        if len(rows := pairs[pairs["unit_measure"] == unit])
    ]
    return [f"{pairs['statement'].nunique()} statements name both sides.", *spans]


def _span(rows: pd.DataFrame, series: str) -> str:
    side = rows[rows["series"] == series].sort_values("obs_value", kind="stable")
    lowest, highest = side.iloc[0], side.iloc[-1]
    return _amount(lowest) if len(side) == 1 else f"{_amount(lowest)} to {_amount(highest)}"


def _mean_sizes(pairs: pd.DataFrame) -> list[str]:
    """Return one sentence per statement on the mean size of a project, announced and realised, computed from both."""
    told = []
    for day, rows in pairs.groupby("statement", sort=False):
        sizes = rows.pivot_table(index="series", columns="unit_measure", values="obs_value", aggfunc="first")
        if {"USD", "COUNT"} <= set(sizes.columns) and sizes.notna().all(axis=None) and len(sizes) == 2:
            mean = sizes["USD"] / sizes["COUNT"]
            told.append(
                f"Mean size, computed, {labels.period(str(day))}: {labels.value(mean['announced'], 'USD')} announced, "
                f"{labels.value(mean['realised'], 'USD')} realised."
            )
    return told
