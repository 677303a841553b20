"""Talking to an exchange through ccxt: exactly, one call at a time, and knowing whether anything was sent."""

import json
from collections.abc import Callable, Sequence
from decimal import localcontext
from inspect import iscoroutinefunction
from threading import Lock
from typing import Any, TypeVar

from sot.adapters.ccxt.outcomes import outcome
from sot.domain.values.errors import InvalidInput, MissingExtra, VenueError, VenueNotReached

T = TypeVar("T")

_CREDENTIALS = ("apiKey", "secret", "password", "token", "privateKey", "walletAddress", "twofa", "uid", "login")
_SHORTEST_SECRET = 4  # anything shorter would take harmless letters out of messages
_EXACT = "an exchange whose numbers are text: set `exchange.number = str` before its markets are loaded"


def read_exactly(body: str) -> Any:
    """JSON as ccxt wants it, but with fractions as their digits. By default it reads them as floats."""
    return json.loads(body, parse_float=str)


def make_exchange(exchange_id: str, settings: dict[str, Any], sandbox: bool) -> Any:
    """An exchange of ccxt's, its numbers as text.

    Raises: InvalidInput: ccxt has no exchange of that id, or it has no sandbox. MissingExtra.
    """
    try:
        import ccxt  # type: ignore[import-untyped]
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
    """One exchange object of ccxt, prepared so that numbers stay exact and orders are placed once.

    ccxt's objects are not made for several threads, so calls wait for one another; a call that waits for longer than
    `patience` seconds fails before anything is sent.

    Raises: InvalidInput: an asynchronous exchange, or one that reads numbers as floats.
    """

    def __init__(self, exchange: Any, patience: float) -> None:
        _check(exchange)
        self.exchange = exchange
        self._patience = patience
        self._lock = Lock()
        self._requests, self._answered = 0, False
        self._send: Callable[..., Any] = exchange.fetch
        exchange.on_json_response = read_exactly
        exchange.fetch = self._counted
        exchange.options["maxRetriesOnFailure"] = 0  # a repeated request would place the order twice

    def call(self, ask: Callable[[Any], T]) -> T:
        """What `ask` gets out of the exchange.

        Raises: VenueError: what became of the call, as far as anybody can know.
        """
        failure: VenueError
        if not self._lock.acquire(timeout=self._patience):
            raise VenueNotReached("BUSY", f"another call to {self.exchange.id} has not returned yet; nothing was sent")
        try:
            self._requests, self._answered = 0, False
            with localcontext():  # ccxt changes the rounding of the thread's context
                return ask(self.exchange)
        except VenueError:
            raise
        except Exception as error:
            failure = outcome(error, self._requests, self._answered, self._secrets())
        finally:
            self._lock.release()
        raise failure  # outside the handler: what came before it may show a signed address

    def prepare(self) -> None:
        """Load the exchange's markets, once.

        Raises: VenueNotReached: that failed, so that nothing was sent of what it was for.
        """
        if self.exchange.markets:
            return
        try:
            self.call(lambda exchange: exchange.load_markets())
        except VenueNotReached:
            raise
        except VenueError as error:
            raise VenueNotReached("MARKETS_NOT_LOADED", str(error)) from None

    def _counted(self, *arguments: Any, **named: Any) -> Any:
        self._requests += 1
        self._answered = False
        answer = self._send(*arguments, **named)
        self._answered = True
        return answer

    def _secrets(self) -> Sequence[str]:
        values = (getattr(self.exchange, name, None) for name in _CREDENTIALS)
        return [value for value in values if isinstance(value, str) and len(value) >= _SHORTEST_SECRET]


def _check(exchange: Any) -> None:
    if iscoroutinefunction(exchange.fetch):
        raise InvalidInput("exchange", type(exchange), "a synchronous exchange, such as ccxt.binance()")
    if exchange.number is not str:
        raise InvalidInput("exchange.number", exchange.number, _EXACT)
    for symbol, market in (exchange.markets or {}).items():
        if any(isinstance(value, float) for value in market.get("precision", {}).values()):
            raise InvalidInput("exchange.markets", symbol, _EXACT)
