from collections.abc import Callable
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from components import labels, theme
from components.charts import base
from components.shelves import HeldRow
from pipelines.errors import DataError
from pipelines.tables import Tables

BILLIONS = labels.Scale(1e9, "US$ bn")


@pytest.fixture
def official(few: Tables) -> pd.DataFrame:
    return few.series


@pytest.fixture
def quotes(few: Tables) -> pd.DataFrame:
    return base.plottable(few.observations).query("provenance == 'quoted'")


def test_a_line_breaks_where_a_year_is_missing(official: pd.DataFrame) -> None:
    trace = base.line_trace(official, name="China", colour="#d9522b", scale=BILLIONS)
    assert trace["mode"] == "lines+markers"
    assert trace["x"] == ["2010-07-02", "2011-07-02", "2012-07-02", None, "2014-07-02", "2015-07-02"]
    assert trace["y"] == [50, 60, 70, None, 90, 100]
    assert trace["customdata"][3] is None and trace["customdata"][4] == "customs.CHN.RUS.2014"
    assert trace["connectgaps"] is False


def test_missing_months_are_gaps_too(official: pd.DataFrame) -> None:
    monthly = official.head(3).assign(time_period=["2020-11", "2021-02", "2020-12"], freq="M")
    assert base.line_trace(monthly, name="m", colour="#d9522b")["x"] == ["2020-11-16", "2020-12-16", None, "2021-02-15"]


def test_one_observation_is_no_line(official: pd.DataFrame) -> None:
    assert base.line_trace(official.head(1), name="one", colour="#d9522b")["mode"] == "markers"


@pytest.mark.parametrize("column", ["ref_area", "unit_measure", "indicator", "measure_type", "freq", "line_id"])
def test_a_line_never_joins_what_cannot_be_compared(official: pd.DataFrame, column: str) -> None:
    mixed = official.assign(**{column: [*official[column].iloc[:-1], "OTHER"]})
    with pytest.raises(DataError, match=f"cannot be one line.*{column}.*OTHER"):
        base.line_trace(mixed, name="mixed", colour="#d9522b")


def test_a_line_has_one_value_a_period(official: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="two values for 2010"):
        base.line_trace(pd.concat([official, official.head(1)]), name="twice", colour="#d9522b")


def test_nothing_undated_hidden_or_repeated_is_plottable(few: Tables) -> None:
    drawn = set(base.plottable(few.observations)["observation_id"])
    assert drawn & {"paper-2016-004", "paper-2016-005", "paper-2016-007"} == set()
    assert "paper-2016-005" in set(base.plottable(few.observations, hidden=True)["observation_id"])
    with pytest.raises(DataError, match="no place on a time axis"):
        base.position("")


def test_marks_differ_by_role_and_carry_their_observation(quotes: pd.DataFrame) -> None:
    trace = base.point_trace(quotes, name="quoted", colour="#2b7bba", scale=BILLIONS)
    by_id = dict(zip(trace["customdata"], trace["marker"]["symbol"], strict=True))
    assert by_id["paper-2016-001"] == "circle-open"
    assert by_id["paper-2016-003"] == "diamond"
    assert "lines" not in trace["mode"]


def test_an_interval_becomes_a_bar_and_an_open_end_a_caret(make_quoted: Callable[..., dict[str, Any]]) -> None:
    rows = pd.DataFrame(
        [
            make_quoted(1, "2014", 95, value_low=94e9, value_high=97e9),
            make_quoted(2, "2014", 94, bound=">=", value_high=None),
            make_quoted(3, "2015", 800, bound="<=", value_low=None),
            make_quoted(4, "2016", 5),
        ]
    )
    trace = base.point_trace(rows, name="q", colour="#2b7bba", scale=BILLIONS)
    assert trace["error_y"]["array"] == [2, None, None, None]
    assert trace["error_y"]["arrayminus"] == [1, None, None, None]
    assert trace["text"] == ["", "▲", "▼", ""]


def test_hover_says_value_period_speaker_date_role_and_class(few: Tables) -> None:
    row = few.observations[few.observations["observation_id"] == "paper-2016-001"]
    (text,) = base.hover_texts(row, labels.words(few.codes))
    for words in (
        "US$95",
        "2014",
        "Goods trade of China with Russia",
        "A. Scholar",
        "Paper Club",
        "2016-05",
        "Actual",
        "Research",
        "quoted",
    ):
        assert words in text


