"""What it costs to import many orders at once, beside a program that has their rows and writes them.

Part of `make bench`. The orders and their reports are recorded in one transaction, the reports by `record_many`. The
other program writes the rows that came of it into a store of its own, a table after the other: by executemany into
SQLite, by COPY into PostgreSQL.
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from bench import T0, register, reports_of, request_of
from figures import Figure, in_turns, print_figures, write_figures
from stores import PRAGMAS
from tests.support.postgres import Server

from sot import OrderHistory, VenueReport
from sot.adapters.sqlalchemy import SqlAlchemyStore, models

JSON = Path("build/bench-bulk.json")
ROUNDS = 5
ORDERS = 300
TABLES = [table.name for table in models.metadata.sorted_tables]

Row = tuple[Any, ...]
Rows = Mapping[str, Sequence[Row]]
"""Rows as the driver has them, by table."""


def import_orders(url: str) -> float:
    """Record the orders in one transaction. Orders per second."""
    store = SqlAlchemyStore.open(url)
    register(store)
    started = time.perf_counter()
    with store.begin() as uow:
        history = OrderHistory(uow)
        reports: list[VenueReport] = []
        for number in range(ORDERS):
            name = f"o{number}"
            history.mark_sent(history.submit(request_of(name)).request_id, occurred_at=T0)
            reports += reports_of(name, T0 + timedelta(milliseconds=number))
        history.record_many(reports)
        uow.commit()
    elapsed = time.perf_counter() - started
    with store.begin(read_only=True) as uow:
        assert OrderHistory(uow).position("account", "VENUE", "BTC/USDT").quantity == 2 * ORDERS
    store.close()
    return ORDERS / elapsed


def _make_empty(url: str) -> None:
    store = SqlAlchemyStore.open(url)
    register(store)
    store.close()


def _added(before: Rows, after: Rows) -> Rows:
    """The rows that came, of the tables in which some did."""
    added = {name: [row for row in rows if row not in set(before[name])] for name, rows in after.items()}
    return {name: rows for name, rows in added.items() if rows}


def _per_second(write: Callable[[], None]) -> float:
    started = time.perf_counter()
    write()
    return ORDERS / (time.perf_counter() - started)


# -------------------------------------------------------------------------------------------------------- two drivers


class Sqlite:
    """A program of the sqlite3 module."""

    database = "SQLite"
    name = "sqlite3, executemany"
    goal = 0.4

    @staticmethod
    def read(url: str) -> Rows:
        """All rows of a store."""
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        rows = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}
        connection.close()
        return rows

    @staticmethod
    def write(url: str, added: Rows) -> float:
        """Write rows in one transaction. Orders per second."""
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

        def write() -> None:
            connection.execute("BEGIN IMMEDIATE")
            for name, rows in added.items():
                marks = ", ".join("?" * len(rows[0]))
                connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
            connection.execute("COMMIT")

        rate = _per_second(write)
        connection.close()
        return rate


class PostgreSQL:
    """A program of psycopg."""

    database = "PostgreSQL"
    name = "psycopg, COPY"
    goal = 0.25

    @staticmethod
    def read(url: str) -> Rows:
        """All rows of a store."""
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}

    @staticmethod
    def write(url: str, added: Rows) -> float:
        """Write rows in one transaction. Orders per second."""
        with psycopg.connect(url.replace("+psycopg", "")) as connection:

            def write() -> None:
                with connection.cursor() as cursor:
                    for name, rows in added.items():
                        with cursor.copy(f"COPY {name} FROM STDIN") as copy:
                            for row in rows:
                                copy.write_row(row)
                connection.commit()

            return _per_second(write)


def measured(driver: Any, fresh: Callable[[], str]) -> Sequence[Figure]:
    """Measure both in turns."""
    url = fresh()
    _make_empty(url)
    before = driver.read(url)
    import_orders(url)
    added = _added(before, driver.read(url))

    def write_raw() -> float:
        url = fresh()
        _make_empty(url)
        rate: float = driver.write(url, added)
        assert len(driver.read(url)["order_events"]) == 5 * ORDERS
        return rate

    title = f"sot, {ORDERS} orders in one transaction, on {driver.database}"
    values = in_turns({driver.name: write_raw, title: lambda: import_orders(fresh())}, ROUNDS)
    return [
        Figure(name=driver.name, unit="orders/s", values=values[driver.name]),
        Figure(name=title, unit="orders/s", values=values[title], beside=driver.name, goal=driver.goal),
    ]


def _files(folder: str) -> Callable[[], str]:
    numbers: Iterator[int] = count()
    return lambda: f"sqlite:///{folder}/{next(numbers)}.db"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        figures = [*measured(Sqlite(), _files(folder))]
    server = Server()
    try:
        figures += measured(PostgreSQL(), server.fresh)
    finally:
        server.stop()
    print_figures("import", figures)
    write_figures(JSON, "Imports beside programs of the raw driver", figures)


if __name__ == "__main__":
    main()
