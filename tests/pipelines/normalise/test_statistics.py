import pandas as pd

from pipelines.tables import Tables


def of(tables: Tables, dataset: str) -> pd.DataFrame:
    rows = tables.observations
    return rows[(rows["source_id"] == dataset) & (rows["provenance"] == "statistic")]


def test_every_statistic_is_known_since_its_edition_or_a_stated_lag(tables: Tables) -> None:
    rows = tables.observations[tables.observations["provenance"] == "statistic"]
    assert rows["vintage"].notna().all()
    assert (rows["vintage"].str[:4].astype(int) >= rows["period_end"].dt.year).all()


def test_first_releases_come_a_month_after_their_year(tables: Tables) -> None:
    gazprom = of(tables, "gazprom").set_index("time_period")
    assert gazprom.at["2025", "vintage"] == "2026-01"
    assert set(gazprom["vintage_basis"]) == {"assumed_lag"}


def test_million_tonnes_become_tonnes_and_keep_what_was_read(tables: Tables) -> None:
    crude = of(tables, "ei_review")
    crude = crude[crude["indicator"] == "CRUDE_IMP"]
    assert set(crude["unit_as_read"]) == {"MT"}
    assert set(crude["unit_measure"]) == {"T"}
    assert (crude["obs_value"] == crude["value_as_read"] * 1e6).all()
