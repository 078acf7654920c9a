import dataclasses
import re
from typing import Any

import pytest
from dash import html
from dash.development.base_component import Component

from components import answers, labels, provenance
from components.desk import Desk
from components.findings.cards import figure_button
from components.findings.listing import finding_list, top_findings
from components.findings.reading import index
from components.pages import figures, today
from components.pages.findings import PAGE
from components.views import select
from pipelines.errors import DataError
from pipelines.tables import AsKnown, Tables


def all_of(component: Any) -> list[Component]:
    return [component, *(part for _, part in component._traverse_with_paths() if isinstance(part, Component))]


def words(component: Any) -> str:
    texts = [part.children for part in all_of(component) if isinstance(getattr(part, "children", None), str)]
    inside = [c for part in all_of(component) if isinstance(getattr(part, "children", None), list)
              for c in part.children if isinstance(c, str)]  # fmt: skip
    return "\n".join([*texts, *inside])


def listed(tables: Tables, **raw: str) -> list[str]:
    shown = finding_list(tables, select(PAGE.all_parameters(), raw))
    names = [getattr(part, "id", None) for part in all_of(shown)]
    return [name.removeprefix("finding-") for name in names if isinstance(name, str) and name.startswith("finding-")]


def test_conflicts_and_cautions_come_first_and_slips_are_folded_away_below(found: Tables) -> None:
    shown = finding_list(found, select(PAGE.all_parameters(), {}))
    assert listed(found) == ["fall-1", "scope-1", "scope-2", "series-1", "series-2", "window-1"]
    folded = [part for part in all_of(shown) if "slips" in str(getattr(part, "className", ""))]
    assert len(folded) == 1 and not getattr(folded[0], "open", False) and "window-1" in str(folded[0])
    opened = [part.id for part in all_of(shown) if isinstance(part, html.Details) and getattr(part, "open", False)]
    assert opened == ["finding-fall-1"]


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ({"word": "agrees"}, ["agrees-1"]),
        ({"word": "none"}, ["none-1"]),
        ({"word": "conflict"}, ["fall-1", "series-1", "window-1"]),
        ({"verdict": "comparability"}, ["scope-1", "scope-2"]),
        ({"status": "accepted"}, ["scope-1"]),
        ({"text": "68.4 62 scholar", "word": "all"}, ["fall-1", "scope-1", "agrees-1"]),
        ({"source": "customs"}, ["series-1", "series-2"]),
        ({"pair": "CHN-KAZ"}, []),
        ({"pair": "CHN-RUS", "status": "explained"}, ["series-1"]),
        ({"finding": "agrees-1", "word": "none"}, ["agrees-1", "none-1"]),
    ],
)
def test_filters_choose(found: Tables, raw: dict[str, str], names: list[str]) -> None:
    assert listed(found, **raw) == names


def test_a_finding_shows_figures_sums_picture_record_odd_one_and_status(found: Tables) -> None:
    shown = finding_list(found, select(PAGE.all_parameters(), {}))
    text = words(shown)
    for said in ("95 × 0.72 = 68.4\n68.4 ≠ 62", "50 China reporting", ": without it the rest is consistent",
                 "open: nobody has explained it yet", "accepted by A. Reader: known for years",
                 "explained by the rule itself", "“$95 billion”, 2014 (Paper Club)"):  # fmt: skip
        assert said in text, said
    marks = {getattr(part, "data-mark", None) for part in all_of(shown)}
    assert {"paper-2016-001", "paper-2016-002", "customs.CHN.RUS.2014"} <= marks


def test_word_and_sign_differ_where_the_colour_does(found: Tables) -> None:
    shown = finding_list(found, select(PAGE.all_parameters(), {"word": "all"}))
    tags = [part for part in all_of(shown) if str(getattr(part, "className", "")).startswith("word is-")]
    said = {(tag.className, tag.children[0].children, tag.children[1]) for tag in tags}
    assert said == {
        ("word is-conflict", "!", "conflict"), ("word is-caution", "?", "caution"),
        ("word is-agrees", "=", "agrees"), ("word is-none", "·", "nothing to compare"),
    }  # fmt: skip


def test_hundreds_of_findings_are_shown_in_parts(many: Tables) -> None:
    assert len(listed(many)) == 20
    assert len(listed(many, show="60")) == 60
    assert "Show 20 more of 480" in words(finding_list(many, select(PAGE.all_parameters(), {})))


