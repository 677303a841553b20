"""Wilder lives: executions that are corrected and busted, ids that repeat from day to day, several accounts of theirs,
orders of every kind, clocks that differ, and other processes that do something in the middle of what this one does.
"""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal as D

import attrs
from exchange import ACCOUNT, OVER, SYMBOL, VENUE, Counting, Life
from mortal import Killed, MortalStore, MortalVenue

from sot import (
    CommitUnknown,
    ConcurrentUpdate,
    IllegalTransition,
    OrderHistory,
    OrderRequest,
    OrderStatus,
    VenueReport,
    verify,
)
from sot.adapters.memory import MemoryStore
from sot.adapters.venues.simulated import Misfortunes, UnreliableVenue
from sot.application.orders.matching import find_order
from sot.application.reconciliation.reconciler import reconcile
from sot.application.reconciliation.venue_snapshot import ReconciliationLimits
from sot.domain.values.vocabulary import Mismatch
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.venue import OpenOrders, Replacement

ACCOUNTS = ("", "SUB")


class Skewed:
    """The exchange's own clock, which is ahead or behind."""

    def __init__(self, clock, by):
        self._clock = clock
        self._by = by

    def now(self):
        return self._clock.now() + self._by


class Days(Counting):
    """One book for each day and account of theirs: ids repeat in the next; all share one list of executions."""

    def __init__(self, *args, **how):
        super().__init__(*args, **how)
        self._how = how
        self._days = {}
        self.iterate_pages = []

    def day(self, told):
        key = (told.venue_account, told.id_scope)
        if key not in self._days:
            made = Counting(self.name, **self._how)
            made._books.executions = self._books.executions
            made._books._prices = self._books._prices
            made._behaviours = self._behaviours
            self._days[key] = made
        return self._days[key]

    @property
    def books(self):
        return [day._books for day in self._days.values()]

    def submit(self, request):
        self.arrived[request.request_id] += 1
        return self.day(request).submit(request)

    def cancel(self, request, target):
        self.arrived[request.request_id] += 1
        return self.day(target).cancel(request, target)

    def replace(self, request, target):
        self.arrived[request.request_id] += 1
        return self.day(target).replace(request, target)

    def find(self, order):
        return self.day(order).find(order)

    def open_orders(self, scope):
        answers = [day.open_orders(scope) for day in list(self._days.values())]
        reports = [report for answer in answers for report in answer.reports]
        return OpenOrders(asked_at=self._clock.now(), reports=reports, symbols=scope.symbols)

    def executions(self, scope, since=None, cursor=None):
        page = super().executions(scope, since, cursor)
        return attrs.evolve(page, reports=[report for report in page.reports if report.last_quantity])

    def move(self, symbol, *prices):
        return [report for day in list(self._days.values()) for report in day.move(symbol, *prices)]

    def orders(self):
        return [order for day in self._days.values() for order in day.orders()]

    def entries(self):
        return [entry for books in self.books for entry in books.all()]

    # -------------------------------------------------------------------------------- what the exchange itself does

    def ends(self, entry, how):
        return [self.day(entry.request)._books.end(entry, how, "BY_THE_EXCHANGE")]

    def restates(self, entry, quantity):
        entry.request = attrs.evolve(entry.request, quantity=quantity)
        entry.leaves = quantity - entry.cum
        return [self.day(entry.request)._books._report(entry, "RESTATED")]

    def revises(self, place, number, quantity, price):
        """An execution is corrected, or busted where its quantity is 0; the list has it as it is now."""
        was = self._books.executions[place]
        entry = next(one for one in self.day(was)._books.all() if any(r.exec_id == was.exec_id for r in one.reports))
        entry.cum += quantity - was.last_quantity
        if entry.status in ("NEW", "PARTIALLY_FILLED") and entry.leaves is not None:
            entry.leaves -= quantity - was.last_quantity
            if entry.leaves == 0:
                entry.status = OrderStatus.FILLED
        is_now = attrs.evolve(was, last_quantity=quantity, last_price=price, cum_quantity=None, leaves_quantity=None)
        is_now = is_now.changed(last_quantity=quantity)
        self._books.executions[place] = is_now
        entry.reports[:] = [
            is_now if report.exec_id == was.exec_id else report
            for report in entry.reports
            if quantity or report.exec_id != was.exec_id
        ]
        told = {"type": "TRADE_CORRECT", "last_quantity": quantity, "last_price": price}
        if not quantity:
            told = {"type": "TRADE_CANCEL", "last_quantity": None, "last_price": None}
        return [
            attrs.evolve(
                was,
                exec_id=f"{was.exec_id}-{number}" if quantity else None,
                exec_ref_id=was.exec_id,
                cum_quantity=entry.cum,
                leaves_quantity=entry.leaves,
                reported_status=entry.status,
                fees=(),
                liquidity=None,
                occurred_at=self._clock.now(),
                **told,
            )
        ]


