"""An order: its identity, and the state that follows from its events."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import attrs

from sot.domain.orders.event import OrderEvent
from sot.domain.orders.state import OrderState
from sot.domain.values.copying import copier_of
from sot.domain.values.json_form import JsonForm
from sot.domain.values.vocabulary import OrderStatus, OrderType, Side


@attrs.define(kw_only=True, weakref_slot=False)
class Order(JsonForm):
    """An order. It is created for a request, or external: found at the venue, without a request.

    Some attributes of `state` are attributes of the order, too.

    Attributes:
        request_id: The request that the order was created for; None for an external order.
        id_scope: The scope in which its identifiers are unique, where the venue uses identifiers again.
        state: The state after its events. It and all that follows can be derived from the events again.
        last_sequence: The sequence of its last event.
        head: Its last event, or the hash of that.
        updated_at: When its last event was recorded.
        version: Counts the changes of its row, for optimistic locking.
    """

    DERIVED: ClassVar = (
        "status",
        "is_open",
        "in_doubt",
        "client_order_id",
        "venue_order_id",
        "order_quantity",
        "cum_quantity",
        "leaves_quantity",
        "avg_price",
    )

    account_id: str
    order_id: str
    request_id: str | None
    venue: str
    venue_account: str
    id_scope: str
    symbol: str
    side: Side | None
    order_type: OrderType | None
    strategy_code: str | None
    created_at: datetime
    state: OrderState = attrs.field(factory=OrderState)
    last_sequence: int = 0
    head: OrderEvent | str = attrs.field(default="", alias="last_hash", eq=False, repr=False)
    updated_at: datetime | None = None
    version: int = 0

    @property
    def last_hash(self) -> str:
        """The hash of its last event."""
        return self.head if isinstance(self.head, str) else self.head.hash

    @property
    def has_only_begun(self) -> bool:
        """Whether CREATED, and SUBMITTED if it was sent, are all of its events: no report of it was recorded yet."""
        return self.last_sequence < 2 or (self.last_sequence == 2 and self.state.submitted)

    @property
    def status(self) -> OrderStatus:
        """The status (FIX tag 39), which follows from the state."""
        return self.state.status

    @property
    def is_open(self) -> bool:
        """Whether more may execute."""
        return self.state.is_open

    @property
    def in_doubt(self) -> bool:
        """Whether the outcome of a request is unknown."""
        return self.state.in_doubt

    @property
    def client_order_id(self) -> str | None:
        """The client order id that is valid at the venue (FIX tag 11)."""
        return self.state.client_order_id

    @property
    def venue_order_id(self) -> str | None:
        """The venue's latest id of the order (FIX tag 37)."""
        return self.state.venue_order_id

    @property
    def order_quantity(self) -> Decimal | None:
        """Units ordered (FIX tag 38); None while that is unknown."""
        return self.state.order_quantity

    @property
    def cum_quantity(self) -> Decimal:
        """Units executed (FIX tag 14)."""
        return self.state.cum_quantity

    @property
    def leaves_quantity(self) -> Decimal | None:
        """Units that may still be executed (FIX tag 151); None while the order quantity is unknown."""
        return self.state.leaves_quantity

    @property
    def avg_price(self) -> Decimal | None:
        """The average price of the executions, in quote currency per unit (FIX tag 6); None before the first."""
        return self.state.avg_price

    def copy(self) -> "Order":
        """Return a copy, which later events do not change."""
        return self.in_state(self.state.copy(), self.last_sequence)

    def in_state(self, state: OrderState, last_sequence: int) -> "Order":
        """Return a copy in another state, on which events can be replayed.

        Args:
            state: The state; events change it.
            last_sequence: The sequence of the event after which it is.
        """
        new = _copy(self)
        new.state, new.last_sequence = state, last_sequence
        return new


_copy = copier_of(Order)
