"""Pictures: twenty charts against Kaleido's own kept-open engine, and five hundred in one process."""

import os
import statistics
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import kaleido

from benchmarks.web import Result
from components.desk import Desk
from components.site import PAGES
from exports.pictures.browser import PLOTLY
from exports.pictures.exhibits import Framed, frame_exhibit
from exports.pictures.render import Engine
from pipelines.flow import build, load_tables
from pipelines.settings import load_settings

ROOT = Path(__file__).resolve().parents[1]
CHARTS = 20
ENDURANCE = 500
WARM = 50
PROC = Path("/proc")


def sheets(count: int) -> list[Framed]:
    """Return the first views of the site on slides; maps are left out, for Kaleido fetches theirs from a network."""
    settings = load_settings(ROOT / "settings.toml", os.environ)
    build(settings.datasets, settings.store)
    desk = Desk(partial(load_tables, settings.store), PAGES)
    names = [view.view_id for page in PAGES for view in page.views if view.view_id != "projects-map"]
    return [frame_exhibit(desk, name, {}, "slide") for name in names[:count]]


def ours(engine: Engine, framed: Sequence[Framed]) -> float:
    """Return the seconds to draw and check every sheet, after one that does not count."""
    engine.image(framed[0])
    began = time.perf_counter()
    for sheet in framed:
        engine.image(sheet)
    return time.perf_counter() - began


def theirs(framed: Sequence[Framed]) -> float:
    """Return the seconds Kaleido takes for the same figures with one engine kept open, after one not counted."""
    orders = [(sheet.figure, _options(sheet)) for sheet in framed]
    kaleido.start_sync_server(n=1, plotlyjs=PLOTLY, mathjax=False, silence_warnings=True)
    try:
        kaleido.calc_fig_sync(orders[0][0], opts=orders[0][1])
        began = time.perf_counter()
        for figure, options in orders:
            kaleido.calc_fig_sync(figure, opts=options)
        return time.perf_counter() - began
    finally:
        kaleido.stop_sync_server(silence_warnings=True)


def _options(sheet: Framed) -> dict[str, Any]:
    scale = sheet.sheet.pixels[0] / sheet.width
    return {"format": "png", "width": sheet.sheet.plot_width, "height": sheet.sheet.plot_height, "scale": scale}


def tree(root: int) -> list[int]:
    """Return a process and all it started."""
    parents: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, queue = [], [root]
    while queue:
        found.append(queue.pop())
        queue += parents.get(found[-1], [])
    return found


def memory(processes: Sequence[int]) -> float:
    """Return the megabytes of memory that belong to processes and to no file; shared pages are counted once."""
    total = 0
    for process in processes:
        try:
            rows = (PROC / str(process) / "smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(row.split()[1]) for row in rows if row.startswith("Pss_Anon:"))
    return total / 1024


def endurance(engine: Engine, framed: Sequence[Framed]) -> list[Result]:
    """Return processes and memory after five hundred pictures, against those after fifty."""
    mark: tuple[int, float] = (0, 0.0)
    for number in range(ENDURANCE):
        engine.image(framed[number % len(framed)])
        if number == WARM:
            mark = _state()
    count, megabytes = _state()
    return [
        Result(f"processes after {ENDURANCE} pictures, against after {WARM}", count, mark[0], "processes", 1.0),
        Result(f"memory after {ENDURANCE} pictures, against after {WARM}", megabytes, mark[1], "MB", 1.1),
    ]


def _state() -> tuple[int, float]:
    """Return processes and memory now; the median of three looks, for browsers come and go within one."""
    looks = []
    for _ in range(3):
        time.sleep(1)
        processes = tree(os.getpid())
        looks.append((len(processes), memory(processes)))
    return round(statistics.median(count for count, _ in looks)), statistics.median(size for _, size in looks)


def measure() -> list[Result]:
    """Return the ratio to Kaleido over twenty charts, and what five hundred leave behind."""
    framed = sheets(CHARTS)
    peer = theirs(framed)
    with Engine() as engine:
        result = Result(
            f"{CHARTS} charts to PNG, against Kaleido's kept-open engine", ours(engine, framed), peer, "s", 1.15
        )
        return [result, *endurance(engine, framed)]
