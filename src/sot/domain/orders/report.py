"""What a venue said, in the words of the trade."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

import attrs

from sot.domain.values import fields
from sot.domain.values.canonical import digest
from sot.domain.values.numbers import ZERO
from sot.domain.values.vocabulary import (
    VENUE_EVENT_TYPES,
    EventType,
    IdentifierKind,
    Liquidity,
    OrderStatus,
    OrderType,
    PositionSide,
    ReportingType,
    Side,
    TimeInForce,
)


@attrs.frozen(slots=False)
class Fee(fields.Value):
    """An amount in a currency; negative is a rebate."""

    amount: Decimal
    currency: str

    KINDS: ClassVar = {"amount": fields.NUMBER, "currency": fields.NAME}


FEES = fields.sequence_of(fields.value_of(Fee))


# How the order is named by us, and when the report came to us, are not part of what the venue said.
_UNSAID = frozenset({"order_id", "received_at", "raw_payload"})


_NAMES = frozenset({"client_order_id", "orig_client_order_id", "venue_order_id", "venue_account", "id_scope"})


_POSITIVE = ("order_quantity", "split_ratio")


_CORRECTIONS = (EventType.TRADE_CORRECT, EventType.TRADE_CANCEL)


_NOTHING: frozenset[str] = frozenset()


_NOT_NEGATIVE = ("cum_quantity", "leaves_quantity")


@attrs.frozen(slots=False, kw_only=True)
class VenueReport(fields.Value):
    """One report of a venue about one order.

    It names its order by the first known of `order_id` (ours), `client_order_id`, `venue` with `venue_order_id`, and
    `orig_client_order_id`. Quantities are in units of the instrument, prices in quote currency per unit.
    `occurred_at` is the venue's time; for ORDER_STATUS it is the time when the status was asked for.
    A TRADE has `last_quantity` and `last_price`; a TRADE_CORRECT the new full values of the execution that
    `exec_ref_id` names (FIX 4.4 volume 4, ExecType G); a TRADE_CANCEL only names it.
    `position_side` and `position_id` tell which position it moves, where the venue keeps several; otherwise the
    request does.

    Senseless values are kept and flagged when recorded; only what cannot be read exactly is refused here.

    Raises: InvalidInput: floats, NaN, naive times, values over their bounds, words that do not exist.
    """

    account_id: str
    type: EventType
    venue: str | None = None
    venue_account: str = ""
    id_scope: str = ""
    order_id: str | None = None
    client_order_id: str | None = None
    orig_client_order_id: str | None = None
    venue_order_id: str | None = None
    exec_id: str | None = None
    exec_ref_id: str | None = None
    leg: str = ""
    symbol: str | None = None
    side: Side | None = None
    reported_status: OrderStatus | None = None
    reporting_type: ReportingType | None = None
    last_quantity: Decimal | None = None
    last_price: Decimal | None = None
    cum_quantity: Decimal | None = None
    leaves_quantity: Decimal | None = None
    avg_price: Decimal | None = None
    order_quantity: Decimal | None = None
    order_type: OrderType | None = None
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    time_in_force: TimeInForce | None = None
    split_ratio: Decimal | None = None
    fees: Sequence[Fee] = ()
    liquidity: Liquidity | None = None
    reason: str | None = None
    text: str | None = None
    occurred_at: datetime | None = None
    venue_time_ns: int | None = None
    received_at: datetime | None = None
    raw_payload: Any = None
    position_side: PositionSide | None = None
    position_id: str | None = None

    KINDS: ClassVar = {
        "account_id": fields.NAME,
        "type": fields.member_of(EventType, VENUE_EVENT_TYPES),
        "venue": fields.NAME,
        "venue_account": fields.SCOPE,
        "id_scope": fields.SCOPE,
        "order_id": fields.IDENTITY,
        "client_order_id": fields.NAME,
        "orig_client_order_id": fields.NAME,
        "venue_order_id": fields.NAME,
        "exec_id": fields.NAME,
        "exec_ref_id": fields.NAME,
        "leg": fields.SCOPE,
        "symbol": fields.NAME,
        "side": fields.member_of(Side),
        "reported_status": fields.member_of(OrderStatus),
        "reporting_type": fields.member_of(ReportingType),
        "last_quantity": fields.NUMBER,
        "last_price": fields.NUMBER,
        "cum_quantity": fields.NUMBER,
        "leaves_quantity": fields.NUMBER,
        "avg_price": fields.NUMBER,
        "order_quantity": fields.NUMBER,
        "order_type": fields.member_of(OrderType),
        "limit_price": fields.NUMBER,
        "stop_price": fields.NUMBER,
        "time_in_force": fields.member_of(TimeInForce),
        "split_ratio": fields.NUMBER,
        "fees": FEES,
        "liquidity": fields.member_of(Liquidity),
        "reason": fields.TEXT,
        "text": fields.TEXT,
        "occurred_at": fields.TIME,
        "venue_time_ns": fields.NANOSECONDS,
        "received_at": fields.TIME,
        "raw_payload": fields.DOCUMENT,
        "position_side": fields.member_of(PositionSide),
        "position_id": fields.NAME,
    }

    @property
    def identity(self) -> tuple[str, str] | None:
        """(exec_id, leg) by which a repeat is recognised, or None where only its digest tells.

        A polled status is no execution, and a correction that names itself has no execution id of its own.
        """
        if self.exec_id is None or self.type is EventType.ORDER_STATUS or self.exec_id == self.exec_ref_id:
            return None
        return self.exec_id, self.leg

    def identifiers(self) -> Iterator[tuple[IdentifierKind, str]]:
        """The identifiers of the order that the report carries, in their order of precedence.

        A venue order id counts together with its venue only.
        """
        if self.client_order_id is not None:
            yield IdentifierKind.CLIENT, self.client_order_id
        if self.venue_order_id is not None and self.venue is not None:
            yield IdentifierKind.VENUE, self.venue_order_id
        if self.orig_client_order_id is not None:
            yield IdentifierKind.CLIENT, self.orig_client_order_id

    @property
    def content_digest(self) -> str:
        """The digest of what the venue said, without our name of the order, the raw payload and the time of arrival."""
        return digest("report", self.canonical_without(_UNSAID))

    def invalid_fields(self) -> frozenset[str]:
        """The fields whose values make no sense and have no effect: it is INVALID by them."""
        said, kind = self.__dict__, self.type
        found = [name for name in _POSITIVE if (value := said[name]) is not None and value <= ZERO]
        found += [name for name in _NOT_NEGATIVE if (value := said[name]) is not None and value < ZERO]
        if kind is EventType.TRADE or kind is EventType.TRADE_CORRECT:
            if self.last_quantity is None or self.last_quantity <= ZERO:
                found.append("last_quantity")
            if self.last_price is None:
                found.append("last_price")
        if kind in _CORRECTIONS and self.exec_ref_id is None:
            found.append("exec_ref_id")
        return frozenset(found) if found else _NOTHING

    def compare(self, earlier: "VenueReport") -> tuple[list[str], list[str]]:
        """How this report of an execution relates to an earlier one: (fields it adds, fields it contradicts).

        An order has several names, so that another name is no contradiction.
        """
        added, contradicted = [], []
        mine, before = self.__dict__, earlier.__dict__
        for name in _SAID:
            value = mine[name]
            if value in _BLANK:
                continue
            if before[name] in _BLANK:
                added.append(name)
            elif before[name] != value and name not in _NAMES:
                contradicted.append(name)
        return added, contradicted

    def merge(self, later: "VenueReport") -> "VenueReport":
        """This report completed by what a later one adds to it."""
        added, _ = later.compare(self)
        return self.changed(**{name: getattr(later, name) for name in added})


_BLANK = (None, "", ())


_SAID = tuple(name for name in VenueReport.KINDS if name not in _UNSAID)
