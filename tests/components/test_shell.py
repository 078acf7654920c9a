import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pandas as pd
import pyarrow.parquet as pq
import pytest
from flask.testing import FlaskClient

from components import answers, labels, theme
from components.charts import base
from components.desk import Desk
from components.pages import figures, findings, sources
from components.shell import create_app, draw_all
from components.site import PAGES as OURS
from components.views import Choice, Exhibit, Page, Parameter, Selection, View
from pipelines.errors import DataError
from pipelines.schema import STORED
from pipelines.tables import AsKnown, Tables

AXIS = Parameter("axis", "Axis", "linear", choices=(Choice("linear", "Linear"), Choice("log", "Log")))
SHOW = Parameter("show", "Show", "one", choices=(Choice("one", "One"), Choice("both", "Both")))


def trade(tables: Tables, selection: Selection) -> Exhibit:
    trace = base.line_trace(
        tables.series, name="China", colour=theme.area_colour("CHN"), scale=labels.Scale(1e9, "US$ bn")
    )
    frame = tables.series.assign(label="=China")
    return Exhibit(
        "Trade",
        base.figure([trace], {"yaxis": {"type": selection["axis"]}}),
        frame,
        "It grew.",
        source_ids=("customs",),
    )


def fail(tables: Tables, selection: Selection) -> Exhibit:
    raise ZeroDivisionError


def other(tables: Tables, selection: Selection) -> Exhibit:
    return Exhibit("Other", {"data": [], "layout": {}}, tables.series.head(0), "", empty="Nothing known.")


VIEWS = (View("trade", "Trade", "?", trade, (AXIS,)), View("other", "Other", "?", other))
PAGES = (
    Page(
        "/",
        "Today",
        "Intro.",
        VIEWS,
        (SHOW,),
        shown=lambda chosen: ("trade",) if chosen["show"] == "one" else ("trade", "other"),
    ),
    Page("/broken", "Broken", "", (), extra={"above": fail}),
    figures.PAGE,
    findings.PAGE,
    sources.PAGE,
)


@pytest.fixture(scope="module")
def client(make_tables: Callable[..., Tables]) -> FlaskClient:
    app = create_app(Desk(make_tables, PAGES))
    return app.server.test_client()


