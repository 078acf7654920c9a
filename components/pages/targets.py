"""The page on targets: every commitment with its grade, what came of it, and how its date moved."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from components import labels, promises
from components.charts import base, targets
from components.marks import absent, compute, exhibit, gather, pick, quote, without
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
MEASURED = ("gap", "attainment", "attainment_bound", "required_cagr")


def chosen(commitments: pd.DataFrame, selection: Selection, *names: str) -> pd.DataFrame:
    """Return the commitments that fit the selection in the columns named."""
    keep = pd.Series(data=True, index=commitments.index)
    for name in names:
        if selection[name] != "all":
            keep &= commitments[name] == selection[name]
    return commitments[keep]


def commitments_view(tables: Tables, selection: Selection) -> Exhibit:
    """Draw every commitment as a dumbbell with grade, caveat, gap, attainment and required growth in words."""
    title = "What was promised and what came"
    found = chosen(promises.judged(tables), selection, "topic", "grade", "verdict")
    found = found[found["target_value"].notna()]
    if found.empty:
        return without(title, _nothing(tables, "commitment of this topic, grade and verdict"))
    shown = found if selection["repeats"] == "on" else promises.first_issues(found)
    evidence = promises.gather_evidence(tables)
    marks = promises.frame_of([mark for row in shown.to_dict("records") for mark in _marks(row, evidence)])
    figure = targets.promise_blocks(marks.assign(unit_measure=marks["unit_measure"].replace("BCM_YR", "BCM")))
    left = len(found) - len(shown)
    caveats = (
        "Rates are formed for grades A and B only; C stands side by side without one, N has no outcome anyone stated.",
        f"Repetitions left out: {left}. “Every repetition” shows them." if left else "",
    )
    return exhibit(title, figure, marks.drop(columns=["head", "notes"]), _verdict_sentences(shown), caveats)


def _nothing(tables: Tables, what: str) -> str:
    if len(tables.commitments):
        return f"The register holds no {what}. Choose “All” in one of the filters."
    return absent(tables, what)


def _verdict_sentences(shown: pd.DataFrame) -> list[str]:
    counts = shown["verdict"].value_counts()
    told = labels.join_words([f"{counts[name]} {name}" for name in promises.VERDICTS if name in counts])
    return [f"{len(shown)} {labels.plural('commitment', len(shown))}: {told}."]


def _marks(row: Row, evidence: Evidence) -> list[Mark]:
    """Return the marks of one commitment: the promise, what came of it, and figures that stand beside it."""
    came, beside = promises.outcome_marks(row, evidence), promises.beside_marks(row, evidence)
    lines = [
        *(promises.outcome_words(mark, "Came") for mark in came),
        *(promises.outcome_words(mark, "Beside it") for mark in beside),
    ]
    common: dict[str, Any] = {
        **{name: row[name] for name in (*KEPT, *MEASURED)},
        "head": f"{row['grade']} · {row['title']}",
        "notes": [
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


def genealogy(tables: Tables, selection: Selection) -> Exhibit:
    """Draw how a promise was issued, repeated, raised, given a new date and met."""
    code = selection["promise"]
    title = f"How the promise moved: {PROMISES.get(code, code)}"
    issues = promises.judged(tables)
    issues = issues[(issues["genealogy"] == code) & issues["target_value"].notna()]
    if issues.empty:
        return without(title, _nothing(tables, f"issue of the promise on {PROMISES.get(code, code)}"))
    issues = issues.sort_values("said_on", na_position="last", kind="stable")
    evidence = promises.gather_evidence(tables)
    marks = promises.frame_of([_issue(row, evidence) for row in issues.to_dict("records")])
    undated = int(marks["time_period"].isna().sum())
    caveats = (
        "Each row runs from the day it was said to the year it names: ● issued, ○ repeated, ▶ given another date, "
        "▲ raised; ◇ the year named; a filled blue circle the year the level was first reached.",
        f"{undated} of {len(marks)} issues name no year: they cannot be missed and have no diamond." if undated else "",
    )
    figure = targets.promise_timeline(marks)
    return exhibit(title, figure, marks.drop(columns=["head", "note"]), _issue_sentences(issues), caveats)


def _issue(row: Row, evidence: Evidence) -> Mark:
    when = labels.period(row["said_on"]) if isinstance(row["said_on"], str) else "date of issue not known"
    issuer = row["issuer"] if isinstance(row["issuer"], str) else ""
    head = ", ".join(part for part in (promises.promised_words(row), promises.reached_words(row)) if part)
    note = ", ".join(part for part in (str(row["event"]), when, issuer) if part)
    own = {name: row[name] for name in (*KEPT, "said_on", "event")}
    return {**promises.promise_mark(row, evidence), **own, "head": head, "note": note}


def _issue_sentences(issues: pd.DataFrame) -> list[str]:
    events = issues["event"].value_counts()
    told = labels.join_words([f"{events[name]} {name}" for name in targets.EVENT_SYMBOL if name in events])
    reached = issues[issues["year_reached"].notna()].drop_duplicates(["target_value", "deadline"])
    met = [f"{promises.promised_words(row)}: reached in {row['year_reached']}" for row in reached.to_dict("records")]
    decided = f"{'; '.join(met)}." if met else "No level of this promise has a line that reached it."
    return [f"{len(issues)} {labels.plural('issue', len(issues))}: {told}.", decided]


def squares(tables: Tables, selection: Selection) -> Exhibit:
    """Draw the list of linkage projects as unit squares with the ones started filled."""
    del selection
    title = "The list that linked the EAEU with the Belt: one square a project"
    planned = quote(pick(tables, indicator="PROJECT_COUNT", project_id=LIST_39, role="plan"), "on the list").iloc[:1]
    started = quote(pick(tables, indicator="PROJECT_COUNT", project_id=LIST_39, role="actual"), "started").iloc[:1]
    if planned.empty:
        return without(title, absent(tables, "number of projects on the EAEU's list"))
    note = "Believed to be on the list; its Kazakh part was begun in 2009, before both schemes."
    total = labels.number(float(planned["obs_value"].iloc[0]))
    told = [
        f"{labels.number(row['obs_value'])} filled, as of {labels.period(row['time_period'])} and believed to be on it"
        for row in started.to_dict("records")
    ]
    sentences = [f"{total} squares, {told[0] if told else 'none filled: nobody said yet what was started'}."]
    caveats = ("The list is not public, and the one started was begun in Kazakhstan in 2009: new starts may be none.",)
    figure = targets.unit_squares(planned, started, note=note)
    return exhibit(title, figure, gather(planned, started), sentences, caveats if told else ())


def beside(tables: Tables, selection: Selection) -> Exhibit:
    """Draw the plan of 2023 and the Far East's outcome side by side, without a gauge."""
    del selection
    found = announced_and_realised(tables, {"statement": "2023"})
    title = "Announced for Russia, realised in the Far East"
    if found.empty:
        return without(title, found.empty)
    warned = "Different territory: the plan is for all of Russia, the outcome for the Far East alone."
    return replace(found, title=title, caveats=(warned, *found.caveats))


