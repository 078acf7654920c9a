"""What the README and the generated references say is so."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import cli
from components.site import PAGES

ROOT = Path(__file__).resolve().parents[1]
PAPERS = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "DATA-LICENCE.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_generated_references_are_fresh() -> None:
    ended = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.name)
def test_every_link_inside_the_repository_leads_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_the_changelog_opens_with_the_figures_changed() -> None:
    heads = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.M)
    assert heads[0] == "Figures changed"


def test_every_path_the_readme_names_exists() -> None:
    named = re.findall(
        r"`((?:datasets|pipelines|components|docs|tests|benchmarks)/[\w./-]*)`",
        (ROOT / "README.md").read_text(encoding="utf-8"),
    )
    assert named
    assert [name for name in named if not (ROOT / name).exists() and not name.startswith("datasets/store")] == []


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.name)
def test_every_table_has_its_heads(path: Path) -> None:
    lines = ["", *path.read_text(encoding="utf-8").splitlines(), ""]
    firsts = [n for n, line in enumerate(lines) if line.startswith("|") and not lines[n - 1].startswith("|")]
    assert [lines[n] for n in firsts if not re.fullmatch(r"[|:\- ]+", lines[n + 1])] == []


PACKAGES = [
    "pipelines",
    "components",
    "exports",
    *(f"exports/{part}" for part in ("files", "pictures", "papers", "schedules")),
]


@pytest.mark.parametrize("package", PACKAGES)
def test_the_architecture_names_every_module(package: str) -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+)/?`", text))
    modules = {
        path.stem for path in (ROOT / package).iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert sorted(modules - named - {"__init__"}) == []


def test_the_readme_names_every_page_and_command() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [page.title for page in PAGES if page.title not in text] == []
    commands = re.findall(r"^## bilateral (\w+)", (ROOT / "docs" / "cli.md").read_text(encoding="utf-8"), flags=re.M)
    assert commands
    assert [name for name in commands if f"bilateral {name}" not in text] == []
    assert cli.parser().prog == "bilateral"


def test_every_make_target_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M))
    named = set(re.findall(r"make (\w+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert named <= targets
