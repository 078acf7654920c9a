"""Two reports of one flow: who may stand against whom."""

from pathlib import Path

import pytest

from pipelines import flow
from pipelines.tables import AsKnown, Tables


def totals(tables: Tables, basis: str) -> dict[str, tuple[float, float]]:
    rows = tables.mirror[
        (tables.mirror["flow"] == "CHN-RUS total") & (tables.mirror["freq"] == "A") & (tables.mirror["basis"] == basis)
    ]
    return {str(row["time_period"]): (float(row["value_a"]), float(row["value_b"])) for row in rows.to_dict("records")}


def test_the_last_year_both_offices_reported_is_a_pair_though_another_edition_holds_it(tables: Tables) -> None:
    official = totals(tables, "official")
    assert list(official) == [str(year) for year in range(1992, 2022)], "Russian customs reported to the end of 2021"
    assert official["2021"][1] == pytest.approx(141.6e9, rel=0.001)
    assert official["2020"][1] == pytest.approx(104.5e9, rel=0.001), "the preferred edition where it has the year"


def test_what_a_document_quotes_is_nobodys_report(store: Path) -> None:
    then = flow.load_tables(store, AsKnown("published", "2016"))
    assert (then.observations["observation_id"] == "valdai-2016-47-013").any()
    assert totals(then, "press") == {}
    assert not then.mirror["observation_ids_b"].str.contains("valdai").any()
