"""Finding quoted figures again: in a made document that moves, changes and breaks, and in the real ones."""

import hashlib
from pathlib import Path

import pandas as pd
import pytest

from pipelines import flow
from pipelines.errors import DataError
from pipelines.extract.documents import passage, read_document, slice_sha256, verify_documents

TEXT = (
    "A Made Report\n\nTrade reached $95 billion in 2014.1 It then fell by 28%, the rally\nwent from Moscow to Russia.\n\n"
    "Gas of 38 bcm \nannually is\xa0contracted. “Nearly half” of it, 50%.16\n"
)
SENTENCES = {
    "$95 billion": "Trade reached $95 billion in 2014.1",
    "fell by 28%": "It then fell by 28%, the rally\nwent from Moscow to Russia.",
    "38 bcm \nannually": "Gas of 38 bcm \nannually is\xa0contracted.",
    "Nearly half": "“Nearly half” of it, 50%.16",
}


def figure(number: int, words: str) -> dict[str, object]:
    sentence = SENTENCES[words]
    first, start = TEXT.index(sentence), TEXT.index(words)
    return {
        "figure_id": f"made-{number:03}",
        "source_id": "made",
        "char_start": start,
        "char_end": start + len(words),
        "sentence_start": first,
        "sentence_end": first + len(sentence),
        "as_written": words,
        "sentence_sha256": hashlib.sha256(sentence.encode()).hexdigest(),
    } | dict.fromkeys(["unit_from_context", "per_from_context", "bound_from_context", "sign_from_context", "counted"])


@pytest.fixture
def registers() -> dict[str, pd.DataFrame]:
    slip = TEXT.index("Moscow to Russia")
    sources = {
        "source_id": "made",
        "kind": "document",
        "file_name": "made.txt",
        "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
    }
    correction = {
        "correction_id": "route",
        "source_id": "made",
        "char_start": slip,
        "char_end": slip + 16,
        "words_sha256": slice_sha256(TEXT, slip, slip + 16),
    }
    dated = TEXT.index("2014")
    event = {
        "event_id": "record-trade",
        "source_id": "made",
        "char_start": dated,
        "char_end": dated + 4,
        "words_sha256": slice_sha256(TEXT, dated, dated + 4),
    }
    return {
        "sources": pd.DataFrame([sources, sources | {"source_id": "paper", "kind": "press", "file_name": None}]),
        "figures": pd.DataFrame([figure(number, words) for number, words in enumerate(SENTENCES, start=1)]),
        "corrections": pd.DataFrame([correction]),
        "events": pd.DataFrame([event]),
    }


def write(folder: Path, text: str) -> Path:
    (folder / "made.txt").write_bytes(text.encode())
    return folder


def test_all_is_found_where_it_was(tmp_path: Path, registers: dict[str, pd.DataFrame]) -> None:
    report = verify_documents(write(tmp_path, TEXT), registers)
    assert report.text == "located 4/4, parsed 4/4"
    assert report.is_good


def test_moved_figures_are_found_elsewhere_with_their_new_place(
    tmp_path: Path, registers: dict[str, pd.DataFrame]
) -> None:
    report = verify_documents(write(tmp_path, "Preface. 50%.\n\n" + TEXT), registers)
    assert set(report.figures["status"]) == {"moved"}
    assert (report.figures["found_at"] - report.figures["char_start"] == 15).all()
    assert report.slips["status"].tolist() == report.events["status"].tolist() == ["moved"]
    assert "record-trade: moved, its words moved to" in report.text
    assert "made.txt: differs" in report.text
    assert report.text.splitlines()[-1] == "located 0/4, parsed 4/4"
    assert not report.is_good


def test_an_offset_that_slipped_inside_its_sentence_is_told_with_the_right_one(
    tmp_path: Path, registers: dict[str, pd.DataFrame]
) -> None:
    right = registers["figures"]["char_start"]
    slipped = registers["figures"].assign(char_start=right + pd.Series([3, 0, 0, 0]))
    report = verify_documents(write(tmp_path, TEXT), registers | {"figures": slipped})
    assert report.figures["status"].tolist() == ["moved", "located", "located", "located"]
    assert f"made-001: moved, stands at {right[0]} instead of {right[0] + 3}, in the same sentence" in report.text
    assert report.text.splitlines()[-1] == "located 3/4, parsed 4/4"


def test_a_change_of_the_sentence_is_told_from_a_change_of_the_figure(
    tmp_path: Path, registers: dict[str, pd.DataFrame]
) -> None:
    report = verify_documents(write(tmp_path, TEXT.replace("reached", "came to").replace("28%", "29%")), registers)
    status = report.figures.set_index("figure_id")["status"]
    assert status.to_dict() == {
        "made-001": "changed",
        "made-002": "missing",
        "made-003": "located",
        "made-004": "located",
    }
    assert "made-002: missing, 'fell by 28%' occurs nowhere; at its offset stands 'fell by 29%'" in report.text
    assert report.text.splitlines()[-1] == "located 2/4, parsed 4/4"


