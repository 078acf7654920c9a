"""Setting up says in one sentence what is missing, and leaves nothing half-made that would spoil the next try."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FAKE = """#!/bin/sh
case "$*" in
  *version_info*) exit {old} ;;
  *ensurepip*) exit {bare} ;;
  "-m venv .venv") mkdir -p .venv/bin && touch .venv/bin/python; exit {broken} ;;
esac
"""


@pytest.mark.parametrize(
    ("fails", "said"),
    [
        (
            {"old": 1},
            "Bilateral needs Python 3.11 or newer, which ./python is not: make .venv/bin/python PYTHON=python3.11",
        ),
        ({"bare": 1}, "python3-venv is missing: sudo apt-get install python3-venv"),
        ({"broken": 1}, ".venv could not be made, see above."),
    ],
)
def test_a_machine_that_lacks_something_is_told_what_and_the_next_try_starts_anew(
    tmp_path: Path, fails: dict[str, int], said: str
) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    assert said in make(tmp_path, **fails)
    assert not (tmp_path / ".venv").exists()
    assert make(tmp_path) == ""
    assert (tmp_path / ".venv" / "bin" / "python").exists()


def make(folder: Path, **fails: int) -> str:
    """Make the environment with a stand-in for Python that fails where told; returns what is printed."""
    stand_in = folder / "python"
    stand_in.write_text(FAKE.format(**{"old": 0, "bare": 0, "broken": 0} | fails))
    stand_in.chmod(0o755)
    command = ["make", "--no-print-directory", ".venv/bin/python", "PYTHON=./python"]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode != 0) == bool(fails)
    return done.stdout
