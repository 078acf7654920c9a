import pandas as pd
import pytest

from components.shelves import HeldRow, by_ids, codes_in, frame_of, inputs, matching, plain, remembered, shelf


@pytest.fixture
def table():
    return pd.DataFrame(
        {
            "observation_id": ["a", "b", "c"],
            "indicator": ["GAS", "GAS", "OIL"],
            "ref_area": ["CHN", None, "CHN"],
            "obs_value": [1.0, 2.0, 3.0],
            "is_hidden": [False, True, False],
        }
    )


def test_a_table_is_shelved_once_without_string_arrays(table):
    assert shelf(table) is shelf(table)
    assert shelf(table.copy()) is not shelf(table)
    rows = shelf(table).rows
    assert rows.dtypes.astype(str).tolist() == ["object", "object", "object", "float64", "bool"]


def test_rows_match_every_column(table):
    assert matching(table, indicator="GAS")["observation_id"].tolist() == ["a", "b"]
    assert matching(table, indicator="GAS", ref_area="CHN")["observation_id"].tolist() == ["a"]
    assert matching(table, ref_area="")["observation_id"].tolist() == ["b"]
    assert matching(table, indicator="COAL").empty


def test_the_table_itself_stays_as_it_was(table):
    before = table.copy()
    found = matching(table, indicator="GAS")
    found["obs_value"] = 0.0
    pd.testing.assert_frame_equal(table, before)
    assert matching(table, indicator="GAS")["obs_value"].tolist() == [1.0, 2.0]


def test_observations_come_in_the_order_asked_and_unknown_ones_are_empty(table):
    assert by_ids(table, ["c", "a"])["obs_value"].tolist() == [3.0, 1.0]
    assert by_ids(table, ["c", "x"])["obs_value"].isna().tolist() == [False, True]


def test_what_was_found_is_found_once_until_a_table_beside_it_changes(table):
    beside, calls = pd.DataFrame({"x": [1]}), []

    def find():
        calls.append(1)
        return matching(table, indicator="GAS")

    for _ in range(3):
        found = remembered(table, (beside,), ("gas",), find)
        found["obs_value"] = 0.0
    assert calls == [1]
    assert remembered(table, (beside,), ("gas",), find)["obs_value"].tolist() == [1.0, 2.0]
    remembered(table, (beside.copy(),), ("gas",), find)
    assert calls == [1, 1]


def test_plain_keeps_numbers_flags_and_days():
    rows = pd.DataFrame(
        {"n": pd.array([1, None], dtype="Int64"), "day": pd.to_datetime(["2020-01-01"] * 2), "t": ["a", "b"]}
    )
    assert plain(rows).dtypes.astype(str).tolist()[0::2] == ["object", "object"]
    assert plain(rows)["day"].dtype == rows["day"].dtype


def test_codes_stand_once_in_the_order_of_the_rows_and_a_missing_column_has_none():
    rows = [{"role": "target"}, {"role": "actual"}, {"role": None}, {"role": "target"}]
    assert codes_in(rows, "role") == ("target", "actual")
    assert codes_in([*rows, {}], "role") == ("target", "actual")
    assert codes_in(rows, "source_class") == ()


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ({"observation_id": "a", "observation_ids": "b ; c"}, ("a",)),
        ({"observation_id": "", "observation_ids": "b ; c"}, ("b", "c")),
        ({"observation_id": None, "observation_ids": float("nan")}, ()),
    ],
)
def test_a_row_names_itself_or_what_it_is_computed_from(row, named):
    assert inputs(row) == HeldRow(row).inputs == named


def test_a_frame_of_rows_has_numbers_days_and_nothing_that_is_there_to_be_drawn_alone():
    rows = [{"obs_value": 1, "start": "2015-01-01", "_head": "words"}, {"obs_value": None, "start": "", "_head": ""}]
    frame = frame_of(rows)
    assert frame.columns.tolist() == ["obs_value", "start"]
    assert (frame["obs_value"].dtype, frame["start"].tolist()) == (float, ["2015-01-01", ""])
