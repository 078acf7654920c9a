"""Facts that hold in the registers of projects, commitments, events and corrections as they stand."""

import hashlib
import math
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from pipelines.codelists import read_codelists
from pipelines.registers import read_register
from pipelines.schema import COMMITMENTS, CORRECTIONS, EVENTS, PROJECTS, Table

DATASETS = Path(__file__).parents[1] / "datasets"
SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
REGISTERS = {"projects": PROJECTS, "commitments": COMMITMENTS, "events": EVENTS, "corrections": CORRECTIONS}
DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")

NAMED_SYSTEMS = """
POWER_OF_SIBERIA POWER_OF_SIBERIA_2 ALTAI_PIPELINE TURKMEN_GAS_CHINA KAZ_GAS_CONTRACT SAKHALIN_GAS VLADIVOSTOK_LNG NORD_STREAM_1
ROSNEFT_CNPC ATASU_ALASHANKOU CKU_RAILWAY MOSCOW_KAZAN_HSR MOSCOW_BEIJING_HSR NORTHERN_RAIL_ROUTES TRANS_CASPIAN_ROUTE
CHINA_TEHRAN_RAIL LIANYUNGANG_ISTANBUL BUDAPEST_BELGRADE DOSTYK_AKTAU WE_WC_HIGHWAY AMUR_BRIDGE TUMEN_ACCESS
ZARUBINO_JILIN_HYPERLOOP KHORGOS LIANYUNGANG_TERMINAL AKTAU_PORT KURYK_PORT AKTOBE_LOGISTICS SHYMKENT_LOGISTICS VLADIVOSTOK_PORT
RIVER_PORTS_FAR_EAST HEILONGJIANG_CROSSINGS NORTHERN_SEA_ROUTE POLAR_SILK_ROAD PIRAEUS_PORT BOLSHOI_USSURIYSKY_ZONE
TUMEN_MOUTH_ZONE FAR_EAST_PLAN_2018_2024 ZABAIKALSKY_LAND SILK_ROAD_FUND AIIB BRICS_NDB BRICS_CRA SCO_BANK
EURASIAN_DEVELOPMENT_BANK CEE_CREDIT_LINE CPEC RUS_CHN_SWAP RUB_CNY_SETTLEMENT BRI EAEU EAEU_BRI_DECLARATION_2015
EAEU_BRI_LIST_39 NURLY_ZHOL KAZ_CAPACITY_TRANSFER_51 RUS_CHN_PLAN_160 FAR_EAST_PROJECTS_49 CHINA_CEE_16_1 SCO
GREATER_EURASIAN_PARTNERSHIP RUS_CHN_COMMISSION_PORTFOLIO BRI_ENVELOPE_BEIJING BRI_ENVELOPE_LI BRI_ENVELOPE_NDRC
"""

LAND = {
    "RUS": (41, 82, 19, 180),
    "CHN": (18, 54, 73, 135),
    "KAZ": (40, 56, 46, 88),
    "UZB": (37, 46, 55, 74),
    "KGZ": (39, 44, 69, 81),
    "TKM": (35, 43, 52, 67),
    "PRK": (37, 44, 124, 131),
    "PAK": (23, 37, 60, 78),
    "IND": (6, 36, 68, 98),
    "IRN": (25, 40, 44, 64),
    "TUR": (35, 43, 25, 45),
    "AZE": (38, 42, 44, 51),
    "GEO": (41, 44, 40, 47),
    "UKR": (44, 53, 22, 41),
    "BLR": (51, 57, 23, 33),
    "DEU": (47, 56, 5, 16),
    "HUN": (45, 49, 16, 23),
    "SRB": (42, 47, 18, 23),
    "GRC": (34, 42, 19, 29),
}

PAIR_GRADES = {
    **dict.fromkeys(["01", "03", "11"], "A"),
    **dict.fromkeys(["01b", "02", "10", "15"], "B"),
    **dict.fromkeys(["04", "04b", "05", "06", "07", "12", "16", "22"], "C"),
    **dict.fromkeys(["08", "08b", "09", "13", "14", "14b", "17", "18", "19", "20", "21"], "N"),
}


