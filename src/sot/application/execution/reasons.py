"""Exceptions and texts of venues as reasons that every store can hold."""

from sot.domain.values.errors import VenueError

_REASON_LENGTH = 1_000


def reason_of(error: Exception) -> str:
    """The reason that an exception gives, as text."""
    try:
        return storable_text(error if isinstance(error, VenueError) else f"{type(error).__name__}: {error}")
    except Exception:  # an exception of a venue adapter that cannot be turned into text
        return type(error).__name__


def storable_text(value: object) -> str:
    """A value as text that every store can hold: valid UTF-8 without NUL, of limited length."""
    text = "" if value is None else str(value)
    return text.encode("utf-8", "replace").decode().replace("\x00", "")[:_REASON_LENGTH]
