"""Queries for positions, round trips, realized results and costs. Nothing here writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from operator import itemgetter
from typing import Any, TypeVar

import attrs

from sot.application.accounting.costs import instrument_at, no_costs
from sot.application.accounting.other_positions import fold_of
from sot.application.accounting.position_entries import entries, positions_of_facts, splits_of
from sot.application.accounting.reporting import Reporting
from sot.application.accounting.result_filter import ResultFilter
from sot.application.accounting.unregistered import left_out
from sot.application.accounting.windows import entries_before, start_before
from sot.application.support.paging import every_order, page_slice
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.cost_analysis import CostAnalysis
from sot.domain.accounting.figures import Entry
from sot.domain.accounting.position import Position, PositionState
from sot.domain.accounting.rates import Rates
from sot.domain.accounting.reported_costs import add_reported_order
from sot.domain.accounting.reported_position import ReportedPosition
from sot.domain.accounting.results import Contribution, Realized, contributions
from sot.domain.accounting.round_trips import RoundTrip, round_trips
from sot.domain.accounting.unregistered import ResultRows
from sot.domain.orders.fill import Executions, Fill
from sot.domain.orders.order import Order
from sot.domain.values import fields
from sot.domain.values.errors import NotFound
from sot.domain.values.given import GroupByGiven
from sot.domain.values.instrument import Instrument, version_at
from sot.domain.values.numbers import ZERO
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import AccountEventType, GroupBy, Method
from sot.ports.orders import OrderFilter
from sot.ports.paging import Page
from sot.ports.store import UnitOfWork

G = TypeVar("G", Realized, CostAnalysis)


def position(uow: UnitOfWork, key: PositionKey, method: Method, rates: Rates | None, hint: str = "") -> Position:
    """One position, as a method sees it.

    Args:
        uow: The unit of work to read from.
        key: The key of the position.
        method: The method that matches closing entries with opening ones.
        rates: Rates for fees and results in other currencies than the settlement currency.
        hint: A hint for the error.

    Raises:
        NotFound: The instrument is not registered.
    """
    instruments = uow.instruments.versions(key.account_id, key.venue, key.symbol)
    if not instruments:
        hint = hint or "register it, and its positions are made from what was recorded"
        raise NotFound("instrument", f"{key.venue} {key.symbol}", hint)
    return _position_of(uow, key, instruments, uow.positions.get(key), method, rates)


def _position_of(
    uow: UnitOfWork,
    key: PositionKey,
    instruments: Sequence[Instrument],
    stored: PositionState | None,
    method: Method,
    rates: Rates | None,
) -> Position:
    """A position as a method sees it; `stored` is its stored state, which is of the method AVERAGE."""
    result = _folded(uow, key, instruments, stored, method, rates)
    if not result.missing_quantity:
        return result
    return attrs.evolve(result, missing=_symbols_with_units(uow, key, result.instrument.base))


def _symbols_with_units(uow: UnitOfWork, key: PositionKey, base: str) -> tuple[str, ...]:
    """The other symbols of an account with a base of which units are held.

    Rules: MISSING-6.
    """
    held = {
        (other.venue, other.symbol)
        for other, state in uow.positions.list(key.account_id, open_only=True)
        if state.quantity > ZERO and (other.venue, other.symbol) != (key.venue, key.symbol)
    }
    symbols = {
        symbol for venue, symbol in held if uow.instruments.versions(key.account_id, venue, symbol)[-1].base == base
    }
    return tuple(sorted(symbols))


def _folded(
    uow: UnitOfWork,
    key: PositionKey,
    instruments: Sequence[Instrument],
    stored: PositionState | None,
    method: Method,
    rates: Rates | None,
) -> Position:
    has_unvalued = stored is not None and bool(stored.unvalued or stored.unvalued_results)
    rates = rates if has_unvalued else None
    if method is Method.AVERAGE and rates is None:
        state = stored or PositionState()
        at = state.last_at
        instrument = instruments[0] if at is None else version_at(instruments, at)
        return Position(key=key, method=method, instrument=instrument, state=state)
    start = None if rates is not None else uow.positions.last_snapshot(key, common=True)
    fold = fold_of(uow, instruments, method, rates, start)
    fold.fold(entries(uow, key, start))
    result = fold.position(key)
    if stored is None:
        return result
    return attrs.evolve(result, state=attrs.evolve(result.state, order_assumed=stored.order_assumed))


def _positions_of(
    uow: UnitOfWork, rows: Iterable[tuple[PositionKey, PositionState]], method: Method, rates: Rates | None
) -> list[Position]:
    return [_position_of(uow, key, uow.instruments.versions(*key[:3]), state, method, rates) for key, state in rows]


def positions(
    uow: UnitOfWork,
    filter: ResultFilter,
    method: Method,
    rates: Rates | None,
    include_flat: bool,
    after: PositionKey | None,
    limit: int,
) -> Page[Position, PositionKey]:
    """A page of at most `limit` positions after a key."""
    rows = uow.positions.list(
        filter.account_id, filter.venue, filter.symbol, not include_flat, after, limit + 1, filter.venue_account
    )
    page = page_slice(rows, limit, itemgetter(0))
    return Page(_positions_of(uow, page.items, method, rates), page.next)


def reported_positions(
    uow: UnitOfWork,
    filter: ResultFilter,
    method: Method,
    rates: Rates | None,
    include_flat: bool,
    after: PositionKey | None,
    limit: int,
    reporting: Reporting,
) -> Page[ReportedPosition, PositionKey]:
    """A page of at most `limit` positions after a key, with their figures in a reporting currency."""
    page = positions(uow, filter, method, rates, include_flat, after, limit)
    reported = [
        reporting.position(uow, position, uow.instruments.versions(*position.key[:3]), method)
        for position in page.items
    ]
    return Page(reported, page.next)


def registered_positions(uow: UnitOfWork, filter: ResultFilter) -> Iterator[tuple[PositionKey, Sequence[Instrument]]]:
    """The keys of the positions that facts name, with their instruments.

    Those that are not registered are in `left_out`, which belongs to each answer that is made of these.
    """
    for key in positions_of_facts(uow, filter.account_id, filter.venue, filter.symbol):
        instruments = uow.instruments.versions(key.account_id, key.venue, key.symbol)
        if instruments and filter.venue_account in (None, key.venue_account):
            yield key, instruments


def list_round_trips(uow: UnitOfWork, filter: ResultFilter, rates: Rates | None) -> ResultRows[RoundTrip]:
    """Round trips that ended in the interval of the filter, by their end; open ones come last.

    Rules: TRIP-9.
    """
    trips: list[RoundTrip] = []
    for key, instruments in registered_positions(uow, filter):
        start = start_before(uow, key, filter.since, instruments[0].currency, needs_flat=True)
        fold = fold_of(uow, instruments, rates=rates, start=start)
        trips += round_trips(key, fold, entries_before(uow, key, start, filter.before))
    closed = [trip for trip in trips if trip.closed_at is not None and filter.includes(trip.closed_at)]
    still_open = [trip for trip in trips if trip.closed_at is None and filter.before is None]
    return ResultRows(sorted(closed, key=_by_end) + sorted(still_open, key=_by_start), left_out(uow, filter))


def _by_end(trip: RoundTrip) -> Any:
    return trip.closed_at, trip.opened_at, trip.key


def _by_start(trip: RoundTrip) -> Any:
    return trip.opened_at, trip.key


def list_contributions(
    uow: UnitOfWork, filter: ResultFilter, method: Method, rates: Rates | None, reporting: Reporting | None
) -> ResultRows[Contribution]:
    """The contributions of the fills and account events in the interval of the filter, in the order of time.

    Rules: RESULT-1.
    """
    found = iterate_contributions(uow, filter, method, rates, reporting)
    return ResultRows(sorted(found, key=lambda contribution: contribution.entry.fold_key), left_out(uow, filter))


def iterate_contributions(
    uow: UnitOfWork, filter: ResultFilter, method: Method, rates: Rates | None, reporting: Reporting | None = None
) -> Iterator[Contribution]:
    """The contributions of the fills and account events in the interval of the filter, position by position.

    Those of account events without a symbol come last; their key has none either.
    """
    needs_flat = method is not Method.AVERAGE or rates is not None or reporting is not None
    for key, instruments in registered_positions(uow, filter):
        start = start_before(uow, key, filter.since, instruments[0].currency, needs_flat)
        following = entries_before(uow, key, start, filter.before)
        if reporting is None:
            fold = fold_of(uow, instruments, method, rates, start)
            moves = contributions(key, fold, following, splits_of(uow, key))
        else:
            moves = reporting.contributions(uow, key, instruments, method, start, following)
        for contribution in moves:
            if filter.includes(contribution.at):
                yield contribution
    for event in _events_without_position(uow, filter):
        yield _payment(event, reporting)


def realized(
    uow: UnitOfWork,
    filter: ResultFilter,
    by: Sequence[GroupBy],
    method: Method,
    rates: Rates | None,
    reporting: Reporting | None = None,
) -> ResultRows[Realized]:
    """Realized results, summed by what `by` names and by currency, or in a reporting currency."""
    strategies = _Strategies(uow)

    def is_of_strategy(entry: Entry) -> bool:
        return filter.strategy_code is None or strategies.of(entry) == filter.strategy_code

    found = iterate_contributions(uow, filter, method, rates, reporting)
    return ResultRows(_sums(found, filter, by, strategies), left_out(uow, filter, is_of_strategy))


def sum_contributions(
    uow: UnitOfWork, contributions: ResultRows[Contribution], filter: ResultFilter, by: Sequence[GroupBy]
) -> ResultRows[Realized]:
    """Sum up contributions of all strategies: the same as `realized`, without reading them again."""
    return ResultRows(_sums(contributions, filter, by, _Strategies(uow)), contributions.unregistered)


def _sums(
    contributions: Iterable[Contribution], filter: ResultFilter, by: Sequence[GroupBy], strategies: "_Strategies"
) -> list[Realized]:
    """Sum up contributions by group.

    Rules: RESULT-3.
    """
    groups: dict[tuple[Any, ...], Realized] = {}
    needs_strategy = filter.strategy_code is not None or GroupBy.STRATEGY in by
    for contribution in contributions:
        key, entry = contribution.key, contribution.entry
        strategy = strategies.of(entry) if needs_strategy else ""
        if filter.strategy_code in (None, strategy):
            labels = _labels(by, filter.day_of(contribution.at), key.venue, key.symbol, strategy, entry.order_id)
            _group(groups, Realized, contribution.currency, labels).add(contribution)
    return [groups[key] for key in sorted(groups, key=_sort_key)]


def _events_without_position(uow: UnitOfWork, filter: ResultFilter) -> Iterator[AccountEvent]:
    if filter.symbol is None:
        for event in uow.account_events.effective(filter.account_id, filter.venue):
            is_result = event.effective and event.symbol is None and event.type is not AccountEventType.TRANSFER
            is_wanted = filter.venue_account in (None, event.venue_account) and filter.includes(event.occurred_at)
            if is_result and is_wanted:
                yield event


def _payment(event: AccountEvent, reporting: Reporting | None) -> Contribution:
    """The contribution of an account event without a symbol.

    Rules: RESULT-2.
    """
    assert event.currency is not None and event.amount is not None
    key = PositionKey(event.account_id, event.venue, "", venue_account=event.venue_account)
    result = Realized(currency=event.currency if reporting is None else reporting.currency)
    if reporting is None:
        result.add_result(event.amount)
    else:
        reporting.add_payment(result, event)
    return Contribution(
        key=key,
        currency=result.currency,
        entry=event,
        realized_gross=ZERO,
        closed_fees=ZERO,
        paid_fees=ZERO,
        account_results=result.account_results,
        unvalued={},
        unvalued_results=result.unvalued_results,
        missing_quantity=ZERO,
        conversions=tuple(result.conversions),
    )


class _Strategies:
    """The strategies of fills and account events. Each order is looked up once.

    Rules: RESULT-4.
    """

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._by_order: dict[str, str] = {}

    def of(self, entry: Any) -> str:
        if isinstance(entry, AccountEvent) and entry.strategy_code is not None:
            return entry.strategy_code
        if entry.order_id is None:
            return ""
        strategy = self._by_order.get(entry.order_id)
        if strategy is None:
            order = self._uow.orders.get(entry.order_id)
            strategy = self._by_order[entry.order_id] = (order and order.strategy_code) or ""
        return strategy


def _labels(
    by: Sequence[GroupBy], day: date, venue: str, symbol: str, strategy: str, order_id: str | None
) -> dict[str, Any]:
    """What a contribution is grouped by.

    Rules: RESULT-4.
    """
    labels: dict[str, Any] = {}
    if GroupBy.DAY in by:
        labels["day"] = day
    if GroupBy.SYMBOL in by:
        labels |= {"venue": venue, "symbol": symbol}
    if GroupBy.STRATEGY in by:
        labels["strategy_code"] = strategy
    if GroupBy.ORDER in by:
        labels["order_id"] = order_id or ""
    return labels


def _group(groups: dict[tuple[Any, ...], G], cls: type[G], currency: str | None, labels: Mapping[str, Any]) -> G:
    key = (*labels.values(), currency)
    group = groups.get(key)
    if group is None:
        group = groups[key] = cls(currency=currency, **labels)  # type: ignore[arg-type]
    return group


def _sort_key(key: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple("" if part is None else str(part) for part in key)


def grouping(by: GroupByGiven | Sequence[GroupByGiven]) -> tuple[GroupBy, ...]:
    """What to sum by, as a tuple.

    Raises:
        InvalidInput: A name that is not one of GroupBy.
    """
    names = [by] if isinstance(by, str) else by
    return tuple(_GROUP.check("by", name) for name in names)


_GROUP = fields.member_of(GroupBy)


def cost_analysis(
    uow: UnitOfWork,
    filter: ResultFilter,
    by: Sequence[GroupBy],
    rates: Rates | None,
    reporting: Reporting | None = None,
) -> list[CostAnalysis]:
    """The costs of executing the orders that were created in the interval of the filter, summed by what `by` names.

    Rules: COST-9.
    """
    groups: dict[tuple[Any, ...], CostAnalysis] = {}
    for order in _orders(uow, filter):
        costs = uow.costs.get(order.account_id, order.order_id) or no_costs(uow, order)
        strategy = order.strategy_code or ""
        labels = _labels(by, filter.day_of(order.created_at), order.venue, order.symbol, strategy, order.order_id)
        needs_fills = reporting is not None or bool(costs.foreign_currencies())
        fills = Executions(uow.fills.list(order.account_id, order.order_id)).latest() if needs_fills else ()
        row = _group(groups, CostAnalysis, reporting.currency if reporting else costs.currency, labels)
        quantities = order.order_quantity, order.cum_quantity
        split_factor = order.state.split_factor
        if reporting is None:
            row.add_order(costs, *quantities, fills, rates)
        else:
            instrument_of = partial(_instrument_of, uow)
            add_reported_order(row, costs, *quantities, split_factor, fills, instrument_of, reporting.converter())
    return [groups[key] for key in sorted(groups, key=_sort_key)]


def _instrument_of(uow: UnitOfWork, fill: Fill) -> Instrument | None:
    return instrument_at(uow, fill.account_id, fill.venue, fill.symbol, fill.happened_at)


def _orders(uow: UnitOfWork, filter: ResultFilter) -> Iterator[Order]:
    order_filter = OrderFilter(
        account_id=filter.account_id,
        venue=filter.venue,
        symbol=filter.symbol,
        strategy_code=filter.strategy_code,
        created_from=filter.since,
        created_before=filter.before,
    )
    return (
        order
        for order in every_order(uow, order_filter)
        if order.state.attributed_to is None
        and filter.venue_account in (None, order.venue_account or order.state.venue_account)
    )