def test_a_finding_that_is_gone_says_so(found: Tables) -> None:
    text = words(finding_list(found, select(PAGE.all_parameters(), {"finding": "fall-9"})))
    assert "No finding 'fall-9' in this state of knowledge" in text


@pytest.mark.parametrize(
    ("known", "said"),
    [(AsKnown(), "bilateral build"), (AsKnown("published", "1990"), "was published by 1990")],
)
def test_no_findings_is_an_empty_state(empty_tables: Tables, known: AsKnown, said: str) -> None:
    tables = dataclasses.replace(empty_tables, as_known=known)
    assert said in words(finding_list(tables, select(PAGE.all_parameters(), {})))
    assert top_findings(tables) == ()
    assert "No finding" in words(today.build_top_findings(tables, {}))


def test_filters_nothing_answers_to_say_so(found: Tables) -> None:
    assert "No finding answers" in words(finding_list(found, select(PAGE.all_parameters(), {"text": "no such words"})))


@pytest.mark.parametrize("raw", [{"word": "confict"}, {"show": "1"}, {"text": "x" * 200}, {"rule": "none"}])
def test_wrong_parameters_are_named_in_the_list_s_place(found: Tables, raw: dict[str, str]) -> None:
    with pytest.raises(DataError, match=next(iter(raw))):
        select(PAGE.all_parameters(), raw)
    desk = Desk(lambda known: found, [PAGE])
    layout = answers.page_layout(desk, "/findings", raw)
    assert next(iter(raw)) in words(layout) and "Traceback" not in words(layout)


def test_the_first_page_has_the_three_weightiest_nobody_accepted(found: Tables) -> None:
    assert [finding.finding_id for finding in top_findings(found)] == ["fall-1", "scope-2", "series-1"]
    text = words(today.build_top_findings(found, {}))
    assert "95 less 28 % is 68.4, not 62" in text and "conflict" in text and "All findings" in text


def test_the_panel_of_a_figure_lists_its_findings_agreement_included(found: Tables) -> None:
    panel = provenance.panel(found, "paper-2016-001")
    links = [part.href for part in all_of(panel) if str(getattr(part, "href", "")).startswith("/findings")]
    assert links == [f"/findings?finding={name}#finding-{name}" for name in ("fall-1", "scope-1", "agrees-1")]
    assert "Findings" not in words(provenance.panel(found, "customs.CHN.RUS.2012"))


def test_the_ledger_counts_the_findings_of_each_figure(found: Tables) -> None:
    rows = figures.records(found.observations, labels.words(found.codes), index(found).about)
    counted = {row["observation_id"]: row["findings"] for row in rows if row["findings"]}
    assert counted == {
        "paper-2016-001": "conflict 1, caution 1, agrees 1", "paper-2016-002": "conflict 1", "paper-2016-003": "caution 1",
        "paper-2016-006": "conflict 1", "customs.CHN.RUS.2014": "conflict 1", "customs.CHN.RUS.2015": "conflict 1",
        "customs.CHN.RUS.2010": "caution 1", "customs.CHN.RUS.2011": "caution 1",
    }  # fmt: skip


def test_an_event_leads_to_its_entry_and_an_unknown_figure_stands_by_its_id(found: Tables) -> None:
    event = figure_button(found, "visit")
    assert (getattr(event, "data-mark"), event.children) == ("event:visit", "21 May 2014: A contract is signed")
    assert figure_button(found, "gone-001").children == "gone-001"


def test_no_rate_of_what_cannot_be_compared_stands_on_the_page(tables: Tables) -> None:
    """A comparison graded C never produces a rate, whatever finding sets its two figures side by side."""
    pairs = tables.attainment.query("grade == 'C' and unit_measure != 'PERCENT'").merge(
        tables.commitments[["commitment_id", "target_figure_ids"]], on="commitment_id", validate="1:1"
    )
    assert len(pairs) > 5
    for pair in pairs.to_dict("records"):
        rate = 100 * pair["actual_value"] / pair["target_value"]
        ends = [set(re.split(r" ?; ?", str(pair[name]))) for name in ("target_figure_ids", "actual_observation_ids")]
        for finding in index(tables).findings:
            if all(end & set(finding.observation_ids) for end in ends):
                said = f"{finding.title} {finding.arithmetic} {finding.explanation} {finding.record}"
                assert not re.search(rf"(?<![\d.])({rate:.1f}|{rate:.0f})\s?%", said), finding.finding_id