class Others:
    """Another process, which acts while this one waits for the venue, or between its statements and COMMIT."""

    def __init__(self, life):
        self._life = life
        self._busy = False

    def act(self):
        life = self._life
        if self._busy or life.dice.random() > life.rivalry:
            return
        self._busy = True
        fate, life.fate.dies_at = life.fate.dies_at, None
        lost, life.fate.lost = life.fate.lost, lambda: None
        calls = life.fate.calls
        try:
            step = life.dice.choice([life.again, life.recover, life.reconcile, life.stream, life.order])
            with suppress(CommitUnknown, IllegalTransition, ConcurrentUpdate):
                life.trace.append(("meanwhile " + step.__name__, step()))
        finally:
            life.fate.calls, life.fate.dies_at, life.fate.lost = calls, fate, lost
            self._busy = False


class Contended(MortalStore):
    others = None

    def run(self, use_case, read_only=False):
        def overtaken(uow):
            result = use_case(uow)
            if not read_only:
                self.others.act()
            return result

        return super().run(overtaken, read_only)


class Awaited(MortalVenue):
    others = None

    def __getattr__(self, name):
        found = super().__getattr__(name)
        if name not in ("submit", "cancel", "replace", "find", "open_orders", "executions"):
            return found

        def call(*args, **how):
            self.others.act()
            result = found(*args, **how)
            self.others.act()
            return result

        return call