def test_hover_escapes_what_sources_say(make_quoted: Callable[..., dict[str, Any]]) -> None:
    (text,) = base.hover_texts(pd.DataFrame([make_quoted(1, "2014", 1, measures="<img src=x>", bound="<")]))
    assert "<img" not in text and "&lt;img" in text


def test_a_derived_mark_names_its_inputs() -> None:
    rows = pd.DataFrame(
        {"observation_id": ["", "", "a"], "observation_ids": ["x ; y", "", ""], "label": "gap", "time_period": "2014"}
    )
    assert base.keys(rows) == ["x ; y", "=gap@2014", "a"]


def test_a_quoted_range_is_a_field_with_one_mark_and_no_line(few: Tables) -> None:
    row = few.observations[few.observations["time_period"] == "1990/1999"].iloc[0].to_dict()
    field, mark = base.band_traces(row, name="1990s", colour="#d9522b", scale=BILLIONS)
    assert field["x"][0] == "1990-01-01" and field["x"][1] == "1999-12-31"
    assert sorted(set(field["y"])) == [5, 7]
    assert mark["x"] == ["1995-01-01"] and mark["customdata"] == ["paper-2016-006"]


def test_parts_join_and_the_figure_is_valid(few: Tables, official: pd.DataFrame, quotes: pd.DataFrame) -> None:
    figure = base.figure(
        [
            base.line_trace(official, name="China", colour="#d9522b", scale=BILLIONS),
            base.target_trace(quotes[quotes["role"] == "target"], name="target", scale=BILLIONS, texts=["100 by 2015"]),
            base.bar_trace(
                official, x=list("abcde"), name="bars", marker=theme.bar_marker("#2b7bba", "plan"), horizontal=True
            ),
        ],
        {"xaxis": base.time_axis(), "yaxis": base.value_axis("Trade", "US$ bn", log=True)},
        parts=[
            base.stop_label("2015", 100, "publication ceased <2016>"),
            base.seam("2014", "IMF", "Customs"),
            base.event_rules(few.events),
        ],
    )
    assert [trace["name"] for trace in figure["data"]] == ["event", "China", "target", "bars"]
    texts = [note["text"] for note in figure["layout"]["annotations"]]
    assert texts == ["publication ceased &lt;2016&gt;", "IMF ◂", "▸ Customs"]
    assert len(figure["layout"]["shapes"]) == 2
    assert figure["layout"]["yaxis"]["title"]["text"] == "Trade, US$ bn"
    for mode in ("light", "dark"):
        go.Figure(figure).update_layout(template=theme.template(mode))


def test_an_empty_figure_says_why() -> None:
    figure = base.empty_figure("No pair of reports")
    assert figure["data"] == [] and "No pair of reports" in figure["layout"]["annotations"][0]["text"]
    go.Figure(figure)


def test_mappings_are_drawn_like_the_frame_they_come_from(
    few: Tables, official: pd.DataFrame, quotes: pd.DataFrame
) -> None:
    plain = official.to_dict("records")
    assert base.line_trace(plain, name="c", colour="#d9522b") == base.line_trace(official, name="c", colour="#d9522b")
    said = quotes.to_dict("records")
    names = labels.words(few.codes)
    assert base.point_trace(said, name="q", colour="#d9522b", words=names) == base.point_trace(
        quotes, name="q", colour="#d9522b", words=names
    )
    assert base.keys(said) == base.keys(quotes)


def test_held_rows_are_drawn_alike_and_only_once(
    few: Tables, official: pd.DataFrame, quotes: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = [HeldRow(row) for row in official.to_dict("records")]
    said = [HeldRow(row) for row in quotes.to_dict("records")]
    asked: list[str] = []
    shown = base.position
    monkeypatch.setattr(base, "position", lambda period: asked.append(period) or shown(period))
    for _ in range(2):
        line = base.line_trace(held, name="c", colour="#d9522b", scale=BILLIONS)
        points = base.point_trace(said, name="q", colour="#d9522b")
    assert len(asked) == len(held) + len(said)
    assert line == base.line_trace(official, name="c", colour="#d9522b", scale=BILLIONS)
    assert points == base.point_trace(quotes, name="q", colour="#d9522b")
    points["name"] = "changed by whoever asked"
    assert base.point_trace(said, name="q", colour="#d9522b")["name"] == "q"
