"""A process that executes, recovers and reconciles, and can be killed at any statement, commit or call of the venue."""

import json
import os
import signal
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from pathlib import Path
from types import SimpleNamespace

from sqlalchemy import event

from sot import Executor, IllegalTransition, OrderHistory, OrderRequest, RecoveryLimits, VenueRefused
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.adapters.venues.simulated import SimulatedVenue
from sot.application.reconciliation.reconciler import reconcile
from sot.application.reconciliation.venue_snapshot import ReconciliationLimits
from sot.ports.venue import Venue
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, new_order_request, spot_instrument
from sot.testing.fakes import ManualClock

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


class FileVenue(Venue):
    """An exchange that outlives its callers: what it was asked for is in a file, and all else follows from that."""

    name = VENUE

    def __init__(self, path, tick=lambda: None):
        self._path = Path(path)
        self._tick = tick

    @property
    def capabilities(self):
        return self.exchange()[0].capabilities

    def exchange(self):
        """The exchange after everything that it was asked for, and what it answered last."""
        clock = ManualClock(NOON)
        venue = SimulatedVenue(VENUE, prices={SYMBOL: D(100)}, parts=2, clock=clock, page_size=1)
        answer = []
        for line in self._path.read_text().splitlines() if self._path.exists() else []:
            clock.move(timedelta(seconds=1))
            call, said, target = json.loads(line)
            request = OrderRequest.from_canonical(said)
            more = () if target is None else (SimpleNamespace(client_order_id=target[0], venue_order_id=target[1]),)
            try:
                answer = getattr(venue, call)(request, *more)
            except VenueRefused as error:
                answer = error
        return venue, answer

    def calls(self):
        return [json.loads(line)[1]["client_order_id"] for line in self._path.read_text().splitlines()]

    def _ask(self, call, request, target=None):
        self._tick()
        known = None if target is None else (target.client_order_id, target.venue_order_id)
        with self._path.open("a") as file:
            file.write(json.dumps([call, request.as_json(), known]) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._tick()
        answer = self.exchange()[1]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def submit(self, request):
        return self._ask("submit", request)

    def cancel(self, request, target):
        return self._ask("cancel", request, target)

    def replace(self, request, target):
        return self._ask("replace", request, target)

    def _asked(self):
        self._tick()
        exchange, _ = self.exchange()
        exchange._clock.time = NOON + timedelta(hours=3)
        return exchange

    def find(self, order):
        return self._asked().find(order)

    def open_orders(self, scope):
        return self._asked().open_orders(scope)

    def executions(self, scope, since=None, cursor=None):
        return self._asked().executions(scope, since, cursor)

    def positions(self, scope):
        return self._asked().positions(scope)


def work(url, path, dies_at=0):
    """One life of the process: everything that it has to do, from the beginning, whatever an earlier life did.

    Gives the moments at which it could have died, in order.
    """
    moments = []

    def tick(what):
        moments.append(what)
        if len(moments) == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    store = SqlAlchemyStore.open(url, clock=ManualClock(NOON + timedelta(hours=1)))
    for what in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(store.engine, what, lambda *_, what=what: tick(what))
    venue = FileVenue(path, lambda: tick("call"))
    executor = Executor(store, venue)

    def execute(request):
        kept = store.run(lambda uow: OrderHistory(uow).submit(request))
        with suppress(IllegalTransition):  # an earlier life's order never arrived: there is nothing to change
            return executor.execute(kept.request_id)

    def change(name, action, **terms):
        target = store.run(lambda uow: OrderHistory(uow).find_order(ACCOUNT, "C1", VENUE), read_only=True)
        said = {"account_id": ACCOUNT, "action": action, "client_order_id": name, "target_order_id": target.order_id}
        with suppress(IllegalTransition):
            execute(OrderRequest(**said, **terms))

    store.run(lambda uow: OrderHistory(uow).register(spot_instrument()))
    execute(new_order_request("C1", limit_price=D(90)))
    change("R1", "REPLACE", quantity=D(6))
    change("X1", "CANCEL")
    execute(new_order_request("C2", limit_price=D(110)))
    store.clock.move(timedelta(hours=1))
    executor.recover(limits=RecoveryLimits(pause=timedelta(0)))
    limits = ReconciliationLimits(grace=timedelta(0), pause=timedelta(0))
    reconcile(store, venue, ACCOUNT, heal=True, limits=limits)
    store.close()
    return moments


def main(url, path, dies_at):
    """The process's whole life; a normal end is exit code 0."""
    work(url, path, dies_at)
