"""A venue that counts how often it is called."""

from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.values.vocabulary import EventType
from sot.ports.venue import Replacement, Venue, VenueCapabilities
from sot.testing.contract.samples import VENUE, trade_report


class CountingVenue(Venue):
    """Fills new orders, confirms cancels and replacements, and counts its calls.

    Attributes:
        calls: How often it was called.
    """

    name = VENUE

    def __init__(self, replaces: Replacement | None = Replacement.AMENDS) -> None:
        self.calls = 0
        self._replaces = replaces

    @property
    def capabilities(self) -> VenueCapabilities:
        """It cancels, and replaces in the way that it was made with."""
        return VenueCapabilities(cancels=True, replaces=self._replaces)

    def submit(self, request: OrderRequest) -> list[VenueReport]:
        """Fill ten units."""
        self.calls += 1
        assert request.client_order_id is not None
        return [trade_report(request.client_order_id, "E1", "10")]

    def cancel(self, request: OrderRequest, target: Order) -> list[VenueReport]:
        """Confirm the cancel."""
        self.calls += 1
        return [VenueReport(account_id=target.account_id, type=EventType.CANCELED)]

    def replace(self, request: OrderRequest, target: Order) -> list[VenueReport]:
        """Confirm the replacement: amend the order, or cancel it and make a new one."""
        self.calls += 1
        account_id = target.account_id
        if self._replaces is Replacement.AMENDS:
            return [VenueReport(account_id=account_id, type=EventType.REPLACED, order_quantity=request.quantity)]
        new = VenueReport(account_id=account_id, type=EventType.NEW, client_order_id=request.client_order_id)
        return [VenueReport(account_id=account_id, type=EventType.CANCELED), new]
