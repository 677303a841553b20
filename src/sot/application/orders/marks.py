"""Record snapshots of an order's profit and loss."""

from collections.abc import Mapping

import attrs

from sot.application.accounting.pnl import compute_pnl
from sot.application.orders.event_log import append_local
from sot.application.orders.lookup import get_order
from sot.application.support.record_result import RecordResult
from sot.domain.orders.event import LocalFact
from sot.domain.values.fields import NUMBER
from sot.domain.values.given import DecimalGiven, TimeGiven
from sot.domain.values.vocabulary import EventType, Outcome
from sot.ports.store import UnitOfWork


def mark(
    uow: UnitOfWork,
    order_id: str,
    price: DecimalGiven,
    rates: Mapping[str, DecimalGiven],
    occurred_at: TimeGiven | None,
    actor: str | None,
) -> RecordResult:
    """Record a snapshot of an order's profit and loss at a mark; see `OrderHistory.mark`.

    Rules: EVENT-6, PNL-5.
    """
    order = get_order(uow, order_id)
    price = NUMBER.check("mark", price)
    fact = LocalFact(mark=price, rates=rates or None, occurred_at=occurred_at, actor=actor)
    pnl = compute_pnl(uow, order, price, fact.rates or {}, order.last_sequence + 1, uow.clock.now())
    result = append_local(uow, order, EventType.MARKED, fact)
    if result.outcome is not Outcome.REPEATED:
        at = fact.occurred_at or order.updated_at or pnl.calculated_at
        uow.pnl.add(attrs.evolve(pnl, calculated_at=at))
    return result
