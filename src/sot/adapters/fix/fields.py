"""The fields of messages, and the field of a report or a request that each becomes.

A tag means the same in every version, so that a field which a venue took over from a later version is read, too.
Sources: FIX 4.2 volumes 4 and 7, FIX 4.4 and 5.0 SP2 volumes 4 and 6.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum, StrEnum, auto
from functools import partial
from typing import Any

import attrs

from sot.adapters.fix import vocabulary
from sot.domain.orders.report import EXECUTION_TYPES
from sot.domain.values import fields as kinds
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import exact
from sot.domain.values.vocabulary import EventType, OrderType

_FLOAT = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)", re.ASCII)
_LONGEST_FLOAT = 400
NO_ORDER_ID = "NONE"
"""OrderID (37) of an order that the venue does not know (FIX 4.2 and later, Order Cancel Reject)."""


def read_number(label: str, text: str) -> Decimal:
    """Read a FIX float: digits with at most one point, which may be first or last, and a minus sign.

    Args:
        label: The field and its message, for the error.
        text: The value of the field.

    Raises:
        InvalidInput: The text has another form, or more digits than a fact may have.
    """
    if len(text) > _LONGEST_FLOAT or not _FLOAT.fullmatch(text):
        raise InvalidInput(label, text, "digits with at most one decimal point, such as 12.50 or -0.25")
    return exact(label, Decimal(text))


def read_name(label: str, text: str) -> str:
    """Read a name.

    Raises:
        InvalidInput: The text is longer than 255 characters, or contains NUL.
    """
    name: str = kinds.NAME.check(label, text)
    return name


def read_order_id(label: str, text: str) -> str | None:
    """Read the venue's order id; None if the venue does not know the order.

    Raises:
        InvalidInput: The text is no name.
    """
    return None if text == NO_ORDER_ID else read_name(label, text)


def read_text(label: str, text: str) -> str:
    """Read free text, cut off at the length of a report's texts; the raw payload has all of it."""
    return text.replace("\0", "\\x00")[: kinds.TEXT_LENGTH]


def _read_ref_tag(label: str, text: str) -> str:
    return read_text(label, f"RefTagID(371) is {text}")


def _read_code(table: Mapping[str, StrEnum], default: StrEnum | None, label: str, code: str) -> StrEnum | None:
    return table.get(code, default)


def _read_reason(table: Mapping[str, str], label: str, code: str) -> str:
    return table.get(code) or read_text(label, code)


class Needed(Enum):
    """Whether a report needs a field, so that a value which cannot be read refuses it. Otherwise the value is left out.

    The quantity, the price and the identity of a report are needed. Of an execution these are its own; the order's
    terms are not. Of a request every field is needed.
    """

    ALWAYS = auto()
    BUT_FOR_EXECUTIONS = auto()
    NEVER = auto()


@attrs.frozen
class FixField:
    """A FIX field of a message.

    Attributes:
        tag: The tag.
        name: The name in FIX 4.3 and later.
        report_field: The field of the report or request that it becomes.
        read: Reads the text of the field; its first argument is the label of the field in errors.
        since: The first version that has the field in this message.
        former_name: The name before FIX 4.3, if it was another one.
        needed: Whether a value that cannot be read refuses the message.
    """

    tag: int
    name: str
    report_field: str
    read: Callable[[str, str], Any]
    since: str = "4.2"
    former_name: str | None = None
    needed: Needed = Needed.ALWAYS

    def is_needed(self, event_type: EventType) -> bool:
        """Whether a report of a type needs the field."""
        if self.needed is Needed.BUT_FOR_EXECUTIONS:
            return event_type not in EXECUTION_TYPES
        return self.needed is Needed.ALWAYS


def _code_field(
    tag: int,
    name: str,
    report_field: str,
    table: Mapping[str, StrEnum],
    default: StrEnum | None = None,
    since: str = "4.2",
    needed: Needed = Needed.NEVER,
) -> FixField:
    return FixField(tag, name, report_field, partial(_read_code, table, default), since, needed=needed)


def _reason_field(tag: int, name: str, table: Mapping[str, str]) -> FixField:
    return FixField(tag, name, "reason", partial(_read_reason, table), needed=Needed.NEVER)


_CLIENT_ORDER_ID = FixField(11, "ClOrdID", "client_order_id", read_name)
_ORIG_CLIENT_ORDER_ID = FixField(41, "OrigClOrdID", "orig_client_order_id", read_name)
_ORDER_ID = FixField(37, "OrderID", "venue_order_id", read_order_id)
_STATUS = _code_field(39, "OrdStatus", "reported_status", vocabulary.ORDER_STATUSES)
_TEXT = FixField(58, "Text", "text", read_text, needed=Needed.NEVER)

