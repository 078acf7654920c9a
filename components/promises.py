"""What is known of each commitment: its marks, and the words for promise, outcome, rate and verdict."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from components import labels
from components.marks import COLUMNS, draw_line, gather, held, hold_rows, quote, typed
from components.shelves import codes_in, hold, shelf
from pipelines.tables import Tables

VERDICTS = (
    "met early", "met", "met late", "missed", "open", "undated", "not comparable", "no outcome stated", "dropped",
)  # fmt: skip
RATED = ("A", "B")
EXPECTATION = "expectation"
CAME = "Came"
_JUDGED = (
    "target_value",
    "target_value_high",
    "target_bound",
    "deadline",
    "actual_period",
    "caveat",
    "grade",
    "unit_measure",
)
_SAME = (
    "genealogy",
    "target_value",
    "target_value_high",
    "deadline",
    "unit_measure",
    "grade",
    "actual_observation_ids",
)
_NAMING = ("target_figure_ids", "actual_figure_ids", "actual_observation_ids")

Row = Mapping[Any, Any]
Mark = dict[Any, Any]


@dataclass(frozen=True)
class Evidence:
    """The observations and points of lines that commitments name, as marks by their id and by line and period."""

    figures: Mapping[str, Row]
    points: Mapping[tuple[str, str], Row]


def judged(tables: Tables) -> Sequence[Row]:
    """Return the commitments with what came of them and the topic of their indicator, in the order of the register."""
    return hold_rows(tables, "judged", lambda: _judge(tables))


def _judge(tables: Tables) -> pd.DataFrame:
    ours = tables.commitments.drop(columns=[column for column in _JUDGED if column in tables.commitments])
    joined = ours.merge(tables.attainment, on="commitment_id", how="inner", validate="one_to_one")
    codes = tables.codes.get("CL_INDICATOR")
    topics = codes["topic"].to_dict() if codes is not None else {}
    nouns = tables.observations.drop_duplicates("observation_id").set_index("observation_id")["counted"]
    first = joined["target_figure_ids"].fillna("").str.split(";").str[0]
    loose = joined["deadline"].isna()
    return joined.assign(
        topic=joined["indicator"].map(topics).fillna("projects"),
        counted=first.map(nouns),
        added_year=_target_periods(tables, first, "stated").where(loose),
        window=_target_periods(tables, first, "derived").where(loose),
    )


def _target_periods(tables: Tables, figures: pd.Series, basis: str) -> pd.Series:
    """Return the year a target's own source prints (`stated`), which it alone adds where the promise has none.

    Where the source prints none, the years of the contract (`derived`) may be known: no year of the promise's own.
    """
    rows = tables.observations
    is_due = rows["role"].eq("target") & rows["measure_type"].eq("flow") & rows["period_basis"].eq(basis)
    return figures.map(rows[is_due].drop_duplicates("observation_id").set_index("observation_id")["time_period"])


def first_issues(commitments: Sequence[Row]) -> list[Row]:
    """Return each promise (genealogy, level, year, outcome) once, by its first issue in the register."""
    return first_of(commitments, *_SAME)


def first_of(rows: Sequence[Row], *columns: str) -> list[Row]:
    """Return the first of the rows that are alike in the columns; empty cells are alike."""
    firsts: dict[tuple[str, ...], Row] = {}
    for row in rows:
        firsts.setdefault(tuple(str(row[name]) for name in columns), row)
    return list(firsts.values())


def by_day(commitments: Sequence[Row]) -> list[Row]:
    """Return commitments in the order they were issued; those without a day come last."""
    return sorted(commitments, key=lambda row: (not isinstance(row["said_on"], str), _text(row["said_on"])))


def gather_evidence(tables: Tables) -> Evidence:
    """Return the marks of every figure and line the register of commitments names, gathered once."""
    return hold(tables, "evidence", lambda: _gather(tables, judged(tables)))


def _gather(tables: Tables, commitments: Sequence[Row]) -> Evidence:
    named = {figure for row in commitments for column in _NAMING for figure in split(row[column])}
    rows = shelf(tables.observations).rows
    found = rows[rows["observation_id"].isin(named)]
    figures = {row["observation_id"]: row for row in held(quote(found, "as quoted"))}
    points = {
        (line, str(row["time_period"])): row
        for line in codes_in(commitments, "actual_basis")
        if line != "quoted"
        for row in held(draw_line(tables, "came", "What came, by the composed line", line_id=line))
    }
    return Evidence(figures, points)


def frame_of(marks: Sequence[Row]) -> pd.DataFrame:
    """Return marks as a frame with the usual columns first, then those of their own."""
    if not marks:
        return gather()
    own = [name for name in dict.fromkeys(name for mark in marks for name in mark) if name not in COLUMNS]
    return typed(pd.DataFrame(list(marks), dtype=object).reindex(columns=[*COLUMNS, *own]))


def promise_mark(row: Row, evidence: Evidence) -> Mark:
    """Return the mark of what was promised: the figure that states it, or the register's own value."""
    stated = [evidence.figures[figure] for figure in split(row["target_figure_ids"]) if figure in evidence.figures]
    fitting = [mark for mark in stated if mark["unit_measure"] == row["unit_measure"]]
    bare = {"bound": _text(row["target_bound"]) or "=", "indicator": row["indicator"], "role": "target"}
    bare["source_id"] = next((source for source in split(row["sources"]) if "/" not in source), "")
    start = fitting[0] if fitting else {**bare, "provenance": "derived", "formula": "inferred, see the caveat"}
    role = "target" if start["role"] == "actual" else start["role"]
    return {
        **start,
        "series": "promised",
        "label": row["title"],
        "time_period": row["deadline"],
        "obs_value": row["target_value"],
        **_both_ends(row),
        "unit_measure": row["unit_measure"],
        "said_by": row["issuer"],
        "role": "estimate" if EXPECTATION in str(row["title"]) else role,
    }


