import time

from components import search
from pipelines.tables import Tables


def test_every_word_must_occur_and_quotations_come_first(few: Tables) -> None:
    (hits,) = search.find(search.index(few), "GOODS 2014 95")
    assert hits.kind == "Figures" and hits.entries[0].mark == "paper-2016-001"


def test_a_figure_is_found_by_its_own_words(few: Tables) -> None:
    (hits,) = search.find(search.index(few), "$95 billion")
    assert [entry.mark for entry in hits.entries] == ["paper-2016-001"]


def test_all_kinds_are_found_with_a_way_to_them(few: Tables) -> None:
    entries = search.index(few)
    ways = {
        hit.kind: hit.entries[0].href
        for words in ("pipeline", "100 by 2015", "contract is", "turning")
        for hit in search.find(entries, words)
    }
    assert ways["Projects"] == "/projects#PIPE"
    assert ways["Commitments"] == "/targets#hundred"
    assert ways["Events"] == "/#visit"
    assert ways["Sources"] == "/sources#paper-2016"


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
