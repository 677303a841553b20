"""What the audit costs on SQLite, beside a bare loop over the same rows in the same run. Part of `make bench`."""

import gc
import hashlib
import multiprocessing
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench import T0, fill_order, register
from figures import show_tables
from rich.table import Table

from sot import EventType, OrderHistory, Store, VenueReport
from sot.adapters.sqlalchemy import SqlAlchemyStore, models
from sot.audit import rebuild, verify

EVENTS_PER_ORDER = 5
SIZES = (2_000, 20_000)
"""Orders in the stores: the figures of both are to be alike, in memory and by event."""
LONG = 1_000
ASKED = 300
READ = ("orders", "order_events", "order_fills", "order_costs", "order_requests", "order_states", "fact_feed")


def make(path: Path, orders: int) -> None:
    """A store of filled orders of one position."""
    store = SqlAlchemyStore.open(f"sqlite:///{path}")
    register(store)
    for first in range(0, orders, 200):
        with store.begin() as uow:
            history = OrderHistory(uow)
            for number in range(first, first + 200):
                fill_order(history, f"o{number}", T0 + timedelta(seconds=number))
            uow.commit()
    store.close()


def bare(path: Path) -> float:
    """Fetch the rows that verifying reads, by their keys, parse their numbers, hash their bytes. Seconds."""
    connection = sqlite3.connect(path)
    started = time.perf_counter()
    for name in READ:
        table = models.metadata.tables[name]
        columns = list(table.columns)
        numbers = [place for place, column in enumerate(columns) if column.type.python_type is Decimal]
        bodies = [place for place, column in enumerate(columns) if column.name == "body"]
        order = ", ".join(column.name for column in table.primary_key.columns)
        for row in connection.execute(f"SELECT {', '.join(c.name for c in columns)} FROM {name} ORDER BY {order}"):
            for place in numbers:
                if row[place] is not None:
                    Decimal(row[place])
            for place in bodies:
                hashlib.sha256(row[place].encode()).hexdigest()
    elapsed = time.perf_counter() - started
    connection.close()
    return elapsed