def rows(name: str) -> pd.DataFrame:
    """Return one register with the text of its cells, empty where nothing is said."""
    return pd.read_csv(DATASETS / f"{name}.csv", dtype=str, keep_default_na=False)


def split(cell: str) -> list[str]:
    return [part for part in cell.split(";") if part]


def choices(table: Table, field: str) -> set[str]:
    return set(table.field(field).one_of)


@pytest.fixture(scope="module")
def ledger() -> pd.DataFrame:
    paths = [path for path in sorted((DATASETS / "figures").glob("*.csv")) if path.name != "press.csv"]
    return pd.concat([pd.read_csv(path, dtype=str, keep_default_na=False) for path in paths], ignore_index=True)


@pytest.fixture(scope="module")
def press() -> pd.DataFrame:
    return pd.read_csv(DATASETS / "figures" / "press.csv", dtype=str, keep_default_na=False).set_index(
        "figure_id", drop=False
    )


@pytest.fixture(scope="module")
def figure_ids(ledger, press) -> set[str]:
    return {*ledger["figure_id"], *press["figure_id"]}


@pytest.fixture(scope="module")
def source_ids() -> set[str]:
    return set(rows("sources")["source_id"])


@pytest.fixture(scope="module")
def china_reported() -> dict[int, float]:
    """Yearly China-reported trade with Russia in USD, from the same parts as the chain: IMF to 2020, customs from 2021."""
    statistics = pd.concat(
        [
            pd.read_csv(path, dtype=str, keep_default_na=False)
            for path in sorted((DATASETS / "statistics").glob("*.csv"))
        ]
    )
    pair = statistics.query("ref_area == 'CHN' and counterpart_area == 'RUS' and freq == 'A' and commodity == '_T'")
    imf = pair.query("dataset_id == 'imf_dots' and indicator in ['EXP_FOB', 'IMP_CIF']")
    customs = pair.query("dataset_id == 'gacc' and indicator == 'TRADE_TOTAL' and time_period > '2020'")
    both = pd.concat([imf, customs])
    return both["value_as_read"].astype(float).groupby(both["time_period"].astype(int)).sum().to_dict()


@pytest.mark.parametrize("name", REGISTERS)
def test_register_has_declared_columns_known_codes_and_unique_keys(name):
    register = read_register(DATASETS / f"{name}.csv", REGISTERS[name], read_codelists(DATASETS / "codelists"))
    assert len(register) >= {"projects": 60, "commitments": 40, "events": 40, "corrections": 10}[name]


@pytest.mark.parametrize("name", REGISTERS)
def test_register_is_plain_utf8_with_unix_line_ends(name):
    raw = (DATASETS / f"{name}.csv").read_bytes()
    assert b"\r" not in raw and raw.endswith(b"\n") and not raw.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("projects", ["figure_ids"]),
        ("commitments", ["target_figure_ids", "actual_figure_ids"]),
        ("corrections", ["figure_id"]),
    ],
)
def test_every_figure_named_is_in_a_ledger(name, columns, figure_ids):
    named = {part for column in columns for cell in rows(name)[column] for part in split(cell)}
    assert named and named <= figure_ids


def test_every_source_named_is_registered(source_ids, figure_ids):
    projects, commitments = rows("projects"), rows("commitments")
    assert {part for cell in projects["mentioned_in"] for part in split(cell)} <= source_ids
    assert set(projects["status_source"]) <= source_ids | figure_ids
    named = {part for cell in commitments["sources"] for part in cell.split(" ; ")}
    assert {part for part in named if not re.fullmatch(r"https?://\S+", part)} <= source_ids
    assert {*rows("events")["source_id"], *rows("corrections")["source_id"]} <= source_ids


def test_every_project_and_chain_named_by_a_commitment_exists():
    commitments, chains = rows("commitments"), rows("chains")
    assert set(commitments["project_id"]) - {""} <= set(rows("projects")["project_id"])
    chained = commitments[commitments["actual_chain_id"] != ""]
    assert len(chained) >= 15
    known = set(
        zip(chains["chain_id"], chains["indicator"], chains["ref_area"], chains["counterpart_area"], strict=True)
    )
    used = zip(
        *(chained[name] for name in ("actual_chain_id", "indicator", "ref_area", "counterpart_area")), strict=True
    )
    assert set(used) <= known