class WildLife(Life):
    def __init__(self, seed, opens=MemoryStore, steps=25):
        super().__init__(seed, opens, steps)
        dice = self.dice
        self.rivalry = dice.choice([0, 0, 0.03, 0.1])
        skew = timedelta(seconds=dice.choice([0, 0, -150, 150, 3]))
        self.accounts = ACCOUNTS[: dice.choice([1, 1, 2])]
        self.exchange = Days(
            VENUE,
            prices={SYMBOL: D(100)},
            parts=dice.randint(1, 3),
            clock=Skewed(self.clock, skew),
            replaces=dice.choice(list(Replacement)),
            page_size=dice.randint(1, 4),
        )
        chance = dice.choice([0, 0.05, 0.15, 0.3])
        settled = timedelta(seconds=dice.choice([10, 60]))
        self.way = UnreliableVenue(
            self.exchange, Misfortunes.all(chance), seed=dice.randint(0, 10**9), clock=self.clock, settled_after=settled
        )
        self.store = Contended(self.kept, self.fate)
        self.venue = Awaited(self.way, self.fate)
        self.store.others = self.venue.others = Others(self)
        self.today = 1
        self.daily = Counter()
        self.revised = set()
        self.revisions = []

    def steps_of_life(self):
        steps = [self.order] * 5 + [self.cancel, self.replace, self.again, self.move, self.stream, self.by_hand]
        steps += [self.recover, self.reconcile, self.pass_time, self.revise, self.by_the_exchange, self.next_day]
        return [*steps, self.nameless_cancel, self.replace]

    def live(self):
        steps = self.steps_of_life()
        for _ in range(self.steps):
            step = self.dice.choice(steps)
            self.fate.live(self.dice.randint(1, 120) if self.dice.random() < 0.3 else None)
            self.fate.lost = lambda: self.dice.choice(["before", "after"]) if self.dice.random() < 0.1 else None
            try:
                self.trace.append((step.__name__, step()))
            except Killed:
                self.trace.append((step.__name__, "killed"))
                self.store.others._busy = False
            except (CommitUnknown, IllegalTransition, ConcurrentUpdate) as error:
                self.trace.append((step.__name__, type(error).__name__))
            finally:
                self.fate.live()
                self.fate.lost = lambda: None

    # ------------------------------------------------------------------------------------------------- the steps

    def daily_name(self, kind):
        self.daily[kind] += 1
        return {"client_order_id": f"{kind}{self.daily[kind]}", "id_scope": f"day-{self.today}"}

    def terms(self):
        kind = self.dice.random()
        quantity = {"quantity": D(self.dice.randint(1, 9))}
        if kind < 0.1:
            return {"order_type": "MARKET", "quote_quantity": D(self.dice.randint(100, 900))}
        if kind < 0.25:
            return {"order_type": "MARKET", **quantity}
        force = self.dice.choice([None, None, None, "GTC", "IOC", "FOK"])
        return {"order_type": "LIMIT", "limit_price": self.price(), "time_in_force": force, **quantity}

    def new(self, kind):
        named = self.daily_name(kind)
        return OrderRequest(
            account_id=ACCOUNT,
            venue=VENUE,
            venue_account=self.dice.choice(self.accounts),
            symbol=SYMBOL,
            side=self.dice.choice(["BUY", "SELL"]),
            idempotency_key=f"{named['id_scope']} {named['client_order_id']}",
            **named,
            **self.terms(),
        )

    def order(self):
        return self.execute(self.submit(self.new("C")))

    def by_hand(self):
        request_id = f"00000000-0000-4000-8000-{self.dice.randrange(16**12):012x}"
        self.exchange.submit(attrs.evolve(self.new("H"), request_id=request_id))

    def nameless_cancel(self):
        return self.amend("CANCEL", "K", named="idempotency_key")

    def changed_terms(self):
        iterate_pages = super().changed_terms()
        return {name: value for name, value in iterate_pages.items() if self.dice.random() < 0.7} or iterate_pages

    def revise(self):
        listed = self.exchange._books.executions
        choices = [n for n, report in enumerate(listed) if report.last_quantity and n not in self.revised]
        if not choices:
            return "nothing"
        place = self.dice.choice(choices)
        self.revised.add(place)
        was = listed[place]
        busts = self.dice.random() < 0.5
        price = was.last_price + self.dice.choice([1, -1])
        quantity = D(0) if busts else was.last_quantity
        told = self.exchange.revises(place, len(self.revised), quantity, price)
        self.revisions += told
        self.undelivered += told
        return "busted" if busts else "corrected"

    def by_the_exchange(self):
        working = [entry for entry in self.exchange.entries() if entry.works]
        if not working:
            return "nothing"
        entry = self.dice.choice(working)
        if self.dice.random() < 0.5 or entry.request.quantity is None:
            self.undelivered += self.exchange.ends(entry, self.dice.choice(["CANCELED", "EXPIRED"]))
            return "ended"
        self.undelivered += self.exchange.restates(entry, entry.cum + self.dice.randint(1, 5))
        return "restated"

    def next_day(self):
        self.today += 1
        self.daily.clear()
        self.clock.move(timedelta(hours=self.dice.randint(1, 20)))

    def reconcile(self, heal=None):
        limits = ReconciliationLimits(pages=50)
        heal = self.dice.random() < 0.5 if heal is None else heal
        told = []
        for account in self.accounts:
            result = reconcile(
                self.store, self.venue, ACCOUNT, venue_account=account, heal=heal, limits=limits, sleep=lambda s: None
            )
            told.append((len(result.findings), result.opened, result.closed, result.recorded, len(result.failures)))
        return told

    def settle(self):
        self.rivalry = 0
        super().settle()
        # Of an execution that was behind the place, a bust is only ever told by the stream: it is told again.
        for report in [*self.undelivered, *self.exchange.deliver(), *self.revisions]:
            self.kept.run(lambda uow, report=report: OrderHistory(uow).record(report))
        self.undelivered = []
        for _ in range(2):
            self.clock.move(timedelta(minutes=5))
            self.recover(tries=9)
            self.reconcile(heal=True)

    # --------------------------------------------------------------------------------------------------- the end

    def check(self):
        with self.kept.begin(read_only=True) as uow:
            history = OrderHistory(uow)
            orders = {order.order_id: order for order in history.orders(limit=500).items}
            findings = [f.row for f in history.findings(ReconciliationFilter(is_open=True), limit=500).items]
            fills = {order_id: history.fills(order_id) for order_id in orders}
            waiting = [one.report for one in uow.reports.waiting(ACCOUNT) if find_order(uow, one.report)]
            found = {}
            for at_venue in self.exchange.orders():
                named = VenueReport(
                    account_id=ACCOUNT,
                    type="ORDER_STATUS",
                    venue=VENUE,
                    venue_account=at_venue.request.venue_account,
                    id_scope=at_venue.request.id_scope,
                    client_order_id=at_venue.client_order_id,
                    venue_order_id=at_venue.venue_order_id,
                )
                found[id(at_venue)] = (at_venue, find_order(uow, named))
        problems = verify(self.kept).problems
        assert not problems, problems[0]
        assert max(self.exchange.arrived.values(), default=1) == 1, "something was sent twice"
        explained = {finding.order_id for finding in findings}
        matched = Counter()
        for at_venue, order in found.values():
            if order is None and at_venue.status in OVER and not at_venue.cum_quantity:
                continue  # made and over by hand, without an execution, between two looks
            assert order is not None, ("no order of ours", at_venue)
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
                and (order.status in OVER) == (at_venue.status in OVER)
                and not order.in_doubt
                and (order.client_order_id == at_venue.client_order_id or at_venue.status in OVER)
            )
            if not same and order.order_id not in explained:
                raise AssertionError(("unexplained", at_venue, order, ours, theirs))
        for order in orders.values():
            gone = order.state.attributed_to is not None or not order.state.at_venue
            assert matched[order.order_id] or gone or order.order_id in explained, ("not at the venue", order)
        assert max(matched.values(), default=1) == 1, "one order of ours stands for two of the venue"
        by_request = Counter(order.request_id for order in orders.values() if order.request_id is not None)
        assert max(by_request.values(), default=1) == 1, "one request made two orders"
        assert not waiting, ("still waiting", waiting[0])
        listed = {(r.venue_account, r.id_scope, r.exec_id) for r in self.exchange._books.executions if r.last_quantity}
        for finding in findings:
            if finding.mismatch is Mismatch.MISSING_AT_VENUE and finding.exec_id is not None:
                order = orders[finding.order_id]
                versions = [f for f in fills[order.order_id] if finding.exec_id in (f.exec_id, f.first_exec_id)]
                scope = (order.venue_account, order.id_scope)
                untrue = [f for f in versions if {(*scope, f.exec_id), (*scope, f.first_exec_id)} & listed]
                assert not untrue, ("the venue lists it", finding)
        return findings
