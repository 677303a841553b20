"""Threads and processes do the same thing at once, on SQLite, on PostgreSQL and in joined sessions of every level.

However many send one intent, there is one order; however many record one execution, it counts once. Nobody gets an
error but of a lost race, and no Conflict that nobody caused. Sessions in a snapshot are refused before they write.
"""

import random
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
from sqlalchemy.orm import Session

from sot import EventType, IllegalTransition, OrderHistory, VenueReport
from sot.adapters.sqlalchemy import SqlAlchemyStore, SqlAlchemyUnitOfWork
from sot.audit import verify
from sot.errors import ConcurrentUpdate, InvalidInput, NotExecutable
from sot.testing.contract.samples import ACCOUNT, T0, VENUE, new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import read_history, run_in_threads, write_history
from tests.reliability.campaigns.report import CampaignReport
from tests.support.kill_points import run_and_kill
from tests.support.postgres import fresh_url

WORKERS = 5
LEVELS = ("READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE")
WAYS = ("sqlite", "sqlite session", "postgresql", *(f"postgresql session, {level}" for level in LEVELS))


@attrs.define
class Database:
    """A database that several use at once, one of a way of access each.

    Attributes:
        way: How it is used: through the store, or in joined sessions of a level.
        url: Its URL.
        store: A store in it.
    """

    way: str
    url: str
    store: SqlAlchemyStore

    @classmethod
    def make(cls, way: str, folder: Path) -> "Database":
        """Make an empty one, with an instrument."""
        url = f"sqlite:///{folder}/{way}.db" if way.startswith("sqlite") else fresh_url()
        store = SqlAlchemyStore.open(url)
        write_history(store, lambda h: h.register(spot_instrument()))
        return cls(way, url, store)

    def do(self, command: Callable[[OrderHistory], Any]) -> Any:
        """Run a command and commit it, again after a lost race."""
        if "session" not in self.way:
            return write_history(self.store, command)
        level = self.way.partition(", ")[2]
        engine = self.store.engine.execution_options(isolation_level=level) if level else self.store.engine
        for _ in range(50):
            try:
                with Session(engine) as session:
                    result = command(OrderHistory(SqlAlchemyUnitOfWork(session)))
                    session.commit()
                    return result
            except ConcurrentUpdate:
                continue
        raise AssertionError("lost 50 races in a row")

    @property
    def is_refused(self) -> bool:
        """Whether writes are refused."""
        return any(level in self.way for level in LEVELS[1:])


def _send(history: OrderHistory, name: str) -> None:
    request = history.submit(new_order_request(name))
    if not request.repeated or request.order_id is None:
        history.mark_sent(request.request_id)


def _acknowledge(history: OrderHistory, name: str) -> None:
    venue_order_id = name.replace("C", "V")
    report = {"account_id": ACCOUNT, "venue": VENUE, "client_order_id": name, "venue_order_id": venue_order_id}
    history.record(VenueReport(type=EventType.NEW, occurred_at=T0, **report))


def _fill(history: OrderHistory, name: str, number: int) -> None:
    report = trade_report(name, f"{name}.{number}")
    only_venue_id = report.changed(client_order_id=None, venue_order_id=name.replace("C", "V"))
    history.record(only_venue_id if number % 2 else report)


def race(database: Database, name: str, chance: random.Random) -> None:
    """Let workers send an intent, acknowledge it and fill it, each in an order of its own, all at once."""
    commands: list[Callable[[OrderHistory], None]] = [
        lambda h: h.register(spot_instrument()),
        lambda h: _send(h, name),
        lambda h: _acknowledge(h, name),
        lambda h: _fill(h, name, 1),
        lambda h: _fill(h, name, 2),
    ]
    orders = [chance.sample(commands, len(commands)) for _ in range(WORKERS)]
    results = run_in_threads(WORKERS, lambda number: [database.do(command) for command in orders[number]])
    errors = [error for error in results if isinstance(error, BaseException)]
    if database.is_refused:
        assert all(isinstance(error, InvalidInput) and "READ COMMITTED" in str(error) for error in errors), errors
        assert len(errors) == WORKERS
        return
    assert errors == [], errors
    check_order(database, name)