def test_a_repaired_slip_lets_its_correction_expire(tmp_path: Path, registers: dict[str, pd.DataFrame]) -> None:
    report = verify_documents(write(tmp_path, TEXT.replace("Moscow to Russia", "Moscow to Peking")), registers)
    assert report.slips["status"].tolist() == ["expired"]
    assert "route: expired" in report.text
    assert "delete the line in datasets/corrections.csv" in report.text
    assert not report.is_good


def test_an_event_whose_words_are_gone_is_told(tmp_path: Path, registers: dict[str, pd.DataFrame]) -> None:
    report = verify_documents(write(tmp_path, TEXT.replace("2014", "2013")), registers)
    assert report.events["status"].tolist() == ["gone"]
    assert "record-trade: gone, the words that date it are gone; correct char_start" in report.text
    assert not report.is_good


def test_an_absent_document_is_told_once_with_what_hangs_on_it(
    tmp_path: Path, registers: dict[str, pd.DataFrame]
) -> None:
    write(tmp_path, TEXT)
    lost = registers["sources"].iloc[[0]].assign(source_id="lost", file_name="lost.txt")
    of_lost = registers["figures"].assign(source_id="lost", figure_id=registers["figures"]["figure_id"] + "x")
    report = verify_documents(
        tmp_path,
        {
            "sources": pd.concat([registers["sources"], lost]),
            "figures": pd.concat([registers["figures"], of_lost], ignore_index=True),
            "corrections": pd.concat([registers["corrections"], registers["corrections"].assign(source_id="lost")]),
            "events": pd.concat([registers["events"], registers["events"].assign(source_id="lost")]),
        },
    )
    assert report.documents["status"].tolist() == ["as recorded", "absent"]
    assert report.slips["status"].tolist() == ["holds", "not checked"]
    assert report.text == (
        "lost.txt: absent, lost.txt is missing. Copy the document there under that name, or correct the name. "
        "Its 4 figures and 1 corrections are not checked.\nlocated 4/8, parsed 8/8"
    )
    assert not report.is_good


def test_a_folder_without_any_of_the_documents_is_refused(tmp_path: Path, registers: dict[str, pd.DataFrame]) -> None:
    with pytest.raises(
        DataError, match=r"none of the 1 documents is in .*\. Name the folder that holds made\.txt, or copy"
    ):
        verify_documents(tmp_path, registers)


def test_damaged_utf8_is_named_with_its_byte(tmp_path: Path, registers: dict[str, pd.DataFrame]) -> None:
    (tmp_path / "made.txt").write_bytes(TEXT.encode()[:20] + b"\xff\xfe" + TEXT.encode()[20:])
    report = verify_documents(tmp_path, registers)
    assert report.documents["status"].tolist() == ["unreadable"]
    assert "byte 20 is no UTF-8" in report.text


def test_figures_that_cannot_be_read_are_counted_and_named(tmp_path: Path, registers: dict[str, pd.DataFrame]) -> None:
    figures = registers["figures"].assign(unit_from_context=[None, None, "USD", None])
    report = verify_documents(write(tmp_path, TEXT), registers | {"figures": figures})
    assert report.text.splitlines()[-1] == "located 4/4, parsed 3/4"
    assert "made-003: cannot read" in report.text
    assert not report.is_good


def test_a_missing_folder_is_refused(tmp_path: Path, registers: dict[str, pd.DataFrame]) -> None:
    with pytest.raises(DataError, match="does not exist"):
        verify_documents(tmp_path / "nowhere", registers)


def test_line_ends_are_read_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "ends.txt").write_bytes(b"one\r\ntwo\rthree\n")
    assert read_document(tmp_path / "ends.txt") == "one\r\ntwo\rthree\n"


def test_a_folder_is_no_document(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is a folder"):
        read_document(tmp_path)


@pytest.mark.parametrize("preface", ["", "Preface. "])
def test_a_passage_marks_the_figure_in_its_sentence(
    tmp_path: Path, registers: dict[str, pd.DataFrame], preface: str
) -> None:
    write(tmp_path, preface + TEXT)
    source = registers["sources"].iloc[0].to_dict()
    for row in registers["figures"].to_dict("records"):
        found = passage(tmp_path, source, row)
        assert found.text == SENTENCES[row["as_written"]]
        assert found.text[found.start : found.end] == row["as_written"]


def test_a_passage_that_is_gone_is_refused(tmp_path: Path, registers: dict[str, pd.DataFrame]) -> None:
    write(tmp_path, TEXT.replace("28%", "29%"))
    with pytest.raises(DataError, match=r"made-002 no longer stands in made\.txt"):
        passage(tmp_path, registers["sources"].iloc[0].to_dict(), registers["figures"].iloc[1].to_dict())


def test_the_five_documents_hold_every_figure(datasets: Path, shared: Path) -> None:
    report = verify_documents(shared / "seeds", flow.read_datasets(datasets))
    assert report.text == "located 135/135, parsed 135/135"
    assert report.is_good


def test_every_real_figure_has_a_passage(datasets: Path, shared: Path) -> None:
    registers = flow.read_datasets(datasets)
    sources = registers["sources"].set_index("source_id", drop=False)
    for row in registers["figures"].to_dict("records"):
        found = passage(shared / "seeds", sources.loc[row["source_id"]].to_dict(), row)
        assert found.text[found.start : found.end] == row["as_written"]
