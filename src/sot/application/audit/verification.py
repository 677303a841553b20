"""Finding out whether anything that is kept was changed: hashes, chains, sequences, derived rows, checkpoints."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import attrs

from sot.application.accounting import positions
from sot.application.audit.checkpoint_verification import check_checkpoints, check_exported, check_store
from sot.application.audit.lost_reports import lost_reports
from sot.application.audit.rederive import rederive_order
from sot.application.audit.verification_result import Verification
from sot.application.orders.creation import intent_digest_of
from sot.application.orders.identifiers import missing_identifiers
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
from sot.domain.orders.records import RecordedRequest
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
    """Look at everything that is kept, in a read-only transaction; see `verify_within`."""
    with store.begin(read_only=True) as uow:
        return verify_within(uow, against, verifier, progress)


def verify_within(
    uow: UnitOfWork,
    against: Iterable[Checkpoint] = (),
    verifier: Verifier | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Look at everything that is kept; see `docs/how-to/audit.md`. Reads only, in the caller's transaction.

    `against` are checkpoints that were exported and kept elsewhere: only they tell of facts that were removed, added or
    made anew together with their hashes. A `verifier` checks signatures.

    Raises: InvalidInput: a checkpoint of another store, or one that was damaged itself.
    """
    found = Verification()
    tell = progress or (lambda what, count: None)
    kept = sorted(against, key=lambda checkpoint: checkpoint.number)
    check_exported(kept, verifier)
    for kind in _DIGESTS:
        _check_facts(uow, found, kind, tell)
    _check_orders(uow, found, tell)
    for report in lost_reports(uow):
        told = "it waits for its order, and would not be found when that becomes known"
        found.add_problem("unattributed", report.account_id, report.report_id, told)
    for misfit in uow.audit.row_problems():
        found.add_problem(misfit.table, misfit.account_id, misfit.key, misfit.problem)
    _check_positions(uow, found, tell)
    try:
        check_store(uow, kept)
        check_checkpoints(uow, found, kept, verifier, tell)
    except StoreDamaged as error:
        found.add_problem("checkpoint", "", "", str(error))
    return found


class _Places:
    """The feed's rows of one kind, matched with the facts themselves: both come by account, key and number."""

    def __init__(self, found: Verification, kind: FactKind, leaves: Iterator[Leaf]) -> None:
        self._found = found
        self._kind = kind
        self._leaves = leaves
        self._next = next(leaves, None)

    def of(self, fact: StoredFact) -> Leaf | None:
        """The row of a fact; those that are passed over have lost theirs."""
        self._pass_over(fact.place)
        leaf = self._next
        if leaf is None or _place(leaf) != fact.place:
            return None
        self._next = next(self._leaves, None)
        return leaf

    def end(self) -> None:
        """There are no more facts."""
        self._pass_over(None)

    def _pass_over(self, place: tuple[str, str, int] | None) -> None:
        while self._next is not None and (place is None or _place(self._next) < place):
            leaf = self._next
            number = f"{leaf.number}: " if leaf.number else ""
            what = _ORDER if self._kind is FactKind.EVENT else self._kind.lower()
            told = f"{_EVENT_OR_CHECK[self._kind]}{number}it was recorded (position {leaf.position}), and is missing"
            self._found.add_problem(what, leaf.account_id, leaf.key, told)
            self._next = next(self._leaves, None)


_ORDER = "order"


_EVENT_OR_CHECK = {kind: "event " if kind is FactKind.EVENT else "" for kind in FactKind}


def _place(leaf: Leaf) -> tuple[str, str, int]:
    return leaf.account_id, leaf.key, leaf.number


def _check_facts(uow: UnitOfWork, found: Verification, kind: FactKind, tell: Progress) -> None:
    facts = iter(sorted(uow.audit.facts(kind), key=lambda fact: fact.place)) if kind in _FEW else uow.audit.facts(kind)
    places = _Places(found, kind, uow.feed.by_kind(kind))
    for fact in facts:
        found.count(kind.lower())
        leaf = places.of(fact)
        problem = _fact_problem(fact, leaf, _DIGESTS[kind])
        if problem is not None:
            found.add_problem(kind.lower(), fact.account_id, fact.key, problem)
        tell(kind.lower(), 1)
    places.end()


_FEW = frozenset({FactKind.INSTRUMENT})
"""Kinds whose key does not sort as the columns that it is made of."""


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


def _check_orders(uow: UnitOfWork, found: Verification, tell: Progress) -> None:
    """Whatever is kept of an order comes together, so that nothing is read twice."""
    places = _Places(found, FactKind.EVENT, uow.feed.by_kind(FactKind.EVENT))
    for story in uow.audit.stored_orders():
        found.count(_ORDER)
        found.count("event", len(story.facts))
        problem = _first_problem(uow, story, places)
        if problem is not None:
            found.add_problem(_ORDER, story.account_id, story.order_id, problem)
        for misfit in story.row_problems:
            found.add_problem(misfit.table, misfit.account_id, misfit.key, misfit.problem)
        tell("event", len(story.facts))
    places.end()


