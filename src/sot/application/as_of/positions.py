"""Positions and account events at a point in time."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from itertools import islice

import attrs

from sot.application.accounting import other_positions, position_entries
from sot.application.as_of.point_in_time import MICROSECOND, PointInTime
from sot.application.support.paging import iterate_pages, past_page
from sot.domain.accounting.account_event import AccountEvent, RecordedAccountEvent
from sot.domain.accounting.position import PositionState
from sot.domain.values.position_key import PositionKey, moment_key
from sot.domain.values.vocabulary import FactKind
from sot.ports.accounting import AccountEventFilter
from sot.ports.paging import Page, PageKey
from sot.ports.store import UnitOfWork


@attrs.frozen
class _EffectiveEvents:
    """The events that were effective, and when the first one happened that is effective only then or only now."""

    effective: Sequence[AccountEvent]
    first_changed: datetime | None


class PastAccountEvents:
    """The account events at a point in time: those that were known and had happened, by `occurred_at`."""

    def __init__(self, point: PointInTime) -> None:
        self._point = point
        self._uow = point.uow
        self._cache: dict[tuple[str, str | None, str | None], _EffectiveEvents] = {}

    def effective(
        self, account_id: str, venue: str | None = None, symbol: str | None = None, since: datetime | None = None
    ) -> Sequence[AccountEvent]:
        """The events that were effective: a replaced one is until its replacement was known.

        Rules: PAST-2, PAST-4.
        """
        return [
            event
            for event in self._of(account_id, venue, symbol).effective
            if self._point.had_happened(event.occurred_at) and (since is None or event.occurred_at >= since)
        ]

    def first_changed(self, account_id: str, venue: str, symbol: str) -> datetime | None:
        """When the first event occurred whose effect may differ.

        It was effective only then, or is only now, or it brings units from another symbol, as that one was then.
        """
        return self._of(account_id, venue, symbol).first_changed

    def _of(self, account_id: str, venue: str | None, symbol: str | None) -> _EffectiveEvents:
        key = account_id, venue, symbol
        if key not in self._cache:
            self._cache[key] = self._read(*key)
        return self._cache[key]

    def _read(self, account_id: str, venue: str | None, symbol: str | None) -> _EffectiveEvents:
        filter = AccountEventFilter(account_id=account_id, venue=venue, symbol=symbol)
        now = {event.event_id for event in self._uow.account_events.effective(account_id, venue, symbol)}
        filters = [filter] if symbol is None else [filter, attrs.evolve(filter, symbol=None, to_symbol=symbol)]
        rows = (row for one in filters for row in iterate_pages(partial(self._uow.account_events.list, one)))
        effective, changed = [], []
        for row in rows:
            was_effective = row.counts and self._was_known(row) and not self._was_replaced(row, now)
            if was_effective:
                effective.append(row.event)
            brings = symbol is not None and row.event.to_symbol == symbol
            if was_effective != (row.event_id in now) or brings:  # what it brings may have been different
                changed.append(row.event.occurred_at)
        return _EffectiveEvents(effective=effective, first_changed=min(changed, default=None))

    def _was_known(self, row: RecordedAccountEvent) -> bool:
        return self._point.was_known(FactKind.ACCOUNT_EVENT, row.account_id, row.event_id, row.recorded_at)

    def _was_replaced(self, row: RecordedAccountEvent, now: Collection[str | None]) -> bool:
        """Whether its replacement was known, which may be about another symbol."""
        if row.event_id in now:
            return False
        replacement = self._uow.account_events.replacement_of(row.account_id, row.event_id)
        return replacement is not None and self._was_known(replacement)

    def list(
        self, filter: AccountEventFilter, after: PageKey | None, limit: int
    ) -> Page[RecordedAccountEvent, PageKey]:
        """A page of the events by (recorded_at, event_id)."""

        def as_it_was(row: RecordedAccountEvent) -> RecordedAccountEvent | None:
            return row if self._point.had_happened(row.event.occurred_at) and self._was_known(row) else None

        return past_page(partial(self._uow.account_events.list, filter), as_it_was, _page_key, after, limit)


def _page_key(row: RecordedAccountEvent) -> PageKey:
    return PageKey(row.recorded_at, row.event_id)


@attrs.frozen
class PastPositions:
    """The positions at a point in time, each folded from the last snapshot before anything that was different then."""

    point: PointInTime
    past: UnitOfWork
    account_events: PastAccountEvents

    def get(self, key: PositionKey, lock: bool = False) -> PositionState | None:
        """The sums of a position; None where nothing had moved it."""
        instruments = self.past.instruments.versions(key.account_id, key.venue, key.symbol)
        if not instruments:
            return None
        start = self.last_snapshot(key)
        fold = other_positions.fold_of(self.past, instruments, start=start)
        fold.fold(position_entries.entries(self.past, key, start))
        return fold.state() if fold.entries else None

    def last_snapshot(self, key: PositionKey, before: str | None = None, common: bool = False) -> PositionState | None:
        """The last stored snapshot that was the same then."""
        recorded = self.point.uow.instruments.recorded(key.account_id, key.venue, key.symbol)
        if len(self.past.instruments.recorded(key.account_id, key.venue, key.symbol)) != len(recorded):
            return None  # it may have been valued with a version that was not known
        changed = [self.account_events.first_changed(key.account_id, key.venue, key.symbol)]
        if self.point.happened_by is not None:
            changed.append(self.point.happened_by + MICROSECOND)
        if self.point.all_known_until is not None:
            changed.append(self.point.uow.fills.first_change_after(key, self.point.all_known_until))
        first = min((at for at in changed if at is not None), default=None)
        first_key = None if first is None else moment_key(first)
        limits = [fold_key for fold_key in (before, first_key) if fold_key is not None]
        return self.point.uow.positions.last_snapshot(key, before=min(limits, default=None), common=common)

    def list(
        self,
        account_id: str,
        venue: str | None = None,
        symbol: str | None = None,
        open_only: bool = False,
        after: PositionKey | None = None,
        limit: int | None = None,
        venue_account: str | None = None,
    ) -> Sequence[tuple[PositionKey, PositionState]]:
        """The positions of an account that anything had moved, by key; after one of them, or only those not flat."""
        keys = position_entries.positions_of_facts(self.past, account_id, venue, symbol)
        wanted = (key for key in keys if (after is None or key > after) and venue_account in (None, key.venue_account))
        states = ((key, self.get(key)) for key in wanted)
        rows = ((key, state) for key, state in states if state is not None and (state.is_open or not open_only))
        return list(islice(rows, limit))
