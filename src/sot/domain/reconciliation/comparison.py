"""Comparing the history with a venue: a pure function of two snapshots, each of which says what it covers.

What lies outside of either is never a difference. What changed in the history shortly before the venue was asked, or
since then, is not judged: the answer may be older than the change.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from functools import cached_property, reduce

import attrs

from sot.domain.orders.report import VenueReport
from sot.domain.reconciliation.snapshots import (
    HistorySnapshot,
    KnownExecution,
    KnownOrder,
    Names,
    PositionHeld,
    VenueSnapshot,
)
from sot.domain.values.canonical import digest
from sot.domain.values.fields import quoted
from sot.domain.values.numbers import ZERO, add
from sot.domain.values.vocabulary import EventType, Mismatch, OrderStatus, PositionSide


@attrs.frozen(kw_only=True)
class Difference:
    """How history and venue differ about one thing; the fields are those of a FINDING (see `Reconciliation`).

    `aspect` tells several differences of one kind and order apart.
    """

    mismatch: Mismatch
    aspect: str = ""
    order_id: str | None = None
    client_order_id: str | None = None
    venue_order_id: str | None = None
    exec_id: str | None = None
    leg: str = ""
    symbol: str | None = None
    position_side: PositionSide | None = None
    position_id: str = ""
    local_status: OrderStatus | None = None
    exchange_status: OrderStatus | None = None
    local_quantity: Decimal | None = None
    exchange_quantity: Decimal | None = None
    reason: str | None = None

    def subject(self, venue: VenueSnapshot) -> str:
        """What it is about, as a digest: the same thing has the same one, whatever the figures are."""
        position = None if self.position_side is None else f"{self.position_side} {self.position_id}"
        order = self.order_id or self.venue_order_id or self.client_order_id
        named = (venue.account_id, venue.venue, venue.venue_account, self.mismatch, self.aspect)
        parts = (*named, order, self.exec_id, self.leg, None if order else self.symbol, position)
        return digest("subject", "[" + ",".join("null" if part is None else quoted(part) for part in parts) + "]")


def compare(
    history: HistorySnapshot, venue: VenueSnapshot, grace: timedelta = timedelta(seconds=10)
) -> tuple[Difference, ...]:
    """Every difference between the history and the venue, as far as both cover it, each once."""
    return Comparison(history, venue, grace).differences


class Comparison:
    """Two snapshots beside each other.

    `moving` are ids of orders that are not to be judged; if it is not given, those that changed too recently. `orders`
    are the history's by id, `statuses` what the venue says of them, `executions` those that it lists, by id and leg.
    """

    def __init__(
        self,
        history: HistorySnapshot,
        venue: VenueSnapshot,
        grace: timedelta,
        moving: frozenset[str] | None = None,
    ) -> None:
        self.history = history
        self.venue = venue
        self.names = Names(history.orders)
        self._judged_before = venue.asked_at - grace
        late = (order.order_id for order in history.orders if order.changed_at > self._judged_before)
        self.moving = frozenset(late) if moving is None else moving
        self._moving_symbols = {order.symbol for order in history.orders if not self.judges(order)}
        self.orders = {order.order_id: order for order in history.orders}
        self.statuses: dict[str, VenueReport] = {}
        self._listed_only: list[VenueReport] = []
        for report in venue.orders:
            order = self.names.find(report)
            if order is None:
                self._listed_only.append(report)
            else:
                self.statuses[order.order_id] = report
        self.executions = self._distinct()
        self._nameless = self._matched()

    def judges(self, order: KnownOrder) -> bool:
        """Whether the venue's answer is not older than what is known of an order."""
        return order.order_id not in self.moving

    def unmatched(self, report: VenueReport) -> bool:
        """Whether the history does not have an execution that the venue listed, and should."""
        order = self.names.find(report)
        if order is None:
            return self.history.coverage.concerns(report.symbol)
        return self._lacks(order, report)

    def is_new(self, report: VenueReport) -> bool:
        """Whether an execution without an id is one that the history does not have, and was not listed otherwise."""
        listed = any(report is one for one in self.executions.get((None, report.leg), ()))
        return listed and self.unmatched(report)

    def _distinct(self) -> dict[tuple[str | None, str], list[VenueReport]]:
        """The executions by id and leg, those that say the same once."""
        found: dict[tuple[str | None, str], dict[Hashable, VenueReport]] = {}
        for report in self.venue.executions:
            if report.type is EventType.TRADE:
                same = report.content_digest if report.exec_id is not None else self._nameless_key(report)
                found.setdefault((report.exec_id, report.leg), {}).setdefault(same, report)
        return {key: list(same.values()) for key, same in found.items()}

    def _nameless_key(self, report: VenueReport) -> Hashable:
        """By what an execution without an id is the same, whoever tells of it: its order, quantity, price and time."""
        order = self.names.find(report)
        if order is None:
            return report.content_digest
        return order.order_id, report.leg, report.last_quantity, report.last_price, report.occurred_at

    def _matched(self) -> dict[Hashable, KnownExecution]:
        """The executions without ids that the venue lists, each with one of the history that says the same."""
        matched = {}
        left = {
            order.order_id: [one for one in order.executions if one.exec_id is None] for order in self.history.orders
        }
        for order, report in self._of_orders(judged=False):
            if report.exec_id is None:
                same = (one for one in left[order.order_id] if one.leg == report.leg and _agree(one, report))
                known = next(same, None)
                if known is not None:
                    left[order.order_id].remove(known)
                    matched[self._nameless_key(report)] = known
        return matched

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """All of them, each once."""
        return tuple(dict.fromkeys(self._all()))

    def _all(self) -> Iterator[Difference]:
        missing = [(order, report) for order, report in self._of_orders() if self._lacks(order, report)]
        by_order: dict[str, list[VenueReport]] = {}
        for order, report in missing:
            by_order.setdefault(order.order_id, []).append(report)
        for order in self.history.orders:
            if self.judges(order):
                yield from self._order(order, by_order.get(order.order_id, ()))
        yield from (_missing_execution(order, report) for order, report in missing)
        yield from self._conflicting()
        yield from self._unknown()
        yield from self._positions()

    # ---------------------------------------------------------------------------------------------------- orders

    def _order(self, order: KnownOrder, missing: Sequence[VenueReport]) -> Iterator[Difference]:
        said = self.statuses.get(order.order_id)
        status = said.reported_status if said else None
        if order.in_doubt:
            yield _about(
                order, Mismatch.IN_DOUBT, exchange_status=status, reason="what became of a request is not known"
            )
        elif said is None:
            yield from self._not_listed(order)
        elif status is not None and _differs(order.status, status):
            yield _about(order, Mismatch.STATUS_DIFFERS, exchange_status=status)
        if said is not None:
            yield from _quantities(order, said, missing)
        if order.order_quantity is not None and order.cum_quantity > order.order_quantity:
            yield _about(
                order,
                Mismatch.OVERFILL,
                local_quantity=order.cum_quantity,
                exchange_quantity=order.order_quantity,
                reason="more was executed than was ordered",
            )
        yield from self._executions_only_here(order)

    def _not_listed(self, order: KnownOrder) -> Iterator[Difference]:
        if not order.is_open or order.status in _NOT_SENT:
            return
        if order.order_id in self.venue.absent:
            yield _about(order, Mismatch.MISSING_AT_VENUE, reason="the venue knows no such order")
        elif self.venue.open_orders.covers(order.symbol):
            yield _about(order, Mismatch.MISSING_AT_VENUE, reason="it is not among the orders that work there")

    def _executions_only_here(self, order: KnownOrder) -> Iterator[Difference]:
        covered = self.venue.executed
        if not covered.covers(order.symbol):
            return
        for execution in order.executions:
            if execution.exec_id is None or execution.busted or execution.happened_at > self._judged_before:
                continue
            early = covered.since is not None and execution.happened_at < covered.since
            if not early and self._listed(order, execution) is None:
                yield _about(
                    order,
                    Mismatch.MISSING_AT_VENUE,
                    exec_id=execution.exec_id,
                    leg=execution.leg,
                    local_quantity=execution.quantity,
                    reason="the venue does not list this execution",
                )

    def _listed(self, order: KnownOrder, execution: KnownExecution) -> VenueReport | None:
        for exec_id in {execution.exec_id, execution.first_exec_id}:
            for report in self.executions.get((exec_id, execution.leg), ()):
                if self.names.find(report) in (order, None):
                    return report
        return None

    # ------------------------------------------------------------------------------------------------ executions

    def _of_orders(self, judged: bool = True) -> Iterator[tuple[KnownOrder, VenueReport]]:
        """The executions that the venue lists of orders that are known; `judged`: of those that can be judged."""
        for reports in self.executions.values():
            for report in reports:
                order = self.names.find(report)
                if order is not None and (self.judges(order) or not judged):
                    yield order, report

    def _same(self, order: KnownOrder, report: VenueReport) -> KnownExecution | None:
        """The execution of the order that a report is about: by its id; without one, by what it says."""
        if report.exec_id is not None:
            return held(order, report.exec_id, report.leg)
        return self._nameless.get(self._nameless_key(report))

    def _lacks(self, order: KnownOrder, report: VenueReport) -> bool:
        return not report.invalid_fields() and self._same(order, report) is None

    def _conflicting(self) -> Iterator[Difference]:
        for order, report in self._of_orders():
            known = self._same(order, report)
            if report.invalid_fields():
                yield _conflict(order, report, None, "what the venue says makes no sense")
            elif known is not None and (known.busted or not _agree(known, report)):
                why = "it does not count here" if known.busted else "it says something else here"
                yield _conflict(order, report, known, why)

    def _unknown(self) -> Iterator[Difference]:
        """Orders, executions and waiting reports that name no order of the history."""
        listed = set()
        for report in self._listed_only:
            if self.history.coverage.concerns(report.symbol):
                listed |= _names_of(report)
                yield Difference(
                    mismatch=Mismatch.MISSING_LOCAL,
                    client_order_id=report.client_order_id,
                    venue_order_id=report.venue_order_id,
                    symbol=report.symbol,
                    exchange_status=report.reported_status,
                    exchange_quantity=report.cum_quantity,
                    reason="the venue has an order that the history does not have",
                )
        executed = [report for reports in self.executions.values() for report in reports]
        for report in (*executed, *self.history.waiting):
            known = self.names.find(report) is not None or not listed.isdisjoint(_names_of(report))
            if not known and self.history.coverage.concerns(report.symbol):
                yield Difference(
                    mismatch=Mismatch.UNKNOWN_ORDER,
                    client_order_id=report.client_order_id,
                    venue_order_id=report.venue_order_id,
                    symbol=report.symbol,
                    reason="a report, or an execution, of an order that nobody knows",
                )

    # ------------------------------------------------------------------------------------------------- positions

    def _positions(self) -> Iterator[Difference]:
        here, there = _by_key(self.history.positions), _by_key(self.venue.positions)
        for key in sorted({*here, *there}):
            symbol, side, position_id = key
            ours, theirs = here.get(key, ZERO), there.get(key, ZERO)
            if ours != theirs and self.compares_position(symbol):
                yield Difference(
                    mismatch=Mismatch.POSITION_DIFFERS,
                    symbol=symbol,
                    position_side=side,
                    position_id=position_id,
                    local_quantity=ours,
                    exchange_quantity=theirs,
                )

    def compares_position(self, symbol: str | None) -> bool:
        """Whether the positions of a symbol can be compared: both are there, and no order moves them just now.

        The history's are those of all accounts at the venue together.
        """
        if self.venue.venue_account:
            return False
        covered = self.venue.held.covers(symbol) and self.history.coverage.concerns(symbol)
        return covered and symbol not in self._moving_symbols


