"""What must hold for every chart of the two pages, whatever its selection."""

import re
from pathlib import Path

import plotly.graph_objects as go
import pytest

from components import story
from components.charts.base import PROMISED, keys
from components.pages import energy, kazakhstan
from pipelines.flow import load_tables
from pipelines.tables import AsKnown

VIEWS = {view.view_id: view for page in (energy.PAGE, kazakhstan.PAGE) for view in page.views}


def every_selection(view):
    yield {}
    for parameter in view.parameters:
        for value in ("on",) if parameter.kind == "flag" else [choice.value for choice in parameter.choices]:
            if value != parameter.default:
                yield {parameter.name: value}


SELECTIONS = [(name, selection) for name, view in VIEWS.items() for selection in every_selection(view)]
CASES = pytest.mark.parametrize(("view_id", "selection"), SELECTIONS, ids=str)
STATES = [
    AsKnown("published", "2016"),
    AsKnown("published", "2019"),
    AsKnown("published", "2024"),
    AsKnown("cut", "1995"),
    AsKnown("cut", "2017"),
    AsKnown("cut", "2019"),
]


@pytest.fixture(scope="module")
def drawn(tables):
    return {(name, str(selection)): VIEWS[name].exhibit(tables, selection) for name, selection in SELECTIONS}


@pytest.fixture
def exhibit(drawn, view_id, selection):
    return drawn[view_id, str(selection)]


def marks(exhibit):
    """Yield each trace with its points: key, x, y and the rows of the frame they stand for."""
    rows = {}
    for key, row in zip(keys(exhibit.frame), exhibit.frame.to_dict("records"), strict=True):
        rows.setdefault(key, []).append(row)
    for trace in exhibit.figure["data"]:
        yield trace, [(key, rows[key]) for key in trace.get("customdata", []) if key is not None]


def axis_of(exhibit, trace):
    name = trace.get("xaxis", "x")
    return exhibit.figure["layout"].get("xaxis" + name.removeprefix("x"), {})


@CASES
def test_every_choice_draws_a_valid_figure_or_says_why_not(exhibit):
    go.Figure(exhibit.figure)
    assert bool(exhibit.empty) == exhibit.frame.empty == (exhibit.figure["data"] == [])
    assert bool(exhibit.summary) != bool(exhibit.empty)


@CASES
def test_the_frame_is_exactly_what_is_drawn(exhibit):
    shown = {key for _, points in marks(exhibit) for key, _ in points}
    assert shown == set(keys(exhibit.frame))


@CASES
def test_every_mark_leads_to_known_observations(tables, exhibit):
    known = set(tables.observations["observation_id"])
    for key in keys(exhibit.frame):
        assert key.startswith("=") or set(key.split(" ; ")) <= known
    assert set(exhibit.source_ids) <= set(tables.sources["source_id"])
    assert bool(exhibit.source_ids) == (not exhibit.empty)


@CASES
def test_every_mark_says_what_it_is_on_hover(exhibit):
    for trace, points in marks(exhibit):
        told = trace.get("hovertext") or trace.get("text", [])
        assert len([text for text in told if text]) >= len(points) > 0


@CASES
def test_lines_join_comparable_points_of_one_line_only(exhibit):
    for trace, points in marks(exhibit):
        if "lines" not in trace.get("mode", ""):
            continue
        assert len(points) >= 2
        rows = [row for _, found in points for row in found]
        assert len({row["line_id"] for row in rows}) == 1
        assert len({(row["ref_area"], row["indicator"], row["unit_measure"]) for row in rows}) == 1
        assert {row["role"] for row in rows} == {"actual"}
        years = [int(str(x)[:4]) if x else None for x in trace["x"]]
        assert all(b - a == 1 for a, b in zip(years, years[1:], strict=False) if a and b)


@CASES
def test_nothing_undated_stands_on_a_time_axis(exhibit):
    for trace, points in marks(exhibit):
        if axis_of(exhibit, trace).get("type") == "date":
            assert all(isinstance(row["time_period"], str) for _, found in points for row in found)


