"""The start of the next page of a list, as text for `--after`."""

import base64
import json

from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import IDENTITY
from sot.domain.values.times import from_microseconds, microseconds
from sot.ports.paging import PageKey


def page_token(key: PageKey | None) -> str | None:
    """The start of the next page as opaque text; None on the last page."""
    if key is None:
        return None
    return base64.urlsafe_b64encode(json.dumps([microseconds(key.at), key.id]).encode()).decode().rstrip("=")


def page_key(token: str | None) -> PageKey | None:
    """Read a page token.

    Raises:
        InvalidInput: The text is no page token.
    """
    if token is None:
        return None
    try:
        at, item_id = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        return PageKey(from_microseconds(at), IDENTITY.check("--after", item_id))
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise InvalidInput("--after", token, "the page token that an earlier page ended with") from None
