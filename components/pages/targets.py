"""The page on targets: every commitment with its grade, what came of it, and how its date moved."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from components import labels, promises
from components.charts import base, targets
from components.charts.base import records
from components.charts.panels import series_of
from components.marks import absent, compute, drawn_by, exhibit, gather, hold_rows, pick, quote, told, without
from components.promises import Evidence, Mark, Row
from components.story_trade import announced_and_realised, trade_and_targets
from components.views import Choice, Exhibit, Page, Parameter, Selection, View
from pipelines.analyse.growth import cagr
from pipelines.tables import Tables

GRADES: Mapping[str, str] = {
    "A": "like for like",
    "B": "with a caveat",
    "C": "side by side, no rate",
    "N": "no outcome stated",
}
TOPICS: Mapping[str, str] = {
    "trade": "Trade",
    "energy": "Energy",
    "investment": "Investment",
    "finance": "Finance",
    "transport": "Transport",
    "projects": "Projects",
}
PROMISES: Mapping[str, str] = {
    "RUS_CHN_TRADE": "Russia–China trade",
    "CHN_KAZ_TRADE": "China–Kazakhstan trade",
    "RUS_CHN_PORTFOLIO": "Russia–China project portfolio",
    "POWER_OF_SIBERIA_VOLUME": "Power of Siberia",
    "POWER_OF_SIBERIA_2_VOLUME": "Power of Siberia 2",
    "AMUR_BRIDGE": "Amur bridge",
}
LIST_39 = "EAEU_BRI_LIST_39"
LISTED, STARTED = "on the list", "started"
BELIEVED = "Believed to be on the list; its Kazakh part was begun in 2009, before both schemes."
ANY = Choice("all", "All")
TOPIC = Parameter("topic", "Topic", "trade", choices=(ANY, *(Choice(code, name) for code, name in TOPICS.items())))
GRADE = Parameter(
    "grade", "Grade", "all", choices=(ANY, *(Choice(code, f"{code}: {words}") for code, words in GRADES.items()))
)
VERDICT = Parameter("verdict", "Verdict", "all", choices=(ANY, *(Choice(name, name) for name in promises.VERDICTS)))
REPEATS = Parameter(
    "repeats",
    "Every repetition",
    "off",
    "flag",
    advanced=True,
    help="Show a promise each time it was repeated, not only the first time.",
)
PROMISE = Parameter(
    "promise", "Promise", "RUS_CHN_TRADE", choices=tuple(Choice(code, name) for code, name in PROMISES.items())
)
REGISTER: Mapping[str, str] = {
    "label": "Commitment",
    "said_by": "Issuer",
    "said_on": "Said",
    "time_period": "Due",
    "obs_value": "Promised",
    "grade": "Grade",
    "verdict": "Verdict",
    "came": "Came",
    "rate": "Rate",
    "year_reached": "First reached",
    "caveat": "Caveat",
}
KEPT = ("commitment_id", "genealogy", "grade", "verdict", "year_reached", "caveat")
MEASURED = (
    "gap",
    "gap_high",
    "attainment",
    "attainment_high",
    "attainment_bound",
    "required_cagr",
    "required_cagr_high",
    "year_reached_high",
)


def chosen(rows: Sequence[Row], selection: Selection, *names: str) -> list[Row]:
    """Return the rows that fit the selection in the columns named."""
    wanted = [(name, selection[name]) for name in names if selection[name] != "all"]
    return [row for row in rows if all(row[name] == code for name, code in wanted)]


def _valued(commitments: Sequence[Row]) -> list[Row]:
    """Return the commitments to a value."""
    return [row for row in commitments if not math.isnan(promises.number(row["target_value"]))]


def commitments_view(tables: Tables, selection: Selection) -> Exhibit:
    """Draw every commitment as a dumbbell with grade, caveat, gap, attainment and required growth in words."""
    title = "What was promised and what came"
    found = _valued(chosen(promises.judged(tables), selection, "topic", "grade", "verdict"))
    if not found:
        return without(title, _nothing(tables, "commitment of this topic, grade and verdict"))
    shown = found if selection["repeats"] == "on" else promises.first_issues(found)
    names = {row["commitment_id"] for row in shown}
    every = hold_rows(tables, "marks of commitments", lambda: _commitment_marks(tables))
    marks = [mark for mark in every if mark["commitment_id"] in names]
    left = len(found) - len(shown)
    caveats = (
        "Rates are formed for grades A and B only; C stands side by side without one, N has no outcome anyone stated.",
        f"Repetitions left out: {left}. “Every repetition” shows them." if left else "",
    )
    return exhibit(title, targets.promise_blocks(marks), marks, _verdict_sentences(shown), caveats)


def _commitment_marks(tables: Tables) -> pd.DataFrame:
    """Return the marks of every commitment to a value."""
    evidence = promises.gather_evidence(tables)
    return promises.frame_of([mark for row in _valued(promises.judged(tables)) for mark in _marks(row, evidence)])


def _nothing(tables: Tables, what: str) -> str:
    if len(tables.commitments):
        return f"The register holds no {what}. Choose “All” in one of the filters."
    return absent(tables, what)


def _verdict_sentences(shown: Sequence[Row]) -> list[str]:
    counts = Counter(row["verdict"] for row in shown)
    told = labels.join_words([f"{counts[name]} {name}" for name in promises.VERDICTS if name in counts])
    return [f"{len(shown)} {labels.plural('commitment', len(shown))}: {told}."]


def _marks(row: Row, evidence: Evidence) -> list[Mark]:
    """Return the marks of one commitment: the promise, what came of it, and figures that stand beside it."""
    came, beside = promises.outcome_marks(row, evidence), promises.beside_marks(row, evidence)
    lines = [
        *(promises.outcome_words(mark, promises.CAME) for mark in came),
        *(promises.outcome_words(mark, "Beside it") for mark in beside),
    ]
    common: dict[str, Any] = {
        **{name: row[name] for name in (*KEPT, *MEASURED)},
        "_head": f"{row['grade']} · {row['title']}",
        "_notes": [
            ", ".join(
                part for part in (f"Promised {promises.promised_words(row)}", promises.issued_words(row)) if part
            ),
            "; ".join(lines) or "No outcome stated",
            promises.rate_words(row),
            promises.growth_words(row),
            promises.verdict_words(row),
            promises.caveat_words(row),
        ],
    }
    kinds = [
        ("promise", promises.promise_mark(row, evidence)),
        *(("outcome", m) for m in came),
        *(("beside", m) for m in beside),
    ]
    return [{**mark, **common, "mark": kind} for kind, mark in kinds]


@drawn_by(targets.promise_timeline, "promise")
def genealogy(tables: Tables, promise: str) -> Exhibit:
    """Draw how a promise was issued, repeated, raised, given a new date and met."""
    title = f"How the promise moved: {PROMISES.get(promise, promise)}"
    issues = promises.by_day(_valued([row for row in promises.judged(tables) if row["genealogy"] == promise]))
    if not issues:
        return without(title, _nothing(tables, f"issue of the promise on {PROMISES.get(promise, promise)}"))
    evidence = promises.gather_evidence(tables)
    marks = promises.frame_of([_issue(row, evidence) for row in issues])
    added = sorted({row["added_year"] for row in issues if isinstance(row["added_year"], str)})
    undated = int(marks["time_period"].isna().sum()) - sum(isinstance(row["added_year"], str) for row in issues)
    caveats = (
        "Each row runs from the day it was said to the year it names: ● issued, ○ repeated, ▶ given another date, "
        "▲ raised; ◆ the year named, ◇ where it is an expectation; a filled blue circle the year the level was first "
        "reached.",
        f"{undated} of {len(marks)} issues name no year: they cannot be missed and have no diamond." if undated else "",
        f"One newspaper alone adds {labels.join_words(added)}, which nobody else told: it is no deadline to be missed."
        if added
        else "",
    )
    return told(title, marks, _issue_sentences(issues), caveats)


def _issue(row: Row, evidence: Evidence) -> Mark:
    when = labels.period(row["said_on"]) if isinstance(row["said_on"], str) else "date of issue not known"
    issuer = row["issuer"] if isinstance(row["issuer"], str) else ""
    head = ", ".join(part for part in (promises.promised_words(row), promises.reached_words(row)) if part)
    note = ", ".join(part for part in (str(row["event"]), when, issuer) if part)
    own = {name: row[name] for name in (*KEPT, "year_reached_high", "said_on", "event")}
    return {**promises.promise_mark(row, evidence), **own, "_head": head, "_note": note}


def _issue_sentences(issues: Sequence[Row]) -> list[str]:
    events = Counter(row["event"] for row in issues)
    told = labels.join_words([f"{events[name]} {name}" for name in targets.EVENT_SYMBOL if name in events])
    reached = [row for row in issues if isinstance(row["year_reached"], str)]
    levels = promises.first_of(reached, "target_value", "deadline")
    met = [f"{promises.promised_words(row)}: {_years_reached(row)}" for row in levels]
    decided = f"{'; '.join(met)}." if met else "No official value known here reaches a level of this promise."
    return [f"{len(issues)} {labels.plural('issue', len(issues))}: {told}.", decided]


def _years_reached(row: Row) -> str:
    """Return the year a level was reached; of a range that of its lower end, then of its upper end."""
    years = [row[name] for name in ("year_reached", "year_reached_high") if isinstance(row[name], str)]
    return f"reached {'in' if promises.is_year_sure(row) else 'by'} {' and '.join(years)}"


@drawn_by(lambda rows: targets.unit_squares(series_of(rows, LISTED), series_of(rows, STARTED), note=BELIEVED))
def squares(tables: Tables) -> Exhibit:
    """Draw the list of linkage projects as unit squares with the ones started filled."""
    title = "The list that linked the EAEU with the Belt: one square a project"
    planned = quote(pick(tables, indicator="PROJECT_COUNT", project_id=LIST_39, role="plan"), LISTED).iloc[:1]
    started = quote(pick(tables, indicator="PROJECT_COUNT", project_id=LIST_39, role="actual"), STARTED).iloc[:1]
    if planned.empty:
        return without(title, absent(tables, "number of projects on the EAEU's list"))
    total = labels.number(float(planned["obs_value"].iloc[0]))
    filled = [
        f"{labels.number(row['obs_value'])} filled, as of {labels.period(row['time_period'])} and believed to be on it"
        for row in records(started)
    ]
    sentences = [f"{total} squares, {filled[0] if filled else 'none filled: nobody said yet what was started'}."]
    caveats = ("The list is not public, and the one started was begun in Kazakhstan in 2009: new starts may be none.",)
    return told(title, gather(planned, started), sentences, caveats if filled else ())


def beside(tables: Tables, selection: Selection) -> Exhibit:
    """Draw the plan of 2023 and the Far East's outcome side by side, without a gauge."""
    del selection
    found = announced_and_realised(tables, {"statement": "2023"})
    title = "Announced for Russia, realised in the Far East"
    if found.empty:
        return without(title, found.empty)
    warned = "Different territory: the plan is for all of Russia, the outcome for the Far East alone."
    return replace(found, title=title, caveats=(warned, *found.caveats))


