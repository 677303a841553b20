"""Verify a store: hashes, chains, sequences, derived rows and checkpoints."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import attrs

from sot.application.accounting import positions
from sot.application.audit.checkpoint_verification import check_checkpoints, check_exported, check_store
from sot.application.audit.rederive import rederive_order
from sot.application.audit.verification_result import Verification
from sot.application.audit.waiting_rows import differing_reports
from sot.application.orders.creation import intent_digest_of
from sot.application.support.progress import Progress
from sot.domain.accounting.position import PositionState
from sot.domain.audit.checkpoint import Checkpoint, Leaf
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
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.order import Order
from sot.domain.orders.records import Identifier, RecordedRequest
from sot.domain.values.canonical import digest
from sot.domain.values.errors import SotError, StoreDamaged
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import FactKind
from sot.ports.audit import StoredFact, StoredOrder
from sot.ports.signer import Verifier
from sot.ports.store import Store, UnitOfWork

_DIGESTS: Mapping[FactKind, Callable[[StoredFact], str]] = {
    FactKind.INSTRUMENT: lambda fact: instrument_digest(fact.value),
    FactKind.REQUEST: lambda fact: request_digest(fact.value),
    FactKind.CONTEXT: lambda fact: context_digest(fact.key, fact.value),
    FactKind.RISK_CHECK: lambda fact: check_digest(fact.key, fact.value),
    FactKind.WITHDRAWAL: lambda fact: withdrawal_digest(fact.key, fact.value),
    FactKind.UNATTRIBUTED: lambda fact: report_digest(fact.value),
    FactKind.ACCOUNT_EVENT: lambda fact: account_event_digest(fact.value.event, fact.value.anomalies),
    FactKind.RECONCILIATION: lambda fact: reconciliation_digest(fact.value),
}


def verify(
    store: Store,
    against: Iterable[Checkpoint] = (),
    verifier: Verifier | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Verify a store in a read-only transaction; see `verify_within`."""
    with store.begin(read_only=True) as uow:
        return verify_within(uow, against, verifier, progress)


