"""The tables of statistics, press figures, chains and publishers: complete, coded, traceable and recomputable."""

import ast
import csv
import itertools
import math
import operator
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipelines.schema import CHAINS, PRESS, SOURCES, STATISTICS, Table

DATASETS = Path(__file__).parents[1] / "datasets"
REFERENCE = Path(__file__).parents[2] / "shared" / "reference"
STATISTICS_FILES = sorted((DATASETS / "statistics").glob("*.csv"))
TABLES = [
    (DATASETS / "sources.csv", SOURCES),
    (DATASETS / "figures" / "press.csv", PRESS),
    (DATASETS / "chains.csv", CHAINS),
    *((path, STATISTICS) for path in STATISTICS_FILES),
]
NAMES = [path.name for path, _ in TABLES]
ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
DATASET_ROWS = {
    "bls": 35, "ei_review": 133, "eia": 39, "eurostat_comext": 42, "fcs_annual": 112, "fcs_monthly": 384, "gacc": 29,
    "gazprom": 6, "imf_cdis": 30, "imf_dots": 116, "imf_imts": 8, "kz_bns": 34, "world_bank": 102,
}  # fmt: skip

Row = dict[str, str]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def codes(name: str) -> dict[str, Row]:
    return {row["code"]: row for row in read(DATASETS / "codelists" / f"{name}.csv")}


@pytest.fixture(scope="module")
def press() -> list[Row]:
    return read(DATASETS / "figures" / "press.csv")


@pytest.fixture(scope="module")
def statistics() -> list[Row]:
    return [row for path in STATISTICS_FILES for row in read(path)]


@pytest.fixture(scope="module")
def chains() -> list[Row]:
    return read(DATASETS / "chains.csv")


@pytest.fixture(scope="module")
def sources() -> dict[str, Row]:
    return {row["source_id"]: row for row in read(DATASETS / "sources.csv")}


@pytest.mark.parametrize(("path", "table"), TABLES, ids=NAMES)
def test_header_is_the_schema_and_the_bytes_are_plain(path: Path, table: Table) -> None:
    text = path.read_bytes().decode("utf-8")
    assert text.splitlines()[0].split(",") == table.columns
    assert "\r" not in text
    assert text.endswith("\n")


@pytest.mark.parametrize(("path", "table"), TABLES, ids=NAMES)
def test_required_cells_types_and_codes(path: Path, table: Table) -> None:
    rows = read(path)
    for field in table.fields:
        cells = [row[field.name] for row in rows]
        assert all(cells) or not field.required, field.name
        given = [cell for cell in cells if cell]
        if field.codelist:
            parts = {part for cell in given for part in (cell.split(";") if field.many else [cell])}
            assert parts <= codes(field.codelist).keys(), field.name
        if field.type == "number":
            assert all(math.isfinite(float(cell)) for cell in given), field.name
        if field.type == "integer":
            assert all(int(cell) for cell in given), field.name
        if field.type == "flag":
            assert set(given) <= {"true", "false"}, field.name


@pytest.mark.parametrize("table", [SOURCES, PRESS, CHAINS, STATISTICS], ids=lambda table: table.name)
def test_keys_are_unique(table: Table) -> None:
    rows = [row for path, other in TABLES if other is table for row in read(path)]
    keys = Counter(tuple(row[name] for name in table.key) for row in rows)
    assert [key for key, count in keys.items() if count > 1] == []


def test_every_official_observation_is_there(statistics: list[Row]) -> None:
    assert len(statistics) == 1070
    assert Counter(row["dataset_id"] for row in statistics) == DATASET_ROWS


def test_every_press_figure_is_there(press: list[Row]) -> None:
    families = Counter(row["figure_id"].split("-")[0] for row in press)
    assert families == {"press": 287, "supp": 353, "claim": 18}
    for family, count in (("press", 287), ("supp", 353)):
        numbers = [row["figure_id"] for row in press if row["figure_id"].startswith(family)]
        assert numbers == [f"{family}-{number:03d}" for number in range(1, count + 1)]
    assert {row["time_period"] for row in press if row["figure_id"].startswith("claim")} == {
        "2015-06-18", "2018-09", "2019-11-26", "2020-12-11", "2022-09-07", "2025-10-31", "2025-11-03",
    }  # fmt: skip


def test_sources_and_their_users_agree(press: list[Row], statistics: list[Row], sources: Mapping[str, Row]) -> None:
    used = {"press": {row["source_id"] for row in press}, "statistics": {row["dataset_id"] for row in statistics}}
    for kind, ids in used.items():
        assert ids == {name for name, row in sources.items() if row["kind"] == kind}
    assert not {
        row["url"] for row in sources.values() if row["url"] and not row["url"].startswith(("http://", "https://"))
    }