def settlement(tables: Tables, selection: Selection) -> Exhibit:
    """Draw the share settled in rubles and yuan against the half that is aimed at."""
    del selection
    title = "Half of trade in rubles and yuan: an aim without a year"
    came = quote(pick(tables, indicator="SETTLEMENT_SHARE", role="actual"), "came").tail(1)
    aim = quote(pick(tables, indicator="SETTLEMENT_SHARE", role="target"), "aim").iloc[:1]
    if came.empty and aim.empty:
        return without(title, absent(tables, "share of trade settled in rubles and yuan"))
    came = came.assign(short=[f"in {labels.period(str(period))}" for period in came["time_period"]])
    aim = aim.assign(short="aimed at, no date")
    gap = _settlement_gap(came, aim)
    sentences = [
        *(
            f"{labels.value(row['obs_value'], 'PERCENT')} {row['short']}."
            for row in gather(came, aim).to_dict("records")
        ),
        *(f"{row['label']}: {labels.number(row['obs_value'])} percentage points." for row in gap.to_dict("records")),
    ]
    caveats = (
        "Without a target year nothing can be called missed.",
        "The share is of one year, before the aim was stated.",
    )
    return exhibit(title, targets.share_bullet(came, aim), gather(came, aim, gap), sentences, caveats)


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


