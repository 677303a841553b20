"""What the executor, recovery and the reconciler need of a venue.

Every call has one of four outcomes, told apart by type: it returns what the venue answered; `VenueRefused`: the venue
said no; `VenueNotReached`: known for sure, nothing was sent; `VenueOutcomeUnknown`, and whatever else is raised: nobody
knows. A question that fails is never an answer: nothing follows from it, least of all that there is nothing.
Answers to questions check what they are made of (InvalidInput): what cannot be read is no answer either.
"""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Protocol, Self

import attrs

from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.reconciliation.snapshots import PositionHeld
from sot.domain.values import fields
from sot.domain.values.errors import InvalidInput, VenueRefused
from sot.domain.values.vocabulary import PositionSide


class Replacement(StrEnum):
    """What a replacement is at a venue."""

    AMENDS = "AMENDS"
    """The same order with other terms: it answers REPLACED."""
    NEW_ORDER = "NEW_ORDER"
    """The order is cancelled, and another one takes its place, which counts its executions from zero."""


@attrs.frozen(kw_only=True)
class VenueCapabilities:
    """What a venue can do, and how far its answers reach. The defaults promise nothing.

    `history`: how long after its end an order is still found (zero: only open orders are; None: for ever).
    `settled_after`: this long after a request was sent, the venue has it or never will, so that from then on "I know no
    such order" is an answer (as where requests carry a time after which they are refused); None: it never is one. How
    long ago that was, our clock tells.
    `time_limit`: the longest that a call takes before it returns or raises.
    """

    cancels: bool = False
    replaces: Replacement | None = None
    client_order_ids: bool = False
    """Orders carry the client order ids that we give them."""
    finds_orders: bool = False
    finds_by_client_order_id: bool = False
    executions_by_order: bool = False
    """`find` also returns the executions of the order."""
    lists_open_orders: bool = False
    lists_executions: bool = False
    lists_positions: bool = False
    history: timedelta | None = timedelta(0)
    settled_after: timedelta | None = None
    time_limit: timedelta = timedelta(seconds=30)


@attrs.frozen(kw_only=True)
class OrderReference:
    """Which order a venue is asked about: by the names that it may know. `sent_at` tells where in time to look."""

    account_id: str
    venue_account: str = ""
    id_scope: str = ""
    symbol: str | None = None
    client_order_id: str | None = None
    venue_order_id: str | None = None
    sent_at: datetime | None = None

    @classmethod
    def to(cls, named: Order | VenueReport, sent_at: datetime | None) -> Self:
        """How the venue is asked about an order of the history, or about the one that a report names."""
        return cls(
            account_id=named.account_id,
            venue_account=named.venue_account,
            id_scope=named.id_scope,
            symbol=named.symbol,
            client_order_id=named.client_order_id,
            venue_order_id=named.venue_order_id,
            sent_at=sent_at,
        )


@attrs.frozen(kw_only=True)
class VenueScope:
    """Whose orders, executions or positions a venue is asked for; `symbols` None means all."""

    account_id: str
    venue_account: str = ""
    symbols: frozenset[str] | None = None

    def concerns(self, symbol: str | None) -> bool:
        """Whether it is about a symbol at all."""
        return self.symbols is None or symbol in self.symbols


def sorted_symbols(symbols: frozenset[str] | None) -> list[str] | None:
    """Symbols in order, as snapshots keep them; None means all."""
    return None if symbols is None else sorted(symbols)


def _symbols(field: str, value: Any) -> frozenset[str]:
    if not isinstance(value, (frozenset, set, list, tuple)):
        raise InvalidInput(field, value, "a set of symbols")
    return frozenset(fields.NAME.check(field, symbol) for symbol in value)


_SYMBOLS = fields.Kind(_symbols, lambda symbols: fields.sequence_of(fields.NAME).write(sorted(symbols)))
_REPORTS = fields.sequence_of(fields.value_of(VenueReport))


