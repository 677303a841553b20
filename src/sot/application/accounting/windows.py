"""Where a fold begins and ends of which only the contributions of a time are asked for.

What a fold contributes after a snapshot is the same as if it had begun with nothing, if nothing is left of what came
before that the snapshot does not tell. It does not tell lots, rates of entry, nor which unvalued cost units have.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import takewhile

from sot.application.accounting.position_entries import entries
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.figures import Entry
from sot.domain.accounting.position import PositionState
from sot.domain.values.position_key import PositionKey, moment_key
from sot.ports.store import UnitOfWork


def start_before(
    uow: UnitOfWork, key: PositionKey, since: datetime | None, currency: str, needs_flat: bool
) -> PositionState | None:
    """The last snapshot from which a fold contributes the same as one that began with nothing; None: with nothing.

    Args:
        uow: The unit of work to read from.
        key: The position.
        since: The first time of which contributions are asked for; None: all of them.
        currency: The settlement currency of the position.
        needs_flat: Whether open units have more than a snapshot tells: lots, or values at rates.
    """
    if since is None:
        return None
    before = moment_key(since)
    if not needs_flat:
        start = uow.positions.last_snapshot(key, before=before)
        if start is not None and not start.missing_quantity and not _may_have_unvalued_cost(uow, key, start, currency):
            return start
    start = uow.positions.last_snapshot(key, before=before, common=True)
    return None if start is None or start.missing_quantity else start


def _may_have_unvalued_cost(uow: UnitOfWork, key: PositionKey, state: PositionState, currency: str) -> bool:
    """Whether open units may have a cost in another currency, or one that came with them from another symbol."""
    if not state.quantity:
        return False
    events = uow.account_events.effective(key.account_id, key.venue, key.symbol)
    return any(_brings_cost(event, currency) for event in events if event.fold_key <= state.last_key)


def _brings_cost(event: AccountEvent, currency: str) -> bool:
    return event.to_symbol is not None or event.currency not in (None, currency)


def entries_before(
    uow: UnitOfWork, key: PositionKey, start: PositionState | None, before: datetime | None
) -> Iterator[Entry]:
    """Iterate over what moves a position after a snapshot and before a time, in the order of its `fold_key`."""
    following = entries(uow, key, start)
    if before is None:
        return following
    return takewhile(lambda entry: entry.happened_at < before, following)