_NOT_SENT = frozenset({OrderStatus.CREATED, OrderStatus.FAILED})


_WORKING = frozenset({OrderStatus.NEW, OrderStatus.PARTIALLY_FILLED})


def _differs(ours: OrderStatus, theirs: OrderStatus) -> bool:
    """Whether the statuses cannot both be right; how much was executed is told by quantities."""
    return ours is not theirs and not (ours in _WORKING and theirs in _WORKING)


def _quantities(order: KnownOrder, said: VenueReport, missing: Iterable[VenueReport]) -> Iterator[Difference]:
    explained = reduce(add, (report.last_quantity or ZERO for report in missing), order.cum_quantity)
    if said.cum_quantity is not None and said.cum_quantity not in (order.cum_quantity, explained):
        yield _about(
            order,
            Mismatch.QUANTITY_DIFFERS,
            aspect="executed",
            local_quantity=order.cum_quantity,
            exchange_quantity=said.cum_quantity,
            exchange_status=said.reported_status,
            reason="the executions that are listed do not explain what the venue says was executed",
        )
    ordered = said.order_quantity
    if order.is_open and None not in (ordered, order.order_quantity) and ordered != order.order_quantity:
        yield _about(
            order,
            Mismatch.QUANTITY_DIFFERS,
            aspect="ordered",
            local_quantity=order.order_quantity,
            exchange_quantity=ordered,
            exchange_status=said.reported_status,
            reason="another quantity is ordered there",
        )


