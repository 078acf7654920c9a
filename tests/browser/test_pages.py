from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from components.site import PAGES

pytestmark = pytest.mark.browser
PATHS = [page.path for page in PAGES]


def healthy(page: Page, width: int) -> None:
    assert page.locator("h1").count() == 1
    assert [card.get_attribute("id") for card in page.locator(".card-body.is-failed:visible").all()] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", PATHS)
def test_a_page_stands_in_both_colours(
    read: Callable[..., Any], violations: Callable[[Page], list[str]], path: str
) -> None:
    reader = read(1440)
    fetched: list[str] = []
    reader.page.on("request", lambda request: fetched.append(request.url))
    page = reader.open(path)
    healthy(page, 1440)
    assert any("ag_grid" in url for url in fetched) is (page.locator("#ledger").count() > 0)
    assert violations(page) == []
    page.locator("#scheme-toggle").click()
    page.wait_for_selector("[data-mantine-color-scheme=dark]", state="attached")
    assert violations(reader.settle()) == []


@pytest.mark.parametrize("path", PATHS)
def test_a_page_fits_a_telephone(read: Callable[..., Any], violations: Callable[[Page], list[str]], path: str) -> None:
    reader = read(390, "dark")
    page = reader.open(path)
    healthy(page, 390)
    assert violations(page) == []
    page.locator("#scheme-toggle").click()
    page.wait_for_selector("[data-mantine-color-scheme=light]", state="attached")
    healthy(reader.settle(), 390)


@pytest.mark.parametrize("page", [page for page in PAGES if page.all_parameters()], ids=lambda page: page.path)
def test_a_wrong_parameter_gets_a_message_and_the_page_stays(read: Callable[..., Any], page: Any) -> None:
    parameter = page.all_parameters()[0]
    window = read().open(f"{page.path}?{parameter.name}=no-such-value")
    message = window.locator(".message:visible").first
    assert parameter.name in message.inner_text() and "Traceback" not in window.content()
    assert window.locator("h1").inner_text() == page.title


def test_an_unknown_address_offers_the_nearest_page(read: Callable[..., Any]) -> None:
    page = read().page
    reader = read()
    reader.page.goto(reader.address + "/figurse")
    assert "did you mean '/figures'" in reader.page.locator(".message").inner_text()
    assert page.url == "about:blank"
