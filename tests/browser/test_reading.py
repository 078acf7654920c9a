import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, Request, Route

from components.controls import control_id
from components.site import PAGES

pytestmark = pytest.mark.browser

CHARTED = [page for page in PAGES if page.views]
CHOSEN = next(
    (page, parameter)
    for page in CHARTED
    for parameter in page.all_parameters()
    if parameter.kind == "choice" and len(parameter.choices) in range(2, 6) and not parameter.advanced
)
# Centre of the first mark of each drawn chart that carries an observation, and the name of its view.
MARKS = """() => [...document.querySelectorAll('.js-plotly-plot')].filter((g) => g.offsetParent).map((g) => {
  const mark = [...g.querySelectorAll('.scatterlayer .points path, .barlayer .points path')].find((m) => {
    const b = m.getBoundingClientRect(); return b.width > 3 && b.height > 3; });
  if (!mark) return null;
  mark.scrollIntoView({ block: 'center' });
  const b = mark.getBoundingClientRect();
  return { x: b.x + b.width / 2, y: b.y + b.height / 2, view: g.closest('.card').id.replace('card-', '') };
}).filter(Boolean)"""
DRAWN = (
    "() => Object.fromEntries(Object.entries(window.bilateral.exhibits).map(([k, v]) => [k, v.figure || v.message]))"
)
TIMED = """() => Object.entries(window.bilateral.exhibits).filter(([k, v]) => v.state === 'drawn'
  && (v.figure.layout.xaxis || {}).type === 'date' && document.getElementById('card-' + k).offsetParent).map(([k]) => k)[0]"""


