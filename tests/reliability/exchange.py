"""Seeded lives of an application beside an exchange that loses, repeats, delays, reorders and partially answers."""

import random
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal as D

import attrs
from mortal import Fate, Killed, MortalStore, MortalVenue

from sot import (
    CommitUnknown,
    ConcurrentUpdate,
    Executor,
    IllegalTransition,
    Instrument,
    OrderHistory,
    OrderRequest,
    OrderStatus,
    RecoveryLimits,
    verify,
)
from sot.adapters.memory import MemoryStore
from sot.adapters.venues.simulated import Misfortunes, SimulatedVenue, UnreliableVenue
from sot.application.reconciliation.reconciler import reconcile
from sot.application.reconciliation.venue_snapshot import ReconciliationLimits
from sot.ports.orders import OrderFilter
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.venue import Replacement
from sot.testing.fakes import CountedIds, ManualClock

ACCOUNT, VENUE, SYMBOL = "main", "X", "BTC/USDT"
OVER = (OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.EXPIRED, OrderStatus.REJECTED)


class Clock(ManualClock):
    """Goes on by itself a little, so that no two moments are the same."""

    def now(self):
        self.time += timedelta(microseconds=1)
        return self.time


class Counting(SimulatedVenue):
    """Counts what arrives, to prove that nothing was sent twice."""

    def __init__(self, *args, **how):
        super().__init__(*args, **how)
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