@drawn_by(lambda rows: targets.share_bullet(series_of(rows, "came"), series_of(rows, "aim")))
def settlement(tables: Tables) -> Exhibit:
    """Draw the share settled in rubles and yuan against the half that is aimed at."""
    title = "Half of trade in rubles and yuan: an aim without a year"
    came = quote(pick(tables, indicator="SETTLEMENT_SHARE", role="actual"), "came").tail(1)
    aim = quote(pick(tables, indicator="SETTLEMENT_SHARE", role="target"), "aim").iloc[:1]
    if came.empty and aim.empty:
        return without(title, absent(tables, "share of trade settled in rubles and yuan"))
    came = came.assign(short=[f"in {labels.period(str(period))}" for period in came["time_period"]])
    aim = aim.assign(short="aimed at, no date")
    gap = _settlement_gap(came, aim)
    sentences = [
        *(f"{labels.value(row['obs_value'], 'PERCENT')} {row['short']}." for row in records(gather(came, aim))),
        *(f"{row['label']}: {labels.number(row['obs_value'])} percentage points." for row in records(gap)),
    ]
    caveats = (
        "Without a target year nothing can be called missed.",
        "The share is of one year, before the aim was stated.",
    )
    return told(title, gather(came, aim, gap), sentences, caveats)


