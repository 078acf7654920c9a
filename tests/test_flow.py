"""The whole way from datasets to tables, its states of knowledge, and what it refuses."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from pipelines import flow
from pipelines.codelists import read_codelists
from pipelines.errors import DataError
from pipelines.schema import STORED
from pipelines.tables import AsKnown, Tables

ROOT = Path(__file__).resolve().parents[1]


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


@pytest.mark.parametrize("mode", ["published", "cut"])
def test_no_promise_tells_what_came_of_it_later(store: Path, mode: str) -> None:
    then = flow.load_tables(store, AsKnown(mode, "2014"))
    promises = then.commitments.set_index("commitment_id")
    assert {"pair-01-trade-100-2015", "pair-19-sco-bank-10"} <= set(promises.index)
    assert (promises["said_on"] <= "2014-12-31").all()
    assert promises["note"].isna().all()
    assert promises.at["pair-01-trade-100-2015", "status"] != "met late"
    assert promises.at["pair-19-sco-bank-10", "status"] == "no outcome stated", "that it was dropped was told in 2016"


def test_nothing_states_a_rate_of_what_cannot_be_compared(tables: Tables) -> None:
    apart = tables.commitments[tables.commitments["grade"] == "C"]
    rated = tables.attainment[tables.attainment["commitment_id"].isin(apart["commitment_id"])]
    assert len(rated) == len(apart) >= 10
    assert rated[["gap", "attainment", "attainment_bound", "required_cagr"]].isna().all(axis=None)
    told = 0
    for ends in apart[["target_figure_ids", "actual_figure_ids"]].fillna("").itertuples(index=False):
        target, actual = (set(cell.split(";")) for cell in ends)
        for finding in tables.findings.itertuples():
            named = set(finding.observation_ids.split(" ; "))
            if named & target and named & actual:
                told += 1
                assert "%" not in f"{finding.title} {finding.arithmetic}", finding.finding_id
    assert told >= 5


def test_a_promise_is_dropped_once_a_document_said_so(store: Path) -> None:
    then = flow.load_tables(store, AsKnown("published", "2016-06")).commitments.set_index("commitment_id")
    assert then.at["pair-19-sco-bank-10", "status"] == "dropped"


@pytest.fixture
def last(tmp_path: Path, store: Path) -> Path:
    """A store of its own, as the last good build left it."""
    return Path(shutil.copytree(store, tmp_path / "store"))


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
        ("projects.csv", "project_id,", "project,", r"datasets/projects\.csv line 1: .*missing project_id"),
    ],
)
def test_wrong_data_is_refused_with_place_and_remedy_and_the_store_stays(
    copied: Path, last: Path, name: str, old: str, new: str, message: str
) -> None:
    good = flow.read_pointer(last)
    change(copied / name, old, new)
    with pytest.raises(DataError, match=message):
        flow.build(copied, last)
    assert flow.read_pointer(last) == good
    assert len(flow.load_tables(last).observations) > 1800


def test_a_missing_dataset_is_named(copied: Path) -> None:
    (copied / "commitments.csv").unlink()
    with pytest.raises(DataError, match=r"commitments\.csv is missing"):
        flow.build_frames(copied)


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "datasets" / "codelists").glob("*.csv")))
def test_a_missing_code_list_is_named(copied: Path, name: str) -> None:
    (copied / "codelists" / f"{name}.csv").unlink()
    with pytest.raises(DataError, match=rf"datasets/codelists/{name}\.csv is missing\. Restore it"):
        flow.read_datasets(copied)


@pytest.mark.parametrize(
    ("file", "source"),
    [("figures/asan-2020-kazakhstan.csv", "asan-2020-kazakhstan"), ("statistics/gazprom.csv", "gazprom")],
)
def test_a_source_whose_rows_are_gone_is_named(copied: Path, file: str, source: str) -> None:
    (copied / file).unlink()
    with pytest.raises(DataError, match=rf"sources\.csv names {source}, but datasets/.* has no row of it\. Restore"):
        flow.read_datasets(copied)


CHAIN = "CHN_RUS_TRADE_CHINA_REPORTED"
FIRST = "valdai-2016-47-007"


def with_cells(path: Path, key: dict[str, str], cells: dict[str, str]) -> None:
    """Change some cells of the one row of a CSV that has the key."""
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    row = (rows[list(key)] == list(key.values())).all(axis=1)
    assert row.sum() == 1
    rows.loc[row, list(cells)] = list(cells.values())
    rows.to_csv(path, index=False, lineterminator="\n")


@pytest.mark.parametrize(
    ("file", "key", "cells", "message"),
    [
        ("commitments", "pair-01-trade-100-2015", {"target_figure_ids": "valdai-2016-47-099"}, "row pair-01-.*no row"),
        ("commitments", "pair-01-trade-100-2015", {"actual_chain_id": "CHN_RUS"}, r"no row in datasets/chains\.csv"),
        ("commitments", "pair-01-trade-100-2015", {"sources": "nobody"}, r"no row in datasets/sources\.csv"),
        ("commitments", "pair-01-trade-100-2015", {"said_on": "June 2011"}, "line 4: said_on 'June 2011' is no date"),
        ("commitments", "pair-01-trade-100-2015", {"deadline": "end of 2015"}, "is no year: write 2020"),
        ("commitments", "pair-02-trade-200-2020", {"caveat": ""}, "caveat is empty though grade is 'B'"),
        ("commitments", "promise-trade-250-xi", {"status": "missed"}, "deadline is empty though status is 'missed'"),
        ("projects", "AIIB", {"kind": "banks"}, r"kind 'banks' is not one of .*did you mean 'bank'"),
        ("projects", "AIIB", {"figure_ids": "valdai-1"}, r"row AIIB: figure_ids 'valdai-1' has no row"),
        ("projects", "KHORGOS", {"start_lat": "444.21"}, "start_lat '444.21' lies above 90"),
        ("projects", "KHORGOS", {"start_lon": ""}, "start_lon is empty though start_lat is '44.21'"),
        ("events", "1858-treaty-of-aigun", {"date": "1858-13"}, "date '1858-13' is no date"),
        ("corrections", "rally-route", {"action": "read as"}, "read_as is empty though action is 'read as'"),
        ("corrections", "rally-route", {"figure_id": "none-1"}, "row rally-route: figure_id 'none-1' has no row"),
        ("sources", "valdai-2016-47", {"url": "javascript:1"}, "is no http or https address"),
        ("sources", "valdai-2016-47", {"file_name": "../x.txt"}, "is no file name"),
        ("editions", "eia", {"published": "soon"}, "published 'soon' is no date"),
        ("figures/valdai-2016-47", FIRST, {"figure_id": "other-007"}, "does not begin with 'valdai-2016-47'"),
        ("figures/valdai-2016-47", FIRST, {"char_end": "9"}, "char_end '9' lies before char_start"),
        ("figures/valdai-2016-47", FIRST, {"time_period": "0000"}, "line 8: time_period '0000' is no period"),
        ("figures/valdai-2016-47", FIRST, {"duplicate_of": "x"}, "duplicate_of 'x' has no row"),
        ("figures/press", "press-001", {"value_as_read": "1e500"}, "value_as_read '1e500' is no number"),
        ("figures/press", "press-001", {"is_hidden": "true"}, "disagrees_with is empty though is_hidden is 'true'"),
        ("figures/press", "press-001", {"provenance": "derived"}, "formula is empty though provenance is 'derived'"),
        ("codelists/CL_UNIT", "MILE", {"factor": "many"}, "factor 'many' is no number"),
        ("codelists/CL_INDICATOR", "TRADE_TOTAL", {"base_unit": "USDD"}, "CL_UNIT has no code for 'USDD'"),
    ],
)
def test_a_wrong_cell_is_named_before_anything_is_computed(
    copied: Path, file: str, key: str, cells: dict[str, str], message: str
) -> None:
    path = copied / f"{file}.csv"
    with_cells(path, {pd.read_csv(path, nrows=0).columns[0]: key}, cells)
    with pytest.raises(DataError, match=message):
        flow.read_datasets(copied)


@pytest.mark.parametrize(
    ("part", "cells", "message"),
    [
        ("2", {"ref_area": "RUS"}, "has two of ref_area: CHN and RUS. A chain has one"),
        ("2", {"part": "3"}, "its parts are not numbered 1 to 2"),
        ("2", {"period_from": "2019"}, "its parts do not follow each other in time"),
        ("2", {"overlap_difference": ""}, "overlap_difference is empty though overlap_period is '2020'"),
        (
            "2",
            {"overlap_period": "", "overlap_difference": ""},
            "has a value of 2020, as the part before. State overlap",
        ),
        ("2", {"overlap_difference": "0.0106"}, "states 0.0106 at 2020, the values give 0.0006"),
        ("1", {"formula": "EXP_FOB - IMP_CIF"}, r"formula 'EXP_FOB - IMP_CIF' is not one of EXP_FOB \+ IMP_CIF"),
    ],
)
def test_a_chain_that_may_not_be_drawn_is_refused(copied: Path, part: str, cells: dict[str, str], message: str) -> None:
    key = {"chain_id": CHAIN, "indicator": "TRADE_TOTAL", "part": part}
    with_cells(copied / "chains.csv", key, cells)
    with pytest.raises(DataError, match=message):
        flow.build_frames(copied)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            {"unit_as_read": "BCM"},
            r"gacc\.CHN\.RUS\.TRADE_TOTAL.*2014@.* is in BCM, but TRADE_TOTAL is measured in USD",
        ),
        ({"unit_as_read": "EUR"}, r"the line gacc\.CHN\.RUS\.TRADE_TOTAL.* would mix USD and EUR"),
        ({"time_period": "2014-01"}, "freq 'A' does not fit time_period '2014-01'. Write M"),
    ],
)
def test_a_value_in_a_strange_unit_or_frequency_is_refused(copied: Path, cells: dict[str, str], message: str) -> None:
    key = {"dataset_id": "gacc", "indicator": "TRADE_TOTAL", "ref_area": "CHN", "time_period": "2014"}
    with_cells(copied / "statistics" / "gacc.csv", key, cells)
    with pytest.raises(DataError, match=message):
        flow.build_frames(copied)


def test_no_press_figure_at_all_is_no_reason_to_fail(copied: Path) -> None:
    frames = flow.read_datasets(copied)
    lists = read_codelists(copied / "codelists")
    assert len(flow.observe(frames | {"press": frames["press"].iloc[:0]}, lists)) == 135 + 1070


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


def test_what_came_out_later_is_in_no_table_of_an_earlier_state(store: Path) -> None:
    latest, then = (flow.load_tables(store, state) for state in (AsKnown(), AsKnown("published", "2016-08")))
    assert 0 < len(then.projects) < len(latest.projects) and then.projects["status_as_of"].max() <= "2016-08"
    assert set(then.sources["source_id"]) < set(latest.sources["source_id"])
    assert set(then.observations["source_id"]) <= set(then.sources["source_id"])
    assert set(then.corrections["source_id"]) <= set(then.sources["source_id"])
    assert set(then.events["source_id"]) <= set(then.sources["source_id"])
    assert "asan-2020-kazakhstan" not in set(then.sources["source_id"])
    assert not then.projects["mentioned_in"].str.contains("asan-2020-kazakhstan").any()
    known = set(then.observations["observation_id"])
    assert {part for ids in then.projects["figure_ids"].dropna() for part in ids.split(";")} <= known


def test_unlike_things_have_indicators_of_their_own(tables: Tables) -> None:
    rows = tables.observations
    usual = rows["indicator"].map(tables.codes["CL_INDICATOR"]["measure_type"])
    assert rows.loc[(usual == "stock") & (rows["measure_type"] == "cumulative"), "observation_id"].tolist() == []
    counted = rows[rows["indicator"].isin(["ZONE_COUNT", "SECTOR_COUNT", "INVESTOR_LOCATION_COUNT"])]
    nouns = counted.groupby("indicator")["counted"].unique().map(list).to_dict()
    assert nouns == {
        "ZONE_COUNT": ["special economic zone"],
        "SECTOR_COUNT": ["priority area"],
        "INVESTOR_LOCATION_COUNT": ["location"],
    }
