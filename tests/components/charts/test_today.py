import pandas as pd
import plotly.graph_objects as go

from components.charts import today


def item(name, place, kind="new", **cells):
    blank = {
        "observation_id": name, "label": name, "bin": place, "kind": kind, "role": "actual", "source_class": "press",
        "provenance": "quoted", "known_since": place, "time_period": "2024", "obs_value": 11.0, "unit_measure": "USD",
        "bound": "=", "figures": 1, "before_id": "", "before_value": float("nan"), "publisher": "A", "formula": "",
    }  # fmt: skip
    return blank | cells


def frame(*items):
    columns = list(item("", ""))
    return pd.DataFrame(list(items), columns=columns)


def marks(figure):
    return [trace for trace in figure["data"] if trace.get("customdata")]


def test_series_stack_where_they_became_known():
    news = frame(item("a", "2025-01"), item("b", "2025-01"), item("c", "2025-02"), item("d", "2025-01", "revised"))
    figure = today.news_chart(news, frame(), by_month=True)
    go.Figure(figure)
    new, revised = marks(figure)
    assert (new["x"], new["y"]) == (["2025-01-16", "2025-01-16", "2025-02-15"], [1, 2, 1])
    assert (revised["name"], revised["y"], revised["customdata"]) == ("revised", [3], ["d"])
    legend = [trace["name"] for trace in figure["data"] if trace.get("x") == [None]]
    assert legend == ["new", "revised"]


def test_a_promise_stands_above_the_figures_of_its_time():
    promise = item("", "2025-01", "met late", label="200 bn", time_period="2023", formula="it came", role="target")
    figure = today.news_chart(frame(item("a", "2025-01")), frame(promise, promise | {"bin": "2024-01"}), by_month=True)
    go.Figure(figure)
    (outcomes,) = [trace for trace in marks(figure) if trace["name"].startswith("a promise")]
    assert outcomes["y"][0] > 1
    assert outcomes["customdata"] == ["=200 bn@2023", "=200 bn@2023"]
    assert set(outcomes["marker"]["symbol"]) == {"diamond-cross"}


def test_promises_alone_are_drawn_too():
    promise = item("", "2025", "met", label="x", role="target")
    figure = today.news_chart(frame(), frame(promise), by_month=False)
    assert [trace["y"] for trace in marks(figure)] == [[1.0]]


def test_hover_tells_old_and_new():
    rows = frame(item("a", "2025-01", "revised", before_id="z", before_value=10.0, figures=3))
    (text,) = today.news_chart(rows, frame(), by_month=True)["data"][0]["hovertext"]
    for part in (
        "<b>revised</b>",
        "US$11",
        "before: US$10",
        "and 2 earlier figures",
        "press source",
        "known since Jan 2025",
    ):
        assert part in text


def source(name, end, release="", old=False):
    return {
        "observation_id": f"o-{name}", "label": name, "period_end": end, "release": release[:4], "release_at": release,
        "is_old": old, "time_period": end[:4], "obs_value": 5.0, "unit_measure": "COUNT", "age": "3 months",
        "source_class": "official",
    }  # fmt: skip


def test_a_source_has_two_dates_and_old_ones_another_shape():
    rows = pd.DataFrame([source("a", "2025-12-31", "2026-07-02"), source("b", "2020-12-31", "2021-07-02", old=True)])
    figure = today.freshness_chart(rows, "2026-10-31")
    go.Figure(figure)
    fresh, old, released = marks(figure)
    assert (fresh["x"], old["x"], released["x"]) == (["2025-12-31"], ["2020-12-31"], ["2026-07-02", "2021-07-02"])
    assert fresh["marker"]["symbol"] != old["marker"]["symbol"]
    assert figure["layout"]["shapes"][0]["x0"] == "2026-10-31"


def test_dates_of_a_few_years_have_their_months_named():
    near = today.freshness_chart(pd.DataFrame([source("a", "2025-12-31", "2026-07-02")]), "2026-10-31")
    far = today.freshness_chart(pd.DataFrame([source("a", "2020-12-31", "2021-07-02")]), "2026-10-31")
    assert [figure["layout"]["xaxis"]["tickformat"] for figure in (near, far)] == ["%b\n%Y", "%Y"]


def test_an_unknown_release_has_no_mark():
    figure = today.freshness_chart(pd.DataFrame([source("a", "2025-12-31")]), "2026-10-31")
    (fresh, released) = [trace for trace in figure["data"] if trace["mode"] == "markers"]
    assert (fresh["customdata"], released["x"]) == (["o-a"], [])
    assert "on a day nobody told" in fresh["hovertext"][0]


def cell(row, year, state, reason="", held=0):
    return {
        "observation_id": "", "row": row, "label": row, "year": year, "time_period": str(year), "state": state,
        "reason": reason, "obs_value": float(held), "unit_measure": "COUNT",
    }  # fmt: skip


def test_an_empty_cell_says_why():
    cells = pd.DataFrame(
        [
            cell("a", 2020, "official", held=2),
            cell("a", 2021, "none", "publication stopped"),
            cell("b", 2020, "press", "only as printed", 1),
            cell("b", 2021, "estimate", "from the partner", 1),
        ]
    )
    figure = today.coverage_chart(cells)
    go.Figure(figure)
    heat = figure["data"][0]
    assert (heat["x"], heat["y"]) == ([2020, 2021], ["a", "b"])
    steps = list(today.STATES)
    assert [[steps[z] for z in row] for row in heat["z"]] == [["official", "none"], ["press", "estimate"]]
    assert "publication stopped" in heat["hovertext"][0][1]
    assert "nothing at hand" in heat["hovertext"][0][1]
    assert "2 figures" in heat["hovertext"][0][0]
    assert heat["customdata"][0][1] == "=a@2021"
    assert [trace["name"] for trace in figure["data"][1:]] == steps


def test_the_years_of_coverage_have_room_on_a_telephone():
    cells = pd.DataFrame([cell("a", year, "official") for year in range(1992, 2026)])
    layout = today.coverage_chart(cells)["layout"]
    assert layout["xaxis"]["tickvals"][:2] == [1995, 2000]
    assert layout["meta"]["narrow"]["xaxis"]["tickvals"] == [2000, 2010, 2020]
    few = today.coverage_chart(pd.DataFrame([cell("a", 2021, "official"), cell("a", 2022, "official")]))["layout"]
    assert few["meta"]["narrow"]["xaxis"]["tickvals"] == [2021, 2022]


def test_every_step_of_coverage_has_its_own_colour_in_the_scale():
    heat = today.coverage_chart(pd.DataFrame([cell("a", 2020, "none")]))["data"][0]
    stops = heat["colorscale"]
    assert [stops[0][0], stops[-1][0]] == [0, 1]
    assert list(dict.fromkeys(colour for _, colour in stops)) == list(today.STATES.values())
