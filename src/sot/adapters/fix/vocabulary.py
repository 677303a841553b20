"""The codes of FIX fields in the terms of this library, from FIX 4.2 to 5.0 SP2.

A code means the same in every version that has it. A code that is in no table becomes:

| field | value |
| --- | --- |
| OrdType | OTHER |
| ExecType | ORDER_STATUS, a report that changes nothing |
| a reason | the code itself |
| any other field | absent |

Sources: FIX 4.2 volume 7, FIX 4.4 and 5.0 SP2 volume 6, by tag.
"""

from collections.abc import Mapping

from sot.domain.orders.anomalies import DUPLICATE_ORDER
from sot.domain.values.vocabulary import (
    Action,
    EventType,
    Liquidity,
    OrderStatus,
    OrderType,
    PositionEffect,
    ReportingType,
    Side,
    TimeInForce,
)

VERSIONS: Mapping[str, str] = {
    "FIX.4.2": "4.2",
    "FIX.4.3": "4.3",
    "FIX.4.4": "4.4",
    "FIX.5.0": "5.0",
    "FIX.5.0SP1": "5.0 SP1",
    "FIX.5.0SP2": "5.0 SP2",
    "FIXT.1.1": "5.0 to 5.0 SP2, over FIXT 1.1",
}
"""BeginString (8)."""

EXEC_TRANS_TYPES: Mapping[str, EventType] = {
    "1": EventType.TRADE_CANCEL,
    "2": EventType.TRADE_CORRECT,
    "3": EventType.ORDER_STATUS,
}
"""ExecTransType (20) of FIX 4.2, which precedes ExecType. 0 (New) leaves the type to ExecType."""

EXEC_TYPES: Mapping[str, EventType] = {
    "0": EventType.NEW,
    "1": EventType.TRADE,  # partial fill, until 4.2
    "2": EventType.TRADE,  # fill, until 4.2
    "3": EventType.DONE_FOR_DAY,
    "4": EventType.CANCELED,
    "5": EventType.REPLACED,
    "6": EventType.PENDING_CANCEL,
    "7": EventType.STOPPED,
    "8": EventType.REJECTED,
    "9": EventType.SUSPENDED,
    "A": EventType.PENDING_NEW,
    "B": EventType.CALCULATED,
    "C": EventType.EXPIRED,
    "D": EventType.RESTATED,
    "E": EventType.PENDING_REPLACE,
    "F": EventType.TRADE,
    "G": EventType.TRADE_CORRECT,
    "H": EventType.TRADE_CANCEL,
    "I": EventType.ORDER_STATUS,
    "J": EventType.ORDER_STATUS,  # trade in a clearing hold: clearing changes no execution
    "K": EventType.ORDER_STATUS,  # trade has been released to clearing
    "L": EventType.TRIGGERED,
    "M": EventType.ORDER_STATUS,  # locked
    "N": EventType.ORDER_STATUS,  # released
}
"""ExecType (150)."""

CANCEL_REJECTS: Mapping[str, EventType] = {"1": EventType.CANCEL_REJECTED, "2": EventType.REPLACE_REJECTED}
"""CxlRejResponseTo (434)."""

ORDER_STATUSES: Mapping[str, OrderStatus] = {
    "0": OrderStatus.NEW,
    "1": OrderStatus.PARTIALLY_FILLED,
    "2": OrderStatus.FILLED,
    "3": OrderStatus.DONE_FOR_DAY,
    "4": OrderStatus.CANCELED,
    "6": OrderStatus.PENDING_CANCEL,
    "7": OrderStatus.STOPPED,
    "8": OrderStatus.REJECTED,
    "9": OrderStatus.SUSPENDED,
    "A": OrderStatus.PENDING_NEW,
    "B": OrderStatus.CALCULATED,
    "C": OrderStatus.EXPIRED,
    "E": OrderStatus.PENDING_REPLACE,
}
"""OrdStatus (39). 5 (Replaced, 4.2) is an event, not a status; D (Accepted for Bidding) has no term."""

SIDES: Mapping[str, Side] = {
    "1": Side.BUY,
    "2": Side.SELL,
    "3": Side.BUY,  # buy minus
    "4": Side.SELL,  # sell plus
    "5": Side.SELL,  # sell short
    "6": Side.SELL,  # sell short exempt
    "D": Side.BUY,  # subscribe
    "E": Side.SELL,  # redeem
    "H": Side.SELL,  # sell undisclosed
}
"""Side (54). Undisclosed, cross, as-defined, opposite, lend and borrow are neither buy nor sell."""

ORDER_TYPES: Mapping[str, OrderType] = {
    "1": OrderType.MARKET,
    "2": OrderType.LIMIT,
    "3": OrderType.STOP,
    "4": OrderType.STOP_LIMIT,
    "J": OrderType.MARKET_IF_TOUCHED,
    "K": OrderType.MARKET_TO_LIMIT,
    "P": OrderType.PEGGED,
}
"""OrdType (40)."""

TIMES_IN_FORCE: Mapping[str, TimeInForce] = {
    "0": TimeInForce.DAY,
    "1": TimeInForce.GTC,
    "2": TimeInForce.OPG,
    "3": TimeInForce.IOC,
    "4": TimeInForce.FOK,
    "6": TimeInForce.GTD,
    "7": TimeInForce.CLS,
}
"""TimeInForce (59). Good through crossing, for auction, for time and for month have no term."""

LIQUIDITY: Mapping[str, Liquidity] = {"1": Liquidity.MAKER, "2": Liquidity.TAKER}
"""LastLiquidityInd (851): added, removed."""

REPORTING_TYPES: Mapping[str, ReportingType] = {
    "1": ReportingType.SINGLE,
    "2": ReportingType.LEG,
    "3": ReportingType.SUMMARY,
}
"""MultiLegReportingType (442)."""

