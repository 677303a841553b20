"""What recording orders costs, and folding positions; `stores.py` has SQL stores beside programs of the raw driver.

Run by `make bench`. The load is a filled order: request, sent, NEW, two TRADEs with fees, costs read back.
Figures vary with the machine; the ratios should not.
"""

import itertools
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from figures import Figure, in_turns, print_figures, write_figures

from sot import (
    EventType,
    Fee,
    Instrument,
    InstrumentKind,
    OrderHistory,
    OrderRequest,
    OrderType,
    Side,
    Store,
    TimeInForce,
    VenueReport,
)
from sot.accounting import Method
from sot.adapters.memory import MemoryStore
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.domain.accounting.fold import PositionFold
from sot.queries import Fill
from sot.venue import Liquidity

T0 = datetime(2026, 1, 5, 10, tzinfo=UTC)
ROUNDS = 3


INSTRUMENT = Instrument(
    account_id="account", venue="VENUE", symbol="BTC/USDT", kind=InstrumentKind.SPOT, base="BTC", quote="USDT"
)


def register(store: Store) -> None:
    store.run(lambda uow: OrderHistory(uow).register(INSTRUMENT))


def request_of(name: str, side: Side = Side.BUY) -> OrderRequest:
    """An intent, made from what an application has: decimals and texts."""
    return OrderRequest(
        account_id="account",
        client_order_id=name,
        venue="VENUE",
        symbol="BTC/USDT",
        side=side,
        order_type=OrderType.LIMIT,
        quantity=Decimal(2),
        limit_price=Decimal(100),
        time_in_force=TimeInForce.GTC,
    )


def reports_of(name: str, at: datetime = T0) -> Iterator[VenueReport]:
    """What the venue says about it: NEW, and two TRADEs with fees."""
    said: dict[str, Any] = {
        "account_id": "account",
        "venue": "VENUE",
        "client_order_id": name,
        "venue_order_id": f"V{name}",
        "occurred_at": at,
    }
    yield VenueReport(type=EventType.NEW, exec_id=f"{name}.1", **said)
    for number, quantity, price, fee, liquidity in (
        (2, "0.5", "99.5", "0.01", Liquidity.TAKER),
        (3, "1.5", "100", "0.02", Liquidity.MAKER),
    ):
        yield VenueReport(
            type=EventType.TRADE,
            exec_id=f"{name}.{number}",
            last_quantity=Decimal(quantity),
            last_price=Decimal(price),
            fees=[Fee(Decimal(fee), "USDT")],
            liquidity=liquidity,
            **said,
        )


def fill_order(history: OrderHistory, name: str, at: datetime = T0, side: Side = Side.BUY) -> None:
    """One filled order, with all values that it needs."""
    request = history.submit(request_of(name, side))
    history.mark_sent(request.request_id, occurred_at=T0)
    order_id = ""
    for report in reports_of(name, at):
        order_id = history.record(report).order_id or ""
    assert history.costs(order_id).notional == Decimal("199.75")


def orders_per_second(store: Store, count: int, per_commit: int, prefix: str) -> float:
    started = time.perf_counter()
    for first in range(0, count, per_commit):
        with store.begin() as uow:
            history = OrderHistory(uow)
            for number in range(first, first + per_commit):
                fill_order(history, f"{prefix}{number}", T0 + timedelta(milliseconds=number))
            uow.commit()
    elapsed = time.perf_counter() - started
    with store.begin(read_only=True) as uow:
        assert OrderHistory(uow).position("account", "VENUE", "BTC/USDT").quantity >= 2 * count
    return count / elapsed


def made_fills(count: int) -> list[Fill]:
    """Fills of one position with fees: a quarter buys it, then buys and sells alternate at random, flips among them."""
    chance = random.Random(7)
    return [
        Fill(
            account_id="account",
            order_id="00000000-0000-7000-8000-000000000001",
            execution=number,
            version=0,
            sequence=number,
            venue="VENUE",
            symbol="BTC/USDT",
            side=Side.BUY if number < count // 4 else chance.choice(list(Side)),
            quantity=Decimal(chance.randint(1, 1_000)) / 1_000,
            price=Decimal(chance.randint(9_000, 11_000)) / 100,
            recorded_at=T0,
            fees=(Fee(Decimal("0.01"), "USDT"),),
        )
        for number in range(count)
    ]


def fills_per_second(fills: list[Fill], method: Method) -> float:
    """Folding fills that are in memory into one position, by the domain alone."""
    rounds = max(1, 100_000 // len(fills))
    started = time.perf_counter()
    for _ in range(rounds):
        fold = PositionFold([INSTRUMENT], method)
        fold.fold(fills)
    elapsed = time.perf_counter() - started
    assert fold.entries == len(fills)
    return rounds * len(fills) / elapsed


def folds() -> list[Figure]:
    """How fast fills are folded into positions of three sizes."""
    measures = {
        f"{method} fold of {count:,} fills": partial(fills_per_second, made_fills(count), method)
        for method in Method
        for count in (10, 1_000, 100_000)
    }
    return [Figure(name=name, unit="fills/s", values=values) for name, values in in_turns(measures, ROUNDS).items()]


def records() -> list[Figure]:
    """How fast orders are recorded, a hundred in a unit of work or one, in memory and in a file."""
    numbers = itertools.count()
    with tempfile.TemporaryDirectory() as name:

        def in_file() -> float:
            return orders_per_second(sqlite_store(f"{name}/{next(numbers)}.db"), 1_000, 100, "o")

        measures = {
            _HUNDRED: lambda: orders_per_second(memory_store(), 3_000, 100, "m"),
            "memory, one order in a unit of work": lambda: orders_per_second(memory_store(), 3_000, 1, "s"),
            "SQLite, 100 orders a commit": in_file,
        }
        values = in_turns(measures, ROUNDS)
    return [
        Figure(name=name, unit="orders/s", values=found, beside=None if name == _HUNDRED else _HUNDRED)
        for name, found in values.items()
    ]


_HUNDRED = "memory, 100 orders in a unit of work"


def main() -> None:
    recorded, folded = records(), folds()
    print_figures("filled orders through OrderHistory", recorded)
    print_figures("fills folded into one position", folded)
    write_figures(Path("build/bench.json"), "what recording orders and folding positions costs", [*recorded, *folded])


def sqlite_store(path: str) -> SqlAlchemyStore:
    store = SqlAlchemyStore.open(f"sqlite:///{path}")
    register(store)
    return store


def memory_store() -> MemoryStore:
    store = MemoryStore()
    register(store)
    return store


if __name__ == "__main__":
    main()
