"""What `sot watch` shows, read anew when the feed has something new."""

from collections import deque
from collections.abc import Sequence

import attrs

from sot.application.audit import feed
from sot.application.history import OrderHistory
from sot.domain.accounting.position import Position
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.order import Order
from sot.domain.values.vocabulary import EventType
from sot.ports.orders import OrderFilter
from sot.ports.paging import LARGEST_PAGE
from sot.ports.store import Store, UnitOfWork

_EXECUTIONS = (EventType.TRADE, EventType.TRADE_CORRECT, EventType.TRADE_CANCEL)

_LATELY = 500
"""How many of the last facts are looked at in the beginning."""

_KEPT = 100
"""How many changed orders and executions are kept."""


@attrs.define
class Watch:
    """Open orders and those that changed lately, the latest executions, and open positions.

    Attributes:
        store: The store.
        account_id: Only this account; None for all.
        symbol: Only this instrument; None for all.
        orders: The orders, open ones first, of each the one that changed last first.
        executions: The latest executions with their orders, the latest first.
        positions: The open positions of all accounts that were seen.
        cursor: What was read of the feed; None in the beginning.
    """

    store: Store
    account_id: str | None = None
    symbol: str | None = None
    orders: Sequence[Order] = ()
    executions: Sequence[tuple[OrderEvent, Order]] = ()
    positions: Sequence[Position] = ()
    cursor: int | None = None
    _changed: dict[str, None] = attrs.field(factory=dict, init=False)
    _executed: deque[OrderEvent] = attrs.field(factory=lambda: deque(maxlen=_KEPT), init=False)

    def update(self) -> bool:
        """Read what is new; returns whether there is anything."""
        horizon = self.store.horizon()
        if horizon == self.cursor:
            return False
        after = max(0, horizon - _LATELY) if self.cursor is None else self.cursor
        for cursor, event in feed.follow(self.store, after):
            horizon = max(horizon, cursor)
            if self.account_id in (None, event.account_id):
                self._observe(event)
        self.store.run(self._read, read_only=True)
        self.cursor = horizon
        return True

    def _observe(self, event: OrderEvent) -> None:
        self._changed.pop(event.order_id, None)
        self._changed[event.order_id] = None
        if event.type in _EXECUTIONS:
            self._executed.append(event)

    def _read(self, uow: UnitOfWork) -> None:
        history = OrderHistory(uow)
        wanted = OrderFilter(account_id=self.account_id, symbol=self.symbol, is_open=True)
        known = {order.order_id: order for order in history.orders(wanted, limit=LARGEST_PAGE, newest_first=True).items}
        for order_id in list(self._changed)[-_KEPT:]:
            known.setdefault(order_id, history.order(order_id))
        executed = [(event, self._order(history, known, event.order_id)) for event in reversed(self._executed)]
        shown = [order for order in known.values() if self.symbol in (None, order.symbol)]
        self.orders = sorted(
            shown, key=lambda order: (order.is_open, order.updated_at or order.created_at), reverse=True
        )
        self.executions = [(event, order) for event, order in executed if self.symbol in (None, order.symbol)]
        self.positions = [
            position
            for account_id in self._accounts(known)
            for position in history.positions(account_id, symbol=self.symbol)
        ]

    def _order(self, history: OrderHistory, known: dict[str, Order], order_id: str) -> Order:
        return known.get(order_id) or history.order(order_id)

    def _accounts(self, known: dict[str, Order]) -> Sequence[str]:
        if self.account_id is not None:
            return (self.account_id,)
        return sorted({order.account_id for order in known.values()})
