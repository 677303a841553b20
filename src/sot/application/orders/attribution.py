"""Attribute external orders: found at a venue before anybody knew whose they are, they turn out to be orders of ours.

What the venue reported of an external order is recorded on the order that it is, and counts there alone.
"""

from collections.abc import Iterator

from sot.application.orders.event_log import append_local
from sot.application.orders.identifiers import own_identifier
from sot.application.orders.lookup import is_made_from_leg
from sot.application.support.record_result import RecordResult
from sot.domain.orders.commands import is_allowed
from sot.domain.orders.event import LocalFact
from sot.domain.orders.fill import Executions
from sot.domain.orders.order import Order
from sot.domain.orders.replay import voided
from sot.domain.orders.report import VenueReport, is_venue_order_id
from sot.domain.values.vocabulary import EventType, IdentifierKind, Origin, Outcome
from sot.ports.store import UnitOfWork


def external_orders_named(uow: UnitOfWork, order: Order, report: VenueReport) -> Iterator[tuple[Order, LocalFact]]:
    """The external orders that go by the venue order id in a report of this order, each with why it is this order.

    Rules: NAME-18.
    """
    venue_order_id = report.venue_order_id
    if venue_order_id is None or venue_order_id == order.state.venue_order_id or not is_venue_order_id(venue_order_id):
        return
    if report.venue not in (None, order.venue):
        return
    wanted = own_identifier(order, IdentifierKind.VENUE, venue_order_id, report)
    claims = uow.identifiers.claims(order.account_id, IdentifierKind.VENUE, venue_order_id, lock=True)
    for identifier, order_id in claims.orders:
        external = uow.orders.get(order_id) if identifier == wanted and order_id != order.order_id else None
        if external is not None and _may_be_same(uow, external, order, report):
            client_order_id = report.client_order_id or order.client_order_id
            reason = f"the venue reports {venue_order_id} as the id of client order id {client_order_id}"
            yield external, LocalFact(attributed_order_id=order.order_id, reason=reason)


def _may_be_same(uow: UnitOfWork, external: Order, order: Order, report: VenueReport) -> bool:
    """Whether nothing speaks against an external order being this one: its terms and client order id agree."""
    own_ids = (None, order.state.client_order_id, report.client_order_id)
    return (
        external.request_id is None
        and is_allowed(external, EventType.ATTRIBUTED)
        and external.state.client_order_id in own_ids
        and contradicted_term(uow, external, order) is None
    )


def contradicted_term(uow: UnitOfWork, external: Order, order: Order) -> str | None:
    """The name of the term by which an external order cannot be this one, `side` or `symbol`; None if both agree.

    The symbol of an order that is made from a leg is that of the leg.

    Rules: NAME-18.
    """
    if external.side not in (None, order.side):
        return "side"
    if external.symbol != order.symbol and not is_made_from_leg(uow, external):
        return "symbol"
    return None


def leg_orders_named(uow: UnitOfWork, order: Order, report: VenueReport) -> Iterator[tuple[Order, LocalFact]]:
    """The orders that were found by legs of an order before it, each with why it is this order.

    Rules: NAME-19.
    """
    claims = [uow.identifiers.claims(order.account_id, *name, lock=True) for name in report.identifiers()]
    found = {order_id for each in claims for identifier, order_id in each.orders if identifier.fits(report)}
    for order_id in sorted(found - {order.order_id}):
        external = uow.orders.get(order_id)
        if external is not None and is_allowed(external, EventType.ATTRIBUTED) and is_made_from_leg(uow, external):
            reason = f"legs of {order.symbol} were reported before the order itself"
            yield external, LocalFact(attributed_order_id=order.order_id, reason=reason)


def append_attribution(
    uow: UnitOfWork, external: Order, fact: LocalFact, origin: Origin
) -> tuple[RecordResult, list[VenueReport]]:
    """Append ATTRIBUTED to an external order; returns the venue's reports to be recorded on the order that it is.

    Raises: IllegalTransition: the venue has reported nothing of the external order, or it was attributed before.

    Rules: NAME-20.
    """
    events = uow.events.list(external.account_id, external.order_id)
    void = voided(events)
    stated = [event for event in events[1:] if event.sequence not in void]  # CREATED has terms, and states no fact
    executions = Executions(uow.fills.list(external.account_id, external.order_id))
    result = append_local(uow, external, EventType.ATTRIBUTED, fact, executions, origin)
    if result.outcome is Outcome.REPEATED:
        return result, []
    return result, [event.report for event in stated if event.report is not None]