def work(path: Path, what: str) -> tuple[float, int]:
    """Verify or rebuild a store in a process of its own: seconds, and the most memory that it had, in MB."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_work, (path, what))


def _work(path: Path, what: str) -> tuple[float, int]:
    _collect_less_often()
    store = SqlAlchemyStore.open(f"sqlite:///{path}")
    started = time.perf_counter()
    if what == "verify":
        found = verify(store)
        assert found.passed, found.problems[:3]
    else:
        rebuild(store)
    elapsed = time.perf_counter() - started
    store.close()
    return elapsed, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def in_processes(path: Path, what: str, count: int) -> float:
    """Verify or rebuild a store in some processes, which are there already. Seconds."""
    store = SqlAlchemyStore.open(f"sqlite:///{path}")
    with ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), _collect_less_often) as executor:
        list(executor.map(time.sleep, [0.5] * count))
        started = time.perf_counter()
        if what == "verify":
            assert verify(store, executor=executor).passed
        else:
            rebuild(store, executor=executor)
        elapsed = time.perf_counter() - started
    store.close()
    return elapsed


def _collect_less_often() -> None:
    """Set the collector as the command line does."""
    gc.set_threshold(50_000, 10, 10)


def throughput(folder: Path) -> Table:
    table = Table("SQLite", "orders", "events/s", "ratio", "goal", "peak memory", box=None)
    for orders in SIZES:
        path = folder / f"{orders}.db"
        make(path, orders)
        events = orders * EVENTS_PER_ORDER
        loop = min(bare(path) for _ in range(3))
        table.add_row("bare loop over the same rows", f"{orders:,}", f"{events / loop:,.0f}", "1.00", "", "")
        for what, goal in (("verify", "0.30"), ("rebuild", "0.20")):
            elapsed, memory = work(path, what)
            rate, ratio = f"{events / elapsed:,.0f}", f"{loop / elapsed:.2f}"
            table.add_row(what, f"{orders:,}", rate, ratio, goal, f"{memory} MB")
        for what in ("verify", "rebuild"):
            one, two = in_processes(path, what, 1), in_processes(path, what, 2)
            name, rate = f"{what} in two processes", f"{events / two:,.0f}"
            table.add_row(name, f"{orders:,}", rate, f"{loop / two:.2f}", "", "")
            table.add_row("two processes, of one", f"{orders:,}", "", f"{one / two:.2f}", "1.70", "")
    return table


def long_order(store: Store) -> str:
    """An order of a thousand events, and its id."""
    with store.begin() as uow:
        history = OrderHistory(uow)
        fill_order(history, "long", T0)
        order_id = history.find_order("account", "long").order_id
        for number in range(LONG - EVENTS_PER_ORDER):
            history.record(_trade("long", number))
        uow.commit()
    return order_id


def _trade(name: str, number: int) -> VenueReport:
    return VenueReport(
        account_id="account",
        type=EventType.TRADE,
        venue="VENUE",
        client_order_id=name,
        exec_id=f"{name}.more.{number}",
        last_quantity=Decimal("0.001"),
        last_price=Decimal(100 + number % 7),
        occurred_at=T0 + timedelta(days=1, seconds=number),
    )


def _milliseconds(ask: Callable[[int], Any]) -> float:
    gc.collect()
    started = time.perf_counter()
    for number in range(ASKED):
        ask(number)
    return (time.perf_counter() - started) / ASKED * 1_000


def past(folder: Path) -> Table:
    table = Table("a past moment, on SQLite", "ms", "goal", box=None)
    store = SqlAlchemyStore.open(f"sqlite:///{folder / str(SIZES[0])}.db")
    order_id = long_order(store)
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        leaves = [leaf for leaf in uow.feed.leaves() if leaf.key == order_id]
        assert len(leaves) == LONG
        cursors = [leaf.position for leaf in leaves]

        def known(number: int) -> None:
            place = number * 7 % LONG
            order = history.as_of(known_at=cursors[place]).order(order_id)
            assert order.last_sequence == place + 1

        def happened(number: int) -> None:
            at = T0 + timedelta(days=1, seconds=number * 7 % (LONG - EVENTS_PER_ORDER))
            assert history.as_of(happened_by=at).order(order_id).cum_quantity > 2

        def held(back: int) -> Callable[[int], None]:
            def ask(number: int) -> None:
                at = T0 + timedelta(seconds=SIZES[0] - 1 - back - number % 7)
                assert history.as_of(happened_by=at).position("account", "VENUE", "BTC/USDT").quantity > 2

            return ask

        fills = 2 * SIZES[0] + LONG
        table.add_row(f"state of an order of {LONG:,} events, as known", f"{_milliseconds(known):.2f}", "1.00")
        table.add_row(f"state of an order of {LONG:,} events, as happened", f"{_milliseconds(happened):.2f}", "1.00")
        told = f"position of {fills:,} fills, as happened, of which it reads at most 512"
        table.add_row(told, f"{_milliseconds(held(SIZES[0] // 2)):.2f}", "")
        started = time.perf_counter()
        history.position("account", "VENUE", "BTC/USDT", method="FIFO")
        table.add_row("the same, whole history folded (FIFO, now)", f"{(time.perf_counter() - started) * 1e3:.2f}", "")
    store.close()
    return table


def hashing(folder: Path) -> Table:
    """What computing the digests of an order's facts takes, of what recording it takes."""
    store = SqlAlchemyStore.open(f"sqlite:///{folder}/hashing.db")
    register(store)
    count = 300
    started = time.perf_counter()
    for number in range(count):
        store.run(lambda uow, n=number: fill_order(OrderHistory(uow), f"h{n}", T0 + timedelta(seconds=n)))  # type: ignore[misc]
    recording = time.perf_counter() - started
    store.close()
    connection = sqlite3.connect(f"{folder}/hashing.db")
    bodies = [
        body.encode()
        for name in ("order_requests", "order_events")
        for (body,) in connection.execute(f"SELECT body FROM {name}")
    ]
    connection.close()
    started = time.perf_counter()
    for body in bodies:
        hashlib.sha256(b"sot/event/1\0" + body).hexdigest()
    share = (time.perf_counter() - started) / recording
    table = Table("hashing, of recording filled orders with one commit each", "share", "goal", box=None)
    table.add_row("SHA-256 over the canonical bytes of all facts", f"{share:.3f}", "0.1")
    return table


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tables = (measure(folder) for measure in (throughput, past, hashing))
        show_tables(Path("build/bench-audit.json"), "what the audit costs on SQLite", tables)


if __name__ == "__main__":
    main()
