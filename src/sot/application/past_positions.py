"""The positions of a moment: folded from the executions and account events that were known and had happened."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

import attrs

from sot.application import positions
from sot.application.knowing import knowing
from sot.application.moment import Moment
from sot.domain.account_event import AccountEvent
from sot.domain.errors import NotFound
from sot.domain.folding import PositionKey
from sot.domain.position import Position
from sot.domain.position_fold import Entry, PositionFold
from sot.domain.rates import Rates
from sot.domain.vocabulary import AccountEventType, FactKind, Method
from sot.ports.records import LARGEST_PAGE, AccountEventFilter, RecordedAccountEvent
from sot.ports.store import UnitOfWork

_MICROSECOND = timedelta(microseconds=1)


@attrs.frozen
class PastPositions:
    """The positions of a moment."""

    moment: Moment

    @property
    def _knowing(self) -> UnitOfWork:
        return knowing(self.moment.uow, self.moment.known)

    def _named(self, account_id: str, venue: str | None, symbol: str | None) -> Iterator[PositionKey]:
        """The positions that account events name, also those that have been replaced since."""
        for row in self._every(AccountEventFilter(account_id=account_id, venue=venue, symbol=symbol)):
            if row.event.symbol is not None and row.event.type is not AccountEventType.SPLIT:
                yield positions.position_of(row.event)

    def get(self, key: PositionKey, method: Method, rates: Rates | None) -> Position:
        """One position as it was. Raises: NotFound: the instrument was not known."""
        versions = self._knowing.instruments.versions(*key[:3])
        if not versions:
            name = f"{key.venue} {key.symbol}"
            raise NotFound("instrument", name, f"{self.moment.words}: it was registered later, or never")
        told = self._account_events(key.account_id, key.venue, key.symbol)
        start = None
        if rates is None and len(versions) == len(self.moment.uow.instruments.versions(*key[:3])):
            start = self._checkpoint(key, told, method is not Method.AVERAGE)
        fold = PositionFold(versions, method, rates, start)
        fold.fold(self._entries(key, told, start))
        return fold.position(key)

    def _checkpoint(self, key: PositionKey, told: "_Told", common: bool) -> Any:
        moments = [told.first_changed]
        if self.moment.happened_by is not None:
            moments.append(self.moment.happened_by + _MICROSECOND)
        unknown_since = self._unknown_since()
        if unknown_since is not None:
            moments.append(self.moment.uow.fills.changed_after(key, unknown_since))
        first = min((at for at in moments if at is not None), default=None)
        before = None if first is None else first.isoformat(" ", "microseconds")[:26]
        return self.moment.uow.positions.checkpoint(key, before=before, common=common)

    def _unknown_since(self) -> datetime | None:
        """A moment by which everything recorded was known; None if everything was."""
        found = [self.moment.known.moment]
        if self.moment.known.position is not None:
            earliest = self.moment.uow.feed.earliest_after(self.moment.known.position)
            found.append(None if earliest is None else earliest - _MICROSECOND)
        return min((at for at in found if at is not None), default=None)

    def _entries(self, key: PositionKey, told: "_Told", start: Any) -> list[Entry]:
        since = None if start is None else start.last_at
        before = None if self.moment.happened_by is None else self.moment.happened_by + _MICROSECOND
        entries: list[Entry] = [
            *self.moment.uow.fills.of_position(key, since, self.moment.known, before),
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
        now = {event.event_id for event in self.moment.uow.account_events.effective(account_id, venue, symbol)}
        effective, changed = [], []
        for row in counted:
            holds = self._was_told(row) and not self._was_replaced(row, now)
            if holds:
                effective.append(row.event)
            if holds != (row.event_id in now):
                changed.append(row.event.occurred_at)
        return _Told(effective=effective, first_changed=min(changed, default=None))

    def _every(self, wanted: AccountEventFilter) -> Iterator[RecordedAccountEvent]:
        page = self.moment.uow.account_events.list(wanted, None, LARGEST_PAGE)
        yield from page.items
        while page.next is not None:
            page = self.moment.uow.account_events.list(wanted, page.next, LARGEST_PAGE)
            yield from page.items

    def _was_told(self, row: RecordedAccountEvent) -> bool:
        if self.moment.known.position is None:
            return self.moment.known.moment is None or row.recorded_at <= self.moment.known.moment
        leaf = self.moment.uow.feed.find(FactKind.ACCOUNT_EVENT, row.account_id, row.event_id)
        return leaf is not None and self.moment.known.holds(leaf)

    def _was_replaced(self, row: RecordedAccountEvent, now: Collection[str | None]) -> bool:
        """Whether another one counted in its place, which may be about another symbol."""
        if row.event_id in now:
            return False
        later = self.moment.uow.account_events.replaced(row.account_id, row.event_id)
        return later is not None and self._was_told(later)

    def list(
        self, account_id: str, venue: str | None, symbol: str | None, method: Method, rates: Rates | None, flat: bool
    ) -> Sequence[Position]:
        """The positions of an account as they were; flat ones with `flat`, where anything had moved them."""
        keys = sorted(
            {*self.moment.uow.fills.positions(account_id, venue, symbol), *self._named(account_id, venue, symbol)}
        )
        known = [key for key in keys if self._knowing.instruments.versions(*key[:3])]
        found = [self.get(key, method, rates) for key in known]
        return [one for one in found if one.quantity or (flat and one.state.entries)]


@attrs.frozen
class _Told:
    effective: Sequence[AccountEvent]
    first_changed: datetime | None
