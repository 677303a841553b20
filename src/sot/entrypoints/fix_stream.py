"""FIX logs as a format of `sot record`."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, tzinfo
from functools import partial
from zoneinfo import ZoneInfo

import attrs

from sot.adapters.fix import (
    FixDecoder,
    FixLog,
    FixMessage,
    SentMessages,
    SentRequest,
    record_request,
    resolve_multiday_order,
)
from sot.application.history import OrderHistory
from sot.domain.orders.report import VenueReport
from sot.domain.values.errors import InvalidInput
from sot.domain.values.instrument import Instrument
from sot.entrypoints.json_lines import LineResult, record_report
from sot.entrypoints.options import read_name
from sot.entrypoints.record_stream import Entry, Format, NotRecorded
from sot.ports.store import UnitOfWork

_REJECTS = ("j", "3")
_CURRENCY = 15


@attrs.frozen(kw_only=True)
class FixOptions:
    """The options of `sot record` for FIX logs."""

    venue: str | None = None
    account_id: str | None = None
    symbol_tag: int | None = None
    fee_currency: str | None = None
    daily_ids: bool = False
    time_zone: str | None = None
    adopt: bool = False
    requests: bool = False
    ignore_checksums: bool = False


def fix_format(options: FixOptions) -> Format:
    """The format of a FIX log.

    Raises:
        InvalidInput: An option is not allowed.
    """
    stream = _FixStream(_decoder(options), options)
    return Format(stream.entries, stream.record, _kind, _reports, stream.skipped)


def _decoder(options: FixOptions) -> FixDecoder:
    if options.time_zone is not None and not options.daily_ids:
        raise InvalidInput("--time-zone", options.time_zone, "--daily-ids with it: the zone says where a day begins")
    return FixDecoder(
        account_id=read_name("--account", options.account_id),
        venue=read_name("--venue", options.venue),
        symbol_tag=options.symbol_tag or 55,
        currency=read_name("--fee-currency", options.fee_currency),
        daily_ids=options.daily_ids,
        time_zone=_time_zone(options.time_zone),
    )


def _time_zone(name: str | None) -> tzinfo:
    try:
        return UTC if name is None else ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise InvalidInput("--time-zone", name, "the name of a time zone, such as America/New_York") from None


@attrs.frozen
class _Decoded:
    """A message, and what it was converted to before the instruments are known."""

    message: FixMessage
    fact: VenueReport | SentRequest


@attrs.define
class _FixStream:
    decoder: FixDecoder
    options: FixOptions
    sent: SentMessages = attrs.field(factory=SentMessages)
    skipped_types: Counter[str] = attrs.field(factory=Counter)
    rejects_of_nothing: list[int] = attrs.field(factory=list)
    damaged: int = 0

    def entries(self, lines: Iterable[bytes]) -> Iterator[Entry]:
        """The reports and requests in a log, each with the line of its message, and what cannot be read."""
        log = FixLog(lines, self.options.ignore_checksums)
        for message in log.entries():
            try:
                content = message if isinstance(message, InvalidInput) else self._decode(message, log.line)
            except InvalidInput as error:
                content = error
            if content is not None:
                yield log.line, content

    def _decode(self, message: FixMessage, line: int) -> _Decoded | None:
        self.damaged += message.damage is not None
        self.sent.add(message)
        fact: VenueReport | SentRequest | None = self.decoder.decode(message, self.sent)
        if fact is None and self.options.requests:
            fact = self.decoder.decode_request(message)
        if fact is not None:
            return _Decoded(message, fact)
        if message.type in _REJECTS:
            self.rejects_of_nothing.append(line)
        else:
            self.skipped_types[message.type] += 1
        return None

    def record(self, uow: UnitOfWork, decoded: _Decoded) -> LineResult | NotRecorded:
        """Record a request, or a report; adopt its order with `--adopt`."""
        fact = self._with_instruments(uow, decoded)
        if isinstance(fact, SentRequest):
            return _record_request(uow, fact)
        return record_report(OrderHistory(uow), resolve_multiday_order(uow, fact), self.options.adopt)

    def _with_instruments(self, uow: UnitOfWork, decoded: _Decoded) -> VenueReport | SentRequest:
        """What a message becomes where its instrument is registered, which tells what its currency means."""
        message = decoded.message
        if _CURRENCY not in message.fields:
            return decoded.fact
        decoder = attrs.evolve(self.decoder, find_instrument=partial(_find_instrument, uow))
        return decoder.decode(message) or decoder.decode_request(message) or decoded.fact

    def skipped(self) -> str:
        """What was skipped: messages of other types by MsgType (tag 35), and rejects that name no order."""
        lines = []
        if self.skipped_types:
            types = ", ".join(f"35={type}: {count}" for type, count in sorted(self.skipped_types.items()))
            lines.append(f"skipped {self.skipped_types.total()} messages of other types ({types})")
        if self.rejects_of_nothing:
            numbers = ", ".join(map(str, self.rejects_of_nothing))
            lines.append(f"skipped {len(self.rejects_of_nothing)} rejects that name no order (lines {numbers})")
        if self.damaged:
            lines.append(f"{self.damaged} messages have a wrong BodyLength or CheckSum, and were read nevertheless")
        return "\n".join(lines)


def _kind(decoded: _Decoded) -> str:
    return "request" if isinstance(decoded.fact, SentRequest) else "report"


def _reports(decoded: _Decoded) -> Iterator[VenueReport]:
    if isinstance(decoded.fact, VenueReport):
        yield decoded.fact


def _find_instrument(uow: UnitOfWork, account_id: str, venue: str | None, symbol: str) -> Instrument | None:
    versions = uow.instruments.versions(account_id, venue, symbol) if venue is not None else ()
    return versions[-1] if versions else None


def _record_request(uow: UnitOfWork, request: SentRequest) -> LineResult | NotRecorded:
    recorded = record_request(uow, request)
    if recorded.outcome is None:
        return NotRecorded(recorded.reason or "")
    return LineResult(
        outcome=recorded.outcome,
        order_id=recorded.order_id,
        sequence=recorded.sequence,
        request_id=recorded.request_id,
    )
