"""Checkpoints, their signatures, and proofs of facts under them."""

import json

import attrs
import pytest

from sot import InvalidInput, NotFound
from sot.adapters.signing import Ed25519Signer, Ed25519Verifier
from sot.audit import FactKind, prove, seal, verify
from sot.testing.contract.transactions import (
    submit_and_send,
)
from tests.support.archived_history import STORES, open_store, record_every_kind


@pytest.fixture(params=STORES)
def store(request, tmp_path):
    store = open_store(request.param, tmp_path)
    yield store
    store.close()


def test_a_checkpoint_seals_what_is_new_and_follows_the_one_before(store):
    assert store.run(seal) is None, "there is nothing yet"
    first, second = record_every_kind(store)
    assert (first.number, second.number) == (1, 2)
    assert second.previous == first.hash
    assert first.store_id == second.store_id
    with store.begin(read_only=True) as uow:
        leaves = list(uow.feed.leaves())
        assert [leaf.position for leaf in leaves] == sorted(leaf.position for leaf in leaves)
        assert first.count + second.count < len(leaves)
        assert set(FactKind) == {leaf.kind for leaf in leaves}
        assert uow.checkpoints.all() == [first, second]
    third = store.run(seal)
    assert third.count == len(leaves) - first.count - second.count
    assert store.run(seal) is None
    found = verify(store, [first, second, third])
    assert found.problems == []
    assert found.counts["checkpoint"] == 3
    assert found.counts["event"] >= 10


def test_a_signature_is_checked(store):
    signer, stranger = Ed25519Signer.generate(), Ed25519Signer.generate()
    submit_and_send(store, "C1")
    checkpoints = store.run(lambda uow: seal(uow, signer))
    assert verify(store, [checkpoints], Ed25519Verifier(signer.public_pem())).passed
    unsigned = checkpoints.changed(signature=None, key_id=None)
    for checkpoint, key in ((checkpoints, stranger), (unsigned, signer)):
        with pytest.raises(InvalidInput, match="signature of a known key"):
            verify(store, [checkpoint], Ed25519Verifier(key.public_pem()))
    assert [f.problem for f in verify(store, (), Ed25519Verifier(stranger.public_pem())).problems] == [
        "no known key signed it"
    ]


def test_any_fact_can_be_proven_without_the_database(store):
    checkpoints = record_every_kind(store)
    with store.begin(read_only=True) as uow:
        leaves = [leaf for leaf in uow.feed.leaves() if leaf.position <= checkpoints[1].upto]
        for leaf in leaves:
            proof = prove(uow, leaf.kind, leaf.account_id, leaf.key, leaf.number)
            checkpoint = next(one for one in checkpoints if leaf.position <= one.upto)
            assert proof.checkpoint == checkpoint
            assert json.loads(proof.leaf)["hash"] == leaf.hash
            assert proof.is_valid_under(checkpoint)
            assert not proof.is_valid_under(next(one for one in checkpoints if one != checkpoint))
            forged = attrs.evolve(proof, leaf=proof.leaf.replace(leaf.hash, "0" * 64))
            assert not forged.is_valid_under(checkpoint)
        unsealed = next(leaf for leaf in uow.feed.leaves(checkpoints[1].upto) if leaf.kind is FactKind.EVENT)
        with pytest.raises(NotFound, match="seal first"):
            prove(uow, unsealed.kind, unsealed.account_id, unsealed.key, unsealed.number)
        with pytest.raises(NotFound):
            prove(uow, FactKind.EVENT, "somebody else", unsealed.key, 1)
