"""The port of venues, which the executor, recovery and the reconciler call.

Every call has one of four outcomes:

| outcome | meaning |
|---|---|
| it returns | the venue answered |
| `VenueRefused` | the venue answered that it refuses |
| `VenueNotReached` | nothing was sent, for certain |
| `VenueOutcomeUnknown`, or any other exception | it is not known whether the call arrived |

A query that raises is never an answer: nothing is concluded from it, least of all that there is nothing. Answers check
their fields when they are created (InvalidInput), so that one that cannot be read exactly is not an answer either.
"""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Literal, Protocol, Self, TypeAlias

import attrs

from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.reconciliation.snapshots import HeldBalance, HeldPosition
from sot.domain.values import fields, given
from sot.domain.values.errors import InvalidInput, VenueRefused
from sot.domain.values.json_form import JsonForm
from sot.domain.values.value import CompleteValue, value_of

__all__ = [
    "UNSUPPORTED",
    "ExecutionsPage",
    "FoundOrder",
    "HeldBalance",
    "HeldBalances",
    "HeldPosition",
    "HeldPositions",
    "OpenOrders",
    "OrderReference",
    "Replacement",
    "Venue",
    "VenueCapabilities",
    "VenueProfile",
    "VenueScope",
    "sorted_symbols",
    "speaks_for",
    "unsupported",
]


class Replacement(StrEnum):
    """What a venue does to replace an order."""

    AMENDS = "AMENDS"
    """It amends the order, and answers REPLACED."""
    NEW_ORDER = "NEW_ORDER"
    """It cancels the order and creates another one, whose executions count from zero."""


ReplacementGiven: TypeAlias = Replacement | Literal["AMENDS", "NEW_ORDER"]
"""One of `Replacement`, or its word."""


@attrs.frozen(kw_only=True)
class VenueCapabilities(JsonForm):
    """What a venue supports, and how far its answers reach. The defaults promise nothing.

    Attributes:
        cancels: It cancels orders.
        replaces: How it replaces orders; None if it does not.
        client_order_ids: Its orders carry the client order ids of our requests.
        finds_orders: It finds single orders by venue order id.
        finds_by_client_order_id: It finds single orders by client order id.
        executions_by_order: `find` returns the executions of the order, too.
        lists_open_orders: It lists open orders.
        lists_executions: It lists executions.
        lists_positions: It lists positions.
        lists_balances: It lists the balances of its wallets.
        history: How long an order is found after its end. Zero: only open orders are found; None: for ever.
        settled_after: The time after sending from which on "no such order" is an answer, because a request that has not
            arrived by then never will (as where requests expire). It is measured by our clock. None: it never is one.
        time_limit: The longest time that a call takes until it returns or raises.
    """

    cancels: bool = False
    replaces: Replacement | None = None
    client_order_ids: bool = False
    finds_orders: bool = False
    finds_by_client_order_id: bool = False
    executions_by_order: bool = False
    lists_open_orders: bool = False
    lists_executions: bool = False
    lists_positions: bool = False
    lists_balances: bool = False
    history: timedelta | None = timedelta(0)
    settled_after: timedelta | None = None
    time_limit: timedelta = timedelta(seconds=30)


def _text(value: str | None) -> str:
    return value or ""


@attrs.frozen(kw_only=True)
class OrderReference(JsonForm):
    """The identifiers of an order that a venue is asked for.

    Attributes:
        sent_at: When the order was sent, about: where a venue has to look for it.
    """

    account_id: str
    venue_account: str = attrs.field(default="", converter=_text)
    id_scope: str = attrs.field(default="", converter=_text)
    symbol: str | None = None
    client_order_id: str | None = None
    venue_order_id: str | None = None
    sent_at: datetime | None = None

    @classmethod
    def to(cls, order: Order | VenueReport, sent_at: datetime | None) -> Self:
        """Create a reference to an order.

        Args:
            order: An order of the history, or a report of the order.
            sent_at: When the order was sent, if that is known.
        """
        return cls(
            account_id=order.account_id,
            venue_account=order.venue_account,
            id_scope=order.id_scope,
            symbol=order.symbol,
            client_order_id=order.client_order_id,
            venue_order_id=order.venue_order_id,
            sent_at=sent_at,
        )


