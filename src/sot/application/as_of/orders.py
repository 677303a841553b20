"""The orders at a point in time: a fold of the events that were known and had happened."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import takewhile

import attrs

from sot.application.as_of.point_in_time import PointInTime
from sot.application.orders import state_snapshots
from sot.application.support.paging import past_page
from sot.domain.audit.known import EventPrefix
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Executions
from sot.domain.orders.lifecycle import apply
from sot.domain.orders.needed_executions import Needed, needed_executions
from sot.domain.orders.order import Order
from sot.domain.orders.replay import latest_happened_at, move_head, opening_state, replay
from sot.domain.orders.state import OrderState
from sot.domain.values.vocabulary import Anomaly, EventType, IdentifierKind
from sot.ports.orders import Claims, OrderFilter
from sot.ports.paging import Page, PageKey


class PastOrders:
    """The orders at a point in time, each folded from the last stored state before it.

    Their `version` is 0, since it counts changes of the present row. Within an order, an event is included only if all
    events of lower sequence are.
    """

    def __init__(self, point: PointInTime) -> None:
        self._point = point
        self._uow = point.uow
        self._last: Order | None = None  # the rows of an order are read right after the order

    def get(self, order_id: str) -> Order | None:
        """The order as it was; None if it was not known, or nothing of it had happened."""
        if self._last is not None and self._last.order_id == order_id:
            return self._last
        order = self._uow.orders.get(order_id)
        return None if order is None else self._as_it_was(order)

    def _as_it_was(self, order: Order) -> Order | None:
        past = self._fold(order)
        self._last = past or self._last
        return past

    def _fold(self, order: Order) -> Order | None:
        prefix = self._prefix(order)
        start = self._uow.states.last(order.account_id, order.order_id, prefix)
        past = attrs.evolve(order, last_sequence=0, last_hash="", updated_at=None, version=0, state=OrderState())
        if start is not None:
            past.state = start.state.copy()
            past.last_sequence = start.sequence
        events = self._events_from(past, prefix)
        if start is not None:
            past.head, past.updated_at = events[0], start.recorded_at
            events = events[1:]
        included = _included_events(events, prefix, None if start is None else past.state.latest_happened_at)
        if not included and start is None:
            return None
        last = included[-1].sequence if included else past.last_sequence
        if start is None:
            return self._replay(past, last)
        for event in included:
            if _needs_executions(past, event):
                return self._replay(past, last)
            apply(past, event, Executions(), partial(self._event, order))
            move_head(past, event)
        return past

    def _prefix(self, order: Order) -> EventPrefix:
        known, sequence = self._point.known, None
        if known.position is not None:
            sequence = self._uow.feed.last_sequence(order.account_id, order.order_id, known.position)
        return EventPrefix(sequence=sequence, recorded_by=known.recorded_by, happened_by=self._point.happened_by)

    def _events_from(self, past: Order, prefix: EventPrefix) -> Sequence[OrderEvent]:
        """The event of the stored state, and those that may be included, up to the next stored state."""
        interval = state_snapshots.STATE_SNAPSHOT_INTERVAL
        after = max(past.last_sequence - 1, 0)
        events = self._uow.events.list(past.account_id, past.order_id, after, interval + 1)
        untimed = prefix.happened_by is not None and past.state.latest_happened_at is None
        if untimed and all(event.reported_at is None for event in events[:interval]):
            # When they happened follows from a later one.
            return self._uow.events.list(past.account_id, past.order_id, after)
        return events

    def _event(self, order: Order, sequence: int) -> OrderEvent:
        event = self._uow.events.get(order.account_id, order.order_id, sequence)
        assert event is not None
        return event

    def _replay(self, past: Order, last_sequence: int) -> Order:
        """Fold the events from the first on, where a correction needs the executions that it corrects."""
        events = self._uow.events.list(past.account_id, past.order_id, 0, last_sequence)
        request = self._uow.requests.get(past.request_id) if past.request_id else None
        opening = opening_state(request.request if request else None, events[0].report)
        replayed, _ = replay(past, opening, events)
        return replayed

    def list(
        self, filter: OrderFilter, after: PageKey | None, limit: int, *, newest_first: bool = False
    ) -> Page[Order, PageKey]:
        """A page of the orders that there were, filtered by what they were then."""
        # The store filters by what never changes; what may have been different then is filtered here.
        unchanging = attrs.evolve(filter, statuses=(), is_open=None, in_doubt=None)

        def as_it_was(order: Order) -> Order | None:
            past = self._as_it_was(order)
            return past if past is not None and self._matches(filter, past) else None

        read = partial(self._uow.orders.list, unchanging, newest_first=newest_first)
        return past_page(read, as_it_was, _page_key, after, limit)

    def _matches(self, filter: OrderFilter, order: Order) -> bool:
        return filter.matches(order) and (
            filter.identifier is None or self.had_identifier(order, filter.identifier, IdentifierKind)
        )

    def had_identifier(self, order: Order, name: str, kinds: Iterable[IdentifierKind]) -> bool:
        """Whether an order, as it was, had an identifier that it has now."""
        state = order.state
        current = {IdentifierKind.CLIENT: state.client_order_id, IdentifierKind.VENUE: state.venue_order_id}
        if any(current[kind] == name for kind in kinds):
            return True
        sequences = [
            event.sequence
            for event in self._uow.events.list(order.account_id, order.order_id)
            if any(_gives(event, kind, name) for kind in kinds)
        ]
        return not sequences or sequences[0] <= order.last_sequence


def _page_key(order: Order) -> PageKey:
    return PageKey(order.created_at, order.order_id)


def _gives(event: OrderEvent, kind: IdentifierKind, name: str) -> bool:
    """Whether an event gives its order an identifier."""
    report, fact = event.report, event.fact
    if kind is IdentifierKind.VENUE:
        return report is not None and report.venue_order_id == name
    return name in (report and report.client_order_id, fact and fact.client_order_id)


def _included_events(events: Sequence[OrderEvent], prefix: EventPrefix, latest: datetime | None) -> list[OrderEvent]:
    """The events that are included in a prefix.

    `latest` is when those before them happened. If it is None, they happened no later than the first known event that
    was reported with a time.

    Rules: PAST-3.
    """
    known = list(takewhile(lambda event: prefix.includes_recorded(event.sequence, event.recorded_at), events))
    first_reported = next((event.reported_at for event in known if event.reported_at is not None), None)
    included = []
    for event in known:
        latest = latest_happened_at(latest, event)
        at = latest or min(event.recorded_at, first_reported or event.recorded_at)
        if prefix.happened_by is not None and at > prefix.happened_by:
            break
        included.append(event)
    return included


def _needs_executions(order: Order, event: OrderEvent) -> bool:
    """Whether an event can only be applied with the executions of its order."""
    if event.type is EventType.VOIDED:
        return True
    return needed_executions(order, event.report, event.type, event.anomalies) is not Needed.NONE


@attrs.frozen
class PastEvents:
    """The events at a point in time: those of an order up to its last one then."""

    point: PointInTime
    orders: PastOrders

    def get(self, account_id: str, order_id: str, sequence: int) -> OrderEvent | None:
        """One event; None if it was recorded later."""
        return next(iter(self.list(account_id, order_id, sequence - 1, 1)), None)

    def list(self, account_id: str, order_id: str, after: int = 0, limit: int | None = None) -> Sequence[OrderEvent]:
        """Events of an order in sequence."""
        order = self.orders.get(order_id)
        count = 0 if order is None else order.last_sequence - after
        if count <= 0:
            return ()
        return self.point.uow.events.list(account_id, order_id, after, count if limit is None else min(limit, count))

    def by_execution(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[OrderEvent]:
        """The events whose report has an execution id."""
        events = self.point.uow.events.by_execution(account_id, order_id, exec_id, leg)
        return [event for event in events if self.get(account_id, order_id, event.sequence) is not None]

    def by_content_digest(self, account_id: str, order_id: str, content_digest: str) -> OrderEvent | None:
        """The event with a content digest."""
        event = self.point.uow.events.by_content_digest(account_id, order_id, content_digest)
        return None if event is None else self.get(account_id, order_id, event.sequence)

    def anomalies(self, orders: Sequence[Order]) -> Mapping[str, Sequence[Anomaly]]:
        """The anomalies of the events of orders that were read at this point in time."""
        return self.point.uow.events.anomalies(orders)


@attrs.frozen
class PastIdentifiers:
    """The identifiers at a point in time."""

    point: PointInTime
    orders: PastOrders

    def claims(self, account_id: str, kind: IdentifierKind, value: str, lock: bool = False) -> Claims:
        """The orders that had this identifier."""
        claims = []
        for identifier, order_id in self.point.uow.identifiers.claims(account_id, kind, value).orders:
            order = self.orders.get(order_id)
            if order is not None and self.orders.had_identifier(order, value, (kind,)):
                claims.append((identifier, order_id))
        return Claims(claims)
