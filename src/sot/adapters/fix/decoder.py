"""Converting FIX messages to venue reports."""

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from typing import Any

import attrs

from sot.adapters.fix import vocabulary
from sot.adapters.fix.fees import read_fees
from sot.adapters.fix.fields import EXECUTION_REPORT, ORDER_CANCEL_REJECT, FixField, read_name
from sot.adapters.fix.message import FixMessage
from sot.adapters.fix.times import read_nanoseconds, read_time, trading_date
from sot.domain.orders.report import VenueReport
from sot.domain.values.vocabulary import EventType

_NOT_APPLICABLE = "[N/A]"
"""Symbol (55) of an instrument without a symbol, which SecurityID (48) names."""


@attrs.frozen(kw_only=True)
class FixDecoder:
    """Converts ExecutionReport (35=8) and OrderCancelReject (35=9) messages of FIX 4.2 to 5.0 SP2.

    Attributes:
        account_id: The account of all messages; None means Account (1) of each.
        venue: The venue of all messages; None means SenderCompID (49) of each, translated by `venues`.
        venues: Names of venues by SenderCompID.
        symbol_tag: The tag that names the instrument; 48 (SecurityID) where Symbol is only a root, as for options.
        currency: The currency of fees without one.
        daily_ids: Client and venue order ids are unique within a trading date only (`id_scope`): TradeDate (75), else
            the day of TransactTime (60) in `time_zone`. See `resolve_multiday_order`.
        time_zone: The time zone of days.
        venue_accounts: Reports have Account (1) as their `venue_account`; then requests must have it, too.
    """

    account_id: str | None = None
    venue: str | None = None
    venues: Mapping[str, str] = attrs.field(factory=dict)
    symbol_tag: int = 55
    currency: str | None = None
    daily_ids: bool = False
    time_zone: tzinfo = UTC
    venue_accounts: bool = False

    def decode(self, message: FixMessage) -> VenueReport | None:
        """Convert a message to a report; None for messages of other types.

        `occurred_at` is TransactTime (60). `received_at` is when the message was first sent (122, else 52): replace it
        if you know when it arrived. Repeats are not recognized by it. The whole message is the raw payload.

        Raises:
            InvalidInput: A field cannot be read exactly, or there is no account; the error has the tag and the message.
        """
        kind = _KINDS.get(message.type)
        if kind is None:
            return None
        _check_version(message)
        fields: dict[str, Any] = {"type": kind.event_type(message)}
        for field in kind.fields:
            if fields.get(field.report_field) is None:
                text = message.text(field.tag, field.name)
                label = message.label(field.tag, field.name)
                fields[field.report_field] = None if text is None else field.read(label, text)
        if kind.has_execution:
            fields |= {"symbol": self._symbol(message), "fees": read_fees(message, self.currency)}
        sent_at = read_time(message, 122, "OrigSendingTime") or read_time(message, 52, "SendingTime")
        return VenueReport(
            account_id=self._account_id(message),
            venue=self._venue(message),
            venue_account=(message.text(1, "Account") or "") if self.venue_accounts else "",
            id_scope=trading_date(message, self.time_zone) if self.daily_ids else "",
            occurred_at=read_time(message, 60, "TransactTime"),
            venue_time_ns=read_nanoseconds(message, 60, "TransactTime"),
            received_at=sent_at,
            raw_payload=_payload(message.wire),
            **fields,
        )

    def _account_id(self, message: FixMessage) -> str:
        account_id = self.account_id or message.text(1, "Account")
        if account_id is None:
            raise message.invalid(1, "Account", "", "an account in the message, or an account_id for all of them")
        return read_name(message.label(1, "Account"), account_id)

    def _venue(self, message: FixMessage) -> str | None:
        if self.venue is not None:
            return self.venue
        sender = message.text(49, "SenderCompID")
        return None if sender is None else self.venues.get(sender, sender)

    def _symbol(self, message: FixMessage) -> str | None:
        symbol = message.text(self.symbol_tag, "Symbol")
        if symbol in (None, _NOT_APPLICABLE):
            symbol = message.text(48, "SecurityID")
        return None if symbol is None else read_name(message.label(self.symbol_tag, "Symbol"), symbol)


@attrs.frozen
class _MessageKind:
    event_type: Callable[[FixMessage], EventType]
    fields: tuple[FixField, ...]
    has_execution: bool


def _execution_type(message: FixMessage) -> EventType:
    correction = vocabulary.EXEC_TRANS_TYPES.get(message.text(20, "ExecTransType") or "")
    return correction or vocabulary.EXEC_TYPES.get(message.text(150, "ExecType") or "", EventType.ORDER_STATUS)


def _reject_type(message: FixMessage) -> EventType:
    code = message.text(434, "CxlRejResponseTo") or ""
    if code not in vocabulary.CANCEL_REJECTS:
        raise message.invalid(434, "CxlRejResponseTo", code, "1 (a cancel was refused) or 2 (a replacement was)")
    return vocabulary.CANCEL_REJECTS[code]


_KINDS: Mapping[str, _MessageKind] = {
    "8": _MessageKind(_execution_type, EXECUTION_REPORT, has_execution=True),
    "9": _MessageKind(_reject_type, ORDER_CANCEL_REJECT, has_execution=False),
}
"""By MsgType (35)."""


def _check_version(message: FixMessage) -> None:
    version = message.fields[8]
    if version not in vocabulary.VERSIONS:
        raise message.invalid(8, "BeginString", version, "one of " + ", ".join(vocabulary.VERSIONS))


def _payload(wire: bytes) -> str | dict[str, str]:
    """The message as text, or in Base64 if it is no text that every store can hold."""
    try:
        text = wire.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(wire).decode("ascii")}
    return {"base64": base64.b64encode(wire).decode("ascii")} if "\0" in text else text
