"""Read times that people give as days: a date means the beginning of that day in a time zone."""

import re
from datetime import UTC, date, datetime, time, tzinfo

from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import TIME

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def is_day(text: str | None) -> bool:
    """Whether a text has the form of a date without a time."""
    return text is not None and _DAY.fullmatch(text) is not None


def read_day(field: str, text: str) -> date:
    """Read a date.

    Raises:
        InvalidInput: There is no such day.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(field, text, "a day that exists, such as 2026-01-31") from None


def start_of_day(field: str, day: date, zone: tzinfo) -> datetime:
    """Return the beginning of a day in a zone.

    Raises:
        InvalidInput: It is before the first time that there is, or after the last one.
    """
    try:
        return datetime.combine(day, time.min, zone).astimezone(UTC)
    except OverflowError:
        raise InvalidInput(field, day, "a day that exists, such as 2026-01-31") from None


def read_time(field: str, text: str | None, zone: tzinfo = UTC) -> datetime | None:
    """Read a time with an offset, or a date, which means the beginning of that day in the zone; None stays None.

    Raises:
        InvalidInput: The text is neither.
    """
    if text is None:
        return None
    if is_day(text):
        return start_of_day(field, read_day(field, text), zone)
    at: datetime = TIME.check(field, text)
    return at
