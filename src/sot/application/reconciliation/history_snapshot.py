"""The snapshot of the history for a comparison with a venue."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sot.application.orders.matching import find_order
from sot.application.reconciliation.known_balances import known_balances
from sot.application.support.paging import every_order
from sot.domain.orders.fill import Executions, Fill
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.reconciliation.record import Reconciliation
from sot.domain.reconciliation.resolution import identifying_report
from sot.domain.reconciliation.snapshots import (
    Coverage,
    HeldPosition,
    HistorySnapshot,
    KnownExecution,
    KnownOrder,
    VenueSnapshot,
)
from sot.domain.values.numbers import ZERO
from sot.ports.orders import OrderFilter
from sot.ports.store import UnitOfWork
from sot.ports.venue import VenueScope, sorted_symbols

_ReportIdentifiers = tuple[str | None, ...]


def history_snapshot(
    uow: UnitOfWork,
    venue: VenueSnapshot,
    scope: VenueScope,
    findings: Iterable[Reconciliation] = (),
    order_ids: Iterable[str] = (),
) -> HistorySnapshot:
    """Take the snapshot of the history that a venue's snapshot is compared with.

    It has the open orders, those that a report of the venue names, those of which an execution happened in the time
    that the venue's list covers, the waiting reports, the positions and, if the venue listed its own, the balances.

    Args:
        uow: The unit of work to read from.
        venue: The snapshot of the venue.
        scope: The account and symbols to compare.
        findings: Open findings, whose orders and executions are included.
        order_ids: Further orders to include, whatever their state.

    Rules: HEAL-8.
    """
    selection = _OrderSelection(uow, scope)
    for order in open_orders(uow, venue.venue, scope):
        selection.add(order)
    for report in (*venue.orders, *venue.executions):
        selection.add_order_of(report)
    for finding in findings:
        selection.add_order_of_finding(finding)
    for order_id in order_ids:
        selection.add(uow.orders.get(order_id))
    for order_id in _executed_orders(uow, venue, scope):
        executed_order = uow.orders.get(order_id)
        if executed_order is not None and _is_in_scope(executed_order, scope):
            selection.add(executed_order)
    orders = list(selection.orders.values())
    balances, wallets = ([], None) if venue.wallets is None else known_balances(uow, venue.venue, scope, orders)
    return HistorySnapshot(
        account_id=scope.account_id,
        venue=venue.venue,
        venue_account=scope.venue_account,
        taken_at=uow.clock.now(),
        coverage=Coverage(symbols=sorted_symbols(scope.symbols), complete=True),
        orders=[selection.known_order(order, venue.executed.since) for order in orders],
        attributed=list(selection.attributed),
        waiting=_waiting_reports(uow, venue, scope),
        positions=_positions(uow, venue, scope),
        balances=balances,
        wallets=wallets,
    )


def open_orders(uow: UnitOfWork, venue: str, scope: VenueScope) -> Iterable[Order]:
    """Iterate over the open orders of an account at a venue."""
    for order in every_order(uow, OrderFilter(account_id=scope.account_id, venue=venue, is_open=True)):
        if _is_in_scope(order, scope):
            yield order


def _is_in_scope(order: Order, scope: VenueScope) -> bool:
    same = (order.account_id, order.venue_account) == (scope.account_id, scope.venue_account)
    return same and scope.concerns(order.symbol)


class _OrderSelection:
    """The orders of a snapshot, with the identifiers by which the venue's reports name them."""

    def __init__(self, uow: UnitOfWork, scope: VenueScope) -> None:
        self.orders: dict[str, Order] = {}
        self.attributed: dict[str, None] = {}
        self._uow = uow
        self._scope = scope
        self._by_identifiers: dict[_ReportIdentifiers, Order | None] = {}
        self._client_order_ids: dict[str, dict[str, None]] = {}
        self._venue_order_ids: dict[str, dict[str, None]] = {}
        self._id_scopes: dict[str, dict[str, None]] = {}
        self._named_executions: dict[str, dict[tuple[str, str], None]] = {}

    def add(self, order: Order | None) -> None:
        if order is None or order.order_id in self.orders or order.account_id != self._scope.account_id:
            return
        if order.state.attributed_to is not None:
            self.attributed[order.order_id] = None
        else:
            self.orders[order.order_id] = order
            self._add_identifiers(order, order.client_order_id, order.venue_order_id, order.id_scope)

    def add_order_of(self, report: VenueReport) -> None:
        identifiers = (
            report.client_order_id,
            report.venue_order_id,
            report.orig_client_order_id,
            report.venue_account,
            report.id_scope,
            report.symbol,
            report.side,
            report.type,
        )
        if identifiers not in self._by_identifiers:
            self._by_identifiers[identifiers] = find_order(self._uow, report)
        order = self._by_identifiers[identifiers]
        if order is not None:
            self.add(order)
            self._add_identifiers(order, report.client_order_id, report.venue_order_id, report.id_scope)
            self._add_execution(order.order_id, report.exec_id, report.leg)

    def add_order_of_finding(self, finding: Reconciliation) -> None:
        if finding.order_id is None:
            self.add_order_of(identifying_report(finding))
        else:
            self.add(self._uow.orders.get(finding.order_id))
            self._add_execution(finding.order_id, finding.exec_id, finding.leg)

    def _add_execution(self, order_id: str, exec_id: str | None, leg: str) -> None:
        if exec_id is not None:
            self._named_executions.setdefault(order_id, {})[exec_id, leg] = None

    def _add_identifiers(
        self, order: Order, client_order_id: str | None, venue_order_id: str | None, id_scope: str
    ) -> None:
        for by_order, value in (
            (self._client_order_ids, client_order_id),
            (self._venue_order_ids, venue_order_id),
            (self._id_scopes, id_scope or None),
        ):
            if value is not None:
                by_order.setdefault(order.order_id, {})[value] = None

    def known_order(self, order: Order, since: datetime | None) -> KnownOrder:
        assert order.updated_at is not None
        return KnownOrder(
            order_id=order.order_id,
            symbol=order.symbol,
            status=order.status,
            is_open=order.is_open,
            in_doubt=order.in_doubt,
            order_quantity=order.order_quantity,
            limit_price=order.state.limit_price,
            stop_price=order.state.stop_price,
            cum_quantity=order.cum_quantity,
            changed_at=order.updated_at,
            client_order_ids=list(self._client_order_ids.get(order.order_id, ())),
            venue_order_ids=list(self._venue_order_ids.get(order.order_id, ())),
            id_scopes=list(self._id_scopes.get(order.order_id, ())),
            executions=list(self._executions(order, since)),
        )

    def _executions(self, order: Order, since: datetime | None) -> Iterator[KnownExecution]:
        """The executions that the venue listed, or should have, and those of findings.

        Recorded ones that never counted are busted.

        Rules: HEAL-8.
        """
        named = dict(self._named_executions.get(order.order_id, {}))
        for fill in Executions(self._uow.fills.list(order.account_id, order.order_id)).latest():
            ids = {(exec_id, fill.leg) for exec_id in (fill.exec_id, fill.first_exec_id) if exec_id is not None}
            matches = ids & named.keys()
            for match in matches:
                del named[match]
            if since is None or fill.happened_at >= since or matches or not ids:
                yield _known_execution(fill)
        for exec_id, leg in named:
            for event in self._uow.events.by_execution(order.account_id, order.order_id, exec_id, leg)[:1]:
                at = event.happened_at
                yield KnownExecution(quantity=ZERO, price=ZERO, happened_at=at, exec_id=exec_id, leg=leg, busted=True)


