"""Whether checkpoints hold, and the facts are those that they seal."""

from collections.abc import Sequence
from datetime import timedelta

from sot.application.audit.verification_result import Verification
from sot.application.support.progress import Progress
from sot.domain.audit.checkpoint import FIRST, Checkpoint
from sot.domain.audit.merkle import MerkleTree, leaf_hash
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import FactKind
from sot.ports.signer import Verifier
from sot.ports.store import UnitOfWork

LATE_COMMIT = timedelta(minutes=5)
"""How long a transaction may stay open after it gave a fact its time: what is older than a checkpoint by more, and not
in it, came in behind its back."""


def check_exported(kept: Sequence[Checkpoint], verifier: Verifier | None) -> None:
    """Raises: InvalidInput: a checkpoint that was kept elsewhere is damaged, or nobody known signed it."""
    for checkpoint in kept:
        if not checkpoint.holds:
            allowed = f"checkpoint {checkpoint.number} as it was exported: its hash is not that of what it says"
            raise InvalidInput("checkpoint", checkpoint.number, allowed)
        if not is_signed(checkpoint, verifier):
            raise InvalidInput("checkpoint", checkpoint.number, "a checkpoint with the signature of a known key")


def check_store(uow: UnitOfWork, kept: Sequence[Checkpoint]) -> None:
    """Raises: InvalidInput: a checkpoint that was kept elsewhere is of another store."""
    known = {checkpoint.store_id for checkpoint in uow.checkpoints.all() if checkpoint.holds}
    for checkpoint in kept:
        if known and checkpoint.store_id not in known:
            raise InvalidInput("checkpoint", checkpoint.store_id, f"a checkpoint of store {min(known)}")


def is_signed(checkpoint: Checkpoint, verifier: Verifier | None) -> bool:
    """Whether a known key signed it; without a verifier nobody asks."""
    if verifier is None:
        return True
    if checkpoint.signature is None or checkpoint.key_id is None:
        return False
    return verifier.verifies(checkpoint.signed_text.encode(), checkpoint.signature, checkpoint.key_id)


def check_checkpoints(
    uow: UnitOfWork, found: Verification, kept: Sequence[Checkpoint], verifier: Verifier | None, tell: Progress
) -> None:
    """Whether the facts are those that the store's checkpoints seal, and those that were kept elsewhere."""
    stored = {checkpoint.number: checkpoint for checkpoint in uow.checkpoints.all()}
    for checkpoint in kept:
        if stored.get(checkpoint.number) != checkpoint:
            missing = checkpoint.number not in stored
            told = "it is missing" if missing else "it is not the one that was exported"
            found.add_problem("checkpoint", "", str(checkpoint.number), told)
    # Where the store's own differ from those that were kept elsewhere, these are right.
    held = stored | {checkpoint.number: checkpoint for checkpoint in kept}
    previous: Checkpoint | None = None
    for place, (_, checkpoint) in enumerate(sorted(held.items()), 1):
        found.count("checkpoint")
        problem = _of_checkpoint(uow, checkpoint, place, previous, verifier)
        if problem is not None:
            found.add_problem("checkpoint", "", str(checkpoint.number), problem)
        previous = checkpoint
        tell("checkpoint", 1)
    if kept:
        found.unsealed = sum(1 for _ in uow.feed.leaves(kept[-1].upto))
    if previous is not None:
        oldest = previous.sealed_at - LATE_COMMIT
        for leaf in uow.feed.leaves(previous.upto):
            if leaf.recorded_at < oldest:
                told = "it is older than the last checkpoint, and not in it"
                found.add_problem(
                    "order" if leaf.kind is FactKind.EVENT else leaf.kind.lower(), leaf.account_id, leaf.key, told
                )


def _of_checkpoint(
    uow: UnitOfWork, checkpoint: Checkpoint, place: int, previous: Checkpoint | None, verifier: Verifier | None
) -> str | None:
    if checkpoint.number != place:
        return f"checkpoint {place} is missing before it"
    if not checkpoint.holds:
        return "its hash is not that of what it says"
    if checkpoint.previous != (FIRST if previous is None else previous.hash):
        return "it does not follow the one before: their hashes do not chain"
    if not is_signed(checkpoint, verifier):
        return "no known key signed it"
    after = 0 if previous is None else previous.upto
    tree = MerkleTree(leaf_hash(leaf.text) for leaf in uow.feed.leaves(after, checkpoint.upto))
    if tree.count != checkpoint.count:
        told = f"{tree.count} facts are at the positions {after + 1} to {checkpoint.upto} of the feed"
        return f"{told}, and it sealed {checkpoint.count}"
    if tree.root.hex() != checkpoint.root:
        return f"its root is not that of the facts at the positions {after + 1} to {checkpoint.upto} of the feed"
    return None
