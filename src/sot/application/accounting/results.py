"""Asking for positions, round trips, realized results and costs. Nothing here writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, TypeVar

import attrs

from sot.application.accounting.costs import no_costs
from sot.application.accounting.positions import entries, positions_of_facts
from sot.application.support.paging import every_order, stretch
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.cost_analysis import CostAnalysis
from sot.domain.accounting.fold import PositionFold
from sot.domain.accounting.position import Position, PositionState
from sot.domain.accounting.rates import Rates
from sot.domain.accounting.results import Contribution, Realized, contributions
from sot.domain.accounting.round_trips import RoundTrip, round_trips
from sot.domain.orders.fill import Executions
from sot.domain.orders.order import Order
from sot.domain.values import fields
from sot.domain.values.errors import NotFound
from sot.domain.values.instrument import Instrument, version_at
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import GroupBy, Method
from sot.ports.orders import OrderFilter
from sot.ports.paging import Stretch
from sot.ports.store import UnitOfWork

G = TypeVar("G", Realized, CostAnalysis)


@attrs.frozen(kw_only=True)
class Scope:
    """What a query is about; an absent field does not narrow it. Times are half-open, and of what happened."""

    account_id: str
    venue: str | None = None
    symbol: str | None = None
    strategy_code: str | None = None
    since: datetime | None = None
    before: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """Whether a moment is within."""
        return (self.since is None or at >= self.since) and (self.before is None or at < self.before)


def position(uow: UnitOfWork, key: PositionKey, method: Method, rates: Rates | None, hint: str = "") -> Position:
    """One position. Raises: NotFound: the instrument is not registered."""
    instruments = uow.instruments.versions(key.account_id, key.venue, key.symbol)
    if not instruments:
        why = hint or "register it, and its positions are made from what was recorded"
        raise NotFound("instrument", f"{key.venue} {key.symbol}", why)
    return _seen(uow, key, instruments, uow.positions.get(key), method, rates)


def _seen(
    uow: UnitOfWork,
    key: PositionKey,
    instruments: Sequence[Instrument],
    stored: PositionState | None,
    method: Method,
    rates: Rates | None,
) -> Position:
    """A position as a method sees it; `stored` are its sums."""
    foreign = stored is not None and bool(stored.unvalued or stored.unvalued_results)
    rates = rates if foreign else None
    if method is Method.AVERAGE and rates is None:
        state = stored or PositionState()
        at = state.last_at
        instrument = instruments[0] if at is None else version_at(instruments, at)
        return Position(key=key, method=method, instrument=instrument, state=state)
    start = None if rates is not None else uow.positions.last_snapshot(key, common=True)
    fold = PositionFold(instruments, method, rates, start)
    fold.fold(entries(uow, key, start))
    return fold.position(key)


def _all_seen(
    uow: UnitOfWork, found: Iterable[tuple[PositionKey, PositionState]], method: Method, rates: Rates | None
) -> list[Position]:
    return [_seen(uow, key, uow.instruments.versions(*key[:3]), state, method, rates) for key, state in found]


def positions(
    uow: UnitOfWork, scope: Scope, method: Method, rates: Rates | None, include_flat: bool
) -> Sequence[Position]:
    """The positions of an account, by venue, symbol, side and id."""
    found = uow.positions.list(scope.account_id, scope.venue, scope.symbol, not include_flat)
    return _all_seen(uow, found, method, rates)


def positions_page(
    uow: UnitOfWork,
    scope: Scope,
    method: Method,
    rates: Rates | None,
    include_flat: bool,
    after: PositionKey | None,
    limit: int,
) -> Stretch[Position, PositionKey]:
    """At most so many of them behind one."""
    wanted = (scope.account_id, scope.venue, scope.symbol, not include_flat)
    part = stretch(uow.positions.list(*wanted, after, limit + 1), limit, itemgetter(0))
    return Stretch(_all_seen(uow, part.items, method, rates), part.next)


def _moved(uow: UnitOfWork, scope: Scope) -> Iterator[tuple[PositionKey, Sequence[Instrument]]]:
    """The positions that facts name, of instruments that are registered."""
    for key in positions_of_facts(uow, scope.account_id, scope.venue, scope.symbol):
        instruments = uow.instruments.versions(key.account_id, key.venue, key.symbol)
        if instruments:
            yield key, instruments


def trips(uow: UnitOfWork, scope: Scope, rates: Rates | None) -> list[RoundTrip]:
    """Round trips that ended within the times of the scope, by their end; those that are open come last."""
    found: list[RoundTrip] = []
    for key, instruments in _moved(uow, scope):
        found += round_trips(key, PositionFold(instruments, rates=rates), entries(uow, key))
    closed = [trip for trip in found if trip.closed_at is not None and scope.covers(trip.closed_at)]
    still_open = [trip for trip in found if trip.closed_at is None and (scope.before is None)]
    return sorted(closed, key=_by_end) + sorted(still_open, key=_by_start)


def _by_end(trip: RoundTrip) -> Any:
    return trip.closed_at, trip.opened_at, trip.key


def _by_start(trip: RoundTrip) -> Any:
    return trip.opened_at, trip.key


def contributed(uow: UnitOfWork, scope: Scope, method: Method, rates: Rates | None) -> Iterator[Contribution]:
    """What every fill and account event within the scope contributed, position by position."""
    for key, instruments in _moved(uow, scope):
        fold = PositionFold(instruments, method, rates)
        for part in contributions(key, fold, entries(uow, key)):
            if scope.covers(part.at):
                yield part


def realized(
    uow: UnitOfWork, scope: Scope, by: Sequence[GroupBy], method: Method, rates: Rates | None
) -> list[Realized]:
    """Realized results, summed by what `by` names; one row more per currency."""
    groups: dict[tuple[Any, ...], Realized] = {}
    strategies = _Strategies(uow)
    for part in contributed(uow, scope, method, rates):
        strategy = strategies.of(part.entry) if _asks_strategy(scope, by) else ""
        if scope.strategy_code in (None, strategy):
            labels = _labels(by, part.at, part.key.venue, part.key.symbol, strategy, part.entry.order_id)
            _group(groups, Realized, part.currency, labels).add(part)
    for event in _of_no_position(uow, scope):
        strategy = event.strategy_code or ""
        if scope.strategy_code in (None, strategy):
            assert event.currency is not None and event.amount is not None
            labels = _labels(by, event.occurred_at, event.venue, "", strategy, event.order_id)
            row = _group(groups, Realized, event.currency, labels)
            row.add_result(event.amount)
    return [groups[key] for key in sorted(groups, key=_sort_key)]


def _of_no_position(uow: UnitOfWork, scope: Scope) -> Iterator[AccountEvent]:
    if scope.symbol is None:
        for event in uow.account_events.effective(scope.account_id, scope.venue):
            if event.symbol is None and scope.covers(event.occurred_at):
                yield event


def _asks_strategy(scope: Scope, by: Sequence[GroupBy]) -> bool:
    return scope.strategy_code is not None or GroupBy.STRATEGY in by


class _Strategies:
    """Whose fills are whose: by their orders, each looked up once."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._known: dict[str, str] = {}

    def of(self, entry: Any) -> str:
        if isinstance(entry, AccountEvent) and entry.strategy_code is not None:
            return entry.strategy_code
        if entry.order_id is None:
            return ""
        found = self._known.get(entry.order_id)
        if found is None:
            order = self._uow.orders.get(entry.order_id)
            found = self._known[entry.order_id] = (order and order.strategy_code) or ""
        return found


