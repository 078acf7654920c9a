"""Every view composed anew, with one client, against a bare Dash app that returns the stored figure of that view."""

import http.client
import json
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.web import Result, ask, request_body, serve

WARM, REQUESTS = 3, 15
SHOWN = 10
FORECASTS = "outlook"
LIMIT = 3.0


def names() -> list[str]:
    """Return every view; forecasts are left to `outlook`, since fitting a model is no drawing."""
    from components.site import PAGES

    ids = [view.view_id for page in PAGES for view in page.views]
    return [view_id for view_id in ids if not view_id.startswith(FORECASTS)]


def median_of_each(port: int, bodies: dict[str, bytes]) -> dict[str, float]:
    """Return for each view the median milliseconds of one client's requests, after some that do not count."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    found = {}
    for view, body in bodies.items():
        taken = []
        for _ in range(WARM + REQUESTS):
            began = time.perf_counter()
            ask(connection, body)
            taken.append(1000 * (time.perf_counter() - began))
        found[view] = statistics.median(taken[WARM:])
    connection.close()
    return found


def stored_payloads(port: int, views: list[str]) -> dict[str, object]:
    """Return what the dashboard answers for each view, for the bare app to hand out."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    answers = {view: json.loads(ask(connection, request_body(view, {}))) for view in views}
    connection.close()
    return {view: answer["response"][f"exhibit-{view}"]["data"] for view, answer in answers.items()}


def measure() -> list[Result]:
    """Return the ratio of the view in the middle; the slowest views are printed by name."""
    views = names()
    with tempfile.TemporaryDirectory() as folder:
        with serve("forgetful") as port:
            stored = stored_payloads(port, views)
            ours = median_of_each(port, {view: request_body(view, {}) for view in views})
        path = Path(folder) / "payloads.json"
        path.write_text(json.dumps(stored), encoding="utf-8")
        with serve("bare", BENCH_PAYLOADS=str(path)) as port:
            peer = median_of_each(port, {view: request_body(None, {"view": view}) for view in views})
    ratios = {view: ours[view] / peer[view] for view in views}
    slowest = sorted(views, key=ratios.__getitem__, reverse=True)
    slow = sum(ratio > LIMIT for ratio in ratios.values())
    print(f"{len(views)} views composed anew; {slow} take more than {LIMIT:g} times as long; the slowest:")
    for view in slowest[:SHOWN]:
        print(f"  {view}: {ours[view]:.2f} against {peer[view]:.2f} ms, ratio {ratios[view]:.2f}")
    middle = slowest[len(slowest) // 2]
    name = f"uncached callback of {middle}, the middle of all views, p50 of one client"
    return [Result(name, ours[middle], peer[middle], "ms", LIMIT)]
