"""The reports of a venue, in FIX's vocabulary."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, ClassVar

import attrs

from sot.domain.values import fields, given
from sot.domain.values.canonical import digest
from sot.domain.values.numbers import ZERO
from sot.domain.values.slotted import SlottedValue, slotted
from sot.domain.values.value import value_of
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


@slotted
@attrs.frozen(weakref_slot=False, getstate_setstate=False)
class Fee(SlottedValue):
    """A fee: an amount in a currency; negative is a rebate. `fee_id` is the venue's id of the fee, where it has one."""

    amount: Decimal = attrs.field(converter=given.decimal)
    currency: str
    fee_id: str | None = None

    KINDS: ClassVar = {"amount": fields.NUMBER, "currency": fields.NAME, "fee_id": fields.NAME}


FEES = fields.sequence_of(value_of(Fee))


_NO_CONTENT = frozenset({"order_id", "received_at", "raw_payload", "venue_sequence", "left_out"})
"""The fields that say nothing about the order: our id of it, how the report arrived and was read, its number.

Rules: REPEAT-12.
"""

_NO_POLLED_CONTENT = _NO_CONTENT | {"occurred_at", "venue_time_ns"}

_IDENTIFIERS = frozenset({"client_order_id", "orig_client_order_id", "venue_order_id", "venue_account", "id_scope"})
"""The fields that name the order. An order has several identifiers, so that another one is no other content."""

_IDENTIFIED_TYPES = frozenset({EventType.TRADE, EventType.TRADE_CORRECT, EventType.TRADE_CANCEL})

EXECUTION_TYPES = _IDENTIFIED_TYPES | {EventType.SUPPLEMENTED}
"""The types of reports about executions."""

LINKS = frozenset({EventType.REPLACED, EventType.RESTATED, EventType.TRIGGERED})
"""The types of reports by which an order can get another venue order id."""

_WITHOUT_EXECUTION_ID = (None, "0", "-1", "NONE", "None", "none")

_NO_EXECUTION_IDS = frozenset(_WITHOUT_EXECUTION_ID)

_NO_VENUE_ORDER_IDS = frozenset({"0", "NONE", "UNKNOWN", ""})

_NO_CLIENT_ORDER_IDS = frozenset({"NONE", "UNKNOWN", "ADL_AUTOCLOSE", "SETTLEMENT_AUTOCLOSE", ""})

_LIQUIDATION_PREFIX = "AUTOCLOSE-"


def is_execution_id(value: str | None) -> bool:
    """Whether a text identifies an execution, and is no placeholder of a venue for an absent id.

    Rules: NAME-1.
    """
    return value is not None and value.upper() not in _NO_EXECUTION_IDS


def is_client_order_id(value: str | None) -> bool:
    """Whether a text identifies an order, and is no placeholder that a venue gives many orders.

    Binance gives orders of its own the client order ids `adl_autoclose`, `autoclose-*` and `settlement_autoclose`.

    Rules: NAME-1.
    """
    if value is None:
        return False
    text = value.upper()
    return text not in _NO_CLIENT_ORDER_IDS and not text.startswith(_LIQUIDATION_PREFIX)


def named_client_order_id(report: "VenueReport") -> str | None:
    """The client order id of a report, unless it is a placeholder that names no order.

    Rules: NAME-1.
    """
    return report.client_order_id if is_client_order_id(report.client_order_id) else None


def is_venue_order_id(value: str | None) -> bool:
    """Whether a text identifies an order at its venue, and is no placeholder for an absent id.

    Rules: NAME-1.
    """
    return value is not None and value.upper() not in _NO_VENUE_ORDER_IDS


_POSITIVE = ("order_quantity", "split_ratio")

_NOT_NEGATIVE = ("cum_quantity", "leaves_quantity")

_CORRECTIONS = (EventType.TRADE_CORRECT, EventType.TRADE_CANCEL)

_NONE_INVALID: frozenset[str] = frozenset()


