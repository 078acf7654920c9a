"""A reader collects charts from any page, puts them in order by keyboard, takes them as a file, and hands on the link."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def add(window: Page, view: str) -> str:
    window.locator(f"#card-{view} [data-action=pack]").click()
    return window.locator(f"#told-{view}").inner_text()


def titles(window: Page) -> list[str]:
    return [text.split("\n")[0] for text in window.locator(".pack-title").all_inner_texts()]


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_charts_are_collected_ordered_taken_and_handed_on(
    read: Callable[..., Any], violations: Callable[[Page], list[str]], width: int, scheme: str
) -> None:
    reader = read(width, scheme)
    window = reader.open("/trade?pair=RUS-KAZ&preset=shares")
    assert add(window, "trade-share-first") == "Added: number 1 of your pack."
    window = reader.open("/energy?show=gas")
    add(window, "energy-siberia")
    add(window, "energy-suppliers")
    assert add(window, "energy-suppliers") == "The pack holds this chart already."
    window.locator("#pack-open").focus()
    window.keyboard.press("Enter")
    first, second, third = titles(window)
    window.locator("[data-key=up2]").focus()
    window.keyboard.press("Enter")
    assert titles(window) == [first, third, second]
    assert window.evaluate("document.activeElement.dataset.key") == "up1", "the focus follows the chart"
    assert window.locator("#pack-panel [role=status]").inner_text() == f"{third} moved up."
    assert window.locator("#pack-open").inner_text() == "Pack (3)"
    assert window.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(window) == []
    window.keyboard.press("Escape")
    assert not window.locator("#pack-panel").is_visible()


def test_the_link_of_a_pack_brings_it_back_and_leaves_ones_own_alone(read: Callable[..., Any]) -> None:
    reader = read()
    window = reader.open("/trade?pair=RUS-KAZ&preset=shares")
    add(window, "trade-share-first")
    add(window, "trade-share-second")
    window.locator("#pack-open").click()
    window.get_by_role("button", name="Copy link").click()
    window.wait_for_function(
        "() => document.querySelector('#pack-panel .told').textContent.startsWith('Link copied')", timeout=60_000
    )
    link = str(window.evaluate("navigator.clipboard.readText()"))
    assert "trade-share-first%253Fpair%253DRUS-KAZ" in link
    window.locator("[data-key=drop0]").click()
    window.goto(link)
    window.reload()
    window.wait_for_selector(".pack-offer", timeout=60_000)
    assert len(titles(window)) == 1, "nothing is taken unasked"
    window.get_by_role("button", name="Take it").click()
    assert len(titles(window)) == 2
    assert "#pack" not in window.url
    reader.settle()


def test_a_pack_leaves_as_a_file(read: Callable[..., Any]) -> None:
    window = read().open("/trade?preset=growth")
    add(window, "trade-falls")
    window.locator("#pack-open").click()
    with window.expect_download(timeout=90_000) as download:
        window.get_by_role("link", name="PPTX").click()
    assert download.value.suggested_filename == "pack.pptx"
    assert "ppt/charts/" in " ".join(ZipFile(Path(download.value.path())).namelist())
    window.wait_for_function("() => document.querySelector('#pack-panel .told').textContent === 'pack.pptx saved.'")
    window.locator("[data-key=clear]").click()
    assert window.locator("#pack-open").inner_text() == "Pack"


def test_a_wrong_link_is_said_and_nothing_is_taken(read: Callable[..., Any]) -> None:
    reader = read()
    window = reader.open("/#pack=view%3Dtrade-levl")
    window.wait_for_function(
        "() => document.querySelector('#pack-panel .told').textContent.includes('trade-level')", timeout=60_000
    )
    assert titles(window) == []
    assert len(reader.problems) == 2 and all("400" in problem for problem in reader.problems)
    reader.problems.clear()


def test_the_pdf_of_a_page_takes_its_parameters_along(read: Callable[..., Any]) -> None:
    window = read().open("/trade?pair=RUS-KAZ&preset=balance")
    link = window.get_by_role("link", name="PDF of this page")
    with window.expect_download(timeout=90_000) as download:
        link.evaluate("link => link.click()")
    assert download.value.suggested_filename == "trade.pdf"
    assert str(link.get_attribute("href")).endswith("/export/page/trade.pdf?pair=RUS-KAZ&preset=balance")
