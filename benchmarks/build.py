"""The build against the bare import of its two libraries."""

import resource
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.web import Result

ROOT = Path(__file__).resolve().parents[1]


def seconds(command: list[str], runs: int = 5) -> float:
    """Return the median processor time of a command after one run that does not count."""
    taken = []
    for run in range(runs + 1):
        began = _spent()
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        taken += [_spent() - began] if run else []
    return statistics.median(taken)


def _spent() -> float:
    """Seconds of processor time every command so far took, which other work on the machine hardly changes."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure() -> list[Result]:
    """Return the ratios of a forced build and of one with nothing changed."""
    python = sys.executable
    peer = seconds([python, "-c", "import pandas, pyarrow"])
    forced = seconds([python, "-m", "cli", "build", "--force"])
    unchanged = seconds([python, "-m", "cli", "build"])
    return [
        Result("bilateral build --force, against importing pandas and pyarrow", forced, peer, "s", 4.0),
        Result("bilateral build with nothing changed, against the same", unchanged, peer, "s", 2.0),
    ]
