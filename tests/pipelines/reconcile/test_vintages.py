import pandas as pd
import pytest

from pipelines.errors import DataError
from pipelines.reconcile.vintages import known, known_projects, known_rows, known_sources


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


PROJECTS = pd.DataFrame(
    {
        "project_id": ["early", "later-status", "later-mention"],
        "status_as_of": ["2014", "2024-05", "2015"],
        "mentioned_in": ["paper;essay", "paper;essay", "essay"],
        "figure_ids": ["f1;f2", None, "f2"],
    }
)
SOURCES = pd.DataFrame({"source_id": ["paper", "essay", "office"], "published": ["2016-05", "2024", None]})


@pytest.mark.parametrize(
    ("mode", "date", "entries"),
    [
        ("latest", "", ["early", "later-status", "later-mention"]),
        ("cut", "2016", ["early", "later-mention"]),
        ("published", "2016-08", ["early"]),
        ("published", "2013", []),
    ],
)
def test_an_entry_of_the_register_exists_once_its_status_and_a_mention_are_out(
    mode: str, date: str, entries: list[str]
) -> None:
    found = known_projects(PROJECTS, SOURCES, ["f1"], mode, date).set_index("project_id")
    assert list(found.index) == entries
    if "early" in entries and mode != "latest":
        assert found.loc["early", "figure_ids"] == "f1", "of its figures only those known"
    if mode == "published" and entries:
        assert found.loc["early", "mentioned_in"] == "paper", "of its sources only those out"


def test_a_source_exists_once_it_is_out_or_named_by_what_is_known() -> None:
    assert known_sources(SOURCES, {"office"}, "published", "2016-08")["source_id"].tolist() == ["paper", "office"]
    assert known_sources(SOURCES, (), "latest", "") is SOURCES
