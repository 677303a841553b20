"""Converting FIX messages to venue reports and to requests."""

import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

import attrs

from sot.adapters.fix import vocabulary
from sot.adapters.fix.dealt_currency import currency_pair, in_base_currency
from sot.adapters.fix.fees import read_fees
from sot.adapters.fix.fields import (
    EXECUTION_REPORT,
    ORDER_CANCEL_REJECT,
    REJECT,
    FixField,
    read_name,
)
from sot.adapters.fix.message import FixMessage
from sot.adapters.fix.sent_messages import SentMessage, SentMessages, rejected_order
from sot.adapters.fix.sent_requests import SentRequest, read_request
from sot.adapters.fix.times import read_nanoseconds, read_time, trading_date
from sot.domain.orders.report import EXECUTION_TYPES, VenueReport
from sot.domain.values.errors import InvalidInput
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import EventType

FindInstrument = Callable[[str, str | None, str], Instrument | None]
"""Returns the instrument of an account, a venue and a symbol; None if it is not registered."""

_NOT_APPLICABLE = "[N/A]"
"""Symbol (55) of an instrument without a symbol, which SecurityID (48) names."""

_LARGEST_SEQUENCE = 2**63


def _nothing_registered(account_id: str, venue: str | None, symbol: str) -> None:
    return None


@attrs.frozen(kw_only=True)
class FixDecoder:
    """Converts messages of FIX 4.2 to 5.0 SP2: what a venue reports, and what was sent to it.

    - A report: ExecutionReport (35=8), OrderCancelReject (35=9); BusinessMessageReject (35=j) and Reject (35=3), if they
      name an order or a request of an order.
    - A request: NewOrderSingle (35=D), OrderCancelRequest (35=F), OrderCancelReplaceRequest (35=G), multileg
      (35=AB, AC).

    Attributes:
        account_id: The account of all messages; None means Account (1) of each.
        venue: The venue of all messages; None means SenderCompID (49) of a report and TargetCompID (56) of a request,
            translated by `venues`.
        venues: Names of venues by their CompID.
        symbol_tag: The tag that names the instrument; 48 (SecurityID) where Symbol is only a root, as for options.
        currency: The currency of fees without one.
        daily_ids: Client and venue order ids are unique within a trading date only (`id_scope`): TradeDate (75), else
            the day of TransactTime (60) in `time_zone`. See `resolve_multiday_order`.
        time_zone: The time zone of days.
        venue_accounts: Reports have Account (1) as their `venue_account`; then requests must have it, too.
        find_instrument: Looks up registered instruments, whose kind and base tell what Currency (15) means
            (`dealt_currency`). Without it the form of the symbol does.
    """  # noqa: E501

    account_id: str | None = None
    venue: str | None = None
    venues: Mapping[str, str] = attrs.field(factory=dict)
    symbol_tag: int = 55
    currency: str | None = None
    daily_ids: bool = False
    time_zone: tzinfo = UTC
    venue_accounts: bool = False
    find_instrument: FindInstrument = _nothing_registered

    def decode(self, message: FixMessage, sent: SentMessages | None = None) -> VenueReport | None:
        """Convert a message to a report; None for messages of other types, and for rejects that name no order.

        `occurred_at` is TransactTime (60). `received_at` is when the message was first sent (122, else 52): replace it
        if you know when it arrived. `venue_sequence` is MsgSeqNum (34), unless the message is sent again under a new
        number (97=Y). The whole message is the raw payload.

        Args:
            message: The message.
            sent: The requests that were sent, which a reject may name by their number only.

        Raises:
            InvalidInput: The quantity, the price or an identifier cannot be read exactly, or there is no account; the
                error has the tag and the message.
        """
        kind = _KINDS.get(message.type)
        request = None if sent is None else sent.named_by(message)
        if kind is None:
            return None
        subject = kind.subject(message, request)
        if subject is None:
            return None
        _check_version(message)
        fields, left_out = _read_fields(message, subject, kind.fields)
        account_id, venue = self._account_id(message, request), self._venue(message, 49)
        if kind.has_execution:
            fields["symbol"] = self._symbol(message)
            fields["fees"], not_read = read_fees(message, self.currency)
            left_out |= {} if not_read is None else {"fees": not_read}
            self._convert_dealt_currency(message, account_id, venue, fields, left_out)
        elif request is not None and subject["type"] is EventType.REJECTED:
            fields["symbol"] = self._symbol(request.message)
        fields |= _read_times(message, fields, left_out)
        return VenueReport(
            account_id=account_id,
            venue=venue,
            venue_account=(message.text(1, "Account") or "") if self.venue_accounts else "",
            id_scope=self._id_scope(message),
            venue_sequence=_sequence(message, left_out),
            raw_payload=_payload(message.wire),
            left_out=left_out or None,
            **fields,
        )

    def decode_request(self, message: FixMessage) -> SentRequest | None:
        """Convert a request that was sent; None for messages of other types. `record_request` records it.

        Raises:
            InvalidInput: A field cannot be read exactly, or there is no account; the error has the tag and the message.
        """
        if message.type not in vocabulary.REQUESTS:
            return None
        _check_version(message)
        account_id, venue = self._account_id(message), self._venue(message, 56)
        symbol = self._symbol(message)
        pair = currency_pair(message, symbol, self._instrument(account_id, venue, symbol))
        fields = {
            "account_id": account_id,
            "venue": venue,
            "venue_account": (message.text(1, "Account") or "") if self.venue_accounts else "",
            "id_scope": self._id_scope(message),
            "symbol": symbol,
            "raw_payload": _payload(message.wire),
        }
        return read_request(message, {name: value for name, value in fields.items() if value is not None}, pair)

    def _convert_dealt_currency(
        self,
        message: FixMessage,
        account_id: str,
        venue: str | None,
        fields: dict[str, Any],
        left_out: dict[str, str],
    ) -> None:
        dealt = message.text(15, "Currency")
        if dealt is None:
            return
        symbol = fields["symbol"]
        pair = currency_pair(message, symbol, self._instrument(account_id, venue, symbol))
        if pair is not None and dealt != pair.base:
            changes, reasons = in_base_currency(message, fields, pair, dealt)
            fields |= changes
            left_out |= reasons

    def _instrument(self, account_id: str, venue: str | None, symbol: str | None) -> Instrument | None:
        return None if symbol is None else self.find_instrument(account_id, venue, symbol)

    def _id_scope(self, message: FixMessage) -> str:
        return trading_date(message, self.time_zone) if self.daily_ids else ""

    def _account_id(self, message: FixMessage, request: SentMessage | None = None) -> str:
        account_id = self.account_id or message.text(1, "Account") or (request and request.message.fields.get(1))
        if not account_id:
            raise message.invalid(1, "Account", "", "an account in the message, or an account_id for all of them")
        return read_name(message.label(1, "Account"), account_id)

    def _venue(self, message: FixMessage, tag: int) -> str | None:
        if self.venue is not None:
            return self.venue
        comp_id = message.text(tag, "SenderCompID" if tag == 49 else "TargetCompID")
        return None if comp_id is None else self.venues.get(comp_id, comp_id)

    def _symbol(self, message: FixMessage) -> str | None:
        symbol = message.text(self.symbol_tag, "Symbol")
        if symbol in (None, _NOT_APPLICABLE):
            symbol = message.text(48, "SecurityID")
        return None if symbol is None else read_name(message.label(self.symbol_tag, "Symbol"), symbol)


