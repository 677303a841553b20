"""Checkpoints: sealing what is new, and proving that something was there."""

import json
from typing import Any

import attrs

from sot.application.audit.archive import archive
from sot.domain.audit.checkpoint import Checkpoint, Proof, sealed
from sot.domain.audit.merkle import MerkleTree, inclusion_proof, leaf_hash
from sot.domain.values.errors import NotFound
from sot.domain.values.vocabulary import FactKind
from sot.ports.signer import Signer
from sot.ports.store import UnitOfWork


def seal(uow: UnitOfWork, signer: Signer | None = None) -> Checkpoint | None:
    """Seal every fact that is not sealed yet, all events among them, up to the horizon of the feed; None without any.

    The checkpoint is to be exported and kept elsewhere: `verify(against=...)` holds the store against it.

    Raises at the latest on commit: ConcurrentUpdate: somebody else sealed at the same time.
    """
    upto = uow.feed.horizon()
    previous = uow.checkpoints.last()
    after = 0 if previous is None else previous.upto
    tree = MerkleTree(leaf_hash(leaf.text) for leaf in uow.feed.leaves(after, upto))
    if not tree.count:
        return None
    store_id = uow.ids.new_id() if previous is None else previous.store_id
    checkpoint = sealed(store_id, uow.clock.now(), upto, tree.count, tree.root, previous)
    if signer is not None:
        checkpoint = checkpoint.changed(signature=signer.sign(checkpoint.signed_text.encode()), key_id=signer.key_id)
    uow.checkpoints.add(checkpoint)
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
    for checkpoint in uow.checkpoints.all():
        if leaf.position <= checkpoint.upto:
            break
        after = checkpoint.upto
    else:
        raise NotFound("sealed fact", f"{kind} {key} {number}", "seal first")
    leaves = list(uow.feed.leaves(after, checkpoint.upto))
    path = inclusion_proof([leaf_hash(one.text) for one in leaves], leaves.index(leaf))
    steps = tuple(step.hex() for step in path)
    return Proof(leaf=leaf.text, place=leaves.index(leaf), path=steps, checkpoint=checkpoint)


def proof_document(uow: UnitOfWork, kind: FactKind, account_id: str, key: str, number: int = 0) -> dict[str, Any]:
    """The fact with all that it says, and the way from there to a checkpoint's root, as JSON values.

    Raises: NotFound: there is no such fact, or no checkpoint seals it yet.
    """
    proof = prove(uow, kind, account_id, key, number)
    position = json.loads(proof.leaf)["position"]
    fact = json.loads(next(archive(uow, position - 1, position)))["fact"]
    fact.pop("names", None)  # which is beside the fact, and so not proven
    return {"fact": fact, **attrs.asdict(proof, recurse=False), "checkpoint": proof.checkpoint.as_json()}
