"""Orders that live longer than the day by which ids are scoped."""

from sot.application.orders import matching
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.values.vocabulary import EventType, IdentifierKind
from sot.ports.store import UnitOfWork

_CORRECTIONS = (EventType.TRADE_CORRECT, EventType.TRADE_CANCEL)


def of_an_earlier_day(uow: UnitOfWork, report: VenueReport) -> VenueReport:
    """The report, naming its order by our id if it is about an order of an earlier day; otherwise as it is.

    It is, if no order goes by its names on its own day, and exactly one order of other days has its OrderID and may be
    spoken of still: it is no day order, or the report corrects or cancels an execution. (FIX asks for ids that are
    unique across days where orders live for several.) Once recorded, the order goes by its names of this day, too.
    """
    if not report.id_scope or matching.find_order(uow, report) is not None:
        return report
    found = {order.order_id for order in _with_its_order_id(uow, report) if _may_be_spoken_of(order, report)}
    return report.changed(order_id=found.pop()) if len(found) == 1 else report


def _with_its_order_id(uow: UnitOfWork, report: VenueReport) -> list[Order]:
    if report.venue_order_id is None:
        return []
    claims = uow.identifiers.claims(report.account_id, IdentifierKind.VENUE, report.venue_order_id)
    fitting = [
        order_id
        for identifier, order_id in claims.orders
        if report.venue in (None, identifier.venue) and report.venue_account in ("", identifier.venue_account)
    ]
    orders = [matching.resolve_attribution(uow, uow.orders.get(order_id)) for order_id in fitting]
    return [order for order in orders if order is not None]


def _may_be_spoken_of(order: Order, report: VenueReport) -> bool:
    return order.state.resting_overnight or report.type in _CORRECTIONS