def _read_fields(
    message: FixMessage, subject: Mapping[str, Any], table: Sequence[FixField]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Read the fields that its subject does not have; returns why values are left out, too."""
    fields = dict(subject)
    left_out: dict[str, str] = {}
    for field in table:
        if fields.get(field.report_field) is not None:
            continue
        try:
            text = message.text(field.tag, field.name)
            fields[field.report_field] = (
                None if text is None else field.read(message.label(field.tag, field.name), text)
            )
        except InvalidInput as error:
            if field.is_needed(fields["type"]):
                raise
            left_out[field.report_field] = _why(message, field.tag, field.name, error)
    return fields, left_out


def _read_times(message: FixMessage, fields: Mapping[str, Any], left_out: dict[str, str]) -> dict[str, Any]:
    """Read the times of a report. An execution that has an id is known without the venue's time."""
    times: dict[str, Any] = {"received_at": _first_sending_time(message, left_out)}
    try:
        times["occurred_at"] = read_time(message, 60, "TransactTime")
        times["venue_time_ns"] = read_nanoseconds(message, 60, "TransactTime")
    except InvalidInput as error:
        if fields["type"] not in EXECUTION_TYPES or fields.get("exec_id") is None:
            raise
        left_out["occurred_at"] = _why(message, 60, "TransactTime", error)
    return times


def _first_sending_time(message: FixMessage, left_out: dict[str, str]) -> datetime | None:
    for tag, name in ((122, "OrigSendingTime"), (52, "SendingTime")):
        try:
            time = read_time(message, tag, name)
        except InvalidInput as error:
            left_out["received_at"] = _why(message, tag, name, error)
            continue
        if time is not None:
            return time
    return None


def _sequence(message: FixMessage, left_out: dict[str, str]) -> int | None:
    """MsgSeqNum (34), by which the venue's messages are told apart; a resend (97=Y) has the number of another one."""
    text = message.fields.get(34)
    if not text or message.fields.get(97) == "Y":
        return None
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 20 else _LARGEST_SEQUENCE
    if number >= _LARGEST_SEQUENCE:
        left_out["venue_sequence"] = f"MsgSeqNum(34) is {text[:100]}, not a whole number from 0 to 2^63 - 1"
        return None
    return number


def _why(message: FixMessage, tag: int, name: str, error: InvalidInput) -> str:
    return f"{name}({tag}) is {message.fields[tag][:100]}, not {error.allowed}"


@attrs.frozen
class _MessageKind:
    """A type of messages: what it is a report of (None if of no order), and its other fields."""

    subject: Callable[[FixMessage, SentMessage | None], dict[str, Any] | None]
    fields: tuple[FixField, ...]
    has_execution: bool = False


def _execution(message: FixMessage, request: SentMessage | None) -> dict[str, Any]:
    correction = vocabulary.EXEC_TRANS_TYPES.get(message.text(20, "ExecTransType") or "")
    kind = vocabulary.EXEC_TYPES.get(message.text(150, "ExecType") or "", EventType.ORDER_STATUS)
    return {"type": correction or kind}


def _cancel_reject(message: FixMessage, request: SentMessage | None) -> dict[str, Any]:
    code = message.text(434, "CxlRejResponseTo") or ""
    if code not in vocabulary.CANCEL_REJECTS:
        raise message.invalid(434, "CxlRejResponseTo", code, "1 (a cancel was refused) or 2 (a replacement was)")
    return {"type": vocabulary.CANCEL_REJECTS[code]}


_KINDS: Mapping[str, _MessageKind] = {
    "8": _MessageKind(_execution, EXECUTION_REPORT, has_execution=True),
    "9": _MessageKind(_cancel_reject, ORDER_CANCEL_REJECT),
    "j": _MessageKind(rejected_order, REJECT),
    "3": _MessageKind(rejected_order, REJECT),
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
