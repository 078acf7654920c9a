"""Decides whether a due run is worth sending, from the data and from what was sent before."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from exports.schedules.plan import Condition
from exports.schedules.runs import GOOD, SKIPPED, Run


@dataclass(frozen=True)
class State:
    """The data of the moment: their digest, and the newest value of each line in its base unit."""

    digest: str
    readings: dict[str, float]


def read_state(digest: str, series: pd.DataFrame) -> State:
    """Return the state of the data; `series` is out_series, of which the newest dated value of each line counts."""
    dated = series.dropna(subset=["obs_value", "period_start"]).sort_values("period_start", kind="stable")
    newest = dated.drop_duplicates("line_id", keep="last")
    return State(digest, {str(k): float(v) for k, v in zip(newest["line_id"], newest["obs_value"], strict=True)})


def reason_to_skip(condition: Condition, state: State, earlier: Sequence[Run]) -> str:
    """Return why a run is not worth sending, or nothing; `earlier` are the runs of its schedule, newest first.

    A value crosses a bound when it stood on the other side, or on it, at the last reading that was sent or skipped;
    a run that failed does not count, so that a crossing is not lost with it.
    """
    if condition.changed:
        sent = next((run for run in earlier if run.status in GOOD), None)
        same = sent is not None and sent.digest == state.digest
        return f"the data have not changed since {sent.due[:16].replace('T', ' ')} UTC" if same and sent else ""
    return _not_crossed(condition, state, earlier) if condition.line else ""


def _not_crossed(condition: Condition, state: State, earlier: Sequence[Run]) -> str:
    now = state.readings.get(condition.line)
    if now is None:
        return f"{condition.line} has no value in these data"
    settled = (run for run in earlier if run.status in (*GOOD, SKIPPED) and run.line == condition.line)
    before = next((run.reading for run in settled if run.reading is not None), None)
    if before is None:
        return f"{condition.line} is {plain(now)}: the first reading, with nothing before it to cross from"
    if condition.above is not None:
        return (
            ""
            if before <= condition.above < now
            else f"{_from(before, now)} does not rise above {plain(condition.above)}"
        )
    bound = condition.below if condition.below is not None else now
    return "" if before >= bound > now else f"{_from(before, now)} does not fall below {plain(bound)}"


def _from(before: float, now: float) -> str:
    return f"from {plain(before)} to {plain(now)} the value"


def plain(number: float) -> str:
    """Return a number in full, as the settings mean it.

    >>> plain(2.5e11), plain(0.25), plain(1234.5)
    ('250,000,000,000', '0.25', '1,234.5')
    """
    return f"{number:,.6f}".rstrip("0").rstrip(".")
