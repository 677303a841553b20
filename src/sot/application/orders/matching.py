"""Match a venue report to its order by the identifiers that it carries.

| the report has | its order is |
|---|---|
| our order id | that order |
| a client and a venue order id of one order | that order |
| a client and a venue order id of two orders | the first, if it is ours and has no venue id yet; else the second |
| a client order id, and a venue order id that no order has | that order, if rule 1 allows |
| a venue order id, and a client order id that no order has | that order, if rule 2 allows |
| one of them | that order; a venue order id alone must not be contradicted by symbol or side |
| an original client order id alone | that order |

1. An order gets another venue order id by a report that links the two (`LINKS`). Before that report comes, an order
   of ours that is open may have it, if symbol and side do not speak against it.
2. An order gets another client order id by a report that brings one (`_BRINGS_CLIENT_ORDER_ID`) or names the original
   one; other reports with another client order id are about it as long as it is open. Symbol and side must agree.
3. Venues use identifiers again, and give many orders one. What several orders go by means the one that scope, venue
   account, symbol, side and time leave (`_narrowed`).
4. What then means several orders, or none of those that have it, is about no order: it waits, and is listed.
5. A client order id of a request that was not sent yet waits for its order.
"""

from collections.abc import Sequence
from enum import Enum, auto
from functools import partial

import attrs

from sot.application.orders.lookup import is_made_from_leg
from sot.domain.orders.anomalies import contradicts_order
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.order import Order
from sot.domain.orders.records import Identifier, RecordedRequest
from sot.domain.orders.report import (
    LINKS,
    VenueReport,
    is_client_order_id,
    is_venue_order_id,
    named_client_order_id,
)
from sot.domain.values.vocabulary import Action, EventType, IdentifierKind, ReportingType
from sot.ports.store import UnitOfWork

_BRINGS_CLIENT_ORDER_ID = LINKS | {
    EventType.PENDING_CANCEL,
    EventType.PENDING_REPLACE,
    EventType.CANCELED,
    EventType.CANCEL_REJECTED,
    EventType.REPLACE_REJECTED,
}
"""Reports that carry the client order id of a request to cancel or replace the order."""


@attrs.frozen(kw_only=True)
class Match:
    """What a report is about.

    Attributes:
        order: The order; None if it is not known, or not certain.
        candidates: The orders that have its identifiers, where none of them is the order.
        is_ambiguous: Whether several of these may be the order.
        awaits_request: Whether it has the client order id of a request that was not sent yet.
    """

    order: Order | None = None
    candidates: Sequence[Order] = ()
    is_ambiguous: bool = False
    awaits_request: bool = False


class Lock(Enum):
    """Which of the identifiers that are looked up nobody else can give to an order until the end of the transaction.

    UNKNOWN are those that no order has.
    """

    NONE = auto()
    UNKNOWN = auto()
    ALL = auto()


def match(uow: UnitOfWork, report: VenueReport, lock: Lock = Lock.NONE) -> Match:
    """Find the order of a report, or why it has none.

    Rules: NAME-5, NAME-6.
    """
    known_as = partial(_orders_known_as, uow, report, lock)
    if report.order_id is not None:
        order = uow.orders.get(report.order_id)
        if order is not None and order.account_id == report.account_id:
            return Match(order=resolve_attribution(uow, order))
    client = named_client_order_id(report)
    venue = report.venue_order_id if report.venue is not None and is_venue_order_id(report.venue_order_id) else None
    by_client = [] if client is None else known_as(IdentifierKind.CLIENT, client)
    if len(by_client) == 1 and _has_no_other_venue_id(by_client[0], venue):
        return Match(order=by_client[0])
    if client is not None and not by_client and unsent_request(uow, report, client) is not None:
        return Match(awaits_request=True)
    by_venue = [] if venue is None else known_as(IdentifierKind.VENUE, venue)
    if by_client or by_venue:
        return _decide(uow, report, by_client, by_venue)
    original = report.orig_client_order_id
    if original is None or not is_client_order_id(original):
        return Match()
    by_original = known_as(IdentifierKind.CLIENT, original)
    if not by_original:
        return Match(awaits_request=unsent_request(uow, report, original) is not None)
    return _single(uow, report, by_original, by_original)


