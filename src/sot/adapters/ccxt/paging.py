"""Pages of an account's trades that leave none out, do not loop, and always advance.

Exchanges list trades by time, and several trades have the same time. A page that begins after the last trade skips
those of the same millisecond; one that begins at it may never advance. Therefore:

| case | the next page |
| --- | --- |
| a full page, oldest trades first | the last millisecond is removed from the page, and the next page begins with it |
| one millisecond fills a page | begins after the last trade id, at exchanges that list by trade id |
| a full page that may begin with the newest trades | the time window is halved until a page is not full |

A cursor is JSON: `{"ccxt": 1, "at": {symbol: [milliseconds, trade id or null, beginning]}, "todo": [symbols]}`; the
symbol is "" where all are listed at once. `at` has where each symbol continues, and before which time it never looks;
`todo` has the symbols that are not finished yet.
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
_MAX_CALLS = 10
"""Requests for one page at most: empty time windows are skipped."""


@attrs.frozen
class PageStart:
    """Where a page begins.

    Attributes:
        milliseconds: The time, or the time of the trade id.
        trade_id: The trade id to begin after; None begins at the time.
        begin: The beginning of the list, in milliseconds; earlier trades were never requested.
    """

    milliseconds: int
    trade_id: str | None
    begin: int

    @classmethod
    def at_time(cls, milliseconds: int) -> "PageStart":
        """The start of a list."""
        return cls(milliseconds, None, milliseconds)

    def moved(self, milliseconds: int, trade_id: str | None = None) -> "PageStart":
        """Another start in the same list."""
        return PageStart(milliseconds, trade_id, self.begin)


@attrs.frozen(kw_only=True)
class PagingRules:
    """How an exchange lists trades.

    Attributes:
        page_size: How many trades a page has.
        window: The longest time range of a page; None means any.
        oldest_first: As in `ExchangeFacts`.
        from_id: As in `ExchangeFacts`.
        overlap: How late a trade may appear in the list, after later trades.
    """

    page_size: int
    window: timedelta | None = None
    oldest_first: bool = False
    from_id: str | None = None
    overlap: timedelta = timedelta(0)


@attrs.frozen
class Page:
    """Trades, where the next page begins, and whether there is one now."""

    trades: Sequence[Trade]
    next_start: PageStart
    more: bool


@attrs.define
class Cursor:
    """Where each symbol continues, and the symbols that are not finished yet."""

    starts: dict[str, PageStart]
    pending: list[str]

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """Read a cursor.

        Raises:
            InvalidInput: The text is no cursor of this venue.
        """
        try:
            fields = json.loads(text)
            starts = {str(symbol): _page_start(*start) for symbol, start in fields["at"].items()}
            pending = [symbol for symbol in fields["todo"] if symbol in starts]
            if fields["ccxt"] != _VERSION or len(pending) != len(fields["todo"]):
                raise ValueError("another version")
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise InvalidInput("cursor", text, "the cursor of an earlier page of this venue, or None") from None
        return cls(starts, pending)

    def text(self) -> str:
        """The cursor as text."""
        starts = {
            symbol: [start.milliseconds, start.trade_id, start.begin] for symbol, start in sorted(self.starts.items())
        }
        return json.dumps({"ccxt": _VERSION, "at": starts, "todo": self.pending}, separators=(",", ":"))


def _page_start(milliseconds: object, trade_id: object, begin: object) -> PageStart:
    if type(milliseconds) is not int or type(begin) is not int or not (trade_id is None or isinstance(trade_id, str)):
        raise ValueError("not the start of a page")
    return PageStart(milliseconds, trade_id, begin)


def next_page(exchange: Any, symbol: str | None, start: PageStart, now: int, rules: PagingRules) -> Page:
    """Fetch the page from a start; `now` is in milliseconds. Errors of ccxt pass through.

    Raises:
        VenueOutcomeUnknown: One millisecond has more trades than a page, and the exchange does not list by trade id.
    """
    for _ in range(_MAX_CALLS):
        if start.trade_id is not None:
            return _page_by_id(exchange, symbol, start, now, rules)
        page = _page_by_time(exchange, symbol, start, now, rules)
        if page.trades or not page.more:
            return page
        start = page.next_start
    return page


def _page_by_id(exchange: Any, symbol: str | None, start: PageStart, now: int, rules: PagingRules) -> Page:
    trades = exchange.fetch_my_trades(symbol, None, rules.page_size, {rules.from_id: start.trade_id})
    if len(trades) < rules.page_size:
        return Page(trades, _last_start(start, now, rules), more=False)
    last = trades[-1]
    if last["timestamp"] == start.milliseconds:
        return Page(trades, start.moved(start.milliseconds, _last_id(trades)), more=True)
    return Page(_before(trades, last["timestamp"]), start.moved(last["timestamp"]), more=True)


def _page_by_time(exchange: Any, symbol: str | None, start: PageStart, now: int, rules: PagingRules) -> Page:
    since = start.milliseconds
    until = None if rules.window is None else since + duration_milliseconds(rules.window)
    if until is not None and until >= now:
        until = None
    trades = _fetch(exchange, symbol, since, until, rules)
    if len(trades) >= rules.page_size:
        if rules.oldest_first:
            return _full_page(trades, start, rules)
        trades, until = _halve_window(exchange, symbol, since, now if until is None else until, rules)
    if until is not None:
        return Page(trades, start.moved(until), more=True)
    return Page(trades, _last_start(start, now, rules), more=False)


def _fetch(exchange: Any, symbol: str | None, since: int, until: int | None, rules: PagingRules) -> Sequence[Trade]:
    trades: Sequence[Trade] = exchange.fetch_my_trades(
        symbol, since, rules.page_size, {} if until is None else {"until": until}
    )
    return trades


def _full_page(trades: Sequence[Trade], start: PageStart, rules: PagingRules) -> Page:
    first, last = trades[0]["timestamp"], trades[-1]["timestamp"]
    if first != last:
        return Page(_before(trades, last), start.moved(last), more=True)
    if rules.from_id is None:
        raise _too_many_trades(first, rules)
    return Page(trades, start.moved(last, _last_id(trades)), more=True)


def _halve_window(
    exchange: Any, symbol: str | None, since: int, until: int, rules: PagingRules
) -> tuple[Sequence[Trade], int]:
    """The trades of a window that fits on one page, and the end of the window."""
    while until > since:
        until = since + (until - since) // 2
        trades = _fetch(exchange, symbol, since, until, rules)
        if len(trades) < rules.page_size:
            return trades, max(until, since + 1)
    raise _too_many_trades(since, rules)


def _too_many_trades(milliseconds: int, rules: PagingRules) -> VenueOutcomeUnknown:
    why = f"a page of {rules.page_size} trades at the one moment {milliseconds} ms; make `page_size` larger"
    return VenueOutcomeUnknown("PAGE_STANDS_STILL", why)


def _last_id(trades: Sequence[Trade]) -> str:
    """The largest trade id as a number: ccxt sorts ids of the same time as text."""
    return str(max(int(trade["id"]) for trade in trades))


def _before(trades: Sequence[Trade], milliseconds: int) -> Sequence[Trade]:
    return [trade for trade in trades if trade["timestamp"] < milliseconds]


def _last_start(start: PageStart, now: int, rules: PagingRules) -> PageStart:
    """The start of a later list: only what is older than the overlap is final."""
    return start.moved(max(start.begin, now - duration_milliseconds(rules.overlap)))


def to_milliseconds(time: datetime) -> int:
    """A time in milliseconds since 1970, as ccxt counts it."""
    return duration_milliseconds(time - EPOCH)


def duration_milliseconds(duration: timedelta) -> int:
    """A duration in milliseconds."""
    return duration // timedelta(milliseconds=1)
