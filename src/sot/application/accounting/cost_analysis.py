"""Queries for the costs of executing many orders. Nothing here writes."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from sot.application.accounting.costs import instrument_at, no_costs
from sot.application.accounting.reporting import Reporting
from sot.application.accounting.result_filter import ResultFilter
from sot.application.accounting.result_groups import group_of, labels_of, sort_key
from sot.application.support.paging import every_order
from sot.domain.accounting.cost_analysis import CostAnalysis
from sot.domain.accounting.rates import Rates
from sot.domain.accounting.reported_costs import add_reported_order
from sot.domain.orders.fill import Executions, Fill
from sot.domain.orders.order import Order
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import GroupBy
from sot.ports.orders import OrderFilter
from sot.ports.store import UnitOfWork


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
        labels = labels_of(by, filter.day_of(order.created_at), order.venue, order.symbol, strategy, order.order_id)
        needs_fills = reporting is not None or bool(costs.foreign_currencies())
        fills = Executions(uow.fills.list(order.account_id, order.order_id)).latest() if needs_fills else ()
        row = group_of(groups, CostAnalysis, reporting.currency if reporting else costs.currency, labels)
        quantities = order.order_quantity, order.cum_quantity
        split_factor = order.state.split_factor
        if reporting is None:
            row.add_order(costs, *quantities, fills, rates)
        else:
            instrument_of = partial(_instrument_of, uow)
            add_reported_order(row, costs, *quantities, split_factor, fills, instrument_of, reporting.converter())
    return [groups[key] for key in sorted(groups, key=sort_key)]


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
