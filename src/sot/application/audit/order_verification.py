"""Verify orders: the chain of each one's events, and all of its rows against what the events derive."""

from collections.abc import Sequence

import attrs

from sot.application.audit.fact_verification import ORDER, FeedRows, content_problem, feed_problem
from sot.application.audit.rederive import derive_order, rederive_order
from sot.application.audit.verification_result import Verification
from sot.application.orders.creation import intent_digest_of, new_order
from sot.application.support.progress import Progress
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.order import Order
from sot.domain.orders.records import Identifier, RecordedRequest
from sot.domain.orders.state import OrderState
from sot.domain.values.canonical import digest
from sot.domain.values.errors import SotError, StoreDamaged
from sot.domain.values.vocabulary import FactKind
from sot.ports.audit import ALL_ORDERS, OrderRange, StoredFact, StoredOrder
from sot.ports.store import UnitOfWork

_UNFOLDABLE = (SotError, ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
"""What folding events that were changed may raise."""


def check_orders(uow: UnitOfWork, result: Verification, progress: Progress, within: OrderRange = ALL_ORDERS) -> None:
    """Check each order of a range with everything that is stored of it, which comes together."""
    for stored in uow.audit.stored_orders(within):
        if stored.is_missing:
            FeedRows(result, FactKind.EVENT, iter(stored.leaves)).end()
            continue
        result.count(ORDER)
        result.count("event", len(stored.facts))
        _check_order(uow, result, stored)
        progress("event", len(stored.facts))


def _check_order(uow: UnitOfWork, result: Verification, stored: StoredOrder) -> None:
    feed_rows = None if stored.is_recorded_exactly else FeedRows(result, FactKind.EVENT, iter(stored.leaves))
    problem = _order_problem(uow, stored, feed_rows)
    if problem is not None:
        result.add_problem(ORDER, stored.account_id, stored.order_id, problem)
    for row in stored.row_problems:
        result.add_problem(row.table, row.account_id, row.key, row.problem)
    if feed_rows is not None:
        feed_rows.end()


def _order_problem(uow: UnitOfWork, stored: StoredOrder, feed_rows: FeedRows | None) -> str | None:
    problem = _chain_problem(stored, feed_rows)
    if problem is not None:
        return problem
    if is_as_derived(uow, stored):
        return None
    if stored.order is None:
        return "its row is missing or cannot be read"
    events = [fact.value for fact in stored.facts]
    try:
        return _derived_problem(uow, stored, stored.order, events)
    except StoreDamaged as error:
        return str(error)
    except (SotError, ArithmeticError, AssertionError, LookupError, TypeError, ValueError) as error:
        return f"its events cannot be folded ({type(error).__name__}: {error})"


def is_as_derived(uow: UnitOfWork, stored: StoredOrder) -> bool:
    """Whether all derived rows of an order are known to be those that its events derive, in every character.

    Otherwise its parts tell whether something is wrong, and what.
    """
    try:
        events: list[OrderEvent] = [fact.value for fact in stored.facts]
        request, created = stored.request, events[0]
        order = new_order(stored.order_id, request, created.report, created.recorded_at)
        return order.last_hash == created.prev_hash and stored.is_exactly(derive_order(uow, order, events, request))
    except _UNFOLDABLE:
        return False


def _chain_problem(stored: StoredOrder, feed_rows: FeedRows | None) -> str | None:
    """The first event that was changed or moved. All events are matched with the feed in any case.

    Args:
        stored: The order.
        feed_rows: The feed's rows of its events; None where these are known to be recorded exactly.
    """
    first: str | None = None
    previous, position = "", 0
    for sequence, fact in enumerate(stored.facts, 1):
        leaf = None if feed_rows is None else feed_rows.of(fact)
        if first is not None:
            continue
        problem = content_problem(fact, _event_digest)
        if problem is None and feed_rows is not None:
            problem = feed_problem(fact, leaf)
        if fact.number != sequence:
            first = f"event {sequence} is missing"
        elif problem is not None:
            first = f"event {sequence}: {problem}"
        elif sequence > 1 and fact.value.prev_hash != previous:
            first = f"event {sequence} does not follow event {sequence - 1}: their hashes do not chain"
        elif leaf is not None and leaf.position <= position:
            first = f"event {sequence} stands before event {sequence - 1} in the feed"
        else:
            previous, position = fact.hash, 0 if leaf is None else leaf.position
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
        differs = [name for name in _STATE if getattr(order.state, name) != getattr(rederived.order.state, name)]
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


_STATE = [field.name for field in attrs.fields(OrderState)]


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
