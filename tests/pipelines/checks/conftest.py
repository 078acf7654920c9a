"""Invented figures and lines: what a rule must find is put in by hand."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from pipelines.checks.facts import Facts, Figure
from pipelines.checks.intervals import Interval

_TEXTS = dict.fromkeys(Figure.__slots__, "")
_NUMBERS = {"value": 0.0, "listed_count": float("nan"), "sentence": 1}
_FLAGS = {"is_core": True, "is_hidden": False, "is_plottable": True}
_USUAL = {
    "source_id": "paper",
    "source_class": "press",
    "publisher": "Paper",
    "indicator": "TRADE_TOTAL",
    "ref_area": "RUS",
    "counterpart_area": "CHN",
    "role": "actual",
    "measure_type": "flow",
    "freq": "A",
    "unit": "USD",
    "bound": "=",
    "provenance": "quoted",
}
_AREAS = (
    ("RUS", "Russia", ""),
    ("CHN", "China", ""),
    ("AAA", "Aland", ""),
    ("BBB", "Bland", ""),
    ("CCC", "Cland", ""),
    ("W00", "World", ""),
    ("TWO", "Two lands", "AAA;BBB"),
)


def invent_figure(name: str, low: float, high: float, **dimensions: Any) -> Figure:
    """A figure with the interval given; `said` is put in its words."""
    cells: dict[str, Any] = _TEXTS | _NUMBERS | _FLAGS | _USUAL
    cells |= {"id": name, "figure_id": name, "interval": Interval(low, high), "value": (low + high) / 2}
    cells |= {"as_written": f"{(low + high) / 2:g}"} | dimensions
    return Figure(**cells)


def invent_line(values: dict[str, float], **dimensions: Any) -> pd.DataFrame:
    """Rows of out_series: one edition of one data set, with the growth on the year before."""
    usual = {
        "line_kind": "dataset",
        "ref_area": "CHN",
        "counterpart_area": "RUS",
        "indicator": "TRADE_TOTAL",
        "commodity": "_T",
        "project_id": None,
        "measure_type": "flow",
        "freq": "A",
        "unit_measure": "USD",
        "obs_status": "A",
        "source_id": "office",
        "publisher": "Office",
        "edition": "first",
        "formula": None,
        "is_preferred": True,
    } | dimensions
    key = ".".join(str(usual[name]) for name in ("source_id", "edition", "ref_area", "counterpart_area", "indicator"))
    rows = [usual | {"line_id": key, "time_period": period, "obs_value": value} for period, value in values.items()]
    frame = pd.DataFrame(rows).astype({"time_period": "str"})
    before = dict(values)
    earlier = [before.get(f"{int(period[:4]) - 1}{period[4:]}") for period in values]
    frame["growth"] = [
        None if old is None else (new / old - 1) * 100 for old, new in zip(earlier, values.values(), strict=True)
    ]
    frame["growth"] = frame["growth"].astype("float64")
    frame["observation_ids"] = [f"{key}.{period}" for period in values]
    frame["period_start"] = pd.to_datetime([period[:7] if len(period) > 4 else f"{period}-01-01" for period in values])
    return frame


def invent_facts(figures: list[Figure], *lines: pd.DataFrame, **frames: pd.DataFrame) -> Facts:
    """Figures, the official lines and one statistic for each of their points."""
    series = pd.concat(lines, ignore_index=True) if lines else pd.DataFrame()
    statistics = [
        invent_figure(
            str(row["observation_ids"]),
            row["obs_value"],
            row["obs_value"],
            figure_id="",
            provenance="statistic",
            source_class="official",
            vintage="2010",
            **{
                name: row[name] or ""
                for name in ("indicator", "commodity", "ref_area", "counterpart_area", "source_id")
            },
            time_period=row["time_period"],
            freq=row["freq"],
            unit=row["unit_measure"],
            publisher=row["publisher"],
            edition=row["edition"],
        )
        for row in (series.to_dict("records") if len(series) else [])
    ]
    codes = pd.DataFrame(
        [{"codelist": "CL_AREA", "code": code, "name": name, "members": members} for code, name, members in _AREAS]
    )
    return Facts((*figures, *statistics), series=series, codes=codes, **frames)


@pytest.fixture(scope="session")
def figure() -> Callable[..., Figure]:
    return invent_figure


@pytest.fixture(scope="session")
def line() -> Callable[..., pd.DataFrame]:
    return invent_line


@pytest.fixture(scope="session")
def facts() -> Callable[..., Facts]:
    return invent_facts


@pytest.fixture(scope="session")
def real_facts(tables: Any) -> Facts:
    from pipelines.checks.facts import read_figures

    names = ("series", "mirror", "shares", "year_to_date", "events", "commitments")
    codes = pd.concat([rows.assign(codelist=name) for name, rows in tables.codes.items()], ignore_index=True)
    return Facts(read_figures(tables.observations), **{name: getattr(tables, name) for name in names}, codes=codes)