def find_order(uow: UnitOfWork, report: VenueReport) -> Order | None:
    """Find the order of a report; None if it is not known, or not certain."""
    return match(uow, report).order


def is_new_order(uow: UnitOfWork, report: VenueReport) -> bool:
    """Whether a report is about an order that is not known, and that no request is about to make.

    It stays so until the end of the transaction.
    """
    found = match(uow, report, Lock.ALL)
    return found.order is None and not found.is_ambiguous and not found.awaits_request


def resolve_attribution(uow: UnitOfWork, order: Order | None) -> Order | None:
    """The order, or the one that it was attributed to."""
    while order is not None and order.state.attributed_to is not None:
        order = uow.orders.get(order.state.attributed_to)
    return order


def _has_no_other_venue_id(order: Order, venue_order_id: str | None) -> bool:
    """Whether a venue order id says nothing against an order that the client order id names."""
    known = order.state.venue_order_id
    return venue_order_id in (None, known) or (known is None and order.request_id is not None)


def _decide(uow: UnitOfWork, report: VenueReport, by_client: Sequence[Order], by_venue: Sequence[Order]) -> Match:
    """Match a report by the orders that have its client order id, and those that have its venue order id.

    Rules: NAME-6.
    """
    both = [order for order in by_client if any(order is other for other in by_venue)]
    if both:
        possible: Sequence[Order] = both
    elif by_client and by_venue:
        unnamed = [o for o in by_client if o.request_id is not None and o.state.venue_order_id is None]
        possible = unnamed or [o for o in by_venue if not _is_contradicted(uow, o, report)]
    elif by_client:
        possible = [order for order in by_client if _may_get_venue_id(uow, order, report)]
    else:
        possible = [order for order in by_venue if _may_get_client_id(uow, order, report)]
    return _single(uow, report, possible, [*by_client, *by_venue])


def _may_get_venue_id(uow: UnitOfWork, order: Order, report: VenueReport) -> bool:
    """Whether an order may be the one of a report that has another venue order id.

    Rules: NAME-7.
    """
    if report.venue_order_id is None or order.state.venue_order_id is None or report.type in LINKS:
        return True
    is_working = order.request_id is not None and order.is_open
    return is_working and not _is_contradicted(uow, order, report)


def _may_get_client_id(uow: UnitOfWork, order: Order, report: VenueReport) -> bool:
    """Whether an order may be the one of a report that has another client order id.

    Rules: NAME-8.
    """
    if _is_contradicted(uow, order, report):
        return False
    if report.client_order_id is None or order.state.client_order_id is None or order.is_open:
        return True
    return report.type in _BRINGS_CLIENT_ORDER_ID or report.orig_client_order_id is not None


def _is_contradicted(uow: UnitOfWork, order: Order, report: VenueReport) -> bool:
    """Whether the symbol or the side of a report speaks against an order.

    Rules: NAME-10.
    """
    if report.symbol in (None, order.symbol) and report.side in (None, order.side):
        return False
    is_known = report.symbol is not None and bool(
        uow.instruments.versions(order.account_id, order.venue, report.symbol)
    )
    return contradicts_order(order, report, is_known)


def _single(uow: UnitOfWork, report: VenueReport, possible: Sequence[Order], candidates: Sequence[Order]) -> Match:
    """The one order that is possible; no order, if there is none or several are left."""
    left = _narrowed(uow, report, possible)
    if len(left) == 1:
        return Match(order=left[0])
    unique = {order.order_id: order for order in candidates}
    return Match(candidates=[unique[order_id] for order_id in sorted(unique)], is_ambiguous=len(left) > 1)


