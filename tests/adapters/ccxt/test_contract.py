"""The ccxt venue passes the contract of venues, at a test exchange, through ccxt's real client."""

from contextlib import contextmanager
from decimal import Decimal

import pytest
from tests.adapters.ccxt.conftest import impatient

from sot.adapters.memory import MemoryStore
from sot.testing.contract import VenueContract


class TestCcxtVenue(VenueContract):
    SYMBOL, RESTING_PRICE, FILLING_PRICE = "BTC/USDT", Decimal(40_000), Decimal(60_000)

    @pytest.fixture(autouse=True)
    def _at_the_exchange(self, server):
        self.server = server

    def new_store(self):
        return MemoryStore()

    @contextmanager
    def _meets(self, venue, add_fault):
        self.server.add_fault("POST", "order", add_fault)
        with impatient(venue):
            yield

    def lose_answers(self, venue):
        return self._meets(venue, "hang")

    def lose_requests(self, venue):
        return self._meets(venue, "lost")

    @contextmanager
    def disconnect(self, venue):
        self.server.stop()
        yield
        self.server.start()
