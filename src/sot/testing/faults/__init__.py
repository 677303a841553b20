"""A store, a venue, a clock and ids that fail on purpose, as a seed says.

A `FaultPlan` decides what fails. `FaultyStore` and `FaultyVenue` wrap any store and any venue and ask the plan at each
call; `JumpingClock` and `CollidingIds` are a clock and ids that misbehave. The plan counts in `fired` which fault
occurred where, and keeps them in order in `trace`: the same seed and the same calls give the same trace.

`sot.testing.contract.FaultContract` is the suite that shows that a store survives all of it.
"""

from sot.testing.faults.plan import FaultPlan, StoreFault, VenueFault
from sot.testing.faults.sources import CollidingIds, JumpingClock
from sot.testing.faults.store import FaultyStore, FaultyUnitOfWork
from sot.testing.faults.venue import FaultyVenue

__all__ = [
    "CollidingIds",
    "FaultPlan",
    "FaultyStore",
    "FaultyUnitOfWork",
    "FaultyVenue",
    "JumpingClock",
    "StoreFault",
    "VenueFault",
]