EXECUTION_REPORT = (
    _CLIENT_ORDER_ID,
    _ORIG_CLIENT_ORDER_ID,
    _ORDER_ID,
    FixField(17, "ExecID", "exec_id", read_name),
    FixField(19, "ExecRefID", "exec_ref_id", read_name),
    _code_field(54, "Side", "side", vocabulary.SIDES, needed=Needed.ALWAYS),
    _STATUS,
    _code_field(442, "MultiLegReportingType", "reporting_type", vocabulary.REPORTING_TYPES, needed=Needed.ALWAYS),
    FixField(32, "LastQty", "last_quantity", read_number, former_name="LastShares"),
    FixField(31, "LastPx", "last_price", read_number),
    FixField(381, "GrossTradeAmt", "last_amount", read_number, needed=Needed.NEVER),
    FixField(14, "CumQty", "cum_quantity", read_number, needed=Needed.NEVER),
    FixField(151, "LeavesQty", "leaves_quantity", read_number, needed=Needed.NEVER),
    FixField(6, "AvgPx", "avg_price", read_number, needed=Needed.NEVER),
    FixField(38, "OrderQty", "order_quantity", read_number, needed=Needed.BUT_FOR_EXECUTIONS),
    _code_field(40, "OrdType", "order_type", vocabulary.ORDER_TYPES, default=OrderType.OTHER),
    FixField(44, "Price", "limit_price", read_number, needed=Needed.BUT_FOR_EXECUTIONS),
    FixField(99, "StopPx", "stop_price", read_number, needed=Needed.BUT_FOR_EXECUTIONS),
    _code_field(59, "TimeInForce", "time_in_force", vocabulary.TIMES_IN_FORCE),
    _code_field(851, "LastLiquidityInd", "liquidity", vocabulary.LIQUIDITY, since="4.4"),
    _reason_field(103, "OrdRejReason", vocabulary.ORDER_REJECT_REASONS),
    _reason_field(378, "ExecRestatementReason", vocabulary.RESTATEMENT_REASONS),
    _TEXT,
)
"""ExecutionReport (35=8). Of several tags for the same report field, the first that is present counts."""

ORDER_CANCEL_REJECT = (
    _CLIENT_ORDER_ID,
    _ORIG_CLIENT_ORDER_ID,
    _ORDER_ID,
    _STATUS,
    _reason_field(102, "CxlRejReason", vocabulary.CANCEL_REJECT_REASONS),
    _TEXT,
)
"""OrderCancelReject (35=9). It has no ExecID: a repeat is recognized by its whole content."""


_REJECT_REASONS = (
    _reason_field(380, "BusinessRejectReason", vocabulary.BUSINESS_REJECT_REASONS),
    _reason_field(373, "SessionRejectReason", vocabulary.SESSION_REJECT_REASONS),
)

REJECT = (*_REJECT_REASONS, _TEXT, FixField(371, "RefTagID", "text", _read_ref_tag, needed=Needed.NEVER))
"""BusinessMessageReject (35=j) and Reject (35=3)."""


def _read_flag(code: str, label: str, text: str) -> bool | None:
    """True if a list of codes has this one; None if it has not."""
    return True if code in text.split(" ") else None


_TERMS = (
    FixField(38, "OrderQty", "quantity", read_number),
    FixField(152, "CashOrderQty", "quote_quantity", read_number),
    _code_field(40, "OrdType", "order_type", vocabulary.ORDER_TYPES, default=OrderType.OTHER),
    FixField(44, "Price", "limit_price", read_number),
    FixField(99, "StopPx", "stop_price", read_number),
    _code_field(59, "TimeInForce", "time_in_force", vocabulary.TIMES_IN_FORCE),
    _code_field(77, "PositionEffect", "position_effect", vocabulary.POSITION_EFFECTS, since="4.4"),
    FixField(18, "ExecInst", "post_only", partial(_read_flag, "6")),
    FixField(18, "ExecInst", "reduce_only", partial(_read_flag, "E")),
)

NEW_ORDER = (_CLIENT_ORDER_ID, _code_field(54, "Side", "side", vocabulary.SIDES, needed=Needed.ALWAYS), *_TERMS)
"""NewOrderSingle (35=D) and NewOrderMultileg (35=AB)."""

ORDER_REPLACE_REQUEST = (_CLIENT_ORDER_ID, *_TERMS)
"""OrderCancelReplaceRequest (35=G) and MultilegOrderCancelReplace (35=AC)."""

ORDER_CANCEL_REQUEST = (_CLIENT_ORDER_ID,)
"""OrderCancelRequest (35=F)."""
