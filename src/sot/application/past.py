"""Any past moment: as it was known, and as it had happened, independently."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import takewhile
from operator import attrgetter
from typing import Any

import attrs

from sot.application import positions, recompute, writing
from sot.application.commands import pnl_at
from sot.application.intents import get_order
from sot.application.knowing import knowing
from sot.application.past_requests import PastRequests
from sot.application.reading import TimelineEntry, fills_page, timeline, timeline_page
from sot.domain import fields
from sot.domain.account_event import AccountEvent
from sot.domain.costs import OrderCosts
from sot.domain.errors import InvalidInput, NotFound
from sot.domain.event import OrderEvent
from sot.domain.fill import Executions, Fill
from sot.domain.folding import PositionKey
from sot.domain.lifecycle import apply, moves_executions
from sot.domain.order import Order
from sot.domain.pnl import OrderPnl
from sot.domain.position import Position
from sot.domain.position_fold import Entry, PositionFold
from sot.domain.rates import Pairs, Rates, checked_rates
from sot.domain.replay import advance, latest_happened_at, move_head, opening_state
from sot.domain.state import OrderState
from sot.domain.times import moment, moment_text
from sot.domain.vocabulary import AccountEventType, EventType, FactKind, Method, PositionSide
from sot.ports.records import (
    LARGEST_PAGE,
    AccountEventFilter,
    Known,
    OrderFilter,
    Page,
    PageKey,
    Prefix,
    RecordedAccountEvent,
    RecordedRequest,
    RequestFilter,
    Stretch,
    checked_limit,
)
from sot.ports.store import UnitOfWork

_MICROSECOND = timedelta(microseconds=1)
_METHOD = fields.word(Method)
_SIDE = fields.word(PositionSide)


@attrs.frozen
class Past:
    """A moment, to be asked like the present; see `OrderHistory.as_of`. Nothing here writes.

    `exact` tells whether it is known for sure what was known: by a cursor of the feed it is. By a time, facts count
    that a transaction recorded before it and committed after it, too.
    """

    uow: UnitOfWork
    known: Known
    happened_by: datetime | None

    @property
    def exact(self) -> bool:
        """Whether nothing counts that was not committed at that moment."""
        return self.known.moment is None

    # ----------------------------------------------------------------------------------------------------- orders

    def order(self, order_id: str) -> Order:
        """The order as it was. Its `version` is 0: that counts changes of the present row.

        Raises: NotFound: it was not known, or nothing of it had happened.
        """
        return self._order(get_order(self.uow, order_id))

    def orders(self, filter: OrderFilter | None = None, after: PageKey | None = None, limit: int = 50) -> Page[Order]:
        """A page of the orders that there were, oldest first, as `filter` finds them by what they were then.

        Raises: InvalidInput: `limit` is not from 1 to 500.
        """
        checked_limit(limit)
        filter = filter or OrderFilter()
        # What never changes is filtered by the store, what was otherwise then is looked at here.
        lasting = attrs.evolve(filter, statuses=(), is_open=None, in_doubt=None)
        found: list[Order] = []
        while True:
            page = self.uow.orders.list(lasting, after, LARGEST_PAGE)
            for order in page.items:
                then = self._if_known(order)
                if then is not None and self._matches(filter, then):
                    if len(found) == limit:
                        return Page(found, PageKey(found[-1].created_at, found[-1].order_id))
                    found.append(then)
            after = page.next
            if after is None:
                return Page(found)

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
        events = self.uow.events.list(order.account_id, order.order_id, 0, order.last_sequence)
        said = [part for event in events for part in (event.report, event.fact) if part is not None]
        return any(name in (part.client_order_id, getattr(part, "venue_order_id", None)) for part in said)

    def _if_known(self, order: Order) -> Order | None:
        try:
            return self._order(order)
        except NotFound:
            return None

    def _prefix(self, order: Order) -> Prefix:
        sequence = None
        if self.known.position is not None:
            sequence = self.uow.feed.last_sequence(order.account_id, order.order_id, self.known.position)
        return Prefix(sequence=sequence, recorded_by=self.known.moment, happened_by=self.happened_by)

    def _order(self, order: Order) -> Order:
        prefix = self._prefix(order)
        start = self.uow.states.last(order.account_id, order.order_id, prefix)
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
            raise NotFound("order", order.order_id, f"{self.words}: it came later")
        if start is None or any(_looks_back(event) for event in within):
            return self._from_the_first(told, within[-1].sequence if within else told.last_sequence)
        for event in within:
            apply(told, event, Executions(), partial(self._event, order))
            move_head(told, event)
        return told

    def _events_from(self, told: Order, prefix: Prefix) -> Sequence[OrderEvent]:
        """The event that a kept state is after, and those that may be within, up to the next kept state."""
        after = max(told.last_sequence - 1, 0)
        events = self.uow.events.list(told.account_id, told.order_id, after, writing.STATE_EVERY + 1)
        untimed = prefix.happened_by is not None and told.state.latest_happened_at is None
        if untimed and all(event.told_at is None for event in events[: writing.STATE_EVERY]):
            return self.uow.events.list(told.account_id, told.order_id, after)  # a later one tells when they happened
        return events

    def _event(self, order: Order, sequence: int) -> OrderEvent:
        found = self.uow.events.get(order.account_id, order.order_id, sequence)
        assert found is not None
        return found

    def _from_the_first(self, told: Order, last_sequence: int) -> Order:
        """What looks back, such as a correction, needs what it looks at."""
        events = self.uow.events.list(told.account_id, told.order_id, 0, last_sequence)
        request = self.uow.requests.get(told.request_id) if told.request_id else None
        start = opening_state(request.request if request else None, events[0].report)
        told.state = start.copy()
        executions = Executions()
        for event in events:
            advance(told, start, events, executions, event)
        return told

    @property
    def words(self) -> str:
        """The moment in words."""
        said = []
        if self.known.position is not None:
            said.append(f"as known at cursor {self.known.position}")
        if self.known.moment is not None:
            said.append(f"as known at {moment_text(self.known.moment)}")
        if self.happened_by is not None:
            said.append(f"as it had happened by {moment_text(self.happened_by)}")
        return ", ".join(said) or "now"

    def events(self, order_id: str) -> Sequence[OrderEvent]:
        """The order's events up to then. Raises: NotFound."""
        order = self.order(order_id)
        return self.uow.events.list(order.account_id, order_id, 0, order.last_sequence)

    def timeline(self, order_id: str) -> Sequence[TimelineEntry]:
        """The order's story up to then. Raises: NotFound."""
        return timeline(self.uow, self.order(order_id))

    def timeline_page(self, order_id: str, after: int = 0, limit: int = 50) -> Stretch[TimelineEntry, int]:
        """A page of it, after a sequence. Raises: NotFound. InvalidInput: `limit` is not from 1 to 500."""
        return timeline_page(self.uow, self.order(order_id), after, checked_limit(limit))

    def fills(self, order_id: str) -> Sequence[Fill]:
        """The executions that held then. Raises: NotFound."""
        return [fill for fill in self._executions(self.order(order_id)).latest() if not fill.busted]

    def fills_page(self, order_id: str, after: int = 0, limit: int = 50) -> Stretch[Fill, int]:
        """A page of them, after an execution. It may be short, or empty, while there are more: busted ones count.

        Raises: NotFound. InvalidInput: `limit` is not from 1 to 500.
        """
        return fills_page(self.uow, self.order(order_id), after, checked_limit(limit))

    def _executions(self, order: Order) -> Executions:
        versions = self.uow.fills.list(order.account_id, order.order_id)
        return Executions(fill for fill in versions if fill.sequence <= order.last_sequence)

    def costs(self, order_id: str) -> OrderCosts:
        """What the executions had cost. Raises: NotFound."""
        order = self.order(order_id)
        request = self.uow.requests.get(order.request_id) if order.request_id else None
        return recompute.costs_of(self._knowing, order, self._executions(order), request)

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
        return self.uow.pnl.last(order.account_id, order_id, order.last_sequence)

    # --------------------------------------------------------------------------------------------------- requests

    @property
    def _requests(self) -> PastRequests:
        def had_order(order_id: str) -> bool:
            order = self.uow.orders.get(order_id)
            return order is not None and self._if_known(order) is not None

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
        checked_limit(limit)
        return self._requests.list(filter or RequestFilter(), after, limit)

    # -------------------------------------------------------------------------------------------------- positions

    @property
    def _knowing(self) -> UnitOfWork:
        return knowing(self.uow, self.known)

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
        return self._position(key, _METHOD.check("method", method), checked_rates(rates))

    def _named(self, account_id: str, venue: str | None, symbol: str | None) -> Iterator[PositionKey]:
        """The positions that account events name, also those that have been replaced since."""
        for row in self._every(AccountEventFilter(account_id=account_id, venue=venue, symbol=symbol)):
            if row.event.symbol is not None and row.event.type is not AccountEventType.SPLIT:
                yield positions.position_of(row.event)

    def _position(self, key: PositionKey, method: Method, rates: Rates | None) -> Position:
        versions = self._knowing.instruments.versions(*key[:3])
        if not versions:
            name = f"{key.venue} {key.symbol}"
            raise NotFound("instrument", name, f"{self.words}: it was registered later, or never")
        told = self._account_events(key.account_id, key.venue, key.symbol)
        start = None
        if rates is None and len(versions) == len(self.uow.instruments.versions(*key[:3])):
            start = self._checkpoint(key, told, method is not Method.AVERAGE)
        fold = PositionFold(versions, method, rates, start)
        fold.fold(self._entries(key, told, start))
        return fold.position(key)

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
        keys = self._moved(account_id, venue, symbol)
        return self._positions(keys, _METHOD.check("method", method), checked_rates(rates), include_flat)

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
        """A page of them, by key, after a position. It may be short, or empty, while there are more: flat ones count.

        Raises: InvalidInput: the same, or `limit` is not from 1 to 500.
        """
        found = [key for key in self._moved(account_id, venue, symbol) if after is None or key > after]
        keys = found[: checked_limit(limit)]
        shown = self._positions(keys, _METHOD.check("method", method), checked_rates(rates), include_flat)
        return Stretch(shown, keys[-1] if len(found) > limit else None)

    def _moved(self, account_id: str, venue: str | None, symbol: str | None) -> list[PositionKey]:
        """The positions that anything ever moved, in order."""
        return sorted({*self.uow.fills.positions(account_id, venue, symbol), *self._named(account_id, venue, symbol)})

    def _positions(
        self, keys: Sequence[PositionKey], method: Method, rates: Rates | None, include_flat: bool
    ) -> list[Position]:
        known = [key for key in keys if self._knowing.instruments.versions(*key[:3])]
        found = [self._position(key, method, rates) for key in known]
        return [one for one in found if one.quantity or (include_flat and one.state.entries)]

    def _checkpoint(self, key: PositionKey, told: "_Told", common: bool) -> Any:
        moments = [told.first_changed]
        if self.happened_by is not None:
            moments.append(self.happened_by + _MICROSECOND)
        unknown_since = self._unknown_since()
        if unknown_since is not None:
            moments.append(self.uow.fills.changed_after(key, unknown_since))
        first = min((at for at in moments if at is not None), default=None)
        before = None if first is None else first.isoformat(" ", "microseconds")[:26]
        return self.uow.positions.checkpoint(key, before=before, common=common)

    def _unknown_since(self) -> datetime | None:
        """A moment by which everything recorded was known; None if everything was."""
        found = [self.known.moment]
        if self.known.position is not None:
            earliest = self.uow.feed.earliest_after(self.known.position)
            found.append(None if earliest is None else earliest - _MICROSECOND)
        return min((at for at in found if at is not None), default=None)

    def _entries(self, key: PositionKey, told: "_Told", start: Any) -> list[Entry]:
        since = None if start is None else start.last_at
        before = None if self.happened_by is None else self.happened_by + _MICROSECOND
        entries: list[Entry] = [
            *self.uow.fills.of_position(key, since, self.known, before),
            *(
                event
                for event in told.effective
                if event.type is AccountEventType.SPLIT or positions.position_of(event) == key
            ),
        ]
        done = "" if start is None else start.last_key
        by = None if before is None else before.isoformat(" ", "microseconds")[:26]
        entries = [one for one in entries if one.fold_key > done and (by is None or one.fold_key < by)]
        return sorted(entries, key=attrgetter("fold_key"))

    def _account_events(self, account_id: str, venue: str, symbol: str) -> "_Told":
        """What was told of a symbol without an order: what counted then, and since when it is otherwise now."""
        wanted = AccountEventFilter(account_id=account_id, venue=venue, symbol=symbol)
        counted = [row for row in self._every(wanted) if row.counts]
        now = {event.event_id for event in self.uow.account_events.effective(account_id, venue, symbol)}
        effective, changed = [], []
        for row in counted:
            holds = self._was_told(row) and not self._was_replaced(row, now)
            if holds:
                effective.append(row.event)
            if holds != (row.event_id in now):
                changed.append(row.event.occurred_at)
        return _Told(effective=effective, first_changed=min(changed, default=None))

    def _every(self, wanted: AccountEventFilter) -> Iterator[RecordedAccountEvent]:
        page = self.uow.account_events.list(wanted, None, LARGEST_PAGE)
        yield from page.items
        while page.next is not None:
            page = self.uow.account_events.list(wanted, page.next, LARGEST_PAGE)
            yield from page.items

    def _was_told(self, row: RecordedAccountEvent) -> bool:
        if self.known.position is None:
            return self.known.moment is None or row.recorded_at <= self.known.moment
        leaf = self.uow.feed.find(FactKind.ACCOUNT_EVENT, row.account_id, row.event_id)
        return leaf is not None and self.known.holds(leaf)

    def _was_replaced(self, row: RecordedAccountEvent, now: Collection[str | None]) -> bool:
        """Whether another one counted in its place, which may be about another symbol."""
        if row.event_id in now:
            return False
        later = self.uow.account_events.replaced(row.account_id, row.event_id)
        return later is not None and self._was_told(later)


@attrs.frozen
class _Told:
    effective: Sequence[AccountEvent]
    first_changed: datetime | None


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


def past_of(uow: UnitOfWork, known_at: datetime | int | None, happened_by: datetime | None) -> Past:
    """A moment, checked; see `OrderHistory.as_of`."""
    return Past(uow, _known(uow, known_at), _no_later_than_now(uow, "happened_by", happened_by))


def _known(uow: UnitOfWork, known_at: datetime | int | None) -> Known:
    if type(known_at) is int:
        last = uow.feed.last()
        if not 0 <= known_at <= last:
            raise InvalidInput("known_at", known_at, f"a cursor of this store, from 0 to {last}, or a moment")
        return Known(position=known_at)
    return Known(moment=_no_later_than_now(uow, "known_at", known_at))


def _no_later_than_now(uow: UnitOfWork, field: str, at: object) -> datetime | None:
    if at is None:
        return None
    found, now = moment(field, at), uow.clock.now()
    if found > now:
        raise InvalidInput(field, moment_text(found), f"a moment that has come: it is {moment_text(now)}")
    return found
