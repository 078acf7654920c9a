"""Attainment: promises against outcomes, with a rate only where the two can be compared."""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipelines.analyse.growth import cagr
from pipelines.schema import ATTAINMENT

Row = Mapping[Hashable, Any]
Lines = Mapping[tuple[Hashable, ...], pd.DataFrame]

_OF_TARGET = {">": "<=", ">=": "<=", "<": ">=", "<=": ">=", "<~": ">=", "~": "~"}  # the more promised, the less is met
_OF_ACTUAL = {">": ">=", ">=": ">=", "<": "<=", "<=": "<=", "<~": "<=", "~": "~"}
_IN_A_YEAR = {"BCM_YR": "BCM"}  # a calendar year's delivery is a yearly rate
_SEPARATOR = " ; "
_QUANTITY = ["ref_area", "counterpart_area", "indicator"]
_RATED = ("A", "B")
_BASE = ("base_period", "base_value")  # what growth starts from, whichever end it leads to
_BY_GRADE = {"C": "not comparable", "N": "no outcome stated"}


@dataclass(frozen=True)
class Outcome:
    """A value with its period, where it comes from and what its wording allows."""

    value: float
    period: str | None
    basis: str
    ids: str
    bound: str = "="


def attain(commitments: pd.DataFrame, observations: pd.DataFrame, series: pd.DataFrame) -> pd.DataFrame:
    """Return out_attainment, one row a commitment.

    Gap is target minus actual and attainment actual over target in percent, for grades A and B only. The outcome is
    the chain's value in the deadline's year (the latest where that is not known yet), or the quoted figures named.
    Where a state of knowledge has no chain yet, the reporter's official line stands in; a promise no chain is named for
    is measured against the official line of its own quantity and, in years that line lacks, what is stated of them: the
    newest value at or before the deadline. A year that reached a level
    gives a slippage only if the year before is known.
    Required growth starts from the chain's value in the year before the promise was made, or from the latest value
    while the deadline is open. A promised range is measured against both ends: columns that end in `_high` are
    against its upper one, the others against its lower one, which decides whether it was met. An undated promise is
    never missed.
    """
    figures = observations.set_index("observation_id", drop=False)
    composed = series[series["line_kind"] == "chain"]
    chains = {line: rows.set_index("time_period", drop=False) for line, rows in composed.groupby("line_id")}
    official = series[series["is_preferred"] & (series["freq"] == "A") & series["commodity"].fillna("_T").eq("_T")]
    lines = {key: rows.set_index("time_period", drop=False) for key, rows in official.groupby(_QUANTITY)}
    stated = {key: rows.set_index("time_period", drop=False) for key, rows in _stated(observations).groupby(_QUANTITY)}
    rows = [_attain(row, figures, _line(row, chains, lines, stated)) for row in commitments.to_dict("records")]
    return pd.DataFrame(rows).reindex(columns=ATTAINMENT.columns)


def _attain(row: Row, figures: pd.DataFrame, chain: pd.DataFrame | None) -> dict[str, object]:
    target, high, bound = _target(row, figures)
    deadline = _text(row["deadline"])
    actual = _outcome(chain, row, figures)
    result: dict[str, object] = {name: row[name] for name in ("commitment_id", "grade", "unit_measure", "caveat")} | {
        "target_value": target,
        "target_value_high": high,
        "target_bound": bound,
        "deadline": deadline,
    }
    if actual:
        result |= {
            "actual_value": actual.value,
            "actual_period": actual.period,
            "actual_basis": actual.basis,
            "actual_observation_ids": actual.ids,
        }
        result["attainment_bound"] = _rate_bound(bound or "=", actual.bound) if row["grade"] in _RATED else None
    for end, suffix in ((target, ""), (high, "_high")):
        measured = _measure(row, end, actual, chain)
        result |= {f"{name}{suffix}": value for name, value in measured.items() if name not in _BASE} | {
            name: value for name, value in measured.items() if name in _BASE
        }
    return result | {"verdict": _verdict(row, result)}


def _measure(row: Row, end: float | None, actual: Outcome | None, chain: pd.DataFrame | None) -> dict[str, object]:
    """Return what is measured against one end of a promise; a plain promise has one, a range two."""
    deadline = _text(row["deadline"])
    reached = _year_reached(chain, end)
    result: dict[str, object] = {"year_reached": reached}
    if actual and end and row["grade"] in _RATED:
        result |= {"gap": end - actual.value, "attainment": 100 * actual.value / end}
    if reached and deadline and chain is not None and str(int(reached) - 1) in chain.index:
        result["slippage_years"] = int(reached) - int(deadline[:4])
    return result | _required(chain, end, deadline, _text(row["said_on"]))


def _rate_bound(target: str, actual: str) -> str:
    """Return what the wordings of a target and of its outcome allow of their rate; where they pull apart, about.

    >>> _rate_bound(">", "="), _rate_bound("<=", "="), _rate_bound("=", ">="), _rate_bound(">", ">")
    ('<=', '>=', '>=', '~')
    """
    said = {_OF_TARGET.get(target, "="), _OF_ACTUAL.get(actual, "=")} - {"="}
    return said.pop() if len(said) == 1 else ("~" if said else "=")


def _line(row: Row, chains: Mapping[Any, pd.DataFrame], lines: Lines, stated: Lines) -> pd.DataFrame | None:
    """Return the chain a promise names or, where none of its parts is known yet, its reporter's official line.

    A promise that names no chain has the official line of its quantity, if there is one, with years only stated.
    """
    if _text(row["actual_chain_id"]):
        name = _line_id(row)
        return chains.get(name, lines.get((row["ref_area"], row["counterpart_area"], name.rsplit(".", 1)[-1])))
    key = (row["ref_area"], row["counterpart_area"], row["indicator"])
    line, said = lines.get(key), stated.get(key)
    if line is None or row["grade"] not in _RATED:
        return None
    return line if said is None else pd.concat([line, said[~said.index.isin(line.index)]])


