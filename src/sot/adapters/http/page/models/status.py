"""The status of an order as a page shows it: a word, and a tone beside it, never a colour alone."""

from collections.abc import Mapping

import attrs

from sot.adapters.http.page.models.values import Amount, amount
from sot.adapters.http.page.models.words import status_word
from sot.domain.orders.order import Order
from sot.domain.values.vocabulary import OrderStatus

DONE, ACTIVE, WAITING, OVER, WRONG = "done", "active", "waiting", "over", "wrong"
_TONES: Mapping[OrderStatus, str] = {
    OrderStatus.PENDING_CANCEL: WAITING,
    OrderStatus.PENDING_REPLACE: WAITING,
    OrderStatus.DONE_FOR_DAY: OVER,
    OrderStatus.CALCULATED: OVER,
    OrderStatus.FILLED: DONE,
    OrderStatus.STOPPED: WAITING,
    OrderStatus.SUSPENDED: WAITING,
    OrderStatus.CANCELED: OVER,
    OrderStatus.EXPIRED: OVER,
    OrderStatus.PARTIALLY_FILLED: ACTIVE,
    OrderStatus.REJECTED: WRONG,
    OrderStatus.NEW: ACTIVE,
    OrderStatus.PENDING_NEW: WAITING,
    OrderStatus.FAILED: WRONG,
    OrderStatus.CREATED: WAITING,
}


@attrs.frozen(kw_only=True)
class Status:
    """A status.

    Attributes:
        word: The status in words.
        tone: How it looks: one of `done`, `active`, `waiting`, `over`, `wrong`.
        in_doubt: Whether the outcome of a request is unknown.
        unproven: What the venue reports as executed without executions; None if there is nothing.
        parked: How many events wait for the execution that they refer to.
    """

    word: str
    tone: str
    in_doubt: bool = False
    unproven: Amount | None = None
    parked: int = 0

    @property
    def is_odd(self) -> bool:
        """Whether a person should look at it."""
        return self.in_doubt or self.unproven is not None or self.parked > 0


def status_alone(status: OrderStatus) -> Status:
    """Return a status by itself, such as that after an event."""
    return Status(word=status_word(status), tone=_TONES[status])


def status_of(order: Order) -> Status:
    """Return the status of an order, with what is in doubt about it."""
    status, state = order.status, order.state
    return Status(
        word=status_word(status),
        tone=_TONES[status],
        in_doubt=order.in_doubt,
        unproven=amount(state.provisional_quantity or None),
        parked=len(state.parked),
    )