@attrs.frozen(kw_only=True)
class VenueScope(JsonForm):
    """The account and the symbols that a venue is asked for; `symbols` None means all."""

    account_id: str
    venue_account: str = attrs.field(default="", converter=_text)
    symbols: frozenset[str] | None = None

    def concerns(self, symbol: str | None) -> bool:
        """Whether a symbol is in the scope."""
        return self.symbols is None or symbol in self.symbols


def sorted_symbols(symbols: frozenset[str] | None) -> list[str] | None:
    """The symbols in order, as snapshots have them; None means all."""
    return None if symbols is None else sorted(symbols)


def _symbols(field: str, value: Any) -> frozenset[str]:
    if not isinstance(value, (frozenset, set, list, tuple)):
        raise InvalidInput(field, value, "a set of symbols")
    return frozenset(fields.NAME.check(field, symbol) for symbol in value)


_SYMBOLS = fields.Kind(
    _symbols,
    lambda symbols: fields.sequence_of(fields.NAME).write(sorted(symbols)),
    dump=sorted,
    schema=fields.array_schema(fields.NAME.schema),
)
_REPORTS = fields.sequence_of(value_of(VenueReport))


@attrs.frozen(slots=False, kw_only=True)
class FoundOrder(CompleteValue):
    """A venue's answer about one order.

    Attributes:
        asked_at: The time of the query.
        reports: The executions of the order, as far as the venue has them, then an ORDER_STATUS that occurred at
            `asked_at`. Empty if the venue knows no such order.
        complete: Whether all executions up to `asked_at` are among the reports.
    """

    asked_at: datetime = attrs.field(converter=given.time)
    reports: Sequence[VenueReport] = ()
    complete: bool = False

    KINDS: ClassVar = {"asked_at": fields.TIME, "reports": _REPORTS, "complete": fields.FLAG}


@attrs.frozen(slots=False, kw_only=True)
class OpenOrders(CompleteValue):
    """A venue's list of open orders.

    Attributes:
        asked_at: The time of the query.
        reports: An ORDER_STATUS for each order, which occurred at `asked_at`.
        symbols: The symbols that the list covers; None means all.
        complete: Whether there are no other open orders of these symbols.
    """

    asked_at: datetime = attrs.field(converter=given.time)
    reports: Sequence[VenueReport] = ()
    symbols: frozenset[str] | None = None
    complete: bool = True

    KINDS: ClassVar = {
        "asked_at": fields.TIME,
        "reports": _REPORTS,
        "symbols": _SYMBOLS,
        "complete": fields.FLAG,
    }


@attrs.frozen(slots=False, kw_only=True)
class ExecutionsPage(CompleteValue):
    """A page of a venue's list of executions, oldest first as far as the venue can tell.

    Attributes:
        asked_at: The time of the query.
        reports: A TRADE for each execution.
        cursor: Where the next page begins. The next page may repeat executions, and omits none. None: the venue has no
            cursors.
        more: Whether there is another page now.
        since: The time from which on executions are complete, where the venue does not reach back as far as it was
            asked; None: it does.
        symbols: The symbols that the list covers; None means all.
    """

    asked_at: datetime = attrs.field(converter=given.time)
    reports: Sequence[VenueReport] = ()
    cursor: str | None = None
    more: bool = False
    since: datetime | None = attrs.field(default=None, converter=given.time_or_none)
    symbols: frozenset[str] | None = None

    KINDS: ClassVar = {
        "asked_at": fields.TIME,
        "reports": _REPORTS,
        "cursor": fields.TEXT,
        "more": fields.FLAG,
        "since": fields.TIME,
        "symbols": _SYMBOLS,
    }


@attrs.frozen(slots=False, kw_only=True)
class HeldPositions(CompleteValue):
    """A venue's list of the positions of an account.

    Attributes:
        asked_at: The time of the query.
        positions: The positions.
        symbols: The symbols that the list covers (no other positions are held in them); None means all.
    """

    asked_at: datetime = attrs.field(converter=given.time)
    positions: Sequence[HeldPosition] = ()
    symbols: frozenset[str] | None = None

    KINDS: ClassVar = {
        "asked_at": fields.TIME,
        "positions": fields.sequence_of(value_of(HeldPosition)),
        "symbols": _SYMBOLS,
    }


