"""Which field of a report each FIX field is, for ExecutionReport and OrderCancelReject.

Tag numbers mean the same in every version, so that a field which a venue took over from a later version is read as
well; `since` tells the version that has it in this message. FIX 4.2 volume 4 and 7, FIX 4.4 and 5.0 SP2 volume 4 and 6.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Any

import attrs

from sot.adapters.fix import words
from sot.domain.values import fields as kinds
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import exact
from sot.domain.values.vocabulary import OrderType

_FLOAT = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)", re.ASCII)
_LONGEST_FLOAT = 400
NO_ORDER_ID = "NONE"
"""OrderID (37) where the order is not known to the venue (FIX 4.2 and later, Order Cancel Reject)."""


def number(label: str, text: str) -> Decimal:
    """A FIX float: digits with at most one point, which may be first or last, and a sign only if it is negative.

    Raises: InvalidInput: any other form, or more digits than a fact may have.
    """
    if len(text) > _LONGEST_FLOAT or not _FLOAT.fullmatch(text):
        raise InvalidInput(label, text, "digits with at most one decimal point, such as 12.50 or -0.25")
    return exact(label, Decimal(text))


def name(label: str, text: str) -> str:
    """A name. Raises: InvalidInput: longer than 255 characters, or with NUL in it."""
    checked: str = kinds.NAME.check(label, text)
    return checked


def known_order(label: str, text: str) -> str | None:
    """The venue's id of the order, if it knows the order. Raises: InvalidInput."""
    return None if text == NO_ORDER_ID else name(label, text)


def free_text(label: str, text: str) -> str:
    """A text as far as a report holds it; the raw payload has all of it."""
    return text.replace("\0", "\\x00")[: kinds.TEXT_LENGTH]


def _word(table: Mapping[str, StrEnum], otherwise: StrEnum | None, label: str, code: str) -> StrEnum | None:
    return table.get(code, otherwise)


def _reason(table: Mapping[str, str], label: str, code: str) -> str:
    return table.get(code) or free_text(label, code)


@attrs.frozen
class FixField:
    """One FIX field and what it becomes: `read` takes how an error names it, and its text.

    `since` is the first version with the field in this message; `formerly` its name before 4.3.
    """

    tag: int
    name: str
    becomes: str
    read: Callable[[str, str], Any]
    since: str = "4.2"
    formerly: str | None = None


def _coded(tag: int, name: str, becomes: str, table: Mapping[str, StrEnum], **more: Any) -> FixField:
    return FixField(tag, name, becomes, partial(_word, table, more.pop("otherwise", None)), **more)


_CLIENT_ORDER_ID = FixField(11, "ClOrdID", "client_order_id", name)
_ORIG_CLIENT_ORDER_ID = FixField(41, "OrigClOrdID", "orig_client_order_id", name)
_ORDER_ID = FixField(37, "OrderID", "venue_order_id", known_order)
_STATUS = _coded(39, "OrdStatus", "reported_status", words.ORDER_STATUSES)
_TEXT = FixField(58, "Text", "text", free_text)

EXECUTION_REPORT = (
    _CLIENT_ORDER_ID,
    _ORIG_CLIENT_ORDER_ID,
    _ORDER_ID,
    FixField(17, "ExecID", "exec_id", name),
    FixField(19, "ExecRefID", "exec_ref_id", name),
    _coded(54, "Side", "side", words.SIDES),
    _STATUS,
    _coded(442, "MultiLegReportingType", "reporting_type", words.REPORTING_TYPES),
    FixField(32, "LastQty", "last_quantity", number, formerly="LastShares"),
    FixField(31, "LastPx", "last_price", number),
    FixField(14, "CumQty", "cum_quantity", number),
    FixField(151, "LeavesQty", "leaves_quantity", number),
    FixField(6, "AvgPx", "avg_price", number),
    FixField(38, "OrderQty", "order_quantity", number),
    _coded(40, "OrdType", "order_type", words.ORDER_TYPES, otherwise=OrderType.OTHER),
    FixField(44, "Price", "limit_price", number),
    FixField(99, "StopPx", "stop_price", number),
    _coded(59, "TimeInForce", "time_in_force", words.TIMES_IN_FORCE),
    _coded(851, "LastLiquidityInd", "liquidity", words.LIQUIDITY, since="4.4"),
    FixField(103, "OrdRejReason", "reason", partial(_reason, words.ORDER_REJECT_REASONS)),
    FixField(378, "ExecRestatementReason", "reason", partial(_reason, words.RESTATEMENT_REASONS)),
    _TEXT,
)
"""ExecutionReport (35=8). Of several fields that become the same, the first that is there counts."""

ORDER_CANCEL_REJECT = (
    _CLIENT_ORDER_ID,
    _ORIG_CLIENT_ORDER_ID,
    _ORDER_ID,
    _STATUS,
    FixField(102, "CxlRejReason", "reason", partial(_reason, words.CANCEL_REJECT_REASONS)),
    _TEXT,
)
"""OrderCancelReject (35=9). It has no ExecID: a repeat is recognised by all that it says."""
