"""Times of sources, which are rarely RFC 3339."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from sot.adapters.imports.figures import read_number
from sot.adapters.imports.row_error import RowError
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import exactly
from sot.domain.values.times import EPOCH, microseconds

UNITS = {
    "s": timedelta(seconds=1),
    "ms": timedelta(milliseconds=1),
    "us": timedelta(microseconds=1),
    "ns": timedelta(0),
}
"""The units of times that are numbers; a nanosecond is none of timedelta."""

_FINE = re.compile(r"(.*[0-9]{2}:[0-9]{2}:[0-9]{2}[.,][0-9]{6})([0-9]{1,3})(.*)", re.ASCII | re.DOTALL)
"""A time whose fraction is finer than a microsecond."""

_UTC_NAMES = (" UTC", " GMT", " +0000 UTC")

_NANOSECONDS_PER_MICROSECOND = 1_000

TIME_ZONE_NEEDED = "a time zone such as Europe/Berlin: the times of this file have no offset"


def read_unix_time(name: str, text: str, unit: timedelta) -> tuple[datetime, int | None]:
    """Read a time that is a number of units since 1970.

    Returns:
        The time in UTC; and in nanoseconds, where it is finer than a microsecond.

    Raises:
        RowError: The text is no such number.
    """
    number = read_number(name, text)
    per_unit = (unit // timedelta(microseconds=1) or 0) * _NANOSECONDS_PER_MICROSECOND or 1
    with exactly():
        nanoseconds = number * per_unit
    if nanoseconds != nanoseconds.to_integral_value():
        raise RowError(f"{name}: {text[:40]!r} is finer than a nanosecond")
    whole, rest = divmod(int(nanoseconds), _NANOSECONDS_PER_MICROSECOND)
    try:
        time = EPOCH + timedelta(microseconds=whole)
    except OverflowError:
        raise RowError(f"{name}: {text[:40]!r} is no time") from None
    return time, int(nanoseconds) if rest else None


def read_local_time(
    name: str, text: str, formats: Sequence[str], zone: tzinfo | None, remarks: list[str]
) -> tuple[datetime, int | None]:
    """Read a time that is written as text.

    Args:
        name: What the text is, for the error.
        text: The text.
        formats: The formats that it may have, as strptime has them; none for ISO 8601.
        zone: The zone of a time without an offset.
        remarks: Takes a remark where the local time occurs twice; the first one is taken.

    Returns:
        The time in UTC; and in nanoseconds, where it is finer than a microsecond.

    Raises:
        RowError: The text is no such time, or the zone has no such time.
        InvalidInput: It has no offset, and there is no zone.
    """
    fine = _FINE.fullmatch(text)
    digits = ""
    if fine is not None:
        text, digits = fine[1] + fine[3], fine[2]
    time = utc_time(name, _parse(name, text, formats), zone, remarks)
    extra = int(digits.ljust(3, "0")) if digits else 0
    return time, microseconds(time) * _NANOSECONDS_PER_MICROSECOND + extra if extra else None


def utc_time(name: str, time: datetime, zone: tzinfo | None, remarks: list[str]) -> datetime:
    """Return a time in UTC; one without an offset is of the zone.

    Args:
        name: What it is, for the error.
        time: The time.
        zone: The zone of a time without an offset.
        remarks: Takes a remark where the local time occurs twice; the first one is taken.

    Raises:
        RowError: The zone has no such time.
        InvalidInput: It has no offset, and there is no zone.
    """
    if time.utcoffset() is None:
        if zone is None:
            raise InvalidInput("--zone", None, TIME_ZONE_NEEDED)
        time = _in_zone(name, time, zone, remarks)
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise RowError(f"{name}: {time} is no time") from None


def _parse(name: str, text: str, formats: Sequence[str]) -> datetime:
    if not formats:
        for ending in _UTC_NAMES:
            if text.endswith(ending):
                text = text.removesuffix(ending).removesuffix(" +0000") + "+00:00"
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise RowError(f"{name}: {text[:40]!r} is no time of ISO 8601; give its format") from None
    for format in formats:
        try:
            return datetime.strptime(text, format)
        except ValueError:
            continue
    raise RowError(f"{name}: {text[:40]!r} is no time of the format {' or '.join(formats)}")


def _in_zone(name: str, time: datetime, zone: tzinfo, remarks: list[str]) -> datetime:
    first, second = time.replace(tzinfo=zone, fold=0), time.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != time:
        raise RowError(f"{name}: the clocks of {zone} skip {time}")
    remarks.append(f"{name} is in the hour that {zone} has twice; the first one was taken")
    return first
