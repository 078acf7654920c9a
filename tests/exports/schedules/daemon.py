"""A scheduler in a process of its own for tests: arguments are folder, database and what its runs do (make or hang)."""

import datetime as dt
import signal
import sys
import time
from pathlib import Path

from exports.schedules.condition import State
from exports.schedules.keys import Keyring
from exports.schedules.perform import Job, Outcome, Tools
from exports.schedules.plan import Plan, Schedule
from exports.schedules.runs import Ledger
from exports.schedules.schedule import run_scheduler
from pipelines.errors import DataError


def produce(job: Job, folder: Path) -> Outcome:
    (folder / "a.csv").write_text("half")
    if sys.argv[3] == "hang":
        time.sleep(60)
    (folder / "a.csv").write_text("whole")
    return Outcome(("a.csv",), (), "d1")


def now() -> dt.datetime:
    return dt.datetime.now(tz=dt.UTC)


def stop(*_: object) -> None:
    raise KeyboardInterrupt


signal.signal(signal.SIGTERM, stop)
plan = Plan({"weekly": Schedule("weekly", "0 6 * * *", "UTC", report="briefing")}, {})
with Ledger(sys.argv[2]) as ledger:
    tools = Tools(plan, ledger, Keyring({}, Path()), Path(sys.argv[1]), produce, lambda _: State("d1", {}), now)
    try:
        run_scheduler(tools, beat=0.2)
    except DataError as error:
        sys.exit(str(error))
