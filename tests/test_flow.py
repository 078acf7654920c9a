"""The whole way from datasets to tables, its states of knowledge, and what it refuses."""

import shutil
from pathlib import Path

import pytest

from pipelines import flow
from pipelines.errors import DataError
from pipelines.schema import STORED
from pipelines.tables import AsKnown, Tables


def test_every_figure_and_statistic_becomes_one_observation(tables: Tables) -> None:
    kinds = tables.sources.set_index("source_id")["kind"]
    of_documents = tables.observations["source_id"].map(kinds) == "document"
    assert of_documents.sum() == 135
    assert (tables.observations["provenance"] == "statistic").sum() == 1070
    assert tables.observations["figure_id"].str.startswith("press-").sum() == 287
    assert tables.observations["figure_id"].str.startswith("supp-").sum() == 353


def test_forty_six_figures_of_the_documents_say_they_have_no_date(tables: Tables) -> None:
    kinds = tables.sources.set_index("source_id")["kind"]
    figures = tables.observations[tables.observations["source_id"].map(kinds) == "document"]
    undated = figures[figures["time_period"].isna()]
    assert len(undated) == 46
    assert (undated["freq"] == "N").all()
    assert (undated["period_basis"] == "none").all()


def test_a_series_never_mixes_units_or_measure_types(tables: Tables) -> None:
    mixed = tables.observations.groupby("series_id")[["unit_measure", "measure_type", "role", "indicator"]].nunique()
    assert (mixed == 1).all().all()


def test_the_value_lies_within_the_interval_its_wording_allows(tables: Tables) -> None:
    rows = tables.observations
    low, high = rows["value_low"].fillna(float("-inf")), rows["value_high"].fillna(float("inf"))
    assert ((low <= rows["obs_value"]) & (rows["obs_value"] <= high)).all()


@pytest.mark.parametrize("mode", ["published", "cut"])
@pytest.mark.parametrize("date", ["1980", "1991", "2005", "2016-08", "2026-11-21"])
def test_every_state_of_knowledge_can_be_shown(store: Path, tables: Tables, mode: str, date: str) -> None:
    then = flow.load_tables(store, AsKnown(mode, date))
    assert set(then.observations["observation_id"]) <= set(tables.observations["observation_id"])
    for step in flow.ANALYSES:
        frame = getattr(then, step.writes.removeprefix("out_"))
        assert list(frame.columns) == STORED[step.writes].columns
    ids = then.series["observation_ids"].str.split(" ; ").explode().dropna()
    assert ids.isin(set(then.observations["observation_id"])).all()


def test_strict_knowledge_of_2016_has_the_quoted_trade_and_no_official_edition(store: Path) -> None:
    then = flow.load_tables(store, AsKnown("published", "2016"))
    assert "valdai-2016-47-007" in set(then.observations["observation_id"])
    assert not (then.observations["edition"] == "DOTS, data to 2020").any()


def test_cut_knowledge_of_2016_ends_its_lines_there(store: Path) -> None:
    then = flow.load_tables(store, AsKnown("cut", "2016"))
    assert then.series["time_period"].str[:4].astype(int).max() == 2016
    assert then.attainment.set_index("commitment_id").at["pair-02-trade-200-2020", "verdict"] == "open"


@pytest.fixture
def copied(tmp_path: Path, datasets: Path) -> Path:
    folder = tmp_path / "datasets"
    shutil.copytree(datasets, folder, ignore=shutil.ignore_patterns("store"))
    return folder


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_unchanged_inputs_are_not_rebuilt_and_changed_ones_are(copied: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    first, built = flow.build(copied, store)
    assert built
    again, built_again = flow.build(copied, store)
    assert not built_again
    assert again == first
    change(copied / "statistics" / "gazprom.csv", "38.8", "38.9")
    third, rebuilt = flow.build(copied, store)
    assert rebuilt
    assert third["digest"] != first["digest"]


def test_the_committed_lock_is_what_the_datasets_give(store: Path, datasets: Path) -> None:
    from pipelines.store import lock_text, read_pointer

    assert (datasets / "store.lock").read_text(encoding="utf-8") == lock_text(read_pointer(store)), (
        "run `bilateral build` and commit store.lock"
    )


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            "figures/valdai-2016-47.csv",
            ",TRADE_TOTAL,",
            ",TRADE_TOTALS,",
            r"CL_INDICATOR has no code for 'TRADE_TOTALS' \(did you mean 'TRADE_TOTAL'\?\)",
        ),
        ("figures/valdai-2016-47.csv", "valdai-2016-47-002,", "valdai-2016-47-001,", "stands twice"),
        ("figures/valdai-2016-47.csv", "$95 billion", "multi-billion dollar", "valdai-2016-47-007"),
        ("figures/press.csv", "press-001,", "press-002,", "stands twice"),
        ("statistics/gacc.csv", ",53680000000,", ",53.68bn,", "value_as_read '53.68bn' is no number"),
        ("statistics/gacc.csv", ",first release,", ",second release,", "editions.csv"),
        ("projects.csv", "project_id,", "project,", "missing .'project_id'."),
    ],
)
def test_wrong_data_is_refused_with_place_and_remedy_and_the_store_stays(
    copied: Path, tmp_path: Path, name: str, old: str, new: str, message: str
) -> None:
    store = tmp_path / "store"
    good, _ = flow.build(copied, store)
    change(copied / name, old, new)
    with pytest.raises(DataError, match=message):
        flow.build(copied, store)
    assert flow.read_pointer(store) == good
    assert len(flow.load_tables(store).observations) > 1800


def test_a_missing_dataset_is_named(copied: Path) -> None:
    (copied / "commitments.csv").unlink()
    with pytest.raises(DataError, match=r"commitments\.csv is missing"):
        flow.build_frames(copied)


def test_an_unknown_project_names_the_nearest(copied: Path) -> None:
    change(copied / "figures" / "valdai-2016-47.csv", ",POWER_OF_SIBERIA,", ",POWER_OF_SIBERIAN,")
    with pytest.raises(DataError, match=r"project_id 'POWER_OF_SIBERIAN' has no row.*did you mean 'POWER_OF_SIBERIA'"):
        flow.read_datasets(copied)


def test_competing_values_of_2015_show_the_odd_one(tables: Tables) -> None:
    rows = tables.competing[tables.competing["fact_id"].str.startswith("GOODS.CHN-RUS|_T|_Z|actual|flow|A|2015|USD")]
    by_id = rows.set_index("observation_id")
    assert by_id["is_preferred"].sum() == 1
    preferred = by_id.index[by_id["is_preferred"]][0]
    assert by_id.at[preferred, "ref_area"] == "CHN"
    assert by_id.at[preferred, "obs_value"] == pytest.approx(67.95e9, rel=1e-3)
    assert (by_id["obs_value"] / 63.55e9 - 1).abs().min() < 1e-3, "the Russia-reported value competes as well"
    assert by_id.at["valdai-2016-47-013", "deviation"] == pytest.approx(-8.76, abs=0.05)
