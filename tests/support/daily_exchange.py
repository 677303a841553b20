"""An exchange whose ids repeat from day to day, that corrects and busts executions, and whose clock differs."""

import attrs

from sot import OrderStatus
from sot.ports.venue import OpenOrders
from tests.support.simulation import CountingExchange


class SkewedClock:
    """The exchange's clock, which is ahead of another one or behind it."""

    def __init__(self, clock, by):
        self._clock = clock
        self._by = by

    def now(self):
        return self._clock.now() + self._by


class DailyExchange(CountingExchange):
    """An exchange with a book for each day and venue account: ids repeat in each; all share one list of executions."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self._options = options
        self._days = {}

    def day(self, order):
        """The exchange of an order's day and venue account."""
        key = (order.venue_account, order.id_scope)
        if key not in self._days:
            exchange = CountingExchange(self.name, **self._options)
            exchange._books.executions = self._books.executions
            exchange._books._prices = self._books._prices
            exchange._behaviours = self._behaviours
            self._days[key] = exchange
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

    # -------------------------------------------------------------------------------- what the exchange does on its own

    def end(self, entry, status):
        return [self.day(entry.request)._books.end(entry, status, "BY_THE_EXCHANGE")]

    def restate(self, entry, quantity):
        entry.request = attrs.evolve(entry.request, quantity=quantity)
        entry.leaves = quantity - entry.cum
        return [self.day(entry.request)._books._report(entry, "RESTATED")]

    def revise(self, index, number, quantity, price):
        """Correct an execution, or bust it with a quantity of 0; the list of executions has the new version."""
        original = self._books.executions[index]
        entries = self.day(original)._books.all()
        entry = next(e for e in entries if any(report.exec_id == original.exec_id for report in e.reports))
        entry.cum += quantity - original.last_quantity
        if entry.status in ("NEW", "PARTIALLY_FILLED") and entry.leaves is not None:
            entry.leaves -= quantity - original.last_quantity
            if entry.leaves == 0:
                entry.status = OrderStatus.FILLED
        revised = attrs.evolve(
            original, last_quantity=quantity, last_price=price, cum_quantity=None, leaves_quantity=None
        )
        revised = revised.changed(last_quantity=quantity)
        self._books.executions[index] = revised
        entry.reports[:] = [
            revised if report.exec_id == original.exec_id else report
            for report in entry.reports
            if quantity or report.exec_id != original.exec_id
        ]
        fields = {"type": "TRADE_CORRECT", "last_quantity": quantity, "last_price": price}
        if not quantity:
            fields = {"type": "TRADE_CANCEL", "last_quantity": None, "last_price": None}
        return [
            attrs.evolve(
                original,
                exec_id=f"{original.exec_id}-{number}" if quantity else None,
                exec_ref_id=original.exec_id,
                cum_quantity=entry.cum,
                leaves_quantity=entry.leaves,
                reported_status=entry.status,
                fees=(),
                liquidity=None,
                occurred_at=self._clock.now(),
                **fields,
            )
        ]