def test_addresses_are_web_addresses(press: list[Row], statistics: list[Row]) -> None:
    addresses = {row["url"] for row in [*press, *statistics] if row["url"]}
    assert len(addresses) > 150
    assert all(address.startswith(("http://", "https://")) and " " not in address for address in addresses)
    without = [row for row in press if not row["url"]]
    assert all(row["locator"] for row in without)


def test_printed_units_lead_to_the_base_unit_of_their_indicator(press: list[Row]) -> None:
    printed, units, indicators = codes("CL_PRINTED_UNIT"), codes("CL_UNIT"), codes("CL_INDICATOR")
    assert {row["unit_as_read"] for row in press} == printed.keys()
    assert {row["unit"] for row in printed.values()} <= units.keys()
    differing = set()
    for row in press:
        base = units[printed[row["unit_as_read"]]["unit"]]["base_unit"]
        expected = (
            "PERCENT" if row["measure_type"] in {"growth", "share"} else indicators[row["indicator"]]["base_unit"]
        )
        if base != expected:
            differing.add((row["indicator"], base))
    assert differing == {
        ("TRADE_TOTAL", "CNY"), ("EXP_FOB", "CNY"), ("IMP_CIF", "CNY"), ("FX_RATE", "EUR_PER_USD"), ("CONTRACT_VOLUME", "BCM"),
    }  # fmt: skip


def test_official_units_belong_to_their_indicator(statistics: list[Row]) -> None:
    units, indicators = codes("CL_UNIT"), codes("CL_INDICATOR")
    differing = {
        (row["dataset_id"], row["unit_as_read"])
        for row in statistics
        if units[row["unit_as_read"]]["base_unit"] != indicators[row["indicator"]]["base_unit"]
    }
    assert differing == {("eurostat_comext", "EUR")}


def evaluate(node: ast.expr) -> float:
    if isinstance(node, ast.BinOp):
        return ARITHMETIC[type(node.op)](evaluate(node.left), evaluate(node.right))
    assert isinstance(node, ast.Constant)
    return float(node.value)


def test_derived_rows_follow_from_their_formula(press: list[Row]) -> None:
    assert {row["figure_id"] for row in press if row["formula"]} == {
        row["figure_id"] for row in press if row["provenance"] == "derived"
    }
    sums = [row for row in press if row["formula"] and not row["formula"].startswith(("mean", "sum"))]
    assert len(sums) == 28
    wrong = set()
    for row in sums:
        found = evaluate(ast.parse(row["formula"], mode="eval").body)
        decimals = len(row["value_as_read"].partition(".")[2])
        if abs(found - float(row["value_as_read"])) > 0.5001 * 10**-decimals:
            wrong.add(row["figure_id"])
    assert wrong == {"supp-155"}, "its caveat says what the rounded values give"


def test_the_price_mean_of_2025_is_that_of_eleven_months(press: list[Row]) -> None:
    package = [row for row in press if row["source_id"] == "datasets-cpi-us"]
    months = {
        row["time_period"]: float(row["value_as_read"]) for row in package if row["time_period"].startswith("2025-")
    }
    assert "2025-10" not in months
    assert len(months) == 11
    year = next(row for row in package if row["time_period"] == "2025")
    assert float(year["value_as_read"]) == pytest.approx(sum(months.values()) / 11, abs=5e-4)
    assert (year["bound"], year["provenance"]) == ("~", "derived")


def test_hidden_and_unplottable_rows_say_why(press: list[Row]) -> None:
    hidden = [row for row in press if row["is_hidden"] == "true"]
    assert len(hidden) == 30
    assert all(row["disagrees_with"] for row in hidden)
    unplottable = {row["figure_id"] for row in press if row["is_plottable"] == "false"}
    assert {row["figure_id"] for row in press if not row["time_period"]} <= unplottable
    assert unplottable == {
        "press-254", "press-255", "press-256", "press-257", "press-271", "press-272", "press-273", "press-274",
        "supp-077", "supp-341", "supp-343", "supp-344",
    }  # fmt: skip


def test_other_reporters_are_no_misprints(press: list[Row]) -> None:
    rows = {row["figure_id"]: row for row in press}
    for china, kazakhstan in (("press-238", "press-239"), ("supp-257", "supp-263"), ("press-234", "press-235")):
        assert rows[china]["ref_area"] == "CHN"
        assert rows[kazakhstan]["ref_area"] == "KAZ"
        assert rows[china]["time_period"] == rows[kazakhstan]["time_period"]
        assert rows[china]["is_hidden"] == rows[kazakhstan]["is_hidden"] == "false"


