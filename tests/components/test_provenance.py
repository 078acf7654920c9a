from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest
from dash.development.base_component import Component

from components import labels, provenance
from components.pages import targets
from components.views import Exhibit
from pipelines.errors import DataError
from pipelines.extract.documents import Passage
from pipelines.tables import Tables


def words(component: Any) -> str:
    """All text of a component, in reading order."""
    if isinstance(component, Component):
        return words(getattr(component, "children", None))
    if isinstance(component, (list, tuple)):
        return "\n".join(words(part) for part in component)
    return "" if component is None else str(component)


def all_of(component: Any) -> Iterator[Component]:
    if isinstance(component, Component):
        yield component
        yield from all_of(getattr(component, "children", None))
    elif isinstance(component, (list, tuple)):
        for part in component:
            yield from all_of(part)


def test_a_quotation_says_who_when_what_and_who_disagrees(few: Tables) -> None:
    text = words(provenance.panel(few, "paper-2016-001"))
    for said in (
        "US$95\u00a0bn", "$95 billion", "A. Scholar", "Paper Club (research)", "May 2016 (date printed on the document: running head)",
        "2014 (as stated)", "Goods trade turnover", "China–Russia", "Actual, flow", "US$94.5\u00a0bn to US$95.5\u00a0bn", "95 USD bn",
        "+5.6\u00a0%", "differs", "the reporter counts", "Licence: Quotation",
    ):  # fmt: skip
        assert said in text, said


def test_a_document_is_nobodys_report_and_promises_have_no_reporter(tables: Tables) -> None:
    text = words(provenance.panel(tables, "valdai-2016-47-013"))
    assert "names no reporter" in text and "Valdai Discussion Club, Russia reporting" not in text
    assert "International Monetary Fund, China reporting" in text and "Why one is preferred" in text
    promised = words(provenance.panel(tables, "supp-345"))
    assert "Sputnik" in promised and "reporting" not in promised


def test_every_role_says_why_one_is_preferred(tables: Tables) -> None:
    repeated = words(provenance.panel(tables, "press-285"))
    assert "US$200\u00a0bn: China Daily\n \npreferred" in repeated
    assert "Why one is preferred: it is no misprint and of the scope asked for; it is the earliest issue" in repeated
    assert "China's own count" not in repeated
    assert "it stands on the issuer's own page" in words(provenance.panel(tables, "valdai-2016-47-009"))


def test_undated_promises_of_the_same_compete(tables: Tables) -> None:
    for mark in ("supp-341", "supp-343", "supp-344"):
        text = words(provenance.panel(tables, mark))
        assert all(publisher in text for publisher in ("TASS", "Sputnik")) and "(this one)" in text
        assert "No other source" not in text and "the earliest issue" in text


def test_a_computed_mark_tells_its_parts_apart_and_shows_who_else_states_it(tables: Tables) -> None:
    rows = tables.series[tables.series["line_id"] == "CHN_RUS_TRADE_CHINA_REPORTED.TRADE_TOTAL"]
    drawn = Exhibit("", {}, rows[rows["time_period"] == "2013"], "")
    (mark,) = drawn.frame["observation_ids"]
    text = words(provenance.panel(tables, mark, exhibit=drawn))
    assert "exports + imports" in text and "EXP_FOB" not in text
    assert "China reporting, with Russia" in text and "Role" in text
    assert "US$89.21\u00a0bn" in text and "Who says otherwise" in text and "Why one is preferred" in text
    balance = Exhibit("", {}, drawn.frame.assign(obs_value=1e10, indicator="TRADE_BALANCE"), "")
    assert "Who says otherwise" not in words(provenance.panel(tables, mark, exhibit=balance))


def test_growth_needed_prints_the_value_promised(tables: Tables) -> None:
    drawn = targets.PAGE.views[4].exhibit(tables, {})
    needed = drawn.frame[drawn.frame["series"] == "needed"]
    assert (
        needed["formula"]
        .str.fullmatch(r"\(US\$\d+\s?bn( to US\$\d+\s?bn)? / US\$[\d.]+\s?bn in \d{4}\) \^ \(1 / \d+\) − 1")
        .all()
    )


def test_a_formula_is_said_in_words(tables: Tables) -> None:
    share = tables.shares[(tables.shares["ref_area"] == "KAZ") & (tables.shares["counterpart_area"] == "CHN")].iloc[0]
    told = provenance.formula_words(share["formula"], labels.words(tables.codes))
    assert told in ("trade with China ÷ trade with the world × 100", "exports with China ÷ exports with the world × 100",
                    "imports with China ÷ imports with the world × 100")  # fmt: skip
    assert provenance.formula_words("exports (FOB) + imports (CIF)", labels.words(tables.codes)) == (
        "exports (FOB) + imports (CIF)"
    )


def test_a_stated_range_is_shown_with_both_ends(tables: Tables) -> None:
    (head,) = [
        c
        for c in all_of(provenance.panel(tables, "valdai-2016-47-008"))
        if c.to_plotly_json()["props"].get("className") == "provenance-value"
    ]
    assert head.children == "US$5\u00a0bn to US$7\u00a0bn"


