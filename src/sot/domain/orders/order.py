"""An order: what it is, and the cached fold of its facts."""

from datetime import datetime
from decimal import Decimal

import attrs

from sot.domain.orders.event import OrderEvent
from sot.domain.orders.state import OrderState
from sot.domain.values.vocabulary import OrderStatus, OrderType, Side


@attrs.define(slots=False, kw_only=True)
class Order:
    """What was sent for one request; or an external order, found at the venue, with no `request_id`.

    `state` and everything below it is the fold of the order's events; it can be rebuilt from them.
    Attributes of `state` are also attributes of the order, for the reader's convenience.
    """

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
        """The head of the order's chain: the hash of its last event."""
        return self.head if isinstance(self.head, str) else self.head.hash

    @property
    def status(self) -> OrderStatus:
        """FIX tag 39: a pure function of the facts."""
        return self.state.status

    @property
    def is_open(self) -> bool:
        """More may execute."""
        return self.state.is_open

    @property
    def in_doubt(self) -> bool:
        """An outcome is unknown."""
        return self.state.in_doubt

    @property
    def client_order_id(self) -> str | None:
        """The client order id that is now valid at the venue."""
        return self.state.client_order_id

    @property
    def venue_order_id(self) -> str | None:
        """The venue's latest id for the order."""
        return self.state.venue_order_id

    @property
    def order_quantity(self) -> Decimal | None:
        """Units ordered; None while unknown."""
        return self.state.order_quantity

    @property
    def cum_quantity(self) -> Decimal:
        """Units executed."""
        return self.state.cum_quantity

    @property
    def leaves_quantity(self) -> Decimal | None:
        """Units still to be executed; None while the order quantity is unknown."""
        return self.state.leaves_quantity

    @property
    def avg_price(self) -> Decimal | None:
        """Average price of what was executed, in quote currency per unit."""
        return self.state.avg_price

    def copy(self) -> "Order":
        """A private copy, which later events do not change."""
        new = object.__new__(Order)
        new.__dict__.update(self.__dict__)
        new.state = self.state.copy()
        return new
