"""The quarterly briefing, cold, against building and drawing its charts with the same engine and nothing else."""

import datetime as dt
import os
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from benchmarks.web import Result
from components.desk import Desk
from components.site import PAGES
from exports.papers.definition import load_definition
from exports.papers.report import export_report
from exports.pictures.exhibits import frame_exhibit
from exports.pictures.render import Engine
from pipelines.flow import build, load_tables
from pipelines.outlook.shelf import keep_in
from pipelines.settings import load_settings

ROOT = Path(__file__).resolve().parents[1]
RUNS = 3


def briefing(desk: Desk, engine: Engine) -> None:
    """Write the briefing as a PDF with its manifest."""
    with tempfile.TemporaryDirectory() as folder:
        today = dt.date(2026, 1, 1)
        assert export_report("briefing", Path(folder) / "pack", desk, engine=engine, today=today).complete  # noqa: S101


def charts(desk: Desk, engine: Engine) -> None:
    """Build and draw every chart of the briefing."""
    for part in load_definition("briefing", desk).parts:
        for ask in part.views:
            engine.image(frame_exhibit(desk, ask.view_id, ask.parameters, "screen"), "svg")


def one(name: str) -> float:
    """Return the seconds one side takes in this fresh process, from the store on disk to the last byte."""
    settings = load_settings(ROOT / "settings.toml", os.environ)
    keep_in(settings.datasets / "forecasts")
    began = time.perf_counter()
    with Engine() as engine:
        {"briefing": briefing, "charts": charts}[name](Desk(partial(load_tables, settings.store), PAGES), engine)
    return time.perf_counter() - began


def measure() -> list[Result]:
    """Return the median of the briefing against that of its charts, each run in a process of its own, in turns."""
    settings = load_settings(ROOT / "settings.toml", os.environ)
    build(settings.datasets, settings.store)
    _run("charts")
    pairs = [(_run("briefing"), _run("charts")) for _ in range(RUNS)]
    ours, peer = (statistics.median(side) for side in zip(*pairs, strict=True))
    return [Result("briefing, cold, to its charts alone", ours, peer, "s", 2.0)]


def _run(name: str) -> float:
    command = [sys.executable, "-m", "benchmarks.report", name]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(ended.stdout)


if __name__ == "__main__":
    print(one(sys.argv[1]))
