"""Extended simulations: corrections and busts, ids that repeat from day to day, several venue accounts, orders of every
type, clocks that differ, and other processes that act while this one waits.
"""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal as D

import attrs

from sot import CommitUnknown, ConcurrentUpdate, IllegalTransition, OrderHistory, OrderRequest, VenueReport
from sot.adapters.memory import MemoryStore
from sot.adapters.venues.simulated import Faults, UnreliableVenue
from sot.application.orders.matching import find_order
from sot.application.reconciliation.reconciler import reconcile
from sot.application.reconciliation.venue_snapshot import ReconciliationLimits
from sot.audit import verify
from sot.domain.values.vocabulary import Mismatch
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.venue import Replacement
from tests.support.daily_exchange import DailyExchange, SkewedClock
from tests.support.process_crashes import CrashingStore, CrashingVenue, ProcessKilled
from tests.support.simulation import ACCOUNT, CLOSED, SYMBOL, VENUE, Simulation

ACCOUNTS = ("", "SUB")


class OtherProcess:
    """A process that acts while this one waits for the venue, or between its statements and COMMIT."""

    def __init__(self, simulation):
        self._simulation = simulation
        self._busy = False

    def act(self):
        simulation = self._simulation
        if self._busy or simulation.random.random() > simulation.rivalry:
            return
        self._busy = True
        crashes = simulation.crashes
        killed_at, crashes.killed_at = crashes.killed_at, None
        lost_commit, crashes.lost_commit = crashes.lost_commit, lambda: None
        calls = crashes.calls
        try:
            steps = [simulation.execute_again, simulation.recover, simulation.reconcile]
            step = simulation.random.choice([*steps, simulation.stream, simulation.new_order])
            with suppress(CommitUnknown, IllegalTransition, ConcurrentUpdate):
                simulation.trace.append(("meanwhile " + step.__name__, step()))
        finally:
            crashes.calls, crashes.killed_at, crashes.lost_commit = calls, killed_at, lost_commit
            self._busy = False


class ContendedStore(CrashingStore):
    """A store where another process acts before each COMMIT."""

    other_process = None

    def run(self, use_case, read_only=False):
        def overtaken_use_case(uow):
            result = use_case(uow)
            if not read_only:
                self.other_process.act()
            return result

        return super().run(overtaken_use_case, read_only)


class AwaitedVenue(CrashingVenue):
    """A venue where another process acts before and after each call."""

    other_process = None

    def __getattr__(self, name):
        attribute = super().__getattr__(name)
        if name not in ("submit", "cancel", "replace", "find", "open_orders", "executions"):
            return attribute

        def call(*args, **kwargs):
            self.other_process.act()
            result = attribute(*args, **kwargs)
            self.other_process.act()
            return result

        return call


