"""Keeping positions up to date in the transaction that records what moves them, and making them anew from facts."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from operator import itemgetter

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.fold import Entry, PositionFold
from sot.domain.accounting.position import PositionState
from sot.domain.orders.fill import Fill
from sot.domain.values.instrument import Instrument
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import AccountEventType
from sot.ports.store import UnitOfWork

FLAT_AFTER = 64
"""A position that is flat this many entries after its last checkpoint gets another: every method can go on from it."""


AT_A_TIME = 4096
"""So many executions of a position are held in memory at a time."""


ANY_AFTER = 512
"""So does any other after this many, for the method AVERAGE: at most so many entries are folded again."""


def moved(uow: UnitOfWork, fills: Sequence[Fill]) -> None:
    """Let new versions of executions take effect on their positions.

    One that is the latest of its position costs the same however many came before. Where the instrument is not
    registered yet, nothing can be valued: registering it makes the positions.
    """
    if len(fills) == 1:
        _moved(uow, fills[0].position_key, fills)
        return
    by_position: dict[PositionKey, list[Fill]] = {}
    for fill in fills:
        by_position.setdefault(fill.position_key, []).append(fill)
    for key, versions in by_position.items():
        _moved(uow, key, versions)


def _moved(uow: UnitOfWork, key: PositionKey, versions: Sequence[Fill]) -> None:
    instruments = uow.instruments.versions(key.account_id, key.venue, key.symbol)
    if not instruments:
        return
    latest = versions[-1]
    if len(versions) == 1 and latest.version == 0:
        if latest.counts:
            _entered(uow, key, instruments, latest)
    else:
        refold(uow, key, instruments, min(fill.fold_key for fill in versions))


def account_event_moved(uow: UnitOfWork, event: AccountEvent, replaced: AccountEvent | None) -> None:
    """Let an account event take effect on the positions that it is about, and on those of the one that it replaces."""
    if event.symbol is not None:
        for key, instruments in _positions_of(uow, event):
            if replaced is None:
                _entered(uow, key, instruments, event)
            else:
                refold(uow, key, instruments, min(event.fold_key, replaced.fold_key))
    if replaced is not None and replaced.symbol is not None:
        for key, instruments in _positions_of(uow, replaced):
            refold(uow, key, instruments, min(event.fold_key, replaced.fold_key))


def _positions_of(uow: UnitOfWork, event: AccountEvent) -> list[tuple[PositionKey, Sequence[Instrument]]]:
    assert event.symbol is not None
    instruments = uow.instruments.versions(event.account_id, event.venue, event.symbol)
    if not instruments:
        return []
    if event.type is AccountEventType.SPLIT:
        held = uow.positions.list(event.account_id, event.venue, event.symbol)
        return [(key, instruments) for key, _ in held]
    return [(position_of(event), instruments)]


def position_of(event: AccountEvent) -> PositionKey:
    """The position that an account event with a symbol is about; a SPLIT is about all of the symbol."""
    assert event.symbol is not None
    return PositionKey(event.account_id, event.venue, event.symbol, event.position_side, event.position_id)


def _entered(uow: UnitOfWork, key: PositionKey, instruments: Sequence[Instrument], entry: Entry) -> None:
    state = uow.positions.get(key, lock=True)
    place = entry.fold_key
    if state is None or place <= state.last_key:
        refold(uow, key, instruments, place)
        return
    fold = PositionFold(instruments, start=state)
    fold.fold((entry,))
    _keep_checkpoint(uow, key, fold)
    uow.positions.put(key, fold.state(place), fold.instrument.currency)


def refold(uow: UnitOfWork, key: PositionKey, instruments: Sequence[Instrument], since: str) -> None:
    """Fold a position again from the last checkpoint before a place."""
    uow.positions.get(key, lock=True)
    start = uow.positions.last_snapshot(key, before=since)
    uow.positions.drop_snapshots(key, since)
    fold = PositionFold(instruments, start=start)
    for entry in entries(uow, key, start):
        fold.fold((entry,))
        _keep_checkpoint(uow, key, fold)
    if fold.entries:
        uow.positions.put(key, fold.state(), fold.instrument.currency)
    else:
        uow.positions.remove(key)


def _is_due(fold: PositionFold) -> bool:
    """Checkpoints depend on nothing but the entries and their order, so that a rebuild makes the same ones."""
    return fold.entries_since_snapshot >= (FLAT_AFTER if fold.is_flat else ANY_AFTER)


def _keep_checkpoint(uow: UnitOfWork, key: PositionKey, fold: PositionFold) -> None:
    if _is_due(fold):
        uow.positions.add_snapshot(key, fold.take_snapshot())


def folded(
    instruments: Sequence[Instrument], moves: Iterable[Entry]
) -> tuple[PositionState | None, list[PositionState]]:
    """What is to be kept of a position that all these entries moved: its sums, and its checkpoints."""
    fold = PositionFold(instruments)
    checkpoints = []
    for entry in moves:
        fold.fold((entry,))
        if _is_due(fold):
            checkpoints.append(fold.take_snapshot())
    return (fold.state() if fold.entries else None), checkpoints


def entries(uow: UnitOfWork, key: PositionKey, start: PositionState | None = None) -> Iterator[Entry]:
    """What moves a position, in the order of its `fold_key`; after `start`, if that is given.

    Few are held at a time.
    """
    since = None if start is None else start.last_at
    done = "" if start is None else start.last_key
    told: list[tuple[str, Entry]] = [
        (event.fold_key, event)
        for event in uow.account_events.effective(key.account_id, key.venue, key.symbol, since)
        if event.type is AccountEventType.SPLIT or position_of(event) == key
    ]
    told.sort(key=itemgetter(0))
    traded = _fills(uow, key, since)
    return (entry for place, entry in heapq.merge(traded, told, key=itemgetter(0)) if place > done)


def _fills(uow: UnitOfWork, key: PositionKey, since: datetime | None) -> Iterator[tuple[str, Entry]]:
    while True:
        before = uow.fills.time_after(key, since, AT_A_TIME)
        fills = uow.fills.of_position(key, since, before=before)
        yield from sorted(((fill.fold_key, fill) for fill in fills), key=itemgetter(0))
        if before is None:
            return
        since = before


def positions_of_facts(
    uow: UnitOfWork, account_id: str, venue: str | None = None, symbol: str | None = None
) -> list[PositionKey]:
    """The positions that fills and account events name."""
    keys = set(uow.fills.positions(account_id, venue, symbol))
    for event in uow.account_events.effective(account_id, venue, symbol):
        if event.symbol is not None and event.type is not AccountEventType.SPLIT:
            keys.add(position_of(event))
    return sorted(keys)


def rebuild(
    uow: UnitOfWork,
    account_id: str,
    venue: str | None = None,
    symbol: str | None = None,
    progress: Callable[[], None] | None = None,
) -> int:
    """Make the positions of an account, a venue or a symbol anew from the facts; gives how many there are.

    What was there is dropped first. The result is identical to it, if nothing but `sot` wrote it.
    """
    for key, _ in uow.positions.list(account_id, venue, symbol):
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
