"""Pages: their tokens, and their size.

A token is opaque, safe in URLs, and bound to the list and the parameters that it was issued for.
"""

import base64
import hmac
import json
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any, TypeVar

from sot.adapters.http.http_errors import InvalidPageToken
from sot.domain.values.fields import IDENTITY
from sot.domain.values.times import from_microseconds, microseconds
from sot.ports.paging import Page, PageKey

T = TypeVar("T")
K = TypeVar("K")
_MAC_BYTES = 16
_UNBOUND_PARAMETERS = ("page_token", "page_size")
MAX_TOKEN_CHARACTERS = 8_000
"""Enough for the longest names of a position or a group."""
BATCH_SIZE = 50
"""How many items that may be long are read at once."""
MAX_PAGE_CHARACTERS = 4_000_000
"""The approximate limit of a page, however many items it may have: payloads may be long."""


class PageTokens:
    """Issues and reads page tokens with a secret. A token grants no access: pages leave out rows of other accounts."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def encode(self, binding: bytes, position: Sequence[Any]) -> str:
        """Return the token of a position in a list."""
        content = json.dumps(position, ensure_ascii=False, separators=(",", ":")).encode()
        return _base64(self._mac(binding, content) + content)

    def decode(self, binding: bytes, token: str) -> list[Any]:
        """Return the position of a token.

        Raises:
            InvalidPageToken: It was issued for another list or other parameters, or by another server.
        """
        try:
            raw = base64.b64decode((token + "=" * (-len(token) % 4)).encode("ascii"), b"-_", validate=True)
        except ValueError:
            raw = b""
        mac, content = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not content or _base64(raw) != token or not hmac.compare_digest(mac, self._mac(binding, content)):
            raise InvalidPageToken("The token is not of this list with these parameters.")
        position: list[Any] = json.loads(content)
        return position

    def _mac(self, binding: bytes, content: bytes) -> bytes:
        return hmac.digest(self._secret, sha256(binding).digest() + content, "sha256")[:_MAC_BYTES]


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def token_binding(operation: str, account_id: str | None, query: Mapping[str, Any]) -> bytes:
    """Return what a token is bound to: the list, the account, and the parameters except for position and page size."""
    bound = sorted(
        (name, repr(value)) for name, value in query.items() if name not in (*_UNBOUND_PARAMETERS, "account_id")
    )
    return repr((operation, account_id, bound)).encode()


def encode_page_key(key: PageKey) -> list[Any]:
    """Return a page key as a position: JSON values."""
    return [microseconds(key.at), key.id]


def decode_page_key(position: Sequence[Any]) -> PageKey:
    """Return the page key of a position."""
    at, id = position
    return PageKey(from_microseconds(at), IDENTITY.check("page_token", id))


def count_characters(value: Any) -> int:
    """Return the approximate number of characters of a JSON value."""
    kind = type(value)
    if kind is str:
        return len(value)
    if kind is dict:
        return sum(map(len, value)) + sum(map(count_characters, value.values()))
    return sum(map(count_characters, value)) if kind is list or kind is tuple else 1


def read_long_items(
    read: Callable[[K | None, int], Page[T, K]],
    after: K | None,
    size: int,
    view: Callable[[T], Any],
    batch_size: int = BATCH_SIZE,
) -> Page[Any, K]:
    """Read a page of items that may be long.

    The page has at least one item, if there is any, and ends after about `MAX_PAGE_CHARACTERS`. Items are read in
    batches, so that little more than a page is in memory. A batch that is short while there is more comes from a list
    of the past that has examined its share of rows: the page ends there, too.

    Args:
        read: Reads at most so many items after a key.
        after: The key after which the page begins.
        size: The largest number of items.
        view: Turns an item into JSON values.
        batch_size: The number of items to read at once.
    """
    shown: list[Any] = []
    remaining = MAX_PAGE_CHARACTERS
    while True:
        limit = min(batch_size, size - len(shown))
        batch = read(after, limit)
        fitting = 0
        for item in map(view, batch.items):
            remaining -= count_characters(item)
            if remaining < 0 and shown:
                break
            shown.append(item)
            fitting += 1
        if fitting < len(batch.items):
            return Page(shown, read(after, fitting).next if fitting else after)
        if batch.next is None or len(shown) >= size or len(batch.items) < limit:
            return Page(shown, batch.next)
        after = batch.next


def page_of_rows(
    rows: Sequence[T], key_of: Callable[[T], list[Any]], position: list[Any] | None, size: int
) -> Page[T, list[Any]]:
    """Return a page of rows that are computed anew for each request, in the order of their keys.

    Several rows may share a key: a position is a key and the number of its rows that earlier pages have shown.
    """
    keys = [key_of(row) for row in rows]
    start = 0 if position is None else bisect_left(keys, position[0]) + position[1]
    end = start + size
    if end >= len(rows):
        return Page(rows[start:])
    last = keys[end - 1]
    return Page(rows[start:end], [last, end - bisect_left(keys, last)])
