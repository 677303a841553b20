"""Any past moment: as it was known, and as it had happened, independently."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import attrs

from sot.application import recompute
from sot.application.commands import pnl_at
from sot.application.intents import get_order
from sot.application.knowing import knowing
from sot.application.moment import Moment, moment_of
from sot.application.past_orders import PastOrders
from sot.application.past_positions import PastPositions
from sot.application.past_requests import PastRequests
from sot.application.reading import TimelineEntry, timeline
from sot.domain import fields
from sot.domain.costs import OrderCosts
from sot.domain.errors import InvalidInput
from sot.domain.event import OrderEvent
from sot.domain.fill import Fill
from sot.domain.folding import PositionKey
from sot.domain.order import Order
from sot.domain.pnl import OrderPnl
from sot.domain.position import Position
from sot.domain.rates import Pairs, Rates, checked_rates
from sot.domain.vocabulary import Method, PositionSide
from sot.ports.records import (
    LARGEST_PAGE,
    Known,
    OrderFilter,
    Page,
    PageKey,
    RecordedRequest,
    RequestFilter,
)
from sot.ports.store import UnitOfWork

_METHOD = fields.word(Method)
_SIDE = fields.word(PositionSide)


@attrs.frozen
class Past:
    """A moment, to be asked like the present; see `OrderHistory.as_of`. Nothing here writes.

    `exact` tells whether it is known for sure what was known: by a cursor of the feed it is. By a time, facts count
    that a transaction recorded before it and committed after it, too.
    """

    moment: Moment

    @property
    def uow(self) -> UnitOfWork:
        """The unit of work in which it is looked at."""
        return self.moment.uow

    @property
    def known(self) -> Known:
        """What was known."""
        return self.moment.known

    @property
    def happened_by(self) -> datetime | None:
        """What had happened; None sets no limit."""
        return self.moment.happened_by

    @property
    def exact(self) -> bool:
        """Whether nothing counts that was not committed at that moment."""
        return self.moment.exact

    @property
    def words(self) -> str:
        """The moment in words."""
        return self.moment.words

    @property
    def _orders(self) -> PastOrders:
        return PastOrders(self.moment)

    # ----------------------------------------------------------------------------------------------------- orders

    def order(self, order_id: str) -> Order:
        """The order as it was. Its `version` is 0: that counts changes of the present row.

        Raises: NotFound: it was not known, or nothing of it had happened.
        """
        return self._orders.get(get_order(self.uow, order_id))

    def orders(self, filter: OrderFilter | None = None, after: PageKey | None = None, limit: int = 50) -> Page[Order]:
        """A page of the orders that there were, oldest first, as `filter` finds them by what they were then.

        Raises: InvalidInput: `limit` is not from 1 to 500.
        """
        if not 1 <= limit <= LARGEST_PAGE:
            raise InvalidInput("limit", limit, f"a number from 1 to {LARGEST_PAGE}")
        return self._orders.list(filter or OrderFilter(), after, limit)

    def events(self, order_id: str) -> Sequence[OrderEvent]:
        """The order's events up to then. Raises: NotFound."""
        order = self.order(order_id)
        return self.uow.events.list(order.account_id, order_id, 0, order.last_sequence)

    def timeline(self, order_id: str) -> Sequence[TimelineEntry]:
        """The order's story up to then. Raises: NotFound."""
        return timeline(self.uow, self.order(order_id))

    def fills(self, order_id: str) -> Sequence[Fill]:
        """The executions that held then. Raises: NotFound."""
        return [fill for fill in self._orders.executions(self.order(order_id)).latest() if not fill.busted]

    def costs(self, order_id: str) -> OrderCosts:
        """What the executions had cost. Raises: NotFound."""
        order = self.order(order_id)
        request = self.uow.requests.get(order.request_id) if order.request_id else None
        return recompute.costs_of(knowing(self.uow, self.known), order, self._orders.executions(order), request)

    def pnl(
        self, order_id: str, mark: Decimal | None = None, rates: Mapping[str, Decimal] | None = None
    ) -> OrderPnl | None:
        """The order's profit and loss then at a mark; without a mark the latest snapshot recorded by then, if any.

        Raises: NotFound. InvalidInput: a mark or rate that is not allowed, or an instrument that was not known.
        """
        order = self.order(order_id)
        if mark is not None:
            at = self.happened_by or self.known.moment or self.uow.clock.now()
            return pnl_at(self.costs(order_id), mark, rates or {}, order.last_sequence, at)
        snapshots = self.uow.pnl.list(order.account_id, order_id)
        return next((one for one in reversed(snapshots) if one.sequence <= order.last_sequence), None)

    # --------------------------------------------------------------------------------------------------- requests

    @property
    def _requests(self) -> PastRequests:
        def had_order(order_id: str) -> bool:
            order = self.uow.orders.get(order_id)
            return order is not None and self._orders.if_known(order) is not None

        return PastRequests(self.uow, self.known, self.happened_by, had_order)

    def request(self, request_id: str) -> RecordedRequest:
        """The request as it was, with the context, checks and status that it had.

        Raises: NotFound: it was not known, or nothing of it had happened.
        """
        return self._requests.get(request_id, self.words)

    def requests(
        self, filter: RequestFilter | None = None, after: PageKey | None = None, limit: int = 50
    ) -> Page[RecordedRequest]:
        """A page of the requests that there were, oldest first.

        Raises: InvalidInput: `limit` is not from 1 to 500.
        """
        if not 1 <= limit <= LARGEST_PAGE:
            raise InvalidInput("limit", limit, f"a number from 1 to {LARGEST_PAGE}")
        return self._requests.list(filter or RequestFilter(), after, limit)

    # -------------------------------------------------------------------------------------------------- positions

    def position(
        self,
        account_id: str,
        venue: str,
        symbol: str,
        *,
        position_side: PositionSide = PositionSide.NET,
        position_id: str = "",
        method: Method = Method.AVERAGE,
        rates: Rates | Pairs | None = None,
    ) -> Position:
        """One position as it was: of what was known, the executions and account events that had happened.

        It goes on from the last checkpoint before anything that came later, and does not read what lies before that.

        Raises: InvalidInput: an unknown method or side, or a rate that is not positive. NotFound: the instrument was
            not known.
        """
        key = PositionKey(account_id, venue, symbol, _SIDE.check("position_side", position_side), position_id)
        return PastPositions(self.moment).get(key, _METHOD.check("method", method), checked_rates(rates))

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
        """The positions of an account as they were; flat ones with `include_flat`, where anything had moved them.

        Raises: InvalidInput: an unknown method, or a rate that is not positive.
        """
        checked, method = checked_rates(rates), _METHOD.check("method", method)
        return PastPositions(self.moment).list(account_id, venue, symbol, method, checked, include_flat)


def past_of(uow: UnitOfWork, known_at: datetime | int | None, happened_by: datetime | None) -> Past:
    """A moment, checked; see `OrderHistory.as_of`."""
    return Past(moment_of(uow, known_at, happened_by))
