"""Create orders: of a request, in place of an order that is replaced, or of what was found at a venue."""

from datetime import datetime

from sot.application.orders.event_log import append
from sot.domain.audit.chain import NO_INTENT, intent_digest
from sot.domain.orders.event import LocalFact
from sot.domain.orders.external_id import external_order_id
from sot.domain.orders.order import Order
from sot.domain.orders.records import RecordedRequest
from sot.domain.orders.replay import opening_state
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import failed_check
from sot.domain.values.errors import NotExecutable
from sot.domain.values.vocabulary import EventType, Origin, ReportingType, RequestStatus
from sot.ports.store import UnitOfWork


def check_executable(request: RecordedRequest) -> None:
    """Check that a request may be executed.

    Raises:
        NotExecutable: The request was denied or withdrawn.

    Rules: SUBMIT-9.
    """
    if request.status is RequestStatus.WITHDRAWN:
        withdrawal = request.withdrawal.withdrawal if request.withdrawal else None
        raise NotExecutable(request.request_id, request.status, (withdrawal and withdrawal.reason) or "taken back")
    failed = failed_check(request.risk_checks)
    if failed is not None:
        raise NotExecutable(request.request_id, RequestStatus.DENIED, f"risk check {failed.rule_code} failed")


def create_order(uow: UnitOfWork, request: RecordedRequest, actor: str | None = None) -> Order:
    """Create the order of a NEW request. Its chain starts from the digest of the intent.

    Raises:
        NotExecutable: The request was denied or withdrawn.

    Rules: EVENT-6.
    """
    check_executable(request)
    order = new_order(uow.ids.new_id(), request, None, uow.clock.now())
    uow.orders.add(order)
    append(uow, order, EventType.CREATED, Origin.LOCAL, fact=LocalFact(request_id=request.request_id, actor=actor))
    return order


def create_replacement(uow: UnitOfWork, request: RecordedRequest, target: Order, actor: str | None = None) -> Order:
    """Create the order that replaces `target` at a venue where a replacement is a new order.

    CREATED has its terms: those of the request, else those of the target. Without a quantity of its own it has the one
    that the target leaves.

    Rules: EVENT-7.
    """
    intent, state = request.request, target.state
    terms = VenueReport(
        account_id=target.account_id,
        type=EventType.ORDER_STATUS,
        venue=target.venue,
        venue_account=target.venue_account,
        id_scope=intent.id_scope or target.id_scope,
        client_order_id=intent.client_order_id,
        symbol=target.symbol,
        side=target.side,
        order_type=intent.order_type or target.order_type,
        order_quantity=intent.quantity or state.leaves_quantity or None,
        limit_price=state.limit_price if intent.limit_price is None else intent.limit_price,
        stop_price=state.stop_price if intent.stop_price is None else intent.stop_price,
        time_in_force=intent.time_in_force or state.time_in_force,
        position_side=state.position_side,
        position_id=state.position_id or None,
    )
    return _create(uow, terms, Origin.LOCAL, actor, request)


def create_external_order(uow: UnitOfWork, report: VenueReport, origin: Origin, actor: str | None = None) -> Order:
    """Create an order that was found at the venue and that no request made. CREATED has the terms of the report.

    A leg has a symbol and a side of its own. It makes an order that is known by them until its own are told (see
    `attribution.leg_orders_named`).

    Rules: EVENT-7.
    """
    terms = VenueReport(type=EventType.ORDER_STATUS, **{name: getattr(report, name) for name in _TERMS})
    if report.reporting_type is ReportingType.LEG:
        terms = terms.changed(reporting_type=report.reporting_type, side=None)
    return _create(uow, terms, origin, actor)


def _create(
    uow: UnitOfWork, terms: VenueReport, origin: Origin, actor: str | None, request: RecordedRequest | None = None
) -> Order:
    order_id = uow.ids.new_id() if request else _external_order_id(uow, terms)
    order = new_order(order_id, request, terms, uow.clock.now())
    uow.orders.add(order)
    fact = LocalFact(request_id=order.request_id, actor=actor)
    append(uow, order, EventType.CREATED, origin, fact=fact, report=terms)
    return order


def new_order(order_id: str, request: RecordedRequest | None, terms: VenueReport | None, created_at: datetime) -> Order:
    """Make the order as it is before its first event.

    Args:
        order_id: Its id.
        request: The request that makes it; None for an external order.
        terms: The terms that CREATED has; None for those of the request.
        created_at: When it is created.
    """
    intent = request.request if request else None
    source = terms or intent
    assert source is not None and source.venue is not None and source.symbol is not None
    return Order(
        account_id=source.account_id,
        order_id=order_id,
        request_id=request.request_id if request else None,
        venue=source.venue,
        venue_account=source.venue_account,
        id_scope=source.id_scope,
        symbol=source.symbol,
        side=source.side,
        order_type=source.order_type,
        strategy_code=intent.strategy_code if intent else None,
        created_at=created_at,
        state=opening_state(intent, terms),
        last_hash=intent_digest_of(request),
    )


def intent_digest_of(request: RecordedRequest | None) -> str:
    """The digest from which the chain of an order starts.

    Rules: AUDIT-1.
    """
    if request is None:
        return NO_INTENT
    return intent_digest(request.hash, request.context_hash, [check.hash for check in request.checks])


def _external_order_id(uow: UnitOfWork, report: VenueReport) -> str:
    """The id of an external order; another one where the venue has used the identifier before.

    Rules: NAME-21.
    """
    number = 1
    while uow.orders.get(order_id := external_order_id(report, number)) is not None:
        number += 1
    return order_id


_TERMS = (
    "account_id",
    "venue",
    "venue_account",
    "id_scope",
    "client_order_id",
    "venue_order_id",
    "symbol",
    "side",
    "order_quantity",
    "order_type",
    "limit_price",
    "stop_price",
    "time_in_force",
    "position_side",
    "position_id",
)