def _known_execution(fill: Fill) -> KnownExecution:
    return KnownExecution(
        exec_id=fill.exec_id,
        first_exec_id=fill.first_exec_id,
        leg=fill.leg,
        quantity=fill.quantity,
        price=fill.price,
        happened_at=fill.happened_at,
        busted=fill.busted,
    )


def _executed_orders(uow: UnitOfWork, venue: VenueSnapshot, scope: VenueScope) -> Iterable[str]:
    """The ids of the orders with an execution in the time that the venue's list covers.

    Rules: HEAL-8.
    """
    if not venue.executed.complete:
        return
    for key in uow.fills.positions(scope.account_id, venue.venue):
        if venue.executed.concerns(key.symbol):
            yield from {fill.order_id: None for fill in uow.fills.of_position(key, since=venue.executed.since)}


def _waiting_reports(uow: UnitOfWork, venue: VenueSnapshot, scope: VenueScope) -> list[VenueReport]:
    reports = (waiting.report for waiting in uow.reports.waiting(venue.account_id))
    return [
        report
        for report in reports
        if report.venue in (None, venue.venue) and report.venue_account in ("", scope.venue_account)
        if scope.concerns(report.symbol)
    ]


def _positions(uow: UnitOfWork, venue: VenueSnapshot, scope: VenueScope) -> list[HeldPosition]:
    return [
        HeldPosition(
            symbol=key.symbol,
            quantity=state.quantity,
            position_side=key.position_side,
            position_id=key.position_id,
        )
        for key, state in uow.positions.list(scope.account_id, venue.venue, venue_account=scope.venue_account)
        if scope.concerns(key.symbol)
    ]