class Life:
    """One seeded life; `live` goes through it, `settle` lets everything come to rest, `check` looks at the end."""

    def __init__(self, seed, opens=MemoryStore, steps=25):
        self.dice = random.Random(seed)
        self.steps = steps
        self.clock = Clock()
        self.kept = opens(clock=self.clock, ids=CountedIds())
        self.exchange = Counting(
            VENUE,
            prices={SYMBOL: D(100)},
            parts=self.dice.randint(1, 3),
            clock=self.clock,
            replaces=self.dice.choice(list(Replacement)),
            page_size=self.dice.randint(1, 4),
        )
        chance = self.dice.choice([0.05, 0.15, 0.3])
        self.way = UnreliableVenue(
            self.exchange, Misfortunes.all(chance), seed=self.dice.randint(0, 10**9), clock=self.clock
        )
        self.fate = Fate()
        self.store = MortalStore(self.kept, self.fate)
        self.venue = MortalVenue(self.way, self.fate)
        self.requests = []
        self.undelivered = []
        self.names = 0
        self.trace = []
        instrument = Instrument(account_id=ACCOUNT, venue=VENUE, symbol=SYMBOL, kind="SPOT", base="BTC", quote="USDT")
        self.kept.run(lambda uow: OrderHistory(uow).register(instrument))

    # ------------------------------------------------------------------------------------------------ the steps

    def live(self):
        steps = [self.order] * 4 + [self.cancel, self.replace, self.again, self.move, self.stream, self.by_hand]
        steps += [self.recover, self.reconcile, self.pass_time]
        for _ in range(self.steps):
            step = self.dice.choice(steps)
            self.fate.live(self.dice.randint(1, 120) if self.dice.random() < 0.3 else None)
            self.fate.lost = lambda: self.dice.choice(["before", "after"]) if self.dice.random() < 0.1 else None
            try:
                self.trace.append((step.__name__, step()))
            except Killed:
                self.trace.append((step.__name__, "killed"))
            except (CommitUnknown, IllegalTransition, ConcurrentUpdate) as error:
                self.trace.append((step.__name__, type(error).__name__))
            finally:
                self.fate.live()
                self.fate.lost = lambda: None

    def name(self, kind):
        self.names += 1
        return f"{kind}{self.names}"

    def submit(self, request):
        """The intent is on disk before it is executed: the application would submit it again."""
        recorded = self.kept.run(lambda uow: OrderHistory(uow).submit(request))
        self.requests.append(recorded.request_id)
        return recorded.request_id

    def execute(self, request_id):
        return str(Executor(self.store, self.venue).execute(request_id).status)

    def order(self):
        market = self.dice.random() < 0.2
        terms = {"order_type": "MARKET"} if market else {"order_type": "LIMIT", "limit_price": self.price()}
        request = OrderRequest(
            account_id=ACCOUNT,
            client_order_id=self.name("C"),
            venue=VENUE,
            symbol=SYMBOL,
            side=self.dice.choice(["BUY", "SELL"]),
            quantity=D(self.dice.randint(1, 9)),
            **terms,
        )
        return self.execute(self.submit(request))

    def price(self):
        return D(self.dice.randint(95, 105))

    def target(self):
        page = self.kept.run(lambda uow: OrderHistory(uow).orders(OrderFilter(is_open=True), limit=500), read_only=True)
        return self.dice.choice(page.items) if page.items else None

    def amend(self, action, kind, terms=dict, named="client_order_id"):
        """A cancel or replacement of some open order; `terms` are drawn once there is one."""
        target = self.target()
        if target is None:
            return "nothing"
        said = {"account_id": ACCOUNT, "action": action, "target_order_id": target.order_id, named: self.name(kind)}
        return self.execute(self.submit(OrderRequest(**said, **terms())))

    def changed_terms(self):
        return {"quantity": D(self.dice.randint(1, 9)), "limit_price": self.price()}

    def cancel(self):
        return self.amend("CANCEL", "X")

    def replace(self):
        return self.amend("REPLACE", "R", self.changed_terms)

    def again(self):
        return self.execute(self.dice.choice(self.requests)) if self.requests else "nothing"

    def move(self):
        self.undelivered += self.exchange.move(SYMBOL, self.price())
        return len(self.undelivered)

    def stream(self):
        """Reports that were on their way arrive: some of them, in any order, some twice, some nameless."""
        self.undelivered += self.exchange.deliver()
        self.dice.shuffle(self.undelivered)
        count = self.dice.randint(0, len(self.undelivered))
        now, self.undelivered = self.undelivered[:count], self.undelivered[count:]
        self.undelivered += [report for report in now if self.dice.random() < 0.2]
        for report in now:
            told = report if self.dice.random() < 0.8 else attrs.evolve(report, client_order_id=None)
            self.store.run(lambda uow, told=told: OrderHistory(uow).record(told))
        return count

    def by_hand(self):
        """Somebody trades on the exchange's own page."""
        self.exchange.submit(
            OrderRequest(
                account_id=ACCOUNT,
                request_id=f"00000000-0000-4000-8000-{self.dice.randrange(16**12):012x}",
                client_order_id=self.name("H"),
                venue=VENUE,
                symbol=SYMBOL,
                side=self.dice.choice(["BUY", "SELL"]),
                order_type="LIMIT",
                quantity=D(self.dice.randint(1, 9)),
                limit_price=self.price(),
            )
        )

    def recover(self, tries=2):
        limits = RecoveryLimits(tries=tries, queries=self.dice.randint(1, 20) if tries < 9 else 10_000)
        result = Executor(self.store, self.venue).recover(limits=limits, sleep=lambda seconds: None)
        return len(result.settled), len(result.in_doubt), len(result.too_recent)

    def reconcile(self, heal=None):
        limits = ReconciliationLimits(pages=50)
        heal = self.dice.random() < 0.5 if heal is None else heal
        result = reconcile(self.store, self.venue, ACCOUNT, heal=heal, limits=limits, sleep=lambda seconds: None)
        return len(result.findings), result.opened, result.closed, result.recorded, len(result.failures)

    def pass_time(self):
        self.clock.move(timedelta(seconds=self.dice.choice([1, 5, 20, 60])))

    # -------------------------------------------------------------------------------------------------- the end

    def settle(self):
        """The network is well again; what was late arrives; whatever was interrupted is executed again."""
        self.way.arrive(at_once=True)
        self.way._misfortunes = Misfortunes()
        for request_id in self.requests:
            with suppress(IllegalTransition):  # its target is over: it will never be sent
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
        with self.kept.begin(read_only=True) as uow:
            history = OrderHistory(uow)
            orders = history.orders(limit=500).items
            named = {order.order_id for order in orders}
            findings = [f.row for f in history.findings(ReconciliationFilter(is_open=True), limit=500).items]
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
                    and (order.status in OVER) == (at_venue.status in OVER)
                    and (order.order_quantity == at_venue.request.quantity or at_venue.status in OVER)
                    and not order.in_doubt
                )
                if not same and order.order_id not in explained:
                    unexplained.append((at_venue, order, ours, theirs))
            for order in orders:
                gone = order.state.attributed_to is not None or not order.state.at_venue
                if not matched[order.order_id] and not gone and order.order_id not in explained:
                    unexplained.append((None, order, None, None))
            by_request = Counter(order.request_id for order in orders if order.request_id is not None)
        assert not unexplained, unexplained[0]
        problems = verify(self.kept).problems
        assert not problems, problems[0]
        assert max(self.exchange.arrived.values(), default=1) == 1, "something was sent twice"
        assert max(matched.values(), default=1) == 1, "one order of ours stands for two of the venue"
        assert max(by_request.values(), default=1) == 1, "one request made two orders"
        assert len(named) == len(orders)
        return findings
