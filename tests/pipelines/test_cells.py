"""CSV files that somebody saved wrongly: one message with file, line and remedy, whatever is wrong with them."""

from pathlib import Path

import pytest

from pipelines.cells import Cells, cell_problems, key_problems, read_cells
from pipelines.errors import DataError
from pipelines.schema import Field, Table

GOOD = b"name,size\nriver,1\nroad,2\n"


def read(folder: Path, raw: bytes) -> Cells:
    (folder / "events.csv").write_bytes(raw)
    return read_cells(folder / "events.csv", "datasets/events.csv")


@pytest.mark.parametrize(
    "raw",
    [
        GOOD,
        b"\xef\xbb\xbf" + GOOD,
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.rstrip(b"\n"),
        GOOD + b"\n\n",
        b'name,size\n"river","1"\n"road",2\n',
    ],
    ids=["plain", "byte order mark", "windows line ends", "no last line end", "empty lines", "quoted"],
)
def test_harmless_differences_change_nothing(tmp_path: Path, raw: bytes) -> None:
    cells = read(tmp_path, raw)
    assert cells.columns == {"name": ["river", "road"], "size": ["1", "2"]}
    assert list(cells.lines) == [2, 3]


def test_a_row_knows_the_line_it_begins_at(tmp_path: Path) -> None:
    cells = read(tmp_path, b'name,size\n"two\nlines",1\n\nroad,2\n')
    assert list(cells.lines) == [2, 5]
    assert cells.columns["name"] == ["two\nlines", "road"]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", r"datasets/events\.csv is empty\. Restore it"),
        (b"\n\n", r"datasets/events\.csv is empty"),
        (GOOD + b"bridge,3\xff\n", r"line 4: byte 0xff is no UTF-8\. Save the file as UTF-8"),
        (GOOD.decode().encode("utf-16"), r"is UTF-16\. Save it as UTF-8"),
        (GOOD + b"bri\0dge,3\n", "line 4: it holds a NUL byte"),
        (GOOD + b'"bridge,3\n', r"line 4: a quote opens here and is never closed\. Close it"),
        (GOOD + b'"bridge" of steel,3\n', "line 4: text stands behind a closing quote"),
        (GOOD + b"bridge,3,4\n", r"line 4: 3 cells under 2 columns\.\nPut a text that holds a comma"),
        (GOOD + b"bridge\n", "line 4: 1 cells under 2 columns"),
        (GOOD + b"bridge,3,4\n" * 8, r"line 8: 3 cells under 2 columns\.\n… and 3 lines more"),
        (b"name,name\nriver,1\n", "line 1: the column 'name' stands twice"),
        (GOOD.replace(b",", b";"), "line 1: the columns are separated by ';'. Save the file with commas"),
        (GOOD.replace(b",", b"\t"), r"line 1: the columns are separated by '\\t'"),
        (GOOD + b"x" * 140_000 + b",3\n", "line 4: a cell is longer than 131,072 characters"),
    ],
)
def test_what_is_no_table_is_refused_with_place_and_remedy(tmp_path: Path, raw: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read(tmp_path, raw)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"datasets/events\.csv is missing\. Restore it from the repository"):
        read_cells(tmp_path / "events.csv", "datasets/events.csv")
    with pytest.raises(DataError, match=r"datasets/events\.csv cannot be opened: Is a directory"):
        read_cells(tmp_path, "datasets/events.csv")


