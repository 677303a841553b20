"""Snapshots of the history and of a venue, and what each of them covers."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import attrs

from sot.domain.orders.report import VenueReport
from sot.domain.values import fields, given
from sot.domain.values.value import CompleteValue, Value, value_of
from sot.domain.values.vocabulary import IdentifierKind, OrderStatus, PositionSide

_NAMES = fields.sequence_of(fields.NAME)
_REPORTS = fields.sequence_of(value_of(VenueReport))


@attrs.frozen(slots=False, kw_only=True)
class Coverage(Value):
    """The extent of an answer. Nothing is concluded about what lies outside.

    Attributes:
        symbols: The symbols that the answer is about; None means all.
        since: The answer is about what happened at this time or later; None means from the beginning.
        complete: Whether the answer is complete within these limits. If not, nothing follows from what is missing.
    """

    symbols: Sequence[str] | None = None
    since: datetime | None = None
    complete: bool = False

    KINDS: ClassVar = {
        "symbols": attrs.evolve(_NAMES, none=None),
        "since": fields.TIME,
        "complete": fields.FLAG,
    }

    def covers(self, symbol: str | None) -> bool:
        """Whether the answer is complete for a symbol.

        Rules: RECON-2.
        """
        return self.complete and self.concerns(symbol)

    def concerns(self, symbol: str | None) -> bool:
        """Whether the answer is about a symbol, completely or not.

        Rules: RECON-2.
        """
        return self.symbols is None or symbol in self.symbols


@attrs.frozen(slots=False, kw_only=True)
class KnownExecution(Value):
    """The current version of an execution in the history.

    Attributes:
        quantity: Units of the instrument.
        price: Quote currency per unit.
        first_exec_id: The id of the execution before it was corrected.
        busted: Whether the execution does not count: it was busted or voided, or its report was invalid.
    """

    quantity: Decimal
    price: Decimal
    happened_at: datetime
    exec_id: str | None = None
    first_exec_id: str | None = None
    leg: str = ""
    busted: bool = False

    KINDS: ClassVar = {
        "quantity": fields.NUMBER,
        "price": fields.NUMBER,
        "happened_at": fields.TIME,
        "exec_id": fields.NAME,
        "first_exec_id": fields.NAME,
        "leg": fields.SCOPE,
        "busted": fields.FLAG,
    }


@attrs.frozen(slots=False, kw_only=True)
class KnownOrder(Value):
    """An order of the history.

    Attributes:
        changed_at: The time at which its last event was recorded.
        client_order_ids: Its client order ids, the latest one last.
        venue_order_ids: Its venue order ids, the latest one last.
        id_scopes: The scopes in which its identifiers are known, where a venue uses identifiers again (such as days).
        limit_price: Its limit price; runs that were recorded before prices were compared have none.
        stop_price: Its stop price, likewise.
        executions: The executions that are compared.
    """

    order_id: str
    symbol: str
    status: OrderStatus
    is_open: bool
    in_doubt: bool
    cum_quantity: Decimal
    changed_at: datetime
    client_order_ids: Sequence[str] = ()
    venue_order_ids: Sequence[str] = ()
    id_scopes: Sequence[str] = ()
    order_quantity: Decimal | None = None
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    executions: Sequence[KnownExecution] = ()

    KINDS: ClassVar = {
        "order_id": fields.IDENTITY,
        "symbol": fields.NAME,
        "status": fields.member_of(OrderStatus),
        "is_open": fields.FLAG,
        "in_doubt": fields.FLAG,
        "cum_quantity": fields.NUMBER,
        "changed_at": fields.TIME,
        "client_order_ids": _NAMES,
        "venue_order_ids": _NAMES,
        "id_scopes": fields.sequence_of(fields.SCOPE),
        "order_quantity": fields.NUMBER,
        "limit_price": fields.NUMBER,
        "stop_price": fields.NUMBER,
        "executions": fields.sequence_of(value_of(KnownExecution)),
    }

    def find_execution(self, exec_id: str | None, leg: str) -> KnownExecution | None:
        """The execution that has or had an id; None if there is none."""
        for execution in self.executions:
            if exec_id in (execution.exec_id, execution.first_exec_id) and execution.leg == leg:
                return execution
        return None


@attrs.frozen(slots=False, kw_only=True)
class HeldPosition(CompleteValue):
    """A position, in signed units of the instrument (short is negative).

    Raises:
        InvalidInput: A field is missing or not allowed.
    """

    symbol: str
    quantity: Decimal = attrs.field(converter=given.decimal)
    position_side: PositionSide = attrs.field(default=PositionSide.NET, converter=given.position_side)
    position_id: str = attrs.field(default="", converter=given.text)

    KINDS: ClassVar = {
        "symbol": fields.NAME,
        "quantity": fields.NUMBER,
        "position_side": fields.member_of(PositionSide),
        "position_id": fields.SCOPE,
    }

    @property
    def key(self) -> tuple[str, PositionSide, str]:
        """What identifies the position within an account at a venue."""
        return self.symbol, self.position_side, self.position_id


_POSITIONS = fields.sequence_of(value_of(HeldPosition))


@attrs.frozen(slots=False, kw_only=True)
class HeldBalance(CompleteValue):
    """What a venue's wallet holds of an asset.

    Attributes:
        amount: Everything that is held, free or not; borrowed is negative.

    Raises:
        InvalidInput: A field is missing or not allowed.
    """

    asset: str
    amount: Decimal = attrs.field(converter=given.decimal)

    KINDS: ClassVar = {"asset": fields.NAME, "amount": fields.NUMBER}


@attrs.frozen(slots=False, kw_only=True)
class KnownBalance(Value):
    """The balance of an asset in the history.

    Attributes:
        amount: The sum of what moved it; None if it has more digits than a venue can state.
        moved_at: The latest time at which a fact moved it; None if none did.
        symbols: The symbols whose executions move it.
    """

    asset: str
    amount: Decimal | None = None
    moved_at: datetime | None = None
    symbols: Sequence[str] = ()

    KINDS: ClassVar = {"asset": fields.NAME, "amount": fields.NUMBER, "moved_at": fields.TIME, "symbols": _NAMES}


@attrs.frozen(slots=False, kw_only=True)
class HistorySnapshot(Value):
    """The orders and positions that the history has of an account at a venue.

    Attributes:
        coverage: The symbols that the snapshot is about.
        orders: All open orders of these symbols, and the orders that the venue's reports name.
        attributed: The ids of orders that were compared before, and turned out to be other orders.
        waiting: The reports whose order is not known.
        positions: The positions of these symbols.
        balances: The balances of the account, if they are compared.
        wallets: The assets whose balances are known; None if they are not compared.
    """

    account_id: str
    venue: str
    taken_at: datetime
    coverage: Coverage
    venue_account: str = ""
    orders: Sequence[KnownOrder] = ()
    attributed: Sequence[str] = ()
    waiting: Sequence[VenueReport] = ()
    positions: Sequence[HeldPosition] = ()
    balances: Sequence[KnownBalance] = ()
    wallets: Coverage | None = None

    KINDS: ClassVar = {
        "account_id": fields.NAME,
        "venue": fields.NAME,
        "taken_at": fields.TIME,
        "coverage": value_of(Coverage),
        "venue_account": fields.SCOPE,
        "orders": fields.sequence_of(value_of(KnownOrder)),
        "attributed": fields.sequence_of(fields.IDENTITY),
        "waiting": _REPORTS,
        "positions": _POSITIONS,
        "balances": fields.sequence_of(value_of(KnownBalance)),
        "wallets": value_of(Coverage),
    }


@attrs.frozen(slots=False, kw_only=True)
class VenueSnapshot(Value):
    """The answers of a venue about an account.

    Attributes:
        asked_at: The time of the first query; all answers are at least as new.
        orders: ORDER_STATUS reports: of the open orders, and of the orders that were asked for one by one.
        absent: The ids (ours) of orders that the venue does not know.
        executions: TRADE reports.
        positions: The positions that are held.
        open_orders: What the list of open orders covers.
        executed: What the list of executions covers.
        held: What the list of positions covers.
        balances: What the wallets hold.
        wallets: What the list of balances covers, its symbols being assets; None if they are not compared.
        failures: The queries that were not answered. Nothing is concluded from them.
    """

    account_id: str
    venue: str
    asked_at: datetime
    venue_account: str = ""
    orders: Sequence[VenueReport] = ()
    absent: Sequence[str] = ()
    executions: Sequence[VenueReport] = ()
    positions: Sequence[HeldPosition] = ()
    open_orders: Coverage = Coverage()
    executed: Coverage = Coverage()
    held: Coverage = Coverage()
    balances: Sequence[HeldBalance] = ()
    wallets: Coverage | None = None
    failures: Sequence[str] = ()

    KINDS: ClassVar = {
        "account_id": fields.NAME,
        "venue": fields.NAME,
        "asked_at": fields.TIME,
        "venue_account": fields.SCOPE,
        "orders": _REPORTS,
        "absent": fields.sequence_of(fields.IDENTITY),
        "executions": _REPORTS,
        "positions": _POSITIONS,
        "open_orders": value_of(Coverage),
        "executed": value_of(Coverage),
        "held": value_of(Coverage),
        "balances": fields.sequence_of(value_of(HeldBalance)),
        "wallets": value_of(Coverage),
        "failures": fields.sequence_of(fields.TEXT),
    }


class OrderIndex:
    """The orders of a snapshot by their identifiers."""

    def __init__(self, orders: Iterable[KnownOrder]) -> None:
        self._orders: dict[tuple[IdentifierKind, str], list[KnownOrder]] = {}
        for order in orders:
            for kind, values in (
                (IdentifierKind.CLIENT, order.client_order_ids),
                (IdentifierKind.VENUE, order.venue_order_ids),
            ):
                for value in values:
                    self._orders.setdefault((kind, value), []).append(order)

    def find(self, report: VenueReport) -> KnownOrder | None:
        """The order of a report, by the first of its identifiers that is known (see `VenueReport.identifiers`).

        A report with an `id_scope` fits only an order that is known in this scope; a report without one fits any.

        Returns:
            The order; None if no identifier is known, or if the first known one belongs to several orders.

        Rules: RECON-3.
        """
        for identifier in report.identifiers():
            candidates = [order for order in self._orders.get(identifier, ()) if _fits_scope(order, report.id_scope)]
            if candidates:
                return candidates[0] if len(candidates) == 1 else None
        return None


def _fits_scope(order: KnownOrder, id_scope: str) -> bool:
    return not id_scope or id_scope in order.id_scopes