def _about(order: KnownOrder, mismatch: Mismatch, **said: object) -> Difference:
    make: Callable[..., Difference] = Difference
    return make(
        mismatch=mismatch,
        order_id=order.order_id,
        client_order_id=order.client_order_ids[-1] if order.client_order_ids else None,
        venue_order_id=order.venue_order_ids[-1] if order.venue_order_ids else None,
        symbol=order.symbol,
        local_status=order.status,
        **said,
    )


def _missing_execution(order: KnownOrder, report: VenueReport) -> Difference:
    return _of_execution(order, report, Mismatch.MISSING_EXECUTION, reason="the history does not have this execution")


def _conflict(order: KnownOrder, report: VenueReport, known: KnownExecution | None, reason: str) -> Difference:
    ours = known.quantity if known else None
    return _of_execution(order, report, Mismatch.CONFLICTING_EXECUTION, local_quantity=ours, reason=reason)


def _of_execution(order: KnownOrder, report: VenueReport, mismatch: Mismatch, **said: object) -> Difference:
    return _about(
        order,
        mismatch,
        exec_id=report.exec_id,
        leg=report.leg,
        exchange_quantity=report.last_quantity,
        aspect="" if report.exec_id else report.content_digest,
        **said,
    )


def held(order: KnownOrder, exec_id: str | None, leg: str) -> KnownExecution | None:
    """The execution of an order that is, or was, known by an id."""
    return next(
        (one for one in order.executions if exec_id in (one.exec_id, one.first_exec_id) and one.leg == leg), None
    )


def _agree(known: KnownExecution, report: VenueReport) -> bool:
    """Whether they say the same; what was corrected since is not held against the original."""
    if report.exec_id != known.exec_id:
        return True
    return (known.quantity, known.price) == (report.last_quantity, report.last_price)


def _names_of(report: VenueReport) -> set[tuple[str, str]]:
    named = {"client": report.client_order_id, "venue": report.venue_order_id}
    return {(kind, name) for kind, name in named.items() if name is not None}


def _by_key(positions: Iterable[PositionHeld]) -> dict[tuple[str, PositionSide, str], Decimal]:
    return {position.key: position.quantity for position in positions}
