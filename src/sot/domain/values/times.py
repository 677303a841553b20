"""Times: aware, in UTC, with microseconds. Naive times are refused."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

from sot.domain.values.errors import InvalidInput

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC)

MICROSECOND = timedelta(microseconds=1)

_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)

_ALLOWED = "a time as RFC 3339 has it, with an offset and at most 6 fraction digits, or an aware datetime"


def utc_time(field: str, value: object) -> datetime:
    """Read a time, and convert it to UTC.

    Args:
        field: The name of the field, for the error.
        value: An aware datetime, or RFC 3339 text.

    Raises:
        InvalidInput: A naive time, a number, or text that is not RFC 3339 with an offset.

    Rules: INPUT-3.
    """
    if isinstance(value, str) and _RFC_3339.fullmatch(value):
        try:
            value = datetime.fromisoformat(value.upper())
        except ValueError:
            raise InvalidInput(field, value, _ALLOWED) from None
    if not isinstance(value, datetime):
        raise InvalidInput(field, value, _ALLOWED)
    if value.tzinfo is UTC:
        return value
    if value.utcoffset() is None:
        raise InvalidInput(field, value, _ALLOWED)
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise InvalidInput(field, value, _ALLOWED) from None


@lru_cache(maxsize=256)
def time_text(value: datetime) -> str:
    """Return the canonical text of a time in UTC: RFC 3339 with exactly six fraction digits and `Z`.

    The text is cached, because one time is written into its event, its fill and the state of its order.
    """
    if value.tzinfo is not UTC and value.tzinfo is not None:
        value = value.astimezone(UTC)  # else an equal time of another zone could leave its text in the cache
    return value.isoformat("T", "microseconds")[:26] + "Z"


def written_time(text: str) -> datetime:
    """Read a time that `time_text` wrote.

    Raises:
        ValueError: The text is no time in UTC.
    """
    value = datetime.fromisoformat(text)
    if value.tzinfo is not UTC:
        raise ValueError(f"{text!r} is no time in UTC")
    return value


def microseconds(value: datetime) -> int:
    """Return the microseconds since 1970-01-01T00:00:00Z, exactly."""
    since = value - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds  # a quotient takes longer


def is_between(time: datetime, start: datetime | None, before: datetime | None) -> bool:
    """Whether a time is in the half-open range from `start` to `before`; None sets no limit."""
    return (start is None or time >= start) and (before is None or time < before)


def day_of(at: datetime, zone: tzinfo) -> date:
    """Return the day of a time in a zone; that in UTC where the zone's is before the first day, or after the last."""
    try:
        return at.astimezone(zone).date()
    except OverflowError:
        return at.date()


def from_microseconds(value: int) -> datetime:
    """Return the time so many microseconds after 1970-01-01T00:00:00Z."""
    return EPOCH + MICROSECOND * value
