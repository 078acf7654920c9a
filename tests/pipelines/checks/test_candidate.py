"""New figures are checked before they enter the ledger, and a wrong file is refused in one message."""

from pathlib import Path
from typing import Any

import pytest

from pipelines.checks.candidate import find_with, observe_candidates, read_candidates
from pipelines.codelists import CodeLists, read_codelists
from pipelines.errors import DataError

HEADER = "as_written,indicator,ref_area,counterpart_area,time_period,source_id\n"


@pytest.fixture(scope="module")
def lists(datasets: Path) -> CodeLists:
    return read_codelists(datasets / "codelists")


@pytest.fixture
def read(tmp_path: Path, tables: Any, lists: CodeLists) -> Any:
    def read_text(text: str, encoding: str = "utf-8") -> Any:
        path = tmp_path / "new.csv"
        path.write_text(text, encoding=encoding)
        return read_candidates(path, lists, tables.sources)

    return read_text


def test_words_are_read_by_the_grammar_of_the_ledger(read: Any) -> None:
    rows = read(HEADER + "nearly $9 billion,TRADE_TOTAL,KAZ,CHN,2018,\n28% decline,TRADE_TOTAL,KAZ,CHN,2019,\n")
    assert rows["value_low"].tolist() == [8.1e9, -28.5]
    assert rows["measure_type"].tolist() == ["flow", "growth"]
    assert rows["figure_id"].tolist() == ["candidate-001", "candidate-002"]


def test_numbers_are_read_with_their_printed_unit(read: Any) -> None:
    (row,) = read(
        "value_as_read,unit_as_read,indicator,ref_area,counterpart_area,time_period\n42.5,USD bn,EXP_FOB,KAZ,CHN,2018-01/2018-06\n"
    ).to_dict("records")
    assert (row["obs_value"], row["value_low"], row["freq"]) == (42.5e9, 42.45e9, "YTD")


def test_a_file_of_the_press_table_is_read(read: Any, datasets: Path) -> None:
    lines = (datasets / "figures" / "press.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    rows = read(lines[0] + lines[1].replace("press-001", "new-001"))
    assert rows["obs_value"].tolist() == [56.83e9] and rows["bound"].tolist() == [">"]


def test_a_ledger_is_read(read: Any, datasets: Path) -> None:
    text = (datasets / "figures" / "rpta-2024-eaeu.csv").read_text(encoding="utf-8")
    assert len(read(text.replace("rpta-2024-eaeu-", "new-"))) == 6


def test_figures_of_a_new_text_are_checked_against_each_other(read: Any, tables: Any) -> None:
    rows = read(
        HEADER
        + "$50 billion,TRADE_TOTAL,KAZ,CHN,2018,new\n20% growth,TRADE_TOTAL,KAZ,CHN,2019,new\n$75 billion,TRADE_TOTAL,KAZ,CHN,2019,new\n"
    )
    found = find_with(tables, rows)
    (row,) = found[found["rule"] == "level-and-growth"].to_dict("records")
    assert row["verdict"] == "contradiction"
    assert row["figure_ids"] == "candidate-001 ; candidate-002 ; candidate-003"


def test_a_figure_of_a_known_text_is_set_beside_what_that_text_states(read: Any, tables: Any) -> None:
    found = find_with(tables, read(HEADER + "$30 billion,INVEST_STOCK,CHN,W00,2013-12-31,valdai-2016-47\n"))
    assert "part-and-whole" in set(found["rule"])


def test_a_single_figure_gets_what_the_record_says(lists: CodeLists, tables: Any) -> None:
    import pandas as pd

    typed = pd.DataFrame(
        [
            {
                "as_written": "$68 billion",
                "indicator": "TRADE_TOTAL",
                "ref_area": "CHN",
                "counterpart_area": "RUS",
                "time_period": "2015",
            }
        ]
    )
    found = find_with(tables, observe_candidates(typed, lists, tables.sources))
    (row,) = found[found["rule"] == "against-the-record"].to_dict("records")
    assert row["verdict"] == "agrees"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "new.csv is empty"),
        (HEADER, "has no figure"),
        ("as_written,ref_area\n5,RUS\n", "line 1: column indicator is missing"),
        (HEADER.replace("counterpart_area", "counterpart"), "no column is called 'counterpart' \\(did you mean"),
        (HEADER + "abc,TRADE_TOTAL,RUS,CHN,2015,\n", "new.csv line 2: cannot read 'abc'"),
        (HEADER + "$5 billion,TRADE_TOTALS,RUS,CHN,2015,\n", "TRADE_TOTALS.*did you mean 'TRADE_TOTAL'.*line 2"),
        (HEADER + "$5 billion,TRADE_TOTAL,RUS,CHN,2015,\n$5 billion,TRADE_TOTAL,RUS,CHN,15,\n", "line 3: time_period '15'"),
        (HEADER + ",TRADE_TOTAL,RUS,CHN,2015,\n", "line 2: no figure. Fill in as_written"),
        ("value_as_read,unit_as_read,indicator,ref_area\n5,USD million,EXP_FOB,RUS\n", "line 2: CL_PRINTED_UNIT has no unit"),
        ("value_as_read,unit_as_read,indicator,ref_area\nfive,USD bn,EXP_FOB,RUS\n", "line 2: value_as_read 'five' is no number"),
        ("figure_id,as_written,indicator,ref_area\na-1,$5 billion,EXP_FOB,RUS\na-1,$6 billion,EXP_FOB,RUS\n", "line 3: figure_id 'a-1' stands twice"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_its_line(read: Any, text: str, message: str) -> None:
    with pytest.raises(DataError, match=f"(?s){message}"):
        read(text)


def test_what_is_no_text_is_refused(tmp_path: Path, tables: Any, lists: CodeLists) -> None:
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00a")
    for path in (tmp_path / "bytes.csv", tmp_path, tmp_path / "missing.csv"):
        with pytest.raises(DataError, match=path.name):
            read_candidates(path, lists, tables.sources)


def test_a_taken_name_is_refused(read: Any, tables: Any) -> None:
    rows = read("figure_id,as_written,indicator,ref_area\npress-001,$5 billion,EXP_FOB,RUS\n")
    with pytest.raises(DataError, match="press-001"):
        find_with(tables, rows)


def test_a_unit_of_the_same_kind_is_read_and_another_refused(read: Any) -> None:
    rows = read(HEADER.replace("as_written", "value_as_read,unit_as_read") + "422.7,CNY bn,TRADE_TOTAL,CHN,RUS,2015,\n")
    assert rows["unit_measure"].tolist() == ["CNY"]
    with pytest.raises(DataError, match="line 2: '5 bcm' is in BCM, but Goods trade turnover is measured in USD"):
        read(HEADER + "5 bcm,TRADE_TOTAL,CHN,RUS,2015,\n")
