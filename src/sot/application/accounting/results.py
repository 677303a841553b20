"""Queries for round trips, contributions and realized results. Nothing here writes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sot.application.accounting.other_positions import fold_of
from sot.application.accounting.position_entries import positions_of_facts, splits_of
from sot.application.accounting.reporting import Reporting
from sot.application.accounting.result_filter import ResultFilter
from sot.application.accounting.result_groups import group_of, labels_of, sort_key
from sot.application.accounting.unregistered import left_out
from sot.application.accounting.windows import entries_before, start_before
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.figures import Entry
from sot.domain.accounting.rates import Rates
from sot.domain.accounting.results import Contribution, Realized, contributions
from sot.domain.accounting.round_trips import RoundTrip, round_trips
from sot.domain.accounting.unregistered import ResultRows
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import ZERO
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import AccountEventType, GroupBy, Method
from sot.ports.store import UnitOfWork


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
            labels = labels_of(by, filter.day_of(contribution.at), key.venue, key.symbol, strategy, entry.order_id)
            group_of(groups, Realized, contribution.currency, labels).add(contribution)
    return [groups[key] for key in sorted(groups, key=sort_key)]


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
