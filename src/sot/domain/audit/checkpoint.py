"""Checkpoints: seals over the facts of a store, each chained to the one before, to be exported."""

from datetime import datetime
from typing import ClassVar, NamedTuple

import attrs

from sot.domain.audit.merkle import MerkleTree, leaf_hash, verify_inclusion
from sot.domain.values import fields
from sot.domain.values.canonical import digest
from sot.domain.values.json_form import JsonForm
from sot.domain.values.times import time_text
from sot.domain.values.value import Value
from sot.domain.values.vocabulary import FactKind

NO_CHECKPOINT = "0" * 64
"""The `previous` of the first checkpoint."""


class _LeafFields(NamedTuple):
    position: int
    kind: FactKind
    account_id: str
    key: str
    number: int
    hash: str
    recorded_at: datetime


class Leaf(_LeafFields, JsonForm):
    """A fact as the feed lists it and a checkpoint seals it.

    Attributes:
        position: Its position in the feed.
        key: Its id; of an event, the id of its order.
        number: The sequence of an event, the number of a risk check; else 0.
        hash: Its digest.
    """

    __slots__ = ()

    @property
    def text(self) -> str:
        """The text that is hashed: canonical JSON."""
        return (
            f'{{"account_id":{fields.quoted(self.account_id)},"hash":"{self.hash}","key":{fields.quoted(self.key)},'
            f'"kind":"{self.kind}","number":{self.number},"position":{self.position},'
            f'"recorded_at":"{time_text(self.recorded_at)}"}}'
        )

    @property
    def name(self) -> tuple[str, str, str, int]:
        """The identity of the fact: account, kind, key and number."""
        return self.account_id, self.kind, self.key, self.number


@attrs.frozen(slots=False, kw_only=True)
class Checkpoint(Value):
    """A checkpoint: it seals the facts of the feed after the checkpoint before, in their order.

    Attributes:
        store_id: The id of the store.
        number: Counts from 1 per store.
        upto: The position of the feed up to which it seals facts.
        count: The number of facts.
        root: Their Merkle root (RFC 6962).
        previous: The hash of the checkpoint before; 64 zeros for the first.
        hash: The digest of this checkpoint without its signature.
        signature: The signature of a signer, if there was one.
        key_id: The key of the signature.

    Raises:
        InvalidInput: A field is not allowed.
    """

    store_id: str
    number: int
    sealed_at: datetime
    upto: int
    count: int
    root: str
    previous: str
    hash: str
    signature: str | None = None
    key_id: str | None = None

    KINDS: ClassVar = {
        "store_id": fields.IDENTITY,
        "number": fields.COUNT,
        "sealed_at": fields.TIME,
        "upto": fields.COUNT,
        "count": fields.COUNT,
        "root": fields.HASH,
        "previous": fields.HASH,
        "hash": fields.HASH,
        "signature": fields.TEXT,
        "key_id": fields.NAME,
    }

    @property
    def signed_text(self) -> str:
        """The text whose digest is `hash`, and which is signed.

        Rules: AUDIT-4.
        """
        return self.canonical_without(("hash", "signature", "key_id"))

    @property
    def has_valid_hash(self) -> bool:
        """Whether the hash is the digest of the checkpoint.

        Rules: AUDIT-4.
        """
        return digest("checkpoint", self.signed_text) == self.hash


def next_checkpoint(
    store_id: str, sealed_at: datetime, upto: int, count: int, root: bytes, previous: Checkpoint | None
) -> Checkpoint:
    """Create the checkpoint after another, without a signature.

    Args:
        store_id: The id of the store.
        sealed_at: The time of sealing.
        upto: The position of the feed up to which it seals facts.
        count: The number of facts.
        root: Their Merkle root.
        previous: The checkpoint before; None for the first.

    Rules: AUDIT-3.
    """
    blank = Checkpoint(
        store_id=store_id,
        number=1 if previous is None else previous.number + 1,
        sealed_at=sealed_at,
        upto=upto,
        count=count,
        root=root.hex(),
        previous=NO_CHECKPOINT if previous is None else previous.hash,
        hash=NO_CHECKPOINT,
    )
    return blank.changed(hash=digest("checkpoint", blank.signed_text))


class Flaw(NamedTuple):
    """What does not hold of a checkpoint.

    Attributes:
        field: The field that is not as it should be.
        problem: What is wrong, as a clause.
    """

    field: str
    problem: str


def find_flaw(
    checkpoint: Checkpoint, previous: str | None, facts: MerkleTree, where: str, is_signed: bool = True
) -> Flaw | None:
    """Find the first thing that does not hold of a checkpoint.

    Args:
        checkpoint: The checkpoint.
        previous: The hash of the checkpoint before it; None where that is not known.
        facts: The tree over the facts that it should seal.
        where: Where these facts are, in words.
        is_signed: Whether a known key signed it, or nobody asks for that.

    Returns:
        The flaw; None if everything holds.

    Rules: ARCHIVE-7.
    """
    if not checkpoint.has_valid_hash:
        return Flaw("hash", "its hash is not that of its content")
    if previous is not None and checkpoint.previous != previous:
        return Flaw("previous", "it does not follow the one before: their hashes do not chain")
    if not is_signed:
        return Flaw("signature", "no known key signed it")
    if facts.count != checkpoint.count:
        return Flaw("count", f"{facts.count} facts are {where}, and it sealed {checkpoint.count}")
    if facts.root.hex() != checkpoint.root:
        return Flaw("root", f"its root is not that of the facts {where}")
    return None


@attrs.frozen(kw_only=True)
class Proof(JsonForm):
    """A proof that a checkpoint seals a fact. It is checked against an exported checkpoint, without a database.

    Attributes:
        leaf: The text of the fact's leaf (`Leaf.text`).
        place: The index of the leaf among the facts of the checkpoint, from 0.
        path: The hashes from the leaf to the root, in hexadecimal (RFC 6962, section 2.1.1).
        checkpoint: The checkpoint, as the store has it.
    """

    leaf: str
    place: int
    path: tuple[str, ...]
    checkpoint: Checkpoint

    def is_valid_under(self, checkpoint: Checkpoint) -> bool:
        """Whether a checkpoint, which was exported before, seals the fact.

        Rules: AUDIT-5.
        """
        path = [bytes.fromhex(step) for step in self.path]
        root = bytes.fromhex(checkpoint.root)
        return checkpoint.has_valid_hash and verify_inclusion(
            leaf_hash(self.leaf), self.place, checkpoint.count, path, root
        )
