"""The identifiers of orders: which of them a fact gives its order, and which reports waited for one."""

from collections.abc import Iterable, Iterator

from sot.domain.orders.event import OrderEvent
from sot.domain.orders.order import Order
from sot.domain.orders.records import Identifier
from sot.domain.orders.report import VenueReport, is_client_order_id, is_venue_order_id
from sot.domain.values.vocabulary import IdentifierKind
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


def new_identifiers(
    uow: UnitOfWork, order: Order, report: VenueReport, look_up_current: bool = False
) -> list[Identifier]:
    """The identifiers in a report that the order does not have yet. Other orders may have them, too.

    The order's current ones are known to be its own, unless `look_up_current` is set.
    """
    state = order.state
    current = {IdentifierKind.CLIENT: state.client_order_id, IdentifierKind.VENUE: state.venue_order_id}
    scoped = look_up_current or report.venue_account or report.id_scope
    return [
        identifier
        for identifier in _identifiers_of_report(order, report)
        if (scoped or identifier.value != current[identifier.kind]) and not _has(uow, order, identifier)
    ]


def assign_identifiers(uow: UnitOfWork, order: Order, identifiers: Iterable[Identifier]) -> list[str]:
    """Give an order identifiers; returns the ids of the reports that waited for one of them, oldest first.

    The caller records those reports (`reports.record_waiting`).
    """
    released: set[str] = set()
    for identifier in identifiers:
        released.update(uow.identifiers.claims(order.account_id, identifier.kind, identifier.value, lock=True).waiting)
        uow.identifiers.add(identifier, order.order_id)
    return sorted(released)


def missing_identifiers(
    uow: UnitOfWork, order: Order, events: Iterable[OrderEvent], held: Iterable[Identifier] | None = None
) -> list[Identifier]:
    """The identifiers that these events give the order and that it does not have; `held` are its own, if known."""
    held = set(uow.identifiers.of_order(order.account_id, order.order_id) if held is None else held)
    found = []
    for event in events:
        for identifier in identifiers_of_event(order, event):
            if not any(known.covers(identifier) for known in held):
                held.add(identifier)
                found.append(identifier)
    return found


def identifiers_of_event(order: Order, event: OrderEvent) -> Iterator[Identifier]:
    """The identifiers that an event gives its order."""
    if event.fact is not None and event.fact.client_order_id is not None:
        yield own_identifier(order, IdentifierKind.CLIENT, event.fact.client_order_id)
    if event.report is not None:
        yield from _identifiers_of_report(order, event.report)


def _identifiers_of_report(order: Order, report: VenueReport) -> Iterator[Identifier]:
    if report.venue in (None, order.venue):
        if report.client_order_id is not None and is_client_order_id(report.client_order_id):
            yield own_identifier(order, IdentifierKind.CLIENT, report.client_order_id, report)
        if report.venue_order_id is not None and is_venue_order_id(report.venue_order_id):
            yield own_identifier(order, IdentifierKind.VENUE, report.venue_order_id, report)


def _has(uow: UnitOfWork, order: Order, identifier: Identifier) -> bool:
    claims = uow.identifiers.claims(identifier.account_id, identifier.kind, identifier.value, lock=True)
    return any(order_id == order.order_id and known.covers(identifier) for known, order_id in claims.orders)
