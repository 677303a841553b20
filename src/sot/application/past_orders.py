"""The orders of a moment: what their events told that was known, of what had happened."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from itertools import takewhile

import attrs

from sot.application import writing
from sot.application.moment import Moment
from sot.domain.errors import NotFound
from sot.domain.event import OrderEvent
from sot.domain.fill import Executions
from sot.domain.lifecycle import apply, moves_executions
from sot.domain.order import Order
from sot.domain.replay import advance, latest_happened_at, move_head, opening_state
from sot.domain.state import OrderState
from sot.domain.vocabulary import EventType
from sot.ports.records import LARGEST_PAGE, OrderFilter, Page, PageKey, Prefix


@attrs.frozen
class PastOrders:
    """The orders of a moment, each folded from the last state that was kept of it before."""

    moment: Moment

    def _matches(self, filter: OrderFilter, order: Order) -> bool:
        return (
            (not filter.statuses or order.status in filter.statuses)
            and filter.is_open in (None, order.is_open)
            and filter.in_doubt in (None, order.in_doubt)
            and (filter.identifier is None or self._went_by(order, filter.identifier))
        )

    def _went_by(self, order: Order, name: str) -> bool:
        if name in (order.client_order_id, order.venue_order_id):
            return True
        events = self.moment.uow.events.list(order.account_id, order.order_id, 0, order.last_sequence)
        said = [part for event in events for part in (event.report, event.fact) if part is not None]
        return any(name in (part.client_order_id, getattr(part, "venue_order_id", None)) for part in said)

    def if_known(self, order: Order) -> Order | None:
        """The order as it was; None if it was not known, or nothing of it had happened."""
        try:
            return self.get(order)
        except NotFound:
            return None

    def _prefix(self, order: Order) -> Prefix:
        sequence = None
        if self.moment.known.position is not None:
            sequence = self.moment.uow.feed.last_sequence(order.account_id, order.order_id, self.moment.known.position)
        return Prefix(sequence=sequence, recorded_by=self.moment.known.moment, happened_by=self.moment.happened_by)

    def get(self, order: Order) -> Order:
        """An order as it was. Its `version` is 0: that counts changes of the present row.

        Raises: NotFound: it was not known, or nothing of it had happened.
        """
        prefix = self._prefix(order)
        start = self.moment.uow.states.last(order.account_id, order.order_id, prefix)
        told = attrs.evolve(order, last_sequence=0, last_hash="", updated_at=None, version=0, state=OrderState())
        if start is not None:
            told.state = start.state.copy()
            told.last_sequence = start.sequence
        events = self._events_from(told, prefix)
        if start is not None:
            told.head, told.updated_at = events[0], start.recorded_at
            events = events[1:]
        within = _within(events, prefix, None if start is None else told.state.latest_happened_at)
        if not within and start is None:
            raise NotFound("order", order.order_id, f"{self.moment.words}: it came later")
        if start is None or any(_looks_back(event) for event in within):
            return self._from_the_first(told, within[-1].sequence if within else told.last_sequence)
        for event in within:
            apply(told, event, Executions(), partial(self._event, order))
            move_head(told, event)
        return told

    def _events_from(self, told: Order, prefix: Prefix) -> Sequence[OrderEvent]:
        """The event that a kept state is after, and those that may be within, up to the next kept state."""
        after = max(told.last_sequence - 1, 0)
        events = self.moment.uow.events.list(told.account_id, told.order_id, after, writing.STATE_EVERY + 1)
        untimed = prefix.happened_by is not None and told.state.latest_happened_at is None
        if untimed and all(event.told_at is None for event in events[: writing.STATE_EVERY]):
            return self.moment.uow.events.list(
                told.account_id, told.order_id, after
            )  # a later one tells when they happened
        return events

    def _event(self, order: Order, sequence: int) -> OrderEvent:
        found = self.moment.uow.events.get(order.account_id, order.order_id, sequence)
        assert found is not None
        return found

    def _from_the_first(self, told: Order, last_sequence: int) -> Order:
        """What looks back, such as a correction, needs what it looks at."""
        events = self.moment.uow.events.list(told.account_id, told.order_id, 0, last_sequence)
        request = self.moment.uow.requests.get(told.request_id) if told.request_id else None
        start = opening_state(request.request if request else None, events[0].report)
        told.state = start.copy()
        executions = Executions()
        for event in events:
            advance(told, start, events, executions, event)
        return told

    def executions(self, order: Order) -> Executions:
        """The executions of an order as it was."""
        versions = self.moment.uow.fills.list(order.account_id, order.order_id)
        return Executions(fill for fill in versions if fill.sequence <= order.last_sequence)

    def list(self, filter: OrderFilter, after: PageKey | None, limit: int) -> Page[Order]:
        """A page of the orders that there were, oldest first, as `filter` finds them by what they were then."""
        # What never changes is filtered by the store, what was otherwise then is looked at here.
        lasting = attrs.evolve(filter, statuses=(), is_open=None, in_doubt=None)
        found: list[Order] = []
        while True:
            page = self.moment.uow.orders.list(lasting, after, LARGEST_PAGE)
            for order in page.items:
                then = self.if_known(order)
                if then is not None and self._matches(filter, then):
                    if len(found) == limit:
                        return Page(found, PageKey(found[-1].created_at, found[-1].order_id))
                    found.append(then)
            after = page.next
            if after is None:
                return Page(found)


def _within(events: Sequence[OrderEvent], prefix: Prefix, latest: datetime | None) -> list[OrderEvent]:
    """The events from the first on that are within a prefix.

    `latest` is when those before them happened. Where that is not known they happened no later than the first that was
    told with a time, of those that are known.
    """
    known = list(takewhile(lambda event: prefix.knows(event.sequence, event.recorded_at), events))
    first_told = next((event.told_at for event in known if event.told_at is not None), None)
    found = []
    for event in known:
        latest = latest_happened_at(latest, event)
        at = latest or min(event.recorded_at, first_told or event.recorded_at)
        if prefix.happened_by is not None and at > prefix.happened_by:
            break
        found.append(event)
    return found


def _looks_back(event: OrderEvent) -> bool:
    return event.type is EventType.VOIDED or moves_executions(event.type)