def check_order(database: Database, name: str) -> None:
    """Check that there is one order of this name, with each execution once."""

    def read(history: OrderHistory) -> tuple[Any, ...]:
        order = history.find_order(ACCOUNT, name, VENUE)
        named = [other for other in history.orders(limit=500).items if other.client_order_id == name]
        return (
            order,
            named,
            sorted(fill.exec_id for fill in history.fills(order.order_id)),
            list(history.waiting(ACCOUNT)),
        )

    order, named, executions, waiting = read_history(database.store, read)
    assert len(named) == 1, f"{len(named)} orders of {name}"
    assert (order.cum_quantity, executions) == (2, [f"{name}.1", f"{name}.2"])
    assert waiting == [], f"{len(waiting)} reports wait for {name}"


def race_of_outcomes(database: Database, name: str) -> None:
    """Let some withdraw a request while others send it: one of both happens."""
    request_id = write_history(database.store, lambda h: h.submit(new_order_request(name))).request_id
    commands = [lambda h: h.withdraw(request_id), lambda h: h.mark_sent(request_id)] * 2
    results = run_in_threads(len(commands), lambda number: database.do(commands[number]))
    errors = [result for result in results if isinstance(result, BaseException)]
    allowed = (InvalidInput,) if database.is_refused else (IllegalTransition, NotExecutable)
    assert all(isinstance(error, allowed) for error in errors), errors
    request = read_history(database.store, lambda h: h.request(request_id))
    assert not (request.withdrawal and request.order_id), "withdrawn, and sent"
    assert database.is_refused or request.withdrawal or request.order_id


def race_of_processes(url: str, names: list[str]) -> None:
    """Let processes send, acknowledge and fill the same orders at once."""

    def work() -> None:
        store = SqlAlchemyStore.open(url)
        for name in names:
            for command in (_send, _acknowledge):
                write_history(store, lambda h, name=name, command=command: command(h, name))
            for number in (1, 2):
                write_history(store, lambda h, name=name, number=number: _fill(h, name, number))
        store.close()

    failures: list[BaseException] = []

    def start() -> None:
        try:
            run_and_kill(work)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == [], failures[0]


def race_in(way: str, folder: Path, report: CampaignReport, chance: random.Random, orders: int) -> None:
    """Race for some orders in a new database, and verify it."""
    database = Database.make(way, folder)
    try:
        for number in range(orders):
            with report.trial(f"{way}: an order"):
                race(database, f"C{number}", chance)
            with report.trial(f"{way}: withdrawn or sent"):
                race_of_outcomes(database, f"W{number}")
        with report.trial(f"{way}: verification"):
            problems = verify(database.store).problems
            assert problems == [], problems[0]
    finally:
        database.store.close()
    report.counts["orders"] += 2 * orders


def race_with_processes(kind: str, folder: Path, report: CampaignReport, number: int, orders: int) -> None:
    """Race for some orders with processes, and verify the database."""
    database = Database.make(kind, folder)
    database.store.close()
    names = [f"C{number}.{order}" for order in range(orders)]
    with report.trial(f"{kind}: processes"):
        race_of_processes(database.url, names)
        store = SqlAlchemyStore.open(database.url)
        for name in names:
            check_order(attrs.evolve(database, store=store), name)
        problems = verify(store).problems
        store.close()
        assert problems == [], problems[0]
    report.counts["orders"] += orders


def run(seconds: float, seed: int) -> CampaignReport:
    """Race for some time, in each way in turn."""
    report = CampaignReport("concurrency", seed)
    for number, chance in report.rounds(seconds):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            if number % 4 == 3:
                race_with_processes(chance.choice(("sqlite", "postgresql")), folder, report, number, 10)
            else:
                race_in(WAYS[number % len(WAYS)], folder, report, chance, 8)
    return report
