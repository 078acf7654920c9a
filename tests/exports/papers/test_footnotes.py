"""A number in a sentence carries the note of the mark it comes from, and no other."""

import pandas as pd

from exports.papers.footnotes import Notes, annotate
from pipelines.tables import Tables

ONE = "valdai-2016-47-026"


def rows(*cells: dict[str, object]) -> pd.DataFrame:
    blank = {
        "observation_id": "",
        "observation_ids": "",
        "formula": "",
        "counted": "",
        "source_id": "",
        "time_period": "",
    }
    return pd.DataFrame([{**blank, **cell} for cell in cells])


def test_a_note_tells_who_said_it_when_and_in_which_words(tables: Tables) -> None:
    notes = Notes(tables)
    spans = annotate(
        "It carries 38\u00a0bcm a year by contract.",
        rows({"observation_id": ONE, "obs_value": 38.0, "unit_measure": "BCM_YR"}),
        notes,
    )
    assert [span.text for span in spans] == ["It carries 38\u00a0bcm a year", " by contract."]
    note = notes.texts[spans[0].note]
    for words in ("Valdai Discussion Club", "May 2016", "as written: “38 bcm annually”", f"[{ONE}]"):
        assert words in note


def test_a_press_figure_is_told_as_read_not_as_if_its_ledger_cells_were_words(tables: Tables) -> None:
    notes = Notes(tables)
    key = notes.of_ids("supp-260")
    assert "as read: US$17 bn" in notes.texts[key]
    assert "USD bn" not in notes.texts[key]


def test_a_number_two_marks_share_is_noted_only_where_the_period_is_named(tables: Tables) -> None:
    ids = tables.observations["observation_id"].tolist()[:2]
    both = [
        {"observation_id": i, "obs_value": 7.5, "unit_measure": "PERCENT", "time_period": year}
        for i, year in zip(ids, ("2011", "2012"), strict=True)
    ]
    notes = Notes(tables)
    assert [span.note for span in annotate("It was 7.5\u00a0% then.", rows(*both), notes)] == [""]
    assert annotate("It was 7.5\u00a0% in 2012.", rows(*both), notes)[0].note == ids[1]


def test_a_number_inside_another_is_not_taken_for_it(tables: Tables) -> None:
    mark = rows({"observation_id": ONE, "obs_value": 8.0, "unit_measure": "BCM_YR"})
    assert [span.note for span in annotate("It is 38\u00a0bcm a year.", mark, Notes(tables))] == [""]


def test_the_last_note_counts_what_is_drawn_by_source(tables: Tables) -> None:
    notes = Notes(tables)
    marks = rows(
        *(
            {"observation_id": ONE, "obs_value": 1.0, "unit_measure": "USD", "source_id": "valdai-2016-47"}
            for _ in range(3)
        )
    )
    spans = annotate("Nothing to note.", marks, notes, "Title")
    assert "Drawn: 3 marks" in notes.texts[spans[-1].note]
    assert "(3)" in notes.texts[spans[-1].note]


def test_a_computed_value_tells_its_formula_in_words(tables: Tables) -> None:
    notes = Notes(tables)
    ids = " ; ".join(tables.observations["observation_id"].tolist()[:2])
    key = notes.of_ids(ids, "TRADE_TOTAL with CHN / TRADE_TOTAL with the world × 100")
    assert "Computed by us from 2 values" in notes.texts[key]
    assert "with China" in notes.texts[key]
    assert "TRADE_TOTAL" not in notes.texts[key]
