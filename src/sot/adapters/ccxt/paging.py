"""Pages of own trades that leave none out, do not loop, and never stand still.

Exchanges list trades by time, and several trades have the same time: a page that goes on after the last one it saw
skips those of the same millisecond, and one that goes on at it may never get any further. So a full page gives up its
last millisecond, and the next one begins with it; where one millisecond fills a page, the trade ids go on, at exchanges
that list by them. Where a list may begin with its newest trade, a full page proves nothing: the stretch of time is
halved until a page is not full.

A cursor is JSON: `{"ccxt": 1, "at": {symbol: [milliseconds, trade id or null, beginning]}, "todo": [symbols]}`; the
symbol is "" where all are asked for at once. `at` is where each symbol goes on, and before which moment it never looks;
`todo` has those that are not through yet.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import attrs

from sot.domain.values.errors import InvalidInput, VenueOutcomeUnknown
from sot.domain.values.times import EPOCH

Trade = Mapping[str, Any]
_VERSION = 1
_CALLS = 10
"""Requests that one page may take: empty stretches of time are skipped, as long as they last."""


@attrs.frozen
class Place:
    """Where a list goes on: from a moment in milliseconds on, or from a trade id on that has that moment.

    `begin`: what was before was never asked for.
    """

    milliseconds: int
    trade_id: str | None
    begin: int

    @classmethod
    def from_moment(cls, milliseconds: int) -> "Place":
        """Where a list begins."""
        return cls(milliseconds, None, milliseconds)

    def at(self, milliseconds: int, trade_id: str | None = None) -> "Place":
        """Another place in the same list."""
        return Place(milliseconds, trade_id, self.begin)


@attrs.frozen(kw_only=True)
class Listing:
    """How an exchange lists trades.

    `page`: how many at once. `stretch`: the longest time that it lists at once; None: any. `oldest_first` and
    `from_id` as in `KnownAt`. `overlap`: how late it may list a trade after others that came later.
    """

    page: int
    stretch: timedelta | None = None
    oldest_first: bool = False
    from_id: str | None = None
    overlap: timedelta = timedelta(0)


@attrs.frozen
class Page:
    """Trades, where to go on, and whether more are there."""

    trades: Sequence[Trade]
    place: Place
    more: bool


@attrs.define
class Cursor:
    """Where all symbols go on."""

    at: dict[str, Place]
    todo: list[str]

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """A cursor from its text.

        Raises: InvalidInput: it is none of ours.
        """
        try:
            said = json.loads(text)
            at = {str(symbol): _place(*place) for symbol, place in said["at"].items()}
            todo = [symbol for symbol in said["todo"] if symbol in at]
            if said["ccxt"] != _VERSION or len(todo) != len(said["todo"]):
                raise ValueError("another version")
        except (ValueError, TypeError, KeyError, AttributeError):
            raise InvalidInput("cursor", text, "the cursor of an earlier page of this venue, or None") from None
        return cls(at, todo)

    def text(self) -> str:
        """The cursor as text."""
        at = {symbol: [place.milliseconds, place.trade_id, place.begin] for symbol, place in sorted(self.at.items())}
        return json.dumps({"ccxt": _VERSION, "at": at, "todo": self.todo}, separators=(",", ":"))


def _place(milliseconds: object, trade_id: object, begin: object) -> Place:
    if type(milliseconds) is not int or type(begin) is not int or not (trade_id is None or isinstance(trade_id, str)):
        raise ValueError("no place")
    return Place(milliseconds, trade_id, begin)


def next_page(exchange: Any, symbol: str | None, place: Place, now: int, listing: Listing) -> Page:
    """The trades from a place on; `now` in milliseconds.

    Raises: VenueOutcomeUnknown: more trades in one millisecond than a page holds, and no way around that. What ccxt
        raises.
    """
    for _ in range(_CALLS):
        if place.trade_id is not None:
            return _page_by_id(exchange, symbol, place, now, listing)
        page = _page_by_time(exchange, symbol, place, now, listing)
        if page.trades or not page.more:
            return page
        place = page.place
    return page


def _page_by_id(exchange: Any, symbol: str | None, place: Place, now: int, listing: Listing) -> Page:
    trades = exchange.fetch_my_trades(symbol, None, listing.page, {listing.from_id: place.trade_id})
    if len(trades) < listing.page:
        return Page(trades, _settled(place, now, listing), more=False)
    last = trades[-1]
    if last["timestamp"] == place.milliseconds:
        return Page(trades, place.at(place.milliseconds, _last_id(trades)), more=True)
    return Page(_before(trades, last["timestamp"]), place.at(last["timestamp"]), more=True)


def _page_by_time(exchange: Any, symbol: str | None, place: Place, now: int, listing: Listing) -> Page:
    since = place.milliseconds
    until = None if listing.stretch is None else since + span(listing.stretch)
    if until is not None and until >= now:
        until = None
    trades = _asked(exchange, symbol, since, until, listing)
    if len(trades) >= listing.page:
        if listing.oldest_first:
            return _full_page(trades, place, listing)
        trades, until = _halved(exchange, symbol, since, now if until is None else until, listing)
    if until is not None:
        return Page(trades, place.at(until), more=True)
    return Page(trades, _settled(place, now, listing), more=False)


def _asked(exchange: Any, symbol: str | None, since: int, until: int | None, listing: Listing) -> Sequence[Trade]:
    trades: Sequence[Trade] = exchange.fetch_my_trades(
        symbol, since, listing.page, {} if until is None else {"until": until}
    )
    return trades


def _full_page(trades: Sequence[Trade], place: Place, listing: Listing) -> Page:
    first, last = trades[0]["timestamp"], trades[-1]["timestamp"]
    if first != last:
        return Page(_before(trades, last), place.at(last), more=True)
    if listing.from_id is None:
        raise _too_many(first, listing)
    return Page(trades, place.at(last, _last_id(trades)), more=True)


def _halved(exchange: Any, symbol: str | None, since: int, until: int, listing: Listing) -> tuple[Sequence[Trade], int]:
    """The trades of a stretch that is short enough for one page, and where it ends."""
    while until > since:
        until = since + (until - since) // 2
        trades = _asked(exchange, symbol, since, until, listing)
        if len(trades) < listing.page:
            return trades, max(until, since + 1)
    raise _too_many(since, listing)


def _too_many(milliseconds: int, listing: Listing) -> VenueOutcomeUnknown:
    why = f"a page of {listing.page} trades at the one moment {milliseconds} ms; make `page_size` larger"
    return VenueOutcomeUnknown("PAGE_STANDS_STILL", why)


def _last_id(trades: Sequence[Trade]) -> str:
    """The last trade id: ccxt sorts those of one moment as text."""
    return str(max(int(trade["id"]) for trade in trades))


def _before(trades: Sequence[Trade], milliseconds: int) -> Sequence[Trade]:
    return [trade for trade in trades if trade["timestamp"] < milliseconds]


def _settled(place: Place, now: int, listing: Listing) -> Place:
    """Where to look again later, even if that was looked at before: what is older than the overlap does not change."""
    return place.at(max(place.begin, now - span(listing.overlap)))


def milliseconds(time: datetime) -> int:
    """A moment as ccxt counts time: in milliseconds since 1970."""
    return span(time - EPOCH)


def span(time: timedelta) -> int:
    """A span of time in milliseconds."""
    return time // timedelta(milliseconds=1)
