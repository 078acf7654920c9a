"""Figure callbacks and first load of the dashboard against a bare Dash app on the same server."""

import contextlib
import http.client
import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VIEW = "trade-level"
VARIED: Mapping[str, Sequence[object]] = {
    "from": range(1990, 1998),
    "to": range(2026, 2032),
    "scale": ("linear", "log"),
    "prices": ("current", "constant"),
    "base": range(1992, 2025),
    **dict.fromkeys(("events", "targets", "path", "press"), ("on", "off")),
}
CLIENTS = 50
SECONDS = 6.0


@dataclass(frozen=True)
class Result:
    """One measured ratio with its limit: `is_good` when it lies on the right side."""

    name: str
    ours: float
    peer: float
    unit: str
    limit: float
    at_most: bool = True

    @property
    def ratio(self) -> float:
        """Ours over the peer's."""
        return self.ours / self.peer

    @property
    def is_good(self) -> bool:
        """Whether the ratio keeps its limit."""
        return self.ratio <= self.limit if self.at_most else self.ratio >= self.limit


@contextlib.contextmanager
def serve(factory: str, **environ: str) -> Iterator[int]:
    """Run one server of benchmarks.servers under gunicorn (2 workers, 4 threads) and yield its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--workers", "2", "--threads", "4", "--log-level", "error"]
    command += ["--bind", f"127.0.0.1:{port}", f"benchmarks.servers:{factory}()"]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | environ, stdout=subprocess.DEVNULL) as server:
        try:
            _wait(port, server)
            yield port
        finally:
            server.terminate()


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise SystemExit("the server to be measured did not start")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        time.sleep(0.2)
    raise SystemExit("the server to be measured did not answer")


def request_body(view: str | None, selection: dict[str, str]) -> bytes:
    """Return the body of a callback request: of one of our views, or of the bare app (None)."""
    output, given = (f"exhibit-{view}", f"sel-{view}") if view else ("exhibit", "selection")
    return json.dumps(
        {
            "output": f"{output}.data",
            "outputs": {"id": output, "property": "data"},
            "inputs": [{"id": given, "property": "data", "value": selection}],
            "changedPropIds": [f"{given}.data"],
        }
    ).encode()


def ask(connection: http.client.HTTPConnection, body: bytes) -> bytes:
    """Send one callback request and return the answer; anything but 200 ends the measurement."""
    connection.request("POST", "/_dash-update-component", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200:
        raise SystemExit(f"a callback answered {answer.status}: {text[:200]!r}")
    return text


Bodies = Callable[[], bytes]


def always(body: bytes) -> Bodies:
    """Return a source of the same request again and again."""
    return lambda: body


def never_twice(view: str) -> Bodies:
    """Return a source of requests no two of which choose the same parameters, so that each figure must be composed.

    Years, scale, switches and prices vary, as far as they leave the chart about as large as the stored one.
    """
    choose, lock, asked = random.Random(1), threading.Lock(), set[tuple[str, ...]]()  # noqa: S311

    def body() -> bytes:
        with lock:
            chosen = tuple(str(choose.choice(values)) for values in VARIED.values())
            while chosen in asked:
                chosen = tuple(str(choose.choice(values)) for values in VARIED.values())
            asked.add(chosen)
        return request_body(view, dict(zip(VARIED, chosen, strict=True)))

    return body


def median_latency(port: int, bodies: Bodies, requests: int = 60) -> float:
    """Return the median seconds of one client's requests, after ten that do not count."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for _ in range(10):
        ask(connection, bodies())
    taken = []
    for _ in range(requests):
        began = time.perf_counter()
        ask(connection, bodies())
        taken.append(time.perf_counter() - began)
    connection.close()
    return statistics.median(taken)


def throughput(port: int, bodies: Bodies) -> float:
    """Return requests a second of 50 clients over a fixed time, after one of each client that does not count."""
    counts = [0] * CLIENTS
    start = threading.Barrier(CLIENTS + 1, timeout=120)

    def client(place: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        ask(connection, bodies())
        start.wait()
        stop = time.perf_counter() + SECONDS
        while time.perf_counter() < stop:
            ask(connection, bodies())
            counts[place] += 1
        connection.close()

    threads = [threading.Thread(target=client, args=(place,)) for place in range(CLIENTS)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)


def stored_payload(folder: Path) -> Path:
    """Ask the dashboard once and store the answer for the bare app, so that both send the same bytes."""
    with serve("dashboard") as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        answer = json.loads(ask(connection, request_body(VIEW, {})))
        connection.close()
    path = folder / "payloads.json"
    path.write_text(json.dumps({VIEW: answer["response"][f"exhibit-{VIEW}"]["data"]}), encoding="utf-8")
    return path


def wire_bytes(port: int, path: str) -> tuple[int, list[str]]:
    """Return the bytes on the wire until a chart is drawn and the page idle, with an empty cache, and the addresses."""
    from playwright.sync_api import sync_playwright

    browser_path = os.environ.get("BROWSER_PATH") or shutil.which("chromium") or shutil.which("chromium-headless-shell")
    total, addresses = 0, []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page()
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        sizes: list[float] = []
        session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        page.on("request", lambda request: addresses.append(request.url))
        page.goto(f"http://127.0.0.1:{port}{path}")
        page.wait_for_selector(".js-plotly-plot .main-svg")
        page.wait_for_load_state("networkidle")
        total = int(sum(sizes))
        browser.close()
    return total, addresses


def measure() -> list[Result]:
    """Return every ratio of the dashboard."""
    with tempfile.TemporaryDirectory() as folder:
        payload = stored_payload(Path(folder))
        with serve("bare", BENCH_PAYLOADS=str(payload)) as port:
            stored = always(request_body(None, {"view": VIEW}))
            peer = (median_latency(port, stored), throughput(port, stored))
            bare_load, _ = wire_bytes(port, "/")
    results = []
    for name, bodies in (("uncached", never_twice(VIEW)), ("cached", always(request_body(VIEW, {})))):
        with serve("dashboard") as port:
            alone, many = 1000 * median_latency(port, bodies), throughput(port, bodies)
        results += [
            Result(f"{name} figure callback, p50 of one client", alone, 1000 * peer[0], "ms", 3.0),
            Result(f"{name} figure callbacks, {CLIENTS} clients", many, peer[1], "requests/s", 0.4, at_most=False),
        ]
    with serve("dashboard") as port:
        load, addresses = wire_bytes(port, "/trade")
        own = (f"http://127.0.0.1:{port}/", "data:", "blob:")
        strangers = [address for address in addresses if not address.startswith(own)]
        grid = [address for address in addresses if "ag_grid" in address or "ag-grid" in address]
        print(f"requests that leave the host: {len(strangers)}; for the grid on a page without one: {len(grid)}")
        results.append(Result("first load of /trade on the wire", load / 1e6, bare_load / 1e6, "MB", 1.3))
    return results
