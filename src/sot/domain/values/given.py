"""What may be given for a field or an argument, for type checkers: a word for a member, text for an amount or a time.

The attributes of values have the types that readers want: members of vocabularies, Decimals, aware datetimes. What may
be given is wider. Type checkers take the types of a constructor's arguments from the converter of each field, and the
converters here are for them alone: at runtime there are none, since a value checks and converts all of its fields at
once (`value.Value`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from sot.domain.values.vocabulary import (
    AccountEventType,
    Action,
    EventType,
    GroupBy,
    InstrumentKind,
    Liquidity,
    Method,
    Mismatch,
    OptionRight,
    OrderStatus,
    OrderType,
    Origin,
    PositionEffect,
    PositionSide,
    ReconciliationType,
    ReportingType,
    Side,
    TimeInForce,
)

DecimalGiven: TypeAlias = Decimal | int | str
"""An exact decimal, a whole number, or the text of a decimal; never a float."""

TimeGiven: TypeAlias = datetime | str
"""An aware datetime, or RFC 3339 text with an offset."""

NanosecondsGiven: TypeAlias = int | str
"""Nanoseconds since 1970, or their text."""

ActionGiven: TypeAlias = Action | Literal["NEW", "REPLACE", "CANCEL"]
"""One of `Action`, or its word."""

SideGiven: TypeAlias = Side | Literal["BUY", "SELL"]
"""One of `Side`, or its word."""

OrderTypeGiven: TypeAlias = (
    OrderType
    | Literal[
        "MARKET",
        "LIMIT",
        "STOP",
        "STOP_LIMIT",
        "TRAILING_STOP",
        "TRAILING_STOP_LIMIT",
        "MARKET_IF_TOUCHED",
        "LIMIT_IF_TOUCHED",
        "MARKET_TO_LIMIT",
        "PEGGED",
        "OTHER",
    ]
)
"""One of `OrderType`, or its word."""

TimeInForceGiven: TypeAlias = TimeInForce | Literal["DAY", "GTC", "IOC", "FOK", "GTD", "OPG", "CLS"]
"""One of `TimeInForce`, or its word."""

PositionSideGiven: TypeAlias = PositionSide | Literal["NET", "LONG", "SHORT"]
"""One of `PositionSide`, or its word."""

PositionEffectGiven: TypeAlias = PositionEffect | Literal["OPEN", "CLOSE"]
"""One of `PositionEffect`, or its word."""

InstrumentKindGiven: TypeAlias = (
    InstrumentKind | Literal["SPOT", "MARGIN", "EQUITY", "FX", "FUTURE", "PERPETUAL", "OPTION", "OTHER"]
)
"""One of `InstrumentKind`, or its word."""

OptionRightGiven: TypeAlias = OptionRight | Literal["CALL", "PUT"]
"""One of `OptionRight`, or its word."""

AccountEventTypeGiven: TypeAlias = (
    AccountEventType
    | Literal[
        "TRANSFER",
        "FUNDING",
        "INTEREST",
        "DIVIDEND",
        "SPLIT",
        "FEE_ADJUSTMENT",
        "COST_ADJUSTMENT",
        "SPIN_OFF",
        "EXPIRY",
        "EXERCISE",
        "ASSIGNMENT",
    ]
)
"""One of `AccountEventType`, or its word."""

LiquidityGiven: TypeAlias = Liquidity | Literal["MAKER", "TAKER"]
"""One of `Liquidity`, or its word."""

ReportingTypeGiven: TypeAlias = ReportingType | Literal["SINGLE", "LEG", "SUMMARY"]
"""One of `ReportingType`, or its word."""

OrderStatusGiven: TypeAlias = (
    OrderStatus
    | Literal[
        "PENDING_CANCEL",
        "PENDING_REPLACE",
        "DONE_FOR_DAY",
        "CALCULATED",
        "FILLED",
        "STOPPED",
        "SUSPENDED",
        "CANCELED",
        "EXPIRED",
        "PARTIALLY_FILLED",
        "REJECTED",
        "NEW",
        "PENDING_NEW",
        "FAILED",
        "CREATED",
    ]
)
"""One of `OrderStatus`, or its word."""

VenueEventTypeGiven: TypeAlias = (
    EventType
    | Literal[
        "PENDING_NEW",
        "NEW",
        "REJECTED",
        "TRADE",
        "TRADE_CORRECT",
        "TRADE_CANCEL",
        "SUPPLEMENTED",
        "PENDING_CANCEL",
        "CANCELED",
        "CANCEL_REJECTED",
        "PENDING_REPLACE",
        "REPLACED",
        "REPLACE_REJECTED",
        "RESTATED",
        "TRIGGERED",
        "STOPPED",
        "SUSPENDED",
        "EXPIRED",
        "DONE_FOR_DAY",
        "CALCULATED",
        "ORDER_STATUS",
    ]
)
"""One of the types that a venue's report may have, or its word."""

