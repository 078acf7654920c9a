"""A handful of invented rows in the shape of the store, for tests that need no real data."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import pytest

from pipelines.schema import CODES, STORED
from pipelines.tables import AsKnown, Tables

SCHEMA = {name.removeprefix("core_").removeprefix("out_"): table for name, table in STORED.items()}
OBSERVATION = {
    "source_id": "paper-2016",
    "source_class": "research",
    "publisher": "Paper Club",
    "indicator": "TRADE_TOTAL",
    "commodity": "_T",
    "ref_area": "CHN",
    "counterpart_area": "RUS",
    "role": "actual",
    "measure_type": "flow",
    "freq": "A",
    "period_basis": "stated",
    "unit_as_read": "USD bn",
    "unit_measure": "USD",
    "bound": "=",
    "obs_status": "Q",
    "vintage": "2016-05",
    "vintage_basis": "printed_date",
    "provenance": "quoted",
    "is_core": True,
    "is_hidden": False,
    "is_plottable": True,
    "measures": "Goods trade of China with Russia",
    "price_basis": "current",
    "series_id": "A.CHN.RUS.TRADE_TOTAL",
}


def quoted(number: int, period: str, billions: float, **changes: Any) -> dict[str, Any]:
    """Return one invented quotation."""
    value = billions * 1e9
    identity = f"paper-2016-{number:03d}"
    base = {"observation_id": identity, "figure_id": identity, "time_period": period, "obs_value": value}
    return OBSERVATION | base | {"value_low": value, "value_high": value, "value_as_read": billions} | changes


def official(period: str, billions: float, **changes: Any) -> dict[str, Any]:
    """Return one invented statistic."""
    row = quoted(0, period, billions) | {
        "observation_id": f"customs.CHN.RUS.{period}",
        "figure_id": None,
        "source_id": "customs",
        "source_class": "official",
        "publisher": "Customs",
        "provenance": "statistic",
        "obs_status": "A",
        "edition": "2024",
        "vintage": "2024",
        "vintage_basis": "edition",
    }
    return row | changes


OBSERVATIONS = [
    *(official(str(year), 50 + 10 * (year - 2010)) for year in (2010, 2011, 2012, 2014, 2015)),
    quoted(1, "2014", 95, said_by="A. Scholar", as_written="$95\nbillion", value_low=94.5e9, value_high=95.5e9),
    quoted(2, "2015", 62, bound="~", caveats="Below every publisher", value_low=61.5e9, value_high=62.5e9),
    quoted(3, "2015", 100, role="target"),
    quoted(4, "", 250, role="target", bound=">=", value_high=None, period_basis="none"),
    quoted(5, "2014", 9.5, is_hidden=True, disagrees_with="paper-2016-001"),
    quoted(6, "1990/1999", 6, value_low=5e9, value_high=7e9, bound="~", freq="W"),
    quoted(7, "2014", 95, duplicate_of="paper-2016-001"),
]
SOURCES = [
    {
        "source_id": "paper-2016", "kind": "document", "title": "Turning <East>", "author": "A. Scholar",
        "publisher": "Paper Club", "published": "2016-05", "published_basis": "printed_date", "source_class": "research",
        "url": "javascript:alert(1)", "licence": "Quotation", "published_note": "running head",
    },
    {
        "source_id": "customs", "kind": "statistics", "title": "Trade tables", "publisher": "Customs", "published": "2024",
        "published_basis": "edition", "source_class": "official", "url": "https://customs.example/t", "licence": "Open",
    },
]  # fmt: skip
CODELISTS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "CL_AREA": {"RUS": ("Russia", ""), "CHN": ("China", ""), "KAZ": ("Kazakhstan", "")},
    "CL_INDICATOR": {"TRADE_TOTAL": ("Goods trade turnover", "Exports plus imports of goods")},
    "CL_ROLE": {"actual": ("Actual", "What happened"), "target": ("Target", "An official goal")},
    "CL_MEASURE_TYPE": {"flow": ("Flow", "A quantity over a period")},
    "CL_SOURCE_CLASS": {"official": ("Official", "An office"), "research": ("Research", "An institute")},
    "CL_OBS_STATUS": {"A": ("Normal", "As published"), "Q": ("Quoted", "Quoted in a document")},
    "CL_COMMODITY": {"_T": ("All goods", "All")},
    "CL_BOUND": {"=": ("exact", "as stated"), "~": ("about", "about"), ">=": ("at least", "the number or more")},
}
DTYPES = {"text": "str", "number": "float64", "integer": "Int64", "flag": "bool", "date": "datetime64[us]"}


def typed(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return rows as the store types them."""
    table = SCHEMA[name]
    return pd.DataFrame(rows, columns=table.columns).astype({f.name: DTYPES[f.type] for f in table.fields})


