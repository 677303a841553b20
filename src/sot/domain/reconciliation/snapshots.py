"""What the history and a venue have at a moment, as far as each of them covers it: what a comparison compares."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import attrs

from sot.domain.orders.report import VenueReport
from sot.domain.values import fields
from sot.domain.values.vocabulary import OrderStatus, PositionSide

_NAMES = fields.sequence_of(fields.NAME)


_REPORTS = fields.sequence_of(fields.value_of(VenueReport))


@attrs.frozen(slots=False, kw_only=True)
class Coverage(fields.Value):
    """What an answer covers: `symbols` (None: all), what happened from `since` on (None: ever); `complete`: all of it.

    Nothing follows from what lies outside, nor, where it is not complete, from what is not there.
    """

    symbols: Sequence[str] | None = None
    since: datetime | None = None
    complete: bool = False

    KINDS: ClassVar = {"symbols": _NAMES, "since": fields.TIME, "complete": fields.FLAG}

    def covers(self, symbol: str | None) -> bool:
        """Whether everything about a symbol is there."""
        return self.complete and self.concerns(symbol)

    def concerns(self, symbol: str | None) -> bool:
        """Whether the answer is about a symbol at all."""
        return self.symbols is None or symbol in self.symbols


@attrs.frozen(slots=False, kw_only=True)
class KnownExecution(fields.Value):
    """An execution that the history has, as it counts now.

    `first_exec_id` is the one by which it was known before it was corrected. `busted`: it does not count, since it was
    busted or voided, or never made sense.
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
class KnownOrder(fields.Value):
    """An order that the history has; `changed_at` is when the last event of it was recorded.

    `id_scopes` are those in which it has its names, where names repeat.
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
    executions: Sequence[KnownExecution] = ()

    KINDS: ClassVar = {
        "order_id": fields.IDENTITY,
        "symbol": fields.NAME,
        "status": fields.word(OrderStatus),
        "is_open": fields.FLAG,
        "in_doubt": fields.FLAG,
        "cum_quantity": fields.NUMBER,
        "changed_at": fields.TIME,
        "client_order_ids": _NAMES,
        "venue_order_ids": _NAMES,
        "id_scopes": fields.sequence_of(fields.SCOPE),
        "order_quantity": fields.NUMBER,
        "executions": fields.sequence_of(fields.value_of(KnownExecution)),
    }


@attrs.frozen(slots=False, kw_only=True)
class PositionHeld(fields.Value):
    """A position, in signed units of the instrument."""

    symbol: str
    quantity: Decimal
    position_side: PositionSide = PositionSide.NET
    position_id: str = ""

    KINDS: ClassVar = {
        "symbol": fields.NAME,
        "quantity": fields.NUMBER,
        "position_side": fields.word(PositionSide),
        "position_id": fields.SCOPE,
    }

    @property
    def key(self) -> tuple[str, PositionSide, str]:
        """Which position it is."""
        return self.symbol, self.position_side, self.position_id


_POSITIONS = fields.sequence_of(fields.value_of(PositionHeld))


@attrs.frozen(slots=False, kw_only=True)
class HistorySnapshot(fields.Value):
    """What the history has of an account at a venue.

    `orders` are all that are open, of the symbols that `coverage` names, and those that the venue names; `waiting` are
    the reports whose order is not known.
    """

    account_id: str
    venue: str
    taken_at: datetime
    coverage: Coverage
    venue_account: str = ""
    orders: Sequence[KnownOrder] = ()
    waiting: Sequence[VenueReport] = ()
    positions: Sequence[PositionHeld] = ()

    KINDS: ClassVar = {
        "account_id": fields.NAME,
        "venue": fields.NAME,
        "taken_at": fields.TIME,
        "coverage": fields.value_of(Coverage),
        "venue_account": fields.SCOPE,
        "orders": fields.sequence_of(fields.value_of(KnownOrder)),
        "waiting": _REPORTS,
        "positions": _POSITIONS,
    }


@attrs.frozen(slots=False, kw_only=True)
class VenueSnapshot(fields.Value):
    """What a venue said of an account, from `asked_at` on.

    `orders` are statuses: of the orders that work, covered by `open_orders`, and of those that were asked for one by
    one; `absent` are ids (ours) of orders of which the venue said that it knows none. `executions` are covered by
    `executed`, `positions` by `held`. `failures` are questions that were not answered: nothing follows from them.
    """

    account_id: str
    venue: str
    asked_at: datetime
    venue_account: str = ""
    orders: Sequence[VenueReport] = ()
    absent: Sequence[str] = ()
    executions: Sequence[VenueReport] = ()
    positions: Sequence[PositionHeld] = ()
    open_orders: Coverage = Coverage()
    executed: Coverage = Coverage()
    held: Coverage = Coverage()
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
        "open_orders": fields.value_of(Coverage),
        "executed": fields.value_of(Coverage),
        "held": fields.value_of(Coverage),
        "failures": fields.sequence_of(fields.TEXT),
    }


class Names:
    """Orders by their names, as reports give them: a name that several have in one scope names none."""

    def __init__(self, orders: Iterable[KnownOrder]) -> None:
        self._named: dict[tuple[str, str], list[KnownOrder]] = {}
        for order in orders:
            for kind, names in (("client", order.client_order_ids), ("venue", order.venue_order_ids)):
                for name in names:
                    self._named.setdefault((kind, name), []).append(order)

    def find(self, report: VenueReport) -> KnownOrder | None:
        """The order of a report: by its client order id, the venue's id, or the client order id before."""
        for kind, name in (
            ("client", report.client_order_id),
            ("venue", report.venue_order_id),
            ("client", report.orig_client_order_id),
        ):
            found = [] if name is None else self._in_scope(kind, name, report.id_scope)
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def _in_scope(self, kind: str, name: str, id_scope: str) -> list[KnownOrder]:
        named = self._named.get((kind, name), [])
        return [order for order in named if not (id_scope and order.id_scopes) or id_scope in order.id_scopes]