def test_the_year_of_the_250bn_target_stays_out_of_sight(press: list[Row]) -> None:
    issues = [row for row in press if row["role"] == "target" and row["value_as_read"] == "250"]
    assert len(issues) == 5
    assert all(row["is_hidden"] == "true" for row in issues if row["time_period"])
    assert sum(not row["time_period"] for row in issues) == 3


def test_frequency_fits_the_period(press: list[Row]) -> None:
    shapes: dict[str, set[tuple[int, ...]]] = {}
    for row in press:
        shapes.setdefault(row["freq"], set()).add(tuple(len(part) for part in row["time_period"].split("/")))
    assert shapes == {"A": {(4,)}, "M": {(7,)}, "YTD": {(7, 7)}, "P": {(10,), (7,)}, "W": {(7, 7), (4, 4)}, "N": {(0,)}}
    for row in press:
        if row["freq"] == "YTD":
            start, end = row["time_period"].split("/")
            assert (start[:4], start[4:]) == (end[:4], "-01"), row["figure_id"]


def test_nothing_is_dated_before_its_period_ended(press: list[Row]) -> None:
    dated = [row for row in press if row["published"] and row["time_period"] and row["role"] == "actual"]
    assert len(dated) > 300
    early = [
        row["figure_id"]
        for row in dated
        if row["published"] < row["time_period"].split("/")[-1][: len(row["published"])]
    ]
    assert early == []
    assert all(bool(row["published"]) == (row["vintage_basis"] != "unknown") for row in press)


def test_dates_taken_from_addresses_stand_in_them(press: list[Row]) -> None:
    dated = [row for row in press if row["vintage_basis"] == "url_date" and row["url"]]
    assert len(dated) > 100
    for row in dated:
        digits = "".join(character for character in row["url"] if character.isdigit())
        year, month, *day = row["published"].split("-")
        forms = {
            year + month + "".join(day),
            year[2:] + month + "".join(day),
            year + month + "".join(day).removeprefix("0"),
        }
        assert any(form in digits for form in forms), row["figure_id"]


def lookup(statistics: list[Row]) -> dict[tuple[str, ...], float]:
    return {
        tuple(
            row[name] for name in ("dataset_id", "edition", "ref_area", "counterpart_area", "indicator", "time_period")
        ): float(row["value_as_read"])
        for row in statistics
    }


def part_value(values: Mapping[tuple[str, ...], float], part: Row, period: str) -> float | None:
    names = part["formula"].split(" + ") if part["formula"] else [part["indicator"]]
    where = [part[name] for name in ("dataset_id", "edition", "ref_area", "counterpart_area")]
    found = [values.get((*where, name, period)) for name in names]
    return None if None in found else sum(value for value in found if value is not None)


def grouped(chains: list[Row]) -> dict[tuple[str, str], list[Row]]:
    groups: dict[tuple[str, str], list[Row]] = {}
    for part in chains:
        groups.setdefault((part["chain_id"], part["indicator"]), []).append(part)
    return groups


def test_chains_have_one_reporter_one_quantity_and_ordered_parts(chains: list[Row]) -> None:
    for name, parts in grouped(chains).items():
        for column in ("title", "ref_area", "counterpart_area", "indicator", "commodity"):
            assert len({part[column] for part in parts}) == 1, name
        assert [int(part["part"]) for part in parts] == list(range(1, len(parts) + 1)), name
        ends = [period for part in parts for period in (part["period_from"], part["period_to"])]
        assert ends == sorted(ends), name
        assert all(before["period_to"] < part["period_from"] for before, part in itertools.pairwise(parts)), name
        assert all(part["reason"].endswith(".") for part in parts), name


def test_chain_parts_have_values_at_both_ends(chains: list[Row], statistics: list[Row]) -> None:
    values = lookup(statistics)
    for part in chains:
        assert part_value(values, part, part["period_from"]) is not None, part
        assert part_value(values, part, part["period_to"]) is not None, part


def test_seams_state_the_difference_the_values_give(chains: list[Row], statistics: list[Row]) -> None:
    values = lookup(statistics)
    stated = 0
    for name, parts in grouped(chains).items():
        for before, part in itertools.pairwise(parts):
            shared = {
                key[-1]
                for key in values
                if part_value(values, before, key[-1]) is not None and part_value(values, part, key[-1]) is not None
            }
            assert bool(shared) == bool(part["overlap_period"]), name
            if shared:
                stated += 1
                here, there = (part_value(values, which, part["overlap_period"]) for which in (part, before))
                assert here is not None
                assert there is not None
                assert f"{here / there - 1:.4f}" == part["overlap_difference"], name
    assert stated == 5