@attrs.frozen(slots=False)
class _Answer(fields.Value):
    """Checks what it is made of. Raises: InvalidInput."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        for field in attrs.fields(type(self)):
            if getattr(self, field.name) is None and field.default is not None:
                raise InvalidInput(field.name, None, "a value")


@attrs.frozen(slots=False, kw_only=True)
class FoundOrder(_Answer):
    """What a venue says of one order that it was asked for at `asked_at`.

    `reports`: its executions as far as they are known, then an ORDER_STATUS that occurred at `asked_at`. Empty: the
    venue says that it knows no such order. `complete`: all executions up to `asked_at` are there.
    """

    asked_at: datetime
    reports: Sequence[VenueReport] = ()
    complete: bool = False

    KINDS: ClassVar = {"asked_at": fields.TIME, "reports": _REPORTS, "complete": fields.FLAG}


@attrs.frozen(slots=False, kw_only=True)
class OpenOrders(_Answer):
    """The orders that work at a venue: an ORDER_STATUS each, which occurred at `asked_at`.

    `symbols`: those that the answer covers; None means all. `complete`: there are no others.
    """

    asked_at: datetime
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
class ExecutionsPage(_Answer):
    """Executions of an account, a TRADE each, oldest first as far as the venue knows.

    `cursor` is where to go on: asking again with it may repeat executions, and leaves none out; None where there is no
    place to go on from. `more`: another page is there now. `since`: from when on executions are complete, where the
    venue reaches back less far than it was asked to; None: as far as it was asked. `symbols` as for open orders.
    """

    asked_at: datetime
    reports: Sequence[VenueReport] = ()
    cursor: str | None = None
    more: bool = False
    since: datetime | None = None
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
class HeldPosition(_Answer):
    """A position as a venue holds it, in signed units of the instrument."""

    symbol: str
    quantity: Decimal
    position_side: PositionSide = PositionSide.NET
    position_id: str = ""

    KINDS: ClassVar = PositionHeld.KINDS


@attrs.frozen(slots=False, kw_only=True)
class HeldPositions(_Answer):
    """The positions of an account at `asked_at`; of the `symbols` covered (None: all) no others are held."""

    asked_at: datetime
    positions: Sequence[HeldPosition] = ()
    symbols: frozenset[str] | None = None

    KINDS: ClassVar = {
        "asked_at": fields.TIME,
        "positions": fields.sequence_of(fields.value_of(HeldPosition)),
        "symbols": _SYMBOLS,
    }


class Venue(Protocol):
    """A venue that orders can be sent to.

    `venue_account` is the account of theirs that it speaks for; None: for whichever it is asked about. It says in
    `capabilities` which of the calls it has; the others refuse. All reports carry the `account_id` that they were asked
    for. Calls may come from several threads at once.
    """

    name: str
    venue_account: str | None = None

    @property
    def capabilities(self) -> VenueCapabilities:
        """What it can do, and how far its answers reach."""
        return VenueCapabilities()

    @abstractmethod
    def submit(self, request: OrderRequest) -> Sequence[VenueReport]:
        """Send a new order under `request.client_order_id` and return what the venue answered, in order.

        Raises: VenueRefused: it said no. VenueNotReached: known for sure, nothing was sent.
        Anything else that is raised means that the outcome is unknown.
        """
        raise NotImplementedError

    def cancel(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        """Ask for the end of `target` and return what the venue answered: CANCELED, or PENDING_CANCEL and later more.

        Raises: as `submit`; VenueRefused means that the order stays as it was, or that the venue knows it no more.
        """
        raise VenueRefused(UNSUPPORTED, f"{self.name} cancels no orders")

    def replace(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        """Ask for other terms for `target`: those that `request` has; the others stay.

        Where a replacement amends, the answer is REPLACED. Where it makes a new order, the answer is CANCELED for the
        target and what the venue says of the new order, under `request.client_order_id`.

        Raises: as `submit`; VenueRefused means that the order stays as it was.
        """
        raise VenueRefused(UNSUPPORTED, f"{self.name} replaces no orders")

    def find(self, order: OrderReference) -> FoundOrder:
        """Ask what the venue knows of an order.

        Raises: VenueError: it could not be asked, or did not answer.
        """
        raise VenueRefused(UNSUPPORTED, f"{self.name} finds no orders")

    def open_orders(self, scope: VenueScope) -> OpenOrders:
        """Ask for the orders that work.

        Raises: VenueError: it could not be asked, or did not answer.
        """
        raise VenueRefused(UNSUPPORTED, f"{self.name} lists no open orders")

    def executions(self, scope: VenueScope, since: datetime | None = None, cursor: str | None = None) -> ExecutionsPage:
        """Ask for executions from a moment on, or from where an earlier page ended.

        Raises: VenueError: it could not be asked, or did not answer. InvalidInput: not a cursor of this venue.
        """
        raise VenueRefused(UNSUPPORTED, f"{self.name} lists no executions")

    def positions(self, scope: VenueScope) -> HeldPositions:
        """Ask for the positions that are held.

        Raises: VenueError: it could not be asked, or did not answer.
        """
        raise VenueRefused(UNSUPPORTED, f"{self.name} lists no positions")


def speaks_for(venue: Venue, venue_account: str) -> bool:
    """Whether a venue can be asked about an account of theirs: another one's "no such order" is no answer."""
    return getattr(venue, "venue_account", None) in (None, venue_account)


UNSUPPORTED = "UNSUPPORTED"
"""The reason with which a venue refuses a call that it does not have."""