ORDER_REJECT_REASONS: Mapping[str, str] = {
    "0": "BROKER_OPTION",
    "1": "UNKNOWN_SYMBOL",
    "2": "EXCHANGE_CLOSED",
    "3": "ORDER_EXCEEDS_LIMIT",
    "4": "TOO_LATE_TO_ENTER",
    "5": "UNKNOWN_ORDER",
    "6": DUPLICATE_ORDER,
    "7": "DUPLICATE_OF_A_VERBAL_ORDER",
    "8": "STALE_ORDER",
    "9": "TRADE_ALONG_REQUIRED",
    "10": "INVALID_INVESTOR_ID",
    "11": "UNSUPPORTED_ORDER_CHARACTERISTIC",
    "12": "SURVEILLANCE_OPTION",
    "13": "INCORRECT_QUANTITY",
    "14": "INCORRECT_ALLOCATED_QUANTITY",
    "15": "UNKNOWN_ACCOUNT",
    "16": "PRICE_EXCEEDS_CURRENT_PRICE_BAND",
    "18": "INVALID_PRICE_INCREMENT",
    "99": "OTHER",
}
"""OrdRejReason (103)."""

CANCEL_REJECT_REASONS: Mapping[str, str] = {
    "0": "TOO_LATE_TO_CANCEL",
    "1": "UNKNOWN_ORDER",
    "2": "BROKER_OPTION",
    "3": "ALREADY_PENDING",
    "4": "UNABLE_TO_PROCESS_MASS_CANCEL",
    "5": "ORDER_MODIFIED_SINCE",
    "6": "DUPLICATE_CLIENT_ORDER_ID",
    "7": "PRICE_EXCEEDS_CURRENT_PRICE",
    "8": "PRICE_EXCEEDS_CURRENT_PRICE_BAND",
    "18": "INVALID_PRICE_INCREMENT",
    "99": "OTHER",
}
"""CxlRejReason (102)."""

RESTATEMENT_REASONS: Mapping[str, str] = {
    "0": "GT_CORPORATE_ACTION",
    "1": "GT_RENEWAL",
    "2": "VERBAL_CHANGE",
    "3": "REPRICING",
    "4": "BROKER_OPTION",
    "5": "PARTIAL_DECLINE_OF_QUANTITY",
    "6": "TRADING_HALT",
    "7": "SYSTEM_FAILURE",
    "8": "MARKET_OPTION",
    "9": "NOT_BEST",
    "10": "WAREHOUSE_RECAP",
    "11": "PEG_REFRESH",
    "99": "OTHER",
}
"""ExecRestatementReason (378)."""

REQUESTS: Mapping[str, Action] = {
    "D": Action.NEW,
    "AB": Action.NEW,  # new order, multileg
    "G": Action.REPLACE,
    "AC": Action.REPLACE,  # multileg
    "F": Action.CANCEL,
}
"""MsgType (35) of requests, also as RefMsgType (372)."""

NEW_ORDERS = tuple(message_type for message_type, action in REQUESTS.items() if action is Action.NEW)
"""MsgType (35) of new orders."""

REJECTS: Mapping[Action, EventType] = {
    Action.NEW: EventType.REJECTED,
    Action.REPLACE: EventType.REPLACE_REJECTED,
    Action.CANCEL: EventType.CANCEL_REJECTED,
}
"""What a reject (35=j, 35=3) of a request does."""

POSITION_EFFECTS: Mapping[str, PositionEffect] = {"O": PositionEffect.OPEN, "C": PositionEffect.CLOSE}
"""PositionEffect (77). Rolled, FIFO and default have no term."""

BUSINESS_REJECT_REASONS: Mapping[str, str] = {
    "0": "OTHER",
    "1": "UNKNOWN_ID",
    "2": "UNKNOWN_SYMBOL",
    "3": "UNSUPPORTED_MESSAGE_TYPE",
    "4": "APPLICATION_NOT_AVAILABLE",
    "5": "CONDITIONALLY_REQUIRED_FIELD_MISSING",
    "6": "NOT_AUTHORIZED",
    "7": "DELIVER_TO_FIRM_NOT_AVAILABLE",
    "8": "THROTTLE_LIMIT_EXCEEDED",
    "9": "THROTTLE_LIMIT_EXCEEDED_SESSION_ENDS",
    "10": "THROTTLED_MESSAGES_REJECTED",
    "18": "INVALID_PRICE_INCREMENT",
}
"""BusinessRejectReason (380)."""

SESSION_REJECT_REASONS: Mapping[str, str] = {
    "0": "INVALID_TAG_NUMBER",
    "1": "REQUIRED_TAG_MISSING",
    "2": "TAG_NOT_DEFINED_FOR_MESSAGE_TYPE",
    "3": "UNDEFINED_TAG",
    "4": "TAG_WITHOUT_VALUE",
    "5": "VALUE_OUT_OF_RANGE",
    "6": "INCORRECT_DATA_FORMAT",
    "7": "DECRYPTION_PROBLEM",
    "8": "SIGNATURE_PROBLEM",
    "9": "COMP_ID_PROBLEM",
    "10": "SENDING_TIME_PROBLEM",
    "11": "INVALID_MESSAGE_TYPE",
    "12": "XML_VALIDATION_ERROR",
    "13": "TAG_APPEARS_MORE_THAN_ONCE",
    "14": "TAG_OUT_OF_ORDER",
    "15": "GROUP_FIELDS_OUT_OF_ORDER",
    "16": "INCORRECT_GROUP_COUNT",
    "17": "VALUE_CONTAINS_DELIMITER",
    "18": "UNSUPPORTED_APPLICATION_VERSION",
    "99": "OTHER",
}
"""SessionRejectReason (373)."""
