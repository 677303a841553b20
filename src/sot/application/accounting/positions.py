"""Stored positions: updated in the transaction that records a fact, and rebuilt from the facts.

A position has snapshots, so that a fact which is recorded late folds only what comes after the last snapshot before it.
When a snapshot is taken depends on the entries and their order alone, so that a rebuild takes the same ones.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, takewhile
from operator import itemgetter

from sot.application.support.use_case import use_case
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.carried_units import CarriedUnits, Source
from sot.domain.accounting.figures import Entry
from sot.domain.accounting.fold import PositionFold
from sot.domain.accounting.moment import can_continue
from sot.domain.accounting.ordinary_fills import after_ordinary_fill
from sot.domain.accounting.position import PositionState
from sot.domain.accounting.rates import Rates
from sot.domain.orders.fill import Fill
from sot.domain.values.instrument import Instrument
from sot.domain.values.position_key import PositionKey, moment_key
from sot.domain.values.vocabulary import AccountEventType, Method
from sot.ports.store import PostponedFolds, UnitOfWork

FLAT_SNAPSHOT_INTERVAL = 64
"""Entries after the last snapshot until a flat position has the next one, from which every method can continue."""


SNAPSHOT_INTERVAL = 512
"""Entries after the last snapshot until a position that is not flat has the next one, for the method AVERAGE only."""


FILLS_PER_BATCH = 4096
"""Executions of a position that are held in memory at a time."""


def apply_fills(uow: UnitOfWork, fills: Sequence[Fill], since: datetime) -> None:
    """Apply new versions of executions to the positions that they move.

    A new execution that is the latest of its position has constant cost. Positions of a symbol that is not registered
    are left out: registering it makes them.

    Args:
        uow: The unit of work.
        fills: The versions.
        since: The earliest time at which any version of these executions happened, the versions before these, too.
    """
    if len(fills) == 1:
        _apply_versions(uow, fills[0].position_key, fills, since)
        return
    by_position: dict[PositionKey, list[Fill]] = {}
    for fill in fills:
        by_position.setdefault(fill.position_key, []).append(fill)
    for key, versions in by_position.items():
        _apply_versions(uow, key, versions, since)


def _apply_versions(uow: UnitOfWork, key: PositionKey, versions: Sequence[Fill], since: datetime) -> None:
    instruments = uow.instruments.versions(key.account_id, key.venue, key.symbol)
    if not instruments:
        return
    latest = versions[-1]
    if len(versions) == 1 and latest.version == 0:
        if latest.moves_position:
            _add_entry(uow, key, instruments, latest)
            latest.forget_fold_key()
    elif uow.postponed_folds is not None:
        _postpone(uow.postponed_folds, key, moment_key(since))
    else:
        refold(uow, key, instruments, moment_key(since))


def _postpone(postponed: PostponedFolds, key: PositionKey, since: str) -> None:
    earlier = postponed.get(key)
    postponed[key] = since if earlier is None else min(earlier, since)


def apply_account_event(uow: UnitOfWork, event: AccountEvent, replaced: AccountEvent | None) -> None:
    """Apply an account event to the positions that it is about, and to those of the event that it replaces."""
    fold_postponed(uow)
    for key, instruments in _positions_of_event(uow, event):
        if replaced is None:
            _add_entry(uow, key, instruments, event)
        else:
            refold(uow, key, instruments, moment_key(min(event.occurred_at, replaced.occurred_at)))
    if replaced is not None:
        for key, instruments in _positions_of_event(uow, replaced):
            refold(uow, key, instruments, moment_key(min(event.occurred_at, replaced.occurred_at)))


def _positions_of_event(uow: UnitOfWork, event: AccountEvent) -> list[tuple[PositionKey, Sequence[Instrument]]]:
    """The positions that an event is about, with their instruments; those of unregistered symbols are left out."""
    keys = keys_of(event)
    if event.symbol is not None and event.type is AccountEventType.SPLIT:
        keys = [key for key, _ in uow.positions.list(event.account_id, event.venue, event.symbol)]
    found = [(key, uow.instruments.versions(key.account_id, key.venue, key.symbol)) for key in keys]
    return [(key, instruments) for key, instruments in found if instruments]


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


def _add_entry(uow: UnitOfWork, key: PositionKey, instruments: Sequence[Instrument], entry: Entry) -> None:
    """Add an entry to a position: at its end, if it is the latest one."""
    postponed = uow.postponed_folds
    if postponed and key in postponed:
        _postpone(postponed, key, moment_key(entry.happened_at))
        return
    state = uow.positions.get(key, lock=True)
    if state is None or not can_continue(state, entry):
        if postponed is not None and state is not None and isinstance(entry, Fill):
            _postpone(postponed, key, moment_key(entry.happened_at))
            return
        is_latest = state is not None and not state.order_assumed and state.last_key < entry.fold_key
        order_checked_until = state.last_key if state is not None and is_latest else ""
        refold(uow, key, instruments, moment_key(entry.happened_at), order_checked_until=order_checked_until)
        return
    if isinstance(entry, Fill) and len(instruments) == 1 and not _is_snapshot_due(state, entry):
        after = after_ordinary_fill(state, entry, instruments[0])
        if after is not None:
            uow.positions.put(key, after, instruments[0].currency)
            return
    fold = fold_of(uow, instruments, start=state)
    _add_due_snapshot(uow, key, fold, entry)
    fold.fold_next(entry)
    uow.positions.put(key, fold.state(), fold.instrument.currency)


def refold(
    uow: UnitOfWork,
    key: PositionKey,
    instruments: Sequence[Instrument],
    since: str,
    after: str = "",
    order_checked_until: str = "",
) -> None:
    """Fold a position again from the last snapshot before a fold key, with which a moment begins.

    Positions to which it brought units since are folded again, too.

    Args:
        uow: The unit of work.
        key: The position.
        instruments: The versions of its instrument.
        since: The fold key.
        after: The fold key of the event of another position that changed this one.
        order_checked_until: The fold key of the last entry before, if it is known that the order of what came until
            then does not matter.
    """
    uow.positions.get(key, lock=True)
    start, following = _continuation(uow, key, since)
    fold = fold_of(uow, instruments, start=start)
    fold.mark_order_checked(order_checked_until)
    carrying: dict[PositionKey, AccountEvent] = {}
    for entry in following:
        _add_due_snapshot(uow, key, fold, entry)
        fold.fold_next(entry)
        if fold.outgoing is not None and isinstance(entry, AccountEvent) and entry.fold_key > max(since, after):
            carrying.setdefault(keys_of(entry)[1], entry)
    if fold.entries:
        uow.positions.put(key, fold.state(), fold.instrument.currency)
    else:
        uow.positions.remove(key)
    for to, event in carrying.items():
        versions = uow.instruments.versions(to.account_id, to.venue, to.symbol)
        if versions:
            refold(uow, to, versions, moment_key(event.occurred_at), event.fold_key)


@contextmanager
def folding_together(uow: UnitOfWork) -> Iterator[None]:
    """Fold each position once that late fills of a batch change, at the end of the batch, instead of for each fill.

    What comes out is the same: a position depends on its entries and their order alone. Nothing may read positions
    until then but `apply_fills`, and what calls `fold_postponed` before. Of a batch that fails, nothing is folded.
    """
    if uow.postponed_folds is not None:  # a batch within a batch
        yield
        return
    uow.postponed_folds = {}
    try:
        yield
        fold_postponed(uow)
    finally:
        uow.postponed_folds = None


def fold_postponed(uow: UnitOfWork) -> None:
    """Fold the positions again that the present batch, if there is one, has postponed."""
    if not uow.postponed_folds:
        return
    postponed = dict(uow.postponed_folds)
    uow.postponed_folds.clear()
    for key, since in postponed.items():
        refold(uow, key, uow.instruments.versions(key.account_id, key.venue, key.symbol), since)


def _continuation(uow: UnitOfWork, key: PositionKey, since: str) -> tuple[PositionState | None, Iterator[Entry]]:
    """The last snapshot before a fold key that an entry still follows, and what follows. Later snapshots are dropped.

    A snapshot is taken before the entry that follows it: without such an entry there is none.
    """
    start = uow.positions.last_snapshot(key, before=since)
    following = iter(entries(uow, key, start))
    first = next(following, None)
    if first is not None:
        following = chain((first,), following)
    elif start is not None:
        since = start.last_key
        start = uow.positions.last_snapshot(key, before=since)
        following = iter(entries(uow, key, start))
    uow.positions.drop_snapshots(key, since)
    return start, following


def _is_snapshot_due(fold: PositionFold | PositionState, entry: Entry) -> bool:
    """Whether to take a snapshot before the next entry: never within a moment, whose fills may need one another."""
    if entry.happened_at == fold.last_at:
        return False
    return fold.entries_since_snapshot >= (FLAT_SNAPSHOT_INTERVAL if fold.is_flat else SNAPSHOT_INTERVAL)


def _add_due_snapshot(uow: UnitOfWork, key: PositionKey, fold: PositionFold, entry: Entry) -> None:
    if _is_snapshot_due(fold, entry):
        uow.positions.add_snapshot(key, fold.take_snapshot())


def fold_position(
    uow: UnitOfWork, key: PositionKey, instruments: Sequence[Instrument]
) -> tuple[PositionState | None, list[PositionState]]:
    """Fold all entries of a position.

    Returns:
        The state to store, None if nothing moved it, and the snapshots to store.
    """
    fold = fold_of(uow, instruments)
    snapshots = []
    for entry in entries(uow, key):
        if _is_snapshot_due(fold, entry):
            snapshots.append(fold.take_snapshot())
        fold.fold_next(entry)
    return (fold.state() if fold.entries else None), snapshots


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


def fold_of(
    uow: UnitOfWork,
    instruments: Sequence[Instrument],
    method: Method = Method.AVERAGE,
    rates: Rates | None = None,
    start: PositionState | None = None,
) -> PositionFold:
    """Begin a fold that finds in the store what account events about other symbols bring."""
    return OtherPositions(uow, method, rates).fold_of(instruments, start)


def source_of(uow: UnitOfWork, method: Method = Method.AVERAGE, rates: Rates | None = None) -> Source:
    """What account events about other symbols bring, as a method sees it."""
    return OtherPositions(uow, method, rates).source


class OtherPositions:
    """What account events take out of the positions of their symbols, as a method sees it; each is computed once."""

    def __init__(self, uow: UnitOfWork, method: Method, rates: Rates | None) -> None:
        self._uow = uow
        self._method = method
        self._rates = rates
        self._found: dict[str, CarriedUnits | None] = {}

    def fold_of(self, instruments: Sequence[Instrument], start: PositionState | None) -> PositionFold:
        """Begin a fold to which they bring units."""
        return PositionFold(instruments, self._method, self._rates, start, self.source)

    def source(self, event: AccountEvent) -> CarriedUnits | None:
        """What an event brings; None if the position of its symbol is not known."""
        fold_key = event.fold_key
        if fold_key not in self._found:
            self._found[fold_key] = self._carried_units(event)
        return self._found[fold_key]

    def _carried_units(self, event: AccountEvent) -> CarriedUnits | None:
        uow, key = self._uow, position_key_of(event)
        instruments = uow.instruments.versions(key.account_id, key.venue, key.symbol)
        if not instruments:
            return None
        start = self._start(key, event)
        fold = self.fold_of(instruments, start)
        fold.fold(takewhile(lambda entry: entry.fold_key <= event.fold_key, entries(uow, key, start)))
        return fold.outgoing

    def _start(self, key: PositionKey, event: AccountEvent) -> PositionState | None:
        """The last snapshot before an event; None where a fold must begin with nothing.

        No snapshot tells which part of its unvalued results belongs to the cost of open units.
        """
        if self._rates is not None:
            return None
        is_average = self._method is Method.AVERAGE
        start = self._uow.positions.last_snapshot(key, before=moment_key(event.occurred_at), common=not is_average)
        return None if start is None or start.unvalued_results else start


def positions_of_facts(
    uow: UnitOfWork, account_id: str, venue: str | None = None, symbol: str | None = None
) -> list[PositionKey]:
    """The keys of the positions that fills and account events name."""
    keys = set(uow.fills.positions(account_id, venue, symbol))
    for event in uow.account_events.effective(account_id, venue, symbol):
        if event.type is not AccountEventType.SPLIT:
            keys.update(key for key in keys_of(event) if symbol in (None, key.symbol))
    return sorted(keys)


@use_case
def rebuild(
    uow: UnitOfWork,
    account_id: str,
    venue: str | None = None,
    symbol: str | None = None,
    progress: Callable[[], None] | None = None,
) -> int:
    """Drop the positions of an account, a venue or a symbol, and make them again from the facts.

    The result is identical to what was there, if nothing but `sot` wrote it. `progress` is called after each position.

    Returns:
        The number of positions.
    """
    fold_postponed(uow)
    stored = {key for key, _ in uow.positions.list(account_id, venue, symbol)}
    stored.update(
        key
        for key in uow.positions.keys_of_snapshots(account_id)
        if venue in (None, key.venue) and symbol in (None, key.symbol)
    )
    for key in sorted(stored):
        uow.positions.drop_snapshots(key, "")
        uow.positions.remove(key)
    count = 0
    for key in positions_of_facts(uow, account_id, venue, symbol):
        instruments = uow.instruments.versions(key.account_id, key.venue, key.symbol)
        if instruments:
            refold(uow, key, instruments, "")
            count += uow.positions.get(key) is not None
        if progress is not None:
            progress()
    return count
