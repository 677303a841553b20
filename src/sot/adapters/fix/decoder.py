"""What the venue says in FIX messages, as reports."""

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from typing import Any

import attrs

from sot.adapters.fix import words
from sot.adapters.fix.fees import read_fees
from sot.adapters.fix.fields import EXECUTION_REPORT, ORDER_CANCEL_REJECT, FixField, name
from sot.adapters.fix.message import FixMessage
from sot.adapters.fix.times import read_nanoseconds, read_time, trading_date
from sot.domain.orders.report import VenueReport
from sot.domain.values.vocabulary import EventType

_NOT_APPLICABLE = "[N/A]"
"""Symbol (55) of an instrument that has none, and is named by SecurityID (48)."""


@attrs.frozen(kw_only=True)
class FixDecoder:
    """Makes reports of ExecutionReport (35=8) and OrderCancelReject (35=9) messages of FIX 4.2 to 5.0 SP2.

    `account_id` is ours, for every message; without it, Account (1) is. `venue` is the venue's name, for every message;
    without it, SenderCompID (49) is, or what `venues` calls that. `symbol_tag` is the field that names the instrument:
    48 (SecurityID) where Symbol is but a root, as for options. `currency` is that of fees that are told without one.
    With `daily_ids` client and venue ids hold for one trading date only (`id_scope`): TradeDate (75), else the day of
    TransactTime (60) in `time_zone`; see `of_an_earlier_day`. With `venue_accounts` a report tells Account (1) as its
    `venue_account`; then the requests for its orders must do so, too.
    """

    account_id: str | None = None
    venue: str | None = None
    venues: Mapping[str, str] = attrs.field(factory=dict)
    symbol_tag: int = 55
    currency: str | None = None
    daily_ids: bool = False
    time_zone: tzinfo = UTC
    venue_accounts: bool = False

    def report(self, message: FixMessage) -> VenueReport | None:
        """The report that a message is; None for messages of other types.

        `occurred_at` is TransactTime (60). `received_at` is when it was sent first (122, else 52), which no repeat is
        told by: change it if you know when it came. The whole message is the raw payload.

        Raises: InvalidInput: a field that cannot be read exactly, or no account; it names the tag and the message.
        """
        kind = _KINDS.get(message.type)
        if kind is None:
            return None
        _check_version(message)
        said: dict[str, Any] = {"type": kind.event_type(message)}
        for field in kind.fields:
            if said.get(field.becomes) is None:
                text = message.text(field.tag, field.name)
                said[field.becomes] = None if text is None else field.read(message.where(field.tag, field.name), text)
        if kind.tells_execution:
            said |= {"symbol": self._symbol(message), "fees": read_fees(message, self.currency)}
        sent = read_time(message, 122, "OrigSendingTime") or read_time(message, 52, "SendingTime")
        return VenueReport(
            account_id=self._account_id(message),
            venue=self._venue(message),
            venue_account=(message.text(1, "Account") or "") if self.venue_accounts else "",
            id_scope=trading_date(message, self.time_zone) if self.daily_ids else "",
            occurred_at=read_time(message, 60, "TransactTime"),
            venue_time_ns=read_nanoseconds(message, 60, "TransactTime"),
            received_at=sent,
            raw_payload=_payload(message.wire),
            **said,
        )

    def _account_id(self, message: FixMessage) -> str:
        told = self.account_id or message.text(1, "Account")
        if told is None:
            raise message.refused(1, "Account", "", "an account in the message, or an account_id for all of them")
        return name(message.where(1, "Account"), told)

    def _venue(self, message: FixMessage) -> str | None:
        if self.venue is not None:
            return self.venue
        sender = message.text(49, "SenderCompID")
        return None if sender is None else self.venues.get(sender, sender)

    def _symbol(self, message: FixMessage) -> str | None:
        told = message.text(self.symbol_tag, "Symbol")
        if told in (None, _NOT_APPLICABLE):
            told = message.text(48, "SecurityID")
        return None if told is None else name(message.where(self.symbol_tag, "Symbol"), told)


@attrs.frozen
class _Kind:
    event_type: Callable[[FixMessage], EventType]
    fields: tuple[FixField, ...]
    tells_execution: bool


def _executed(message: FixMessage) -> EventType:
    corrects = words.EXEC_TRANS_TYPES.get(message.text(20, "ExecTransType") or "")
    return corrects or words.EXEC_TYPES.get(message.text(150, "ExecType") or "", EventType.ORDER_STATUS)


def _refused_request(message: FixMessage) -> EventType:
    said = message.text(434, "CxlRejResponseTo") or ""
    if said not in words.CANCEL_REJECTS:
        raise message.refused(434, "CxlRejResponseTo", said, "1 (a cancel was refused) or 2 (a replacement was)")
    return words.CANCEL_REJECTS[said]


_KINDS: Mapping[str, _Kind] = {
    "8": _Kind(_executed, EXECUTION_REPORT, tells_execution=True),
    "9": _Kind(_refused_request, ORDER_CANCEL_REJECT, tells_execution=False),
}
"""By MsgType (35)."""


def _check_version(message: FixMessage) -> None:
    said = message.fields[8]
    if said not in words.VERSIONS:
        raise message.refused(8, "BeginString", said, "one of " + ", ".join(words.VERSIONS))


def _payload(wire: bytes) -> str | dict[str, str]:
    """The whole message as text, or in Base64 where it is no text that every store can hold."""
    try:
        text = wire.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(wire).decode("ascii")}
    return {"base64": base64.b64encode(wire).decode("ascii")} if "\0" in text else text
