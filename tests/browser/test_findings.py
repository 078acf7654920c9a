from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

pytestmark = pytest.mark.browser
LINKED = "() => !document.querySelector('#content').textContent.includes('Looking for the charts')"


def query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_findings_are_filtered_opened_and_lead_to_their_charts(read: Callable[..., Any]) -> None:
    reader = read()
    window = reader.open("/findings")
    window.get_by_label("Words", exact=True).fill("28 % decline 62")
    window.wait_for_url("**text=*")
    window.wait_for_function("() => document.querySelectorAll('.finding-list .finding').length < 6")
    card = window.locator(".finding").first
    card.locator("summary").first.click() if card.get_attribute("open") is None else None
    assert "68.4" in card.locator(".arithmetic").inner_text()
    card.locator(".mark", has_text="62").first.click()
    window.wait_for_selector(".provenance")
    assert "62" in window.locator(".provenance-value").inner_text()
    assert "conflict" in window.locator(".provenance .finding-links").inner_text()
    window.keyboard.press("Escape")
    window.wait_for_selector(".provenance", state="hidden")
    window.wait_for_function(LINKED, timeout=60_000)
    card.locator(".chart-links a", has_text="Trade over the years").click()
    window.wait_for_url("**/trade**#card-trade-level")
    window.wait_for_function("() => window.bilateral.exhibits['trade-level']")
    reader.settle()
    names = window.evaluate("window.bilateral.exhibits['trade-level'].figure.data.map((trace) => trace.name)")
    assert "conflict, see Findings" in names


def test_the_box_answers_and_its_address_can_be_shared(read: Callable[..., Any]) -> None:
    window = read().open("/findings")
    window.get_by_text("Is this number right?").click()
    window.locator("#box-ask").fill("nearly US$95 billion")
    window.locator("#box-ask_period").fill("2014")
    window.locator("#box-go").click()
    window.wait_for_function("() => document.querySelector('#ask-answer').textContent.includes('What the record says')")
    assert query(window.url) == {"ask": "nearly US$95 billion", "ask_period": "2014"}
    follower = read(390)
    copy = follower.open(window.url.removeprefix(follower.address))
    copy.wait_for_function("() => document.querySelector('#ask-answer').textContent.includes('International Monetary')")
    copy.locator("#box-ask").fill("much")
    copy.locator("#box-ask").press("Enter")
    copy.wait_for_function("() => document.querySelector('#ask-answer').textContent.includes('cannot be checked')")
    assert copy.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_link_to_a_finding_opens_it_and_closes_the_panel_it_was_followed_from(read: Callable[..., Any]) -> None:
    reader = read()
    window = reader.open("/trade?mark=valdai-2016-47-013")
    window.wait_for_selector(".provenance")
    link = window.locator(".provenance .finding-links a").first
    name = str(link.get_attribute("href")).partition("#")[2]
    link.click()
    window.wait_for_url("**/findings?finding=*")
    window.wait_for_selector(".provenance", state="hidden")
    window.wait_for_function("(id) => document.getElementById(id) && document.getElementById(id).open", arg=name)
    assert "mark" not in query(window.url)