def _both_ends(row: Row) -> Mark:
    """Return the interval of a promised range, so that both its ends are drawn."""
    high = number(row["target_value_high"])
    return {} if math.isnan(high) else {"value_low": row["target_value"], "value_high": high}


def outcome_marks(row: Row, evidence: Evidence) -> list[Row]:
    """Return what came: of grades A and B the value the rate is formed with, of others nothing."""
    if row["grade"] not in RATED:
        return []
    ids = split(row["actual_observation_ids"])
    if row["actual_basis"] == "quoted":
        return [{**evidence.figures[i], "series": "came"} for i in ids[:1] if i in evidence.figures]
    point = evidence.points.get((str(row["actual_basis"]), _text(row["actual_period"])))
    return [point] if point else []


def beside_marks(row: Row, evidence: Evidence) -> list[Mark]:
    """Return the figures that stand beside a promise without being what the rate is formed with."""
    used = {mark["observation_id"] for mark in outcome_marks(row, evidence)}
    units = {row["unit_measure"], "BCM" if row["unit_measure"] == "BCM_YR" else ""}
    named = [evidence.figures[i] for i in split(row["actual_figure_ids"]) if i in evidence.figures and i not in used]
    return [{**mark, "series": "beside it"} for mark in named if mark["unit_measure"] in units]


def split(cell: object) -> list[str]:
    """Return the ids of a cell.

    >>> split("a; b ; c")
    ['a', 'b', 'c']
    """
    return [part.strip() for part in cell.split(";")] if isinstance(cell, str) else []


def promised_words(row: Row) -> str:
    """Return level and year of a promise."""
    unit = str(row["unit_measure"])
    noun = _text(row.get("counted"))
    amount = labels.bounded(number(row["target_value"]), unit, _text(row["target_bound"]) or "=", counted=noun)
    high = number(row["target_value_high"])
    upper = "" if math.isnan(high) else f" to {labels.value(high, unit)}"
    due = f" by {row['deadline']}" if _text(row["deadline"]) else _undated_words(row)
    return f"{amount}{upper}{due}"


def _undated_words(row: Row) -> str:
    added = _text(row.get("added_year"))
    if added:
        return f", “by {added}” in one newspaper only"
    return f", {labels.no_year(_text(row.get('window')))}"