def _labels(
    by: Sequence[GroupBy], at: datetime, venue: str, symbol: str, strategy: str, order_id: str | None
) -> dict[str, Any]:
    labels: dict[str, Any] = {}
    if GroupBy.DAY in by:
        labels["day"] = at.date()
    if GroupBy.SYMBOL in by:
        labels |= {"venue": venue, "symbol": symbol}
    if GroupBy.STRATEGY in by:
        labels["strategy_code"] = strategy
    if GroupBy.ORDER in by:
        labels["order_id"] = order_id or ""
    return labels


def _group(groups: dict[tuple[Any, ...], G], make: type[G], currency: str | None, labels: Mapping[str, Any]) -> G:
    key = (*labels.values(), currency)
    found = groups.get(key)
    if found is None:
        found = groups[key] = make(currency=currency, **labels)  # type: ignore[arg-type]
    return found


def _sort_key(key: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(map(str, key))


def grouping(by: GroupBy | Sequence[GroupBy]) -> tuple[GroupBy, ...]:
    """What to sum by, checked. Raises: InvalidInput."""
    names = [by] if isinstance(by, str) else by
    return tuple(_GROUP.check("by", name) for name in names)


_GROUP = fields.word(GroupBy)


def cost_analysis(uow: UnitOfWork, scope: Scope, by: Sequence[GroupBy], rates: Rates | None) -> list[CostAnalysis]:
    """What executing cost, over the orders that were made within the scope."""
    groups: dict[tuple[Any, ...], CostAnalysis] = {}
    for order in _orders(uow, scope):
        costs = uow.costs.get(order.account_id, order.order_id) or no_costs(uow, order)
        strategy = order.strategy_code or ""
        labels = _labels(by, order.created_at, order.venue, order.symbol, strategy, order.order_id)
        fills = Executions(uow.fills.list(order.account_id, order.order_id)).latest() if _foreign(costs) else ()
        row = _group(groups, CostAnalysis, costs.currency, labels)
        row.add_order(costs, order.order_quantity, order.cum_quantity, fills, rates)
    return [groups[key] for key in sorted(groups, key=_sort_key)]


def _foreign(costs: Any) -> bool:
    return bool(costs.fee_total()[1])


def _orders(uow: UnitOfWork, scope: Scope) -> Iterator[Order]:
    wanted = OrderFilter(
        account_id=scope.account_id,
        venue=scope.venue,
        symbol=scope.symbol,
        strategy_code=scope.strategy_code,
        created_from=scope.since,
        created_before=scope.before,
    )
    return (order for order in every_order(uow, wanted) if order.state.attributed_to is None)
