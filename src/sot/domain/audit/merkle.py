"""Merkle trees of RFC 6962, section 2.1: leaves and nodes are hashed apart, split at the largest power of two."""

from collections.abc import Iterable, Sequence
from hashlib import sha256


def leaf_hash(text: str) -> bytes:
    """Compute the hash of a leaf: SHA-256 over a zero byte and the UTF-8 bytes of its text."""
    return sha256(b"\0" + text.encode()).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


class MerkleTree:
    """The root over leaf hashes that are added one by one. It stores one hash per level."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.count = 0
        self._subtrees: list[bytes] = []  # roots of complete subtrees, one per 1 bit of `count`, the largest first
        for leaf in leaves:
            self.add(leaf)

    def add(self, leaf: bytes) -> None:
        """Add the hash of a leaf."""
        node, size = leaf, self.count
        while size & 1:
            node = _node(self._subtrees.pop(), node)
            size >>= 1
        self._subtrees.append(node)
        self.count += 1

    @property
    def root(self) -> bytes:
        """The root; without leaves, the SHA-256 of no bytes."""
        if not self._subtrees:
            return sha256(b"").digest()
        node = self._subtrees[-1]
        for left in reversed(self._subtrees[:-1]):
            node = _node(left, node)
        return node


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Compute the audit path of a leaf (RFC 6962, section 2.1.1).

    Args:
        leaves: The hashes of all leaves.
        index: The index of the leaf.

    Returns:
        The hashes that lead from the leaf to the root, the nearest first.
    """
    level, proof = list(leaves), []
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            proof.append(level[sibling])
        # Pairing from the left and carrying an odd one up gives the same tree as splitting at powers of two.
        paired = [_node(level[left], level[left + 1]) for left in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
        index //= 2
    return proof


def verify_inclusion(leaf: bytes, index: int, count: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether an audit path proves that a leaf is in a tree.

    Args:
        leaf: The hash of the leaf.
        index: The index of the leaf.
        count: The number of leaves of the tree.
        proof: The audit path, the nearest hash first.
        root: The root of the tree.

    Rules: AUDIT-5.
    """
    if not 0 <= index < count:
        return False
    remaining = list(reversed(proof))
    node, size = leaf, count
    while size > 1:
        sibling = index ^ 1
        if sibling < size:
            if not remaining:
                return False
            other = remaining.pop()
            node = _node(other, node) if sibling < index else _node(node, other)
        index, size = index // 2, (size + 1) // 2
    return not remaining and node == root
