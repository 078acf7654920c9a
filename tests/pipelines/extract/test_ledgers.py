"""The ledgers of the five documents, read through the grammar and compared with what is expected."""

import hashlib
import json
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from pipelines.codelists import read_codelists
from pipelines.errors import DataError
from pipelines.extract.ledger import read_quantities, read_quantity
from pipelines.registers import read_register
from pipelines.schema import LEDGER

EXPECTED = Path(__file__).parents[2] / "data" / "expected_figures.csv"
DOCUMENTS = ("rpta-2024-eaeu", "diplomat-2016-obor", "rpta-2024-bri", "valdai-2016-47", "asan-2020-kazakhstan")
BOUNDS = {
    "exact": "=", "about": "~", "nearly": "<~", "approached": "<~", "more_than": ">", "at_least": ">=", "up_to": "<=", "at_most": "<=",
}  # fmt: skip
UNITS = {
    "USD/yr": "USD", "bcm": "BCM", "bcm/yr": "BCM_YR", "tonne": "T", "other:rank": "RANK", "other:service/month": "PER_MONTH",
}  # fmt: skip


@pytest.fixture(scope="module")
def ledger(datasets: Path) -> pd.DataFrame:
    lists = read_codelists(datasets / "codelists")
    frames = [read_register(datasets / "figures" / f"{name}.csv", LEDGER, lists) for name in DOCUMENTS]
    return pd.concat(frames, ignore_index=True)


@pytest.fixture(scope="module")
def expected() -> pd.DataFrame:
    return pd.read_csv(EXPECTED, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def seeds(shared: Path) -> list[dict[str, object]]:
    lines = (shared / "figures" / "seed_figures.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line, parse_float=Decimal, parse_int=Decimal) for line in lines]


def decimals(cells: pd.Series) -> list[Decimal | None]:
    return [Decimal(cell) if cell else None for cell in cells]


def test_every_figure_is_read_as_expected(ledger: pd.DataFrame, expected: pd.DataFrame) -> None:
    read = [read_quantity(row) for row in ledger.to_dict("records")]
    assert list(ledger["figure_id"]) == list(expected["figure_id"])
    assert [quantity.value for quantity in read] == decimals(expected["value"])
    assert [quantity.low for quantity in read] == decimals(expected["value_low"])
    assert [quantity.high for quantity in read] == decimals(expected["value_high"])
    assert [quantity.sign for quantity in read] == [int(sign) for sign in expected["sign"]]
    assert [quantity.unit for quantity in read] == list(expected["unit"])
    assert [quantity.bound for quantity in read] == list(expected["bound"])
    assert len(read) == 135


def test_expectations_are_those_of_the_reading_notes(expected: pd.DataFrame, seeds: list[dict[str, object]]) -> None:
    assert list(expected["figure_id"]) == [seed["figure_id"] for seed in seeds]
    assert decimals(expected["value"]) == [seed["value"] for seed in seeds]
    assert decimals(expected["value_low"]) == [seed["value_low"] for seed in seeds]
    assert decimals(expected["value_high"]) == [seed["value_high"] for seed in seeds]
    assert [int(sign) for sign in expected["sign"]] == [seed["sign"] for seed in seeds]
    assert list(expected["bound"]) == [BOUNDS[str(seed["qualifier"])] for seed in seeds]
    units = [str(seed["unit"]) for seed in seeds]
    assert list(expected["unit"]) == [
        UNITS.get(unit, "COUNT" if unit.startswith("count:") else unit.upper()) for unit in units
    ]


def test_places_periods_and_flags_are_those_of_the_reading_notes(
    ledger: pd.DataFrame, seeds: list[dict[str, object]]
) -> None:
    assert list(ledger["as_written"]) == [seed["as_written"] for seed in seeds]
    assert list(ledger["char_start"]) == [seed["start"] for seed in seeds]
    assert list(ledger["char_end"]) == [seed["end"] for seed in seeds]
    assert list(ledger["is_core"]) == [seed["core"] for seed in seeds]
    periods = [str(seed["period"] or "").removeprefix("target:") for seed in seeds]
    assert list(ledger["time_period"].fillna("")) == periods


def test_undated_figures_say_so(ledger: pd.DataFrame) -> None:
    undated = ledger["time_period"].isna()
    assert undated.sum() == 46
    assert (ledger.loc[undated, "period_basis"] == "none").all()
    assert ledger.loc[~undated, "period_basis"].isin(["stated", "derived"]).all()


def test_derived_periods_give_their_reason(ledger: pd.DataFrame) -> None:
    derived = ledger[ledger["period_basis"] == "derived"]
    assert len(derived) > 20
    assert derived["caveats"].notna().all()


def test_context_comes_with_a_reason_and_is_needed(ledger: pd.DataFrame) -> None:
    needed = 0
    for name in ("unit", "per", "bound", "sign"):
        given = ledger[f"{name}_from_context"].notna()
        assert (given == ledger[f"{name}_reason"].notna()).all()
        for row in ledger[given].to_dict("records"):
            assert differs_without(row, f"{name}_from_context"), f"{row['figure_id']}: the words alone decide {name}"
            needed += 1
    assert needed == 11


def differs_without(row: dict[str, object], column: str) -> bool:
    try:
        return read_quantity(row | {column: None}) != read_quantity(row)
    except DataError:
        return True


def test_duplicates_point_at_the_same_fact(ledger: pd.DataFrame) -> None:
    rows = ledger.set_index("figure_id")
    pairs = rows["duplicate_of"].dropna()
    assert len(pairs) == 4
    for second, first in pairs.items():
        assert rows.loc[first, "indicator"] == rows.loc[second, "indicator"]
        assert rows.loc[first, "project_id"] == rows.loc[second, "project_id"] or pd.isna(rows.loc[first, "project_id"])
        assert pd.isna(rows.loc[first, "duplicate_of"])


def test_counts_name_what_they_count(ledger: pd.DataFrame) -> None:
    quantities = read_quantities(ledger).set_index("figure_id")
    counts = quantities[quantities["unit"] == "COUNT"]
    assert counts["counted"].notna().all()


def test_all_unreadable_figures_are_named_at_once(ledger: pd.DataFrame) -> None:
    broken = ledger.assign(as_written=ledger["as_written"].where(ledger.index > 1, "several"))
    with pytest.raises(DataError) as refusal:
        read_quantities(broken)
    assert [line.split(":")[0] for line in str(refusal.value).splitlines()] == list(ledger["figure_id"][:2])


def test_no_sentence_of_a_document_is_copied(datasets: Path, ledger: pd.DataFrame, shared: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted((shared / "seeds").glob("*.txt"))]
    runs = {run for text in texts for run in runs_of_nine(text)}
    own = ledger[["measures", "caveats"]].fillna("").agg(" ".join, axis=1)
    sources = (datasets / "sources.csv").read_text(encoding="utf-8")
    assert not [run for text in [*own, sources] for run in runs_of_nine(text) if run in runs]


def runs_of_nine(text: str) -> list[str]:
    words = [word.strip(".,;:!?()[]“”‘’\"'").lower() for word in text.split()]
    return [" ".join(words[place : place + 9]) for place in range(len(words) - 8)]


def test_documents_are_described(datasets: Path, shared: Path) -> None:
    sources = pd.read_csv(datasets / "sources.csv", dtype=str, keep_default_na=False)
    documents = sources[sources["kind"] == "document"].set_index("source_id")
    assert set(documents.index) == set(DOCUMENTS)
    for name in DOCUMENTS:
        content = (shared / "seeds" / documents.loc[name, "file_name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == documents.loc[name, "sha256"]
