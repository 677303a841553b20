"""Checkpoints: what was there, under one root, chained, and fit to be kept elsewhere."""

from datetime import datetime
from typing import ClassVar, NamedTuple

import attrs

from sot.domain.audit.merkle import leaf_hash, proves
from sot.domain.values import fields
from sot.domain.values.canonical import digest
from sot.domain.values.times import time_text
from sot.domain.values.vocabulary import FactKind

FIRST = "0" * 64


class Leaf(NamedTuple):
    """One fact as the feed names it and a checkpoint seals it.

    `position` is its place in the feed; `key` is its id (of an event, that of its order); `number` is the sequence of
    an event, the number of a risk check, else 0; `hash` is its digest, `recorded_at` when it was recorded.
    """

    position: int
    kind: FactKind
    account_id: str
    key: str
    number: int
    hash: str
    recorded_at: datetime

    @property
    def text(self) -> str:
        """What is hashed: canonical JSON."""
        return (
            f'{{"account_id":{fields.quoted(self.account_id)},"hash":"{self.hash}","key":{fields.quoted(self.key)},'
            f'"kind":"{self.kind}","number":{self.number},"position":{self.position},'
            f'"recorded_at":"{time_text(self.recorded_at)}"}}'
        )

    @property
    def name(self) -> tuple[str, str, str, int]:
        """What tells it from other facts."""
        return self.account_id, self.kind, self.key, self.number


@attrs.frozen(slots=False, kw_only=True)
class Checkpoint(fields.Value):
    """The `number`-th checkpoint of a store, over `count` facts whose Merkle root is `root` (RFC 6962).

    It seals the facts of the feed behind the checkpoint before it, up to the position `upto`, in their order.
    `previous` is the hash of the checkpoint before (64 zeros for the first), `hash` that of this one without its
    signature. `store_id` tells stores apart. `signature` and `key_id` are there where a signer was.

    Raises: InvalidInput: a field that is not allowed.
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
        """What `hash` is the digest of, and what is signed."""
        return self.canonical_without(("hash", "signature", "key_id"))

    @property
    def holds(self) -> bool:
        """Whether the hash is that of what it says."""
        return digest("checkpoint", self.signed_text) == self.hash


def sealed(
    store_id: str, sealed_at: datetime, upto: int, count: int, root: bytes, previous: Checkpoint | None
) -> Checkpoint:
    """The checkpoint that follows `previous`, without a signature."""
    blank = Checkpoint(
        store_id=store_id,
        number=1 if previous is None else previous.number + 1,
        sealed_at=sealed_at,
        upto=upto,
        count=count,
        root=root.hex(),
        previous=FIRST if previous is None else previous.hash,
        hash=FIRST,
    )
    return blank.changed(hash=digest("checkpoint", blank.signed_text))


@attrs.frozen(kw_only=True)
class Proof:
    """That a fact is under a checkpoint's root: anybody can check it against an exported one, with no database."""

    leaf: str
    place: int
    path: tuple[str, ...]
    checkpoint: Checkpoint

    def holds_under(self, checkpoint: Checkpoint) -> bool:
        """Whether the fact is under this checkpoint, which the client kept."""
        path = [bytes.fromhex(step) for step in self.path]
        root = bytes.fromhex(checkpoint.root)
        return checkpoint.holds and proves(leaf_hash(self.leaf), self.place, checkpoint.count, path, root)
