"""Verify checkpoints, and that the facts are those that they seal."""

from collections.abc import Sequence
from datetime import timedelta

from sot.application.audit.verification_result import Verification
from sot.application.support.progress import Progress
from sot.domain.audit.checkpoint import NO_CHECKPOINT, Checkpoint, find_flaw
from sot.domain.audit.merkle import MerkleTree, leaf_hash
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import FactKind
from sot.ports.signer import Verifier
from sot.ports.store import UnitOfWork

LATE_COMMIT = timedelta(minutes=5)
"""How long a transaction may stay open after it gave a fact its time.

A fact that is older than a checkpoint by more, and is not in it, was inserted later.
"""


NOT_EXPORTED = "it is not the one that was exported"
"""The problem of a checkpoint that differs from the one that was kept elsewhere."""


def check_exported(exported: Sequence[Checkpoint], verifier: Verifier | None) -> None:
    """Check checkpoints that were kept elsewhere.

    Raises:
        InvalidInput: One is damaged, or no known key signed it.

    Rules: AUDIT-6.
    """
    for checkpoint in exported:
        if not checkpoint.has_valid_hash:
            allowed = f"checkpoint {checkpoint.number} as it was exported: its hash is not that of its content"
            raise InvalidInput("checkpoint", checkpoint.number, allowed)
        if not is_signed(checkpoint, verifier):
            raise InvalidInput("checkpoint", checkpoint.number, "a checkpoint with the signature of a known key")


def check_store(uow: UnitOfWork, exported: Sequence[Checkpoint]) -> None:
    """Check that checkpoints that were kept elsewhere are of this store.

    Raises:
        InvalidInput: One is of another store.

    Rules: AUDIT-6.
    """
    store_ids = {checkpoint.store_id for checkpoint in uow.checkpoints.all() if checkpoint.has_valid_hash}
    for checkpoint in exported:
        if store_ids and checkpoint.store_id not in store_ids:
            raise InvalidInput("checkpoint", checkpoint.store_id, f"a checkpoint of store {min(store_ids)}")


def is_signed(checkpoint: Checkpoint, verifier: Verifier | None) -> bool:
    """Whether a known key signed the checkpoint; always true without a verifier."""
    if verifier is None:
        return True
    if checkpoint.signature is None or checkpoint.key_id is None:
        return False
    return verifier.verifies(checkpoint.signed_text.encode(), checkpoint.signature, checkpoint.key_id)


def check_checkpoints(
    uow: UnitOfWork, result: Verification, exported: Sequence[Checkpoint], verifier: Verifier | None, progress: Progress
) -> None:
    """Check that the facts are those that the checkpoints seal: those of the store, and those kept elsewhere.

    Where both have a checkpoint of the same number, the one that was kept elsewhere is right.

    Rules: AUDIT-6.
    """
    stored = {checkpoint.number: checkpoint for checkpoint in uow.checkpoints.all()}
    for checkpoint in exported:
        if stored.get(checkpoint.number) != checkpoint:
            reason = NOT_EXPORTED if checkpoint.number in stored else "it is missing"
            result.add_problem("checkpoint", "", str(checkpoint.number), reason)
    checkpoints = stored | {checkpoint.number: checkpoint for checkpoint in exported}
    previous: Checkpoint | None = None
    for number, (_, checkpoint) in enumerate(sorted(checkpoints.items()), 1):
        result.count("checkpoint")
        problem = _checkpoint_problem(uow, checkpoint, number, previous, verifier)
        if problem is not None:
            result.add_problem("checkpoint", "", str(checkpoint.number), problem)
        previous = checkpoint
        progress("checkpoint", 1)
    if exported:
        result.unsealed = sum(1 for _ in uow.feed.leaves(exported[-1].upto))
    if previous is not None:
        oldest = previous.sealed_at - LATE_COMMIT
        for leaf in uow.feed.leaves(previous.upto):
            if leaf.recorded_at < oldest:
                what = "order" if leaf.kind is FactKind.EVENT else leaf.kind.lower()
                problem = "it is older than the last checkpoint, and not in it"
                result.add_problem(what, leaf.account_id, leaf.key, problem)


def _checkpoint_problem(
    uow: UnitOfWork, checkpoint: Checkpoint, number: int, previous: Checkpoint | None, verifier: Verifier | None
) -> str | None:
    if checkpoint.number != number:
        return f"checkpoint {number} is missing before it"
    before, after = (NO_CHECKPOINT, 0) if previous is None else (previous.hash, previous.upto)
    where = f"at the positions {after + 1} to {checkpoint.upto} of the feed"
    facts = MerkleTree(leaf_hash(leaf.text) for leaf in uow.feed.leaves(after, checkpoint.upto))
    flaw = find_flaw(checkpoint, before, facts, where, is_signed(checkpoint, verifier))
    return None if flaw is None else flaw.problem
