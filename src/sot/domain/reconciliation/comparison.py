"""Compare a snapshot of the history with a snapshot of a venue."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

from sot.domain.orders.report import VenueReport
from sot.domain.reconciliation.difference import (
    Difference,
    conflicting_execution,
    missing_execution,
    order_difference,
    quantity_differences,
    terms_differences,
)
from sot.domain.reconciliation.snapshots import (
    HeldPosition,
    HistorySnapshot,
    KnownBalance,
    KnownExecution,
    KnownOrder,
    OrderIndex,
    VenueSnapshot,
)
from sot.domain.values.numbers import ZERO
from sot.domain.values.vocabulary import EventType, Mismatch, OrderStatus, PositionSide


def compare(
    history: HistorySnapshot, venue: VenueSnapshot, grace: timedelta = timedelta(seconds=10)
) -> tuple[Difference, ...]:
    """Find the differences between the history and a venue, as far as both snapshots cover them.

    Args:
        history: The snapshot of the history.
        venue: The snapshot of the venue, of the same account.
        grace: Orders that changed in the history less than this before the venue was asked are not compared.

    Returns:
        Each difference once.

    Rules: RECON-1.
    """
    return Comparison(history, venue, grace).differences


class Comparison:
    """The comparison of two snapshots.

    Attributes:
        history: The snapshot of the history.
        venue: The snapshot of the venue.
        changing_order_ids: The orders that are not compared.
        orders: The orders of the history, by id.
        order_index: The orders of the history, by their identifiers.
        statuses: The venue's ORDER_STATUS of orders of the history, by order id.
        executions: The executions that the venue lists, by execution id and leg. Several under one key differ.
    """

    def __init__(
        self,
        history: HistorySnapshot,
        venue: VenueSnapshot,
        grace: timedelta,
        changing_order_ids: frozenset[str] | None = None,
    ) -> None:
        """Prepare a comparison.

        Args:
            history: The snapshot of the history.
            venue: The snapshot of the venue.
            grace: The time before the venue was asked in which an order must not have changed in the history.
            changing_order_ids: The orders not to compare; None: those that changed within `grace`, or later.
        """
        self.history = history
        self.venue = venue
        self.order_index = OrderIndex(history.orders)
        self._settled_before = venue.asked_at - grace
        changing = (order.order_id for order in history.orders if order.changed_at > self._settled_before)
        self.changing_order_ids = frozenset(changing) if changing_order_ids is None else changing_order_ids
        self._changing_symbols = {order.symbol for order in history.orders if not self.is_comparable(order)}
        self.orders = {order.order_id: order for order in history.orders}
        self.statuses: dict[str, VenueReport] = {}
        self._unknown_statuses: list[VenueReport] = []
        for report in venue.orders:
            order = self.order_index.find(report)
            if order is None:
                self._unknown_statuses.append(report)
            else:
                self.statuses[order.order_id] = report
        self.executions = self._distinct_executions()
        self._matched_by_content = self._match_by_content()

    def is_comparable(self, order: KnownOrder) -> bool:
        """Whether an order did not change so recently that the venue's answer may be older than the change.

        Rules: RECON-4.
        """
        return order.order_id not in self.changing_order_ids

    def is_missing_execution(self, report: VenueReport) -> bool:
        """Whether the history does not have an execution that the venue lists, and should have it."""
        order = self.order_index.find(report)
        if order is None:
            return self.history.coverage.concerns(report.symbol)
        return self._is_missing(order, report)

    def is_new_execution(self, report: VenueReport) -> bool:
        """Whether an execution without an id is missing in the history, and is not a repeat within the list."""
        is_first = any(report is listed for listed in self.executions.get((None, report.leg), ()))
        return is_first and self.is_missing_execution(report)

    def _distinct_executions(self) -> dict[tuple[str | None, str], list[VenueReport]]:
        """The executions by id and leg, without repeats."""
        distinct: dict[tuple[str | None, str], dict[Hashable, VenueReport]] = {}
        for report in self.venue.executions:
            if report.type is EventType.TRADE:
                content = report.content_digest if report.exec_id is not None else self._content_key(report)
                distinct.setdefault((report.exec_id, report.leg), {}).setdefault(content, report)
        return {key: list(reports.values()) for key, reports in distinct.items()}

    def _content_key(self, report: VenueReport) -> Hashable:
        """What identifies an execution without an id in any list: its order, quantity, price and time.

        Rules: RECON-11.
        """
        order = self.order_index.find(report)
        if order is None:
            return report.content_digest
        return order.order_id, report.leg, report.last_quantity, report.last_price, report.occurred_at

    def _match_by_content(self) -> dict[Hashable, KnownExecution]:
        """Match listed executions without ids to executions of the history, each to one with the same terms.

        Rules: RECON-11.
        """
        matches = {}
        unmatched = {
            order.order_id: [execution for execution in order.executions if execution.exec_id is None]
            for order in self.history.orders
        }
        for order, report in self._executions_of_known_orders():
            if report.exec_id is None:
                candidates = unmatched[order.order_id]
                known = next(
                    (one for one in candidates if one.leg == report.leg and _has_same_terms(one, report)), None
                )
                if known is not None:
                    candidates.remove(known)
                    matches[self._content_key(report)] = known
        return matches

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """The differences, each once."""
        return tuple(dict.fromkeys(self._all_differences()))

    def _all_differences(self) -> Iterator[Difference]:
        missing = [
            (order, report) for order, report in self._comparable_executions() if self._is_missing(order, report)
        ]
        missing_by_order: dict[str, list[VenueReport]] = {}
        for order, report in missing:
            missing_by_order.setdefault(order.order_id, []).append(report)
        for order in self.history.orders:
            if self.is_comparable(order):
                yield from self._order_differences(order, missing_by_order.get(order.order_id, ()))
        yield from (missing_execution(order, report) for order, report in missing)
        yield from self._conflicting_executions()
        yield from self._unknown_orders()
        yield from self._position_differences()
        yield from self._balance_differences()

    # ---------------------------------------------------------------------------------------------------- orders

    def _order_differences(self, order: KnownOrder, missing: Sequence[VenueReport]) -> Iterator[Difference]:
        """The differences of an order and its status at the venue.

        Rules: RECON-5, RECON-8.
        """
        report = self.statuses.get(order.order_id)
        status = report.reported_status if report else None
        if order.in_doubt:
            yield order_difference(
                order, Mismatch.IN_DOUBT, exchange_status=status, reason="what became of a request is not known"
            )
        elif report is None:
            yield from self._not_listed(order)
        elif status is not None and _is_other_status(order.status, status):
            yield order_difference(order, Mismatch.STATUS_DIFFERS, exchange_status=status)
        if report is not None:
            yield from quantity_differences(order, report, missing)
            yield from terms_differences(order, report)
        if order.order_quantity is not None and order.cum_quantity > order.order_quantity:
            yield order_difference(
                order,
                Mismatch.OVERFILL,
                local_quantity=order.cum_quantity,
                exchange_quantity=order.order_quantity,
                reason="more was executed than was ordered",
            )
        yield from self._executions_missing_at_venue(order)

    def _not_listed(self, order: KnownOrder) -> Iterator[Difference]:
        """The difference of an order of which the venue has no status.

        Rules: RECON-5.
        """
        if not order.is_open or order.status in _NOT_SENT:
            return
        if order.order_id in self.venue.absent:
            yield order_difference(order, Mismatch.MISSING_AT_VENUE, reason="the venue knows no such order")
        elif self.venue.open_orders.covers(order.symbol):
            yield order_difference(
                order, Mismatch.MISSING_AT_VENUE, reason="it is not among the orders that work there"
            )

    def _executions_missing_at_venue(self, order: KnownOrder) -> Iterator[Difference]:
        """The differences of executions that the venue should list, and does not.

        Rules: RECON-9.
        """
        coverage = self.venue.executed
        if not coverage.covers(order.symbol):
            return
        for execution in order.executions:
            if execution.exec_id is None or execution.busted or execution.happened_at > self._settled_before:
                continue
            is_too_early = coverage.since is not None and execution.happened_at < coverage.since
            if not is_too_early and not self._is_listed(order, execution):
                yield order_difference(
                    order,
                    Mismatch.MISSING_AT_VENUE,
                    exec_id=execution.exec_id,
                    leg=execution.leg,
                    local_quantity=execution.quantity,
                    reason="the venue does not list this execution",
                )

    def _is_listed(self, order: KnownOrder, execution: KnownExecution) -> bool:
        return any(
            self.order_index.find(report) in (order, None)
            for exec_id in {execution.exec_id, execution.first_exec_id}
            for report in self.executions.get((exec_id, execution.leg), ())
        )

    # ------------------------------------------------------------------------------------------------ executions

    def _executions_of_known_orders(self) -> Iterator[tuple[KnownOrder, VenueReport]]:
        for reports in self.executions.values():
            for report in reports:
                order = self.order_index.find(report)
                if order is not None:
                    yield order, report

    def _comparable_executions(self) -> Iterator[tuple[KnownOrder, VenueReport]]:
        for order, report in self._executions_of_known_orders():
            if self.is_comparable(order):
                yield order, report

    def _known_execution(self, order: KnownOrder, report: VenueReport) -> KnownExecution | None:
        """The execution of the history that a report is about: by its id; without an id, by its terms."""
        if report.exec_id is not None:
            return order.find_execution(report.exec_id, report.leg)
        return self._matched_by_content.get(self._content_key(report))

    def _is_missing(self, order: KnownOrder, report: VenueReport) -> bool:
        """Whether the history lacks an execution that the venue lists.

        Rules: RECON-10.
        """
        return not report.invalid_fields() and self._known_execution(order, report) is None

    def _conflicting_executions(self) -> Iterator[Difference]:
        """The differences of listed executions that make no sense, or contradict the history.

        Rules: RECON-12.
        """
        for order, report in self._comparable_executions():
            known = self._known_execution(order, report)
            if report.invalid_fields():
                yield conflicting_execution(order, report, None, "what the venue says makes no sense")
            elif known is not None and (known.busted or not _has_same_terms(known, report)):
                reason = "it does not count here" if known.busted else "it says something else here"
                yield conflicting_execution(order, report, known, reason)

    def _unknown_orders(self) -> Iterator[Difference]:
        """The statuses, executions and waiting reports whose order is not in the history.

        Rules: RECON-13.
        """
        reported = set()
        for report in self._unknown_statuses:
            if self.history.coverage.concerns(report.symbol):
                reported |= _identifiers(report)
                yield Difference(
                    mismatch=Mismatch.MISSING_LOCAL,
                    client_order_id=report.client_order_id,
                    venue_order_id=report.venue_order_id,
                    symbol=report.symbol,
                    exchange_status=report.reported_status,
                    exchange_quantity=report.cum_quantity,
                    reason="the venue has an order that the history does not have",
                )
        executions = [report for reports in self.executions.values() for report in reports]
        for report in (*executions, *self.history.waiting):
            known = self.order_index.find(report) is not None or not reported.isdisjoint(_identifiers(report))
            if not known and self.history.coverage.concerns(report.symbol):
                yield Difference(
                    mismatch=Mismatch.UNKNOWN_ORDER,
                    client_order_id=report.client_order_id,
                    venue_order_id=report.venue_order_id,
                    symbol=report.symbol,
                    reason="a report, or an execution, of an order that nobody knows",
                )

    # ------------------------------------------------------------------------------------------------- positions

    def _position_differences(self) -> Iterator[Difference]:
        """The differences of positions.

        Rules: RECON-14.
        """
        local, exchange = _quantities_by_key(self.history.positions), _quantities_by_key(self.venue.positions)
        for key in sorted({*local, *exchange}):
            symbol, side, position_id = key
            local_quantity, exchange_quantity = local.get(key, ZERO), exchange.get(key, ZERO)
            if local_quantity != exchange_quantity and self.can_compare_position(symbol):
                yield Difference(
                    mismatch=Mismatch.POSITION_DIFFERS,
                    symbol=symbol,
                    position_side=side,
                    position_id=position_id,
                    local_quantity=local_quantity,
                    exchange_quantity=exchange_quantity,
                )

    def can_compare_position(self, symbol: str | None) -> bool:
        """Whether both snapshots cover the positions of a symbol, and none of its orders changed just now.

        Rules: RECON-14.
        """
        covered = self.venue.held.covers(symbol) and self.history.coverage.concerns(symbol)
        return covered and symbol not in self._changing_symbols

    # -------------------------------------------------------------------------------------------------- balances

    def _balance_differences(self) -> Iterator[Difference]:
        exchange = {balance.asset: balance.amount for balance in self.venue.balances}
        for asset in sorted({*self._known_balances, *exchange}):
            known = self._known_balances.get(asset)
            local_quantity = ZERO if known is None or known.amount is None else known.amount
            exchange_quantity = exchange.get(asset, ZERO)
            if local_quantity != exchange_quantity and self.can_compare_balance(asset):
                yield Difference(
                    mismatch=Mismatch.BALANCE_DIFFERS,
                    asset=asset,
                    local_quantity=local_quantity,
                    exchange_quantity=exchange_quantity,
                )

    @cached_property
    def _known_balances(self) -> dict[str, KnownBalance]:
        return {balance.asset: balance for balance in self.history.balances}

    def can_compare_balance(self, asset: str) -> bool:
        """Whether both snapshots cover an asset, and nothing moved it so recently that the venue's answer may be older.

        An asset that executions of symbols outside of the snapshot move, too, is not covered.

        Rules: RECON-15.
        """
        local, exchange = self.history.wallets, self.venue.wallets
        if local is None or exchange is None or not (local.covers(asset) and exchange.covers(asset)):
            return False
        known = self._known_balances.get(asset)
        if known is None:
            return self.history.coverage.symbols is None
        settled = known.moved_at is None or known.moved_at <= self._settled_before
        return (settled and known.amount is not None) and all(
            self.history.coverage.concerns(symbol) and symbol not in self._changing_symbols for symbol in known.symbols
        )


_NOT_SENT = frozenset({OrderStatus.CREATED, OrderStatus.FAILED})

_WORKING = frozenset({OrderStatus.NEW, OrderStatus.PARTIALLY_FILLED})


def _is_other_status(local: OrderStatus, exchange: OrderStatus) -> bool:
    """Whether two statuses contradict each other. How much was executed is compared by quantities."""
    return local is not exchange and not (local in _WORKING and exchange in _WORKING)


def _has_same_terms(known: KnownExecution, report: VenueReport) -> bool:
    """Whether quantity and price are the same. The original of a corrected execution is not compared."""
    if report.exec_id != known.exec_id:
        return True
    return (known.quantity, known.price) == (report.last_quantity, report.last_price)


def _identifiers(report: VenueReport) -> set[tuple[str, str]]:
    identifiers = {"client": report.client_order_id, "venue": report.venue_order_id}
    return {(kind, value) for kind, value in identifiers.items() if value is not None}


def _quantities_by_key(positions: Iterable[HeldPosition]) -> dict[tuple[str, PositionSide, str], Decimal]:
    return {position.key: position.quantity for position in positions}
