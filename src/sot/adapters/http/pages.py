"""Page tokens: opaque, safe in addresses, and bound to the list and the parameters that they were given for."""

import base64
import hmac
import json
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any, TypeVar

from sot.adapters.http.refusals import InvalidPageToken
from sot.domain.values.fields import IDENTITY
from sot.domain.values.times import from_microseconds, microseconds
from sot.ports.paging import PageKey, Stretch

T = TypeVar("T")
K = TypeVar("K")
_MAC = 16
_FREE = ("page_token", "page_size")
LONGEST_TOKEN = 8_000
"""In characters: what the longest names of a position or a group come to."""
PORTION = 50
PAGE_WEIGHT = 4_000_000
"""About as many characters of items are in a page, however many of them it might have: payloads may be long."""


class Pages:
    """Makes and reads tokens with a secret. They carry a place and no authority: what is foreign stays out of pages."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def token(self, bound: bytes, place: Sequence[Any]) -> str:
        """The token of a place."""
        said = json.dumps(place, ensure_ascii=False, separators=(",", ":")).encode()
        return _text(self._mac(bound, said) + said)

    def place(self, bound: bytes, token: str) -> list[Any]:
        """The place of a token. Raises: InvalidPageToken: not given by us, or for another list or other parameters."""
        try:
            raw = base64.b64decode((token + "=" * (-len(token) % 4)).encode("ascii"), b"-_", validate=True)
        except ValueError:
            raw = b""
        mac, said = raw[:_MAC], raw[_MAC:]
        if not said or _text(raw) != token or not hmac.compare_digest(mac, self._mac(bound, said)):
            raise InvalidPageToken("The token is not of this list with these parameters.")
        place: list[Any] = json.loads(said)
        return place

    def _mac(self, bound: bytes, said: bytes) -> bytes:
        return hmac.digest(self._secret, sha256(bound).digest() + said, "sha256")[:_MAC]


def _text(raw: bytes) -> str:
    """The one text of these bytes."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def bound_to(operation: str, account_id: str | None, query: Mapping[str, Any]) -> bytes:
    """What a token is bound to: the list, the account and all parameters but the place and the size of a page."""
    told = sorted((name, repr(value)) for name, value in query.items() if name not in (*_FREE, "account_id"))
    return repr((operation, account_id, told)).encode()


def key_place(key: PageKey) -> list[Any]:
    """A place in a list as JSON values."""
    return [microseconds(key.at), key.id]


def place_key(place: Sequence[Any]) -> PageKey:
    """The same read back."""
    at, id = place
    return PageKey(from_microseconds(at), IDENTITY.check("page_token", id))


def weight(told: Any) -> int:
    """About how many characters a JSON value has."""
    kind = type(told)
    if kind is str:
        return len(told)
    if kind is dict:
        return sum(map(len, told)) + sum(map(weight, told.values()))
    return sum(map(weight, told)) if kind is list or kind is tuple else 1


def weighed(
    read: Callable[[K | None, int], Stretch[T, K]],
    after: K | None,
    size: int,
    view: Callable[[T], Any],
    portion: int = PORTION,
) -> Stretch[Any, K]:
    """At most `size` items of a list whose items may be long, as they are told; one at least, and no more than make up
    a page's weight. They are read in portions, so that no more of them are held than that and one portion. A portion
    that is short, while there are more, is one of a list that stopped looking: so does the page.
    """
    shown: list[Any] = []
    room = PAGE_WEIGHT
    while True:
        wanted = min(portion, size - len(shown))
        page = read(after, wanted)
        fitting = 0
        for told in map(view, page.items):
            room -= weight(told)
            if room < 0 and shown:
                break
            shown.append(told)
            fitting += 1
        if fitting < len(page.items):
            return Stretch(shown, read(after, fitting).next if fitting else after)
        if page.next is None or len(shown) >= size or len(page.items) < wanted:
            return Stretch(shown, page.next)
        after = page.next


def part_of(
    rows: Sequence[T], key_of: Callable[[T], list[Any]], place: list[Any] | None, size: int
) -> Stretch[T, list[Any]]:
    """At most `size` of rows that are made for each question, in the order of their keys, which several may share.

    A place is a key and how many of those that have it were shown.
    """
    keys = [key_of(row) for row in rows]
    start = 0 if place is None else bisect_left(keys, place[0]) + place[1]
    end = start + size
    if end >= len(rows):
        return Stretch(rows[start:])
    last = keys[end - 1]
    return Stretch(rows[start:end], [last, end - bisect_left(keys, last)])
