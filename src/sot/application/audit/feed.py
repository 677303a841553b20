"""Follow the feed: every committed fact once, in an order that agrees with the sequence within each order."""

from collections.abc import Iterator
from typing import NamedTuple

from sot.domain.audit.checkpoint import Leaf
from sot.domain.orders.event import OrderEvent
from sot.domain.values.errors import InvalidInput
from sot.domain.values.json_form import JsonForm
from sot.ports.store import Store

BATCH = 500
"""How many events are read in one transaction."""


class _FollowedEventFields(NamedTuple):
    cursor: int
    event: OrderEvent


class FollowedEvent(_FollowedEventFields, JsonForm):
    """An event, and the cursor to continue from after it."""

    __slots__ = ()


def follow(store: Store, after: int = 0, batch: int = BATCH) -> Iterator[FollowedEvent]:
    """Iterate over the events after a cursor that are committed by now, oldest first.

    Who continues from the last cursor that he processed sees every event exactly once, however many transactions write
    at the same time: events after one that an open transaction may still add are held back. Each batch is read in a
    transaction of its own, so that a slow reader holds nothing up.

    Args:
        store: The store.
        after: The cursor; 0 is before the first event.
        batch: How many events to read in one transaction.

    Raises:
        InvalidInput: The store has not given out this cursor.

    Rules: FEED-5.
    """
    upto = _horizon_after(store, after)
    while True:
        with store.begin(read_only=True) as uow:
            events = uow.feed.events(after, upto, batch)
        for cursor, event in events:
            yield FollowedEvent(cursor, event)
        if len(events) < batch:
            return
        after = events[-1][0]


def follow_facts(store: Store, after: int = 0, batch: int = BATCH) -> Iterator[Leaf]:
    """Iterate over the facts of every kind after a cursor that are committed by now, oldest first, as `follow` does.

    Args:
        store: The store.
        after: The cursor; 0 is before the first fact.
        batch: How many positions of the feed to read in one transaction.

    Raises:
        InvalidInput: The store has not given out this cursor.
    """
    upto = _horizon_after(store, after)
    while after < upto:
        end = min(after + batch, upto)
        with store.begin(read_only=True) as uow:
            leaves = list(uow.feed.leaves(after, end))
        yield from leaves
        after = end


def _horizon_after(store: Store, after: int) -> int:
    """The position up to which a store is followed; raises InvalidInput for a cursor that it has not given out."""
    upto = store.horizon()
    if type(after) is not int or not 0 <= after <= upto:
        raise InvalidInput("after", after, f"a cursor of this store: a whole number from 0 to {upto}")
    return upto
