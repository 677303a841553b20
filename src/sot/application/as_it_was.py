"""A unit of work as it was at a moment: whoever reads in it reads the past, by the same rules as the present.

What is not here cannot be asked of the past: an attribute that is missing is better than one that tells of now.
"""

from datetime import datetime
from typing import cast

import attrs

from sot.application.knowing import knowing
from sot.application.moment import Moment
from sot.application.past_executions import PastCosts, PastFills, PastSnapshots
from sot.application.past_orders import PastEvents, PastIdentifiers, PastOrders
from sot.application.past_positions import PastAccountEvents, PastPositions
from sot.application.past_records import PastReconciliations, PastReports, PastSeals
from sot.application.past_requests import PastRequests
from sot.ports.store import UnitOfWork


def as_it_was(moment: Moment) -> UnitOfWork:
    """What there was to read at a moment. To be made for each question: it remembers what it looked up."""
    return cast("UnitOfWork", _AsItWas(attrs.evolve(moment)))


class _AsItWas:
    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        then = cast("UnitOfWork", self)
        self.clock = self
        self.orders = PastOrders(moment)
        self.account_events = PastAccountEvents(moment)
        self.instruments = knowing(moment.uow, moment.known).instruments
        self.requests = PastRequests(moment, self.orders)
        self.identifiers = PastIdentifiers(moment, self.orders)
        self.events = PastEvents(moment, self.orders)
        self.states = moment.uow.states  # the state after an event is the same at any moment
        self.fills = PastFills(moment, then)
        self.costs = PastCosts(then)
        self.pnl = PastSnapshots(moment, then)
        self.positions = PastPositions(moment, then, self.account_events)
        self.reports = PastReports(moment, then)
        self.reconciliations = PastReconciliations(moment)
        self.seals = PastSeals(moment)

    def now(self) -> datetime:
        """The time that it is there."""
        return self._moment.now