def growth(tables: Tables, selection: Selection) -> Exhibit:
    """Draw the growth each dated promise asked for beside the growth that came."""
    del selection
    title = "Growth needed and growth that came"
    asked = promises.judged(tables)
    asked = asked[asked["required_cagr"].notna()]
    asked = asked.drop_duplicates(["genealogy", "target_value", "deadline", "base_period"])
    if asked.empty:
        return without(title, absent(tables, "dated promise with a line to measure it on"))
    evidence = promises.gather_evidence(tables)
    needed = promises.frame_of([_needed(row, evidence) for row in asked.to_dict("records")])
    came = promises.frame_of([mark for row in asked.to_dict("records") for mark in _growth_came(row, evidence)])
    figure = targets.growth_needed(needed, came)
    rates = dict(zip(came["commitment_id"], came["obs_value"], strict=True)) if len(came) else {}
    caveats = (
        "Needed: constant yearly growth from the preferred official value of the year before the promise, "
        "or of the latest year while the date is open, to the level promised; never from the disputed 62 bn.",
    )
    frame = gather(needed.drop(columns=["head", "note"]), came)
    return exhibit(title, figure, frame, _growth_sentences(needed, rates), caveats)


def _growth_sentences(needed: pd.DataFrame, rates: Mapping[str, float]) -> list[str]:
    judged = [row for row in needed.to_dict("records") if row["commitment_id"] in rates]
    short = [row for row in judged if rates[row["commitment_id"]] < row["obs_value"]]
    still = [
        f"{row['label']}: {labels.value(row['obs_value'], 'PERCENT')} a year needed, still open."
        for row in needed.to_dict("records")
        if row["commitment_id"] not in rates
    ]
    came = [f"In {len(short)} of {len(judged)} cases less growth came than was needed."] if judged else []
    return [*came, *still]


def _needed(row: Row, evidence: Evidence) -> Mark:
    start = f"{labels.value(promises.number(row['base_value']), str(row['unit_measure']))} in {row['base_period']}"
    when = f"said {labels.period(row['said_on'])}" if isinstance(row["said_on"], str) else "date of issue not known"
    stated = promises.promise_mark(row, evidence)
    return {
        **_computed([stated, evidence.points.get((str(row["actual_basis"]), str(row["base_period"])), {})]),
        "series": "needed",
        "label": f"{promises.promised_words(row)}, from {row['base_period']}",
        "obs_value": promises.number(row["required_cagr"]),
        "formula": f"(promised / {start}) ^ (1 / years) − 1",
        "time_period": f"{row['base_period']}/{row['deadline']}",
        "role": "target",
        "said_by": row["issuer"],
        "commitment_id": row["commitment_id"],
        "head": promises.promised_words(row),
        "note": f"{when}; from {start}",
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


def _computed(inputs: list[Mark]) -> Mark:
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
    found = chosen(promises.judged(tables), selection, "grade", "verdict")
    if found.empty:
        return without(title, _nothing(tables, "commitment of this grade and verdict"))
    rank = {name: place for place, name in enumerate(promises.VERDICTS)}
    ranked = found.assign(rank=found["verdict"].map(rank)).sort_values("rank", kind="stable")
    evidence = promises.gather_evidence(tables)
    marks = promises.frame_of([_cell(row, evidence) for row in ranked.to_dict("records")])
    caveats = (
        f"{', '.join(f'{grade}: {words}' for grade, words in GRADES.items())}.",
        "A rate stands in the register for grades A and B only, and beside a B always its caveat.",
        "Repetitions are rows of their own: the counts are of issues, not of different promises.",
    )
    figure = targets.verdict_board(marks)
    shown = exhibit(title, figure, marks.drop(columns=["told"]), _verdict_sentences(ranked), caveats)
    return replace(shown, columns=REGISTER)


def _cell(row: Row, evidence: Evidence) -> Mark:
    bound = row["attainment_bound"] if isinstance(row["attainment_bound"], str) else "="
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
        "rate": labels.bounded(promises.number(row["attainment"]), "PERCENT", bound) if promises.is_rated(row) else "",
        "told": "<br>".join([f"<b>{base.wrap(str(row['title']))}</b>", *(base.wrap(line) for line in words if line)]),
    }


def picture(tables: Tables, selection: Selection) -> Exhibit:
    """Draw trade against its targets over time."""
    del selection
    return trade_and_targets(tables)


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
            picture,
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
