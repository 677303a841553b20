"""A venue inside of this process, for tests, demonstrations and paper trading.

`SimulatedVenue` fills orders at given prices, and fails on demand (`Behaviour`) or by chance (`Chances`).
`UnreliableVenue` wraps any venue and injects faults on the way to it (`Faults`). The same seed gives the same results.
"""

from sot.adapters.venues.simulated.behaviour import Answer, Behaviour, Chances
from sot.adapters.venues.simulated.books import VenueOrder
from sot.adapters.venues.simulated.fees import FeeSchedule
from sot.adapters.venues.simulated.unreliable import Faults, UnreliableVenue
from sot.adapters.venues.simulated.venue import SimulatedVenue

__all__ = [
    "Answer",
    "Behaviour",
    "Chances",
    "Faults",
    "FeeSchedule",
    "SimulatedVenue",
    "UnreliableVenue",
    "VenueOrder",
]