def test_caveats_hidden_and_repeated_figures_say_so(few: Tables) -> None:
    assert "Below every publisher" in words(provenance.panel(few, "paper-2016-002"))
    assert "Disagrees with: paper-2016-001" in words(provenance.panel(few, "paper-2016-005"))
    assert "drawn once" in words(provenance.panel(few, "paper-2016-007"))
    assert "undated (the text gives none)" in words(provenance.panel(few, "paper-2016-004"))


def test_no_dangerous_link_reaches_the_page(few: Tables) -> None:
    links = [c.href for c in all_of(provenance.panel(few, "paper-2016-001")) if hasattr(c, "href")]
    assert links == []
    (link,) = [c for c in all_of(provenance.panel(few, "customs.CHN.RUS.2014")) if hasattr(c, "href")]
    assert link.href == "https://customs.example/t" and link.rel == "noopener noreferrer"


def test_the_passage_is_marked_where_the_document_is_at_hand(make_tables: Callable[..., Tables], few: Tables) -> None:
    rows = few.observations.assign(char_start=pd.array([5] * len(few.observations), "Int64"))
    tables = make_tables(observations=rows)
    panel = provenance.panel(
        tables, "paper-2016-001", passage=lambda source, row: Passage("it was $95 billion then", 7, 18)
    )
    (mark,) = [c for c in all_of(panel) if type(c).__name__ == "Mark"]
    assert mark.children == "$95 billion"

    def lost(source: Any, row: Any) -> Passage:
        raise DataError("document x.txt is not in the folder.")

    assert "x.txt is not in the folder" in words(provenance.panel(tables, "paper-2016-001", passage=lost))


def test_a_derived_mark_shows_formula_and_inputs(few: Tables) -> None:
    mark = "paper-2016-001 ; paper-2016-002"
    frame = pd.DataFrame(
        {
            "observation_ids": [mark],
            "label": ["change"],
            "time_period": ["2015"],
            "obs_value": [-33e9],
            "unit_measure": ["USD"],
            "formula": ["62 − 95"],
        }
    )
    panel = provenance.panel(few, mark, exhibit=Exhibit("", {}, frame, ""))
    assert "62 − 95" in words(panel) and "−US$33\u00a0bn" in words(panel)
    buttons = [getattr(c, "data-mark") for c in all_of(panel) if type(c).__name__ == "Button"]
    assert buttons == ["paper-2016-001", "paper-2016-002"]


def test_a_short_mark_stands_for_the_computed_one_its_view_draws(few: Tables) -> None:
    rows = [
        {"observation_id": "", "observation_ids": f"paper-2016-001 ; {other}", "label": "change", "time_period": "2015"}
        for other in ("paper-2016-002", "paper-2016-003")
    ]
    drawn = Exhibit("", {}, rows, "")
    short = [provenance.short_mark("trade-gap", row["observation_ids"]) for row in rows]
    assert len(set(short)) == 2 and all(provenance.SHORT.fullmatch(mark) for mark in short)
    assert [provenance.full_mark(mark, drawn) for mark in short] == [row["observation_ids"] for row in rows]
    with pytest.raises(DataError, match="trade-gap~00000000 is not drawn"):
        provenance.full_mark("trade-gap~00000000", drawn)


def test_a_figure_of_the_press_is_cited_by_the_page_that_printed_it(few: Tables) -> None:
    source = {"source_id": "news", "publisher": "News", "title": "News", "url": "https://news.example"}
    row = {"url": "https://news.example/a/1", "vintage": "2016-05-02", "vintage_basis": "url_date"}
    assert labels.citation(labels.article(source, row)) == "News (2016). https://news.example/a/1"
    guessed = labels.article(source, row | {"vintage_basis": "assumed_lag"})
    assert labels.citation(guessed) == "News. https://news.example/a/1"
    assert labels.article(source, row | {"url": "https://news.example"}) is source
    observations = few.observations.assign(url=None)
    assert labels.articles(observations, labels.by_id(few.sources)) == {}


def test_an_unknown_mark_is_refused_with_the_nearest(few: Tables) -> None:
    with pytest.raises(DataError, match="did you mean 'paper-2016-00"):
        provenance.panel(few, "paper-2016-00x")


def test_an_entry_of_a_register_tells_its_row_and_figures(make_tables: Callable[..., Tables], few: Tables) -> None:
    tables = make_tables(
        projects=few.projects.assign(figure_ids="paper-2016-001;gone", areas="RUS;CHN", length_km=523.0)
    )
    panel = provenance.panel(tables, "project:PIPE")
    for said in ("A pipeline", "operating", "Russia and China", "523"):
        assert said in words(panel)
    assert [getattr(c, "data-mark") for c in all_of(panel) if type(c).__name__ == "Button"] == ["paper-2016-001"]
    assert "Paper Club" in words(provenance.panel(few, "source:paper-2016"))
    with pytest.raises(DataError, match=r"no project 'PIPES' \(did you mean 'PIPE'"):
        provenance.panel(few, "project:PIPES")