def _settlement_gap(came: pd.DataFrame, aim: pd.DataFrame) -> pd.DataFrame:
    if came.empty or aim.empty:
        return gather()
    share, half = float(came["obs_value"].iloc[0]), float(aim["obs_value"].iloc[0])
    return compute(
        gather(came, aim),
        series="gap",
        label="Gap to the aim",
        obs_value=half - share,
        formula=f"{labels.number(half)} − {labels.number(share)}",
        unit_measure="PERCENT",
        time_period=str(came["time_period"].iloc[0]),
    )


@drawn_by(lambda rows: targets.growth_needed(series_of(rows, "needed"), series_of(rows, "came")))
def growth(tables: Tables) -> Exhibit:
    """Draw the growth each dated promise asked for beside the growth that came."""
    title = "Growth needed and growth that came"
    dated = [row for row in promises.judged(tables) if not math.isnan(promises.number(row["required_cagr"]))]
    asked = promises.first_of(dated, "genealogy", "target_value", "deadline", "base_period")
    if not asked:
        return without(title, absent(tables, "dated promise with a line to measure it on"))
    evidence = promises.gather_evidence(tables)
    needed = [_needed(row, evidence) for row in asked]
    came = [mark for row in asked for mark in _growth_came(row, evidence)]
    rates = {mark["commitment_id"]: mark["obs_value"] for mark in came}
    caveats = (
        "Needed: constant yearly growth from the preferred official value of the year before the promise, "
        "or of the latest year while the date is open, to the level promised; never from the disputed 62 bn.",
    )
    return told(title, promises.frame_of([*needed, *came]), _growth_sentences(needed, rates), caveats)