def _first_problem(uow: UnitOfWork, story: StoredOrder, places: _Places) -> str | None:
    problem = _chain_problem(story, places)
    if problem is not None:
        return problem
    if story.order is None:
        return "its row is missing or cannot be read"
    events = [fact.value for fact in story.facts]
    try:
        return _contradiction(uow, story, story.order, events)
    except StoreDamaged as error:
        return str(error)
    except (SotError, ArithmeticError, AssertionError, LookupError, TypeError, ValueError) as error:
        return f"its events cannot be folded ({type(error).__name__}: {error})"


def _chain_problem(story: StoredOrder, places: _Places) -> str | None:
    """The first event that is not what it was, or not where it was. All are matched with the feed in any case."""
    first: str | None = None
    previous, position = "", 0
    for place, fact in enumerate(story.facts, 1):
        leaf = places.of(fact)
        if first is not None:
            continue
        problem = _fact_problem(fact, leaf, _event_digest)
        if fact.number != place:
            first = f"event {place} is missing"
        elif problem is not None or leaf is None:
            first = f"event {place}: {problem}"
        elif place > 1 and fact.value.prev_hash != previous:
            first = f"event {place} does not follow event {place - 1}: their hashes do not chain"
        elif leaf.position <= position:
            first = f"event {place} stands before event {place - 1} in the feed"
        else:
            previous, position = fact.hash, leaf.position
    return first or (None if story.facts else "it has no events")


def _event_digest(fact: StoredFact) -> str:
    return digest("event", fact.body)


def _contradiction(uow: UnitOfWork, story: StoredOrder, order: Order, events: Sequence[OrderEvent]) -> str | None:
    """What the order's cached and derived rows say otherwise than its events."""
    unknown_request = order.request_id is not None and story.request is None
    if unknown_request or events[0].prev_hash != intent_digest_of(story.request):
        return "event 1 does not start from the digest of its request, context and checks"
    if (order.last_sequence, order.last_hash) != (events[-1].sequence, events[-1].hash):
        return "the head in its row is not its last event"
    wrong = _identity_problem(order, story.request, events[0])
    if wrong:
        return f"its row is not what made it says ({', '.join(wrong)})"
    made = rederive_order(uow, order, events, story.request)
    if order.state != made.order.state or order.updated_at != made.order.updated_at:
        differs = [name for name in vars(order.state) if vars(order.state)[name] != vars(made.order.state)[name]]
        return f"its cached state is not the fold of its events ({', '.join(differs) or 'updated_at'})"
    if story.fills != made.fills:
        return "its executions are not what its events state"
    if story.costs != made.costs:
        return "its costs are not those of its executions"
    if story.states != made.states:
        return "its states after some of its events are not the fold of them"
    if list(story.snapshots) != list(made.snapshots):
        return "its snapshots of profit and loss are not those of its marks"
    lost = missing_identifiers(uow, order, events, story.names)
    if lost:
        return "it is not found by its name " + ", ".join(f"{name.kind} {name.value}" for name in lost)
    return None


_OF_ITS_MAKER = ("venue", "venue_account", "id_scope", "symbol", "side", "order_type")


def _identity_problem(order: Order, request: RecordedRequest | None, created: OrderEvent) -> list[str]:
    """What the order's row says otherwise than the request that made it, or the report that it was found by."""
    maker = created.report or (request.request if request else None)
    wrong = [name for name in _OF_ITS_MAKER if getattr(order, name) != getattr(maker, name)]
    if order.strategy_code != (request.request.strategy_code if request else None):
        wrong.append("strategy_code")
    return wrong if order.created_at == created.recorded_at else [*wrong, "created_at"]


def _check_positions(uow: UnitOfWork, found: Verification, tell: Progress) -> None:
    for account_id in uow.audit.accounts():
        try:
            kept = dict(uow.positions.list(account_id))
            keys = sorted({*kept, *positions.positions_of_facts(uow, account_id)})
            for key in keys:
                _check_position(uow, found, key, kept.get(key))
                tell("position", 1)
        except StoreDamaged as error:
            found.add_problem("position", account_id, "", str(error))


def _check_position(uow: UnitOfWork, found: Verification, key: PositionKey, kept: PositionState | None) -> None:
    instruments = uow.instruments.versions(key.account_id, key.venue, key.symbol)
    if not instruments and kept is None:
        return
    found.count("position")
    state: PositionState | None = None
    checkpoints: list[PositionState] = []
    if instruments:
        state, checkpoints = positions.fold_position(instruments, positions.entries(uow, key))
    name = " ".join(str(part) for part in key[1:] if part)
    if not _same([kept], [state]):
        found.add_problem("position", key.account_id, name, "its row is not the fold of its fills and account events")
    elif not _same(uow.positions.snapshots(key), checkpoints):
        found.add_problem("position", key.account_id, name, "its checkpoints are not those of its fold")


def _same(kept: Sequence[PositionState | None], made: Sequence[PositionState | None]) -> bool:
    """Whether they are equal in every column, those included that say how they were made."""
    return [state and attrs.astuple(state, recurse=False) for state in kept] == [
        state and attrs.astuple(state, recurse=False) for state in made
    ]
