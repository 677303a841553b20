"""The equity curve: realized results summed up in the order of time."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.results import Contribution, Realized
from sot.domain.orders.fill import Fill


class EquityPoint(NamedTuple):
    """What one execution or account event contributed, and the sums up to it in its currency.

    Attributes:
        at: When it happened.
        currency: The currency of all amounts.
        order_id: The order; None for an account event.
        exec_id: The execution; None for an account event.
        event_id: The account event; None for an execution.
        realized_gross: The result of the units that it closed, before fees.
        currency_gain: In a reporting currency: what the settlement currency gained while these units were held.
        closed_fees: The fees of these units, entry and exit.
        paid_fees: The fees that it paid.
        account_results: The result that it brought without an order.
        cumulative_gross: The sum of `realized_gross`.
        cumulative_net: The sum of what was realized, with the fees of closed units.
        cumulative_paid: The sum of what was realized, with the fees that were paid.
        complete: Whether every fee and result up to it is counted.
    """

    account_id: str
    at: datetime
    currency: str
    venue: str
    venue_account: str
    symbol: str
    position_side: str
    position_id: str
    order_id: str | None
    exec_id: str | None
    event_id: str | None
    realized_gross: Decimal
    currency_gain: Decimal
    closed_fees: Decimal
    paid_fees: Decimal
    account_results: Decimal
    cumulative_gross: Decimal
    cumulative_net: Decimal
    cumulative_paid: Decimal
    complete: bool


def equity_curve(contributions: Iterable[Contribution]) -> Iterator[EquityPoint]:
    """Sum up contributions in their order; amounts of different currencies are never added."""
    sums: dict[str, Realized] = {}
    for part in contributions:
        so_far = sums.setdefault(part.currency, Realized(currency=part.currency))
        so_far.add(part)
        so_far.conversions.clear()  # of the whole curve they would only take memory
        entry = part.entry
        yield EquityPoint(
            account_id=part.key.account_id,
            at=part.at,
            currency=part.currency,
            venue=part.key.venue,
            venue_account=part.key.venue_account,
            symbol=part.key.symbol,
            position_side=str(part.key.position_side),
            position_id=part.key.position_id,
            order_id=entry.order_id,
            exec_id=entry.exec_id if isinstance(entry, Fill) else None,
            event_id=entry.event_id if isinstance(entry, AccountEvent) else None,
            realized_gross=part.realized_gross,
            currency_gain=part.currency_gain,
            closed_fees=part.closed_fees,
            paid_fees=part.paid_fees,
            account_results=part.account_results,
            cumulative_gross=so_far.realized_gross,
            cumulative_net=so_far.realized_net,
            cumulative_paid=so_far.realized_paid,
            complete=so_far.complete,
        )
