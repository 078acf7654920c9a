import time

from components import provenance, search
from pipelines.tables import Tables


def test_every_word_must_occur_and_quotations_come_first(few: Tables) -> None:
    (hits,) = search.find(search.index(few), "GOODS 2014 95")
    assert hits.kind == "Figures" and hits.entries[0].mark == "paper-2016-001"


def test_a_figure_is_found_by_its_own_words(few: Tables) -> None:
    (hits,) = search.find(search.index(few), "$95 billion")
    assert [entry.mark for entry in hits.entries] == ["paper-2016-001"]


def test_all_kinds_are_found_with_a_way_to_them(few: Tables) -> None:
    entries = search.index(few)
    sought = ("pipeline operating", "100 by 2015", "contract is", "turning")
    found = {hit.kind: hit.entries[0] for words in sought for hit in search.find(entries, words)}
    assert found["Projects"].mark == "project:PIPE"
    assert found["Projects"].text == "A pipeline, gas pipeline, operating"
    assert found["Commitments"].mark == "commitment:hundred"
    assert found["Events"].mark == "event:visit"
    assert found["Sources"].mark == "source:paper-2016"
    for entry in found.values():
        provenance.panel(few, entry.mark)


def test_long_lists_are_cut_and_counted(few: Tables) -> None:
    hits = next(hit for hit in search.find(search.index(few), "goods") if hit.kind == "Figures")
    assert len(hits.entries) == search.LIMIT and hits.total == len(few.observations)


def test_no_words_and_no_hits_say_so(few: Tables) -> None:
    entries = search.index(few)
    assert "Type a place" in str(search.results(search.find(entries, "  "), "  "))
    assert "Nothing found for “zebra”" in str(search.results(search.find(entries, "zebra"), "zebra"))


def test_a_long_query_does_not_hang(few: Tables) -> None:
    started = time.perf_counter()
    search.find(search.index(few), "a " * 100_000)
    assert time.perf_counter() - started < 2
