"""The ids of external orders."""

from sot.domain.orders.report import VenueReport
from sot.domain.values.identity import deterministic_id
from sot.domain.values.vocabulary import IdentifierKind


def external_order_id(report: VenueReport, number: int = 1) -> str:
    """Return the id of an external order, which follows from the report: all who find the order give it the same one.

    Args:
        report: A report about the order.
        number: The number of the order among those to which the venue gave the identifier.
    """
    kind, name = next(((kind, name) for kind, name in report.identifiers() if kind is IdentifierKind.VENUE), None) or (
        IdentifierKind.CLIENT,
        report.client_order_id or "",
    )
    parts = (report.account_id, report.venue or "", report.venue_account, report.id_scope, kind, name)
    return deterministic_id(*parts) if number == 1 else deterministic_id(*parts, str(number))
