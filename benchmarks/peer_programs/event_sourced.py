"""An order as an aggregate of the library `eventsourcing`: five events, stored as one row each.

It keeps and folds events. It has no look-up by other names, recognition of repeats, positions, costs or hashes.
"""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

AT = datetime.fromisoformat("2026-01-05T10:00:00+00:00")
TRADES = (("0.5", "99.5", "0.01", "TAKER"), ("1.5", "100", "0.02", "MAKER"))


class SourcedOrder(Aggregate):
    """An order."""

    @event("Submitted")
    def __init__(self, client_order_id: str, symbol: str, side: str, quantity: Decimal, limit_price: Decimal) -> None:
        self.client_order_id = client_order_id
        self.symbol, self.side, self.quantity, self.limit_price = symbol, side, quantity, limit_price
        self.status, self.cum_quantity, self.notional = "CREATED", Decimal(0), Decimal(0)

    @event("Sent")
    def send(self, at: datetime) -> None:
        """Mark as sent."""
        self.status = "PENDING_NEW"

    @event("Acknowledged")
    def acknowledge(self, venue_order_id: str, at: datetime) -> None:
        """Mark as acknowledged."""
        self.status, self.venue_order_id = "NEW", venue_order_id

    @event("Traded")
    def trade(
        self, exec_id: str, quantity: Decimal, price: Decimal, fee: Decimal, liquidity: str, at: datetime
    ) -> None:
        """Add an execution."""
        self.cum_quantity += quantity
        self.notional += quantity * price
        self.status = "FILLED" if self.cum_quantity == self.quantity else "PARTIALLY_FILLED"


class SourcedOrders:
    """An application that records filled orders, in memory or in an SQLite file.

    Args:
        path: The file; None for memory.
        saves: How often an order is saved: once, or after every report.
    """

    def __init__(self, path: Path | None = None, saves_reports: bool = False) -> None:
        self._environment = (
            {} if path is None else {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)}
        )
        self._application = Application(self._environment)
        self._saves_reports = saves_reports
        self._last: UUID | None = None

    def fill_order(self, number: int) -> None:
        """Record a filled order."""
        order = SourcedOrder(str(number), "BTC/USDT", "BUY", Decimal(2), Decimal(100))
        order.send(AT)
        self._save_report(order)
        order.acknowledge(f"V{number}", AT)
        self._save_report(order)
        for place, (quantity, price, fee, liquidity) in enumerate(TRADES, 2):
            order.trade(f"{number}.{place}", Decimal(quantity), Decimal(price), Decimal(fee), liquidity, AT)
            self._save_report(order)
        if not self._saves_reports:
            self._application.save(order)
        self._last = order.id

    def _save_report(self, order: SourcedOrder) -> None:
        if self._saves_reports:
            self._application.save(order)

    def check(self, count: int) -> None:
        """Check that the events are stored, and that they fold into a filled order."""
        assert self._last is not None
        order: SourcedOrder = self._application.repository.get(self._last)
        assert (order.status, order.notional) == ("FILLED", Decimal("199.75"))
        stored = self._application.notification_log.select(start=5 * count, limit=2)
        assert len(stored) == 1
