"""Executions, costs, and snapshots of profit and loss at a point in time."""

from collections.abc import Sequence
from datetime import datetime

import attrs

from sot.application.accounting.costs import costs_of
from sot.application.as_of.point_in_time import MICROSECOND, PointInTime
from sot.domain.accounting.costs import OrderCosts
from sot.domain.accounting.pnl import OrderPnl
from sot.domain.orders.fill import Executions, Fill
from sot.domain.values.position_key import PositionKey
from sot.ports.store import UnitOfWork


@attrs.frozen
class PastFills:
    """The executions at a point in time.

    Those of an order are what its events up to then stated. Those of a position are the known ones that had happened,
    each by its own time, so that an early execution which was reported late counts.
    """

    point: PointInTime
    past: UnitOfWork

    def list(self, account_id: str, order_id: str) -> Sequence[Fill]:
        """All versions of an order's executions, by (execution, version)."""
        order = self.past.orders.get(order_id)
        if order is None:
            return ()
        versions = self.point.uow.fills.list(account_id, order_id)
        return [fill for fill in versions if fill.sequence <= order.last_sequence]

    def by_exec_id(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[Fill]:
        """All versions of the execution that had this id; empty if there was none."""
        versions = self.point.uow.fills.by_exec_id(account_id, order_id, exec_id, leg)
        order = self.past.orders.get(order_id)
        return [fill for fill in versions if order is not None and fill.sequence <= order.last_sequence]

    def effective_versions(self, account_id: str, order_id: str, upto: int, after: int, limit: int) -> Sequence[Fill]:
        """The versions that were effective after the event `upto`, which is one of that time."""
        return self.point.uow.fills.effective_versions(account_id, order_id, upto, after, limit)

    def of_position(
        self, key: PositionKey, since: datetime | None = None, known: object = None, before: datetime | None = None
    ) -> Sequence[Fill]:
        """The effective executions that moved this position, in no order.

        Rules: PAST-4.
        """
        ends = [at for at in (self._end, before) if at is not None]
        return self.point.uow.fills.of_position(key, since, self.point.known, min(ends, default=None))

    def time_after(self, key: PositionKey, since: datetime | None, count: int) -> datetime | None:
        """A time before which about `count` executions happened; None if there were no more than these."""
        time = self.point.uow.fills.time_after(key, since, count)
        return time if time is not None and self.point.had_happened(time) else None

    @property
    def _end(self) -> datetime | None:
        return None if self.point.happened_by is None else self.point.happened_by + MICROSECOND

    def positions(self, account_id: str, venue: str | None = None, symbol: str | None = None) -> Sequence[PositionKey]:
        """The positions that executions name, including those that nothing had moved yet."""
        return self.point.uow.fills.positions(account_id, venue, symbol)


@attrs.frozen
class PastCosts:
    """The costs at a point in time, with the versions of the instrument that were known."""

    past: UnitOfWork

    def get(self, account_id: str, order_id: str) -> OrderCosts | None:
        """An order's costs; None if there was no such order."""
        order = self.past.orders.get(order_id)
        if order is None:
            return None
        request = self.past.requests.get(order.request_id) if order.request_id else None
        return costs_of(self.past, order, Executions(self.past.fills.list(account_id, order_id)), request)


@attrs.frozen
class PastPnlSnapshots:
    """The snapshots of profit and loss at a point in time: those whose MARKED event is among the events up to then."""

    point: PointInTime
    past: UnitOfWork

    def list(self, account_id: str, order_id: str) -> Sequence[OrderPnl]:
        """An order's snapshots by sequence."""
        order = self.past.orders.get(order_id)
        if order is None:
            return ()
        snapshots = self.point.uow.pnl.list(account_id, order_id)
        return [snapshot for snapshot in snapshots if snapshot.sequence <= order.last_sequence]

    def last(self, account_id: str, order_id: str, upto: int) -> OrderPnl | None:
        """The last snapshot up to a sequence, which is one of that time."""
        return self.point.uow.pnl.last(account_id, order_id, upto)