def test_a_project_lists_every_figure_that_names_it(ledger, press):
    listed = {row.project_id: set(split(row.figure_ids)) for row in rows("projects").itertuples()}
    for figures in (ledger, press):
        for figure in figures[figures["project_id"] != ""].itertuples():
            assert figure.figure_id in listed[figure.project_id], figure.figure_id


def test_every_system_asked_for_is_registered():
    assert set(NAMED_SYSTEMS.split()) <= set(rows("projects")["project_id"])


@pytest.mark.parametrize(
    ("name", "table", "field"),
    [("projects", PROJECTS, "kind"), ("projects", PROJECTS, "status"), ("commitments", COMMITMENTS, "event"),
     ("commitments", COMMITMENTS, "status"), ("events", EVENTS, "topic"), ("corrections", CORRECTIONS, "action")],
)  # fmt: skip
def test_words_are_those_the_schema_allows(name, table, field):
    assert set(rows(name)[field]) <= choices(table, field)


def test_coordinates_come_in_pairs_with_precision_and_lie_in_one_of_the_countries():
    for project in rows("projects").itertuples():
        points = [(project.start_lat, project.start_lon), (project.end_lat, project.end_lon)]
        filled = [(float(lat), float(lon)) for lat, lon in points if lat and lon]
        assert sum(bool(lat) + bool(lon) for lat, lon in points) == 2 * len(filled), project.project_id
        assert bool(filled) == bool(project.place_precision), project.project_id
        assert project.place_precision in {"", "site", "city", "region", "country"}
        boxes = [LAND[area] for area in split(project.areas) if area in LAND]
        for lat, lon in filled:
            assert any(s <= lat <= n and w <= lon <= e for s, n, w, e in boxes), (project.project_id, lat, lon)


def test_a_stated_length_is_no_shorter_than_the_way_through_the_air():
    checked = 0
    for project in rows("projects").query("length_km != '' and end_lat != ''").itertuples():
        a, b, c, d = (
            math.radians(float(v)) for v in (project.start_lat, project.start_lon, project.end_lat, project.end_lon)
        )
        beeline = 6371 * math.acos(math.sin(a) * math.sin(c) + math.cos(a) * math.cos(c) * math.cos(b - d))
        assert float(project.length_km) >= 0.9 * beeline, project.project_id
        checked += 1
    assert checked >= 4


def test_project_dates_are_dates_in_order_and_say_how_they_are_known():
    for project in rows("projects").itertuples():
        assert DATE.fullmatch(project.status_as_of), project.project_id
        dates = [date for date in (project.date_start, project.date_end) if date]
        assert all(DATE.fullmatch(date) for date in dates)
        assert dates == sorted(dates)
        assert project.date_basis in ({"stated", "derived"} if dates else {""}), project.project_id


def test_a_status_is_not_dated_after_its_document(ledger):
    published = rows("sources").set_index("source_id")["published"]
    for project in rows("projects").itertuples():
        source = project.status_source if project.status_source in published.index else project.status_source[:-4]
        if source in set(rows("sources").query("kind == 'document'")["source_id"]):
            assert project.status_as_of[:4] <= published[source][:4], project.project_id


def test_every_pair_of_promise_and_outcome_has_its_grade():
    commitments = rows("commitments")
    found = {
        match[1]: row.grade
        for row in commitments.itertuples()
        if (match := re.match(r"pair-(\d+b?)-", row.commitment_id))
    }
    assert found == PAIR_GRADES


def test_grades_other_than_like_for_like_carry_their_caveat():
    commitments = rows("commitments")
    assert (commitments.query("grade != 'A'")["caveat"] != "").all()
    no_outcome = commitments.query("grade == 'N'")
    assert (no_outcome[["actual_figure_ids", "actual_chain_id"]] == "").all(axis=None)
    assert set(no_outcome["status"]) == {"no outcome stated", "dropped"}
    beside = commitments.query("grade == 'C'")
    assert (beside["actual_figure_ids"] != "").all() and set(beside["status"]) == {"not comparable"}


