"""Verifying an archive without any store: hashes, chains, and the checkpoints over it."""

from collections.abc import Iterable, Mapping
from typing import Any

from sot.application.audit.archived_facts import ArchivedFact, read_fact
from sot.application.audit.checkpoint_verification import check_exported, is_signed
from sot.application.audit.verification_result import Verification
from sot.application.support.progress import Progress
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.audit.merkle import MerkleTree, leaf_hash
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import FactKind
from sot.ports.signer import Verifier

Line = tuple[str, Mapping[str, Any]]


def verify_archive(
    lines: Iterable[Line],
    against: Iterable[Checkpoint] = (),
    verifier: Verifier | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Look at the lines of an archive, each as its key and fields, in order; memory grows with the orders in it only.

    A fact that was changed, an event that does not follow the one before it, a checkpoint that does not seal the facts
    before it: each is a finding. `against` are checkpoints that were kept elsewhere: each that seals any of the facts
    must be in it. Facts behind the last checkpoint are looked at, and vouched for by nothing.
    `progress` is called with what was looked at, and how many of it.

    Raises: InvalidInput: a line that cannot be read, or a damaged checkpoint in `against`.
    """
    kept = {checkpoint.number: checkpoint for checkpoint in against}
    check_exported(list(kept.values()), verifier)
    check = _Check(kept, verifier)
    tell = progress or (lambda what, count: None)
    for number, (key, said) in enumerate(lines, 1):
        if key == "fact":
            check.fact(number, said)
            tell("fact", 1)
        elif key == "checkpoint":
            check.checkpoint(Checkpoint.read(said, "checkpoint"))
        else:
            raise InvalidInput(f"line {number}", key, "a fact or a checkpoint: the lines of an archive")
    check.end()
    return check.found


class _Check:
    def __init__(self, kept: Mapping[int, Checkpoint], verifier: Verifier | None) -> None:
        self.found = Verification()
        self._kept = kept
        self._verifier = verifier
        self._tree = MerkleTree()
        self._first = 0
        self._position = 0
        self._previous: Checkpoint | None = None
        self._seen: set[int] = set()
        self._heads: dict[tuple[str, str], tuple[int, str]] = {}

    def fact(self, line: int, said: Mapping[str, Any]) -> None:
        """One fact more."""
        try:
            fact = read_fact(said)
        except InvalidInput as error:
            self.found.add_problem("line", "", str(line), str(error))
            return
        leaf = fact.leaf
        self.found.count(leaf.kind.lower())
        self.found.unsealed += 1
        if leaf.position <= self._position:
            told = f"position {leaf.position} comes after position {self._position}"
            self.found.add_problem("line", leaf.account_id, str(line), told)
        self._first = self._first or leaf.position
        self._position = max(self._position, leaf.position)
        self._tree.add(leaf_hash(leaf.text))
        if leaf.kind is FactKind.EVENT:
            self._event(fact)

    def _event(self, fact: ArchivedFact) -> None:
        leaf, name = fact.leaf, (fact.leaf.account_id, fact.leaf.key)
        head = self._heads.get(name)
        self._heads[name] = (leaf.number, leaf.hash)
        if head is None:
            return  # an archive of a month begins in the middle of some orders
        if leaf.number != head[0] + 1:
            self.found.add_problem("order", *name, f"event {head[0] + 1} is missing")
        elif fact.value.prev_hash != head[1]:
            told = f"event {leaf.number} does not follow event {head[0]}: their hashes do not chain"
            self.found.add_problem("order", *name, told)

    def checkpoint(self, checkpoint: Checkpoint) -> None:
        """The facts since the last one were what it seals."""
        self.found.count("checkpoint")
        self.found.unsealed = 0
        self._seen.add(checkpoint.number)
        problem = self._problem(checkpoint)
        if problem is not None:
            self.found.add_problem("checkpoint", "", str(checkpoint.number), problem)
        self._tree = MerkleTree()
        self._previous = checkpoint

    def _problem(self, checkpoint: Checkpoint) -> str | None:
        if not checkpoint.holds:
            return "its hash is not that of what it says"
        kept = self._kept.get(checkpoint.number)
        if kept is not None and kept.store_id != checkpoint.store_id:
            raise InvalidInput("against", kept.store_id, f"checkpoints of the archive's store {checkpoint.store_id}")
        if kept is not None and kept != checkpoint:
            return "it is not the one that was exported"
        before = self._previous or self._kept.get(checkpoint.number - 1)
        if before is not None and checkpoint.previous != before.hash:
            return "it does not follow the one before: their hashes do not chain"
        if not is_signed(checkpoint, self._verifier):
            return "no known key signed it"
        if self._tree.count != checkpoint.count:
            return f"{self._tree.count} facts stand before it, and it sealed {checkpoint.count}"
        if self._tree.root.hex() != checkpoint.root:
            return "its root is not that of the facts before it"
        return None

    def end(self) -> None:
        """There are no more lines: a kept checkpoint that seals any of the facts was among them."""
        for number, kept in sorted(self._kept.items()):
            before = self._kept.get(number - 1)
            after = 0 if before is None else before.upto
            if number not in self._seen and after < self._position and self._first <= kept.upto:
                self.found.add_problem("checkpoint", "", str(number), "it is missing, and seals facts that are here")
