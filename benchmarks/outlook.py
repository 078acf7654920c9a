"""Kept Outlook views against the kept views of every other page, and how soon another page answers during a fit."""

import http.client
import statistics
import threading
import time

from benchmarks.web import Result, always, ask, median_latency, request_body, serve
from components.pages.outlook import PAGE
from components.site import PAGES

REQUESTS = 30
FITS = 6


def latencies(port: int, views: list[str]) -> dict[str, float]:
    """Return the median milliseconds of one client's requests for each view, all of them kept."""
    return {view: 1000 * median_latency(port, always(request_body(view, {})), REQUESTS) for view in views}


def behind_fits(port: int, view: str) -> tuple[float, float]:
    """Return the median milliseconds of a kept view alone, and while another reader asks for forecasts never made."""
    body, done = request_body(view, {}), threading.Event()

    def fit() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for start in range(1985, 1985 + FITS):
            asked = {"start": str(start), "made": str(2024 - start % 3), "levels": "50 80 95"}
            ask(connection, request_body("outlook_record", asked))
        done.set()

    connection = http.client.HTTPConnection("127.0.0.1", port)
    alone = 1000 * median_latency(port, always(body), REQUESTS)
    reader = threading.Thread(target=fit)
    reader.start()
    taken = []
    while not done.is_set():
        began = time.perf_counter()
        ask(connection, body)
        taken.append(1000 * (time.perf_counter() - began))
        time.sleep(0.02)
    reader.join()
    return alone, statistics.median(taken)


def measure() -> list[Result]:
    """Return the slowest kept Outlook view against the middle one of the other pages, and the wait behind fits."""
    own = [view.view_id for view in PAGE.views]
    others = [page.views[0].view_id for page in PAGES if page.views and page is not PAGE]
    with serve("dashboard") as port:
        ours, theirs = latencies(port, own), latencies(port, others)
        alone, behind = behind_fits(port, others[0])
    for view, taken in sorted({**ours, **theirs}.items(), key=lambda pair: pair[1]):
        print(f"{view}: {taken:.1f} ms")
    slowest = max(ours, key=lambda view: ours[view])
    middle = statistics.median(theirs.values())
    return [
        Result(f"kept Outlook view ({slowest}), against the middle of other pages'", ours[slowest], middle, "ms", 2.0),
        Result("kept view of another page while forecasts are fitted, against it alone", behind, alone, "ms", 10.0),
    ]