def verify_within(
    uow: UnitOfWork,
    against: Iterable[Checkpoint] = (),
    verifier: Verifier | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Verify a store in the caller's transaction; see `docs/how-to/audit.md`. Nothing is written.

    Args:
        uow: The unit of work to read from.
        against: Checkpoints that were exported and kept elsewhere. Only they reveal facts that were removed, added, or
            replaced together with their hashes.
        verifier: Checks the signatures of checkpoints; None leaves them unchecked.
        progress: Called with the kind of thing that was checked, and how many more of it.

    Raises:
        InvalidInput: A checkpoint in `against` is of another store, or is damaged itself.
    """
    result = Verification()
    progress = progress or (lambda what, count: None)
    exported = sorted(against, key=lambda checkpoint: checkpoint.number)
    check_exported(exported, verifier)
    for part in uow.audit.structure_problems():
        result.add_problem(part.table, part.account_id, part.key, part.problem)
    for kind in _DIGESTS:
        _check_facts(uow, result, kind, progress)
    _check_orders(uow, result, progress)
    for report, problem in differing_reports(uow):
        result.add_problem("unattributed", report.account_id, report.report_id, problem)
    for row in uow.audit.row_problems():
        result.add_problem(row.table, row.account_id, row.key, row.problem)
    _check_positions(uow, result, progress)
    try:
        check_store(uow, exported)
        check_checkpoints(uow, result, exported, verifier, progress)
    except StoreDamaged as error:
        result.add_problem("checkpoint", "", "", str(error))
    return result


class _FeedRows:
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
            what = _ORDER if self._kind is FactKind.EVENT else self._kind.lower()
            self._result.add_problem(what, leaf.account_id, leaf.key, problem)
            self._next = next(self._leaves, None)


_ORDER = "order"


def _sort_key(leaf: Leaf) -> tuple[str, str, int]:
    return leaf.account_id, leaf.key, leaf.number


def _check_facts(uow: UnitOfWork, result: Verification, kind: FactKind, progress: Progress) -> None:
    facts = uow.audit.facts(kind)
    if kind in _UNSORTED:
        facts = iter(sorted(facts, key=lambda fact: fact.place))
    feed_rows = _FeedRows(result, kind, uow.feed.by_kind(kind))
    for fact in facts:
        result.count(kind.lower())
        leaf = feed_rows.of(fact)
        problem = _fact_problem(fact, leaf, _DIGESTS[kind])
        if problem is not None:
            result.add_problem(kind.lower(), fact.account_id, fact.key, problem)
        progress(kind.lower(), 1)
    feed_rows.end()


_UNSORTED = frozenset({FactKind.INSTRUMENT})
"""Kinds whose key does not sort as the columns that it is made of; there are few facts of them."""


def _fact_problem(fact: StoredFact, leaf: Leaf | None, digest_of: Callable[[StoredFact], str]) -> str | None:
    if fact.problem is not None:
        return fact.problem
    if fact.differs:
        return f"{', '.join(fact.differs)}: not what its body says"
    if digest_of(fact) != fact.hash:
        return "the hash is not that of its body"
    if leaf is None:
        return "it is not in the feed"
    if leaf.hash != fact.hash:
        return f"it is not what was recorded (position {leaf.position} of the feed)"
    if fact.recorded_at is not None and fact.recorded_at != leaf.recorded_at:
        return f"recorded_at: not when it was recorded (position {leaf.position} of the feed)"
    return None


def _check_orders(uow: UnitOfWork, result: Verification, progress: Progress) -> None:
    """Check each order with everything that is stored of it, which comes together, so that nothing is read twice."""
    feed_rows = _FeedRows(result, FactKind.EVENT, uow.feed.by_kind(FactKind.EVENT))
    for stored in uow.audit.stored_orders():
        result.count(_ORDER)
        result.count("event", len(stored.facts))
        problem = _order_problem(uow, stored, feed_rows)
        if problem is not None:
            result.add_problem(_ORDER, stored.account_id, stored.order_id, problem)
        for row in stored.row_problems:
            result.add_problem(row.table, row.account_id, row.key, row.problem)
        progress("event", len(stored.facts))
    feed_rows.end()


def _order_problem(uow: UnitOfWork, stored: StoredOrder, feed_rows: _FeedRows) -> str | None:
    problem = _chain_problem(stored, feed_rows)
    if problem is not None:
        return problem
    if stored.order is None:
        return "its row is missing or cannot be read"
    events = [fact.value for fact in stored.facts]
    try:
        return _derived_problem(uow, stored, stored.order, events)
    except StoreDamaged as error:
        return str(error)
    except (SotError, ArithmeticError, AssertionError, LookupError, TypeError, ValueError) as error:
        return f"its events cannot be folded ({type(error).__name__}: {error})"


def _chain_problem(stored: StoredOrder, feed_rows: _FeedRows) -> str | None:
    """The first event that was changed or moved. All events are matched with the feed in any case."""
    first: str | None = None
    previous, position = "", 0
    for sequence, fact in enumerate(stored.facts, 1):
        leaf = feed_rows.of(fact)
        if first is not None:
            continue
        problem = _fact_problem(fact, leaf, _event_digest)
        if fact.number != sequence:
            first = f"event {sequence} is missing"
        elif problem is not None or leaf is None:
            first = f"event {sequence}: {problem}"
        elif sequence > 1 and fact.value.prev_hash != previous:
            first = f"event {sequence} does not follow event {sequence - 1}: their hashes do not chain"
        elif leaf.position <= position:
            first = f"event {sequence} stands before event {sequence - 1} in the feed"
        else:
            previous, position = fact.hash, leaf.position
    return first or (None if stored.facts else "it has no events")


def _event_digest(fact: StoredFact) -> str:
    return digest("event", fact.body)


def _derived_problem(uow: UnitOfWork, stored: StoredOrder, order: Order, events: Sequence[OrderEvent]) -> str | None:
    """The first of the order's cached and derived rows that differs from what its events give."""
    unknown_request = order.request_id is not None and stored.request is None
    if unknown_request or events[0].prev_hash != intent_digest_of(stored.request):
        return "event 1 does not start from the digest of its request, context and checks"
    if (order.last_sequence, order.last_hash) != (events[-1].sequence, events[-1].hash):
        return "the head in its row is not its last event"
    differing = _differing_identity(order, stored.request, events[0])
    if differing:
        return f"its row is not what made it says ({', '.join(differing)})"
    rederived = rederive_order(uow, order, events, stored.request)
    if order.state != rederived.order.state or order.updated_at != rederived.order.updated_at:
        differs = [name for name in vars(order.state) if vars(order.state)[name] != vars(rederived.order.state)[name]]
        return f"its cached state is not the fold of its events ({', '.join(differs) or 'updated_at'})"
    if stored.fills != rederived.fills:
        return "its executions are not what its events state"
    if stored.costs != rederived.costs:
        return "its costs are not those of its executions"
    if stored.states != rederived.states:
        return "its states after some of its events are not the fold of them"
    if list(stored.snapshots) != list(rederived.snapshots):
        return "its snapshots of profit and loss are not those of its marks"
    return _identifiers_problem(frozenset(stored.names), rederived.identifiers)


def _identifiers_problem(stored: frozenset[Identifier], derived: frozenset[Identifier]) -> str | None:
    for differing, problem in (
        (derived - stored, "it is not found by its name"),
        (stored - derived, "it is found by a name that none of its events gives it:"),
    ):
        if differing:
            return f"{problem} " + ", ".join(f"{name.kind} {name.value}" for name in sorted(differing, key=str))
    return None


_IDENTITY_FIELDS = ("venue", "venue_account", "id_scope", "symbol", "side", "order_type")


def _differing_identity(order: Order, request: RecordedRequest | None, created: OrderEvent) -> list[str]:
    """The fields of the order's row that differ from the request that made it, or the report that it was found by."""
    source = created.report or (request.request if request else None)
    differing = [name for name in _IDENTITY_FIELDS if getattr(order, name) != getattr(source, name)]
    if order.strategy_code != (request.request.strategy_code if request else None):
        differing.append("strategy_code")
    return differing if order.created_at == created.recorded_at else [*differing, "created_at"]


def _check_positions(uow: UnitOfWork, result: Verification, progress: Progress) -> None:
    for account_id in uow.audit.accounts():
        try:
            stored = dict(uow.positions.list(account_id))
            derived = positions.positions_of_facts(uow, account_id)
            keys = sorted({*stored, *derived, *uow.positions.keys_of_snapshots(account_id)})
            for key in keys:
                _check_position(uow, result, key, stored.get(key))
                progress("position", 1)
        except StoreDamaged as error:
            result.add_problem("position", account_id, "", str(error))


def _check_position(uow: UnitOfWork, result: Verification, key: PositionKey, stored: PositionState | None) -> None:
    instruments = uow.instruments.versions(key.account_id, key.venue, key.symbol)
    if not instruments and stored is None and not uow.positions.snapshots(key):
        return
    result.count("position")
    state: PositionState | None = None
    snapshots: list[PositionState] = []
    if instruments:
        state, snapshots = positions.fold_position(uow, key, instruments)
    name = " ".join(str(part) for part in key[1:] if part)
    if not _are_equal([stored], [state]):
        result.add_problem("position", key.account_id, name, "its row is not the fold of its fills and account events")
    elif not _are_equal(uow.positions.snapshots(key), snapshots):
        result.add_problem("position", key.account_id, name, "its snapshots are not those of its fold")


def _are_equal(stored: Sequence[PositionState | None], folded: Sequence[PositionState | None]) -> bool:
    """Whether states are equal in every column, those included that `==` leaves out."""
    return [state and attrs.astuple(state, recurse=False) for state in stored] == [
        state and attrs.astuple(state, recurse=False) for state in folded
    ]