OriginGiven: TypeAlias = Origin | Literal["LOCAL", "VENUE", "RECONCILIATION", "IMPORT"]
"""One of `Origin`, or its word."""

MismatchGiven: TypeAlias = (
    Mismatch
    | Literal[
        "MISSING_LOCAL",
        "MISSING_AT_VENUE",
        "STATUS_DIFFERS",
        "QUANTITY_DIFFERS",
        "MISSING_EXECUTION",
        "CONFLICTING_EXECUTION",
        "UNKNOWN_ORDER",
        "OVERFILL",
        "POSITION_DIFFERS",
        "BALANCE_DIFFERS",
        "TERMS_DIFFER",
        "IN_DOUBT",
    ]
)
"""One of `Mismatch`, or its word."""

ReconciliationTypeGiven: TypeAlias = ReconciliationType | Literal["RUN", "INPUT", "FINDING", "RESOLUTION"]
"""One of `ReconciliationType`, or its word."""

MethodGiven: TypeAlias = Method | Literal["AVERAGE", "FIFO", "LIFO", "HIFO", "LOFO"]
"""One of `Method`, or its word."""

GroupByGiven: TypeAlias = GroupBy | Literal["DAY", "SYMBOL", "STRATEGY", "ORDER"]
"""One of `GroupBy`, or its word."""

if TYPE_CHECKING:

    def account_event_type(value: AccountEventTypeGiven) -> AccountEventType: ...

    def account_event_type_or_none(value: AccountEventTypeGiven | None) -> AccountEventType | None: ...

    def action(value: ActionGiven) -> Action: ...

    def decimal(value: DecimalGiven) -> Decimal: ...

    def decimal_or_none(value: DecimalGiven | None) -> Decimal | None: ...

    def instrument_kind(value: InstrumentKindGiven) -> InstrumentKind: ...

    def liquidity_or_none(value: LiquidityGiven | None) -> Liquidity | None: ...

    def mismatch_or_none(value: MismatchGiven | None) -> Mismatch | None: ...

    def nanoseconds_or_none(value: NanosecondsGiven | None) -> int | None: ...

    def option_right_or_none(value: OptionRightGiven | None) -> OptionRight | None: ...

    def order_status_or_none(value: OrderStatusGiven | None) -> OrderStatus | None: ...

    def order_statuses(value: Sequence[OrderStatusGiven]) -> Sequence[OrderStatus]: ...

    def order_type_or_none(value: OrderTypeGiven | None) -> OrderType | None: ...

    def position_effect_or_none(value: PositionEffectGiven | None) -> PositionEffect | None: ...

    def position_side(value: PositionSideGiven) -> PositionSide: ...

    def position_side_or_none(value: PositionSideGiven | None) -> PositionSide | None: ...

    def rates_or_none(value: Mapping[str, DecimalGiven] | None) -> Mapping[str, Decimal] | None: ...

    def reconciliation_types(value: Sequence[ReconciliationTypeGiven]) -> Sequence[ReconciliationType]: ...

    def reporting_type_or_none(value: ReportingTypeGiven | None) -> ReportingType | None: ...

    def side_or_none(value: SideGiven | None) -> Side | None: ...

    def text(value: str | None) -> str: ...

    def time(value: TimeGiven) -> datetime: ...

    def time_in_force_or_none(value: TimeInForceGiven | None) -> TimeInForce | None: ...

    def time_or_none(value: TimeGiven | None) -> datetime | None: ...

    def times(value: Sequence[TimeGiven]) -> Sequence[datetime]: ...

    def venue_event_type(value: VenueEventTypeGiven) -> EventType: ...

else:
    account_event_type = None
    account_event_type_or_none = None
    action = None
    decimal = None
    decimal_or_none = None
    instrument_kind = None
    liquidity_or_none = None
    mismatch_or_none = None
    nanoseconds_or_none = None
    option_right_or_none = None
    order_status_or_none = None
    order_statuses = None
    order_type_or_none = None
    position_effect_or_none = None
    position_side = None
    position_side_or_none = None
    rates_or_none = None
    reconciliation_types = None
    reporting_type_or_none = None
    side_or_none = None
    text = None
    time = None
    time_in_force_or_none = None
    time_or_none = None
    times = None
    venue_event_type = None
