"""What a reader takes away is what stands on the screen: one hash, one menu, one sentence when there is nothing to take."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Page

from components.views import figure_hash
from exports.files.record import read_record

pytestmark = pytest.mark.browser
SCREEN = """(view) => {
  const figure = window.bilateral.exhibits[view].figure;
  const drawn = document.querySelector('#chart-' + view + ' .js-plotly-plot');
  return { data: drawn.data, layout: figure.layout };
}"""


def file_of(window: Page, view: str, name: str) -> Path:
    """Open the menu of a card with the keyboard, take a file from it, return where it was saved."""
    card = window.locator(f"#card-{view}")
    card.locator("details.export summary").focus()
    window.keyboard.press("Enter")
    with window.expect_download(timeout=60_000) as download:
        card.locator(f".export-menu a[download='{view}{name}']").click()
    assert download.value.suggested_filename == f"{view}{name}"
    return Path(download.value.path())


@pytest.mark.parametrize(
    ("path", "views"),
    [
        ("/trade?pair=CHN-KAZ&from=2010", ("trade-level", "trade-average-growth")),
        ("/projects", ("projects-map", "projects-terms")),
        ("/", ("today-gas",)),
    ],
)
def test_the_hash_on_screen_is_that_in_the_file(
    read: Callable[..., Any], tmp_path: Path, path: str, views: tuple[str, ...]
) -> None:
    window = read().open(path)
    for view in views:
        if not window.locator(f"#card-{view}").is_visible():
            continue
        screen = window.evaluate(SCREEN, view)
        picture = tmp_path / f"{view}.png"
        picture.write_bytes(file_of(window, view, "-column.png").read_bytes())
        record = read_record(picture)
        assert record["figure_hash"] == figure_hash(screen)
        window.wait_for_function("(v) => document.getElementById('told-' + v).textContent.endsWith('saved.')", arg=view)


def test_rows_are_those_of_the_parameters_at_hand(read: Callable[..., Any]) -> None:
    window = read().open("/trade?from=2015")
    body = file_of(window, "trade-level", ".csv").read_bytes()
    years = pd.read_csv(io.BytesIO(body))["time_period"].dropna().astype(str).str[:4].astype(int)
    assert years.min() >= 2015


@pytest.mark.parametrize("width", [1440, 390])
def test_the_menu_is_reached_by_keyboard_and_leaves_with_escape(
    read: Callable[..., Any], violations: Callable[[Page], list[str]], width: int
) -> None:
    window = read(width).open("/trade")
    summary = window.locator("#card-trade-level details.export summary")
    summary.focus()
    window.keyboard.press("Enter")
    menu = window.locator("#card-trade-level .export-menu")
    assert menu.is_visible()
    box = menu.bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width
    assert window.evaluate("document.documentElement.scrollWidth") <= width
    window.keyboard.press("Tab")
    assert window.evaluate("document.activeElement.getAttribute('download')") == "trade-level-screen.png"
    assert violations(window) == []
    window.keyboard.press("Escape")
    assert not menu.is_visible()


def test_a_refusal_is_a_sentence_in_the_card(read: Callable[..., Any]) -> None:
    reader = read()
    window = reader.open("/targets")
    card = window.locator("#card-targets-commitments")
    card.locator("details.export summary").click()
    card.locator(".export-menu a[download='targets-commitments-slide.png']").click()
    told = "() => document.getElementById('told-targets-commitments').textContent.includes('too small to read')"
    window.wait_for_function(told)
    assert len(reader.problems) == 2 and all("400" in problem for problem in reader.problems)
    reader.problems.clear()
