"""The start of the next page of a list, as text for `--after`."""

import base64
import json

from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import IDENTITY
from sot.domain.values.times import from_microseconds, microseconds
from sot.ports.paging import PageKey

_NEWEST_FIRST = "newest_first"


def page_token(key: PageKey | None, newest_first: bool = False) -> str | None:
    """The start of the next page as opaque text, with the order of the list; None on the last page."""
    if key is None:
        return None
    content = [microseconds(key.at), key.id, *_order(newest_first)]
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def page_key(token: str | None, newest_first: bool = False) -> PageKey | None:
    """Read a page token.

    Raises:
        InvalidInput: The text is no page token, or one of a list in the other order.
    """
    if token is None:
        return None
    try:
        at, item_id, *order = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        key = PageKey(from_microseconds(at), IDENTITY.check("--after", item_id))
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise InvalidInput("--after", token, "the page token that an earlier page ended with") from None
    if order != _order(newest_first):
        allowed = "the page token of a page in the same order: give the other options of the command that printed it"
        raise InvalidInput("--after", token, allowed)
    return key


def _order(newest_first: bool) -> list[str]:
    """What a token says about the order of its list."""
    return [_NEWEST_FIRST] if newest_first else []
