"""A venue that exists only in this process, for tests, demonstrations and paper trading."""

from sot.adapters.venues.simulated.behaviour import Answer, Behaviour, Chances
from sot.adapters.venues.simulated.fees import FeeSchedule
from sot.adapters.venues.simulated.venue import SimulatedVenue, VenueOrder

__all__ = ["Answer", "Behaviour", "Chances", "FeeSchedule", "SimulatedVenue", "VenueOrder"]
