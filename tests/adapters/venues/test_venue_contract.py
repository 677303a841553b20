"""The simulated venue passes the contract of venues, for both kinds of replacement, and with faults."""

from contextlib import contextmanager
from decimal import Decimal

import pytest

from sot.adapters.memory import MemoryStore
from sot.adapters.venues.simulated import Answer, Behaviour, Faults, SimulatedVenue, UnreliableVenue
from sot.ports.venue import Replacement, Venue
from sot.testing.contract import VenueContract


def simulated(**how):
    return SimulatedVenue(prices={"BTC/USDT": Decimal(100)}, parts=3, page_size=2, **how)


class Contract(VenueContract):
    def new_store(self):
        return MemoryStore()


class TestSimulatedVenue(Contract):
    @pytest.fixture(params=list(Replacement))
    def venue(self, request):
        return simulated(replaces=request.param)

    @contextmanager
    def _meets(self, venue, behaviour):
        venue._chances = None
        venue._behaviour = lambda name: behaviour
        yield
        del venue._behaviour

    def lose_answers(self, venue):
        return self._meets(venue, Behaviour(answer=Answer.UNKNOWN, accepted=True))

    def lose_requests(self, venue):
        return self._meets(venue, Behaviour(answer=Answer.UNKNOWN, accepted=False))


class TestUnreliableVenue(Contract):
    @pytest.fixture
    def venue(self):
        return UnreliableVenue(simulated(), Faults())

    @contextmanager
    def _meets(self, venue, **chances):
        venue._faults = Faults(**chances)
        yield
        venue._faults = Faults()

    def lose_answers(self, venue):
        return self._meets(venue, unanswered=1)

    def lose_requests(self, venue):
        return self._meets(venue, lost=1)

    def disconnect(self, venue):
        return self._meets(venue, not_reached=1, failed=1)


class TestLeastVenue(Contract):
    """A venue that only accepts orders."""

    @pytest.fixture
    def venue(self):
        inner = simulated()

        class Least(Venue):
            name = inner.name

            def submit(self, request):
                return inner.submit(request)

        return Least()
