"""The scope of a reader's question: which indicator each reporter has for a direction, which years, in which words."""

import pytest

from components.labels import Words
from components.trade.scope import PAIRS, Scope, scope_of
from pipelines.errors import DataError

NAMES = Words({"CL_AREA": {"RUS": "Russia", "CHN": "China", "KAZ": "Kazakhstan"}})


@pytest.mark.parametrize(
    ("pair", "flow", "reporter", "indicator"),
    [
        ("RUS-CHN", "total", "CHN", "TRADE_TOTAL"),
        ("RUS-CHN", "first", "RUS", "EXP_FOB"),
        ("RUS-CHN", "first", "CHN", "IMP_CIF"),
        ("RUS-CHN", "second", "RUS", "IMP_CIF"),
        ("RUS-CHN", "second", "CHN", "EXP_FOB"),
        ("EU27-RUS", "total", "EU27", "EXP_FOB"),
        ("EU27-RUS", "second", "EU27", "IMP_CIF"),
        ("KAZ-W00", "second", "KAZ", "IMP_CIF"),
    ],
)
def test_each_reporter_names_a_direction_its_own_way(pair: str, flow: str, reporter: str, indicator: str) -> None:
    assert Scope(PAIRS[pair], flow).indicator(reporter) == indicator


@pytest.mark.parametrize("pair", [pair for pair in PAIRS.values() if pair.kind == "bilateral"])
def test_one_side_s_exports_are_the_other_s_imports(pair: object) -> None:
    for flow in ("first", "second"):
        scope = Scope(pair, flow)  # type: ignore[arg-type]
        assert {scope.indicator(reporter) for reporter in scope.pair.reporters} == {"EXP_FOB", "IMP_CIF"}


def test_the_main_reporter_comes_first_and_has_a_partner() -> None:
    pair = PAIRS["RUS-CHN"]
    assert pair.reporters == ("CHN", "RUS") and pair.partner("CHN") == "RUS"
    assert PAIRS["EU27-CHN"].reporters == ("EU27",)


@pytest.mark.parametrize(
    ("pair", "flow", "words"),
    [
        ("RUS-CHN", "total", "goods trade of Russia with China"),
        ("RUS-CHN", "second", "exports of China to Russia"),
        ("EU27-KAZ", "total", "exports of the EU to Kazakhstan"),
        ("RUS-W00", "second", "imports of Russia"),
        ("KAZ-W00", "total", "goods trade of Kazakhstan with the world"),
    ],
)
def test_a_flow_has_words(pair: str, flow: str, words: str) -> None:
    assert Scope(PAIRS[pair], flow).words(NAMES) == words


def test_a_scope_covers_what_touches_its_years_and_nothing_undated() -> None:
    scope = Scope(PAIRS["RUS-CHN"], start=2000, end=2010)
    assert [scope.covers(p) for p in ("1999", "2000", "1990/1999", "1995/2003", "2010-01/2010-04", "2011", "")] == [
        False, True, False, True, True, False, False,
    ]  # fmt: skip


def test_a_selection_becomes_a_scope_or_is_refused() -> None:
    scope = scope_of({"pair": "CHN-KAZ", "flow": "first", "from": "2000", "to": "2010.0"})
    assert (scope.pair.label, scope.flow, scope.start, scope.end) == ("China–Kazakhstan", "first", 2000, 2010)
    with pytest.raises(DataError, match=r"Swap them\."):
        scope_of({"pair": "CHN-KAZ", "from": "2011", "to": "2010"})
