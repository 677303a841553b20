"""A unit of work at a point in time, so that the queries for the present answer for the past.

A repository that the past does not have is missing here: an error is better than an answer for the present.
"""

from datetime import datetime
from typing import cast

import attrs

from sot.application.as_of.executions import PastCosts, PastFills, PastPnlSnapshots
from sot.application.as_of.instruments import with_known_instruments
from sot.application.as_of.orders import PastEvents, PastIdentifiers, PastOrders
from sot.application.as_of.point_in_time import PointInTime
from sot.application.as_of.positions import PastAccountEvents, PastPositions
from sot.application.as_of.records import PastCheckpoints, PastReconciliations, PastReports
from sot.application.as_of.requests import PastRequests
from sot.ports.store import UnitOfWork


def unit_of_work_as_of(point: PointInTime) -> UnitOfWork:
    """Make a unit of work for reading at a point in time. It caches what it reads, so make one for each query."""
    return cast("UnitOfWork", _PastUnitOfWork(attrs.evolve(point)))


class _PastUnitOfWork:
    def __init__(self, point: PointInTime) -> None:
        self._point = point
        past = cast("UnitOfWork", self)
        self.clock = self
        self.orders = PastOrders(point)
        self.account_events = PastAccountEvents(point)
        self.instruments = with_known_instruments(point.uow, point.known).instruments
        self.requests = PastRequests(point, self.orders)
        self.identifiers = PastIdentifiers(point, self.orders)
        self.events = PastEvents(point, self.orders)
        self.states = point.uow.states  # the state after an event is the same at any time
        self.fills = PastFills(point, past)
        self.costs = PastCosts(past)
        self.pnl = PastPnlSnapshots(point, past)
        self.positions = PastPositions(point, past, self.account_events)
        self.reports = PastReports(point, past)
        self.reconciliations = PastReconciliations(point)
        self.checkpoints = PastCheckpoints(point)

    def now(self) -> datetime:
        """The current time at that point."""
        return self._point.now
