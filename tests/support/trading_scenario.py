"""A store, a simulated venue and their clock, for tests of execution, recovery and reconciliation."""

from datetime import timedelta
from decimal import Decimal as D

from sot import Executor, OrderRequest
from sot.adapters.memory import MemoryStore
from sot.adapters.venues.simulated import Answer, Behaviour, SimulatedVenue
from sot.application.reconciliation.reconciler import reconcile
from sot.application.reconciliation.venue_snapshot import ReconciliationLimits
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, new_order_request, spot_instrument
from sot.testing.contract.transactions import read_history, write_history
from sot.testing.fakes import CountedIds, ManualClock
from sot.venue import RecoveryLimits

REQUEST_LOST = Behaviour(answer=Answer.UNKNOWN, accepted=False)
ANSWER_LOST = Behaviour(answer=Answer.UNKNOWN, accepted=True)
MINUTE = timedelta(minutes=1)


class TradingScenario:
    """A store, a simulated venue and their clock, with short ways to trade."""

    def __init__(self, store=None, **venue_options):
        self.store = store or MemoryStore(clock=ManualClock(), ids=CountedIds())
        self.clock = self.store.clock
        self.venue = SimulatedVenue(VENUE, prices={SYMBOL: D(100)}, clock=self.clock, **venue_options)
        write_history(self.store, lambda h: h.register(spot_instrument()))

    @property
    def executor(self):
        return Executor(self.store, self.venue)

    def send(self, name, behaviour=None, **terms):
        """Submit and execute a new order; `behaviour` is what the venue does with it."""
        if behaviour:
            self.venue.behave(name, behaviour)
        request = write_history(self.store, lambda h: h.submit(new_order_request(name, **terms)))
        return self.executor.execute(request.request_id)

    def amend(self, name, target, behaviour=None, **terms):
        """Submit and execute a cancel or a replacement."""
        if behaviour:
            self.venue.behave(name, behaviour)
        fields = {"account_id": target.account_id, "client_order_id": name, "target_order_id": target.order_id, **terms}
        request = write_history(self.store, lambda h: h.submit(OrderRequest(**fields)))
        return self.executor.execute(request.request_id)

    def recover(self, after=MINUTE, **limits):
        """Recover, after some time."""
        self.clock.move(after)
        return self.executor.recover(limits=RecoveryLimits(**limits), sleep=lambda seconds: None)

    def order(self, order):
        """Read an order as it is now."""
        return read_history(self.store, lambda h: h.order(order.order_id))

    def types(self, order):
        """The types of an order's events."""
        return [str(event.type) for event in read_history(self.store, lambda h: list(h.events(order.order_id)))]

    def reconcile(self, after=MINUTE, venue=None, **options):
        """Reconcile, after some time."""
        self.clock.move(after)
        limits = {
            name: options.pop(name) for name in ("queries", "pages", "since", "grace", "balances") if name in options
        }
        limits = ReconciliationLimits(**limits)
        venue = venue or self.venue
        return reconcile(self.store, venue, ACCOUNT, limits=limits, sleep=lambda seconds: None, **options)
