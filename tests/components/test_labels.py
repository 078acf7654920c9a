import math

import pytest

from components import labels
from pipelines.tables import Tables

NB = labels.NBSP


@pytest.mark.parametrize(
    ("amount", "unit", "counted", "words"),
    [
        (95.24e9, "USD", "", f"US$95.2{NB}bn"),
        (4e12, "USD", "", f"US$4{NB}tn"),
        (860e6, "USD", "", f"US$860{NB}m"),
        (-1.5e9, "USD", "", f"−US$1.5{NB}bn"),
        (12, "EUR", "", "€12"),
        (38, "BCM_YR", "", f"38{NB}bcm a year"),
        (31.68, "BCM", "", f"31.7{NB}bcm"),
        (14.2e6, "T", "", f"14.2{NB}Mt"),
        (250, "T", "", f"250{NB}t"),
        (-28, "PERCENT", "", f"−28{NB}%"),
        (1.76, "PERCENT", "", f"1.76{NB}%"),
        (39, "COUNT", "project", f"39{NB}projects"),
        (1, "COUNT", "country", f"1{NB}country"),
        (40, "COUNT", "country", f"40{NB}countries"),
        (7, "COUNT", "", "7"),
        (1, "YEAR", "", f"1{NB}year"),
        (620_000, "PERSON", "", f"620,000{NB}people"),
        (2, "RANK", "", "rank 2"),
        (math.nan, "USD", "", "not stated"),
        (None, "USD", "", "not stated"),
    ],
)
def test_an_amount_is_read_at_a_glance(amount: float | None, unit: str, counted: str, words: str) -> None:
    assert labels.value(amount, unit, counted=counted) == words


def test_fine_keeps_what_was_printed() -> None:
    assert labels.value(10.39, "BCM", fine=True) == f"10.39{NB}bcm"
    assert labels.value(240.11e9, "USD", fine=True) == f"US$240.11{NB}bn"


@pytest.mark.parametrize(
    ("bound", "sign"), [("=", ""), ("~", "≈"), ("<~", "just under"), (">=", "≥"), (">", ">"), ("<=", "≤"), ("<", "<")]
)
def test_a_bound_stands_before_its_amount(bound: str, sign: str) -> None:
    assert labels.bounded(94e9, "USD", bound) == f"{sign}{NB if sign else ''}US$94{NB}bn"


def test_an_open_interval_says_which_end_is_open() -> None:
    assert labels.interval(94e9, None, "USD") == f"US$94{NB}bn or more"
    assert labels.interval(None, 8, "DAY") == f"8{NB}days or less"
    assert labels.interval(5e9, 7e9, "USD") == f"US$5{NB}bn to US$7{NB}bn"
    assert labels.interval(3, 3, "YEAR") == f"3{NB}years"
    assert labels.interval(math.nan, math.nan, "USD") == "not bounded"


def test_money_axes_are_in_billions_or_millions() -> None:
    assert labels.scale_for("USD", [1e9, 240e9]) == labels.Scale(1e9, "US$ bn")
    assert labels.scale_for("USD", [3e6]) == labels.Scale(1e6, "US$ m")
    assert labels.scale_for("T", [14.2e6]) == labels.Scale(1e6, "Mt")
    assert labels.scale_for("BCM", [38]) == labels.Scale(1, "bcm")


def test_names_come_from_the_code_lists(few: Tables) -> None:
    names = labels.words(few.codes)
    assert names.area("RUS;CHN;KAZ") == "Russia, China and Kazakhstan"
    assert names.area("XYZ") == "XYZ"
    assert labels.pair(names, "CHN", "RUS") == "China–Russia"
    assert labels.pair(names, "CHN", "") == "China"
    assert names.description("CL_ROLE", "target") == "An official goal"
    assert labels.words(few.codes) is names


def test_a_citation_is_made_of_the_source_row(few: Tables) -> None:
    sources = labels.by_id(few.sources)
    first, second = labels.citations(sources, ["paper-2016", "customs", "paper-2016", "nobody"])
    assert first == "A. Scholar (2016). Turning <East>. Paper Club. javascript:alert(1)"
    assert second == "Customs (2024). Trade tables. https://customs.example/t"
    assert labels.source_line(sources, ["customs", "paper-2016", "customs"]) == "Customs and Paper Club"
