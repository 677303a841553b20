"""Verify facts: each against its hash, its columns and the feed."""

from collections.abc import Callable, Iterator, Mapping

from sot.application.audit.verification_result import Verification
from sot.application.support.progress import Progress
from sot.domain.audit.checkpoint import Leaf
from sot.domain.audit.digests import (
    account_event_digest,
    check_digest,
    context_digest,
    instrument_digest,
    reconciliation_digest,
    report_digest,
    request_digest,
    withdrawal_digest,
)
from sot.domain.values.vocabulary import FactKind
from sot.ports.audit import StoredFact
from sot.ports.store import UnitOfWork

DIGESTS: Mapping[FactKind, Callable[[StoredFact], str]] = {
    FactKind.INSTRUMENT: lambda fact: instrument_digest(fact.value),
    FactKind.REQUEST: lambda fact: request_digest(fact.value),
    FactKind.CONTEXT: lambda fact: context_digest(fact.key, fact.value),
    FactKind.RISK_CHECK: lambda fact: check_digest(fact.key, fact.value),
    FactKind.WITHDRAWAL: lambda fact: withdrawal_digest(fact.key, fact.value),
    FactKind.UNATTRIBUTED: lambda fact: report_digest(fact.value),
    FactKind.ACCOUNT_EVENT: lambda fact: account_event_digest(fact.value.event, fact.value.anomalies),
    FactKind.RECONCILIATION: lambda fact: reconciliation_digest(fact.value),
}


class FeedRows:
    """The feed's rows of one kind of fact, matched with the facts: both are sorted by account, key and number."""

    def __init__(self, result: Verification, kind: FactKind, leaves: Iterator[Leaf]) -> None:
        self._result = result
        self._kind = kind
        self._leaves = leaves
        self._next = next(leaves, None)

    def of(self, fact: StoredFact) -> Leaf | None:
        """The row of a fact. Rows before it have lost their fact, which is a problem."""
        self._skip_to(fact.place)
        leaf = self._next
        if leaf is None or _sort_key(leaf) != fact.place:
            return None
        self._next = next(self._leaves, None)
        return leaf

    def end(self) -> None:
        """Report the rows after the last fact."""
        self._skip_to(None)

    def _skip_to(self, sort_key: tuple[str, str, int] | None) -> None:
        while self._next is not None and (sort_key is None or _sort_key(self._next) < sort_key):
            leaf = self._next
            number = f"{leaf.number}: " if leaf.number else ""
            event = "event " if self._kind is FactKind.EVENT else ""
            problem = f"{event}{number}it was recorded (position {leaf.position}), and is missing"
            what = ORDER if self._kind is FactKind.EVENT else self._kind.lower()
            self._result.add_problem(what, leaf.account_id, leaf.key, problem)
            self._next = next(self._leaves, None)


ORDER = "order"
"""What an order is called among the things that are verified."""


def _sort_key(leaf: Leaf) -> tuple[str, str, int]:
    return leaf.account_id, leaf.key, leaf.number


def check_facts(uow: UnitOfWork, result: Verification, progress: Progress, kind: FactKind) -> None:
    """Check all facts of a kind, EVENT excepted."""
    facts = uow.audit.facts(kind)
    if kind in _UNSORTED:
        facts = iter(sorted(facts, key=lambda fact: fact.place))
    feed_rows = FeedRows(result, kind, uow.feed.by_kind(kind))
    for fact in facts:
        result.count(kind.lower())
        leaf = feed_rows.of(fact)
        problem = fact_problem(fact, leaf, DIGESTS[kind])
        if problem is not None:
            result.add_problem(kind.lower(), fact.account_id, fact.key, problem)
        progress(kind.lower(), 1)
    feed_rows.end()


_UNSORTED = frozenset({FactKind.INSTRUMENT})
"""Kinds whose key does not sort as the columns that it is made of; there are few facts of them."""


def fact_problem(fact: StoredFact, leaf: Leaf | None, digest_of: Callable[[StoredFact], str]) -> str | None:
    """What is wrong with a fact, with its row in the feed; None if nothing is."""
    return content_problem(fact, digest_of) or feed_problem(fact, leaf)


def content_problem(fact: StoredFact, digest_of: Callable[[StoredFact], str]) -> str | None:
    """What is wrong with a fact alone: its form, its columns or its hash."""
    if fact.problem is not None:
        return fact.problem
    if fact.differs:
        return f"{', '.join(fact.differs)}: not what its body says"
    if digest_of(fact) != fact.hash:
        return "the hash is not that of its body"
    return None


def feed_problem(fact: StoredFact, leaf: Leaf | None) -> str | None:
    """In what a fact is not that of its row in the feed."""
    if leaf is None:
        return "it is not in the feed"
    if leaf.hash != fact.hash:
        return f"it is not what was recorded (position {leaf.position} of the feed)"
    if fact.recorded_at is not None and fact.recorded_at != leaf.recorded_at:
        return f"recorded_at: not when it was recorded (position {leaf.position} of the feed)"
    return None
