"""Executions of an account, page by page, over all symbols that are asked for."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import attrs

from sot.adapters.ccxt import markets
from sot.adapters.ccxt.connection import Connection
from sot.adapters.ccxt.known import Known
from sot.adapters.ccxt.paging import Cursor, Listing, Place, milliseconds, next_page
from sot.adapters.ccxt.sending import check_symbol
from sot.domain.values.errors import VenueNotReached, VenueRefused
from sot.ports.venue import UNSUPPORTED

_REACHES_BACK = timedelta(days=7)
_METHOD = "fetchMyTrades"
_ALL = ""  # the symbol under which a cursor keeps its place where all are asked for at once


@attrs.frozen
class Listed:
    """Trades, the cursor that goes on, whether more are there, and from when on they are complete if not as asked."""

    trades: Sequence[Mapping[str, Any]]
    cursor: str | None
    more: bool
    since: datetime | None


def listing(
    exchange: Any, facts: Known, page_size: int | None, overlap: timedelta, symbol: str | None = None
) -> Listing | None:
    """How the exchange lists trades (of a symbol); None where that is not known well enough to leave none out."""
    page = page_size or markets.limit_of(exchange, _METHOD, "limit", symbol)
    stretch = markets.limit_of(exchange, _METHOD, "untilDays", symbol)
    if page is None or not (facts.oldest_first or stretch is not None) or not markets.has(exchange, _METHOD):
        return None
    return Listing(
        page=page,
        stretch=markets.days(stretch),
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
    how: Callable[[str | None], Listing | None],
) -> Listed:
    """The next page of trades.

    Raises: InvalidInput: not a cursor of ours. VenueError.
    """
    place = Cursor({}, []) if cursor is None else Cursor.read(cursor)
    exchange = connection.exchange
    if symbols is None and markets.needs_symbol(exchange, _METHOD):
        raise VenueNotReached("SYMBOLS_NEEDED", f"{exchange.id} lists trades by symbol; name them")
    wanted = [_ALL] if symbols is None else sorted(symbols)
    if not wanted:
        return Listed((), cursor, more=False, since=None)
    for symbol in symbols or ():
        check_symbol(exchange, symbol)
    begin = asked_at - _REACHES_BACK if since is None else since
    place = _continued(place, wanted, Place.from_moment(milliseconds(begin)))
    symbol = place.todo[0]
    lists = how(symbol or None)
    if lists is None:
        raise VenueRefused(UNSUPPORTED, f"how {exchange.id} lists trades is not known; give the venue a page_size")
    reaches = _reaches_back_to(exchange, symbol or None, asked_at)
    cut_off = reaches is not None and place.at[symbol].milliseconds < milliseconds(reaches)
    if reaches is not None and cut_off:
        place.at[symbol] = Place.from_moment(milliseconds(reaches))
    page = connection.call(
        lambda asked: next_page(asked, symbol or None, place.at[symbol], milliseconds(asked_at), lists)
    )
    place.at[symbol] = page.place
    place.todo = place.todo if page.more else place.todo[1:]
    complete_from = reaches if cut_off else begin if since is None and cursor is None else None
    return Listed(page.trades, place.text(), bool(place.todo), complete_from)


def _continued(place: Cursor, wanted: Sequence[str], begin: Place) -> Cursor:
    """The places of the symbols that are wanted now: those that are new begin, and the others go on."""
    at = {symbol: place.at.get(symbol, begin) for symbol in wanted}
    todo = [symbol for symbol in wanted if symbol in place.todo or symbol not in place.at]
    return Cursor(at, todo or list(wanted))


def _reaches_back_to(exchange: Any, symbol: str | None, asked_at: datetime) -> datetime | None:
    back = markets.days(markets.limit_of(exchange, _METHOD, "daysBack", symbol))
    return None if back is None else asked_at - back
