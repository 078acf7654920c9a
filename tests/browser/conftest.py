"""One server over the real datasets and one browser for all browser tests; without Chromium they are skipped."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from exports.schedules.runs import Ledger, Run

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = ("chromium", "chromium-browser", "chromium-headless-shell", "google-chrome")
START = 120.0
# True once every visible card has its answer, every chart is drawn, and the grid, where there is one, has rows.
SETTLED = """() => {
  if (!window.bilateral || window.bilateral.busy) return false;
  const answered = (c) => c.id.replace('body-', '') in window.bilateral.exhibits;
  const shown = (e) => e && e.offsetParent !== null;
  const cards = [...document.querySelectorAll('.card-body')].filter(shown);
  const drawn = (c) => !c.classList.contains('is-drawn') || c.querySelector('.js-plotly-plot .main-svg, .gl-container');
  const grid = document.querySelector('#ledger');
  return document.querySelector('#content h1, #content .message') !== null
    && cards.every((c) => answered(c) && !c.classList.contains('is-waiting') && drawn(c))
    && (!grid || grid.querySelector('.ag-row, .ag-overlay-no-rows-center') !== null);
}"""


def chromium() -> str | None:
    """Return the Chromium of this machine: $BROWSER_PATH, or the first known name on the path."""
    named = os.environ.get("BROWSER_PATH")
    if named:
        return named if Path(named).is_file() else None
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


@pytest.fixture(scope="session", autouse=True)
def tools() -> None:
    """Skip where there is no Chromium, or where the program that drives it does not start."""
    if chromium() is None:
        pytest.skip("no Chromium found: install the package chromium, or set BROWSER_PATH to a browser")
    driver = subprocess.run(
        [sys.executable, "-m", "playwright", "--version"], capture_output=True, text=True, check=False
    )
    if driver.returncode:
        last = (driver.stderr.strip().splitlines() or ["it says nothing"])[-1]
        pytest.skip(f"Playwright does not start ({last}): install the package libatomic1")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": chromium(), "args": ["--no-sandbox", "--disable-dev-shm-usage"]}


@pytest.fixture(scope="session")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packs after three runs: one good, one with a gap, one that failed."""
    folder = tmp_path_factory.mktemp("packs")
    gap = "01-trade-level.png: No Chromium was found. Install the package chromium, or set BROWSER_PATH."
    with Ledger(f"sqlite:///{folder / 'runs.db'}") as ledger:
        for day, status, error in (
            ("09", "complete", ""),
            ("16", "incomplete", gap),
            ("23", "failed", "the disk is full"),
        ):
            due, name = f"2026-11-{day}T05:00:00+00:00", f"202611{day}T050000Z"
            ledger.enter(
                Run(
                    "weekly",
                    due,
                    status=status,
                    started=due,
                    ended=due,
                    folder=name,
                    files=("01-trade.csv",),
                    error=error,
                )
            )
            (folder / "weekly" / name).mkdir(parents=True)
            (folder / "weekly" / name / "01-trade.csv").write_text("year,value\n2025,1\n")
    return folder


@pytest.fixture(scope="session")
def address(store: Path, packs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the application with gunicorn on a free port, as a reader would."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--workers",
        "1",
        "--threads",
        "4",
        "--bind",
        f"127.0.0.1:{port}",
        "app:server",
    ]
    log = (tmp_path_factory.mktemp("server") / "log.txt").open("w+")
    with (
        log,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"BILATERAL_STORE": str(store), "BILATERAL_EXPORTS": str(packs)},
            stdout=log,
            stderr=log,
        ) as server,
    ):
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", server, log.name)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def wait_for(url: str, server: subprocess.Popen[bytes], log: str) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the server did not start:\n{Path(log).read_text()[-3000:]}")


@dataclass
class Reader:
    """A page of the browser with what went wrong on it."""

    page: Page
    address: str
    problems: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Open a path and wait until all of it has arrived."""
        self.page.goto(self.address + path)
        return self.settle()

    def settle(self) -> Page:
        """Wait until the page has every answer it asked for."""
        self.page.wait_for_function(SETTLED)
        return self.page

    def note_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"console {message.type}: {message.text[:300]}")

    def note_request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.problems.append(f"request left the host: {request.url}")

    def note_response(self, response: Response) -> None:
        if response.status >= 400:
            self.problems.append(f"{response.status} {response.url}")


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """One context for all tests, so that libraries are fetched and compiled once, as for a reader who stays."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    context.set_default_timeout(60_000)  # a busy machine is slow, not wrong
    yield context
    context.close()


@pytest.fixture
def read(window: BrowserContext, address: str) -> Iterator[Callable[..., Reader]]:
    """Open a reader's page: `read(width, scheme)`; in the end it must have nothing to complain about."""
    readers: list[Reader] = []

    def open_page(width: int = 1440, scheme: Literal["light", "dark"] = "light") -> Reader:
        reader = Reader(window.new_page(), address)
        reader.page.set_viewport_size({"width": width, "height": 900})
        reader.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        reader.page.on("console", reader.note_console)
        reader.page.on("pageerror", lambda error: reader.problems.append(f"page error: {error}"))
        reader.page.on("request", reader.note_request)
        reader.page.on("response", reader.note_response)
        readers.append(reader)
        return reader

    yield open_page
    problems = [problem for reader in readers for problem in reader.problems]
    for reader in readers:
        reader.page.evaluate("() => window.origin.startsWith('http') && localStorage.clear()")
        reader.page.close()
    assert problems == []


@pytest.fixture(scope="session")
def violations() -> Callable[[Page], list[str]]:
    """Return the serious accessibility violations axe-core finds on a page."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def serious(page: Page) -> list[str]:
        found = json.loads(json.dumps(axe.run(page).response["violations"]))
        return [
            f"{entry['id']}: {entry['help']}: {[node['target'] for node in entry['nodes'][:4]]}"
            for entry in found
            if entry["impact"] in ("serious", "critical")
        ]

    return serious
