"""Orders that live longer than the day in which their ids are unique."""

from sot.application.orders import matching
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.values.vocabulary import EventType, IdentifierKind
from sot.ports.store import UnitOfWork

_CORRECTIONS = (EventType.TRADE_CORRECT, EventType.TRADE_CANCEL)


def resolve_multiday_order(uow: UnitOfWork, report: VenueReport) -> VenueReport:
    """Add our order id to a report about an order of an earlier day; return any other report unchanged.

    A report is about an order of an earlier day if no order of its own day has its ids, and exactly one order of other
    days has its OrderID (tag 37) and can still be reported: it is no day order, or the report corrects or cancels an
    execution. FIX requires ids that are unique across days for orders that live for several days. Once the report is
    recorded, the order also has the ids of this day.
    """
    if not report.id_scope or matching.find_order(uow, report) is not None:
        return report
    order_ids = {order.order_id for order in _orders_with_its_id(uow, report) if _can_be_reported(order, report)}
    return report.changed(order_id=order_ids.pop()) if len(order_ids) == 1 else report


def _orders_with_its_id(uow: UnitOfWork, report: VenueReport) -> list[Order]:
    venue_order_id = next((value for kind, value in report.identifiers() if kind is IdentifierKind.VENUE), None)
    if venue_order_id is None:
        return []
    claims = uow.identifiers.claims(report.account_id, IdentifierKind.VENUE, venue_order_id)
    order_ids = [
        order_id
        for identifier, order_id in claims.orders
        if report.venue in (None, identifier.venue) and report.venue_account in ("", identifier.venue_account)
    ]
    orders = [matching.resolve_attribution(uow, uow.orders.get(order_id)) for order_id in order_ids]
    return [order for order in orders if order is not None]


def _can_be_reported(order: Order, report: VenueReport) -> bool:
    return order.state.resting_overnight or report.type in _CORRECTIONS
