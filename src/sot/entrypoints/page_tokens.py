"""Where the next page of a list begins, as text."""

import base64
import json

from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import IDENTITY
from sot.domain.values.times import from_microseconds, microseconds
from sot.ports.paging import PageKey


def page_token(key: PageKey | None) -> str | None:
    """Where the next page begins, as text without a meaning of its own."""
    if key is None:
        return None
    return base64.urlsafe_b64encode(json.dumps([microseconds(key.at), key.id]).encode()).decode().rstrip("=")


def page_key(token: str | None) -> PageKey | None:
    """The place that a token stands for. Raises: InvalidInput: it is none of ours."""
    if token is None:
        return None
    try:
        at, order_id = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        return PageKey(from_microseconds(at), IDENTITY.check("--after", order_id))
    except (ValueError, TypeError, OverflowError):
        raise InvalidInput("--after", token, "what an earlier page printed as its end") from None
