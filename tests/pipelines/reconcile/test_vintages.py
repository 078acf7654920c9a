import pandas as pd
import pytest

from pipelines.errors import DataError
from pipelines.reconcile.vintages import known, known_rows


@pytest.fixture
def observations() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "observation_id": ["printed", "bare-year", "unknown", "later-edition", "target", "late-target"],
            "vintage": ["2016-05-12", "2016", None, "2021", "2011-06", "2019"],
            "role": ["actual", "actual", "actual", "actual", "target", "target"],
            "period_end": pd.to_datetime(
                ["2015-12-31", "2015-12-31", "2014-12-31", "2015-12-31", "2020-12-31", "2024-12-31"]
            ),
        }
    )


def ids(frame: pd.DataFrame) -> list[str]:
    return frame["observation_id"].tolist()


def test_strict_mode_knows_only_what_was_out(observations: pd.DataFrame) -> None:
    assert ids(known(observations, "published", "2016-06-30")) == ["printed", "target"]


def test_a_bare_year_counts_from_its_last_day(observations: pd.DataFrame) -> None:
    assert "bare-year" not in ids(known(observations, "published", "2016-12-30"))
    assert "bare-year" in ids(known(observations, "published", "2016"))


def test_cut_mode_keeps_latest_values_of_ended_years_and_promises_made_by_then(observations: pd.DataFrame) -> None:
    assert ids(known(observations, "cut", "2015")) == ["printed", "bare-year", "unknown", "later-edition", "target"]


def test_latest_is_everything(observations: pd.DataFrame) -> None:
    assert known(observations, "latest", "") is observations


def test_more_time_never_loses_an_observation(observations: pd.DataFrame) -> None:
    for mode in ("published", "cut"):
        years = [set(ids(known(observations, mode, str(year)))) for year in range(2009, 2026)]
        assert all(before <= after for before, after in zip(years, years[1:], strict=False))


@pytest.mark.parametrize(
    ("mode", "date", "word"),
    [("strict", "2016", "mode"), ("published", "yesterday", "as_of"), ("cut", "2016-13", "as_of")],
)
def test_refuses_an_unknown_mode_or_date(observations: pd.DataFrame, mode: str, date: str, word: str) -> None:
    with pytest.raises(DataError, match=word):
        known(observations, mode, date)


def test_undated_promises_leave_every_past_state() -> None:
    rows = pd.DataFrame({"said_on": ["2011-06", None]})
    assert len(known_rows(rows, "said_on", "published", "2016")) == 1
    assert len(known_rows(rows, "said_on", "latest", "")) == 2
