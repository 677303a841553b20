"""The reasons for which a checkpoint does not hold, and which of them counts."""

from datetime import UTC, datetime

import pytest

from sot.domain.audit.checkpoint import Flaw, find_flaw, next_checkpoint
from sot.domain.audit.merkle import MerkleTree, leaf_hash

FACTS = [leaf_hash(text) for text in ("a", "b", "c")]
STORE_ID = "01890a5d-ac96-774b-bcce-b302099a8057"
FIRST = next_checkpoint(STORE_ID, datetime(2026, 1, 5, tzinfo=UTC), 3, 3, MerkleTree(FACTS).root, None)
OTHER_FACTS = [*FACTS[:2], leaf_hash("d")]


def test_a_checkpoint_over_its_facts_has_no_flaw():
    assert find_flaw(FIRST, FIRST.previous, MerkleTree(FACTS), "here") is None
    assert find_flaw(FIRST, None, MerkleTree(FACTS), "here") is None


@pytest.mark.parametrize(
    ("checkpoint", "previous", "facts", "is_signed", "field", "problem"),
    [
        (FIRST.changed(count=2), "1" * 64, FACTS, False, "hash", "its hash is not that of its content"),
        (FIRST, "1" * 64, FACTS[:2], False, "previous", "it does not follow the one before: their hashes do not chain"),
        (FIRST, FIRST.previous, FACTS[:2], False, "signature", "no known key signed it"),
        (FIRST, FIRST.previous, FACTS[:2], True, "count", "2 facts are here, and it sealed 3"),
        (FIRST, FIRST.previous, OTHER_FACTS, True, "root", "its root is not that of the facts here"),
    ],
)
def test_the_first_flaw_counts(checkpoint, previous, facts, is_signed, field, problem):
    assert find_flaw(checkpoint, previous, MerkleTree(facts), "here", is_signed) == Flaw(field, problem)
