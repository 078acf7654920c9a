import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from components.site import PAGES

pytestmark = pytest.mark.browser
PATHS = [*(page.path for page in PAGES), "/exports"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_a_page_stands_on_a_desk_and_on_a_telephone(
    read: Callable[..., Any], violations: Callable[[Page], list[str]], path: str, width: int, scheme: str
) -> None:
    reader = read(width, scheme)
    fetched: list[str] = []
    reader.page.on("request", lambda request: fetched.append(request.url))
    page = reader.open(path)
    page.wait_for_load_state("networkidle")
    assert page.locator("h1").count() == 1
    assert [body.get_attribute("id") for body in page.locator(".card-body.is-failed:visible").all()] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.dataset.mantineColorScheme") == scheme
    assert any("ag_grid" in url for url in fetched) is (page.locator("#ledger").count() > 0)
    assert violations(page) == []


@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (390, "light")])
def test_the_colours_can_be_changed_and_stay(
    read: Callable[..., Any], violations: Callable[[Page], list[str]], width: int, scheme: str
) -> None:
    reader = read(width, "light" if scheme == "dark" else "dark")
    page = reader.open("/trade")
    page.locator("#scheme-toggle").click()
    page.wait_for_selector(f"[data-mantine-color-scheme={scheme}]", state="attached")
    assert violations(reader.settle()) == []
    page = reader.open("/sources")
    page.wait_for_selector(f"[data-mantine-color-scheme={scheme}]", state="attached")


def test_a_wrong_parameter_gets_a_message_and_the_page_stays(read: Callable[..., Any]) -> None:
    page = next(page for page in PAGES if page.views and page.all_parameters())
    parameter = page.all_parameters()[0]
    window = read().open(f"{page.path}?{parameter.name}=no-such-value")
    message = window.locator(".message:visible").first
    assert parameter.name in message.inner_text() and "Traceback" not in window.content()
    message.get_by_text("Show the page with its own settings").click()
    window.wait_for_selector(".card-body.is-drawn")
    assert parameter.name not in window.url


def test_an_unknown_address_offers_the_nearest_page(read: Callable[..., Any]) -> None:
    reader = read()
    page = reader.open("/figurse")
    assert "did you mean '/figures'" in page.locator(".message").inner_text()
    assert all("404" in problem for problem in reader.problems), "the server says so too, and nothing else is wrong"
    reader.problems.clear()


def test_a_past_pack_is_found_from_the_footer_and_fetched(read: Callable[..., Any]) -> None:
    page = read().open("/sources")
    page.locator(".site-footer").get_by_text("Exports").click()
    page.wait_for_selector("#packs")
    assert "01-trade-level.png: No Chromium was found" in page.locator("#runs").inner_text()
    page.locator("#packs summary").first.click()
    with page.expect_download() as waiting:
        page.locator("#packs li a").first.click()
    assert waiting.value.suggested_filename == "01-trade.csv"


def test_the_ledger_is_searched_sorted_and_opened_by_keyboard(read: Callable[..., Any]) -> None:
    reader = read()
    page = reader.open("/figures?kind=all")
    page.locator("#ctl-figures-words").fill("pipeline 2014")
    page.wait_for_url(re.compile("words=pipeline\\+2014"))
    page.wait_for_function("() => document.querySelectorAll('#ledger .ag-row').length < 10")
    page.locator(".ag-header-cell[col-id=time_period]").focus()
    page.keyboard.press("Enter")
    page.locator(".ag-row [col-id=obs_value]").first.focus()
    page.keyboard.press("Space")
    page.wait_for_selector("#provenance-panel .provenance-value")
    said = page.locator(".ag-row-selected [col-id=obs_value]").inner_text()
    assert page.locator("#provenance-panel .provenance-value").inner_text() == said
    page.keyboard.press("Escape")
    page.locator("summary", has_text="Columns").click()
    page.get_by_label("Known since").check()
    page.wait_for_url(re.compile("columns=.*vintage"))
    reloaded = reader.open(page.url.removeprefix(reader.address))
    assert reloaded.locator(".ag-header-cell[col-id=vintage]").count() == 1
    assert reloaded.locator("#ctl-figures-words").input_value() == "pipeline 2014"


# The least contrast of the words of charts with the paper, words on bars left aside.
FAINTEST = """(paper) => {
  const part = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const light = (rgb) => 0.2126 * part(rgb[0] / 255) + 0.7152 * part(rgb[1] / 255) + 0.0722 * part(rgb[2] / 255);
  const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const words = [...document.querySelectorAll('.js-plotly-plot text:not(.bartext)')].filter((e) => e.textContent.trim());
  const found = words.map((e) => [contrast(light(getComputedStyle(e).fill.match(/[\\d.]+/g).map(Number)), light(paper)), e.textContent]);
  return found.sort((a, b) => a[0] - b[0])[0];
}"""


@pytest.mark.parametrize(("scheme", "paper"), [("light", [255, 255, 255]), ("dark", [27, 31, 38])])
def test_words_of_charts_can_be_read_on_either_paper(read: Callable[..., Any], scheme: str, paper: list[int]) -> None:
    page = read(1440, scheme).open("/investment")
    contrast, text = page.evaluate(FAINTEST, paper)
    assert contrast >= 4.5, text


def test_search_panel_and_menus_are_reached_by_keyboard_and_accessible(
    read: Callable[..., Any], violations: Callable[[Page], list[str]]
) -> None:
    reader = read(390, "dark")
    page = reader.open("/projects")
    page.locator("#known-open").focus()
    page.keyboard.press("Enter")
    page.locator("summary", has_text="Export").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".export-menu a")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.wait_for_selector("#search-words:focus")
    page.keyboard.type("siberia 38")
    page.wait_for_selector("#search-results button")
    assert violations(page) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#provenance-panel .provenance-value")
    page.wait_for_selector("#search-words", state="hidden")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.wait_for_selector("#provenance-panel", state="hidden")


def test_a_chart_of_few_rows_leaves_no_empty_space(read: Callable[..., Any]) -> None:
    page = read().open("/energy?mode=published&as_of=2016-08")
    picture = page.locator("#picture-energy-roles").bounding_box()
    chart = page.locator("#chart-energy-roles .main-svg").first.bounding_box()
    assert picture["height"] - chart["height"] < 12


def test_no_parameter_of_an_address_becomes_script(read: Callable[..., Any]) -> None:
    evil = quote('"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>')
    reader = read()
    for address in (f"/findings?words={evil}&rule={evil}", f"/figures?words={evil}&kind=all&mark={evil}#{evil}"):
        page = reader.open(address)
        assert page.evaluate("window.hacked") is None and page.locator("#content img").count() == 0
