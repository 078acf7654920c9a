"""Fixtures every test may use: the real datasets built once into a folder of their own."""

from dataclasses import fields, replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

from pipelines import flow
from pipelines.tables import Tables

settings.register_profile("offline", deadline=None, derandomize=True)
settings.load_profile("offline")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def datasets() -> Path:
    return ROOT / "datasets"


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory, datasets: Path) -> Path:
    folder = tmp_path_factory.mktemp("store")
    flow.build(datasets, folder)
    return folder


@pytest.fixture(scope="session")
def tables(store: Path) -> Tables:
    return flow.load_tables(store)


@pytest.fixture(scope="session")
def empty_tables(tables: Tables) -> Tables:
    frames = {field.name: getattr(tables, field.name) for field in fields(tables)}
    return replace(tables, **{name: rows.iloc[:0] for name, rows in frames.items() if isinstance(rows, pd.DataFrame)})


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the source material is not beside the project")
    return folder