def test_a_promise_without_a_year_is_never_missed():
    commitments = rows("commitments")
    dated = commitments["deadline"] != ""
    assert commitments.loc[dated, "deadline"].str.fullmatch(r"\d{4}").all()
    assert not set(commitments.loc[~dated, "status"]) & {"missed", "met late", "open"}
    assert not dated[commitments["status"] == "undated"].any()


def test_met_says_the_year_and_late_is_after_the_deadline():
    met = rows("commitments").query("status in ['met', 'met late']")
    assert set(met["status"]) == {"met", "met late"}
    for promise in met.itertuples():
        years = re.findall(r"reached in (\d{4})", promise.note)
        assert years, promise.commitment_id
        if promise.deadline:
            assert (years[0] > promise.deadline) == (promise.status == "met late"), promise.commitment_id


def test_years_reached_are_those_of_the_china_reported_record(china_reported, press):
    promises = rows("commitments").query("genealogy == 'RUS_CHN_TRADE' and status in ['met', 'met late']")
    assert len(promises) >= 10
    for promise in promises.itertuples():
        target = promised(promise, press)
        first = min(year for year, value in china_reported.items() if value >= target)
        assert re.search(r"reached in (\d{4})", promise.note)[1] == str(first), promise.commitment_id
        assert (china_reported[int(promise.deadline)] >= target) == (promise.status == "met")


def test_open_and_undated_trade_promises_are_not_reached_yet(china_reported, press):
    ahead = rows("commitments").query("genealogy == 'RUS_CHN_TRADE' and status in ['open', 'undated']")
    assert set(ahead["status"]) == {"open", "undated"}
    for promise in ahead.itertuples():
        assert max(china_reported.values()) < promised(promise, press)
        assert promise.deadline == "" or int(promise.deadline) > max(china_reported)


def promised(promise, press: pd.DataFrame) -> float:
    """Return the promised USD: typed where several figures make it up, else that of the first press figure."""
    if promise.target_value:
        return float(promise.target_value)
    figure = press.loc[next(part for part in split(promise.target_figure_ids) if part in press.index)]
    assert figure["unit_as_read"] == "USD bn"
    return float(figure["value_as_read"]) * 1e9


def test_typed_values_agree_with_the_press_figures_they_come_from(press):
    factors = {"USD bn": 1e9, "bcm/y": 1}
    checked = 0
    for promise in rows("commitments").query("target_value != '' and target_figure_ids != ''").itertuples():
        figures = press.loc[[part for part in split(promise.target_figure_ids) if part in press.index]]
        values = {float(f.value_as_read) * factors[f.unit_as_read] for f in figures.itertuples()}
        typed = {float(value) for value in (promise.target_value, promise.target_value_high) if value}
        assert values == typed, promise.commitment_id
        checked += 1
    assert checked >= 25


def test_every_target_of_the_press_has_its_promise(press):
    commitments = rows("commitments")
    cited = {part for cell in commitments["target_figure_ids"] for part in split(cell)}
    noted = {match for cell in commitments["note"] for match in re.findall(r"(?:press|supp)-\d{3}", cell)}
    targets = {*press.query("role == 'target'")["figure_id"], "press-254", "press-255", "press-256", "supp-250"}
    assert len(targets) > 25
    assert targets <= cited | noted


def test_the_250_has_no_year_and_the_300_is_an_expectation():
    commitments = rows("commitments")
    undated = commitments[commitments["target_value"] == "250000000000"]
    assert len(undated) == 4 and set(undated["deadline"]) == {""} and set(undated["status"]) == {"undated"}
    expected = commitments[commitments["target_value"] == "300000000000"]
    assert set(expected["status"]) == {"open"} and expected["caveat"].str.contains("expectation").all()


