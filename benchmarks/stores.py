"""What SQL stores cost, beside programs of the raw driver that write, or read, the very same rows.

Part of `make bench`. On a disk that is slow to sync, the ratios of writing say more about the disk than about the code:
`TMPDIR=/dev/shm make bench` measures without one.

The raw programs have the schema, the triggers and the settings of the store, and statements that the store sent. They
know beforehand what to write, so that they neither read nor compute.
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from bench import T0, fill_order, register, reports_of, request_of
from figures import Figure, in_turns, print_figures, write_figures
from sqlalchemy import event
from tests.support.postgres import Server

from sot import OrderHistory, Store
from sot.adapters.sqlalchemy import SqlAlchemyStore

JSON = Path("build/bench-stores.json")
ROUNDS = 5
WRITTEN, READ = 300, 300
NAME = "@0"
"""The name of the order whose statements are taken; in no other text."""
PRAGMAS = ("synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON", "trusted_schema = OFF")


class Statement(NamedTuple):
    """A statement that the store sent, with the parameters of each of its rows."""

    text: str
    rows: Sequence[Any]


Transaction = Sequence[Statement]
Work = Callable[[Store, str, int], None]

# ------------------------------------------------------------------------------------------------------ what is done


def commit_order(store: Store, name: str, number: int) -> None:
    """Record a filled order in one transaction."""
    with store.begin() as uow:
        fill_order(OrderHistory(uow), name, T0 + timedelta(milliseconds=number))
        uow.commit()


def commit_reports(store: Store, name: str, number: int) -> None:
    """Record a filled order with a transaction for the request, and one for each report."""
    with store.begin() as uow:
        history = OrderHistory(uow)
        request = history.submit(request_of(name))
        history.mark_sent(request.request_id, occurred_at=T0)
        uow.commit()
    for report in reports_of(name, T0 + timedelta(milliseconds=number)):
        with store.begin() as uow:
            OrderHistory(uow).record(report)
            uow.commit()


def read_order(history: OrderHistory, order_id: str) -> None:
    assert history.order(order_id).cum_quantity == 2


def read_timeline(history: OrderHistory, order_id: str) -> None:
    assert len(history.timeline(order_id).items) == 5


# ----------------------------------------------------------------------------------------------- what the store sends


@contextmanager
def noted(store: SqlAlchemyStore) -> Iterator[list[list[Statement]]]:
    """Note the statements of the store, a list for each transaction that it commits; the last one is not committed."""
    seen: list[list[Statement]] = [[]]

    def note(connection: Any, cursor: Any, text: str, parameters: Any, context: Any, many: bool) -> None:
        seen[-1].append(Statement(text, parameters if many or isinstance(parameters, list) else [parameters]))

    def end(connection: Any) -> None:
        seen.append([])

    event.listen(store.engine, "before_cursor_execute", note)
    event.listen(store.engine, "commit", end)
    yield seen
    event.remove(store.engine, "before_cursor_execute", note)
    event.remove(store.engine, "commit", end)


def writes_of(url: str, work: Work) -> list[Transaction]:
    """What the store writes for an order that is not the first of its position."""
    store = SqlAlchemyStore.open(url)
    register(store)
    commit_order(store, "first", 0)
    with noted(store) as seen:
        work(store, NAME, 1)
    store.close()
    return [[sent for sent in sents if sent.text.startswith(("INSERT", "UPDATE"))] for sents in seen[:-1]]


def for_other_orders(template: Sequence[Transaction], number: int) -> list[Transaction]:
    """The statements of so many other orders, all of their transactions one after the other."""
    values = [value for sents in template for sent in sents for row in sent.rows for value in _values(row)]
    ids = sorted({value for value in values if _is_id(value)})
    made: list[Transaction] = []
    for index in range(number):
        texts = {old: f"{old[:-12]}{index:09x}{place:03x}" for place, old in enumerate(ids)} | {NAME: f"r{index}."}
        made += [
            [Statement(sent.text, [_renamed(row, texts) for row in sent.rows]) for sent in sents] for sents in template
        ]
    return made


def _values(row: Any) -> Sequence[Any]:
    return list(row.values()) if isinstance(row, Mapping) else row


def _is_id(value: object) -> bool:
    return isinstance(value, str) and len(value) == 36 and value.count("-") == 4


def _renamed(row: Any, texts: Mapping[str, str]) -> Any:
    if isinstance(row, Mapping):
        return {name: _renamed_value(value, texts) for name, value in row.items()}
    return tuple([_renamed_value(value, texts) for value in row])


def _renamed_value(value: Any, texts: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for old, new in texts.items():
            if old in value:
                value = value.replace(old, new)
    return value


# ------------------------------------------------------------------------------------------------- orders per second


def per_second(number: int, act: Callable[[], None]) -> float:
    started = time.perf_counter()
    act()
    return number / (time.perf_counter() - started)


def written_by_store(url: str, work: Work) -> float:
    store = SqlAlchemyStore.open(url)
    register(store)
    commit_order(store, "first", 0)

    def write() -> None:
        for number in range(1, WRITTEN + 1):
            work(store, f"o{number}", number)

    rate = per_second(WRITTEN, write)
    with store.begin(read_only=True) as uow:
        assert OrderHistory(uow).position("account", "VENUE", "BTC/USDT").quantity == 2 * (WRITTEN + 1)
    store.close()
    return rate


def written_by_sqlite3(path: Path, template: Sequence[Transaction]) -> float:
    _prepare(f"sqlite:///{path}")
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    transactions = for_other_orders(template, WRITTEN)

    def write() -> None:
        for transaction in transactions:
            connection.execute("BEGIN IMMEDIATE")
            for text, rows in transaction:
                if len(rows) == 1:
                    connection.execute(text, rows[0])
                else:
                    connection.executemany(text, rows)
            connection.execute("COMMIT")

    rate = per_second(WRITTEN, write)
    assert connection.execute("SELECT count(*) FROM order_events").fetchone()[0] == 5 * (WRITTEN + 1)
    connection.close()
    return rate


def written_by_psycopg(url: str, template: Sequence[Transaction]) -> float:
    _prepare(url)
    transactions = for_other_orders(template, WRITTEN)
    with psycopg.connect(url.replace("+psycopg", "")) as connection:

        def write() -> None:
            for transaction in transactions:
                with connection.cursor() as cursor:
                    for text, rows in transaction:
                        if len(rows) == 1:
                            cursor.execute(text, rows[0])
                        else:
                            cursor.executemany(text, rows)
                connection.commit()

        rate = per_second(WRITTEN, write)
        counted = connection.execute("SELECT count(*) FROM order_events").fetchone()
        assert counted is not None and counted[0] == 5 * (WRITTEN + 1)
    return rate


def _prepare(url: str) -> None:
    """Make the tables, with a position and its first order."""
    store = SqlAlchemyStore.open(url)
    register(store)
    commit_order(store, "first", 0)
    store.close()


class Reads:
    """Reads of a store with filled orders, each order once in a transaction, through the store and by its statements.

    Args:
        url: The address of a new database.
    """

    def __init__(self, url: str) -> None:
        self.store = SqlAlchemyStore.open(url)
        register(self.store)
        for number in range(READ):
            commit_order(self.store, f"o{number}", number)
        with self.store.begin(read_only=True) as uow:
            self.ids = [order.order_id for order in OrderHistory(uow).orders(limit=READ).items]

    def by_store(self, read: Callable[[OrderHistory, str], None]) -> float:
        with self.store.begin(read_only=True) as uow:
            history = OrderHistory(uow)
            uow.orders.get("")  # the transaction has begun

            def act() -> None:
                for order_id in self.ids:
                    read(history, order_id)

            return per_second(READ, act)

    def by_driver(self, read: Callable[[OrderHistory, str], None]) -> float:
        with noted(self.store) as seen:
            self.by_store(read)
        queries = [sent for sent in seen[0] if sent.text.startswith("SELECT")]
        with self.store.engine.connect() as connection:
            cursor: Any = connection.connection.cursor()

            def act() -> None:
                for text, rows in queries:
                    cursor.execute(text, rows[0])
                    assert cursor.fetchall()

            return per_second(READ, act)


# ------------------------------------------------------------------------------------------------------------ tables

ORDER, REPORT = "a commit per order", "a commit per report"
GOALS = {ORDER: 0.6, REPORT: 0.5}
READ_GOALS = {"one order": 0.35, "a timeline": 0.25}
WORK: Mapping[str, Work] = {ORDER: commit_order, REPORT: commit_reports}
READS = {"one order": read_order, "a timeline": read_timeline}


def measures(
    raw: str, fresh: Callable[[], str], write_raw: Callable[[str, Sequence[Transaction]], float]
) -> Mapping[str, Callable[[], float]]:
    """What is measured on one kind of database, by name: each figure of the raw driver before that of the store."""
    made: dict[str, Callable[[], float]] = {}
    for name, work in WORK.items():
        template = writes_of(fresh(), work)
        made[f"{raw}, {name}"] = lambda template=template: write_raw(fresh(), template)  # type: ignore[misc]
        made[f"sot, {name}"] = lambda work=work: written_by_store(fresh(), work)  # type: ignore[misc]
    reads = Reads(fresh())
    for name, read in READS.items():
        made[f"{raw}, {name}"] = lambda read=read: reads.by_driver(read)  # type: ignore[misc]
        made[f"sot, {name}"] = lambda read=read: reads.by_store(read)  # type: ignore[misc]
    return made


def figures(values: Mapping[str, Sequence[float]], raw: str) -> list[Figure]:
    goals = {**GOALS, **READ_GOALS}
    return [
        Figure(name=name, unit="orders/s", values=found)
        if name.startswith(raw)
        else Figure(
            name=name,
            unit="orders/s",
            values=found,
            beside=name.replace("sot", raw, 1),
            goal=goals[name.removeprefix("sot, ")],
        )
        for name, found in values.items()
    ]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        numbers = count()

        def fresh() -> str:
            return f"sqlite:///{name}/{next(numbers)}.db"

        def write_raw(url: str, template: Sequence[Transaction]) -> float:
            return written_by_sqlite3(Path(url.removeprefix("sqlite:///")), template)

        on_sqlite = figures(in_turns(measures("sqlite3", fresh, write_raw), ROUNDS), "sqlite3")
        print_figures("SQLite", on_sqlite)
    server = Server()
    try:
        values = in_turns(measures("psycopg", server.fresh, written_by_psycopg), ROUNDS)
        on_postgresql = figures(values, "psycopg")
        print_figures("PostgreSQL", on_postgresql)
    finally:
        server.stop()
    write_figures(JSON, "SQL stores beside programs of the raw driver", [*on_sqlite, *on_postgresql])


if __name__ == "__main__":
    main()
