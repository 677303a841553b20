"""A test exchange, and a venue that uses it by ccxt's real client for Binance."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from tests.adapters.ccxt.binance_server import API_KEY, SECRET, BinanceServer

from sot.adapters.ccxt import CcxtVenue

TIMEOUT = timedelta(seconds=20)  # long enough for a slow machine, so that only intended time-outs happen


@contextmanager
def impatient(venue: CcxtVenue, milliseconds: int = 250) -> Iterator[None]:
    """A context with a short time-out, for calls without an answer."""
    exchange = venue._connection.exchange
    before, exchange.timeout = exchange.timeout, milliseconds
    try:
        yield
    finally:
        exchange.timeout = before


def local_exchange(url: str):
    """The Binance client of ccxt, with a local address."""
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
    """The exchange; its faults are those of real ones."""
    exchange = BinanceServer()
    exchange.start()
    yield exchange
    exchange.stop()


@pytest.fixture
def make_venue(server) -> Iterator[Callable[..., CcxtVenue]]:
    """Make venues for the exchange; each is new, as after a restart."""
    created = []

    def make(**named) -> CcxtVenue:
        exchange = local_exchange(server.url)
        created.append(exchange)
        return CcxtVenue(exchange, **named)

    yield make
    for exchange in created:
        exchange.close()


@pytest.fixture
def venue(make_venue) -> CcxtVenue:
    """A venue with its markets loaded, so that tests count only their own requests."""
    created = make_venue()
    created._connection.load_markets()
    return created
