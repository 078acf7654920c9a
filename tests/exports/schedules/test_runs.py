from collections.abc import Iterator
from pathlib import Path

import pytest

from exports.schedules.runs import Delivery, Ledger, Process, Run
from pipelines.errors import DataError

DUE = "2026-11-25T06:00:00+00:00"


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    """A ledger in a database of its own; PostgreSQL where its address is given in the environment."""
    own = f"sqlite:///{tmp_path / 'runs.db'}"
    with Ledger(own if request.param == "sqlite" else request.getfixturevalue("postgresql")) as opened:
        yield opened


def test_a_due_moment_is_entered_once(ledger: Ledger) -> None:
    first = ledger.enter(Run("weekly", DUE))
    assert first is not None and first.run_id > 0
    assert ledger.enter(Run("weekly", DUE)) is None
    assert ledger.enter(Run("weekly", DUE, attempt=2)) is not None
    assert ledger.enter(Run("weekly", DUE, asked="hand")) is not None
    assert ledger.enter(Run("monthly", DUE)) is not None


def test_a_run_is_kept_as_it_changes(ledger: Ledger) -> None:
    run = ledger.enter(Run("weekly", DUE))
    assert run is not None
    kept = ledger.keep(run, status="complete", files=("a.pdf", "b/c.csv"), reading=244.8e9, line="TRADE")
    assert ledger.run(run.run_id) == kept and ledger.runs() == [kept]
    assert kept.files == ("a.pdf", "b/c.csv") and kept.reading == 244.8e9


def test_runs_come_newest_first_and_can_be_chosen(ledger: Ledger) -> None:
    for name, status in (("a", "complete"), ("b", "due"), ("a", "due"), ("a", "failed")):
        run = ledger.enter(Run(name, f"2026-11-2{len(ledger.runs())}T06:00:00+00:00"))
        assert run is not None
        ledger.keep(run, status=status)
    assert [run.status for run in ledger.runs("a")] == ["failed", "due", "complete"]
    assert [run.schedule for run in ledger.runs(statuses=("due",))] == ["a", "b"]
    assert [run.status for run in ledger.runs(most=1)] == ["failed"]
    assert [run.schedule for run in ledger.waiting("a")] == ["a"]


def test_deliveries_are_those_of_every_attempt(ledger: Ledger) -> None:
    first, second = ledger.enter(Run("weekly", DUE)), ledger.enter(Run("weekly", DUE, attempt=2))
    other = ledger.enter(Run("weekly", "2026-11-26T06:00:00+00:00"))
    assert first and second and other
    sent = Delivery("archive", "delivered", 1, DUE)
    ledger.deliver(first, sent)
    assert ledger.deliveries(second) == [sent] and ledger.deliveries(other) == []


def test_the_process_says_it_is_alive_and_goodbye(ledger: Ledger) -> None:
    assert ledger.process() is None
    for beat in ("2026-11-25T06:00:00+00:00", "2026-11-25T06:00:20+00:00"):
        ledger.beat(Process(17, "host", DUE, beat, {"weekly": DUE}))
    alive = ledger.process()
    assert alive is not None and (alive.pid, alive.beat, alive.next_due) == (17, beat, {"weekly": DUE})
    ledger.leave()
    assert ledger.process() is None


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("runs.db", "is no database address"),
        ("nodb://x", "is no database address"),
        ("sqlite:////nowhere/at/all/runs.db", "cannot be used: unable to open database file"),
        ("mysql+pymysql://bob:hush@h/x", "needs the module pymysql"),
        ("postgresql+psycopg://bob:hush@127.0.0.1:1/x", "cannot be used"),
    ],
)
def test_a_wrong_address_is_one_sentence_without_its_password(url: str, words: str) -> None:
    with pytest.raises(DataError) as refused:
        Ledger(url)
    assert words in str(refused.value) and "hush" not in str(refused.value)