def test_a_genealogy_opens_with_the_first_issue():
    for genealogy, issues in rows("commitments").groupby("genealogy", sort=False):
        assert issues["event"].iloc[0] == "issued", genealogy
        said = [date for date in issues["said_on"] if date]
        assert said == sorted(said), genealogy
    trade = rows("commitments").query("genealogy == 'RUS_CHN_TRADE'")
    assert {"issued", "repeated", "raised", "re-dated"} <= set(trade["event"])


def test_dates_of_issue_are_dates_and_say_how_they_are_known():
    commitments = rows("commitments")
    said = commitments[commitments["said_on"] != ""]
    assert said["said_on"].str.fullmatch(DATE).all() and (said["said_on_basis"] != "").all()


def test_a_caveat_tells_nothing_later_than_its_promise_or_deadline():
    dated = rows("commitments").query("said_on != ''")
    for promise in dated.itertuples():
        until = max(promise.said_on[:4], promise.deadline, promise.actual_period[-4:] if promise.grade == "C" else "")
        later = [year for year in re.findall(r"\b(?:19|20)\d\d\b", promise.caveat) if year > until]
        assert not later, (promise.commitment_id, later)


def test_events_are_dated_titled_briefly_and_few_are_drawn():
    events = rows("events")
    assert events["date"].str.fullmatch(DATE).all()
    assert (events["title"].str.split().str.len() <= 10).all()
    assert 6 <= (events["on_charts"] == "true").sum() <= 10
    assert (events["words_sha256"].str.fullmatch(r"[0-9a-f]{64}")).all()
    assert set(events["source_id"]) == set(rows("sources").query("kind == 'document'")["source_id"])


def test_an_event_is_not_dated_after_its_document():
    published = rows("sources").set_index("source_id")["published"].str[:4]
    events = rows("events")
    assert (events["date"].str[:4] <= events["source_id"].map(published)).all()


def test_a_correction_says_what_to_read_only_when_something_is_to_be_read():
    corrections = rows("corrections")
    assert ((corrections["read_as"] != "") == (corrections["action"] == "read as")).all()
    assert (corrections["char_start"].astype(int) < corrections["char_end"].astype(int)).all()


def documents() -> dict[str, str]:
    """Return the text of each document by its source_id, or skip where the documents are not at hand."""
    if not SEEDS.is_dir():
        pytest.skip("the five documents are not at hand")
    register = rows("sources").query("kind == 'document'")
    return {row.source_id: (SEEDS / row.file_name).read_bytes().decode("utf-8") for row in register.itertuples()}


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def shingles(text: str) -> Iterator[tuple[str, ...]]:
    found = words(text)
    return (tuple(found[i : i + 9]) for i in range(len(found) - 8))


@pytest.mark.parametrize("name", ["events", "corrections"])
def test_slices_are_found_again_in_the_documents(name):
    texts = documents()
    for row in rows(name).itertuples():
        slice_ = texts[row.source_id][int(row.char_start) : int(row.char_end)]
        assert hashlib.sha256(slice_.encode()).hexdigest() == row.words_sha256, row[1]


def test_the_words_that_date_an_event_do_not_name_another_year():
    texts = documents()
    for event in rows("events").itertuples():
        slice_ = texts[event.source_id][int(event.char_start) : int(event.char_end)]
        years = re.findall(r"\b(1[89]\d\d|20\d\d)\b", slice_)
        assert not years or event.date[:4] in years, event.event_id


def test_a_correction_of_a_figure_stands_in_the_figure_or_its_sentence(ledger):
    figures = ledger.set_index("figure_id")
    for slip in rows("corrections").query("figure_id != ''").itertuples():
        figure = figures.loc[slip.figure_id]
        assert int(figure["sentence_start"]) - 400 <= int(slip.char_start) <= int(figure["sentence_end"]) + 400


@pytest.mark.parametrize("name", REGISTERS)
def test_no_nine_words_of_the_documents_stand_in_a_register(name):
    theirs = {shingle for text in documents().values() for shingle in shingles(text)}
    ours = set(shingles((DATASETS / f"{name}.csv").read_text(encoding="utf-8")))
    assert not ours & theirs
