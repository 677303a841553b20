"""Verify a store: hashes, chains, sequences, derived rows and checkpoints."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from functools import partial

from sot.application.audit import elsewhere
from sot.application.audit.checkpoint_verification import check_checkpoints, check_exported, check_store
from sot.application.audit.elsewhere import Elsewhere
from sot.application.audit.fact_verification import DIGESTS, ORDER, check_facts
from sot.application.audit.order_verification import check_orders
from sot.application.audit.position_verification import check_positions
from sot.application.audit.verification_result import Verification
from sot.application.audit.waiting_rows import differing_reports
from sot.application.support.progress import Progress
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.values.errors import StoreDamaged
from sot.ports.audit import ALL_ORDERS, OrderRange
from sot.ports.signer import Verifier
from sot.ports.store import Store, UnitOfWork

Part = Callable[[UnitOfWork, Verification, Progress], None]
"""A part of a verification, which can be pickled."""


def verify(
    store: Store,
    against: Iterable[Checkpoint] = (),
    verifier: Verifier | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Verification:
    """Verify a store in a read-only transaction; see `verify_within`.

    Args:
        store: The store.
        against: Checkpoints that were kept elsewhere.
        verifier: Checks the signatures of checkpoints.
        progress: Called with the kind of thing that was checked, and how many more of it.
        executor: Checks parts of the store at the same time, such as a `concurrent.futures.ProcessPoolExecutor`, or
            that of a Dask client. Each part opens the store by its address, and reads it as it is then. The result is
            the same as without one. A store that is in this process alone is checked here.

    Raises:
        InvalidInput: A checkpoint in `against` is of another store, or is damaged itself; or a worker of `executor`
            finds another store, or an older copy, at the address.
        BrokenExecutor: The executor gave up a part. An executor may raise errors of its own for that.
    """
    with store.begin(read_only=True) as uow:
        there = Elsewhere.of(store, uow, executor)
        if there is None:
            return verify_within(uow, against, verifier, progress)
        told, result = progress or _no_progress, Verification()
        exported = _checked(against, verifier)
        for part in _verify_elsewhere(uow, there, told):
            result.add(part)
        _check_checkpoints(uow, result, told, exported, verifier)
        return result


def verify_within(
    uow: UnitOfWork,
    against: Iterable[Checkpoint] = (),
    verifier: Verifier | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Verify a store in the caller's transaction; see `docs/how-to/audit.md`. Nothing is written.

    Args:
        uow: The unit of work to read from.
        against: Checkpoints that were exported and kept elsewhere. Only they reveal facts that were removed, added, or
            replaced together with their hashes.
        verifier: Checks the signatures of checkpoints; None leaves them unchecked.
        progress: Called with the kind of thing that was checked, and how many more of it.

    Raises:
        InvalidInput: A checkpoint in `against` is of another store, or is damaged itself.
    """
    progress = progress or _no_progress
    exported = _checked(against, verifier)
    result = Verification()
    for part in _parts(uow, [ALL_ORDERS]):
        part(uow, result, progress)
    _check_checkpoints(uow, result, progress, exported, verifier)
    return result


def _checked(against: Iterable[Checkpoint], verifier: Verifier | None) -> Sequence[Checkpoint]:
    exported = sorted(against, key=lambda checkpoint: checkpoint.number)
    check_exported(exported, verifier)
    return exported


def _no_progress(what: str, count: int) -> None:
    """Tell nobody."""


def _check_checkpoints(
    uow: UnitOfWork,
    result: Verification,
    progress: Progress,
    exported: Sequence[Checkpoint],
    verifier: Verifier | None,
) -> None:
    try:
        check_store(uow, exported)
        check_checkpoints(uow, result, exported, verifier, progress)
    except StoreDamaged as error:
        result.add_problem("checkpoint", "", "", str(error))


# ------------------------------------------------------------------------------------------------------------- parts


def _parts(uow: UnitOfWork, ranges: Sequence[OrderRange]) -> Iterator[Part]:
    """Iterate over the parts of a verification but for the checkpoints, in the order of their problems."""
    yield _check_structure
    for kind in DIGESTS:
        yield partial(check_facts, kind=kind)
    for within in ranges:
        yield partial(check_orders, within=within)
    yield _check_waiting
    yield _check_rows
    for account_id in uow.audit.accounts():
        yield partial(check_positions, account_id=account_id)


def _check_structure(uow: UnitOfWork, result: Verification, progress: Progress) -> None:
    for part in uow.audit.structure_problems():
        result.add_problem(part.table, part.account_id, part.key, part.problem)


def _check_waiting(uow: UnitOfWork, result: Verification, progress: Progress) -> None:
    for report, problem in differing_reports(uow):
        result.add_problem("unattributed", report.account_id, report.report_id, problem)


def _check_rows(uow: UnitOfWork, result: Verification, progress: Progress) -> None:
    for row in uow.audit.row_problems():
        result.add_problem(row.table, row.account_id, row.key, row.problem)


# ------------------------------------------------------------------------------------------------------ an executor


def _verify_elsewhere(uow: UnitOfWork, there: Elsewhere, progress: Progress) -> Iterator[Verification]:
    """Check the parts of a store elsewhere; yields the result of each, in the order of their problems."""
    parts = list(_parts(uow, uow.audit.order_ranges(elsewhere.ORDERS_PER_PART)))
    tasks = [partial(_check_part, part=part) for part in parts]
    large = [task for task, part in zip(tasks, parts, strict=True) if not _is_range(part)]
    for result in there.run(tasks, large):
        for what, count in result.counts.items():
            if what != ORDER:  # its events are told
                progress(what, count)
        yield result


def _is_range(part: Part) -> bool:
    return isinstance(part, partial) and part.func is check_orders


def _check_part(uow: UnitOfWork, part: Part) -> Verification:
    result = Verification()
    part(uow, result, _no_progress)
    return result
