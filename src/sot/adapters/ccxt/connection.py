"""Calls of an exchange through ccxt: exact, one at a time, and with the knowledge whether anything was sent."""

import json
from collections.abc import Callable, Sequence
from decimal import localcontext
from inspect import iscoroutinefunction
from threading import Lock
from typing import Any, TypeVar

from sot.adapters.ccxt.errors import venue_error
from sot.domain.values.documents import check_json_bounds
from sot.domain.values.errors import InvalidInput, MissingExtra, VenueError, VenueNotReached

T = TypeVar("T")

_CREDENTIALS = ("apiKey", "secret", "password", "token", "privateKey", "walletAddress", "twofa", "uid", "login")
_SHORTEST_SECRET = 4  # removing anything shorter would remove ordinary letters from messages
_TEXT_NUMBERS = "an exchange whose numbers are text: set `exchange.number = str` before its markets are loaded"


def read_exactly(body: str) -> Any:
    """Read JSON with fractions as text, which ccxt would read as floats.

    Raises:
        ValueError: It is not JSON, or larger or deeper than is read.
    """
    check_json_bounds(body)
    return json.loads(body, parse_float=str)


def make_exchange(exchange_id: str, settings: dict[str, Any], sandbox: bool) -> Any:
    """Create an exchange object of ccxt, with numbers as text.

    Raises:
        InvalidInput: ccxt has no exchange of that id, or it has no sandbox.
        MissingExtra: The extra `ccxt` is not installed.
    """
    try:
        import ccxt
    except ModuleNotFoundError as error:
        raise MissingExtra("ccxt", "a venue by ccxt") from error
    if exchange_id not in ccxt.exchanges:
        raise InvalidInput("exchange_id", exchange_id, "one of ccxt.exchanges, such as binance")
    exchange = getattr(ccxt, exchange_id)(settings)
    exchange.number = str
    if sandbox:
        if not exchange.urls.get("test"):
            raise InvalidInput("sandbox", True, f"False: {exchange_id} has none")
        exchange.set_sandbox_mode(True)
    return exchange


class Connection:
    """An exchange object of ccxt, changed so that numbers stay exact and orders are sent once.

    ccxt's objects are not thread-safe: calls wait for each other.

    Args:
        exchange: The exchange object.
        patience: How many seconds a call waits for another one before it fails, with nothing sent.

    Raises:
        InvalidInput: The exchange is asynchronous, or reads numbers as floats.
    """

    def __init__(self, exchange: Any, patience: float) -> None:
        _check_exchange(exchange)
        self.exchange = exchange
        self._patience = patience
        self._lock = Lock()
        self._requests, self._answered = 0, False
        self._fetch: Callable[..., Any] = exchange.fetch
        exchange.on_json_response = read_exactly
        exchange.fetch = self._counted_fetch
        exchange.options["maxRetriesOnFailure"] = 0  # a repeated request would place the order twice

    def call(self, function: Callable[[Any], T]) -> T:
        """Call a function with the exchange, and return its result.

        Raises:
            VenueError: The call failed; the class says what is known about it.
        """
        failure: VenueError
        if not self._lock.acquire(timeout=self._patience):
            raise VenueNotReached("BUSY", f"another call to {self.exchange.id} has not returned yet; nothing was sent")
        try:
            self._requests, self._answered = 0, False
            with localcontext():  # ccxt changes the rounding of the thread's context
                return function(self.exchange)
        except VenueError:
            raise
        except Exception as error:
            failure = venue_error(error, self._requests, self._answered, self._secrets())
        finally:
            self._lock.release()
        raise failure  # outside of the handler: the original error may have a signed address

    def load_markets(self) -> None:
        """Load the exchange's markets, once.

        Raises:
            VenueNotReached: They could not be loaded, and nothing else was sent.
        """
        if self.exchange.markets:
            return
        try:
            self.call(lambda exchange: exchange.load_markets())
        except VenueNotReached:
            raise
        except VenueError as error:
            raise VenueNotReached("MARKETS_NOT_LOADED", str(error)) from None

    def _counted_fetch(self, *arguments: Any, **keywords: Any) -> Any:
        self._requests += 1
        self._answered = False
        response = self._fetch(*arguments, **keywords)
        self._answered = True
        return response

    def _secrets(self) -> Sequence[str]:
        values = (getattr(self.exchange, name, None) for name in _CREDENTIALS)
        return [value for value in values if isinstance(value, str) and len(value) >= _SHORTEST_SECRET]


def _check_exchange(exchange: Any) -> None:
    if iscoroutinefunction(exchange.fetch):
        raise InvalidInput("exchange", type(exchange), "a synchronous exchange, such as ccxt.binance()")
    if exchange.number is not str:
        raise InvalidInput("exchange.number", exchange.number, _TEXT_NUMBERS)
    for symbol, market in (exchange.markets or {}).items():
        if any(isinstance(value, float) for value in market.get("precision", {}).values()):
            raise InvalidInput("exchange.markets", symbol, _TEXT_NUMBERS)
