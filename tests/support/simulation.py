"""Seeded simulations of an application, an unreliable network and an exchange; the process may be killed."""

import random
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal as D

import attrs

from sot import (
    CommitUnknown,
    ConcurrentUpdate,
    Executor,
    IllegalTransition,
    Instrument,
    OrderHistory,
    OrderRequest,
    OrderStatus,
)
from sot.adapters.memory import MemoryStore
from sot.adapters.venues.simulated import Faults, SimulatedVenue, UnreliableVenue
from sot.application.reconciliation.reconciler import reconcile
from sot.application.reconciliation.venue_snapshot import ReconciliationLimits
from sot.audit import verify
from sot.ports.orders import OrderFilter
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.venue import Replacement
from sot.testing.fakes import CountedIds, ManualClock
from sot.venue import RecoveryLimits
from tests.support.process_crashes import CrashingStore, CrashingVenue, CrashSchedule, ProcessKilled

ACCOUNT, VENUE, SYMBOL = "main", "X", "BTC/USDT"
CLOSED = (OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.EXPIRED, OrderStatus.REJECTED)


class TickingClock(ManualClock):
    """Moves by a microsecond whenever it is read, so that no two times are equal."""

    def now(self):
        self.time += timedelta(microseconds=1)
        return self.time


class CountingExchange(SimulatedVenue):
    """A simulated venue that counts what arrives, to prove that nothing was sent twice."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.arrived = Counter()

    def submit(self, request):
        self.arrived[request.request_id] += 1
        return super().submit(request)

    def cancel(self, request, target):
        self.arrived[request.request_id] += 1
        return super().cancel(request, target)

    def replace(self, request, target):
        self.arrived[request.request_id] += 1
        return super().replace(request, target)


class Simulation:
    """One seeded simulation.

    `run` takes its steps, `settle` lets everything come to rest, `check` compares the history with the exchange.
    """

    def __init__(self, seed, open_store=MemoryStore, steps=25):
        self.random = random.Random(seed)
        self.steps = steps
        self.clock = TickingClock()
        self.durable_store = open_store(clock=self.clock, ids=CountedIds())
        self.exchange = CountingExchange(
            VENUE,
            prices={SYMBOL: D(100)},
            parts=self.random.randint(1, 3),
            clock=self.clock,
            replaces=self.random.choice(list(Replacement)),
            page_size=self.random.randint(1, 4),
        )
        chance = self.random.choice([0.05, 0.15, 0.3])
        self.network = UnreliableVenue(
            self.exchange, Faults.all(chance), seed=self.random.randint(0, 10**9), clock=self.clock
        )
        self.crashes = CrashSchedule()
        self.store = CrashingStore(self.durable_store, self.crashes)
        self.venue = CrashingVenue(self.network, self.crashes)
        self.request_ids = []
        self.undelivered = []
        self.name_count = 0
        self.trace = []
        instrument = Instrument(account_id=ACCOUNT, venue=VENUE, symbol=SYMBOL, kind="SPOT", base="BTC", quote="USDT")
        self.durable_store.run(lambda uow: OrderHistory(uow).register(instrument))

    # ------------------------------------------------------------------------------------------------ the steps

    def run(self):
        steps = [self.new_order] * 4 + [
            self.cancel,
            self.replace,
            self.execute_again,
            self.move,
            self.stream,
            self.trade_manually,
        ]
        steps += [self.recover, self.reconcile, self.pass_time]
        for _ in range(self.steps):
            step = self.random.choice(steps)
            self.crashes.start_process(self.random.randint(1, 120) if self.random.random() < 0.3 else None)
            self.crashes.lost_commit = lambda: (
                self.random.choice(["before", "after"]) if self.random.random() < 0.1 else None
            )
            try:
                self.trace.append((step.__name__, step()))
            except ProcessKilled:
                self.trace.append((step.__name__, "killed"))
            except (CommitUnknown, IllegalTransition, ConcurrentUpdate) as error:
                self.trace.append((step.__name__, type(error).__name__))
            finally:
                self.crashes.start_process()
                self.crashes.lost_commit = lambda: None

    def draw_lost_commit(self):
        """Whether the answer to a COMMIT is lost: "before" or "after" it takes effect, or None."""
        return self.random.choice(["before", "after"]) if self.random.random() < 0.1 else None

    def name(self, kind):
        self.name_count += 1
        return f"{kind}{self.name_count}"

    def submit(self, request):
        """Submit a request durably: an application that was killed before would submit it again."""
        recorded = self.durable_store.run(lambda uow: OrderHistory(uow).submit(request))
        self.request_ids.append(recorded.request_id)
        return recorded.request_id

    def execute(self, request_id):
        return str(Executor(self.store, self.venue).execute(request_id).status)

    def new_order(self):
        market = self.random.random() < 0.2
        terms = {"order_type": "MARKET"} if market else {"order_type": "LIMIT", "limit_price": self.price()}
        request = OrderRequest(
            account_id=ACCOUNT,
            client_order_id=self.name("C"),
            venue=VENUE,
            symbol=SYMBOL,
            side=self.random.choice(["BUY", "SELL"]),
            quantity=D(self.random.randint(1, 9)),
            **terms,
        )
        return self.execute(self.submit(request))

    def price(self):
        return D(self.random.randint(95, 105))

    def target(self):
        page = self.durable_store.run(
            lambda uow: OrderHistory(uow).orders(OrderFilter(is_open=True), limit=500), read_only=True
        )
        return self.random.choice(page.items) if page.items else None

    def amend(self, action, kind, terms=dict, name_field="client_order_id"):
        """Cancel or replace one of the open orders; `terms` are drawn once there is one."""
        target = self.target()
        if target is None:
            return "nothing"
        fields = {"account_id": ACCOUNT, "action": action, "target_order_id": target.order_id}
        fields[name_field] = self.name(kind)
        return self.execute(self.submit(OrderRequest(**fields, **terms())))

    def changed_terms(self):
        return {"quantity": D(self.random.randint(1, 9)), "limit_price": self.price()}

    def cancel(self):
        return self.amend("CANCEL", "X")

    def replace(self):
        return self.amend("REPLACE", "R", self.changed_terms)

    def execute_again(self):
        return self.execute(self.random.choice(self.request_ids)) if self.request_ids else "nothing"

    def move(self):
        self.undelivered += self.exchange.move(SYMBOL, self.price())
        return len(self.undelivered)

    def stream(self):
        """Record reports of the stream: some of them, in any order, some twice, some without a client order id."""
        self.undelivered += self.exchange.deliver()
        self.random.shuffle(self.undelivered)
        count = self.random.randint(0, len(self.undelivered))
        arriving, self.undelivered = self.undelivered[:count], self.undelivered[count:]
        self.undelivered += [report for report in arriving if self.random.random() < 0.2]
        for report in arriving:
            received = report if self.random.random() < 0.8 else attrs.evolve(report, client_order_id=None)
            self.store.run(lambda uow, received=received: OrderHistory(uow).record(received))
        return count

    def trade_manually(self):
        """Place an order at the exchange without the application."""
        self.exchange.submit(
            OrderRequest(
                account_id=ACCOUNT,
                request_id=f"00000000-0000-4000-8000-{self.random.randrange(16**12):012x}",
                client_order_id=self.name("H"),
                venue=VENUE,
                symbol=SYMBOL,
                side=self.random.choice(["BUY", "SELL"]),
                order_type="LIMIT",
                quantity=D(self.random.randint(1, 9)),
                limit_price=self.price(),
            )
        )

    def recover(self, tries=2):
        limits = RecoveryLimits(tries=tries, queries=self.random.randint(1, 20) if tries < 9 else 10_000)
        result = Executor(self.store, self.venue).recover(limits=limits, sleep=self.sleep)
        return len(result.settled), len(result.in_doubt), len(result.too_recent)

    def sleep(self, seconds):
        self.clock.move(timedelta(seconds=seconds))

    def reconcile(self, heal=None):
        limits = ReconciliationLimits(pages=50)
        heal = self.random.random() < 0.5 if heal is None else heal
        result = reconcile(self.store, self.venue, ACCOUNT, heal=heal, limits=limits, sleep=lambda seconds: None)
        return len(result.findings), result.opened, result.closed, result.recorded, len(result.failures)

    def pass_time(self):
        self.clock.move(timedelta(seconds=self.random.choice([1, 5, 20, 60])))

    # -------------------------------------------------------------------------------------------------- the end

    def settle(self):
        """Repair the network, deliver what was late, and execute again what was interrupted."""
        self.network.arrive(at_once=True)
        self.network._faults = Faults()
        for request_id in self.request_ids:
            with suppress(IllegalTransition):  # its target is closed: it will never be sent
                self.execute(request_id)
        self.clock.move(timedelta(minutes=5))
        self.recover(tries=9)
        for _ in range(2):
            self.clock.move(timedelta(minutes=5))
            self.reconcile(heal=True)
        self.clock.move(timedelta(minutes=5))
        self.recover(tries=9)
        self.reconcile(heal=True)

    def check(self):
        with self.durable_store.begin(read_only=True) as uow:
            history = OrderHistory(uow)
            orders = history.orders(limit=500).items
            order_ids = {order.order_id for order in orders}
            findings = [
                finding.row for finding in history.findings(ReconciliationFilter(is_open=True), limit=500).items
            ]
            explained = {finding.order_id for finding in findings}
            unexplained = []
            matched = Counter()
            for at_venue in self.exchange.orders():
                order = history.find_order(ACCOUNT, at_venue.client_order_id, VENUE, at_venue.venue_order_id)
                matched[order.order_id] += 1
                ours = {fill.exec_id: (fill.quantity, fill.price) for fill in history.fills(order.order_id)}
                theirs = {
                    report.exec_id: (report.last_quantity, report.last_price)
                    for report in at_venue.reports
                    if report.type == "TRADE"
                }
                same = (
                    ours == theirs
                    and order.cum_quantity == at_venue.cum_quantity
                    and (order.status in CLOSED) == (at_venue.status in CLOSED)
                    and (order.order_quantity == at_venue.request.quantity or at_venue.status in CLOSED)
                    and not order.in_doubt
                )
                if not same and order.order_id not in explained:
                    unexplained.append((at_venue, order, ours, theirs))
            for order in orders:
                excluded = order.state.attributed_to is not None or not order.state.at_venue
                if not matched[order.order_id] and not excluded and order.order_id not in explained:
                    unexplained.append((None, order, None, None))
            by_request = Counter(order.request_id for order in orders if order.request_id is not None)
        assert not unexplained, unexplained[0]
        problems = verify(self.durable_store).problems
        assert not problems, problems[0]
        assert max(self.exchange.arrived.values(), default=1) == 1, "something was sent twice"
        assert max(matched.values(), default=1) == 1, "one order here is two orders at the venue"
        assert max(by_request.values(), default=1) == 1, "one request made two orders"
        assert len(order_ids) == len(orders)
        return findings
