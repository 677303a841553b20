"""The executions of a moment, what they cost, and the snapshots of profit and loss."""

from collections.abc import Sequence
from datetime import datetime

import attrs

from sot.application.accounting.costs import costs_of
from sot.application.as_of.point_in_time import MICROSECOND, Moment
from sot.domain.accounting.costs import OrderCosts
from sot.domain.accounting.pnl import OrderPnl
from sot.domain.orders.fill import Executions, Fill
from sot.domain.values.position_key import PositionKey
from sot.ports.store import UnitOfWork


@attrs.frozen
class PastFills:
    """The executions of a moment.

    Those of an order are what its events up to then stated. Those of a position are what was known of them, of those
    that had happened, each by its own time: a late report of an early execution counts.
    """

    moment: Moment
    then: UnitOfWork

    def list(self, account_id: str, order_id: str) -> Sequence[Fill]:
        """All versions of an order's executions, by (execution, version)."""
        order = self.then.orders.get(order_id)
        if order is None:
            return ()
        versions = self.moment.uow.fills.list(account_id, order_id)
        return [fill for fill in versions if fill.sequence <= order.last_sequence]

    def by_exec_id(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[Fill]:
        """All versions of the one execution that was known by this id; empty if there was none."""
        found = self.moment.uow.fills.by_exec_id(account_id, order_id, exec_id, leg)
        order = self.then.orders.get(order_id)
        return [fill for fill in found if order is not None and fill.sequence <= order.last_sequence]

    def effective_versions(self, account_id: str, order_id: str, upto: int, after: int, limit: int) -> Sequence[Fill]:
        """The versions that held after the event `upto`, which is one of then."""
        return self.moment.uow.fills.effective_versions(account_id, order_id, upto, after, limit)

    def of_position(
        self, key: PositionKey, since: datetime | None = None, known: object = None, before: datetime | None = None
    ) -> Sequence[Fill]:
        """The executions that held and moved this position, in no order."""
        ends = [at for at in (self._end, before) if at is not None]
        return self.moment.uow.fills.of_position(key, since, self.moment.known, min(ends, default=None))

    def time_after(self, key: PositionKey, since: datetime | None, count: int) -> datetime | None:
        """A moment before which about so many happened; None: there were no more than these."""
        found = self.moment.uow.fills.time_after(key, since, count)
        return found if found is not None and self.moment.had(found) else None

    @property
    def _end(self) -> datetime | None:
        return None if self.moment.happened_by is None else self.moment.happened_by + MICROSECOND

    def positions(self, account_id: str, venue: str | None = None, symbol: str | None = None) -> Sequence[PositionKey]:
        """The positions that executions name, those among them that nothing had moved yet."""
        return self.moment.uow.fills.positions(account_id, venue, symbol)


@attrs.frozen
class PastCosts:
    """The costs of a moment: of the executions up to then, by what was known of the instrument."""

    then: UnitOfWork

    def get(self, account_id: str, order_id: str) -> OrderCosts | None:
        """An order's costs; None if there was no such order."""
        order = self.then.orders.get(order_id)
        if order is None:
            return None
        request = self.then.requests.get(order.request_id) if order.request_id else None
        return costs_of(self.then, order, Executions(self.then.fills.list(account_id, order_id)), request)


@attrs.frozen
class PastPnlSnapshots:
    """The snapshots of a moment: those whose mark is among the order's events up to then."""

    moment: Moment
    then: UnitOfWork

    def list(self, account_id: str, order_id: str) -> Sequence[OrderPnl]:
        """An order's snapshots by sequence."""
        order = self.then.orders.get(order_id)
        if order is None:
            return ()
        snapshots = self.moment.uow.pnl.list(account_id, order_id)
        return [snapshot for snapshot in snapshots if snapshot.sequence <= order.last_sequence]

    def last(self, account_id: str, order_id: str, upto: int) -> OrderPnl | None:
        """The last snapshot up to a sequence, which is one of then."""
        return self.moment.uow.pnl.last(account_id, order_id, upto)
