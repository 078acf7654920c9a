import datetime as dt
import re
from dataclasses import replace

import pytest

from components import answers
from components.desk import Desk
from components.headlines import Card, age_words, headline_cards, reference_day
from components.pages import today
from components.strip import headline_strip
from components.views import Page
from pipelines.flow import load_tables
from pipelines.tables import AsKnown

DAY = dt.date(2026, 1, 20)


def seen_on(tables, day):
    return replace(tables, as_known=AsKnown(today=day))


@pytest.fixture(scope="module")
def headlines(tables):
    return {card.label: card for card in headline_cards(seen_on(tables, DAY))}


def test_headlines_are_the_newest_values(tables, headlines):
    card = headlines["Russia–China trade, China reporting"]
    line = tables.series[tables.series["line_id"] == "CHN_RUS_TRADE_CHINA_REPORTED.TRADE_TOTAL"]
    newest = line.sort_values("time_period").iloc[-1]
    assert card.period == newest["time_period"]
    assert card.value == f"US${newest['obs_value'] / 1e9:.1f}\u00a0bn"
    assert card.observation_id == newest["observation_ids"]
    assert card.note.endswith(f"on {int(newest['time_period']) - 1}")


def test_every_headline_leads_to_observations(tables, headlines):
    known = set(tables.observations["observation_id"])
    assert len(headlines) == 10
    for card in headlines.values():
        assert set(card.observation_id.split(" ; ")) <= known


def test_a_share_tells_its_change_in_points(tables, headlines):
    card = headlines["Russia's part in China's trade"]
    shares = tables.shares
    rows = shares[(shares["ref_area"] == "CHN") & (shares["counterpart_area"] == "RUS")]
    rows = rows[rows["indicator"] == "TRADE_PARTNER_SHARE"].set_index("time_period")["share"]
    change = rows[card.period] - rows[str(int(card.period) - 1)]
    stated = float(re.search(r"[+−]?[\d.]+", card.note).group().replace("−", "-"))
    assert stated == pytest.approx(change, abs=0.051)


@pytest.mark.parametrize(
    ("day", "annual_is_old", "months_are_old"),
    [
        (dt.date(2026, 7, 14), False, False),
        (dt.date(2026, 7, 15), False, True),
        (dt.date(2027, 1, 31), False, True),
        (dt.date(2027, 2, 1), True, True),
    ],
)
def test_old_headlines_are_marked(tables, day, annual_is_old, months_are_old):
    cards = {card.label: card for card in headline_cards(seen_on(tables, day))}
    assert cards["Russia–China trade, China reporting"].period == "2025"
    assert cards["Russia–China trade, China reporting"].is_old is annual_is_old
    assert cards["Russia–China trade since January"].period == "Jan–Apr 2026"
    assert cards["Russia–China trade since January"].is_old is months_are_old


def test_a_state_of_knowledge_counts_to_its_own_day(store):
    then = load_tables(store, AsKnown("cut", "2014"))
    cards = {card.label: card for card in headline_cards(then)}
    assert reference_day(then) == dt.date(2014, 12, 31)
    card = cards["Russia–China trade, China reporting"]
    assert (card.period, card.is_old, card.age) == ("2014", False, "0 days old")


def test_without_a_clock_ages_count_to_the_newest_day_in_the_data(tables, empty_tables):
    newest = tables.observations.loc[tables.observations["role"] == "actual", "period_end"].max().date()
    assert reference_day(tables) >= newest
    for nothing in (headline_cards(empty_tables), headline_cards(seen_on(empty_tables, DAY))):
        assert {(card.value, card.note) for card in nothing} == {("", "no value is held")}


@pytest.mark.parametrize(("days", "words"), [(1, "1 day"), (59, "59 days"), (365, "12 months"), (1096, "3 years")])
def test_ages_read_well(days, words):
    assert age_words(days) == words


def test_the_strip_opens_provenance_and_marks_old_ones():
    cards = (
        Card("Trade", "US$1 bn", "2025", "3 months old", False, "a", "+1 %"),
        Card("Gas", "4", "2023", "3 years old", True, "b"),
    )
    shown = str(headline_strip(cards))
    assert "data-mark='a'" in shown and "data-mark='b'" in shown
    assert shown.count("headline is-old") == 1
    assert "+1 %" in shown
    assert "No headline" in str(headline_strip(()))


def test_the_page_shows_its_headlines_on_the_day_of_the_clock(tables):
    desk = Desk(lambda known: replace(tables, as_known=known), [today.PAGE], lambda: dt.date(2030, 1, 1))
    (strip,) = answers.slot(desk, today.PAGE, "cards", {})
    assert str(strip).count("headline is-old") == 10
    layout = str(answers.page_layout(desk, "/", {}))
    assert "cards-home" in layout and "headline-value" in layout


def test_headlines_that_fail_leave_the_page_standing(tables):
    page = Page("/", "x", "", (), extra={"cards": lambda tables: 1 / 0})
    (shown,) = answers.slot(Desk(lambda known: tables, [page]), page, "cards", {})
    assert "this part failed" in str(shown)


def test_a_page_without_headlines_has_none(tables):
    page = replace(today.PAGE, extra={})
    assert answers.slot(Desk(lambda known: tables, [page]), page, "cards", {}) == []


def test_headlines_without_a_value_in_a_state_are_named_with_the_reason(tables, store):
    cards = headline_cards(load_tables(store, AsKnown("published", "2016")))
    known = [card.label for card in cards if card.value]
    missing = [card.label for card in cards if not card.value]
    assert len(cards) == 10 and known and "Gas through Power of Siberia" in missing
    shown = str(headline_strip(cards))
    reason = "no value was out by 2016; what is held came out later or on a day nobody told."
    assert f"Not shown: {'; '.join(missing)}: {reason}" in shown
    assert shown.count("headline-value") == len(known)
    assert "Not shown" not in str(headline_strip(headline_cards(tables)))
    cut = headline_cards(load_tables(store, AsKnown("cut", "2014")))
    assert {card.note for card in cut if not card.value} == {"no value is held of the years up to 2014"}
