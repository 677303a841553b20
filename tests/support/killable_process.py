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

from sot import Executor, IllegalTransition, OrderHistory, OrderRequest
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.adapters.venues.simulated import SimulatedVenue
from sot.application.reconciliation.reconciler import reconcile
from sot.application.reconciliation.venue_snapshot import ReconciliationLimits
from sot.errors import VenueRefused
from sot.ports.venue import Venue
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, new_order_request, spot_instrument
from sot.testing.fakes import ManualClock
from sot.venue import RecoveryLimits

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


class FileVenue(Venue):
    """An exchange that outlives its callers: its calls are in a file, and its state follows from them."""

    name = VENUE

    def __init__(self, path, on_call=lambda: None):
        self._path = Path(path)
        self._on_call = on_call

    @property
    def capabilities(self):
        return self.exchange()[0].capabilities

    def exchange(self):
        """The exchange after all calls, and its last answer."""
        clock = ManualClock(NOON)
        venue = SimulatedVenue(VENUE, prices={SYMBOL: D(100)}, parts=2, clock=clock, page_size=1)
        answer = []
        for line in self._path.read_text().splitlines() if self._path.exists() else []:
            clock.move(timedelta(seconds=1))
            call, fields, target_ids = json.loads(line)
            request = OrderRequest.from_canonical(fields)
            targets = ()
            if target_ids is not None:
                targets = (SimpleNamespace(client_order_id=target_ids[0], venue_order_id=target_ids[1]),)
            try:
                answer = getattr(venue, call)(request, *targets)
            except VenueRefused as error:
                answer = error
        return venue, answer

    def calls(self):
        """The client order ids of all calls."""
        return [json.loads(line)[1]["client_order_id"] for line in self._path.read_text().splitlines()]

    def _call(self, call, request, target=None):
        self._on_call()
        target_ids = None if target is None else (target.client_order_id, target.venue_order_id)
        with self._path.open("a") as file:
            file.write(json.dumps([call, request.as_json(), target_ids]) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._on_call()
        answer = self.exchange()[1]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def submit(self, request):
        return self._call("submit", request)

    def cancel(self, request, target):
        return self._call("cancel", request, target)

    def replace(self, request, target):
        return self._call("replace", request, target)

    def _query(self):
        self._on_call()
        exchange, _ = self.exchange()
        exchange._clock.time = NOON + timedelta(hours=3)
        return exchange

    def find(self, order):
        return self._query().find(order)

    def open_orders(self, scope):
        return self._query().open_orders(scope)

    def executions(self, scope, since=None, cursor=None):
        return self._query().executions(scope, since, cursor)

    def positions(self, scope):
        return self._query().positions(scope)


def work(url, path, killed_at=0):
    """Do everything that the process has to do, from the beginning, whatever an earlier process did.

    Returns:
        The points at which it could have been killed, in order: each statement, commit and call.
    """
    points = []

    def reach(point):
        points.append(point)
        if len(points) == killed_at:
            os.kill(os.getpid(), signal.SIGKILL)

    store = SqlAlchemyStore.open(url, clock=ManualClock(NOON + timedelta(hours=1)))
    for point in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(store.engine, point, lambda *_, point=point: reach(point))
    venue = FileVenue(path, lambda: reach("call"))
    executor = Executor(store, venue)

    def execute(request):
        recorded = store.run(lambda uow: OrderHistory(uow).submit(request))
        with suppress(IllegalTransition):  # an earlier process's order never arrived: there is nothing to amend
            return executor.execute(recorded.request_id)

    def amend(name, action, **terms):
        target = store.run(lambda uow: OrderHistory(uow).find_order(ACCOUNT, "C1", VENUE), read_only=True)
        fields = {"account_id": ACCOUNT, "action": action, "client_order_id": name, "target_order_id": target.order_id}
        with suppress(IllegalTransition):
            execute(OrderRequest(**fields, **terms))

    store.run(lambda uow: OrderHistory(uow).register(spot_instrument()))
    execute(new_order_request("C1", limit_price=D(90)))
    amend("R1", "REPLACE", quantity=D(6))
    amend("X1", "CANCEL")
    execute(new_order_request("C2", limit_price=D(110)))
    store.clock.move(timedelta(hours=1))
    executor.recover(limits=RecoveryLimits(pause=timedelta(0)))
    limits = ReconciliationLimits(grace=timedelta(0), pause=timedelta(0))
    reconcile(store, venue, ACCOUNT, heal=True, limits=limits)
    store.close()
    return points


def main(url, path, killed_at):
    """Run the process; exit code 0 means that it was not killed."""
    work(url, path, killed_at)