def ask(
    client: FlaskClient,
    output: str,
    inputs: dict[str, Any],
    state: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> Any:
    """Ask a callback by its outputs, as the browser does."""

    def listed(values: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            {"id": key.split(".")[0], "property": key.split(".")[1], "value": entry} for key, entry in values.items()
        ]

    outputs = [{"id": part.split(".")[0], "property": part.split(".")[1]} for part in output.strip(".").split("...")]
    body = {
        "output": output, "outputs": outputs if output.startswith("..") else outputs[0], "inputs": listed(inputs),
        "state": listed(state or {}), "changedPropIds": list(inputs),
    }  # fmt: skip
    response = client.post("/_dash-update-component", json=body, headers=headers)
    assert response.status_code == 200, response.text
    packed = response.headers.get("Content-Encoding") == "br"
    return json.loads(brotli.decompress(response.data) if packed else response.data)["response"]


def test_the_first_page_names_no_other_host_and_no_grid(client: FlaskClient) -> None:
    response = client.get("/")
    addresses = re.findall(r'(?:src|href)="([^"]+)"', response.text)
    assert addresses and all(address.startswith("/") for address in addresses)
    assert not any("ag_grid" in address for address in addresses)
    assert "unsafe-eval" not in response.headers["Content-Security-Policy"]


def test_the_grid_can_still_be_fetched(client: FlaskClient) -> None:
    site = next(
        part
        for part in client.get("/_dash-layout").get_json()["props"]["children"]["props"]["children"]
        if part["props"].get("id") == "site"
    )
    script = site["props"]["data"]["scripts"]["/figures"]
    response = client.get(script)
    assert response.status_code == 200 and "max-age=31536000" in response.headers["Cache-Control"]


def test_health_and_compression(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    packed = client.get("/_dash-dependencies", headers={"Accept-Encoding": "br"})
    assert packed.headers["Content-Encoding"] == "br"


def test_library_files_are_compressed_once_and_answers_never_kept(client: FlaskClient) -> None:
    script = next(a for a in re.findall(r'src="([^"]+)"', client.get("/").text) if "dash_core_components.v" in a)
    first, second = (client.get(script, headers={"Accept-Encoding": "br"}).data for _ in range(2))
    assert first == second and len(first) < 150_000
    for words, found in (("goods 95", True), ("zebra", False)):
        body = {"Accept-Encoding": "br"}
        answer = ask(
            client,
            "search-results.children",
            {"search-words.value": words},
            {"known-mode.value": "latest", "known-date.value": ""},
            body,
        )
        assert ("paper-2016-001" in str(answer)) is found


def test_a_view_is_answered_with_its_figure(client: FlaskClient) -> None:
    answer = ask(client, "exhibit-trade.data", {"sel-trade.data": {"axis": "log"}})
    payload = answer["exhibit-trade"]["data"]
    assert payload["state"] == "drawn" and payload["figure"]["layout"]["yaxis"]["type"] == "log"
    assert payload["figure"]["data"][0]["customdata"][0] == "customs.CHN.RUS.2010"


def asking(view: str, inputs: object) -> dict[str, object]:
    return {
        "output": f"exhibit-{view}.data",
        "outputs": {"id": f"exhibit-{view}", "property": "data"},
        "inputs": inputs,
        "changedPropIds": [f"sel-{view}.data"],
    }


@pytest.mark.parametrize("raw", [{}, {"axis": "log"}, {"axis": "none <b>"}, {"as_of": "soon"}, None])
def test_a_figure_is_answered_as_its_callback_answers(
    client: FlaskClient, make_tables: Callable[..., Tables], monkeypatch: pytest.MonkeyPatch, raw: object
) -> None:
    monkeypatch.setattr("components.shell.answer_figures", lambda app, desk: None)
    ordinary = create_app(Desk(make_tables, PAGES)).server.test_client()
    for view in ("trade", "other"):
        asked = asking(view, [{"id": f"sel-{view}", "property": "data", "value": raw}])
        answers = [some.post("/_dash-update-component", json=asked) for some in (client, ordinary)]
        assert answers[0].status_code == 200 and answers[0].get_json() == answers[1].get_json()
        quick, slow = (dict(answer.headers) | {"Content-Length": ""} for answer in answers)
        assert quick == slow and quick["Cache-Control"] == "no-store"


def test_a_figure_is_refused_to_foreign_hosts_and_large_bodies(client: FlaskClient) -> None:
    asked = asking("trade", [{"id": "sel-trade", "property": "data", "value": {}}])
    address = "/_dash-update-component"
    assert client.post(address, json=asked, headers={"Host": "elsewhere.example"}).status_code == 400
    assert client.post(address, json=asked | {"more": "x" * 600_000}).status_code == 413


def page_of(client: FlaskClient, path: str, **raw: str) -> str:
    return str(ask(client, "..content.children...digest.children..", {"route.data": {"path": path, "raw": raw}}))


def test_a_page_stands_with_its_controls_set(client: FlaskClient) -> None:
    text = page_of(client, "/", axis="log", axsi="x")
    assert "'axsi' is no parameter of this page (did you mean 'axis'?)" in text.replace('\\"', "'").replace("\\'", "'")
    assert "'value': 'log'" in text
    assert "'shown': ['trade']" in text
    assert "export-menu" in text


def test_an_unknown_page_gets_the_nearest(client: FlaskClient) -> None:
    assert "There is no such page" in page_of(client, "/figrues") and "did you mean" in page_of(client, "/figrues")


def test_a_failing_part_leaves_the_page_standing(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    text = page_of(client, "/broken")
    assert "Sorry, this part failed" in text and "ZeroDivision" not in text
    assert "page /broken: above could not be shown" in caplog.text


def test_presets_choose_the_views(client: FlaskClient) -> None:
    answer = ask(client, "visible-home.data", {"raw-home.data": {"show": "both"}})
    assert answer["visible-home"]["data"] == {"raw": {"show": "both"}, "shown": ["trade", "other"]}


def test_a_mark_opens_its_provenance(client: FlaskClient) -> None:
    answer = ask(
        client,
        "..provenance-panel.children...provenance.opened..",
        {"mark.data": {"mark": "paper-2016-001", "view": "", "raw": {}}},
    )
    assert answer["provenance"]["opened"] is True and "A. Scholar" in str(answer)
    wrong = ask(
        client,
        "..provenance-panel.children...provenance.opened..",
        {"mark.data": {"mark": "paper-x", "view": "", "raw": {}}},
    )
    assert "This mark cannot be traced" in str(wrong)


def test_the_table_holds_the_rows_drawn(client: FlaskClient) -> None:
    answer = ask(client, "..table-trade.children...rows-trade.children..", {"asked-trade.data": {"axis": "linear"}})
    assert str(answer).count("'data-mark': 'customs.CHN.RUS.") == 5
    assert answer["rows-trade"]["children"] == "Hide data table"


def test_the_search_answers(client: FlaskClient) -> None:
    answer = ask(
        client,
        "search-results.children",
        {"search-words.value": "goods 95"},
        {"known-mode.value": "latest", "known-date.value": ""},
    )
    assert "paper-2016-001" in str(answer)
    wrong = ask(
        client,
        "search-results.children",
        {"search-words.value": "x"},
        {"known-mode.value": "cut", "known-date.value": "x"},
    )
    assert "is not a date" in str(wrong)


def test_the_csv_is_exactly_what_is_drawn(client: FlaskClient) -> None:
    response = client.get("/export/trade.csv?axis=log")
    rows = pd.read_csv(io.BytesIO(response.data))
    assert list(rows["time_period"]) == [2010, 2011, 2012, 2014, 2015]
    assert list(rows["obs_value"]) == [50e9, 60e9, 70e9, 90e9, 100e9]
    assert "attachment" in response.headers["Content-Disposition"]


def test_no_cell_of_a_csv_starts_a_formula(client: FlaskClient) -> None:
    rows = pd.read_csv(io.BytesIO(client.get("/export/trade.csv").data))
    assert set(rows["label"]) == {"'=China"}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/export/trade.csv?axis=lgo", "did you mean 'log'"),
        ("/export/traed.csv", "did you mean 'trade'"),
        ("/download/bilateral.zip?as_of=soon", "is not a date"),
        ("/download/figures.csv?kind=x", "Choose one of"),
        ("/download/figures.csv?wrods=x", "did you mean 'words'"),
        ("/download/figures.csv?columns=role", "It takes: kind, hidden, words, mode, as_of"),
        ("/download/bilateral.zip?kind=all", "It takes: mode, as_of"),
    ],
)
def test_a_wrong_download_is_a_sentence(client: FlaskClient, path: str, words: str) -> None:
    response = client.get(path)
    assert response.status_code == 400 and words in response.text and response.mimetype == "text/plain"


def test_the_whole_data_set_leaves_with_dictionary_and_citation(client: FlaskClient) -> None:
    response = client.get("/download/bilateral.zip?mode=published&as_of=2016")
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        names = set(archive.namelist())
        readme = archive.read("README.txt").decode()
        observations = pq.read_table(io.BytesIO(archive.read("parquet/core_observations.parquet")))
        dictionary = pd.read_csv(io.BytesIO(archive.read("data_dictionary.csv")))
    assert {"csv/core_observations.csv", "parquet/out_series.parquet", "csv/codelists/CL_ROLE.csv"} <= names
    assert {"csv/out_findings.csv", "parquet/out_findings.parquet"} <= names
    assert "what was published by 2016" in readme and "Cite as" in readme
    assert observations.num_rows == 12
    described = set(zip(dictionary["table"], dictionary["column"], strict=True))
    sent = {name.split("/")[1].removesuffix(".csv") for name in names if re.fullmatch(r"csv/[a-z_]+\.csv", name)}
    assert {table for table, _ in described} == sent | {"core_codes"} and {"core_chains", "core_editions"} <= sent
    assert described == {(n, f.name) for n, t in STORED.items() for f in t.fields if n in sent | {"core_codes"}}
    assert client.get("/download/bilateral.zip?mode=published&as_of=2016").data == response.data


def chosen(kind: str = "documents", hidden: str = "off", words: str = "") -> dict[str, str]:
    return {"kind": kind, "hidden": hidden, "words": words, "columns": figures.SHOWN.default}


def test_the_ledger_holds_back_hidden_rows_and_counts_them(few: Tables) -> None:
    quoted = figures.ledger_rows(few, chosen())
    assert len(quoted) == 6 and not quoted["is_hidden"].any()
    assert len(figures.ledger_rows(few, chosen(hidden="on"))) == 7
    assert len(figures.ledger_rows(few, chosen("statistics"))) == 5
    assert len(figures.ledger_rows(few, chosen("all", "on"))) == len(few.observations)
    assert "1 more are held back" in str(figures.ledger(few, chosen()))


def test_the_ledger_finds_every_word_in_what_it_shows(few: Tables) -> None:
    found = figures.ledger_rows(few, chosen("all", words="Paper  billion US$95"))
    assert list(found["observation_id"]) == ["paper-2016-001"]
    assert set(figures.ledger_rows(few, chosen(words="undated"))["observation_id"]) == {"paper-2016-004"}
    assert "1 observation, 1 of them without a date" in str(figures.ledger(few, chosen(words="undated")))
    assert "No observation holds all these words" in str(figures.ledger(few, chosen(words="zebra")))


def test_the_csv_of_the_ledger_is_what_the_page_shows(client: FlaskClient, make_tables: Callable[..., Tables]) -> None:
    state = make_tables(AsKnown("cut", "2016"))
    text = str(figures.ledger(state, chosen("all", words="Paper US$95")))
    address = re.search(r"/download/figures\.csv\?[^'\"]+", text)
    assert address is not None and "words=Paper+US%2495&mode=cut&as_of=2016" in address.group()
    rows = pd.read_csv(io.BytesIO(client.get(address.group()).data))
    assert list(rows["observation_id"]) == ["paper-2016-001", "paper-2016-007"]


def test_the_columns_of_the_ledger_stand_in_its_address_and_unknown_ones_are_refused(few: Tables) -> None:
    text = str(figures.ledger(few, chosen() | {"columns": "obs_value,vintage"}))
    assert "'field': 'vintage', 'headerName': 'Known since', 'width': 130, 'hide': False" in text
    assert "'field': 'measures', 'headerName': 'What it measures', 'width': 290, 'hide': True" in text
    with pytest.raises(DataError, match=r"columns='vintgae' is no column \(did you mean 'vintage'\?\)"):
        figures.ledger(few, chosen() | {"columns": "obs_value,vintgae"})


def test_periods_of_the_ledger_are_read_in_words_and_sorted_by_code(few: Tables) -> None:
    grid = str(figures.ledger(few, chosen("all", "on")))
    assert "'time_period': '1990/1999', 'period': '1990–1999'" in grid
    columns = {name: figures._column(name, title, width, hide=False) for name, title, width, _ in figures.COLUMNS}
    assert columns["time_period"]["valueFormatter"] == {"function": "params.data.period"}
    assert columns["obs_value"]["cellRenderer"] == "MarkButton", "the first cell of a row opens its provenance"


def test_sources_link_only_where_a_link_is_safe(few: Tables) -> None:
    text = str(sources.below(few, {}))
    assert "javascript" not in text and "https://customs.example/t" in text


def test_editions_chains_and_slips_are_said_in_words(tables: Tables) -> None:
    page = sources.below(tables, {})
    text = str(page)
    assert "Review of June 2018 with data to 2017" in text and "'Jun 2018'" in text and "'2018-06'" not in text
    assert "read as “Kyrgyzstan”" in text and "letters 877 to 887" in text
    assert "0.06\u00a0% in 2020" in text.replace("\\xa0", "\u00a0") and "Same reporter and valuation" in text
    assert text.count("'TASS'") == 1, "a title that is the publisher's name is not said twice"


def test_the_state_of_knowledge_goes_with_the_download(make_tables: Callable[..., Tables]) -> None:
    assert "bilateral.zip?mode=cut&as_of=2016" in str(sources.above(make_tables(AsKnown("cut", "2016")), {}))


def test_every_script_function_the_app_names_exists(client: FlaskClient) -> None:
    script = (Path(__file__).parents[2] / "components" / "assets" / "bilateral.js").read_text(encoding="utf-8")
    named = {
        entry["clientside_function"]["function_name"]
        for entry in client.get("/_dash-dependencies").get_json()
        if entry["clientside_function"]
    }
    exported = re.search(r"bilateral: \{([^}]*)\}", script)
    assert exported is not None
    assert named == {name.strip() for name in exported.group(1).split(",") if name.strip()}


def test_an_unknown_download_is_not_found(client: FlaskClient) -> None:
    answer = client.get("/download/all.zip", base_url="http://127.0.0.1")
    assert answer.status_code == 404
    assert "no download 'all.zip'" in answer.get_data(as_text=True)
    assert client.get("/download/bilateral.zip", base_url="http://127.0.0.1").status_code == 200


def test_an_address_that_is_no_page_is_not_found(client: FlaskClient) -> None:
    for path in ("/", "/figures", "/figures/"):
        assert client.get(path).status_code == 200
    for path in ("/figrues", "/robots.txt", "/%3Cscript%3E"):
        answer = client.get(path)
        assert answer.status_code == 404 and "react-entry-point" in answer.text, "the page names the nearest one"


@pytest.mark.parametrize("name", ["dash/none.js", "none/x.js", "dash/../../../etc/passwd"])
def test_an_unknown_library_file_is_not_found(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/_dash-component-suites/{name}")
    assert answer.status_code == 404 and "Traceback" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("body", ["null", '{"output": "exhibit-none.data", "inputs": []}', "[" * 90_000, "{", ""])
def test_a_strange_question_is_refused_and_not_a_failure(client: FlaskClient, body: str) -> None:
    answer = client.post("/_dash-update-component", data=body, content_type="application/json")
    assert answer.status_code == 400 and "Traceback" not in answer.text
    assert answer.headers["X-Frame-Options"] == "DENY" and answer.headers["Cache-Control"] == "no-store"


def test_a_warm_server_has_drawn_its_charts_before_the_first_reader_comes(make_tables: Callable[..., Tables]) -> None:
    drawn: list[str] = []

    def note(name: str) -> Callable[[Tables, Selection], Exhibit]:
        return lambda tables, selection: drawn.append(name) or trade(tables, selection)

    pages = [
        Page(
            "/a",
            "A",
            "",
            (View("first", "F", "?", note("first"), (AXIS,)), View("second", "S", "?", note("second"), (AXIS,))),
        ),
        Page("/outlook", "O", "", (View("fan", "F", "?", note("fan"), (AXIS,)),)),
    ]
    desk = Desk(make_tables, pages)
    client = create_app(desk).server.test_client()
    draw_all(desk)
    assert drawn == ["first", "second"]
    asked = asking("first", [{"id": "sel-first", "property": "data", "value": {}}])
    assert client.post("/_dash-update-component", json=asked).status_code == 200
    assert drawn == ["first", "second"]


def test_what_is_wrong_with_a_whole_page_is_said_in_one_place() -> None:
    page = next(page for page in OURS if page.path == "/kazakhstan")
    assert len(answers.visible_views(page, {"show": "zz"})[0]) == 1
    assert len(answers.visible_views(page, {"matrix": "zz"})[0]) == len(page.views), "a chart's own concerns it alone"
