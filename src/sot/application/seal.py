"""Checkpoints: sealing what is new, and proving that something was there."""

from sot.domain.checkpoint import Checkpoint, Proof, sealed
from sot.domain.errors import NotFound
from sot.domain.merkle import MerkleTree, inclusion_proof, leaf_hash
from sot.domain.vocabulary import FactKind
from sot.ports.signer import Signer
from sot.ports.store import UnitOfWork


def seal(uow: UnitOfWork, signer: Signer | None = None) -> Checkpoint | None:
    """Seal every fact that is not sealed yet, all events among them, up to the horizon of the feed; None without any.

    The checkpoint is to be exported and kept elsewhere: `verify(against=...)` holds the store against it.

    Raises at the latest on commit: ConcurrentUpdate: somebody else sealed at the same time.
    """
    upto = uow.feed.horizon()
    previous = uow.seals.last()
    after = 0 if previous is None else previous.upto
    tree = MerkleTree(leaf_hash(leaf.text) for leaf in uow.feed.leaves(after, upto))
    if not tree.count:
        return None
    store_id = uow.ids.new_id() if previous is None else previous.store_id
    checkpoint = sealed(store_id, uow.clock.now(), upto, tree.count, tree.root, previous)
    if signer is not None:
        checkpoint = checkpoint.changed(signature=signer.sign(checkpoint.said.encode()), key_id=signer.key_id)
    uow.seals.add(checkpoint)
    return checkpoint


def prove(uow: UnitOfWork, kind: FactKind, account_id: str, key: str, number: int = 0) -> Proof:
    """A proof that a fact is under a checkpoint's root, for somebody who kept the checkpoint and has no database.

    `key` and `number` name the fact as the feed does: of an event, they are its order's id and its sequence.

    Raises: NotFound: there is no such fact, or no checkpoint seals it yet.
    """
    leaf = uow.feed.find(kind, account_id, key, number)
    if leaf is None:
        raise NotFound("fact", f"{kind} {key} {number}", f"of account {account_id}")
    after = 0
    for checkpoint in uow.seals.all():
        if leaf.position <= checkpoint.upto:
            break
        after = checkpoint.upto
    else:
        raise NotFound("sealed fact", f"{kind} {key} {number}", "seal first")
    leaves = list(uow.feed.leaves(after, checkpoint.upto))
    path = inclusion_proof([leaf_hash(one.text) for one in leaves], leaves.index(leaf))
    steps = tuple(step.hex() for step in path)
    return Proof(leaf=leaf.text, place=leaves.index(leaf), path=steps, checkpoint=checkpoint)
