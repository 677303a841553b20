"""The positions of a moment, and what moved them without an order: as it was known, of what had happened."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from itertools import islice

import attrs

from sot.application.accounting import positions
from sot.application.as_of.point_in_time import MICROSECOND, Moment
from sot.application.support.paging import iterate_pages, past_page
from sot.domain.accounting.account_event import AccountEvent, RecordedAccountEvent
from sot.domain.accounting.fold import PositionFold
from sot.domain.accounting.position import PositionState
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import FactKind
from sot.ports.accounting import AccountEventFilter
from sot.ports.paging import Page, PageKey
from sot.ports.store import UnitOfWork


@attrs.frozen
class _Told:
    """What counted then; and when the first happened that counts otherwise now."""

    effective: Sequence[AccountEvent]
    first_changed: datetime | None


class PastAccountEvents:
    """The account events of a moment: those that were known and that had happened, by `occurred_at`."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        self._uow = moment.uow
        self._told: dict[tuple[str, str | None, str | None], _Told] = {}

    def effective(
        self, account_id: str, venue: str | None = None, symbol: str | None = None, since: datetime | None = None
    ) -> Sequence[AccountEvent]:
        """The events that counted: a replaced one until what replaces it was known."""
        return [
            event
            for event in self._of(account_id, venue, symbol).effective
            if self._moment.had(event.occurred_at) and (since is None or event.occurred_at >= since)
        ]

    def first_changed(self, account_id: str, venue: str, symbol: str) -> datetime | None:
        """When the first event occurred that was known otherwise than now."""
        return self._of(account_id, venue, symbol).first_changed

    def _of(self, account_id: str, venue: str | None, symbol: str | None) -> _Told:
        asked = account_id, venue, symbol
        if asked not in self._told:
            self._told[asked] = self._looked_up(*asked)
        return self._told[asked]

    def _looked_up(self, account_id: str, venue: str | None, symbol: str | None) -> _Told:
        wanted = AccountEventFilter(account_id=account_id, venue=venue, symbol=symbol)
        now = {event.event_id for event in self._uow.account_events.effective(account_id, venue, symbol)}
        effective, changed = [], []
        for row in iterate_pages(partial(self._uow.account_events.list, wanted)):
            held = row.counts and self._knew(row) and not self._was_replaced(row, now)
            if held:
                effective.append(row.event)
            if held != (row.event_id in now):
                changed.append(row.event.occurred_at)
        return _Told(effective=effective, first_changed=min(changed, default=None))

    def _knew(self, row: RecordedAccountEvent) -> bool:
        return self._moment.knew(FactKind.ACCOUNT_EVENT, row.account_id, row.event_id, row.recorded_at)

    def _was_replaced(self, row: RecordedAccountEvent, now: Collection[str | None]) -> bool:
        """Whether another one counted in its place, which may be about another symbol."""
        if row.event_id in now:
            return False
        later = self._uow.account_events.replacement_of(row.account_id, row.event_id)
        return later is not None and self._knew(later)

    def list(self, filter: AccountEventFilter, after: PageKey | None, limit: int) -> Page[RecordedAccountEvent]:
        """Events by (recorded_at, event_id), after a place."""

        def then(row: RecordedAccountEvent) -> RecordedAccountEvent | None:
            return row if self._moment.had(row.event.occurred_at) and self._knew(row) else None

        return past_page(partial(self._uow.account_events.list, filter), then, _place, after, limit)


def _place(row: RecordedAccountEvent) -> PageKey:
    return PageKey(row.recorded_at, row.event_id)


@attrs.frozen
class PastPositions:
    """The positions of a moment: folded on from the last checkpoint before anything that is known otherwise now."""

    moment: Moment
    then: UnitOfWork
    account_events: PastAccountEvents

    def get(self, key: PositionKey, lock: bool = False) -> PositionState | None:
        """The sums of a position; None where nothing had moved it."""
        instruments = self.then.instruments.versions(key.account_id, key.venue, key.symbol)
        if not instruments:
            return None
        start = self.last_snapshot(key)
        fold = PositionFold(instruments, start=start)
        fold.fold(positions.entries(self.then, key, start))
        return fold.state() if fold.entries else None

    def last_snapshot(self, key: PositionKey, before: str | None = None, common: bool = False) -> PositionState | None:
        """The last checkpoint that was the same then."""
        stored = self.moment.uow.instruments.versions(key.account_id, key.venue, key.symbol)
        if len(self.then.instruments.versions(key.account_id, key.venue, key.symbol)) != len(stored):
            return None  # it may have been valued by what was not known
        changed = [self.account_events.first_changed(key.account_id, key.venue, key.symbol)]
        if self.moment.happened_by is not None:
            changed.append(self.moment.happened_by + MICROSECOND)
        if self.moment.unknown_since is not None:
            changed.append(self.moment.uow.fills.first_change_after(key, self.moment.unknown_since))
        first = min((at for at in changed if at is not None), default=None)
        place = None if first is None else first.isoformat(" ", "microseconds")[:26]
        places = [one for one in (before, place) if one is not None]
        return self.moment.uow.positions.last_snapshot(key, before=min(places, default=None), common=common)

    def list(
        self,
        account_id: str,
        venue: str | None = None,
        symbol: str | None = None,
        open_only: bool = False,
        after: PositionKey | None = None,
        limit: int | None = None,
    ) -> Sequence[tuple[PositionKey, PositionState]]:
        """The positions of an account that anything had moved, by key; those after one, or those that were not flat."""
        keys = positions.positions_of_facts(self.then, account_id, venue, symbol)
        found = ((key, self.get(key)) for key in keys if after is None or key > after)
        held = ((key, state) for key, state in found if state is not None and (state.quantity or not open_only))
        return list(islice(held, limit))
