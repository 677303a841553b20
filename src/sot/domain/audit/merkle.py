"""Merkle trees as RFC 6962 (section 2.1) hashes them: leaves and nodes apart, split at the largest power of two."""

from collections.abc import Iterable, Sequence
from hashlib import sha256


def leaf_hash(text: str) -> bytes:
    """The hash of a leaf: SHA-256 over a zero byte and its bytes in UTF-8."""
    return sha256(b"\0" + text.encode()).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


class MerkleTree:
    """The root over leaf hashes that come one by one: it keeps one hash per level, however many leaves there are."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.count = 0
        self._whole: list[bytes] = []  # roots of complete subtrees, of as many leaves as the bits of `count` say
        for leaf in leaves:
            self.add(leaf)

    def add(self, leaf: bytes) -> None:
        """One leaf more."""
        found, size = leaf, self.count
        while size & 1:
            found = _node(self._whole.pop(), found)
            size >>= 1
        self._whole.append(found)
        self.count += 1

    @property
    def root(self) -> bytes:
        """The root; of no leaves, SHA-256 of nothing."""
        if not self._whole:
            return sha256(b"").digest()
        found = self._whole[-1]
        for left in reversed(self._whole[:-1]):
            found = _node(left, found)
        return found


def inclusion_proof(leaves: Sequence[bytes], place: int) -> list[bytes]:
    """The hashes that lead from a leaf to the root (RFC 6962, section 2.1.1), the nearest first."""
    level, proof = list(leaves), []
    while len(level) > 1:
        sibling = place ^ 1
        if sibling < len(level):
            proof.append(level[sibling])
        # Pairing from the left and carrying an odd one up gives the same tree as splitting at powers of two.
        paired = [_node(level[left], level[left + 1]) for left in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
        place //= 2
    return proof


def proves(leaf: bytes, place: int, count: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether a leaf is at `place` of the `count` leaves under a root. Needs nothing but these."""
    if not 0 <= place < count:
        return False
    left = list(reversed(proof))
    found, size = leaf, count
    while size > 1:
        sibling = place ^ 1
        if sibling < size:
            if not left:
                return False
            other = left.pop()
            found = _node(other, found) if sibling < place else _node(found, other)
        place, size = place // 2, (size + 1) // 2
    return not left and found == root
