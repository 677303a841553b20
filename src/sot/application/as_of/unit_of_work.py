"""A unit of work as it was at a moment: whoever reads in it reads the past, by the same rules as the present.

What is not here cannot be asked of the past: an attribute that is missing is better than one that tells of now.
"""

from datetime import datetime
from typing import cast

import attrs

from sot.application.as_of.executions import PastCosts, PastFills, PastPnlSnapshots
from sot.application.as_of.instruments import with_known_instruments
from sot.application.as_of.orders import PastEvents, PastIdentifiers, PastOrders
from sot.application.as_of.point_in_time import Moment
from sot.application.as_of.positions import PastAccountEvents, PastPositions
from sot.application.as_of.records import PastCheckpoints, PastReconciliations, PastReports
from sot.application.as_of.requests import PastRequests
from sot.ports.store import UnitOfWork


def unit_of_work_as_of(moment: Moment) -> UnitOfWork:
    """What there was to read at a moment. To be made for each question: it remembers what it looked up."""
    return cast("UnitOfWork", _PastUnitOfWork(attrs.evolve(moment)))


class _PastUnitOfWork:
    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        then = cast("UnitOfWork", self)
        self.clock = self
        self.orders = PastOrders(moment)
        self.account_events = PastAccountEvents(moment)
        self.instruments = with_known_instruments(moment.uow, moment.known).instruments
        self.requests = PastRequests(moment, self.orders)
        self.identifiers = PastIdentifiers(moment, self.orders)
        self.events = PastEvents(moment, self.orders)
        self.states = moment.uow.states  # the state after an event is the same at any moment
        self.fills = PastFills(moment, then)
        self.costs = PastCosts(then)
        self.pnl = PastPnlSnapshots(moment, then)
        self.positions = PastPositions(moment, then, self.account_events)
        self.reports = PastReports(moment, then)
        self.reconciliations = PastReconciliations(moment)
        self.checkpoints = PastCheckpoints(moment)

    def now(self) -> datetime:
        """The time that it is there."""
        return self._moment.now
