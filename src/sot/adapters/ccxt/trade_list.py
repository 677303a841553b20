"""Trades of an account, page by page, over several symbols."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import attrs

from sot.adapters.ccxt import markets
from sot.adapters.ccxt.commands import check_symbol
from sot.adapters.ccxt.connection import Connection
from sot.adapters.ccxt.exchange_facts import ExchangeFacts
from sot.adapters.ccxt.paging import Cursor, PageStart, PagingRules, next_page, to_milliseconds
from sot.domain.values.errors import VenueNotReached, VenueRefused
from sot.ports.venue import UNSUPPORTED

_DEFAULT_REACH = timedelta(days=7)
_METHOD = "fetchMyTrades"
_ALL = ""  # the symbol of a cursor where all symbols are listed at once


@attrs.frozen
class TradeList:
    """A page of trades.

    Attributes:
        trades: The records.
        cursor: Where the next page begins.
        more: Whether there is a next page now.
        since: The time from which trades are complete; None if that is the requested time.
    """

    trades: Sequence[Mapping[str, Any]]
    cursor: str | None
    more: bool
    since: datetime | None


def paging_rules(
    exchange: Any, facts: ExchangeFacts, page_size: int | None, overlap: timedelta, symbol: str | None = None
) -> PagingRules | None:
    """How an exchange lists trades (of a symbol); None if too little is known to list all of them."""
    size = page_size or markets.limit_of(exchange, _METHOD, "limit", symbol)
    window = markets.limit_of(exchange, _METHOD, "untilDays", symbol)
    if size is None or not (facts.oldest_first or window is not None) or not markets.has(exchange, _METHOD):
        return None
    return PagingRules(
        page_size=size,
        window=markets.days(window),
        oldest_first=facts.oldest_first,
        from_id=facts.from_id,
        overlap=overlap,
    )


def list_trades(
    connection: Connection,
    symbols: frozenset[str] | None,
    since: datetime | None,
    cursor: str | None,
    asked_at: datetime,
    rules_of: Callable[[str | None], PagingRules | None],
) -> TradeList:
    """List the next page of trades.

    Args:
        connection: The connection to the exchange.
        symbols: The symbols; None means all symbols at once.
        since: Where a list without a cursor begins.
        cursor: The cursor of the last page.
        asked_at: The time of the query.
        rules_of: Gives the paging rules for a symbol.

    Raises:
        InvalidInput: The cursor is not from this venue.
        VenueError: The trades cannot be listed, or the exchange did not answer.
    """
    state = Cursor({}, []) if cursor is None else Cursor.read(cursor)
    exchange = connection.exchange
    if symbols is None and markets.needs_symbol(exchange, _METHOD):
        raise VenueNotReached("SYMBOLS_NEEDED", f"{exchange.id} lists trades by symbol; name them")
    requested = [_ALL] if symbols is None else sorted(symbols)
    if not requested:
        return TradeList((), cursor, more=False, since=None)
    for symbol in symbols or ():
        check_symbol(exchange, symbol)
    begin = asked_at - _DEFAULT_REACH if since is None else since
    state = _continue(state, requested, PageStart.at_time(to_milliseconds(begin)))
    symbol = state.pending[0]
    rules = rules_of(symbol or None)
    if rules is None:
        raise VenueRefused(UNSUPPORTED, f"how {exchange.id} lists trades is not known; give the venue a page_size")
    earliest = _earliest(exchange, symbol or None, asked_at)
    is_cut_off = earliest is not None and state.starts[symbol].milliseconds < to_milliseconds(earliest)
    if earliest is not None and is_cut_off:
        state.starts[symbol] = PageStart.at_time(to_milliseconds(earliest))
    page = connection.call(
        lambda called: next_page(called, symbol or None, state.starts[symbol], to_milliseconds(asked_at), rules)
    )
    state.starts[symbol] = page.next_start
    state.pending = state.pending if page.more else state.pending[1:]
    complete_from = earliest if is_cut_off else begin if since is None and cursor is None else None
    return TradeList(page.trades, state.text(), bool(state.pending), complete_from)


def _continue(state: Cursor, requested: Sequence[str], begin: PageStart) -> Cursor:
    """The cursor for the requested symbols: new symbols begin, the others continue."""
    starts = {symbol: state.starts.get(symbol, begin) for symbol in requested}
    pending = [symbol for symbol in requested if symbol in state.pending or symbol not in state.starts]
    return Cursor(starts, pending or list(requested))


def _earliest(exchange: Any, symbol: str | None, asked_at: datetime) -> datetime | None:
    """The earliest time that the exchange lists trades from; None if there is no limit."""
    reach = markets.days(markets.limit_of(exchange, _METHOD, "daysBack", symbol))
    return None if reach is None else asked_at - reach