def _narrowed(uow: UnitOfWork, report: VenueReport, possible: Sequence[Order]) -> Sequence[Order]:
    """Narrow orders that have one identifier by symbol and side, by what they know, by time, and by who gave the id.

    Rules: NAME-11.
    """
    at = report.occurred_at

    def began_before(order: Order) -> bool:
        began_at = order.state.began_at
        return at is None or began_at is None or began_at <= at

    def is_ours_by_client_id(order: Order) -> bool:
        return report.venue_order_id is None and order.request_id is not None

    def is_not_contradicted(order: Order) -> bool:
        return not _is_contradicted(uow, order, report)

    def has_report(order: Order) -> bool:
        return _has_report(uow, order, report)

    for fits in (is_not_contradicted, has_report, began_before, is_ours_by_client_id):
        if len(possible) < 2:
            break
        fitting = [order for order in possible if fits(order)]
        possible = fitting or possible
    return possible


def _has_report(uow: UnitOfWork, order: Order, report: VenueReport) -> bool:
    """Whether an order was told the same before: the execution, or a statement that its time or number identifies."""
    known: Sequence[OrderEvent | None]
    if report.identity is not None:
        known = uow.events.by_execution(order.account_id, order.order_id, *report.identity)
    else:
        known = [uow.events.by_content_digest(order.account_id, order.order_id, report.content_digest)]
    return any(event is not None and _is_same(report, event.report) for event in known)


def _is_same(report: VenueReport, known: VenueReport | None) -> bool:
    """Whether a report says what an earlier one says, and its time or number tells that it is the same.

    Rules: NAME-12.
    """
    if known is None or not report.repeats(known):
        return False
    numbers = (report.venue_sequence, known.venue_sequence)
    if None not in numbers:
        return numbers[0] == numbers[1]
    return report.identity is not None or report.occurred_at is not None


def _orders_known_as(uow: UnitOfWork, report: VenueReport, lock: Lock, kind: IdentifierKind, value: str) -> list[Order]:
    found = _claimants(uow, report, kind, value, lock is Lock.ALL)
    if lock is Lock.UNKNOWN and not found:
        # Orders of another scope or account may have it already: one that it may mean does not.
        found = _claimants(uow, report, kind, value, lock=True)
    return found


def _claimants(uow: UnitOfWork, report: VenueReport, kind: IdentifierKind, value: str, lock: bool) -> list[Order]:
    """The orders that have an identifier which may mean them in a report.

    Rules: NAME-4.
    """
    found = {}
    for identifier, order_id in uow.identifiers.claims(report.account_id, kind, value, lock).orders:
        if identifier.fits(report):
            order = resolve_attribution(uow, uow.orders.get(order_id))
            if order is None or _is_of_leg_alone(uow, order, report):
                continue
            if _may_be_of_account(order, report.venue_account):
                found[order.order_id] = order
    of_account = [order for order in found.values() if order.venue_account == report.venue_account != ""]
    return of_account or list(found.values())


def _is_of_leg_alone(uow: UnitOfWork, order: Order, report: VenueReport) -> bool:
    """Whether an order was found by a leg, and a report tells that its own symbol is another one."""
    if report.reporting_type is ReportingType.LEG or report.symbol in (None, order.symbol):
        return False
    return is_made_from_leg(uow, order)


def _may_be_of_account(order: Order, venue_account: str) -> bool:
    """Whether a report of a venue account can be about an order: of that account, or of one that is not known."""
    return not venue_account or (order.venue_account or order.state.venue_account) in ("", venue_account)


def unsent_request(uow: UnitOfWork, report: VenueReport, client_order_id: str) -> RecordedRequest | None:
    """The NEW request with this client order id that was not sent yet: the report is about its order.

    Rules: NAME-9.
    """
    for known in uow.requests.by_key(report.account_id, client_order_id, client_order_id):
        request = known.request
        unsent = request.action is Action.NEW and known.order_id is None
        if unsent and request.client_order_id == client_order_id and Identifier.of_request(request).fits(report):
            return known
    return None
