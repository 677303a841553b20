"""Whoever can be asked about requests, orders and positions: the history as it is, or as it was."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from sot.application.reading import TimelineEntry
from sot.domain.costs import OrderCosts
from sot.domain.fill import Fill
from sot.domain.folding import PositionKey
from sot.domain.order import Order
from sot.domain.pnl import OrderPnl
from sot.domain.position import Position
from sot.domain.rates import Pairs, Rates
from sot.domain.vocabulary import Method
from sot.ports.records import OrderFilter, Page, PageKey, RecordedRequest, RequestFilter, Stretch


class Teller(Protocol):
    """Whoever tells of requests, orders and positions: the history as it is, or as it was."""

    def request(self, request_id: str) -> RecordedRequest:
        """The request."""

    def requests(
        self, filter: RequestFilter | None = None, after: PageKey | None = None, limit: int = 50
    ) -> Page[RecordedRequest]:
        """A page of requests."""

    def order(self, order_id: str) -> Order:
        """The order."""

    def orders(self, filter: OrderFilter | None = None, after: PageKey | None = None, limit: int = 50) -> Page[Order]:
        """A page of orders."""

    def timeline(self, order_id: str) -> Sequence[TimelineEntry]:
        """The order's story."""

    def timeline_page(self, order_id: str, after: int = 0, limit: int = 50) -> Stretch[TimelineEntry, int]:
        """A page of it."""

    def fills(self, order_id: str) -> Sequence[Fill]:
        """The executions that hold."""

    def fills_page(self, order_id: str, after: int = 0, limit: int = 50) -> Stretch[Fill, int]:
        """A page of them."""

    def costs(self, order_id: str) -> OrderCosts:
        """What they cost."""

    def pnl(
        self, order_id: str, mark: Decimal | None = None, rates: Mapping[str, Decimal] | None = None
    ) -> OrderPnl | None:
        """The order's profit and loss."""

    def positions(
        self,
        account_id: str,
        *,
        venue: str | None = None,
        symbol: str | None = None,
        method: Method = Method.AVERAGE,
        rates: Rates | Pairs | None = None,
        include_flat: bool = False,
    ) -> Sequence[Position]:
        """An account's positions."""

    def positions_page(
        self,
        account_id: str,
        after: PositionKey | None = None,
        limit: int = 50,
        *,
        venue: str | None = None,
        symbol: str | None = None,
        method: Method = Method.AVERAGE,
        rates: Rates | Pairs | None = None,
        include_flat: bool = False,
    ) -> Stretch[Position, PositionKey]:
        """A page of them."""