def _growth_sentences(needed: Sequence[Row], rates: Mapping[str, float]) -> list[str]:
    judged = [row for row in needed if row["commitment_id"] in rates]
    short = [row for row in judged if rates[row["commitment_id"]] < row["obs_value"]]
    still = [
        f"{row['label']}: {labels.value(row['obs_value'], 'PERCENT')} a year needed, still open."
        for row in needed
        if row["commitment_id"] not in rates
    ]
    came = [f"In {len(short)} of {len(judged)} cases less growth came than was needed."] if judged else []
    return [*came, *still]


def _needed(row: Row, evidence: Evidence) -> Mark:
    start = f"{labels.value(promises.number(row['base_value']), str(row['unit_measure']))} in {row['base_period']}"
    when = f"said {labels.period(row['said_on'])}" if isinstance(row["said_on"], str) else "date of issue not known"
    stated = promises.promise_mark(row, evidence)
    years = int(str(row["deadline"])[:4]) - int(row["base_period"])
    ends = [promises.number(row[name]) for name in ("target_value", "target_value_high")]
    level = " to ".join(labels.value(end, str(row["unit_measure"])) for end in ends if not math.isnan(end))
    high = promises.number(row["required_cagr_high"])
    both = {"value_low": row["required_cagr"], "value_high": row["required_cagr"] if math.isnan(high) else high}
    return {
        **_computed([stated, evidence.points.get((str(row["actual_basis"]), str(row["base_period"])), {})]),
        "series": "needed",
        "label": f"{promises.promised_words(row)}, from {row['base_period']}",
        "obs_value": promises.number(row["required_cagr"]),
        **both,
        "formula": f"({level} / {start}) ^ (1 / {years}) − 1",
        "time_period": f"{row['base_period']}/{row['deadline']}",
        "role": "target",
        "said_by": row["issuer"],
        "commitment_id": row["commitment_id"],
        "_head": promises.promised_words(row),
        "_note": f"{when}; from {start}",
    }


def _growth_came(row: Row, evidence: Evidence) -> list[Mark]:
    start, end = str(row["base_period"]), str(row["deadline"])
    ends = [evidence.points.get((str(row["actual_basis"]), year)) for year in (start, end)]
    if ends[0] is None or ends[1] is None:
        return []
    first, last = float(ends[0]["obs_value"]), float(ends[1]["obs_value"])
    shown = [labels.value(value, str(row["unit_measure"])) for value in (last, first)]
    years = int(end) - int(start)
    mark = {
        **_computed([ends[0], ends[1]]),
        "series": "came",
        "label": f"Growth that came, {start} to {end}",
        "obs_value": cagr(first, last, years),
        "formula": f"({shown[0]} / {shown[1]}) ^ (1 / {years}) − 1",
        "time_period": f"{start}/{end}",
        "role": "actual",
        "commitment_id": row["commitment_id"],
    }
    return [mark]