def line() -> list[dict[str, Any]]:
    statistics = [row for row in OBSERVATIONS if row["provenance"] == "statistic"]
    common = {
        "line_id": "china",
        "title": "China reporting",
        "line_kind": "chain",
        "part": 1,
        "is_seam": False,
        "is_preferred": True,
    }
    return [
        row
        | common
        | {"observation_ids": row["observation_id"], "period_start": pd.Timestamp(int(row["time_period"]), 1, 1)}
        for row in statistics
    ]


def rivals() -> list[dict[str, Any]]:
    common = {
        "fact_id": "trade|2014",
        "unit_measure": "USD",
        "preferred_reason": "the reporter counts",
        "ref_area": "CHN",
    }
    return [
        common | {"observation_id": "customs.CHN.RUS.2014", "obs_value": 90e9, "source_id": "customs", "is_preferred": True,
                  "deviation": 0.0, "relation": "preferred"},
        common | {"observation_id": "paper-2016-001", "obs_value": 95e9, "source_id": "paper-2016", "is_preferred": False,
                  "deviation": 5.6, "relation": "differs"},
    ]  # fmt: skip


def codes() -> dict[str, pd.DataFrame]:
    return {
        name: pd.DataFrame(
            [
                {"codelist": name, "code": code, "name": word, "description": text}
                for code, (word, text) in entries.items()
            ],
            columns=CODES.columns,
        ).astype("str")
        for name, entries in CODELISTS.items()
    }


ROWS: Mapping[str, list[dict[str, Any]]] = {
    "observations": OBSERVATIONS,
    "sources": SOURCES,
    "series": line(),
    "competing": rivals(),
    "events": [{"event_id": "visit", "date": "2014-05-21", "title": "A contract is signed", "topic": "energy", "on_charts": True,
                "source_id": "paper-2016"}],
    "projects": [{"project_id": "PIPE", "name": "A pipeline", "kind": "gas pipeline", "status": "operating",
                  "status_as_of": "2020", "status_source": "paper-2016", "mentioned_in": "paper-2016"}],
    "commitments": [{"commitment_id": "hundred", "genealogy": "g", "title": "100 by 2015", "event": "issued", "grade": "A",
                     "status": "met late", "unit_measure": "USD", "indicator": "TRADE_TOTAL", "sources": "paper-2016"}],
}  # fmt: skip


LATEST = AsKnown()


def tables_of(as_known: AsKnown = LATEST, digest: str = "d1g357" * 10, **frames: pd.DataFrame) -> Tables:
    """Return the invented tables, some frames replaced."""
    names = [name for name in Tables.__dataclass_fields__ if name in SCHEMA and name != "codes"]
    built = {name: typed(name, ROWS.get(name, [])) for name in names}
    return Tables(**(built | frames), codes=codes(), digest=digest, as_known=as_known)


@pytest.fixture
def close_tables(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """What closes all tables for the rest of a test: whoever selects from one fails."""

    def refuse(_: pd.DataFrame, key: object) -> None:
        raise AssertionError(f"a table was read again for {key!r:.80}")

    return lambda: monkeypatch.setattr(pd.DataFrame, "__getitem__", refuse)


@pytest.fixture(scope="session")
def few() -> Tables:
    """Five official years with a gap, seven quotations, one event, one project, one commitment."""
    return tables_of()


@pytest.fixture(scope="session")
def make_tables() -> Callable[..., Tables]:
    """The factory of invented tables: `make_tables(observations=frame)` replaces a frame."""
    return tables_of


@pytest.fixture(scope="session")
def make_quoted() -> Callable[..., dict[str, Any]]:
    """The factory of one invented quotation: number, period, billions, changes."""
    return quoted
