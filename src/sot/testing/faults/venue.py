"""A venue that fails on purpose, around any venue."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NoReturn, TypeVar

import attrs

from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.values.errors import VenueNotReached, VenueOutcomeUnknown
from sot.ports.venue import (
    ExecutionsPage,
    FoundOrder,
    HeldBalances,
    HeldPositions,
    OpenOrders,
    OrderReference,
    Venue,
    VenueCapabilities,
    VenueScope,
)
from sot.testing.faults.plan import FaultPlan, VenueFault

T = TypeVar("T")
L = TypeVar("L", FoundOrder, OpenOrders, ExecutionsPage)

_BEFORE: Mapping[VenueFault, Callable[[str], Exception]] = {
    VenueFault.NOT_REACHED: lambda call: VenueNotReached("NOT_CONNECTED", f"{call} was not sent"),
    VenueFault.LOST: lambda call: VenueOutcomeUnknown("TIMED_OUT", f"{call} was lost on the way there"),
    VenueFault.ERROR_BEFORE: lambda call: RuntimeError(f"an unexpected error before {call}"),
}
_AFTER: Mapping[VenueFault, Callable[[str], Exception]] = {
    VenueFault.ANSWER_LOST: lambda call: VenueOutcomeUnknown("TIMED_OUT", f"the answer to {call} was lost"),
    VenueFault.ERROR_AFTER: lambda call: RuntimeError(f"an unexpected error after {call}"),
}
_AT_QUERY = (*_BEFORE, *_AFTER, VenueFault.DELAY)
_AT_LIST = (*_AT_QUERY, VenueFault.DUPLICATED, VenueFault.REORDERED)
_AT_COMMAND = (*_AT_LIST, VenueFault.WITHHELD, VenueFault.FORGOTTEN)


class FaultyVenue(Venue):
    """A venue that fails as a plan says, around any venue.

    Args:
        venue: The venue.
        plan: What fails.
    """

    def __init__(self, venue: Venue, plan: FaultPlan) -> None:
        self.name = venue.name
        self.venue_account = venue.venue_account
        self._venue = venue
        self._plan = plan
        self._withheld: list[VenueReport] = []

    @property
    def capabilities(self) -> VenueCapabilities:
        """Those of the venue."""
        return self._venue.capabilities

    def submit(self, request: OrderRequest) -> Sequence[VenueReport]:
        """Send a new order, or fail."""
        return self._command("submit", lambda: self._venue.submit(request))

    def cancel(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        """Cancel an order, or fail."""
        return self._command("cancel", lambda: self._venue.cancel(request, target))

    def replace(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        """Replace an order, or fail."""
        return self._command("replace", lambda: self._venue.replace(request, target))

    def find(self, order: OrderReference) -> FoundOrder:
        """Ask for one order, or fail."""
        return self._list("find", lambda: self._venue.find(order))

    def open_orders(self, scope: VenueScope) -> OpenOrders:
        """Ask for the open orders, or fail."""
        return self._list("open_orders", lambda: self._venue.open_orders(scope))

    def executions(self, scope: VenueScope, since: datetime | None = None, cursor: str | None = None) -> ExecutionsPage:
        """Ask for a page of executions, or fail."""
        return self._list("executions", lambda: self._venue.executions(scope, since, cursor))

    def positions(self, scope: VenueScope) -> HeldPositions:
        """Ask for the positions, or fail."""
        return self._call("positions", lambda: self._venue.positions(scope), _AT_QUERY)[0]

    def balances(self, scope: VenueScope) -> HeldBalances:
        """Ask what the wallets hold, or fail."""
        return self._call("balances", lambda: self._venue.balances(scope), _AT_QUERY)[0]

    def deliver(self) -> list[VenueReport]:
        """Return the reports that were withheld so far, as a stream would deliver them late."""
        late, self._withheld = self._withheld, []
        return late

    def _call(self, name: str, call: Callable[[], T], possible: Sequence[VenueFault]) -> tuple[T, VenueFault | None]:
        fault = self._plan.draw(name, possible)
        assert fault is None or isinstance(fault, VenueFault)
        if fault is not None and fault in _BEFORE:
            _fail(_BEFORE, fault, name)
        answer = call()
        if fault is not None and fault in _AFTER:
            _fail(_AFTER, fault, name)
        return answer, fault

    def _command(self, name: str, call: Callable[[], Sequence[VenueReport]]) -> Sequence[VenueReport]:
        reports, fault = self._call(name, call, _AT_COMMAND)
        if fault not in (VenueFault.WITHHELD, VenueFault.FORGOTTEN):
            return self._disturbed(reports, fault)
        kept = self._plan.random.randint(0, max(0, len(reports) - 1))
        if fault is VenueFault.WITHHELD:
            self._withheld += reports[kept:]
        return list(reports[:kept])

    def _list(self, name: str, call: Callable[[], L]) -> L:
        answer, fault = self._call(name, call, _AT_LIST)
        return attrs.evolve(answer, reports=self._disturbed(answer.reports, fault))

    def _disturbed(self, reports: Sequence[VenueReport], fault: VenueFault | None) -> Sequence[VenueReport]:
        disturbed = list(reports)
        if disturbed and fault is VenueFault.DUPLICATED:
            disturbed.append(self._plan.random.choice(disturbed))
        if fault is VenueFault.REORDERED:
            self._plan.random.shuffle(disturbed)
        return disturbed


def _fail(errors: Mapping[VenueFault, Callable[[str], Exception]], fault: VenueFault, name: str) -> NoReturn:
    raise errors[fault](name)
