"""A venue that states what a vector says of it, and keeps what it was asked for."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.reconciliation.snapshots import HeldBalance, HeldPosition
from sot.domain.values.errors import InvalidInput, VenueOutcomeUnknown
from sot.ports.clock import Clock
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
    unsupported,
)
from sot.testing.vectors.instruments import VENUE


class StatingVenue(Venue):
    """A venue that states what a vector says of it, and executes nothing.

    A list that the vector does not have is not supported; one that is null, and an order that `found` does not have,
    is not answered.

    Attributes:
        asked: What it was asked for, in order.
    """

    name = VENUE

    def __init__(
        self, clock: Clock, stated: Mapping[str, Any], report: Callable[[Mapping[str, Any]], VenueReport]
    ) -> None:
        """Prepare the answers.

        Args:
            clock: The clock of its answers.
            stated: What the vector says of it.
            report: Makes a report of what the vector says in it.
        """
        self.asked: list[str] = []
        self._clock = clock
        self._stated = stated
        self._report = report

    @property
    def capabilities(self) -> VenueCapabilities:
        """It supports what the vector has an answer for."""
        return VenueCapabilities(
            lists_open_orders="open_orders" in self._stated,
            lists_executions="executions" in self._stated,
            lists_positions="positions" in self._stated,
            lists_balances="balances" in self._stated,
            finds_orders="found" in self._stated,
            history=_seconds(self._stated.get("history")),
            settled_after=_seconds(self._stated.get("settled_after")),
        )

    def open_orders(self, scope: VenueScope) -> OpenOrders:
        """The list of open orders."""
        stated = self._answer("open orders", self._stated["open_orders"])
        complete = stated.get("complete", True)
        return OpenOrders(
            asked_at=self._clock.now(),
            reports=self._reports(stated["reports"]),
            symbols=stated.get("symbols"),
            complete=complete,
        )

    def executions(self, scope: VenueScope, since: datetime | None = None, cursor: str | None = None) -> ExecutionsPage:
        """A page of executions. A cursor is the number of executions before the page."""
        stated = self._answer(
            "executions" if cursor is None else f"executions after {cursor}", self._stated["executions"]
        )
        if cursor in stated.get("refused", ()):
            raise InvalidInput("cursor", cursor, "one of this venue")
        size, begin = stated.get("page"), int(cursor or 0)
        reports = self._reports(stated["reports"][begin:])
        page = reports[:size]
        return ExecutionsPage(
            asked_at=self._clock.now(),
            reports=page,
            cursor=None if size is None else str(begin + len(page)),
            more=len(reports) > len(page),
            since=stated.get("since"),
            symbols=stated.get("symbols"),
        )

    def positions(self, scope: VenueScope) -> HeldPositions:
        """The list of positions."""
        stated = self._answer("positions", self._stated["positions"])
        positions = [HeldPosition.read(position) for position in stated["positions"]]
        return HeldPositions(asked_at=self._clock.now(), positions=positions, symbols=stated.get("symbols"))

    def balances(self, scope: VenueScope) -> HeldBalances:
        """What the wallets hold."""
        stated = self._answer("balances", self._stated["balances"])
        balances = [HeldBalance.read(balance) for balance in stated["balances"]]
        return HeldBalances(asked_at=self._clock.now(), balances=balances, assets=stated.get("assets"))

    def find(self, order: OrderReference) -> FoundOrder:
        """One order, by its venue order id, else by its client order id."""
        name = order.venue_order_id or order.client_order_id or ""
        reports = self._answer(f"order {name}", self._stated["found"].get(name))
        return FoundOrder(asked_at=self._clock.now(), reports=self._reports(reports))

    def submit(self, request: OrderRequest) -> Sequence[VenueReport]:
        """Refuse: it executes nothing."""
        raise unsupported(self, "executes nothing")

    def _answer(self, query: str, stated: Any) -> Any:
        self.asked.append(query)
        if query in self._stated.get("unsupported", ()):
            raise unsupported(self, f"does not answer {query}")
        if stated is None:
            raise VenueOutcomeUnknown(f"{query}: no answer")
        return stated

    def _reports(self, stated: Sequence[Mapping[str, Any]]) -> list[VenueReport]:
        return [self._report(fields) for fields in stated]


def _seconds(stated: int | None) -> timedelta | None:
    return None if stated is None else timedelta(seconds=stated)