class ExtendedSimulation(Simulation):
    """A `Simulation` with everything that the module's first lines list."""

    def __init__(self, seed, open_store=MemoryStore, steps=25):
        super().__init__(seed, open_store, steps)
        random = self.random
        self.rivalry = random.choice([0, 0, 0.03, 0.1])
        skew = timedelta(seconds=random.choice([0, 0, -150, 150, 3]))
        self.accounts = ACCOUNTS[: random.choice([1, 1, 2])]
        self.exchange = DailyExchange(
            VENUE,
            prices={SYMBOL: D(100)},
            parts=random.randint(1, 3),
            clock=SkewedClock(self.clock, skew),
            replaces=random.choice(list(Replacement)),
            page_size=random.randint(1, 4),
        )
        chance = random.choice([0, 0.05, 0.15, 0.3])
        settled_after = timedelta(seconds=random.choice([10, 60]))
        self.network = UnreliableVenue(
            self.exchange,
            Faults.all(chance),
            seed=random.randint(0, 10**9),
            clock=self.clock,
            settled_after=settled_after,
        )
        self.store = ContendedStore(self.durable_store, self.crashes)
        self.venue = AwaitedVenue(self.network, self.crashes)
        self.store.other_process = self.venue.other_process = OtherProcess(self)
        self.day_number = 1
        self.names_today = Counter()
        self.revised_indices = set()
        self.revisions = []

    def run(self):
        steps = [self.new_order] * 5 + [self.cancel, self.replace, self.execute_again, self.move, self.stream]
        steps += [self.trade_manually, self.recover, self.reconcile, self.pass_time, self.revise]
        steps += [self.exchange_acts, self.next_day, self.cancel_without_client_order_id, self.replace]
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
                self.store.other_process._busy = False
            except (CommitUnknown, IllegalTransition, ConcurrentUpdate) as error:
                self.trace.append((step.__name__, type(error).__name__))
            finally:
                self.crashes.start_process()
                self.crashes.lost_commit = lambda: None

    # ------------------------------------------------------------------------------------------------- the steps

    def daily_name(self, kind):
        self.names_today[kind] += 1
        return {"client_order_id": f"{kind}{self.names_today[kind]}", "id_scope": f"day-{self.day_number}"}

    def terms(self):
        draw = self.random.random()
        quantity = {"quantity": D(self.random.randint(1, 9))}
        if draw < 0.1:
            return {"order_type": "MARKET", "quote_quantity": D(self.random.randint(100, 900))}
        if draw < 0.25:
            return {"order_type": "MARKET", **quantity}
        time_in_force = self.random.choice([None, None, None, "GTC", "IOC", "FOK"])
        return {"order_type": "LIMIT", "limit_price": self.price(), "time_in_force": time_in_force, **quantity}

    def request(self, kind):
        names = self.daily_name(kind)
        return OrderRequest(
            account_id=ACCOUNT,
            venue=VENUE,
            venue_account=self.random.choice(self.accounts),
            symbol=SYMBOL,
            side=self.random.choice(["BUY", "SELL"]),
            idempotency_key=f"{names['id_scope']} {names['client_order_id']}",
            **names,
            **self.terms(),
        )

    def new_order(self):
        return self.execute(self.submit(self.request("C")))

    def trade_manually(self):
        request_id = f"00000000-0000-4000-8000-{self.random.randrange(16**12):012x}"
        self.exchange.submit(attrs.evolve(self.request("H"), request_id=request_id))

    def cancel_without_client_order_id(self):
        return self.amend("CANCEL", "K", name_field="idempotency_key")

    def changed_terms(self):
        terms = super().changed_terms()
        return {name: value for name, value in terms.items() if self.random.random() < 0.7} or terms

    def revise(self):
        executions = self.exchange._books.executions
        choices = [
            index
            for index, report in enumerate(executions)
            if report.last_quantity and index not in self.revised_indices
        ]
        if not choices:
            return "nothing"
        index = self.random.choice(choices)
        self.revised_indices.add(index)
        original = executions[index]
        is_bust = self.random.random() < 0.5
        price = original.last_price + self.random.choice([1, -1])
        quantity = D(0) if is_bust else original.last_quantity
        reports = self.exchange.revise(index, len(self.revised_indices), quantity, price)
        self.revisions += reports
        self.undelivered += reports
        return "busted" if is_bust else "corrected"

    def exchange_acts(self):
        working = [entry for entry in self.exchange.entries() if entry.is_working]
        if not working:
            return "nothing"
        entry = self.random.choice(working)
        if self.random.random() < 0.5 or entry.request.quantity is None:
            self.undelivered += self.exchange.end(entry, self.random.choice(["CANCELED", "EXPIRED"]))
            return "ended"
        self.undelivered += self.exchange.restate(entry, entry.cum + self.random.randint(1, 5))
        return "restated"

    def next_day(self):
        self.day_number += 1
        self.names_today.clear()
        self.clock.move(timedelta(hours=self.random.randint(1, 20)))

    def reconcile(self, heal=None):
        limits = ReconciliationLimits(pages=50)
        heal = self.random.random() < 0.5 if heal is None else heal
        counts = []
        for account in self.accounts:
            result = reconcile(
                self.store, self.venue, ACCOUNT, venue_account=account, heal=heal, limits=limits, sleep=lambda s: None
            )
            counts.append((len(result.findings), result.opened, result.closed, result.recorded, len(result.failures)))
        return counts

    def settle(self):
        self.rivalry = 0
        super().settle()
        # A bust of an execution behind the cursor comes by the stream alone, so that it is delivered again.
        for report in [*self.undelivered, *self.exchange.deliver(), *self.revisions]:
            self.durable_store.run(lambda uow, report=report: OrderHistory(uow).record(report))
        self.undelivered = []
        for _ in range(2):
            self.clock.move(timedelta(minutes=5))
            self.recover(tries=9)
            self.reconcile(heal=True)

    # --------------------------------------------------------------------------------------------------- the end

    def check(self):
        with self.durable_store.begin(read_only=True) as uow:
            history = OrderHistory(uow)
            orders = {order.order_id: order for order in history.orders(limit=500).items}
            findings = [
                finding.row for finding in history.findings(ReconciliationFilter(is_open=True), limit=500).items
            ]
            fills = {order_id: list(history.fills(order_id)) for order_id in orders}
            reports = [unattributed.report for unattributed in uow.reports.waiting(ACCOUNT)]
            waiting = [report for report in reports if find_order(uow, report)]
            matches = {}
            for at_venue in self.exchange.orders():
                report = VenueReport(
                    account_id=ACCOUNT,
                    type="ORDER_STATUS",
                    venue=VENUE,
                    venue_account=at_venue.request.venue_account,
                    id_scope=at_venue.request.id_scope,
                    client_order_id=at_venue.client_order_id,
                    venue_order_id=at_venue.venue_order_id,
                )
                matches[id(at_venue)] = (at_venue, find_order(uow, report))
        problems = verify(self.durable_store).problems
        assert not problems, problems[0]
        assert max(self.exchange.arrived.values(), default=1) == 1, "something was sent twice"
        explained = {finding.order_id for finding in findings}
        matched = Counter()
        for at_venue, order in matches.values():
            if order is None and at_venue.status in CLOSED and not at_venue.cum_quantity:
                continue  # it was opened and closed manually, without an execution, between two comparisons
            assert order is not None, ("unknown order", at_venue)
            matched[order.order_id] += 1
            theirs = {r.exec_id: (r.last_quantity, r.last_price) for r in at_venue.reports if r.type == "TRADE"}
            ours = {
                fill.first_exec_id or fill.exec_id: (fill.quantity, fill.price)
                for fill in fills[order.order_id]
                if not fill.busted
            }
            same = (
                ours == theirs
                and order.cum_quantity == at_venue.cum_quantity
                and (order.status in CLOSED) == (at_venue.status in CLOSED)
                and not order.in_doubt
                and (order.client_order_id == at_venue.client_order_id or at_venue.status in CLOSED)
            )
            if not same and order.order_id not in explained:
                raise AssertionError(("unexplained", at_venue, order, ours, theirs))
        for order in orders.values():
            excluded = order.state.attributed_to is not None or not order.state.at_venue
            assert matched[order.order_id] or excluded or order.order_id in explained, ("not at the venue", order)
        assert max(matched.values(), default=1) == 1, "one order here is two orders at the venue"
        by_request = Counter(order.request_id for order in orders.values() if order.request_id is not None)
        assert max(by_request.values(), default=1) == 1, "one request made two orders"
        assert not waiting, ("still waiting", waiting[0])
        executions = [report for report in self.exchange._books.executions if report.last_quantity]
        listed = {(report.venue_account, report.id_scope, report.exec_id) for report in executions}
        for finding in findings:
            if finding.mismatch is Mismatch.MISSING_AT_VENUE and finding.exec_id is not None:
                order = orders[finding.order_id]
                ids = [(fill.exec_id, fill.first_exec_id) for fill in fills[order.order_id]]
                scope = (order.venue_account, order.id_scope)
                versions = [(*scope, exec_id) for both in ids if finding.exec_id in both for exec_id in both]
                assert not listed & set(versions), ("the venue lists it", finding)
        return findings
