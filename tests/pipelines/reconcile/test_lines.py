import pandas as pd
import pytest

from pipelines.errors import DataError
from pipelines.reconcile.lines import draw_lines
from pipelines.schema import CHAINS
from pipelines.tables import Tables

CHINA = "CHN_RUS_TRADE_CHINA_REPORTED.TRADE_TOTAL"


def test_a_line_has_one_reporter_one_valuation_and_one_unit(tables: Tables) -> None:
    kinds = tables.series.groupby("line_id")[
        ["ref_area", "counterpart_area", "indicator", "unit_measure", "freq"]
    ].nunique(dropna=False)
    assert (kinds == 1).all().all()


def test_only_chains_cross_editions_and_data_sets(tables: Tables) -> None:
    single = tables.series[tables.series["line_kind"] == "dataset"]
    assert (single.groupby("line_id")[["source_id", "edition"]].nunique() == 1).all().all()


def test_the_china_reported_chain_names_its_seam(tables: Tables) -> None:
    chain = tables.series[tables.series["line_id"] == CHINA]
    assert chain["time_period"].tolist() == [str(year) for year in range(1992, 2026)]
    seams = chain[chain["is_seam"]]
    assert seams["time_period"].tolist() == ["2021"]
    assert seams["seam_note"].notna().all()
    assert chain.set_index("time_period").at["2014", "obs_value"] == pytest.approx(95.24e9, rel=1e-3)
    assert chain.set_index("time_period").at["2015", "growth"] == pytest.approx(-28.7, abs=0.1)


def test_turnover_is_exports_plus_imports_where_it_was_not_printed(tables: Tables) -> None:
    official = tables.observations.set_index("observation_id")["obs_value"]
    chain = tables.series[(tables.series["line_id"] == CHINA) & tables.series["formula"].notna()]
    assert len(chain) == 29
    for value, ids in zip(chain["obs_value"], chain["observation_ids"], strict=True):
        assert value == pytest.approx(sum(official[part] for part in ids.split(" ; ")))


def test_every_input_of_a_line_exists(tables: Tables) -> None:
    ids = tables.series["observation_ids"].str.split(" ; ").explode()
    assert ids.isin(set(tables.observations["observation_id"])).all()


def test_one_line_is_preferred_for_each_quantity(tables: Tables) -> None:
    preferred = tables.series[tables.series["is_preferred"]].drop_duplicates("line_id")
    key = ["ref_area", "counterpart_area", "indicator", "commodity", "project_id", "freq"]
    assert not preferred.duplicated(key).any()
    assert preferred["preferred_reason"].notna().all()


def test_years_are_summed_only_from_twelve_months(tables: Tables) -> None:
    summed = tables.series[tables.series["formula"] == "sum of twelve months"]
    total = summed[summed["indicator"] == "TRADE_TOTAL"].set_index("time_period")
    assert total.index.tolist() == [str(year) for year in range(2006, 2022)]
    months = tables.series[(tables.series["freq"] == "M") & (tables.series["indicator"] == "TRADE_TOTAL")]
    assert total.at["2021", "obs_value"] == pytest.approx(
        months.loc[months["time_period"].str.startswith("2021"), "obs_value"].sum()
    )


@pytest.fixture
def observations() -> pd.DataFrame:
    def edition(name: str, values: dict[str, float]) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "observation_id": [f"{name}-{year}" for year in values],
                "obs_value": list(values.values()),
                "time_period": list(values),
                "period_start": pd.to_datetime(list(values), format="%Y"),
                "edition": name,
                "vintage": name,
            }
        )

    rows = pd.concat(
        [edition("2020", {"2018": 10.0, "2019": 20.0}), edition("2021", {"2019": 22.0, "2020": 30.0})],
        ignore_index=True,
    )
    return rows.assign(
        provenance="statistic",
        source_id="bns",
        publisher="Bureau",
        ref_area="KAZ",
        counterpart_area="CHN",
        indicator="EXP_FOB",
        commodity="_T",
        project_id=None,
        measure_type="flow",
        freq="A",
        unit_measure="USD",
        obs_status="A",
    )


def chains(overlap: float | None, second_from: str = "2020") -> pd.DataFrame:
    common = {
        "chain_id": "KAZ_CHN",
        "title": "chain",
        "dataset_id": "bns",
        "ref_area": "KAZ",
        "counterpart_area": "CHN",
        "indicator": "EXP_FOB",
        "commodity": "_T",
        "reason": "same makers.",
    }
    parts = [
        common | {"part": 1, "edition": "2020", "period_from": "2018", "period_to": "2019"},
        common
        | {
            "part": 2,
            "edition": "2021",
            "period_from": second_from,
            "period_to": "2020",
            "overlap_period": "2019",
            "overlap_difference": overlap,
        },
    ]
    return pd.DataFrame(parts).reindex(columns=CHAINS.columns)


def test_a_chain_joins_its_parts_and_states_the_difference(observations: pd.DataFrame) -> None:
    lines = draw_lines(observations, chains(0.1))
    chain = lines[lines["line_kind"] == "chain"]
    assert chain["obs_value"].tolist() == [10.0, 20.0, 30.0]
    assert chain["is_seam"].tolist() == [False, False, True]
    assert "this part lies 10.0\xa0% above the one before." in chain["seam_note"].iloc[2]


def test_a_wrong_difference_is_refused(observations: pd.DataFrame) -> None:
    with pytest.raises(DataError, match=r"states 0\.05 at 2019, the values give 0\.1000"):
        draw_lines(observations, chains(0.05))


def test_overlapping_parts_are_refused(observations: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="overlap in 2019"):
        draw_lines(observations, chains(0.1, second_from="2019"))


def test_growth_never_jumps_a_missing_year(observations: pd.DataFrame) -> None:
    gapped = observations[observations["time_period"] != "2019"].assign(edition="2020")
    lines = draw_lines(gapped, chains(None).iloc[:1].assign(period_to="2020"))
    assert lines["growth"].isna().all()
