import io

import pandas as pd
import pytest

from pipelines.errors import DataError
from pipelines.query import csv_bytes, select_observations
from pipelines.tables import Tables


def test_no_text_cell_starts_a_formula() -> None:
    rows = pd.DataFrame({"text": ["=1+1", "@cmd", "-28%", "plain", "="], "value": [1.0, -2.0, 3.0, 4.0, 5.0]})
    read = pd.read_csv(io.BytesIO(csv_bytes(rows)), dtype=str)
    assert read["text"].tolist() == ["'=1+1", "'@cmd", "'-28%", "plain", "="]
    assert read["value"].tolist() == ["1.0", "-2.0", "3.0", "4.0", "5.0"]


def test_hidden_rows_come_only_on_demand(tables: Tables) -> None:
    shown = select_observations(tables.observations, {})
    everything = select_observations(tables.observations, {}, hidden=True)
    assert len(everything) - len(shown) == int(tables.observations["is_hidden"].sum()) == 30


def test_choices_narrow_together(tables: Tables) -> None:
    rows = select_observations(
        tables.observations, {"indicator": "EXP_FOB", "ref_area": "KAZ", "counterpart_area": "RUS"}
    )
    assert set(rows["indicator"]) == {"EXP_FOB"}
    assert set(rows["ref_area"]) == {"KAZ"}
    with pytest.raises(DataError, match="no observation has counterpart_area 'MMR'"):
        select_observations(tables.observations, {"indicator": "EXP_FOB", "counterpart_area": "MMR"})
