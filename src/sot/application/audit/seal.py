"""Seal facts under checkpoints, and prove that a checkpoint seals a fact."""

import json
from typing import Any

import attrs

from sot.application.audit.archive import archive
from sot.application.support.use_case import use_case
from sot.domain.audit.checkpoint import Checkpoint, Proof, next_checkpoint
from sot.domain.audit.merkle import MerkleTree, inclusion_proof, leaf_hash
from sot.domain.values.errors import NotFound
from sot.domain.values.vocabulary import FactKind
from sot.ports.signer import Signer
from sot.ports.store import UnitOfWork


@use_case
def seal(uow: UnitOfWork, signer: Signer | None = None) -> Checkpoint | None:
    """Seal every fact that is not sealed yet, up to the horizon of the feed, under a new checkpoint.

    Export the checkpoint and keep it elsewhere: `verify(against=...)` compares the store with it.

    Args:
        uow: The unit of work to add the checkpoint to.
        signer: Signs the checkpoint.

    Returns:
        The checkpoint; None if there is nothing to seal.

    Raises:
        ConcurrentUpdate: Another transaction sealed at the same time. It is raised at the latest on commit.

    Rules: AUDIT-2, AUDIT-3.
    """
    upto = uow.feed.horizon()
    previous = uow.checkpoints.last()
    after = 0 if previous is None else previous.upto
    tree = MerkleTree(leaf_hash(leaf.text) for leaf in uow.feed.leaves(after, upto))
    if not tree.count:
        return None
    store_id = uow.ids.new_id() if previous is None else previous.store_id
    checkpoint = next_checkpoint(store_id, uow.clock.now(), upto, tree.count, tree.root, previous)
    if signer is not None:
        checkpoint = checkpoint.changed(signature=signer.sign(checkpoint.signed_text.encode()), key_id=signer.key_id)
    uow.checkpoints.add(checkpoint)
    return checkpoint


def prove(uow: UnitOfWork, kind: FactKind, account_id: str, key: str, number: int = 0) -> Proof:
    """Prove that a checkpoint seals a fact, for somebody who kept the checkpoint and has no access to the store.

    Args:
        uow: The unit of work to read from.
        kind: The kind of the fact.
        account_id: Its account.
        key: Its key in the feed: for an event, the id of its order.
        number: Its number in the feed: for an event, its sequence.

    Raises:
        NotFound: There is no such fact, or no checkpoint seals it yet.
    """
    leaf = uow.feed.find(kind, account_id, key, number)
    if leaf is None:
        raise NotFound("fact", f"{kind} {key} {number}", f"of account {account_id}")
    after = 0
    for checkpoint in uow.checkpoints.all():
        if leaf.position <= checkpoint.upto:
            break
        after = checkpoint.upto
    else:
        raise NotFound("sealed fact", f"{kind} {key} {number}", "seal first")
    leaves = list(uow.feed.leaves(after, checkpoint.upto))
    index = leaves.index(leaf)
    path = inclusion_proof([leaf_hash(sealed_leaf.text) for sealed_leaf in leaves], index)
    return Proof(leaf=leaf.text, place=index, path=tuple(step.hex() for step in path), checkpoint=checkpoint)


def proof_document(uow: UnitOfWork, kind: FactKind, account_id: str, key: str, number: int = 0) -> dict[str, Any]:
    """A proof with the content of the fact, as JSON values; see `prove`.

    Raises:
        NotFound: There is no such fact, or no checkpoint seals it yet.
    """
    proof = prove(uow, kind, account_id, key, number)
    position = json.loads(proof.leaf)["position"]
    fact = json.loads(next(archive(uow, position - 1, position)))["fact"]
    fact.pop("names", None)  # they are not part of the fact, and so not proven
    return {"fact": fact, **attrs.asdict(proof, recurse=False), "checkpoint": proof.checkpoint.as_json()}
