"""Merkle trees are those of RFC 6962, section 2.1, whose definitions are written here literally."""

from hashlib import sha256

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sot.domain.audit.merkle import MerkleTree, inclusion_proof, leaf_hash, verify_inclusion


def split(n: int) -> int:
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def tree_hash(d: list[str]) -> bytes:
    """MTH(D[n])."""
    n = len(d)
    if n == 0:
        return sha256(b"").digest()
    if n == 1:
        return sha256(b"\x00" + d[0].encode()).digest()
    k = split(n)
    return sha256(b"\x01" + tree_hash(d[:k]) + tree_hash(d[k:])).digest()


def audit_path(m: int, d: list[str]) -> list[bytes]:
    """PATH(m, D[n])."""
    n = len(d)
    if n == 1:
        return []
    k = split(n)
    if m < k:
        return [*audit_path(m, d[:k]), tree_hash(d[k:])]
    return [*audit_path(m - k, d[k:]), tree_hash(d[:k])]


def hashes(texts: list[str]) -> list[bytes]:
    return [leaf_hash(text) for text in texts]


@st.composite
def trees(draw, least: int = 1):
    """Distinct texts, and the index of one of them."""
    texts = draw(st.lists(st.text(max_size=8), min_size=least, max_size=70, unique=True))
    return texts, draw(st.integers(0, len(texts) - 1))


def is_proven(texts: list[str], index: int, /, **replaced) -> bool:
    """Whether the right proof is valid, with some of its parts replaced."""
    leaves = hashes(texts)
    right = {
        "leaf": leaves[index],
        "index": index,
        "count": len(texts),
        "proof": inclusion_proof(leaves, index),
        "root": tree_hash(texts),
    }
    return verify_inclusion(**{**right, **replaced})


@pytest.mark.parametrize("count", [*range(70), 127, 128, 129, 1000])
def test_the_root_is_the_standards_for_every_count(count):
    texts = [str(number) for number in range(count)]
    tree = MerkleTree()
    for number, leaf in enumerate(hashes(texts), 1):
        tree.add(leaf)
        assert tree.count == number
    assert tree.root == MerkleTree(hashes(texts)).root == tree_hash(texts)


@given(st.lists(st.text(max_size=8), max_size=70))
def test_the_root_is_the_standards_for_any_leaves(texts):
    assert MerkleTree(hashes(texts)).root == tree_hash(texts)


def test_the_root_is_available_at_any_time():
    texts: list[str] = []
    tree = MerkleTree()
    for number in range(40):
        assert tree.root == tree_hash(texts)
        texts.append(str(number))
        tree.add(leaf_hash(str(number)))


def test_a_tree_stores_one_hash_per_level():
    tree = MerkleTree(leaf_hash(str(number)) for number in range(1023))
    assert len(tree._subtrees) == 10


@pytest.mark.parametrize("count", range(1, 35))
def test_every_leaf_has_the_standards_proof(count):
    texts = [str(number) for number in range(count)]
    for index in range(count):
        assert inclusion_proof(hashes(texts), index) == audit_path(index, texts)
        assert is_proven(texts, index)


@given(trees())
def test_right_proofs_are_valid(tree):
    texts, index = tree
    assert inclusion_proof(hashes(texts), index) == audit_path(index, texts)
    assert is_proven(texts, index)


@given(trees(), st.text(max_size=8))
def test_another_leaf_is_not_proven(tree, text):
    texts, index = tree
    assume(text != texts[index])
    assert not is_proven(texts, index, leaf=leaf_hash(text))


@given(trees(), st.integers(-3, 100))
def test_a_leaf_is_at_no_other_index(tree, index):
    texts, right = tree
    assume(index != right)
    assert not is_proven(texts, right, index=index)


@given(trees(), st.integers(0, 300))
def test_a_wrong_count_proves_no_other_leaf(tree, count):
    # Another count may lead along the same path; a checkpoint states the count under its hash.
    texts, index = tree
    if is_proven(texts, index, count=count):
        assert is_proven(texts, index)
        assert count > index
    assert not is_proven(texts, index, count=count, leaf=leaf_hash("\0another"))


@given(trees(), st.binary(min_size=32, max_size=32))
def test_nothing_is_proven_under_another_root(tree, root):
    texts, index = tree
    assert not is_proven(texts, index, root=root)
    assert not is_proven(texts, index, root=tree_hash([*texts, "\0more"]))


@given(trees(least=2), st.data())
def test_a_wrong_path_proves_nothing(tree, data):
    texts, index = tree
    path = audit_path(index, texts)
    step = data.draw(st.integers(0, len(path) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    flipped = bytes([path[step][0] ^ bit]) + path[step][1:]
    assert not is_proven(texts, index, proof=[*path[:step], flipped, *path[step + 1 :]])
    assert not is_proven(texts, index, proof=[*path[:step], *path[step + 1 :]])
    assert not is_proven(texts, index, proof=[*path, flipped])
    if len(path) > 1:
        assert not is_proven(texts, index, proof=[*path[1:], path[0]])


def test_a_node_is_not_a_leaf():
    """Hashing leaves and nodes apart keeps an inner node from being passed off as a leaf of a smaller tree."""
    texts = ["a", "b", "c", "d"]
    left, right = tree_hash(texts[:2]), tree_hash(texts[2:])
    assert verify_inclusion(left, 0, 2, [right], tree_hash(texts))  # the hashes alone would fit
    assert sha256(b"\0" + b"".join(hashes(texts[:2]))).digest() != left  # but no leaf has that hash


def test_a_single_leaf_is_its_own_root():
    assert inclusion_proof(hashes(["a"]), 0) == []
    assert verify_inclusion(leaf_hash("a"), 0, 1, [], leaf_hash("a"))
    assert not verify_inclusion(leaf_hash("a"), 0, 0, [], leaf_hash("a"))
