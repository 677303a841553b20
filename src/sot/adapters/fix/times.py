"""Times and trading dates of FIX messages."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

from sot.adapters.fix.message import FixMessage
from sot.domain.values.times import microseconds

_TIMESTAMP = re.compile(
    r"([0-9]{4})([0-9]{2})([0-9]{2})-([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,12}))?", re.ASCII
)
_DATE = re.compile(r"[0-9]{8}", re.ASCII)
_LARGEST = 2**63
_LEAP_SECOND = 60


def read_time(message: FixMessage, tag: int, name: str) -> datetime | None:
    """A UTCTimestamp to the microsecond. A leap second is the first second of the next minute, as in POSIX time.

    Raises: InvalidInput: YYYYMMDD-HH:MM:SS, with 1 to 12 fraction digits or none, is its only form.
    """
    read = _read(message, tag, name)
    return None if read is None else read[0]


def read_nanoseconds(message: FixMessage, tag: int, name: str) -> int | None:
    """The same in nanoseconds since 1970, where it is told to more than microseconds. What is finer is left out.

    Raises: InvalidInput.
    """
    read = _read(message, tag, name)
    if read is None or len(read[1]) <= 6:
        return None
    found = microseconds(read[0]) * 1_000 + int(read[1][6:9].ljust(3, "0"))
    return found if 0 <= found < _LARGEST else None


def _read(message: FixMessage, tag: int, name: str) -> tuple[datetime, str] | None:
    text = message.text(tag, name)
    if text is None:
        return None
    refused = message.refused(tag, name, text, "a time in UTC such as 20260131-17:00:00.123")
    parts = _TIMESTAMP.fullmatch(text)
    if parts is None:
        raise refused
    year, month, day, hour, minute, second = map(int, parts.groups()[:6])
    fraction = parts[7] or ""
    if second > _LEAP_SECOND:
        raise refused
    try:
        begun = datetime(year, month, day, hour, minute, tzinfo=UTC)
        return begun + timedelta(seconds=second, microseconds=int(fraction[:6].ljust(6, "0"))), fraction
    except (ValueError, OverflowError):
        raise refused from None


_MOMENTS = ((60, "TransactTime"), (122, "OrigSendingTime"), (52, "SendingTime"))


def trading_date(message: FixMessage, zone: tzinfo) -> str:
    """The day that a message belongs to: TradeDate (75), else that of its first time, in a time zone; '' without any.

    A message that is sent again keeps TransactTime, and tells in OrigSendingTime when it was sent first.

    Raises: InvalidInput: a date or a time that cannot be read.
    """
    said = message.text(75, "TradeDate")
    if said is not None:
        return _date(message, said).isoformat()
    times = (read_time(message, tag, name) for tag, name in _MOMENTS)
    first = next((time for time in times if time is not None), None)
    return "" if first is None else _local_date(first, zone).isoformat()


def _local_date(moment: datetime, zone: tzinfo) -> date:
    try:
        return moment.astimezone(zone).date()
    except OverflowError:
        return moment.date()


def _date(message: FixMessage, said: str) -> date:
    try:
        if _DATE.fullmatch(said):
            return date(int(said[:4]), int(said[4:6]), int(said[6:]))
    except ValueError:
        pass
    raise message.refused(75, "TradeDate", said, "a date such as 20260131")
