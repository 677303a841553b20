"""Venues whose methods are awaited."""

import asyncio
from abc import abstractmethod
from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy.util import await_only

from sot.application.execution_steps import capabilities_of
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.ports.venue import (
    ExecutionsPage,
    FoundOrder,
    HeldBalances,
    HeldPositions,
    OpenOrders,
    OrderReference,
    Venue,
    VenueCapabilities,
    VenueProfile,
    VenueScope,
    unsupported,
)

T = TypeVar("T")


class AsyncVenue(VenueProfile, Protocol):
    """A venue whose methods are awaited: those of `sot.venue.Venue`, with the same outcomes.

    `capabilities` states which calls it supports; the others raise VenueRefused. A call that takes longer than
    `capabilities.time_limit` is cancelled, which leaves its outcome unknown.

    Attributes:
        name: The name of the venue, as requests and instruments have it.
        venue_account: The account at the venue that it connects to; None if it can connect to any.
    """

    @abstractmethod
    async def submit(self, request: OrderRequest) -> Sequence[VenueReport]:
        """Send a new order under `request.client_order_id`.

        Any other exception than these means that the outcome is unknown.

        Returns:
            The venue's answers, in order.

        Raises:
            VenueRefused: The venue refuses the order.
            VenueNotReached: Nothing was sent, for certain.
        """
        raise NotImplementedError

    async def cancel(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        """Cancel an order; see `sot.venue.Venue.cancel`."""
        raise unsupported(self, "cancels no orders")

    async def replace(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        """Replace the terms of an order; see `sot.venue.Venue.replace`."""
        raise unsupported(self, "replaces no orders")

    async def find(self, order: OrderReference) -> FoundOrder:
        """Ask for one order; see `sot.venue.Venue.find`."""
        raise unsupported(self, "finds no orders")

    async def open_orders(self, scope: VenueScope) -> OpenOrders:
        """Ask for the open orders; see `sot.venue.Venue.open_orders`."""
        raise unsupported(self, "lists no open orders")

    async def executions(
        self, scope: VenueScope, since: datetime | None = None, cursor: str | None = None
    ) -> ExecutionsPage:
        """Ask for a page of executions; see `sot.venue.Venue.executions`."""
        raise unsupported(self, "lists no executions")

    async def positions(self, scope: VenueScope) -> HeldPositions:
        """Ask for the positions; see `sot.venue.Venue.positions`."""
        raise unsupported(self, "lists no positions")

    async def balances(self, scope: VenueScope) -> HeldBalances:
        """Ask what the wallets hold; see `sot.venue.Venue.balances`."""
        raise unsupported(self, "lists no balances")


def threaded(venue: Venue) -> AsyncVenue:
    """Return a venue that is awaited, around one that blocks: each call runs in a thread of the event loop's pool.

    A call that is cancelled, or takes too long, goes on in its thread; its outcome is unknown.

    Args:
        venue: The venue; it may be called from several threads at once.
    """
    return _ThreadedVenue(venue)


class _ThreadedVenue(AsyncVenue):
    def __init__(self, venue: Venue) -> None:
        self.name = venue.name
        self.venue_account = getattr(venue, "venue_account", None)
        self._venue = venue

    @property
    def capabilities(self) -> VenueCapabilities:
        return capabilities_of(self._venue)

    async def submit(self, request: OrderRequest) -> Sequence[VenueReport]:
        return await asyncio.to_thread(self._venue.submit, request)

    async def cancel(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        return await asyncio.to_thread(self._venue.cancel, request, target)

    async def replace(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        return await asyncio.to_thread(self._venue.replace, request, target)

    async def find(self, order: OrderReference) -> FoundOrder:
        return await asyncio.to_thread(self._venue.find, order)

    async def open_orders(self, scope: VenueScope) -> OpenOrders:
        return await asyncio.to_thread(self._venue.open_orders, scope)

    async def executions(
        self, scope: VenueScope, since: datetime | None = None, cursor: str | None = None
    ) -> ExecutionsPage:
        return await asyncio.to_thread(self._venue.executions, scope, since, cursor)

    async def positions(self, scope: VenueScope) -> HeldPositions:
        return await asyncio.to_thread(self._venue.positions, scope)

    async def balances(self, scope: VenueScope) -> HeldBalances:
        return await asyncio.to_thread(self._venue.balances, scope)


async def within_time_limit(venue: VenueProfile, answer: Awaitable[T]) -> T:
    """Await the answer of a venue for as long as it may take.

    Raises:
        TimeoutError: It takes longer.
    """
    async with asyncio.timeout(capabilities_of(venue).time_limit.total_seconds()):
        return await answer


class _VenueInGreenlet(Venue):
    def __init__(self, venue: AsyncVenue) -> None:
        self.name = venue.name
        self.venue_account = getattr(venue, "venue_account", None)
        self._venue = venue

    @property
    def capabilities(self) -> VenueCapabilities:
        return capabilities_of(self._venue)

    def submit(self, request: OrderRequest) -> Sequence[VenueReport]:
        return self._answer(self._venue.submit(request))

    def cancel(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        return self._answer(self._venue.cancel(request, target))

    def replace(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        return self._answer(self._venue.replace(request, target))

    def find(self, order: OrderReference) -> FoundOrder:
        return self._answer(self._venue.find(order))

    def open_orders(self, scope: VenueScope) -> OpenOrders:
        return self._answer(self._venue.open_orders(scope))

    def executions(self, scope: VenueScope, since: datetime | None = None, cursor: str | None = None) -> ExecutionsPage:
        return self._answer(self._venue.executions(scope, since, cursor))

    def positions(self, scope: VenueScope) -> HeldPositions:
        return self._answer(self._venue.positions(scope))

    def balances(self, scope: VenueScope) -> HeldBalances:
        return self._answer(self._venue.balances(scope))

    def _answer(self, answer: Awaitable[T]) -> T:
        return await_only(within_time_limit(self._venue, answer))


def in_greenlet(venue: AsyncVenue) -> Venue:
    """Return a venue that is awaited as code in a greenlet calls it: recovery and reconciliation."""
    return _VenueInGreenlet(venue)


def sleep_in_greenlet(seconds: float) -> None:
    """Let other tasks run for some seconds."""
    await_only(asyncio.sleep(seconds))
