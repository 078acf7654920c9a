"""One open browser with one page that draws sheets; asyncio stays in here."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import tempfile
import threading
import warnings
from collections.abc import Coroutine, Mapping
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as LateError
from pathlib import Path
from typing import Any

import choreographer
import orjson
import plotly
from choreographer.browsers import Chromium
from choreographer.errors import BrowserClosedError, BrowserFailedError, ChannelClosedError, TmpDirWarning

from pipelines.errors import DataError

REMEDY = "Install one (Debian: sudo apt-get install chromium) or set BROWSER_PATH to a Chrome or Chromium."
TOPOJSON = Path(__file__).resolve().parents[2] / "components" / "assets" / "topojson" / "world_110m.json"
STAGE = Path(__file__).with_name("stage.js")
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
START_LIMIT = 60.0
FRESH_AFTER = 100
"""So many pictures after which the page is loaded anew, so that its memory does not grow."""
_PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><script src="{plotly}" charset="utf-8"></script>
<script>window.PlotlyGeoAssets = {{topojson: {{world_110m: {topojson}}}}};</script>
<script src="{stage}" charset="utf-8"></script></head><body></body></html>"""
_ENDED = (BrowserClosedError, BrowserFailedError, ChannelClosedError, CancelledError, asyncio.CancelledError)
_PRINT = {
    "printBackground": True,
    "preferCSSPageSize": True,
    "generateTaggedPDF": False,
    "marginTop": 0,
    "marginBottom": 0,
    "marginLeft": 0,
    "marginRight": 0,
    "pageRanges": "1",
}
for _name in ("choreographer", "browser_proc", "logistro"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class NoBrowser(DataError):  # noqa: N818 - said as it happened
    """This machine has no browser to draw pictures with."""


class BrowserGone(Exception):  # noqa: N818 - said as it happened
    """The browser ended, or did not answer in time."""


def find_browser() -> str:
    """Return the browser pictures are drawn with: $BROWSER_PATH, or the first Chrome or Chromium of this machine."""
    named = os.environ.get("BROWSER_PATH")
    if named and not Path(named).is_file():
        raise NoBrowser(f"Pictures need a browser, and BROWSER_PATH={named} does not exist. {REMEDY}")
    found = named or Chromium.find_browser(skip_local=False)
    if not found:
        raise NoBrowser(f"Pictures need a browser, and none was found. {REMEDY}")
    return str(found)


class OpenBrowser:
    """A browser process and its page; a picture is answered within `limit` seconds or `BrowserGone` is raised."""

    def __init__(self, path: str, limit: float) -> None:
        self._limit = limit
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="browser", daemon=True)
        self._thread.start()
        self._folder = tempfile.TemporaryDirectory(prefix="bilateral-stage-", ignore_cleanup_errors=True)
        self._path = path
        self._browser: choreographer.Browser | None = None
        try:
            self._wait(self._open())
        except BrowserGone:
            self.close()
            raise

    @property
    def pid(self) -> int | None:
        """The process of the browser; it leads a group of its own."""
        return self._browser.subprocess.pid if self._browser is not None else None

    def draw(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the page answers to an order: `body` and `traces`, or `error`."""
        answer: dict[str, Any] = self._wait(self._draw(order), self._limit)
        return answer

    def close(self) -> None:
        """End the browser with everything it started, and remove its files."""
        if self._browser is not None:
            try:
                self._wait(self._browser.close())
            except BrowserGone:
                self._kill()
        with contextlib.suppress(BrowserGone):
            self._wait(_end_tasks())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        if not self._loop.is_running():
            self._loop.close()
        self._folder.cleanup()

    def _kill(self) -> None:
        if self.pid is not None:
            try:
                os.killpg(self.pid, signal.SIGKILL)
            except ProcessLookupError:
                return

    def _wait(self, work: Coroutine[Any, Any, Any], limit: float = START_LIMIT) -> Any:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(limit)
        except LateError:
            future.cancel()
            raise BrowserGone(f"did not answer within {limit:g} seconds") from None
        except _ENDED:
            raise BrowserGone("ended") from None

    async def _open(self) -> None:
        warnings.filterwarnings("ignore", category=TmpDirWarning)
        self._browser = choreographer.Browser(self._path)
        await self._browser.open()
        page = Path(self._folder.name) / "stage.html"
        parts = {"plotly": PLOTLY.as_uri(), "stage": STAGE.as_uri(), "topojson": TOPOJSON.read_text(encoding="utf-8")}
        page.write_text(_PAGE.format(**parts), encoding="utf-8")
        tab = self._browser.get_tab()
        if tab is None:
            raise BrowserFailedError
        self._tab: choreographer.Tab = tab
        await tab.send_command("Page.enable")
        await self._load(page.as_uri())

    async def _load(self, address: str) -> None:
        self._address, self._drawn = address, 0
        loaded = self._tab.subscribe_once("Page.loadEventFired")
        await self._tab.send_command("Page.navigate", params={"url": address})
        await loaded

    async def _draw(self, order: Mapping[str, Any]) -> dict[str, Any]:
        if self._drawn >= FRESH_AFTER:
            await self._load(self._address)
            await self._tab.send_command("HeapProfiler.collectGarbage")
        self._drawn += 1
        call = f"bilateral.draw({orjson.dumps(order, option=orjson.OPT_SERIALIZE_NUMPY).decode()}).then(JSON.stringify)"
        answer = await self._evaluate(call)
        if order["format"] == "pdf" and "error" not in answer:
            printed = await self._tab.send_command("Page.printToPDF", params=_PRINT)
            answer["body"] = printed["result"]["data"]
            await self._evaluate("bilateral.clear()")
        return answer

    async def _evaluate(self, expression: str) -> dict[str, Any]:
        params = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        answer = await self._tab.send_command("Runtime.evaluate", params=params)
        if "error" in answer:
            return {"error": str(answer["error"].get("message", "the browser refused"))}
        details = answer["result"].get("exceptionDetails")
        if details:
            said = details.get("exception", {}).get("description") or details.get("text", "")
            return {"error": str(said).split("\n", 1)[0] or "the chart raised an error"}
        return dict(json.loads(answer["result"]["result"].get("value") or "{}"))


async def _end_tasks() -> None:
    """Cancel what the library left running, so that nothing is pending when the loop closes."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
