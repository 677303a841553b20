"""Verify positions: the stored ones and their snapshots against the fold of their fills and account events."""

from collections.abc import Sequence

import attrs

from sot.application.accounting import position_entries, positions
from sot.application.audit.verification_result import Verification
from sot.application.support.progress import Progress
from sot.domain.accounting.position import PositionState
from sot.domain.values.errors import StoreDamaged
from sot.domain.values.position_key import PositionKey
from sot.ports.store import UnitOfWork


def check_positions(uow: UnitOfWork, result: Verification, progress: Progress, account_id: str) -> None:
    """Check the positions of an account."""
    try:
        stored = dict(uow.positions.list(account_id))
        derived = position_entries.positions_of_facts(uow, account_id)
        for key in sorted({*stored, *derived, *uow.positions.keys_of_snapshots(account_id)}):
            _check_position(uow, result, key, stored.get(key))
            progress("position", 1)
    except StoreDamaged as error:
        result.add_problem("position", account_id, "", str(error))


def _check_position(uow: UnitOfWork, result: Verification, key: PositionKey, stored: PositionState | None) -> None:
    instruments = uow.instruments.versions(key.account_id, key.venue, key.symbol)
    if not instruments and stored is None and not uow.positions.snapshots(key):
        return
    result.count("position")
    state: PositionState | None = None
    snapshots: list[PositionState] = []
    if instruments:
        state, snapshots = positions.fold_position(uow, key, instruments)
    name = " ".join(str(part) for part in key[1:] if part)
    if not _are_equal([stored], [state]):
        result.add_problem("position", key.account_id, name, "its row is not the fold of its fills and account events")
    elif not _are_equal(uow.positions.snapshots(key), snapshots):
        result.add_problem("position", key.account_id, name, "its snapshots are not those of its fold")


def _are_equal(stored: Sequence[PositionState | None], folded: Sequence[PositionState | None]) -> bool:
    """Whether states are equal in every column, those included that `==` leaves out."""
    return [state and attrs.astuple(state, recurse=False) for state in stored] == [
        state and attrs.astuple(state, recurse=False) for state in folded
    ]
