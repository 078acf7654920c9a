"""Invented findings about the invented figures."""

import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from pipelines.schema import OUT_FINDINGS
from pipelines.tables import Tables

DTYPES = {"text": "str", "number": "float64", "flag": "bool"}


def mark(label: str, low: float | None, high: float | None, value: float | None, kind: str) -> dict[str, Any]:
    return {"label": label, "low": low, "high": high, "value": value, "kind": kind, "id": ""}


def row(name: str, word: str, ids: str, **cells: Any) -> dict[str, Any]:
    base = {"finding_id": name, "rule": "same-length", "verdict": "contradiction", "word": word, "weight": 50.0}
    told = {"title": f"Title of {name}", "arithmetic": "95 × 0.72 = 68.4\n68.4 ≠ 62", "picture": "[]", "status": "open"}
    return base | told | {"observation_ids": ids, "figure_ids": ids, "is_slip": False, "unit_measure": "USD"} | cells


PICTURE = [mark("quoted", 61.5e9, 62.5e9, 62e9, "quoted"), mark("at least", 68e9, None, 68e9, "computed")]
ROWS = [
    row("fall-1", "conflict", "paper-2016-001 ; paper-2016-002", weight=90.0, odd_one_out="paper-2016-002",
        picture=json.dumps(PICTURE), record="50 China reporting", title="95 less 28 % is 68.4, not 62"),
    row("scope-1", "caution", "paper-2016-001", verdict="comparability", status="accepted", status_by="A. Reader",
        status_why="known for years"),
    row("scope-2", "caution", "paper-2016-003", verdict="comparability"),
    row("series-1", "conflict", "customs.CHN.RUS.2014 ; customs.CHN.RUS.2015", figure_ids=None, verdict="unexplained",
        status="explained", status_by="rule", explanation="Other conditions.", status_why="Other conditions."),
    row("series-2", "caution", "customs.CHN.RUS.2010 ; customs.CHN.RUS.2011", figure_ids=None, verdict="unexplained"),
    row("window-1", "conflict", "paper-2016-006", is_slip=True),
    row("agrees-1", "agrees", "paper-2016-001", verdict="agrees"),
    row("none-1", "none", "paper-2016-004", verdict="no_counterpart"),
]  # fmt: skip


def framed(rows: list[dict[str, Any]]) -> pd.DataFrame:
    types = {field.name: DTYPES[field.type] for field in OUT_FINDINGS.fields}
    return pd.DataFrame(rows, columns=OUT_FINDINGS.columns).astype(types)


@pytest.fixture(scope="session")
def found(make_tables: Callable[..., Tables]) -> Tables:
    """The invented tables with eight findings."""
    return make_tables(findings=framed(ROWS))


@pytest.fixture(scope="session")
def many(make_tables: Callable[..., Tables]) -> Tables:
    """The invented tables with five hundred findings."""
    return make_tables(findings=framed([row(f"many-{i}", "conflict", "paper-2016-001") for i in range(500)]))
