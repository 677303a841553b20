"""Stored positions: updated in the transaction that records a fact, and rebuilt from the facts.

A position has snapshots, so that a fact which is recorded late folds only what comes after the last snapshot before it.
When a snapshot is taken depends on the entries and their order alone, so that a rebuild takes the same ones.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain

from sot.application.accounting.other_positions import fold_of
from sot.application.accounting.position_entries import entries, keys_of, positions_of_facts
from sot.application.support.use_case import use_case
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.figures import Entry
from sot.domain.accounting.fold import PositionFold
from sot.domain.accounting.moment import can_continue
from sot.domain.accounting.ordinary_fills import after_ordinary_fill
from sot.domain.accounting.position import PositionState
from sot.domain.orders.fill import Fill
from sot.domain.values.instrument import Instrument
from sot.domain.values.position_key import PositionKey, moment_key
from sot.domain.values.vocabulary import AccountEventType
from sot.ports.store import PostponedFolds, UnitOfWork

FLAT_SNAPSHOT_INTERVAL = 64
"""Entries after the last snapshot until a flat position has the next one, from which every method can continue."""


SNAPSHOT_INTERVAL = 512
"""Entries after the last snapshot until a position that is not flat has the next one, for the method AVERAGE only."""


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