def query(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def timed_chart(reader: Any) -> str:
    """Open pages until one shows a chart over time; return its view."""
    for page in CHARTED:
        view = reader.open(page.path).evaluate(TIMED)
        if view:
            return str(view)
    pytest.fail("no page draws a chart over time at first sight")


def test_a_control_changes_the_page_and_its_address_reproduces_it(read: Callable[..., Any]) -> None:
    page, parameter = CHOSEN
    other = next(choice for choice in parameter.choices if choice.value != parameter.default)
    reader = read()
    window = reader.open(page.path)
    control = window.locator(f"#{control_id(page, parameter.name)}")
    control.get_by_text(other.label, exact=True).click()
    window.wait_for_url(f"**{parameter.name}={other.value}**")
    drawn = reader.settle().evaluate(DRAWN)
    titles = window.locator(".card:visible .card-title").all_inner_texts()
    follower = read()
    copy = follower.open(window.url.removeprefix(follower.address))
    assert copy.locator(".card:visible .card-title").all_inner_texts() == titles
    shared = copy.evaluate(DRAWN)
    assert {name: figure for name, figure in drawn.items() if name in shared} == shared


def test_back_returns_to_the_state_before(read: Callable[..., Any]) -> None:
    page, parameter = CHOSEN
    other = next(choice for choice in parameter.choices if choice.value != parameter.default)
    reader = read()
    window = reader.open(f"{page.path}?{urlencode({parameter.name: other.value})}")
    window.locator(".site-footer a").first.click()
    window.wait_for_url("**/sources*")
    window.go_back()
    reader.settle()
    assert query(window) == {parameter.name: other.value}
    checked = window.locator(f"#{control_id(page, parameter.name)} input:checked")
    assert checked.get_attribute("value") == other.value


def test_a_mark_leads_to_who_said_it(read: Callable[..., Any]) -> None:
    reader = read()
    for page in CHARTED:
        window = reader.open(page.path)
        marks = window.evaluate(MARKS)
        if marks:
            break
    spot = window.evaluate(MARKS)[-1]
    window.mouse.move(spot["x"], spot["y"])
    window.mouse.click(spot["x"], spot["y"])
    window.wait_for_selector(".provenance")
    text = window.locator(".provenance").inner_text()
    assert "Known since" in text or "Computed by us" in text
    assert query(window)["mark"]
    window.keyboard.press("Escape")
    window.wait_for_selector(".provenance", state="hidden")
    assert "mark" not in query(window)


def test_a_click_on_marks_that_lie_on_each_other_offers_the_others(read: Callable[..., Any]) -> None:
    """The quoted 62 of 2015 lies on the value Russian customs add up to; whichever answers, the other is one step away."""
    window = read().open("/trade")
    tools = window.locator("#chart-trade-level .modebar-btn").evaluate_all("all => all.map((b) => b.dataset.title)")
    assert "Zoom" in tools and not any("Share" in tool for tool in tools), "no chart is sent to another's cloud"
    place = window.evaluate(
        """() => {
          const g = document.querySelector('#chart-trade-level .js-plotly-plot');
          g.scrollIntoView({ block: 'center' });
          const curve = g._fullData.findIndex((t) => (t.customdata || []).includes('valdai-2016-47-013'));
          const trace = g._fullData[curve], i = trace.customdata.indexOf('valdai-2016-47-013');
          const b = g.getBoundingClientRect(), l = g._fullLayout;
          return { x: b.x + l.xaxis._offset + l.xaxis.d2p(trace.x[i]), y: b.y + l.yaxis._offset + l.yaxis.d2p(trace.y[i]) };
        }"""
    )
    window.mouse.move(place["x"], place["y"])
    window.mouse.click(place["x"], place["y"])
    others = window.locator(".near button.mark")
    others.first.wait_for()
    told = [*others.all_inner_texts(), window.locator(".provenance-value").inner_text()]
    assert any("US$62" in text for text in told) and any("63.55" in text or "63.6" in text for text in told)
    quoted = others.filter(has_text="US$62")
    if quoted.count():
        quoted.first.click()
        window.locator(".provenance-value").filter(has_text="US$62").wait_for()


def test_a_link_to_a_mark_opens_its_provenance(read: Callable[..., Any]) -> None:
    window = read().open("/figures?mark=valdai-2016-47-001")
    window.wait_for_selector(".provenance")
    assert "Valdai Discussion Club" in window.locator(".provenance").inner_text()


def test_a_computed_mark_has_a_short_address_that_opens_it_again_with_its_title(read: Callable[..., Any]) -> None:
    reader = read()
    window = reader.open("/trade?pair=RUS-CHN&prices=constant")
    card = window.locator("#card-trade-level")
    card.locator("button", has_text="Data table").focus()
    window.keyboard.press("Enter")
    card.locator("td").first.wait_for()
    card.locator("button.mark").nth(12).click()
    window.wait_for_selector(".provenance-measures")
    said = window.locator(".provenance-measures").inner_text()
    short = query(window)["mark"]
    assert re.fullmatch(r"trade-level~[0-9a-f]{8}", short) and "China" in said
    again = read().open(f"/trade?prices=constant&mark={short}")
    again.wait_for_selector(".provenance-measures")
    assert again.locator(".provenance-measures").inner_text() == said
    assert "Computed by us" in again.locator(".provenance").inner_text()


def test_the_keyboard_reaches_a_mark_through_the_table(read: Callable[..., Any]) -> None:
    reader = read()
    window = reader.open(CHARTED[0].path)
    card = window.locator(".card:visible:has(.is-drawn)").first
    card.locator("button", has_text="Data table").focus()
    window.keyboard.press("Enter")
    card.locator("td").first.wait_for()
    card.locator("button.mark").first.focus()
    assert window.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    window.keyboard.press("Enter")
    window.wait_for_selector(".provenance")
    window.keyboard.press("Escape")
    window.wait_for_selector(".provenance", state="hidden")


def test_the_first_tab_skips_to_the_page(read: Callable[..., Any]) -> None:
    window = read().open("/sources")
    window.keyboard.press("Tab")
    assert window.evaluate("document.activeElement.textContent") == "Skip to the page"
    window.keyboard.press("Enter")
    assert window.evaluate("document.activeElement.id") == "content"


def test_a_link_to_a_chart_leads_to_it_without_asking_again(read: Callable[..., Any]) -> None:
    window = read().open(CHARTED[0].path)
    asked: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    title = window.locator(".card:visible .card-title a").last
    title.click()
    window.wait_for_url("**#card-*")
    card = str(title.get_attribute("href")).removeprefix("#")
    window.wait_for_function(
        "(id) => Math.abs(document.getElementById(id).getBoundingClientRect().top) < 200", arg=card
    )
    assert [url for url in asked if "_dash-update-component" in url] == []


def test_the_state_of_knowledge_goes_along_until_it_is_lifted(read: Callable[..., Any]) -> None:
    reader = read()
    window = reader.open("/sources")
    window.locator("#known-open").click()
    window.get_by_label("Latest values, cut at a year").check()
    window.get_by_label("Date").fill("2020")
    window.wait_for_url("**mode=cut&as_of=2020**")
    window.keyboard.press("Escape")
    assert "cut at the end of 2020" in window.locator("#banner").inner_text()
    window.wait_for_function("() => document.querySelector('#download a').href.includes('as_of=2020')")
    window.locator("a.nav-link", has_text="Figures").click()
    window.wait_for_url("**/figures?mode=cut&as_of=2020")
    window.locator("#ledger .ag-row").first.wait_for()
    window.locator("#known-off").click()
    window.wait_for_url(lambda url: "mode" not in url)
    window.locator("#banner").wait_for(state="hidden")


def test_a_search_from_the_keyboard_opens_a_figure(read: Callable[..., Any]) -> None:
    window = read().open("/sources")
    window.keyboard.press("/")
    box = window.get_by_label("Words to search for")
    box.wait_for()
    box.fill("khabarovsk")
    hit = window.locator(".search-results .mark").first
    hit.wait_for()
    hit.click()
    window.wait_for_selector(".provenance")
    assert "620,000" in window.locator(".provenance-value").inner_text()


def test_a_row_of_the_ledger_opens_its_provenance_and_words_filter_it(read: Callable[..., Any]) -> None:
    window = read().open("/figures?kind=all")
    window.get_by_label("Full text").fill("khabarovsk")
    window.wait_for_function(
        "() => document.querySelectorAll('#ledger .ag-center-cols-container .ag-row').length === 1"
    )
    window.locator("#ledger .ag-row .ag-cell").first.click()
    window.wait_for_selector(".provenance")
    assert "Khabarovsk" in window.locator(".provenance").inner_text()


def test_columns_of_the_ledger_can_be_chosen(read: Callable[..., Any]) -> None:
    window = read().open("/figures")
    window.locator("summary", has_text="Columns").click()
    period = window.locator("#ledger .ag-header-cell[col-id=time_period]")
    window.get_by_label("Period", exact=True).uncheck()
    period.wait_for(state="detached")
    window.get_by_label("Period", exact=True).check()
    period.wait_for()


def test_own_numbers_lie_over_a_chart_and_never_leave_with_it(read: Callable[..., Any], tmp_path: Path) -> None:
    reader = read()
    view = timed_chart(reader)
    window = reader.page
    own, bad = tmp_path / "mine.csv", tmp_path / "bad.csv"
    own.write_text("time_period,value\n2014,12.5\n2015-06,13\n", encoding="utf-8")
    bad.write_text("time_period,value\n2014,much\n", encoding="utf-8")

    def lay(file: Path) -> str:
        with window.expect_file_chooser() as chooser:
            window.locator(f"#card-{view} [data-action=overlay]").click()
        chooser.value.set_files(file)
        window.wait_for_function(
            "([v, n]) => document.getElementById('told-' + v).textContent.includes(n)",
            arg=[view, file.name if file is bad else "laid over"],
        )
        return window.locator(f"#told-{view}").inner_text()

    sent: list[str] = []
    window.on("request", lambda request: sent.append(request.post_data or ""))
    assert "bad.csv, line 2: expected a year" in lay(bad)
    assert "2 of your values" in lay(own)
    names = window.evaluate(
        "(v) => document.querySelector('#chart-' + v + ' .js-plotly-plot').data.map((t) => t.name)", view
    )
    assert names[-1] == "your data: mine.csv"
    assert not any("12.5" in body for body in sent)
    assert "mine.csv" not in str(window.evaluate(DRAWN))
    assert "12.5" not in window.request.get(f"{reader.address}/export/{view}.csv").text()
    window.locator(f"#card-{view} [data-action=overlay]").click()
    window.wait_for_function(
        "(v) => !document.querySelector('#chart-' + v + ' .js-plotly-plot').data.some((t) => /^your data/.test(t.name))",
        arg=view,
    )


def test_own_numbers_keep_the_rules_of_ours(read: Callable[..., Any], tmp_path: Path) -> None:
    """No line over a gap or between years and months; no month 13, no year twice; what the axes hide is said."""
    window = read().open("/trade")
    told = window.locator("#told-trade-level")

    def lay(rows: str, said: str) -> str:
        file = tmp_path / "own.csv"
        file.write_text(f"time_period,value\n{rows}\n", encoding="utf-8")
        with window.expect_file_chooser() as chooser:
            window.locator("#card-trade-level [data-action=overlay]").click()
        chooser.value.set_files(file)
        told.filter(has_text=said).wait_for()
        return str(told.inner_text())

    assert "line 2: expected a year, month or day" in lay("2014-13,5", "line 2")
    assert "two values for 2014; one is needed" in lay("2014,5\n2014,6", "two values")
    words = lay("1850,9\n2010,50\n2014,0\n2015,60\n2015-06,61", "5 of your values")
    assert "read as “Turnover, current prices, US$ bn”" in words and words.endswith("not to be seen: 1850.")
    drawn = "() => document.querySelector('#chart-trade-level .js-plotly-plot').data.at(-1).y"
    assert window.evaluate(drawn) == [9, None, 50, None, 0, 60, None, 61]
    window.evaluate("dash_clientside.set_props('ctl-trade-scale', { value: 'log' })")
    told.filter(has_text="1850, 2014.").wait_for()


def test_own_numbers_are_taken_off_when_the_chart_turns_to_something_else(
    read: Callable[..., Any], tmp_path: Path
) -> None:
    window = read().open("/trade")
    own = tmp_path / "mine.csv"
    own.write_text("time_period,value\n2014,12.5\n2015,13\n", encoding="utf-8")
    told, names = (
        window.locator("#told-trade-level"),
        ("() => document.querySelector('#chart-trade-level .js-plotly-plot').data.map((t) => t.name)"),
    )
    with window.expect_file_chooser() as chooser:
        window.locator("#card-trade-level [data-action=overlay]").click()
    chooser.value.set_files(own)
    told.filter(has_text="laid over").wait_for()
    window.evaluate("dash_clientside.set_props('ctl-trade-scale', { value: 'log' })")
    window.wait_for_function(
        "() => document.querySelector('#chart-trade-level .js-plotly-plot').layout.yaxis.type == 'log'"
    )
    assert "your data: mine.csv" in window.evaluate(names)
    window.evaluate("dash_clientside.set_props('ctl-trade-pair', { value: 'CHN-KAZ' })")
    told.filter(has_text="was taken off").wait_for()
    assert "China with Russia" in told.inner_text() or "Russia with China" in told.inner_text()
    assert not any("your data" in str(name) for name in window.evaluate(names))


def test_a_briefing_is_copied_with_sentence_source_and_link(read: Callable[..., Any]) -> None:
    reader = read()
    window = reader.open(CHARTED[0].path)
    card = window.locator(".card:visible:has(.is-drawn)").first
    card.locator("[data-action=copy]").click()
    window.wait_for_function(
        "(id) => document.querySelector('#' + id + ' .told').textContent.includes('copied')",
        arg=card.get_attribute("id"),
    )
    text = window.evaluate("navigator.clipboard.readText()")
    assert card.locator(".card-title").inner_text() in text and "Source: " in text
    assert re.search(r"http://127\.0\.0\.1:\d+/\S*#card-", text)


def test_a_copied_sentence_says_what_was_known_and_its_title_once(read: Callable[..., Any]) -> None:
    window = read().open("/trade?mode=published&as_of=2016")
    card = window.locator("#card-trade-level")
    card.locator("[data-action=copy]").click()
    card.locator(".told").filter(has_text="copied").wait_for()
    text = window.evaluate("navigator.clipboard.readText()")
    assert text.startswith("Goods trade of Russia with China came to") and text.count("Goods trade of Russia") == 1
    assert "Showing only what was published by 2016." in text and "mode=published&as_of=2016" in text


def test_a_slow_answer_is_announced_after_a_moment(read: Callable[..., Any]) -> None:
    """A chart says that it is computed when its answer takes longer than 300 ms, and not before."""
    reader = read()
    held: list[Route] = []

    def asks(request: Request) -> bool:
        return '"exhibit-outlook_odds.data"' in (request.post_data or "")

    def hold(route: Route) -> None:
        if asks(route.request):
            held.append(route)
        else:
            route.continue_()

    page = reader.page
    page.route(re.compile("_dash-update-component"), hold)
    with page.expect_request(asks):
        page.goto(reader.address + "/outlook")
    words = "getComputedStyle(document.querySelector('#body-outlook_odds'), '::after')"
    assert page.evaluate(f"() => {words}.content") == '"Computing …"'
    assert page.evaluate(f"() => {words}.animationDelay") == "0.3s"
    page.wait_for_function(f"() => {words}.opacity === '1'")
    page.wait_for_function("() => document.querySelector('#body-outlook_fan.is-drawn')")
    assert len(held) == 1
    for route in held:
        route.continue_()
    page.unroute(re.compile("_dash-update-component"))
    reader.settle()
    assert "is-waiting" not in page.locator("#body-outlook_odds").get_attribute("class")
