import datetime as dt

import pandas as pd
import pytest

from pipelines.analyse import age

YEAR = dt.date(2024, 12, 31)
MONTH = dt.date(2026, 4, 30)


@pytest.mark.parametrize(
    ("freq", "end", "day", "old"),
    [
        ("A", YEAR, dt.date(2026, 1, 31), False),
        ("A", YEAR, dt.date(2026, 2, 1), True),
        ("P", YEAR, dt.date(2026, 2, 1), True),
        ("M", MONTH, dt.date(2026, 7, 14), False),
        ("M", MONTH, dt.date(2026, 7, 15), True),
        ("YTD", MONTH, dt.date(2026, 7, 15), True),
    ],
)
def test_limits_of_a_headline(freq, end, day, old):
    assert age.is_old(freq, end, day) is old


def figure(name, source, period, end, vintage, **cells):
    blank = {"observation_id": name, "source_id": source, "freq": "A", "time_period": period, "vintage": vintage}
    return blank | {"period_end": pd.Timestamp(end) if end else pd.NaT, "role": "actual", "is_hidden": False} | cells


SOURCES = pd.DataFrame(
    [
        {"source_id": name, "kind": "press", "title": name, "publisher": name, "source_class": "press"}
        for name in ("a", "b")
    ]
)


def test_the_newest_period_of_a_source_and_its_release():
    rows = pd.DataFrame(
        [
            figure("old", "a", "2022", "2022-12-31", "2026-05"),
            figure("new", "a", "2024", "2024-12-31", "2025-01"),
            figure("promise", "a", "2030", "2030-12-31", "2025-01", role="target"),
            figure("slip", "a", "2025", "2025-12-31", "2025-01", is_hidden=True),
            figure("b", "b", "2025-06", "2025-06-30", None, freq="M"),
            figure("undated", "b", None, None, "2025"),
        ]
    )
    fresh = age.freshness(rows, SOURCES, dt.date(2025, 9, 1)).set_index("source_id")
    assert fresh.index.tolist() == ["b", "a"]
    assert fresh.loc["a", ["observation_id", "release", "figures"]].tolist() == ["new", "2025-01", 2]
    assert fresh.loc["a", "age_days"] == 244
    assert fresh["is_old"].to_dict() == {"a": False, "b": False}
    assert pd.isna(fresh.loc["b", "release"])


def test_the_newest_day_is_a_release_or_a_period():
    rows = pd.DataFrame(
        [figure("a", "a", "2024", "2024-12-31", "2025-03-06"), figure("b", "a", "2023", "2023-12-31", "2025")]
    )
    assert age.newest_day(rows) == dt.date(2025, 3, 6)
    later = pd.DataFrame([figure("a", "a", "2025", "2025-12-31", "2025-03-06")])
    assert age.newest_day(later) == dt.date(2025, 12, 31)
    promised = later.assign(role="target")
    assert age.newest_day(promised) == dt.date(2025, 3, 6)
    assert age.newest_day(rows.iloc[:0]) is None


def test_every_source_with_a_dated_figure_is_listed_once(tables):
    day = age.newest_day(tables.observations)
    fresh = age.freshness(tables.observations, tables.sources, day)
    assert fresh["source_id"].is_unique
    assert (fresh["age_days"] >= 0).all()
    assert set(tables.sources.loc[tables.sources["kind"] == "statistics", "source_id"]) <= set(fresh["source_id"])
