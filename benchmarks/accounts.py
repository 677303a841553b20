"""What one database takes, for the arithmetic of `docs/how-to/performance.md`: bytes, writes and reads of an order.

Run by `make bench`. The load is that of `bench.py`, one filled order with two executions, spread over accounts. Times
are those of the processor in this process, which other programs disturb least; the server of PostgreSQL comes on top.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import attrs
from bench import INSTRUMENT, T0, reports_of, request_of
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from sot import OrderHistory
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.audit import follow, verify

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.support.postgres import Server

ACCOUNTS = 20
ORDERS = 2_000


def record(store: SqlAlchemyStore, first: int, count: int, per_commit: int) -> float:
    """Record filled orders, a unit of work for some of one account; the microseconds of each."""
    started = time.process_time()
    for begin in range(first, first + count, per_commit):
        account = f"account {begin // per_commit % ACCOUNTS}"
        with store.begin() as uow:
            history = OrderHistory(uow)
            for number in range(begin, begin + per_commit):
                request = attrs.evolve(request_of(f"o{number}"), account_id=account)
                history.mark_sent(history.submit(request).request_id, occurred_at=T0)
                for report in reports_of(f"o{number}", T0 + timedelta(milliseconds=number)):
                    history.record(attrs.evolve(report, account_id=account))
            uow.commit()
    return (time.process_time() - started) / count * 1e6


def size_of(store: SqlAlchemyStore) -> int:
    """The bytes of the database."""
    if store.engine.dialect.name == "sqlite":
        with store.engine.connect() as connection:
            return sum(connection.execute(text("SELECT pgsize FROM dbstat")).scalars())
    with store.engine.connect() as connection:
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


@contextmanager
def stores() -> Iterator[dict[str, SqlAlchemyStore]]:
    """Empty stores of each database, with an instrument in each account."""
    server = Server()
    with tempfile.TemporaryDirectory() as folder:
        urls = {"SQLite": f"sqlite:///{folder}/orders.db", "PostgreSQL": server.fresh()}
        opened = {name: SqlAlchemyStore.open(url) for name, url in urls.items()}
        try:
            for store in opened.values():
                for number in range(ACCOUNTS):
                    instrument = attrs.evolve(INSTRUMENT, account_id=f"account {number}")
                    store.run(lambda uow, each=instrument: OrderHistory(uow).register(each))  # type: ignore[misc]
            yield opened
        finally:
            for store in opened.values():
                store.close()
            server.stop()


def measure(store: SqlAlchemyStore) -> Iterator[tuple[str, float]]:
    """Yield what was measured of a store."""
    empty = size_of(store)
    yield "us of a filled order, a commit for each", record(store, 0, ORDERS // 10, 1)
    yield "us of a filled order, 100 in a commit", record(store, ORDERS, ORDERS, 100)
    yield "us of a filled order, 500 in a commit", record(store, 10 * ORDERS, ORDERS, 500)
    orders = ORDERS // 10 + 2 * ORDERS
    yield "bytes of a filled order", (size_of(store) - empty) / orders
    started = time.process_time()
    followed = sum(1 for _ in follow(store))
    yield "us of an event that is followed", (time.process_time() - started) / followed * 1e6
    started = time.process_time()
    verification = verify(store)
    assert verification.passed, verification.problems[:3]
    yield "us of an event that is verified", (time.process_time() - started) / verification.counts["event"] * 1e6


def main() -> None:
    table = Table(title="One database")
    table.add_column("")
    with stores() as opened:
        figures = {}
        for name, store in opened.items():
            table.add_column(name, justify="right")
            figures[name] = dict(measure(store))
        for what in next(iter(figures.values())):
            table.add_row(what, *(f"{each[what]:,.0f}" for each in figures.values()))
    Console().print(table)


if __name__ == "__main__":
    main()
