"""The orders of a moment: what their events told that was known, of what had happened."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from itertools import takewhile

import attrs

from sot.application.as_of.point_in_time import Moment
from sot.application.orders import state_snapshots
from sot.application.support.paging import past_page
from sot.domain.audit.known import EventPrefix
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.execution_effects import refers_to_executions
from sot.domain.orders.fill import Executions
from sot.domain.orders.lifecycle import apply
from sot.domain.orders.order import Order
from sot.domain.orders.replay import advance, latest_happened_at, move_head, opening_state
from sot.domain.orders.state import OrderState
from sot.domain.values.vocabulary import EventType, IdentifierKind
from sot.ports.orders import Claims, OrderFilter
from sot.ports.paging import Page, PageKey


class PastOrders:
    """The orders of a moment, each folded from the last state that was kept of it before.

    Their `version` is 0: that counts changes of the present row. Within an order no event shows before those of lower
    sequence.
    """

    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        self._uow = moment.uow
        self._last: Order | None = None  # whoever asks for an order asks for what belongs to it next

    def get(self, order_id: str) -> Order | None:
        """The order as it was; None if it was not known, or nothing of it had happened."""
        if self._last is not None and self._last.order_id == order_id:
            return self._last
        order = self._uow.orders.get(order_id)
        return None if order is None else self._then(order)

    def _then(self, order: Order) -> Order | None:
        found = self._folded(order)
        self._last = found or self._last
        return found

    def _folded(self, order: Order) -> Order | None:
        prefix = self._prefix(order)
        start = self._uow.states.last(order.account_id, order.order_id, prefix)
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
            return None
        if start is None or any(_looks_back(event) for event in within):
            return self._from_the_first(told, within[-1].sequence if within else told.last_sequence)
        for event in within:
            apply(told, event, Executions(), partial(self._event, order))
            move_head(told, event)
        return told

    def _prefix(self, order: Order) -> EventPrefix:
        known, sequence = self._moment.known, None
        if known.position is not None:
            sequence = self._uow.feed.last_sequence(order.account_id, order.order_id, known.position)
        return EventPrefix(sequence=sequence, recorded_by=known.recorded_by, happened_by=self._moment.happened_by)

    def _events_from(self, told: Order, prefix: EventPrefix) -> Sequence[OrderEvent]:
        """The event that a kept state is after, and those that may be within, up to the next kept state."""
        after = max(told.last_sequence - 1, 0)
        events = self._uow.events.list(
            told.account_id, told.order_id, after, state_snapshots.STATE_SNAPSHOT_INTERVAL + 1
        )
        untimed = prefix.happened_by is not None and told.state.latest_happened_at is None
        if untimed and all(event.reported_at is None for event in events[: state_snapshots.STATE_SNAPSHOT_INTERVAL]):
            # A later one tells when they happened.
            return self._uow.events.list(told.account_id, told.order_id, after)
        return events

    def _event(self, order: Order, sequence: int) -> OrderEvent:
        found = self._uow.events.get(order.account_id, order.order_id, sequence)
        assert found is not None
        return found

    def _from_the_first(self, told: Order, last_sequence: int) -> Order:
        """What looks back, such as a correction, needs what it looks at."""
        events = self._uow.events.list(told.account_id, told.order_id, 0, last_sequence)
        request = self._uow.requests.get(told.request_id) if told.request_id else None
        start = opening_state(request.request if request else None, events[0].report)
        told.state = start.copy()
        executions = Executions()
        for event in events:
            advance(told, start, events, executions, event)
        return told

    def list(self, filter: OrderFilter, after: PageKey | None, limit: int) -> Page[Order]:
        """A page of the orders that there were, by what they were then."""
        # What never changes is filtered by the store, what was otherwise then is looked at here.
        lasting = attrs.evolve(filter, statuses=(), is_open=None, in_doubt=None)

        def then(order: Order) -> Order | None:
            was = self._then(order)
            return was if was is not None and self._matches(filter, was) else None

        return past_page(partial(self._uow.orders.list, lasting), then, _place, after, limit)

    def _matches(self, filter: OrderFilter, order: Order) -> bool:
        return filter.matches(order) and (
            filter.identifier is None or self.had_identifier(order, filter.identifier, IdentifierKind)
        )

    def had_identifier(self, order: Order, name: str, kinds: Iterable[IdentifierKind]) -> bool:
        """Whether an order as it was went by a name that it has now.

        No event tells a name that only a repeat told: the order counts as having had it from the first.
        """
        state = order.state
        now = {IdentifierKind.CLIENT: state.client_order_id, IdentifierKind.VENUE: state.venue_order_id}
        if any(now[kind] == name for kind in kinds):
            return True
        told = [
            event.sequence
            for event in self._uow.events.list(order.account_id, order.order_id)
            if any(_tells(event, kind, name) for kind in kinds)
        ]
        return not told or told[0] <= order.last_sequence


def _place(order: Order) -> PageKey:
    return PageKey(order.created_at, order.order_id)


def _tells(event: OrderEvent, kind: IdentifierKind, name: str) -> bool:
    report, fact = event.report, event.fact
    if kind is IdentifierKind.VENUE:
        return report is not None and report.venue_order_id == name
    return name in (report and report.client_order_id, fact and fact.client_order_id)


def _within(events: Sequence[OrderEvent], prefix: EventPrefix, latest: datetime | None) -> list[OrderEvent]:
    """The events from the first on that are within a prefix.

    `latest` is when those before them happened. Where that is not known they happened no later than the first that was
    told with a time, of those that are known.
    """
    known = list(takewhile(lambda event: prefix.includes_recorded(event.sequence, event.recorded_at), events))
    first_told = next((event.reported_at for event in known if event.reported_at is not None), None)
    found = []
    for event in known:
        latest = latest_happened_at(latest, event)
        at = latest or min(event.recorded_at, first_told or event.recorded_at)
        if prefix.happened_by is not None and at > prefix.happened_by:
            break
        found.append(event)
    return found


def _looks_back(event: OrderEvent) -> bool:
    return event.type is EventType.VOIDED or refers_to_executions(event.type)


@attrs.frozen
class PastEvents:
    """The events of a moment: those of an order up to its last one then."""

    moment: Moment
    orders: PastOrders

    def get(self, account_id: str, order_id: str, sequence: int) -> OrderEvent | None:
        """One event; None if it came later."""
        return next(iter(self.list(account_id, order_id, sequence - 1, 1)), None)

    def list(self, account_id: str, order_id: str, after: int = 0, limit: int | None = None) -> Sequence[OrderEvent]:
        """Events of an order in sequence."""
        order = self.orders.get(order_id)
        left = 0 if order is None else order.last_sequence - after
        if left <= 0:
            return ()
        return self.moment.uow.events.list(account_id, order_id, after, left if limit is None else min(limit, left))


@attrs.frozen
class PastIdentifiers:
    """The names of a moment."""

    moment: Moment
    orders: PastOrders

    def claims(self, account_id: str, kind: IdentifierKind, value: str) -> Claims:
        """The orders that went by this name."""
        found = []
        for identifier, order_id in self.moment.uow.identifiers.claims(account_id, kind, value).orders:
            order = self.orders.get(order_id)
            if order is not None and self.orders.had_identifier(order, value, (kind,)):
                found.append((identifier, order_id))
        return Claims(found)