def issued_words(row: Row) -> str:
    """Return who promised and when, each where it is known."""
    when = _text(row["said_on"])
    return ", ".join(part for part in (_text(row["issuer"]), labels.period(when) if when else "") if part)


def outcome_words(mark: Row, lead: str) -> str:
    """Return a figure beside a promise, its role named where it is no outcome itself."""
    amount = labels.bounded(number(mark["obs_value"]), str(mark["unit_measure"]), str(mark["bound"]))
    role = "" if mark["role"] == "actual" else f" ({mark['role']})"
    stated = "" if mark["provenance"] == "statistic" or lead != CAME else ", as stated: no official line of it at hand"
    return f"{lead}: {amount}{role}, {labels.period(_text(mark['time_period']))}{stated}"


def rate_words(row: Row) -> str:
    """Return rate and gap of grades A and B, nothing for others."""
    if not is_rated(row):
        return ""
    rates = [number(row[name]) for name in ("attainment_high", "attainment")]
    bound = _text(row["attainment_bound"]) or "="
    rate = " to ".join(labels.bounded(value, "PERCENT", bound) for value in rates if not math.isnan(value))
    return f"That is {rate} of the promise, {gap_words(row, 'short of it', 'above it')}"


def gap_words(row: Row, short: str, above: str) -> str:
    """Return how far an outcome is from each end of a promise, those on the same side together."""
    unit, told = str(row["unit_measure"]), []
    gaps = [number(row[name]) for name in ("gap", "gap_high")]
    for side, words in ((1, short), (-1, above)):
        found = sorted(abs(gap) for gap in gaps if not math.isnan(gap) and (gap > 0) == (side > 0))
        amounts = [f"{labels.number(gap)} points" if unit == "PERCENT" else labels.value(gap, unit) for gap in found]
        told += [f"{' to '.join(amounts)} {words}"] if amounts else []
    return " and ".join(told)


def growth_words(row: Row) -> str:
    """Return the yearly growth a dated promise asked for, where it is known; of a range to both its ends."""
    rates = [number(row[name]) for name in ("required_cagr", "required_cagr_high")]
    told = " to ".join(labels.value(rate, "PERCENT") for rate in rates if not math.isnan(rate))
    return f"Needed {told} a year from {row['base_period']}" if told else ""


def reached_words(row: Row) -> str:
    """Return in which year the level, or each end of a range, was first reached and how late or early that was."""
    lower, upper = _reached(row, ""), _reached(row, "_high")
    if math.isnan(number(row["target_value_high"])):
        return f"reached {lower}" if lower else ""
    ends = [f"{name} end reached {told}" for name, told in (("lower", lower), ("upper", upper)) if told]
    return ", ".join(ends)


def _reached(row: Row, end: str) -> str:
    year = _text(row[f"year_reached{end}"])
    if not year:
        return ""
    slippage = number(row[f"slippage_years{end}"])
    late = 0 if math.isnan(slippage) else int(slippage)
    told = f"{'in' if is_year_sure(row) else 'by'} {year}"
    return f"{told}, {abs(late)} {labels.plural('year', abs(late))} {'late' if late > 0 else 'early'}" if late else told


def is_year_sure(row: Row) -> bool:
    """Return whether a level came in its year and not perhaps before: then a dated promise has a slippage."""
    return not _text(row["deadline"]) or not math.isnan(number(row["slippage_years"]))


def verdict_words(row: Row) -> str:
    """Return the verdict with the year that decided it."""
    return ", ".join(part for part in (f"Verdict: {row['verdict']}", reached_words(row)) if part)


def caveat_words(row: Row) -> str:
    """Return the caveat of a commitment, where it has one."""
    return f"Caveat: {row['caveat']}" if _text(row["caveat"]) else ""


def is_rated(row: Row) -> bool:
    """Return whether a rate may be told: grades A and B with an outcome."""
    return row["grade"] in RATED and not math.isnan(number(row["attainment"]))


def number(cell: object) -> float:
    """Return a cell as a number; an empty one is not a number."""
    return float("nan") if cell is None or cell is pd.NA else float(str(cell))


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""
