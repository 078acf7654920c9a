from collections.abc import Callable

import pytest

from components.findings import reading
from components.findings.reading import index
from pipelines.tables import Tables


def test_a_finding_is_taken_apart(found: Tables) -> None:
    first = index(found).findings[0]
    assert first.observation_ids == first.concerned == ("paper-2016-001", "paper-2016-002")
    assert first.odd_one_out == (("paper-2016-002",),)
    assert [(line.low, line.high, line.kind) for line in first.picture] == [
        (61.5e9, 62.5e9, "quoted"), (68e9, None, "computed"),
    ]  # fmt: skip
    assert first.address == "/findings?finding=fall-1#finding-fall-1"


def test_slips_agreement_and_what_is_explained_or_accepted_mark_no_chart(found: Tables) -> None:
    badged = {key: [finding.finding_id for finding in several] for key, several in index(found).badged.items()}
    assert badged == {
        "paper-2016-001": ["fall-1"], "paper-2016-002": ["fall-1"], "paper-2016-003": ["scope-2"],
        "customs.CHN.RUS.2010": ["series-2"], "customs.CHN.RUS.2011": ["series-2"],
    }  # fmt: skip
    assert [finding.finding_id for finding in index(found).about["paper-2016-001"]] == ["fall-1", "scope-1", "agrees-1"]


def test_the_same_table_is_read_once_and_another_anew(found: Tables, make_tables: Callable[..., Tables]) -> None:
    assert index(found) is index(found)
    assert index(make_tables()).findings == ()


def test_what_marks_carry_is_looked_up_once_and_not_without_end(found: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    by_mark = index(found).badged.by_mark
    first = by_mark["paper-2016-001"]
    assert first and by_mark["paper-2016-001"] is first
    monkeypatch.setattr(reading, "MARKS_HELD", len(by_mark) + 2)
    for number in range(10):
        assert by_mark[f"nobody-{number}"] == ()
    assert len(by_mark) <= reading.MARKS_HELD
    assert by_mark["paper-2016-001"] == first
