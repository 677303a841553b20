"""FIX logs as a format of `sot record`."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

import attrs

from sot.adapters.fix import FixDecoder, FixLog, of_an_earlier_day
from sot.application.history import OrderHistory
from sot.domain.orders.report import VenueReport
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import Origin
from sot.entrypoints.lines import Answer, answer_of
from sot.entrypoints.options import read_name
from sot.entrypoints.streams import Entry, Format, LineRefused
from sot.ports.store import UnitOfWork


@attrs.frozen(kw_only=True)
class FixOptions:
    """The options of the command line that only FIX logs have, as they were given."""

    venue: str | None = None
    account_id: str | None = None
    symbol_tag: int | None = None
    fee_currency: str | None = None
    daily_ids: bool = False
    time_zone: str | None = None
    adopt: bool = False


def fix_log(options: FixOptions) -> Format:
    """The format of these options. Raises: InvalidInput."""
    stream = _FixStream(_decoder(options), options.adopt)
    return Format(stream.entries, stream.record, stream.left_out)


def _decoder(options: FixOptions) -> FixDecoder:
    if options.time_zone is not None and not options.daily_ids:
        raise InvalidInput("--time-zone", options.time_zone, "--daily-ids with it: it tells where a day begins")
    return FixDecoder(
        account_id=read_name("--account-id", options.account_id),
        venue=read_name("--venue", options.venue),
        symbol_tag=options.symbol_tag or 55,
        currency=read_name("--fee-currency", options.fee_currency),
        daily_ids=options.daily_ids,
        time_zone=_zone(options.time_zone),
    )


def _zone(name: str | None) -> tzinfo:
    try:
        return UTC if name is None else ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise InvalidInput("--time-zone", name, "the name of a time zone, such as America/New_York") from None


@attrs.define
class _FixStream:
    decoder: FixDecoder
    adopt: bool
    skipped: Counter[str] = attrs.field(factory=Counter)

    def entries(self, lines: Iterable[bytes]) -> Iterator[Entry]:
        """The reports of a log, each with the line of its message."""
        log = FixLog(lines)
        try:
            for message in log:
                report = self.decoder.report(message)
                if report is not None:
                    yield log.line, report
                else:
                    self.skipped[message.type] += 1
        except InvalidInput as error:
            raise LineRefused(log.line, error) from None

    def record(self, uow: UnitOfWork, report: VenueReport) -> Answer:
        """Record a report, with the order that it begins if that is wanted."""
        history = OrderHistory(uow)
        report = of_an_earlier_day(uow, report)
        if self.adopt and _can_begin_an_order(report):
            return answer_of(history.adopt(report, Origin.VENUE))
        return answer_of(history.record(report))

    def left_out(self) -> str:
        """How many messages were none of an order's reports, by MsgType."""
        if not self.skipped:
            return ""
        types = ", ".join(f"35={kind}: {count}" for kind, count in sorted(self.skipped.items()))
        return f"skipped {self.skipped.total()} messages of other types ({types})"


def _can_begin_an_order(report: VenueReport) -> bool:
    named = report.client_order_id or report.venue_order_id
    return None not in (report.venue, report.symbol, named) and report.reason != "UNKNOWN_ORDER"