def test_chains_that_pages_rely_on_exist(chains: list[Row]) -> None:
    names = grouped(chains).keys()
    for indicator in ("TRADE_TOTAL", "EXP_FOB", "IMP_CIF"):
        assert ("CHN_RUS_TRADE_CHINA_REPORTED", indicator) in names
        for partner in ("CHN", "RUS", "WORLD"):
            assert (f"KAZ_{partner}_TRADE_KAZAKH_REPORTED", indicator) in names
    for supplier in ("RUS", "TKM", "UZB", "KAZ", "MMR", "WORLD"):
        assert (f"CHN_GAS_IMPORTS_{supplier}", "GAS_IMP_PIPELINE") in names


def test_known_numbers(statistics: list[Row]) -> None:
    values = lookup(statistics)
    dots = ("imf_dots", "DOTS, data to 2020")

    def turnover(reporter: str, partner: str, year: str) -> float:
        return sum(values[(*dots, reporter, partner, name, year)] for name in ("EXP_FOB", "IMP_CIF")) / 1e9

    assert turnover("CHN", "RUS", "2014") == pytest.approx(95.24, abs=0.005)
    assert turnover("CHN", "RUS", "2015") == pytest.approx(67.955, abs=0.0005)
    assert turnover("RUS", "CHN", "2015") == pytest.approx(63.55, abs=0.005)
    assert values["gacc", "first release", "CHN", "RUS", "TRADE_TOTAL", "2025"] == 228_105_000_000
    assert values["gazprom", "first release", "RUS", "CHN", "GAS_DELIVERY", "2025"] == 38.8
    suppliers = sum(
        values["ei_review", "bp2018", "CHN", area, "GAS_IMP_PIPELINE", "2017"] for area in ("TKM", "UZB", "KAZ")
    )
    assert suppliers == pytest.approx(36.124, abs=1e-9)
    monthly = [row for row in statistics if row["dataset_id"] == "fcs_monthly"]
    assert Counter(row["time_period"][:4] for row in monthly) == {str(year): 24 for year in range(2006, 2022)}


def reference(name: str) -> list[Row]:
    path = REFERENCE / name
    if not path.exists():
        pytest.skip("the reference tables are not beside this checkout")
    return read(path)


def test_statistics_equal_the_reference(statistics: list[Row]) -> None:
    expected = reference("official_statistics.csv")
    names = ("dataset_id", "ref_area", "counterpart_area", "time_period", "unit_as_read", "obs_status")
    theirs = ("dataset_id", "ref_area", "counterpart_area", "time_period", "unit_measure", "obs_status")
    ours = Counter((*(row[name] for name in names), float(row["value_as_read"])) for row in statistics)
    assert ours == Counter((*(row[name] for name in theirs), float(row["obs_value"])) for row in expected)


@pytest.mark.parametrize(("name", "family"), [("press_figures.csv", "press"), ("supplement.csv", "supp")])
def test_press_figures_equal_the_reference(press: list[Row], name: str, family: str) -> None:
    expected = reference(name)
    ours = [row for row in press if row["figure_id"].startswith(family)]
    assert [(row["value_as_read"], row["unit_as_read"]) for row in ours] == [
        (row["value"], row["unit"]) for row in expected
    ]
    assert [row["url"] for row in ours if row["url"]] == [
        row["source_url"] for row in expected if "://" in row["source_url"]
    ]
    for mine, theirs in zip(ours, expected, strict=True):
        assert mine["published"] == theirs.get("published") or not theirs.get("published"), mine["figure_id"]
        assert (mine["provenance"] == "derived") == theirs["note"].startswith("DERIVED"), mine["figure_id"]
        assert bool(mine["disagrees_with"]) >= ("DISAGREES" in theirs["note"]), mine["figure_id"]


def test_claims_equal_the_reference(press: list[Row]) -> None:
    columns = {"a": "projects", "b": "value", "c": "implemented_projects", "d": "implemented_value"}
    expected = {
        f"claim-{number:02d}{letter}": (row["said_on"], row[column])
        for number, row in enumerate(reference("portfolio_claims.csv"), 1)
        for letter, column in columns.items()
        if row[column]
    }
    ours = {
        row["figure_id"]: (row["time_period"], row["value_as_read"])
        for row in press
        if row["figure_id"].startswith("claim")
    }
    assert ours == expected
