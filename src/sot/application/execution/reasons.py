"""Exceptions and words of venues as reasons that every store can keep."""

from sot.domain.values.errors import VenueError

_REASON_LENGTH = 1_000


def reason_of(error: Exception) -> str:
    """What an exception says, as the reason of a fact."""
    try:
        return storable_text(error if isinstance(error, VenueError) else f"{type(error).__name__}: {error}")
    except Exception:  # whoever made it did not think of its words
        return type(error).__name__


def storable_text(words: object) -> str:
    """Words of others, as every store can hold them."""
    text = "" if words is None else str(words)
    return text.encode("utf-8", "replace").decode().replace("\x00", "")[:_REASON_LENGTH]
