"""A venue that exists only in this process, for tests, demonstrations and paper trading."""

from sot.adapters.venues.simulated.behaviour import Answer, Behaviour, Chances
from sot.adapters.venues.simulated.books import VenueOrder
from sot.adapters.venues.simulated.fees import FeeSchedule
from sot.adapters.venues.simulated.unreliable import Misfortunes, UnreliableVenue
from sot.adapters.venues.simulated.venue import SimulatedVenue

__all__ = [
    "Answer",
    "Behaviour",
    "Chances",
    "FeeSchedule",
    "Misfortunes",
    "SimulatedVenue",
    "UnreliableVenue",
    "VenueOrder",
]