def problems(field: Field, *values: str, **others: str) -> list[str]:
    fields = (field, *(Field(name, "another column") for name in others))
    table = Table("made", "a row", (field.name,), fields)
    columns = {field.name: list(values)} | {name: [cell] * len(values) for name, cell in others.items()}
    return cell_problems(Cells(columns, range(2, 2 + len(values))), table, "datasets/made.csv")


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        (
            Field("size", "", "number"),
            ["1", "-2.5", "1e9", "3E-4"],
            ["nan", "inf", "1,000", "1e400", "1e-400", "0x1", "٣", "five", "1."],
        ),
        (Field("size", "", "integer", limits=(0, 100)), ["0", "100"], ["-1", "101", "1.0", "1e1", "9" * 400]),
        (Field("size", "", "number", limits=(-90, 90)), ["-90", "52.1"], ["90.1", "-91"]),
        (Field("is_core", "", "flag"), ["true", "false"], ["True", "yes", "0"]),
        (Field("day", "", "date"), ["2016-05-31"], ["2016-05", "2016-02-30", "31.05.2016", "0000-01-01"]),
        (
            Field("day", "", form="moment"),
            ["2016", "2016-05", "2016-05-31"],
            ["2016-13", "2016-02-30", "May 2016", "16", "0000", "2016/2017"],
        ),
        (Field("day", "", form="period"), ["2014", "2020-01/2020-08", "1990/1999"], ["2014-2015", "2014/", "2014/15"]),
        (Field("year", "", form="year"), ["2015"], ["2015-12", "end of 2015", "15"]),
        (
            Field("url", "", form="address"),
            ["https://example.org/a"],
            ["javascript:alert(1)", "ftp://x", "example.org"],
        ),
        (Field("file", "", form="file"), ["a.txt"], ["../a.txt", "a\\b", "/etc/passwd"]),
        (Field("sha", "", form="sha256"), ["0" * 64], ["0", "G" * 64]),
        (Field("kind", "", one_of=("road", "bridge")), ["road"], ["roads", "Road"]),
    ],
    ids=lambda value: value.form or value.type if isinstance(value, Field) else "",
)
def test_a_cell_is_what_its_column_declares(field: Field, good: list[str], bad: list[str]) -> None:
    assert problems(field, *good, "") == []
    found = problems(field, *good, *bad)
    assert [int(one.split(" line ")[1].split(":")[0]) for one in found] == [
        *range(2 + len(good), 2 + len(good) + len(bad))
    ]


def test_a_choice_names_the_nearest_and_all_others() -> None:
    (found,) = problems(Field("kind", "", one_of=("road", "bridge")), "brigde")
    assert found == "datasets/made.csv line 2: kind 'brigde' is not one of road, bridge (did you mean 'bridge'?)."


def test_a_cell_is_needed_where_another_asks_for_it() -> None:
    field = Field("caveat", "", needed={"grade": ("B", "C")})
    assert problems(field, "", grade="A") == []
    assert problems(field, "too early", grade="B") == []
    assert problems(field, "", grade="C") == [
        "datasets/made.csv line 2: caveat is empty though grade is 'C'. Fill it in."
    ]
    any_value = Field("reason", "", needed={"unit": ()})
    assert problems(any_value, "", unit="") == []
    assert len(problems(any_value, "", unit="USD")) == 1


@pytest.mark.parametrize(
    ("kind", "form", "low", "high", "is_wrong"),
    [
        ("integer", None, "99", "100", False),
        ("integer", None, "100", "99", True),
        ("text", "moment", "2014-05", "2014", False),
        ("text", "moment", "2014-05", "2013", True),
        ("text", "moment", "", "2013", False),
    ],
)
def test_an_end_does_not_lie_before_its_start(kind, form, low, high, is_wrong) -> None:
    found = problems(Field("end", "", kind, form=form, not_below="start"), high, start=low)
    assert bool(found) == is_wrong
    assert not found or f"end {high!r} lies before start {low!r}" in found[0]


def test_a_key_twice_names_both_lines() -> None:
    table = Table("made", "a row", ("name",), (Field("name", "a name"),))
    found = key_problems(Cells({"name": ["a", "b", "a"]}, [2, 3, 4]), table, "datasets/made.csv")
    assert found == ["datasets/made.csv line 4: the key a stands twice, first in line 2. Delete or rename one."]
