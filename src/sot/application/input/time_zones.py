"""Read the names of time zones."""

from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sot.domain.values.errors import InvalidInput

_ALLOWED = "a time zone of the IANA database, such as America/New_York or UTC"


def read_time_zone(field: str, value: object) -> tzinfo:
    """Read a time zone.

    Args:
        field: The name of the field, for the error.
        value: The name of a zone in the IANA database, or a zone.

    Raises:
        InvalidInput: The database of this machine has no such zone.
    """
    if isinstance(value, tzinfo):
        return value
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise InvalidInput(field, value, _ALLOWED)
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # names of folders and of files that are no zones, too
        raise InvalidInput(field, value, _ALLOWED) from None
