"""The identifiers of orders: which of them a fact gives its order, and which reports waited for one.

They follow from the events of the order alone: what brings an identifier is kept as an event, even if it says nothing
else. So `verification` can derive them again, and finds a row that somebody added, changed or removed.
"""

from collections.abc import Iterable, Sequence

from sot.domain.orders.event import OrderEvent
from sot.domain.orders.order import Order
from sot.domain.orders.records import Identifier
from sot.domain.orders.report import VenueReport, is_client_order_id, is_venue_order_id
from sot.domain.values.vocabulary import EventType, IdentifierKind
from sot.ports.store import UnitOfWork


def own_identifier(order: Order, kind: IdentifierKind, value: str, report: VenueReport | None = None) -> Identifier:
    """The full identifier of an order, narrowed down as far as the order and the report allow."""
    return Identifier(
        order.account_id,
        kind,
        value,
        order.venue,
        (report.venue_account if report else "") or order.venue_account,
        (report.id_scope if report else "") or order.id_scope,
    )


def new_identifiers(uow: UnitOfWork, order: Order, report: VenueReport) -> list[Identifier]:
    """The identifiers in a report that the order does not have yet. Other orders may have them, too."""
    given = _identifiers_of_report(order, report, current_identifiers(order))
    return [identifier for identifier in given if not _has(uow, order, identifier)]


def assign_identifiers_of_head(uow: UnitOfWork, order: Order) -> list[str]:
    """Give an order the identifiers of the event that was just appended to it; returns as `assign_identifiers`."""
    assert isinstance(order.head, OrderEvent)
    return assign_identifiers(uow, order, identifiers_of_event(order, order.head, current_identifiers(order)))


def assign_identifiers(uow: UnitOfWork, order: Order, identifiers: Iterable[Identifier]) -> list[str]:
    """Give an order identifiers; returns the ids of the reports that waited for one of them, oldest first.

    The caller records those reports (`reports.record_waiting`).
    """
    released: set[str] = set()
    for identifier in identifiers:
        released.update(uow.identifiers.claims(order.account_id, identifier.kind, identifier.value, lock=True).waiting)
        uow.identifiers.add(identifier, order.order_id)
    return sorted(released)


CurrentIdentifiers = tuple[str | None, str | None]
"""The client order id and the venue order id by which an order goes now."""

_NO_IDENTIFIERS: CurrentIdentifiers = (None, None)


def current_identifiers(order: Order) -> CurrentIdentifiers:
    """The identifiers by which an order goes now."""
    state = order.state
    return state.client_order_id, state.venue_order_id


def identifiers_of_event(order: Order, event: OrderEvent, current: CurrentIdentifiers) -> Sequence[Identifier]:
    """The identifiers that an event gives its order.

    Args:
        order: The order.
        event: The event.
        current: The identifiers by which the order went before the event.

    Rules: NAME-3.
    """
    fact, report = event.fact, event.report
    found: Sequence[Identifier] = ()
    if report is not None:
        found = _identifiers_of_report(order, report, _NO_IDENTIFIERS if event.type is EventType.CREATED else current)
    if fact is not None and fact.client_order_id is not None:
        return [own_identifier(order, IdentifierKind.CLIENT, fact.client_order_id), *found]
    return found


def _identifiers_of_report(order: Order, report: VenueReport, current: CurrentIdentifiers) -> Sequence[Identifier]:
    """The identifiers that a report gives its order.

    Without venue account and scope, it gives none by which the order goes already (`current`).
    """
    if report.venue not in (None, order.venue):
        return ()
    found = []
    known_client, known_venue = _NO_IDENTIFIERS if report.venue_account or report.id_scope else current
    client_order_id, venue_order_id = report.client_order_id, report.venue_order_id
    if client_order_id not in (None, known_client) and is_client_order_id(client_order_id):
        found.append(own_identifier(order, IdentifierKind.CLIENT, client_order_id, report))
    if venue_order_id not in (None, known_venue) and is_venue_order_id(venue_order_id):
        found.append(own_identifier(order, IdentifierKind.VENUE, venue_order_id, report))
    return found


def _has(uow: UnitOfWork, order: Order, identifier: Identifier) -> bool:
    claims = uow.identifiers.claims(identifier.account_id, identifier.kind, identifier.value, lock=True)
    return (identifier, order.order_id) in claims.orders