@CASES
def test_promises_and_computed_guesses_never_look_like_actuals(exhibit):
    for trace, points in marks(exhibit):
        roles = [{row.get("role") for row in found} for _, found in points]
        marker = trace.get("marker", {})
        if not any(role & set(PROMISED) for role in roles) or ("symbol" not in marker and trace["type"] != "bar"):
            continue
        if trace["type"] == "bar":
            assert re.fullmatch(r"rgba\(.*,0(\.2)?\)", marker["color"]), trace["name"]
        else:
            symbols = marker["symbol"] if isinstance(marker["symbol"], list) else [marker["symbol"]] * len(points)
            promised = [(s, role) for s, role in zip(symbols, roles, strict=True) if role & set(PROMISED)]
            assert all("open" in s or (s, role) == ("diamond", {"target"}) for s, role in promised)


@CASES
def test_hidden_and_repeated_figures_are_not_drawn(tables, exhibit, view_id, selection):
    if view_id == "kazakhstan-projects":
        pytest.skip("marks are entries of the register that lead to figures, not figures")
    rows = tables.observations.set_index("observation_id")
    used = {part for key in keys(exhibit.frame) if not key.startswith("=") for part in key.split(" ; ")}
    if selection.get("otherwise") != "on":
        assert not rows.loc[sorted(used), "is_hidden"].any()
    assert rows.loc[sorted(used), "duplicate_of"].isna().all()
    assert rows.loc[sorted(used), "is_plottable"].all()
    single = exhibit.frame["observation_id"].dropna()
    assert single[single != ""].is_unique


@CASES
def test_official_marks_are_filled_and_quoted_ones_open(exhibit):
    for trace, points in marks(exhibit):
        symbols = trace.get("marker", {}).get("symbol")
        if trace["type"] != "scatter" or not isinstance(symbols, list):
            continue
        for symbol, (_, found) in zip(symbols, points, strict=True):
            for row in found:
                is_open = row["provenance"] != "statistic" and row["role"] != "target"
                assert ("open" in symbol) == is_open, trace["name"]


@CASES
def test_words_do_not_carry_raw_floats(exhibit):
    assert not re.search(r"\d\.\d{4,}|nan|None", exhibit.summary + " ".join(exhibit.caveats))


@pytest.mark.parametrize("view_id", VIEWS)
def test_nothing_known_is_said(empty_tables, view_id):
    for selection in every_selection(VIEWS[view_id]):
        exhibit = VIEWS[view_id].exhibit(empty_tables, selection)
        assert exhibit.empty
        assert exhibit.figure["data"] == []


@pytest.mark.parametrize("known", STATES, ids=str)
def test_every_state_of_knowledge_draws_or_says_why_not(store, known):
    tables = load_tables(store, known)
    observed = set(tables.observations["observation_id"])
    for name, selection in SELECTIONS:
        exhibit = VIEWS[name].exhibit(tables, selection)
        go.Figure(exhibit.figure)
        assert bool(exhibit.empty) == exhibit.frame.empty
        assert bool(exhibit.summary) != bool(exhibit.empty)
        used = {part for key in keys(exhibit.frame) if not key.startswith("=") for part in key.split(" ; ")}
        assert used <= observed


@pytest.mark.parametrize("picture", [story.gas_to_china, story.kazakh_partners, story.eu_exports, story.chinese_money])
def test_the_pictures_of_the_story_draw_and_say_when_they_cannot(tables, empty_tables, picture):
    drawn = picture(tables)
    go.Figure(drawn.figure)
    assert drawn.summary
    assert {key for _, points in marks(drawn) for key, _ in points} == set(keys(drawn.frame))
    assert picture(empty_tables).empty


def test_presets_show_every_view_once():
    for page in (energy.PAGE, kazakhstan.PAGE):
        names = [view.view_id for view in page.views]
        parameter = page.parameters[0]
        assert list(page.visible({parameter.name: "all"})) == names
        parts = [
            name for c in parameter.choices if c.value != "all" for name in page.visible({parameter.name: c.value})
        ]
        assert sorted(parts) == sorted(names)


def test_pages_export_nothing_else():
    for page in (energy, kazakhstan):
        own = {name for name, entry in vars(page).items() if getattr(entry, "__module__", None) == page.__name__}
        assert {name for name in own if not name.startswith("_")} <= {"PAGE"}
        source = Path(page.__file__).read_text(encoding="utf-8")
        assert not re.search(r"^(from|import) (dash|plotly)", source, re.MULTILINE)
