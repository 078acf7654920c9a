"""What `bilateral schedule` orders: tells of schedules and runs, runs one at once, or keeps them all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from components.desk import Desk
from exports.orders import Answer
from exports.schedules import runs, tell
from exports.schedules.keys import Keyring, holds_secret, is_reference
from exports.schedules.perform import Tools
from exports.schedules.plan import Plan, read_file, read_plan
from exports.schedules.runs import Ledger
from exports.schedules.schedule import make_folder, run_now, run_scheduler
from exports.schedules.workshop import Workshop, known_to, state_of
from pipelines.errors import DataError
from pipelines.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Order:
    """What was typed: run, list, next, history or run-now; a schedule; a file of schedules; how to print."""

    action: str
    name: str = ""
    file: Path | None = None
    style: str = "table"


def answer(
    order: Order,
    settings: Settings,
    open_desk: Callable[[], Desk],
    environ: Mapping[str, str],
    now: Callable[[], datetime],
) -> Answer:
    """Carry out an order; `run` returns when the process is asked to stop."""
    keys = Keyring(environ, PROJECT)
    if order.action == "history":
        with open_ledger(settings, keys) as ledger:
            return Answer(tell.history(ledger, order.name, order.style))
    desk = open_desk()
    works = order.action in ("run", "run-now")
    plan = load_plan(settings, order.file, desk, keys if works else None)
    if order.action == "list":
        return Answer(tell.list_schedules(plan, order.style))
    if order.action == "next":
        return Answer(tell.next_moments(plan, now(), order.style))
    with open_ledger(settings, keys) as ledger:
        produce = Workshop(desk, now).produce
        tools = Tools(plan, ledger, keys, settings.exports, produce, partial(state_of, desk), now)
        return _work(order, tools)


def _work(order: Order, tools: Tools) -> Answer:
    if order.action == "run":
        run_scheduler(tools)
        return Answer("")
    if not order.name:
        raise DataError(
            f"run-now needs the name of a schedule: {', '.join(tools.plan.schedules) or 'none is written'}."
        )
    run = run_now(tools, order.name)
    return Answer(tell.run_words(run, order.style), run.status == runs.COMPLETE)


def load_plan(settings: Settings, file: Path | None, desk: Desk, keys: Keyring | None) -> Plan:
    """Return the plan of the settings, or of a file of its own, checked at once."""
    values = settings.schedules if file is None else read_file(file)
    return read_plan(values, "settings.toml" if file is None else file.name, known_to(desk), keys)


def open_ledger(settings: Settings, keys: Keyring) -> Ledger:
    """Open the database of runs; a password in its address is refused, unless it comes from the environment."""
    if not is_reference(settings.runs) and holds_secret(settings.runs):
        raise DataError(
            '[exports] store holds a password in plain words. Write store = "env:NAME" and set the address in the '
            "environment."
        )
    make_folder(settings.exports)
    return Ledger(keys.read(settings.runs))
