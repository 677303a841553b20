"""What the history has of an account at a venue, for a comparison with what the venue says."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sot.application.orders.matching import find_order
from sot.application.support.paging import every_order
from sot.domain.orders.fill import Executions, Fill
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.reconciliation.snapshots import (
    Coverage,
    HistorySnapshot,
    KnownExecution,
    KnownOrder,
    PositionHeld,
    VenueSnapshot,
)
from sot.domain.values.numbers import ZERO
from sot.ports.orders import OrderFilter
from sot.ports.store import UnitOfWork
from sot.ports.venue import VenueScope, sorted_symbols

Names = tuple[str | None, str | None, str | None, str, str]


def history_snapshot(
    uow: UnitOfWork,
    venue: VenueSnapshot,
    scope: VenueScope,
    order_ids: Iterable[str] = (),
    named: Iterable[VenueReport] = (),
) -> HistorySnapshot:
    """The open orders, those that the venue or `named` name, those of `order_ids`, and what else the venue covers."""
    found = _Found(uow, scope)
    for order in open_orders(uow, venue.venue, scope):
        found.add(order)
    for report in (*venue.orders, *venue.executions, *named):
        found.add_named(report)
    for order_id in order_ids:
        found.add(uow.orders.get(order_id))
    for order_id in _executed(uow, venue, scope):
        executed = uow.orders.get(order_id)
        if executed is not None and _in_scope(executed, scope):
            found.add(executed)
    return HistorySnapshot(
        account_id=scope.account_id,
        venue=venue.venue,
        venue_account=scope.venue_account,
        taken_at=uow.clock.now(),
        coverage=Coverage(symbols=sorted_symbols(scope.symbols), complete=True),
        orders=[found.known(order, venue.executed.since) for order in found.orders.values()],
        waiting=_waiting(uow, venue, scope),
        positions=_positions(uow, venue, scope),
    )


def open_orders(uow: UnitOfWork, venue: str, scope: VenueScope) -> Iterable[Order]:
    """The open orders of an account at a venue."""
    for order in every_order(uow, OrderFilter(account_id=scope.account_id, venue=venue, is_open=True)):
        if _in_scope(order, scope):
            yield order


def _in_scope(order: Order, scope: VenueScope) -> bool:
    same = (order.account_id, order.venue_account) == (scope.account_id, scope.venue_account)
    return same and scope.concerns(order.symbol)


class _Found:
    """Orders, with the names by which the venue's reports named them."""

    def __init__(self, uow: UnitOfWork, scope: VenueScope) -> None:
        self.orders: dict[str, Order] = {}
        self._uow = uow
        self._scope = scope
        self._by_names: dict[Names, Order | None] = {}
        self._client: dict[str, dict[str, None]] = {}
        self._venue: dict[str, dict[str, None]] = {}
        self._scopes: dict[str, dict[str, None]] = {}
        self._listed: dict[str, dict[tuple[str, str], None]] = {}

    def add(self, order: Order | None) -> None:
        if order is None or order.order_id in self.orders or order.state.attributed_to is not None:
            return
        if order.account_id == self._scope.account_id:
            self.orders[order.order_id] = order
            self._name(order, order.client_order_id, order.venue_order_id, order.id_scope)

    def add_named(self, report: VenueReport) -> None:
        names = (
            report.client_order_id,
            report.venue_order_id,
            report.orig_client_order_id,
            report.venue_account,
            report.id_scope,
        )
        if names not in self._by_names:
            self._by_names[names] = find_order(self._uow, report)
        order = self._by_names[names]
        if order is not None:
            self.add(order)
            self._name(order, report.client_order_id, report.venue_order_id, report.id_scope)
            if report.exec_id is not None:
                self._listed.setdefault(order.order_id, {})[report.exec_id, report.leg] = None

    def _name(self, order: Order, client: str | None, venue: str | None, id_scope: str) -> None:
        for names, name in ((self._client, client), (self._venue, venue), (self._scopes, id_scope or None)):
            if name is not None:
                names.setdefault(order.order_id, {})[name] = None

    def known(self, order: Order, since: datetime | None) -> KnownOrder:
        assert order.updated_at is not None
        return KnownOrder(
            order_id=order.order_id,
            symbol=order.symbol,
            status=order.status,
            is_open=order.is_open,
            in_doubt=order.in_doubt,
            order_quantity=order.order_quantity,
            cum_quantity=order.cum_quantity,
            changed_at=order.updated_at,
            client_order_ids=list(self._client.get(order.order_id, ())),
            venue_order_ids=list(self._venue.get(order.order_id, ())),
            id_scopes=list(self._scopes.get(order.order_id, ())),
            executions=list(self._executions(order, since)),
        )

    def _executions(self, order: Order, since: datetime | None) -> Iterator[KnownExecution]:
        """Those that the venue listed, or should have; also those that are recorded, and never counted."""
        listed = dict(self._listed.get(order.order_id, {}))
        for fill in Executions(self._uow.fills.list(order.account_id, order.order_id)).latest():
            ids = {(exec_id, fill.leg) for exec_id in (fill.exec_id, fill.first_exec_id) if exec_id is not None}
            named = [one for one in ids if one in listed]
            for one in named:
                del listed[one]
            if since is None or fill.happened_at >= since or named or not ids:
                yield _execution(fill)
        for exec_id, leg in listed:
            for event in self._uow.events.by_execution(order.account_id, order.order_id, exec_id, leg)[:1]:
                at = event.happened_at
                yield KnownExecution(quantity=ZERO, price=ZERO, happened_at=at, exec_id=exec_id, leg=leg, busted=True)


def _execution(fill: Fill) -> KnownExecution:
    return KnownExecution(
        exec_id=fill.exec_id,
        first_exec_id=fill.first_exec_id,
        leg=fill.leg,
        quantity=fill.quantity,
        price=fill.price,
        happened_at=fill.happened_at,
        busted=fill.busted,
    )


def _executed(uow: UnitOfWork, venue: VenueSnapshot, scope: VenueScope) -> Iterable[str]:
    """The orders of which something was executed in the time that the venue's list covers."""
    if not venue.executed.complete:
        return
    for key in uow.fills.positions(scope.account_id, venue.venue):
        if venue.executed.concerns(key.symbol):
            yield from {fill.order_id: None for fill in uow.fills.of_position(key, since=venue.executed.since)}


def _waiting(uow: UnitOfWork, venue: VenueSnapshot, scope: VenueScope) -> list[VenueReport]:
    waiting = (one.report for one in uow.reports.waiting(venue.account_id))
    return [
        report
        for report in waiting
        if report.venue in (None, venue.venue) and report.venue_account in ("", scope.venue_account)
        if scope.concerns(report.symbol)
    ]


def _positions(uow: UnitOfWork, venue: VenueSnapshot, scope: VenueScope) -> list[PositionHeld]:
    return [
        PositionHeld(
            symbol=key.symbol,
            quantity=state.quantity,
            position_side=key.position_side,
            position_id=key.position_id,
        )
        for key, state in uow.positions.list(scope.account_id, venue.venue)
        if scope.concerns(key.symbol)
    ]
