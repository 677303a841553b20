"""FIX logs as a format of `sot record`."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

import attrs

from sot.adapters.fix import FixDecoder, FixLog, resolve_multiday_order
from sot.application.history import OrderHistory
from sot.domain.orders.report import VenueReport
from sot.domain.values.errors import InvalidInput
from sot.entrypoints.json_lines import LineResult, record_report
from sot.entrypoints.options import read_name
from sot.entrypoints.record_stream import Entry, Format, LineRefused
from sot.ports.store import UnitOfWork


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


def fix_format(options: FixOptions) -> Format:
    """The format of a FIX log.

    Raises:
        InvalidInput: An option is not allowed.
    """
    stream = _FixStream(_decoder(options), options.adopt)
    return Format(stream.entries, stream.record, stream.skipped)


def _decoder(options: FixOptions) -> FixDecoder:
    if options.time_zone is not None and not options.daily_ids:
        raise InvalidInput("--time-zone", options.time_zone, "--daily-ids with it: the zone says where a day begins")
    return FixDecoder(
        account_id=read_name("--account-id", options.account_id),
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


@attrs.define
class _FixStream:
    decoder: FixDecoder
    adopt: bool
    skipped_types: Counter[str] = attrs.field(factory=Counter)

    def entries(self, lines: Iterable[bytes]) -> Iterator[Entry]:
        """The reports in a log, each with the line of its message."""
        log = FixLog(lines)
        try:
            for message in log:
                report = self.decoder.decode(message)
                if report is not None:
                    yield log.line, report
                else:
                    self.skipped_types[message.type] += 1
        except InvalidInput as error:
            raise LineRefused(log.line, error) from None

    def record(self, uow: UnitOfWork, report: VenueReport) -> LineResult:
        """Record a report, or adopt its order with `--adopt`."""
        history = OrderHistory(uow)
        report = resolve_multiday_order(uow, report)
        return record_report(history, report, self.adopt)

    def skipped(self) -> str:
        """How many messages of other types were skipped, by MsgType (tag 35)."""
        if not self.skipped_types:
            return ""
        types = ", ".join(f"35={type}: {count}" for type, count in sorted(self.skipped_types.items()))
        return f"skipped {self.skipped_types.total()} messages of other types ({types})"
