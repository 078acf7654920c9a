"""A scheduler's tools around a pack of two small files, with a clock the tests set."""

import datetime as dt
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from exports.schedules.condition import State
from exports.schedules.destinations import Destination
from exports.schedules.keys import Keyring
from exports.schedules.perform import Job, Outcome, Tools
from exports.schedules.plan import Plan, Schedule
from exports.schedules.runs import Ledger

POSTGRES = "BILATERAL_TEST_POSTGRES"
MORNING = dt.datetime(2026, 11, 25, 6, tzinfo=dt.UTC)


@dataclass
class Clock:
    """A clock that stands still until a test sets it."""

    moment: dt.datetime = MORNING

    def __call__(self) -> dt.datetime:
        return self.moment

    def pass_(self, **span: float) -> None:
        self.moment += dt.timedelta(**span)


@dataclass
class Maker:
    """Makes a pack of two files; tests say what goes wrong and which data it sees."""

    gaps: tuple[str, ...] = ()
    fail: BaseException | None = None
    digest: str = "d1"
    readings: dict[str, float] = field(default_factory=dict)
    made: list[Job] = field(default_factory=list)

    def produce(self, job: Job, folder: Path) -> Outcome:
        self.made.append(job)
        (folder / "data").mkdir()
        (folder / "data" / "trade.csv").write_text("a,b\n1,2\n")
        if self.fail is not None:
            raise self.fail
        (folder / "manifest.json").write_text("{}")
        return Outcome(("data/trade.csv", "manifest.json"), self.gaps, self.digest)

    def state(self, schedule: Schedule) -> State:
        return State(self.digest, self.readings)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def maker() -> Maker:
    return Maker()


@pytest.fixture
def postgresql() -> Iterator[str]:
    """The address of a schema of its own in the PostgreSQL the environment names; skips where it names none."""
    address = os.environ.get(POSTGRES)
    if not address:
        pytest.skip(f"no PostgreSQL: set {POSTGRES} to a SQLAlchemy address")
    engine, schema = create_engine(address), f"test_{uuid.uuid4().hex[:12]}"
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield f"{address}?options=-csearch_path%3D{schema}"
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture
def make_tools(tmp_path: Path, clock: Clock, maker: Maker) -> Iterator[Callable[..., Tools]]:
    """`make_tools(schedule_changes, destinations)`: tools around one schedule named weekly, due at six each morning."""
    ledger = Ledger(f"sqlite:///{tmp_path / 'runs.db'}")

    def make(*destinations: Destination, environ: dict[str, str] | None = None, **changes: Any) -> Tools:
        schedule = replace(Schedule("weekly", "0 6 * * *", "UTC", report="briefing"), **changes)
        if destinations:
            schedule = replace(schedule, destinations=tuple(d.name for d in destinations))
        plan = Plan({"weekly": schedule}, {d.name: d for d in destinations})
        keys = Keyring(environ or {}, tmp_path / "project")
        packs = tmp_path / "packs"
        return Tools(plan, ledger, keys, packs, maker.produce, maker.state, clock, waits=(0.01, 0.01))

    yield make
    ledger.engine.dispose()


@pytest.fixture
def tools(make_tools: Callable[..., Tools]) -> Tools:
    return make_tools()
