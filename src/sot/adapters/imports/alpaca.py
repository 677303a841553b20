"""Account activities of Alpaca, as its API returns them: a JSON array, or one activity a line.

FILL is an execution; the other types are payments, splits, and options that ended. A date without a time is its
beginning in New York, where the broker is.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from sot.adapters.imports.figures import document_value, exact_number, read_number
from sot.adapters.imports.row_error import RowError
from sot.adapters.imports.times import read_local_time, utc_time
from sot.adapters.imports.values import Instruments, account_event, instrument, report
from sot.application.importing.row_ids import MomentSequence
from sot.domain.values.documents import read_document
from sot.domain.values.errors import InvalidInput
from sot.domain.values.instrument import Instrument
from sot.domain.values.limits import JSON_LENGTH
from sot.domain.values.numbers import ZERO, add
from sot.domain.values.vocabulary import AccountEventType, EventType, InstrumentKind, OptionRight, Side
from sot.ports.readers import ImportItem, Reader, ReaderOptions, Skipped

VENUE = "ALPACA"

_NEW_YORK = ZoneInfo("America/New_York")

_PAYMENTS = {
    **dict.fromkeys(("CSD", "CSW", "JNLC", "ACATC", "JNL", "TRANS", "DRIVEWEALTH_CASH"), AccountEventType.TRANSFER),
    **dict.fromkeys(
        ("DIV", "DIVCGL", "DIVCGS", "DIVFEE", "DIVFT", "DIVNRA", "DIVROC", "DIVTW", "DIVTXEX", "CGD"),
        AccountEventType.DIVIDEND,
    ),
    **dict.fromkeys(("INT", "INTNRA", "INTTW", "SWP"), AccountEventType.INTEREST),
    **dict.fromkeys(("FEE", "CFEE", "PTC", "PTR", "REG", "TAF", "MISC"), AccountEventType.FEE_ADJUSTMENT),
}
"""Activities that move cash, by the type of their account event."""

_OPTION_ENDS = {
    "OPASN": AccountEventType.ASSIGNMENT,
    "OPEXC": AccountEventType.EXERCISE,
    "OPXRC": AccountEventType.EXERCISE,
    "OPEXP": AccountEventType.EXPIRY,
    "OPCSH": AccountEventType.EXERCISE,
}

_OPTION = re.compile(r"([A-Z]+)([0-9]{6})([CP])([0-9]{8})", re.ASCII)
"""The symbol of an option: underlying, day of expiry, right, strike in thousandths (OCC)."""

_OPTION_UNITS = Decimal(100)

_CENTURY = 2000

_STRIKE_DIGITS = 3

COUNTED_WITH_OPTION = "the trade in the underlying of an option: the exercise or assignment tells it"


class AlpacaReader(Reader):
    """Reads account activities of Alpaca."""

    title = "Alpaca: account activities, JSON as the API returns it"
    finished_orders = False

    def read(self, source: str, options: ReaderOptions) -> Iterator[ImportItem]:
        """Read a file; see `Reader.read`."""
        reading = _Reading(options)
        for number, activity in enumerate(_activities(Path(source)), 1):
            yield from reading.guarded(activity, f"activity {number}")


def _activities(path: Path) -> Iterable[Mapping[str, Any]]:
    size = path.stat().st_size
    if size > JSON_LENGTH:
        raise InvalidInput(str(path), size, f"a file of at most {JSON_LENGTH} bytes")
    try:
        text = path.read_text("utf-8-sig")
        lines = filter(str.strip, text.splitlines())
        found = read_document(text) if text.lstrip().startswith("[") else list(map(read_document, lines))
    except UnicodeDecodeError as error:
        raise InvalidInput(str(path), str(error), "JSON in UTF-8") from None
    if not all(isinstance(activity, dict) and "activity_type" in activity for activity in found):
        raise InvalidInput(str(path), "no activity_type", "a JSON array of account activities")
    return [_plain(activity) for activity in found]


def _plain(activity: Mapping[str, Any]) -> dict[str, Any]:
    plain = document_value(dict(activity))
    assert isinstance(plain, dict)
    return plain


@attrs.define
class _Reading:
    """The state of reading one file."""

    options: ReaderOptions
    instruments: Instruments = attrs.field(factory=Instruments)
    moments: MomentSequence = attrs.field(factory=MomentSequence)

    def guarded(self, activity: Mapping[str, Any], location: str) -> list[ImportItem]:
        """What an activity says, or why it is skipped."""
        kind = str(activity["activity_type"])
        try:
            return list(_reader_of(kind)(self, activity, kind))
        except RowError as error:
            return [
                Skipped(
                    reason=error.reason,
                    row=dict(activity),
                    location=location,
                    expected=error.reason == COUNTED_WITH_OPTION,
                )
            ]

    def fill(self, activity: Mapping[str, Any], kind: str) -> Iterator[ImportItem]:
        """An execution."""
        contract = self._instrument(str(activity["symbol"]))
        at, nanoseconds = read_local_time("transaction_time", str(activity["transaction_time"]), (), _NEW_YORK, [])
        side = str(activity["side"]).lower()
        executed, leaves = _optional(activity, "cum_qty"), _optional(activity, "leaves_qty")
        execution = report(
            {
                **self._account_fields,
                "type": EventType.TRADE,
                "exec_id": str(activity["id"]),
                "venue_order_id": str(activity["order_id"]),
                "symbol": contract.symbol,
                "side": Side.BUY if side == "buy" else Side.SELL,
                "last_quantity": _number(activity, "qty"),
                "last_price": _number(activity, "price"),
                "cum_quantity": executed,
                "leaves_quantity": leaves,
                "order_quantity": None if executed is None or leaves is None else add(executed, leaves),
                "occurred_at": at,
                "venue_time_ns": nanoseconds,
                "venue_sequence": self.moments.next_number((at, nanoseconds)),
                "raw_payload": dict(activity),
            }
        )
        yield from self.instruments.new(contract)
        yield execution

    def payment(self, activity: Mapping[str, Any], kind: str) -> Iterator[ImportItem]:
        """Cash that came or left."""
        event_type = _PAYMENTS[kind]
        symbol = activity.get("symbol") if event_type is not AccountEventType.TRANSFER else None
        contract = self._instrument(str(symbol)) if symbol else None
        payment = account_event(
            {
                **self._event_fields(activity),
                "type": event_type,
                "symbol": symbol,
                "amount": _number(activity, "net_amount"),
                "currency": activity.get("currency") or "USD",
                "reason": f"{kind} {activity.get('description') or ''}".strip(),
            }
        )
        if contract is not None:
            yield from self.instruments.new(contract)
        yield payment

    def option_end(self, activity: Mapping[str, Any], kind: str) -> Iterator[ImportItem]:
        """The exercise, the assignment or the expiry of an option."""
        contract = self._instrument(str(activity["symbol"]))
        event_type = _OPTION_ENDS[kind]
        fields: dict[str, Any] = {"quantity": _number(activity, "qty").copy_abs()}
        amount = _optional(activity, "net_amount")
        if event_type is not AccountEventType.EXPIRY and kind != "OPCSH":
            fields["to_symbol"] = contract.underlying
        elif amount:
            fields |= {"amount": amount, "currency": activity.get("currency") or "USD"}
        event = account_event(
            {**self._event_fields(activity), **fields, "type": event_type, "symbol": contract.symbol, "reason": kind}
        )
        yield from self.instruments.new(contract)
        yield event

    def delivery(self, activity: Mapping[str, Any], kind: str) -> Iterator[ImportItem]:
        """The trade in the underlying of an option, which the option's event tells.

        Raises:
            RowError: Always.
        """
        raise RowError(COUNTED_WITH_OPTION)

    def unread(self, activity: Mapping[str, Any], kind: str) -> Iterator[ImportItem]:
        """An activity that a person has to tell.

        Raises:
            RowError: Always.
        """
        raise RowError(f"an activity of type {kind}: record it as an account event (docs: accounting)")

    @property
    def _account_fields(self) -> dict[str, Any]:
        options = self.options
        return {
            "account_id": options.account_id,
            "venue": options.venue or VENUE,
            "venue_account": options.venue_account,
        }

    def _event_fields(self, activity: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **self._account_fields,
            "occurred_at": _at(activity),
            "external_id": str(activity["id"]),
            "raw_payload": dict(activity),
        }

    def _instrument(self, symbol: str) -> Instrument:
        """A stock, a coin such as BTC/USD, or an option by its OCC symbol."""
        terms: dict[str, Any] = {"kind": InstrumentKind.EQUITY, "base": symbol, "quote": "USD"}
        base, slash, quote = symbol.partition("/")
        option = _OPTION.fullmatch(symbol)
        if slash:
            terms = {"kind": InstrumentKind.SPOT, "base": base, "quote": quote}
        elif option is not None:
            terms |= {
                "kind": InstrumentKind.OPTION,
                "multiplier": _OPTION_UNITS,
                "underlying": option[1],
                "strike": Decimal(option[4]).scaleb(-_STRIKE_DIGITS),
                "right": OptionRight.CALL if option[3] == "C" else OptionRight.PUT,
                "expires_at": _day(f"{_CENTURY + int(option[2][:2])}-{option[2][2:4]}-{option[2][4:]}"),
            }
        account = {"account_id": self.options.account_id, "venue": self.options.venue or VENUE, "symbol": symbol}
        return instrument({**account, **terms})


ReadActivity = Callable[[_Reading, Mapping[str, Any], str], Iterator[ImportItem]]


def _reader_of(kind: str) -> ReadActivity:
    if kind in _PAYMENTS:
        return _Reading.payment
    if kind in _OPTION_ENDS:
        return _Reading.option_end
    return {"FILL": _Reading.fill, "OPTRD": _Reading.delivery}.get(kind, _Reading.unread)


def _number(activity: Mapping[str, Any], name: str) -> Decimal:
    value = activity.get(name)
    if value in (None, ""):
        raise RowError(f"{name} is empty")
    number = exact_number(name, read_number(name, str(value)))
    if number == ZERO:
        raise RowError(f"{name} is zero")
    return number


def _optional(activity: Mapping[str, Any], name: str) -> Decimal | None:
    value = activity.get(name)
    return None if value in (None, "") else exact_number(name, read_number(name, str(value)))


def _at(activity: Mapping[str, Any]) -> datetime:
    moment = activity.get("created_at") or activity.get("transaction_time")
    if activity.get("date"):
        return _day(str(activity["date"]))
    if moment:
        return read_local_time("created_at", str(moment), (), _NEW_YORK, [])[0]
    raise RowError("date is empty")


def _day(text: str) -> datetime:
    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        raise RowError(f"date: {text[:40]!r} is no date") from None
    return utc_time("date", day if day.tzinfo else datetime.combine(day.date(), time()), _NEW_YORK, [])