def _stated(observations: pd.DataFrame) -> pd.DataFrame:
    """Return yearly outcomes of trade stated exactly, one a year, shaped like points of a line."""
    rows = observations[
        observations["role"].eq("actual")
        & observations["measure_type"].eq("flow")
        & observations["freq"].eq("A")
        & observations["commodity"].eq("_T")
        & observations["bound"].eq("=")
        & observations["unit_measure"].eq("USD")
        & observations["provenance"].eq("quoted")
        & observations["is_plottable"]
        & ~observations["is_hidden"]
    ]
    rows = rows.assign(line_id="quoted", observation_ids=rows["observation_id"])
    return rows.sort_values("vintage", ascending=False, na_position="last").drop_duplicates([*_QUANTITY, "time_period"])


def _line_id(row: Row) -> str:
    """A chain is named with the promise's own indicator unless another one is written behind it."""
    chain = str(row["actual_chain_id"])
    return chain if "." in chain else f"{chain}.{row['indicator']}"


def _target(row: Row, figures: pd.DataFrame) -> tuple[float | None, float | None, str | None]:
    value, high, bound = _number(row["target_value"]), _number(row["target_value_high"]), _text(row["target_bound"])
    ids = [figure for figure in _split(row["target_figure_ids"]) if figure in figures.index]
    matching = [figure for figure in ids if figures.at[figure, "unit_measure"] == row["unit_measure"]]
    if matching and value is None:
        value, bound = _number(figures.at[matching[0], "obs_value"]), bound or _text(figures.at[matching[0], "bound"])
    return value, high, bound


def _outcome(chain: pd.DataFrame | None, row: Row, figures: pd.DataFrame) -> Outcome | None:
    """Return the line's value or the quoted one, which goes first where it alone is of the promised year."""
    due = _text(row["actual_period"]) or _text(row["deadline"])
    official, quoted = _chain_outcome(chain, due), _quoted_outcome(row, figures)
    is_nearer = official and quoted and due and official.period != due == quoted.period
    return quoted if is_nearer else official or quoted


def _chain_outcome(chain: pd.DataFrame | None, deadline: str | None) -> Outcome | None:
    """Return the value of a year, or the newest where that year is still to come; a year left out has none."""
    if chain is None or chain.empty:
        return None
    period = deadline if deadline and deadline in chain.index else str(max(chain.index))
    if deadline and period > deadline:
        return None
    point = chain.loc[period]
    return Outcome(float(str(point["obs_value"])), period, str(point["line_id"]), str(point["observation_ids"]))


def _quoted_outcome(row: Row, figures: pd.DataFrame) -> Outcome | None:
    ids = [figure for figure in _split(row["actual_figure_ids"]) if figure in figures.index]
    units = {row["unit_measure"], _IN_A_YEAR.get(str(row["unit_measure"]))}
    ids = [figure for figure in ids if figures.at[figure, "unit_measure"] in units]
    if not ids:
        return None
    point = figures.loc[ids[0]]
    return Outcome(
        float(str(point["obs_value"])), _text(point["time_period"]), "quoted", _SEPARATOR.join(ids), str(point["bound"])
    )


def _year_reached(chain: pd.DataFrame | None, target: float | None) -> str | None:
    if chain is None or target is None:
        return None
    years = chain.loc[chain["obs_value"] >= target, "time_period"]
    return str(years.min()) if len(years) else None


def _required(
    chain: pd.DataFrame | None, target: float | None, deadline: str | None, said_on: str | None
) -> dict[str, object]:
    if chain is None or target is None or not deadline or chain.empty:
        return {}
    newest = str(max(chain.index))
    base = newest if newest < deadline[:4] else str(int((said_on or deadline)[:4]) - 1)
    if base not in chain.index or base >= deadline[:4]:
        return {}
    value = float(str(chain.at[base, "obs_value"]))
    if value >= target:
        return {"base_period": base, "base_value": value}
    return {
        "base_period": base,
        "base_value": value,
        "required_cagr": cagr(value, target, int(deadline[:4]) - int(base)),
    }


def _verdict(row: Row, result: Mapping[str, object]) -> str:
    if row["status"] == "dropped":
        return "dropped"
    if row["grade"] in _BY_GRADE:
        return _BY_GRADE[str(row["grade"])]
    is_met = float(str(result.get("attainment", 0))) >= 100
    deadline = _text(result["deadline"])
    if not deadline:
        return "met" if is_met else "undated"
    period = _text(result.get("actual_period")) or ""
    reached = _text(result["year_reached"]) or (period[:4] if is_met else None)
    is_known = "slippage_years" in result or "actual_value" in result
    if reached and (is_known or reached <= deadline[:4]):
        return "met" if reached == deadline[:4] else ("met early" if reached < deadline[:4] else "met late")
    if "actual_value" not in result:
        return "no outcome stated"
    return "missed" if period[:4] >= deadline[:4] else "open"


def _split(cell: object) -> list[str]:
    return [part.strip() for part in cell.split(";")] if isinstance(cell, str) else []


def _number(cell: object) -> float | None:
    return None if cell is None or math.isnan(float(str(cell))) else float(str(cell))


def _text(cell: object) -> str | None:
    return cell if isinstance(cell, str) and cell else None
