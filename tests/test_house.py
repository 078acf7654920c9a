"""Rules of the house a linter cannot hold: side effects have one home, functions stay short, nothing names a machine."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CODE = [
    ROOT / "app.py",
    ROOT / "cli.py",
    *sorted((ROOT / "pipelines").rglob("*.py")),
    *sorted((ROOT / "components").rglob("*.py")),
    *sorted((ROOT / "exports").rglob("*.py")),
]
HOMES = {
    "parquet": {"pipelines/store.py"},
    "clock": {"cli.py", "app.py"},
}
PARQUET = {"read_parquet", "to_parquet", "write_table", "ParquetFile", "ParquetWriter"}
CLOCK = {
    f"{root}.{name}"
    for root in ("date", "datetime", "Timestamp", "time")
    for name in ("now", "today", "utcnow", "time")
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def calls(path: Path) -> set[str]:
    """Names of everything called: the bare name, and the name with the one before its dot."""
    called = [node.func for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    names = {node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "") for node in called}
    dotted = [node for node in called if isinstance(node, ast.Attribute)]
    return names | {f"{getattr(node.value, 'attr', getattr(node.value, 'id', ''))}.{node.attr}" for node in dotted}


@pytest.mark.parametrize(("effect", "names"), [("parquet", PARQUET), ("clock", CLOCK)])
def test_each_side_effect_has_one_home(effect: str, names: set[str]) -> None:
    found = {name_of(path) for path in CODE if calls(path) & names}
    assert found <= HOMES[effect]


def test_functions_stay_short() -> None:
    long = []
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                statements = sum(isinstance(part, ast.stmt) for part in ast.walk(node)) - 1
                if statements > 30:
                    long.append(f"{name_of(path)}:{node.name} has {statements}")
    assert long == []


def test_every_module_opens_with_a_sentence() -> None:
    assert [name_of(path) for path in CODE if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))] == []


def test_no_module_is_a_drawer_for_leftovers() -> None:
    assert [name_of(path) for path in CODE if path.stem in {"utils", "helpers", "common", "misc", "util"}] == []


def test_datasets_hold_no_python() -> None:
    assert list((ROOT / "datasets").rglob("*.py")) == []


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines()]


def test_nothing_tracked_is_large_or_names_a_machine() -> None:
    place = re.compile(r"(?:^|[\s\"'(=])/(?:home|root|work|Users)/\w+|--(?:extra-)?index-url")
    offenders = []
    for path in tracked():
        if not path.exists() or path == Path(__file__):
            continue
        if path.stat().st_size > 2_000_000:
            offenders.append(f"{name_of(path)} is large")
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        offenders += [f"{name_of(path)}: {match.group().strip()}" for match in place.finditer(text)]
    assert offenders == []


def test_the_documents_own_words_stay_in_the_documents(shared: Path) -> None:
    def words(text: str) -> list[str]:
        return re.findall(r"[a-z0-9]+", text.lower())

    size = 9
    shingles: set[tuple[str, ...]] = set()
    for path in (shared / "seeds").glob("*.txt"):
        of_document = words(path.read_text(encoding="utf-8"))
        shingles |= {tuple(of_document[i : i + size]) for i in range(len(of_document) - size + 1)}
    repeated = []
    for path in tracked():
        if path.suffix in {".py", ".csv", ".md", ".toml", ".js", ".css"} and path.exists():
            own = words(path.read_text(encoding="utf-8"))
            repeated += [
                f"{name_of(path)}: {' '.join(own[i : i + size])}"
                for i in range(len(own) - size + 1)
                if tuple(own[i : i + size]) in shingles
            ]
    assert repeated == []
