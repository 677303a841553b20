"""An exchange on this machine, and a venue that speaks to it with ccxt's real client for Binance."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from tests.adapters.ccxt.binance_server import API_KEY, SECRET, BinanceServer

from sot.adapters.ccxt import CcxtVenue

TIMEOUT = timedelta(seconds=20)  # so long that only what is meant to time out does, however slow the machine


@contextmanager
def impatient(venue: CcxtVenue, milliseconds: int = 250) -> Iterator[None]:
    """Inside, the venue soon gives up waiting for answers: for calls that are meant to get none."""
    exchange = venue._connection.exchange
    before, exchange.timeout = exchange.timeout, milliseconds
    try:
        yield
    finally:
        exchange.timeout = before


def local_exchange(url: str):
    """ccxt's own Binance client, turned to a local address."""
    import ccxt

    exchange = ccxt.binance(
        {
            "apiKey": API_KEY,
            "secret": SECRET,
            "timeout": TIMEOUT // timedelta(milliseconds=1),
            "rateLimit": 0.1,
            "options": {
                "fetchCurrencies": False,
                "fetchMargins": False,
                "fetchMarkets": {"types": ["spot"]},
                "warnOnFetchOpenOrdersWithoutSymbol": False,
            },
        }
    )
    exchange.number = str
    exchange.has["fetchCurrencies"] = False
    exchange.urls["api"] = {**exchange.urls["api"], "public": f"{url}/api/v3", "private": f"{url}/api/v3"}
    return exchange


@pytest.fixture
def server() -> Iterator[BinanceServer]:
    """The exchange; with `mishap` and its other switches it fails as real ones do."""
    exchange = BinanceServer()
    exchange.start()
    yield exchange
    exchange.stop()


@pytest.fixture
def make_venue(server) -> Iterator[Callable[..., CcxtVenue]]:
    """Makes venues that speak to the exchange: each is as new as after a restart of ours."""
    made = []

    def make(**named) -> CcxtVenue:
        exchange = local_exchange(server.url)
        made.append(exchange)
        return CcxtVenue(exchange, **named)

    yield make
    for exchange in made:
        exchange.close()


@pytest.fixture
def venue(make_venue) -> CcxtVenue:
    """A venue with its markets loaded, so that tests count what they ask for alone."""
    made = make_venue()
    made._connection.load_markets()
    return made
