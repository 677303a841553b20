"""Following what is recorded: every committed event once, in an order that is consistent with each order's own."""

from collections.abc import Iterator
from typing import NamedTuple

from sot.domain.orders.event import OrderEvent
from sot.domain.values.errors import InvalidInput
from sot.ports.store import Store

BATCH = 500


class FollowedEvent(NamedTuple):
    """An event, and the cursor from which to go on when it is dealt with."""

    cursor: int
    event: OrderEvent


def follow(store: Store, after: int = 0, batch: int = BATCH) -> Iterator[FollowedEvent]:
    """The events behind a cursor that are committed by now, oldest first; 0 is before the first.

    Whoever goes on from the last cursor it dealt with sees every event exactly once, however many write at the same
    time: what a transaction that is still open may put in between is waited for. Each batch is a transaction of its
    own, so that nothing is held up by a slow reader.

    Raises: InvalidInput: a cursor that this store has not given.
    """
    upto = store.horizon()
    if type(after) is not int or not 0 <= after <= upto:
        raise InvalidInput("after", after, f"a cursor of this store: a whole number from 0 to {upto}")
    while True:
        with store.begin(read_only=True) as uow:
            found = uow.feed.events(after, upto, batch)
        for cursor, event in found:
            yield FollowedEvent(cursor, event)
        if len(found) < batch:
            return
        after = found[-1][0]
