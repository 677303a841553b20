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
    """Read a UTCTimestamp to the microsecond. A leap second is the first second of the next minute, as in POSIX time.

    Raises:
        InvalidInput: The form is not YYYYMMDD-HH:MM:SS, with 1 to 12 fraction digits or none.
    """
    parsed = _parse_timestamp(message, tag, name)
    return None if parsed is None else parsed[0]


def read_nanoseconds(message: FixMessage, tag: int, name: str) -> int | None:
    """Read a UTCTimestamp in nanoseconds since 1970; None unless it is finer than microseconds. Finer digits are cut.

    Raises:
        InvalidInput: As `read_time`.
    """
    parsed = _parse_timestamp(message, tag, name)
    if parsed is None or len(parsed[1]) <= 6:
        return None
    time, fraction = parsed
    nanoseconds = microseconds(time) * 1_000 + int(fraction[6:9].ljust(3, "0"))
    return nanoseconds if 0 <= nanoseconds < _LARGEST else None


def _parse_timestamp(message: FixMessage, tag: int, name: str) -> tuple[datetime, str] | None:
    """The time to the microsecond, and its fraction digits."""
    text = message.text(tag, name)
    if text is None:
        return None
    error = message.invalid(tag, name, text, "a time in UTC such as 20260131-17:00:00.123")
    parts = _TIMESTAMP.fullmatch(text)
    if parts is None:
        raise error
    year, month, day, hour, minute, second = map(int, parts.groups()[:6])
    fraction = parts[7] or ""
    if second > _LEAP_SECOND:
        raise error
    try:
        minute_start = datetime(year, month, day, hour, minute, tzinfo=UTC)
        return minute_start + timedelta(seconds=second, microseconds=int(fraction[:6].ljust(6, "0"))), fraction
    except (ValueError, OverflowError):
        raise error from None


_TIME_FIELDS = ((60, "TransactTime"), (122, "OrigSendingTime"), (52, "SendingTime"))


def trading_date(message: FixMessage, zone: tzinfo) -> str:
    """The trading date of a message: TradeDate (75), else the day of its first time in a time zone, else ''.

    A message that is sent again keeps TransactTime (60), and its first time of sending is OrigSendingTime (122).

    Raises:
        InvalidInput: A date or a time cannot be read.
    """
    text = message.text(75, "TradeDate")
    if text is not None:
        return _read_date(message, text).isoformat()
    times = (read_time(message, tag, name) for tag, name in _TIME_FIELDS)
    first = next((time for time in times if time is not None), None)
    return "" if first is None else _local_date(first, zone).isoformat()


def _local_date(time: datetime, zone: tzinfo) -> date:
    try:
        return time.astimezone(zone).date()
    except OverflowError:
        return time.date()


def _read_date(message: FixMessage, text: str) -> date:
    try:
        if _DATE.fullmatch(text):
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        pass
    raise message.invalid(75, "TradeDate", text, "a date such as 20260131")
