"""A store, a venue and their clock, for scenarios of both."""

from datetime import timedelta
from decimal import Decimal as D

from sot import Executor, OrderRequest, RecoveryLimits
from sot.adapters.memory import MemoryStore
from sot.adapters.venues.simulated import Answer, Behaviour, SimulatedVenue
from sot.application.reconciliation.reconciler import reconcile
from sot.application.reconciliation.venue_snapshot import ReconciliationLimits
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, new_order_request, spot_instrument
from sot.testing.contract.transactions import read_history, write_history
from sot.testing.fakes import CountedIds, ManualClock

LOST = Behaviour(answer=Answer.UNKNOWN, accepted=False)
UNANSWERED = Behaviour(answer=Answer.UNKNOWN, accepted=True)
MINUTE = timedelta(minutes=1)


class House:
    """A store, a venue and their clock."""

    def __init__(self, store=None, **how):
        self.store = store or MemoryStore(clock=ManualClock(), ids=CountedIds())
        self.clock = self.store.clock
        self.venue = SimulatedVenue(VENUE, prices={SYMBOL: D(100)}, clock=self.clock, **how)
        write_history(self.store, lambda h: h.register(spot_instrument()))

    @property
    def executor(self):
        return Executor(self.store, self.venue)

    def send(self, name, behaviour=None, **terms):
        if behaviour:
            self.venue.behave(name, behaviour)
        request = write_history(self.store, lambda h: h.submit(new_order_request(name, **terms)))
        return self.executor.execute(request.request_id)

    def amend(self, name, target, behaviour=None, **terms):
        if behaviour:
            self.venue.behave(name, behaviour)
        said = {"account_id": target.account_id, "client_order_id": name, "target_order_id": target.order_id, **terms}
        request = write_history(self.store, lambda h: h.submit(OrderRequest(**said)))
        return self.executor.execute(request.request_id)

    def recover(self, after=MINUTE, **limits):
        self.clock.move(after)
        return self.executor.recover(limits=RecoveryLimits(**limits), sleep=lambda seconds: None)

    def order(self, order):
        return read_history(self.store, lambda h: h.order(order.order_id))

    def types(self, order):
        return [str(event.type) for event in read_history(self.store, lambda h: h.events(order.order_id))]

    def reconcile(self, after=MINUTE, venue=None, **how):
        self.clock.move(after)
        limits = {name: how.pop(name) for name in ("queries", "pages", "since", "grace") if name in how}
        made = ReconciliationLimits(**limits)
        venue = venue or self.venue
        return reconcile(self.store, venue, ACCOUNT, limits=made, sleep=lambda seconds: None, **how)
