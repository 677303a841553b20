"""The year before the demonstration: orders at a made-up venue, recorded as if the demonstration had been running.

The clock of the store stands at the time of each fact, so that a past moment, a month's results, and orders that
were filled in part can be looked at.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs

from sot.application.history import OrderHistory
from sot.domain.orders.report import Fee, VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import Action, EventType, InstrumentKind, OrderType, Side, TimeInForce
from sot.entrypoints.demo.real_records import ACCOUNT
from sot.ports.clock import Clock
from sot.ports.store import Store, UnitOfWork

VENUE = "PAPER"
SYMBOL = "ETH/USDT"
MONTHS = 12
_STEPS = (40, -25, 60, 15, -10, 35, -45, 80, 5, -30, 50, 20)
"""What the price gained between the purchase and the sale of each calendar month."""
_SECOND = timedelta(seconds=1)


@attrs.frozen
class _At(Clock):
    """A clock that stands still."""

    time: datetime

    def now(self) -> datetime:
        return self.time


@contextmanager
def _clock_at(store: Store, time: datetime) -> Iterator[None]:
    clock = store.clock
    store.clock = _At(time)
    try:
        yield
    finally:
        store.clock = clock


@attrs.frozen(kw_only=True)
class _Order:
    """An order, and what the venue said about it.

    Attributes:
        at: When it was sent.
        executed: The quantity of its one execution.
        ends: How the venue ended it; None for an order that works, or is filled.
        canceled_by: Who asked to cancel it, before it ended.
    """

    name: str
    side: Side
    quantity: int
    price: Decimal
    at: datetime
    executed: int
    ends: EventType | None = None
    reason: str | None = None
    canceled_by: str | None = None
    time_in_force: TimeInForce = TimeInForce.GTC


def record_past_year(store: Store) -> int:
    """Record the orders of the last twelve months, and some of the last days that were filled in part.

    Returns:
        How many orders were new.
    """
    now = store.clock.now().astimezone(UTC)
    orders = sorted([*_round_trips(now), *_partly_filled(now)], key=lambda order: order.at)
    return sum(_record(store, order) for order in orders)


def _round_trips(now: datetime) -> Iterator[_Order]:
    """A purchase and a sale in each month, as far as they are past."""
    for back in range(MONTHS):
        year, month = divmod(now.year * MONTHS + now.month - 1 - back, MONTHS)
        price = Decimal(2000 + 20 * month)
        name = f"demo-{year}-{month + 1:02d}"
        bought, sold = (datetime(year, month + 1, day, 14, 30, tzinfo=UTC) for day in (5, 20))
        trades = ((Side.BUY, price, bought), (Side.SELL, price + _STEPS[month], sold))
        for side, at_price, at in trades:
            if at < now:
                yield _Order(name=f"{name}-{side.lower()}", side=side, quantity=2, price=at_price, at=at, executed=2)


def _partly_filled(now: datetime) -> Sequence[_Order]:
    """Orders of the last days that were filled in part, each for another reason."""

    def order(name: str, days_ago: int, **fields: Any) -> _Order:
        at = now - timedelta(days=days_ago)
        return _Order(name=name, side=Side.BUY, quantity=10, price=Decimal(1900), at=at, executed=4, **fields)

    return [
        order("demo-canceled-by-us", 9, ends=EventType.CANCELED, canceled_by="ann"),
        order("demo-canceled-there", 6, ends=EventType.CANCELED, reason="self-trade prevention"),
        order("demo-nothing-left", 4, ends=EventType.CANCELED, time_in_force=TimeInForce.IOC),
        order("demo-expired", 3, ends=EventType.EXPIRED, time_in_force=TimeInForce.DAY),
        order("demo-working", 1),
    ]


def _record(store: Store, order: _Order) -> bool:
    """Record an order with what became of it, each fact at its own time; returns whether it was new."""
    with _clock_at(store, order.at):
        is_new = store.run(lambda uow: _send(uow, order))
    if not is_new:
        return False
    with _clock_at(store, order.at + _SECOND):
        store.run(lambda uow: _report(uow, order))
    with _clock_at(store, order.at + timedelta(hours=1)):
        store.run(lambda uow: _end(uow, order))
    return True


def _send(uow: UnitOfWork, order: _Order) -> bool:
    history = OrderHistory(uow)
    history.register(
        Instrument(account_id=ACCOUNT, venue=VENUE, symbol=SYMBOL, kind=InstrumentKind.SPOT, base="ETH", quote="USDT")
    )
    request = history.submit(
        OrderRequest(
            account_id=ACCOUNT,
            client_order_id=order.name,
            venue=VENUE,
            symbol=SYMBOL,
            side=order.side,
            order_type=OrderType.LIMIT,
            quantity=Decimal(order.quantity),
            limit_price=order.price,
            time_in_force=order.time_in_force,
            strategy_code="monthly" if order.ends is None and order.executed == order.quantity else "patient",
        )
    )
    if not request.repeated:
        history.mark_sent(request.request_id, occurred_at=order.at)
    return not request.repeated


def _venue_report(order: _Order, type: EventType, at: datetime, **fields: Any) -> VenueReport:
    return VenueReport(
        account_id=ACCOUNT, type=type, venue=VENUE, client_order_id=order.name, venue_order_id=f"P-{order.name}",
        symbol=SYMBOL, side=order.side, occurred_at=at, **fields,
    )  # fmt: skip


def _report(uow: UnitOfWork, order: _Order) -> None:
    history, at = OrderHistory(uow), order.at + _SECOND
    history.record(_venue_report(order, EventType.NEW, at))
    fee = Fee(order.price * order.executed / 1000, "USDT")
    execution = {"exec_id": f"E-{order.name}", "last_quantity": Decimal(order.executed), "last_price": order.price}
    history.record(_venue_report(order, EventType.TRADE, at, fees=[fee], **execution))


def _end(uow: UnitOfWork, order: _Order) -> None:
    history, at = OrderHistory(uow), order.at + timedelta(hours=1)
    if order.canceled_by is not None:
        target = history.find_order(ACCOUNT, order.name, VENUE).order_id
        cancel = OrderRequest(
            account_id=ACCOUNT, action=Action.CANCEL, target_order_id=target, client_order_id=f"{order.name}-cancel",
            venue=VENUE, requested_by=order.canceled_by,
        )  # fmt: skip
        history.mark_sent(history.submit(cancel).request_id, occurred_at=at)
    if order.ends is not None:
        history.record(_venue_report(order, order.ends, at, reason=order.reason))
