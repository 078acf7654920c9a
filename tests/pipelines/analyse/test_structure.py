import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.analyse.structure import REMAINDER, compose, structure_shift
from pipelines.errors import DataError
from pipelines.tables import Tables


def test_the_shift_from_1999_to_2013_counts_the_remainder(tables: Tables) -> None:
    def shares(year: str) -> dict[str, float]:
        rows = tables.structure[tables.structure["composition_id"] == f"EXP_GROUP_SHARE.RUS.CHN.{year}.valdai-2016-47"]
        return dict(zip(rows["commodity"], rows["share"], strict=True))

    before, after = shares("1999"), shares("2013")
    assert before == {"METALS_MACHINERY": 39, "FUELS": 6, REMAINDER: 55}
    assert after == {"FUELS": 74, "METALS_MACHINERY": 4, REMAINDER: 22}
    assert structure_shift(before, after) == pytest.approx(68)


def test_every_composition_adds_to_a_hundred(tables: Tables) -> None:
    totals = tables.structure.groupby("composition_id")["share"].sum()
    assert len(totals) > 10
    assert totals.between(99.4, 100.6).all()


def test_overlapping_parts_are_no_composition() -> None:
    rows = pd.DataFrame(
        {
            "observation_id": ["a", "b"],
            "indicator": "EXP_GROUP_SHARE",
            "ref_area": "RUS",
            "counterpart_area": "CHN",
            "freq": "A",
            "time_period": "2020",
            "source_id": "press",
            "commodity": ["FUELS", "CRUDE_OIL"],
            "obs_value": [74.0, 60.0],
            "bound": "=",
            "measure_type": "share",
            "is_plottable": True,
            "is_hidden": False,
        }
    )
    assert compose(rows, {}).empty


@given(st.lists(st.integers(0, 100), min_size=2, max_size=6), st.lists(st.integers(0, 100), min_size=2, max_size=6))
def test_shift_lies_between_nothing_and_all(first: list[int], second: list[int]) -> None:
    def whole(numbers: list[int]) -> dict[str, float]:
        total = sum(numbers) or 1
        parts = {str(i): 100 * n / total for i, n in enumerate(numbers)}
        return parts if sum(numbers) else {"0": 100.0}

    a, b = whole(first), whole(second)
    assert -1e-9 <= structure_shift(a, b) <= 100 + 1e-9
    assert structure_shift(a, b) == pytest.approx(structure_shift(b, a))
    assert structure_shift(a, a) == 0


def test_shift_refuses_parts_without_their_remainder() -> None:
    with pytest.raises(DataError, match="remainder"):
        structure_shift({"a": 45}, {"a": 100})