def _computed(inputs: Sequence[Row]) -> Mark:
    """Return what marks computed from others share: their inputs, their sources, and that they are computed."""
    known = [mark for mark in inputs if mark]
    ids = [
        mark[name]
        for mark in known
        for name in ("observation_id", "observation_ids")
        if isinstance(mark.get(name), str)
    ]
    sources = [part for mark in known for part in str(mark.get("source_id") or "").split(" ; ") if part]
    classes = [str(mark.get("source_class") or "") for mark in known]
    return {
        "observation_ids": " ; ".join(dict.fromkeys(part for cell in ids for part in cell.split(" ; "))),
        "source_id": " ; ".join(dict.fromkeys(sources)),
        "source_class": " ; ".join(dict.fromkeys(name for name in classes if name)),
        "unit_measure": "PERCENT",
        "measure_type": "growth",
        "bound": "=",
        "obs_status": "D",
        "provenance": "derived",
    }


def board(tables: Tables, selection: Selection) -> Exhibit:
    """Draw every commitment as a cell in the row of its verdict; the data table is the register."""
    title = "The register of commitments"
    marks = chosen(hold_rows(tables, "board", lambda: _board_marks(tables)), selection, "grade", "verdict")
    if not marks:
        return without(title, _nothing(tables, "commitment of this grade and verdict"))
    caveats = (
        f"{', '.join(f'{grade}: {words}' for grade, words in GRADES.items())}.",
        "A rate stands in the register for grades A and B only, and beside a B always its caveat.",
        "Repetitions are rows of their own: the counts are of issues, not of different promises.",
    )
    shown = exhibit(title, targets.verdict_board(marks), marks, _verdict_sentences(marks), caveats)
    return replace(shown, columns=REGISTER)


def _board_marks(tables: Tables) -> pd.DataFrame:
    evidence = promises.gather_evidence(tables)
    ranked = sorted(promises.judged(tables), key=lambda row: promises.VERDICTS.index(row["verdict"]))
    return promises.frame_of([_cell(row, evidence) for row in ranked])


def _cell(row: Row, evidence: Evidence) -> Mark:
    bound = row["attainment_bound"] if isinstance(row["attainment_bound"], str) else "="
    rates = [promises.number(row[name]) for name in ("attainment_high", "attainment")] if promises.is_rated(row) else []
    period = row["actual_period"] if isinstance(row["actual_period"], str) else ""
    came = "no outcome stated"
    actual = promises.number(row["actual_value"])
    if not math.isnan(actual):
        came = f"{labels.value(actual, str(row['unit_measure']))}, {labels.period(period)}"
    words = (
        ", ".join(part for part in (promises.promised_words(row), promises.issued_words(row)) if part),
        f"Grade {row['grade']}: {GRADES.get(str(row['grade']), '')}",
        promises.verdict_words(row),
        promises.rate_words(row),
        promises.caveat_words(row),
    )
    return {
        **promises.promise_mark(row, evidence),
        **{name: row[name] for name in (*KEPT, "said_on")},
        "came": came,
        "rate": " to ".join(labels.bounded(rate, "PERCENT", bound) for rate in rates if not math.isnan(rate)),
        "_told": "<br>".join([f"<b>{base.wrap(str(row['title']))}</b>", *(base.wrap(line) for line in words if line)]),
    }


PAGE = Page(
    path="/targets",
    title="Targets",
    intro="Every promise with its grade, what came of it and how its date moved. "
    "A rate stands only where like is compared with like.",
    views=(
        View(
            "targets-trade",
            "Trade and its targets",
            "Was the trade promised ever reached, and when?",
            trade_and_targets,
            height=520,
        ),
        View(
            "targets-board",
            "Register",
            "Which commitments are on record, with which verdict?",
            board,
            (GRADE, VERDICT),
            height=520,
        ),
        View(
            "targets-commitments",
            "Promised and come",
            "What was promised, and what came?",
            commitments_view,
            (TOPIC, GRADE, VERDICT, REPEATS),
            height=2420,
            wide=True,
        ),
        View(
            "targets-genealogy",
            "How promises moved",
            "When was a promise made, repeated, given a new date, met?",
            genealogy,
            (PROMISE,),
            height=1670,
        ),
        View("targets-growth", "Growth needed", "How fast would trade have had to grow?", growth, height=740),
        View(
            "targets-beside",
            "Announced and realised",
            "How does the plan of 2023 stand beside the outcome?",
            beside,
            height=430,
        ),
        View("targets-squares", "Thirty-nine projects", "How much of the list was started?", squares, height=160),
        View(
            "targets-settlement",
            "Settlement aim",
            "How far is the aim of settling half in own currencies?",
            settlement,
            height=120,
        ),
    ),
)
