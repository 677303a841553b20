"""What moves a position, in the order in which it is folded, and which positions facts are about."""

import heapq
from collections.abc import Iterator
from datetime import datetime
from operator import itemgetter

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.figures import Entry
from sot.domain.accounting.position import PositionState
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import AccountEventType
from sot.ports.store import UnitOfWork

FILLS_PER_BATCH = 4096
"""Executions of a position that are held in memory at a time."""


def keys_of(event: AccountEvent) -> list[PositionKey]:
    """The keys of the positions that an event is about: that of its symbol first, then that of its `to_symbol`.

    Rules: FOLD-1.
    """
    if event.symbol is None:
        return []
    if event.to_symbol is None:
        return [position_key_of(event)]
    to = PositionKey(event.account_id, event.venue, event.to_symbol, venue_account=event.venue_account)
    return [position_key_of(event), to]


def position_key_of(event: AccountEvent) -> PositionKey:
    """The key of the position that an account event with a symbol is about; a SPLIT is about all of the symbol."""
    assert event.symbol is not None
    return PositionKey(
        event.account_id, event.venue, event.symbol, event.position_side, event.position_id, event.venue_account
    )


def entries(uow: UnitOfWork, key: PositionKey, start: PositionState | None = None) -> Iterator[Entry]:
    """Iterate over what moves a position, in the order of its `fold_key`; after `start`, if that is given.

    Only some executions are in memory at a time.

    Rules: FOLD-1.
    """
    since = None if start is None else start.last_at
    after = "" if start is None else start.last_key
    events: list[tuple[str, Entry]] = [
        (event.fold_key, event)
        for event in uow.account_events.effective(key.account_id, key.venue, key.symbol, since)
        if event.type is AccountEventType.SPLIT or key in keys_of(event)
    ]
    events.sort(key=itemgetter(0))
    fills = _fills(uow, key, since)
    return (entry for fold_key, entry in heapq.merge(fills, events, key=itemgetter(0)) if fold_key > after)


def splits_of(uow: UnitOfWork, key: PositionKey) -> list[AccountEvent]:
    """The splits of a position's symbol that take effect."""
    events = uow.account_events.effective(key.account_id, key.venue, key.symbol)
    return [event for event in events if event.type is AccountEventType.SPLIT and event.effective]


def _fills(uow: UnitOfWork, key: PositionKey, since: datetime | None) -> Iterator[tuple[str, Entry]]:
    while True:
        before = uow.fills.time_after(key, since, FILLS_PER_BATCH)
        fills = uow.fills.of_position(key, since, before=before)
        yield from sorted(((fill.fold_key, fill) for fill in fills), key=itemgetter(0))
        if before is None:
            return
        since = before


def positions_of_facts(
    uow: UnitOfWork, account_id: str, venue: str | None = None, symbol: str | None = None
) -> list[PositionKey]:
    """The keys of the positions that fills and account events name."""
    keys = set(uow.fills.positions(account_id, venue, symbol))
    for event in uow.account_events.effective(account_id, venue, symbol):
        if event.type is not AccountEventType.SPLIT:
            keys.update(key for key in keys_of(event) if symbol in (None, key.symbol))
    return sorted(keys)