@slotted
@attrs.frozen(kw_only=True, weakref_slot=False, getstate_setstate=False)
class VenueReport(SlottedValue):
    """One report of a venue about one order.

    Quantities are in units of the instrument, prices in quote currency per unit. The report is about the first known of
    `order_id`, `client_order_id`, `venue` with `venue_order_id`, and `orig_client_order_id`.

    A TRADE has `last_quantity` and `last_price`. A TRADE_CORRECT has the new full values of the execution `exec_ref_id`
    (FIX 4.4, volume 4, ExecType G). A TRADE_CANCEL busts the execution `exec_ref_id`.

    Values that make no sense are recorded, with an anomaly. Only what cannot be read exactly is refused.

    Attributes:
        type: The type of the event (FIX tag 150).
        id_scope: The scope in which identifiers are unique, where the venue uses identifiers again (such as days).
        order_id: Our id of the order, if it is known.
        client_order_id: FIX tag 11.
        orig_client_order_id: FIX tag 41.
        venue_order_id: FIX tag 37.
        exec_id: The id of the execution or the report (FIX tag 17).
        exec_ref_id: The execution that it refers to (FIX tag 19).
        leg: The leg of a strategy; executions of different legs may have the same id.
        reported_status: FIX tag 39.
        last_quantity: FIX tag 32.
        last_price: FIX tag 31.
        cum_quantity: FIX tag 14.
        leaves_quantity: FIX tag 151.
        last_amount: The money that moved with the execution, in the settlement currency (FIX tag 381).
        avg_price: FIX tag 6.
        order_quantity: FIX tag 38.
        split_ratio: RESTATED after a split: units after it per unit before.
        reason: Why, in a short form that programs can compare.
        text: Why, for people.
        occurred_at: The venue's time; of an ORDER_STATUS, the time of the query.
        venue_time_ns: The venue's time in nanoseconds since 1970, where it is finer than a microsecond.
        venue_sequence: The running number that the venue, or the file it was read from, gives its messages (FIX tag 34,
            a trade sequence, a row). It orders what one moment holds, and tells repeats apart.
        received_at: When the report arrived.
        raw_payload: The message of the venue.
        left_out: Why a value of the message is not in the report, by field: a figure that cannot be kept exactly, or
            that is in another unit. The value itself is in the raw payload.
        position_side: The position that it changes, where the venue keeps several; by default that of the request.
        position_id: The id of that position; by default that of the request.

    Raises:
        InvalidInput: A float, NaN, a naive time, a value out of bounds, or an unknown word.

    Rules: INPUT-1.
    """

    _RARE: ClassVar = frozenset(
        {
            "exec_ref_id",
            "id_scope",
            "last_amount",
            "left_out",
            "order_id",
            "orig_client_order_id",
            "position_id",
            "position_side",
            "reason",
            "reporting_type",
            "split_ratio",
            "stop_price",
            "text",
            "venue_account",
            "venue_time_ns",
        }
    )

    account_id: str
    type: EventType = attrs.field(converter=given.venue_event_type)
    venue: str | None = None
    venue_account: str = attrs.field(default="", converter=given.text)
    id_scope: str = attrs.field(default="", converter=given.text)
    order_id: str | None = None
    client_order_id: str | None = None
    orig_client_order_id: str | None = None
    venue_order_id: str | None = None
    exec_id: str | None = None
    exec_ref_id: str | None = None
    leg: str = attrs.field(default="", converter=given.text)
    symbol: str | None = None
    side: Side | None = attrs.field(default=None, converter=given.side_or_none)
    reported_status: OrderStatus | None = attrs.field(default=None, converter=given.order_status_or_none)
    reporting_type: ReportingType | None = attrs.field(default=None, converter=given.reporting_type_or_none)
    last_quantity: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    last_price: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    last_amount: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    cum_quantity: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    leaves_quantity: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    avg_price: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    order_quantity: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    order_type: OrderType | None = attrs.field(default=None, converter=given.order_type_or_none)
    limit_price: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    stop_price: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    time_in_force: TimeInForce | None = attrs.field(default=None, converter=given.time_in_force_or_none)
    split_ratio: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    fees: Sequence[Fee] = ()
    liquidity: Liquidity | None = attrs.field(default=None, converter=given.liquidity_or_none)
    reason: str | None = None
    text: str | None = None
    occurred_at: datetime | None = attrs.field(default=None, converter=given.time_or_none)
    venue_time_ns: int | None = attrs.field(default=None, converter=given.nanoseconds_or_none)
    venue_sequence: int | None = None
    received_at: datetime | None = attrs.field(default=None, converter=given.time_or_none)
    raw_payload: Any = None
    left_out: Mapping[str, str] | None = None
    position_side: PositionSide | None = attrs.field(default=None, converter=given.position_side_or_none)
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
        "last_amount": fields.NUMBER,
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
        "venue_sequence": fields.COUNT,
        "received_at": fields.TIME,
        "raw_payload": fields.DOCUMENT,
        "left_out": fields.TAGS,
        "position_side": fields.member_of(PositionSide),
        "position_id": fields.NAME,
    }

    @property
    def identity(self) -> tuple[str, str] | None:
        """The key (exec_id, leg) by which a repeat is recognised; None if it is recognised by its content digest.

        Only executions, their corrections and busts have an identity. A correction or bust that refers to its own id
        has no id of its own, and a placeholder is no id.

        Rules: REPEAT-1.
        """
        exec_id = self.exec_id
        if exec_id is None or self.type not in _IDENTIFIED_TYPES:
            return None
        if self.type in _CORRECTIONS and exec_id == self.exec_ref_id:
            return None
        return (exec_id, self.leg) if is_execution_id(exec_id) else None

    def identifiers(self) -> Iterator[tuple[IdentifierKind, str]]:
        """Iterate over the identifiers of the order, in their order of precedence.

        A venue order id counts together with its venue only. The placeholders of venues are no identifiers.

        Yields:
            The kind and the value of each identifier.

        Rules: NAME-2.
        """
        if self.client_order_id is not None and is_client_order_id(self.client_order_id):
            yield IdentifierKind.CLIENT, self.client_order_id
        if self.venue_order_id is not None and self.venue is not None and is_venue_order_id(self.venue_order_id):
            yield IdentifierKind.VENUE, self.venue_order_id
        if self.orig_client_order_id is not None and is_client_order_id(self.orig_client_order_id):
            yield IdentifierKind.CLIENT, self.orig_client_order_id

    @property
    def content_digest(self) -> str:
        """The digest of the content, without our id of the order, the raw payload and the time of arrival."""
        return digest("report", self.canonical_without(_NO_CONTENT))

    @property
    def repeated_digests(self) -> Sequence[str]:
        """The digests by which the same content is known: its own, and those with other placeholders for no id.

        Rules: REPEAT-8.
        """
        if self.type not in EXECUTION_TYPES or is_execution_id(self.exec_id):
            return (self.content_digest,)
        placeholders = [exec_id for exec_id in _WITHOUT_EXECUTION_ID if exec_id != self.exec_id]
        others = [self.changed(exec_id=exec_id).content_digest for exec_id in placeholders]
        return (self.content_digest, *others)

    @property
    def polled_content(self) -> str:
        """The digest of what a polled status says, whenever it was asked."""
        return digest("report", self.canonical_without(_NO_POLLED_CONTENT))

    @property
    def states_figures(self) -> bool:
        """Whether it states a quantity or a price of an execution: a correction may have neither."""
        return self.last_quantity is not None or self.last_price is not None

    def invalid_fields(self) -> frozenset[str]:
        """Find the fields whose values make no sense. They have no effect, and make the report INVALID.

        Rules: ANOMALY-INVALID.
        """
        kind = self.type
        invalid = [name for name in _POSITIVE if (value := getattr(self, name)) is not None and value <= ZERO]
        invalid += [name for name in _NOT_NEGATIVE if (value := getattr(self, name)) is not None and value < ZERO]
        if kind is EventType.TRADE or kind is EventType.TRADE_CORRECT:
            if self.last_quantity is None or self.last_quantity <= ZERO:
                invalid.append("last_quantity")
            if self.last_price is None:
                invalid.append("last_price")
            if self.reporting_type is ReportingType.LEG:
                invalid += [name for name in ("symbol", "side") if getattr(self, name) is None]
        if kind in _CORRECTIONS and self.exec_ref_id is None:
            invalid.append("exec_ref_id")
        return frozenset(invalid) if invalid else _NONE_INVALID

    def compare(self, earlier: "VenueReport") -> tuple[list[str], list[str]]:
        """Compare this report of an execution with an earlier report of the same execution.

        Only what the execution itself is can be contradicted. Other times, another reported status or cumulative
        quantity are no contradiction: they are told by another message of the same execution. Fees are compared by
        `fees.complete_fees`.

        Returns:
            The fields that this report adds, and the fields that it contradicts.

        Rules: REPEAT-3.
        """
        added, contradicted = [], []
        for name in _CONTENT:
            value = getattr(self, name)
            if value in _ABSENT:
                continue
            before = getattr(earlier, name)
            if before in _ABSENT:
                added.append(name)
            elif before != value and name in _EXECUTION_CONTENT:
                contradicted.append(name)
        return added, contradicted

    def repeats(self, earlier: "VenueReport") -> bool:
        """Whether an earlier report says all that this one says, in the same words. Identifiers may differ.

        Rules: REPEAT-2.
        """
        return all(
            value in _ABSENT or value == before or (name in _IDENTIFIERS and before not in _ABSENT)
            for name, value, before in zip(_CONTENT, _content(self), _content(earlier), strict=True)
        )

    def merge(self, later: "VenueReport") -> "VenueReport":
        """Return this report with the fields that a later one adds to it."""
        added, _ = later.compare(self)
        return self.changed(**{name: getattr(later, name) for name in added})


_ABSENT = (None, "", ())

_EXECUTION_CONTENT = frozenset(
    {"symbol", "side", "last_quantity", "last_price", "liquidity", "position_side", "position_id"}
)
"""What an execution is, but for its fees."""

_CONTENT = tuple(name for name in VenueReport.KINDS if name not in _NO_CONTENT)

_content = attrgetter(*_CONTENT)
