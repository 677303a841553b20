"""The straight way of ordinary reports: a NEW or a TRADE of an order that we sent, about which nothing is odd.

Most reports are ordinary. What is rare (several orders with one identifier, repeats, corrections and what waits for
them, legs, terms, reported quantities, late reports) can only come of a field that the report has, of an open point in
the state of its order, or of an earlier event. So a few early questions tell an ordinary report, and the general way
(`reports`) answers all others. Both append by `event_log`, and what an event does is decided in `lifecycle` alone: the
straight way only leaves out questions whose answer it knows. tests/application/orders/test_ordinary.py drives both ways
against each other.
"""

from collections.abc import Callable, Mapping

from sot.application.orders.event_log import append
from sot.application.orders.identifiers import own_identifier
from sot.application.support.record_result import RecordResult
from sot.domain.orders.anomalies import timing_anomalies
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport, is_client_order_id, is_venue_order_id
from sot.domain.orders.state import OrderState
from sot.domain.values.numbers import ZERO
from sot.domain.values.slotted import tells_absent
from sot.domain.values.vocabulary import EventType, IdentifierKind, Origin
from sot.ports.store import UnitOfWork

_FIELDS = frozenset(
    {
        "account_id",
        "client_order_id",
        "exec_id",
        "occurred_at",
        "raw_payload",
        "received_at",
        "side",
        "symbol",
        "text",
        "type",
        "venue",
        "venue_order_id",
        "venue_sequence",
        "venue_time_ns",
    }
)
"""The fields of which nothing odd can come that is not asked for here."""

_HAS_ORDINARY_FIELDS: Mapping[EventType, Callable[[VenueReport], bool]] = {
    EventType.NEW: tells_absent(VenueReport, VenueReport.KINDS.keys() - _FIELDS),
    EventType.TRADE: tells_absent(
        VenueReport, VenueReport.KINDS.keys() - _FIELDS - {"fees", "last_price", "last_quantity", "liquidity"}
    ),
}
"""Whether a report has no field of which something odd may come."""


def record_ordinary(uow: UnitOfWork, report: VenueReport, origin: Origin) -> RecordResult | None:
    """Record a report if it is ordinary.

    Returns:
        The result; None if the report is not ordinary: nothing was written then.
    """
    has_ordinary_fields = _HAS_ORDINARY_FIELDS.get(report.type)
    if has_ordinary_fields is None or not has_ordinary_fields(report):
        return None
    order = _sent_order(uow, report)
    if order is None or not _fits(order, report) or timing_anomalies(order.state, report):
        return None
    brings_id = report.venue_order_id != order.state.venue_order_id
    if brings_id and not _is_free(uow, order, report):
        return None
    digest = report.content_digest if report.type is EventType.NEW else None
    if digest is None and report.identity is None:
        return None
    if not order.has_only_begun and _may_be_repeat(uow, order, report, digest):
        return None
    event = append(uow, order, report.type, origin, report=report, content_digest=digest)
    assert event is not None
    if brings_id:
        assert report.venue_order_id is not None
        identifier = own_identifier(order, IdentifierKind.VENUE, report.venue_order_id, report)
        uow.identifiers.add(identifier, order.order_id)
    return RecordResult.of_event(event)


def _sent_order(uow: UnitOfWork, report: VenueReport) -> Order | None:
    """The order of ours that the client order id of a report names, if it names one alone."""
    client_order_id = report.client_order_id
    if client_order_id is None or not is_client_order_id(client_order_id):
        return None
    claims = uow.identifiers.claims(report.account_id, IdentifierKind.CLIENT, client_order_id).orders
    if len(claims) != 1:
        return None
    identifier, order_id = claims[0]
    if report.venue != identifier.venue:
        return None
    order = uow.orders.get(order_id)
    is_ours = order is not None and order.request_id is not None and order.state.attributed_to is None
    return order if is_ours else None


def _fits(order: Order, report: VenueReport) -> bool:
    """Whether a report says nothing against its order, whose state has no open point that it may touch."""
    state = order.state
    return (
        report.symbol in (None, order.symbol)
        and report.side in (None, order.side)
        and order.side is not None
        and report.client_order_id == state.client_order_id
        and report.venue_order_id is not None
        and (state.venue_order_id is None or report.venue_order_id == state.venue_order_id)
        and (report.type is EventType.NEW or _states_execution(state, report))
    )


def _states_execution(state: OrderState, report: VenueReport) -> bool:
    """Whether a TRADE states an execution that no correction, bust or leg before it was about."""
    quantity = report.last_quantity
    if state.parked or state.has_legs:
        return False
    return quantity is not None and quantity > ZERO and report.last_price is not None


def _may_be_repeat(uow: UnitOfWork, order: Order, report: VenueReport, digest: str | None) -> bool:
    """Whether an event of an order has the content of a report, where its digest is given, or its execution id."""
    account_id, order_id = order.account_id, order.order_id
    if digest is not None and uow.events.by_content_digest(account_id, order_id, digest) is not None:
        return True
    exec_id = report.exec_id
    return exec_id is not None and bool(uow.events.by_execution(account_id, order_id, exec_id, report.leg))


def _is_free(uow: UnitOfWork, order: Order, report: VenueReport) -> bool:
    """Whether no order has the venue order id of a report, and no report waits for it."""
    value = report.venue_order_id
    if value is None or not is_venue_order_id(value):
        return False
    claims = uow.identifiers.claims(order.account_id, IdentifierKind.VENUE, value, lock=True)
    return not claims.orders and not claims.waiting