@attrs.frozen(slots=False, kw_only=True)
class HeldBalances(CompleteValue):
    """What the wallets of an account hold.

    Attributes:
        asked_at: The time of the query.
        balances: The balances; an asset that is not listed is not held.
        assets: The assets that the list covers; None means all.
    """

    asked_at: datetime = attrs.field(converter=given.time)
    balances: Sequence[HeldBalance] = ()
    assets: frozenset[str] | None = None

    KINDS: ClassVar = {
        "asked_at": fields.TIME,
        "balances": fields.sequence_of(value_of(HeldBalance)),
        "assets": _SYMBOLS,
    }


class VenueProfile(Protocol):
    """What is known of a venue without asking it.

    Attributes:
        name: The name of the venue, as requests and instruments have it.
        venue_account: The account at the venue that it connects to; None if it can connect to any.
    """

    name: str
    venue_account: str | None = None

    @property
    def capabilities(self) -> VenueCapabilities:
        """What the venue supports."""
        return VenueCapabilities()


class Venue(VenueProfile, Protocol):
    """A venue that orders can be sent to.

    `capabilities` states which calls it supports; the others raise VenueRefused. Its reports carry the `account_id`
    that they were requested for. It may be called from several threads at once.

    Attributes:
        name: The name of the venue, as requests and instruments have it.
        venue_account: The account at the venue that it connects to; None if it can connect to any.
    """

    @abstractmethod
    def submit(self, request: OrderRequest) -> Sequence[VenueReport]:
        """Send a new order under `request.client_order_id`.

        Any other exception than these means that the outcome is unknown.

        Returns:
            The venue's answers, in order.

        Raises:
            VenueRefused: The venue refuses the order.
            VenueNotReached: Nothing was sent, for certain.
        """
        raise NotImplementedError

    def cancel(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        """Cancel an order.

        Args:
            request: The CANCEL request.
            target: The order to cancel.

        Returns:
            The venue's answers: CANCELED, or PENDING_CANCEL, if CANCELED follows later.

        Raises:
            VenueRefused: The order stays as it is, or the venue does not know it any more.
            VenueNotReached: Nothing was sent, for certain.
        """
        raise unsupported(self, "cancels no orders")

    def replace(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        """Replace the terms of an order.

        Args:
            request: The REPLACE request, with the terms to change; the others stay as they are.
            target: The order to replace.

        Returns:
            The venue's answers: REPLACED where it amends orders; else CANCELED for the target, and the reports of the
            new order under `request.client_order_id`.

        Raises:
            VenueRefused: The order stays as it is.
            VenueNotReached: Nothing was sent, for certain.
        """
        raise unsupported(self, "replaces no orders")

    def find(self, order: OrderReference) -> FoundOrder:
        """Ask for one order.

        Raises:
            VenueError: The venue was not reached or did not answer.
        """
        raise unsupported(self, "finds no orders")

    def open_orders(self, scope: VenueScope) -> OpenOrders:
        """Ask for the open orders.

        Raises:
            VenueError: The venue was not reached or did not answer.
        """
        raise unsupported(self, "lists no open orders")

    def executions(self, scope: VenueScope, since: datetime | None = None, cursor: str | None = None) -> ExecutionsPage:
        """Ask for a page of executions.

        Args:
            scope: The account and symbols.
            since: List executions from this time on; None: from the oldest one that the venue has.
            cursor: The cursor of an earlier page, to continue after it.

        Raises:
            VenueError: The venue was not reached or did not answer.
            InvalidInput: The venue does not accept the cursor.
        """
        raise unsupported(self, "lists no executions")

    def positions(self, scope: VenueScope) -> HeldPositions:
        """Ask for the positions.

        Raises:
            VenueError: The venue was not reached or did not answer.
        """
        raise unsupported(self, "lists no positions")

    def balances(self, scope: VenueScope) -> HeldBalances:
        """Ask what the wallets hold, of all assets: they are not kept by symbol.

        Raises:
            VenueError: The venue was not reached or did not answer.
        """
        raise unsupported(self, "lists no balances")


def speaks_for(venue: VenueProfile, venue_account: str) -> bool:
    """Whether a venue connects to an account of theirs. Another account's "no such order" would be no answer."""
    return getattr(venue, "venue_account", None) in (None, venue_account)


UNSUPPORTED = "UNSUPPORTED"
"""The reason of VenueRefused for a call that the venue does not support."""


def unsupported(venue: VenueProfile, what: str) -> VenueRefused:
    """The error of a call that the venue does not support; `what` says what it does not do."""
    return VenueRefused(UNSUPPORTED, f"{venue.name} {what}")
