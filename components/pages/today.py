"""The first page: the story in six pictures, what became known, how fresh the sources are, what they cover."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from components import labels, story, story_trade
from components.charts import base
from components.charts import today as charts
from components.elements import aria
from components.findings.cards import finding_links
from components.findings.listing import top_findings
from components.headlines import age_words, headline_cards, reference_day
from components.marks import absent, drawn_by, exhibit, hold_rows, told, without
from components.shelves import Rows, codes_in, hold, plain
from components.views import Choice, Exhibit, Page, Parameter, Selection, View
from pipelines.analyse.age import freshness
from pipelines.analyse.news import KINDS, became_known, by_series, last_day, outcomes
from pipelines.errors import DataError
from pipelines.tables import Tables

MONTHS_APART = 60
EARLIEST = 2001
WRITTEN = (4, 7)  # letters of a year and of a month
CUT = (
    "Latest values, cut at a year, are what is held today: they do not tell what became known when. "
    "Choose “As published by then” or show everything."
)
PRESS_ROWS = 14
SINCE = Parameter(
    "since",
    "News since",
    "2026",
    kind="text",
    high=10,
    help="2026, 2026-03 or 2026-03-15",
)
FRESH = Parameter(
    "fresh",
    "Freshness of",
    "statistics",
    choices=(Choice("statistics", "Statistics"), Choice("document", "Documents"), Choice("press", "Press")),
    advanced=True,
)
COVERED = Parameter(
    "covered",
    "Coverage of",
    "TRADE_TOTAL",
    choices=(Choice("TRADE_TOTAL", "Turnover"), Choice("EXP_FOB", "Exports"), Choice("IMP_CIF", "Imports")),
    advanced=True,
)
NEWS_COLUMNS = {
    "label": "What", "known_since": "Known since", "kind": "Kind", "time_period": "Period", "obs_value": "Value",
    "before": "Before", "figures": "Figures", "publisher": "Publisher",
}  # fmt: skip
FRESH_COLUMNS = {
    "label": "Source", "time_period": "Newest period", "release": "Released", "age": "Age", "figures": "Figures",
    "source_class": "Class", "publisher": "Publisher",
}  # fmt: skip
COVER_COLUMNS = {
    "label": "Pair and reporter", "time_period": "Year", "state": "State", "figures": "Figures", "reason": "Reason",
}  # fmt: skip
Row = Mapping[Any, Any]
SHORT_AREAS = {"European Union (27)": "EU"}


def build_news(tables: Tables, selection: Selection) -> Exhibit:
    """Return what became known since a year: series by series, with what was said before, and promises decided."""
    since = _first_day(selection["since"])
    title = f"What became known since {labels.period(selection['since'])}"
    if tables.as_known.mode == "cut":
        return without(title, CUT)
    day = hold(tables, "reference day", lambda: reference_day(tables)) or since
    by_month = (day.year - since.year) * 12 + day.month <= MONTHS_APART
    first, last = since.isoformat(), day.isoformat()
    known = hold_rows(tables, ("news", by_month), lambda: _news_rows(tables, by_month=by_month))
    ended = hold_rows(tables, ("decided", by_month), lambda: _decided(tables, by_month=by_month))
    news = [row for row in known if first <= row["known_on"] <= last]
    decided = [row for row in ended if first <= row["decided_on"] <= last]
    if not news and not decided:
        return without(title, _no_news(tables, since))
    drawn = exhibit(
        title,
        charts.news_chart(news, decided, by_month=by_month),
        [*news, *decided],
        [_news_sentence(news, since), _decided_sentence(decided)],
        _news_caveats(tables, news),
    )
    return replace(drawn, columns=NEWS_COLUMNS)


def _first_day(text: str) -> dt.date:
    """Return the first day of a year, month or day a reader wrote; anything else is refused.

    >>> _first_day("2026"), _first_day("2026-03")
    (datetime.date(2026, 1, 1), datetime.date(2026, 3, 1))
    """
    try:
        first = dt.date.fromisoformat(f"{text}-01-01"[:10] if len(text) in WRITTEN else text)
    except ValueError:
        first = dt.date.min
    if first.year < EARLIEST:
        raise DataError(
            f"since={text[:20]!r} is not a date from {EARLIEST} on. "
            "Write a year such as 2026, a month 2026-03 or a day 2026-03-15."
        )
    return first


def _no_news(tables: Tables, since: dt.date) -> str:
    if tables.observations.empty:
        return absent(tables, "any figure")
    state = tables.as_known
    limit = "" if state.mode == "latest" else f" in the state of knowledge of {labels.period(state.date)}"
    return f"No figure is known to have come out since {_said(since)}{limit}. Pick an earlier date."


def _said(day: dt.date) -> str:
    return labels.period(day.isoformat())


def _news_rows(tables: Tables, *, by_month: bool) -> pd.DataFrame:
    """Return all that ever became known, series by series."""
    names = labels.words(tables.codes)
    rows = by_series(plain(became_known(tables.observations, tables.competing, dt.date.min)))
    rows = rows.assign(
        label=[_what(names, row) for row in rows.to_dict("records")],
        known_since=rows["vintage"],
        bin=[_bin(vintage, by_month=by_month) for vintage in rows["vintage"]],
        before_id=rows["before_id"].fillna(""),
        before=[_before(row) for row in rows.to_dict("records")],
        formula="",
        _kind=rows["kind"].map(KINDS.index),
    )
    order = rows.sort_values(["_kind", "source_class", "label"], kind="stable")
    return order.drop(columns="_kind").reset_index(drop=True)


def _what(names: labels.Words, row: Row) -> str:
    if row["provenance"] != "statistic":
        return str(row["measures"])
    areas = (str(row[side]) if isinstance(row[side], str) else "" for side in ("ref_area", "counterpart_area"))
    return f"{row['measures']}, {labels.pair(names, *areas)}"


def _before(row: Row) -> str:
    if not row["before_value"] > 0:
        return ""
    change = f"{'+' if row['change'] > 0 else ''}{labels.number(row['change'])}{labels.NBSP}%"
    return f"{labels.value(row['before_value'], str(row['unit_measure']))} ({change})"


def _bin(date: str, *, by_month: bool) -> str:
    """Return the month or year a mark stands in; what is known by its year alone stands in July.

    >>> _bin("2025", by_month=True), _bin("2025-03-06", by_month=True), _bin("2025-03-06", by_month=False)
    ('2025-07', '2025-03', '2025')
    """
    if not by_month:
        return date[:4]
    return date[:7] if len(date) > 4 else f"{date}-07"


def _decided(tables: Tables, *, by_month: bool) -> pd.DataFrame:
    rows = plain(outcomes(tables.commitments, tables.attainment, dt.date.min))
    sources = tables.observations.drop_duplicates("observation_id").set_index("observation_id")["source_id"]
    first = rows["actual_observation_ids"].fillna("").str.split(" ; ").str[0]
    return rows.assign(
        observation_id="",
        label=rows["title"],
        time_period=rows["decided"],
        known_since=rows["decided"],
        bin=[_bin(period, by_month=by_month) for period in rows["decided"]],
        obs_value=rows["target_value"],
        kind=rows["outcome"],
        role="target",
        before="",
        publisher="",
        figures=rows["issues"],
        source_id=first.map(sources).fillna(""),
        formula=[_decision(row) for row in rows.to_dict("records")],
    )


def _decision(row: Row) -> str:
    level = labels.value(float(str(row["target_value"])), str(row["unit_measure"]))
    promised = f"{level} by {row['deadline']}" if isinstance(row["deadline"], str) else level
    if row["outcome"] == "deadline passed unmet":
        return f"{promised} was promised and had not come by then"
    return f"{promised} was promised; the value of {row['decided']} reaches it"


def _news_sentence(news: Rows, since: dt.date) -> str:
    if not news:
        return f"No figure became known since {_said(since)}."
    counts: Counter[str] = Counter()
    for row in news:
        counts[row["kind"]] += row["figures"]
    told = labels.join_words([f"{counts[kind]} {_KIND_WORDS[kind]}" for kind in KINDS if kind in counts])
    return (
        f"Since {_said(since)} {counts.total()} figures in {len(news)} series became known from "
        f"{len(codes_in(news, 'publisher'))} publishers: {told}."
    )


_KIND_WORDS = {
    "new": "never stated before",
    "revised": "changed by their publisher",
    "other value": "unlike what another had stated",
    "confirmed": "in keeping with what was known",
}


def _decided_sentence(decided: Rows) -> str:
    if not decided:
        return "No promise was met or passed its year in that time."
    told = [f"{row['label']} ({row['kind']}, {row['decided']})" for row in decided]
    return f"Promises decided: {'; '.join(told)}."


def _news_caveats(tables: Tables, news: Rows) -> list[str]:
    unknown = hold(tables, "unknown days", lambda: int(tables.observations["vintage"].isna().sum()))
    return [
        f"{unknown} figures came out on a day nobody told and are never news." if unknown else "",
        "A release known by its year alone counts from the last day of that year, is no news before it, and stands in "
        "July.",
        "Known since means the edition at hand: an old value in a new table is new here unless another source had it.",
        "" if "revised" in codes_in(news, "kind") else "No two editions at hand give different values for one period.",
        "Shapes tell who said it: filled circles are official tables, pentagons companies, open triangles press, open "
        "circles research; open diamonds are estimates and expectations.",
        "A promise is dated by the year that decided it, not by the day its figure came out.",
    ]


def _freshness(rows: base.Rows) -> base.Figure:
    newest = base.records(rows)[0]
    day = dt.date.fromisoformat(newest["period_end"]) + dt.timedelta(days=newest["age_days"])
    return charts.freshness_chart(rows, day.isoformat())


@drawn_by(_freshness, "fresh")
def build_freshness(tables: Tables, fresh: str) -> Exhibit:
    """Return for each source the end of its newest period and the release that told it."""
    title = "How fresh the sources are"
    day = reference_day(tables)
    if day is None:
        return without(title, absent(tables, "a dated figure"))
    every = freshness(tables.observations, tables.sources, day)
    rows = every[every["kind"] == fresh]
    if rows.empty:
        return without(title, absent(tables, "a dated figure of these sources"))
    shown = _fresh_rows(rows.head(PRESS_ROWS), day)
    newest, oldest, on = shown.iloc[0], shown.iloc[-1], labels.period(day.isoformat())
    drawn = told(
        title,
        shown,
        [
            f"{int(shown['is_old'].sum())} of {len(shown)} {labels.plural('source', len(shown))} "
            f"{'was old for its' if len(shown) == 1 else 'were old for their'} kind on {on}.",
            f"Newest is {newest['label']} ({labels.period(newest['time_period'])})"
            + (f", oldest {oldest['label']} ({labels.period(oldest['time_period'])})." if len(shown) > 1 else "."),
        ],
        [
            "Old means more than 13 months after a year, or 75 days after a month, as for headlines.",
            f"Ages are counted to {on}, the dotted line, as those of headlines.",
            "A release told by its year alone has no mark before that year is over.",
            f"{len(rows) - len(shown)} sources with older figures are not drawn." if len(rows) > len(shown) else "",
        ],
    )
    return replace(drawn, columns=FRESH_COLUMNS)


def _fresh_rows(rows: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    releases = rows["release"].fillna("").tolist()
    return rows.assign(
        label=rows["title"],
        release=releases,
        release_at=[base.position(r) if r and last_day(r) <= day.isoformat() else "" for r in releases],
        period_end=[end.date().isoformat() for end in rows["period_end"]],
        obs_value=rows["figures"].astype(float),
        unit_measure="COUNT",
        counted="figure",
        age=[age_words(max(days, 0)) for days in rows["age_days"]],
    ).reset_index(drop=True)


@drawn_by(charts.coverage_chart, "covered")
def build_coverage(tables: Tables, covered: str) -> Exhibit:
    """Return which pair has a value for which year by which reporter; empty cells say why."""
    names = labels.words(tables.codes)
    indicator = names.indicator(covered)
    title = f"What is covered: {indicator[:1].lower()}{indicator[1:]}"
    cells = tables.coverage[tables.coverage["indicator"] == covered]
    if cells.empty:
        return without(title, absent(tables, "a value for any pair and year"))
    everything = _cells(names, cells)
    held = everything.loc[everything["state"] != "none", "row"].unique()
    rows = everything[everything["row"].isin(held)].reset_index(drop=True)
    if rows.empty:
        return without(title, absent(tables, "a value for any pair and year"))
    left_out = list(dict.fromkeys(everything.loc[~everything["row"].isin(held), "label"]))
    counts = rows["state"].value_counts()
    empty = rows[rows["state"] == "none"]
    each = labels.join_words([f"{counts[state]} {state}" for state in reversed(list(charts.STATES)) if state in counts])
    reason = str(empty["reason"].mode().iloc[0]) if len(empty) else ""
    drawn = told(
        title,
        rows,
        [
            f"{len(rows)} cells from {rows['year'].min()} to {rows['year'].max()}: {each}.",
            f"Most empty ones ({int(empty['reason'].eq(reason).sum())}) have one reason: {reason}." if reason else "",
        ],
        [
            "Official is a table of the reporter or an international one; an estimate is computed from the partner.",
            "Press and quoted cells hold single figures and no line.",
            f"Not drawn, as no year has a figure: {'; '.join(left_out)}." if left_out else "",
        ],
    )
    return replace(drawn, columns=COVER_COLUMNS)


def _cells(names: labels.Words, cells: pd.DataFrame) -> pd.DataFrame:
    pairs = [_pair_words(names, pair) for pair in cells["pair"]]
    reporters = [_short(names.area(area)) for area in cells["ref_area"]]
    reasons = cells["reason"].fillna("").tolist()
    return cells.assign(
        row=[f"{pair}<br>by {reporter}" for pair, reporter in zip(pairs, reporters, strict=True)],
        label=[f"{pair}, {reporter} reporting" for pair, reporter in zip(pairs, reporters, strict=True)],
        observation_id="",
        time_period=cells["year"].astype(str),
        obs_value=cells["observations"].astype(float),
        figures=cells["observations"],
        unit_measure="COUNT",
        source_id="",
        reason=reasons,
        formula=[f"number of figures at hand{f'; {reason}' if reason else ''}" for reason in reasons],
    ).reset_index(drop=True)


def _pair_words(names: labels.Words, pair: str) -> str:
    return "–".join(_short(names.area(area)) for area in pair.split("-"))


def _short(area: str) -> str:
    return SHORT_AREAS.get(area, area)


def build_top_findings(tables: Tables, selection: Selection) -> Component:
    """Return the three weightiest findings as headlines that lead to their place on the Findings page."""
    del selection
    found = top_findings(tables)
    if not found:
        text = "No finding: in this state of knowledge no figures contradict each other or the record."
        return html.P(text, className="quiet")
    everything = dcc.Link("All findings", href="/findings")
    return html.Section(
        [html.H2("What does not add up"), finding_links(found), html.P(everything)],
        className="card top-findings",
        **aria(label="Top findings"),
    )


PAGE = Page(
    path="/",
    title="Today",
    intro="Russia, China and Kazakhstan in six pictures, with the newest value of each headline; then what became "
    "known lately, how fresh the sources are, and what they cover.",
    views=(
        View(
            "today-trade",
            "Trade and its targets",
            "Did Russia–China trade reach what was promised?",
            story_trade.trade_and_targets,
            height=520,
        ),
        View(
            "today-portfolio",
            "Claimed and called realised",
            "What became of the announced projects?",
            story_trade.claimed_and_realised,
        ),
        View(
            "today-partners",
            "Kazakhstan's partners",
            "Is China ahead of Russia in Kazakhstan?",
            story.kazakh_partners,
        ),
        View("today-eu", "EU exports", "Did EU goods take another road?", story.eu_exports),
        View("today-gas", "Gas to China", "Does the gas follow the contracts?", story.gas_to_china, height=660),
        View(
            "today-money",
            "Chinese money in Kazakhstan",
            "How much is it, by which measure?",
            story.chinese_money,
        ),
        View("today-news", "What became known", "What is new since …?", build_news, (SINCE,), dated=True),
        View(
            "today-fresh",
            "Freshness",
            "How old is the newest figure of each source?",
            build_freshness,
            (FRESH,),
            height=220,
            dated=True,
        ),
        View("today-coverage", "Coverage", "Which pairs and years have figures?", build_coverage, (COVERED,), 520),
    ),
    extra={"cards": headline_cards, "above": build_top_findings},
)
