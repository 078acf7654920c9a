"""The ledger of runs: what was due, what became of it, and where it was sent, in one SQL database."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

from sqlalchemy import Column, Engine, Float, Integer, MetaData, String, Table, Text, create_engine, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import UniqueConstraint

from pipelines.errors import DataError

JOBS = "schedule_jobs"
DUE, RUNNING, COMPLETE, INCOMPLETE = "due", "running", "complete", "incomplete"
FAILED, SKIPPED, INTERRUPTED = "failed", "skipped", "interrupted"
OPEN = (DUE, RUNNING)
GOOD = (COMPLETE, INCOMPLETE)
_META = MetaData()
_RUNS = Table(
    "schedule_runs",
    _META,
    Column("run_id", Integer, primary_key=True),
    Column("schedule", String(60), nullable=False, index=True),
    Column("asked", String(10), nullable=False),
    Column("due", String(40), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("status", String(12), nullable=False),
    Column("started", String(40), nullable=False),
    Column("ended", String(40), nullable=False),
    Column("folder", Text, nullable=False),
    Column("files", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("line", Text, nullable=False),
    Column("reading", Float(53)),
    UniqueConstraint("schedule", "asked", "due", "attempt"),
)
_DELIVERIES = Table(
    "schedule_deliveries",
    _META,
    Column("delivery_id", Integer, primary_key=True),
    Column("run_id", Integer, nullable=False, index=True),
    Column("destination", String(60), nullable=False),
    Column("status", String(12), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("ended", String(40), nullable=False),
    Column("error", Text, nullable=False),
)
_SCHEDULERS = Table(
    "schedule_process",
    _META,
    Column("one", Integer, primary_key=True),
    Column("pid", Integer, nullable=False),
    Column("host", String(200), nullable=False),
    Column("since", String(40), nullable=False),
    Column("beat", String(40), nullable=False),
    Column("next_due", Text, nullable=False),
)


@dataclass(frozen=True)
class Run:
    """One run of a schedule; moments are ISO texts in UTC, empty while they have not come.

    `asked` is "clock" or "hand"; `attempt` counts from 1; `folder` is the name of its pack inside the folder of the
    schedule; `reading` is the value of `line` its condition looked at, in the base unit.
    """

    schedule: str
    due: str
    asked: str = "clock"
    attempt: int = 1
    status: str = DUE
    started: str = ""
    ended: str = ""
    folder: str = ""
    files: tuple[str, ...] = ()
    error: str = ""
    digest: str = ""
    line: str = ""
    reading: float | None = None
    run_id: int = 0


@dataclass(frozen=True)
class Delivery:
    """One pack sent, or not, to one destination."""

    destination: str
    status: str
    tries: int
    ended: str
    error: str = ""


@dataclass(frozen=True)
class Process:
    """The scheduler that last said it was alive, and when each schedule is due next."""

    pid: int
    host: str
    since: str
    beat: str
    next_due: Mapping[str, str]


class Ledger:
    """Reads and writes runs; several processes may hold one on the same database."""

    def __init__(self, url: str):
        self.engine = _connect(url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.dispose()

    def enter(self, run: Run) -> Run | None:
        """Enter a run and return it with its number; None when this due moment and attempt stand there already."""
        try:
            with self.engine.begin() as connection:
                made = connection.execute(_RUNS.insert().values(**_row(run)))
        except IntegrityError:
            return None
        return replace(run, run_id=int(made.inserted_primary_key[0]))  # type: ignore[index]

    def keep(self, run: Run, **changes: Any) -> Run:
        """Write changes of a run and return it as it stands now."""
        changed = replace(run, **changes)
        with self.engine.begin() as connection:
            connection.execute(_RUNS.update().where(_RUNS.c.run_id == run.run_id).values(**_row(changed)))
        return changed

    def runs(self, schedule: str = "", *, statuses: Sequence[str] = (), most: int = 0) -> list[Run]:
        """Return runs, newest first; of one schedule and of some statuses where these are given."""
        query = select(_RUNS).order_by(_RUNS.c.run_id.desc())
        if schedule:
            query = query.where(_RUNS.c.schedule == schedule)
        if statuses:
            query = query.where(_RUNS.c.status.in_(statuses))
        if most:
            query = query.limit(most)
        with self.engine.connect() as connection:
            return [_run(row) for row in connection.execute(query).mappings()]

    def run(self, run_id: int) -> Run:
        """Return a run by its number."""
        with self.engine.connect() as connection:
            return _run(connection.execute(select(_RUNS).where(_RUNS.c.run_id == run_id)).mappings().one())

    def waiting(self, schedule: str) -> list[Run]:
        """Return the runs of a schedule that are due and not begun, oldest first."""
        return self.runs(schedule, statuses=(DUE,))[::-1]

    def deliver(self, run: Run, delivery: Delivery) -> None:
        """Note what became of a pack at a destination."""
        with self.engine.begin() as connection:
            connection.execute(_DELIVERIES.insert().values(run_id=run.run_id, **asdict(delivery)))

    def deliveries(self, run: Run) -> list[Delivery]:
        """Return what was sent where in any attempt at the same due run."""
        same = select(_RUNS.c.run_id).where(
            _RUNS.c.schedule == run.schedule, _RUNS.c.asked == run.asked, _RUNS.c.due == run.due
        )
        query = select(_DELIVERIES).where(_DELIVERIES.c.run_id.in_(same)).order_by(_DELIVERIES.c.delivery_id)
        with self.engine.connect() as connection:
            rows = connection.execute(query).mappings()
            return [Delivery(**{f.name: row[f.name] for f in fields(Delivery)}) for row in rows]

    def beat(self, process: Process) -> None:
        """Note that the scheduler is alive."""
        row = asdict(process) | {"next_due": json.dumps(dict(process.next_due))}
        with self.engine.begin() as connection:
            if not connection.execute(_SCHEDULERS.update().values(**row)).rowcount:
                connection.execute(_SCHEDULERS.insert().values(one=1, **row))

    def process(self) -> Process | None:
        """Return the scheduler that was last alive; None when there never was one, or it said goodbye."""
        with self.engine.connect() as connection:
            row = connection.execute(select(_SCHEDULERS)).mappings().first()
        if row is None:
            return None
        named = {f.name: row[f.name] for f in fields(Process)}
        return Process(**named | {"next_due": json.loads(row["next_due"])})

    def leave(self) -> None:
        """Note that the scheduler has stopped."""
        with self.engine.begin() as connection:
            connection.execute(_SCHEDULERS.delete())


def _connect(url: str) -> Engine:
    try:
        address = make_url(url)
        waits = {"connect_args": {"timeout": 30}} if address.get_backend_name() == "sqlite" else {}
        engine = create_engine(address, poolclass=NullPool, **waits)
        _META.create_all(engine)
    except ModuleNotFoundError as error:
        raise DataError(
            f"[exports] store needs the module {error.name}, which is not installed. Install it; for PostgreSQL: "
            'pip install "bilateral[postgres]".'
        ) from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise DataError('[exports] store is no database address. Write one such as "sqlite:///runs.db".') from error
    except SQLAlchemyError as error:
        reason = str(error.__cause__ or error).split("\n")[0]
        shown = make_url(url).render_as_string(hide_password=True)
        raise DataError(f"the database {shown} cannot be used: {reason}. Correct [exports] store.") from error
    return engine


def _row(run: Run) -> dict[str, Any]:
    row = asdict(run) | {"files": json.dumps(run.files)}
    del row["run_id"]
    return row


def _run(row: Mapping[Any, Any]) -> Run:
    named = {f.name: row[f.name] for f in fields(Run)}
    return Run(**named | {"files": tuple(json.loads(row["files"]))})
