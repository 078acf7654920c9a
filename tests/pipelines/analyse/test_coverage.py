from pathlib import Path

import pandas as pd

from pipelines.flow import load_tables
from pipelines.tables import AsKnown, Tables


def cell(tables: Tables, pair: str, reporter: str, indicator: str, year: int) -> pd.Series:
    rows = tables.coverage
    keep = (
        (rows["pair"] == pair)
        & (rows["ref_area"] == reporter)
        & (rows["indicator"] == indicator)
        & (rows["year"] == year)
    )
    (found,) = (row for _, row in rows[keep].iterrows())
    return found


def test_every_cell_that_is_not_official_gives_its_reason(tables: Tables) -> None:
    rows = tables.coverage
    assert rows.loc[rows["state"] != "official", "reason"].notna().all()
    assert rows.loc[rows["state"] == "official", "reason"].isna().all()


def test_russia_is_silent_on_its_partners_from_2022(tables: Tables) -> None:
    silent = cell(tables, "CHN-RUS", "RUS", "TRADE_TOTAL", 2023)
    assert silent["state"] == "none"
    assert "stopped publishing" in silent["reason"]
    assert cell(tables, "CHN-RUS", "RUS", "TRADE_TOTAL", 2021)["state"] == "official"


def test_an_estimate_is_no_report(tables: Tables) -> None:
    assert cell(tables, "CHN-RUS", "RUS", "EXP_FOB", 2024)["state"] == "estimate"


def test_a_product_group_does_not_cover_the_whole_flow(tables: Tables) -> None:
    assert cell(tables, "CHN-RUS", "CHN", "EXP_FOB", 2023)["state"] == "none"


def test_a_cell_filled_later_does_not_say_that_no_table_covers_it(tables: Tables, store: Path) -> None:
    then = load_tables(store, AsKnown("published", "2016"))
    assert cell(tables, "CHN-RUS", "CHN", "TRADE_TOTAL", 2012)["state"] == "official"
    silent = cell(then, "CHN-RUS", "CHN", "TRADE_TOTAL", 2012)
    assert (silent["state"], silent["reason"]) == (
        "none",
        "a table at hand covers this year, but came out later or on a day nobody told",
    )
    never = cell(then, "EU27-RUS", "RUS", "TRADE_TOTAL", 2012)
    assert never["reason"] == "no table at hand covers this year"


def test_the_world_reports_nothing_and_silence_on_partners_is_no_reason_for_its_totals(tables: Tables) -> None:
    world = tables.coverage[tables.coverage["pair"].str.endswith("-W00")]
    assert set(world["ref_area"]) == {"RUS", "KAZ", "CHN"}
    assert cell(tables, "RUS-W00", "RUS", "TRADE_TOTAL", 2021)["state"] == "official"
    assert not world["reason"].fillna("").str.contains("by partner").any()
