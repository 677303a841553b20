"""Verify an archive without any store: hashes, chains, and the checkpoints over it."""

from collections.abc import Iterable, Mapping
from typing import Any

from sot.application.audit.archived_facts import ArchivedFact, read_fact
from sot.application.audit.checkpoint_verification import NOT_EXPORTED, check_exported, is_signed
from sot.application.audit.verification_result import Verification
from sot.application.support.progress import Progress
from sot.domain.audit.checkpoint import Checkpoint, find_flaw
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
    """Verify an archive. Memory grows with the number of orders in it only.

    Problems are a fact that was changed, an event that does not follow the one before it, and a checkpoint that does
    not seal the facts before it. Facts after the last checkpoint are checked, and counted as unsealed.

    Args:
        lines: The lines of the archive in order, each as its key and fields.
        against: Checkpoints that were kept elsewhere. Each that seals any of the facts must be in the archive.
        verifier: Checks the signatures of checkpoints; None leaves them unchecked.
        progress: Called with the kind of thing that was checked, and how many more of it.

    Raises:
        InvalidInput: A line cannot be read, or a checkpoint in `against` is damaged.

    Rules: ARCHIVE-1.
    """
    exported = {checkpoint.number: checkpoint for checkpoint in against}
    check_exported(list(exported.values()), verifier)
    check = _ArchiveCheck(exported, verifier)
    progress = progress or (lambda what, count: None)
    for number, (key, fields) in enumerate(lines, 1):
        if key == "fact":
            check.add_fact(number, fields)
            progress("fact", 1)
        elif key == "checkpoint":
            check.add_checkpoint(Checkpoint.read(fields, "checkpoint"))
        else:
            raise InvalidInput(f"line {number}", key, "a fact or a checkpoint: the lines of an archive")
    check.end()
    return check.result


class _ArchiveCheck:
    def __init__(self, exported: Mapping[int, Checkpoint], verifier: Verifier | None) -> None:
        self.result = Verification()
        self._exported = exported
        self._verifier = verifier
        self._tree = MerkleTree()
        self._first = 0
        self._position = 0
        self._previous: Checkpoint | None = None
        self._seen: set[int] = set()
        self._heads: dict[tuple[str, str], tuple[int, str]] = {}

    def add_fact(self, line: int, fields: Mapping[str, Any]) -> None:
        """Check the next fact.

        Rules: ARCHIVE-6, ARCHIVE-9.
        """
        try:
            fact = read_fact(fields)
        except InvalidInput as error:
            self.result.add_problem("line", "", str(line), str(error))
            return
        leaf = fact.leaf
        self.result.count(leaf.kind.lower())
        self.result.unsealed += 1
        if leaf.position <= self._position:
            problem = f"position {leaf.position} comes after position {self._position}"
            self.result.add_problem("line", leaf.account_id, str(line), problem)
        self._first = self._first or leaf.position
        self._position = max(self._position, leaf.position)
        self._tree.add(leaf_hash(leaf.text))
        if leaf.kind is FactKind.EVENT:
            self._check_event(fact)

    def _check_event(self, fact: ArchivedFact) -> None:
        """Check that an event follows the one before it of its order.

        Rules: ARCHIVE-6.
        """
        leaf, order = fact.leaf, (fact.leaf.account_id, fact.leaf.key)
        head = self._heads.get(order)
        self._heads[order] = (leaf.number, leaf.hash)
        if head is None:
            return  # an archive of a month may begin in the middle of an order
        if leaf.number != head[0] + 1:
            self.result.add_problem("order", *order, f"event {head[0] + 1} is missing")
        elif fact.value.prev_hash != head[1]:
            problem = f"event {leaf.number} does not follow event {head[0]}: their hashes do not chain"
            self.result.add_problem("order", *order, problem)

    def add_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Check that a checkpoint seals the facts since the last one."""
        self.result.count("checkpoint")
        self.result.unsealed = 0
        self._seen.add(checkpoint.number)
        problem = self._problem(checkpoint)
        if problem is not None:
            self.result.add_problem("checkpoint", "", str(checkpoint.number), problem)
        self._tree = MerkleTree()
        self._previous = checkpoint

    def _problem(self, checkpoint: Checkpoint) -> str | None:
        """What does not hold of a checkpoint, the first reason; None if everything does."""
        exported = self._exported.get(checkpoint.number)
        if exported is not None and checkpoint.has_valid_hash:
            if exported.store_id != checkpoint.store_id:
                allowed = f"checkpoints of the archive's store {checkpoint.store_id}"
                raise InvalidInput("against", exported.store_id, allowed)
            if exported != checkpoint:
                return NOT_EXPORTED
        previous = self._previous or self._exported.get(checkpoint.number - 1)
        before = None if previous is None else previous.hash
        flaw = find_flaw(checkpoint, before, self._tree, "before it", is_signed(checkpoint, self._verifier))
        return None if flaw is None else flaw.problem

    def end(self) -> None:
        """Check that every exported checkpoint that seals any of the facts was among the lines.

        Rules: ARCHIVE-8.
        """
        for number, checkpoint in sorted(self._exported.items()):
            previous = self._exported.get(number - 1)
            after = 0 if previous is None else previous.upto
            if number not in self._seen and after < self._position and self._first <= checkpoint.upto:
                self.result.add_problem("checkpoint", "", str(number), "it is missing, and seals facts that are here")
