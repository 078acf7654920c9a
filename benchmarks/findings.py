"""Findings: precision on consistent pairs, recall on what was found by hand, cost by figure, time against the build."""

import sys
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd

from benchmarks.build import seconds
from benchmarks.web import Result
from pipelines import flow
from pipelines.checks.candidate import observe_candidates
from pipelines.checks.facts import Facts, Figure, read_figures
from pipelines.checks.search import search
from pipelines.codelists import read_codelists
from pipelines.registers import read_register
from pipelines.schema import SOURCES

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "tests" / "data" / "findings"
FALSE_ALARMS = ("conflict", "caution")
FEW, MANY = 10_000, 100_000


def consistent_pairs() -> tuple[Figure, ...]:
    """Return the figures of the hand-made list; each pair or set is a text of its own."""
    lists = read_codelists(ROOT / "datasets" / "codelists")
    sources = read_register(ROOT / "datasets" / "sources.csv", SOURCES, lists)
    text = pd.read_csv(DATA / "consistent_pairs.csv", dtype=str, keep_default_na=False)
    return read_figures(observe_candidates(text, lists, sources))


def false_alarms() -> tuple[int, int]:
    """Return how many sets of the list raise a conflict or a caution, each checked alone, and how many there are."""
    figures = consistent_pairs()
    texts = dict.fromkeys(figure.source_id for figure in figures)
    codes = flow.read_datasets(ROOT / "datasets")["codes"]
    alarms = 0
    for name in texts:
        found = search(Facts(tuple(figure for figure in figures if figure.source_id == name), codes=codes))
        alarms += bool(found["word"].isin(FALSE_ALARMS).any())
    return alarms, len(texts)


def recall(findings: pd.DataFrame, observations: pd.DataFrame) -> tuple[int, int]:
    """Return how many findings worked out by hand come out by rule with their verdict, and how many there are."""
    known = pd.read_csv(DATA / "known_findings.csv", keep_default_na=False)
    words = observations["as_written"].str.replace(r"\s+", " ", regex=True)
    found = 0
    for rule, verdict, figures in known.itertuples(index=False):
        ids = [
            set(observations.loc[words.eq(part.partition(" ")[2]), "observation_id"])
            for part in figures.split(" | ")
            if part
        ]
        rows = findings[findings["rule"].eq(rule) & findings["verdict"].eq(verdict)]
        cells = [set(cell.split(" ; ")) for cell in rows["observation_ids"]]
        found += any(all(one & cell for one in ids) for cell in cells)
    return found, len(known)


def many_figures(count: int) -> Facts:
    """Return the hand-made list repeated as ever new texts until there are so many figures."""
    figures = consistent_pairs()
    copies = -(-count // len(figures))
    made = (
        replace(
            figure,
            id=f"{figure.id}.{copy}",
            figure_id=f"{figure.id}.{copy}",
            source_id=f"{figure.source_id}.{copy}",
            project_id=f"{figure.project_id}.{copy}" if figure.project_id else "",
            ref_area=f"{figure.ref_area}{copy}",
        )
        for copy in range(copies)
        for figure in figures
    )
    return Facts(tuple(made)[:count])


def crowded(count: int, *, step: float = 0.0) -> Facts:
    """Return so many figures of one text: the hand-made list again and again, each time a fraction `step` larger."""
    figures = consistent_pairs()
    made = (
        replace(
            figure,
            id=f"{figure.id}.{copy}",
            figure_id=f"{figure.id}.{copy}",
            source_id="one text",
            value=figure.value * (1 + step * copy),
            interval=figure.interval * (1 + step * copy),
        )
        for copy in range(-(-count // len(figures)))
        for figure in figures
    )
    return Facts(tuple(made)[:count])


def cost(facts: Facts) -> float:
    """Return microseconds of processor time a figure takes."""
    began = time.process_time()
    search(facts)
    return (time.process_time() - began) / len(facts.figures) * 1e6


def measure() -> list[Result]:
    """Return precision, recall, cost and time."""
    python = sys.executable
    build = seconds([python, "-m", "cli", "build", "--force"], runs=3)
    check = seconds([python, "-m", "cli", "check", "--findings"], runs=3)
    tables = flow.build_tables(ROOT / "datasets")
    alarms, pairs = false_alarms()
    found, known = recall(tables.findings, tables.observations)
    sizes = (MANY, FEW)
    return [
        Result("findings: consistent sets left alone, of a hand-made list", pairs - alarms, pairs, "sets", 1.0, False),
        Result("findings: worked out by hand and found by rule", found, known, "findings", 1.0, False),
        Result("findings: precision, found over found and false alarms", found, found + alarms, "", 1.0, False),
        Result(f"findings: time a figure, {MANY:,} against {FEW:,}", *map(cost, map(many_figures, sizes)), "µs", 2.0),
        Result(
            f"findings: time a figure, {MANY:,} of one text said again and again, against {FEW:,}",
            *map(cost, map(crowded, sizes)),
            "µs",
            2.0,
        ),
        Result(
            f"findings: time a figure, {MANY:,} of one text nearly the same, against {FEW:,}",
            *(cost(crowded(size, step=1e-7)) for size in sizes),
            "µs",
            2.0,
        ),
        Result("bilateral check --findings, against bilateral build --force", check, build, "s", 2.0),
    ]
